//! Questions of villagers about a matter, and the answers. An open one blocks the archive.

use domain::problem::Failure;
use domain::procedure::{Actor, Event};
use sqlx::Row;

use super::matters::{self, Office, Recorded};
use super::{Refusal, serial, unknown, write};
use crate::db::failure;
use crate::ids::public_number;
use crate::tx::Tx;

/// Asks about a matter. Returns the number of the question.
///
/// # Errors
/// A problem when the matter is unknown; rules that say no.
pub async fn ask(
    tx: &mut Tx,
    office: Office<'_>,
    matter: &str,
    asker_kind: &str,
    text: &str,
) -> Result<(String, Recorded), Refusal> {
    let loaded = matters::load(tx, matter).await?;
    let (year, _, _) = tx.now.day.ymd();
    let number = serial(tx, &format!("question/{}/{year}", loaded.place)).await?;
    let number = format!("Q{}", public_number(&loaded.place, year, number));
    let event = Event::Question { number: number.clone(), asker: None, day: tx.now.day };
    let recorded = matters::record(tx, office, matter, &event, "").await?;
    let due = recorded.dues.first().map_or(tx.now.day, |(_, day)| *day);
    let id = tx.new_id()?;
    let insert = "insert into questions (id, number, matter, place, asker_kind, text, asked_day, due_day) \
                  values ($1, $2, $3, $4, $5, $6, $7, $8)";
    let (kind, text, asked) = (asker_kind.to_owned(), text.to_owned(), tx.now.day.to_string());
    let (id_, number_) = (id.clone(), number.clone());
    write!(tx, insert, id_, number_, loaded.id, loaded.place, kind, text, asked, due.to_string())?;
    tx.touch("questions", &id)?;
    Ok((number, recorded))
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
    let during = |error| failure("read question", error);
    let query = "select q.id, m.number from questions q join matters m on m.id = q.matter where q.number = $1";
    let row = sqlx::query(query).bind(number.to_owned()).fetch_optional(tx.connection()).await;
    let row = row.map_err(during)?.ok_or_else(|| unknown("question", number))?;
    let (question, matter): (String, String) =
        (row.try_get("id").map_err(during)?, row.try_get("number").map_err(during)?);
    let event = Event::Answer { number: number.to_owned(), actor: actor.clone(), day: tx.now.day };
    let recorded = matters::record(tx, office, &matter, &event, text).await?;
    let id = tx.new_id()?;
    let insert =
        "insert into answers (id, question, text, person, day) values ($1, $2, $3, $4, $5)";
    let (person, day) = (actor.person.clone(), tx.now.day.to_string());
    write!(tx, insert, id.clone(), question, text.to_owned(), person, day)?;
    tx.touch("answers", &id)?;
    Ok(recorded)
}

/// Numbers of the open questions of a matter.
///
/// # Errors
/// A problem when nobody knows the matter.
pub async fn open(tx: &mut Tx, matter: &str) -> Result<Vec<String>, Failure> {
    let loaded = matters::load(tx, matter).await?;
    Ok(loaded.matter.open_questions.keys().cloned().collect())
}
