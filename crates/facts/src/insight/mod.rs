//! What supervision reads of the facts, by keys alone: money from programmes to people, the programme of a
//! finding, and what ties one person, household or firm to others. No name and no number comes out of here;
//! those need a granted look and the vault.

mod flows;
mod ties;

use std::collections::HashMap;

use arrow::array::AsArray;
use arrow::array::{Array, RecordBatch};
use arrow::datatypes::{ArrowPrimitiveType, Date32Type, Int32Type, Int64Type};
use domain::facts::{TableSpec, split_ref, table};
use domain::finding::Evidence;
use domain::problem::{Failure, Fault};
use domain::time::Day;
use parquet::arrow::arrow_reader::ArrowReaderOptions;

use crate::access::AccessEntry;
use crate::encode::parquet_failure;
use crate::folder::Folder;
use crate::load::{FactsFile, RANGES};
use crate::person::programme;

pub use flows::{FLOWS_FILE, Flow};
pub use ties::{FactTie, Paid, Ties};

const PAYMENTS: &str = "payments";

/// A data folder as the workbench reads it.
#[derive(Debug, Clone)]
pub struct Insight {
    folder: Folder,
}

impl Insight {
    /// Of a data folder.
    #[must_use]
    pub fn new(folder: Folder) -> Self {
        Self { folder }
    }

    /// Number of the latest run, and the money that it saw flow; none before the first, and for a run that
    /// an older program stored.
    ///
    /// # Errors
    /// When the folder cannot be read.
    pub fn flows(&self) -> Result<Option<(u32, Vec<Flow>)>, Failure> {
        flows::of_latest_run(&self.folder)
    }

    /// Number of the latest run.
    ///
    /// # Errors
    /// When the folder cannot be read.
    pub fn latest_run(&self) -> Result<Option<u32>, Failure> {
        Ok(self.folder.latest_run()?.map(|(number, _)| number))
    }

    /// Writes down a look at people, before it happens: it is on disk when this returns.
    ///
    /// # Errors
    /// When the disk refuses; then the look must not happen.
    pub fn log(&self, entry: &AccessEntry) -> Result<(), Failure> {
        self.folder.log_access(entry)
    }

    /// What ties a subject to others, and what was paid to it. The entry is on disk before anything comes
    /// out.
    ///
    /// # Errors
    /// When the log cannot be written, or stored facts cannot be read.
    pub fn ties(&self, entry: &AccessEntry, kind: &str, key: &str) -> Result<Ties, Failure> {
        self.folder.log_while(entry, || ties::ties(&self.folder, kind, key))
    }
}

impl Folder {
    /// Programme, as code of the catalogue or own name, and month as `yyyymm` of the payments among some
    /// rows.
    ///
    /// # Errors
    /// When stored facts cannot be read.
    pub fn payments_of(
        &self,
        rows: impl IntoIterator<Item = Evidence>,
    ) -> Result<HashMap<Evidence, (String, i32)>, Failure> {
        let mut wanted: HashMap<Evidence, Option<(i32, i32)>> =
            rows.into_iter().map(|row| (row, None)).collect();
        let (live, dictionaries) = self.live_batches_and_dictionaries()?;
        let Some(spec) = table(PAYMENTS) else { return Ok(HashMap::new()) };
        for batch in &live {
            let number = batch.manifest.batch;
            if !wanted.keys().any(|row| row.batch == number) {
                continue;
            }
            let Some(path) = batch.facts_of(spec) else { continue };
            let file = FactsFile::open(path, spec, ArrowReaderOptions::new())?;
            for range in 0..RANGES {
                for part in parts(&file, range, &["programme", "period", "paid_day", "ref"])? {
                    found(&part?, &mut wanted);
                }
            }
        }
        let named = |(row, about): (Evidence, Option<(i32, i32)>)| {
            about.map(|(number, month)| (row, (programme(number, &dictionaries), month)))
        };
        Ok(wanted.into_iter().filter_map(named).collect())
    }
}

/// Takes up those of some payments that are wanted.
fn found(part: &RecordBatch, wanted: &mut HashMap<Evidence, Option<(i32, i32)>>) {
    let (programmes, refs) = (ints::<Int32Type>(part, "programme"), ints::<Int64Type>(part, "ref"));
    let (periods, days) = (ints::<Int32Type>(part, "period"), ints::<Date32Type>(part, "paid_day"));
    for (((programme, origin), period), day) in
        programmes.into_iter().zip(refs).zip(periods).zip(days)
    {
        let (Some(programme), Some(origin)) = (programme, origin) else { continue };
        let (batch, row) = split_ref(origin);
        if let Some(found) = wanted.get_mut(&Evidence { batch, row }) {
            let of_day = |day: i32| {
                let (year, month, _) = Day(day).ymd();
                year * 100 + i32::try_from(month).unwrap_or(0)
            };
            *found = Some((programme, period.or(day.map(of_day)).unwrap_or(0)));
        }
    }
}

/// Columns of the rows of one key range, some rows at a time.
fn parts(
    file: &FactsFile,
    range: usize,
    columns: &[&str],
) -> Result<impl Iterator<Item = Result<RecordBatch, Failure>>, Failure> {
    let reader = file.reader(range, columns)?.build();
    let reader = reader.map_err(|e| parquet_failure("read facts", file.path(), e))?;
    let path = file.path().display().to_string();
    Ok(reader
        .map(move |part| part.map_err(|e| Fault::new("read facts", format!("{path}: {e}")).into())))
}

/// Numbers of a column; none where the batch has no such column or the cell is empty.
fn ints<T: ArrowPrimitiveType>(part: &RecordBatch, name: &str) -> Vec<Option<T::Native>> {
    let column = part.column_by_name(name).and_then(|column| column.as_primitive_opt::<T>());
    match column {
        Some(column) => {
            (0..column.len()).map(|at| column.is_valid(at).then(|| column.value(at))).collect()
        }
        None => vec![None; part.num_rows()],
    }
}

/// Flags of a column.
fn flags(part: &RecordBatch, name: &str) -> Vec<bool> {
    let column = part.column_by_name(name).and_then(|column| column.as_boolean_opt());
    match column {
        Some(column) => {
            (0..column.len()).map(|at| column.is_valid(at) && column.value(at)).collect()
        }
        None => vec![false; part.num_rows()],
    }
}

/// Texts of a column.
fn texts(part: &RecordBatch, name: &str) -> Vec<String> {
    let column = part.column_by_name(name).and_then(|column| column.as_string_view_opt());
    match column {
        Some(column) => (0..column.len())
            .map(|at| if column.is_valid(at) { column.value(at).to_owned() } else { String::new() })
            .collect(),
        None => vec![String::new(); part.num_rows()],
    }
}

/// A table of the contract; a fault where it has none of that name.
fn spec(name: &str) -> Result<&'static TableSpec, Fault> {
    table(name).ok_or_else(|| Fault::new("read facts", format!("no table {name}")))
}
