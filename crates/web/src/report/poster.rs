//! A sheet for the notice board of a village: how to ask for help, complain and report, with the QR code
//! that leads to the form for this village.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use domain::report::rules::Door;
use registry::queries::public_village::PlaceHead;

use super::window::Window;
use crate::error::Error;
use crate::qr;
use crate::state::App;
use crate::ui::{Ui, page};

#[derive(Template)]
#[template(path = "report/poster.html")]
struct Poster<'a> {
    ui: &'a Ui,
    place: &'a PlaceHead,
    township: Option<&'a PlaceHead>,
    doors: &'a [Door],
    qr: String,
    address: String,
}

/// The sheet.
///
/// # Errors
/// Not found.
pub async fn show(
    State(app): State<Arc<App>>,
    ui: Ui,
    Path(code): Path<String>,
) -> Result<Response, Error> {
    let places = app.places().await?;
    let place = places.get(&code).filter(|p| p.level == "village").ok_or(Error::NotFound)?;
    let window = Window::open(&app)?;
    let address = format!("{}/report?place={code}", ui.site);
    page(&Poster {
        ui: &ui,
        place,
        township: places.above(place),
        doors: &window.rules()?.doors,
        qr: qr::svg(&address),
        address,
    })
}
