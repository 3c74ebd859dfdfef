//! What was understood of a file, fit to be shown: cells are masked.

use domain::facts::{ColumnSpec, Kind, TableSpec};
use domain::problem::{Problem, masked};
use exchange::recognise::{Defaults, Plan};
use exchange::source::Source;

use crate::import::Imported;

/// First rows that are shown.
const ROWS: usize = 5;

/// What was understood of a file.
#[derive(Debug, Clone)]
pub struct Look {
    /// Sheets that hold a data set.
    pub sheets: Vec<SheetLook>,
    /// Why other sheets were left out.
    pub left_out: Vec<Problem>,
    /// What would come of it.
    pub imported: Imported,
}

/// What was understood of a sheet.
#[derive(Debug, Clone)]
pub struct SheetLook {
    /// Name of the worksheet; empty for text files.
    pub name: String,
    /// The data set.
    pub table: &'static TableSpec,
    /// Columns of the file, each with that of the data set, if it is read.
    pub columns: Vec<(String, Option<&'static ColumnSpec>)>,
    /// What title or file name say for all rows.
    pub defaults: Defaults,
    /// Guesses that were made.
    pub notes: Vec<Problem>,
    /// The first rows, masked, with a cell for each column.
    pub rows: Vec<Vec<String>>,
}

impl SheetLook {
    pub(super) fn of(source: &Source, plan: &Plan) -> Self {
        let spec = |target: Option<usize>| target.and_then(|at| plan.table.columns.get(at));
        let columns: Vec<_> =
            plan.columns.iter().map(|c| (c.header.clone(), spec(c.target))).collect();
        let head = source.sheets().get(plan.sheet).map_or(&[][..], |sheet| sheet.head.as_slice());
        let first = usize::try_from(plan.first_data_row).unwrap_or(1).saturating_sub(1);
        let row = |cells: &Vec<String>| {
            let cell = |(at, (_, spec)): (usize, &(String, Option<&'static ColumnSpec>))| {
                shown(spec.map(|spec| spec.kind), cells.get(at).map_or("", String::as_str))
            };
            columns.iter().enumerate().map(cell).collect()
        };
        let rows = head.iter().skip(first).take(ROWS).map(row).collect();
        Self {
            name: plan.sheet_name.clone(),
            table: plan.table,
            columns,
            defaults: plan.defaults.clone(),
            notes: plan.notes.clone(),
            rows,
        }
    }
}

/// A cell as it may be shown. What stands in a column of people, or in one that nobody knows, could be
/// anything: nearly nothing of it remains.
fn shown(kind: Option<Kind>, raw: &str) -> String {
    let bare: String = raw.chars().filter(|c| !c.is_whitespace()).collect();
    let masked = |text: &str| short(&masked(text));
    match kind {
        Some(Kind::Fen | Kind::Day | Kind::Month | Kind::Flag) => masked(&bare),
        Some(Kind::Township | Kind::Village | Kind::Programme) if !has_long_number(&bare) => bare,
        _ => {
            let bare: String = bare.chars().filter(|c| c.is_alphanumeric()).collect();
            masked(&bare)
        }
    }
}

/// Stars that say that something is hidden; how much, nobody needs to know.
fn short(masked: &str) -> String {
    let mut out = String::with_capacity(masked.len());
    for c in masked.chars() {
        if c != '*' || !out.ends_with("***") {
            out.push(c);
        }
    }
    out
}

fn has_long_number(text: &str) -> bool {
    text.split(|c: char| !c.is_ascii_digit()).any(|run| run.len() >= 6)
}

#[cfg(test)]
mod tests {
    use super::shown;
    use domain::facts::Kind;

    #[test]
    fn nobody_can_be_told_from_a_shown_cell() {
        for (kind, raw, expect) in [
            (Some(Kind::Person), "990426 19900307 2077", "99***77"),
            (Some(Kind::Person), "990426-19900307-2077", "99***77"),
            (Some(Kind::Name), "王　五", "王*"),
            (Some(Kind::Account), "6299 0400 0000 0000 123", "62***23"),
            (None, "990426199003072077", "99***77"),
            (Some(Kind::Text), "李四的备注", "李***"),
            (Some(Kind::Fen), "1,234.50", "1,234.50"),
            (Some(Kind::Day), "2026-03-05", "2026-03-05"),
            (Some(Kind::Fen), "6299040000000000123", "62***23"),
            (Some(Kind::Village), "青石村", "青石村"),
            (Some(Kind::Village), "990426199003072077", "99***77"),
        ] {
            assert_eq!(shown(kind, raw), expect, "{raw}");
        }
    }
}
