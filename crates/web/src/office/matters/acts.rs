//! What is done in a matter: a step, a meeting, a check, a question before it, a signature, giving it
//! up. One POST each; what is refused comes back with its form on the matter's page.

use axum::extract::Path;
use axum::response::{IntoResponse, Redirect, Response};
use domain::access::Act;
use domain::problem::{Place, Problem};
use domain::procedure::{Actor, Event, Meeting};
use domain::time::Day;
use registry::actions::inquiries::{self, About};
use registry::actions::{drafts, matters};
use serde::Deserialize;

use super::new::yuan;
use super::{CHECK, MATTER, MOVE, WRITE, one};
use crate::error::Error;
use crate::office::drafts::Typed;
use crate::office::room::Room;

/// Name of the draft of a form on the page of a matter.
#[must_use]
pub fn draft(number: &str, kind: &str, step: &str) -> String {
    format!("matter/{number}/{kind}/{step}")
}

/// Who acts, in which role: by the value that the form has for it. A body has somebody who presides;
/// whoever writes down what it did names him: `VRM <person>`.
fn actor(room: &Room, value: &str) -> Actor {
    let (role, person) = value.split_once(' ').unwrap_or((value, room.desk.person()));
    Actor { person: person.to_owned(), role: role.to_owned() }
}

/// What is to be recorded.
struct Deed {
    event: Event,
    note: String,
    /// The role in which he acts; none: the first that may.
    role: Option<String>,
    /// Acts of which one is enough.
    acts: &'static [Act],
}

impl Deed {
    fn new(event: Event, role: &str, note: &str) -> Self {
        let role = Some(role.to_owned()).filter(|role| !role.contains(' '));
        Self { event, note: note.trim().to_owned(), role, acts: MOVE }
    }
}

/// Records a deed and goes back to the matter; a refusal brings the form back.
async fn record(
    room: &Room,
    number: &str,
    name: &str,
    typed: &Typed,
    deed: Result<Deed, Error>,
) -> Result<Response, Error> {
    let done = match deed {
        Ok(deed) => recorded(room, number, name, &deed, typed).await,
        Err(error) => Err(error),
    };
    match done {
        Ok(()) => Ok(Redirect::to(&format!("/office/matters/{number}")).into_response()),
        Err(error) => one::refused(room, number, name, typed, error).await,
    }
}

async fn recorded(
    room: &Room,
    number: &str,
    name: &str,
    deed: &Deed,
    typed: &Typed,
) -> Result<(), Error> {
    let desk = &room.desk;
    let holds = |role: &&String| desk.asker.held.iter().any(|held| held.role == **role);
    let by = match deed.role.as_ref().filter(holds) {
        Some(role) => desk.in_role(role)?,
        None => desk.by(deed.acts, MATTER, "")?,
    };
    let (registry, rules) = (&room.app.setup.registry, room.ui.law().rules());
    let mut tx = registry.begin(by, desk.now, &deed.note).await?;
    tx.names_confirmed = typed.confirms_names();
    let recorded = matters::record(&mut tx, rules, number, &deed.event, &deed.note).await?;
    drafts::settle(&mut tx, name).await?;
    tx.commit(recorded.entry).await?;
    Ok(())
}

/// A step that is done.
#[derive(Deserialize)]
struct StepForm {
    step: String,
    role: String,
    #[serde(default)]
    amount: String,
    #[serde(default)]
    note: String,
}

/// Does a step.
///
/// # Errors
/// What typing otherwise does not mend.
pub async fn step(room: Room, Path(number): Path<String>, typed: Typed) -> Result<Response, Error> {
    let form = typed.read_for_draft::<StepForm>()?;
    let deed = typed.fresh().and_then(|()| {
        let event = Event::Step {
            code: form.step.clone(),
            actor: actor(&room, &form.role),
            day: room.desk.now.day,
            amount_fen: yuan("amount", &form.amount)?,
            meeting: None,
        };
        let acts = if form.role.contains(' ') { WRITE } else { MOVE };
        Ok(Deed { acts, ..Deed::new(event, &form.role, &form.note) })
    });
    record(&room, &number, &draft(&number, "step", &form.step), &typed, deed).await
}

/// Minutes of a meeting.
#[derive(Deserialize)]
struct Minutes {
    step: String,
    body: String,
    called_on: String,
    held_on: String,
    should_attend: String,
    present: String,
    #[serde(default)]
    households_total: String,
    #[serde(default)]
    households_present: String,
    votes_for: String,
    votes_against: String,
    abstentions: String,
    #[serde(default)]
    head_spoke_last: String,
    #[serde(default)]
    ballots_recorded: String,
}

impl Minutes {
    fn read(&self) -> Result<Meeting, Error> {
        let called = Some(self.called_on.trim()).filter(|text| !text.is_empty());
        Ok(Meeting {
            called_on: called.map(|text| day("called_on", text)).transpose()?,
            held_on: day("held_on", &self.held_on)?,
            should_attend: count("should_attend", &self.should_attend)?,
            present: count("present", &self.present)?,
            households_total: optional("households_total", &self.households_total)?,
            households_present: optional("households_present", &self.households_present)?,
            votes_for: count("votes_for", &self.votes_for)?,
            votes_against: count("votes_against", &self.votes_against)?,
            abstentions: count("abstentions", &self.abstentions)?,
            head_spoke_last: self.head_spoke_last == "1",
            ballots_recorded: self.ballots_recorded == "1",
            attendees: Vec::new(),
            body: self.body.clone(),
        })
    }
}

/// Writes down a meeting, whatever came of it.
///
/// # Errors
/// What typing otherwise does not mend.
pub async fn meeting(
    room: Room,
    Path(number): Path<String>,
    typed: Typed,
) -> Result<Response, Error> {
    let form = typed.read_for_draft::<Minutes>()?;
    let day = room.desk.now.day;
    let deed = typed.fresh().and_then(|()| form.read()).map(|meeting| {
        let event = Event::Meeting { step: form.step.clone(), day, meeting: Box::new(meeting) };
        Deed { event, note: String::new(), role: None, acts: WRITE }
    });
    record(&room, &number, &draft(&number, "meeting", &form.step), &typed, deed).await
}

/// A check, or an objection.
#[derive(Deserialize)]
struct CheckForm {
    step: String,
    role: String,
    #[serde(default)]
    answer: String,
    #[serde(default)]
    note: String,
}

/// Agrees or objects to what a step is about to do.
///
/// # Errors
/// What typing otherwise does not mend.
pub async fn check(
    room: Room,
    Path(number): Path<String>,
    typed: Typed,
) -> Result<Response, Error> {
    let form = typed.read_for_draft::<CheckForm>()?;
    let name = draft(&number, "check", &form.step);
    let deed = typed.fresh().and_then(|()| {
        let agreed = opinion(&form.answer, &form.note, "note")?;
        let (step, actor) = (form.step.clone(), actor(&room, &form.role));
        let event = Event::Check { step, actor, day: room.desk.now.day, agreed };
        Ok(Deed::new(event, &form.role, &form.note))
    });
    record(&room, &number, &name, &typed, deed).await
}

/// Whether somebody agrees; whoever objects says why.
///
/// # Errors
/// A problem at the field.
pub fn opinion(answer: &str, note: &str, field: &str) -> Result<bool, Error> {
    match answer {
        "agree" => Ok(true),
        "object" if note.trim().is_empty() => Err(at_field("objection-empty", field)),
        "object" => Ok(false),
        _ => Err(at_field("field-empty", "answer")),
    }
}

/// A question before a check.
#[derive(Deserialize)]
struct AskForm {
    step: String,
    text: String,
}

/// Asks whoever prepared a step, before the check.
///
/// # Errors
/// What typing otherwise does not mend.
pub async fn ask(room: Room, Path(number): Path<String>, typed: Typed) -> Result<Response, Error> {
    let form = typed.read_for_draft::<AskForm>()?;
    let name = draft(&number, "ask", &form.step);
    let about = About::Step(number.clone(), form.step.clone());
    let asked = match typed.fresh() {
        Ok(()) => asked(&room, (&about, CHECK, MATTER), &name, &form.text).await,
        Err(error) => Err(error),
    };
    match asked {
        Ok(()) => {
            Ok(Redirect::to(&format!("/office/matters/{number}#{}", form.step)).into_response())
        }
        Err(error) => one::refused(&room, &number, &name, &typed, error).await,
    }
}

/// Puts a question to whoever prepared something.
///
/// # Errors
/// Rules that say no; a problem when the text is empty.
pub async fn asked(
    room: &Room,
    (about, acts, object): (&About, &[Act], &str),
    name: &str,
    text: &str,
) -> Result<(), Error> {
    let text = text.trim();
    if text.is_empty() {
        return Err(at_field("field-empty", "text"));
    }
    let mut tx = room.desk.begin(acts, object, "").await?;
    let (_, entry) = inquiries::ask(&mut tx, room.ui.law().rules(), about, text).await?;
    drafts::settle(&mut tx, name).await?;
    tx.commit(entry).await?;
    Ok(())
}

/// A signature.
#[derive(Deserialize)]
struct SignForm {
    step: String,
    role: String,
}

/// Signs for a step.
///
/// # Errors
/// Rules that say no.
pub async fn sign(room: Room, Path(number): Path<String>, typed: Typed) -> Result<Response, Error> {
    let form: SignForm = typed.read()?;
    let (step, actor) = (form.step.clone(), actor(&room, &form.role));
    let event = Event::Sign { step, actor, day: room.desk.now.day };
    // There is nothing to type again: a refusal is a page of its own.
    let name = draft(&number, "sign", &form.step);
    recorded(&room, &number, &name, &Deed::new(event, &form.role, ""), &typed).await?;
    Ok(Redirect::to(&format!("/office/matters/{number}")).into_response())
}

/// Why it is given up.
#[derive(Deserialize)]
struct WithdrawForm {
    role: String,
    reason: String,
}

/// Gives the matter up.
///
/// # Errors
/// What typing otherwise does not mend.
pub async fn withdraw(
    room: Room,
    Path(number): Path<String>,
    typed: Typed,
) -> Result<Response, Error> {
    let form = typed.read_for_draft::<WithdrawForm>()?;
    let reason = form.reason.trim().to_owned();
    let deed = typed.fresh().and_then(|()| {
        if reason.is_empty() {
            return Err(at_field("field-empty", "reason"));
        }
        let actor = actor(&room, &form.role);
        let event = Event::Withdraw { actor, day: room.desk.now.day, reason: reason.clone() };
        Ok(Deed::new(event, &form.role, &reason))
    });
    record(&room, &number, &format!("matter/{number}/withdraw"), &typed, deed).await
}

/// A day from a field.
///
/// # Errors
/// A problem at the field.
pub fn day(field: &str, text: &str) -> Result<Day, Error> {
    Day::parse(text.trim()).ok_or_else(|| at_field("day-not-readable", field))
}

fn count(field: &str, text: &str) -> Result<u32, Error> {
    text.trim().parse().map_err(|_| at_field("count-not-a-number", field))
}

fn optional(field: &str, text: &str) -> Result<Option<u32>, Error> {
    if text.trim().is_empty() { Ok(None) } else { count(field, text).map(Some) }
}

/// A problem at a field of a form; pages title the field by its name.
#[must_use]
pub fn at_field(code: &'static str, field: &str) -> Error {
    let place = Place { column: Some(field.to_owned()), ..Place::default() };
    Error::Failed(Problem::new(code, place).into())
}
