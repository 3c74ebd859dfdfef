//! What a reporter does with his receipt: adds, rates, asks for a review, has his data forgotten, takes a
//! proof of the day home.

use std::sync::Arc;

use axum::extract::State;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use domain::problem::{Failure, Fault, Place, Problem};
use domain::receipt::Receipt;
use registry::actions::Refusal;
use registry::actions::reports::{objection, reader};
use registry::log::Log;
use registry::reports::{Counter, receipts};
use registry::tx::FILINGS;
use registry::{Entry, Tx};

use super::clean::clean;
use super::receipt::{Came, draw, of};
use super::sheet::Sheet;
use super::window::Window;
use crate::error::Error;
use crate::request::FormToken;
use crate::state::App;
use crate::ui::Ui;

/// Why data are forgotten, in the entry of it.
const GROUND: &str = "reporter";

/// Does something in a transaction of whoever came.
async fn acted<F>(app: &Arc<App>, receipt: &Receipt, act: F) -> Result<(), Error>
where
    F: AsyncFnOnce(&mut Tx, &Counter<'_>) -> Result<Entry, Refusal>,
{
    app.gate.act(receipt)?;
    let window = Window::open(app)?;
    let mut tx = window.begin().await?;
    let entry = act(&mut tx, &window.counter()).await?;
    tx.commit(entry).await?;
    Ok(())
}

fn came(done: Result<(), Error>, said: &'static str) -> Result<Came, Error> {
    match done {
        Ok(()) => Ok(Came::Done(said)),
        Err(error @ (Error::Rules(_) | Error::TooMany)) => Ok(Came::Refused(error)),
        Err(Error::Failed(failure @ Failure::Problem(_))) => {
            Ok(Came::Refused(Error::Failed(failure)))
        }
        Err(error) => Err(error),
    }
}

/// Adds words and files.
///
/// # Errors
/// A stale form.
pub async fn add(
    State(app): State<Arc<App>>,
    ui: Ui,
    token: FormToken,
    mut sheet: Sheet,
) -> Result<Response, Error> {
    let files = std::mem::take(&mut sheet.files);
    let done = async {
        let receipt = of(&sheet)?;
        let files = clean(&app, files).await?.into_iter().map(|(_, bytes)| bytes).collect();
        let text = sheet.value("text");
        acted(&app, &receipt, async |tx, counter| {
            Ok(reader::add(tx, counter, &receipt, (text, files)).await?)
        })
        .await
    };
    let came = came(done.await, "web-report-added")?;
    draw(&app, ui, &token, &sheet, came).await
}

/// Says whether it is solved.
///
/// # Errors
/// A stale form.
pub async fn rate(
    State(app): State<Arc<App>>,
    ui: Ui,
    token: FormToken,
    sheet: Sheet,
) -> Result<Response, Error> {
    let solved = match sheet.value("solved") {
        "yes" => true,
        "no" => false,
        _ => return Err(Error::StaleForm),
    };
    let done = async {
        let (receipt, text) = (of(&sheet)?, sheet.value("text"));
        acted(&app, &receipt, async |tx, counter| {
            Ok(reader::rate(tx, counter, &receipt, (solved, text)).await?.entry)
        })
        .await
    };
    let came = came(done.await, "web-report-rated")?;
    draw(&app, ui, &token, &sheet, came).await
}

/// Asks for a review, or for the second one.
///
/// # Errors
/// A stale form.
pub async fn ask_review(
    State(app): State<Arc<App>>,
    ui: Ui,
    token: FormToken,
    sheet: Sheet,
) -> Result<Response, Error> {
    let done = async {
        let (receipt, text) = (of(&sheet)?, sheet.value("text"));
        acted(&app, &receipt, async |tx, counter| {
            Ok(reader::ask_review(tx, counter, &receipt, text).await?.entry)
        })
        .await
    };
    let came = came(done.await, "web-report-review-asked")?;
    draw(&app, ui, &token, &sheet, came).await
}

/// Objects to a transfer: it was handed to the wrong office.
///
/// # Errors
/// A stale form.
pub async fn object_transfer(
    State(app): State<Arc<App>>,
    ui: Ui,
    token: FormToken,
    sheet: Sheet,
) -> Result<Response, Error> {
    let done = async {
        let (receipt, text) = (of(&sheet)?, sheet.value("text"));
        acted(&app, &receipt, async |tx, counter| {
            Ok(objection::object(tx, counter, &receipt, text).await?.entry)
        })
        .await
    };
    let came = came(done.await, "web-report-transfer-objected")?;
    draw(&app, ui, &token, &sheet, came).await
}

/// Has the reporter's data forgotten.
///
/// # Errors
/// A stale form, or one in which nobody said that he means it.
pub async fn forget(
    State(app): State<Arc<App>>,
    ui: Ui,
    token: FormToken,
    sheet: Sheet,
) -> Result<Response, Error> {
    if !sheet.has("sure") {
        return draw(&app, ui, &token, &sheet, Came::Looked).await;
    }
    let done = async {
        let receipt = of(&sheet)?;
        acted(&app, &receipt, async |tx, counter| {
            Ok(reader::forget(tx, counter, &receipt, GROUND).await?)
        })
        .await
    };
    let came = came(done.await, "web-report-forgotten")?;
    draw(&app, ui, &token, &sheet, came).await
}

/// A proof that something was filed on this day, and of nothing else. It can be had once the day is over.
///
/// # Errors
/// A stale form.
pub async fn prove(
    State(app): State<Arc<App>>,
    ui: Ui,
    token: FormToken,
    sheet: Sheet,
) -> Result<Response, Error> {
    match proof(&app, &sheet).await {
        Ok(json) => {
            let head = [
                (CONTENT_TYPE, "application/json"),
                (CONTENT_DISPOSITION, "attachment; filename=\"proof-of-day.json\""),
            ];
            Ok((head, json).into_response())
        }
        Err(error) => {
            let came = came(Err(error), "")?;
            draw(&app, ui, &token, &sheet, came).await
        }
    }
}

async fn proof(app: &Arc<App>, sheet: &Sheet) -> Result<String, Error> {
    let receipt = of(sheet)?;
    let window = Window::open(app)?;
    let db = &app.setup.registry.db;
    let standing = reader::look(db, &window.counter(), &receipt).await?;
    let not_yet = || Failure::from(Problem::new("filing-not-yet", Place::default()));
    let leaf = standing.leaf.and_then(|leaf| u64::try_from(leaf).ok()).ok_or_else(not_yet)?;
    let bundle = Log::at(&app.setup.logs, FILINGS).bundle(db, leaf).await?;
    let json = receipts::prove(bundle, &receipt).to_json();
    Ok(json.map_err(|error| Fault::new("write proof", error))?)
}
