//! Requests of villagers about money of their own: checked and answered by the township. Who asks is not
//! shown here.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use domain::access::Act;
use domain::procedure::Actor;
use registry::actions::requests;
use registry::queries::office::{self, RequestLine};
use serde::Deserialize;

use super::matters::acts::at_field;
use crate::error::Error;
use crate::places::Places;
use crate::request::{FormToken, Posted};
use crate::session::Signed;
use crate::state::App;
use crate::ui::{Ui, page};

/// To see them.
pub const READ: &[Act] = &[Act::Read];
/// To answer one.
pub const ANSWER: &[Act] = &[Act::Update];
/// The kind of thing.
pub const REQUEST: &str = "request";

#[derive(Template)]
#[template(path = "office/requests.html")]
struct List<'a> {
    ui: &'a Ui,
    desk: &'a Signed,
    token: &'a str,
    places: &'a Places,
    requests: Vec<RequestLine>,
    may_answer: bool,
}

/// The page.
///
/// # Errors
/// A fault when the register cannot be read.
pub async fn list(
    State(app): State<Arc<App>>,
    ui: Ui,
    desk: Signed,
    token: FormToken,
) -> Result<Response, Error> {
    let by = desk.by(READ, REQUEST, "")?;
    let mut requests = Vec::new();
    for path in desk.places() {
        requests.extend(office::requests(&app.setup.registry.db, &by, path).await?);
    }
    let places = app.places().await?;
    let may_answer = desk.may_somewhere(ANSWER, REQUEST).is_ok();
    page(&List { ui: &ui, desk: &desk, token: &token.value, places: &places, requests, may_answer })
}

/// An answer.
#[derive(Deserialize)]
pub struct Answer {
    text: String,
    #[serde(default)]
    settles: String,
}

/// Answers; where it settles the request, that is closed by it.
///
/// # Errors
/// Rules that say no; a problem when the text is empty.
pub async fn answer(
    State(app): State<Arc<App>>,
    desk: Signed,
    Path(number): Path<String>,
    Posted(form): Posted<Answer>,
) -> Result<Response, Error> {
    let text = form.text.trim();
    if text.is_empty() {
        return Err(at_field("field-empty", "text"));
    }
    let by = desk.by(ANSWER, REQUEST, "")?;
    let actor = Actor { person: by.person.clone().unwrap_or_default(), role: by.role.clone() };
    let (settles, law) = (form.settles == "1", &app.setup.law);
    let mut tx = app.setup.registry.begin(by, desk.now, "").await?;
    let said = (text, settles);
    let (_, entry) = requests::reply(&mut tx, law.rules(), &number, &actor, said).await?;
    tx.commit(entry).await?;
    Ok(Redirect::to("/office/requests").into_response())
}
