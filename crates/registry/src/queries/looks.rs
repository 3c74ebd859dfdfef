//! Looks that the register itself knows of: at how to reach an asker, at this log, at the work of others.
//! Only for those whom the matrix lets read the audit log.

use std::collections::BTreeMap;

use domain::access::Act;
use domain::problem::Failure;
use serde_json::Value;
use sqlx::Row;

use crate::access::{By, at};
use crate::db::{Db, failure};

/// A look.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct LookLine {
    /// When, in milliseconds since 1970.
    pub at_ms: i64,
    /// `contact-read`, `access-log-read`.
    pub kind: String,
    /// Name to sign in with; empty where nobody had signed in.
    pub user: String,
    /// Role code in which he looked.
    pub role: String,
    /// Why, where it was said.
    pub reason: String,
}

/// Looks between two moments, the latest first, at most so many. `login` narrows them to an account.
///
/// # Errors
/// The rule that says no; a fault when the database cannot be read.
pub async fn looks(
    db: &Db,
    by: &By,
    (from_ms, until_ms): (i64, i64),
    login: &str,
    most: usize,
) -> Result<Vec<LookLine>, Failure> {
    let during = |error| failure("read looks", error);
    let county = sqlx::query("select path from places where parent is null order by path limit 1");
    let county = county.fetch_optional(&db.read).await.map_err(during)?;
    let county: Option<String> =
        county.map(|row| row.try_get("path")).transpose().map_err(during)?;
    by.may(Act::Read, &at("audit_log", &county.unwrap_or_default()))?;
    let text = "select at_ms, kind, role, reason, payload from entries where log = 'internal' \
                and kind in ('contact-read', 'access-log-read') and at_ms >= $1 and at_ms < $2 \
                order by idx desc";
    let rows = sqlx::query(text).bind(from_ms).bind(until_ms).fetch_all(&db.read).await;
    let names = logins(db).await?;
    let mut found = Vec::new();
    for row in rows.map_err(during)? {
        let payload: Option<String> = row.try_get("payload").map_err(during)?;
        let payload: Value =
            payload.and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default();
        let account = payload.get("account").and_then(Value::as_str).unwrap_or_default();
        let user = names.get(account).cloned().unwrap_or_default();
        if (!login.is_empty() && user != login) || found.len() == most {
            continue;
        }
        found.push(LookLine {
            at_ms: row.try_get("at_ms").map_err(during)?,
            kind: row.try_get("kind").map_err(during)?,
            user,
            role: row.try_get("role").map_err(during)?,
            reason: row.try_get("reason").map_err(during)?,
        });
    }
    Ok(found)
}

async fn logins(db: &Db) -> Result<BTreeMap<String, String>, Failure> {
    let during = |error| failure("read accounts", error);
    let rows = sqlx::query("select id, login from users").fetch_all(&db.read).await;
    let pair = |row: &sqlx::any::AnyRow| Ok((row.try_get("id")?, row.try_get("login")?));
    rows.map_err(during)?.iter().map(pair).collect::<Result<_, _>>().map_err(during)
}
