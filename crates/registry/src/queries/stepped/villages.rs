//! Villages under stepped-up supervision, and one with everything that was decided, looked at and asked.

use domain::access::{Act, Subject, View};
use domain::problem::Failure;
use serde::Serialize;

use super::rows;
use crate::access::{By, at};
use crate::db::Db;

/// A village under supervision.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct VillageLine {
    /// Key.
    #[serde(skip)]
    pub id: String,
    /// Number.
    pub number: String,
    /// Code of the village.
    pub place: String,
    /// Its name.
    pub place_name: String,
    /// Its path.
    #[serde(skip)]
    pub path: String,
    /// Name of its township.
    pub township: String,
    /// State.
    pub state: String,
    /// Name of the leader in charge.
    pub leader_name: String,
    /// First day.
    pub from_day: String,
    /// Last day.
    pub until_day: String,
    /// When it ended.
    pub ended_day: Option<String>,
    /// Quarter of the list that it was on.
    pub quarter: String,
    /// What the notice says of each way to report, as JSON.
    #[serde(skip)]
    pub contacts: String,
    /// State with who proposed what waits.
    #[serde(skip)]
    pub record: String,
    /// Items that two people found in order.
    pub fine: i64,
    /// Items at which something is wrong.
    pub wrong: i64,
    /// Measures without a record.
    pub open_measures: i64,
}

impl VillageLine {
    from_row!(VillageLine {
        id,
        number,
        place,
        place_name,
        path,
        township,
        state,
        leader_name,
        from_day,
        until_day,
        ended_day,
        quarter,
        contacts,
        record,
        fine,
        wrong,
        open_measures,
    });
}

macro_rules! village {
    ($rest:literal) => {
        concat!(
            "select v.id, v.number, v.place, p.name as place_name, p.path, t.name as township, v.state, ",
            "e.name as leader_name, v.from_day, v.until_day, v.ended_day, l.quarter, v.contacts, v.record, ",
            "(select count(*) from stepped_checks c where c.village = v.id and c.state = 'confirmed' ",
            "and c.problem = 0 and c.round = (select max(r.round) from stepped_checks r ",
            "where r.village = c.village and r.item = c.item)) as fine, ",
            "(select count(*) from stepped_checks c where c.village = v.id and c.state = 'confirmed' ",
            "and c.problem = 1 and c.round = (select max(r.round) from stepped_checks r ",
            "where r.village = c.village and r.item = c.item)) as wrong, ",
            "(select count(*) from stepped_measures m where m.village = v.id and m.done_day is null) ",
            "as open_measures from stepped_villages v join places p on p.id = v.place ",
            "join places t on t.id = p.parent join people e on e.id = v.leader ",
            "join stepped_lists l on l.id = v.list ",
            $rest
        )
    };
}

const LIST: &str = village!(
    "where (p.path = $1 or p.path like $1 || '/%') order by case when v.state in ('ended', 'refused') \
     then 1 else 0 end, v.until_day, v.number limit 300"
);
const ONE: &str = village!("where v.number = $1");

/// How a reader sees one.
fn sees(by: &By, line: &VillageLine) -> bool {
    let subject = Subject { id: line.id.clone(), ..at("stepped", &line.path) };
    by.may(Act::Read, &subject).is_ok_and(|view| view > View::Public)
}

/// Villages of a place and below it that the reader may see.
///
/// # Errors
/// A fault when the database cannot be read.
pub async fn list(db: &Db, by: &By, path: &str) -> Result<Vec<VillageLine>, Failure> {
    let lines = rows(db, LIST, &[path], VillageLine::from_row).await?;
    Ok(lines.into_iter().filter(|line| sees(by, line)).collect())
}

/// A step that was taken.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct StepLine {
    /// `propose`, `decide`, `end`, `longer`.
    pub step: String,
    /// When.
    pub day: String,
    /// Name of who took it.
    pub name: String,
    /// In which role.
    pub role: String,
    /// 0: it was not agreed to.
    pub agreed: i64,
    /// Why.
    pub words: String,
}

impl StepLine {
    from_row!(StepLine { step, day, name, role, agreed, words });
}

const STEPS: &str = "select s.step, s.day, p.name, s.role, s.agreed, s.words from stepped_steps s \
    join people p on p.id = s.person where s.village = $1 order by s.seq";

/// A check of an item.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CheckLine {
    /// Code of the item.
    pub item: String,
    /// Which time it is looked at.
    pub round: i64,
    /// Key of one checker.
    #[serde(skip)]
    pub first: String,
    /// Name of one checker.
    pub first_name: String,
    /// Key of the other.
    #[serde(skip)]
    pub second: String,
    /// Name of the other.
    pub second_name: String,
    /// Last day.
    pub due_day: String,
    /// State.
    pub state: String,
    /// 1: something is wrong.
    pub problem: i64,
    /// What was seen.
    pub words: Option<String>,
    /// Key of who wrote it down.
    #[serde(skip)]
    pub recorded_by: Option<String>,
}

impl CheckLine {
    from_row!(CheckLine {
        item,
        round,
        first,
        first_name,
        second,
        second_name,
        due_day,
        state,
        problem,
        words,
        recorded_by,
    });
}

const CHECKS: &str = "select c.item, c.round, c.first, a.name as first_name, c.second, b.name as second_name, \
    c.due_day, c.state, c.problem, c.words, c.recorded_by from stepped_checks c \
    join people a on a.id = c.first join people b on b.id = c.second where c.village = $1 \
    order by c.item, c.round";

/// Something that was asked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct MeasureLine {
    /// Key.
    pub id: String,
    /// Code of its kind.
    pub kind: String,
    /// What it is about.
    pub words: String,
    /// Number of the rectification that it presses for.
    pub rectification: Option<String>,
    /// Last day.
    pub due_day: String,
    /// Name of who asked.
    pub ordered_name: String,
    /// What came of it.
    pub result: Option<String>,
    /// Name of who wrote that down.
    pub done_name: Option<String>,
    /// When.
    pub done_day: Option<String>,
}

impl MeasureLine {
    from_row!(MeasureLine {
        id,
        kind,
        words,
        rectification,
        due_day,
        ordered_name,
        result,
        done_name,
        done_day,
    });
}

const MEASURES: &str = "select m.id, m.kind, m.words, r.number as rectification, m.due_day, \
    a.name as ordered_name, m.result, b.name as done_name, m.done_day from stepped_measures m \
    join people a on a.id = m.ordered_by left join people b on b.id = m.done_by \
    left join rectifications r on r.id = m.rectification where m.village = $1 \
    order by m.ordered_day, m.id";

/// A village with everything.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct VillagePage {
    /// The village.
    #[serde(flatten)]
    pub line: VillageLine,
    /// What was decided.
    pub steps: Vec<StepLine>,
    /// What was looked at.
    pub checks: Vec<CheckLine>,
    /// What was asked for.
    pub measures: Vec<MeasureLine>,
}

/// One of them; none where the reader may not see it.
///
/// # Errors
/// A fault when the database cannot be read.
pub async fn one(db: &Db, by: &By, number: &str) -> Result<Option<VillagePage>, Failure> {
    let line = rows(db, ONE, &[number], VillageLine::from_row).await?.into_iter().next();
    let Some(line) = line.filter(|line| sees(by, line)) else { return Ok(None) };
    Ok(Some(VillagePage {
        steps: rows(db, STEPS, &[&line.id], StepLine::from_row).await?,
        checks: rows(db, CHECKS, &[&line.id], CheckLine::from_row).await?,
        measures: rows(db, MEASURES, &[&line.id], MeasureLine::from_row).await?,
        line,
    }))
}

/// A check that waits for somebody.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct MineLine {
    /// Number of the village's supervision.
    pub number: String,
    /// Name of the village.
    pub place_name: String,
    /// Code of the item.
    pub item: String,
    /// Last day.
    pub due_day: String,
}

impl MineLine {
    from_row!(MineLine { number, place_name, item, due_day });
}

const MINE: &str = "select v.number, p.name as place_name, c.item, c.due_day from stepped_checks c \
    join stepped_villages v on v.id = c.village join places p on p.id = v.place \
    where (c.first = $1 or c.second = $1) and (c.state = 'assigned' \
    or (c.state = 'recorded' and c.recorded_by <> $1)) order by c.due_day, c.item limit 60";

/// Checks that wait for somebody.
///
/// # Errors
/// A fault when the database cannot be read.
pub async fn mine(db: &Db, person: &str) -> Result<Vec<MineLine>, Failure> {
    rows(db, MINE, &[person], MineLine::from_row).await
}
