//! One clue: its way, what is due, what can be done next, and the dual check.

use std::collections::BTreeMap;

use askama::Template;
use axum::extract::Path;
use axum::response::Response;
use domain::catalogue::{Step, Versioned};
use domain::supervision::clue::{Outcome, Way};
use domain::supervision::dual::Verdict;
use registry::actions::supervision::subjects::Thing;
use registry::actions::supervision::{clues as acts, dual};
use registry::queries::supervision::clues::{self, CluePage};
use serde::Deserialize;

use super::{
    APPROVE, CLUE, CREATE, DUAL, Desk, HANDOVER, LEDGER, ONLY_PROPOSE, Room, STEP, UPDATE, led,
};
use crate::error::Error;
use crate::office::drafts::{Filled, Typed};
use crate::office::matters::acts::day;
use crate::session::Signed;
use crate::ui::{Ui, page};

/// A step that the reader may take now.
struct Next<'a> {
    step: &'a Step,
    form: Filled,
    asks_way: bool,
    asks_outcome: bool,
}

#[derive(Template)]
#[template(path = "office/supervision/clue.html")]
struct One<'a> {
    ui: &'a Ui,
    desk: &'a Signed,
    token: &'a str,
    room: &'a Room,
    clue: &'a CluePage,
    steps: &'a [Step],
    next: Vec<Next<'a>>,
    forms: BTreeMap<String, Filled>,
    ways: [Way; 4],
    outcomes: [Outcome; 3],
    verdicts: [Verdict; 5],
    may_ask: bool,
    may_decide: bool,
    may_extend: bool,
    may_relate: bool,
    may_trace: bool,
    may_waive: bool,
    may_hand_over: bool,
    /// Clues that belong to it, of those that the reader may open.
    linked: Vec<String>,
    /// Findings that the reader may open.
    findings: Vec<String>,
    /// What he may look up everything about, in words.
    subjects: Vec<String>,
}

impl One<'_> {
    fn step<'b>(&'b self, code: &'b str) -> &'b str {
        let step = self.steps.iter().find(|step| step.code == code);
        step.map_or(code, |step| self.ui.title(&step.title))
    }

    /// Title of the office that handles it.
    fn office(&self) -> String {
        let office = self.clue.line.office.as_str();
        self.ui.role(office.split_once('@').map_or(office, |(role, _)| role))
    }

    fn form(&self, name: &str) -> &Filled {
        static EMPTY: std::sync::LazyLock<Filled> = std::sync::LazyLock::new(Filled::default);
        self.forms.get(name).unwrap_or(&EMPTY)
    }

    fn source<'b>(&'b self, code: &'b str) -> &'b str {
        let mut sources = self.ui.law().supervision.sources.iter();
        sources.find(|source| source.code == code).map_or(code, |s| self.ui.title(&s.title))
    }

    fn duty<'b>(&'b self, code: &'b str) -> &'b str {
        let mut duties = self.ui.law().supervision.duties.iter();
        duties.find(|duty| duty.code == code).map_or(code, |d| self.ui.title(&d.title))
    }
}

/// The page.
///
/// # Errors
/// Not found where there is no such, or the reader may not know of it.
pub async fn show(room: Room, Path(number): Path<String>) -> Result<Response, Error> {
    draw(&room, &number, None).await
}

pub(super) fn draft(number: &str, form: &str) -> String {
    format!("supervision/clue/{number}/{form}")
}

/// Those of some clues that the reader may know of.
pub(super) async fn known(room: &Room, numbers: &[String]) -> Result<Vec<String>, Error> {
    let Ok(desk) = Desk::of(room, LEDGER, CLUE) else { return Ok(Vec::new()) };
    let reader = desk.reader(room).await?;
    let mut known = Vec::new();
    for number in numbers {
        let found = clues::one(room.db(), &reader, number).await?;
        known.extend(found.map(|clue| clue.line.number));
    }
    Ok(known)
}

pub(super) async fn one(room: &Room, number: &str) -> Result<CluePage, Error> {
    let desk = Desk::of(room, LEDGER, CLUE)?;
    let reader = desk.reader(room).await?;
    clues::one(room.db(), &reader, number).await?.ok_or(Error::NotFound)
}

pub(super) async fn draw(
    room: &Room,
    number: &str,
    refused: Option<&Filled>,
) -> Result<Response, Error> {
    let clue = one(room, number).await?;
    let (law, today) = (room.ui.law(), room.desk.now.day);
    let process = law.catalogue.procedures.get("clue").and_then(|process| process.on(today));
    let steps = process.map(|process| process.steps.as_slice()).unwrap_or_default();
    let path = clue.line.path.as_str();
    let mut tx = room.desk.begin(LEDGER, CLUE, path).await?;
    let open = acts::next(&mut tx, law.bench(), number).await?;
    drop(tx);
    let kept = room.drafts().await?;
    let roles: Vec<&str> = room.desk.roles_at(path).collect();
    let form = |name: &str| Filled::new(draft(number, name), &kept).or(refused);
    let next = steps
        .iter()
        .filter(|step| open.contains(&step.code))
        .filter(|step| step.actors.iter().any(|role| roles.contains(&role.as_str())))
        .map(|step| Next {
            form: form(&step.code),
            asks_way: ["propose_disposition", "redispose"].contains(&step.code.as_str()),
            asks_outcome: step.code == "report_result",
            step,
        });
    let duals = clue.duals.iter().filter(|dual| dual.verdict.is_none());
    let names = duals.map(|dual| dual.id.clone());
    let names = names.chain(["ask", "relate", "waive"].map(str::to_owned));
    let may_create = room.desk.may_at(CREATE, DUAL, path);
    let waits_or_holds = clue.waivers.iter().any(|one| one.agreed != Some(0));
    let linked_known = known(room, &clue.linked).await?;
    page(&One {
        findings: super::finding::known(room, &clue.findings).await?,
        subjects: match clue.is_full {
            true => super::subject::choices(room, Thing::Clue(number)).await?,
            false => Vec::new(),
        },
        next: next.collect(),
        forms: names.map(|name| (name.clone(), form(&name))).collect(),
        ui: &room.ui,
        desk: &room.desk,
        token: &room.token,
        room,
        steps,
        ways: Way::ALL,
        outcomes: Outcome::ALL,
        verdicts: Verdict::ALL,
        may_ask: clue.is_full && clue.duals.is_empty() && may_create,
        may_decide: room.desk.may_at(APPROVE, DUAL, path),
        may_extend: room.desk.may_at(APPROVE, CLUE, path),
        may_relate: room.desk.may_at(UPDATE, CLUE, path),
        may_trace: clue.is_full && may_create && !clue.duals.is_empty(),
        may_waive: clue.is_full && may_create && clue.duals.is_empty() && !waits_or_holds,
        may_hand_over: room.desk.may_at(ONLY_PROPOSE, HANDOVER, path),
        linked: linked_known,
        clue: &clue,
    })
}

pub(super) fn own(number: &str) -> String {
    format!("/office/supervision/clues/{number}")
}

/// What a step sends.
#[derive(Deserialize)]
struct Sent {
    step: String,
    #[serde(default)]
    words: String,
    #[serde(default)]
    way: String,
    #[serde(default)]
    outcome: String,
}

/// Takes a step.
///
/// # Errors
/// What typing otherwise does not mend; all else comes back with the form.
pub async fn step(room: Room, Path(number): Path<String>, typed: Typed) -> Result<Response, Error> {
    let form: Sent = typed.read_for_draft()?;
    let name = draft(&number, &form.step);
    let done = stepped(&room, &number, &typed).await;
    led(&room, (&name, &typed), done, async |f: &Filled| draw(&room, &number, Some(f)).await).await
}

async fn stepped(room: &Room, number: &str, typed: &Typed) -> Result<String, Error> {
    let form: Sent = typed.read()?;
    let page = one(room, number).await?;
    let law = room.ui.law();
    let process = law.catalogue.procedures.get("clue").and_then(|p| p.on(room.desk.now.day));
    let step = process.and_then(|p| p.steps.iter().find(|step| step.code == form.step));
    let actors = &step.ok_or(Error::NotFound)?.actors;
    // In the first of his roles that the step belongs to.
    let path = page.line.path.as_str();
    let role = room.desk.roles_at(path).find(|role| actors.iter().any(|actor| actor == role));
    let by = match role {
        Some(role) => room.desk.in_role(role)?,
        None => room.desk.by(STEP, CLUE, path)?,
    };
    let mut tx = room.app.setup.registry.begin(by, room.desk.now, "").await?;
    let step = acts::Step {
        words: form.words.trim().to_owned(),
        way: Way::named(&form.way),
        outcome: Outcome::named(&form.outcome),
        code: form.step,
    };
    let (_, entry) = acts::step(&mut tx, law.bench(), number, &step).await?;
    registry::actions::drafts::settle(&mut tx, &draft(number, &step.code)).await?;
    tx.commit(entry).await?;
    Ok(own(number))
}

/// What is lengthened.
#[derive(Deserialize)]
struct More {
    step: String,
}

/// Lengthens a period.
///
/// # Errors
/// What typing otherwise does not mend; all else comes back with the page.
pub async fn extend(
    room: Room,
    Path(number): Path<String>,
    typed: Typed,
) -> Result<Response, Error> {
    let done = async {
        let form: More = typed.read()?;
        let page = one(&room, &number).await?;
        let mut tx = room.desk.begin(APPROVE, CLUE, &page.line.path).await?;
        let (_, entry) = acts::extend(&mut tx, room.ui.law().bench(), &number, &form.step).await?;
        tx.commit(entry).await?;
        Ok(own(&number))
    };
    let done = done.await;
    let name = draft(&number, "ask");
    led(&room, (&name, &typed), done, async |f: &Filled| draw(&room, &number, Some(f)).await).await
}

/// What those are asked who answered for it.
#[derive(Deserialize)]
struct Question {
    on: String,
    text: String,
}

/// Opens the dual check.
///
/// # Errors
/// What typing otherwise does not mend; all else comes back with the form.
pub async fn ask(room: Room, Path(number): Path<String>, typed: Typed) -> Result<Response, Error> {
    let name = draft(&number, "ask");
    let done = async {
        let form: Question = typed.read()?;
        let page = one(&room, &number).await?;
        let mut tx = room.desk.begin(CREATE, DUAL, &page.line.path).await?;
        let asked = (day("on", &form.on)?, form.text.trim());
        let (_, entry) = dual::open(&mut tx, room.ui.law().bench(), &number, asked).await?;
        registry::actions::drafts::settle(&mut tx, &name).await?;
        tx.commit(entry).await?;
        Ok(own(&number))
    };
    let done = done.await;
    led(&room, (&name, &typed), done, async |f: &Filled| draw(&room, &number, Some(f)).await).await
}
