//! Which data set a sheet holds, and which column is which.

use domain::facts::TableSpec;
use domain::money::MoneyUnit;
use domain::problem::{Failure, Fault, Problem};
use domain::time::Month;

use crate::mapping::Mapping;
use crate::source::Source;

/// The unit of numbers in a column of land or floor space.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum AreaUnit {
    /// The unit of the contract: mu for land, m2 for floors.
    #[default]
    Own,
    /// m2 in a column of land.
    SquareMetres,
    /// Hectares (公顷) in a column of land.
    Hectares,
}

/// What one column of the file is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ColumnPlan {
    /// Header as the file has it; two rows are joined by `/`.
    pub header: String,
    /// Index in the columns of the table, if it is read.
    pub target: Option<usize>,
    /// Unit of money.
    pub unit: MoneyUnit,
    /// Unit of area.
    pub area: AreaUnit,
}

/// Values for rows whose cell is empty or whose file has no such column, from title, sheet name,
/// file name or mapping. [`crate::read::parse`] fills them in.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Defaults {
    /// Programme name.
    pub programme: Option<String>,
    /// Month.
    pub period: Option<Month>,
    /// Township name.
    pub township: Option<String>,
    /// Village name.
    pub village: Option<String>,
}

/// How a sheet is read.
#[derive(Debug, Clone)]
pub struct Plan {
    /// The data set.
    pub table: &'static TableSpec,
    /// File name, for problems.
    pub file: String,
    /// Index of the sheet.
    pub sheet: usize,
    /// Name of the sheet; empty for text files.
    pub sheet_name: String,
    /// Row of the sheet, from 1, in which the header stands (the last of its rows).
    pub header_row: u32,
    /// Row of the sheet, from 1, after the header.
    pub first_data_row: u32,
    /// One per column of the file.
    pub columns: Vec<ColumnPlan>,
    /// Values for what no column says.
    pub defaults: Defaults,
    /// How sure the recognition is, in percent.
    pub confidence: u8,
    /// Worth knowing: columns ignored, guesses made.
    pub notes: Vec<Problem>,
    /// Added to row numbers of the sheet, so that numbers of two sheets never meet.
    pub row_offset: u32,
}

/// Finds data set and columns of a sheet. A mapping overrules what the header says.
///
/// # Errors
/// `no-header`, `header-only`, `dataset-not-recognised`, `required-column-missing`.
pub fn recognise(
    source: &Source,
    sheet: usize,
    forced: Option<&'static TableSpec>,
    mapping: Option<&Mapping>,
) -> Result<Plan, Failure> {
    let _given = (sheet, forced, mapping);
    Err(Fault::new("recognise", source.name()).into())
}
