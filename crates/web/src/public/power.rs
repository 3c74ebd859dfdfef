//! Power items: the list, and the card that tells how one is used (明白卡), for the screen and for
//! one sheet of paper.

use std::collections::BTreeMap;
use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::http::header::CACHE_CONTROL;
use axum::response::{IntoResponse, Response};
use domain::catalogue::{Category, Power, PowerVersion, Step, Versioned, flowchart};
use domain::time::Day;
use registry::queries::public_village::{MatterHead, PlaceHead, matters, matters_of, officers};
use serde::Deserialize;

use crate::basis;
use crate::error::Error;
use crate::places::Places;
use crate::qr;
use crate::state::App;
use crate::ui::{Ui, page};

/// These pages change with the catalogue alone.
const KEEP: (axum::http::HeaderName, &str) = (CACHE_CONTROL, "private, max-age=60");

#[derive(Template)]
#[template(path = "public/powers.html")]
struct List<'a> {
    ui: &'a Ui,
    categories: Vec<(String, Vec<&'a Power>)>,
    village: Option<&'a PlaceHead>,
}

/// All power items by field.
///
/// # Errors
/// A fault when the register cannot be read.
pub async fn list(
    State(app): State<Arc<App>>,
    ui: Ui,
    Query(from): Query<From>,
) -> Result<Response, Error> {
    let places = app.places().await?;
    let village = places.get(&from.village).filter(|place| place.level == "village");
    let mut categories: BTreeMap<Category, Vec<&Power>> = BTreeMap::new();
    for power in ui.law().catalogue.powers.values().filter(|p| p.on(ui.today()).is_some()) {
        categories.entry(power.category).or_default().push(power);
    }
    let titled = |(category, powers): (Category, _)| {
        (ui.term("power_category", &format!("{category:?}")).to_owned(), powers)
    };
    let categories = categories.into_iter().map(titled).collect();
    Ok(([KEEP], page(&List { ui: &ui, categories, village })?).into_response())
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
    /// Whose item it is: title of the role and, in a village, the names of those who hold it.
    contacts: Vec<(String, String)>,
    /// The village that the reader comes from.
    village: Option<&'a PlaceHead>,
    matters: Vec<MatterHead>,
    places: &'a Places,
}

/// The village that the reader comes from.
#[derive(Deserialize)]
pub struct From {
    #[serde(default)]
    village: String,
}

/// Most current matters on the card.
const MATTERS: usize = 10;

struct StepLine {
    title: String,
    actors: String,
    due: Option<String>,
}

/// The card of a power item. Of a village's own card names and matters are those of the village.
///
/// # Errors
/// Not found.
pub async fn show(
    State(app): State<Arc<App>>,
    ui: Ui,
    Path(code): Path<String>,
    Query(from): Query<From>,
) -> Result<Response, Error> {
    let catalogue = &ui.law().catalogue;
    let today = ui.today();
    let power = catalogue.powers.get(&code).ok_or(Error::NotFound)?;
    let version = power.on(today).ok_or(Error::NotFound)?;
    let steps = catalogue.steps_of(&code, today).map_err(|_| Error::NotFound)?;
    let places = app.places().await?;
    let village = places.get(&from.village).filter(|place| place.level == "village");
    let address = match village {
        Some(village) => format!("{}/powers/{code}?village={}", ui.site, village.id),
        None => format!("{}/powers/{code}", ui.site),
    };
    let card = Card {
        steps: steps.iter().map(|step| line(&ui, step, today)).collect(),
        chart: flowchart(power, steps, catalogue, today, ui.language.is_chinese()),
        basis: basis::line(&ui, &version.basis),
        qr: qr::svg(&address),
        contacts: contacts(&app, &ui, power, village).await?,
        matters: current(&app, &code, village).await?,
        village,
        places: &places,
        power,
        version,
        address,
        ui: &ui,
    };
    Ok(([KEEP], page(&card)?).into_response())
}

async fn contacts(
    app: &App,
    ui: &Ui,
    power: &Power,
    village: Option<&PlaceHead>,
) -> Result<Vec<(String, String)>, Error> {
    let mut holders: BTreeMap<String, Vec<String>> = BTreeMap::new();
    if let Some(village) = village {
        let db = &app.setup.registry.db;
        for officer in officers(db, &village.id, &ui.today().to_string()).await?.iter() {
            holders.entry(officer.role.clone()).or_default().push(officer.name.clone());
        }
    }
    let named = |role: &String| {
        let names = holders.get(role).map_or(String::new(), |n| n.join(ui.t("ui-list-separator")));
        (ui.role(role), names)
    };
    Ok(power.owner.iter().map(named).collect())
}

/// What is under way: in the village, or the newest in the county.
async fn current(
    app: &App,
    code: &str,
    village: Option<&PlaceHead>,
) -> Result<Vec<MatterHead>, Error> {
    let db = &app.setup.registry.db;
    let all = match village {
        Some(village) => matters(db, &village.id).await?,
        None => matters_of(db, code).await?,
    };
    let of_power = all.iter().filter(|matter| matter.power == code && matter.state == "open");
    Ok(of_power.take(MATTERS).cloned().collect())
}

fn line(ui: &Ui, step: &Step, today: Day) -> StepLine {
    let actors: Vec<String> = step.actors.iter().map(|role| ui.role(role)).collect();
    let rule = step.due.as_ref().and_then(|code| ui.law().catalogue.deadlines.get(code));
    let due = rule.and_then(|rule| rule.on(today)).map(|version| ui.limit(&version.limit));
    StepLine { title: ui.title(&step.title).to_owned(), actors: actors.join(ui.t("web-or")), due }
}
