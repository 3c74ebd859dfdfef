//! Finding notices and matters by words, in the county or in one village.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Query, State};
use axum::response::Response;
use registry::queries::public_search::{Found, PAGE};
use serde::Deserialize;

use crate::error::Error;
use crate::places::Places;
use crate::state::App;
use crate::ui::{Ui, page};

/// Longest text that is sought, in letters.
const LONGEST: usize = 60;

/// What the search field sends.
#[derive(Deserialize)]
pub struct Wanted {
    #[serde(default)]
    q: String,
    #[serde(default)]
    village: String,
    before: Option<String>,
}

#[derive(Template)]
#[template(path = "public/search.html")]
struct Shown<'a> {
    ui: &'a Ui,
    q: &'a str,
    village: &'a str,
    places: &'a Places,
    found: &'a [Found],
    more: Option<String>,
}

/// The page.
///
/// # Errors
/// A fault when the register cannot be read.
pub async fn show(
    State(app): State<Arc<App>>,
    ui: Ui,
    Query(wanted): Query<Wanted>,
) -> Result<Response, Error> {
    let places = app.places().await?;
    let q: String = wanted.q.trim().chars().take(LONGEST).collect();
    let titles = app.all_titles().await?;
    let found = titles.find(&q, &wanted.village, wanted.before.as_deref());
    let last = found.last().filter(|_| found.len() == PAGE);
    let more = last.map(|last| format!("{}{}", last.day, last.number));
    page(&Shown { ui: &ui, q: &q, village: &wanted.village, places: &places, found: &found, more })
}
