//! Documents of a matter: taken in, and read by who may see the matter.

use std::sync::Arc;

use axum::extract::{FromRequest, Multipart, Path, Request, State};
use axum::response::{IntoResponse, Redirect, Response};
use registry::actions::documents::{self, NewDocument};
use registry::blobs::Blobs;

use super::acts::at_field;
use super::{MATTER, MOVE};
use crate::error::Error;
use crate::request::{Guard, TOKEN};
use crate::session::Signed;
use crate::state::App;

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
        while let Some(field) = form.next_field().await.map_err(broken)? {
            let name = field.name().unwrap_or_default().to_owned();
            if name == "file" {
                upload.name = field.file_name().unwrap_or_default().to_owned();
                upload.bytes = field.bytes().await.map_err(broken)?.to_vec();
            } else {
                upload.fields.push((name, field.text().await.map_err(broken)?));
            }
        }
        guard.check(upload.fields.iter().find(|(n, _)| n == TOKEN).map(|(_, v)| v.as_str()))?;
        Ok(upload)
    }
}

/// Files a document.
///
/// # Errors
/// A problem when no file came; rules that say no.
pub async fn file(
    State(app): State<Arc<App>>,
    desk: Signed,
    Path(number): Path<String>,
    upload: Upload,
) -> Result<Response, Error> {
    if upload.bytes.is_empty() {
        return Err(at_field("upload-empty", "file"));
    }
    let blob = Blobs::at(&app.setup.blobs).keep(&upload.bytes)?;
    let code = upload.value("code").to_owned();
    let new = NewDocument { code, name: upload.name.clone(), blob, bytes: upload.bytes.len() };
    let mut tx = desk.begin(MOVE, MATTER, "").await?;
    let recorded = documents::file(&mut tx, app.setup.law.rules(), &number, &new).await?;
    tx.commit(recorded.entry).await?;
    Ok(Redirect::to(&format!("/office/matters/{number}")).into_response())
}
