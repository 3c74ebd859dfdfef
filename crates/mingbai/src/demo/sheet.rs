//! Writing tables the way agencies hand them over: text in several encodings, workbooks with
//! titles.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use domain::time::Day;
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format, FormatAlign, Workbook, Worksheet};

/// How a text file is encoded and cut.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Coding {
    /// Plain UTF-8, commas.
    Utf8,
    /// UTF-8 with byte-order mark, commas.
    Utf8Bom,
    /// GB18030, commas.
    Gb18030,
    /// UTF-16 with byte-order mark, tabs.
    Utf16Tabs,
}

/// A file in the making.
pub enum Sheet {
    /// Delimited text.
    Text(TextSheet),
    /// A workbook with one sheet.
    Book(Box<BookSheet>),
}

/// Delimited text in the making.
pub struct TextSheet {
    out: BufWriter<File>,
    coding: Coding,
    line: String,
    fresh: bool,
    known: KnownCodes,
}

/// GB18030 codes of characters met before: `encoding_rs` looks through its tables for each one, which
/// took more than half of the time of making a county, though a county knows but a few hundred.
#[derive(Default)]
struct KnownCodes(BTreeMap<char, Vec<u8>>);

impl KnownCodes {
    fn write(&mut self, c: char, out: &mut impl Write) -> std::io::Result<()> {
        if c.is_ascii() {
            return out.write_all(c.encode_utf8(&mut [0; 4]).as_bytes());
        }
        let encode = || encoding_rs::GB18030.encode(c.encode_utf8(&mut [0; 4])).0.into_owned();
        out.write_all(self.0.entry(c).or_insert_with(encode))
    }
}

/// A workbook in the making.
pub struct BookSheet {
    path: PathBuf,
    book: Workbook,
    sheet: Worksheet,
    day: Format,
    row: u32,
    column: u16,
}

impl Sheet {
    /// Starts a text file; the folder exists.
    pub fn text_file(path: &Path, coding: Coding) -> anyhow::Result<Self> {
        let mut out = BufWriter::with_capacity(1 << 18, File::create(path)?);
        match coding {
            Coding::Utf8Bom => out.write_all(b"\xef\xbb\xbf")?,
            Coding::Utf16Tabs => out.write_all(b"\xff\xfe")?,
            Coding::Utf8 | Coding::Gb18030 => {}
        }
        Ok(Self::Text(TextSheet {
            out,
            coding,
            line: String::new(),
            fresh: true,
            known: KnownCodes::default(),
        }))
    }

    /// Starts a workbook that is written when finished.
    pub fn workbook(path: &Path, sheet_name: &str) -> anyhow::Result<Self> {
        let mut book = Workbook::new();
        // The day of making stands in the file: it must not be today, or no two runs are alike.
        let made = ExcelDateTime::from_ymd(2026, 1, 5)?;
        book.set_properties(&DocProperties::new().set_creation_datetime(&made));
        let mut sheet = Worksheet::new();
        sheet.set_name(sheet_name)?;
        let day = Format::new().set_num_format("yyyy/m/d");
        Ok(Self::Book(Box::new(BookSheet {
            path: path.into(),
            book,
            sheet,
            day,
            row: 0,
            column: 0,
        })))
    }

    /// Whether it is a workbook, whose cells have types.
    pub fn has_types(&self) -> bool {
        matches!(self, Self::Book(_))
    }

    /// Appends a text cell.
    pub fn text(&mut self, text: &str) -> anyhow::Result<()> {
        match self {
            Self::Text(sheet) => sheet.text(text),
            Self::Book(sheet) => {
                if !text.is_empty() {
                    sheet.sheet.write_string(sheet.row, sheet.column, text)?;
                }
                sheet.column += 1;
            }
        }
        Ok(())
    }

    /// Appends a whole number: as a number where cells have types.
    pub fn whole(&mut self, number: i32) -> anyhow::Result<()> {
        match self {
            Self::Text(sheet) => sheet.text(&number.to_string()),
            Self::Book(sheet) => {
                sheet.sheet.write_number(sheet.row, sheet.column, number)?;
                sheet.column += 1;
            }
        }
        Ok(())
    }

    /// Appends a day as a workbook stores it; the text of a day elsewhere.
    pub fn day(&mut self, day: Day) -> anyhow::Result<()> {
        match self {
            Self::Text(sheet) => sheet.text(&day.to_string()),
            Self::Book(sheet) => {
                // Days since 1970 to days since the last day of 1899.
                let serial = day.0 + 25_569;
                sheet.sheet.write_number_with_format(
                    sheet.row,
                    sheet.column,
                    serial,
                    &sheet.day,
                )?;
                sheet.column += 1;
            }
        }
        Ok(())
    }

    /// Ends the row.
    pub fn end(&mut self) -> anyhow::Result<()> {
        match self {
            Self::Text(sheet) => sheet.end(),
            Self::Book(sheet) => {
                (sheet.row, sheet.column) = (sheet.row + 1, 0);
                Ok(())
            }
        }
    }

    /// A whole row of texts.
    pub fn row(&mut self, cells: &[&str]) -> anyhow::Result<()> {
        for cell in cells {
            self.text(cell)?;
        }
        self.end()
    }

    /// A title over so many columns; a single cell in text.
    pub fn title(&mut self, title: &str, columns: u16) -> anyhow::Result<()> {
        if let Self::Book(sheet) = self {
            let format = Format::new().set_bold().set_align(FormatAlign::Center);
            sheet.sheet.merge_range(sheet.row, 0, sheet.row, columns - 1, title, &format)?;
            return self.end();
        }
        self.row(&[title])
    }

    /// A header of two rows: groups above, merged over their columns; a group of one column is
    /// merged downwards.
    pub fn header(&mut self, groups: &[(&str, &[&str])]) -> anyhow::Result<()> {
        let Self::Book(sheet) = self else {
            let flat: Vec<&str> = groups
                .iter()
                .flat_map(
                    |(name, under)| if under.is_empty() { vec![*name] } else { under.to_vec() },
                )
                .collect();
            return self.row(&flat);
        };
        let format = Format::new().set_bold();
        let mut column = 0_u16;
        for (name, under) in groups {
            let (top, last) = (sheet.row, column + u16::try_from(under.len().max(1))? - 1);
            if under.is_empty() {
                sheet.sheet.merge_range(top, column, top + 1, column, name, &format)?;
            } else {
                sheet.sheet.merge_range(top, column, top, last, name, &format)?;
                for (at, word) in (column..).zip(*under) {
                    sheet.sheet.write_string(top + 1, at, *word)?;
                }
            }
            column = last + 1;
        }
        sheet.row += 2;
        Ok(())
    }

    /// Writes what is left.
    pub fn finish(self) -> anyhow::Result<()> {
        match self {
            Self::Text(mut sheet) => sheet.out.flush()?,
            Self::Book(mut sheet) => {
                sheet.book.push_worksheet(sheet.sheet);
                sheet.book.save(&sheet.path)?;
            }
        }
        Ok(())
    }
}

impl TextSheet {
    fn text(&mut self, text: &str) {
        let delimiter = if self.coding == Coding::Utf16Tabs { '\t' } else { ',' };
        if !self.fresh {
            self.line.push(delimiter);
        }
        self.fresh = false;
        if text.contains([delimiter, '"', '\n']) {
            self.line.push('"');
            self.line.push_str(&text.replace('"', "\"\""));
            self.line.push('"');
        } else {
            self.line.push_str(text);
        }
    }

    fn end(&mut self) -> anyhow::Result<()> {
        self.line.push_str("\r\n");
        match self.coding {
            Coding::Utf8 | Coding::Utf8Bom => self.out.write_all(self.line.as_bytes())?,
            Coding::Gb18030 => {
                for c in self.line.chars() {
                    self.known.write(c, &mut self.out)?;
                }
            }
            Coding::Utf16Tabs => {
                for unit in self.line.encode_utf16() {
                    self.out.write_all(&unit.to_le_bytes())?;
                }
            }
        }
        self.line.clear();
        self.fresh = true;
        Ok(())
    }
}
