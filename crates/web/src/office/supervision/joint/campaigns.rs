//! Campaigns, and the form that plans one.

use std::collections::BTreeMap;

use askama::Template;
use axum::response::Response;
use registry::actions::joint::campaigns::{self as acts, NewCampaign};
use registry::queries::joint::campaigns::{self, CampaignLine};
use registry::queries::supervision::people_named;
use serde::Deserialize;

use super::{CAMPAIGN, CREATE, READ, Room, act, led, parts};
use crate::error::Error;
use crate::office::drafts::{Filled, Typed};
use crate::office::matters::acts::{at_field, day};
use crate::session::Signed;
use crate::ui::{Ui, page};

const DRAFT: &str = "supervision/campaign";

#[derive(Template)]
#[template(path = "office/joint/campaigns.html")]
struct List<'a> {
    ui: &'a Ui,
    desk: &'a Signed,
    token: &'a str,
    room: &'a Room,
    lines: Vec<CampaignLine>,
    bureaus: Vec<&'a str>,
    form: Filled,
    places: Vec<(String, String)>,
    may_plan: bool,
}

/// The list.
///
/// # Errors
/// A fault when the register cannot be read.
pub async fn list(room: Room) -> Result<Response, Error> {
    draw(&room, None).await
}

async fn draw(room: &Room, refused: Option<&Filled>) -> Result<Response, Error> {
    let mut lines: Vec<CampaignLine> = Vec::new();
    for by in room.desk.each(READ, CAMPAIGN)? {
        for path in room.desk.places() {
            let found = campaigns::list(room.db(), &by, path).await?;
            let known: Vec<String> = lines.iter().map(|line| line.number.clone()).collect();
            lines.extend(found.into_iter().filter(|line| !known.contains(&line.number)));
        }
    }
    let places = room.app.places().await?;
    let county = places.county().map_or("", |county| county.id.as_str());
    let form = Filled::new(DRAFT.to_owned(), &room.drafts().await?).or(refused);
    let roles = room.ui.law().catalogue.roles.keys().map(String::as_str);
    page(&List {
        bureaus: roles.filter(|code| code.starts_with("CB-")).collect(),
        form: form.preset("place", county).preset("from", &room.today()),
        may_plan: room.desk.may_somewhere(CREATE, CAMPAIGN).is_ok(),
        ui: &room.ui,
        desk: &room.desk,
        token: &room.token,
        places: room.choices(&["county", "township", "village"]).await?,
        room,
        lines,
    })
}

#[derive(Deserialize)]
struct Sent {
    kind: String,
    title: String,
    place: String,
    purpose: String,
    team: String,
    points: String,
    from: String,
    until: String,
    /// Bureaus that take part: fields `bureau_CB-AG` ...
    #[serde(flatten)]
    rest: BTreeMap<String, String>,
}

/// Hands a plan in.
///
/// # Errors
/// What typing otherwise does not mend; all else comes back with the form.
pub async fn propose(room: Room, typed: Typed) -> Result<Response, Error> {
    let done = proposed(&room, &typed).await;
    led(&room, (DRAFT, &typed), done, async |f: &Filled| draw(&room, Some(f)).await).await
}

async fn proposed(room: &Room, typed: &Typed) -> Result<String, Error> {
    let form: Sent = typed.read()?;
    let places = room.app.places().await?;
    let place = places.get(form.place.trim());
    let place = place.ok_or_else(|| at_field("field-empty", "place"))?;
    let county = places.county().map_or("", |county| county.path.as_str());
    let new = NewCampaign {
        kind: form.kind.clone(),
        title: form.title.trim().to_owned(),
        place: place.id.clone(),
        purpose: form.purpose.trim().to_owned(),
        bureaus: form
            .rest
            .keys()
            .filter_map(|name| name.strip_prefix("bureau_").map(str::to_owned))
            .collect(),
        team: people_named(room.db(), county, &parts(&form.team)).await?,
        points: form.points.lines().map(str::to_owned).collect(),
        from: day("from", &form.from)?,
        until: day("until", &form.until)?,
    };
    let number = act(room, (CREATE, CAMPAIGN, &place.path), DRAFT, async |tx, stepped| {
        acts::propose(tx, stepped, &new).await
    });
    Ok(format!("/office/supervision/campaigns/{}", number.await?))
}
