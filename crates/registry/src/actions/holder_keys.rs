//! Own keys of people who work with reports: the secret lies here under a passphrase that nobody else
//! knows, the program not either.

use domain::problem::{Failure, Place, Problem};
use serde_json::json;
use sqlx::{AnyConnection, Row};

use super::{unknown, write};
use crate::db::failure;
use crate::sealer::{Lock, Sealer, Secret};
use crate::tx::{Entry, Tx};

/// Fewest characters of a passphrase.
const SHORTEST: usize = 12;
/// Words of a proposed passphrase.
const WORDS: usize = 6;

/// Somebody's key, unlocked: it lives in memory while he works, and is wiped when it goes.
#[derive(Debug)]
pub struct Unlocked {
    /// Key of the person.
    pub person: String,
    /// Key of the row.
    pub holder_key: String,
    pub(crate) secret: Secret,
}

/// A passphrase of six words of daily life, 48 bits: for whoever has no better one.
///
/// # Errors
/// A fault when the system gives no random bytes.
pub fn propose() -> Result<String, Failure> {
    let words = crate::reports::receipts::draw()?.words();
    Ok(words.into_iter().take(WORDS).collect::<Vec<_>>().join(" "))
}

fn long_enough(passphrase: &str) -> Result<(), Problem> {
    if passphrase.chars().count() < SHORTEST {
        let short = Problem::new("passphrase-short", Place::default());
        return Err(short.with("least", SHORTEST));
    }
    Ok(())
}

/// Gives a person an own key. An earlier one ends: what was sealed to it is opened by nobody any more,
/// and his offices seal their keys to the new one.
///
/// # Errors
/// A problem when the passphrase is too short or the person unknown; the rule that says no.
pub async fn enrol(
    tx: &mut Tx,
    sealer: &dyn Sealer,
    person: &str,
    passphrase: &str,
) -> Result<Entry, Failure> {
    tx.by.is_himself(person)?;
    long_enough(passphrase)?;
    let key = sealer.new_key()?;
    let wrapped = sealer.lock(Lock::Human, passphrase, &key.secret)?;
    if let Some((old, _)) = live(tx.connection(), person).await? {
        let text = "update holder_keys set ended_day = $2 where id = $1";
        let day = tx.now.day.to_string();
        write!(tx, text, old.clone(), day)?;
        tx.touch("holder_keys", &old)?;
    }
    let (id, day) = (tx.new_id()?, tx.now.day.to_string());
    let text = "insert into holder_keys (id, person, recipient, wrapped, made_day) \
                values ($1, $2, $3, $4, $5)";
    write!(tx, text, id.clone(), person.to_owned(), key.recipient, wrapped, day)?;
    tx.touch("holder_keys", &id)?;
    Ok(Entry::new("holder-key-made", &id, json!({ "person": person })))
}

/// Puts another passphrase in the place of the one at hand. Nothing else changes.
///
/// # Errors
/// A problem when the old one is wrong or the new one too short; the rule that says no.
pub async fn change_passphrase(
    tx: &mut Tx,
    sealer: &dyn Sealer,
    person: &str,
    (old, new): (&str, &str),
) -> Result<Entry, Failure> {
    tx.by.is_himself(person)?;
    long_enough(new)?;
    let unlocked = unlock(tx.connection(), sealer, person, old).await?;
    let wrapped = sealer.lock(Lock::Human, new, &unlocked.secret)?;
    let id = unlocked.holder_key;
    write!(tx, "update holder_keys set wrapped = $2 where id = $1", id.clone(), wrapped)?;
    tx.touch("holder_keys", &id)?;
    Ok(Entry::new("holder-key-locked-anew", &id, json!({ "person": person })))
}

/// Key and recipient of a person's live own key.
pub(crate) async fn live(
    connection: &mut AnyConnection,
    person: &str,
) -> Result<Option<(String, String)>, Failure> {
    let during = |error| failure("read own key", error);
    let text = "select id, recipient from holder_keys where person = $1 and ended_day is null";
    let row = sqlx::query(text).bind(person.to_owned()).fetch_optional(connection).await;
    let Some(row) = row.map_err(during)? else { return Ok(None) };
    let (id, recipient) = (row.try_get("id"), row.try_get("recipient"));
    Ok(Some((id.map_err(during)?, recipient.map_err(during)?)))
}

/// The same, with a problem for whoever has none.
pub(crate) async fn required(
    connection: &mut AnyConnection,
    person: &str,
) -> Result<(String, String), Failure> {
    let none = || Problem::new("holder-key-none", Place::default()).with("person", person);
    Ok(live(connection, person).await?.ok_or_else(none)?)
}

/// Unlocks a person's own key.
///
/// # Errors
/// A problem when he has none, or the passphrase is another.
pub(crate) async fn unlock(
    connection: &mut AnyConnection,
    sealer: &dyn Sealer,
    person: &str,
    passphrase: &str,
) -> Result<Unlocked, Failure> {
    let during = |error| failure("read own key", error);
    let text = "select id, wrapped from holder_keys where person = $1 and ended_day is null";
    let row = sqlx::query(text).bind(person.to_owned()).fetch_optional(connection).await;
    let row = row.map_err(during)?.ok_or_else(|| unknown("own key", person))?;
    let wrapped: Vec<u8> = row.try_get("wrapped").map_err(during)?;
    let secret = sealer.unlock(passphrase, &wrapped)?;
    let holder_key = row.try_get("id").map_err(during)?;
    Ok(Unlocked { person: person.to_owned(), holder_key, secret })
}

impl crate::Registry {
    /// Unlocks a person's own key with his passphrase: a program keeps the result in memory for as long
    /// as he works, and never longer. It takes half a second on purpose.
    ///
    /// # Errors
    /// A problem when he has none, or the passphrase is another.
    pub async fn unlock(
        &self,
        sealer: &dyn Sealer,
        person: &str,
        passphrase: &str,
    ) -> Result<Unlocked, Failure> {
        let connection = self.db.read.acquire().await;
        let mut connection = connection.map_err(|error| failure("read own key", error))?;
        unlock(&mut connection, sealer, person, passphrase).await
    }
}
