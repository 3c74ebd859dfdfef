//! Acts on a report, each a noun at its address. Writing needs no passphrase: texts are sealed for the
//! office and, where they are meant for him, for the reporter. Handing on does.

use std::collections::BTreeMap;

use axum::extract::Path;
use axum::response::{IntoResponse, Redirect, Response};
use domain::access::Act;
use domain::report::handling::Outcome;
use registry::actions::reports::{acts, care, identity, objection, transfer};
use registry::queries::report_desk;
use registry::reports::Counter;
use registry::reports::texts::Words;
use registry::{By, Entry, Tx};
use serde::{Deserialize, Serialize};

use super::one::again;
use super::open::office_of;
use crate::error::Error;
use crate::office::matters::acts::at_field;
use crate::office::room::Room;
use crate::request::Posted;

/// Everything that a form of these may hold.
#[derive(Deserialize, Serialize, Default)]
#[serde(default)]
pub struct Said {
    text: String,
    facts: String,
    basis: String,
    outcome: String,
    to: String,
    into: String,
    ground: String,
    tag: String,
    on: String,
    person: String,
    purpose: String,
    back: String,
    #[serde(skip_serializing)]
    passphrase: String,
}

impl Said {
    /// What was typed, without the passphrase.
    fn fields(&self) -> BTreeMap<String, String> {
        let value = serde_json::to_value(self).unwrap_or_default();
        serde_json::from_value(value).unwrap_or_default()
    }

    fn words(&self) -> Words {
        let (text, facts) = (self.text.trim().to_owned(), self.facts.trim().to_owned());
        Words { text, facts, basis: self.basis.trim().to_owned() }
    }
}

/// Does one of the acts.
///
/// # Errors
/// Not found for whoever may not, and for what is no act; what typing otherwise mends comes back with the
/// form.
pub async fn act(
    room: Room,
    Path((number, act)): Path<(String, String)>,
    Posted(form): Posted<Said>,
) -> Result<Response, Error> {
    match done(&room, &number, &act, &form).await {
        Ok(()) => Ok(Redirect::to(&after(&number, &act)).into_response()),
        // A sender who decides on a transfer has no page of the report any more.
        Err(error) if act == "settlement" => super::reason::again(&room, &number, error).await,
        Err(error) => again(&room, &number, (&act, form.fields()), error).await,
    }
}

/// Where somebody goes on: a report that left his office has no page for him.
fn after(number: &str, act: &str) -> String {
    match act {
        "transfer" | "settlement" | "person" | "handover" => "/office/reports".to_owned(),
        _ => format!("/office/reports/{number}"),
    }
}

async fn done(room: &Room, number: &str, act: &str, form: &Said) -> Result<(), Error> {
    let window = room.app.window()?;
    let counter = window.counter();
    let by = by(room, &counter, number, act).await?;
    let mut tx = room.app.setup.registry.begin(by, room.desk.now, "").await?;
    let entry = match act {
        "transfer" | "person" => {
            let key = room.key(&form.passphrase).await?;
            let words = form.words();
            if act == "person" {
                transfer::name_person(&mut tx, &counter, number, &form.person, &key).await?.1
            } else {
                let to = (form.to.as_str(), &words);
                transfer::transfer(&mut tx, &counter, number, to, &key).await?.entry
            }
        }
        _ => written(&mut tx, &counter, number, act, form).await?,
    };
    tx.commit(entry).await?;
    Ok(())
}

/// Whoever acts, in the role in which he does it.
async fn by(room: &Room, counter: &Counter<'_>, number: &str, act: &str) -> Result<By, Error> {
    let desk = &room.desk;
    match act {
        "extension" => {
            let office = office_of(room, number).await?;
            let own = desk.for_office(&office)?;
            let approves = |object| desk.may_somewhere(&[Act::Approve], object).is_ok();
            if approves("report") { desk.by(&[Act::Approve], "report", "") } else { Ok(own) }
        }
        "charge" => {
            office_of(room, number).await?;
            desk.by(&[Act::Create], "charge", desk.places().next().unwrap_or_default())
        }
        "handover" => desk.in_role("CX").map_err(|_| Error::NotFound),
        "settlement" => {
            let any = desk.by(&[], "", "")?;
            let waiting = report_desk::contested(room.db(), counter, &any, desk.now.day).await?;
            let one = waiting.into_iter().find(|one| one.number == number);
            desk.for_office(&one.ok_or(Error::NotFound)?.decides)
        }
        _ => desk.for_office(&office_of(room, number).await?),
    }
}

/// Acts that need no key.
async fn written(
    tx: &mut Tx,
    counter: &Counter<'_>,
    number: &str,
    act: &str,
    form: &Said,
) -> Result<Entry, Error> {
    let words = &form.words();
    let done = match act {
        "acceptance" | "handover" => acts::accept(tx, counter, number, words).await,
        "refusal" => acts::refuse(tx, counter, number, required(words)?).await,
        "objection" => acts::contest(tx, counter, number, required(words)?).await,
        "settlement" => objection::settle(tx, counter, number, (form.back == "1", words)).await,
        "extension" => acts::extend(tx, counter, number, required(words)?).await,
        "pause" => acts::pause(tx, counter, number, (&form.ground, words)).await,
        "resumption" => acts::resume(tx, counter, number).await,
        "conclusion" => acts::conclude(tx, counter, number, words).await,
        "reply" => acts::reply(tx, counter, number, (outcome(&form.outcome)?, words)).await,
        "closure" => acts::close(tx, counter, number).await,
        "merger" => acts::merge(tx, counter, (number, form.into.trim()), words).await,
        other => return kept(tx, counter, number, other, form).await,
    };
    Ok(done?.entry)
}

/// What is kept beside it: notes, marks, requests, charges.
async fn kept(
    tx: &mut Tx,
    counter: &Counter<'_>,
    number: &str,
    act: &str,
    form: &Said,
) -> Result<Entry, Error> {
    Ok(match act {
        "note" => acts::jot(tx, counter, number, required(&form.words())?).await?,
        "mark" => acts::tag(tx, counter, number, (&form.tag, form.on == "1")).await?,
        "identity" => identity::ask(tx, counter, number, form.purpose.trim()).await?.1,
        "charge" => {
            let leader = tx.by.person.clone().unwrap_or_default();
            care::take(tx, counter, (number, &leader)).await?.1
        }
        _ => return Err(Error::NotFound),
    })
}

/// Words that must not be empty: somebody is owed the reason.
fn required(words: &Words) -> Result<&Words, Error> {
    if words.text.is_empty() { Err(at_field("field-empty", "text")) } else { Ok(words) }
}

fn outcome(code: &str) -> Result<Outcome, Error> {
    Outcome::named(code).ok_or_else(|| at_field("field-empty", "outcome"))
}
