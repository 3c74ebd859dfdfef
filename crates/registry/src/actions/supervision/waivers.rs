//! That a dual check does not apply to a clue: said by one with a reason, decided by another.

use domain::access::Act;
use domain::problem::Failure;
use domain::supervision::dual;
use serde_json::json;
use sqlx::Row;

use super::clues::{self, Known};
use super::{Bench, actor, conflict};
use crate::actions::{Refusal, unknown, write};
use crate::db::failure;
use crate::tx::{Entry, Tx};

/// Says why no dual check applies.
///
/// # Errors
/// Every rule that says no; a problem when nobody knows the clue.
pub async fn propose(
    tx: &mut Tx,
    bench: Bench<'_>,
    number: &str,
    reason: &str,
) -> Result<Entry, Refusal> {
    let known = clues::load(tx, number).await?;
    let subject = known.around.subject("dual_check", &known.id, Some(&known.office));
    let me = actor(tx, &known.around, &[Act::Create], &subject).await?;
    let against = conflict(tx, bench, &known.around, (&me.person, Some(&me.role))).await?;
    let begun = asked(tx, &known.id).await? > 0 || waiting(tx, &known).await?.is_some();
    let basis = &bench.version(tx)?.basis;
    dual::waive(reason, begun, (&against, basis)).map_err(Refusal::Rules)?;
    let id = tx.new_id()?;
    let text = "insert into dual_waivers (id, clue, reason, proposed_by, proposed_day) \
                values ($1, $2, $3, $4, $5)";
    let (day, reason) = (tx.now.day.to_string(), reason.to_owned());
    write!(tx, text, id.clone(), known.id.clone(), reason, me.person, day)?;
    tx.touch("dual_waivers", &id)?;
    Ok(Entry::new("dual-waiver-proposed", number, json!({})))
}

/// Decides whether it does not apply.
///
/// # Errors
/// Every rule that says no; a problem when nobody knows the clue, or nothing waits.
pub async fn decide(
    tx: &mut Tx,
    bench: Bench<'_>,
    number: &str,
    agreed: bool,
) -> Result<Entry, Refusal> {
    let known = clues::load(tx, number).await?;
    let (id, proposer) =
        waiting(tx, &known).await?.ok_or_else(|| unknown("dual-waiver", number))?;
    let subject = known.around.subject("dual_check", &known.id, Some(&known.office));
    let me = actor(tx, &known.around, &[Act::Approve], &subject).await?;
    let against = conflict(tx, bench, &known.around, (&me.person, Some(&me.role))).await?;
    let begun = asked(tx, &known.id).await? > 0;
    let basis = &bench.version(tx)?.basis;
    dual::approve_waiver((&proposer, &me.person), begun, (&against, basis))
        .map_err(Refusal::Rules)?;
    let text =
        "update dual_waivers set decided_by = $2, decided_day = $3, agreed = $4 where id = $1";
    let day = tx.now.day.to_string();
    write!(tx, text, id.clone(), me.person, day, i64::from(agreed))?;
    tx.touch("dual_waivers", &id)?;
    Ok(Entry::new("dual-waiver-decided", number, json!({ "agreed": agreed })))
}

/// Whether it was decided that none applies.
pub(crate) async fn holds(tx: &mut Tx, clue: &str) -> Result<bool, Failure> {
    let text = "select count(*) as n from dual_waivers where clue = $1 and agreed = 1";
    Ok(count(tx, text, clue).await? > 0)
}

async fn asked(tx: &mut Tx, clue: &str) -> Result<i64, Failure> {
    count(tx, "select count(*) as n from dual_checks where clue = $1", clue).await
}

async fn count(tx: &mut Tx, text: &'static str, clue: &str) -> Result<i64, Failure> {
    let during = |error| failure("read dual checks", error);
    let row = sqlx::query(text).bind(clue.to_owned()).fetch_one(tx.connection()).await;
    row.map_err(during)?.try_get("n").map_err(during)
}

/// Key and proposer of what waits for a decision.
async fn waiting(tx: &mut Tx, known: &Known) -> Result<Option<(String, String)>, Failure> {
    let during = |error| failure("read waivers", error);
    let text = "select id, proposed_by from dual_waivers where clue = $1 and decided_day is null";
    let row = sqlx::query(text).bind(known.id.clone()).fetch_optional(tx.connection()).await;
    let Some(row) = row.map_err(during)? else { return Ok(None) };
    let (id, by) =
        (row.try_get("id").map_err(during)?, row.try_get("proposed_by").map_err(during)?);
    Ok(Some((id, by)))
}
