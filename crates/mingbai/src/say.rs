//! The only place that prints: results to standard output, everything else to standard error.

use std::io::Write;

use comfy_table::{CellAlignment, ContentArrangement, Table, presets};

/// A line of result.
pub fn result(line: &str) {
    // A closed pipe (`| head`) is no failure of ours.
    let _written = writeln!(std::io::stdout(), "{line}");
}

/// A line beside the result: progress, hints, problems.
pub fn note(line: &str) {
    let _written = writeln!(std::io::stderr(), "{line}");
}

/// A table whose columns named in `right` are aligned to the right.
#[must_use]
pub fn table(header: &[String], rows: &[Vec<String>], right: &[usize]) -> String {
    let mut table = Table::new();
    table.load_preset(presets::NOTHING).set_content_arrangement(ContentArrangement::Disabled);
    table.set_header(header);
    table.add_rows(rows);
    for column in right {
        if let Some(column) = table.column_mut(*column) {
            column.set_cell_alignment(CellAlignment::Right);
        }
    }
    table.trim_fmt()
}
