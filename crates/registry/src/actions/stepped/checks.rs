//! Key items of a village: given to two people, written down by one, agreed to by the other.

use std::collections::BTreeMap;

use domain::access::Act as May;
use domain::problem::{Failure, RuleViolation};
use domain::supervision::stepped::check::{self, Act, Check, State};
use domain::time::Day;
use serde_json::json;
use sqlx::Row;

use super::{Known, OBJECT, Stepped, load};
use crate::actions::supervision::{actor, conflict, dues};
use crate::actions::{Refusal, unknown, write};
use crate::db::failure;
use crate::tx::{Entry, Tx};

/// Gives an item to two people. Returns the last day.
///
/// # Errors
/// Every rule that says no; a problem when village, item or person is unknown.
pub async fn assign(
    tx: &mut Tx,
    stepped: Stepped<'_>,
    number: &str,
    item: &str,
    (first, second): (&str, &str),
) -> Result<(Day, Entry), Refusal> {
    let (known, present) = present(tx, stepped, number, item).await?;
    let subject = known.around.subject(OBJECT, &known.id, None);
    let me = actor(tx, &known.around, &[May::Update], &subject).await?;
    let act = Act::Assign { first: first.to_owned(), second: second.to_owned() };
    let next = advanced(tx, stepped, &known, (present.as_ref(), &act)).await?;
    let rules = stepped.version(tx)?;
    let due = dues::due(stepped.bench, &rules.check_rule, tx.now.day, &[])?;
    let id = tx.new_id()?;
    let round = present.as_ref().map_or(1, |present| present.round + 1);
    let text = "insert into stepped_checks (id, village, item, round, first, second, assigned_by, \
                assigned_day, rule, due_day, provisional, catalogue, state, problem) \
                values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, 0)";
    let query = sqlx::query(text).bind(id.clone()).bind(known.id.clone()).bind(item.to_owned());
    let query = query.bind(round).bind(first.to_owned()).bind(second.to_owned());
    let query = query.bind(me.person).bind(tx.now.day.to_string()).bind(rules.check_rule.clone());
    let query = query.bind(due.day.to_string()).bind(i64::from(due.provisional));
    let query = query.bind(stepped.bench.office.digest.to_owned()).bind(next.state.code());
    query.execute(tx.connection()).await.map_err(|error| failure("write check", error))?;
    tx.touch("stepped_checks", &id)?;
    let payload = json!({ "item": item, "round": round });
    Ok((due.day, Entry::new("stepped-check-assigned", number, payload)))
}

/// Writes down what whoever acts saw.
///
/// # Errors
/// Every rule that says no; a problem when nobody knows village or item.
pub async fn record(
    tx: &mut Tx,
    stepped: Stepped<'_>,
    number: &str,
    item: &str,
    (problem, words): (bool, &str),
) -> Result<Entry, Refusal> {
    let (known, present) = present(tx, stepped, number, item).await?;
    let by = checker(tx, &known).await?;
    let act = Act::Record { by: by.clone(), problem, words: words.to_owned() };
    let next = advanced(tx, stepped, &known, (present.as_ref(), &act)).await?;
    let id = present.map(|present| present.id).unwrap_or_default();
    let text = "update stepped_checks set state = $2, problem = $3, words = $4, recorded_by = $5, \
                recorded_day = $6 where id = $1";
    let (code, day, words) = (next.state.code(), tx.now.day.to_string(), words.to_owned());
    write!(tx, text, id.clone(), code, i64::from(problem), words, by, day)?;
    tx.touch("stepped_checks", &id)?;
    let payload = json!({ "item": item, "problem": problem });
    Ok(Entry::new("stepped-check-recorded", number, payload))
}

/// The other one agrees, or does not.
///
/// # Errors
/// Every rule that says no; a problem when nobody knows village or item.
pub async fn confirm(
    tx: &mut Tx,
    stepped: Stepped<'_>,
    number: &str,
    item: &str,
    agreed: bool,
) -> Result<Entry, Refusal> {
    let (known, present) = present(tx, stepped, number, item).await?;
    let by = checker(tx, &known).await?;
    let act = Act::Confirm { by: by.clone(), agreed };
    let next = advanced(tx, stepped, &known, (present.as_ref(), &act)).await?;
    let id = present.map(|present| present.id).unwrap_or_default();
    let text =
        "update stepped_checks set state = $2, confirmed_by = $3, confirmed_day = $4 where id = $1";
    write!(tx, text, id.clone(), next.state.code(), by, tx.now.day.to_string())?;
    tx.touch("stepped_checks", &id)?;
    let payload = json!({ "item": item, "agreed": agreed });
    Ok(Entry::new("stepped-check-confirmed", number, payload))
}

/// Whoever acts, if he may check here at all: by his post, or by a cooperation that has not ended.
async fn checker(tx: &mut Tx, known: &Known) -> Result<String, Failure> {
    let subject = known.around.subject(OBJECT, &known.id, None);
    Ok(actor(tx, &known.around, &[May::Sign], &subject).await?.person)
}

/// The last check of an item.
struct Present {
    id: String,
    round: i64,
    check: Check,
}

async fn present(
    tx: &mut Tx,
    stepped: Stepped<'_>,
    number: &str,
    item: &str,
) -> Result<(Known, Option<Present>), Refusal> {
    let known = load(tx, number).await?;
    if !stepped.rules.items.iter().any(|one| one.code == item) {
        return Err(unknown("key-item", item).into());
    }
    if !known.state.state.lasts() {
        let basis = domain::model::Basis::line(&stepped.version(tx)?.basis);
        let no = RuleViolation::new("stepped-state", basis);
        return Err(no.with("state", known.state.state.code()).into());
    }
    let during = |error| Refusal::from(failure("read check", error));
    let text = "select id, round, state, first, second, recorded_by, problem from stepped_checks \
                where village = $1 and item = $2 order by round desc limit 1";
    let row = sqlx::query(text).bind(known.id.clone()).bind(item.to_owned());
    let Some(row) = row.fetch_optional(tx.connection()).await.map_err(during)? else {
        return Ok((known, None));
    };
    let text = |column: &str| row.try_get::<String, _>(column).map_err(during);
    let check = Check {
        state: State::named(&text("state")?).unwrap_or_default(),
        checkers: vec![text("first")?, text("second")?],
        recorded_by: row.try_get("recorded_by").map_err(during)?,
        problem: row.try_get::<i64, _>("problem").map_err(during)? == 1,
    };
    let (id, round) = (text("id")?, row.try_get("round").map_err(during)?);
    Ok((known, Some(Present { id, round, check })))
}

/// The check after an act, by the rules.
async fn advanced(
    tx: &mut Tx,
    stepped: Stepped<'_>,
    known: &Known,
    (present, act): (Option<&Present>, &Act),
) -> Result<Check, Refusal> {
    let people: Vec<&String> = match act {
        Act::Assign { first, second } => vec![first, second],
        Act::Record { by, .. } | Act::Confirm { by, .. } => vec![by],
    };
    let mut conflicts = BTreeMap::new();
    for person in people {
        // Whoever checks comes from the township or above.
        let against = conflict(tx, stepped.bench, &known.around, (person, Some("TDI"))).await?;
        conflicts.insert(person.clone(), against);
    }
    let check = present.map(|present| &present.check);
    check::advance(stepped.version(tx)?, check, act, &conflicts).map_err(Refusal::Rules)
}
