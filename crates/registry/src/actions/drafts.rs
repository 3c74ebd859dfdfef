//! Drafts: what somebody has typed and not sent yet, one for each account and form. They survive a
//! session; nobody else reads them, and the journal keeps nothing of their content.

use std::collections::BTreeMap;

use domain::problem::{Failure, Fault, Place, Problem};
use serde_json::json;
use sqlx::Row;

use super::{sessions, write};
use crate::Registry;
use crate::access::By;
use crate::db::{Db, failure};
use crate::tx::{Entry, Now, Tx};

/// Fields of a form by their names.
pub type Fields = BTreeMap<String, String>;

/// Drafts that nobody came back to are dropped after so many milliseconds: thirty days.
const KEPT_MS: i64 = 30 * 86_400_000;
/// A session that ran out may leave a draft for so long: over a weekend.
const LATE_MS: i64 = 72 * 3_600_000;
/// Most bytes of a draft, and most drafts of an account.
const LARGEST: usize = 64 * 1024;
const MOST: i64 = 50;

/// Keeps a draft of one's own; an earlier one of the same form is replaced.
///
/// # Errors
/// The rule that says no when nobody has signed in.
pub async fn save(tx: &mut Tx, form: &str, fields: &Fields) -> Result<Entry, Failure> {
    let account = tx.by.signed_in()?.to_owned();
    keep(tx, &account, form, fields).await
}

async fn keep(tx: &mut Tx, account: &str, form: &str, fields: &Fields) -> Result<Entry, Failure> {
    let during = |error| failure("read drafts", error);
    let kept = serde_json::to_string(fields).map_err(|e| Fault::new("write draft", e))?;
    let (id, now, account) = (tx.new_id()?, tx.now.ms, account.to_owned());
    let old = "delete from drafts where account = $1 and saved_ms < $2";
    write!(tx, old, account.clone(), now - KEPT_MS)?;
    let others = "select count(*) as others from drafts where account = $1 and form <> $2";
    let row = sqlx::query(others).bind(account.clone()).bind(form.to_owned());
    let row = row.fetch_one(tx.connection()).await.map_err(during)?;
    let others: i64 = row.try_get("others").map_err(during)?;
    if kept.len() > LARGEST || others >= MOST {
        return Err(Problem::new("draft-too-much", Place::default()).into());
    }
    let text = "insert into drafts (id, account, form, fields, saved_ms) values ($1, $2, $3, $4, $5) \
                on conflict (account, form) do update set fields = $4, saved_ms = $5";
    write!(tx, text, id, account.clone(), form.to_owned(), kept, now)?;
    Ok(Entry::new("draft-saved", &account, json!({})))
}

impl Registry {
    /// Keeps what somebody sent after his session had run out, as a draft of his account: he finds it
    /// when he has signed in again. Nothing else is opened by it. Returns whether it was kept: not when
    /// the session was ended by an act, or long ago.
    ///
    /// # Errors
    /// A problem when it is too large; a fault when the database refuses.
    pub async fn keep_late_draft(
        &self,
        token: &str,
        form: &str,
        fields: &Fields,
        now: Now,
    ) -> Result<bool, Failure> {
        let during = |error| failure("read session", error);
        let mut tx = self.begin(By::operator(None, "PUB"), now, "").await?;
        let text = "select s.account from sessions s join users u on u.id = s.account where s.id = $1 \
                    and s.ended_ms is null and s.until_ms <= $2 and s.until_ms > $3 \
                    and u.closed_day is null and (s.second_factor = 1 or u.totp_sealed is null)";
        let row = sqlx::query(text).bind(sessions::id_of(token)).bind(now.ms);
        let row = row.bind(now.ms - LATE_MS).fetch_optional(tx.connection()).await;
        let Some(row) = row.map_err(during)? else { return Ok(false) };
        let account: String = row.try_get("account").map_err(during)?;
        let entry = keep(&mut tx, &account, form, fields).await?;
        tx.commit(entry).await?;
        Ok(true)
    }
}

/// Drops a draft of one's own, when it was sent or is not wanted any more.
///
/// # Errors
/// The rule that says no when nobody has signed in.
pub async fn discard(tx: &mut Tx, form: &str) -> Result<Entry, Failure> {
    let account = tx.by.signed_in()?.to_owned();
    let text = "delete from drafts where account = $1 and form = $2";
    write!(tx, text, account.clone(), form.to_owned())?;
    Ok(Entry::new("draft-dropped", &account, json!({})))
}

/// Drops the draft of what has just been done, in the same transaction.
///
/// # Errors
/// A fault when the database refuses.
pub async fn settle(tx: &mut Tx, form: &str) -> Result<(), Failure> {
    if let Some(account) = tx.by.account.clone() {
        let text = "delete from drafts where account = $1 and form = $2";
        write!(tx, text, account, form.to_owned())?;
    }
    Ok(())
}

/// A draft of one's own, with the moment when it was kept, in milliseconds since 1970.
///
/// # Errors
/// The rule that says no when nobody has signed in; a fault when the database cannot be read.
pub async fn load(db: &Db, by: &By, form: &str) -> Result<Option<(Fields, i64)>, Failure> {
    let during = |error| failure("read draft", error);
    let text = "select fields, saved_ms from drafts where account = $1 and form = $2";
    let row = sqlx::query(text).bind(by.signed_in()?.to_owned()).bind(form.to_owned());
    let Some(row) = row.fetch_optional(&db.read).await.map_err(during)? else { return Ok(None) };
    let fields: String = row.try_get("fields").map_err(during)?;
    let fields = serde_json::from_str(&fields).map_err(|e| Fault::new("read draft", e))?;
    Ok(Some((fields, row.try_get("saved_ms").map_err(during)?)))
}

/// A draft with its form and the moment when it was kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Draft {
    /// Name of the form.
    pub form: String,
    /// What was typed.
    pub fields: Fields,
    /// When it was kept, in milliseconds since 1970.
    pub saved_ms: i64,
}

/// All drafts of one's own, the newest first.
///
/// # Errors
/// The rule that says no when nobody has signed in; a fault when the database cannot be read.
pub async fn all(db: &Db, by: &By) -> Result<Vec<Draft>, Failure> {
    let during = |error| failure("read drafts", error);
    let text =
        "select form, fields, saved_ms from drafts where account = $1 order by saved_ms desc, form";
    let rows = sqlx::query(text).bind(by.signed_in()?.to_owned()).fetch_all(&db.read).await;
    let mut drafts = Vec::new();
    for row in rows.map_err(during)? {
        let fields: String = row.try_get("fields").map_err(during)?;
        drafts.push(Draft {
            form: row.try_get("form").map_err(during)?,
            fields: serde_json::from_str(&fields).map_err(|e| Fault::new("read draft", e))?,
            saved_ms: row.try_get("saved_ms").map_err(during)?,
        });
    }
    Ok(drafts)
}
