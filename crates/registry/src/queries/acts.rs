//! How far acts went that may have changed what anybody sees. What was read at the same place is still
//! true.

use domain::problem::Failure;
use sqlx::Row;

use crate::db::{Db, failure};
use crate::tx::INTERNAL;

/// Kinds of acts that change nothing of it: sessions, drafts, passwords, looks. Whatever is not named here
/// may be seen.
const UNSEEN: [&str; 17] = [
    "signed-in",
    "sign-in-refused",
    "signed-out",
    "sessions-ended",
    "second-factor-set",
    "second-factor-right",
    "second-factor-wrong",
    "password-changed",
    "password-reset",
    "account-unlocked",
    "draft-saved",
    "draft-dropped",
    "contact-read",
    "document-read",
    "own-code-issued",
    "own-code-used",
    "import-recorded",
];
/// Entries that are read at a time.
const PAGE: i64 = 500;

/// How far the entries were looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Counted {
    next: i64,
    /// The place after the last act that may be seen.
    pub seen: i64,
}

/// Looks at the entries that came since; at none the first time.
///
/// # Errors
/// A fault when the database cannot be read.
pub async fn count(db: &Db, since: Option<Counted>) -> Result<Counted, Failure> {
    let during = |error| failure("count acts", error);
    let Some(mut counted) = since else {
        let row = sqlx::query("select size from logs where name = $1").bind(INTERNAL);
        let row = row.fetch_one(&db.read).await.map_err(during)?;
        let size: i64 = row.try_get("size").map_err(during)?;
        return Ok(Counted { next: size, seen: size });
    };
    loop {
        let text =
            "select idx, kind from entries where log = $1 and idx >= $2 order by idx limit $3";
        let rows = sqlx::query(text).bind(INTERNAL).bind(counted.next).bind(PAGE);
        let rows = rows.fetch_all(&db.read).await.map_err(during)?;
        for row in &rows {
            let (idx, kind): (i64, String) =
                (row.try_get("idx").map_err(during)?, row.try_get("kind").map_err(during)?);
            counted.next = idx + 1;
            if !UNSEEN.contains(&kind.as_str()) {
                counted.seen = counted.next;
            }
        }
        if i64::try_from(rows.len()).unwrap_or(PAGE) < PAGE {
            return Ok(counted);
        }
    }
}
