//! One finding: why it is asked, what its checkers found, the money, and looks at names.

use std::collections::BTreeMap;

use askama::Template;
use axum::extract::Path;
use axum::response::Response;
use domain::access::Act;
use domain::money::{Fen, MoneyUnit};
use domain::supervision::check::{Outcome, Report};
use registry::actions::supervision::subjects::Thing;
use registry::actions::supervision::{checks, looks};
use registry::queries::supervision::findings::{self, FindingPage};
use serde::Deserialize;

use super::{Desk, HIT, MONEY, READ, Room, SIGN, UPDATE, led};
use crate::error::Error;
use crate::office::drafts::{Filled, Typed};
use crate::office::matters::acts::{at_field, day};
use crate::session::Signed;
use crate::ui::{Ui, page};

#[derive(Template)]
#[template(path = "office/supervision/finding.html")]
struct One<'a> {
    ui: &'a Ui,
    desk: &'a Signed,
    token: &'a str,
    room: &'a Room,
    finding: &'a FindingPage,
    forms: BTreeMap<&'static str, Filled>,
    staff: Vec<(String, String)>,
    may: May,
    outcomes: [Outcome; 4],
    names: Vec<(String, String)>,
    /// Clues that the reader may open.
    clues: Vec<String>,
    /// What he may look up everything about, in words.
    subjects: Vec<String>,
}

/// What the reader may do now.
struct May {
    assign: bool,
    record: bool,
    confirm: bool,
    money: bool,
    ask: bool,
    grant: bool,
    clue: bool,
}

impl One<'_> {
    fn form(&self, name: &str) -> &Filled {
        static EMPTY: std::sync::LazyLock<Filled> = std::sync::LazyLock::new(Filled::default);
        self.forms.get(name).unwrap_or(&EMPTY)
    }

    /// The reason with a pseudonym in the place of each person.
    fn reason(&self) -> Option<String> {
        let reason = self.finding.reason.as_ref()?;
        let mut parts = self.ui.title(reason).split('⟦');
        let mut out = parts.next().unwrap_or_default().to_owned();
        for part in parts {
            let (mark, rest) = part.split_once('⟧').unwrap_or((part, ""));
            let code = mark.trim_start_matches("person:").get(..6).unwrap_or_default();
            out.push_str(&self.ui.with("web-sv-person", &[("code", &code.to_uppercase())]));
            out.push_str(rest);
        }
        Some(out)
    }

    /// What was typed as the answer to a question.
    fn typed(&self, at: &usize) -> &str {
        self.form("record").value(&format!("answer_{at}"))
    }

    /// Whether the other checker did not agree to a round.
    #[allow(clippy::unused_self)]
    fn came_back(&self, agreed: &Option<i64>) -> bool {
        *agreed == Some(0)
    }

    fn answers(&self, answers: &Option<String>) -> Vec<String> {
        let list: Option<Vec<String>> =
            answers.as_deref().and_then(|text| serde_json::from_str(text).ok());
        let questions = self.finding.questions.iter().map(|q| self.ui.title(q));
        questions.zip(list.unwrap_or_default()).map(|(q, a)| format!("{q} — {a}")).collect()
    }
}

/// The page.
///
/// # Errors
/// Not found where there is no such, or the reader may not know of it.
pub async fn show(room: Room, Path(number): Path<String>) -> Result<Response, Error> {
    draw(&room, &number, None, Vec::new()).await
}

fn draft(number: &str, form: &str) -> String {
    format!("supervision/finding/{number}/{form}")
}

async fn draw(
    room: &Room,
    number: &str,
    refused: Option<&Filled>,
    names: Vec<(String, String)>,
) -> Result<Response, Error> {
    let desk = Desk::of(room, READ, HIT)?;
    let reader = desk.reader(room).await?;
    let finding = findings::one(room.db(), &reader, number).await?.ok_or(Error::NotFound)?;
    let line = &finding.line;
    let kept = room.drafts().await?;
    let forms = ["assign", "record", "confirm", "money", "look"];
    let forms = forms.map(|form| (form, Filled::new(draft(number, form), &kept).or(refused)));
    let me = room.desk.asker.person.as_deref();
    let (mine, path) = (line.is_checked_by(me), line.path.as_str());
    let may_at = |acts: &[Act]| room.desk.may_at(acts, HIT, path);
    let may = May {
        assign: may_at(UPDATE) && !mine && ["new", "assigned"].contains(&line.state.as_str()),
        record: mine && line.state == "assigned",
        confirm: mine && line.state == "recorded" && line.recorded_by.as_deref() != me,
        money: may_at(MONEY) && finding.recoveries.iter().any(|one| one.kind == "due"),
        ask: mine && finding.reason.is_some(),
        grant: may_at(SIGN),
        clue: line.outcome.as_deref() == Some("clue")
            && room.desk.may_at(super::CREATE, super::CLUE, path),
    };
    let staff = match may.assign {
        true => registry::queries::supervision::staff(room.db(), path, desk.day).await?,
        false => Vec::new(),
    };
    // Whoever has no task in it, and supervises nothing there, is not offered what would be refused.
    let concerned = mine || may.grant || may_at(MONEY);
    let subjects = match concerned {
        true => super::subject::choices(room, Thing::Finding(number)).await?,
        false => Vec::new(),
    };
    page(&One {
        subjects,
        clues: super::clue::known(room, &finding.clues).await?,
        ui: &room.ui,
        desk: &room.desk,
        token: &room.token,
        room,
        forms: forms.into_iter().collect(),
        staff,
        may,
        outcomes: Outcome::ALL,
        names,
        finding: &finding,
    })
}

/// Those of some findings that the reader may know of.
pub(super) async fn known(room: &Room, numbers: &[String]) -> Result<Vec<String>, Error> {
    let Ok(desk) = Desk::of(room, READ, HIT) else { return Ok(Vec::new()) };
    let reader = desk.reader(room).await?;
    let mut known = Vec::new();
    for number in numbers {
        let found = findings::one(room.db(), &reader, number).await?;
        known.extend(found.map(|finding| finding.line.number));
    }
    Ok(known)
}

fn own(number: &str) -> String {
    format!("/office/supervision/findings/{number}")
}

#[derive(Deserialize)]
struct Two {
    first: String,
    second: String,
}

/// Gives it to two checkers.
///
/// # Errors
/// What typing otherwise does not mend; all else comes back with the form.
pub async fn assign(
    room: Room,
    Path(number): Path<String>,
    typed: Typed,
) -> Result<Response, Error> {
    let done = async {
        let form: Two = typed.read()?;
        let mut tx = begin(&room, UPDATE, &number).await?;
        let pair = (form.first.as_str(), form.second.as_str());
        let (_, entry) = checks::assign(&mut tx, room.ui.law().bench(), &number, pair).await?;
        settle(tx, &draft(&number, "assign"), entry).await?;
        Ok(())
    };
    ended(&room, &number, ("assign", &typed), done.await).await
}

/// Begins an act about a finding in the role that fits its place.
async fn begin(room: &Room, acts: &[Act], number: &str) -> Result<registry::Tx, Error> {
    let desk = Desk::of(room, READ, HIT)?;
    let reader = desk.reader(room).await?;
    let page = findings::one(room.db(), &reader, number).await?.ok_or(Error::NotFound)?;
    room.desk.begin(acts, HIT, &page.line.path).await
}

/// After an act: on to the finding, or back to the form with what was wrong.
async fn ended(
    room: &Room,
    number: &str,
    (form, typed): (&str, &Typed),
    done: Result<(), Error>,
) -> Result<Response, Error> {
    let (name, done) = (draft(number, form), done.map(|()| own(number)));
    led(room, (&name, typed), done, async |f: &Filled| {
        draw(room, number, Some(f), Vec::new()).await
    })
    .await
}

async fn settle(mut tx: registry::Tx, draft: &str, entry: registry::Entry) -> Result<(), Error> {
    registry::actions::drafts::settle(&mut tx, draft).await?;
    tx.commit(entry).await?;
    Ok(())
}

/// What the first checker writes.
#[derive(Deserialize)]
struct Found {
    outcome: String,
    reason: String,
    #[serde(default)]
    cause: String,
    #[serde(default)]
    recover: String,
    #[serde(default)]
    holds_until: String,
    #[serde(flatten)]
    rest: BTreeMap<String, String>,
}

/// Writes down the result.
///
/// # Errors
/// What typing otherwise does not mend; all else comes back with the form.
pub async fn record(
    room: Room,
    Path(number): Path<String>,
    typed: Typed,
) -> Result<Response, Error> {
    let done = async {
        let form: Found = typed.read()?;
        let outcome =
            Outcome::named(&form.outcome).ok_or_else(|| at_field("field-empty", "outcome"))?;
        let mut answers: Vec<(usize, String)> = form
            .rest
            .iter()
            .filter_map(|(name, text)| {
                Some((name.strip_prefix("answer_")?.parse().ok()?, text.clone()))
            })
            .collect();
        answers.sort();
        let some = |text: &str| Some(text.trim().to_owned()).filter(|text| !text.is_empty());
        let report = Report {
            outcome,
            reason: form.reason.trim().to_owned(),
            cause: some(&form.cause),
            answers: answers.into_iter().map(|(_, text)| text).collect(),
            recover_fen: some(&form.recover).map_or(Ok(0), |text| yuan("recover", &text))?,
            holds_until: some(&form.holds_until)
                .map(|text| day("holds_until", &text))
                .transpose()?,
        };
        let mut tx = begin(&room, READ, &number).await?;
        let entry = checks::record(&mut tx, room.ui.law().bench(), &number, &report).await?;
        settle(tx, &draft(&number, "record"), entry).await?;
        Ok(())
    };
    ended(&room, &number, ("record", &typed), done.await).await
}

fn yuan(field: &str, text: &str) -> Result<i64, Error> {
    let parsed = Fen::parse(text, MoneyUnit::Yuan);
    parsed.map(|fen| fen.0).map_err(|_| at_field("amount-not-a-number", field))
}

#[derive(Deserialize)]
struct Word {
    agreed: String,
}

/// The other one agrees, or does not.
///
/// # Errors
/// What typing otherwise does not mend; all else comes back with the form.
pub async fn confirm(
    room: Room,
    Path(number): Path<String>,
    typed: Typed,
) -> Result<Response, Error> {
    let done = async {
        let form: Word = typed.read()?;
        let mut tx = begin(&room, READ, &number).await?;
        let agreed = form.agreed == "1";
        let entry = checks::confirm(&mut tx, room.ui.law().bench(), &number, agreed).await?;
        settle(tx, &draft(&number, "confirm"), entry).await?;
        Ok(())
    };
    ended(&room, &number, ("confirm", &typed), done.await).await
}

#[derive(Deserialize)]
struct Money {
    amount: String,
    #[serde(default)]
    note: String,
    #[serde(default)]
    waived: String,
}

/// Money came back, or was given up.
///
/// # Errors
/// What typing otherwise does not mend; all else comes back with the form.
pub async fn money(
    room: Room,
    Path(number): Path<String>,
    typed: Typed,
) -> Result<Response, Error> {
    let done = async {
        let form: Money = typed.read()?;
        let waived = form.waived == "1";
        let acts: &[Act] = if waived { &[Act::Approve] } else { UPDATE };
        let mut tx = begin(&room, acts, &number).await?;
        let money = (if waived { "waived" } else { "recovered" }, yuan("amount", &form.amount)?);
        let bench = room.ui.law().bench();
        let entry = checks::recover(&mut tx, bench, &number, money, form.note.trim()).await?;
        settle(tx, &draft(&number, "money"), entry).await?;
        Ok(())
    };
    ended(&room, &number, ("money", &typed), done.await).await
}

#[derive(Deserialize)]
struct Purpose {
    purpose: String,
}

/// Asks for a look at the names.
///
/// # Errors
/// What typing otherwise does not mend; all else comes back with the form.
pub async fn ask_look(
    room: Room,
    Path(number): Path<String>,
    typed: Typed,
) -> Result<Response, Error> {
    let done = async {
        let form: Purpose = typed.read()?;
        let mut tx = begin(&room, READ, &number).await?;
        let (_, entry) = looks::ask(&mut tx, &number, form.purpose.trim()).await?;
        settle(tx, &draft(&number, "look"), entry).await?;
        Ok(())
    };
    ended(&room, &number, ("look", &typed), done.await).await
}

#[derive(Deserialize)]
struct Key {
    look: String,
}

/// Grants a look to somebody else.
///
/// # Errors
/// What typing otherwise does not mend; all else comes back with the form.
pub async fn grant_look(
    room: Room,
    Path(number): Path<String>,
    typed: Typed,
) -> Result<Response, Error> {
    let done = async {
        let form: Key = typed.read()?;
        let mut tx = begin(&room, SIGN, &number).await?;
        let (_, entry) = looks::grant(&mut tx, room.ui.law().bench(), &form.look).await?;
        tx.commit(entry).await?;
        Ok(())
    };
    ended(&room, &number, ("look", &typed), done.await).await
}

/// Takes a granted look: the entries of register and access log first, then the vault.
///
/// # Errors
/// The rule that says no when it was not granted to him, or has run out.
pub async fn names(
    room: Room,
    Path(number): Path<String>,
    typed: Typed,
) -> Result<Response, Error> {
    let form: Key = typed.read()?;
    let mut tx = begin(&room, READ, &number).await?;
    let (look, entry) = looks::take(&mut tx, &form.look).await?;
    if look.number != number {
        return Err(Error::NotFound);
    }
    tx.commit(entry).await?;
    let entry = facts::AccessEntry {
        at_ms: room.desk.now.ms,
        user: room.desk.session.login.clone(),
        act: "finding".to_owned(),
        purpose: look.purpose,
        people: look.people.len() as u64,
        subjects: look.people.clone(),
        ..facts::AccessEntry::default()
    };
    let log = room.app.setup.access_log.clone().ok_or(Error::NotFound)?;
    let names = tokio::task::spawn_blocking(move || log.reveal(&entry)).await;
    let names = names.map_err(|e| domain::problem::Fault::new("look", e))??;
    draw(&room, &number, None, names).await
}
