//! A file that was taken: accepted or rejected by whoever answers for it.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, State};
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Redirect, Response};
use domain::access::Act;
use domain::catalogue::on;
use domain::problem::Failure;
use exchange::write::{Cell, csv_table};
use facts::{BatchProblem, Manifest};
use registry::access::at;
use registry::actions::imports as acts;
use registry::queries::imports::{self, Import};
use serde::Deserialize;

use super::{CREATE, DECIDE, IMPORT, READ, intake};
use crate::error::Error;
use crate::office::matters::acts::at_field;
use crate::places::Places;
use crate::request::{FormToken, Posted};
use crate::session::Signed;
use crate::state::{App, blocking};
use crate::ui::{Ui, page};

#[derive(Template)]
#[template(path = "office/imports/one.html")]
struct Shown<'a> {
    ui: &'a Ui,
    desk: &'a Signed,
    token: &'a str,
    places: &'a Places,
    import: &'a Import,
    manifest: Option<&'a Manifest>,
    /// He handed it in himself.
    own: bool,
    /// Sum in fen above which another than the uploader accepts it.
    above_fen: Option<i64>,
    may_accept: bool,
    may_reject: bool,
}

/// The page.
///
/// # Errors
/// Not found; a fault when the register cannot be read.
pub async fn show(
    State(app): State<Arc<App>>,
    ui: Ui,
    desk: Signed,
    token: FormToken,
    Path(id): Path<String>,
) -> Result<Response, Error> {
    let import = import(&app, &desk, &id).await?;
    let (intake, batch) = (intake(&app)?, import.line.batch.clone());
    let manifest = blocking(move || match intake.manifest(&batch) {
        Err(Failure::Problem(_)) => Ok(None),
        other => other.map(Some),
    });
    let manifest = manifest.await?;
    let places = app.places().await?;
    let path = places.get(&import.line.place).map_or("", |place| place.path.as_str());
    let own = is_own(&import, &desk);
    let rule = on(&app.setup.law.access.second_person, desk.now.day);
    let above_fen = rule.map(|rule| rule.above_fen);
    let free = own && above_fen.is_some_and(|most| import.line.sum_fen <= most);
    let approves = desk
        .by(&[Act::Approve], IMPORT, path)
        .is_ok_and(|by| by.may(Act::Approve, &at(IMPORT, path)).is_ok());
    let waits = import.line.state == "waiting";
    page(&Shown {
        ui: &ui,
        desk: &desk,
        token: &token.value,
        places: &places,
        import: &import,
        manifest: manifest.as_ref(),
        own,
        above_fen,
        may_accept: waits && (free || (approves && !own)),
        may_reject: waits && (own || approves),
    })
}

/// Whether he handed it in himself, on whichever account.
fn is_own(import: &Import, desk: &Signed) -> bool {
    let person = desk.session.person.is_some() && import.uploader_person == desk.session.person;
    person || import.line.uploaded_by.as_ref() == Some(&desk.session.account)
}

async fn import(app: &App, desk: &Signed, id: &str) -> Result<Import, Error> {
    let db = &app.setup.registry.db;
    for path in desk.places() {
        let by = desk.by(READ, IMPORT, path)?;
        if let Some(found) = imports::import(db, &by, id).await? {
            return Ok(found);
        }
    }
    Err(Error::NotFound)
}

/// All its problems, as a file.
///
/// # Errors
/// As [`show`].
pub async fn problems(
    State(app): State<Arc<App>>,
    ui: Ui,
    desk: Signed,
    Path(id): Path<String>,
) -> Result<Response, Error> {
    let import = import(&app, &desk, &id).await?;
    let intake = intake(&app)?;
    let list = blocking(move || intake.problems(&import.line.batch)).await?;
    csv(&ui, &list)
}

/// Problems in words, for a spreadsheet program. Values are masked.
///
/// # Errors
/// A fault when they cannot be written.
pub fn csv(ui: &Ui, list: &[BatchProblem]) -> Result<Response, Error> {
    let header = ["sheet", "row", "column", "value", "reason", "hint", "state"]
        .map(|c| ui.with(&format!("ui-column-{c}"), &[]));
    let header: Vec<&str> = header.iter().map(String::as_str).collect();
    let row = |one: &BatchProblem| {
        let state = if one.refused { "ui-state-refused" } else { "ui-state-noted" };
        let texts = [
            one.sheet.clone(),
            one.row.to_string(),
            one.column.clone(),
            one.value.clone(),
            ui.with(&format!("problem-{}", one.code), &[]),
            ui.with(&format!("problem-{}-hint", one.code), &[]),
            ui.t(state).to_owned(),
        ];
        texts.into_iter().map(Cell::Text).collect()
    };
    let mut bytes = Vec::new();
    csv_table(&mut bytes, &header, list.iter().map(row))?;
    let headers = [
        (CONTENT_TYPE, "text/csv; charset=utf-8"),
        (CONTENT_DISPOSITION, "attachment; filename=\"problems.csv\""),
    ];
    Ok((headers, bytes).into_response())
}

/// A form without fields.
#[derive(Deserialize)]
pub struct Nothing {}

/// Accepts it: from here on it is in use.
///
/// # Errors
/// Rules that say no; a problem when it was decided.
pub async fn accept(
    State(app): State<Arc<App>>,
    desk: Signed,
    Path(id): Path<String>,
    Posted(_form): Posted<Nothing>,
) -> Result<Response, Error> {
    let import = import(&app, &desk, &id).await?;
    let places = app.places().await?;
    let path = places.get(&import.line.place).map_or("", |place| place.path.as_str());
    let own = is_own(&import, &desk);
    let mut tx = desk.begin(if own { CREATE } else { &[Act::Approve] }, IMPORT, path).await?;
    let entry = acts::accept(&mut tx, &app.setup.law.access, &id).await?;
    tx.commit(entry).await?;
    carry_out(&app).await;
    Ok(Redirect::to(&format!("/office/imports/{id}")).into_response())
}

/// Why it is rejected.
#[derive(Deserialize)]
pub struct Why {
    reason: String,
}

/// Rejects it: its facts and names are erased.
///
/// # Errors
/// A problem without a reason, or when it was decided; rules that say no.
pub async fn reject(
    State(app): State<Arc<App>>,
    desk: Signed,
    Path(id): Path<String>,
    Posted(form): Posted<Why>,
) -> Result<Response, Error> {
    let reason = form.reason.trim();
    if reason.is_empty() {
        return Err(at_field("field-empty", "reason"));
    }
    let import = import(&app, &desk, &id).await?;
    let places = app.places().await?;
    let path = places.get(&import.line.place).map_or("", |place| place.path.as_str());
    let mut tx = desk.begin(DECIDE, IMPORT, path).await?;
    let entry = acts::reject(&mut tx, &id, reason).await?;
    tx.commit(entry).await?;
    carry_out(&app).await;
    Ok(Redirect::to(&format!("/office/imports/{id}")).into_response())
}

/// Carries out in the facts what the register has decided. Where that cannot be done now, because
/// somebody imports for instance, it is done with the next round: nothing is lost by it.
async fn carry_out(app: &Arc<App>) {
    if let Err(error) = super::settle(app).await {
        tracing::info!(?error, "a decided import is carried out later");
    }
}
