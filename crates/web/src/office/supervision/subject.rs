//! Everything known about one subject. A look begins with a task and a purpose in a form; every page of it
//! is an entry of the register and a line of the access log before anything is shown. Addresses are sealed:
//! they tell nothing, lead nobody else anywhere, and end with the look.

use std::collections::BTreeMap;

use askama::Template;
use axum::extract::Path;
use axum::response::{IntoResponse, Redirect, Response};
use domain::catalogue::{Step, Versioned};
use facts::AccessEntry;
use facts::insight::{Paid, Ties};
use registry::actions::supervision::subjects::{self as acts, Look, Thing};
use registry::queries::supervision::clues as ledger;
use registry::queries::supervision::subjects::{self, Kind, Moment, Of, Story, Tie};
use registry::queries::supervision::{findings, looks};
use registry::seal::{self, SealKey};
use serde::Deserialize;

use super::graph::{Graph, Node, graph};
use super::{CLUE, Desk, HIT, LEDGER, READ, Room};
use crate::error::Error;
use crate::office::drafts::Typed;
use crate::places::Places;
use crate::request::hex;
use crate::session::Signed;
use crate::state::blocking;
use crate::ui::{Ui, page};

/// What addresses are sealed as.
const SEALED: &str = "subject";
/// How many steps a walk may go from the subject of the task.
const STEPS: u8 = 3;

#[derive(Deserialize)]
struct Begin {
    #[serde(default)]
    finding: String,
    #[serde(default)]
    clue: String,
    choice: String,
    purpose: String,
}

/// Begins a look at one of the subjects of a finding or a clue.
///
/// # Errors
/// Not found where the reader may not know of it; the rule that says no.
pub async fn begin(room: Room, typed: Typed) -> Result<Response, Error> {
    let form: Begin = typed.read()?;
    let (choices, acts, object, path) = match form.finding.as_str() {
        "" => {
            let desk = Desk::of(&room, LEDGER, CLUE)?;
            let reader = desk.reader(&room).await?;
            let clue = ledger::one(room.db(), &reader, &form.clue).await?;
            let clue = clue.filter(|clue| clue.is_full).ok_or(Error::NotFound)?;
            (subjects::of_clue(room.db(), &form.clue).await?, LEDGER, CLUE, clue.line.path)
        }
        number => {
            let desk = Desk::of(&room, READ, HIT)?;
            let reader = desk.reader(&room).await?;
            let found = findings::one(room.db(), &reader, number).await?;
            let found = found.ok_or(Error::NotFound)?;
            (subjects::of_finding(room.db(), number).await?, READ, HIT, found.line.path)
        }
    };
    let at: usize = form.choice.parse().map_err(|_| Error::NotFound)?;
    let of = choices.get(at).ok_or(Error::NotFound)?;
    let thing = match form.finding.as_str() {
        "" => Thing::Clue(&form.clue),
        number => Thing::Finding(number),
    };
    let mut tx = room.desk.begin(acts, object, &path).await?;
    let bench = room.ui.law().bench();
    let (look, entry) = acts::begin(&mut tx, bench, thing, form.purpose.trim()).await?;
    tx.commit(entry).await?;
    let to = format!("/office/subjects/{}", token(&room.app.subject_key()?, &look, of, 0)?);
    Ok(Redirect::to(&to).into_response())
}

/// The address of a subject within a look.
fn token(key: &SealKey, look: &str, of: &Of, steps: u8) -> Result<String, Error> {
    let text = format!("{look}\n{}\n{steps}\n{}", of.kind.code(), of.key);
    let sealed = seal::seal(key, SEALED, text.as_bytes())?;
    Ok(hex(&sealed))
}

/// What an address means: look, subject, steps.
fn meant(room: &Room, token: &str) -> Option<(String, Of, u8)> {
    let bytes: Option<Vec<u8>> = token
        .as_bytes()
        .chunks(2)
        .map(|pair| u8::from_str_radix(str::from_utf8(pair).ok()?, 16).ok())
        .collect();
    let opened = seal::open(&room.app.subject_key().ok()?, SEALED, &bytes?).ok()?;
    let text = String::from_utf8(opened).ok()?;
    let mut parts = text.splitn(4, '\n');
    let (look, kind, steps) = (parts.next()?, parts.next()?, parts.next()?);
    let of = Of::new(Kind::named(kind)?, parts.next()?);
    Some((look.to_owned(), of, steps.parse().ok()?))
}

#[derive(Template)]
#[template(path = "office/supervision/subject.html")]
struct Shown<'a> {
    ui: &'a Ui,
    desk: &'a Signed,
    look: &'a Look,
    of: &'a Of,
    label: String,
    moments: &'a [Moment],
    steps: &'a [Step],
    paid: &'a [Paid],
    sums: (usize, i64, i64),
    graph: Graph,
    nodes: Vec<Node>,
    /// Whether the walk ends here.
    is_end: bool,
}

impl Shown<'_> {
    /// What a moment is about.
    fn title(&self, at: &Moment) -> String {
        let title = if self.ui.tag() == "zh-CN" { &at.title_zh } else { &at.title_en };
        match at.kind.as_str() {
            "clue" => {
                let step = self.steps.iter().find(|step| step.code == at.code);
                step.map_or(at.code.clone(), |step| self.ui.title(&step.title).to_owned())
            }
            "post" | "post_end" => format!("{} · {title}", self.ui.role(&at.code)),
            "fix" | "fixed" => at.number.clone(),
            _ => title.clone(),
        }
    }

    /// The state or result that a moment brought.
    fn mark(&self, at: &Moment) -> Option<String> {
        match at.kind.as_str() {
            "recorded" => Some(self.ui.code("ui-outcome-", &at.code)),
            "money" => Some(self.ui.code("web-sv-money-", &at.code)),
            _ => None,
        }
    }

    /// Where a moment leads.
    #[allow(clippy::unused_self)]
    fn address(&self, at: &Moment) -> Option<String> {
        let part = match at.kind.as_str() {
            "asked" | "assigned" | "recorded" | "money" => "supervision/findings",
            "clue" => "supervision/clues",
            "fix" | "fixed" => "supervision/rectifications",
            "matter" => "matters",
            _ => return None,
        };
        Some(format!("/office/{part}/{}", at.number))
    }
}

/// The page of a subject.
///
/// # Errors
/// Not found for an address that is none; the rule that says no when the look has run out, or the reader
/// is close to somebody in it.
pub async fn show(room: Room, Path(subject): Path<String>) -> Result<Response, Error> {
    let (look, of, steps) = meant(&room, &subject).ok_or(Error::NotFound)?;
    let purpose = looks::held(room.db(), &look, room.desk.person(), &room.today()).await?;
    let purpose = purpose.ok_or(Error::NotFound)?;
    let desk = Desk::of(&room, READ, HIT)?;
    let reader = desk.reader(&room).await?;
    let story = subjects::story(room.db(), &reader, &of).await?;
    let facts = ties(&room, &of, &story, &purpose).await?;
    let people = people(&of, &story, &facts);
    let mut tx = room.desk.begin(READ, HIT, "").await?;
    let seen = (of.kind.code(), people.as_slice(), story.known.as_slice());
    let (look_held, entry) = acts::see(&mut tx, room.ui.law().bench(), &look, seen).await?;
    tx.commit(entry).await?;
    let places = room.app.places().await?;
    let nodes = nodes(&room, &places, (&look, &of, steps), &story, &facts)?;
    let procedure = room.ui.law().catalogue.procedures.get("clue");
    let procedure = procedure.and_then(|procedure| procedure.on(room.desk.now.day));
    page(&Shown {
        label: label(&room.ui, &places, &of),
        steps: procedure.map_or(&[], |version| version.steps.as_slice()),
        sums: sums(&story),
        graph: graph(&nodes),
        is_end: steps >= STEPS,
        moments: &story.moments,
        paid: &facts.paid,
        look: &look_held,
        ui: &room.ui,
        desk: &room.desk,
        of: &of,
        nodes,
    })
}

/// What the facts say; the access log is written first.
async fn ties(room: &Room, of: &Of, story: &Story, purpose: &str) -> Result<Ties, Error> {
    let Some(insight) = room.app.setup.insight.clone() else { return Ok(Ties::default()) };
    let known = people(of, story, &Ties::default());
    let entry = |subjects: Vec<u64>| AccessEntry {
        at_ms: room.desk.now.ms,
        user: room.desk.session.login.clone(),
        act: "subject".to_owned(),
        purpose: purpose.to_owned(),
        people: subjects.len() as u64,
        subjects,
        ..AccessEntry::default()
    };
    if known.is_empty() && !matches!(of.kind, Kind::Household | Kind::Firm) {
        return Ok(Ties::default());
    }
    let (first, kind, key) = (entry(known.clone()), of.kind.code(), of.key.clone());
    let read = std::sync::Arc::clone(&insight);
    let found = blocking(move || read.ties(&first, kind, &key)).await?;
    // Members of a household or firm are known only now; they are told too, before they are shown.
    let more: Vec<u64> = found.people.iter().copied().filter(|key| !known.contains(key)).collect();
    if !more.is_empty() {
        let entry = entry(more);
        blocking(move || insight.log(&entry)).await?;
    }
    Ok(found)
}

/// Keys of the people that a page is about: the person, or those in a household, account or firm.
fn people(of: &Of, story: &Story, facts: &Ties) -> Vec<u64> {
    let mut people = facts.people.clone();
    match of.kind {
        Kind::Person => people.extend(of.number()),
        Kind::Household | Kind::Account | Kind::Firm => {
            let tied = story.ties.iter().map(|tie| &tie.to).filter(|to| to.kind == Kind::Person);
            people.extend(tied.filter_map(Of::number));
        }
        Kind::Village | Kind::Post => {}
    }
    people.sort_unstable();
    people.dedup();
    people
}

/// How many findings there are about it, their money, and what came back of it.
fn sums(story: &Story) -> (usize, i64, i64) {
    let of = |kind: &'static str| story.moments.iter().filter(move |at| at.kind == kind);
    let fen = |at: &Moment| at.amount_fen.unwrap_or(0);
    let back = of("money").filter(|at| at.code == "recovered");
    (of("asked").count(), of("asked").map(fen).sum(), back.map(fen).sum())
}

/// What it is tied to, each once, with all ways in which it is.
fn nodes(
    room: &Room,
    places: &Places,
    (look, of, steps): (&str, &Of, u8),
    story: &Story,
    facts: &Ties,
) -> Result<Vec<Node>, Error> {
    let (ui, key) = (&room.ui, room.app.subject_key()?);
    let mut all: Vec<Tie> = story.ties.clone();
    for tie in &facts.ties {
        let Some(kind) = Kind::named(tie.kind) else { continue };
        all.push(Tie::new(Of::new(kind, tie.key.clone()), tie.relation, tie.more.clone()));
    }
    let mut joined: BTreeMap<Of, (Vec<String>, Vec<String>)> = BTreeMap::new();
    for tie in all.iter().filter(|tie| tie.to != *of) {
        let (relations, days) = joined.entry(tie.to.clone()).or_default();
        let words = relation(ui, tie);
        if !relations.contains(&words) {
            relations.push(words);
        }
        if let Some(from) = &tie.from_day {
            let until = tie.until_day.as_deref().map_or(String::new(), |day| ui.day(day));
            days.push(format!("{} – {until}", ui.day(from)));
        }
    }
    let mut nodes = Vec::new();
    for (to, (relations, days)) in joined {
        let address = match steps < STEPS {
            true => Some(format!("/office/subjects/{}", token(&key, look, &to, steps + 1)?)),
            false => None,
        };
        nodes.push(Node {
            address,
            label: label(ui, places, &to),
            relation: relations.join(ui.t("ui-list-separator")),
            days: days.join(ui.t("ui-list-separator")),
        });
    }
    Ok(nodes)
}

/// How something is tied, in words.
fn relation(ui: &Ui, tie: &Tie) -> String {
    let what = ui.code("web-tie-", tie.relation);
    match (tie.relation, tie.more.as_str()) {
        (_, "") | ("post", _) => what,
        ("kin", "child" | "parent" | "spouse" | "sibling") => ui.code("web-kin-", &tie.more),
        ("account", times) => ui.with("web-tie-account-times", &[("count", times)]),
        (_, more) => format!("{what} ({more})"),
    }
}

/// What a subject is called: a pseudonym, never a name of somebody.
pub fn label(ui: &Ui, places: &Places, of: &Of) -> String {
    let short = |key: &str| key.trim_start_matches('=').chars().take(6).collect::<String>();
    match of.kind {
        Kind::Firm => of.key.clone(),
        Kind::Village => places.name(&of.key).to_owned(),
        Kind::Post => match of.key.split_once('@') {
            Some((role, place)) => format!("{} · {}", ui.role(role), places.name(place)),
            None => of.key.clone(),
        },
        Kind::Person => {
            // Keys of the register begin with the time; their ends differ.
            let code = match of.number() {
                Some(_) => short(&of.key),
                None => of.key.chars().rev().take(6).collect(),
            };
            ui.with("web-sv-person", &[("code", &code.to_uppercase())])
        }
        kind => {
            let code = short(&of.key).to_uppercase();
            ui.with(&format!("web-subject-{}", kind.code()), &[("code", &code)])
        }
    }
}

/// What a look that begins here may be about, in words.
///
/// # Errors
/// A fault when the register cannot be read.
pub async fn choices(room: &Room, thing: Thing<'_>) -> Result<Vec<String>, Error> {
    let choices = match thing {
        Thing::Finding(number) => subjects::of_finding(room.db(), number).await?,
        Thing::Clue(number) => subjects::of_clue(room.db(), number).await?,
    };
    let places = room.app.places().await?;
    Ok(choices.iter().map(|of| label(&room.ui, &places, of)).collect())
}
