//! What is to be put right, and the form that hands a problem over.

use askama::Template;
use axum::extract::Query;
use axum::response::Response;
use registry::actions::supervision::rectifications::{self as acts, NewProblem};
use registry::queries::supervision::rectifications::{self, RectificationLine};
use serde::Deserialize;

use super::{APPROVE, FIX, READ, Room, led};
use crate::error::Error;
use crate::office::drafts::{Filled, Typed};
use crate::session::Signed;
use crate::ui::{Ui, page};

const DRAFT: &str = "supervision/fix";
const STATES: [&str; 5] = ["issued", "planned", "approved", "done", "closed"];

/// What to look for, or what a problem comes from.
#[derive(Deserialize, Default)]
#[serde(default)]
pub struct Wanted {
    state: String,
    clue: String,
    place: String,
}

#[derive(Template)]
#[template(path = "office/supervision/fixes.html")]
struct List<'a> {
    ui: &'a Ui,
    desk: &'a Signed,
    token: &'a str,
    room: &'a Room,
    states: [&'static str; 5],
    wanted: &'a Wanted,
    lines: Vec<RectificationLine>,
    form: Filled,
    places: Vec<(String, String)>,
    may_issue: bool,
}

/// The list.
///
/// # Errors
/// A fault when the register cannot be read.
pub async fn list(room: Room, Query(wanted): Query<Wanted>) -> Result<Response, Error> {
    draw(&room, &wanted, None).await
}

async fn draw(room: &Room, wanted: &Wanted, refused: Option<&Filled>) -> Result<Response, Error> {
    let by = room.desk.by(READ, FIX, "")?;
    let mut lines: Vec<RectificationLine> = Vec::new();
    for path in room.desk.places() {
        let found = rectifications::list(room.db(), &by, path, &wanted.state).await?;
        let known: Vec<String> = lines.iter().map(|line| line.number.clone()).collect();
        lines.extend(found.into_iter().filter(|line| !known.contains(&line.number)));
    }
    let form = Filled::new(DRAFT.to_owned(), &room.drafts().await?).or(refused);
    page(&List {
        form: form.preset("clue", &wanted.clue).preset("place", &wanted.place),
        may_issue: room.desk.may_somewhere(APPROVE, FIX).is_ok(),
        ui: &room.ui,
        desk: &room.desk,
        token: &room.token,
        places: room.choices(&["township", "village"]).await?,
        room,
        states: STATES,
        wanted,
        lines,
    })
}

#[derive(Deserialize)]
struct Sent {
    place: String,
    problem: String,
    #[serde(default)]
    clue: String,
}

/// Hands a problem over.
///
/// # Errors
/// What typing otherwise does not mend; all else comes back with the form.
pub async fn issue(room: Room, typed: Typed) -> Result<Response, Error> {
    let done = issued(&room, &typed).await;
    let wanted = Wanted::default();
    led(&room, (DRAFT, &typed), done, async |f: &Filled| draw(&room, &wanted, Some(f)).await).await
}

async fn issued(room: &Room, typed: &Typed) -> Result<String, Error> {
    let form: Sent = typed.read()?;
    let places = room.app.places().await?;
    let place = places.get(form.place.trim()).ok_or(Error::NotFound)?;
    let mut tx = room.desk.begin(APPROVE, FIX, &place.path).await?;
    let new = NewProblem {
        place: place.id.clone(),
        clue: Some(form.clue.trim().to_owned()).filter(|number| !number.is_empty()),
        finding: None,
        problem: form.problem.trim().to_owned(),
    };
    let (number, entry) = acts::issue(&mut tx, room.ui.law().bench(), &new).await?;
    registry::actions::drafts::settle(&mut tx, DRAFT).await?;
    tx.commit(entry).await?;
    Ok(format!("/office/supervision/rectifications/{number}"))
}
