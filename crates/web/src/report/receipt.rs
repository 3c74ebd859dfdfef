//! Coming back with the receipt: how it stands, what is due and why, what was answered. The receipt is
//! typed into a form and goes from page to page inside forms: no address has it.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use domain::receipt::Receipt;
use domain::report::handling::DueFor;
use registry::actions::reports::reader::{self, Standing};
use registry::queries::organisation::OUTSIDE;
use registry::reports::dues::DueRow;

use super::mode::{KIOSK, at};
use super::sheet::Sheet;
use super::window::Window;
use crate::error::{Error, lines};
use crate::request::FormToken;
use crate::state::App;
use crate::ui::{Ui, page};

/// Longest text that can be a receipt, however it is written.
const LONGEST: usize = 400;

#[derive(Template)]
#[template(path = "report/enter.html")]
struct Enter<'a> {
    ui: &'a Ui,
    token: &'a str,
    kiosk: bool,
    wrong: Vec<String>,
}

/// The form to type a receipt into.
///
/// # Errors
/// A fault when the page cannot be drawn.
pub async fn enter(ui: Ui, token: FormToken) -> Result<Response, Error> {
    let kiosk = ui.path.contains("kiosk=1");
    let ui = at(ui, "/report/receipt", kiosk);
    let shown = page(&Enter { ui: &ui, token: &token.value, kiosk, wrong: Vec::new() })?;
    Ok(token.kept(shown))
}

/// Something due, with its explanation.
struct DueLine {
    what: String,
    day: String,
    state: &'static str,
    why: Vec<String>,
}

#[derive(Template)]
#[template(path = "report/receipt.html")]
struct Shown<'a> {
    ui: &'a Ui,
    token: &'a str,
    kiosk: bool,
    receipt: String,
    standing: &'a Standing,
    office: String,
    door: String,
    dues: Vec<DueLine>,
    /// Until when he may object to a transfer.
    transfer_until: Option<String>,
    done: Option<&'a str>,
    wrong: Vec<String>,
}

impl Shown<'_> {
    fn can_rate(&self) -> bool {
        self.standing.state == "replied"
    }

    /// A decision of the second review is the last one.
    fn can_ask_review(&self) -> bool {
        ["replied", "refused"].contains(&self.standing.state.as_str())
            && self.standing.stage != "second"
    }
}

/// What came of something that was done with the receipt.
pub enum Came {
    /// Nothing was done: he just looks.
    Looked,
    /// It was done; code of the sentence that says so.
    Done(&'static str),
    /// It was not.
    Refused(Error),
}

/// The receipt that a form carries.
///
/// # Errors
/// A problem when it is none.
pub fn of(sheet: &Sheet) -> Result<Receipt, Error> {
    let typed: String = sheet.value("receipt").chars().take(LONGEST).collect();
    Receipt::parse(&typed).map_err(|problem| Error::Failed(problem.into()))
}

/// The page of a receipt.
///
/// # Errors
/// A stale form.
pub async fn show(
    State(app): State<Arc<App>>,
    ui: Ui,
    token: FormToken,
    sheet: Sheet,
) -> Result<Response, Error> {
    draw(&app, ui, &token, &sheet, Came::Looked).await
}

/// Draws it; a text that is no receipt leads back to the form.
///
/// # Errors
/// A fault when the register cannot be read.
pub async fn draw(
    app: &Arc<App>,
    ui: Ui,
    token: &FormToken,
    sheet: &Sheet,
    came: Came,
) -> Result<Response, Error> {
    let kiosk = sheet.has(KIOSK);
    let ui = at(ui, "/report/receipt", kiosk);
    let window = Window::open(app)?;
    let look = async {
        let receipt = of(sheet)?;
        let db = &app.setup.registry.db;
        let standing = reader::look(db, &window.counter(), &receipt).await?;
        Ok::<_, Error>((receipt, standing))
    };
    let (receipt, standing) = match look.await {
        Ok(found) => found,
        Err(error) => return not_found(&ui, token, kiosk, error),
    };
    let (done, wrong, status) = match &came {
        Came::Looked => (None, Vec::new(), None),
        Came::Done(code) => (Some(*code), Vec::new(), None),
        Came::Refused(error) => (None, lines(&ui, error, &[]), Some(error.status())),
    };
    let rules = window.rules()?;
    let door = rules.door(&standing.door).map(|door| ui.title(&door.title).to_owned());
    let shown = page(&Shown {
        token: &token.value,
        kiosk,
        receipt: receipt.symbols(),
        office: office(app, &ui, &standing).await?,
        door: door.unwrap_or_default(),
        dues: dues(app, &ui, &window, &standing.dues)?,
        transfer_until: transfer_until(app, &ui, &standing),
        standing: &standing,
        ui: &ui,
        done,
        wrong,
    })?;
    Ok(match status {
        Some(status) => (status, shown).into_response(),
        None => shown,
    })
}

fn not_found(ui: &Ui, token: &FormToken, kiosk: bool, error: Error) -> Result<Response, Error> {
    if !matches!(&error, Error::Failed(domain::problem::Failure::Problem(_))) {
        return Err(error);
    }
    let wrong = lines(ui, &error, &[]);
    let shown = page(&Enter { ui, token: &token.value, kiosk, wrong })?;
    Ok((error.status(), shown).into_response())
}

/// The last day on which the reporter may object to a transfer, while he may.
fn transfer_until(app: &App, ui: &Ui, standing: &Standing) -> Option<String> {
    let (waits, today) = (["received", "accepted"], app.now().day);
    let runs = |due: &&DueRow| {
        due.what == DueFor::ObjectTransfer.code() && due.is_open() && due.day >= today
    };
    let due = standing.dues.iter().find(runs);
    due.filter(|_| waits.contains(&standing.state.as_str())).map(|due| ui.day(&due.day.to_string()))
}

/// Who has it, in words.
async fn office(app: &Arc<App>, ui: &Ui, standing: &Standing) -> Result<String, Error> {
    let Some((role, code)) = standing.office.as_deref().and_then(|id| id.split_once('@')) else {
        return Ok(ui.t("web-report-office-sealed").to_owned());
    };
    if standing.outside || role == OUTSIDE {
        return Ok(ui.t("web-report-office-outside").to_owned());
    }
    let places = app.places().await?;
    let (place, role) = (places.name(code).to_owned(), ui.role(role));
    Ok(ui.with("web-report-office", &[("place", &place), ("role", &role)]))
}

fn dues(
    app: &Arc<App>,
    ui: &Ui,
    window: &Window<'_>,
    rows: &[DueRow],
) -> Result<Vec<DueLine>, Error> {
    let (counter, today) = (window.counter(), app.now().day);
    let mut lines = Vec::with_capacity(rows.len());
    for row in rows {
        let explained = row.explain(&counter, today)?;
        let state = match (row.met, row.is_late(today)) {
            (_, true) => "late",
            (Some(_), false) => "met",
            _ if row.is_open() => "open",
            _ => "over",
        };
        lines.push(DueLine {
            what: ui.code("ui-reports-due-", &row.what),
            day: ui.day(&row.day.to_string()),
            state,
            why: explained.explanation.iter().map(|line| ui.line(line)).collect(),
        });
    }
    Ok(lines)
}
