//! One opened and sniffed file.

use std::fs::File;
use std::io::{BufReader, Cursor, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use domain::problem::{Failure, Place, Problem};
use domain::text;

use crate::csv::TextForm;
use crate::encoding;
use crate::excel::{self, Book};
use crate::records::Records;

/// What a file may cost before it is refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limits {
    /// Longest record of a text file.
    pub max_line_bytes: usize,
    /// Workbooks: all parts unpacked.
    pub max_unpacked_bytes: u64,
    /// Workbooks: any part that has to be held in memory (shared texts, styles), unpacked.
    pub max_held_bytes: u64,
    /// Workbooks: unpacked to packed, of any part beyond a mebibyte.
    pub max_ratio: u64,
    /// Columns of a sheet.
    pub max_columns: usize,
    /// XLS files are held in memory, so they have a smaller size.
    pub max_xls_bytes: u64,
    /// Cells of all sheets of an XLS file, empty ones among them.
    pub max_xls_cells: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            max_line_bytes: 16 << 20,
            max_unpacked_bytes: 3 << 29,
            max_held_bytes: 256 << 20,
            max_ratio: 500,
            max_columns: 1024,
            max_xls_bytes: 128 << 20,
            max_xls_cells: 12 << 20,
        }
    }
}

/// One sheet of a source. A text file has one, without a name.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Sheet {
    /// Name of the worksheet; empty for text files.
    pub name: String,
    /// The first 40 rows as text, merged cells filled.
    pub head: Vec<Vec<String>>,
    /// Rows, where the file says so beforehand.
    pub rows: Option<u32>,
}

/// Rows that a sheet can have at most in a spreadsheet program. Row numbers of one file are made
/// unique by adding this much for every sheet before.
pub const SHEET_ROWS: u32 = 1 << 20;

pub(crate) const HEAD_ROWS: usize = 40;
const HEAD_BYTES: usize = 1 << 20;

/// Bytes of a source.
pub(crate) enum Stream {
    /// On disk.
    File(BufReader<File>),
    /// In memory.
    Memory(Cursor<Arc<[u8]>>),
}

impl Read for Stream {
    fn read(&mut self, buf: &mut [u8]) -> std::io::Result<usize> {
        match self {
            Self::File(f) => f.read(buf),
            Self::Memory(m) => m.read(buf),
        }
    }
}

impl Seek for Stream {
    fn seek(&mut self, to: SeekFrom) -> std::io::Result<u64> {
        match self {
            Self::File(f) => f.seek(to),
            Self::Memory(m) => m.seek(to),
        }
    }
}

pub(crate) enum Format {
    Text(TextForm),
    /// Kept open until its first sheet is read, so that shared strings are read once.
    Workbook(excel::BookKind, Mutex<Option<Book>>),
}

/// One opened and sniffed file.
pub struct Source {
    name: String,
    path: PathBuf,
    bytes: u64,
    memory: Option<Arc<[u8]>>,
    sheets: Vec<Sheet>,
    pub(crate) limits: Limits,
    pub(crate) format: Format,
}

impl std::fmt::Debug for Source {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Source").field("name", &self.name).field("bytes", &self.bytes).finish()
    }
}

impl Source {
    /// Opens a file and sniffs it by content, not by extension.
    ///
    /// # Errors
    /// A problem with the file: `file-unreadable`, `file-empty`, `not-a-table`, `line-too-long`,
    /// `workbook-damaged`, `workbook-encrypted`, `workbook-too-large`.
    pub fn open(path: &Path, limits: Limits) -> Result<Self, Failure> {
        let name = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned();
        Self::open_as(path, name, limits)
    }

    /// The same for a file that lies under another name than the one people know it by.
    ///
    /// # Errors
    /// As [`Source::open`].
    pub fn open_as(path: &Path, name: String, limits: Limits) -> Result<Self, Failure> {
        let unreadable = |e: &dyn std::fmt::Display| {
            Failure::from(Problem::new("file-unreadable", Place::file(&name)).with("detail", e))
        };
        let meta = std::fs::metadata(path).map_err(|e| unreadable(&e))?;
        if !meta.is_file() {
            return Err(Problem::new("not-a-file", Place::file(&name)).into());
        }
        File::open(path).map_err(|e| unreadable(&e))?;
        Self::sniff(name, path.to_owned(), meta.len(), None, limits)
    }

    /// The same for bytes in memory.
    ///
    /// # Errors
    /// As [`Source::open`].
    pub fn from_bytes(name: &str, bytes: Vec<u8>, limits: Limits) -> Result<Self, Failure> {
        let size = bytes.len() as u64;
        Self::sniff(name.to_owned(), PathBuf::from(name), size, Some(bytes.into()), limits)
    }

    fn sniff(
        name: String,
        path: PathBuf,
        bytes: u64,
        memory: Option<Arc<[u8]>>,
        limits: Limits,
    ) -> Result<Self, Failure> {
        // Placeholder form until the content is known; replaced below or the value is dropped.
        let form =
            TextForm { encoding: encoding_rs::UTF_8, bom: 0, delimiter: b',', cr_only: false };
        let format = Format::Text(form);
        let mut source = Self { name, path, bytes, memory, sheets: Vec::new(), limits, format };
        let head = source.head()?;
        if head.is_empty() {
            return Err(source.problem("file-empty").into());
        }
        match excel::kind_of(&head) {
            Some(kind) => source.open_book(kind)?,
            None => source.open_text(&head)?,
        }
        Ok(source)
    }

    fn head(&self) -> Result<Vec<u8>, Failure> {
        let mut head = Vec::new();
        let read = self.stream()?.take(HEAD_BYTES as u64).read_to_end(&mut head);
        read.map_err(|e| self.problem("file-unreadable").with("detail", e))?;
        Ok(head)
    }

    fn open_book(&mut self, kind: excel::BookKind) -> Result<(), Failure> {
        let mut book = excel::open(self, kind)?;
        self.sheets = excel::heads(self, &mut book, HEAD_ROWS)?;
        self.format = Format::Workbook(kind, Mutex::new(Some(book)));
        Ok(())
    }

    fn open_text(&mut self, head: &[u8]) -> Result<(), Failure> {
        if let Some(kind) = encoding::other_kind(head) {
            return Err(self.problem("not-a-table").with("kind", kind).into());
        }
        let Some((encoding, bom)) = encoding::sniff(head) else {
            return Err(self.problem("not-a-table").with("kind", "?").into());
        };
        let body = head.get(bom..).unwrap_or_default();
        let mut text = encoding::decode_head(encoding, body);
        if text.trim().is_empty() && self.bytes <= HEAD_BYTES as u64 {
            return Err(self.problem("file-empty").into());
        }
        let cr_only = !text.contains('\n') && text.contains('\r');
        if cr_only {
            text = text.replace('\r', "\n");
        }
        let delimiter = encoding::sniff_delimiter(&text);
        let mut records = Records::new(&text, delimiter);
        let (mut fields, mut rows) = (Vec::new(), Vec::new());
        while rows.len() < HEAD_ROWS && records.read(&mut fields) {
            let row = fields.iter().take(self.limits.max_columns);
            rows.push(row.map(|f| text::clean(f).into_owned()).collect());
        }
        self.format = Format::Text(TextForm { encoding, bom, delimiter, cr_only });
        self.sheets = vec![Sheet { name: String::new(), head: rows, rows: None }];
        Ok(())
    }

    pub(crate) fn stream(&self) -> Result<Stream, Failure> {
        match &self.memory {
            Some(bytes) => Ok(Stream::Memory(Cursor::new(Arc::clone(bytes)))),
            None => match File::open(&self.path) {
                Ok(file) => Ok(Stream::File(BufReader::with_capacity(256 << 10, file))),
                Err(e) => Err(self.problem("file-unreadable").with("detail", e).into()),
            },
        }
    }

    pub(crate) fn problem(&self, code: &'static str) -> Problem {
        Problem::new(code, Place::file(&self.name))
    }

    /// File name without folder, as shown to people.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Where the file lies; the bare name for bytes in memory.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Size of the file.
    #[must_use]
    pub fn bytes(&self) -> u64 {
        self.bytes
    }

    /// Its sheets with their heads.
    #[must_use]
    pub fn sheets(&self) -> &[Sheet] {
        &self.sheets
    }

    /// Whether it is a workbook.
    #[must_use]
    pub fn is_workbook(&self) -> bool {
        matches!(self.format, Format::Workbook(..))
    }
}

/// Index of the sheet and row in it, from 1, of a row number in a [`crate::block::Block`].
/// Text files have one sheet, however long.
#[must_use]
pub const fn locate(row: u32, is_workbook: bool) -> (u32, u32) {
    if !is_workbook || row == 0 {
        return (0, row);
    }
    ((row - 1) / SHEET_ROWS, (row - 1) % SHEET_ROWS + 1)
}
