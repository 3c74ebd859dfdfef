//! Why a transfer is objected to, for the office that decides on it, and the form to decide. It has no other
//! page of the report any more.

use askama::Template;
use axum::extract::Path;
use axum::response::{IntoResponse, Response};
use registry::actions::reports::objection;
use registry::queries::report_desk::{self, Contested};
use registry::reports::texts::Words;
use serde::Deserialize;

use super::names::Names;
use super::{rules, unseen};
use crate::error::{Error, lines};
use crate::office::room::Room;
use crate::request::Posted;
use crate::session::Signed;
use crate::ui::{Ui, page};

/// The passphrase, where the key is locked.
#[derive(Deserialize, Default)]
#[serde(default)]
pub struct Key {
    passphrase: String,
}

#[derive(Template)]
#[template(path = "office/reports/reason.html")]
struct Reason<'a> {
    ui: &'a Ui,
    desk: &'a Signed,
    token: &'a str,
    names: Names<'a>,
    one: Contested,
    words: Option<Words>,
    key_until: Option<i64>,
    wrong: Vec<String>,
}

/// Opens the reason.
///
/// # Errors
/// Not found for whoever does not decide on it; a wrong passphrase comes back with the form.
pub async fn read(
    room: Room,
    Path(number): Path<String>,
    Posted(form): Posted<Key>,
) -> Result<Response, Error> {
    match opened(&room, &number, &form.passphrase).await {
        Ok(words) => draw(&room, &number, Some(words), Vec::new()).await,
        Err(error) => again(&room, &number, error).await,
    }
}

async fn opened(room: &Room, number: &str, passphrase: &str) -> Result<Words, Error> {
    let window = room.app.window()?;
    let counter = window.counter();
    let office = waiting(room, number).await?.decides;
    let key = room.key(passphrase).await?;
    let by = room.desk.for_office(&office)?;
    let mut tx = room.app.setup.registry.begin(by, room.desk.now, "").await?;
    let read = objection::reason(&mut tx, &counter, number, &key).await;
    let (words, entry) = read.map_err(|failure| unseen(failure.into()))?;
    tx.commit(entry).await?;
    Ok(words.unwrap_or_default())
}

/// The transfer, where one of the reader's offices decides on it.
async fn waiting(room: &Room, number: &str) -> Result<Contested, Error> {
    let window = room.app.window()?;
    let (any, day) = (room.desk.by(&[], "", "")?, room.desk.now.day);
    let all = report_desk::contested(room.db(), &window.counter(), &any, day).await?;
    all.into_iter().find(|one| one.number == number).ok_or(Error::NotFound)
}

/// The form again, with what was refused.
///
/// # Errors
/// The refusal itself where typing otherwise does not help.
pub async fn again(room: &Room, number: &str, error: Error) -> Result<Response, Error> {
    let error = unseen(error);
    let status = error.status();
    if !matches!(status.as_u16(), 409 | 422 | 429) {
        return Err(error);
    }
    let shown = draw(room, number, None, lines(&room.ui, &error, &[])).await?;
    Ok((status, shown).into_response())
}

async fn draw(
    room: &Room,
    number: &str,
    words: Option<Words>,
    wrong: Vec<String>,
) -> Result<Response, Error> {
    let window = room.app.window()?;
    let counter = window.counter();
    let (rules, places) = (rules(room, &counter)?, room.app.places().await?);
    page(&Reason {
        one: waiting(room, number).await?,
        key_until: room.open_until(),
        names: Names { ui: &room.ui, places: &places, rules },
        ui: &room.ui,
        desk: &room.desk,
        token: &room.token,
        words,
        wrong,
    })
}
