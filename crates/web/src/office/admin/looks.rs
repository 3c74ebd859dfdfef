//! Who looked at whom, when and why: for those who watch over looks. Whom somebody looked at is not shown;
//! one person's looks are found by his ID number, which stands in no address. Reading this is a look, too.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use domain::time::Day;
use facts::{Asked, Seen};
use registry::actions::looks::read_log;
use registry::queries::looks::{LookLine, looks};
use serde::Deserialize;

use super::{LOG, READ};
use crate::error::Error;
use crate::office::matters::acts::{at_field, day};
use crate::request::{FormToken, Posted};
use crate::session::Signed;
use crate::state::{App, blocking};
use crate::ui::{Ui, page};

/// Looks that are shown at most.
const MOST: usize = 200;
/// Days that are shown when nobody asks for others.
const DAYS: i32 = 30;
const DAY_MS: i64 = 86_400_000;
/// China has one time all year: eight hours before UTC.
const OFFSET_MS: i64 = 8 * 3_600_000;
/// Letters of a reason.
const WHY_LETTERS: usize = 200;

#[derive(Template)]
#[template(path = "office/admin/looks.html")]
struct Shown<'a> {
    ui: &'a Ui,
    desk: &'a Signed,
    token: &'a str,
    asked: &'a Form,
    seen: Vec<Seen>,
    more: bool,
    own: Vec<LookLine>,
}

/// What is asked for.
#[derive(Deserialize, Default)]
pub struct Form {
    #[serde(default)]
    id_number: String,
    #[serde(default)]
    user: String,
    #[serde(default)]
    from: String,
    #[serde(default)]
    until: String,
    #[serde(default)]
    own: String,
    #[serde(default)]
    why: String,
}

/// The looks of the last weeks.
///
/// # Errors
/// A fault when register or log cannot be read.
pub async fn show(
    State(app): State<Arc<App>>,
    ui: Ui,
    desk: Signed,
    token: FormToken,
) -> Result<Response, Error> {
    let today = desk.now.day;
    let (from, until) = (Day(today.0 - DAYS).to_string(), today.to_string());
    shown(&app, &ui, &desk, &token, Form { from, until, ..Form::default() }).await
}

/// Looks that were asked for. Who asks for one person says why.
///
/// # Errors
/// A problem when a day cannot be read, or no reason is given.
pub async fn ask(
    State(app): State<Arc<App>>,
    ui: Ui,
    desk: Signed,
    token: FormToken,
    Posted(form): Posted<Form>,
) -> Result<Response, Error> {
    let why = form.why.trim();
    if !form.id_number.trim().is_empty() && why.is_empty() {
        return Err(at_field("field-empty", "why"));
    }
    if why.chars().count() > WHY_LETTERS || domain::text::personal_number(why).is_some() {
        return Err(at_field("purpose-not-fit", "why"));
    }
    shown(&app, &ui, &desk, &token, form).await
}

async fn shown(
    app: &App,
    ui: &Ui,
    desk: &Signed,
    token: &FormToken,
    mut form: Form,
) -> Result<Response, Error> {
    let (from, until) = (day("from", &form.from)?, day("until", &form.until)?);
    let begins = |day: i32| i64::from(day) * DAY_MS - OFFSET_MS;
    let span = (begins(from.0), begins(until.0 + 1));
    let (person, user) = (std::mem::take(&mut form.id_number), form.user.trim().to_owned());
    let one = !person.trim().is_empty();
    // The entry stands before anything is read.
    let by = desk.by(READ, LOG, "")?;
    let mut tx = app.setup.registry.begin(by.clone(), desk.now, form.why.trim()).await?;
    let entry = read_log(&mut tx, one, !user.is_empty()).await?;
    tx.commit(entry).await?;
    let asked = Asked {
        id_number: person,
        user: user.clone(),
        from_ms: span.0,
        until_ms: span.1,
        own: form.own == "1",
        most: MOST,
    };
    let log = app.setup.access_log.clone();
    let read = move || log.map_or(Ok((Vec::new(), false)), |log| log.read(&asked));
    let (seen, more) = blocking(read).await?;
    // Those of the register are at no one of the facts.
    let own = match one {
        true => Vec::new(),
        false => looks(&app.setup.registry.db, &by, span, &user, MOST).await?,
    };
    page(&Shown { ui, desk, token: &token.value, asked: &form, seen, more, own })
}
