//! Keys as people see them: one's own, those of one's offices, and who has one at all. Public halves and
//! names alone; what opens anything never leaves the database by these.

use std::collections::BTreeMap;

use domain::access::Act;
use domain::problem::Failure;
use domain::time::Day;
use sqlx::Row;

use super::reports::OfficeLine;
use crate::access::{By, at};
use crate::db::{Db, failure};

/// Since when the asker has an own key; none where he has none.
///
/// # Errors
/// A fault when the database cannot be read.
pub async fn own(db: &Db, by: &By) -> Result<Option<String>, Failure> {
    let during = |error| failure("read own key", error);
    let text = "select made_day from holder_keys where person = $1 and ended_day is null";
    let row = sqlx::query(text).bind(by.person.clone().unwrap_or_default());
    let row = row.fetch_optional(&db.read).await.map_err(during)?;
    row.map(|row| row.try_get("made_day")).transpose().map_err(during)
}

/// The offices that the asker works in, with their keys and who holds them.
///
/// # Errors
/// A fault when the database cannot be read.
pub async fn own_offices(db: &Db, by: &By, day: Day) -> Result<Vec<OfficeLine>, Failure> {
    let own = by.offices();
    super::reports::office_lines(db, day, |office| Ok(own.contains(&office.id))).await
}

/// People with an own key: key of the person, and name.
///
/// # Errors
/// The rule that says no; a fault when the database cannot be read.
pub async fn owners(db: &Db, by: &By, county: &str) -> Result<Vec<(String, String)>, Failure> {
    let during = |error| failure("read own keys", error);
    by.may(Act::Read, &at("office_key", county))?;
    let text = "select e.id, e.name from holder_keys k join people e on e.id = k.person \
                where k.ended_day is null order by e.name, e.id";
    let rows = sqlx::query(text).fetch_all(&db.read).await.map_err(during)?;
    let pair = |row: &sqlx::any::AnyRow| Ok((row.try_get("id")?, row.try_get("name")?));
    rows.iter().map(pair).collect::<Result<_, sqlx::Error>>().map_err(during)
}

/// Names of those who work in offices or hold their keys, by the keys of persons: for whoever works in
/// one himself, or looks after keys.
///
/// # Errors
/// A fault when the database cannot be read.
pub async fn names(
    db: &Db,
    by: &By,
    lines: &[OfficeLine],
) -> Result<BTreeMap<String, String>, Failure> {
    let during = |error| failure("read names", error);
    let mut names = BTreeMap::new();
    if by.offices().is_empty() {
        return Ok(names);
    }
    let mut persons: Vec<String> = Vec::new();
    for line in lines {
        persons.extend(line.members.iter().cloned());
        persons.extend(line.holders.iter().cloned());
        persons.extend(line.recovery.iter().cloned());
    }
    for person in persons {
        if names.contains_key(&person) {
            continue;
        }
        let row = sqlx::query("select name from people where id = $1").bind(person.clone());
        let row = row.fetch_optional(&db.read).await.map_err(during)?;
        let name = row.map(|row| row.try_get("name")).transpose().map_err(during)?;
        names.insert(person, name.unwrap_or_default());
    }
    Ok(names)
}
