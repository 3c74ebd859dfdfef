//! Where stepped-up supervision begins: checks that wait for the reader, villages under supervision, lists.

use askama::Template;
use axum::response::Response;
use domain::supervision::stepped::list::quarter;
use registry::actions::stepped::figures::{self, NewFigures};
use registry::queries::stepped::lists::{self, ListLine};
use registry::queries::stepped::villages::{self, MineLine, VillageLine};
use serde::Deserialize;

use super::{CREATE, LISTS, READ, Room, STEPPED, act, led};
use crate::error::Error;
use crate::office::drafts::{Filled, Typed};
use crate::office::matters::acts::at_field;
use crate::office::matters::new::yuan;
use crate::session::Signed;
use crate::ui::{Ui, page};

const DRAFT: &str = "supervision/stepped";

#[derive(Template)]
#[template(path = "office/stepped/hub.html")]
struct Hub<'a> {
    ui: &'a Ui,
    desk: &'a Signed,
    token: &'a str,
    room: &'a Room,
    mine: Vec<MineLine>,
    villages: Vec<VillageLine>,
    lists: Vec<ListLine>,
    /// The quarter of today, where it has no list.
    missing: Option<String>,
    form: Filled,
    places: Vec<(String, String)>,
    may_lists: bool,
    may_create: bool,
}

/// The page.
///
/// # Errors
/// A fault when the register cannot be read.
pub async fn show(room: Room) -> Result<Response, Error> {
    draw(&room, None).await
}

async fn draw(room: &Room, refused: Option<&Filled>) -> Result<Response, Error> {
    let mut lines: Vec<VillageLine> = Vec::new();
    for by in room.desk.each(READ, STEPPED)? {
        for path in room.desk.places() {
            let found = villages::list(room.db(), &by, path).await?;
            let known: Vec<String> = lines.iter().map(|line| line.number.clone()).collect();
            lines.extend(found.into_iter().filter(|line| !known.contains(&line.number)));
        }
    }
    let lists = all_lists(room).await?;
    let now = quarter(room.desk.now.day);
    let missing = lists.iter().all(|list| list.quarter != now).then_some(now);
    page(&Hub {
        mine: villages::mine(room.db(), room.desk.person()).await?,
        may_lists: room.desk.may_somewhere(LISTS, STEPPED).is_ok(),
        may_create: room.desk.may_somewhere(CREATE, STEPPED).is_ok(),
        form: Filled::new(DRAFT.to_owned(), &room.drafts().await?).or(refused),
        ui: &room.ui,
        desk: &room.desk,
        token: &room.token,
        places: room.choices(&["village"]).await?,
        room,
        villages: lines,
        lists,
        missing,
    })
}

/// Lists of the county, for whoever works with them.
async fn all_lists(room: &Room) -> Result<Vec<ListLine>, Error> {
    if room.desk.may_somewhere(LISTS, STEPPED).is_err() {
        return Ok(Vec::new());
    }
    let by = room.desk.by(LISTS, STEPPED, "")?;
    let places = room.app.places().await?;
    let county = places.county().map_or("", |county| county.path.as_str());
    Ok(lists::all(room.db(), &by, county).await?)
}

#[derive(Deserialize)]
struct Sent {
    place: String,
    year: String,
    #[serde(default)]
    income: String,
    #[serde(default)]
    funds: String,
    #[serde(default)]
    residents: String,
    source: String,
}

/// Enters figures of a village.
///
/// # Errors
/// What typing otherwise does not mend; all else comes back with the form.
pub async fn figures(room: Room, typed: Typed) -> Result<Response, Error> {
    let done = entered(&room, &typed).await;
    led(&room, (DRAFT, &typed), done, async |f: &Filled| draw(&room, Some(f)).await).await
}

async fn entered(room: &Room, typed: &Typed) -> Result<String, Error> {
    let form: Sent = typed.read()?;
    let places = room.app.places().await?;
    let place = places.get(form.place.trim()).filter(|place| place.level == "village");
    let place = place.ok_or_else(|| at_field("field-empty", "place"))?;
    let whole = |field: &'static str, text: &str| match text.trim() {
        "" => Ok(None),
        text => text.parse().map(Some).map_err(|_| at_field("field-empty", field)),
    };
    let new = NewFigures {
        place: place.id.clone(),
        year: whole("year", &form.year)?.ok_or_else(|| at_field("field-empty", "year"))?,
        income_fen: yuan("income", &form.income)?,
        funds_fen: yuan("funds", &form.funds)?,
        residents: whole("residents", &form.residents)?,
        source: form.source.trim().to_owned(),
    };
    let county = places.county().map_or("", |county| county.path.as_str());
    act(room, (CREATE, STEPPED, county), DRAFT, async |tx, _| {
        Ok(((), figures::enter(tx, &[new]).await?))
    })
    .await?;
    Ok("/office/supervision/stepped".to_owned())
}
