//! Photos of the board on which a notice hangs: a public copy without traces of the camera, and the
//! original, which is sealed before it comes here.

use domain::access::Act;
use domain::problem::Failure;
use domain::time::Day;
use serde_json::json;

use super::{notices, texts, write};
use crate::tx::{Entry, PublicEntry, Tx};

/// A photo to be added; the documents lie among the blobs already.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewPhoto {
    /// SHA-256 of the public copy, in hex.
    pub public_sha256: String,
    /// SHA-256 of the sealed original, in hex.
    pub sealed_sha256: String,
    /// When it was taken.
    pub taken: Day,
    /// What it shows; names no person.
    pub caption: String,
}

/// Longest caption, in letters.
const CAPTION: usize = 200;

/// Whether whoever acts may add photos to a notice: asked before anything is drawn or kept.
///
/// # Errors
/// The rule that says no; a problem when nobody knows the notice.
pub async fn permitted(tx: &mut Tx, notice: &str) -> Result<(), Failure> {
    let known = notices::find(tx, notice).await?;
    tx.may(Act::Update, "disclosure_draft", &known.place).await?;
    Ok(())
}

/// Adds a photo to a notice.
///
/// # Errors
/// The rule that says no; a problem when nobody knows the notice, the photo is there, or the caption
/// holds a number of a person.
pub async fn add(tx: &mut Tx, notice: &str, new: &NewPhoto) -> Result<Entry, Failure> {
    let known = notices::find(tx, notice).await?;
    tx.may(Act::Update, "disclosure_draft", &known.place).await?;
    texts::public("caption", &new.caption, CAPTION)?;
    let (id, taken) = (tx.new_id()?, new.taken.to_string());
    let text = "insert into notice_photos (id, notice, public_sha256, sealed_sha256, taken_day, caption) \
                values ($1, $2, $3, $4, $5, $6)";
    let (open, sealed) = (new.public_sha256.clone(), new.sealed_sha256.clone());
    let caption = new.caption.clone();
    write!(tx, text, id.clone(), known.id, open, sealed, taken.clone(), caption)?;
    tx.touch("notice_photos", &id)?;
    let public = PublicEntry {
        subject: notice.to_owned(),
        village: Some(known.place),
        payload: json!({ "photo": new.public_sha256, "taken": taken }),
        ..PublicEntry::default()
    };
    Ok(Entry::new("photo-added", notice, json!({ "photo": id })).public(public))
}
