//! Writing: a transaction that knows who acts, when and why, and that can only be committed with
//! an entry of the journal (invariant I3).
//!
//! Every act leaves one entry in the internal log: who, what, and the digest of each row that it
//! wrote. What concerns the public leaves a second one in the public log, which names no person.

use std::collections::{BTreeMap, BTreeSet};

use domain::problem::{Failure, Fault};
use domain::time::Day;
use journal::{Hash, Leaf, Refused, Salt, When, canonical_json};
use serde_json::{Value, json};
use sqlx::{Any, AnyConnection, Row, Transaction};

use crate::access::By;
use crate::db::{Db, failure};
use crate::rows::{self, TABLES, Table};

/// The internal log.
pub const INTERNAL: &str = "internal";
/// The public log.
pub const PUBLIC: &str = "public";
/// The log of filings: that somebody reported something on a day, and nothing else.
pub const FILINGS: &str = "filings";
/// All logs.
pub const LOGS: [&str; 3] = [PUBLIC, INTERNAL, FILINGS];

/// When something is done: handed in, never read from a clock here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Now {
    /// Milliseconds since 1970, UTC.
    pub ms: i64,
    /// The civil day in the county.
    pub day: Day,
}

/// What the journal keeps of an act.
#[derive(Debug, Clone)]
pub struct Entry {
    kind: &'static str,
    subject: String,
    payload: Value,
    public: Option<PublicEntry>,
}

/// What the public log keeps of an act.
#[derive(Debug, Clone, Default)]
pub struct PublicEntry {
    /// Public number of the record.
    pub subject: String,
    /// Code of the village.
    pub village: Option<String>,
    /// Content without personal fields.
    pub payload: Value,
    /// Personal fields that were published, each erasable alone.
    pub fields: Vec<(String, Value)>,
    /// SHA-256 of the published document.
    pub document: Option<Hash>,
    /// Version of the record, from 1.
    pub version: Option<u64>,
    /// Leaf that this one replaces.
    pub supersedes: Option<u64>,
    /// Period that the record is about.
    pub period: Option<String>,
}

impl Entry {
    /// An entry of the internal log. `kind` is a code such as `matter-opened`.
    #[must_use]
    pub fn new(kind: &'static str, subject: &str, payload: Value) -> Self {
        Self { kind, subject: subject.to_owned(), payload, public: None }
    }

    /// The same, with a second one in the public log.
    #[must_use]
    pub fn public(mut self, public: PublicEntry) -> Self {
        self.public = Some(public);
        self
    }
}

/// Where an act stands in the logs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Committed {
    /// Leaf in the internal log.
    pub internal: u64,
    /// Leaf in the public log.
    pub public: Option<u64>,
}

/// How many rows go into one statement where there are many.
const TOGETHER: usize = 8;

/// A leaf with what it commits to, numbered and not written yet.
struct Numbered {
    log: &'static str,
    idx: i64,
    at_ms: i64,
    leaf: Leaf,
    text: String,
    actor: Option<String>,
    reason: String,
    salt: Option<Vec<u8>>,
    payload: Option<String>,
}

/// Digest of a row as an act left it: leaf, table, row, digest.
type Digested = (i64, &'static str, String, String);

/// A write transaction.
///
/// Entries and digests are numbered at once and written together before the commit: each statement
/// costs a way to the database and back, and an act should not wait for five of them.
pub struct Tx {
    inner: Transaction<'static, Any>,
    /// Who acts.
    pub by: By,
    /// When.
    pub now: Now,
    /// Whoever acts has said that the names in his text are meant to be public.
    pub names_confirmed: bool,
    /// A name was found, and let through.
    named: bool,
    reason: String,
    touched: BTreeSet<(usize, String)>,
    /// Size of each log that has new leaves.
    sizes: BTreeMap<&'static str, i64>,
    entries: Vec<Numbered>,
    digests: Vec<Digested>,
}

impl Tx {
    pub(crate) async fn begin(db: &Db, by: By, now: Now, reason: &str) -> Result<Self, Failure> {
        let inner = db.begin().await?;
        let touched = BTreeSet::new();
        let (sizes, entries, digests) = (BTreeMap::new(), Vec::new(), Vec::new());
        let (reason, names_confirmed, named) = (reason.to_owned(), false, false);
        Ok(Self {
            inner,
            by,
            now,
            names_confirmed,
            named,
            reason,
            touched,
            sizes,
            entries,
            digests,
        })
    }

    /// Notes that a name was let into a public text: the entry of the act says so.
    pub(crate) fn let_a_name_through(&mut self) {
        self.named = true;
    }

    /// The connection, for the statements of an action.
    pub(crate) fn connection(&mut self) -> &mut AnyConnection {
        &mut self.inner
    }

    /// A key for a new row.
    pub(crate) fn new_id(&self) -> Result<String, Fault> {
        crate::ids::new_id(self.now.ms)
    }

    /// Notes that a row was written, so that the entry gets its digest.
    pub(crate) fn touch(&mut self, table: &'static str, id: &str) -> Result<(), Fault> {
        let at = TABLES.iter().position(|t| t.name == table);
        let at = at.ok_or_else(|| Fault::new("touch row", table))?;
        self.touched.insert((at, id.to_owned()));
        Ok(())
    }

    /// Writes the entry into the logs without ending the transaction: one of several acts that
    /// stand or fall together.
    ///
    /// # Errors
    /// A fault when the database refuses.
    pub async fn record(&mut self, entry: Entry) -> Result<Committed, Failure> {
        let written = self.read_digests().await?;
        let list: Vec<Value> =
            written.iter().map(|(table, id, digest)| json!([table.name, id, digest])).collect();
        let mut payload = json!({
            "act": entry.payload,
            "account": self.by.account,
            "person": self.by.person,
            "reason": self.reason,
            "rows": list,
        });
        if std::mem::take(&mut self.named)
            && let Some(payload) = payload.as_object_mut()
        {
            payload.insert("names_confirmed".to_owned(), json!(true));
        }
        let when = When::At(self.now.ms);
        let internal = PublicEntry { subject: entry.subject, payload, ..PublicEntry::default() };
        let internal = self.append(INTERNAL, entry.kind, when, internal).await?;
        let leaf = index(internal)?;
        let digests = written.into_iter().map(|(table, id, digest)| (leaf, table.name, id, digest));
        self.digests.extend(digests);
        let mut committed = Committed { internal, public: None };
        if let Some(public) = entry.public {
            let when = When::Day(self.now.day.to_string());
            committed.public = Some(self.append(PUBLIC, entry.kind, when, public).await?);
        }
        Ok(committed)
    }

    /// Ends the transaction: rows and entry together, or neither.
    ///
    /// # Errors
    /// A fault when the database refuses; then nothing was kept.
    pub async fn commit(mut self, entry: Entry) -> Result<Committed, Failure> {
        let committed = self.record(entry).await?;
        self.write_entries().await?;
        self.inner.commit().await.map_err(|error| failure("commit", error))?;
        Ok(committed)
    }

    async fn read_digests(&mut self) -> Result<Vec<(&'static Table, String, String)>, Failure> {
        let mut written = Vec::new();
        for (at, id) in std::mem::take(&mut self.touched) {
            let Some(table) = TABLES.get(at) else { continue };
            let digest = rows::digest(&mut *self.inner, table, &id).await?;
            written.push((table, id, digest.unwrap_or_default()));
        }
        Ok(written)
    }

    /// Writes a village's manifest of a day into the public log.
    pub(crate) async fn record_manifest(
        &mut self,
        village: &str,
        manifest: journal::VillageManifest,
    ) -> Result<u64, Failure> {
        let leaf = Leaf::manifest(village, &self.now.day.to_string(), &self.by.role, manifest);
        self.store(PUBLIC, leaf, None).await
    }

    /// Writes a leaf of the log of filings. Returns its number.
    pub(crate) async fn record_filing(&mut self, leaf: Leaf) -> Result<u64, Failure> {
        self.store(FILINGS, leaf, None).await
    }

    async fn append(
        &mut self,
        log: &'static str,
        kind: &str,
        when: When,
        entry: PublicEntry,
    ) -> Result<u64, Failure> {
        let (salt, role) = (salt()?, self.by.role.clone());
        let payload = (&salt.0, &entry.payload);
        let leaf = Leaf::record(kind, &entry.subject, when, &role, payload).map_err(refused)?;
        let mut leaf = leaf.about(|record| {
            record.document = entry.document;
            record.version = entry.version;
            record.supersedes = entry.supersedes;
            record.period.clone_from(&entry.period);
        });
        leaf.village = entry.village;
        let mut fields = Vec::new();
        for (name, value) in &entry.fields {
            let salt = self::salt()?;
            leaf = leaf.field(name, &salt.0, value).map_err(refused)?;
            fields.push((name.clone(), salt.1, canonical_json(value).map_err(refused)?));
        }
        let payload = canonical_json(&entry.payload).map_err(refused)?;
        let idx = self.store(log, leaf, Some((salt.1, payload))).await?;
        if !fields.is_empty() {
            // Fields refer to their entry.
            self.write_entries().await?;
        }
        for (name, salt, value) in fields {
            let keep = "insert into entry_fields (log, idx, name, salt, value) values ($1, $2, $3, $4, $5)";
            let keep = sqlx::query(keep).bind(log).bind(index(idx)?).bind(name).bind(salt);
            let kept = keep.bind(value).execute(&mut *self.inner).await;
            kept.map_err(|e| failure("write field", e))?;
        }
        Ok(idx)
    }

    /// Numbers a leaf and keeps it with the salt and payload that it commits to.
    async fn store(
        &mut self,
        log: &'static str,
        leaf: Leaf,
        opened: Option<(Vec<u8>, String)>,
    ) -> Result<u64, Failure> {
        let bytes = leaf.to_bytes().map_err(refused)?;
        let text = String::from_utf8(bytes).map_err(|e| Fault::new("write entry", e))?;
        let idx = self.next_index(log).await?;
        let inside = log == INTERNAL;
        let actor = self.by.person.clone().filter(|_| inside);
        let reason = if inside { self.reason.clone() } else { String::new() };
        let (salt, payload) = opened.unzip();
        let at_ms = self.now.ms;
        self.entries.push(Numbered { log, idx, at_ms, leaf, text, actor, reason, salt, payload });
        u64::try_from(idx).map_err(|e| Fault::new("write entry", e).into())
    }

    /// Writes what was numbered: entries, digests, and how long the logs are now.
    async fn write_entries(&mut self) -> Result<(), Failure> {
        let during = |error| failure("write entries", error);
        let (entries, digests) =
            (std::mem::take(&mut self.entries), std::mem::take(&mut self.digests));
        for (part, text) in parts(&entries, ENTRIES) {
            let mut query = sqlx::query(text);
            for e in part {
                let hash = journal::leaf_hash(e.text.as_bytes());
                query = query.bind(e.log).bind(e.idx).bind(e.leaf.kind.clone());
                query = query.bind(e.leaf.subject.clone()).bind(e.at_ms).bind(e.actor.clone());
                query = query.bind(e.leaf.role.clone()).bind(e.reason.clone());
                query = query.bind(e.salt.clone()).bind(e.payload.clone());
                query = query.bind(e.text.clone()).bind(hash.as_bytes().to_vec());
            }
            query.execute(&mut *self.inner).await.map_err(during)?;
        }
        for (part, text) in parts(&digests, ENTRY_ROWS) {
            let mut query = sqlx::query(text);
            for (idx, table, row, digest) in part {
                query = query.bind(*idx).bind(*table).bind(row.clone()).bind(digest.clone());
            }
            query.execute(&mut *self.inner).await.map_err(during)?;
        }
        for (log, size) in &self.sizes {
            let text = "update logs set size = $2 where name = $1";
            let query = sqlx::query(text).bind(*log).bind(*size);
            query.execute(&mut *self.inner).await.map_err(during)?;
        }
        Ok(())
    }

    /// The index of the next leaf. The log's row stays locked until the transaction ends, so that
    /// indexes have no gaps and stand in the order of commits.
    async fn next_index(&mut self, log: &'static str) -> Result<i64, Failure> {
        if let Some(size) = self.sizes.get_mut(log) {
            *size += 1;
            return Ok(*size - 1);
        }
        let next = "update logs set size = size + 1 where name = $1 returning size";
        let row = sqlx::query(next).bind(log).fetch_one(&mut *self.inner).await;
        let row = row.map_err(|error| failure("number entry", error))?;
        let size: i64 = row.try_get("size").map_err(|error| failure("number entry", error))?;
        self.sizes.insert(log, size);
        Ok(size - 1)
    }
}

/// Statements for one row, and for [`TOGETHER`] rows.
type Statements = (&'static str, &'static str);

const ENTRIES: Statements = (include_str!("sql/entries_1.sql"), include_str!("sql/entries_8.sql"));
const ENTRY_ROWS: Statements =
    (include_str!("sql/entry_rows_1.sql"), include_str!("sql/entry_rows_8.sql"));

/// Rows in parts, each with the statement that writes so many.
fn parts<T>(rows: &[T], (one, many): Statements) -> impl Iterator<Item = (&[T], &'static str)> {
    let (full, rest) = rows.split_at(rows.len() - rows.len() % TOGETHER);
    let full = full.chunks(TOGETHER).map(move |part| (part, many));
    full.chain(rest.chunks(1).map(move |part| (part, one)))
}

/// A leaf index as the database has it.
pub(crate) fn index(index: u64) -> Result<i64, Fault> {
    i64::try_from(index).map_err(|e| Fault::new("leaf index", e))
}

/// What the journal refuses is our mistake: callers hand it what we made.
pub(crate) fn refused(refused: Refused) -> Failure {
    Fault::new("write journal", refused).into()
}

fn salt() -> Result<(Salt, Vec<u8>), Fault> {
    let mut bytes = [0; journal::SALT_BYTES];
    getrandom::fill(&mut bytes).map_err(|e| Fault::new("get random bytes", e))?;
    Ok((Salt::new(bytes), bytes.to_vec()))
}
