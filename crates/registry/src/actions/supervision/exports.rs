//! Lists that leave the site as a file: an entry with a purpose stands behind each.

use domain::access::Act;
use domain::problem::RuleViolation;
use serde_json::json;

use crate::access::at;
use crate::actions::{Refusal, places};
use crate::tx::{Entry, Tx};

/// A list that leaves.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct NewExport {
    /// `funnel`, `findings`, `overdue`.
    pub list: String,
    /// How it was cut, as the address says it.
    pub cut: String,
    /// Rows.
    pub rows: usize,
    /// Findings among them whose people are named, because a look was granted.
    pub named: usize,
    /// What for.
    pub purpose: String,
}

/// Writes down an export: to be committed before the file leaves.
///
/// # Errors
/// The rule that says no; without a purpose.
pub async fn export(tx: &mut Tx, path: &str, new: &NewExport) -> Result<Entry, Refusal> {
    let county = places::county(tx).await?;
    if !tx.by.is_machine() {
        tx.by.may(Act::Read, &at("hit", path))?;
    }
    if new.purpose.trim().is_empty() {
        return Err(RuleViolation::new("purpose-needed", "《个人信息保护法》第六条").into());
    }
    let payload = json!({ "list": new.list, "cut": new.cut, "rows": new.rows, "named": new.named,
                          "purpose": new.purpose });
    Ok(Entry::new("list-exported", &county, payload))
}
