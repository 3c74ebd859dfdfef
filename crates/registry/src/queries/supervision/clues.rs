//! The ledger of clues: the list of a place, and one with its events, dual checks and days.

use domain::access::{Subject, View};
use domain::problem::Failure;
use serde::Serialize;

use super::findings::rows;
use super::{Reader, named};
use crate::db::{Db, failure};

/// A clue in a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ClueLine {
    /// Key.
    #[serde(skip)]
    pub id: String,
    /// Central number.
    pub number: String,
    /// Code of the channel.
    pub source: String,
    /// Office that handles it.
    pub office: String,
    /// Code of the place.
    pub place: String,
    /// Name of the place.
    pub place_name: String,
    /// Path of the place.
    #[serde(skip)]
    pub path: String,
    /// What it is about; empty for whoever sees its outline alone.
    pub title: String,
    /// State.
    pub state: String,
    /// When it came.
    pub received_day: String,
    /// What is due next.
    pub due_step: Option<String>,
    /// When.
    pub due_day: Option<String>,
}

impl ClueLine {
    from_row!(ClueLine {
        id,
        number,
        source,
        office,
        place,
        place_name,
        path,
        title,
        state,
        received_day,
        due_step,
        due_day,
    });
}

const LIST: &str = "select c.id, c.number, c.source, c.office, c.place, p.name as place_name, p.path, c.title, \
    c.state, c.received_day, d.step as due_step, d.due_day from clues c join places p on p.id = c.place \
    left join supervision_dues d on d.id = (select x.id from supervision_dues x where x.subject = c.id \
    and x.met_day is null order by x.due_day, x.id limit 1) \
    where (p.path = $1 or p.path like $1 || '/%') and ($2 = '' or c.state = $2) \
    order by case when c.closed_day is null then 0 else 1 end, coalesce(d.due_day, '9999'), c.number desc limit 300";

const ONE: &str = "select c.id, c.number, c.source, c.office, c.place, p.name as place_name, p.path, c.title, \
    c.state, c.received_day, d.step as due_step, d.due_day from clues c join places p on p.id = c.place \
    left join supervision_dues d on d.id = (select x.id from supervision_dues x where x.subject = c.id \
    and x.met_day is null order by x.due_day, x.id limit 1) where c.number = $1";

pub(super) const NAMED: &str = "select l.clue as thing, l.person from clue_people l join clues c on c.id = l.clue \
    join places p on p.id = c.place where (p.path = $1 or p.path like $1 || '/%') \
    union select l.clue as thing, q.id as person from clue_findings l \
    join finding_people f on f.finding = l.finding join people q on q.person_key = f.person_key \
    join clues c on c.id = l.clue join places p on p.id = c.place \
    where (p.path = $1 or p.path like $1 || '/%')";

const NAMED_IN: &str = "select clue as thing, person from clue_people where clue = $1 \
    union select l.clue as thing, q.id as person from clue_findings l \
    join finding_people f on f.finding = l.finding join people q on q.person_key = f.person_key \
    where l.clue = $1";

/// All statements.
pub(super) const STATEMENTS: [&str; 11] =
    [LIST, ONE, NAMED, NAMED_IN, EVENTS, PEOPLE, FINDINGS, DUES, DUALS, ASKED, RECTIFICATIONS];

/// Clues of a place and below it that the reader may know of; what is due first stands first.
///
/// # Errors
/// A fault when the database cannot be read.
pub async fn list(
    db: &Db,
    reader: &Reader<'_>,
    path: &str,
    state: &str,
) -> Result<Vec<ClueLine>, Failure> {
    let during = |error| failure("read clues", error);
    let read = sqlx::query(LIST).bind(path.to_owned()).bind(state.to_owned());
    let read = read.fetch_all(&db.read).await.map_err(during)?;
    let named = named(db, NAMED, path).await?;
    let mut lines = Vec::new();
    for row in &read {
        let mut line = ClueLine::from_row(row).map_err(during)?;
        let subject =
            Subject { named: named.get(&line.id).cloned().unwrap_or_default(), ..subject(&line) };
        match reader.sees(&subject) {
            Some(View::Full) => lines.push(line),
            Some(View::Meta) => {
                line.title.clear();
                lines.push(line);
            }
            _ => {}
        }
    }
    Ok(lines)
}

fn subject(line: &ClueLine) -> Subject {
    Subject {
        object: "clue".to_owned(),
        id: line.id.clone(),
        place: line.path.clone(),
        unit: Some(line.office.clone()),
        ..Subject::default()
    }
}

/// A step that was taken.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ClueEvent {
    /// Code of the step.
    pub step: String,
    /// When.
    pub day: String,
    /// Name of who took it.
    pub name: String,
    /// In which role.
    pub role: String,
    /// Way that was proposed.
    pub way: Option<String>,
    /// What came of it.
    pub outcome: Option<String>,
    /// What he wrote; empty for whoever sees the outline alone.
    pub words: String,
}

impl ClueEvent {
    from_row!(ClueEvent { step, day, name, role, way, outcome, words });
}

/// Somebody in a clue.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ClueParty {
    /// Name.
    pub name: String,
    /// Part in it.
    pub part: String,
}

impl ClueParty {
    from_row!(ClueParty { name, part });
}

/// What is due.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ClueDue {
    /// Code of the step.
    pub step: String,
    /// Code of the rule.
    pub rule: String,
    /// Last day.
    pub due_day: String,
    /// How often it was lengthened.
    pub extensions: i64,
}

impl ClueDue {
    from_row!(ClueDue { step, rule, due_day, extensions });
}

/// Somebody who is asked in a dual check.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct DualLine {
    /// Key.
    pub id: String,
    /// Code of the duty.
    pub duty: String,
    /// Role code of the post.
    pub role: String,
    /// Key of the person.
    #[serde(skip)]
    pub person: String,
    /// Name.
    pub name: String,
    /// Day on which the post was held.
    pub on_day: String,
    /// What is asked.
    pub question: String,
    /// The answer.
    pub answer: Option<String>,
    /// How the duty was done.
    pub verdict: Option<String>,
    /// What follows.
    pub measure: Option<String>,
    /// Last day for the answer.
    pub due_day: Option<String>,
    /// Name of whose post he took over after the day.
    pub successor_of: Option<String>,
}

/// That a dual check does not apply.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct WaiverLine {
    /// Why.
    pub reason: String,
    /// Key of who said so.
    #[serde(skip)]
    pub proposed_by: String,
    /// His name.
    pub proposed_name: String,
    /// Name of who decided.
    pub decided_name: Option<String>,
    /// 1: it does not apply.
    pub agreed: Option<i64>,
}

impl WaiverLine {
    from_row!(WaiverLine { reason, proposed_by, proposed_name, decided_name, agreed });
}

impl DualLine {
    from_row!(DualLine {
        id,
        duty,
        role,
        person,
        name,
        on_day,
        question,
        answer,
        verdict,
        measure,
        due_day,
        successor_of,
    });
}

/// A clue with everything that the reader may know of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CluePage {
    /// As in a list.
    #[serde(flatten)]
    pub line: ClueLine,
    /// Steps taken.
    pub events: Vec<ClueEvent>,
    /// People in it; nobody for whoever sees the outline alone.
    pub people: Vec<ClueParty>,
    /// Numbers of findings.
    pub findings: Vec<String>,
    /// What is due.
    pub dues: Vec<ClueDue>,
    /// Dual checks.
    pub duals: Vec<DualLine>,
    /// That a dual check does not apply, as far as somebody said so.
    pub waivers: Vec<WaiverLine>,
    /// Numbers of clues that belong to it, and of those that were joined to it.
    pub linked: Vec<String>,
    /// Number of the clue under which it goes on.
    pub merged_into: Option<String>,
    /// Numbers of rectifications.
    pub rectifications: Vec<String>,
    /// Whether everything is shown.
    pub is_full: bool,
}

const EVENTS: &str = "select e.step, e.day, coalesce(p.name, '') as name, e.role, e.way, e.outcome, e.words \
    from clue_events e left join people p on p.id = e.person where e.clue = $1 order by e.seq";
const PEOPLE: &str = "select p.name, c.part from clue_people c join people p on p.id = c.person \
    where c.clue = $1 order by c.part, p.name";
const FINDINGS: &str = "select f.number from clue_findings l join findings f on f.id = l.finding \
    where l.clue = $1 order by f.number";
const DUES: &str = "select step, rule, due_day, extensions from supervision_dues \
    where subject = $1 and met_day is null order by due_day, step";
const DUALS: &str = "select d.id, d.duty, d.role, d.person, p.name, d.on_day, d.question, d.answer, d.verdict, \
    d.measure, u.due_day, b.name as successor_of from dual_checks d join people p on p.id = d.person \
    left join people b on b.id = d.successor_of \
    left join supervision_dues u on u.subject = d.id where d.clue = $1 order by d.duty, d.role, p.name";
const ASKED: &str = "select d.id, d.duty, d.role, d.person, p.name, d.on_day, d.question, d.answer, d.verdict, \
    d.measure, u.due_day, b.name as successor_of from dual_checks d join people p on p.id = d.person \
    left join people b on b.id = d.successor_of \
    left join supervision_dues u on u.subject = d.id where d.person = $1 and d.answer is null \
    and d.decided_day is null order by u.due_day, d.id";
const WAIVERS: &str = "select w.reason, w.proposed_by, a.name as proposed_name, b.name as decided_name, w.agreed \
    from dual_waivers w join people a on a.id = w.proposed_by left join people b on b.id = w.decided_by \
    where w.clue = $1 order by w.proposed_day, w.id";
const LINKED: &str = "select c.number from clue_links l join clues c on c.id = l.other where l.clue = $1 \
    union select c.number from clue_links l join clues c on c.id = l.clue where l.other = $1 \
    union select number from clues where merged_into = $1 order by 1";
const MERGED: &str =
    "select o.number from clues c join clues o on o.id = c.merged_into where c.id = $1";
const RECTIFICATIONS: &str = "select number from rectifications where clue = $1 order by number";

/// One clue; none where there is no such, or the reader may not know of it.
///
/// # Errors
/// A fault when the database cannot be read.
pub async fn one(db: &Db, reader: &Reader<'_>, number: &str) -> Result<Option<CluePage>, Failure> {
    let during = |error| failure("read clue", error);
    let row = sqlx::query(ONE).bind(number.to_owned()).fetch_optional(&db.read).await;
    let Some(row) = row.map_err(during)? else { return Ok(None) };
    let mut line = ClueLine::from_row(&row).map_err(during)?;
    let named = named(db, NAMED_IN, &line.id).await?.remove(&line.id).unwrap_or_default();
    let view = reader.sees(&Subject { named, ..subject(&line) });
    let Some(view) = view.filter(|view| *view >= View::Meta) else { return Ok(None) };
    let is_full = view == View::Full;
    let id = line.id.clone();
    let mut events = rows(db, EVENTS, &id, ClueEvent::from_row).await?;
    if !is_full {
        line.title.clear();
        events.iter_mut().for_each(|event| event.words.clear());
    }
    Ok(Some(CluePage {
        line,
        events,
        people: if is_full {
            rows(db, PEOPLE, &id, ClueParty::from_row).await?
        } else {
            Vec::new()
        },
        findings: rows(db, FINDINGS, &id, |row| sqlx::Row::try_get(row, "number")).await?,
        dues: rows(db, DUES, &id, ClueDue::from_row).await?,
        duals: if is_full { rows(db, DUALS, &id, DualLine::from_row).await? } else { Vec::new() },
        waivers: if is_full {
            rows(db, WAIVERS, &id, WaiverLine::from_row).await?
        } else {
            Vec::new()
        },
        linked: rows(db, LINKED, &id, |row| sqlx::Row::try_get(row, "number")).await?,
        merged_into: rows(db, MERGED, &id, |row| sqlx::Row::try_get(row, "number")).await?.pop(),
        rectifications: rows(db, RECTIFICATIONS, &id, |row| sqlx::Row::try_get(row, "number"))
            .await?,
        is_full,
    }))
}

/// What somebody is asked in dual checks and has not answered.
///
/// # Errors
/// A fault when the database cannot be read.
pub async fn asked(db: &Db, person: &str) -> Result<Vec<DualLine>, Failure> {
    rows(db, ASKED, person, DualLine::from_row).await
}
