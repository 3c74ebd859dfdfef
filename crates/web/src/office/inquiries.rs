//! What the supervision committee asks whoever prepared something: answered here.

use askama::Template;
use axum::extract::Path;
use axum::response::{IntoResponse, Redirect, Response};
use domain::access::Act;
use registry::actions::{drafts, inquiries};
use registry::queries::inquiries::{Inquiry, open};
use registry::queries::office::{DueLine, dues};
use serde::Deserialize;

use super::drafts::{Filled, Typed};
use super::matters::acts::at_field;
use super::room::Room;
use crate::error::Error;
use crate::places::Places;
use crate::session::Signed;
use crate::ui::{Ui, page};

/// To see them.
pub const READ: &[Act] = &[Act::Read];
/// To answer one that was put to nobody in particular.
const ANSWER: &[Act] = &[Act::Update];

/// An inquiry with its day and the form to answer it.
struct Line {
    inquiry: Inquiry,
    due: Option<DueLine>,
    form: Filled,
}

#[derive(Template)]
#[template(path = "office/inquiries.html")]
struct List<'a> {
    ui: &'a Ui,
    desk: &'a Signed,
    token: &'a str,
    places: &'a Places,
    lines: Vec<Line>,
}

/// The page: what waits for this reader's answer.
///
/// # Errors
/// A fault when the register cannot be read.
pub async fn list(room: Room) -> Result<Response, Error> {
    draw(&room, None).await
}

/// Whether an inquiry waits for somebody: it was put to him, or to nobody and he may change what it is
/// about.
#[must_use]
pub fn waits_for(desk: &Signed, places: &Places, inquiry: &Inquiry) -> bool {
    let path = places.get(&inquiry.place).map_or("", |place| place.path.as_str());
    let object = if inquiry.matter.is_some() { "matter" } else { "disclosure_draft" };
    match &inquiry.asked_of {
        Some(person) => person == desk.person(),
        None => desk.may_at(ANSWER, object, path),
    }
}

fn draft(id: &str) -> String {
    format!("inquiry/{id}")
}

async fn draw(room: &Room, refused: Option<&Filled>) -> Result<Response, Error> {
    let by = room.desk.by(READ, "matter", "")?;
    let (places, kept) = (room.app.places().await?, room.drafts().await?);
    let mut lines = Vec::new();
    for path in room.desk.places() {
        let due = dues(room.db(), &by, path).await?;
        for inquiry in open(room.db(), &by, path).await? {
            if waits_for(&room.desk, &places, &inquiry) {
                let subject = draft(&inquiry.id);
                let due = due.iter().find(|due| due.subject == subject).cloned();
                let form = Filled::new(subject, &kept).or(refused);
                lines.push(Line { inquiry, due, form });
            }
        }
    }
    let (ui, desk) = (&room.ui, &room.desk);
    page(&List { ui, desk, token: &room.token, places: &places, lines })
}

/// An answer.
#[derive(Deserialize)]
struct Answer {
    text: String,
}

/// Answers; the committee reads it beside what it checks.
///
/// # Errors
/// What typing otherwise does not mend; all else comes back with the form.
pub async fn answer(room: Room, Path(id): Path<String>, typed: Typed) -> Result<Response, Error> {
    match answered(&room, &id, &typed).await {
        Ok(()) => Ok(Redirect::to("/office").into_response()),
        Err(error) => {
            let refused = room.keep(&draft(&id), &typed, error, &[]).await?;
            Ok(refused.on(draw(&room, Some(&refused.form)).await?))
        }
    }
}

async fn answered(room: &Room, id: &str, typed: &Typed) -> Result<(), Error> {
    let form: Answer = typed.read()?;
    let text = form.text.trim();
    if text.is_empty() {
        return Err(at_field("field-empty", "text"));
    }
    let mut tx = room.desk.begin(READ, "matter", "").await?;
    let entry = inquiries::answer(&mut tx, id, text).await?;
    drafts::settle(&mut tx, &draft(id)).await?;
    tx.commit(entry).await?;
    Ok(())
}
