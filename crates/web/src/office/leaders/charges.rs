//! Cases in the charge of a leader: each promise with how it was kept. Who is meant or reported stands
//! nowhere here.

use askama::Template;
use axum::extract::Path;
use axum::response::{IntoResponse, Redirect, Response};
use domain::report::rules::Titled;
use registry::actions::reports::care;
use registry::queries::report_care::{Charge, Step, charges};
use serde::Deserialize;

use super::{CHARGE, READ, UPDATE};
use crate::error::{Error, lines};
use crate::office::matters::acts::at_field;
use crate::office::reports::unseen;
use crate::office::room::Room;
use crate::request::Posted;
use crate::session::Signed;
use crate::ui::{Ui, page};

#[derive(Template)]
#[template(path = "office/leaders/charges.html")]
struct List<'a> {
    ui: &'a Ui,
    desk: &'a Signed,
    token: &'a str,
    commitments: &'a [Titled],
    charges: Vec<(Charge, Vec<Step>)>,
    wrong: Option<(&'a str, &'a str, &'a [String])>,
}

impl List<'_> {
    fn title(&self, code: &str) -> &str {
        let known = self.commitments.iter().find(|known| known.code == code);
        known.map_or("", |known| self.ui.title(&known.title))
    }

    fn is_kept(&self, steps: &[Step], code: &str) -> bool {
        steps.iter().any(|step| step.commitment == code && step.done == 1)
    }

    fn is_own(&self, charge: &Charge) -> bool {
        charge.leader == self.desk.person() && charge.ended_day.is_none()
    }
}

/// The page.
///
/// # Errors
/// A fault when the register cannot be read.
pub async fn list(room: Room) -> Result<Response, Error> {
    draw(&room, None).await
}

async fn draw(room: &Room, wrong: Option<(&str, &str, &[String])>) -> Result<Response, Error> {
    let window = room.app.window()?;
    let counter = window.counter();
    let (by, day) = (room.desk.by(READ, CHARGE, "")?, room.desk.now.day);
    page(&List {
        charges: charges(room.db(), &counter, &by, day).await?,
        commitments: &counter.rules(day)?.1.commitments,
        ui: &room.ui,
        desk: &room.desk,
        token: &room.token,
        wrong,
    })
}

async fn answer(
    room: &Room,
    (id, note): (&str, &str),
    done: Result<(), Error>,
) -> Result<Response, Error> {
    let Err(error) = done else { return Ok(Redirect::to("/office/charges").into_response()) };
    let error = unseen(error);
    let status = error.status();
    if !matches!(status.as_u16(), 409 | 422) {
        return Err(error);
    }
    let lines = lines(&room.ui, &error, &[]);
    let mut page = draw(room, Some((id, note, &lines))).await?;
    *page.status_mut() = status;
    Ok(page)
}

/// How a promise was followed up.
#[derive(Deserialize, Default)]
#[serde(default)]
pub struct Followed {
    commitment: String,
    note: String,
    done: String,
}

/// Writes down how a promise was kept.
///
/// # Errors
/// Not found for a charge of somebody else; what typing mends comes back with the form.
pub async fn step(
    room: Room,
    Path(id): Path<String>,
    Posted(form): Posted<Followed>,
) -> Result<Response, Error> {
    let done = stepped(&room, &id, &form).await;
    answer(&room, (&id, &form.note), done).await
}

async fn stepped(room: &Room, id: &str, form: &Followed) -> Result<(), Error> {
    let note = form.note.trim();
    if note.is_empty() {
        return Err(at_field("field-empty", "note"));
    }
    let window = room.app.window()?;
    let mut tx = room.desk.begin(UPDATE, CHARGE, "").await?;
    let said = (form.commitment.as_str(), form.done == "1", note);
    let entry = care::follow_up(&mut tx, &window.counter(), id, said).await?;
    tx.commit(entry).await?;
    Ok(())
}

/// Nothing but the button.
#[derive(Deserialize)]
pub struct Ended {}

/// Ends a charge whose promises were all kept.
///
/// # Errors
/// As [`step`].
pub async fn end(
    room: Room,
    Path(id): Path<String>,
    Posted(_form): Posted<Ended>,
) -> Result<Response, Error> {
    let done = ended(&room, &id).await;
    answer(&room, (&id, ""), done).await
}

async fn ended(room: &Room, id: &str) -> Result<(), Error> {
    let window = room.app.window()?;
    let mut tx = room.desk.begin(UPDATE, CHARGE, "").await?;
    let entry = care::end(&mut tx, &window.counter(), id).await?;
    tx.commit(entry).await?;
    Ok(())
}
