//! What a batch says about itself.

use std::collections::BTreeMap;

use domain::place::Village;
use exchange::block::Tally;
use serde::{Deserialize, Serialize};

/// Version of the layout of batches that this program writes.
pub const SCHEMA_VERSION: u32 = 1;

/// What a batch says about itself: `manifest.json` beside its facts.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    /// Number of the batch in its folder, from 1.
    pub batch: u32,
    /// File name of the source.
    pub source_name: String,
    /// SHA-256 of the source, in hex.
    pub source_sha256: String,
    /// Size of the source.
    pub bytes: u64,
    /// When it was imported, milliseconds since 1970 UTC.
    pub imported_at_ms: i64,
    /// Version of the layout.
    pub schema_version: u32,
    /// Sheets that were read.
    pub sheets: Vec<SheetManifest>,
    /// Tables that were written, in the order of [`domain::facts::TABLES`].
    pub tables: Vec<TableManifest>,
    /// Places that no batch before named, by their numbers.
    pub new_villages: BTreeMap<i32, Village>,
    /// Programmes outside the catalogue that no batch before named, by their numbers.
    pub new_programmes: BTreeMap<i32, String>,
    /// Programmes of this file that the catalogue does not know, new or not.
    pub unmatched_programmes: Vec<String>,
    /// SHA-256 of the vault, in hex.
    pub vault_sha256: String,
    /// Set when the batch was taken back; its facts and names are gone then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub withdrawn: Option<Withdrawn>,
    /// Set when it came over the site and nobody has accepted it yet.
    #[serde(skip)]
    pub waiting: Option<Waiting>,
}

/// Whose a batch is that waits to be accepted: `waiting.json` beside its manifest.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Waiting {
    /// Account that took it in.
    pub account: String,
    /// Code of the place whose data it is.
    pub place: String,
}

impl Manifest {
    /// Whether the batch is in use: neither taken back nor waiting to be accepted.
    #[must_use]
    pub fn is_live(&self) -> bool {
        self.withdrawn.is_none() && self.waiting.is_none()
    }
}

/// A sheet that was read.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SheetManifest {
    /// Name of the worksheet; empty for text files.
    pub name: String,
    /// The data set.
    pub table: String,
    /// Counts and sums.
    pub tally: TallyManifest,
}

/// A table that was written.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TableManifest {
    /// Name of the table.
    pub table: String,
    /// Rows written.
    pub rows: u64,
    /// Money of the rows written, in fen.
    pub sum_fen: i64,
    /// SHA-256 of the Parquet file, in hex.
    pub sha256: String,
    /// Months that its rows are for, ascending; 0 stands for rows without one. Absent where the
    /// table has no months, and in batches of before they were noted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub periods: Option<Vec<i32>>,
    /// Counts and sums of reading.
    pub tally: TallyManifest,
}

/// Counts and sums of reading: `read = rows + refused`, and the same for the money.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TallyManifest {
    /// Data rows met.
    pub read: u64,
    /// Rows refused.
    pub refused: u64,
    /// Blank rows passed over.
    pub blank: u64,
    /// Total and note rows passed over.
    pub totals: u64,
    /// Money of kept rows, in fen.
    pub kept_fen: i64,
    /// Money of refused rows whose amount could be read, in fen.
    pub refused_fen: i64,
    /// Money that total rows state, in fen.
    pub totals_fen: i64,
}

impl TallyManifest {
    /// Adds another tally.
    pub(crate) fn add(&mut self, other: &Self) {
        self.read += other.read;
        self.refused += other.refused;
        self.blank += other.blank;
        self.totals += other.totals;
        self.kept_fen = self.kept_fen.saturating_add(other.kept_fen);
        self.refused_fen = self.refused_fen.saturating_add(other.refused_fen);
        self.totals_fen = self.totals_fen.saturating_add(other.totals_fen);
    }
}

impl From<Tally> for TallyManifest {
    fn from(tally: Tally) -> Self {
        let Tally { read, refused, blank, totals, kept_fen, refused_fen, totals_fen } = tally;
        Self { read, refused, blank, totals, kept_fen, refused_fen, totals_fen }
    }
}

/// Why and when a batch was taken back: `withdrawn.json` beside its manifest.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Withdrawn {
    /// When, milliseconds since 1970 UTC.
    pub at_ms: i64,
    /// Why, in the words of who did it.
    pub reason: String,
}
