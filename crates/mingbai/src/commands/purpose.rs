//! Why somebody looks at a person: asked for before any look.

use domain::problem::{Failure, RuleViolation};

/// Basis of asking for a purpose: processing needs a definite and reasonable one.
const PURPOSE_BASIS: &str = "《个人信息保护法》第六条";

/// The refusal when no purpose is given.
///
/// # Errors
/// When the purpose is blank.
pub fn require_purpose(purpose: &str) -> Result<(), Failure> {
    if purpose.trim().is_empty() {
        let violation = RuleViolation {
            rule: "purpose-missing",
            basis: PURPOSE_BASIS.to_owned(),
            args: Vec::new(),
        };
        return Err(violation.into());
    }
    Ok(())
}
