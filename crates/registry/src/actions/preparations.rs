//! Notices before they are public. Who prepares one, who checks it and who makes it public are three
//! people (SD15), and what leaves is what was checked: a changed text is a new preparation.

use domain::access::Act;
use domain::problem::{Failure, Fault, Problem, RuleViolation};
use domain::time::Day;
use serde_json::{Map, Value, json};
use sqlx::Row;

use super::matters::Office;
use super::notices::{self, NewNotice};
use super::{Refusal, inquiries, texts, unknown, write};
use crate::db::failure;
use crate::tx::{Entry, Tx};

/// Rule on the three people.
const THREE_PEOPLE: &str = "09-roles 4 SD15";

/// A notice to be prepared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewPreparation {
    /// Village.
    pub place: String,
    /// Code of the disclosure duty.
    pub duty: String,
    /// Period, or the day of the event.
    pub period: String,
    /// Title; names no person.
    pub title: String,
    /// Content: fields by their codes, without personal ones.
    pub body: Map<String, Value>,
    /// Personal fields that the field profile allows.
    pub personal: Map<String, Value>,
}

/// Prepares a notice. Returns its key.
///
/// # Errors
/// The rule that says no; a problem when the text holds a number of a person, or a name that nobody
/// has confirmed.
pub async fn prepare(tx: &mut Tx, new: &NewPreparation) -> Result<(String, Entry), Failure> {
    tx.may(Act::Create, "disclosure_draft", &new.place).await?;
    stop_numbers(new)?;
    texts::unnamed(tx, &new.place, "title", &new.title).await?;
    texts::unnamed_value(tx, &new.place, "text", &Value::Object(new.body.clone())).await?;
    let person = himself(tx)?;
    let (id, day) = (tx.new_id()?, tx.now.day.to_string());
    let text = |map: &Map<String, Value>| Value::Object(map.clone()).to_string();
    let insert = "insert into preparations (id, place, duty, period, title, body, personal, prepared_by, \
                  prepared_day, state) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, 'waiting')";
    let query = sqlx::query(insert).bind(id.clone()).bind(new.place.clone()).bind(new.duty.clone());
    let query = query.bind(new.period.clone()).bind(new.title.clone()).bind(text(&new.body));
    let query = query.bind(text(&new.personal)).bind(person).bind(day);
    query.execute(tx.connection()).await.map_err(|e| failure("write preparation", e))?;
    tx.touch("preparations", &id)?;
    Ok((id.clone(), Entry::new("notice-prepared", &id, json!({ "duty": new.duty }))))
}

/// No ID number, telephone or card number leaves the office in a text.
fn stop_numbers(new: &NewPreparation) -> Result<(), Problem> {
    texts::public("title", &new.title, texts::TITLE)?;
    texts::public("period", &new.period, texts::TITLE)?;
    texts::public_value("body", &Value::Object(new.body.clone()))?;
    texts::public_value("names", &Value::Object(new.personal.clone()))
}

fn himself(tx: &Tx) -> Result<String, RuleViolation> {
    tx.by.person.clone().ok_or_else(|| RuleViolation::new("deny-own-person", "roles.toml"))
}

/// Agrees to a prepared notice, or objects with an opinion.
///
/// # Errors
/// Rules that say no; a problem when nobody knows it.
pub async fn check(tx: &mut Tx, id: &str, agreed: bool, opinion: &str) -> Result<Entry, Refusal> {
    let known = known(tx, id).await?;
    tx.may(Act::Sign, "disclosure_draft", &known.new.place).await?;
    known.stands("waiting")?;
    let person = himself(tx).map_err(Failure::from)?;
    if person == known.prepared_by {
        return Err(three_people());
    }
    let state = if agreed { "agreed" } else { "objected" };
    let text = "update preparations set state = $2, checked_by = $3, checked_day = $4, opinion = $5 where id = $1";
    let (day, opinion) = (tx.now.day.to_string(), opinion.to_owned());
    write!(tx, text, id.to_owned(), state, person, day, opinion)?;
    tx.touch("preparations", id)?;
    inquiries::end(tx, id, None).await?;
    Ok(Entry::new("notice-checked", id, json!({ "agreed": agreed })))
}

/// Makes a checked notice public. Returns its number.
///
/// # Errors
/// Rules that say no; a problem when nobody knows it.
pub async fn publish(
    tx: &mut Tx,
    office: Office<'_>,
    id: &str,
) -> Result<(String, Entry), Refusal> {
    let known = known(tx, id).await?;
    tx.may(Act::Update, "disclosure_draft", &known.new.place).await?;
    known.stands("agreed")?;
    let person = himself(tx).map_err(Failure::from)?;
    if person == known.prepared_by || Some(&person) == known.checked_by.as_ref() {
        return Err(three_people());
    }
    let due = due(tx, &known.new).await?;
    let new = NewNotice {
        place: known.new.place,
        duty: known.new.duty,
        from: None,
        period: known.new.period,
        title: known.new.title,
        body: known.new.body,
        personal: known.new.personal.into_iter().collect(),
        prepared_by: Some(known.prepared_by),
        checked_by: known.checked_by,
        due,
    };
    let (number, public) = notices::first(tx, office, &new).await?;
    let text = "update preparations set state = 'published', \
                notice = (select id from notices where number = $2) where id = $1";
    write!(tx, text, id.to_owned(), number.clone())?;
    tx.touch("preparations", id)?;
    let entry = Entry::new("notice-published", &number, json!({ "preparation": id }));
    Ok((number, entry.public(public)))
}

/// When the period's notice should have been public, by the order or due that waits for it.
async fn due(tx: &mut Tx, new: &NewPreparation) -> Result<Option<Day>, Failure> {
    let during = |error| failure("read order", error);
    let text =
        "select min(due_day) as due from orders where place = $1 and duty = $2 and period = $3";
    let row = sqlx::query(text).bind(new.place.clone()).bind(new.duty.clone());
    let row = row.bind(new.period.clone()).fetch_one(tx.connection()).await.map_err(during)?;
    let due: Option<String> = row.try_get("due").map_err(during)?;
    Ok(due.and_then(|day| Day::parse(&day)))
}

/// Gives a preparation up.
///
/// # Errors
/// The rule that says no; a problem when nobody knows it, or it is public already.
pub async fn discard(tx: &mut Tx, id: &str) -> Result<Entry, Failure> {
    let known = known(tx, id).await?;
    tx.may(Act::Update, "disclosure_draft", &known.new.place).await?;
    if known.state == "published" {
        return Err(unknown("preparation", id));
    }
    write!(tx, "update preparations set state = 'dropped' where id = $1", id.to_owned())?;
    tx.touch("preparations", id)?;
    inquiries::end(tx, id, None).await?;
    Ok(Entry::new("notice-dropped", id, json!({})))
}

fn three_people() -> Refusal {
    Refusal::Rules(vec![RuleViolation::new("notice-three-people", THREE_PEOPLE)])
}

/// A preparation as it is stored.
struct Known {
    new: NewPreparation,
    state: String,
    prepared_by: String,
    checked_by: Option<String>,
}

impl Known {
    fn stands(&self, state: &str) -> Result<(), Refusal> {
        if self.state == state {
            return Ok(());
        }
        let rule = RuleViolation::new("preparation-state", THREE_PEOPLE);
        Err(Refusal::Rules(vec![rule.with("state", &self.state)]))
    }
}

async fn known(tx: &mut Tx, id: &str) -> Result<Known, Failure> {
    let during = |error| failure("read preparation", error);
    let text = "select place, duty, period, title, body, personal, state, prepared_by, checked_by \
                from preparations where id = $1";
    let row = sqlx::query(text).bind(id.to_owned()).fetch_optional(tx.connection()).await;
    let row = row.map_err(during)?.ok_or_else(|| unknown("preparation", id))?;
    let get = |column: &str| row.try_get::<String, _>(column).map_err(during);
    let map = |text: String| {
        serde_json::from_str(&text).map_err(|error| Fault::new("read preparation", error))
    };
    Ok(Known {
        new: NewPreparation {
            place: get("place")?,
            duty: get("duty")?,
            period: get("period")?,
            title: get("title")?,
            body: map(get("body")?)?,
            personal: map(get("personal")?)?,
        },
        state: get("state")?,
        prepared_by: get("prepared_by")?,
        checked_by: row.try_get("checked_by").map_err(during)?,
    })
}
