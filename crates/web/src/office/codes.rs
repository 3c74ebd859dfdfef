//! The counter: whoever has looked at the ID card of the person before him issues a one-time code with
//! which that person opens the own benefits. Nothing of the benefits is shown here, and the person sees
//! that a code was issued, where and why.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use domain::access::Act;
use domain::text::personal_number;
use facts::own::Slip;
use locale::Language;
use registry::actions::own_codes::{self, NewCode};
use registry::queries::own_codes::{CodeLine, issued};
use serde::Deserialize;

use crate::codes::{CodeChannel, HandedOver};
use crate::error::Error;
use crate::my::reader;
use crate::office::matters::acts::at_field;
use crate::request::{FormToken, Posted};
use crate::routes::{Right, Routes};
use crate::session::Signed;
use crate::state::{App, blocking};
use crate::ui::{Ui, page};

/// The kind of thing.
const CODE: &str = "own_code";
const CREATE: &[Act] = &[Act::Create];
/// Codes of one's own that are listed.
const MOST: i64 = 20;
/// Letters of a purpose.
const PURPOSE_LETTERS: usize = 100;

/// Routes of the counter.
#[must_use]
pub fn routes(routes: Routes) -> Routes {
    routes.get("/office/codes", Right::May(CREATE, CODE), show).post(
        "/office/codes",
        Right::May(CREATE, CODE),
        issue,
    )
}

#[derive(Template)]
#[template(path = "office/codes.html")]
struct Desk<'a> {
    ui: &'a Ui,
    desk: &'a Signed,
    token: &'a str,
    open: bool,
    unknown: bool,
    purpose: &'a str,
    now_ms: i64,
    codes: Vec<CodeLine>,
}

/// The form, and what was issued here lately.
///
/// # Errors
/// A fault when the register cannot be read.
pub async fn show(
    State(app): State<Arc<App>>,
    ui: Ui,
    desk: Signed,
    token: FormToken,
) -> Result<Response, Error> {
    form(&app, &ui, &desk, &token, (ui.t("web-codes-purpose-usual"), false)).await
}

async fn form(
    app: &App,
    ui: &Ui,
    desk: &Signed,
    token: &FormToken,
    (purpose, unknown): (&str, bool),
) -> Result<Response, Error> {
    let by = desk.by(CREATE, CODE, "")?;
    let codes = issued(&app.setup.registry.db, &by, MOST).await?;
    let (open, now_ms) = (app.setup.codes.is_some() && app.setup.own.is_some(), desk.now.ms);
    page(&Desk { ui, desk, token: &token.value, open, unknown, purpose, now_ms, codes })
}

/// Who is there, and why.
#[derive(Deserialize)]
pub struct Person {
    id_number: String,
    name: String,
    purpose: String,
    #[serde(default)]
    seen: String,
}

#[derive(Template)]
#[template(path = "office/slip.html")]
struct Shown<'a> {
    ui: &'a Ui,
    desk: &'a Signed,
    /// Four digits and four digits; none when it goes another way.
    code: Option<(&'a str, &'a str)>,
    until_ms: i64,
    place: String,
}

/// Issues a code and shows it, once. The look is on disk before.
///
/// # Errors
/// A problem when nobody says that the card was looked at; too many tries; rules that say no.
pub async fn issue(
    State(app): State<Arc<App>>,
    ui: Ui,
    desk: Signed,
    token: FormToken,
    Posted(form): Posted<Person>,
) -> Result<Response, Error> {
    let channel = app.setup.codes.clone().ok_or(Error::NotFound)?;
    if form.seen != "1" {
        return Err(at_field("card-not-seen", "seen"));
    }
    let purpose = form.purpose.trim().to_owned();
    if purpose.is_empty() {
        return Err(at_field("field-empty", "purpose"));
    }
    if purpose.chars().count() > PURPOSE_LETTERS || personal_number(&purpose).is_some() {
        return Err(at_field("purpose-not-fit", "purpose"));
    }
    app.budgets.counter(&desk.session.account)?;
    let drawer = reader(&app)?;
    let slip = blocking(move || drawer.slip(&form.id_number, &form.name)).await?;
    let Some(slip) = slip else {
        return self::form(&app, &ui, &desk, &token, (&purpose, true)).await;
    };
    let place = keep(&app, &desk, &*channel, &slip, purpose).await?;
    let on_paper = channel.hand_over(&slip.code)? == HandedOver::OnPaper;
    let code = slip.code.split_at_checked(4).filter(|_| on_paper);
    let until_ms = app.now().ms + channel.lasts_ms();
    page(&Shown { ui: &ui, desk: &desk, code, until_ms, place })
}

/// Writes the look and the code down; returns the name of the counter's place.
async fn keep(
    app: &App,
    desk: &Signed,
    channel: &dyn CodeChannel,
    slip: &Slip,
    purpose: String,
) -> Result<String, Error> {
    let by = desk.by(CREATE, CODE, "")?;
    let held = desk.asker.held.iter().find(|held| held.role == by.role).ok_or(Error::NotFound)?;
    let places = app.places().await?;
    let code = held.place.rsplit('/').next().unwrap_or_default().to_owned();
    let place = places.name(&code).to_owned();
    // What the person is told of who looked, in the language of the county.
    let role = app.setup.law.catalogue.roles.get(&by.role);
    let role = role.map_or("", |role| role.title.zh.as_str());
    let office =
        app.text(Language::Chinese).with("web-codes-office", &[("place", &place), ("role", role)]);
    let (reader, person, at_ms) = (reader(app)?, slip.person, app.now().ms);
    let (login, why) = (desk.session.login.clone(), purpose.clone());
    blocking(move || reader.log_code(person, at_ms, (&login, &office), &why)).await?;
    let new = NewCode {
        place: code,
        code_hash: slip.hash.clone(),
        person_key: i64::from_ne_bytes(person.number().to_ne_bytes()),
        channel: channel.name().to_owned(),
        purpose,
        lasts_ms: channel.lasts_ms(),
    };
    let mut tx = desk.begin(CREATE, CODE, &held.place).await?;
    let (_, entry) = own_codes::issue(&mut tx, &new).await?;
    tx.commit(entry).await?;
    Ok(place)
}
