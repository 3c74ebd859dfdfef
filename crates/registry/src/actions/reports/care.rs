//! What leaders do about cases: they take charge of one (包案) with promises that are followed up, and
//! they go down and receive visitors (下访).

use domain::access::Act;
use domain::problem::{Failure, Place, Problem};
use domain::time::Day;
use serde_json::json;
use sqlx::Row;

use super::super::{places, serial, texts, unknown, write};
use crate::db::failure;
use crate::ids::public_number;
use crate::queries::organisation;
use crate::reports::standing::{self, may_know};
use crate::reports::{Counter, by_number, not_found};
use crate::tx::{Entry, PublicEntry, Tx};

/// A leader takes charge of a case. He must be free of it like everybody who handles it.
///
/// # Errors
/// The rule that says no; a problem when nobody knows the report, or it has a leader.
pub async fn take(
    tx: &mut Tx,
    counter: &Counter<'_>,
    (number, leader): (&str, &str),
) -> Result<(String, Entry), Failure> {
    let known = by_number(tx.connection(), counter, number).await?;
    let named = known.facts.as_ref().map(|facts| facts.named.clone()).unwrap_or_default();
    let day = tx.now.day;
    let organisation = organisation::load(tx.connection(), day, &named).await?;
    let office = standing::handling_office(tx, &known).await?;
    let (path, _) = organisation::place_of(tx.connection(), &office).await?;
    let place = path.rsplit('/').next().unwrap_or_default().to_owned();
    let by = tx.by.clone();
    let free = may_know(counter, &by, known.facts.as_ref(), &organisation, day)?;
    if !free || known.sealed_queue || tx.may(Act::Create, "charge", &place).await.is_err() {
        return Err(not_found(number));
    }
    let facts = known.facts.clone().unwrap_or_default();
    let law = counter.rules(day)?;
    if !domain::routing::stands_against(&facts, leader, &organisation, law).is_empty() {
        return Err(unknown("leader", leader));
    }
    if open_charge(tx, &known.id).await?.is_some() {
        return Err(Problem::new("already-there", Place::default())
            .with("constraint", "leader")
            .into());
    }
    let (id, day) = (crate::ids::random_id()?, day.to_string());
    let text = "insert into leader_charges (id, report, leader, taken_day) values ($1, $2, $3, $4)";
    write!(tx, text, id.clone(), known.id.clone(), leader.to_owned(), day)?;
    tx.touch("leader_charges", &id)?;
    Ok((id.clone(), Entry::new("charge-taken", &known.id, json!({ "charge": id }))))
}

async fn open_charge(tx: &mut Tx, report: &str) -> Result<Option<String>, Failure> {
    let during = |error| failure("read charges", error);
    let text = "select id from leader_charges where report = $1 and ended_day is null";
    let row = sqlx::query(text).bind(report.to_owned()).fetch_optional(tx.connection()).await;
    row.map_err(during)?.map(|row| row.try_get("id")).transpose().map_err(during)
}

/// The leader says how a promise was kept; with all of them kept the charge can end. The note names no
/// person.
///
/// # Errors
/// The rule that says no; a problem for a charge of somebody else, or a promise that is none.
pub async fn follow_up(
    tx: &mut Tx,
    counter: &Counter<'_>,
    charge: &str,
    (commitment, done, text): (&str, bool, &str),
) -> Result<Entry, Failure> {
    let report = own_charge(tx, charge).await?;
    if !counter.rules(tx.now.day)?.1.commitments.iter().any(|known| known.code == commitment) {
        return Err(unknown("commitment", commitment));
    }
    texts::public("note", text, texts::TITLE)?;
    let (id, day) = (crate::ids::random_id()?, tx.now.day.to_string());
    let insert = "insert into charge_steps (id, charge, commitment, day, note, done) \
                  values ($1, $2, $3, $4, $5, $6)";
    let (of, what) = (charge.to_owned(), commitment.to_owned());
    write!(tx, insert, id.clone(), of, what, day, text.to_owned(), i64::from(done))?;
    tx.touch("charge_steps", &id)?;
    Ok(Entry::new("charge-followed-up", &report, json!({ "charge": charge, "step": id })))
}

/// Ends a charge whose promises were all kept.
///
/// # Errors
/// As [`follow_up`]; the rule that says no while a promise is open.
pub async fn end(tx: &mut Tx, counter: &Counter<'_>, charge: &str) -> Result<Entry, Failure> {
    let during = |error| failure("read charge", error);
    let report = own_charge(tx, charge).await?;
    let text = "select distinct commitment from charge_steps where charge = $1 and done = 1";
    let rows = sqlx::query(text).bind(charge.to_owned()).fetch_all(tx.connection()).await;
    let kept: Vec<String> = rows
        .map_err(during)?
        .iter()
        .map(|row| row.try_get("commitment"))
        .collect::<Result<_, _>>()
        .map_err(during)?;
    let rules = counter.rules(tx.now.day)?.1;
    let open: Vec<&str> = rules
        .commitments
        .iter()
        .map(|known| known.code.as_str())
        .filter(|code| !kept.iter().any(|kept| kept == code))
        .collect();
    if !open.is_empty() {
        let basis = domain::model::Basis::line(&rules.basis);
        let rule = domain::problem::RuleViolation::new("charge-open", basis);
        return Err(rule.with("missing", open.join(", ")).into());
    }
    let day = tx.now.day.to_string();
    write!(tx, "update leader_charges set ended_day = $2 where id = $1", charge.to_owned(), day)?;
    tx.touch("leader_charges", charge)?;
    Ok(Entry::new("charge-ended", &report, json!({ "charge": charge })))
}

/// The report of a charge that is the actor's own.
async fn own_charge(tx: &mut Tx, charge: &str) -> Result<String, Failure> {
    let during = |error| failure("read charge", error);
    let text = "select report, leader from leader_charges where id = $1 and ended_day is null";
    let row = sqlx::query(text).bind(charge.to_owned()).fetch_optional(tx.connection()).await;
    let row = row.map_err(during)?.ok_or_else(|| unknown("charge", charge))?;
    let leader: String = row.try_get("leader").map_err(during)?;
    tx.by.is_himself(&leader).map_err(|_| unknown("charge", charge))?;
    row.try_get("report").map_err(during)
}

/// Announces a visit of a leader to a village or township. Returns its public number.
///
/// # Errors
/// The rule that says no; a problem when place or person is unknown.
pub async fn plan_visit(
    tx: &mut Tx,
    (place, leader): (&str, &str),
    day: Day,
) -> Result<(String, Entry), Failure> {
    tx.may(Act::Create, "visit", place).await?;
    places::path(tx, place).await?;
    let (year, _, _) = tx.now.day.ymd();
    let number = serial(tx, &format!("visit/{place}/{year}")).await?;
    let number = format!("V{}", public_number(place, year, number));
    let id = tx.new_id()?;
    let text = "insert into leader_visits (id, number, place, leader, planned_day) \
                values ($1, $2, $3, $4, $5)";
    let (at, who) = (place.to_owned(), leader.to_owned());
    write!(tx, text, id.clone(), number.clone(), at, who, day.to_string())?;
    tx.touch("leader_visits", &id)?;
    let entry = visit_entry("visit-planned", &number, place, json!({ "day": day.to_string() }));
    Ok((number, entry))
}

/// Says that a visit took place, how many came, and in a sentence without names what it was about.
///
/// # Errors
/// The rule that says no; a problem for a visit that nobody planned, or that has taken place.
pub async fn hold_visit(
    tx: &mut Tx,
    number: &str,
    (visitors, summary): (u32, &str),
) -> Result<Entry, Failure> {
    let during = |error| failure("read visit", error);
    let text = "select id, place, held_day from leader_visits where number = $1";
    let row = sqlx::query(text).bind(number.to_owned()).fetch_optional(tx.connection()).await;
    let row = row.map_err(during)?.ok_or_else(|| unknown("visit", number))?;
    let (id, place): (String, String) =
        (row.try_get("id").map_err(during)?, row.try_get("place").map_err(during)?);
    tx.may(Act::Update, "visit", &place).await?;
    if row.try_get::<Option<String>, _>("held_day").map_err(during)?.is_some() {
        return Err(Problem::new("already-decided", Place::default()).into());
    }
    texts::public("summary", summary, texts::TEXT)?;
    let day = tx.now.day.to_string();
    let text = "update leader_visits set held_day = $2, visitors = $3, summary = $4 where id = $1";
    write!(tx, text, id.clone(), day, i64::from(visitors), summary.to_owned())?;
    tx.touch("leader_visits", &id)?;
    Ok(visit_entry("visit-held", number, &place, json!({ "visitors": visitors })))
}

fn visit_entry(kind: &'static str, number: &str, place: &str, payload: serde_json::Value) -> Entry {
    let public = PublicEntry {
        subject: number.to_owned(),
        village: Some(place.to_owned()),
        payload,
        ..PublicEntry::default()
    };
    Entry::new(kind, number, json!({})).public(public)
}
