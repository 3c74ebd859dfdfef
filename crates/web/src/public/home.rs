//! The county's page: find a village, what is new, how the county stands.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Query, State};
use axum::response::{IntoResponse, Redirect, Response};
use registry::queries::public_village::PlaceHead;
use serde::Deserialize;

use super::KEEP;
use crate::board::Tally;
use crate::error::Error;
use crate::state::App;
use crate::ui::{Ui, page};

#[derive(Template)]
#[template(path = "public/home.html")]
struct Home<'a> {
    ui: &'a Ui,
    county: Option<&'a PlaceHead>,
    townships: Vec<(&'a PlaceHead, usize)>,
    all: Tally,
}

/// The page.
///
/// # Errors
/// A fault when the register cannot be read.
pub async fn show(State(app): State<Arc<App>>, ui: Ui) -> Result<Response, Error> {
    let (places, board) = (app.places().await?, app.board().await?);
    let county = places.county();
    let path = county.map_or("", |county| county.path.as_str());
    let townships = places.of_level("township", path);
    let townships =
        townships.map(|town| (town, places.of_level("village", &town.path).count())).collect();
    let mut all = Tally::default();
    board.villages.iter().for_each(|line| all.add(line.all));
    Ok(([KEEP], page(&Home { ui: &ui, county, townships, all })?).into_response())
}

/// What the search field sends.
#[derive(Deserialize)]
pub struct Wanted {
    #[serde(default)]
    q: String,
}

#[derive(Template)]
#[template(path = "public/places.html")]
struct Found<'a> {
    ui: &'a Ui,
    q: &'a str,
    found: Vec<(&'a PlaceHead, String)>,
}

/// Villages and townships by name, pinyin or code; one alone is opened at once.
///
/// # Errors
/// A fault when the register cannot be read.
pub async fn find(
    State(app): State<Arc<App>>,
    ui: Ui,
    Query(wanted): Query<Wanted>,
) -> Result<Response, Error> {
    let places = app.places().await?;
    let found = places.find(&wanted.q);
    if let [one] = found.as_slice() {
        return Ok(Redirect::to(&address(one)).into_response());
    }
    let above = |place: &PlaceHead| places.above(place).map_or(String::new(), |p| p.name.clone());
    let found = found.into_iter().map(|place| (place, above(place))).collect();
    page(&Found { ui: &ui, q: &wanted.q, found })
}

/// Address of a place's page.
fn address(place: &PlaceHead) -> String {
    let kind = if place.level == "township" { "townships" } else { "villages" };
    format!("/{kind}/{}", place.id)
}
