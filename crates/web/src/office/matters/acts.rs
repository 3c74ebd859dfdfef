//! What is done in a matter: a step, a meeting, a check, a signature, giving it up. One POST each.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use domain::problem::{Place, Problem};
use domain::procedure::{Actor, Event, Meeting};
use domain::time::Day;
use registry::actions::matters;
use serde::Deserialize;

use super::new::yuan;
use super::{MATTER, MOVE};
use crate::error::Error;
use crate::request::Posted;
use crate::session::Signed;
use crate::state::App;

/// Records an event in somebody's role and goes back to the matter.
async fn record(
    app: &App,
    desk: &Signed,
    number: &str,
    role: Option<&str>,
    event: &Event,
    (note, names_confirmed): (&str, bool),
) -> Result<Response, Error> {
    let by = match role.filter(|role| desk.asker.held.iter().any(|held| held.role == **role)) {
        Some(role) => desk.in_role(role)?,
        None => desk.by(MOVE, MATTER, "")?,
    };
    let mut tx = app.setup.registry.begin(by, desk.now, note).await?;
    tx.names_confirmed = names_confirmed;
    let recorded = matters::record(&mut tx, app.setup.law.rules(), number, event, note).await?;
    tx.commit(recorded.entry).await?;
    Ok(Redirect::to(&format!("/office/matters/{number}")).into_response())
}

fn actor(desk: &Signed, role: &str) -> Actor {
    let person = desk.asker.person.clone().unwrap_or_default();
    Actor { person, role: role.to_owned() }
}

/// A step that is done.
#[derive(Deserialize)]
pub struct StepForm {
    step: String,
    role: String,
    #[serde(default)]
    amount: String,
    #[serde(default)]
    note: String,
    #[serde(default)]
    names_confirmed: String,
}

/// Does a step.
///
/// # Errors
/// Rules that say no.
pub async fn step(
    State(app): State<Arc<App>>,
    desk: Signed,
    Path(number): Path<String>,
    Posted(form): Posted<StepForm>,
) -> Result<Response, Error> {
    let event = Event::Step {
        code: form.step,
        actor: actor(&desk, &form.role),
        day: desk.now.day,
        amount_fen: yuan("amount", &form.amount)?,
        meeting: None,
    };
    let words = (form.note.trim(), form.names_confirmed == "1");
    record(&app, &desk, &number, Some(&form.role), &event, words).await
}

/// Minutes of a meeting.
#[derive(Deserialize)]
pub struct Minutes {
    step: String,
    body: String,
    called_on: String,
    held_on: String,
    should_attend: String,
    present: String,
    #[serde(default)]
    households_total: String,
    #[serde(default)]
    households_present: String,
    votes_for: String,
    votes_against: String,
    abstentions: String,
    #[serde(default)]
    head_spoke_last: String,
    #[serde(default)]
    ballots_recorded: String,
}

/// Writes down a meeting, whatever came of it.
///
/// # Errors
/// A problem at a field that is no number or no day; rules that say no.
pub async fn meeting(
    State(app): State<Arc<App>>,
    desk: Signed,
    Path(number): Path<String>,
    Posted(form): Posted<Minutes>,
) -> Result<Response, Error> {
    let called = Some(form.called_on.trim()).filter(|text| !text.is_empty());
    let meeting = Meeting {
        called_on: called.map(|text| day("called_on", text)).transpose()?,
        held_on: day("held_on", &form.held_on)?,
        should_attend: count("should_attend", &form.should_attend)?,
        present: count("present", &form.present)?,
        households_total: optional("households_total", &form.households_total)?,
        households_present: optional("households_present", &form.households_present)?,
        votes_for: count("votes_for", &form.votes_for)?,
        votes_against: count("votes_against", &form.votes_against)?,
        abstentions: count("abstentions", &form.abstentions)?,
        head_spoke_last: form.head_spoke_last == "1",
        ballots_recorded: form.ballots_recorded == "1",
        attendees: Vec::new(),
        body: form.body,
    };
    let event = Event::Meeting { step: form.step, day: desk.now.day, meeting: Box::new(meeting) };
    record(&app, &desk, &number, None, &event, ("", false)).await
}

/// A check, or an objection.
#[derive(Deserialize)]
pub struct CheckForm {
    step: String,
    role: String,
    answer: String,
    #[serde(default)]
    note: String,
}

/// Agrees or objects to what a step is about to do.
///
/// # Errors
/// Rules that say no.
pub async fn check(
    State(app): State<Arc<App>>,
    desk: Signed,
    Path(number): Path<String>,
    Posted(form): Posted<CheckForm>,
) -> Result<Response, Error> {
    let event = Event::Check {
        step: form.step,
        actor: actor(&desk, &form.role),
        day: desk.now.day,
        agreed: form.answer == "agree",
    };
    record(&app, &desk, &number, Some(&form.role), &event, (form.note.trim(), false)).await
}

/// A signature.
#[derive(Deserialize)]
pub struct SignForm {
    step: String,
    role: String,
}

/// Signs for a step.
///
/// # Errors
/// Rules that say no.
pub async fn sign(
    State(app): State<Arc<App>>,
    desk: Signed,
    Path(number): Path<String>,
    Posted(form): Posted<SignForm>,
) -> Result<Response, Error> {
    let event = Event::Sign { step: form.step, actor: actor(&desk, &form.role), day: desk.now.day };
    record(&app, &desk, &number, Some(&form.role), &event, ("", false)).await
}

/// Why it is given up.
#[derive(Deserialize)]
pub struct WithdrawForm {
    role: String,
    reason: String,
}

/// Gives the matter up.
///
/// # Errors
/// Rules that say no; a problem when no reason is given.
pub async fn withdraw(
    State(app): State<Arc<App>>,
    desk: Signed,
    Path(number): Path<String>,
    Posted(form): Posted<WithdrawForm>,
) -> Result<Response, Error> {
    let reason = form.reason.trim().to_owned();
    if reason.is_empty() {
        return Err(at_field("field-empty", "reason"));
    }
    let actor = actor(&desk, &form.role);
    let event = Event::Withdraw { actor, day: desk.now.day, reason: reason.clone() };
    record(&app, &desk, &number, Some(&form.role), &event, (&reason, false)).await
}

/// A day from a field.
///
/// # Errors
/// A problem at the field.
pub fn day(field: &str, text: &str) -> Result<Day, Error> {
    Day::parse(text.trim()).ok_or_else(|| at_field("day-not-readable", field))
}

fn count(field: &str, text: &str) -> Result<u32, Error> {
    text.trim().parse().map_err(|_| at_field("count-not-a-number", field))
}

fn optional(field: &str, text: &str) -> Result<Option<u32>, Error> {
    if text.trim().is_empty() { Ok(None) } else { count(field, text).map(Some) }
}

/// A problem at a field of a form; pages title the field by its name.
#[must_use]
pub fn at_field(code: &'static str, field: &str) -> Error {
    let place = Place { column: Some(field.to_owned()), ..Place::default() };
    Error::Failed(Problem::new(code, place).into())
}
