//! What anybody may read about reports: figures without small ones, topics of villagers with their
//! answers, visits of leaders. Nothing of a single report.

use domain::problem::Failure;
use serde::Serialize;

use crate::db::{Db, failure};
use crate::public::Public;

/// Figures of a level, quarter and door; what is small is not there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TotalsRow {
    /// `township`, `county`.
    pub level: String,
    /// `2026Q2`.
    pub quarter: String,
    /// Code of the door.
    pub door: String,
    /// Received.
    pub received: Option<i64>,
    /// In time.
    pub in_time: Option<i64>,
    /// Overdue.
    pub overdue: Option<i64>,
    /// Rated as solved.
    pub satisfied: Option<i64>,
    /// Rated as not solved.
    pub unsatisfied: Option<i64>,
}

impl TotalsRow {
    super::from_row!(TotalsRow {
        level,
        quarter,
        door,
        received,
        in_time,
        overdue,
        satisfied,
        unsatisfied
    });
}

const TOTALS: &str = "select t.level, t.quarter, t.door, t.received, t.in_time, t.overdue, t.satisfied, \
    t.unsatisfied from report_totals t order by t.quarter desc, t.level, t.door";

/// All figures, the newest quarter first.
///
/// # Errors
/// A fault when the database cannot be read.
pub async fn totals(db: &Db) -> Result<Public<Vec<TotalsRow>>, Failure> {
    let during = |error| failure("read figures", error);
    let rows = sqlx::query(TOTALS).fetch_all(&db.read).await.map_err(during)?;
    let list = rows.iter().map(TotalsRow::from_row).collect::<Result<_, _>>().map_err(during)?;
    Ok(Public::new(list))
}

/// A topic of villagers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TopicRow {
    /// Public number.
    pub number: String,
    /// Code of the place.
    pub place: String,
    /// What they want to be told about.
    pub title: String,
    /// When it was proposed.
    pub proposed_day: String,
    /// `proposed`, `chosen`, `answered`, `declined`.
    pub state: String,
    /// When it was chosen.
    pub chosen_day: Option<String>,
    /// By when it is answered.
    pub due_day: Option<String>,
    /// The answer, or why it was declined.
    pub answer: Option<String>,
    /// When that was said.
    pub answered_day: Option<String>,
    /// How many support it.
    pub supports: i64,
}

impl TopicRow {
    super::from_row!(TopicRow {
        number,
        place,
        title,
        proposed_day,
        state,
        chosen_day,
        due_day,
        answer,
        answered_day,
        supports
    });
}

const TOPICS: &str = "select t.number, t.place, t.title, t.proposed_day, t.state, t.chosen_day, \
    t.due_day, t.answer, t.answered_day, \
    (select count(*) from topic_supports s where s.topic = t.id) as supports \
    from topics t where t.place = $1 order by supports desc, t.proposed_day desc, t.number";
const TOPICS_BELOW: &str = "select t.number, t.place, t.title, t.proposed_day, t.state, t.chosen_day, \
    t.due_day, t.answer, t.answered_day, \
    (select count(*) from topic_supports s where s.topic = t.id) as supports \
    from places p join topics t on t.place = p.id \
    where p.path = $1 or p.path like $1 || '/%' order by t.proposed_day desc, t.number limit 1000";

/// Topics of a place, those with most support first.
///
/// # Errors
/// A fault when the database cannot be read.
pub async fn topics(db: &Db, place: &str) -> Result<Public<Vec<TopicRow>>, Failure> {
    let during = |error| failure("read topics", error);
    let rows = sqlx::query(TOPICS).bind(place.to_owned()).fetch_all(&db.read).await;
    let rows = rows.map_err(during)?;
    let list = rows.iter().map(TopicRow::from_row).collect::<Result<_, _>>().map_err(during)?;
    Ok(Public::new(list))
}

/// Topics of a place and of those below it, the newest first.
///
/// # Errors
/// A fault when the database cannot be read.
pub async fn topics_below(db: &Db, path: &str) -> Result<Public<Vec<TopicRow>>, Failure> {
    let during = |error| failure("read topics", error);
    let rows = sqlx::query(TOPICS_BELOW).bind(path.to_owned()).fetch_all(&db.read).await;
    let rows = rows.map_err(during)?;
    let list = rows.iter().map(TopicRow::from_row).collect::<Result<_, _>>().map_err(during)?;
    Ok(Public::new(list))
}

/// A visit of a leader.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct VisitRow {
    /// Public number.
    pub number: String,
    /// Code of the place.
    pub place: String,
    /// When it is planned.
    pub planned_day: String,
    /// When it took place.
    pub held_day: Option<String>,
    /// How many came.
    pub visitors: Option<i64>,
    /// What it was about, in a sentence.
    pub summary: Option<String>,
}

impl VisitRow {
    super::from_row!(VisitRow { number, place, planned_day, held_day, visitors, summary });
}

const VISITS: &str = "select v.number, v.place, v.planned_day, v.held_day, v.visitors, v.summary \
    from places p join leader_visits v on v.place = p.id \
    where p.path = $1 or p.path like $1 || '/%' order by v.planned_day desc, v.number limit 200";

/// Visits of leaders in a place and below it, the newest first.
///
/// # Errors
/// A fault when the database cannot be read.
pub async fn visits(db: &Db, path: &str) -> Result<Public<Vec<VisitRow>>, Failure> {
    let during = |error| failure("read visits", error);
    let rows = sqlx::query(VISITS).bind(path.to_owned()).fetch_all(&db.read).await;
    let rows = rows.map_err(during)?;
    let list = rows.iter().map(VisitRow::from_row).collect::<Result<_, _>>().map_err(during)?;
    Ok(Public::new(list))
}
