//! Worksheets in chunks: a thread of its own walks the cells, since the reader borrows its
//! workbook.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::PoisonError;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};

use domain::facts::Kind;
use domain::problem::{Failure, Fault, Problem};

use crate::block::Texts;
use crate::excel::{self, Book, Value};
use crate::recognise::Plan;
use crate::source::{Format, Source};

const CHUNK_ROWS: usize = 8192;
const CHUNK_BYTES: usize = 2 << 20;

/// Rows of a worksheet; only those with a filled cell.
#[derive(Debug, Default)]
pub struct Cells {
    /// Row numbers in the sheet, from 1, ascending.
    pub rows: Vec<u32>,
    /// As many texts per row as the plan has columns.
    pub texts: Texts,
    /// Places in `texts` of numbers too long for a spreadsheet, ascending.
    pub lossy: Vec<usize>,
}

/// Some rows, and how far the sheet has been walked.
#[derive(Debug)]
pub struct SheetChunk {
    /// The filled rows.
    pub cells: Cells,
    /// First row of the stretch, from 1, filled or not.
    pub first_row: u32,
    /// Rows of the stretch.
    pub rows: u32,
    /// Share of the file, estimated.
    pub bytes: u64,
}

/// Starts walking a sheet.
pub fn chunks(
    source: &Source,
    plan: &Plan,
) -> Result<Receiver<Result<SheetChunk, Failure>>, Failure> {
    let Format::Workbook(kind, kept) = &source.format else {
        return Err(Fault::new("read sheet", "not a workbook").into());
    };
    let kept = kept.lock().unwrap_or_else(PoisonError::into_inner).take();
    let mut book = match kept {
        Some(book) => book,
        None => excel::open(source, *kind)?,
    };
    let sheet = source.sheets().get(plan.sheet);
    let claimed = sheet.and_then(|s| s.rows).unwrap_or(0).max(plan.first_data_row);
    let (sender, receiver) = sync_channel(4);
    let mut walk = Walk::new(plan, source.bytes(), claimed, sender);
    let (sheet, damaged) = (plan.sheet, source.problem("workbook-damaged"));
    std::thread::Builder::new()
        .name("workbook".to_owned())
        .spawn(move || {
            let walked = catch_unwind(AssertUnwindSafe(|| walk.all(&mut book, sheet)));
            if !matches!(walked, Ok(Ok(()))) {
                walk.fail(damaged);
            }
        })
        .map_err(|e| Fault::new("start reader", e))?;
    Ok(receiver)
}

/// A merged range over several rows whose text stands for all of them.
struct Merged {
    column: usize,
    top: u32,
    bottom: u32,
}

struct Walk {
    sender: SyncSender<Result<SheetChunk, Failure>>,
    width: usize,
    first_data_row: u32,
    /// Columns in which a merged text is repeated; never money or people.
    repeats: Vec<bool>,
    merged: Vec<Merged>,
    carried: Vec<Option<(u32, String)>>,
    file_bytes: u64,
    claimed_rows: u32,
    bytes_told: u64,
    cells: Cells,
    row: Vec<String>,
    row_lossy: Vec<usize>,
    row_number: u32,
    next_first_row: u32,
    text_bytes: usize,
}

impl Walk {
    fn new(
        plan: &Plan,
        file_bytes: u64,
        claimed_rows: u32,
        sender: SyncSender<Result<SheetChunk, Failure>>,
    ) -> Self {
        let repeats = plan.columns.iter().map(|c| {
            let kind = c.target.and_then(|t| plan.table.columns.get(t)).map(|spec| spec.kind);
            let same_for_all = [
                Kind::Township,
                Kind::Village,
                Kind::Programme,
                Kind::Month,
                Kind::Day,
                Kind::Household,
            ];
            kind.is_some_and(|k| same_for_all.contains(&k))
        });
        let width = plan.columns.len();
        Self {
            sender,
            width,
            first_data_row: plan.first_data_row,
            repeats: repeats.collect(),
            merged: Vec::new(),
            carried: vec![None; width],
            file_bytes,
            claimed_rows,
            bytes_told: 0,
            cells: Cells::default(),
            row: vec![String::new(); width],
            row_lossy: Vec::new(),
            row_number: 0,
            next_first_row: plan.first_data_row,
            text_bytes: 0,
        }
    }

    fn all(&mut self, book: &mut Book, sheet: usize) -> Result<(), ()> {
        let merged = book.merged(sheet)?.into_iter().filter_map(|range| {
            let column = range.start.1 as usize;
            let tall = range.end.0 > range.start.0 && range.end.0 >= self.first_data_row;
            (tall && self.repeats.get(column) == Some(&true)).then_some(Merged {
                column,
                top: range.start.0 + 1,
                bottom: range.end.0 + 1,
            })
        });
        self.merged = merged.collect();
        self.merged.sort_unstable_by_key(|m| std::cmp::Reverse(m.top));
        book.each_cell(sheet, &mut |row, column, value| {
            self.visit(row + 1, column as usize, &value)
        })?;
        self.end_row();
        self.send(true);
        Ok(())
    }

    fn visit(&mut self, row: u32, column: usize, value: &Value<'_>) -> bool {
        if row < self.first_data_row || column >= self.width {
            return true;
        }
        let mut go_on = true;
        if row != self.row_number {
            self.end_row();
            go_on = !self.is_full() || self.send(false);
            self.row_number = row;
        }
        if let Some(cell) = self.row.get_mut(column) {
            cell.clear();
            if value.write(cell) {
                self.row_lossy.push(column);
            }
        }
        go_on
    }

    fn is_full(&self) -> bool {
        self.cells.rows.len() >= CHUNK_ROWS || self.text_bytes >= CHUNK_BYTES
    }

    fn end_row(&mut self) {
        if self.row_number == 0 {
            return;
        }
        self.repeat_merged();
        let start = self.cells.texts.len();
        for cell in &mut self.row {
            self.text_bytes += cell.len();
            self.cells.texts.push(cell);
            cell.clear();
        }
        self.cells.lossy.extend(self.row_lossy.drain(..).map(|column| start + column));
        self.cells.rows.push(self.row_number);
        self.row_number = 0;
    }

    fn repeat_merged(&mut self) {
        let row = self.row_number;
        while let Some(range) = self.merged.pop_if(|m| m.top <= row) {
            let text = self.row.get(range.column).filter(|t| range.top == row && !t.is_empty());
            if let (Some(text), Some(slot)) = (text, self.carried.get_mut(range.column)) {
                *slot = Some((range.bottom, text.clone()));
            }
        }
        for (cell, carried) in self.row.iter_mut().zip(&mut self.carried) {
            match carried {
                Some((bottom, text)) if row <= *bottom => {
                    if cell.is_empty() {
                        cell.push_str(text);
                    }
                }
                _ => *carried = None,
            }
        }
    }

    /// Hands out what is collected; false when nobody listens any more.
    fn send(&mut self, last: bool) -> bool {
        let Some(end) = self.cells.rows.last().copied() else { return true };
        let done = if last {
            self.file_bytes
        } else {
            self.file_bytes * u64::from(end) / u64::from(self.claimed_rows.max(end))
        };
        let chunk = SheetChunk {
            cells: std::mem::take(&mut self.cells),
            first_row: self.next_first_row,
            rows: end + 1 - self.next_first_row,
            bytes: done.saturating_sub(self.bytes_told),
        };
        self.bytes_told = done.max(self.bytes_told);
        self.next_first_row = end + 1;
        self.text_bytes = 0;
        self.sender.send(Ok(chunk)).is_ok()
    }

    fn fail(&self, damaged: Problem) {
        let _nobody_listens = self.sender.send(Err(damaged.into()));
    }
}
