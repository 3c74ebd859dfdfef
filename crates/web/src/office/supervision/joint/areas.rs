//! The map of areas: townships, the office that leads them, the leader in charge.

use askama::Template;
use axum::response::Response;
use registry::actions::joint::areas as acts;
use registry::queries::joint::areas::{self, Area};
use registry::queries::stepped::leaders;
use serde::Deserialize;

use super::{AREA, CREATE, READ, Room, act, led};
use crate::error::Error;
use crate::office::drafts::{Filled, Typed};
use crate::session::Signed;
use crate::ui::{Ui, page};

const DRAFT: &str = "supervision/area";
/// Offices that lead an area.
const OFFICES: [&str; 3] = ["CJ", "CF", "CX"];

#[derive(Template)]
#[template(path = "office/joint/areas.html")]
struct Map<'a> {
    ui: &'a Ui,
    desk: &'a Signed,
    token: &'a str,
    areas: Vec<Area>,
    offices: [&'static str; 3],
    leaders: Vec<(String, String)>,
    form: Filled,
    may_lead: bool,
}

/// The page.
///
/// # Errors
/// A fault when the register cannot be read.
pub async fn show(room: Room) -> Result<Response, Error> {
    draw(&room, None).await
}

async fn draw(room: &Room, refused: Option<&Filled>) -> Result<Response, Error> {
    let (by, today) = (room.desk.by(READ, AREA, "")?, room.today());
    let places = room.app.places().await?;
    let county = places.county().map_or("", |county| county.path.as_str());
    let rules = room.ui.law().stepped.on(room.desk.now.day);
    let rules = rules.map_err(|problem| Error::Failed(problem.into()))?;
    page(&Map {
        areas: areas::all(room.db(), &by, (county, &today)).await?,
        leaders: leaders(room.db(), &rules.leaders, &today).await?,
        form: Filled::new(DRAFT.to_owned(), &room.drafts().await?).or(refused),
        may_lead: room.desk.may_at(CREATE, AREA, county),
        offices: OFFICES,
        ui: &room.ui,
        desk: &room.desk,
        token: &room.token,
    })
}

#[derive(Deserialize)]
struct Sent {
    area: String,
    office: String,
    leader: String,
}

/// Puts an office and a leader over an area.
///
/// # Errors
/// What typing otherwise does not mend; all else comes back with the form.
pub async fn lead(room: Room, typed: Typed) -> Result<Response, Error> {
    let done = async {
        let form: Sent = typed.read()?;
        let places = room.app.places().await?;
        let county = places.county().map_or("", |county| county.path.as_str());
        act(&room, (CREATE, AREA, county), DRAFT, async |tx, stepped| {
            let over = (form.office.as_str(), form.leader.as_str());
            Ok(((), acts::lead(tx, stepped, form.area.trim(), over).await?))
        })
        .await?;
        Ok("/office/supervision/areas".to_owned())
    };
    let done = done.await;
    led(&room, (DRAFT, &typed), done, async |f: &Filled| draw(&room, Some(f)).await).await
}
