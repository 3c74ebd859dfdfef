//! What is under way, and what the village still owes.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use domain::catalogue::DutyClass;
use domain::disclosure::class_code;
use domain::time::Day;
use registry::queries::preparations::{Prepared, prepared};
use registry::queries::public_village::{NoticeHead, PlaceHead, notices};

use super::{DRAFT, PREPARE, PUBLISH, READ};
use crate::board::first_day;
use crate::error::Error;
use crate::session::Signed;
use crate::spans::Spans;
use crate::state::App;
use crate::ui::{Ui, page};

#[derive(Template)]
#[template(path = "office/notices/list.html")]
struct List<'a> {
    ui: &'a Ui,
    desk: &'a Signed,
    under_way: Vec<Prepared>,
    owed: Vec<Owed>,
    public: Vec<NoticeHead>,
    may_prepare: bool,
    may_publish: bool,
}

/// How many of the last published notices of a village can be changed from here.
const LAST: usize = 10;

/// A disclosure that is due soon or missing.
pub struct Owed {
    /// Name of the village.
    pub village: String,
    /// Its code.
    pub place: String,
    /// Code of the duty.
    pub duty: String,
    /// Its title.
    pub title: String,
    /// Code of its class.
    pub class: &'static str,
    /// Period.
    pub period: String,
    /// Last day.
    pub due: Day,
    /// The last day is over.
    pub missing: bool,
}

/// The page.
///
/// # Errors
/// A fault when the register cannot be read.
pub async fn show(State(app): State<Arc<App>>, ui: Ui, desk: Signed) -> Result<Response, Error> {
    let (db, by) = (&app.setup.registry.db, desk.by(READ, DRAFT, "")?);
    let mut under_way = Vec::new();
    for path in desk.places() {
        under_way.extend(prepared(db, &by, path).await?);
    }
    let places = app.places().await?;
    let spans = Spans::read(db, ui.law()).await?;
    let (mut owed, mut public) = (Vec::new(), Vec::new());
    let own =
        desk.places().filter_map(|path| path.rsplit('/').next()).filter_map(|c| places.get(c));
    for village in own.filter(|place| place.level == "village") {
        let since = Day(first_day(ui.today()).0 - 120).to_string();
        let done = notices(db, &village.id, &since).await?;
        owed.extend(owed_by(&ui, &spans, village, &done));
        public.extend(done.iter().take(LAST).cloned());
    }
    let may_prepare = desk.may_somewhere(PREPARE, DRAFT).is_ok();
    let may_publish = desk.may_somewhere(PUBLISH, DRAFT).is_ok();
    page(&List { ui: &ui, desk: &desk, under_way, owed, public, may_prepare, may_publish })
}

/// What a village still owes, the longest due first, by what it has published.
#[must_use]
pub fn owed_by(ui: &Ui, spans: &Spans, village: &PlaceHead, done: &[NoticeHead]) -> Vec<Owed> {
    let (today, catalogue) = (ui.today(), &ui.law().catalogue);
    let registered = Day::parse(&village.from_day).unwrap_or(Day(0));
    let span = (first_day(today), today);
    let mut owed: Vec<Owed> = spans
        .expected(ui.law(), &village.id, span)
        .into_iter()
        .filter(|one| one.due >= registered)
        .filter(|one| !done.iter().any(|n| n.duty == one.duty && n.period == one.period))
        .map(|one| Owed {
            village: village.name.clone(),
            place: village.id.clone(),
            title: ui.duty(&one.duty).to_owned(),
            class: class_code(
                catalogue.duties.get(&one.duty).map_or(DutyClass::Village, |d| d.class),
            ),
            missing: one.due < today,
            duty: one.duty,
            period: one.period,
            due: one.due,
        })
        .collect();
    owed.sort_by_key(|one| one.due);
    owed
}
