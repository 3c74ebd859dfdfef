//! Uploaded batches one by one: for who may see them, and for the program that carries out what was
//! decided.

use domain::problem::Failure;
use sqlx::Row;

use super::office::{self, ImportLine};
use crate::access::By;
use crate::db::{Db, failure};

/// An uploaded batch with who handed it in and who decided.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Import {
    /// As in a list.
    pub line: ImportLine,
    /// Name to sign in with of who handed it in.
    pub uploader: Option<String>,
    /// Key of the person behind the uploading account: another account of his is no second person.
    pub uploader_person: Option<String>,
    /// Name to sign in with of who accepted or rejected it.
    pub decider: Option<String>,
}

/// One of them; none where there is no such, or the reader may not see it.
///
/// # Errors
/// A fault when the database cannot be read.
pub async fn import(db: &Db, by: &By, id: &str) -> Result<Option<Import>, Failure> {
    let during = |error| failure("read import", error);
    let text = "select p.path, u.login as uploader, u.person, d.login as decider from imports i \
                join places p on p.id = i.place left join users u on u.id = i.uploaded_by \
                left join users d on d.id = i.decided_by where i.id = $1";
    let row = sqlx::query(text).bind(id.to_owned()).fetch_optional(&db.read).await;
    let Some(row) = row.map_err(during)? else { return Ok(None) };
    let path: String = row.try_get("path").map_err(during)?;
    let found = office::imports(db, by, &path).await?.into_iter().find(|line| line.id == id);
    let Some(line) = found else { return Ok(None) };
    Ok(Some(Import {
        line,
        uploader: row.try_get("uploader").map_err(during)?,
        uploader_person: row.try_get("person").map_err(during)?,
        decider: row.try_get("decider").map_err(during)?,
    }))
}

/// How a batch stands, `waiting`, `accepted` or `rejected`, and why it was rejected; none where the
/// register does not know it. For the program alone.
///
/// # Errors
/// A fault when the database cannot be read.
pub async fn state(db: &Db, batch: &str) -> Result<Option<(String, String)>, Failure> {
    let during = |error| failure("read import", error);
    let text = "select state, reason from imports where batch = $1";
    let row = sqlx::query(text).bind(batch.to_owned()).fetch_optional(&db.read).await;
    let Some(row) = row.map_err(during)? else { return Ok(None) };
    let reason: Option<String> = row.try_get("reason").map_err(during)?;
    Ok(Some((row.try_get("state").map_err(during)?, reason.unwrap_or_default())))
}
