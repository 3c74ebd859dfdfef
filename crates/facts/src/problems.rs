//! Rows of a batch that were refused, or kept without a value.

use serde::{Deserialize, Serialize};

/// Something wrong in one cell of an imported file.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct BatchProblem {
    /// Name of the worksheet; empty for text files.
    pub sheet: String,
    /// Row of the sheet as a spreadsheet program numbers it, from 1.
    pub row: u32,
    /// Header of the column; empty when the whole row is meant.
    pub column: String,
    /// The value, masked.
    pub value: String,
    /// Code of the sentence.
    pub code: String,
    /// Whether the row was refused.
    pub refused: bool,
}
