//! A village: what is new, the three disclosures and how each stands, matters, money, who holds which
//! post, and how to ask.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use domain::catalogue::DutyClass;
use domain::disclosure::{Expected, State as Standing, class_code};
use domain::time::Day;
use registry::queries::public_village::{
    MatterHead, NoticeHead, Officer, PlaceHead, matters, notices, officers,
};

use super::KEEP;
use crate::board::first_day;
use crate::error::Error;
use crate::qr;
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
    officers: &'a [Officer],
    classes: Vec<Class>,
    money: Vec<Money>,
    chart: String,
    qr: String,
    address: String,
}

/// One of the three disclosures.
struct Class {
    code: &'static str,
    on_time: usize,
    late: usize,
    missing: usize,
    lines: Vec<Line>,
}

/// What was due in a period.
struct Line {
    title: String,
    period: String,
    due: String,
    state: &'static str,
    notice: Option<String>,
}

/// Money of matters in a year.
struct Money {
    year: String,
    count: usize,
    fen: i64,
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
    let money = money(&matters);
    let address = format!("{}/villages/{code}", ui.site);
    let village = Village {
        ui: &ui,
        place,
        township: places.above(place),
        news: published.get(..NEW.min(published.len())).unwrap_or_default(),
        matters: matters.get(..NEW.min(matters.len())).unwrap_or_default(),
        officers: &officers,
        classes: classes(&ui, place, &app.duties.on(&ui.law().catalogue, today), &published),
        chart: chart(&ui, &money),
        money,
        qr: qr::svg(&address),
        address,
    };
    Ok(([KEEP], page(&village)?).into_response())
}

fn classes(
    ui: &Ui,
    place: &PlaceHead,
    expected: &[Expected],
    published: &[NoticeHead],
) -> Vec<Class> {
    let (catalogue, today) = (&ui.law().catalogue, ui.today());
    let since = Day::parse(&place.from_day).unwrap_or(Day(0));
    let mut firsts: HashMap<(&str, &str), &NoticeHead> = HashMap::new();
    for notice in published {
        let first = firsts.entry((&notice.duty, &notice.period)).or_insert(notice);
        if notice.published_day < first.published_day {
            *first = notice;
        }
    }
    let of_class = |class: DutyClass| {
        let code = class_code(class);
        let mut all = Class { code, on_time: 0, late: 0, missing: 0, lines: Vec::new() };
        for one in expected.iter().filter(|one| one.due >= since) {
            let Some(duty) = catalogue.duties.get(&one.duty).filter(|d| d.class == class) else {
                continue;
            };
            let first = firsts.get(&(one.duty.as_str(), one.period.as_str()));
            let day = first.and_then(|notice| Day::parse(&notice.published_day));
            let state = Standing::of(one.due, day, today);
            match state {
                Standing::OnTime => all.on_time += 1,
                Standing::Late => all.late += 1,
                Standing::Missing => all.missing += 1,
                Standing::NotDueYet => {}
            }
            all.lines.push(Line {
                title: ui.title(&duty.title).to_owned(),
                period: ui.period(&one.period),
                due: ui.day(&one.due.to_string()),
                state: state.code(),
                notice: first.map(|notice| notice.number.clone()),
            });
        }
        all
    };
    [DutyClass::Party, DutyClass::Village, DutyClass::Finance].map(of_class).into()
}

fn money(matters: &[MatterHead]) -> Vec<Money> {
    let mut years: BTreeMap<String, (usize, i64)> = BTreeMap::new();
    for matter in matters.iter().filter(|matter| matter.state != "stopped") {
        let Some(fen) = matter.amount_fen else { continue };
        let year = matter.opened_day.get(..4).unwrap_or_default().to_owned();
        let sum = years.entry(year).or_default();
        *sum = (sum.0 + 1, sum.1.saturating_add(fen));
    }
    years.into_iter().map(|(year, (count, fen))| Money { year, count, fen }).collect()
}

/// What `charts.ts` draws: yuan by year.
fn chart(ui: &Ui, money: &[Money]) -> String {
    let labels: Vec<&str> = money.iter().map(|one| one.year.as_str()).collect();
    let yuan: Vec<i64> = money.iter().map(|one| one.fen / 100).collect();
    let series = [serde_json::json!({ "name": ui.t("web-money-yuan"), "values": yuan })];
    let unit = ui.t("web-money-yuan");
    let chart =
        serde_json::json!({ "kind": "bar", "labels": labels, "series": series, "unit": unit });
    // Inside a script element, nothing may end it.
    chart.to_string().replace('<', "\\u003c")
}
