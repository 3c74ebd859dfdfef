//! Recommendations: the list with its form, and one as a paper with what was done about it.

use askama::Template;
use axum::extract::{Path, Query};
use axum::response::Response;
use domain::supervision::letter::Act;
use registry::actions::supervision::letters::{self as acts, NewLetter};
use registry::queries::supervision::Reader;
use registry::queries::supervision::letters::{self, LetterEvent, LetterLine};
use serde::Deserialize;

use super::{APPROVE, LETTER, ONLY_PROPOSE, READ, Room, SIGN, UPDATE, led};
use crate::error::Error;
use crate::office::drafts::{Filled, Typed};
use crate::session::Signed;
use crate::ui::{Ui, page};

const DRAFT: &str = "supervision/letter";
/// Roles of posts that recommendations are for.
const ADDRESSEES: [&str; 5] = ["VPS", "VC", "TP", "TG", "TAC"];

/// What a recommendation stands on.
#[derive(Deserialize, Default)]
#[serde(default)]
pub struct Wanted {
    rectification: String,
    finding: String,
    place: String,
}

#[derive(Template)]
#[template(path = "office/supervision/letters.html")]
struct List<'a> {
    ui: &'a Ui,
    desk: &'a Signed,
    token: &'a str,
    room: &'a Room,
    places: Vec<(String, String)>,
    lines: Vec<LetterLine>,
    form: Filled,
    addressees: [&'static str; 5],
    may_propose: bool,
}

#[derive(Template)]
#[template(path = "office/supervision/letter.html")]
struct One<'a> {
    ui: &'a Ui,
    desk: &'a Signed,
    token: &'a str,
    room: &'a Room,
    letter: &'a LetterLine,
    events: Vec<LetterEvent>,
    form: Filled,
    /// Act that the reader may do now.
    next: Option<&'static str>,
    basis: String,
}

/// The list.
///
/// # Errors
/// A fault when the register cannot be read.
pub async fn list(room: Room, Query(wanted): Query<Wanted>) -> Result<Response, Error> {
    draw_list(&room, &wanted, None).await
}

/// Those that the reader may see; with a number, that one alone.
pub(super) async fn lines(room: &Room, number: &str) -> Result<Vec<LetterLine>, Error> {
    let mut lines: Vec<LetterLine> = Vec::new();
    for by in room.desk.each(READ, LETTER)? {
        let policies = &room.ui.law().recusal;
        let reader = Reader::new(room.db(), &by, policies, room.desk.now.day).await?;
        for path in room.desk.places() {
            let found = letters::list(room.db(), &reader, path, number).await?;
            let known: Vec<String> = lines.iter().map(|line| line.number.clone()).collect();
            lines.extend(found.into_iter().filter(|line| !known.contains(&line.number)));
        }
    }
    Ok(lines)
}

async fn draw_list(
    room: &Room,
    wanted: &Wanted,
    refused: Option<&Filled>,
) -> Result<Response, Error> {
    let form = Filled::new(DRAFT.to_owned(), &room.drafts().await?).or(refused);
    let form = form.preset("rectification", &wanted.rectification);
    page(&List {
        lines: lines(room, "").await?,
        form: form.preset("finding", &wanted.finding).preset("place", &wanted.place),
        addressees: ADDRESSEES,
        may_propose: room.desk.may_somewhere(ONLY_PROPOSE, LETTER).is_ok(),
        ui: &room.ui,
        desk: &room.desk,
        token: &room.token,
        room,
        places: room.choices(&["county", "township", "village"]).await?,
    })
}

#[derive(Deserialize)]
struct Sent {
    place: String,
    addressee: String,
    #[serde(default)]
    rectification: String,
    #[serde(default)]
    finding: String,
    problem: String,
    demand: String,
}

/// Proposes a recommendation.
///
/// # Errors
/// What typing otherwise does not mend; all else comes back with the form.
pub async fn propose(room: Room, typed: Typed) -> Result<Response, Error> {
    let done = proposed(&room, &typed).await;
    let wanted = Wanted::default();
    let page = async |f: &Filled| draw_list(&room, &wanted, Some(f)).await;
    led(&room, (DRAFT, &typed), done, page).await
}

async fn proposed(room: &Room, typed: &Typed) -> Result<String, Error> {
    let form: Sent = typed.read()?;
    let some = |text: &str| Some(text.trim().to_owned()).filter(|text| !text.is_empty());
    let places = room.app.places().await?;
    let place = places.get(form.place.trim()).ok_or(Error::NotFound)?;
    let new = NewLetter {
        place: place.id.clone(),
        addressee: form.addressee,
        rectification: some(&form.rectification),
        finding: some(&form.finding),
        problem: form.problem.trim().to_owned(),
        demand: form.demand.trim().to_owned(),
    };
    let mut tx = room.desk.begin(ONLY_PROPOSE, LETTER, &place.path).await?;
    let (number, entry) = acts::propose(&mut tx, room.ui.law().bench(), &new).await?;
    registry::actions::drafts::settle(&mut tx, DRAFT).await?;
    tx.commit(entry).await?;
    Ok(own(&number))
}

fn own(number: &str) -> String {
    format!("/office/supervision/letters/{number}")
}

fn draft(number: &str) -> String {
    format!("{DRAFT}/{number}")
}

/// The page.
///
/// # Errors
/// Not found where there is no such, or the reader may not see it.
pub async fn show(room: Room, Path(number): Path<String>) -> Result<Response, Error> {
    draw(&room, &number, None).await
}

async fn one(room: &Room, number: &str) -> Result<LetterLine, Error> {
    lines(room, number).await?.pop().ok_or(Error::NotFound)
}

/// The act that follows a state, and who may do it.
fn following(room: &Room, line: &LetterLine) -> Option<&'static str> {
    let may = |acts| room.desk.may_at(acts, LETTER, &line.path);
    let me = room.desk.person();
    let judges = may(SIGN) && line.replied_by.as_deref() != Some(me);
    let answers = may(UPDATE) && room.desk.roles_at(&line.path).any(|role| role == line.addressee);
    match line.state.as_str() {
        "proposed" if may(APPROVE) && line.proposed_by != me => Some("approve"),
        "sent" | "returned" if answers => Some("reply"),
        "replied" if judges => Some("judge"),
        "accepted" if judges => Some("follow"),
        _ => None,
    }
}

async fn draw(room: &Room, number: &str, refused: Option<&Filled>) -> Result<Response, Error> {
    let letter = one(room, number).await?;
    let version = room.ui.law().following.on(room.desk.now.day);
    let basis = version.map(|version| domain::model::Basis::line(&version.basis));
    page(&One {
        events: letters::events(room.db(), &letter).await?,
        form: Filled::new(draft(number), &room.drafts().await?).or(refused),
        next: following(room, &letter),
        basis: basis.unwrap_or_default(),
        ui: &room.ui,
        desk: &room.desk,
        token: &room.token,
        room,
        letter: &letter,
    })
}

#[derive(Deserialize)]
struct Step {
    act: String,
    #[serde(default)]
    words: String,
    #[serde(default)]
    agreed: String,
}

/// Sends it, answers it, accepts the answer, looks at its effect.
///
/// # Errors
/// What typing otherwise does not mend; all else comes back with the form.
pub async fn step(room: Room, Path(number): Path<String>, typed: Typed) -> Result<Response, Error> {
    let done = stepped(&room, &number, &typed).await;
    let name = draft(&number);
    led(&room, (&name, &typed), done, async |f: &Filled| draw(&room, &number, Some(f)).await).await
}

async fn stepped(room: &Room, number: &str, typed: &Typed) -> Result<String, Error> {
    let form: Step = typed.read()?;
    let line = one(room, number).await?;
    let yes = form.agreed != "0";
    let (doing, right) = match form.act.as_str() {
        "approve" => (Act::Approve { agreed: yes }, APPROVE),
        "reply" => (Act::Reply, UPDATE),
        "judge" => (Act::Judge { accepted: yes }, SIGN),
        "follow" => (Act::Follow { works: yes }, SIGN),
        _ => return Err(Error::NotFound),
    };
    let his = room.desk.roles_at(&line.path).any(|role| role == line.addressee);
    let by = match doing {
        Act::Reply if his => room.desk.in_role(&line.addressee)?,
        _ => room.desk.by(right, LETTER, &line.path)?,
    };
    let mut tx = room.app.setup.registry.begin(by, room.desk.now, "").await?;
    let done = (doing, form.words.trim());
    let (_, entry) = acts::act(&mut tx, room.ui.law().bench(), number, done).await?;
    registry::actions::drafts::settle(&mut tx, &draft(number)).await?;
    tx.commit(entry).await?;
    Ok(own(number))
}
