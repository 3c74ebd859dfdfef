//! The list of findings, one page at a time. What stands first depends on the score of a finding and on how
//! often its model was right, so the database counts findings by model and score, the groups are put in
//! order here, and only the rows of the page are read.

use domain::access::View;
use domain::problem::Failure;
use domain::supervision::rules::Version;
use sqlx::Row;
use sqlx::any::AnyRow;

use super::findings::{Filter, FindingLine, subject};
use super::{Reader, named, rates};
use crate::db::{Db, failure};

/// Lines of a page.
pub const LINES: i64 = 50;

/// A page of the list.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Page {
    /// Lines that the reader may know of.
    pub lines: Vec<FindingLine>,
    /// How many findings there are in all.
    pub count: i64,
}

macro_rules! within {
    () => {
        "(q.path = $1 or q.path like $1 || '/%') and ($2 = '' or f.state = $2) \
         and ($3 = '' or f.model = $3) and ($4 = '' or f.programme = $4) \
         and ($5 = 0 or coalesce(f.month, f.period) = $5 \
         or coalesce(f.month, f.period) between $5 * 100 and $5 * 100 + 99)"
    };
}

const GROUPS: &str = concat!(
    "select f.model, f.score, count(*) as count from places q cross join findings f where f.place = q.id and ",
    within!(),
    " group by f.model, f.score"
);

const PART: &str = concat!(
    "select f.id, f.number, f.model, m.title_zh, m.title_en, f.severity, f.place, q.name as place_name, \
     q.path, f.period, f.amount_fen, f.score, f.state, f.outcome, c.due_day, c.first, c.second, \
     c.recorded_by, a.name as first_name, b.name as second_name from findings f \
     join finding_models m on m.id = f.model join places q on q.id = f.place \
     left join finding_checks c on c.finding = f.id and c.round = \
     (select max(r.round) from finding_checks r where r.finding = f.id) \
     left join people a on a.id = c.first left join people b on b.id = c.second \
     where f.model = $6 and f.score = $7 and ",
    within!(),
    " order by f.number limit $8 offset $9"
);

const NAMED: &str = "select f.finding as thing, q.id as person from finding_people f \
    join people q on q.person_key = f.person_key where f.finding = $1";

/// All statements.
pub(super) const STATEMENTS: [&str; 3] = [GROUPS, PART, NAMED];

/// Findings of one model with one score.
struct Group {
    order: u64,
    model: String,
    score: i64,
    count: i64,
}

/// A page of the list, from 0.
///
/// # Errors
/// A fault when the database cannot be read.
pub async fn page(
    db: &Db,
    reader: &Reader<'_>,
    path: &str,
    filter: &Filter,
    (version, at): (&Version, i64),
) -> Result<Page, Failure> {
    let groups = groups(db, path, filter, version).await?;
    let count = groups.iter().map(|group| group.count).sum();
    let mut page = Page { lines: Vec::new(), count };
    let (mut skip, mut want) = (at.max(0).saturating_mul(LINES), LINES);
    for group in &groups {
        if want == 0 {
            break;
        }
        if skip >= group.count {
            skip -= group.count;
            continue;
        }
        let rows = part(db, path, filter, (group, want, skip)).await?;
        want -= (group.count - skip).min(want);
        skip = 0;
        for line in rows {
            let people = named(db, NAMED, &line.id).await?.into_values().next().unwrap_or_default();
            if reader.sees(&subject(&line, people)).is_some_and(|view| view >= View::Meta) {
                page.lines.push(line);
            }
        }
    }
    Ok(page)
}

/// Groups in the order of work.
async fn groups(
    db: &Db,
    path: &str,
    filter: &Filter,
    version: &Version,
) -> Result<Vec<Group>, Failure> {
    let during = |error| failure("count findings", error);
    let rows = sqlx::query(GROUPS).bind(path.to_owned()).bind(filter.state.clone());
    let rows = rows.bind(filter.model.clone()).bind(filter.programme.clone()).bind(filter.year);
    let rows = rows.fetch_all(&db.read).await.map_err(during)?;
    let rates = rates::by_model(db).await?;
    let group = |row: &AnyRow| -> Result<Group, sqlx::Error> {
        let (model, score): (String, i64) = (row.try_get("model")?, row.try_get("score")?);
        let checks = rates.get(&model).copied().unwrap_or_default();
        let order = checks.order(u8::try_from(score).unwrap_or(0), version);
        Ok(Group { order: order.into(), model, score, count: row.try_get("count")? })
    };
    let mut groups: Vec<Group> =
        rows.iter().map(group).collect::<Result<_, _>>().map_err(during)?;
    groups.sort_by(|a, b| b.order.cmp(&a.order).then_with(|| a.model.cmp(&b.model)));
    Ok(groups)
}

async fn part(
    db: &Db,
    path: &str,
    filter: &Filter,
    (group, most, skip): (&Group, i64, i64),
) -> Result<Vec<FindingLine>, Failure> {
    let during = |error| failure("read findings", error);
    let rows = sqlx::query(PART).bind(path.to_owned()).bind(filter.state.clone());
    let rows = rows.bind(filter.model.clone()).bind(filter.programme.clone()).bind(filter.year);
    let rows = rows.bind(group.model.clone()).bind(group.score).bind(most).bind(skip);
    let rows = rows.fetch_all(&db.read).await.map_err(during)?;
    rows.iter().map(FindingLine::from_row).collect::<Result<_, _>>().map_err(during)
}
