//! One-time codes: whether one is good, and which ones a counter has issued.

use domain::problem::Failure;
use sqlx::Row;
use sqlx::any::AnyRow;

use crate::access::By;
use crate::db::{Db, failure};
use crate::tx::Now;

/// Whether a code was issued, has not been used and has not run out.
///
/// # Errors
/// A fault when the database cannot be read.
pub async fn is_open(db: &Db, code_hash: &str, now: Now) -> Result<bool, Failure> {
    let during = |error| failure("read code", error);
    let text = "select count(*) as open from own_codes \
                where code_hash = $1 and used_ms is null and until_ms > $2";
    let row = sqlx::query(text).bind(code_hash.to_owned()).bind(now.ms).fetch_one(&db.read).await;
    Ok(row.map_err(during)?.try_get::<i64, _>("open").map_err(during)? == 1)
}

/// A code that was issued. Whose it is, is not told.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct CodeLine {
    /// When, in milliseconds since 1970.
    pub issued_ms: i64,
    /// Until when it is good.
    pub until_ms: i64,
    /// When it was used.
    pub used_ms: Option<i64>,
    /// Why it was issued.
    pub purpose: String,
}

/// The last codes that the account which acts has issued, the newest first.
///
/// # Errors
/// The rule that says no when nobody has signed in; a fault when the database cannot be read.
pub async fn issued(db: &Db, by: &By, most: i64) -> Result<Vec<CodeLine>, Failure> {
    let during = |error| failure("read codes", error);
    let text = "select issued_ms, until_ms, used_ms, purpose from own_codes where issued_by = $1 \
                order by issued_ms desc, id desc limit $2";
    let rows = sqlx::query(text).bind(by.signed_in()?.to_owned()).bind(most);
    let rows = rows.fetch_all(&db.read).await.map_err(during)?;
    let line = |row: &AnyRow| -> Result<CodeLine, sqlx::Error> {
        Ok(CodeLine {
            issued_ms: row.try_get("issued_ms")?,
            until_ms: row.try_get("until_ms")?,
            used_ms: row.try_get("used_ms")?,
            purpose: row.try_get("purpose")?,
        })
    };
    rows.iter().map(line).collect::<Result<_, _>>().map_err(during)
}
