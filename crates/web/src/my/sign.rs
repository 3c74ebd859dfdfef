//! Recognising a villager by number, name and either the card that is paid to or a one-time code. An unknown
//! number, a wrong name, a wrong card and a code that is wrong, used or too old get the same answer after
//! the same work.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::http::header::{HeaderValue, SET_COOKIE};
use axum::response::{IntoResponse, Redirect, Response};
use domain::problem::Fault;
use facts::own::{OwnReader, PersonKey};
use registry::By;
use serde::Deserialize;

use super::desk::{MY, Own};
use super::work::BITS;
use crate::error::Error;
use crate::request::{FormToken, Posted, set_cookie};
use crate::state::{App, blocking};
use crate::ui::{Ui, page};

#[derive(Template)]
#[template(path = "my/sign.html")]
struct Form<'a> {
    ui: &'a Ui,
    token: &'a str,
    challenge: String,
    bits: u32,
    unknown: bool,
    codes: bool,
}

fn form(app: &App, ui: &Ui, token: &FormToken, unknown: bool) -> Result<Response, Error> {
    let challenge = app.work.challenge((&token.value, BITS), app.now().ms)?;
    let codes = app.setup.codes.is_some();
    let shown = page(&Form { ui, token: &token.value, challenge, bits: BITS, unknown, codes })?;
    Ok(token.kept(shown))
}

/// The form.
///
/// # Errors
/// A fault when the page cannot be drawn.
pub async fn show(
    State(app): State<Arc<App>>,
    ui: Ui,
    token: FormToken,
) -> Result<Response, Error> {
    form(&app, &ui, &token, false)
}

/// What somebody says of himself.
#[derive(Deserialize)]
pub struct Stated {
    id_number: String,
    name: String,
    #[serde(default)]
    last_four: String,
    #[serde(default)]
    code: String,
    #[serde(default)]
    challenge: String,
    #[serde(default)]
    work: String,
}

/// Looks somebody up. His number stays in the body of the request: no address, log or cookie has it.
///
/// # Errors
/// Too many tries of all visitors together.
pub async fn look_up(
    State(app): State<Arc<App>>,
    ui: Ui,
    token: FormToken,
    Posted(stated): Posted<Stated>,
) -> Result<Response, Error> {
    let form_of = (token.value.as_str(), stated.challenge.as_str());
    app.budgets.any(app.work.done(form_of, &stated.work, app.now().ms))?;
    let within = app.budgets.person(&stated.id_number);
    // A budget that is used up looks like a mistake in the form, and takes as long.
    let found = if stated.code.trim().is_empty() || app.setup.codes.is_none() {
        by_card(&app, stated).await?.filter(|_| within)
    } else {
        by_code(&app, stated, within).await?
    };
    let Some(person) = found else { return form(&app, &ui, &token, true) };
    let cookie = app.desk.admit(person, app.now().ms)?;
    with_cookie(&app, &cookie, "; Max-Age=600", "/my/benefits")
}

async fn by_card(app: &App, stated: Stated) -> Result<Option<PersonKey>, Error> {
    let reader = reader(app)?;
    let look = move || reader.identify(&stated.id_number, &stated.name, &stated.last_four);
    Ok(blocking(look).await?)
}

/// What does not fit looks for a code that nobody has, so that it costs as much and uses none up.
async fn by_code(app: &App, stated: Stated, within: bool) -> Result<Option<PersonKey>, Error> {
    let reader = reader(app)?;
    let code = if within { stated.code.clone() } else { String::new() };
    let look = move || reader.claim(&stated.id_number, &stated.name, &code);
    let claim = blocking(look).await?;
    let (registry, by) = (&app.setup.registry, By::public(&app.setup.law.access));
    let found = registry.redeem_code(by, claim.hash(), app.now()).await?;
    Ok(claim.proved(found))
}

/// Ends the look-up.
///
/// # Errors
/// Not recognised.
pub async fn end(
    State(app): State<Arc<App>>,
    own: Own,
    Posted(_form): Posted<std::collections::BTreeMap<String, String>>,
) -> Result<Response, Error> {
    app.desk.dismiss(&own.token);
    with_cookie(&app, "", "; Max-Age=0", "/my")
}

fn with_cookie(app: &App, value: &str, more: &str, next: &str) -> Result<Response, Error> {
    let line = HeaderValue::from_str(&set_cookie(app, MY, value, more));
    let line = line.map_err(|error| Fault::new("set cookie", error))?;
    Ok(([(SET_COOKIE, line)], Redirect::to(next)).into_response())
}

/// The reader of own rows; a site without facts has none.
///
/// # Errors
/// Not found.
pub fn reader(app: &App) -> Result<Arc<OwnReader>, Error> {
    app.setup.own.clone().ok_or(Error::NotFound)
}
