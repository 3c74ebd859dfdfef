//! A clue beside others: joined, linked; and the dual check beyond the day: successors in a post, or that
//! none applies.

use axum::extract::Path;
use axum::response::Response;
use registry::actions::drafts;
use registry::actions::supervision::{clues as acts, dual, waivers};
use serde::Deserialize;

use super::clue::{draft, draw, one, own};
use super::{APPROVE, CLUE, CREATE, DUAL, Room, UPDATE, led};
use crate::error::Error;
use crate::office::drafts::{Filled, Typed};

#[derive(Deserialize)]
struct Related {
    other: String,
    #[serde(default)]
    reason: String,
    /// `merge` or `link`.
    how: String,
}

/// Joins the clue to another, or says that they belong together.
///
/// # Errors
/// What typing otherwise does not mend; all else comes back with the form.
pub async fn relate(
    room: Room,
    Path(number): Path<String>,
    typed: Typed,
) -> Result<Response, Error> {
    let name = draft(&number, "relate");
    let done = async {
        let form: Related = typed.read()?;
        let page = one(&room, &number).await?;
        let mut tx = room.desk.begin(UPDATE, CLUE, &page.line.path).await?;
        let (bench, other) = (room.ui.law().bench(), form.other.trim());
        let entry = match form.how.as_str() {
            "merge" => acts::merge(&mut tx, bench, &number, other).await?,
            _ => acts::link(&mut tx, bench, &number, (other, form.reason.trim())).await?,
        };
        drafts::settle(&mut tx, &name).await?;
        tx.commit(entry).await?;
        Ok(own(&number))
    };
    let done = done.await;
    back(&room, &number, (&name, &typed), done).await
}

/// Asks those, too, who took the posts over.
///
/// # Errors
/// What typing otherwise does not mend; all else comes back with the page.
pub async fn trace(
    room: Room,
    Path(number): Path<String>,
    typed: Typed,
) -> Result<Response, Error> {
    let name = draft(&number, "ask");
    let done = async {
        typed.fresh()?;
        let page = one(&room, &number).await?;
        let mut tx = room.desk.begin(CREATE, DUAL, &page.line.path).await?;
        let (_, entry) = dual::trace(&mut tx, room.ui.law().bench(), &number).await?;
        tx.commit(entry).await?;
        Ok(own(&number))
    };
    let done = done.await;
    back(&room, &number, (&name, &typed), done).await
}

#[derive(Deserialize)]
struct Waived {
    reason: String,
}

/// Says why no dual check applies.
///
/// # Errors
/// What typing otherwise does not mend; all else comes back with the form.
pub async fn waive(
    room: Room,
    Path(number): Path<String>,
    typed: Typed,
) -> Result<Response, Error> {
    let name = draft(&number, "waive");
    let done = async {
        let form: Waived = typed.read()?;
        let page = one(&room, &number).await?;
        let mut tx = room.desk.begin(CREATE, DUAL, &page.line.path).await?;
        let bench = room.ui.law().bench();
        let entry = waivers::propose(&mut tx, bench, &number, form.reason.trim()).await?;
        drafts::settle(&mut tx, &name).await?;
        tx.commit(entry).await?;
        Ok(own(&number))
    };
    let done = done.await;
    back(&room, &number, (&name, &typed), done).await
}

#[derive(Deserialize)]
struct Decided {
    agreed: String,
}

/// Decides whether it does not apply.
///
/// # Errors
/// What typing otherwise does not mend; all else comes back with the page.
pub async fn decide_waiver(
    room: Room,
    Path(number): Path<String>,
    typed: Typed,
) -> Result<Response, Error> {
    let name = draft(&number, "waive");
    let done = async {
        let form: Decided = typed.read()?;
        let page = one(&room, &number).await?;
        let mut tx = room.desk.begin(APPROVE, DUAL, &page.line.path).await?;
        let bench = room.ui.law().bench();
        let entry = waivers::decide(&mut tx, bench, &number, form.agreed == "1").await?;
        tx.commit(entry).await?;
        Ok(own(&number))
    };
    let done = done.await;
    back(&room, &number, (&name, &typed), done).await
}

async fn back(
    room: &Room,
    number: &str,
    form: (&str, &Typed),
    done: Result<String, Error>,
) -> Result<Response, Error> {
    led(room, form, done, async |f: &Filled| draw(room, number, Some(f)).await).await
}
