//! Separation of duties.

use crate::problem::RuleViolation;

/// A person who did one of `steps` may not do the next one. `did` are pairs of step and person,
/// `duty` is the code of the rule (`SD03`).
#[must_use]
pub fn same_person_for_steps<'a>(
    duty: &str,
    basis: &str,
    did: impl Iterator<Item = (&'a str, &'a str)>,
    steps: &[String],
    person: &str,
) -> Vec<RuleViolation> {
    let named = |step: &str| steps.iter().any(|s| s == step);
    let mut same: Vec<&str> =
        did.filter(|(step, who)| *who == person && named(step)).map(|(step, _)| step).collect();
    same.dedup();
    if same.is_empty() {
        return Vec::new();
    }
    let no = RuleViolation::new("gate-other-person", basis);
    vec![no.with("duty", duty).with("steps", same.join(", "))]
}
