//! Drafts: what somebody has typed and not sent yet, one for each account and form. They survive a
//! session; nobody else reads them, and the journal keeps nothing of their content.

use std::collections::BTreeMap;

use domain::problem::{Failure, Fault};
use serde_json::json;
use sqlx::Row;

use super::write;
use crate::access::By;
use crate::db::{Db, failure};
use crate::tx::{Entry, Tx};

/// Fields of a form by their names.
pub type Fields = BTreeMap<String, String>;

/// Keeps a draft of one's own; an earlier one of the same form is replaced.
///
/// # Errors
/// The rule that says no when nobody has signed in.
pub async fn save(tx: &mut Tx, form: &str, fields: &Fields) -> Result<Entry, Failure> {
    let account = tx.by.signed_in()?.to_owned();
    let kept = serde_json::to_string(fields).map_err(|e| Fault::new("write draft", e))?;
    let (id, now) = (tx.new_id()?, tx.now.ms);
    let text = "insert into drafts (id, account, form, fields, saved_ms) values ($1, $2, $3, $4, $5) \
                on conflict (account, form) do update set fields = $4, saved_ms = $5";
    write!(tx, text, id, account.clone(), form.to_owned(), kept, now)?;
    Ok(Entry::new("draft-saved", &account, json!({})))
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
