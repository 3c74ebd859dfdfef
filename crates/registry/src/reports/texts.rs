//! Sealed parts of a report: written for its recipients without any secret, read with one.

use domain::problem::{Failure, Fault};
use serde::{Deserialize, Serialize};
use sqlx::{AnyConnection, Row};

use super::{Counter, Known};
use crate::actions::write;
use crate::db::failure;
use crate::sealer::{Secret, open_value, seal_value};
use crate::tx::Tx;

/// A text inside a sealed part.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Words {
    /// What is said.
    pub text: String,
    /// Facts and reasons of a decision (XF-15).
    #[serde(default)]
    pub facts: String,
    /// Its legal basis (XF-15).
    #[serde(default)]
    pub basis: String,
}

impl Words {
    /// Plain words.
    #[must_use]
    pub fn of(text: &str) -> Self {
        Self { text: text.to_owned(), ..Self::default() }
    }
}

/// Public half of a key of a report.
pub(crate) async fn recipient(
    connection: &mut AnyConnection,
    report: &str,
    part: &str,
) -> Result<Option<(String, String)>, Failure> {
    let during = |error| failure("read report key", error);
    let text = "select id, recipient from report_keys where report = $1 and part = $2";
    let row = sqlx::query(text).bind(report.to_owned()).bind(part.to_owned());
    let Some(row) = row.fetch_optional(connection).await.map_err(during)? else { return Ok(None) };
    let (id, recipient) = (row.try_get("id"), row.try_get("recipient"));
    Ok(Some((id.map_err(during)?, recipient.map_err(during)?)))
}

/// Writes a sealed part. Returns its key.
pub(crate) async fn put(
    tx: &mut Tx,
    report: &str,
    kind: &str,
    (sealed, blob): (Option<Vec<u8>>, Option<String>),
    bytes: usize,
) -> Result<String, Failure> {
    let during = |error| failure("read parts", error);
    let count = "select coalesce(max(seq), 0) as seq from report_parts where report = $1";
    let row = sqlx::query(count).bind(report.to_owned()).fetch_one(tx.connection()).await;
    let seq: i64 = row.map_err(during)?.try_get("seq").map_err(during)?;
    let (id, day) = (crate::ids::random_id()?, tx.now.day.to_string());
    let bytes = i64::try_from(bytes).map_err(|e| Fault::new("write part", e))?;
    let text = "insert into report_parts (id, report, seq, kind, sealed, blob_sha256, bytes, day) \
                values ($1, $2, $3, $4, $5, $6, $7, $8)";
    let (report, kind) = (report.to_owned(), kind.to_owned());
    write!(tx, text, id.clone(), report, seq + 1, kind, sealed, blob, bytes, day)?;
    tx.touch("report_parts", &id)?;
    Ok(id)
}

/// Seals words for the office, and for the reporter where they are meant for him.
pub(crate) async fn say(
    tx: &mut Tx,
    counter: &Counter<'_>,
    known: &Known,
    (kind, words): (&str, &Words),
) -> Result<String, Failure> {
    let content = recipient(tx.connection(), &known.id, "content").await?;
    let mut to: Vec<&str> = content.iter().map(|(_, recipient)| recipient.as_str()).collect();
    if kind == "notice" {
        to.push(&known.reporter);
    }
    let sealed = seal_value(counter.sealer, &to, words)?;
    let bytes = sealed.len();
    put(tx, &known.id, kind, (Some(sealed), None), bytes).await
}

/// A sealed part as it lies in the database.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// Key.
    pub id: String,
    /// `content`, `identity`, `attachment`, `addition`, `notice`, `note`.
    pub kind: String,
    /// When it came.
    pub day: String,
    /// An age file; none for attachments, and after erasure.
    pub sealed: Option<Vec<u8>>,
    /// Digest of the age file among the documents.
    pub blob: Option<String>,
    /// Its length.
    pub bytes: i64,
}

/// Parts of a report in their order.
pub(crate) async fn parts(
    connection: &mut AnyConnection,
    report: &str,
) -> Result<Vec<Part>, Failure> {
    let during = |error| failure("read parts", error);
    let text = "select id, kind, day, sealed, blob_sha256, bytes from report_parts where report = $1 \
                order by seq";
    let rows = sqlx::query(text).bind(report.to_owned()).fetch_all(connection).await;
    let part = |row: &sqlx::any::AnyRow| -> Result<Part, sqlx::Error> {
        Ok(Part {
            id: row.try_get("id")?,
            kind: row.try_get("kind")?,
            day: row.try_get("day")?,
            sealed: row.try_get("sealed")?,
            blob: row.try_get("blob_sha256")?,
            bytes: row.try_get("bytes")?,
        })
    };
    rows.map_err(during)?.iter().map(part).collect::<Result<_, _>>().map_err(during)
}

/// The words of a part; none after erasure.
pub(crate) fn words(
    counter: &Counter<'_>,
    key: &Secret,
    part: &Part,
) -> Result<Option<Words>, Failure> {
    part.sealed.as_ref().map(|sealed| open_value(counter.sealer, key, sealed)).transpose()
}
