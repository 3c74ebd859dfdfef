//! The proposal to put a village under supervision: span, leader, what the notice says of the ways to report.

use std::collections::BTreeMap;

use askama::Template;
use axum::extract::Query;
use axum::response::Response;
use domain::supervision::stepped::rules::Way;
use registry::actions::stepped::villages::{self as acts, NewVillage};
use registry::queries::public_village::PlaceHead;
use registry::queries::stepped::leaders;
use serde::Deserialize;

use super::{CREATE, Room, STEPPED, act, led, own};
use crate::error::Error;
use crate::office::drafts::{Filled, Typed};
use crate::office::matters::acts::{at_field, day};
use crate::session::Signed;
use crate::ui::{Ui, page};

const DRAFT: &str = "supervision/stepped/new";

/// Which village.
#[derive(Deserialize, Default)]
#[serde(default)]
pub struct Wanted {
    place: String,
}

#[derive(Template)]
#[template(path = "office/stepped/new.html")]
struct New<'a> {
    ui: &'a Ui,
    desk: &'a Signed,
    token: &'a str,
    form: Filled,
    places: Vec<(String, String)>,
    ways: Vec<&'a Way>,
    leaders: Vec<(String, String)>,
    village: Option<&'a PlaceHead>,
}

impl New<'_> {
    /// Name of the field of a way.
    #[allow(clippy::unused_self)]
    fn field(&self, way: &Way) -> String {
        format!("way_{}", way.code)
    }
}

/// The form.
///
/// # Errors
/// A fault when the register cannot be read.
pub async fn show(room: Room, Query(wanted): Query<Wanted>) -> Result<Response, Error> {
    draw(&room, &wanted.place, None).await
}

async fn draw(room: &Room, place: &str, refused: Option<&Filled>) -> Result<Response, Error> {
    let law = room.ui.law();
    let (places, today) = (room.app.places().await?, room.desk.now.day);
    let rules = law.stepped.on(today).map_err(|problem| Error::Failed(problem.into()))?;
    let form = Filled::new(DRAFT.to_owned(), &room.drafts().await?).or(refused);
    let form = form.preset("place", place).preset("from", &room.today());
    page(&New {
        leaders: leaders(room.db(), &rules.leaders, &room.today()).await?,
        ways: law.stepped.ways.iter().filter(|way| way.asks.is_some()).collect(),
        village: places.get(form.value("place")),
        ui: &room.ui,
        desk: &room.desk,
        token: &room.token,
        places: room.choices(&["village"]).await?,
        form,
    })
}

#[derive(Deserialize)]
struct Sent {
    place: String,
    leader: String,
    from: String,
    until: String,
    reason: String,
    /// What the notice says, by way: fields `way_letter`, `way_visit` ...
    #[serde(flatten)]
    rest: BTreeMap<String, String>,
}

/// Hands it in.
///
/// # Errors
/// What typing otherwise does not mend; all else comes back with the form.
pub async fn propose(room: Room, typed: Typed) -> Result<Response, Error> {
    let done = proposed(&room, &typed).await;
    led(&room, (DRAFT, &typed), done, async |f: &Filled| draw(&room, "", Some(f)).await).await
}

async fn proposed(room: &Room, typed: &Typed) -> Result<String, Error> {
    let form: Sent = typed.read()?;
    let places = room.app.places().await?;
    let place = places.get(form.place.trim()).filter(|place| place.level == "village");
    let place = place.ok_or_else(|| at_field("field-empty", "place"))?;
    let said = form.rest.iter().filter_map(|(name, text)| {
        let code = name.strip_prefix("way_")?;
        Some((code.to_owned(), text.trim().to_owned()))
    });
    let new = NewVillage {
        place: place.id.clone(),
        leader: form.leader.clone(),
        from: day("from", &form.from)?,
        until: day("until", &form.until)?,
        contacts: said.collect(),
        reason: form.reason.trim().to_owned(),
    };
    let number = act(room, (CREATE, STEPPED, &place.path), DRAFT, async |tx, stepped| {
        acts::propose(tx, stepped, &new).await
    });
    Ok(own(&number.await?))
}
