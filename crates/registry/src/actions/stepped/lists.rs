//! The list of a quarter: every village scored, the first of them proposed, changed by people with reasons,
//! approved by another.

use std::collections::BTreeMap;

use domain::access::Act as May;
use domain::problem::{Failure, Fault, RuleViolation};
use domain::supervision::stepped::list::{self, Act, List};
use domain::supervision::stepped::score::{Figures, Score};
use domain::time::Day;
use serde_json::json;
use sqlx::Row;

use super::{OBJECT, Stepped};
use crate::actions::supervision::clues::json_of;
use crate::actions::supervision::{Around, actor};
use crate::actions::{Refusal, places, unknown, write};
use crate::db::failure;
use crate::queries::stepped::figures;
use crate::tx::{Entry, Tx};

/// A year, for what is counted over one.
const YEAR: i32 = 365;

/// Scores all villages and proposes the first of them for the quarter. Returns the quarter.
///
/// # Errors
/// The rule that says no; a problem when the quarter has its list.
pub async fn propose(tx: &mut Tx, stepped: Stepped<'_>) -> Result<(String, Entry), Refusal> {
    let me = county(tx, May::Create).await?;
    let rules = stepped.version(tx)?;
    let today = tx.now.day;
    let since = Day(today.0 - YEAR);
    let checks = stepped.bench.version(tx)?;
    let found: BTreeMap<String, Figures> =
        figures::of_villages(tx.connection(), (rules, checks), (since, today)).await?;
    let scores = found.into_iter().map(|(place, figures)| (place, figures.score(rules)));
    let ranked = list::ranked(scores.collect());
    let proposed = list::proposed(rules, &ranked, &me);
    let quarter = list::quarter(tx.now.day);
    let id = tx.new_id()?;
    let text = "insert into stepped_lists (id, quarter, record, catalogue, proposed_by, proposed_day) \
                values ($1, $2, $3, $4, $5, $6)";
    let (digest, day) = (stepped.bench.office.digest.to_owned(), tx.now.day.to_string());
    write!(tx, text, id.clone(), quarter.clone(), json_of(&proposed)?, digest, me, day)?;
    tx.touch("stepped_lists", &id)?;
    for (rank, (place, score)) in (1..).zip(&ranked) {
        let listed = proposed.villages.contains(place);
        keep(tx, &id, (rank, place, score), listed).await?;
    }
    let payload = json!({ "scored": ranked.len(), "proposed": proposed.villages.len() });
    Ok((quarter.clone(), Entry::new("stepped-list-proposed", &quarter, payload)))
}

async fn keep(
    tx: &mut Tx,
    list: &str,
    (rank, place, score): (i64, &str, &Score),
    listed: bool,
) -> Result<(), Failure> {
    let id = tx.new_id()?;
    let text = "insert into stepped_scores (id, list, place, score, rank, parts, listed) \
                values ($1, $2, $3, $4, $5, $6, $7)";
    let parts = serde_json::to_string(&score.parts).map_err(|e| Fault::new("write score", e))?;
    let (list, place) = (list.to_owned(), place.to_owned());
    let (total, listed) = (i64::from(score.total), i64::from(listed));
    write!(tx, text, id.clone(), list, place, total, rank, parts, listed)?;
    Ok(tx.touch("stepped_scores", &id)?)
}

/// Puts a village on the list of a quarter, or takes it off, with a reason.
///
/// # Errors
/// Every rule that says no; a problem when nobody knows list or village.
pub async fn change(
    tx: &mut Tx,
    stepped: Stepped<'_>,
    quarter: &str,
    (place, listed): (&str, bool),
    reason: &str,
) -> Result<Entry, Refusal> {
    let me = county(tx, May::Create).await?;
    let (id, known) = load(tx, quarter).await?;
    let village = place.to_owned();
    let act = if listed { Act::Add(village) } else { Act::Remove(village) };
    let next = list::advance(stepped.version(tx)?, &known, &act, (&me, reason));
    let next = next.map_err(Refusal::Rules)?;
    let during = |error| Refusal::from(failure("read score", error));
    let text = "select id from stepped_scores where list = $1 and place = $2";
    let row = sqlx::query(text).bind(id.clone()).bind(place.to_owned());
    let row = row.fetch_optional(tx.connection()).await.map_err(during)?;
    let row = row.ok_or_else(|| unknown("place", place))?;
    let score: String = row.try_get("id").map_err(during)?;
    let text = "update stepped_scores set listed = $2, reason = $3, changed_by = $4, changed_day = $5 \
                where id = $1";
    let day = tx.now.day.to_string();
    write!(tx, text, score.clone(), i64::from(listed), reason.to_owned(), me, day)?;
    tx.touch("stepped_scores", &score)?;
    update(tx, &id, &next).await?;
    let payload = json!({ "place": place, "listed": listed });
    Ok(Entry::new("stepped-list-changed", quarter, payload))
}

/// Approves the list of a quarter.
///
/// # Errors
/// Every rule that says no; a problem when nobody knows it.
pub async fn approve(tx: &mut Tx, stepped: Stepped<'_>, quarter: &str) -> Result<Entry, Refusal> {
    let me = county(tx, May::Approve).await?;
    let (id, known) = load(tx, quarter).await?;
    let next = list::advance(stepped.version(tx)?, &known, &Act::Approve, (&me, ""));
    let next = next.map_err(Refusal::Rules)?;
    let text = "update stepped_lists set approved_by = $2, approved_day = $3 where id = $1";
    write!(tx, text, id.clone(), me, tx.now.day.to_string())?;
    update(tx, &id, &next).await?;
    let payload = json!({ "villages": next.villages.len() });
    Ok(Entry::new("stepped-list-approved", quarter, payload))
}

/// Whoever acts for the county.
async fn county(tx: &mut Tx, act: May) -> Result<String, Failure> {
    let county = places::county(tx).await?;
    let around = Around::at(tx, &county, Vec::new()).await?;
    let subject = around.subject(OBJECT, "", None);
    Ok(actor(tx, &around, &[act], &subject).await?.person)
}

async fn update(tx: &mut Tx, id: &str, next: &List) -> Result<(), Failure> {
    let record = json_of(next)?;
    write!(tx, "update stepped_lists set record = $2 where id = $1", id.to_owned(), record)?;
    Ok(tx.touch("stepped_lists", id)?)
}

async fn load(tx: &mut Tx, quarter: &str) -> Result<(String, List), Failure> {
    let during = |error| failure("read list", error);
    let row = sqlx::query("select id, record from stepped_lists where quarter = $1");
    let row = row.bind(quarter.to_owned()).fetch_optional(tx.connection()).await;
    let row = row.map_err(during)?.ok_or_else(|| unknown("stepped-list", quarter))?;
    let record: String = row.try_get("record").map_err(during)?;
    let list = serde_json::from_str(&record).map_err(|e| Fault::new("read record", e))?;
    Ok((row.try_get("id").map_err(during)?, list))
}

/// Key of the last approved list, where the village is on it.
pub(super) async fn approved(tx: &mut Tx, place: &str) -> Result<Option<String>, Refusal> {
    let during = |error| Refusal::from(failure("read list", error));
    let text = "select id, record from stepped_lists where approved_day is not null \
                order by quarter desc limit 1";
    let row = sqlx::query(text).fetch_optional(tx.connection()).await.map_err(during)?;
    let Some(row) = row else { return Ok(None) };
    let record: String = row.try_get("record").map_err(during)?;
    let list: List = serde_json::from_str(&record).map_err(|e| Fault::new("read record", e))?;
    let id: String = row.try_get("id").map_err(during)?;
    Ok(list.villages.contains(place).then_some(id))
}

/// The refusal of a village that is on no approved list.
pub(super) fn not_listed(basis: String) -> RuleViolation {
    RuleViolation::new("stepped-not-listed", basis)
}
