//! Villages under stepped-up supervision, for anybody to read: until when, who is in charge, which
//! disclosures became stricter, what is looked at, and the five ways to report.

use std::collections::BTreeMap;
use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use domain::disclosure::Tighter;
use domain::supervision::stepped::rules::{Item, Way};
use domain::time::Day;
use registry::public::Public;
use registry::queries::public_stepped::{self, SteppedNotice};

use super::KEEP;
use crate::error::Error;
use crate::qr;
use crate::state::App;
use crate::ui::{Ui, page};

#[derive(Template)]
#[template(path = "public/stepped.html")]
struct List<'a> {
    ui: &'a Ui,
    villages: Public<Vec<SteppedNotice>>,
}

/// The list.
///
/// # Errors
/// A fault when the register cannot be read.
pub async fn list(State(app): State<Arc<App>>, ui: Ui) -> Result<Response, Error> {
    let day = app.now().day.to_string();
    let villages = public_stepped::list(&app.setup.registry.db, &day).await?;
    Ok(([KEEP], page(&List { ui: &ui, villages })?).into_response())
}

#[derive(Template)]
#[template(path = "public/stepped_village.html")]
struct One<'a> {
    ui: &'a Ui,
    village: Public<SteppedNotice>,
    ways: Vec<(&'a Way, String)>,
    items: &'a [Item],
    tightened: &'a [Tighter],
    /// Where a report begins, and its QR code.
    address: String,
    qr: String,
}

/// The notice about one.
///
/// # Errors
/// Not found.
pub async fn one(
    State(app): State<Arc<App>>,
    ui: Ui,
    Path(number): Path<String>,
) -> Result<Response, Error> {
    let day = app.now().day.to_string();
    let village = public_stepped::one(&app.setup.registry.db, &number, &day).await?;
    let village = village.ok_or(Error::NotFound)?;
    let contacts: BTreeMap<String, String> =
        serde_json::from_str(&village.contacts).unwrap_or_default();
    let rules = &ui.law().stepped;
    let version = Day::parse(&village.from_day).and_then(|day| rules.on(day).ok());
    let address = format!("{}/report?place={}", ui.site, village.place);
    let said = |way| {
        let way: &Way = way;
        (way, contacts.get(&way.code).cloned().unwrap_or_default())
    };
    let shown = One {
        ui: &ui,
        ways: rules.ways.iter().map(said).collect(),
        items: &rules.items,
        tightened: version.map_or(&[], |version| version.tightened.as_slice()),
        qr: qr::svg(&address),
        address,
        village,
    };
    Ok(([KEEP], page(&shown)?).into_response())
}
