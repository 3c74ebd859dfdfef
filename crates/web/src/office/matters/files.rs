//! Documents of a matter: taken in, and read by who may see the matter.

use std::sync::Arc;

use axum::extract::{FromRequest, Multipart, Path, Request, State};
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Redirect, Response};
use registry::actions::documents::{self, NewDocument};
use registry::blobs::Blobs;

use super::acts::at_field;
use super::{MATTER, MOVE, READ};
use crate::error::Error;
use crate::kind::{Kind, kind};
use crate::office::room::or_missing;
use crate::request::{Guard, TOKEN};
use crate::session::Signed;
use crate::state::{App, blocking};

/// Most parts of a form with a file, and longest text of one, in bytes.
const PARTS: usize = 20;
const LONGEST_TEXT: usize = 64 * 1024;
/// Longest name of a file, in letters.
const LONGEST_NAME: usize = 120;

/// A form with one file.
pub struct Upload {
    /// Fields by name.
    pub fields: Vec<(String, String)>,
    /// Name of the file.
    pub name: String,
    /// Its content.
    pub bytes: Vec<u8>,
}

impl Upload {
    /// Value of a field; empty when the form has none.
    #[must_use]
    pub fn value(&self, name: &str) -> &str {
        self.fields.iter().find(|(key, _)| key == name).map_or("", |(_, value)| value)
    }
}

impl FromRequest<Arc<App>> for Upload {
    type Rejection = Error;

    async fn from_request(request: Request, app: &Arc<App>) -> Result<Self, Error> {
        let (parts, body) = request.into_parts();
        let guard = Guard::of(&parts)?;
        let form = Multipart::from_request(Request::from_parts(parts, body), app).await;
        let mut form = form.map_err(|_| Error::StaleForm)?;
        let mut upload = Self { fields: Vec::new(), name: String::new(), bytes: Vec::new() };
        let broken = |_| at_field("upload-broken", "file");
        let mut files = 0;
        while let Some(field) = form.next_field().await.map_err(broken)? {
            let name = field.name().unwrap_or_default().to_owned();
            if name == "file" {
                files += 1;
                upload.name = plain(field.file_name().unwrap_or_default());
                upload.bytes = field.bytes().await.map_err(broken)?.to_vec();
            } else {
                let text = field.text().await.map_err(broken)?;
                if text.len() > LONGEST_TEXT || upload.fields.len() >= PARTS {
                    return Err(Error::TooLarge);
                }
                upload.fields.push((name, text));
            }
            if files > 1 {
                return Err(at_field("upload-many", "file"));
            }
        }
        guard.check(upload.fields.iter().find(|(n, _)| n == TOKEN).map(|(_, v)| v.as_str()))?;
        Ok(upload)
    }
}

/// A name without folders and without letters that nobody sees.
fn plain(name: &str) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    last.chars().filter(|c| !unseen(*c)).take(LONGEST_NAME).collect()
}

/// Control letters, and those that turn the direction of writing: `gnp.exe` must not look like `exe.png`.
fn unseen(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// Files a document. Nothing is kept of somebody who may not, nor of what is no document.
///
/// # Errors
/// A problem when no file came, or one of a kind that is not taken; rules that say no.
pub async fn file(
    State(app): State<Arc<App>>,
    desk: Signed,
    Path(number): Path<String>,
    upload: Upload,
) -> Result<Response, Error> {
    if upload.bytes.is_empty() {
        return Err(at_field("upload-empty", "file"));
    }
    if kind(&upload.bytes).is_none() {
        return Err(at_field("document-kind", "file"));
    }
    let blob = Blobs::digest(&upload.bytes);
    let code = upload.value("code").to_owned();
    let new = NewDocument { code, name: upload.name.clone(), blob, bytes: upload.bytes.len() };
    let mut tx = desk.begin(MOVE, MATTER, "").await?;
    let recorded = documents::file(&mut tx, app.setup.law.rules(), &number, &new).await?;
    let blobs = Blobs::at(&app.setup.blobs);
    blocking(move || blobs.keep(&upload.bytes)).await?;
    tx.commit(recorded.entry).await?;
    Ok(Redirect::to(&format!("/office/matters/{number}")).into_response())
}

/// Shows a document; the look is entered in the journal. Only what a browser can draw is shown in it.
///
/// # Errors
/// Not found for who may not see it.
pub async fn look(
    State(app): State<Arc<App>>,
    desk: Signed,
    Path((number, id)): Path<(String, String)>,
) -> Result<Response, Error> {
    let mut tx = desk.begin(READ, MATTER, "").await?;
    let (document, entry) = or_missing(documents::look(&mut tx, &number, &id).await)?;
    let blobs = Blobs::at(&app.setup.blobs);
    let bytes = or_missing(blocking(move || blobs.read(&document.blob)).await)?;
    tx.commit(entry).await?;
    let (kind, shown) = match kind(&bytes) {
        Some(Kind::Pdf) => ("application/pdf", "inline"),
        Some(Kind::Jpeg) => ("image/jpeg", "inline"),
        Some(Kind::Png) => ("image/png", "inline"),
        _ => ("application/octet-stream", "attachment"),
    };
    let letter = |c: char| if c.is_ascii_alphanumeric() || "-_.".contains(c) { c } else { '_' };
    let name: String = document.name.chars().map(letter).collect();
    let shown = format!("{shown}; filename=\"{name}\"");
    Ok(([(CONTENT_TYPE, kind.to_owned()), (CONTENT_DISPOSITION, shown)], bytes).into_response())
}

#[cfg(test)]
mod tests {
    use super::plain;

    #[test]
    fn a_name_is_no_path_and_hides_nothing() {
        for (name, expect) in [
            ("合同.pdf", "合同.pdf"),
            ("../../etc/passwd", "passwd"),
            ("C:\\fakepath\\a.pdf", "a.pdf"),
            ("a\u{202e}fdp.exe", "afdp.exe"),
            ("a\r\nSet-Cookie: x=1.pdf", "aSet-Cookie: x=1.pdf"),
            ("..", ".."),
        ] {
            assert_eq!(plain(name), expect);
        }
        assert_eq!(plain(&"x".repeat(500)).len(), 120);
    }
}
