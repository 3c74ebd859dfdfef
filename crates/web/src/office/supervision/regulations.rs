//! Rules of the office: the list with its form, and one with versions, evaluations and what shows that it
//! does not work.

use askama::Template;
use axum::extract::Path;
use axum::response::Response;
use domain::report::rules::Titled;
use domain::supervision::regulation::{Degree, Outcome, Review};
use registry::actions::supervision::regulations::{self as acts, NewRegulation};
use registry::queries::supervision::regulations::{self, RegulationLine, RegulationPage};
use serde::Deserialize;

use super::{APPROVE, CREATE, READ, REGULATION, Room, led};
use crate::error::Error;
use crate::office::drafts::{Filled, Typed};
use crate::office::matters::acts::at_field;
use crate::session::Signed;
use crate::ui::{Ui, page};

const DRAFT: &str = "supervision/regulation";
/// Roles whose rules they are.
const OWNERS: [&str; 5] = ["VPS", "TG", "TAC", "TDI", "CF"];

#[derive(Template)]
#[template(path = "office/supervision/regulations.html")]
struct List<'a> {
    ui: &'a Ui,
    desk: &'a Signed,
    token: &'a str,
    room: &'a Room,
    places: Vec<(String, String)>,
    lines: Vec<RegulationLine>,
    form: Filled,
    owners: [&'static str; 5],
    may_enter: bool,
}

#[derive(Template)]
#[template(path = "office/supervision/regulation.html")]
struct One<'a> {
    ui: &'a Ui,
    desk: &'a Signed,
    token: &'a str,
    room: &'a Room,
    rule: &'a RegulationPage,
    version_form: Filled,
    review_form: Filled,
    link_form: Filled,
    degrees: [Degree; 3],
    outcomes: [Outcome; 3],
    causes: &'a [Titled],
    may_write: bool,
    may_decide: bool,
    /// Findings that the reader may open.
    findings: Vec<String>,
}

impl One<'_> {
    fn cause<'b>(&'b self, code: &'b str) -> &'b str {
        let cause = self.causes.iter().find(|cause| cause.code == code);
        cause.map_or(code, |cause| self.ui.title(&cause.title))
    }
}

/// The list.
///
/// # Errors
/// A fault when the register cannot be read.
pub async fn list(room: Room) -> Result<Response, Error> {
    draw_list(&room, None).await
}

/// Those that the reader may see; with a number, that one alone.
pub(super) async fn lines(room: &Room, number: &str) -> Result<Vec<RegulationLine>, Error> {
    let by = room.desk.by(READ, REGULATION, "")?;
    let mut lines: Vec<RegulationLine> = Vec::new();
    for path in room.desk.places() {
        let found = regulations::list(room.db(), &by, path, number).await?;
        let known: Vec<String> = lines.iter().map(|line| line.number.clone()).collect();
        lines.extend(found.into_iter().filter(|line| !known.contains(&line.number)));
    }
    Ok(lines)
}

async fn draw_list(room: &Room, refused: Option<&Filled>) -> Result<Response, Error> {
    page(&List {
        lines: lines(room, "").await?,
        form: Filled::new(DRAFT.to_owned(), &room.drafts().await?).or(refused),
        owners: OWNERS,
        may_enter: room.desk.may_somewhere(CREATE, REGULATION).is_ok(),
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
    owner: String,
    title: String,
    text: String,
    #[serde(default)]
    basis: String,
}

/// Enters a rule.
///
/// # Errors
/// What typing otherwise does not mend; all else comes back with the form.
pub async fn enter(room: Room, typed: Typed) -> Result<Response, Error> {
    let done = async {
        let form: Sent = typed.read()?;
        let places = room.app.places().await?;
        let place = places.get(form.place.trim()).ok_or(Error::NotFound)?;
        let new = NewRegulation {
            place: place.id.clone(),
            owner: form.owner,
            title: form.title.trim().to_owned(),
            text: form.text.trim().to_owned(),
            basis: form.basis.trim().to_owned(),
        };
        let mut tx = room.desk.begin(CREATE, REGULATION, &place.path).await?;
        let (number, entry) = acts::enter(&mut tx, room.ui.law().bench(), &new).await?;
        registry::actions::drafts::settle(&mut tx, DRAFT).await?;
        tx.commit(entry).await?;
        Ok(own(&number))
    };
    let done = done.await;
    led(&room, (DRAFT, &typed), done, async |f: &Filled| draw_list(&room, Some(f)).await).await
}

fn own(number: &str) -> String {
    format!("/office/supervision/regulations/{number}")
}

fn draft(number: &str, form: &str) -> String {
    format!("{DRAFT}/{number}/{form}")
}

/// The page of one rule.
///
/// # Errors
/// Not found where there is no such, or the reader may not see it.
pub async fn show(room: Room, Path(number): Path<String>) -> Result<Response, Error> {
    draw(&room, &number, None).await
}

async fn one(room: &Room, number: &str) -> Result<RegulationLine, Error> {
    lines(room, number).await?.pop().ok_or(Error::NotFound)
}

async fn draw(room: &Room, number: &str, refused: Option<&Filled>) -> Result<Response, Error> {
    let line = one(room, number).await?;
    let rule = regulations::one(room.db(), line).await?;
    let kept = room.drafts().await?;
    let form = |name: &str| Filled::new(draft(number, name), &kept).or(refused);
    let (line, path) = (&rule.line, rule.line.path.as_str());
    let open = matches!(line.state.as_str(), "in_force" | "amending") && line.waits_of.is_none();
    let another = line.waits_of.as_deref().is_some_and(|one| one != room.desk.person());
    let found = rule.shown.iter().filter(|link| link.kind == "finding");
    let found: Vec<String> = found.map(|link| link.target.clone()).collect();
    page(&One {
        version_form: form("version"),
        review_form: form("review"),
        link_form: form("link"),
        degrees: Degree::ALL,
        outcomes: Outcome::ALL,
        causes: &room.ui.law().supervision.causes,
        may_write: open && room.desk.may_at(CREATE, REGULATION, path),
        may_decide: another && room.desk.may_at(APPROVE, REGULATION, path),
        findings: super::finding::known(room, &found).await?,
        ui: &room.ui,
        desk: &room.desk,
        token: &room.token,
        room,
        rule: &rule,
    })
}

#[derive(Deserialize)]
struct Written {
    form: String,
    #[serde(default)]
    text: String,
    #[serde(default)]
    basis: String,
    #[serde(default)]
    used: String,
    #[serde(default)]
    works: String,
    #[serde(default)]
    outcome: String,
    #[serde(default)]
    kind: String,
    #[serde(default)]
    target: String,
    #[serde(default)]
    cause: String,
}

/// Writes a new version, an evaluation, or what shows how the rule works.
///
/// # Errors
/// What typing otherwise does not mend; all else comes back with the form.
pub async fn write(
    room: Room,
    Path(number): Path<String>,
    typed: Typed,
) -> Result<Response, Error> {
    let form: Written = typed.read_for_draft()?;
    let name = draft(&number, &form.form);
    let done = written(&room, &number, (&typed, &name)).await;
    led(&room, (&name, &typed), done, async |f: &Filled| draw(&room, &number, Some(f)).await).await
}

async fn written(
    room: &Room,
    number: &str,
    (typed, name): (&Typed, &str),
) -> Result<String, Error> {
    let form: Written = typed.read()?;
    let line = one(room, number).await?;
    let mut tx = room.desk.begin(CREATE, REGULATION, &line.path).await?;
    let (bench, text) = (room.ui.law().bench(), form.text.trim());
    let empty = |field: &str| at_field("field-empty", field);
    let entry = match form.form.as_str() {
        "version" => acts::rewrite(&mut tx, bench, number, (text, form.basis.trim())).await?.1,
        "link" => {
            let target = if form.kind == "cause" { &form.cause } else { form.target.trim() };
            acts::link(&mut tx, bench, number, (&form.kind, target)).await?
        }
        _ => {
            let review = Review {
                used: Degree::named(&form.used).ok_or_else(|| empty("used"))?,
                works: Degree::named(&form.works).ok_or_else(|| empty("works"))?,
                outcome: Outcome::named(&form.outcome).ok_or_else(|| empty("outcome"))?,
                words: text,
                shown_by: 0,
            };
            acts::review(&mut tx, bench, number, &review).await?
        }
    };
    registry::actions::drafts::settle(&mut tx, name).await?;
    tx.commit(entry).await?;
    Ok(own(number))
}

#[derive(Deserialize)]
struct Decided {
    #[serde(default)]
    agreed: String,
}

/// Decides about the version or the evaluation that waits.
///
/// # Errors
/// Every rule that says no.
pub async fn decide(
    room: Room,
    Path(number): Path<String>,
    typed: Typed,
) -> Result<Response, Error> {
    let name = draft(&number, "version");
    let done = async {
        let form: Decided = typed.read()?;
        let line = one(&room, &number).await?;
        let mut tx = room.desk.begin(APPROVE, REGULATION, &line.path).await?;
        let bench = room.ui.law().bench();
        let (_, entry) = acts::decide(&mut tx, bench, &number, form.agreed != "0").await?;
        tx.commit(entry).await?;
        Ok(own(&number))
    };
    let done = done.await;
    led(&room, (&name, &typed), done, async |f: &Filled| draw(&room, &number, Some(f)).await).await
}
