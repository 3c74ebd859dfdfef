//! What there is to ask: which batches, which names, which catalogue. Answers depend on nothing
//! else, so digests of it say whether an old one still holds.

use std::collections::{BTreeMap, BTreeSet};

use domain::benefit::Benefits;
use domain::problem::Failure;
use facts::{Dictionaries, Manifest};
use sha2::{Digest, Sha256};

use crate::engine::Columns;
use crate::model::hex;
use crate::reference;
use crate::run::Source;
use crate::split::GROWING;

/// Raised when old answers would be wrong by now, though nothing that they were made from changed.
const FORM: u32 = 1;

/// What there is to ask.
pub struct Standing<'a> {
    /// Where facts come from.
    pub source: &'a dyn Source,
    /// The catalogue.
    pub benefits: &'a Benefits,
    /// Villages and programmes.
    pub dictionaries: Dictionaries,
    /// Batches that were not taken back.
    pub batches: Vec<Manifest>,
    /// Digest of what numbers of places and programmes mean now, and of this program's form.
    meanings: String,
    /// Digest of the tables beside the facts.
    beside: String,
}

impl<'a> Standing<'a> {
    /// Looks at a source.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn of(source: &'a dyn Source, benefits: &'a Benefits) -> Result<Self, Failure> {
        let dictionaries = source.dictionaries()?;
        let batches = source.batches()?;
        let mapped = (&dictionaries.mapped, &dictionaries.same_village);
        let engine = datafusion::DATAFUSION_VERSION;
        let meanings = digest([&format!("{FORM} {engine} {mapped:?}")]);
        let rules = (&benefits.items, &benefits.pairs);
        let beside = digest([&format!("{rules:?} {:?}", dictionaries.villages)]);
        Ok(Self { source, benefits, dictionaries, batches, meanings, beside })
    }

    /// Batches with rows of a table, and the digests of those rows.
    pub fn batches_of(&self, table: &str) -> BTreeMap<u32, String> {
        let rows = |batch: &Manifest| {
            let table = batch.tables.iter().find(|t| t.table == table && t.rows > 0)?;
            Some((batch.batch, table.sha256.clone()))
        };
        self.batches.iter().filter_map(rows).collect()
    }

    /// Payments of all batches.
    pub fn payments(&self) -> usize {
        let tables = self.batches.iter().flat_map(|batch| &batch.tables);
        let rows: u64 = tables.filter(|t| t.table == GROWING).map(|t| t.rows).sum();
        usize::try_from(rows).unwrap_or(usize::MAX)
    }

    /// Months that payments of a batch are for; `None` for batches of before that was noted.
    pub fn months_of(&self, batch: u32) -> Option<BTreeSet<i32>> {
        let batch = self.batches.iter().find(|b| b.batch == batch)?;
        let table = batch.tables.iter().find(|t| t.table == GROWING)?;
        Some(table.periods.as_ref()?.iter().copied().collect())
    }

    /// Digest of a query's text and of everything that it reads beside payments.
    pub fn key(&self, text: &str, read: &Columns) -> String {
        let mut parts = vec![text.to_owned(), self.meanings.clone()];
        for table in read.keys().filter(|table| *table != GROWING) {
            parts.push(match reference::NAMES.contains(&table.as_str()) {
                true => self.beside.clone(),
                false => format!("{table} {:?}", self.batches_of(table)),
            });
        }
        digest(parts.iter())
    }

    /// Digest of a query's text and of everything that its answer and the words of it depend on.
    pub fn whole_key(&self, text: &str, read: &BTreeSet<String>) -> String {
        let tables = read.iter().map(|table| format!("{table} {:?}", self.batches_of(table)));
        let words = format!("{:?}", self.dictionaries.programmes);
        let mut parts = vec![text.to_owned(), self.meanings.clone(), self.beside.clone(), words];
        parts.extend(tables);
        digest(parts.iter())
    }
}

/// SHA-256 of texts, each told from the next, in hex.
fn digest<'a>(parts: impl IntoIterator<Item = &'a String>) -> String {
    let mut digest = Sha256::new();
    for part in parts {
        digest.update((part.len() as u64).to_le_bytes());
        digest.update(part);
    }
    hex(&digest.finalize())
}
