//! Rectifications of a place, and one with what was done.

use domain::access::View;
use domain::problem::Failure;
use serde::Serialize;

use super::findings::rows;
use crate::access::{By, at};
use crate::db::{Db, failure};

/// A rectification in a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RectificationLine {
    /// Key.
    #[serde(skip)]
    pub id: String,
    /// Number.
    pub number: String,
    /// Code of the place.
    pub place: String,
    /// Name of the place.
    pub place_name: String,
    /// Path of the place.
    #[serde(skip)]
    pub path: String,
    /// What is wrong.
    pub problem: String,
    /// Why it came about.
    pub cause: Option<String>,
    /// What is done about it.
    pub measure: Option<String>,
    /// Name of who is in charge.
    pub owner_name: Option<String>,
    /// State.
    pub state: String,
    /// When it was handed over.
    pub issued_day: String,
    /// When it was struck off.
    pub closed_day: Option<String>,
    /// How often it came back.
    pub relapses: i64,
    /// Last day of what is due.
    pub due_day: Option<String>,
}

impl RectificationLine {
    from_row!(RectificationLine {
        id,
        number,
        place,
        place_name,
        path,
        problem,
        cause,
        measure,
        owner_name,
        state,
        issued_day,
        closed_day,
        relapses,
        due_day,
    });
}

const LIST: &str = "select r.id, r.number, r.place, p.name as place_name, p.path, r.problem, r.cause, r.measure, \
    o.name as owner_name, r.state, r.issued_day, r.closed_day, r.relapses, d.due_day \
    from rectifications r join places p on p.id = r.place left join people o on o.id = r.owner \
    left join supervision_dues d on d.subject = r.id and d.met_day is null \
    where (p.path = $1 or p.path like $1 || '/%') and ($2 = '' or r.state = $2) \
    order by case when r.closed_day is null then 0 else 1 end, coalesce(d.due_day, '9999'), r.number limit 300";

const ONE: &str = "select r.id, r.number, r.place, p.name as place_name, p.path, r.problem, r.cause, r.measure, \
    o.name as owner_name, r.state, r.issued_day, r.closed_day, r.relapses, d.due_day \
    from rectifications r join places p on p.id = r.place left join people o on o.id = r.owner \
    left join supervision_dues d on d.subject = r.id and d.met_day is null where r.number = $1";

const EVENTS: &str = "select e.step, e.day, p.name, e.role, e.agreed, e.words from rectification_events e \
    join people p on p.id = e.person where e.rectification = $1 order by e.seq";

/// A step that was taken.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RectificationEvent {
    /// Code of the step.
    pub step: String,
    /// When.
    pub day: String,
    /// Name of who took it.
    pub name: String,
    /// In which role.
    pub role: String,
    /// 0: what was looked at came back.
    pub agreed: i64,
    /// What he wrote.
    pub words: String,
}

impl RectificationEvent {
    from_row!(RectificationEvent { step, day, name, role, agreed, words });
}

/// Rectifications of a place and below it that the reader may see; what is due first stands first.
///
/// # Errors
/// A fault when the database cannot be read.
pub async fn list(
    db: &Db,
    by: &By,
    path: &str,
    state: &str,
) -> Result<Vec<RectificationLine>, Failure> {
    let during = |error| failure("read rectifications", error);
    let read = sqlx::query(LIST).bind(path.to_owned()).bind(state.to_owned());
    let read = read.fetch_all(&db.read).await.map_err(during)?;
    let lines: Vec<RectificationLine> =
        read.iter().map(RectificationLine::from_row).collect::<Result<_, _>>().map_err(during)?;
    Ok(lines.into_iter().filter(|line| by.sees("rectification", &line.path)).collect())
}

/// One of them, with what was done; none where the reader may not see it.
///
/// # Errors
/// A fault when the database cannot be read.
pub async fn one(
    db: &Db,
    by: &By,
    number: &str,
) -> Result<Option<(RectificationLine, Vec<RectificationEvent>)>, Failure> {
    let during = |error| failure("read rectification", error);
    let row = sqlx::query(ONE).bind(number.to_owned()).fetch_optional(&db.read).await;
    let Some(row) = row.map_err(during)? else { return Ok(None) };
    let line = RectificationLine::from_row(&row).map_err(during)?;
    let view = by.may(domain::access::Act::Read, &at("rectification", &line.path));
    if view.is_err() || view == Ok(View::Public) {
        return Ok(None);
    }
    let events = rows(db, EVENTS, &line.id, RectificationEvent::from_row).await?;
    Ok(Some((line, events)))
}
