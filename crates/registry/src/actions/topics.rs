//! Topics of villagers (群众点题): anybody proposes what he wants to be told about, villagers support
//! it, the village or township chooses and answers in public, in time.

use domain::access::Act;
use domain::problem::{Failure, Place, Problem, RuleViolation};
use domain::procedure::Actor;
use domain::time::Day;
use serde_json::{Value, json};
use sqlx::Row;

use super::{Refusal, serial, texts, unknown, write};
use crate::db::failure;
use crate::ids::public_number;
use crate::queries::standing;
use crate::reports::{Counter, receipts};
use crate::tx::{Entry, PublicEntry, Tx};

/// By when a chosen topic is answered: as a question about a notice.
const ANSWER_RULE: &str = "DC-05b";

/// Proposes a topic. The text is public and must hold no number of a person. Returns its number.
///
/// # Errors
/// A problem when the place is unknown, or the text holds such a number.
pub async fn propose(tx: &mut Tx, place: &str, title: &str) -> Result<(String, Entry), Failure> {
    tx.may(Act::Create, "topic", place).await?;
    texts::public("title", title, texts::TITLE)?;
    if title.trim().is_empty() {
        return Err(Problem::new("petition-empty", Place::default()).into());
    }
    let (year, _, _) = tx.now.day.ymd();
    let number = serial(tx, &format!("topic/{place}/{year}")).await?;
    let number = format!("T{}", public_number(place, year, number));
    let (id, day) = (tx.new_id()?, tx.now.day.to_string());
    let text = "insert into topics (id, number, place, title, proposed_day, state) \
                values ($1, $2, $3, $4, $5, 'proposed')";
    write!(tx, text, id.clone(), number.clone(), place.to_owned(), title.to_owned(), day)?;
    tx.touch("topics", &id)?;
    let entry = entry("topic-proposed", &number, place, json!({ "title": title }));
    Ok((number, entry))
}

fn entry(kind: &'static str, number: &str, place: &str, payload: Value) -> Entry {
    let public = PublicEntry {
        subject: number.to_owned(),
        village: Some(place.to_owned()),
        payload,
        ..PublicEntry::default()
    };
    Entry::new(kind, number, json!({})).public(public)
}

/// A topic as it is stored.
struct Known {
    id: String,
    place: String,
    state: String,
}

async fn known(tx: &mut Tx, number: &str) -> Result<Known, Failure> {
    let during = |error| failure("read topic", error);
    let row = sqlx::query("select id, place, state from topics where number = $1");
    let row = row.bind(number.to_owned()).fetch_optional(tx.connection()).await.map_err(during)?;
    let row = row.ok_or_else(|| unknown("topic", number))?;
    let read = || -> Result<Known, sqlx::Error> {
        let (id, place) = (row.try_get("id")?, row.try_get("place")?);
        Ok(Known { id, place, state: row.try_get("state")? })
    };
    read().map_err(during)
}

/// Supports a topic, once. `supporter` is what the page knows a villager by; a keyed hash of it is kept,
/// which is another one for each topic.
///
/// # Errors
/// A problem when nobody knows the topic, it is over, or he supports it already.
pub async fn support(
    tx: &mut Tx,
    counter: &Counter<'_>,
    number: &str,
    supporter: &str,
) -> Result<Entry, Failure> {
    let topic = known(tx, number).await?;
    if !["proposed", "chosen"].contains(&topic.state.as_str()) {
        return Err(Problem::new("already-decided", Place::default()).into());
    }
    tx.by = tx.by.faceless();
    let of = format!("{}/{supporter}", topic.id);
    let hash = receipts::keyed(counter.keys, b"supporter", of.as_bytes());
    let (id, day) = (crate::ids::random_id()?, tx.now.day.to_string());
    let text =
        "insert into topic_supports (id, topic, supporter_hash, day) values ($1, $2, $3, $4)";
    write!(tx, text, id.clone(), topic.id, hash, day)?;
    tx.touch("topic_supports", &id)?;
    Ok(Entry::new("topic-supported", number, json!({})))
}

/// Chooses a topic: from now on it is to be answered. Returns the last day.
///
/// # Errors
/// Rules that say no; a problem when nobody knows it, or it was decided.
pub async fn choose(
    tx: &mut Tx,
    counter: &Counter<'_>,
    number: &str,
) -> Result<(Day, Entry), Refusal> {
    let topic = decidable(tx, number, "proposed").await?;
    let rules = (&counter.law.catalogue, &counter.law.calendar, counter.law.digest.as_str());
    let (subject, from) = (format!("topic/{number}"), tx.now.day);
    let due = super::dues::set(tx, rules, &subject, &topic.place, ANSWER_RULE, from).await?;
    let text = "update topics set state = 'chosen', chosen_day = $2, due_day = $3 where id = $1";
    write!(tx, text, topic.id.clone(), from.to_string(), due.to_string())?;
    tx.touch("topics", &topic.id)?;
    let payload = json!({ "due": due.to_string() });
    Ok((due, entry("topic-chosen", number, &topic.place, payload)))
}

async fn decidable(tx: &mut Tx, number: &str, state: &str) -> Result<Known, Failure> {
    let topic = known(tx, number).await?;
    tx.may(Act::Update, "topic", &topic.place).await?;
    if topic.state != state {
        return Err(Problem::new("already-decided", Place::default()).into());
    }
    Ok(topic)
}

/// Declines a topic, with the reason in public.
///
/// # Errors
/// As [`choose`].
pub async fn decline(tx: &mut Tx, number: &str, reason: &str) -> Result<Entry, Failure> {
    let topic = decidable(tx, number, "proposed").await?;
    texts::public("reason", reason, texts::TEXT)?;
    let day = tx.now.day.to_string();
    let text = "update topics set state = 'declined', answer = $2, answered_day = $3 where id = $1";
    write!(tx, text, topic.id.clone(), reason.to_owned(), day)?;
    tx.touch("topics", &topic.id)?;
    Ok(entry("topic-declined", number, &topic.place, json!({ "reason": reason })))
}

/// Answers a chosen topic in public.
///
/// # Errors
/// As [`choose`].
pub async fn answer(
    tx: &mut Tx,
    number: &str,
    actor: &Actor,
    text: &str,
) -> Result<Entry, Refusal> {
    let topic = decidable(tx, number, "chosen").await?;
    tx.by.is_himself(&actor.person)?;
    texts::public("answer", text, texts::TEXT)?;
    let (path, day) = (super::places::path(tx, &topic.place).await?, tx.now.day);
    let posts = standing::posts(tx, &path, day).await?;
    if !posts.iter().any(|post| post.person == actor.person && post.role == actor.role) {
        let no = RuleViolation::new("post-not-held", ANSWER_RULE);
        return Err(no.with("role", &actor.role).into());
    }
    super::dues::clear(tx, &format!("topic/{number}")).await?;
    let update = "update topics set state = 'answered', answer = $2, answered_day = $3, \
                  answered_by = $4 where id = $1";
    let (said, person) = (text.to_owned(), actor.person.clone());
    write!(tx, update, topic.id.clone(), said, day.to_string(), person)?;
    tx.touch("topics", &topic.id)?;
    Ok(entry("topic-answered", number, &topic.place, json!({ "answer": text })))
}
