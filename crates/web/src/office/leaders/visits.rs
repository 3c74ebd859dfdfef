//! Visits of leaders (下访): announced in public, and told in public afterwards, in a sentence without names.

use askama::Template;
use axum::extract::Path;
use axum::response::{IntoResponse, Redirect, Response};
use registry::actions::reports::care;
use registry::queries::public_reports::{VisitRow, visits};
use registry::queries::public_village::PlaceHead;
use registry::queries::report_desk::{PostHolder, post_holders};
use serde::Deserialize;

use super::{CREATE, UPDATE, VISIT};
use crate::error::{Error, lines};
use crate::office::matters::acts::{at_field, day};
use crate::office::room::Room;
use crate::places::Places;
use crate::request::Posted;
use crate::session::Signed;
use crate::ui::{Ui, page};

/// Roles that go on visits as leaders.
const LEADERS: [&str; 5] = ["TP", "TG", "DEP", "CL1", "CL2"];

#[derive(Template)]
#[template(path = "office/leaders/visits.html")]
struct List<'a> {
    ui: &'a Ui,
    desk: &'a Signed,
    token: &'a str,
    places: &'a Places,
    below: Vec<&'a PlaceHead>,
    leaders: Vec<PostHolder>,
    visits: Vec<VisitRow>,
    may_plan: bool,
    may_hold: bool,
    wrong: &'a [String],
    typed: (&'a str, &'a str),
}

/// The page.
///
/// # Errors
/// A fault when the register cannot be read.
pub async fn list(room: Room) -> Result<Response, Error> {
    draw(&room, &[], ("", "")).await
}

async fn draw(room: &Room, wrong: &[String], typed: (&str, &str)) -> Result<Response, Error> {
    let places = room.app.places().await?;
    let by = room.desk.by(CREATE, VISIT, "")?;
    let (db, today) = (room.db(), room.desk.now.day);
    let (mut all, mut below, mut leaders) = (Vec::new(), Vec::new(), Vec::new());
    for path in room.desk.places() {
        all.extend(visits(db, path).await?.iter().cloned());
        for level in ["township", "village"] {
            below.extend(places.of_level(level, path));
        }
        leaders.extend(post_holders(db, &by, path, today).await?);
    }
    leaders.retain(|holder| holder.roles.iter().any(|role| LEADERS.contains(&role.as_str())));
    page(&List {
        may_plan: room.desk.may_somewhere(CREATE, VISIT).is_ok(),
        may_hold: room.desk.may_somewhere(UPDATE, VISIT).is_ok(),
        ui: &room.ui,
        desk: &room.desk,
        token: &room.token,
        places: &places,
        visits: all,
        below,
        leaders,
        wrong,
        typed,
    })
}

async fn answer(
    room: &Room,
    typed: (&str, &str),
    done: Result<(), Error>,
) -> Result<Response, Error> {
    let Err(error) = done else { return Ok(Redirect::to("/office/visits").into_response()) };
    let status = error.status();
    if !matches!(status.as_u16(), 409 | 422) {
        return Err(error);
    }
    let mut page = draw(room, &lines(&room.ui, &error, &[]), typed).await?;
    *page.status_mut() = status;
    Ok(page)
}

/// A visit to come.
#[derive(Deserialize, Default)]
#[serde(default)]
pub struct Plan {
    place: String,
    leader: String,
    day: String,
}

/// Announces a visit.
///
/// # Errors
/// Rules that say no; what typing mends comes back with the page.
pub async fn plan(room: Room, Posted(form): Posted<Plan>) -> Result<Response, Error> {
    let done = planned(&room, &form).await;
    answer(&room, ("", ""), done).await
}

async fn planned(room: &Room, form: &Plan) -> Result<(), Error> {
    let when = day("day", &form.day)?;
    if form.leader.is_empty() {
        return Err(at_field("field-empty", "leader"));
    }
    let places = room.app.places().await?;
    let path = places.get(&form.place).map_or("", |place| place.path.as_str());
    let mut tx = room.desk.begin(CREATE, VISIT, path).await?;
    let (_, entry) = care::plan_visit(&mut tx, (&form.place, &form.leader), when).await?;
    tx.commit(entry).await?;
    Ok(())
}

/// What came of it.
#[derive(Deserialize, Default)]
#[serde(default)]
pub struct Held {
    visitors: String,
    summary: String,
}

/// Tells that a visit took place.
///
/// # Errors
/// As [`plan`].
pub async fn hold(
    room: Room,
    Path(number): Path<String>,
    Posted(form): Posted<Held>,
) -> Result<Response, Error> {
    let done = told(&room, &number, &form).await;
    answer(&room, (&number, &form.summary), done).await
}

async fn told(room: &Room, number: &str, form: &Held) -> Result<(), Error> {
    let visitors = form.visitors.trim().parse();
    let visitors = visitors.map_err(|_| at_field("field-empty", "visitors"))?;
    let summary = form.summary.trim();
    if summary.is_empty() {
        return Err(at_field("field-empty", "summary"));
    }
    let mut tx = room.desk.begin(UPDATE, VISIT, "").await?;
    let entry = care::hold_visit(&mut tx, number, (visitors, summary)).await?;
    tx.commit(entry).await?;
    Ok(())
}
