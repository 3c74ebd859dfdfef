//! Streaming a sheet in chunks, and turning a chunk into a block.

use std::borrow::Cow;
use std::sync::mpsc::Receiver;

use domain::problem::{Failure, masked};
use encoding_rs::{GB18030, UTF_8};

use crate::block::{Block, RowProblem};
use crate::csv::{RawChunk, TextChunks};
use crate::recognise::Plan;
use crate::records::Records;
use crate::rows::RowReader;
use crate::sheet::{self, SheetChunk};
use crate::source::{Format, Source};

/// A stretch of a sheet, a few MiB, cut at row ends.
#[derive(Debug)]
pub struct Chunk {
    body: Body,
}

#[derive(Debug)]
enum Body {
    Text(RawChunk, u8),
    Sheet(SheetChunk),
}

impl Chunk {
    /// Number of its first row in the sheet, from 1.
    #[must_use]
    pub fn first_row(&self) -> u32 {
        match &self.body {
            Body::Text(raw, _) => raw.first_row,
            Body::Sheet(sheet) => sheet.first_row,
        }
    }

    /// Rows in it, of any kind.
    #[must_use]
    pub fn rows(&self) -> u64 {
        match &self.body {
            Body::Text(raw, _) => raw.rows.into(),
            Body::Sheet(sheet) => sheet.rows.into(),
        }
    }

    /// Bytes of the source that it stands for; for workbooks an estimate.
    #[must_use]
    pub fn bytes(&self) -> u64 {
        match &self.body {
            Body::Text(raw, _) => raw.read,
            Body::Sheet(sheet) => sheet.bytes,
        }
    }
}

/// The chunks of a sheet in order. After an error there are no more.
pub struct Chunks {
    inner: Inner,
}

enum Inner {
    Text(Box<TextChunks>, u8),
    Sheet(Receiver<Result<SheetChunk, Failure>>),
}

impl Iterator for Chunks {
    type Item = Result<Chunk, Failure>;

    fn next(&mut self) -> Option<Self::Item> {
        let body = match &mut self.inner {
            Inner::Text(chunks, delimiter) => chunks.next()?.map(|raw| Body::Text(raw, *delimiter)),
            Inner::Sheet(receiver) => receiver.recv().ok()?.map(Body::Sheet),
        };
        Some(body.map(|body| Chunk { body }))
    }
}

/// Streams the data rows of a sheet.
///
/// # Errors
/// When the file can no longer be opened.
pub fn chunks(source: &Source, plan: &Plan) -> Result<Chunks, Failure> {
    let inner = match &source.format {
        Format::Text(form) => {
            let skip = plan.first_data_row.saturating_sub(1);
            let chunks =
                TextChunks::new(source.stream()?, *form, &source.limits, source.name(), skip)?;
            Inner::Text(Box::new(chunks), form.delimiter)
        }
        Format::Workbook(..) => Inner::Sheet(sheet::chunks(source, plan)?),
    };
    Ok(Chunks { inner })
}

/// Turns a chunk into a block. Pure: called from several threads at once.
#[must_use]
pub fn parse(chunk: &Chunk, plan: &Plan) -> Block {
    match &chunk.body {
        Body::Text(raw, delimiter) => parse_text(raw, *delimiter, plan),
        Body::Sheet(sheet) => parse_cells(sheet, plan),
    }
}

fn parse_text(raw: &RawChunk, delimiter: u8, plan: &Plan) -> Block {
    let (text, damaged) = decode(raw);
    let mut reader = RowReader::new(plan, raw.rows as usize, true);
    let mut records = Records::new(&text, delimiter);
    let mut fields = Vec::with_capacity(plan.columns.len() + 1);
    let mut row = raw.first_row;
    while records.read(&mut fields) {
        if damaged && fields.iter().any(|f| f.contains('\u{fffd}')) {
            let bad = fields.iter().find(|f| f.contains('\u{fffd}'));
            reader.note(RowProblem {
                row: row.saturating_add(plan.row_offset),
                column: String::new(),
                value: bad.map_or(String::new(), |f| masked(f)),
                code: "bytes-not-readable",
                refused: false,
            });
        }
        reader.row(row, &fields, &[]);
        row = row.saturating_add(1);
    }
    reader.finish()
}

/// The text of a chunk, and whether some bytes of it were wrong.
fn decode(raw: &RawChunk) -> (Cow<'_, str>, bool) {
    if raw.encoding == UTF_8 {
        match std::str::from_utf8(&raw.bytes) {
            Ok(text) => return (Cow::Borrowed(text), false),
            // A head of plain ASCII said nothing about the rest: the first character that is
            // none tells, if it is no UTF-8.
            Err(error) if raw.bytes.iter().take(error.valid_up_to()).all(u8::is_ascii) => {
                let (text, wrong) = GB18030.decode_without_bom_handling(&raw.bytes);
                if !wrong {
                    return (text, false);
                }
            }
            Err(_) => {}
        }
    }
    raw.encoding.decode_without_bom_handling(&raw.bytes)
}

fn parse_cells(sheet: &SheetChunk, plan: &Plan) -> Block {
    let cells = &sheet.cells;
    let mut reader = RowReader::new(plan, cells.rows.len(), false);
    let width = plan.columns.len();
    let (mut fields, mut lossy) = (Vec::with_capacity(width), Vec::new());
    let mut long_numbers = cells.lossy.iter().copied().peekable();
    for (at, row) in cells.rows.iter().enumerate() {
        let start = at * width;
        fields.clear();
        fields.extend((start..start + width).map(|i| Cow::Borrowed(cells.texts.get(i))));
        lossy.clear();
        while let Some(place) = long_numbers.next_if(|place| *place < start + width) {
            lossy.push(place - start);
        }
        reader.row(*row, &fields, &lossy);
    }
    reader.blank(u64::from(sheet.rows) - cells.rows.len() as u64);
    reader.finish()
}
