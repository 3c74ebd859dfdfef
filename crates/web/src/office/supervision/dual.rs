//! Dual check: what the reader is asked himself, and what is decided about those who were asked.

use askama::Template;
use axum::extract::Path;
use axum::response::{IntoResponse, Redirect, Response};
use domain::supervision::dual::Verdict;
use registry::actions::drafts;
use registry::actions::supervision::dual as acts;
use registry::queries::supervision::clues::{DualLine, asked as waiting};
use serde::Deserialize;

use super::{APPROVE, DUAL, Room, begin, clue, led};
use crate::error::Error;
use crate::office::drafts::{Filled, Typed};
use crate::office::matters::acts::at_field;
use crate::session::Signed;
use crate::ui::{Ui, page};

#[derive(Template)]
#[template(path = "office/supervision/asked.html")]
struct Asked<'a> {
    ui: &'a Ui,
    desk: &'a Signed,
    token: &'a str,
    room: &'a Room,
    lines: Vec<(DualLine, Filled)>,
}

/// What the reader is asked.
///
/// # Errors
/// A fault when the register cannot be read.
pub async fn asked(room: Room) -> Result<Response, Error> {
    draw(&room, None).await
}

fn draft(id: &str) -> String {
    format!("supervision/asked/{id}")
}

async fn draw(room: &Room, refused: Option<&Filled>) -> Result<Response, Error> {
    let kept = room.drafts().await?;
    let lines = waiting(room.db(), room.desk.person()).await?;
    let lines = lines.into_iter().map(|line| {
        let form = Filled::new(draft(&line.id), &kept).or(refused);
        (line, form)
    });
    let (ui, desk) = (&room.ui, &room.desk);
    page(&Asked { ui, desk, token: &room.token, room, lines: lines.collect() })
}

#[derive(Deserialize)]
struct Answer {
    text: String,
}

/// Answers.
///
/// # Errors
/// What typing otherwise does not mend; all else comes back with the form.
pub async fn answer(room: Room, Path(id): Path<String>, typed: Typed) -> Result<Response, Error> {
    let done = async {
        let form: Answer = typed.read()?;
        if form.text.trim().is_empty() {
            return Err(at_field("field-empty", "text"));
        }
        let mut tx = room.desk.begin(&[], "", "").await?;
        let entry = acts::answer(&mut tx, &id, form.text.trim()).await?;
        drafts::settle(&mut tx, &draft(&id)).await?;
        tx.commit(entry).await?;
        Ok("/office/asked".to_owned())
    };
    let done = done.await;
    led(&room, (&draft(&id), &typed), done, async |f: &Filled| draw(&room, Some(f)).await).await
}

#[derive(Deserialize)]
struct Decided {
    clue: String,
    verdict: String,
    #[serde(default)]
    measure: String,
    reason: String,
}

/// Decides about somebody who was asked.
///
/// # Errors
/// What typing otherwise does not mend; all else comes back with the form.
pub async fn decide(room: Room, Path(id): Path<String>, typed: Typed) -> Result<Response, Error> {
    let sent: Decided = typed.read_for_draft()?;
    let name = format!("supervision/clue/{}/{id}", sent.clue);
    let done = async {
        let form: Decided = typed.read()?;
        let verdict =
            Verdict::named(&form.verdict).ok_or_else(|| at_field("field-empty", "verdict"))?;
        let mut tx = begin(&room, APPROVE, DUAL).await?;
        let said = (verdict, form.measure.trim(), form.reason.trim());
        let entry = acts::decide(&mut tx, room.ui.law().bench(), &id, said).await?;
        drafts::settle(&mut tx, &name).await?;
        tx.commit(entry).await?;
        Ok(format!("/office/supervision/clues/{}", form.clue))
    };
    match done.await {
        Ok(to) => Ok(Redirect::to(&to).into_response()),
        Err(error) => {
            let page = async |f: &Filled| clue::draw(&room, &sent.clue, Some(f)).await;
            led(&room, (&name, &typed), Err(error), page).await
        }
    }
}
