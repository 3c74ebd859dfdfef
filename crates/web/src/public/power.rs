//! Power items: the list, and the card that tells how one is used (明白卡), for the screen and for
//! one sheet of paper.

use std::collections::BTreeMap;

use askama::Template;
use axum::extract::Path;
use axum::http::header::CACHE_CONTROL;
use axum::response::{IntoResponse, Response};
use domain::catalogue::{Category, Power, PowerVersion, Step, Versioned, flowchart};
use domain::time::Day;

use crate::error::Error;
use crate::qr;
use crate::ui::{Ui, page};

/// These pages change with the catalogue alone.
const KEEP: (axum::http::HeaderName, &str) = (CACHE_CONTROL, "private, max-age=60");

#[derive(Template)]
#[template(path = "public/powers.html")]
struct List<'a> {
    ui: &'a Ui,
    categories: Vec<(String, Vec<&'a Power>)>,
}

/// All power items by field.
///
/// # Errors
/// A fault when the page cannot be drawn.
pub async fn list(ui: Ui) -> Result<Response, Error> {
    let mut categories: BTreeMap<Category, Vec<&Power>> = BTreeMap::new();
    for power in ui.law().catalogue.powers.values().filter(|p| p.on(ui.today()).is_some()) {
        categories.entry(power.category).or_default().push(power);
    }
    let titled = |(category, powers): (Category, _)| {
        (ui.term("power_category", &format!("{category:?}")).to_owned(), powers)
    };
    let categories = categories.into_iter().map(titled).collect();
    Ok(([KEEP], page(&List { ui: &ui, categories })?).into_response())
}

#[derive(Template)]
#[template(path = "public/power.html")]
struct Card<'a> {
    ui: &'a Ui,
    power: &'a Power,
    version: &'a PowerVersion,
    steps: Vec<StepLine>,
    chart: String,
    basis: String,
    address: String,
    qr: String,
}

struct StepLine {
    title: String,
    actors: String,
    due: Option<String>,
}

/// The card of a power item.
///
/// # Errors
/// Not found.
pub async fn show(ui: Ui, Path(code): Path<String>) -> Result<Response, Error> {
    let catalogue = &ui.law().catalogue;
    let today = ui.today();
    let power = catalogue.powers.get(&code).ok_or(Error::NotFound)?;
    let version = power.on(today).ok_or(Error::NotFound)?;
    let steps = catalogue.steps_of(&code, today).map_err(|_| Error::NotFound)?;
    let address = format!("{}/powers/{code}", ui.site);
    let card = Card {
        ui: &ui,
        power,
        version,
        steps: steps.iter().map(|step| line(&ui, step, today)).collect(),
        chart: flowchart(power, steps, catalogue, today, ui.language.is_chinese()),
        basis: domain::model::Basis::line(&version.basis),
        qr: qr::svg(&address),
        address,
    };
    Ok(([KEEP], page(&card)?).into_response())
}

fn line(ui: &Ui, step: &Step, today: Day) -> StepLine {
    let actors: Vec<String> = step.actors.iter().map(|role| ui.role(role)).collect();
    let rule = step.due.as_ref().and_then(|code| ui.law().catalogue.deadlines.get(code));
    let due = rule.and_then(|rule| rule.on(today)).map(|version| ui.limit(&version.limit));
    StepLine { title: ui.title(&step.title).to_owned(), actors: actors.join(ui.t("web-or")), due }
}
