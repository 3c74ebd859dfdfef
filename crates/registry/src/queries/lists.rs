//! Lists for the office and for snapshots of tests.

use std::collections::BTreeMap;

use domain::problem::Failure;
use sqlx::Row;
use sqlx::any::AnyRow;

use crate::access::By;
use crate::db::{Db, failure};

/// Rows whose `path` the reader's posts cover.
pub(crate) fn seen(by: &By, object: &str, rows: Vec<AnyRow>) -> Result<Vec<AnyRow>, sqlx::Error> {
    let mut known: BTreeMap<String, bool> = BTreeMap::new();
    let mut kept = Vec::with_capacity(rows.len());
    for row in rows {
        let path: String = row.try_get("path")?;
        if *known.entry(path).or_insert_with_key(|path| by.sees(object, path)) {
            kept.push(row);
        }
    }
    Ok(kept)
}

/// A matter in a list.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct MatterLine {
    /// Public number.
    pub number: String,
    /// Code of the power item.
    pub power: String,
    /// Code of the village.
    pub place: String,
    /// Title.
    pub title: String,
    /// `open`, `archived`, `stopped`.
    pub state: String,
    /// When it was opened.
    pub opened: String,
}

/// Matters of a place and of those below it that the reader's posts cover, the newest first.
///
/// # Errors
/// A fault when the database cannot be read.
pub async fn matters(db: &Db, by: &By, path: &str) -> Result<Vec<MatterLine>, Failure> {
    let during = |error| failure("read matters", error);
    let text = "select m.number, m.power, m.place, m.title, m.state, m.opened_day, p.path from matters m \
                join places p on p.id = m.place where p.path = $1 or p.path like $1 || '/%' \
                order by m.opened_day desc, m.number limit 2000";
    let rows = sqlx::query(text).bind(path.to_owned()).fetch_all(&db.read).await.map_err(during)?;
    let rows = seen(by, "matter", rows).map_err(during)?;
    let line = |row: &sqlx::any::AnyRow| -> Result<MatterLine, sqlx::Error> {
        Ok(MatterLine {
            number: row.try_get("number")?,
            power: row.try_get("power")?,
            place: row.try_get("place")?,
            title: row.try_get("title")?,
            state: row.try_get("state")?,
            opened: row.try_get("opened_day")?,
        })
    };
    rows.iter().map(line).collect::<Result<_, _>>().map_err(during)
}

/// A version of a notice in a list.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct NoticeLine {
    /// Public number.
    pub number: String,
    /// Code of the disclosure duty.
    pub duty: String,
    /// Period.
    pub period: String,
    /// Version, from 1.
    pub version: i64,
    /// `published`, `corrected`, `withdrawn`.
    pub state: String,
    /// Title.
    pub title: String,
    /// When it was published.
    pub published: String,
    /// When it should have been.
    pub due: Option<String>,
}

/// All versions of the notices of a place, the newest first.
///
/// # Errors
/// A fault when the database cannot be read.
pub async fn notices(db: &Db, place: &str) -> Result<Vec<NoticeLine>, Failure> {
    let during = |error| failure("read notices", error);
    let text = "select n.number, n.duty, n.period, v.version, v.state, v.title, v.published_day, \
                v.due_day from notices n join notice_versions v on v.notice = n.id \
                where n.place = $1 order by v.published_day desc, n.number, v.version";
    let rows =
        sqlx::query(text).bind(place.to_owned()).fetch_all(&db.read).await.map_err(during)?;
    let line = |row: &sqlx::any::AnyRow| -> Result<NoticeLine, sqlx::Error> {
        Ok(NoticeLine {
            number: row.try_get("number")?,
            duty: row.try_get("duty")?,
            period: row.try_get("period")?,
            version: row.try_get("version")?,
            state: row.try_get("state")?,
            title: row.try_get("title")?,
            published: row.try_get("published_day")?,
            due: row.try_get("due_day")?,
        })
    };
    rows.iter().map(line).collect::<Result<_, _>>().map_err(during)
}

/// The leaf of the last entry about a subject in a log.
///
/// # Errors
/// A fault when the database cannot be read.
pub async fn last_leaf(db: &Db, log: &str, subject: &str) -> Result<Option<i64>, Failure> {
    let during = |error| failure("read entries", error);
    let text = "select max(idx) as leaf from entries where log = $1 and subject = $2";
    let row = sqlx::query(text).bind(log.to_owned()).bind(subject.to_owned());
    let row = row.fetch_one(&db.read).await.map_err(during)?;
    row.try_get("leaf").map_err(during)
}

/// How many rows each table of the register has.
///
/// # Errors
/// A fault when the database cannot be read.
pub async fn sizes(db: &Db) -> Result<Vec<(String, i64)>, Failure> {
    let during = |error| failure("count rows", error);
    let text = "select name, size from logs order by name";
    let rows = sqlx::query(text).fetch_all(&db.read).await.map_err(during)?;
    let size = |row: &sqlx::any::AnyRow| Ok((row.try_get("name")?, row.try_get("size")?));
    rows.iter().map(size).collect::<Result<_, _>>().map_err(during)
}

/// A place in a list.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct PlaceLine {
    /// Official code.
    pub place: String,
    /// `county`, `township`, `village`, `group`.
    pub level: String,
    /// Name.
    pub name: String,
    /// Codes from the county down.
    pub path: String,
    /// Area (片区), where it belongs to one.
    pub area: Option<String>,
}

/// All places, from the county down.
///
/// # Errors
/// A fault when the database cannot be read.
pub async fn places(db: &Db) -> Result<Vec<PlaceLine>, Failure> {
    let during = |error| failure("read places", error);
    let text = "select id, level, name, path, area from places order by path";
    let rows = sqlx::query(text).fetch_all(&db.read).await.map_err(during)?;
    let line = |row: &sqlx::any::AnyRow| -> Result<PlaceLine, sqlx::Error> {
        Ok(PlaceLine {
            place: row.try_get("id")?,
            level: row.try_get("level")?,
            name: row.try_get("name")?,
            path: row.try_get("path")?,
            area: row.try_get("area")?,
        })
    };
    rows.iter().map(line).collect::<Result<_, _>>().map_err(during)
}

/// What a place was called until a day.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct OldName {
    /// Name.
    pub name: String,
    /// Area (片区), where it belonged to one.
    pub area: Option<String>,
    /// Last day.
    pub until: String,
}

/// Earlier names and areas of a place, the oldest first.
///
/// # Errors
/// A fault when the database cannot be read.
pub async fn old_names(db: &Db, place: &str) -> Result<Vec<OldName>, Failure> {
    let during = |error| failure("read places", error);
    let text =
        "select name, area, until_day from place_names where place = $1 order by until_day, id";
    let rows = sqlx::query(text).bind(place.to_owned()).fetch_all(&db.read).await;
    let line = |row: &sqlx::any::AnyRow| -> Result<OldName, sqlx::Error> {
        Ok(OldName {
            name: row.try_get("name")?,
            area: row.try_get("area")?,
            until: row.try_get("until_day")?,
        })
    };
    rows.map_err(during)?.iter().map(line).collect::<Result<_, _>>().map_err(during)
}

/// A post in a list.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct PostLine {
    /// Key.
    pub post: String,
    /// Role code.
    pub role: String,
    /// Key of the person.
    pub person: String,
    /// Name.
    pub name: String,
    /// First day.
    pub from: String,
    /// Last day, if it has ended.
    pub until: Option<String>,
}

/// Posts of a place, the ended ones too.
///
/// # Errors
/// A fault when the database cannot be read.
pub async fn posts(db: &Db, place: &str) -> Result<Vec<PostLine>, Failure> {
    let during = |error| failure("read posts", error);
    let text = "select s.id, s.role, s.person, p.name, s.from_day, s.until_day from posts s \
                join people p on p.id = s.person where s.place = $1 order by s.role, s.from_day, s.id";
    let rows =
        sqlx::query(text).bind(place.to_owned()).fetch_all(&db.read).await.map_err(during)?;
    let line = |row: &sqlx::any::AnyRow| -> Result<PostLine, sqlx::Error> {
        Ok(PostLine {
            post: row.try_get("id")?,
            role: row.try_get("role")?,
            person: row.try_get("person")?,
            name: row.try_get("name")?,
            from: row.try_get("from_day")?,
            until: row.try_get("until_day")?,
        })
    };
    rows.iter().map(line).collect::<Result<_, _>>().map_err(during)
}

/// The path of a place: the codes from the county down, divided by slashes.
///
/// # Errors
/// A problem when nobody knows the place.
pub async fn path(db: &Db, place: &str) -> Result<String, Failure> {
    let during = |error| failure("read place", error);
    let row = sqlx::query("select path from places where id = $1").bind(place.to_owned());
    let row = row.fetch_optional(&db.read).await.map_err(during)?;
    row.ok_or_else(|| crate::actions::unknown("place", place))?.try_get("path").map_err(during)
}
