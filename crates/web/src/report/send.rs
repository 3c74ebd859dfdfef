//! Filing: files lose their traces, the gate lets through, the register seals, or takes what a browser sealed;
//! then the receipt, once.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use domain::report::handling::DueFor;
use domain::report::{Facts, Form, Identity};
use domain::time::Day;
use registry::actions::reports::file::{self, Filed, Handed, SealedForm, SealedPart};

use super::about::Chosen;
use super::clean::clean;
use super::mode::{KIOSK, at, channel};
use super::sheet::Sheet;
use super::window::Window;
use super::write;
use crate::error::{Error, lines};
use crate::request::FormToken;
use crate::state::App;
use crate::ui::{Ui, page};

/// Field of a form that was sealed where it was written.
const SEALED: &str = "sealed";

/// Files of a form: cleaned here, or sealed where they were written.
enum Came {
    Clear(Vec<(String, Vec<u8>)>),
    Sealed(Vec<Vec<u8>>),
}

#[derive(Template)]
#[template(path = "report/filed.html")]
struct Shown<'a> {
    ui: &'a Ui,
    token: &'a str,
    kiosk: bool,
    symbols: String,
    words: Vec<&'static str>,
    outside: bool,
    /// It came sealed.
    in_browser: bool,
    dues: Vec<(DueFor, Day)>,
}

#[derive(Template)]
#[template(path = "report/sent.html")]
struct Sent<'a> {
    ui: &'a Ui,
    token: &'a str,
    kiosk: bool,
}

/// Files a report. What cannot be taken is said on the same page, with everything that was typed.
///
/// # Errors
/// A stale form.
pub async fn send(
    State(app): State<Arc<App>>,
    ui: Ui,
    token: FormToken,
    mut sheet: Sheet,
) -> Result<Response, Error> {
    let kiosk = sheet.has(KIOSK);
    let challenge = sheet.value("challenge").to_owned();
    let form = (token.value.as_str(), challenge.as_str());
    if !app.gate.take(form, app.now().ms) {
        let ui = at(ui, "/report", kiosk);
        return page(&Sent { ui: &ui, token: &token.value, kiosk });
    }
    let files = std::mem::take(&mut sheet.files);
    let filed = match sheet.has(SEALED) {
        true => take_in(&app, &ui, form, &sheet, Came::Sealed(files)).await,
        false => match clean(&app, files).await {
            Ok(files) => take_in(&app, &ui, form, &sheet, Came::Clear(files)).await,
            Err(error) => Err(error),
        },
    };
    match filed {
        Ok(filed) => shown(&at(ui, "/report", kiosk), &token, (kiosk, sheet.has(SEALED)), filed),
        Err(error) => {
            app.gate.give_back(form, app.now().ms);
            refused(&app, ui, &token, &sheet, error).await
        }
    }
}

async fn take_in(
    app: &Arc<App>,
    ui: &Ui,
    form: (&str, &str),
    sheet: &Sheet,
    came: Came,
) -> Result<Filed, Error> {
    let window = Window::open(app)?;
    let rules = window.rules()?;
    let chosen = Chosen::of(app, ui, rules, sheet).await?.ok_or(Error::StaleForm)?;
    let facts = chosen.facts(rules);
    let handed = match came {
        Came::Sealed(files) => Handed::Sealed(sealed(facts, sheet, files)?),
        Came::Clear(files) => {
            let given = Form {
                facts,
                text: sheet.value("text").to_owned(),
                about: sheet.value("about").to_owned(),
                attachments: files,
                identity: identity(sheet),
                visitors: 0,
            };
            // All that is wrong is told before anybody waits.
            domain::report::intake(given.clone(), rules).map_err(|problems| first(&problems))?;
            Handed::Clear(given)
        }
    };
    if let Some(wait) = app.gate.wait(form, sheet.value("work"), app.now().ms)? {
        tokio::time::sleep(wait).await;
    }
    let counter = window.counter();
    let mut tx = window.begin().await?;
    let channel = channel(sheet.has(KIOSK));
    let (filed, entry) = file::file(&mut tx, &counter, channel, handed).await?;
    tx.commit(entry).await?;
    Ok(filed)
}

/// What a browser sealed: the first file is the content, the second the identity where there is one, the
/// others are attachments. The register checks for whom, and nobody reads it here.
fn sealed(facts: Facts, sheet: &Sheet, files: Vec<Vec<u8>>) -> Result<SealedForm, Error> {
    let mut files = files.into_iter();
    let mut part = |name: &str| -> Result<SealedPart, Error> {
        Ok(SealedPart {
            sealed: files.next().ok_or(Error::StaleForm)?,
            recipient: sheet.value(&format!("{name}_key")).to_owned(),
            wraps: sheet.values(&format!("{name}_wrap")).map(wrap).collect::<Result<_, _>>()?,
        })
    };
    let content = part("content")?;
    let identity = sheet.has("identity_key").then(|| part("identity")).transpose()?;
    Ok(SealedForm { facts, content, identity, attachments: files.collect(), visitors: 0 })
}

/// A recipient and what was sealed for it.
fn wrap(value: &str) -> Result<(String, Vec<u8>), Error> {
    let (to, sealed) = value.split_once(':').ok_or(Error::StaleForm)?;
    Ok((to.to_owned(), STANDARD.decode(sealed).map_err(|_| Error::StaleForm)?))
}

fn first(problems: &[domain::problem::Problem]) -> Error {
    let first = problems.first().cloned();
    first.map_or(Error::StaleForm, |problem| Error::Failed(problem.into()))
}

/// His name, where he chose to give it.
fn identity(sheet: &Sheet) -> Option<Identity> {
    let text = |name: &str| sheet.value(name).trim().to_owned();
    (sheet.value("identity") == "named").then(|| Identity {
        name: text("name"),
        contact: text("contact"),
        address: text("address"),
    })
}

fn shown(
    ui: &Ui,
    token: &FormToken,
    (kiosk, in_browser): (bool, bool),
    filed: Filed,
) -> Result<Response, Error> {
    page(&Shown {
        ui,
        token: &token.value,
        kiosk,
        symbols: filed.receipt.symbols(),
        words: filed.receipt.words(),
        outside: filed.outside,
        in_browser,
        dues: filed.dues,
    })
}

/// The form again. A fault, or a page that is too old, has a page of its own.
async fn refused(
    app: &Arc<App>,
    ui: Ui,
    token: &FormToken,
    sheet: &Sheet,
    error: Error,
) -> Result<Response, Error> {
    let said = match &error {
        Error::TooMany => vec![ui.t("web-report-busy").to_owned()],
        Error::Rules(_) | Error::Failed(domain::problem::Failure::Problem(_)) => {
            lines(&ui, &error, &[])
        }
        _ => return Err(error),
    };
    let page = write::draw(app, ui, token, sheet, said).await?;
    Ok((error.status(), page).into_response())
}
