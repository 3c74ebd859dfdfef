//! Questions of villagers about a matter or a notice, and the answers. An open one blocks the
//! archive of its matter.

use domain::access::Act;
use domain::problem::{Failure, Fault, RuleViolation};
use domain::procedure::{Actor, DueOf, Event};
use serde_json::json;
use sqlx::Row;

use super::matters::{self, Office, Recorded};
use super::{Refusal, dues, notices, places, serial, texts, unknown, write};
use crate::db::failure;
use crate::ids::public_number;
use crate::queries::standing;
use crate::seal::{SealKey, open, seal};
use crate::tx::{Entry, PublicEntry, Tx};

/// By when a question about a notice is answered.
const ANSWER_RULE: &str = "DC-05b";

/// What a question is about, by its public number: matters and notices are numbered apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum About {
    /// A matter.
    Matter(String),
    /// A notice; that of an open matter is a question to the matter too.
    Notice(String),
}

/// A question to be asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewQuestion {
    /// About what.
    pub about: About,
    /// `villager`, `anonymous`, `committee`, `representative`.
    pub asker_kind: String,
    /// The question.
    pub text: String,
    /// How to reach who asks, if he likes, and the key that seals it.
    pub contact: Option<(String, SealKey)>,
}

/// Asks. Returns the number of the question.
///
/// # Errors
/// A problem when matter or notice is unknown; rules that say no.
pub async fn ask(
    tx: &mut Tx,
    office: Office<'_>,
    new: &NewQuestion,
) -> Result<(String, Recorded), Refusal> {
    texts::public("text", &new.text, texts::TEXT)?;
    let asked = asked(tx, &new.about).await?;
    let (year, _, _) = tx.now.day.ymd();
    let number = serial(tx, &format!("question/{}/{year}", asked.place)).await?;
    let number = format!("Q{}", public_number(&asked.place, year, number));
    let recorded = match &asked.matter {
        Some((_, matter)) => {
            let event = Event::Question { number: number.clone(), asker: None, day: tx.now.day };
            matters::record(tx, office, matter, &event, "").await?
        }
        None => of_notice(tx, office, &asked, &number).await?,
    };
    let due = recorded.dues.first().map_or(tx.now.day, |(_, day)| *day);
    let id = tx.new_id()?;
    let insert = "insert into questions (id, number, matter, notice, place, asker_kind, text, asked_day, \
                  due_day) values ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
    let (kind, text, day) = (new.asker_kind.clone(), new.text.clone(), tx.now.day.to_string());
    let matter = asked.matter.map(|(id, _)| id);
    let (row, no, place) = (id.clone(), number.clone(), asked.place);
    write!(tx, insert, row, no, matter, asked.notice, place, kind, text, day, due.to_string())?;
    tx.touch("questions", &id)?;
    if let Some((contact, key)) = &new.contact {
        let (row, sealed) = (tx.new_id()?, seal(key, &id, contact.as_bytes())?);
        let text = "insert into question_contacts (id, question, sealed) values ($1, $2, $3)";
        write!(tx, text, row.clone(), id, sealed)?;
        tx.touch("question_contacts", &row)?;
    }
    Ok((number, recorded))
}

/// What a question is about, by keys.
struct Asked {
    place: String,
    /// Key and number of the matter.
    matter: Option<(String, String)>,
    /// Key of the notice.
    notice: Option<String>,
}

async fn asked(tx: &mut Tx, about: &About) -> Result<Asked, Failure> {
    match about {
        About::Matter(number) => {
            let loaded = matters::load(tx, number).await?;
            Ok(Asked {
                place: loaded.place,
                matter: Some((loaded.id, loaded.number)),
                notice: None,
            })
        }
        About::Notice(number) => {
            let during = |error| failure("read notice", error);
            let notice = notices::find(tx, number).await?;
            let text = "select m.id, m.number from notices n join matters m on m.id = n.matter \
                        where n.id = $1 and m.state = 'open'";
            let row =
                sqlx::query(text).bind(notice.id.clone()).fetch_optional(tx.connection()).await;
            let matter = match row.map_err(during)? {
                None => None,
                Some(row) => Some((
                    row.try_get("id").map_err(during)?,
                    row.try_get("number").map_err(during)?,
                )),
            };
            Ok(Asked { place: notice.place, matter, notice: Some(notice.id) })
        }
    }
}

async fn of_notice(
    tx: &mut Tx,
    office: Office<'_>,
    asked: &Asked,
    number: &str,
) -> Result<Recorded, Refusal> {
    tx.may(Act::Create, "question", &asked.place).await?;
    let (rules, from) = ((office.catalogue, office.calendar, office.digest), tx.now.day);
    let due = dues::set(tx, rules, &subject(number), &asked.place, ANSWER_RULE, from).await?;
    let public = public(number, &asked.place, json!({ "due": due.to_string() }));
    let entry = Entry::new("question-asked", number, json!({})).public(public);
    let dues = vec![(DueOf::Question(number.to_owned()), due)];
    Ok(Recorded { dues, notice: None, entry })
}

fn public(number: &str, place: &str, payload: serde_json::Value) -> PublicEntry {
    let village = Some(place.to_owned());
    PublicEntry { subject: number.to_owned(), village, payload, ..PublicEntry::default() }
}

/// What the due row of a question about a notice is about.
fn subject(number: &str) -> String {
    format!("question/{number}")
}

/// A question as it is stored.
struct Known {
    id: String,
    place: String,
    matter: Option<String>,
    answered: bool,
}

async fn known(tx: &mut Tx, number: &str) -> Result<Known, Failure> {
    let during = |error| failure("read question", error);
    let query = "select q.id, q.place, m.number, (select count(*) from answers a where a.question = q.id) \
                 as answers from questions q left join matters m on m.id = q.matter where q.number = $1";
    let row = sqlx::query(query).bind(number.to_owned()).fetch_optional(tx.connection()).await;
    let row = row.map_err(during)?.ok_or_else(|| unknown("question", number))?;
    let read = || -> Result<Known, sqlx::Error> {
        let answered = row.try_get::<i64, _>("answers")? > 0;
        let (id, place) = (row.try_get("id")?, row.try_get("place")?);
        Ok(Known { id, place, matter: row.try_get("number")?, answered })
    };
    read().map_err(during)
}

/// Answers a question.
///
/// # Errors
/// A problem when nobody knows the question; rules that say no.
pub async fn answer(
    tx: &mut Tx,
    office: Office<'_>,
    number: &str,
    actor: &Actor,
    text: &str,
) -> Result<Recorded, Refusal> {
    texts::public("text", text, texts::TEXT)?;
    let known = known(tx, number).await?;
    texts::unnamed(tx, &known.place, "text", text).await?;
    let recorded = match &known.matter {
        Some(matter) => {
            let (number, actor) = (number.to_owned(), actor.clone());
            let event = Event::Answer { number, actor, day: tx.now.day };
            matters::record(tx, office, matter, &event, text).await?
        }
        None => answer_of_notice(tx, &known, number, actor).await?,
    };
    let id = tx.new_id()?;
    let insert =
        "insert into answers (id, question, text, person, day) values ($1, $2, $3, $4, $5)";
    let (person, day) = (actor.person.clone(), tx.now.day.to_string());
    write!(tx, insert, id.clone(), known.id, text.to_owned(), person, day)?;
    tx.touch("answers", &id)?;
    Ok(recorded)
}

async fn answer_of_notice(
    tx: &mut Tx,
    known: &Known,
    number: &str,
    actor: &Actor,
) -> Result<Recorded, Refusal> {
    tx.may(Act::Update, "question", &known.place).await?;
    tx.by.is_himself(&actor.person)?;
    let day = tx.now.day;
    let path = places::path(tx, &known.place).await?;
    let posts = standing::posts(tx, &path, day).await?;
    if !posts.iter().any(|post| post.person == actor.person && post.role == actor.role) {
        return Err(RuleViolation::new("post-not-held", ANSWER_RULE)
            .with("role", &actor.role)
            .into());
    }
    if known.answered {
        let rule = RuleViolation::new("question-unknown", ANSWER_RULE);
        return Err(rule.with("number", number).into());
    }
    dues::clear(tx, &subject(number)).await?;
    let public = public(number, &known.place, json!({ "state": "answered" }));
    let entry = Entry::new("question-answered", number, json!({})).public(public);
    Ok(Recorded { dues: Vec::new(), notice: None, entry })
}

/// How to reach who asked. Each look leaves an entry.
///
/// # Errors
/// The rule that says no; a problem when nobody knows the question.
pub async fn contact(
    tx: &mut Tx,
    number: &str,
    key: &SealKey,
) -> Result<(Option<String>, Entry), Failure> {
    let during = |error| failure("read contact", error);
    let known = known(tx, number).await?;
    tx.may(Act::Read, "question_contact", &known.place).await?;
    let row = sqlx::query("select sealed from question_contacts where question = $1");
    let row = row.bind(known.id.clone()).fetch_optional(tx.connection()).await.map_err(during)?;
    let mut contact = None;
    if let Some(row) = row {
        let opened = open(key, &known.id, &row.try_get::<Vec<u8>, _>("sealed").map_err(during)?)?;
        contact = Some(String::from_utf8(opened).map_err(|e| Fault::new("read contact", e))?);
    }
    Ok((contact, Entry::new("contact-read", number, json!({}))))
}
