//! What the supervision committee asks whoever prepared something, before it is published or paid. The
//! answer stands beside what is checked; neither is public. An inquiry stops nothing by itself: as long
//! as the committee does not agree, nothing goes on anyway.

use domain::access::Act;
use domain::problem::{Failure, RuleViolation};
use serde_json::json;
use sqlx::Row;

use super::matters::{self, Office};
use super::{Refusal, dues, unknown, write};
use crate::db::failure;
use crate::tx::{Entry, Tx};

/// By when it is answered.
const ANSWER_RULE: &str = "DC-04b";

/// What is asked about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum About {
    /// A prepared notice, by its key.
    Preparation(String),
    /// A step of a matter, by the matter's number and the step's code.
    Step(String, String),
}

/// What is asked about, as it is stored.
struct Subject {
    place: String,
    object: &'static str,
    preparation: Option<String>,
    matter: Option<String>,
    step: Option<String>,
    /// Who prepared it.
    asked_of: Option<String>,
}

/// Asks. Returns the key of the inquiry.
///
/// # Errors
/// Rules that say no; a problem when nobody knows what it is about.
pub async fn ask(
    tx: &mut Tx,
    office: Office<'_>,
    about: &About,
    text: &str,
) -> Result<(String, Entry), Refusal> {
    let subject = match about {
        About::Preparation(id) => prepared(tx, id).await?,
        About::Step(number, step) => step_of(tx, office, number, step).await?,
    };
    tx.may(Act::Sign, subject.object, &subject.place).await?;
    let me = himself(tx)?;
    if subject.asked_of.as_ref() == Some(&me) {
        return Err(RuleViolation::new("notice-three-people", "09-roles 4 SD15").into());
    }
    let (id, day) = (tx.new_id()?, tx.now.day);
    let insert = "insert into inquiries (id, place, preparation, matter, step, text, asked_by, asked_role, \
                  asked_day, asked_of) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";
    let query = sqlx::query(insert).bind(id.clone()).bind(subject.place.clone());
    let query = query.bind(subject.preparation).bind(subject.matter).bind(subject.step);
    let query = query.bind(text.to_owned()).bind(me).bind(tx.by.role.clone());
    let query = query.bind(day.to_string()).bind(subject.asked_of);
    query.execute(tx.connection()).await.map_err(|error| failure("write inquiry", error))?;
    tx.touch("inquiries", &id)?;
    let rules = (office.catalogue, office.calendar, office.digest);
    dues::set(tx, rules, &due_subject(&id), &subject.place, ANSWER_RULE, day).await?;
    Ok((id.clone(), Entry::new("inquiry-asked", &id, json!({}))))
}

async fn prepared(tx: &mut Tx, id: &str) -> Result<Subject, Failure> {
    let during = |error| failure("read preparation", error);
    let text = "select place, prepared_by from preparations where id = $1 and state = 'waiting'";
    let row = sqlx::query(text).bind(id.to_owned()).fetch_optional(tx.connection()).await;
    let row = row.map_err(during)?.ok_or_else(|| unknown("preparation", id))?;
    Ok(Subject {
        place: row.try_get("place").map_err(during)?,
        object: "disclosure_draft",
        preparation: Some(id.to_owned()),
        matter: None,
        step: None,
        asked_of: Some(row.try_get("prepared_by").map_err(during)?),
    })
}

/// A step was prepared by whoever did the last one before; what a body did, anybody of the village may
/// explain, and so may everybody when the committee itself was last.
async fn step_of(
    tx: &mut Tx,
    office: Office<'_>,
    number: &str,
    step: &str,
) -> Result<Subject, Failure> {
    let loaded = matters::load(tx, number).await?;
    let steps = office.catalogue.steps_of(&loaded.power, loaded.opened)?;
    if loaded.state != "open" || !steps.iter().any(|known| known.code == step) {
        return Err(unknown("step", step));
    }
    let body = |role: &str| office.catalogue.roles.get(role).is_none_or(|role| role.body);
    let me = tx.by.person.clone();
    let last = loaded.matter.done.last().filter(|done| !body(&done.actor.role));
    let asked_of =
        last.map(|done| done.actor.person.clone()).filter(|one| Some(one) != me.as_ref());
    Ok(Subject {
        place: loaded.place,
        object: "matter",
        preparation: None,
        matter: Some(loaded.id),
        step: Some(step.to_owned()),
        asked_of,
    })
}

/// Answers an inquiry: whoever it was put to, or somebody who may change what it is about.
///
/// # Errors
/// The rule that says no; a problem when nobody knows it, or it is answered.
pub async fn answer(tx: &mut Tx, id: &str, text: &str) -> Result<Entry, Failure> {
    let during = |error| failure("read inquiry", error);
    let query =
        "select place, preparation, asked_of from inquiries where id = $1 and answer is null";
    let row = sqlx::query(query).bind(id.to_owned()).fetch_optional(tx.connection()).await;
    let row = row.map_err(during)?.ok_or_else(|| unknown("inquiry", id))?;
    let asked_of: Option<String> = row.try_get("asked_of").map_err(during)?;
    let prepared: Option<String> = row.try_get("preparation").map_err(during)?;
    let place: String = row.try_get("place").map_err(during)?;
    let object = if prepared.is_some() { "disclosure_draft" } else { "matter" };
    let me = himself(tx)?;
    if asked_of.as_ref() == Some(&me) {
        tx.may(Act::Read, object, &place).await?;
    } else {
        tx.may(Act::Update, object, &place).await?;
    }
    let update =
        "update inquiries set answer = $2, answered_by = $3, answered_day = $4 where id = $1";
    write!(tx, update, id.to_owned(), text.to_owned(), me, tx.now.day.to_string())?;
    tx.touch("inquiries", id)?;
    dues::clear(tx, &due_subject(id)).await?;
    Ok(Entry::new("inquiry-answered", id, json!({})))
}

/// Ends what was asked about a prepared notice, a step of a matter (by key and code) or, with no
/// code, a whole matter: the committee has said its word, or the thing is over.
pub(crate) async fn end(tx: &mut Tx, subject: &str, step: Option<&str>) -> Result<(), Failure> {
    let during = |error| failure("read inquiries", error);
    let text = "select id from inquiries where (preparation = $1 or matter = $1) \
                and ($2 is null or step = $2) and answer is null";
    let rows = sqlx::query(text).bind(subject.to_owned()).bind(step.map(str::to_owned));
    let rows = rows.fetch_all(tx.connection()).await;
    for row in rows.map_err(during)? {
        let id: String = row.try_get("id").map_err(during)?;
        dues::clear(tx, &due_subject(&id)).await?;
    }
    Ok(())
}

fn due_subject(id: &str) -> String {
    format!("inquiry/{id}")
}

fn himself(tx: &Tx) -> Result<String, RuleViolation> {
    tx.by.person.clone().ok_or_else(|| RuleViolation::new("deny-own-person", "roles.toml"))
}
