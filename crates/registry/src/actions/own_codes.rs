//! One-time codes for the own benefits: issued at a counter to a person who is there, good once and for a
//! day. Nobody who reads the database can use one, and whoever issues one sees nothing of the benefits.

use domain::access::Act;
use domain::problem::Failure;
use serde_json::json;
use sqlx::Row;

use super::write;
use crate::Registry;
use crate::access::By;
use crate::db::failure;
use crate::queries::own_codes;
use crate::tx::{Entry, Now, Tx};

/// A code to be issued.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct NewCode {
    /// Place of the counter.
    pub place: String,
    /// Keyed hash of person and code.
    pub code_hash: String,
    /// Person key of the facts.
    pub person_key: i64,
    /// How it reaches the person: `counter`.
    pub channel: String,
    /// Why, in the words of who issues it.
    pub purpose: String,
    /// How long it is good.
    pub lasts_ms: i64,
}

/// Issues a code. Earlier ones of the same person that were not used end.
///
/// # Errors
/// The rule that says no, also when nobody has signed in; a problem when the place is unknown.
pub async fn issue(tx: &mut Tx, new: &NewCode) -> Result<(String, Entry), Failure> {
    tx.may(Act::Create, "own_code", &new.place).await?;
    let account = tx.by.signed_in()?.to_owned();
    end_open(tx, new.person_key).await?;
    let (id, now) = (tx.new_id()?, tx.now.ms);
    let text = "insert into own_codes (id, place, code_hash, person_key, channel, purpose, issued_by, \
                issued_ms, until_ms) values ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
    let query = sqlx::query(text).bind(id.clone()).bind(new.place.clone());
    let query = query.bind(new.code_hash.clone()).bind(new.person_key).bind(new.channel.clone());
    let query = query.bind(new.purpose.clone()).bind(account).bind(now).bind(now + new.lasts_ms);
    query.execute(tx.connection()).await.map_err(|error| failure("write code", error))?;
    tx.touch("own_codes", &id)?;
    let payload = json!({ "place": new.place, "channel": new.channel });
    Ok((id.clone(), Entry::new("own-code-issued", &id, payload)))
}

async fn end_open(tx: &mut Tx, person_key: i64) -> Result<(), Failure> {
    let during = |error| failure("read codes", error);
    let now = tx.now.ms;
    let text =
        "select id from own_codes where person_key = $1 and used_ms is null and until_ms > $2";
    let rows = sqlx::query(text).bind(person_key).bind(now).fetch_all(tx.connection()).await;
    for row in rows.map_err(during)? {
        let id: String = row.try_get("id").map_err(during)?;
        let end = "update own_codes set until_ms = $2 where id = $1";
        write!(tx, end, id.clone(), now)?;
        tx.touch("own_codes", &id)?;
    }
    Ok(())
}

impl Registry {
    /// Uses a code up. Says whether there was one to use; asking for one that is not there costs one
    /// reading, whatever the reason.
    ///
    /// # Errors
    /// A fault when the database refuses.
    pub async fn redeem_code(&self, by: By, code_hash: &str, now: Now) -> Result<bool, Failure> {
        if !own_codes::is_open(&self.db, code_hash, now).await? {
            return Ok(false);
        }
        let during = |error| failure("use code", error);
        let mut tx = self.begin(by, now, "").await?;
        let text = "update own_codes set used_ms = $2 \
                    where code_hash = $1 and used_ms is null and until_ms > $2 returning id";
        let row = sqlx::query(text).bind(code_hash.to_owned()).bind(now.ms);
        // Of two who come with it at one moment, one is let in.
        let Some(row) = row.fetch_optional(tx.connection()).await.map_err(during)? else {
            return Ok(false);
        };
        let id: String = row.try_get("id").map_err(during)?;
        tx.touch("own_codes", &id)?;
        tx.commit(Entry::new("own-code-used", &id, json!({}))).await?;
        Ok(true)
    }
}
