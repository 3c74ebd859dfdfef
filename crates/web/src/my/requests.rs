//! "I did not receive this" and "this is not mine": a payment becomes a request to the township, with a
//! number and a day by which it is answered.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use domain::problem::Failure;
use domain::text::personal_number;
use facts::own::OwnPayment;
use registry::By;
use registry::actions::requests::{self, NewRequest};
use serde::Deserialize;

use super::benefits::{place_of, signed};
use super::desk::Own;
use super::sign::reader;
use crate::error::Error;
use crate::office::matters::acts::at_field;
use crate::request::{FormToken, Posted};
use crate::state::{App, blocking};
use crate::ui::{Ui, page};

/// Kinds that somebody can say of a payment.
const KINDS: [&str; 3] = ["not_received", "not_mine", "wrong_amount"];

/// Which payment, and what is wrong with it.
#[derive(Deserialize)]
pub struct About {
    payment: String,
    kind: String,
    #[serde(default)]
    text: String,
}

#[derive(Template)]
#[template(path = "my/request.html")]
struct Confirm<'a> {
    ui: &'a Ui,
    token: &'a str,
    about: &'a About,
    programme: String,
    period: String,
    fen: i64,
}

/// Shows what is about to be said, before it is.
///
/// # Errors
/// Not recognised; not found when the payment is not his.
pub async fn ask(
    State(app): State<Arc<App>>,
    ui: Ui,
    own: Own,
    token: FormToken,
    Posted(about): Posted<About>,
) -> Result<Response, Error> {
    let payment = payment(&app, &own, &about).await?;
    let period = payment.period.map_or(String::new(), |month| ui.period(&month.to_string()));
    page(&Confirm {
        programme: ui.benefit(&payment.programme),
        fen: payment.amount.0,
        period,
        ui: &ui,
        token: &token.value,
        about: &about,
    })
}

#[derive(Template)]
#[template(path = "my/opened.html")]
struct Opened<'a> {
    ui: &'a Ui,
    number: String,
    due: String,
}

/// Opens the request.
///
/// # Errors
/// Not recognised; a problem when the text holds a number of a person.
pub async fn open(
    State(app): State<Arc<App>>,
    ui: Ui,
    own: Own,
    Posted(about): Posted<About>,
) -> Result<Response, Error> {
    if personal_number(&about.text).is_some() {
        return Err(at_field("question-has-number", "text"));
    }
    let payment = payment(&app, &own, &about).await?;
    let places = app.places().await?;
    let village = payment.village.as_ref().and_then(|village| places.village(village));
    let place = village.or(places.county()).ok_or(Error::NotFound)?;
    let new = NewRequest {
        kind: about.kind,
        place: place.id.clone(),
        programme: Some(payment.programme.clone()),
        period: payment.period.map(|month| month.to_string()),
        amount_fen: Some(payment.amount.0),
        person_key: Some(signed(own.person.number())),
        text: about.text.trim().to_owned(),
    };
    let (registry, law) = (&app.setup.registry, &app.setup.law);
    let mut tx = registry.begin(By::public(&law.access), app.now(), "").await?;
    let (number, due, entry) = requests::open(&mut tx, law.rules(), &new).await?;
    tx.commit(entry).await?;
    page(&Opened { ui: &ui, number, due: ui.day(&due.to_string()) })
}

/// The payment that a form names, among his own.
async fn payment(app: &App, own: &Own, about: &About) -> Result<OwnPayment, Error> {
    if !KINDS.contains(&about.kind.as_str()) {
        return Err(Error::StaleForm);
    }
    let (reader, person) = (reader(app)?, own.person);
    let payments = blocking(move || -> Result<_, Failure> { reader.payments(person) }).await?;
    let named = payments.into_iter().find(|payment| place_of(payment) == about.payment);
    named.ok_or(Error::NotFound)
}
