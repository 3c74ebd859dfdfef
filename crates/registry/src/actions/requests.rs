//! Requests about money of one's own: it did not come, it is not mine, the amount is wrong, help.
//! The number is random, so that it tells nobody when it was given; who knows it may read the reply.

use domain::access::Act;
use domain::problem::{Failure, Place, Problem, RuleViolation};
use domain::procedure::Actor;
use domain::time::Day;
use serde_json::json;
use sqlx::Row;

use super::matters::Office;
use super::{Refusal, dues, places, unknown, write};
use crate::db::failure;
use crate::ids::random_number;
use crate::queries::standing;
use crate::tx::{Entry, PublicEntry, Tx};

/// By when a person hears whether his request is accepted, and by when it is settled.
const ACCEPT_RULE: &str = "XF-02";
const SETTLE_RULE: &str = "XF-05";

/// Requests of one person that may be open at one time.
const OPEN: i64 = 20;

/// A request to be opened.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct NewRequest {
    /// `not_received`, `not_mine`, `wrong_amount`, `help`.
    pub kind: String,
    /// Village.
    pub place: String,
    /// Code of the programme.
    pub programme: Option<String>,
    /// `2026-03`, `2026`.
    pub period: Option<String>,
    /// Amount in fen that it is about.
    pub amount_fen: Option<i64>,
    /// Person key of the facts, when the person was recognised.
    pub person_key: Option<i64>,
    /// In his words.
    pub text: String,
}

/// Opens a request. Returns its number and the day by which he hears of it.
///
/// # Errors
/// A problem when the village or kind is unknown, or the person has said the same and waits for the
/// answer; rules that say no.
pub async fn open(
    tx: &mut Tx,
    office: Office<'_>,
    new: &NewRequest,
) -> Result<(String, Day, Entry), Refusal> {
    tx.may(Act::Create, "request", &new.place).await?;
    if let Some(person) = new.person_key {
        not_again(tx, person, new).await?;
    }
    let (id, number) = (tx.new_id()?, random_number('R')?);
    let (rules, from) = ((office.catalogue, office.calendar, office.digest), tx.now.day);
    let due = dues::set(tx, rules, &subject(&number), &new.place, ACCEPT_RULE, from).await?;
    let insert = "insert into requests (id, number, kind, place, programme, period, amount_fen, person_key, \
                  text, opened_day, due_day, state) \
                  values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 'open')";
    let query = sqlx::query(insert).bind(id.clone()).bind(number.clone()).bind(new.kind.clone());
    let query = query.bind(new.place.clone()).bind(new.programme.clone()).bind(new.period.clone());
    let query = query.bind(new.amount_fen).bind(new.person_key).bind(new.text.clone());
    let query = query.bind(from.to_string()).bind(due.to_string());
    query.execute(tx.connection()).await.map_err(|error| failure("write request", error))?;
    tx.touch("requests", &id)?;
    let entry = entry("request-opened", &number, &new.place, "open");
    Ok((number, due, entry))
}

/// Refuses what a person has said already and waits for, and more than anybody can wait for.
async fn not_again(tx: &mut Tx, person: i64, new: &NewRequest) -> Result<(), Failure> {
    let during = |error| failure("read requests", error);
    let text = "select kind, programme, period, amount_fen from requests \
                where person_key = $1 and state = 'open' order by id limit $2";
    let rows = sqlx::query(text).bind(person).bind(OPEN).fetch_all(tx.connection()).await;
    let rows = rows.map_err(during)?;
    for row in &rows {
        let kind: String = row.try_get("kind").map_err(during)?;
        let about = (
            row.try_get::<Option<String>, _>("programme").map_err(during)?,
            row.try_get::<Option<String>, _>("period").map_err(during)?,
            row.try_get::<Option<i64>, _>("amount_fen").map_err(during)?,
        );
        let same = about == (new.programme.clone(), new.period.clone(), new.amount_fen);
        if same && kind == new.kind {
            return Err(Problem::new("request-again", Place::default()).into());
        }
    }
    if i64::try_from(rows.len()).unwrap_or(OPEN) >= OPEN {
        return Err(Problem::new("requests-many", Place::default()).with("most", OPEN).into());
    }
    Ok(())
}

/// The entry of a request; the public one tells no more than that there is one, and how it stands.
fn entry(kind: &'static str, number: &str, place: &str, state: &str) -> Entry {
    let public = PublicEntry {
        subject: number.to_owned(),
        village: Some(place.to_owned()),
        payload: json!({ "state": state }),
        ..PublicEntry::default()
    };
    Entry::new(kind, number, json!({})).public(public)
}

fn subject(number: &str) -> String {
    format!("request/{number}")
}

/// Replies to a request. A reply that is not final says that it was accepted; from then on the time
/// to settle it runs. Returns the day by which it is settled, if that is still to come.
///
/// # Errors
/// A problem when nobody knows the request or it is closed; rules that say no.
pub async fn reply(
    tx: &mut Tx,
    office: Office<'_>,
    number: &str,
    actor: &Actor,
    (text, settles): (&str, bool),
) -> Result<(Option<Day>, Entry), Refusal> {
    let (id, place) = known(tx, number).await?;
    tx.may(Act::Update, "request", &place).await?;
    tx.by.is_himself(&actor.person)?;
    let day = tx.now.day;
    let path = places::path(tx, &place).await?;
    let posts = standing::posts(tx, &path, day).await?;
    if !posts.iter().any(|post| post.person == actor.person && post.role == actor.role) {
        return Err(RuleViolation::new("post-not-held", SETTLE_RULE)
            .with("role", &actor.role)
            .into());
    }
    let row = tx.new_id()?;
    let insert = "insert into request_replies (id, request, text, person, day, final) \
                  values ($1, $2, $3, $4, $5, $6)";
    let (person, said) = (actor.person.clone(), text.to_owned());
    write!(tx, insert, row.clone(), id.clone(), said, person, day.to_string(), i64::from(settles))?;
    tx.touch("request_replies", &row)?;
    dues::clear(tx, &subject(number)).await?;
    let mut due = None;
    if settles {
        let text = "update requests set state = 'answered' where id = $1";
        write!(tx, text, id.clone())?;
    } else {
        let rules = (office.catalogue, office.calendar, office.digest);
        let until = dues::set(tx, rules, &subject(number), &place, SETTLE_RULE, day).await?;
        let text = "update requests set due_day = $2 where id = $1";
        write!(tx, text, id.clone(), until.to_string())?;
        due = Some(until);
    }
    tx.touch("requests", &id)?;
    let state = if settles { "answered" } else { "accepted" };
    Ok((due, entry("request-replied", number, &place, state)))
}

/// Closes a request that was answered, or that its person took back.
///
/// # Errors
/// The rule that says no; a problem when nobody knows the request or it is closed.
pub async fn close(tx: &mut Tx, number: &str) -> Result<Entry, Failure> {
    let (id, place) = known(tx, number).await?;
    tx.may(Act::Update, "request", &place).await?;
    dues::clear(tx, &subject(number)).await?;
    write!(tx, "update requests set state = 'closed' where id = $1", id.clone())?;
    tx.touch("requests", &id)?;
    Ok(entry("request-closed", number, &place, "closed"))
}

/// Key and village of a request that is not closed.
async fn known(tx: &mut Tx, number: &str) -> Result<(String, String), Failure> {
    let during = |error| failure("read request", error);
    let row = sqlx::query("select id, place, state from requests where number = $1");
    let row = row.bind(number.to_owned()).fetch_optional(tx.connection()).await.map_err(during)?;
    let row = row.ok_or_else(|| unknown("request", number))?;
    if row.try_get::<String, _>("state").map_err(during)? == "closed" {
        return Err(Problem::new("already-decided", Place::default()).into());
    }
    Ok((row.try_get("id").map_err(during)?, row.try_get("place").map_err(during)?))
}
