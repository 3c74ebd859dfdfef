//! Where several reports point: village and kind of post, for supervisors. Those that the reader may not
//! see are in no count; the sealed queue is in none.

use askama::Template;
use axum::response::Response;
use registry::queries::reports::{self as lists, Cluster};

use super::names::Names;
use crate::error::Error;
use crate::office::room::Room;
use crate::session::Signed;
use crate::ui::{Ui, page};

#[derive(Template)]
#[template(path = "office/reports/clusters.html")]
struct List<'a> {
    ui: &'a Ui,
    desk: &'a Signed,
    names: Names<'a>,
    clusters: Vec<Cluster>,
}

/// The page.
///
/// # Errors
/// A fault when the register cannot be read.
pub async fn show(room: Room) -> Result<Response, Error> {
    let window = room.app.window()?;
    let counter = window.counter();
    let (rules, places) = (super::rules(&room, &counter)?, room.app.places().await?);
    let by = room.desk.by(super::READ, "report", "")?;
    let clusters = lists::clusters(room.db(), &counter, &by, room.desk.now.day).await?;
    page(&List {
        names: Names { ui: &room.ui, places: &places, rules },
        ui: &room.ui,
        desk: &room.desk,
        clusters,
    })
}
