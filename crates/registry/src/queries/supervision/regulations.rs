//! Rules of the office: the list of a place, and one with its versions, evaluations and what shows that it
//! does not work.

use domain::problem::Failure;
use serde::Serialize;

use super::findings::rows;
use crate::access::By;
use crate::db::{Db, failure};

/// A rule.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RegulationLine {
    /// Key.
    #[serde(skip)]
    pub id: String,
    /// Number.
    pub number: String,
    /// Name of the place.
    pub place_name: String,
    /// Path of the place.
    #[serde(skip)]
    pub path: String,
    /// Role code of whose rule it is.
    pub owner: String,
    /// Title.
    pub title: String,
    /// State.
    pub state: String,
    /// First day in force.
    pub from_day: Option<String>,
    /// How many findings, rectifications and causes are named.
    pub links: i64,
    /// Key of whoever wrote what waits.
    #[serde(skip)]
    pub waits_of: Option<String>,
    /// By which rule the evaluation is due.
    pub due_rule: Option<String>,
    /// Since when.
    pub due_start: Option<String>,
    /// Last day of the next evaluation.
    pub due_day: Option<String>,
    /// Level that it was raised to.
    pub raised: Option<String>,
}

impl RegulationLine {
    from_row!(RegulationLine {
        id,
        number,
        place_name,
        path,
        owner,
        title,
        state,
        from_day,
        links,
        waits_of,
        due_rule,
        due_start,
        due_day,
        raised,
    });
}

/// A version.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct VersionLine {
    /// Number, from 1.
    pub version: i64,
    /// Text.
    pub text: String,
    /// What it stands on.
    pub basis: String,
    /// Name of who wrote it.
    pub written_name: String,
    /// When.
    pub written_day: String,
    /// Name of who decided about it.
    pub approved_name: Option<String>,
    /// When.
    pub approved_day: Option<String>,
    /// 0: it was refused.
    pub agreed: Option<i64>,
}

impl VersionLine {
    from_row!(VersionLine {
        version,
        text,
        basis,
        written_name,
        written_day,
        approved_name,
        approved_day,
        agreed,
    });
}

/// An evaluation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ReviewLine {
    /// Is it used?
    pub used: String,
    /// Does it work?
    pub works: String,
    /// What follows.
    pub outcome: String,
    /// Why.
    pub words: String,
    /// Name of who wrote it.
    pub written_name: String,
    /// When.
    pub written_day: String,
    /// Name of who decided about it.
    pub approved_name: Option<String>,
    /// 0: it was refused.
    pub agreed: Option<i64>,
}

impl ReviewLine {
    from_row!(ReviewLine {
        used,
        works,
        outcome,
        words,
        written_name,
        written_day,
        approved_name,
        agreed,
    });
}

/// Something that shows how it works.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LinkLine {
    /// `finding`, `rectification`, `cause`.
    pub kind: String,
    /// Number, or code of the cause.
    pub target: String,
}

impl LinkLine {
    from_row!(LinkLine { kind, target });
}

/// A rule with everything about it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RegulationPage {
    /// As in a list.
    #[serde(flatten)]
    pub line: RegulationLine,
    /// Versions, the newest first.
    pub versions: Vec<VersionLine>,
    /// Evaluations, the newest first.
    pub reviews: Vec<ReviewLine>,
    /// What shows how it works.
    pub shown: Vec<LinkLine>,
}

const LIST: &str = "select r.id, r.number, p.name as place_name, p.path, r.owner, r.title, r.state, r.from_day, \
    (select count(*) from regulation_links l where l.regulation = r.id) as links, \
    coalesce((select min(v.written_by) from regulation_versions v where v.regulation = r.id \
    and v.approved_day is null), (select min(w.written_by) from regulation_reviews w \
    where w.regulation = r.id and w.approved_day is null)) as waits_of, d.rule as due_rule, \
    d.start_day as due_start, d.due_day, \
    case when d.raised_day is null then null else d.level end as raised from regulations r \
    join places p on p.id = r.place left join follow_dues d on d.subject = r.id and d.met_day is null \
    where (p.path = $1 or p.path like $1 || '/%') and ($2 = '' or r.number = $2) \
    order by case when r.state = 'repealed' then 1 else 0 end, coalesce(d.due_day, '9999'), r.number limit 300";

const VERSIONS: &str = "select v.version, v.text, v.basis, a.name as written_name, v.written_day, \
    b.name as approved_name, v.approved_day, v.agreed from regulation_versions v \
    join people a on a.id = v.written_by left join people b on b.id = v.approved_by \
    where v.regulation = $1 order by v.version desc";

const REVIEWS: &str = "select w.used, w.works, w.outcome, w.words, a.name as written_name, w.written_day, \
    b.name as approved_name, w.agreed from regulation_reviews w join people a on a.id = w.written_by \
    left join people b on b.id = w.approved_by where w.regulation = $1 order by w.written_day desc, w.id";

const LINKS: &str =
    "select kind, target from regulation_links where regulation = $1 order by kind, target";

/// Rules of a place and below it that the reader may see; what is due first stands first. With a number,
/// that one alone.
///
/// # Errors
/// A fault when the database cannot be read.
pub async fn list(
    db: &Db,
    by: &By,
    path: &str,
    number: &str,
) -> Result<Vec<RegulationLine>, Failure> {
    let during = |error| failure("read regulations", error);
    let read = sqlx::query(LIST).bind(path.to_owned()).bind(number.to_owned());
    let read = read.fetch_all(&db.read).await.map_err(during)?;
    let lines: Vec<RegulationLine> =
        read.iter().map(RegulationLine::from_row).collect::<Result<_, _>>().map_err(during)?;
    Ok(lines.into_iter().filter(|line| by.sees("regulation", &line.path)).collect())
}

/// One with everything about it.
///
/// # Errors
/// A fault when the database cannot be read.
pub async fn one(db: &Db, line: RegulationLine) -> Result<RegulationPage, Failure> {
    let id = line.id.clone();
    Ok(RegulationPage {
        line,
        versions: rows(db, VERSIONS, &id, VersionLine::from_row).await?,
        reviews: rows(db, REVIEWS, &id, ReviewLine::from_row).await?,
        shown: rows(db, LINKS, &id, LinkLine::from_row).await?,
    })
}
