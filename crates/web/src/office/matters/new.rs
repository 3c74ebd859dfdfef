//! Opening a matter from a power item.

use askama::Template;
use axum::response::{IntoResponse, Redirect, Response};
use domain::catalogue::{Power, Versioned};
use domain::money::{Fen, MoneyUnit};
use domain::problem::{Place, Problem};
use registry::actions::drafts;
use registry::actions::matters::{self, NewMatter};
use registry::queries::lists;
use registry::queries::public_village::PlaceHead;
use serde::Deserialize;

use super::acts::at_field;
use super::{MATTER, OPEN};
use crate::error::Error;
use crate::office::drafts::{Filled, Typed};
use crate::office::room::Room;
use crate::session::Signed;
use crate::ui::{Ui, page};

/// Name of the draft of this form.
const FORM: &str = "matter";

#[derive(Template)]
#[template(path = "office/matters/new.html")]
struct New<'a> {
    ui: &'a Ui,
    desk: &'a Signed,
    token: &'a str,
    powers: Vec<&'a Power>,
    villages: Vec<&'a PlaceHead>,
    form: Filled,
}

/// The form.
///
/// # Errors
/// A fault when the register cannot be read.
pub async fn show(room: Room) -> Result<Response, Error> {
    draw(&room, Filled::new(FORM.to_owned(), &room.drafts().await?)).await
}

async fn draw(room: &Room, form: Filled) -> Result<Response, Error> {
    let (places, desk) = (room.app.places().await?, &room.desk);
    let county = places.county().map_or("", |county| county.path.as_str());
    let villages = places.of_level("village", county);
    let villages = villages.filter(|p| desk.may_at(OPEN, MATTER, &p.path)).collect();
    let powers = room.ui.law().catalogue.powers.values();
    let powers = powers.filter(|power| power.on(desk.now.day).is_some()).collect();
    page(&New { ui: &room.ui, desk, token: &room.token, powers, villages, form })
}

/// What the form sends.
#[derive(Deserialize)]
struct Form {
    power: String,
    place: String,
    title: String,
    amount: String,
}

/// Opens it.
///
/// # Errors
/// What typing otherwise does not mend; all else comes back with the form.
pub async fn open(room: Room, typed: Typed) -> Result<Response, Error> {
    match opened(&room, &typed).await {
        Ok(number) => Ok(Redirect::to(&format!("/office/matters/{number}")).into_response()),
        Err(error) => {
            let refused = room.keep(FORM, &typed, error, &[]).await?;
            Ok(refused.on(draw(&room, refused.form.clone()).await?))
        }
    }
}

async fn opened(room: &Room, typed: &Typed) -> Result<String, Error> {
    let form: Form = typed.read()?;
    let title = form.title.trim().to_owned();
    if title.is_empty() {
        return Err(at_field("field-empty", "title"));
    }
    let new = NewMatter {
        power: form.power,
        place: form.place,
        title,
        subject: None,
        amount_fen: yuan("amount", &form.amount)?,
    };
    let path = lists::path(room.db(), &new.place).await?;
    let mut tx = room.desk.begin(OPEN, MATTER, &path).await?;
    tx.names_confirmed = typed.confirms_names();
    let (number, entry) = matters::open(&mut tx, room.ui.law().rules(), &new).await?;
    drafts::settle(&mut tx, FORM).await?;
    tx.commit(entry).await?;
    Ok(number)
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
