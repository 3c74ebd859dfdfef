//! The first page: what the three doors are, who reads what comes through each, and who never does.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Query, State};
use axum::response::Response;
use domain::report::rules::Door;
use registry::queries::public_village::PlaceHead;
use serde::Deserialize;

use super::mode::at;
use super::window::Window;
use crate::error::Error;
use crate::places::Places;
use crate::request::FormToken;
use crate::state::App;
use crate::ui::{Ui, page};

/// Where somebody comes from: the QR code of a village, the screen of an office.
#[derive(Deserialize)]
pub struct From {
    #[serde(default)]
    place: String,
    #[serde(default)]
    kiosk: String,
}

/// A township with its villages.
struct Group<'a> {
    township: &'a PlaceHead,
    villages: Vec<&'a PlaceHead>,
}

#[derive(Template)]
#[template(path = "report/start.html")]
struct Start<'a> {
    ui: &'a Ui,
    token: &'a str,
    kiosk: bool,
    doors: &'a [Door],
    place: Option<&'a PlaceHead>,
    county: Option<&'a PlaceHead>,
    groups: Vec<Group<'a>>,
    /// No place was chosen.
    nowhere: bool,
}

/// The page.
///
/// # Errors
/// A fault when the register cannot be read.
pub async fn show(
    State(app): State<Arc<App>>,
    ui: Ui,
    token: FormToken,
    Query(from): Query<From>,
) -> Result<Response, Error> {
    let kiosk = from.kiosk == "1";
    let mut path = "/report".to_owned();
    let places = app.places().await?;
    let place = places.get(&from.place);
    if let (Some(place), false) = (place, kiosk) {
        path = format!("/report?place={}", place.id);
    }
    draw(&app, at(ui, &path, kiosk), &token, place.filter(|p| p.level != "group"), (kiosk, false))
        .await
}

/// Draws it; also for whoever pressed a button without choosing a place.
///
/// # Errors
/// A fault when the register cannot be read.
pub async fn draw(
    app: &Arc<App>,
    ui: Ui,
    token: &FormToken,
    place: Option<&PlaceHead>,
    (kiosk, nowhere): (bool, bool),
) -> Result<Response, Error> {
    let places = app.places().await?;
    let window = Window::open(app)?;
    let shown = page(&Start {
        ui: &ui,
        token: &token.value,
        kiosk,
        doors: &window.rules()?.doors,
        place,
        county: places.county(),
        groups: places.county().map(|county| groups(&places, county)).unwrap_or_default(),
        nowhere,
    })?;
    Ok(token.kept(shown))
}

fn groups<'a>(places: &'a Places, county: &'a PlaceHead) -> Vec<Group<'a>> {
    let inside = |town: &'a PlaceHead| places.of_level("village", &town.path).collect();
    let group = |town: &'a PlaceHead| Group { township: town, villages: inside(town) };
    places.of_level("township", &county.path).map(group).collect()
}
