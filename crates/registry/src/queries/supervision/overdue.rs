//! What is past its day, of all kinds: checks, steps of clues, rectifications, answers in dual checks. The
//! longest overdue first.

use domain::access::{Subject, View};
use domain::problem::Failure;
use serde::Serialize;
use sqlx::any::AnyRow;

use super::{Reader, clues, named, rectifications};
use crate::db::{Db, failure};

/// Something that is overdue.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct OverdueLine {
    /// `check`, `clue`, `rectification`.
    pub kind: String,
    /// Number of the finding, clue or rectification.
    pub number: String,
    /// What it is about, in Chinese; empty for whoever sees its outline alone.
    pub title_zh: String,
    /// In English.
    pub title_en: String,
    /// Name of the place.
    pub place_name: String,
    /// Path of the place.
    #[serde(skip)]
    pub path: String,
    /// Code of the step or state.
    pub state: String,
    /// The day that is past.
    pub due_day: String,
    /// Names of who has it in hand; empty where an office has.
    pub who: String,
}

/// A check that is past its day.
struct Check {
    id: String,
    number: String,
    title_zh: String,
    title_en: String,
    place_name: String,
    path: String,
    state: String,
    due_day: String,
    first_name: String,
    second_name: String,
}

impl Check {
    from_row!(Check {
        id,
        number,
        title_zh,
        title_en,
        place_name,
        path,
        state,
        due_day,
        first_name,
        second_name,
    });
}

const CHECKS: &str = "select f.id, f.number, m.title_zh, m.title_en, p.name as place_name, p.path, f.state, \
    c.due_day, a.name as first_name, b.name as second_name from finding_checks c \
    join findings f on f.id = c.finding join finding_models m on m.id = f.model \
    join places p on p.id = f.place join people a on a.id = c.first join people b on b.id = c.second \
    where c.confirmed_day is null and c.due_day < $2 and f.state in ('assigned', 'recorded') \
    and (p.path = $1 or p.path like $1 || '/%') order by c.due_day, f.number limit 300";

const NAMED: &str = "select f.finding as thing, q.id as person from finding_people f \
    join people q on q.person_key = f.person_key where f.finding = $1";

/// All statements.
pub(super) const STATEMENTS: [&str; 2] = [CHECKS, NAMED];

/// Overdue checks of a place and below it that the reader may know of.
///
/// # Errors
/// A fault when the database cannot be read.
pub async fn checks(
    db: &Db,
    reader: &Reader<'_>,
    path: &str,
    today: &str,
) -> Result<Vec<OverdueLine>, Failure> {
    let during = |error| failure("read overdue checks", error);
    let rows = sqlx::query(CHECKS).bind(path.to_owned()).bind(today.to_owned());
    let rows = rows.fetch_all(&db.read).await.map_err(during)?;
    let read = |row: &AnyRow| Check::from_row(row);
    let all: Vec<Check> = rows.iter().map(read).collect::<Result<_, _>>().map_err(during)?;
    let mut lines = Vec::new();
    for one in all {
        let people = named(db, NAMED, &one.id).await?.into_values().next().unwrap_or_default();
        let subject = Subject {
            object: "hit".to_owned(),
            id: one.id,
            place: one.path.clone(),
            named: people,
            ..Subject::default()
        };
        if reader.sees(&subject).is_some_and(|view| view >= View::Meta) {
            lines.push(OverdueLine {
                kind: "check".to_owned(),
                number: one.number,
                title_zh: one.title_zh,
                title_en: one.title_en,
                place_name: one.place_name,
                path: one.path,
                state: one.state,
                due_day: one.due_day,
                who: format!("{}, {}", one.first_name, one.second_name),
            });
        }
    }
    Ok(lines)
}

/// Overdue clues: what is due first in each.
///
/// # Errors
/// A fault when the database cannot be read.
pub async fn of_clues(
    db: &Db,
    reader: &Reader<'_>,
    path: &str,
    today: &str,
) -> Result<Vec<OverdueLine>, Failure> {
    let open = clues::list(db, reader, path, "").await?;
    let line = |one: clues::ClueLine| {
        let due_day = one.due_day.filter(|day| day.as_str() < today)?;
        Some(OverdueLine {
            kind: "clue".to_owned(),
            number: one.number,
            title_zh: one.title.clone(),
            title_en: one.title,
            place_name: one.place_name,
            path: one.path,
            state: one.state,
            due_day,
            who: one.office,
        })
    };
    Ok(open.into_iter().filter_map(line).collect())
}

/// Overdue rectifications.
///
/// # Errors
/// A fault when the database cannot be read.
pub async fn of_rectifications(
    db: &Db,
    reader: &Reader<'_>,
    path: &str,
    today: &str,
) -> Result<Vec<OverdueLine>, Failure> {
    let open = rectifications::list(db, reader.by, path, "").await?;
    let line = |one: rectifications::RectificationLine| {
        let due_day = one.due_day.filter(|day| day.as_str() < today)?;
        Some(OverdueLine {
            kind: "rectification".to_owned(),
            number: one.number,
            title_zh: one.problem.clone(),
            title_en: one.problem,
            place_name: one.place_name,
            path: one.path,
            state: one.state,
            due_day,
            who: one.owner_name.unwrap_or_default(),
        })
    };
    Ok(open.into_iter().filter_map(line).collect())
}
