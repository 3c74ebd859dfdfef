//! What stepped-up supervision shows to the office: figures and scores, lists of quarters, villages with what
//! was looked at and asked of them.

pub mod figures;
pub mod lists;
pub mod villages;

use domain::problem::Failure;
use sqlx::Row;
use sqlx::any::AnyRow;

use crate::db::{Db, failure};

/// Rows of a query over texts.
pub(crate) async fn rows<T>(
    db: &Db,
    text: &'static str,
    with: &[&str],
    read: fn(&AnyRow) -> Result<T, sqlx::Error>,
) -> Result<Vec<T>, Failure> {
    let during = |error| failure("read stepped", error);
    let mut query = sqlx::query(text);
    for value in with {
        query = query.bind((*value).to_owned());
    }
    let rows = query.fetch_all(&db.read).await.map_err(during)?;
    rows.iter().map(read).collect::<Result<_, _>>().map_err(during)
}

/// Leaders of the county who may be in charge: id and name of whoever holds one of the roles.
///
/// # Errors
/// A fault when the database cannot be read.
pub async fn leaders(
    db: &Db,
    roles: &[String],
    day: &str,
) -> Result<Vec<(String, String)>, Failure> {
    let text = "select distinct e.id, e.name from posts s join people e on e.id = s.person \
                where s.role = $1 and s.from_day <= $2 and (s.until_day is null or s.until_day >= $2) \
                order by e.name, e.id";
    let read = |row: &AnyRow| Ok((row.try_get("id")?, row.try_get("name")?));
    let mut all = Vec::new();
    for role in roles {
        all.extend(rows(db, text, &[role, day], read).await?);
    }
    all.dedup();
    Ok(all)
}
