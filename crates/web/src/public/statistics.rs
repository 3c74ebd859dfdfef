//! How reports are handled, in figures: received, in time, overdue, solved or not, by level and quarter.
//! Small figures are not there, so that none of them points at somebody. And the visits of leaders.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use registry::queries::public_reports::{TotalsRow, VisitRow, totals, visits};

use super::KEEP;
use crate::error::Error;
use crate::office::reports::names::Names;
use crate::places::Places;
use crate::state::App;
use crate::ui::{Ui, page};

/// Visits that are shown.
const VISITS: usize = 20;

#[derive(Template)]
#[template(path = "public/statistics.html")]
struct Statistics<'a> {
    ui: &'a Ui,
    places: &'a Places,
    names: Names<'a>,
    /// Rows by quarter, the newest first.
    quarters: Vec<(String, Vec<TotalsRow>)>,
    visits: Vec<VisitRow>,
    hide_below: u32,
}

impl Statistics<'_> {
    /// A figure, or the sign that it is hidden.
    fn shown(&self, figure: &Option<i64>) -> String {
        figure.map_or_else(|| "—".to_owned(), |figure| figure.to_string())
    }
}

/// The page.
///
/// # Errors
/// A fault when the register cannot be read.
pub async fn show(State(app): State<Arc<App>>, ui: Ui) -> Result<Response, Error> {
    let (places, window) = (app.places().await?, app.window()?);
    let counter = window.counter();
    let rules = counter.rules(ui.today())?.1;
    let db = &app.setup.registry.db;
    let mut quarters: Vec<(String, Vec<TotalsRow>)> = Vec::new();
    for row in totals(db).await?.iter() {
        match quarters.last_mut().filter(|(quarter, _)| *quarter == row.quarter) {
            Some((_, rows)) => rows.push(row.clone()),
            None => quarters.push((row.quarter.clone(), vec![row.clone()])),
        }
    }
    let county = places.county().map_or("", |county| county.path.as_str());
    let visits = visits(db, county).await?;
    let shown = Statistics {
        names: Names { ui: &ui, places: &places, rules },
        visits: visits.iter().take(VISITS).cloned().collect(),
        hide_below: rules.hide_below,
        places: &places,
        ui: &ui,
        quarters,
    };
    Ok(([KEEP], page(&shown)?).into_response())
}
