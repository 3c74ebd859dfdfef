//! Requests for cooperation: who helps where, from when to when; decided by another; the rights end by
//! themselves.

use askama::Template;
use axum::extract::{Path, Query};
use axum::response::{IntoResponse, Redirect, Response};
use domain::access::Act;
use registry::actions::joint::cooperations::{self as acts, NewCooperation};
use registry::queries::joint::cooperations::{self, CooperationLine};
use registry::queries::supervision::people_named;
use serde::Deserialize;

use super::{APPROVE, COOPERATION, CREATE, END, READ, Room, act, led, parts};
use crate::error::Error;
use crate::office::drafts::{Filled, Typed};
use crate::office::matters::acts::{at_field, day};
use crate::session::Signed;
use crate::ui::{Ui, page};

const DRAFT: &str = "supervision/cooperation";
const HERE: &str = "/office/supervision/cooperations";
/// What a cooperation may be about.
const THINGS: [&str; 3] = ["stepped", "hit", "clue"];

/// What a request comes from.
#[derive(Deserialize, Default)]
#[serde(default)]
pub struct Wanted {
    place: String,
    number: String,
    person: String,
}

#[derive(Template)]
#[template(path = "office/joint/cooperations.html")]
struct List<'a> {
    ui: &'a Ui,
    desk: &'a Signed,
    token: &'a str,
    lines: Vec<CooperationLine>,
    things: [&'static str; 3],
    form: Filled,
    places: Vec<(String, String)>,
    may_ask: bool,
}

impl List<'_> {
    /// How it stands today: what was approved holds from its first day to its last.
    fn state(&self, line: &CooperationLine) -> &'static str {
        let day = self.ui.today();
        match line.state.as_str() {
            "approved" if line.holds(day) => "holds",
            "approved" if line.until_day < day.to_string() => "over",
            "approved" => "approved",
            "asked" => "asked",
            "refused" => "refused",
            _ => "ended",
        }
    }

    fn may_decide(&self, line: &CooperationLine) -> bool {
        line.state == "asked"
            && self.desk.may_at(APPROVE, COOPERATION, &line.path)
            && line.asked_by != self.desk.person()
    }

    fn may_end(&self, line: &CooperationLine) -> bool {
        line.state == "approved" && self.desk.may_at(END, COOPERATION, &line.path)
    }
}

/// The list.
///
/// # Errors
/// A fault when the register cannot be read.
pub async fn list(room: Room, Query(wanted): Query<Wanted>) -> Result<Response, Error> {
    draw(&room, &wanted, None).await
}

async fn draw(room: &Room, wanted: &Wanted, refused: Option<&Filled>) -> Result<Response, Error> {
    let mut lines: Vec<CooperationLine> = Vec::new();
    for by in room.desk.each(READ, COOPERATION)? {
        for path in room.desk.places() {
            let found = cooperations::list(room.db(), &by, path).await?;
            let known: Vec<String> = lines.iter().map(|line| line.number.clone()).collect();
            lines.extend(found.into_iter().filter(|line| !known.contains(&line.number)));
        }
    }
    let form = Filled::new(DRAFT.to_owned(), &room.drafts().await?).or(refused);
    let kind = if wanted.person.is_empty() { "" } else { "cross" };
    let thing = if wanted.number.is_empty() { "" } else { "stepped" };
    let form = form.preset("place", &wanted.place).preset("people", &wanted.person);
    let form = form.preset("kind", kind).preset("number", &wanted.number);
    page(&List {
        form: form.preset("thing", thing).preset("from", &room.today()),
        may_ask: room.desk.may_somewhere(CREATE, COOPERATION).is_ok(),
        things: THINGS,
        ui: &room.ui,
        desk: &room.desk,
        token: &room.token,
        places: room.choices(&["county", "township", "village"]).await?,
        lines,
    })
}

#[derive(Deserialize)]
struct Sent {
    kind: String,
    place: String,
    #[serde(default)]
    thing: String,
    #[serde(default)]
    number: String,
    people: String,
    from: String,
    until: String,
    reason: String,
}

/// Asks for one.
///
/// # Errors
/// What typing otherwise does not mend; all else comes back with the form.
pub async fn ask(room: Room, typed: Typed) -> Result<Response, Error> {
    let done = asked(&room, &typed).await;
    let wanted = Wanted::default();
    led(&room, (DRAFT, &typed), done, async |f: &Filled| draw(&room, &wanted, Some(f)).await).await
}

async fn asked(room: &Room, typed: &Typed) -> Result<String, Error> {
    let form: Sent = typed.read()?;
    let places = room.app.places().await?;
    let place = places.get(form.place.trim());
    let place = place.ok_or_else(|| at_field("field-empty", "place"))?;
    let county = places.county().map_or("", |county| county.path.as_str());
    let number = form.number.trim().to_owned();
    let new = NewCooperation {
        kind: form.kind.clone(),
        place: place.id.clone(),
        thing: Some((form.thing.clone(), number)).filter(|(_, number)| !number.is_empty()),
        people: people_named(room.db(), county, &parts(&form.people)).await?,
        from: day("from", &form.from)?,
        until: day("until", &form.until)?,
        reason: form.reason.trim().to_owned(),
    };
    act(room, (CREATE, COOPERATION, &place.path), DRAFT, async |tx, stepped| {
        acts::ask(tx, stepped, &new).await
    })
    .await?;
    Ok(HERE.to_owned())
}

#[derive(Deserialize)]
struct Decision {
    #[serde(default)]
    agreed: String,
}

/// Decides about one.
///
/// # Errors
/// Every rule that says no.
pub async fn decide(
    room: Room,
    Path(number): Path<String>,
    typed: Typed,
) -> Result<Response, Error> {
    let form: Decision = typed.read()?;
    let path = path(&room, &number, APPROVE).await?;
    act(&room, (APPROVE, COOPERATION, &path), "", async |tx, stepped| {
        Ok(((), acts::decide(tx, stepped, &number, form.agreed != "0").await?))
    })
    .await?;
    Ok(Redirect::to(HERE).into_response())
}

#[derive(Deserialize)]
struct Came {
    result: String,
}

/// Ends one with what came of it.
///
/// # Errors
/// Every rule that says no.
pub async fn end(room: Room, Path(number): Path<String>, typed: Typed) -> Result<Response, Error> {
    let form: Came = typed.read()?;
    let path = path(&room, &number, END).await?;
    act(&room, (END, COOPERATION, &path), "", async |tx, stepped| {
        Ok(((), acts::end(tx, stepped, &number, form.result.trim()).await?))
    })
    .await?;
    Ok(Redirect::to(HERE).into_response())
}

/// Path of the place of one that the reader may see.
async fn path(room: &Room, number: &str, acts: &[Act]) -> Result<String, Error> {
    for by in room.desk.each(acts, COOPERATION)? {
        for path in room.desk.places() {
            let found = cooperations::list(room.db(), &by, path).await?;
            if let Some(line) = found.into_iter().find(|line| line.number == number) {
                return Ok(line.path);
            }
        }
    }
    Err(Error::NotFound)
}
