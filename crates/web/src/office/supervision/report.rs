//! The printed report: the funnel in its cuts, and what is overdue, on paper.

use askama::Template;
use axum::extract::Query;
use axum::response::Response;
use registry::queries::supervision::funnel::{Counts, Funnel};
use registry::queries::supervision::overdue::OverdueLine;

use super::Room;
use super::cut::{Filters, Wanted};
use super::overdue;
use crate::error::Error;
use crate::session::Signed;
use crate::ui::{Ui, page};

#[derive(Template)]
#[template(path = "office/supervision/report.html")]
struct Shown<'a> {
    ui: &'a Ui,
    desk: &'a Signed,
    token: &'a str,
    filters: &'a Filters,
    funnel: &'a Funnel,
    cuts: Vec<(&'static str, Vec<(String, Counts)>)>,
    overdue: Vec<OverdueLine>,
    today: String,
}

/// The page.
///
/// # Errors
/// Not found where the reader's posts do not reach.
pub async fn show(room: Room, Query(wanted): Query<Wanted>) -> Result<Response, Error> {
    let filters = Filters::of(&room, wanted).await?;
    let (funnel, places) = (filters.funnel(&room).await?, room.app.places().await?);
    page(&Shown {
        cuts: cuts(&room.ui, &filters, &funnel, |code| places.name(code).to_owned()),
        overdue: overdue::lines(&room, &filters).await?,
        today: room.today(),
        filters: &filters,
        funnel: &funnel,
        ui: &room.ui,
        desk: &room.desk,
        token: &room.token,
    })
}

/// The cuts of a funnel, the largest first, with names.
pub fn cuts(
    ui: &Ui,
    filters: &Filters,
    funnel: &Funnel,
    place: impl Fn(&str) -> String,
) -> Vec<(&'static str, Vec<(String, Counts)>)> {
    let sorted = |mut rows: Vec<(String, Counts)>| {
        rows.sort_by(|(a, one), (b, two)| two.hits.cmp(&one.hits).then_with(|| a.cmp(b)));
        rows
    };
    let places = funnel.places.iter();
    let places = places.map(|(path, c)| (place(path.rsplit('/').next().unwrap_or_default()), *c));
    let models = funnel.models.iter();
    let models = models.map(|(model, c)| (filters.model(ui, model).to_owned(), *c));
    let programmes = funnel.programmes.iter();
    let programmes = programmes.map(|(programme, c)| (super::programme(ui, programme), *c));
    vec![
        ("web-cut-by-place", sorted(places.collect())),
        ("web-cut-by-model", sorted(models.collect())),
        ("web-cut-by-programme", sorted(programmes.collect())),
    ]
}
