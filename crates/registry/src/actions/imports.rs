//! Batches of facts between the upload and the yes of whoever answers for them. Above an amount that
//! somebody other than the uploader must accept (`second_person` of `access.toml`).

use domain::access::{Act, Matrix};
use domain::catalogue::on;
use domain::model::Basis;
use domain::problem::{Failure, Place, Problem, RuleViolation};
use serde_json::json;
use sqlx::Row;

use super::{unknown, write};
use crate::db::failure;
use crate::tx::{Entry, Tx};

/// An uploaded batch.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct NewImport {
    /// Place whose data it is.
    pub place: String,
    /// Name of the batch in the facts.
    pub batch: String,
    /// Name of the file.
    pub file_name: String,
    /// SHA-256 of the file, in hex.
    pub source_sha256: String,
    /// Code of the table that it was read as.
    pub dataset: String,
    /// Rows read; those written and those refused add up to it.
    pub rows_read: i64,
    /// Rows written.
    pub rows_written: i64,
    /// Rows refused.
    pub rows_refused: i64,
    /// Sum of what was written, in fen.
    pub sum_fen: i64,
}

/// Writes down an upload. Returns its key.
///
/// # Errors
/// The rule that says no; a problem when the batch is there, or the rows do not add up.
pub async fn record(tx: &mut Tx, new: &NewImport) -> Result<(String, Entry), Failure> {
    let account = tx.by.account.clone();
    record_of(tx, new, account).await
}

/// Writes down the upload of an account, for whoever acts: the program itself, when the site broke off
/// before it could do so.
///
/// # Errors
/// As [`record`].
pub async fn record_of(
    tx: &mut Tx,
    new: &NewImport,
    account: Option<String>,
) -> Result<(String, Entry), Failure> {
    tx.may(Act::Create, "import", &new.place).await?;
    let (id, day) = (tx.new_id()?, tx.now.day.to_string());
    let text = "insert into imports (id, place, batch, file_name, source_sha256, dataset, rows_read, \
                rows_written, rows_refused, sum_fen, uploaded_by, uploaded_day, state) \
                values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, 'waiting')";
    let query = sqlx::query(text).bind(id.clone()).bind(new.place.clone()).bind(new.batch.clone());
    let query = query.bind(new.file_name.clone()).bind(new.source_sha256.clone());
    let query = query.bind(new.dataset.clone()).bind(new.rows_read).bind(new.rows_written);
    let query = query.bind(new.rows_refused).bind(new.sum_fen).bind(account).bind(day);
    query.execute(tx.connection()).await.map_err(|error| failure("write import", error))?;
    tx.touch("imports", &id)?;
    let payload = json!({ "batch": new.batch, "rows": new.rows_written, "sum_fen": new.sum_fen });
    Ok((id.clone(), Entry::new("import-recorded", &id, payload)))
}

/// Accepts a batch. Up to the amount of the rule the uploader may do so himself.
///
/// # Errors
/// Rules that say no; a problem when nobody knows it, or it was decided.
pub async fn accept(tx: &mut Tx, matrix: &Matrix, id: &str) -> Result<Entry, Failure> {
    let waiting = waiting(tx, id).await?;
    // The same person behind another account is no second person.
    let same_account = tx.by.account.is_some() && waiting.uploaded_by == tx.by.account;
    let own = same_account || tx.by.person.is_some() && waiting.person == tx.by.person;
    if own {
        tx.may(Act::Create, "import", &waiting.place).await?;
        let rule = on(&matrix.second_person, tx.now.day);
        let free = rule.is_some_and(|rule| waiting.sum_fen <= rule.above_fen);
        if !free {
            let basis = rule.map_or(String::new(), |rule| Basis::line(&rule.basis));
            return Err(RuleViolation::new("second-person", basis).into());
        }
    } else {
        tx.may(Act::Approve, "import", &waiting.place).await?;
    }
    decide(tx, id, "accepted", None).await
}

/// Rejects a batch: the uploader takes it back, or somebody who may accept it says no.
///
/// # Errors
/// The rule that says no; a problem when nobody knows it, or it was decided.
pub async fn reject(tx: &mut Tx, id: &str, reason: &str) -> Result<Entry, Failure> {
    let waiting = waiting(tx, id).await?;
    if tx.by.account.is_none() || waiting.uploaded_by != tx.by.account {
        tx.may(Act::Approve, "import", &waiting.place).await?;
    }
    decide(tx, id, "rejected", Some(reason)).await
}

struct Waiting {
    place: String,
    uploaded_by: Option<String>,
    /// Who is behind that account.
    person: Option<String>,
    sum_fen: i64,
}

async fn waiting(tx: &mut Tx, id: &str) -> Result<Waiting, Failure> {
    let during = |error| failure("read import", error);
    let text = "select i.place, i.uploaded_by, u.person, i.sum_fen, i.state from imports i \
                left join users u on u.id = i.uploaded_by where i.id = $1";
    let row = sqlx::query(text).bind(id.to_owned()).fetch_optional(tx.connection()).await;
    let row = row.map_err(during)?.ok_or_else(|| unknown("import", id))?;
    if row.try_get::<String, _>("state").map_err(during)? != "waiting" {
        return Err(Problem::new("already-decided", Place::default()).into());
    }
    let read = || -> Result<Waiting, sqlx::Error> {
        let (place, uploaded_by) = (row.try_get("place")?, row.try_get("uploaded_by")?);
        let (person, sum_fen) = (row.try_get("person")?, row.try_get("sum_fen")?);
        Ok(Waiting { place, uploaded_by, person, sum_fen })
    };
    read().map_err(during)
}

async fn decide(
    tx: &mut Tx,
    id: &str,
    state: &'static str,
    reason: Option<&str>,
) -> Result<Entry, Failure> {
    let (day, account) = (tx.now.day.to_string(), tx.by.account.clone());
    let text = "update imports set state = $2, decided_by = $3, decided_day = $4, reason = $5 where id = $1";
    write!(tx, text, id.to_owned(), state, account, day, reason.map(str::to_owned))?;
    tx.touch("imports", id)?;
    let kind = if state == "accepted" { "import-accepted" } else { "import-rejected" };
    Ok(Entry::new(kind, id, json!({})))
}
