//! All rows of one person.

use serde::Serialize;

/// All rows of one person, as text to print.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct PersonRows {
    /// Names under which files know the person, ascending.
    pub names: Vec<String>,
    /// Tables with rows of the person, in the order of [`domain::facts::TABLES`].
    pub tables: Vec<PersonTable>,
}

/// Rows of one table.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct PersonTable {
    /// Name of the table.
    pub table: String,
    /// Column names; those that no row fills are left out.
    pub columns: Vec<String>,
    /// Values as text.
    pub rows: Vec<Vec<String>>,
}
