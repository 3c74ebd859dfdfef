//! Forgetting a reporter: everything sealed goes, with the keys to it and the facts. Leaves, digests and
//! proofs stay valid (I10): what was erased reads as erased.

use domain::problem::{Failure, Place, Problem};
use serde_json::json;
use sqlx::Row;

use super::super::write;
use super::{Line, note};
use crate::db::failure;
use crate::reports::texts::parts;
use crate::reports::{Counter, Known};
use crate::tx::{Entry, INTERNAL, Tx};

pub(super) async fn erase(
    tx: &mut Tx,
    counter: &Counter<'_>,
    known: &Known,
    ground: &str,
) -> Result<Entry, Failure> {
    if known.erased.is_some() {
        return Err(Problem::new("already-decided", Place::default()).into());
    }
    let day = tx.now.day.to_string();
    for part in parts(tx.connection(), &known.id).await? {
        let text = "update report_parts set sealed = null, blob_sha256 = null, erased_day = $2 where id = $1";
        write!(tx, text, part.id.clone(), day.clone())?;
        tx.touch("report_parts", &part.id)?;
        if let Some(blob) = &part.blob {
            counter.blobs.forget(blob)?;
        }
    }
    let of_report = [
        (
            "report_wraps",
            WRAPS,
            "update report_wraps set sealed = null, until_day = $2 where id = $1",
        ),
        ("identity_requests", REQUESTS, "update identity_requests set sealed = null where id = $1"),
    ];
    for (table, select, update) in of_report {
        for id in ids(tx, select, &known.id).await? {
            let query = sqlx::query(update).bind(id.clone());
            let query = if update.contains("$2") { query.bind(day.clone()) } else { query };
            query.execute(tx.connection()).await.map_err(|error| failure("erase", error))?;
            tx.touch(table, &id)?;
        }
    }
    write!(
        tx,
        "update reports set facts = null, erased_day = $2 where id = $1",
        known.id.clone(),
        day
    )?;
    tx.touch("reports", &known.id)?;
    erase_entries(tx, &known.id, ground).await?;
    note(tx, &known.id, Line { kind: "erased", ..Line::default() }).await?;
    Ok(Entry::new("petition-erased", &known.id, json!({ "ground": ground })))
}

const WRAPS: &str = "select w.id from report_wraps w join report_keys k on k.id = w.report_key \
                     where k.report = $1 and w.sealed is not null";
const REQUESTS: &str =
    "select q.id from identity_requests q where q.report = $1 and q.sealed is not null";

async fn ids(tx: &mut Tx, text: &'static str, report: &str) -> Result<Vec<String>, Failure> {
    let during = |error| failure("erase", error);
    let rows = sqlx::query(text).bind(report.to_owned()).fetch_all(tx.connection()).await;
    let rows = rows.map_err(during)?;
    rows.iter().map(|row| row.try_get("id")).collect::<Result<_, _>>().map_err(during)
}

/// Purposes and reasons in the entries go too. The digests of rows that an entry names stay beside it.
async fn erase_entries(tx: &mut Tx, report: &str, ground: &str) -> Result<(), Failure> {
    let text = "update entries set salt = null, payload = null, reason = '', erased_day = $3, \
                erased_ground = $4 where log = $1 and subject = $2";
    let day = tx.now.day.to_string();
    write!(tx, text, INTERNAL, report.to_owned(), day, ground.to_owned())?;
    Ok(())
}
