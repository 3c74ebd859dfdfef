//! Who publishes in time: townships and villages by month, as a heat map in which every cell has its
//! number.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Query, State};
use axum::response::{IntoResponse, Response};
use registry::queries::public_village::PlaceHead;
use serde::Deserialize;

use super::KEEP;
use crate::board::{Board, Line, Tally};
use crate::error::Error;
use crate::state::App;
use crate::ui::{Ui, page};

/// Which township.
#[derive(Deserialize)]
pub struct Which {
    #[serde(default)]
    township: String,
}

#[derive(Template)]
#[template(path = "public/scoreboard.html")]
struct Score<'a> {
    ui: &'a Ui,
    board: &'a Board,
    lines: Vec<Line>,
    township: Option<&'a PlaceHead>,
    all: Tally,
}

impl Score<'_> {
    fn tally(&self, line: &Line, month: &str) -> Tally {
        line.months.get(month).copied().unwrap_or_default()
    }
}

/// The page.
///
/// # Errors
/// Not found.
pub async fn show(
    State(app): State<Arc<App>>,
    ui: Ui,
    Query(which): Query<Which>,
) -> Result<Response, Error> {
    let (places, board) = (app.places().await?, app.board().await?);
    let township = match which.township.as_str() {
        "" => None,
        code => Some(places.get(code).ok_or(Error::NotFound)?),
    };
    let lines = match township {
        Some(place) => board.inside(&place.path).into_iter().cloned().collect(),
        None => board.townships(&places),
    };
    let mut all = Tally::default();
    lines.iter().for_each(|line: &Line| all.add(line.all));
    let shown = Score { ui: &ui, board: &board, lines, township, all };
    Ok(([KEEP], page(&shown)?).into_response())
}
