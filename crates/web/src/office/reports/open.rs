//! Reading a report with one's own key, for a purpose; each reading is an entry with a name. What is opened
//! goes into this one answer, which nobody may keep.

use std::collections::BTreeMap;

use axum::extract::Path;
use axum::http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use domain::report::attachment::{Kind, recognise};
use registry::actions::reports::open::{self as reading, Opened, Said};
use registry::queries::reports as lists;
use serde::Deserialize;

use super::one::{Wrong, again, draw};
use super::{hidden, unseen};
use crate::error::Error;
use crate::office::room::Room;
use crate::request::Posted;

/// What was opened, as the page shows it.
pub struct Content {
    /// In the reporter's words; none after erasure.
    pub text: Option<String>,
    /// Who is meant, in his words.
    pub about: String,
    /// Everything said since.
    pub said: Vec<Said>,
    /// Attachments.
    pub files: Vec<Attached>,
}

/// An attachment.
pub struct Attached {
    /// Key of its part.
    pub part: String,
    /// Name that its file had.
    pub name: String,
    /// `sound`, `film`, `photo`, or `file` for what a browser does not show.
    pub shown: &'static str,
}

/// What for, and the passphrase where the key is locked.
#[derive(Deserialize, Default)]
#[serde(default)]
pub struct Purpose {
    purpose: String,
    passphrase: String,
}

/// Opens a report.
///
/// # Errors
/// Not found for whoever may not see it; what typing otherwise mends comes back with the form.
pub async fn open(
    room: Room,
    Path(number): Path<String>,
    Posted(form): Posted<Purpose>,
) -> Result<Response, Error> {
    match opened(&room, &number, &form).await {
        Ok(content) => draw(&room, &number, Some(&content), &Wrong::default()).await,
        Err(error) => {
            let fields = BTreeMap::from([("purpose".to_owned(), form.purpose.clone())]);
            again(&room, &number, ("opening", fields), error).await
        }
    }
}

async fn opened(room: &Room, number: &str, form: &Purpose) -> Result<Content, Error> {
    let window = room.app.window()?;
    let counter = window.counter();
    let office = office_of(room, number).await?;
    let key = room.key(&form.passphrase).await?;
    let by = room.desk.for_office(&office)?;
    let mut tx = room.app.setup.registry.begin(by, room.desk.now, "").await?;
    let read = reading::open(&mut tx, &counter, number, &form.purpose, &key).await;
    let (opened, entry) = read.map_err(|failure| unseen(failure.into()))?;
    tx.commit(entry).await?;
    Ok(content(opened))
}

/// The office that has a report, for whoever may see that there is one.
pub(super) async fn office_of(room: &Room, number: &str) -> Result<String, Error> {
    let window = room.app.window()?;
    let by = room.desk.by(&[], "", "")?;
    let day = room.desk.now.day;
    let read = lists::history(room.db(), &window.counter(), &by, day, number).await;
    Ok(hidden(read)?.0.office.unwrap_or_default())
}

fn content(opened: Opened) -> Content {
    let content = opened.content.unwrap_or_default();
    let there = !content.text.is_empty() || !content.attachments.is_empty();
    let named = content.attachments.iter().map(Some).chain(std::iter::repeat(None));
    let files = opened.attachments.into_iter().zip(named).enumerate();
    let attached = |(at, (part, named)): (usize, (String, Option<_>))| {
        let named: Option<&domain::report::Named> = named;
        Attached {
            part,
            name: named.map_or_else(|| (at + 1).to_string(), |named| named.name.clone()),
            shown: named.map_or("file", |named| shown(named.kind)),
        }
    };
    Content {
        text: there.then_some(content.text),
        about: content.about,
        said: opened.said,
        files: files.map(attached).collect(),
    }
}

fn shown(kind: Kind) -> &'static str {
    match kind {
        Kind::Jpeg | Kind::Png | Kind::Webp => "photo",
        Kind::Wav | Kind::Ogg | Kind::Mp3 | Kind::Amr => "sound",
        Kind::Webm | Kind::Mp4 => "film",
        Kind::Pdf | Kind::Zip => "file",
    }
}

/// An attachment, opened for this one answer: to hear or see in the page, or to save by hand.
///
/// # Errors
/// Not found for whoever may not see it, or whose key is locked.
pub async fn file(
    room: Room,
    Path((number, part)): Path<(String, String)>,
) -> Result<Response, Error> {
    let window = room.app.window()?;
    let counter = window.counter();
    let office = office_of(&room, &number).await?;
    let key = room.key("").await?;
    let by = room.desk.for_office(&office)?;
    let mut tx = room.app.setup.registry.begin(by, room.desk.now, "").await?;
    let read = reading::attachment(&mut tx, &counter, (&number, &part), &key).await;
    let (bytes, entry) = read.map_err(|failure| unseen(failure.into()))?;
    tx.commit(entry).await?;
    let bytes = bytes.expose().to_vec();
    let kind = recognise(&bytes);
    let (media, way) = match kind {
        Some(kind) if shown(kind) != "file" => (kind.media_type(), "inline"),
        Some(kind) => (kind.media_type(), "attachment"),
        None => ("application/octet-stream", "attachment"),
    };
    let head = [(CONTENT_TYPE, media), (CACHE_CONTROL, "no-store"), (CONTENT_DISPOSITION, way)];
    Ok((head, bytes).into_response())
}
