//! A notice that is public: corrected or withdrawn with a reason, and photos of the board.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use domain::problem::{Place, Problem};
use domain::text::personal_number;
use registry::actions::photos::{self, NewPhoto};
use registry::actions::{drafts, notices};
use registry::blobs::Blobs;
use registry::queries::public_notice::{self, Notice};
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::prepare::lines;
use super::{DRAFT, PUBLISH};
use crate::error::Error;
use crate::office::drafts::{Filled, Typed};
use crate::office::matters::acts::at_field;
use crate::office::matters::files::Upload;
use crate::office::room::Room;
use crate::photo::without_traces;
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
    simple: bool,
    correction: Filled,
    withdrawal: Filled,
}

/// The page.
///
/// # Errors
/// Not found where somebody has nothing to change.
pub async fn show(room: Room, Path(number): Path<String>) -> Result<Response, Error> {
    draw(&room, &number, None).await
}

async fn draw(room: &Room, number: &str, refused: Option<&Filled>) -> Result<Response, Error> {
    let found = public_notice::notice(room.db(), number, room.ui.today()).await?;
    let notice = found.ok_or(Error::NotFound)?;
    let places = room.app.places().await?;
    let place = places.get(&notice.place);
    let may = place.is_some_and(|place| room.desk.may_at(PUBLISH, DRAFT, &place.path));
    let last = notice.versions.last().filter(|_| may).ok_or(Error::NotFound)?;
    let text = last.body.get("text").and_then(Value::as_str).unwrap_or_default();
    let (kept, lines) = (room.drafts().await?, as_text(&last.body));
    let form = |kind: &str| Filled::new(draft(number, kind), &kept).or(refused);
    page(&Published {
        title: last.title.clone(),
        simple: !lines.is_empty(),
        correction: form("correct").preset("lines", &lines).preset("text", text),
        withdrawal: form("withdraw"),
        ui: &room.ui,
        desk: &room.desk,
        token: &room.token,
        notice: &notice,
    })
}

fn draft(number: &str, kind: &str) -> String {
    format!("published/{number}/{kind}")
}

/// Goes to the notice; a refusal brings the form back.
async fn answer(
    room: &Room,
    number: &str,
    kind: &str,
    typed: &Typed,
    done: Result<(), Error>,
) -> Result<Response, Error> {
    match done {
        Ok(()) => Ok(Redirect::to(&format!("/notices/{number}")).into_response()),
        Err(error) => {
            let refused = room.keep(&draft(number, kind), typed, error, &[]).await?;
            Ok(refused.on(draw(room, number, Some(&refused.form)).await?))
        }
    }
}

/// Simple lines as the form has them; a table with more columns is corrected by its text.
#[must_use]
pub fn as_text(body: &Map<String, Value>) -> String {
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
struct Correction {
    reason: String,
    #[serde(default)]
    lines: String,
    #[serde(default)]
    text: String,
}

/// Publishes a new version; the old one stays, with the reason.
///
/// # Errors
/// What typing otherwise does not mend.
pub async fn correct(
    room: Room,
    Path(number): Path<String>,
    typed: Typed,
) -> Result<Response, Error> {
    let done = corrected(&room, &number, &typed).await;
    answer(&room, &number, "correct", &typed, done).await
}

async fn corrected(room: &Room, number: &str, typed: &Typed) -> Result<(), Error> {
    let form: Correction = typed.read()?;
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
    replace(room, number, reason, Some((&change, typed.confirms_names()))).await
}

/// Why it is withdrawn.
#[derive(Deserialize)]
struct Withdrawal {
    reason: String,
}

/// Withdraws a notice; a stub with the reason stays.
///
/// # Errors
/// What typing otherwise does not mend.
pub async fn withdraw(
    room: Room,
    Path(number): Path<String>,
    typed: Typed,
) -> Result<Response, Error> {
    let done =
        match typed.read::<Withdrawal>().and_then(|form| Ok(reason(&form.reason)?.to_owned())) {
            Ok(reason) => replace(&room, &number, &reason, None).await,
            Err(error) => Err(error),
        };
    answer(&room, &number, "withdraw", &typed, done).await
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
    room: &Room,
    number: &str,
    reason: &str,
    change: Option<(&Map<String, Value>, bool)>,
) -> Result<(), Error> {
    let by = room.desk.by(PUBLISH, DRAFT, "")?;
    let mut tx = room.app.setup.registry.begin(by, room.desk.now, reason).await?;
    tx.names_confirmed = change.is_some_and(|(_, confirmed)| confirmed);
    let kind = if change.is_some() { "correct" } else { "withdraw" };
    let change = change.map(|(change, _)| change);
    let entry = notices::replace(&mut tx, number, reason, change).await?;
    drafts::settle(&mut tx, &draft(number, kind)).await?;
    tx.commit(entry).await?;
    Ok(())
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
