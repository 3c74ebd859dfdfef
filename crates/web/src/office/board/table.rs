//! The board of a township, a row a village; that of the county, a row a township.

use askama::Template;
use axum::response::Response;
use domain::access::covers;
use registry::queries::public_village::PlaceHead;

use super::{Row, rows};
use crate::error::Error;
use crate::office::room::Room;
use crate::places::Places;
use crate::session::Signed;
use crate::ui::{Ui, page};

/// Titles of the columns.
const COLUMNS: [&str; 6] = [
    "web-board-matters",
    "web-board-answers",
    "web-board-missing",
    "web-board-late",
    "web-board-waiting",
    "web-board-orders",
];

#[derive(Template)]
#[template(path = "office/board/table.html")]
struct Table<'a> {
    ui: &'a Ui,
    desk: &'a Signed,
    place: &'a PlaceHead,
    /// The place above, when the reader may see its board.
    above: Option<&'a PlaceHead>,
    columns: [&'static str; 6],
    rows: Vec<Row>,
    all: Row,
}

/// The page.
///
/// # Errors
/// A fault when the register cannot be read.
pub async fn show(room: &Room, places: &Places, place: &PlaceHead) -> Result<Response, Error> {
    let villages = rows(room, &place.path).await?;
    let mut all = Row::default();
    villages.iter().for_each(|row| all.add(row));
    let mut rows = match place.level.as_str() {
        "county" => {
            let towns = places.of_level("township", &place.path);
            let together = |town: &PlaceHead| {
                let mut sum = Row::of(town);
                let inside = villages.iter().filter(|row| covers(&town.path, &row.path));
                inside.for_each(|row| sum.add(row));
                sum
            };
            towns.map(together).collect()
        }
        _ => villages,
    };
    rows.sort_by_key(Row::rank);
    let above = places.above(place);
    page(&Table {
        above: above.filter(|above| room.desk.may_at(super::READ, super::ORDER, &above.path)),
        columns: COLUMNS,
        ui: &room.ui,
        desk: &room.desk,
        place,
        rows,
        all,
    })
}
