//! Opening a matter from a power item.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use domain::catalogue::{Power, Versioned};
use domain::money::{Fen, MoneyUnit};
use domain::problem::{Place, Problem};
use registry::actions::matters::{self, NewMatter};
use registry::queries::lists::{self, PlaceLine};
use serde::Deserialize;

use super::{MATTER, OPEN};
use crate::error::Error;
use crate::request::{FormToken, Posted};
use crate::session::Signed;
use crate::state::App;
use crate::ui::{Ui, page};

#[derive(Template)]
#[template(path = "office/matters/new.html")]
struct New<'a> {
    ui: &'a Ui,
    desk: &'a Signed,
    token: &'a str,
    powers: Vec<&'a Power>,
    villages: Vec<PlaceLine>,
}

/// The form.
///
/// # Errors
/// A fault when the register cannot be read.
pub async fn show(
    State(app): State<Arc<App>>,
    ui: Ui,
    desk: Signed,
    token: FormToken,
) -> Result<Response, Error> {
    let places = lists::places(&app.setup.registry.db).await?;
    let mine = |place: &PlaceLine| place.level == "village" && desk.reaches(&place.path);
    let villages = places.into_iter().filter(mine).collect();
    let powers = ui.law().catalogue.powers.values();
    let powers = powers.filter(|power| power.on(desk.now.day).is_some()).collect();
    page(&New { ui: &ui, desk: &desk, token: &token.value, powers, villages })
}

/// What the form sends.
#[derive(Deserialize)]
pub struct Form {
    power: String,
    place: String,
    title: String,
    amount: String,
    #[serde(default)]
    names_confirmed: String,
}

/// Opens it.
///
/// # Errors
/// Rules that say no; a problem when the amount is no number.
pub async fn open(
    State(app): State<Arc<App>>,
    desk: Signed,
    Posted(form): Posted<Form>,
) -> Result<Response, Error> {
    let new = NewMatter {
        power: form.power,
        place: form.place,
        title: form.title.trim().to_owned(),
        subject: None,
        amount_fen: yuan("amount", &form.amount)?,
    };
    let path = lists::path(&app.setup.registry.db, &new.place).await?;
    let mut tx = desk.begin(OPEN, MATTER, &path).await?;
    tx.names_confirmed = form.names_confirmed == "1";
    let (number, entry) = matters::open(&mut tx, app.setup.law.rules(), &new).await?;
    tx.commit(entry).await?;
    Ok(Redirect::to(&format!("/office/matters/{number}")).into_response())
}

/// Yuan from a field; an empty one is none.
///
/// # Errors
/// A problem at the field.
pub fn yuan(field: &str, text: &str) -> Result<Option<i64>, Error> {
    if text.trim().is_empty() {
        return Ok(None);
    }
    let place = || Place { column: Some(field.to_owned()), ..Place::default() };
    let wrong = |_| Problem::new("amount-not-a-number", place());
    let fen = Fen::parse(text, MoneyUnit::Yuan).map_err(wrong);
    Ok(Some(fen.map_err(|problem| Error::Failed(problem.into()))?.0))
}
