//! The list of a quarter: every village with its score in words; people change it with reasons, and somebody
//! else approves it.

use askama::Template;
use axum::extract::Path;
use axum::response::{IntoResponse, Redirect, Response};
use domain::supervision::stepped::score::points;
use registry::actions::stepped::lists as acts;
use registry::queries::stepped::lists::{self, ListLine, ScoreLine};
use serde::Deserialize;

use super::{APPROVE, CREATE, LISTS, Room, STEPPED, act, led};
use crate::error::Error;
use crate::office::drafts::{Filled, Typed};
use crate::session::Signed;
use crate::ui::{Ui, page};

#[derive(Template)]
#[template(path = "office/stepped/list.html")]
struct One<'a> {
    ui: &'a Ui,
    desk: &'a Signed,
    token: &'a str,
    list: ListLine,
    listed: Vec<ScoreLine>,
    others: Vec<ScoreLine>,
    form: Filled,
    may_change: bool,
    may_approve: bool,
    may_decide: bool,
}

impl One<'_> {
    #[allow(clippy::unused_self)]
    fn points(&self, hundredths: &i64) -> String {
        points(*hundredths)
    }
}

fn draft(quarter: &str) -> String {
    format!("supervision/stepped/list/{quarter}")
}

fn own(quarter: &str) -> String {
    format!("/office/supervision/stepped/lists/{quarter}")
}

/// Path of the county: lists are of all of it.
async fn county(room: &Room) -> Result<String, Error> {
    let places = room.app.places().await?;
    Ok(places.county().map_or_else(String::new, |county| county.path.clone()))
}

/// The page.
///
/// # Errors
/// Not found where the quarter has no list.
pub async fn show(room: Room, Path(number): Path<String>) -> Result<Response, Error> {
    draw(&room, &number, None).await
}

async fn draw(room: &Room, quarter: &str, refused: Option<&Filled>) -> Result<Response, Error> {
    let (county, by) = (county(room).await?, room.desk.by(LISTS, STEPPED, "")?);
    let found = lists::one(room.db(), &by, (&county, quarter)).await?;
    let (list, scores) = found.ok_or(Error::NotFound)?;
    let (listed, others): (Vec<_>, Vec<_>) = scores.into_iter().partition(|line| line.listed);
    let open = list.approved_day.is_none();
    let may_create = room.desk.may_at(CREATE, STEPPED, &county);
    page(&One {
        form: Filled::new(draft(quarter), &room.drafts().await?).or(refused),
        may_change: open && may_create,
        may_approve: open
            && room.desk.may_at(APPROVE, STEPPED, &county)
            && list.proposed_by != room.desk.person(),
        may_decide: !open && may_create,
        ui: &room.ui,
        desk: &room.desk,
        token: &room.token,
        list,
        listed,
        others,
    })
}

/// Scores all villages and proposes the list of the quarter.
///
/// # Errors
/// Every rule that says no.
pub async fn propose(room: Room, typed: Typed) -> Result<Response, Error> {
    typed.fresh()?;
    let county = county(&room).await?;
    let quarter = act(&room, (CREATE, STEPPED, &county), "", acts::propose).await?;
    Ok(Redirect::to(&own(&quarter)).into_response())
}

#[derive(Deserialize)]
struct Change {
    place: String,
    #[serde(default)]
    listed: String,
    #[serde(default)]
    reason: String,
}

/// Puts a village on the list, or takes it off.
///
/// # Errors
/// What typing otherwise does not mend; all else comes back with the form.
pub async fn change(
    room: Room,
    Path(number): Path<String>,
    typed: Typed,
) -> Result<Response, Error> {
    let name = draft(&number);
    let done = async {
        let form: Change = typed.read()?;
        let county = county(&room).await?;
        let (place, listed) = (form.place.trim(), form.listed == "1");
        act(&room, (CREATE, STEPPED, &county), &name, async |tx, stepped| {
            let reason = form.reason.trim();
            let entry = acts::change(tx, stepped, &number, (place, listed), reason).await?;
            Ok(((), entry))
        })
        .await?;
        Ok(own(&number))
    };
    let done = done.await;
    led(&room, (&name, &typed), done, async |f: &Filled| draw(&room, &number, Some(f)).await).await
}

/// Approves it.
///
/// # Errors
/// Every rule that says no.
pub async fn approve(
    room: Room,
    Path(number): Path<String>,
    typed: Typed,
) -> Result<Response, Error> {
    typed.fresh()?;
    let county = county(&room).await?;
    act(&room, (APPROVE, STEPPED, &county), "", async |tx, stepped| {
        Ok(((), acts::approve(tx, stepped, &number).await?))
    })
    .await?;
    Ok(Redirect::to(&own(&number)).into_response())
}
