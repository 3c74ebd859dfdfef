//! Findings by place and month (that of their last payment, or the one that they are about), and what filters
//! offer: years and programmes that there are findings about.

use std::collections::BTreeMap;

use domain::problem::Failure;
use sqlx::Row;
use sqlx::any::AnyRow;

use super::funnel::{Cut, rows, within};
use crate::db::{Db, failure};

const MONTHS: &str = concat!(
    "select p.path, coalesce(f.month, f.period) as period, count(*) as count from places p cross join findings f ",
    within!(),
    " and f.place = p.id group by p.path, coalesce(f.month, f.period)"
);
const YEARS: &str = "select case when coalesce(f.month, f.period) > 9999 then coalesce(f.month, f.period) / 100 \
    else f.period end as year, \
    count(*) as count from places p cross join findings f \
    where f.place = p.id and (p.path = $1 or p.path like $1 || '/%') group by 1 order by 1";
const PROGRAMMES: &str = "select distinct f.programme from places p cross join findings f \
    where f.place = p.id and (p.path = $1 or p.path like $1 || '/%') and f.programme is not null order by 1";
const WITHOUT: &str = "select id, evidence from findings where programme is null and id > $1 \
    order by id limit $2";

/// All statements.
pub(super) const STATEMENTS: [&str; 4] = [MONTHS, YEARS, PROGRAMMES, WITHOUT];

/// Findings of a cut by path of the place and time: `yyyymm`, `yyyy`, 0 for all time.
///
/// # Errors
/// A fault when the database cannot be read.
pub async fn months(db: &Db, cut: &Cut) -> Result<BTreeMap<(String, i64), i64>, Failure> {
    let during = |error| failure("read months", error);
    let one = |row: &AnyRow| -> Result<((String, i64), i64), sqlx::Error> {
        Ok(((row.try_get("path")?, row.try_get("period")?), row.try_get("count")?))
    };
    rows(db, MONTHS, cut).await?.iter().map(one).collect::<Result<_, _>>().map_err(during)
}

/// Years that findings of a place are about, with how many, the first first.
///
/// # Errors
/// A fault when the database cannot be read.
pub async fn years(db: &Db, path: &str) -> Result<Vec<(i64, i64)>, Failure> {
    let during = |error| failure("read years", error);
    let rows = sqlx::query(YEARS).bind(path.to_owned()).fetch_all(&db.read).await;
    let one = |row: &AnyRow| -> Result<(i64, i64), sqlx::Error> {
        Ok((row.try_get("year")?, row.try_get("count")?))
    };
    let years: Vec<(i64, i64)> =
        rows.map_err(during)?.iter().map(one).collect::<Result<_, _>>().map_err(during)?;
    Ok(years.into_iter().filter(|(year, _)| *year > 0).collect())
}

/// Programmes that findings of a place are about.
///
/// # Errors
/// A fault when the database cannot be read.
pub async fn programmes(db: &Db, path: &str) -> Result<Vec<String>, Failure> {
    let during = |error| failure("read programmes", error);
    let rows = sqlx::query(PROGRAMMES).bind(path.to_owned()).fetch_all(&db.read).await;
    let one = |row: &AnyRow| row.try_get("programme");
    rows.map_err(during)?.iter().map(one).collect::<Result<_, _>>().map_err(during)
}

/// Findings without a programme behind a key, with their evidence as JSON. For the program alone, which
/// fills them in from the rows.
///
/// # Errors
/// A fault when the database cannot be read.
pub async fn without_programme(
    db: &Db,
    after: &str,
    most: i64,
) -> Result<Vec<(String, String)>, Failure> {
    let during = |error| failure("read findings", error);
    let rows = sqlx::query(WITHOUT).bind(after.to_owned()).bind(most).fetch_all(&db.read).await;
    let one = |row: &AnyRow| Ok((row.try_get("id")?, row.try_get("evidence")?));
    rows.map_err(during)?.iter().map(one).collect::<Result<_, _>>().map_err(during)
}
