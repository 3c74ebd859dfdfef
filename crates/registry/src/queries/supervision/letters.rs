//! Recommendations of a place, and one with what was done about it.

use domain::access::{Act, Subject, View};
use domain::problem::Failure;
use serde::Serialize;

use super::findings::rows;
use super::{Reader, named};
use crate::db::{Db, failure};

/// A recommendation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LetterLine {
    /// Key.
    #[serde(skip)]
    pub id: String,
    /// Number.
    pub number: String,
    /// Code of the place of whom it is for.
    pub place: String,
    /// Name of that place.
    pub place_name: String,
    /// Its path.
    #[serde(skip)]
    pub path: String,
    /// Role code of whom it is for.
    pub addressee: String,
    /// Number of the rectification that it stands on.
    pub rectification: Option<String>,
    /// Number of the finding that it stands on.
    pub finding: Option<String>,
    /// What is wrong.
    pub problem: String,
    /// What is asked.
    pub demand: String,
    /// State.
    pub state: String,
    /// Key of who proposed it.
    #[serde(skip)]
    pub proposed_by: String,
    /// Name of who proposed it.
    pub proposed_name: String,
    /// When.
    pub proposed_day: String,
    /// Name of who sent it.
    pub approved_name: Option<String>,
    /// When.
    pub approved_day: Option<String>,
    /// Key of who answered it last.
    #[serde(skip)]
    pub replied_by: Option<String>,
    /// How often it came back.
    pub returned: i64,
    /// When it was over.
    pub closed_day: Option<String>,
    /// What is due.
    pub due_step: Option<String>,
    /// By which rule.
    pub due_rule: Option<String>,
    /// Since when.
    pub due_start: Option<String>,
    /// Last day.
    pub due_day: Option<String>,
    /// Level that it was raised to.
    pub raised: Option<String>,
}

impl LetterLine {
    from_row!(LetterLine {
        id,
        number,
        place,
        place_name,
        path,
        addressee,
        rectification,
        finding,
        problem,
        demand,
        state,
        proposed_by,
        proposed_name,
        proposed_day,
        approved_name,
        approved_day,
        replied_by,
        returned,
        closed_day,
        due_step,
        due_rule,
        due_start,
        due_day,
        raised,
    });
}

/// Something that was done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LetterEvent {
    /// Code of the act.
    pub act: String,
    /// When.
    pub day: String,
    /// Name of who did it.
    pub name: String,
    /// In which role.
    pub role: String,
    /// 0: it came back.
    pub agreed: i64,
    /// What he wrote.
    pub words: String,
}

impl LetterEvent {
    from_row!(LetterEvent { act, day, name, role, agreed, words });
}

const LIST: &str = "select l.id, l.number, l.place, p.name as place_name, p.path, l.addressee, \
    r.number as rectification, f.number as finding, l.problem, l.demand, l.state, l.proposed_by, \
    a.name as proposed_name, l.proposed_day, b.name as approved_name, l.approved_day, l.replied_by, \
    l.returned, l.closed_day, d.step as due_step, d.rule as due_rule, d.start_day as due_start, d.due_day, \
    case when d.raised_day is null then null else d.level end as raised from letters l \
    join places p on p.id = l.place join people a on a.id = l.proposed_by \
    left join people b on b.id = l.approved_by left join rectifications r on r.id = l.rectification \
    left join findings f on f.id = l.finding left join follow_dues d on d.subject = l.id \
    and d.met_day is null where (p.path = $1 or p.path like $1 || '/%') and ($2 = '' or l.number = $2) \
    order by case when l.state in ('refused', 'closed') then 1 else 0 end, coalesce(d.due_day, '9999'), \
    l.number desc limit 300";

const NAMED: &str = "select l.id as thing, c.person from letters l join places p on p.id = l.place \
    join rectifications r on r.id = l.rectification join clue_people c on c.clue = r.clue \
    where (p.path = $1 or p.path like $1 || '/%') union \
    select l.id as thing, q.id as person from letters l join places p on p.id = l.place \
    left join rectifications r on r.id = l.rectification \
    join finding_people f on f.finding = l.finding or f.finding = r.finding \
    join people q on q.person_key = f.person_key where (p.path = $1 or p.path like $1 || '/%')";

const EVENTS: &str = "select e.act, e.day, p.name, e.role, e.agreed, e.words from letter_events e \
    join people p on p.id = e.person where e.letter = $1 order by e.seq";

/// Those of a place and below it that the reader may see; what is due first stands first. Whom one is for
/// sees it once it was sent, also where he is close to somebody in it. With a number, that one alone.
///
/// # Errors
/// A fault when the database cannot be read.
pub async fn list(
    db: &Db,
    reader: &Reader<'_>,
    path: &str,
    number: &str,
) -> Result<Vec<LetterLine>, Failure> {
    let during = |error| failure("read letters", error);
    let read = sqlx::query(LIST).bind(path.to_owned()).bind(number.to_owned());
    let read = read.fetch_all(&db.read).await.map_err(during)?;
    let named = named(db, NAMED, path).await?;
    let mut lines = Vec::new();
    for row in &read {
        let line = LetterLine::from_row(row).map_err(during)?;
        let nobody = Subject {
            object: "recommendation".to_owned(),
            id: line.id.clone(),
            place: line.path.clone(),
            ..Subject::default()
        };
        let people = named.get(&line.id).cloned().unwrap_or_default();
        let subject = Subject { named: people, ..nobody.clone() };
        let is_his = reader.by.role == line.addressee;
        let sent = !matches!(line.state.as_str(), "proposed" | "refused");
        let view = if is_his { reader.sees(&nobody) } else { reader.sees(&subject) };
        // Before it is sent it is known to those alone who write and send it.
        let writes =
            [Act::Propose, Act::Approve].iter().any(|act| reader.by.may(*act, &nobody).is_ok());
        if view == Some(View::Full) && (sent || writes) {
            lines.push(line);
        }
    }
    Ok(lines)
}

/// What was done about one.
///
/// # Errors
/// A fault when the database cannot be read.
pub async fn events(db: &Db, line: &LetterLine) -> Result<Vec<LetterEvent>, Failure> {
    rows(db, EVENTS, &line.id, LetterEvent::from_row).await
}
