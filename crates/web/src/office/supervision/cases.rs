//! Typical cases and clearings: a preview of exactly what would leave, then the proposal, then the approval
//! of another.

use askama::Template;
use axum::extract::{Path, Query};
use axum::response::{IntoResponse, Redirect, Response};
use domain::supervision::publish::Kind;
use registry::actions::supervision::cases::{self as acts, NewCase, Of};
use registry::queries::supervision::cases::{self, CaseLine};
use serde::Deserialize;

use super::{APPROVE, CASE, PROPOSE, PUBLICITY, Room, begin, led};
use crate::error::Error;
use crate::office::drafts::{Filled, Typed};
use crate::office::matters::acts::{at_field, day};
use crate::session::Signed;
use crate::ui::{Ui, page};

const DRAFT: &str = "supervision/case";

/// What a publication comes from.
#[derive(Deserialize, Default)]
#[serde(default)]
pub struct Wanted {
    clue: String,
    finding: String,
}

#[derive(Template)]
#[template(path = "office/supervision/cases.html")]
struct List<'a> {
    ui: &'a Ui,
    desk: &'a Signed,
    token: &'a str,
    lines: Vec<CaseLine>,
    form: Filled,
    preview: Option<[String; 2]>,
    may_propose: bool,
}

impl List<'_> {
    fn may_approve(&self, line: &CaseLine) -> bool {
        self.desk.may_at(APPROVE, CASE, &line.path) && line.proposed_by != self.desk.person()
    }
}

/// The list.
///
/// # Errors
/// A fault when the register cannot be read.
pub async fn list(room: Room, Query(wanted): Query<Wanted>) -> Result<Response, Error> {
    draw(&room, &wanted, None, None).await
}

async fn draw(
    room: &Room,
    wanted: &Wanted,
    refused: Option<&Filled>,
    preview: Option<[String; 2]>,
) -> Result<Response, Error> {
    let mut lines: Vec<CaseLine> = Vec::new();
    for by in room.desk.each(PUBLICITY, CASE)? {
        for path in room.desk.places() {
            let found = cases::list(room.db(), &by, path).await?;
            let known: Vec<String> = lines.iter().map(|line| line.number.clone()).collect();
            lines.extend(found.into_iter().filter(|line| !known.contains(&line.number)));
        }
    }
    let kind = if wanted.finding.is_empty() { "case" } else { "clearing" };
    let form = Filled::new(DRAFT.to_owned(), &room.drafts().await?).or(refused);
    let form = form.preset("clue", &wanted.clue).preset("finding", &wanted.finding);
    page(&List {
        form: form.preset("kind", kind),
        may_propose: room.desk.may_somewhere(PROPOSE, CASE).is_ok(),
        ui: &room.ui,
        desk: &room.desk,
        token: &room.token,
        lines,
        preview,
    })
}

#[derive(Deserialize)]
struct Sent {
    kind: String,
    #[serde(default)]
    clue: String,
    #[serde(default)]
    finding: String,
    title: String,
    text: String,
    until: String,
    #[serde(default)]
    names: String,
    #[serde(default)]
    wished: String,
    /// `1`: as it was previewed.
    #[serde(default)]
    previewed: String,
}

fn new(form: &Sent) -> Result<NewCase, Error> {
    let some = |text: &str| Some(text.trim().to_owned()).filter(|text| !text.is_empty());
    let of = some(&form.clue).map(Of::Clue).or(some(&form.finding).map(Of::Finding));
    Ok(NewCase {
        kind: Kind::named(&form.kind).ok_or_else(|| at_field("field-empty", "kind"))?,
        of: of.ok_or_else(|| at_field("field-empty", "clue"))?,
        title: form.title.trim().to_owned(),
        text: form.text.trim().to_owned(),
        names: form.names == "1",
        wished: form.wished == "1",
        until: day("until", &form.until)?,
    })
}

/// Shows what would leave; handed in once it was shown.
///
/// # Errors
/// What typing otherwise does not mend; all else comes back with the form.
pub async fn propose(room: Room, typed: Typed) -> Result<Response, Error> {
    let done = proposed(&room, &typed).await;
    let wanted = Wanted::default();
    match done {
        Ok(None) => Ok(Redirect::to("/office/supervision/cases").into_response()),
        Ok(Some(preview)) => {
            room.keep_typed(DRAFT, &typed).await?;
            draw(&room, &wanted, None, Some(preview)).await
        }
        Err(error) => {
            let page = async |f: &Filled| draw(&room, &wanted, Some(f), None).await;
            led(&room, (DRAFT, &typed), Err(error), page).await
        }
    }
}

async fn proposed(room: &Room, typed: &Typed) -> Result<Option<[String; 2]>, Error> {
    let form: Sent = typed.read()?;
    let new = new(&form)?;
    let mut tx = begin(room, PROPOSE, CASE).await?;
    if form.previewed != "1" {
        return Ok(Some(acts::preview(&mut tx, &new).await?));
    }
    let (_, entry) = acts::propose(&mut tx, room.ui.law().bench(), &new).await?;
    registry::actions::drafts::settle(&mut tx, DRAFT).await?;
    tx.commit(entry).await?;
    Ok(None)
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
    let mut tx = begin(&room, APPROVE, CASE).await?;
    let entry = acts::approve(&mut tx, room.ui.law().bench(), &number).await?;
    tx.commit(entry).await?;
    Ok(Redirect::to("/office/supervision/cases").into_response())
}

#[derive(Deserialize)]
struct Why {
    reason: String,
}

/// Takes it back.
///
/// # Errors
/// Every rule that says no.
pub async fn withdraw(
    room: Room,
    Path(number): Path<String>,
    typed: Typed,
) -> Result<Response, Error> {
    let form: Why = typed.read()?;
    let mut tx = begin(&room, APPROVE, CASE).await?;
    let entry = acts::withdraw(&mut tx, room.ui.law().bench(), &number, form.reason.trim()).await?;
    tx.commit(entry).await?;
    Ok(Redirect::to("/office/supervision/cases").into_response())
}
