//! Documents of a matter: the file lies among the blobs, the matter knows its digest.

use domain::procedure::Event;

use super::matters::{self, Office, Recorded};
use super::{Refusal, write};
use crate::tx::Tx;

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
