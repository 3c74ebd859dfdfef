//! Who stands how to a report: the one place that lets anybody see or handle one.

use domain::access::{Act, Subject, View};
use domain::problem::Failure;
use domain::report::Facts;
use domain::routing::{Organisation, stands_against};
use domain::time::Day;
use sqlx::{AnyConnection, Row};

use super::{Counter, Known, by_number, not_found};
use crate::access::By;
use crate::actions::places;
use crate::db::failure;
use crate::queries::organisation::{self, OUTSIDE};
use crate::tx::Tx;

/// Somebody who works in an office.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Actor {
    /// Key of the person.
    pub person: String,
    /// Role code.
    pub role: String,
    /// Id of the office.
    pub office: String,
}

/// A report with whoever handles it.
#[derive(Debug)]
pub(crate) struct Handled {
    pub known: Known,
    pub organisation: Organisation,
    pub actor: Actor,
}

/// The kind of thing that a report is in the matrix of rights.
pub(crate) fn object(counter: &Counter<'_>, known: &Known, day: Day) -> Result<String, Failure> {
    if known.sealed_queue {
        return Ok("report_sealed".to_owned());
    }
    Ok(known.door(counter.rules(day)?.1)?.object.clone())
}

/// A report as a subject of the matrix: it lies where it is handled, not where it is about.
pub(crate) fn subject(object: &str, known: &Known, place: &str) -> Subject {
    Subject {
        object: object.to_owned(),
        id: known.id.clone(),
        place: place.to_owned(),
        unit: Some(known.office.clone()),
        routed_to: [known.office.clone()].into(),
        named: known.facts.as_ref().map(|facts| facts.named.clone()).unwrap_or_default(),
        staff_case: false,
        ..Subject::default()
    }
}

/// How much somebody sees of a report; nothing when he or his is named in it (I8).
pub(crate) fn view(
    counter: &Counter<'_>,
    by: &By,
    known: &Known,
    organisation: &Organisation,
    (place, day): (&str, Day),
) -> Result<Option<View>, Failure> {
    if !may_know(counter, by, known.facts.as_ref(), organisation, day)? {
        return Ok(None);
    }
    let object = object(counter, known, day)?;
    Ok(by.may(Act::Read, &subject(&object, known, place)).ok())
}

/// Whether nothing stands between somebody and what facts are about.
pub(crate) fn may_know(
    counter: &Counter<'_>,
    by: &By,
    facts: Option<&Facts>,
    organisation: &Organisation,
    day: Day,
) -> Result<bool, Failure> {
    let (Some(facts), Some(person)) = (facts, &by.person) else { return Ok(true) };
    let law = counter.rules(day)?;
    Ok(stands_against(facts, person, organisation, law).is_empty())
}

/// The report of a number for somebody of an office that handles it, or, with `office`, for somebody of
/// that other office. Whoever may not is told that there is none.
pub(crate) async fn handled(
    tx: &mut Tx,
    counter: &Counter<'_>,
    number: &str,
    act: Act,
) -> Result<Handled, Failure> {
    let day = tx.now.day;
    let known = by_number(tx.connection(), counter, number).await?;
    let named = known.facts.as_ref().map(|facts| facts.named.clone()).unwrap_or_default();
    let organisation = organisation::load(tx.connection(), day, &named).await?;
    let by = tx.by.clone();
    if !may_know(counter, &by, known.facts.as_ref(), &organisation, day)? {
        return Err(not_found(number));
    }
    let office = handling_office(tx, &known).await?;
    let actor = actor(tx, &office).await?.ok_or_else(|| not_found(number))?;
    let (place, _) = organisation::place_of(tx.connection(), &office).await?;
    let mut thing = subject(&object(counter, &known, day)?, &known, &place);
    thing.routed_to.insert(office);
    by.may(act, &thing).map_err(|_| not_found(number))?;
    Ok(Handled { known, organisation, actor })
}

/// The office that acts in a report: its own, or where it went outside, the county's intake.
pub(crate) async fn handling_office(tx: &mut Tx, known: &Known) -> Result<String, Failure> {
    if !is_outside(&known.office) {
        return Ok(known.office.clone());
    }
    let county = places::county(tx).await?;
    Ok(domain::routing::office_id("CX", &county))
}

/// Whether an office is the next level up.
#[must_use]
pub fn is_outside(office: &str) -> bool {
    office.split_once('@').is_some_and(|(role, _)| role == OUTSIDE)
}

/// Whoever acts, if he works in an office on that day.
pub(crate) async fn actor(tx: &mut Tx, office: &str) -> Result<Option<Actor>, Failure> {
    let Some((role, place)) = office.split_once('@') else { return Ok(None) };
    let (by, day) = (tx.by.clone(), tx.now.day);
    let Some(person) = by.person.clone() else { return Ok(None) };
    let works = if by.is_machine() {
        by.role == role && holds(tx.connection(), &person, (role, place), day).await?
    } else {
        by.offices().iter().any(|held| held == office)
    };
    let (role, office) = (role.to_owned(), office.to_owned());
    Ok(works.then_some(Actor { person, role, office }))
}

/// Whether a person holds a post.
pub(crate) async fn holds(
    connection: &mut AnyConnection,
    person: &str,
    (role, place): (&str, &str),
    day: Day,
) -> Result<bool, Failure> {
    let during = |error| failure("read posts", error);
    let text = "select count(*) as held from posts where person = $1 and role = $2 and place = $3 \
                and from_day <= $4 and (until_day is null or until_day >= $4)";
    let query = sqlx::query(text).bind(person.to_owned()).bind(role.to_owned());
    let query = query.bind(place.to_owned()).bind(day.to_string());
    let row = query.fetch_one(connection).await.map_err(during)?;
    Ok(row.try_get::<i64, _>("held").map_err(during)? > 0)
}
