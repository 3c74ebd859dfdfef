//! Rows of a batch that were refused, or kept without a value: `problems.csv` beside its facts.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;

use domain::problem::{Failure, Fault};
use exchange::block::{RowProblem, Texts};
use exchange::source::{Source, locate};
use serde::{Deserialize, Serialize};

use crate::disk;
use crate::folder::Folder;

const FILE: &str = "problems.csv";

/// Something wrong in one cell of an imported file.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct BatchProblem {
    /// Name of the worksheet; empty for text files.
    pub sheet: String,
    /// Row of the sheet as a spreadsheet program numbers it, from 1.
    pub row: u32,
    /// Header of the column; empty when the whole row is meant.
    pub column: String,
    /// The value, masked.
    pub value: String,
    /// Code of the sentence.
    pub code: String,
    /// Whether the row was refused.
    pub refused: bool,
}

/// Problems of one reading thread. There may be millions, so words that repeat are kept once.
#[derive(Debug, Default)]
pub struct ProblemLog {
    entries: Vec<Entry>,
    columns: Vec<String>,
    codes: Vec<&'static str>,
    values: Texts,
}

#[derive(Debug, Clone, Copy)]
struct Entry {
    row: u32,
    column: u16,
    code: u16,
    value: u32,
    refused: bool,
}

impl ProblemLog {
    /// Takes up the problems of a block.
    pub fn add(&mut self, problems: &[RowProblem]) {
        for problem in problems {
            let column =
                place(&mut self.columns, |c| *c == problem.column, || problem.column.clone());
            let code = place(&mut self.codes, |c| *c == problem.code, || problem.code);
            let value = u32::try_from(self.values.len()).unwrap_or(u32::MAX);
            self.values.push(&problem.value);
            let (row, refused) = (problem.row, problem.refused);
            self.entries.push(Entry { row, column, code, value, refused });
        }
    }
}

/// Index of a word in a short list; it is added where it is missing.
fn place<T>(words: &mut Vec<T>, is: impl Fn(&T) -> bool, make: impl Fn() -> T) -> u16 {
    let at = words.iter().position(is).unwrap_or_else(|| {
        words.push(make());
        words.len() - 1
    });
    u16::try_from(at).unwrap_or(u16::MAX)
}

/// Writes the problems of all threads, ordered by row, and returns how many they are.
pub fn write(dir: &Path, logs: &[ProblemLog], source: &Source) -> Result<u64, Failure> {
    let all = logs.iter().flat_map(|log| log.entries.iter().map(move |entry| (log, entry)));
    let mut all: Vec<(&ProblemLog, &Entry)> = all.collect();
    // All problems of a row come from one thread, in the order of its columns.
    all.sort_by_key(|(_, entry)| entry.row);
    let path = dir.join(FILE);
    let file = disk::new_file(&path)?;
    let mut writer = csv::Writer::from_writer(BufWriter::new(file));
    let fault = |e: csv::Error| match e.into_kind() {
        csv::ErrorKind::Io(error) => disk::failure("write problems", &path, &error),
        other => Fault::new("write problems", format!("{other:?}")).into(),
    };
    let header = ["sheet", "row", "column", "value", "code", "refused"];
    writer.write_record(header).map_err(fault)?;
    for (log, entry) in &all {
        let (sheet, row) = locate(entry.row, source.is_workbook());
        let sheet = source.sheets().get(sheet as usize).map_or("", |s| s.name.as_str());
        let column = log.columns.get(usize::from(entry.column)).map_or("", String::as_str);
        let code = log.codes.get(usize::from(entry.code)).copied().unwrap_or_default();
        let value = log.values.get(entry.value as usize);
        let refused = if entry.refused { "true" } else { "false" };
        let row = row.to_string();
        writer.write_record([sheet, &row, column, value, code, refused]).map_err(fault)?;
    }
    let written = writer.into_inner().map_err(|e| e.into_error()).and_then(|mut buffer| {
        buffer.flush()?;
        buffer.get_ref().sync_all()
    });
    written.map_err(|e| disk::failure("write problems", &path, &e))?;
    Ok(all.len() as u64)
}

/// Keeps the list of problems of a batch that is not kept.
pub fn keep(dir: &Path, to: &Path) -> Result<(), Failure> {
    let from = dir.join(FILE);
    disk::remove_if_there(to)?;
    let mut list = File::open(&from).map_err(|e| disk::failure("read problems", &from, &e))?;
    let mut kept = disk::new_file(to)?;
    std::io::copy(&mut list, &mut kept).map_err(|e| disk::failure("write problems", to, &e))?;
    Ok(())
}

/// Reads a list of problems.
pub fn read(path: &Path) -> Result<Vec<BatchProblem>, Failure> {
    let fault = |e: csv::Error| Fault::new("read problems", format!("{}: {e}", path.display()));
    let mut reader = csv::Reader::from_path(path).map_err(fault)?;
    Ok(reader.deserialize().collect::<Result<_, _>>().map_err(fault)?)
}

impl Folder {
    /// The problems file of a batch.
    ///
    /// # Errors
    /// `batch-unknown`, or when the file cannot be read.
    pub fn problems(&self, batch: u32) -> Result<Vec<BatchProblem>, Failure> {
        read(&self.batch(batch)?.dir.join(FILE))
    }
}
