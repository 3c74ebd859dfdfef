//! Overrides: somebody takes it upon himself that another acts in spite of a conflict. Never for the
//! person himself or an accused; never by the actor or by somebody who is conflicted too.

use domain::access::Act;
use domain::problem::RuleViolation;
use domain::recusal::{Ground, Override};
use serde_json::json;

use super::matters::{self, Office};
use super::{Refusal, write};
use crate::queries::standing;
use crate::tx::{Entry, Tx};

/// Lets a person act in a matter in spite of a ground.
///
/// # Errors
/// The rule that forbids it; a problem when matter or person is unknown.
pub async fn grant(
    tx: &mut Tx,
    office: Office<'_>,
    number: &str,
    person: &str,
    given: &Override,
) -> Result<Entry, Refusal> {
    let loaded = matters::load(tx, number).await?;
    tx.may(Act::Approve, "matter", &loaded.place).await?;
    tx.by.is_himself(&given.approver)?;
    let allowed = standing::may_override(tx, office, &loaded, person, given).await?;
    allowed.map_err(|no: RuleViolation| Refusal::Rules(vec![no]))?;
    let id = tx.new_id()?;
    let text = "insert into overrides (id, matter, person, ground, approver, reason, day) \
                values ($1, $2, $3, $4, $5, $6, $7)";
    let (who, by, why) = (person.to_owned(), given.approver.clone(), given.reason.clone());
    let (matter, day) = (loaded.id.clone(), given.day.to_string());
    write!(tx, text, id.clone(), matter, who, code(given.ground), by, why, day)?;
    tx.touch("overrides", &id)?;
    Ok(Entry::new("conflict-overridden", number, json!({ "override": id, "reason": given.reason })))
}

/// The code of a ground, as the catalogue has it.
pub(crate) fn code(ground: Ground) -> String {
    let code = serde_json::to_value(ground).ok();
    code.and_then(|code| code.as_str().map(str::to_owned)).unwrap_or_default()
}
