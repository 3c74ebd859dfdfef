//! A village: what is new, the three disclosures and how each stands, matters, money, who holds which
//! post, and how to ask.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use domain::time::Day;
use registry::public::Public;
use registry::queries::public_stepped::{self, SteppedNotice};
use registry::queries::public_village::{
    MatterHead, NoticeHead, PlaceHead, matters, notices, officers,
};

use super::KEEP;
use super::disclosed::{Class, Counts, classes};
use super::glance::{self, Month, Used};
use crate::board::first_day;
use crate::error::Error;
use crate::qr;
use crate::spans::Spans;
use crate::state::App;
use crate::ui::{Ui, page};

/// How many of the newest are shown.
const NEW: usize = 8;

#[derive(Template)]
#[template(path = "public/village.html")]
struct Village<'a> {
    ui: &'a Ui,
    place: &'a PlaceHead,
    township: Option<&'a PlaceHead>,
    news: &'a [NoticeHead],
    matters: &'a [MatterHead],
    open: usize,
    classes: Vec<Class>,
    all: Counts,
    months: Vec<Month>,
    months_chart: String,
    used: Vec<Used>,
    used_chart: String,
    posts: Vec<(String, Vec<String>)>,
    qr: String,
    address: String,
    /// Its stepped-up supervision, while it lasts.
    stepped: Option<Public<SteppedNotice>>,
}

/// How many months of accounts stand open.
const MONTHS: usize = 3;

impl Village<'_> {
    fn newest(&self) -> &[Month] {
        self.months.get(self.months.len().saturating_sub(MONTHS)..).unwrap_or_default()
    }

    fn older(&self) -> &[Month] {
        self.months.get(..self.months.len().saturating_sub(MONTHS)).unwrap_or_default()
    }
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
    let places = app.places().await?;
    let place = places.get(&code).filter(|p| p.level == "village").ok_or(Error::NotFound)?;
    let (db, today) = (&app.setup.registry.db, ui.today());
    let since = Day(first_day(today).0 - 120).to_string();
    let published = notices(db, &code, &since).await?;
    let matters = matters(db, &code).await?;
    let officers = officers(db, &code, &today.to_string()).await?;
    let months = glance::months(db, &code, today).await?;
    let used = glance::used(&matters);
    let spans = Spans::read(db, ui.law()).await?;
    let classes = match spans.of(&code) {
        [] => classes(&ui, place, &app.duties.on(&ui.law().catalogue, today), &published),
        _ => {
            let mut own = spans.expected(ui.law(), &code, (first_day(today), today));
            own.sort_by_key(|one| std::cmp::Reverse(one.due));
            classes(&ui, place, &own, &published)
        }
    };
    let stepped = public_stepped::of_village(db, &code, &today.to_string()).await?;
    let address = format!("{}/villages/{code}", ui.site);
    let village = Village {
        ui: &ui,
        place,
        township: places.above(place),
        news: published.get(..NEW.min(published.len())).unwrap_or_default(),
        matters: matters.get(..NEW.min(matters.len())).unwrap_or_default(),
        open: matters.iter().filter(|matter| matter.state == "open").count(),
        all: together(&classes),
        classes,
        months_chart: glance::chart_of_months(&ui, &months),
        months,
        used_chart: glance::chart_of_powers(&ui, &used),
        used,
        posts: glance::posts(&ui, &officers),
        qr: qr::svg(&address),
        address,
        stepped,
    };
    Ok(([KEEP], page(&village)?).into_response())
}

fn together(classes: &[Class]) -> Counts {
    let sum = |of: fn(&Counts) -> usize| classes.iter().map(|class| of(&class.counts)).sum();
    Counts { on_time: sum(|c| c.on_time), late: sum(|c| c.late), missing: sum(|c| c.missing) }
}
