//! Workbooks, XLSX and XLS, cell by cell.
//!
//! The reader library may panic on damaged files, so every call into it is guarded and ends in
//! `workbook-damaged`. What is deliberately absent: formulas (their stored results are read),
//! styles beyond the date format, hidden state.

use std::panic::{AssertUnwindSafe, catch_unwind};

use calamine::{
    CellErrorType, Data, DataRef, Dimensions, ExcelDateTime, Reader, SheetType, Xls, XlsError, Xlsx,
};
use domain::problem::Failure;
use domain::text;

use crate::source::{Sheet, Source, Stream};
use crate::{ole, package};

/// Which kind of workbook.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BookKind {
    /// Office Open XML.
    Xlsx,
    /// BIFF in a compound file.
    Xls,
}

/// An open workbook.
pub struct Book {
    reader: BookReader,
    /// Names of worksheets, without charts and macros.
    pub names: Vec<String>,
    /// Whether merged ranges are worth a pass over the sheets.
    has_merged: bool,
}

enum BookReader {
    Xlsx(Box<Xlsx<Stream>>),
    Xls(Box<Xls<Stream>>),
}

/// What a cell holds.
pub enum Value<'a> {
    /// Text.
    Text(&'a str),
    /// A number.
    Number(f64),
    /// A day, perhaps with a time.
    Date(ExcelDateTime),
    /// Yes or no.
    Flag(bool),
    /// An error such as `#N/A`.
    Error(&'static str),
}

/// Spreadsheet programs keep 15 digits of a number: whatever is longer has lost its end.
const EXACT_BELOW: f64 = 1e15;

impl Value<'_> {
    /// Writes the value as text; tells whether digits of it are lost for good.
    pub fn write(&self, out: &mut String) -> bool {
        use std::fmt::Write as _;
        let _always_fits = match self {
            Value::Text(text) => {
                out.push_str(text);
                Ok(())
            }
            Value::Number(n) => write!(out, "{n}"),
            Value::Date(d) if d.is_datetime() => {
                let (year, month, day, ..) = d.to_ymd_hms_milli();
                write!(out, "{year:04}-{month:02}-{day:02}")
            }
            Value::Date(d) => write!(out, "{}", d.as_f64()),
            Value::Flag(yes) => write!(out, "{yes}"),
            Value::Error(name) => write!(out, "{name}"),
        };
        matches!(self, Value::Number(n) if n.abs() >= EXACT_BELOW)
    }
}

/// The kind of workbook that starts so, if any.
pub fn kind_of(head: &[u8]) -> Option<BookKind> {
    if head.starts_with(b"PK\x03\x04") || head.starts_with(b"PK\x05\x06") {
        Some(BookKind::Xlsx)
    } else if head.starts_with(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1") {
        Some(BookKind::Xls)
    } else {
        None
    }
}

/// Opens the workbook of a source after checking it.
pub fn open(source: &Source, kind: BookKind) -> Result<Book, Failure> {
    let (reader, has_merged) = match kind {
        BookKind::Xlsx => {
            let has_merged = package::check(source)?;
            let stream = source.stream()?;
            let book = guarded(source, || Xlsx::new(stream).map_err(|_| ()))?;
            (BookReader::Xlsx(Box::new(book)), has_merged)
        }
        BookKind::Xls => (BookReader::Xls(Box::new(open_xls(source)?)), true),
    };
    let sheets = match &reader {
        BookReader::Xlsx(book) => book.sheets_metadata(),
        BookReader::Xls(book) => book.sheets_metadata(),
    };
    let tables = sheets.iter().filter(|s| s.typ == SheetType::WorkSheet);
    let names: Vec<String> = tables.map(|s| s.name.clone()).collect();
    if names.is_empty() {
        return Err(source.problem("workbook-damaged").into());
    }
    Ok(Book { reader, names, has_merged })
}

fn open_xls(source: &Source) -> Result<Xls<Stream>, Failure> {
    let limit = source.limits.max_xls_bytes;
    if source.bytes() > limit {
        return Err(source.problem("workbook-too-large").with("limit_mib", limit >> 20).into());
    }
    let mut bytes = Vec::new();
    std::io::Read::read_to_end(&mut source.stream()?, &mut bytes)
        .map_err(|_| source.problem("workbook-damaged"))?;
    ole::check(source, &bytes)?;
    let stream = Stream::Memory(std::io::Cursor::new(bytes.into()));
    let mut encrypted = false;
    let book = guarded(source, || {
        Xls::new(stream).map_err(|e| encrypted = matches!(e, XlsError::Password))
    });
    if encrypted {
        return Err(source.problem("workbook-encrypted").into());
    }
    book
}

/// Runs a call into the reader library: errors and panics alike mean a damaged file.
fn guarded<T>(source: &Source, call: impl FnOnce() -> Result<T, ()>) -> Result<T, Failure> {
    match catch_unwind(AssertUnwindSafe(call)) {
        Ok(Ok(value)) => Ok(value),
        Ok(Err(())) | Err(_) => Err(source.problem("workbook-damaged").into()),
    }
}

impl Book {
    /// Calls `visit` with row and column, from 0, of each filled cell, until it returns false.
    /// Rows never go back. Returns the last row that the sheet claims, from 1.
    ///
    /// # Errors
    /// When the sheet cannot be read.
    pub fn each_cell(
        &mut self,
        sheet: usize,
        visit: &mut dyn FnMut(u32, u32, Value<'_>) -> bool,
    ) -> Result<u32, ()> {
        let name = self.names.get(sheet).ok_or(())?;
        match &mut self.reader {
            BookReader::Xlsx(book) => each_xlsx_cell(book, name, visit),
            BookReader::Xls(book) => {
                let range = book.worksheet_range(name).map_err(|_| ())?;
                let (row0, column0) = range.start().unwrap_or_default();
                for (row, column, data) in range.used_cells() {
                    let (row, column) = (row0 + row as u32, column0 + column as u32);
                    if value_of(data).is_some_and(|value| !visit(row, column, value)) {
                        break;
                    }
                }
                Ok(range.end().map_or(0, |(row, _)| row + 1))
            }
        }
    }

    /// Merged ranges of a sheet.
    ///
    /// # Errors
    /// When the sheet cannot be read.
    pub fn merged(&mut self, sheet: usize) -> Result<Vec<Dimensions>, ()> {
        if !self.has_merged {
            return Ok(Vec::new());
        }
        let name = self.names.get(sheet).ok_or(())?;
        match &mut self.reader {
            BookReader::Xlsx(book) => book.merge_cells_by_sheet_name(name).map_err(|_| ()),
            BookReader::Xls(book) => book.merge_cells_by_sheet_name(name).map_err(|_| ()),
        }
    }
}

fn each_xlsx_cell(
    book: &mut Xlsx<Stream>,
    name: &str,
    visit: &mut dyn FnMut(u32, u32, Value<'_>) -> bool,
) -> Result<u32, ()> {
    let mut cells = book.worksheet_cells_reader(name).map_err(|_| ())?;
    let claimed = cells.dimensions().end.0.saturating_add(1);
    let mut last = 0;
    while let Some(cell) = cells.next_cell().map_err(|_| ())? {
        let (row, column) = cell.get_position();
        if row < last {
            return Err(());
        }
        last = row;
        if value_of_ref(cell.get_value()).is_some_and(|value| !visit(row, column, value)) {
            break;
        }
    }
    Ok(claimed.max(last + 1))
}

fn value_of(data: &Data) -> Option<Value<'_>> {
    Some(match data {
        Data::Empty => return None,
        Data::Int(n) => Value::Number(*n as f64),
        Data::Float(n) => Value::Number(*n),
        Data::String(text) | Data::DateTimeIso(text) | Data::DurationIso(text) => Value::Text(text),
        Data::Bool(yes) => Value::Flag(*yes),
        Data::DateTime(day) => Value::Date(*day),
        Data::Error(error) => Value::Error(error_name(error)),
    })
}

fn value_of_ref<'a>(data: &'a DataRef<'a>) -> Option<Value<'a>> {
    Some(match data {
        DataRef::Empty => return None,
        DataRef::Int(n) => Value::Number(*n as f64),
        DataRef::Float(n) => Value::Number(*n),
        DataRef::String(text) | DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => {
            Value::Text(text)
        }
        DataRef::SharedString(text) => Value::Text(text),
        DataRef::Bool(yes) => Value::Flag(*yes),
        DataRef::DateTime(day) => Value::Date(*day),
        DataRef::Error(error) => Value::Error(error_name(error)),
    })
}

fn error_name(error: &CellErrorType) -> &'static str {
    match error {
        CellErrorType::Div0 => "#DIV/0!",
        CellErrorType::NA => "#N/A",
        CellErrorType::Name => "#NAME?",
        CellErrorType::Null => "#NULL!",
        CellErrorType::Num => "#NUM!",
        CellErrorType::Ref => "#REF!",
        _ => "#VALUE!",
    }
}

/// The first rows of every sheet.
pub fn heads(source: &Source, book: &mut Book, most: usize) -> Result<Vec<Sheet>, Failure> {
    (0..book.names.len())
        .map(|sheet| guarded(source, || head(book, sheet, most, source.limits.max_columns)))
        .collect()
}

fn head(book: &mut Book, sheet: usize, most: usize, columns: usize) -> Result<Sheet, ()> {
    let mut rows: Vec<Vec<String>> = Vec::new();
    let claimed = book.each_cell(sheet, &mut |row, column, value| {
        let (row, column) = (row as usize, column as usize);
        if row >= most {
            return false;
        }
        if column < columns {
            let mut raw = String::new();
            value.write(&mut raw);
            put(&mut rows, row, column, text::clean(&raw).into_owned());
        }
        true
    })?;
    for range in book.merged(sheet)? {
        fill(&mut rows, &range, columns);
    }
    let name = book.names.get(sheet).cloned().unwrap_or_default();
    Ok(Sheet { name, head: rows, rows: Some(claimed) })
}

fn put(rows: &mut Vec<Vec<String>>, row: usize, column: usize, text: String) {
    if rows.len() <= row {
        rows.resize(row + 1, Vec::new());
    }
    let Some(cells) = rows.get_mut(row) else { return };
    if cells.len() <= column {
        cells.resize(column + 1, String::new());
    }
    if let Some(cell) = cells.get_mut(column) {
        *cell = text;
    }
}

/// Repeats the text of a merged range in all its cells within the rows at hand.
fn fill(rows: &mut Vec<Vec<String>>, range: &Dimensions, columns: usize) {
    let (top, left) = (range.start.0 as usize, range.start.1 as usize);
    let Some(text) = rows.get(top).and_then(|r| r.get(left)).filter(|t| !t.is_empty()).cloned()
    else {
        return;
    };
    let bottom = (range.end.0 as usize).min(rows.len() - 1);
    let right = (range.end.1 as usize).min(columns.saturating_sub(1));
    for row in top..=bottom {
        for column in left..=right {
            put(rows, row, column, text.clone());
        }
    }
}
