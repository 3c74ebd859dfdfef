//! The list of findings, by state and model.

use askama::Template;
use axum::extract::Query;
use axum::response::Response;
use registry::queries::supervision::findings::{self, Filter, FindingLine};
use registry::queries::supervision::rates::{self, ModelRate};
use serde::Deserialize;

use super::{Desk, HIT, READ, Room, version};
use crate::error::Error;
use crate::session::Signed;
use crate::ui::{Ui, page};

/// States in the order of work.
const STATES: [&str; 5] = ["new", "assigned", "recorded", "checked", "excluded"];

/// What to look for.
#[derive(Deserialize, Default)]
#[serde(default)]
pub struct Wanted {
    state: String,
    model: String,
}

#[derive(Template)]
#[template(path = "office/supervision/findings.html")]
struct List<'a> {
    ui: &'a Ui,
    desk: &'a Signed,
    room: &'a Room,
    wanted: &'a Wanted,
    states: [&'static str; 5],
    models: Vec<ModelRate>,
    lines: Vec<FindingLine>,
}

impl List<'_> {
    fn title<'a>(&self, zh: &'a str, en: &'a str) -> &'a str {
        if self.ui.tag() == "zh-CN" { zh } else { en }
    }
}

/// The list.
///
/// # Errors
/// A fault when the register cannot be read.
pub async fn list(room: Room, Query(wanted): Query<Wanted>) -> Result<Response, Error> {
    let desk = Desk::of(&room, READ, HIT)?;
    let reader = desk.reader(&room).await?;
    let version = version(&room)?;
    let filter = Filter { state: wanted.state.clone(), model: wanted.model.clone() };
    let mut lines: Vec<FindingLine> = Vec::new();
    for path in room.desk.places() {
        let found = findings::list(room.db(), &reader, path, &filter, version).await?;
        let known: Vec<String> = lines.iter().map(|line| line.number.clone()).collect();
        lines.extend(found.into_iter().filter(|line| !known.contains(&line.number)));
    }
    page(&List {
        models: rates::all(room.db()).await?,
        states: STATES,
        ui: &room.ui,
        desk: &room.desk,
        room: &room,
        wanted: &wanted,
        lines,
    })
}
