//! A township: its villages, and how each publishes.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use registry::queries::public_village::PlaceHead;

use super::KEEP;
use crate::board::Line;
use crate::error::Error;
use crate::state::App;
use crate::ui::{Ui, page};

#[derive(Template)]
#[template(path = "public/township.html")]
struct Township<'a> {
    ui: &'a Ui,
    place: &'a PlaceHead,
    villages: Vec<&'a Line>,
}

/// The page.
///
/// # Errors
/// Not found.
pub async fn show(
    State(app): State<Arc<App>>,
    ui: Ui,
    Path(code): Path<String>,
) -> Result<Response, Error> {
    let (places, board) = (app.places().await?, app.board().await?);
    let place = places.get(&code).filter(|p| p.level == "township").ok_or(Error::NotFound)?;
    let villages = board.inside(&place.path);
    Ok(([KEEP], page(&Township { ui: &ui, place, villages })?).into_response())
}
