//! Documents of a matter: the file lies among the blobs, the matter knows its digest.

use domain::access::{Act, View};
use domain::problem::{Failure, RuleViolation};
use domain::procedure::Event;
use serde_json::json;
use sqlx::Row;

use super::matters::{self, Office, Recorded};
use super::{Refusal, unknown, write};
use crate::db::failure;
use crate::tx::{Entry, Tx};

/// A document that came in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewDocument {
    /// Code of its kind (group `document` of `terms.toml`).
    pub code: String,
    /// Name of the file.
    pub name: String,
    /// SHA-256 of its content, in hex.
    pub blob: String,
    /// Length.
    pub bytes: usize,
}

/// Files a document.
///
/// # Errors
/// A problem when the matter is unknown; rules that say no.
pub async fn file(
    tx: &mut Tx,
    office: Office<'_>,
    matter: &str,
    new: &NewDocument,
) -> Result<Recorded, Refusal> {
    let event = Event::Document { code: new.code.clone(), day: tx.now.day };
    let recorded = matters::record(tx, office, matter, &event, &new.blob).await?;
    let loaded = matters::load(tx, matter).await?;
    let id = tx.new_id()?;
    let text = "insert into documents (id, matter, code, name, blob_sha256, bytes, day) \
                values ($1, $2, $3, $4, $5, $6, $7)";
    let (code, name, blob) = (new.code.clone(), new.name.clone(), new.blob.clone());
    let (bytes, day) = (i64::try_from(new.bytes).unwrap_or(i64::MAX), tx.now.day.to_string());
    write!(tx, text, id.clone(), loaded.id, code, name, blob, bytes, day)?;
    tx.touch("documents", &id)?;
    Ok(recorded)
}

/// A document to be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Document {
    /// Name of the file.
    pub name: String,
    /// SHA-256 of its content, in hex.
    pub blob: String,
}

/// Finds a document of a matter for somebody who looks at it. Papers hold ID numbers and cards: each
/// look leaves an entry.
///
/// # Errors
/// The rule that says no; a problem when nobody knows it.
pub async fn look(tx: &mut Tx, matter: &str, id: &str) -> Result<(Document, Entry), Failure> {
    let during = |error| failure("read document", error);
    let loaded = matters::load(tx, matter).await?;
    if tx.may(Act::Read, "matter", &loaded.place).await? <= View::Public {
        return Err(RuleViolation::new("deny-no-right", "access.toml: matter").into());
    }
    let text = "select name, blob_sha256 from documents where id = $1 and matter = $2";
    let row = sqlx::query(text).bind(id.to_owned()).bind(loaded.id);
    let row = row.fetch_optional(tx.connection()).await.map_err(during)?;
    let row = row.ok_or_else(|| unknown("document", id))?;
    let (name, blob) =
        (row.try_get("name").map_err(during)?, row.try_get("blob_sha256").map_err(during)?);
    let entry = Entry::new("document-read", matter, json!({ "document": id }));
    Ok((Document { name, blob }, entry))
}
