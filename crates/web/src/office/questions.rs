//! Questions of villagers: those that wait come first; each with its answer, or a form for one.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use domain::access::Act;
use domain::procedure::Actor;
use domain::text::personal_number;
use registry::actions::questions;
use registry::queries::office::{self, QuestionLine};
use serde::Deserialize;

use super::matters::acts::at_field;
use super::notices::one::Nothing;
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
pub const QUESTION: &str = "question";
/// How to reach who asked.
pub const CONTACT: &str = "question_contact";

#[derive(Template)]
#[template(path = "office/questions.html")]
struct List<'a> {
    ui: &'a Ui,
    desk: &'a Signed,
    token: &'a str,
    places: &'a Places,
    questions: Vec<QuestionLine>,
    may_answer: bool,
    may_reach: bool,
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
    let by = desk.by(READ, QUESTION, "")?;
    let mut questions = Vec::new();
    for path in desk.places() {
        questions.extend(office::questions(&app.setup.registry.db, &by, path).await?);
    }
    questions.sort_by_key(|one| (one.answer.is_some(), one.due_day.clone()));
    let places = app.places().await?;
    page(&List {
        may_answer: desk.may_somewhere(ANSWER, QUESTION).is_ok(),
        may_reach: desk.may_somewhere(READ, CONTACT).is_ok(),
        ui: &ui,
        desk: &desk,
        token: &token.value,
        places: &places,
        questions,
    })
}

/// An answer.
#[derive(Deserialize)]
pub struct Answer {
    text: String,
    #[serde(default)]
    names_confirmed: String,
}

/// Answers in public.
///
/// # Errors
/// Rules that say no; a problem when the text is empty or holds a number of a person.
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
    if personal_number(text).is_some() {
        return Err(at_field("question-has-number", "text"));
    }
    let by = desk.by(ANSWER, QUESTION, "")?;
    let actor = Actor { person: by.person.clone().unwrap_or_default(), role: by.role.clone() };
    let mut tx = app.setup.registry.begin(by, desk.now, "").await?;
    tx.names_confirmed = form.names_confirmed == "1";
    let recorded = questions::answer(&mut tx, app.setup.law.rules(), &number, &actor, text).await?;
    tx.commit(recorded.entry).await?;
    Ok(Redirect::to("/office/questions").into_response())
}

#[derive(Template)]
#[template(path = "office/contact.html")]
struct Contact<'a> {
    ui: &'a Ui,
    desk: &'a Signed,
    number: &'a str,
    contact: Option<String>,
}

/// Shows how to reach who asked; the look is entered in the journal.
///
/// # Errors
/// Rules that say no.
pub async fn contact(
    State(app): State<Arc<App>>,
    ui: Ui,
    desk: Signed,
    Path(number): Path<String>,
    Posted(_form): Posted<Nothing>,
) -> Result<Response, Error> {
    let mut tx = desk.begin(READ, CONTACT, "").await?;
    let (contact, entry) = questions::contact(&mut tx, &number, &app.contact_key()?).await?;
    tx.commit(entry).await?;
    page(&Contact { ui: &ui, desk: &desk, number: &number, contact })
}
