//! A notice that is public: corrected or withdrawn with a reason, and photos of the board.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use domain::problem::{Place, Problem};
use domain::text::personal_number;
use registry::actions::notices;
use registry::actions::photos::{self, NewPhoto};
use registry::blobs::Blobs;
use registry::queries::public_notice::{self, Notice};
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::prepare::lines;
use super::{DRAFT, PUBLISH};
use crate::error::Error;
use crate::office::matters::acts::at_field;
use crate::office::matters::files::Upload;
use crate::photo::without_traces;
use crate::request::{FormToken, Posted};
use crate::session::Signed;
use crate::state::{App, blocking};
use crate::ui::{Ui, page};

#[derive(Template)]
#[template(path = "office/notices/published.html")]
struct Published<'a> {
    ui: &'a Ui,
    desk: &'a Signed,
    token: &'a str,
    notice: &'a Notice,
    title: String,
    lines: String,
    text: String,
}

/// The page.
///
/// # Errors
/// Not found where somebody has nothing to change.
pub async fn show(
    State(app): State<Arc<App>>,
    ui: Ui,
    desk: Signed,
    token: FormToken,
    Path(number): Path<String>,
) -> Result<Response, Error> {
    let found = public_notice::notice(&app.setup.registry.db, &number, ui.today()).await?;
    let notice = found.ok_or(Error::NotFound)?;
    let places = app.places().await?;
    let reaches = places.get(&notice.place).is_some_and(|place| desk.reaches(&place.path));
    let last = notice.versions.last().filter(|_| reaches).ok_or(Error::NotFound)?;
    let text = last.body.get("text").and_then(Value::as_str).unwrap_or_default().to_owned();
    let shown = Published {
        title: last.title.clone(),
        lines: as_text(&last.body),
        text,
        ui: &ui,
        desk: &desk,
        token: &token.value,
        notice: &notice,
    };
    page(&shown)
}

/// Simple lines as the form has them; a table with more columns is corrected by its text.
fn as_text(body: &Map<String, Value>) -> String {
    let lines = body.get("lines").and_then(Value::as_array).into_iter().flatten();
    let simple =
        |line: &Value| -> Option<String> {
            let line = line.as_object().filter(|line| line.len() <= 2)?;
            let item = line.get("item")?.as_str()?;
            let amount = line.get("amount_fen").and_then(Value::as_i64);
            Some(amount.map_or_else(
                || item.to_owned(),
                |fen| format!("{item} {}", domain::money::Fen(fen)),
            ))
        };
    lines.map(simple).collect::<Option<Vec<_>>>().unwrap_or_default().join("\n")
}

/// A correction.
#[derive(Deserialize)]
pub struct Correction {
    reason: String,
    #[serde(default)]
    lines: String,
    #[serde(default)]
    text: String,
    #[serde(default)]
    names_confirmed: String,
}

/// Publishes a new version; the old one stays, with the reason.
///
/// # Errors
/// Rules that say no; a problem at a field.
pub async fn correct(
    State(app): State<Arc<App>>,
    desk: Signed,
    Path(number): Path<String>,
    Posted(form): Posted<Correction>,
) -> Result<Response, Error> {
    let reason = reason(&form.reason)?;
    for (field, text) in [("lines", &form.lines), ("text", &form.text)] {
        if personal_number(text).is_some() {
            return Err(at_field("question-has-number", field));
        }
    }
    let mut change = Map::new();
    let rows = lines(&form.lines);
    if !rows.is_empty() {
        let sum: i64 = rows.iter().filter_map(|line| line.get("amount_fen")?.as_i64()).sum();
        change.insert("total_fen".to_owned(), json!(sum));
        change.insert("lines".to_owned(), Value::Array(rows));
    }
    if !form.text.trim().is_empty() {
        change.insert("text".to_owned(), json!(form.text.trim()));
    }
    replace(&app, &desk, &number, reason, Some((&change, form.names_confirmed == "1"))).await
}

/// Why it is withdrawn.
#[derive(Deserialize)]
pub struct Withdrawal {
    reason: String,
}

/// Withdraws a notice; a stub with the reason stays.
///
/// # Errors
/// Rules that say no; a problem when no reason is given.
pub async fn withdraw(
    State(app): State<Arc<App>>,
    desk: Signed,
    Path(number): Path<String>,
    Posted(form): Posted<Withdrawal>,
) -> Result<Response, Error> {
    replace(&app, &desk, &number, reason(&form.reason)?, None).await
}

fn reason(text: &str) -> Result<&str, Error> {
    let text = text.trim();
    if text.is_empty() {
        return Err(at_field("field-empty", "reason"));
    }
    if personal_number(text).is_some() {
        return Err(at_field("question-has-number", "reason"));
    }
    Ok(text)
}

async fn replace(
    app: &App,
    desk: &Signed,
    number: &str,
    reason: &str,
    change: Option<(&Map<String, Value>, bool)>,
) -> Result<Response, Error> {
    let by = desk.by(PUBLISH, DRAFT, "")?;
    let mut tx = app.setup.registry.begin(by, desk.now, reason).await?;
    tx.names_confirmed = change.is_some_and(|(_, confirmed)| confirmed);
    let change = change.map(|(change, _)| change);
    let entry = notices::replace(&mut tx, number, reason, change).await?;
    tx.commit(entry).await?;
    Ok(Redirect::to(&format!("/notices/{number}")).into_response())
}

/// Adds a photo of the board: a public copy without traces of camera and place, and the original,
/// sealed. Nothing is drawn or kept for somebody who may not.
///
/// # Errors
/// A problem when it is no photo; rules that say no.
pub async fn photo(
    State(app): State<Arc<App>>,
    desk: Signed,
    Path(number): Path<String>,
    upload: Upload,
) -> Result<Response, Error> {
    photos::permitted(&mut desk.begin(PUBLISH, DRAFT, "").await?, &number).await?;
    let caption = upload.value("caption").trim().to_owned();
    let (public_sha256, sealed_sha256) = kept(&app, upload.bytes).await?;
    let new = NewPhoto { public_sha256, sealed_sha256, taken: desk.now.day, caption };
    let mut tx = desk.begin(PUBLISH, DRAFT, "").await?;
    let entry = photos::add(&mut tx, &number, &new).await?;
    tx.commit(entry).await?;
    Ok(Redirect::to(&format!("/notices/{number}")).into_response())
}

/// Draws the public copy and keeps both; the digests of what lies on the disk. Few are drawn at a time:
/// each takes much memory.
async fn kept(app: &App, bytes: Vec<u8>) -> Result<(String, String), Error> {
    let _turn = app.photos.acquire().await;
    let (blobs, key) = (Blobs::at(&app.setup.blobs), app.original_key()?);
    let both = blocking(move || {
        let place = Place { column: Some("file".to_owned()), ..Place::default() };
        let open = without_traces(&bytes);
        let open = open.ok_or_else(|| Problem::new("photo-not-readable", place))?;
        Ok((blobs.keep(&open)?, blobs.keep_sealed(&key, &bytes)?))
    });
    Ok(both.await?)
}
