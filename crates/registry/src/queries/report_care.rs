//! What leaders do about cases: who has taken charge of which report, and how his promises were kept.

use std::collections::BTreeMap;

use domain::access::Act;
use domain::problem::Failure;
use domain::time::Day;
use serde::Serialize;
use sqlx::{AnyConnection, Row};

use super::organisation;
use crate::access::By;
use crate::db::{Db, failure};
use crate::reports::Counter;
use crate::reports::standing::may_know;

/// How a promise was followed up.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Step {
    /// Code of the promise.
    pub commitment: String,
    /// When.
    pub day: String,
    /// What was done, without names.
    pub note: String,
    /// `1` when it is kept.
    pub done: i64,
}

impl Step {
    super::from_row!(Step { commitment, day, note, done });
}

/// A case in the charge of a leader.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Charge {
    /// Key.
    pub charge: String,
    /// Number of the report.
    pub number: String,
    /// Key of the leader.
    pub leader: String,
    /// His name.
    pub name: String,
    /// When he took it.
    pub taken_day: String,
    /// When it ended.
    pub ended_day: Option<String>,
}

impl Charge {
    super::from_row!(Charge { charge, number, leader, name, taken_day, ended_day });
}

/// Charges that somebody may see, open ones first, each with its steps. One about a report that names him
/// or his is not there.
///
/// # Errors
/// A fault when the database cannot be read.
pub async fn charges(
    db: &Db,
    counter: &Counter<'_>,
    by: &By,
    day: Day,
) -> Result<Vec<(Charge, Vec<Step>)>, Failure> {
    let during = |error| failure("read charges", error);
    let connection = db.read.acquire().await;
    let mut connection = connection.map_err(during)?;
    let text = "select c.id as charge, r.number, c.leader, e.name, c.taken_day, c.ended_day \
                from leader_charges c join reports r on r.id = c.report \
                join people e on e.id = c.leader \
                order by case when c.ended_day is null then 0 else 1 end, c.taken_day desc, c.id \
                limit 500";
    let rows = sqlx::query(text).fetch_all(&mut *connection).await.map_err(during)?;
    let mut steps = steps(&mut connection).await?;
    let mut list = Vec::new();
    for row in &rows {
        let charge = Charge::from_row(row).map_err(during)?;
        if sees(&mut connection, counter, by, day, &charge).await? {
            let steps = steps.remove(&charge.charge).unwrap_or_default();
            list.push((charge, steps));
        }
    }
    Ok(list)
}

async fn sees(
    connection: &mut AnyConnection,
    counter: &Counter<'_>,
    by: &By,
    day: Day,
    charge: &Charge,
) -> Result<bool, Failure> {
    let known = crate::reports::by_number(connection, counter, &charge.number).await?;
    let (place, _) = organisation::place_of(connection, &known.office).await?;
    let own = by.person.as_deref() == Some(charge.leader.as_str());
    if !own && by.may(Act::Read, &crate::access::at("charge", &place)).is_err() {
        return Ok(false);
    }
    let named = known.facts.as_ref().map(|facts| facts.named.clone()).unwrap_or_default();
    let organisation = organisation::load(connection, day, &named).await?;
    may_know(counter, by, known.facts.as_ref(), &organisation, day)
}

async fn steps(connection: &mut AnyConnection) -> Result<BTreeMap<String, Vec<Step>>, Failure> {
    let during = |error| failure("read charges", error);
    let text = "select charge, commitment, day, note, done from charge_steps order by day, id";
    let rows = sqlx::query(text).fetch_all(connection).await.map_err(during)?;
    let mut found: BTreeMap<String, Vec<Step>> = BTreeMap::new();
    for row in &rows {
        let charge: String = row.try_get("charge").map_err(during)?;
        found.entry(charge).or_default().push(Step::from_row(row).map_err(during)?);
    }
    Ok(found)
}
