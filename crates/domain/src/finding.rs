//! A finding: a question that a model raises from facts. Never a verdict (invariant I5).

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::model::{Bilingual, Grain, Level, Violation};
use crate::money::Fen;

/// The time that a finding is about: `yyyymm`, `yyyy`, or 0 for all of it.
#[derive(
    Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(transparent)]
pub struct Period(pub i32);

/// `2024-01`, `2024`, or nothing.
impl fmt::Display for Period {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            0 => Ok(()),
            year @ 1..=9999 => write!(f, "{year:04}"),
            month => write!(f, "{:04}-{:02}", month / 100, month % 100),
        }
    }
}

/// One row of a source file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Evidence {
    /// Batch number in the data folder.
    pub batch: u32,
    /// Row number in the batch's source.
    pub row: u32,
}

/// A question raised by a model.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    /// Stable key: 16 characters made from model, subject and period.
    pub key: String,
    /// Model id.
    pub model: String,
    /// Model version.
    pub version: u32,
    /// Kind of wrong.
    pub violation: Violation,
    /// How grave if true.
    pub severity: Level,
    /// What the subject is.
    pub grain: Grain,
    /// Person, household or account key as 16 hex digits; village path for villages.
    pub subject: String,
    /// Person keys concerned, ascending. For the grain person: the subject alone.
    pub people: Vec<u64>,
    /// Village path, empty when unknown.
    pub village: String,
    /// Time concerned.
    pub period: Period,
    /// Money concerned, if any.
    pub amount: Option<Fen>,
    /// The plain-language reason. People appear only as `⟦person:16 hex digits⟧` marks, which the
    /// reader's programme turns into a pseudonym, or a name where a purpose was given.
    pub reason: Bilingual,
    /// Source rows that speak for it, ascending; of very many the first.
    pub evidence: Vec<Evidence>,
    /// How many rows speak for it, those that are not listed among them.
    #[serde(default)]
    pub evidence_rows: usize,
    /// Order of checking, 0 to 100.
    pub score: u8,
}

/// Order of checking from severity and money: the grave first, then the large.
///
/// High, mid and low severity weigh 60, 40 and 20; each doubling of the money above 1 yuan adds 2,
/// up to 40.
#[must_use]
pub fn score(severity: Level, amount: Option<Fen>) -> u8 {
    let base = match severity {
        Level::High => 60,
        Level::Mid => 40,
        Level::Low => 20,
    };
    let yuan = amount.map_or(0, |a| a.0.unsigned_abs() / 100);
    let doublings = u8::try_from(yuan.checked_ilog2().unwrap_or(0)).unwrap_or(u8::MAX);
    base + doublings.saturating_mul(2).min(40)
}

#[cfg(test)]
mod tests {
    use super::{Period, score};
    use crate::model::Level;
    use crate::money::Fen;

    #[test]
    fn periods_print_as_people_write_them() {
        assert_eq!(Period(202_403).to_string(), "2024-03");
        assert_eq!(Period(2024).to_string(), "2024");
        assert_eq!(Period(0).to_string(), "");
    }

    #[test]
    fn the_grave_come_first_then_the_large() {
        assert_eq!(score(Level::Low, None), 20);
        assert_eq!(score(Level::High, Some(Fen(0))), 60);
        assert_eq!(score(Level::Mid, Some(Fen(102_400))), 60);
        assert_eq!(score(Level::High, Some(Fen(i64::MAX))), 100);
    }
}
