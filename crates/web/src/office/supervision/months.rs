//! The heat map: findings by place and by the month that they are about. A county shows its townships and
//! the villages with most; a township shows its villages.

use std::collections::BTreeMap;

use askama::Template;
use axum::extract::Query;
use axum::response::Response;
use domain::access::covers;
use registry::queries::public_village::PlaceHead;
use registry::queries::supervision::months::months;

use super::Room;
use super::cut::{Filters, Wanted};
use crate::error::Error;
use crate::session::Signed;
use crate::ui::{Ui, page};

/// Villages that a county shows.
const MOST: usize = 30;

/// A row: place with its findings by column, and all of them.
pub struct Row {
    place: PlaceHead,
    cells: Vec<i64>,
    all: i64,
}

#[derive(Template)]
#[template(path = "office/supervision/months.html")]
struct Shown<'a> {
    ui: &'a Ui,
    desk: &'a Signed,
    filters: &'a Filters,
    /// Months as `2025-03`; the last column has what is about a whole year, or no time.
    months: Vec<String>,
    parts: Vec<(&'static str, Vec<Row>, i64)>,
    link: Wanted,
}

impl Shown<'_> {
    /// Class of a cell: the more the darker, a fifth of the most a step.
    #[allow(clippy::unused_self)]
    fn heat(&self, count: &i64, most: &i64) -> &'static str {
        match (count * 5 + most - 1).checked_div(*most) {
            None | Some(0) => "",
            Some(1) => "n1",
            Some(2) => "n2",
            Some(3) => "n3",
            Some(4) => "n4",
            Some(_) => "n5",
        }
    }
}

/// The page.
///
/// # Errors
/// Not found where the reader's posts do not reach.
pub async fn show(room: Room, Query(wanted): Query<Wanted>) -> Result<Response, Error> {
    let mut filters = Filters::of(&room, wanted).await?;
    // Without a year the last one that findings are about.
    if filters.wanted.year() == 0
        && let Some(last) = filters.years.last()
    {
        filters.wanted.year = last.to_string();
        filters.cuts.iter_mut().for_each(|cut| cut.year = *last);
    }
    let year = filters.wanted.year();
    let mut counts: BTreeMap<(String, i64), i64> = BTreeMap::new();
    for cut in &filters.cuts {
        counts.extend(months(room.db(), cut).await?);
    }
    let known = room.app.places().await?;
    let cells = |path: &str| -> Vec<i64> {
        let mut cells = vec![0; 13];
        let inside = counts.iter().filter(|((place, _), _)| covers(path, place));
        for ((_, period), count) in inside {
            let at = period - year * 100;
            let at = if (1..=12).contains(&at) { at - 1 } else { 12 };
            if let Some(cell) = usize::try_from(at).ok().and_then(|at| cells.get_mut(at)) {
                *cell += count;
            }
        }
        cells
    };
    let row = |place: &PlaceHead| {
        let cells = cells(&place.path);
        Row { place: place.clone(), all: cells.iter().sum(), cells }
    };
    let (mut towns, mut villages): (Vec<Row>, Vec<Row>) = (Vec::new(), Vec::new());
    for cut in &filters.cuts {
        let below: Vec<&PlaceHead> = known.of_level("township", &cut.path).collect();
        if below.len() > 1 {
            towns.extend(below.into_iter().map(row));
        }
        villages.extend(known.of_level("village", &cut.path).map(row));
    }
    if !towns.is_empty() {
        villages.sort_by_key(|row| -row.all);
        villages.truncate(MOST);
        villages.retain(|row| row.all > 0);
    }
    let most = |rows: &[Row]| rows.iter().flat_map(|row| row.cells.clone()).max().unwrap_or(0);
    let parts = [("web-months-towns", towns), ("web-months-villages", villages)];
    let parts = parts.into_iter().filter(|(_, rows)| !rows.is_empty());
    page(&Shown {
        months: (1..=12).map(|month| format!("{year:04}-{month:02}")).collect(),
        parts: parts
            .map(|(key, rows)| {
                let most = most(&rows);
                (key, rows, most)
            })
            .collect(),
        link: filters.wanted.clone(),
        filters: &filters,
        ui: &room.ui,
        desk: &room.desk,
    })
}
