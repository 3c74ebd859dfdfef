//! The ledger of clues, and the form with which one arrives.

use askama::Template;
use axum::extract::Query;
use axum::response::Response;
use domain::report::rules::Titled;
use registry::actions::supervision::clues::{self as acts, NewClue};
use registry::queries::supervision::clues::{self, ClueLine};
use serde::Deserialize;

use super::{CLUE, CREATE, Desk, LEDGER, Room, led};
use crate::error::Error;
use crate::office::drafts::{Filled, Typed};
use crate::session::Signed;
use crate::ui::{Ui, page};

/// States in the order of the way.
const STATES: [&str; 9] = [
    "received",
    "registered",
    "proposed",
    "inquiry",
    "verification",
    "hold",
    "dismiss",
    "reported",
    "closed",
];
/// Name of the draft of a new clue.
const DRAFT: &str = "supervision/clue";

/// What to look for, or what a new clue comes from.
#[derive(Deserialize, Default)]
#[serde(default)]
pub struct Wanted {
    state: String,
    finding: String,
    place: String,
}

#[derive(Template)]
#[template(path = "office/supervision/clues.html")]
struct List<'a> {
    ui: &'a Ui,
    desk: &'a Signed,
    token: &'a str,
    room: &'a Room,
    places: Vec<(String, String)>,
    states: [&'static str; 9],
    wanted: &'a Wanted,
    lines: Vec<ClueLine>,
    form: Filled,
    sources: &'a [Titled],
    may_receive: bool,
}

/// The ledger.
///
/// # Errors
/// A fault when the register cannot be read.
pub async fn list(room: Room, Query(wanted): Query<Wanted>) -> Result<Response, Error> {
    draw(&room, &wanted, None).await
}

async fn draw(room: &Room, wanted: &Wanted, refused: Option<&Filled>) -> Result<Response, Error> {
    let desk = Desk::of(room, LEDGER, CLUE)?;
    let reader = desk.reader(room).await?;
    let mut lines: Vec<ClueLine> = Vec::new();
    for path in room.desk.places() {
        let found = clues::list(room.db(), &reader, path, &wanted.state).await?;
        let known: Vec<String> = lines.iter().map(|line| line.number.clone()).collect();
        lines.extend(found.into_iter().filter(|line| !known.contains(&line.number)));
    }
    let form = Filled::new(DRAFT.to_owned(), &room.drafts().await?).or(refused);
    let source = if wanted.finding.is_empty() { "" } else { "model_hit" };
    let form = form.preset("finding", &wanted.finding).preset("source", source);
    page(&List {
        ui: &room.ui,
        desk: &room.desk,
        token: &room.token,
        room,
        places: room.choices(&["village"]).await?,
        states: STATES,
        wanted,
        lines,
        form: form.preset("place", &wanted.place).preset("office", "CJ"),
        sources: &room.ui.law().supervision.sources,
        may_receive: room.desk.may_somewhere(CREATE, CLUE).is_ok(),
    })
}

/// What the form sends.
#[derive(Deserialize)]
struct Sent {
    source: String,
    place: String,
    office: String,
    title: String,
    words: String,
    #[serde(default)]
    accused: String,
    #[serde(default)]
    finding: String,
}

/// Enters a clue that arrived.
///
/// # Errors
/// What typing otherwise does not mend; all else comes back with the form.
pub async fn receive(room: Room, typed: Typed) -> Result<Response, Error> {
    let done = received(&room, &typed).await;
    let wanted = Wanted::default();
    led(&room, (DRAFT, &typed), done, async |f: &Filled| draw(&room, &wanted, Some(f)).await).await
}

/// What somebody types one after the other.
pub(super) fn listed(text: &str) -> Vec<String> {
    let parts = text.split([' ', ',', '，', '、']).map(str::trim);
    parts.filter(|part| !part.is_empty()).map(str::to_owned).collect()
}

async fn received(room: &Room, typed: &Typed) -> Result<String, Error> {
    let form: Sent = typed.read()?;
    let places = room.app.places().await?;
    let place = places.get(form.place.trim()).ok_or(Error::NotFound)?;
    let mut tx = room.desk.begin(CREATE, CLUE, &place.path).await?;
    let accused = listed(&form.accused);
    let people = registry::queries::supervision::people_named(room.db(), &place.path, &accused);
    let people = people.await?.into_iter().map(|id| ("accused".to_owned(), id)).collect();
    let new = NewClue {
        source: form.source,
        place: place.id.clone(),
        office: form.office,
        title: form.title.trim().to_owned(),
        people,
        findings: listed(&form.finding),
        words: form.words.trim().to_owned(),
    };
    let (number, entry) = acts::receive(&mut tx, room.ui.law().bench(), &new).await?;
    registry::actions::drafts::settle(&mut tx, DRAFT).await?;
    tx.commit(entry).await?;
    // Whoever hands a clue in does not always see it afterwards.
    Ok(format!("/office/supervision/clues?received={number}"))
}
