//! Rows of a file, column by column: what a reader hands to whoever stores them.

use domain::ids::IdQuality;

/// A missing number, day, month, amount or flag.
pub const NONE: i64 = i64::MIN;

/// Many short texts in one allocation. An empty text stands for a missing one.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Texts {
    bytes: String,
    ends: Vec<u32>,
}

impl Texts {
    /// Room for so many texts of about so many bytes each.
    #[must_use]
    pub fn with_capacity(texts: usize, bytes_each: usize) -> Self {
        Self { bytes: String::with_capacity(texts * bytes_each), ends: Vec::with_capacity(texts) }
    }

    /// Appends a text.
    pub fn push(&mut self, text: &str) {
        self.bytes.push_str(text);
        self.ends.push(u32::try_from(self.bytes.len()).unwrap_or(u32::MAX));
    }

    /// Drops all texts from a place on.
    pub fn truncate(&mut self, len: usize) {
        self.ends.truncate(len);
        self.bytes.truncate(self.ends.last().map_or(0, |end| *end as usize));
    }

    /// The text at a place; empty past the end.
    #[must_use]
    pub fn get(&self, at: usize) -> &str {
        let end = self.ends.get(at).copied().unwrap_or(0) as usize;
        let start = if at == 0 { 0 } else { self.ends.get(at - 1).copied().unwrap_or(0) as usize };
        self.bytes.get(start..end).unwrap_or_default()
    }

    /// How many texts.
    #[must_use]
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// All texts in order.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        (0..self.len()).map(|at| self.get(at))
    }
}

/// One column of a [`Block`], as its [`domain::facts::Kind`] asks.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Column {
    /// The file has no such column.
    #[default]
    Absent,
    /// `Person`: ID numbers in normal form with their quality.
    Ids(Texts, Vec<IdQuality>),
    /// `Name` and `Account` in normal form; `Household`, `Township`, `Village`, `Programme` and
    /// `Text` cleaned.
    Texts(Texts),
    /// `Day` (days since 1970), `Month` (yyyymm), `Fen`, `Count`, `Mu`, `SquareMetres`, `Flag` (0,
    /// 1); [`NONE`] where missing.
    Numbers(Vec<i64>),
}

impl Column {
    /// Drops all values from a place on.
    pub fn truncate(&mut self, len: usize) {
        match self {
            Self::Absent => {}
            Self::Ids(texts, qualities) => {
                texts.truncate(len);
                qualities.truncate(len);
            }
            Self::Texts(texts) => texts.truncate(len),
            Self::Numbers(numbers) => numbers.truncate(len),
        }
    }
}

/// Something wrong in one cell. Small, because there may be millions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RowProblem {
    /// Row in the source (see [`Block::rows`]).
    pub row: u32,
    /// Header of the column as the file has it; empty when the whole row is meant.
    pub column: String,
    /// The value, masked ([`domain::problem::masked`]).
    pub value: String,
    /// Code of the sentence, `problem-<code>` in the locales.
    pub code: &'static str,
    /// Whether the row was refused, or kept without this value.
    pub refused: bool,
}

/// Counts and sums that must reconcile: `read = kept + refused`, and the same for the money.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Tally {
    /// Data rows met: neither blank nor header, note or total.
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
    /// Money that total rows state, in fen; for the reader's comparison.
    pub totals_fen: i64,
}

impl Tally {
    /// Adds another tally to this one.
    pub fn add(&mut self, other: &Self) {
        self.read += other.read;
        self.refused += other.refused;
        self.blank += other.blank;
        self.totals += other.totals;
        self.kept_fen = self.kept_fen.saturating_add(other.kept_fen);
        self.refused_fen = self.refused_fen.saturating_add(other.refused_fen);
        self.totals_fen = self.totals_fen.saturating_add(other.totals_fen);
    }
}

/// Kept rows of one stretch of a file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Block {
    /// For each kept row its number in the source: the row of the sheet as a spreadsheet program
    /// numbers it from 1, plus [`crate::source::SHEET_ROWS`] for each sheet before it
    /// ([`crate::source::locate`] takes it apart).
    pub rows: Vec<u32>,
    /// Parallel to the columns of the table's contract.
    pub columns: Vec<Column>,
    /// What was wrong, by row.
    pub problems: Vec<RowProblem>,
    /// Counts and sums of the stretch.
    pub tally: Tally,
}

#[cfg(test)]
mod tests {
    use super::Texts;

    #[test]
    fn texts_come_back_as_they_went_in() {
        let mut texts = Texts::default();
        for t in ["张三", "", "a"] {
            texts.push(t);
        }
        assert_eq!(texts.iter().collect::<Vec<_>>(), ["张三", "", "a"]);
        assert_eq!(texts.get(9), "");
    }
}
