//! Finding notices and matters by words, in the county or in one village.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Query, State};
use axum::response::Response;
use registry::queries::public_search::{Found, PAGE};
use registry::queries::public_village::PlaceHead;
use serde::Deserialize;

use crate::error::Error;
use crate::places::Places;
use crate::state::App;
use crate::ui::{Ui, page};

/// How many places are shown above what is found.
const VILLAGES: usize = 6;

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
    villages: Vec<&'a PlaceHead>,
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
    // Whoever looks for a village here finds it, by pinyin too.
    let mut villages = if wanted.village.is_empty() { places.find(&q) } else { Vec::new() };
    villages.truncate(VILLAGES);
    let village = wanted.village.as_str();
    page(&Shown { ui: &ui, q: &q, village, places: &places, found: &found, villages, more })
}
