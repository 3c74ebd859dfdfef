//! Responsibility lists of a place: what each post owes, who holds it today, what shows that it was done.

use domain::problem::Failure;
use domain::time::Day;
use serde::Serialize;

use super::findings::rows;
use crate::access::By;
use crate::db::{Db, failure};

/// A duty of a post.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct DutyLine {
    /// Key.
    #[serde(skip)]
    pub id: String,
    /// Number.
    pub number: String,
    /// Code of the duty.
    pub code: String,
    /// `main`, `supervision`, `one_post`.
    pub list: String,
    /// Year.
    pub year: i64,
    /// Name of the place.
    pub place_name: String,
    /// Path of the place.
    #[serde(skip)]
    pub path: String,
    /// Role code of the post.
    pub role: String,
    /// Name of who holds the post today.
    pub holder: Option<String>,
    /// State.
    pub state: String,
    /// Key of who has shown something.
    #[serde(skip)]
    pub shown_by: Option<String>,
    /// When.
    pub shown_day: Option<String>,
    /// What he wrote.
    pub words: Option<String>,
    /// Name of whoever looked at it.
    pub judged_name: Option<String>,
    /// What the level above said.
    pub judgement: Option<String>,
    /// How many files and entries lie with it.
    pub evidence: i64,
    /// By which rule it is due.
    pub due_rule: Option<String>,
    /// Since when.
    pub due_start: Option<String>,
    /// Last day.
    pub due_day: Option<String>,
    /// Level that it was raised to.
    pub raised: Option<String>,
}

impl DutyLine {
    from_row!(DutyLine {
        id,
        number,
        code,
        list,
        year,
        place_name,
        path,
        role,
        holder,
        state,
        shown_by,
        shown_day,
        words,
        judged_name,
        judgement,
        evidence,
        due_rule,
        due_start,
        due_day,
        raised,
    });
}

/// A file or an entry.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct EvidenceLine {
    /// Key.
    pub id: String,
    /// `file` or `entry`.
    pub kind: String,
    /// Name of the file, or number of the entry.
    pub name: String,
    /// When.
    pub day: String,
}

impl EvidenceLine {
    from_row!(EvidenceLine { id, kind, name, day });
}

const LIST: &str = "select t.id, t.number, t.code, t.list, t.year, p.name as place_name, p.path, t.role, \
    (select min(q.name) from posts s join people q on q.id = s.person where s.place = t.place \
    and s.role = t.role and s.from_day <= $3 and (s.until_day is null or s.until_day >= $3)) as holder, \
    t.state, t.shown_by, t.shown_day, t.words, j.name as judged_name, t.judgement, \
    (select count(*) from post_duty_evidence e where e.duty = t.id) as evidence, d.rule as due_rule, \
    d.start_day as due_start, \
    d.due_day, case when d.raised_day is null then null else d.level end as raised from post_duties t \
    join places p on p.id = t.place left join people j on j.id = t.judged_by \
    left join follow_dues d on d.subject = t.id and d.met_day is null \
    where (p.path = $1 or p.path like $1 || '/%') and ($2 = '' or t.number = $2) \
    order by case when t.state = 'done' then 1 else 0 end, coalesce(d.due_day, '9999'), p.path, t.number \
    limit 500";

const EVIDENCE: &str =
    "select id, kind, name, day from post_duty_evidence where duty = $1 order by day, id";

/// Duties of a place and below it that the reader may see; what is due first stands first. With a
/// number, that one alone.
///
/// # Errors
/// A fault when the database cannot be read.
pub async fn list(
    db: &Db,
    by: &By,
    path: &str,
    (number, day): (&str, Day),
) -> Result<Vec<DutyLine>, Failure> {
    let during = |error| failure("read duties", error);
    let read = sqlx::query(LIST).bind(path.to_owned()).bind(number.to_owned());
    let read = read.bind(day.to_string()).fetch_all(&db.read).await.map_err(during)?;
    let lines: Vec<DutyLine> =
        read.iter().map(DutyLine::from_row).collect::<Result<_, _>>().map_err(during)?;
    Ok(lines.into_iter().filter(|line| by.sees("duty_list", &line.path)).collect())
}

/// What lies with one.
///
/// # Errors
/// A fault when the database cannot be read.
pub async fn evidence(db: &Db, line: &DutyLine) -> Result<Vec<EvidenceLine>, Failure> {
    rows(db, EVIDENCE, &line.id, EvidenceLine::from_row).await
}
