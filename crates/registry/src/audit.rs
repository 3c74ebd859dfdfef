//! The audit: recomputes every digest from the rows and compares it with what the acts left.

use std::collections::{BTreeMap, BTreeSet};

use domain::problem::Failure;
use journal::checkpoint::Checkpoint;
use journal::{Frontier, leaf_hash};
use sqlx::Row;

use crate::db::{Db, failure};
use crate::rows::{self, TABLES, Table};
use crate::tx::{INTERNAL, LOGS};

/// Table, key and digest of a row.
type Kept = (String, String, String);

/// Rows read at a time.
const PAGE: i64 = 2000;

/// Something in the database that no act has left so.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Difference {
    /// A row is not as the last act left it.
    Changed {
        /// Table.
        table: &'static str,
        /// Key of the row.
        id: String,
        /// Leaf of the act in the internal log.
        leaf: i64,
    },
    /// A row that no act wrote.
    Unknown {
        /// Table.
        table: &'static str,
        /// Key of the row.
        id: String,
    },
    /// A row that an act wrote is gone.
    Gone {
        /// Table.
        table: &'static str,
        /// Key of the row.
        id: String,
        /// Leaf of the act in the internal log.
        leaf: i64,
    },
    /// A payload does not fit the commitment in its leaf, the leaf is not the one hashed, or the
    /// digests kept beside it are not those that the entry names.
    Entry {
        /// Log.
        log: String,
        /// Leaf.
        leaf: i64,
    },
    /// The entries of the database do not give the root that was signed.
    Log {
        /// Log.
        log: String,
        /// Leaves that were signed.
        size: u64,
    },
}

/// Compares all rows with the digests that the acts left, these with the entries of the journal,
/// and the entries with the signed checkpoints. Reads page by page; memory grows with the
/// differences, and with one table's keys.
///
/// # Errors
/// A fault when the database cannot be read.
pub async fn audit(
    db: &Db,
    signed: &[(&'static str, Checkpoint)],
) -> Result<Vec<Difference>, Failure> {
    let mut differences = Vec::new();
    for table in TABLES {
        compare(db, table, &mut differences).await?;
    }
    for log in LOGS {
        let checkpoint = signed.iter().find(|(name, _)| *name == log);
        entries(db, log, checkpoint.map(|(_, c)| c), &mut differences).await?;
    }
    differences.sort();
    Ok(differences)
}

async fn compare(db: &Db, table: &Table, found: &mut Vec<Difference>) -> Result<(), Failure> {
    let mut last = last_digests(db, table).await?;
    let mut after = String::new();
    loop {
        let rows = sqlx::query(table.page).bind(after.clone()).bind(PAGE).fetch_all(&db.read).await;
        let rows = rows.map_err(|error| failure("audit rows", error))?;
        for row in &rows {
            let id: String = row.try_get("id").map_err(|error| failure("audit rows", error))?;
            let digest = rows::digest_of(row)?;
            match last.remove(&id) {
                None => found.push(Difference::Unknown { table: table.name, id: id.clone() }),
                Some((leaf, kept)) if kept != digest => {
                    found.push(Difference::Changed { table: table.name, id: id.clone(), leaf });
                }
                Some(_) => {}
            }
            after = id;
        }
        if rows.is_empty() {
            break;
        }
    }
    let gone = last.into_iter().filter(|(_, (_, digest))| !digest.is_empty());
    found.extend(gone.map(|(id, (leaf, _))| Difference::Gone { table: table.name, id, leaf }));
    Ok(())
}

/// For each row of a table the last act that wrote it, and the digest that it left.
async fn last_digests(db: &Db, table: &Table) -> Result<BTreeMap<String, (i64, String)>, Failure> {
    let during = |error| failure("audit digests", error);
    let text = "select row_id, idx, digest from entry_rows where table_name = $1 order by idx";
    let rows = sqlx::query(text).bind(table.name).fetch_all(&db.read).await.map_err(during)?;
    let mut last = BTreeMap::new();
    for row in rows {
        let id: String = row.try_get("row_id").map_err(during)?;
        let act = (row.try_get("idx").map_err(during)?, row.try_get("digest").map_err(during)?);
        last.insert(id, act);
    }
    Ok(last)
}

async fn entries(
    db: &Db,
    log: &'static str,
    signed: Option<&Checkpoint>,
    found: &mut Vec<Difference>,
) -> Result<(), Failure> {
    let during = |error| failure("audit entries", error);
    let wrong_root = |c: &Checkpoint| Difference::Log { log: log.to_owned(), size: c.size };
    let (mut from, mut tree) = (0_i64, Frontier::new());
    loop {
        let text = "select idx, salt, payload, leaf, leaf_hash from entries \
                    where log = $1 and idx >= $2 order by idx limit $3";
        let rows = sqlx::query(text).bind(log).bind(from).bind(PAGE).fetch_all(&db.read).await;
        let rows = rows.map_err(during)?;
        let mut kept = match log {
            INTERNAL => kept_digests(db, from).await?,
            _ => BTreeMap::new(),
        };
        for row in &rows {
            let leaf: i64 = row.try_get("idx").map_err(during)?;
            let kept = kept.remove(&leaf).unwrap_or_default();
            if leaf != from || !fits(row, &kept).map_err(during)? {
                found.push(Difference::Entry { log: log.to_owned(), leaf: from });
            }
            let text: String = row.try_get("leaf").map_err(during)?;
            tree.append(leaf_hash(text.as_bytes()));
            if let Some(signed) = signed.filter(|c| c.size == tree.size() && c.root != tree.root())
            {
                found.push(wrong_root(signed));
            }
            from = leaf + 1;
        }
        if rows.is_empty() {
            break;
        }
    }
    found.extend(signed.filter(|c| c.size > tree.size()).map(wrong_root));
    Ok(())
}

/// Digests kept for a page of acts, by act: table, row and digest.
async fn kept_digests(db: &Db, from: i64) -> Result<BTreeMap<i64, BTreeSet<Kept>>, Failure> {
    let during = |error| failure("audit digests", error);
    let text =
        "select idx, table_name, row_id, digest from entry_rows where idx >= $1 and idx < $2";
    let rows = sqlx::query(text).bind(from).bind(from + PAGE).fetch_all(&db.read).await;
    let mut kept: BTreeMap<i64, BTreeSet<Kept>> = BTreeMap::new();
    for row in rows.map_err(during)? {
        let part = |name: &str| row.try_get::<String, _>(name).map_err(during);
        let one = (part("table_name")?, part("row_id")?, part("digest")?);
        kept.entry(row.try_get("idx").map_err(during)?).or_default().insert(one);
    }
    Ok(kept)
}

/// Whether an entry's hash, leaf, payload and digests of rows belong together. An erased payload
/// fits.
fn fits(row: &sqlx::any::AnyRow, kept: &BTreeSet<Kept>) -> Result<bool, sqlx::Error> {
    let leaf: String = row.try_get("leaf")?;
    let hash: Vec<u8> = row.try_get("leaf_hash")?;
    if leaf_hash(leaf.as_bytes()).as_bytes() != hash.as_slice() {
        return Ok(false);
    }
    let (salt, payload): (Option<Vec<u8>>, Option<String>) =
        (row.try_get("salt")?, row.try_get("payload")?);
    let (Some(salt), Some(payload)) = (salt, payload) else { return Ok(true) };
    let Ok(salt) = <[u8; journal::SALT_BYTES]>::try_from(salt.as_slice()) else { return Ok(false) };
    let Ok(parsed) = journal::Leaf::parse(leaf.as_bytes()) else { return Ok(false) };
    let commit = journal::commit(&journal::Salt::new(salt), payload.as_bytes());
    if named(&payload) != *kept {
        return Ok(false);
    }
    Ok(matches!(parsed.matter, journal::Matter::Record(record) if record.commit == commit))
}

/// Digests of rows that an entry names.
fn named(payload: &str) -> BTreeSet<Kept> {
    let parsed: serde_json::Value = serde_json::from_str(payload).unwrap_or_default();
    let rows = parsed.get("rows").and_then(serde_json::Value::as_array);
    let text = |row: &serde_json::Value, at: usize| row.get(at)?.as_str().map(str::to_owned);
    let kept = |row: &serde_json::Value| Some((text(row, 0)?, text(row, 1)?, text(row, 2)?));
    rows.into_iter().flatten().filter_map(kept).collect()
}
