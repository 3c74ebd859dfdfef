//! A form of the report pages as it comes in: fields that may stand more than once, and files.

use std::sync::Arc;

use axum::extract::{FromRequest, Multipart, Request};
use axum::http::header::CONTENT_TYPE;
use domain::problem::{Place, Problem};

use crate::error::Error;
use crate::request::{Guard, TOKEN, pairs};
use crate::state::App;

/// Most fields of a form, and longest text of one, in bytes: a full report in Chinese.
const FIELDS: usize = 300;
const LONGEST_TEXT: usize = 128 * 1024;

/// A form with its files.
pub struct Sheet {
    fields: Vec<(String, String)>,
    /// Files in their order; empty ones, as browsers send for a field without a file, are left out.
    pub files: Vec<Vec<u8>>,
}

impl Sheet {
    /// Value of a field; empty when the form has none.
    #[must_use]
    pub fn value(&self, name: &str) -> &str {
        self.fields.iter().find(|(key, _)| key == name).map_or("", |(_, value)| value)
    }

    /// All values of a field.
    pub fn values<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.fields.iter().filter(move |(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// Whether a box was ticked.
    #[must_use]
    pub fn has(&self, name: &str) -> bool {
        !self.value(name).is_empty()
    }
}

impl FromRequest<Arc<App>> for Sheet {
    type Rejection = Error;

    async fn from_request(request: Request, app: &Arc<App>) -> Result<Self, Error> {
        let (parts, body) = request.into_parts();
        let guard = Guard::of(&parts)?;
        let kind = parts.headers.get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
        let with_files = kind.is_some_and(|kind| kind.starts_with("multipart/form-data"));
        let request = Request::from_parts(parts, body);
        let sheet = if with_files {
            // Each may hold its files in memory: some at a time, and the others wait.
            let _place = app.gate.forms.acquire().await;
            read(request, app).await?
        } else {
            Self { fields: pairs(request, app).await?, files: Vec::new() }
        };
        guard.check(Some(sheet.value(TOKEN)))?;
        Ok(sheet)
    }
}

async fn read(request: Request, app: &Arc<App>) -> Result<Sheet, Error> {
    let form = Multipart::from_request(request, app).await;
    let mut form = form.map_err(|_| Error::StaleForm)?;
    let mut sheet = Sheet { fields: Vec::new(), files: Vec::new() };
    let broken = |_| Error::from(broken());
    while let Some(field) = form.next_field().await.map_err(broken)? {
        let name = field.name().unwrap_or_default().to_owned();
        if field.file_name().is_some() {
            let bytes = field.bytes().await.map_err(broken)?.to_vec();
            if !bytes.is_empty() {
                sheet.files.push(bytes);
            }
        } else {
            let mut text = field.text().await.map_err(broken)?;
            if text.len() > LONGEST_TEXT || sheet.fields.len() >= FIELDS {
                return Err(Error::TooLarge);
            }
            text.retain(|letter| letter != '\0');
            sheet.fields.push((name, text));
        }
    }
    Ok(sheet)
}

fn broken() -> domain::problem::Failure {
    let place = Place { column: Some("files".to_owned()), ..Place::default() };
    Problem::new("upload-broken", place).into()
}
