//! The first sign-in on an account: a password of one's own, and a second factor where the roles ask for one.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::http::header::SET_COOKIE;
use axum::response::{IntoResponse, Redirect, Response};
use domain::catalogue::Role;
use domain::problem::Failure;
use registry::actions::starts::Start;
use serde::Deserialize;

use super::device;
use super::sign_in::{Waiting, with_cookie};
use crate::error::Error;
use crate::qr;
use crate::request::{FormToken, Posted};
use crate::state::App;
use crate::ui::{Ui, page};

#[derive(Template)]
#[template(path = "office/start.html")]
struct Shown<'a> {
    ui: &'a Ui,
    token: &'a str,
    wrong: Option<String>,
    /// Secret in base 32, in groups of four.
    secret: Option<String>,
    qr: String,
}

/// The form; who has nothing to start is led on.
///
/// # Errors
/// Sign in first; a fault when the register cannot be read.
pub async fn show(
    State(app): State<Arc<App>>,
    ui: Ui,
    token: FormToken,
    Waiting(waiting): Waiting,
) -> Result<Response, Error> {
    let Some(start) = start(&app, &waiting).await? else {
        return Ok(Redirect::to("/office").into_response());
    };
    shown(&ui, &token, &start, None)
}

fn roles(app: &App) -> Vec<Role> {
    app.setup.law.catalogue.roles.values().cloned().collect()
}

async fn start(app: &App, waiting: &str) -> Result<Option<Start>, Error> {
    let (registry, key) = (&app.setup.registry, app.seal_key()?);
    Ok(registry.start(waiting, &roles(app), &key, app.now()).await?)
}

fn shown(
    ui: &Ui,
    token: &FormToken,
    start: &Start,
    wrong: Option<String>,
) -> Result<Response, Error> {
    let address = start.secret.as_ref().map(|secret| {
        format!("otpauth://totp/mingbai:{}?secret={secret}&issuer=mingbai", start.login)
    });
    let grouped = |secret: &String| {
        let letters: Vec<char> = secret.chars().collect();
        letters.chunks(4).map(|four| four.iter().collect()).collect::<Vec<String>>().join(" ")
    };
    let secret = start.secret.as_ref().map(grouped);
    let qr = address.map_or_else(String::new, |address| qr::svg(&address));
    page(&Shown { ui, token: &token.value, wrong, secret, qr })
}

/// A password of one's own, twice, and a code.
#[derive(Deserialize)]
pub struct Chosen {
    new: String,
    again: String,
    #[serde(default)]
    code: String,
}

/// Ends the first sign-in.
///
/// # Errors
/// A fault when the register cannot be written.
pub async fn finish(
    State(app): State<Arc<App>>,
    ui: Ui,
    token: FormToken,
    Waiting(waiting): Waiting,
    Posted(form): Posted<Chosen>,
) -> Result<Response, Error> {
    let Some(start) = start(&app, &waiting).await? else {
        return Ok(Redirect::to("/office").into_response());
    };
    if form.new != form.again {
        return shown(&ui, &token, &start, Some(ui.t("web-start-differ").to_owned()));
    }
    let (registry, key, now) = (&app.setup.registry, app.seal_key()?, app.now());
    let chosen = (form.new.as_str(), form.code.trim());
    let done = registry.finish_start(&waiting, chosen, &roles(&app), &key, now).await;
    let renewed = match done {
        Ok(Some(renewed)) => renewed,
        Ok(None) => {
            let wrong = ui.t("web-sign-in-code-wrong").to_owned();
            return shown(&ui, &token, &start, Some(wrong));
        }
        Err(Failure::Problem(problem)) => {
            return shown(&ui, &token, &start, Some(ui.problem(&problem)));
        }
        Err(other) => return Err(other.into()),
    };
    let mut inside = with_cookie(&app, &renewed, "", "/office")?;
    inside.headers_mut().append(SET_COOKIE, device::keep(&app, &start.login)?);
    Ok(inside)
}
