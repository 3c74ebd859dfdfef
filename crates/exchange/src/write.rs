//! Writing tables for people, as CSV or XLSX.
//!
//! Texts that a spreadsheet program would take for a formula are written as text.

use std::io::Write;

use domain::problem::{Failure, Fault};
use rust_xlsxwriter::{Format, Workbook};

/// A cell of a table to write.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cell {
    /// Text.
    Text(String),
    /// A whole number.
    Count(i64),
    /// Money in fen, written in yuan with two decimals.
    Fen(i64),
    /// Nothing.
    Empty,
}

const BOM: &[u8] = b"\xef\xbb\xbf";

/// Writes a table as CSV: UTF-8 with byte-order mark.
///
/// # Errors
/// When writing fails.
pub fn csv_table<W: Write>(
    mut out: W,
    headers: &[&str],
    rows: impl Iterator<Item = Vec<Cell>>,
) -> Result<(), Failure> {
    out.write_all(BOM).map_err(fault)?;
    let mut writer = csv::Writer::from_writer(out);
    writer.write_record(headers).map_err(fault)?;
    for row in rows {
        let cells = row.iter().map(|cell| match cell {
            Cell::Text(text) => harmless(text),
            Cell::Count(number) => number.to_string(),
            Cell::Fen(fen) => domain::money::Fen(*fen).to_string(),
            Cell::Empty => String::new(),
        });
        writer.write_record(cells).map_err(fault)?;
    }
    writer.flush().map_err(fault)
}

/// Writes a table as a workbook with one sheet. ID numbers stay whole since texts stay texts.
///
/// # Errors
/// When writing fails or the table is too large for a sheet.
pub fn xlsx_table<W: Write + std::io::Seek + Send>(
    out: W,
    sheet: &str,
    headers: &[&str],
    rows: impl Iterator<Item = Vec<Cell>>,
) -> Result<(), Failure> {
    let mut book = Workbook::new();
    let money = Format::new().set_num_format("#,##0.00");
    let bold = Format::new().set_bold();
    let page = book.add_worksheet();
    page.set_name(sheet).map_err(fault)?;
    page.set_freeze_panes(1, 0).map_err(fault)?;
    for (column, header) in (0_u16..).zip(headers) {
        page.write_string_with_format(0, column, *header, &bold).map_err(fault)?;
    }
    for (row, cells) in (1_u32..).zip(rows) {
        for (column, cell) in (0_u16..).zip(&cells) {
            match cell {
                Cell::Text(text) => page.write_string(row, column, text),
                Cell::Count(number) => page.write_number(row, column, *number as f64),
                Cell::Fen(fen) => {
                    page.write_number_with_format(row, column, *fen as f64 / 100.0, &money)
                }
                Cell::Empty => continue,
            }
            .map_err(fault)?;
        }
    }
    book.save_to_writer(out).map_err(fault)
}

/// A text that no spreadsheet program runs as a formula.
fn harmless(text: &str) -> String {
    let risky = text.starts_with(['=', '+', '@', '\t', '\r'])
        || (text.starts_with('-') && text.parse::<i64>().is_err() && text.len() > 1);
    if risky { format!("'{text}") } else { text.to_owned() }
}

fn fault(error: impl std::fmt::Display) -> Failure {
    Fault::new("write table", error).into()
}
