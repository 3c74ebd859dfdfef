//! All rows of one person.

use std::collections::HashMap;
use std::path::PathBuf;

use arrow::array::{Array, ArrayRef, AsArray, BooleanArray, RecordBatch, Scalar, UInt64Array};
use arrow::compute::kernels::cmp::eq;
use arrow::datatypes::{Date32Type, Int32Type, Int64Type, UInt64Type};
use domain::facts::{Kind, TABLES, TableSpec, split_ref};
use domain::money::Fen;
use domain::problem::{Failure, Fault};
use domain::time::{Day, Month};
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::{ArrowPredicateFn, ArrowReaderOptions, RowFilter};
use parquet::file::metadata::PageIndexPolicy;
use serde::Serialize;

use crate::batch::Batch;
use crate::collect::range_of;
use crate::dictionary::Dictionaries;
use crate::encode::parquet_failure;
use crate::load::{self, FactsFile};
use crate::ordered;
use crate::schema::schema;
use crate::vault::Vault;

/// All rows of one person, as text to print.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct PersonRows {
    /// Names under which files know the person, ascending.
    pub names: Vec<String>,
    /// Tables with rows of the person, in the order of [`domain::facts::TABLES`].
    pub tables: Vec<PersonTable>,
}

/// Rows of one table.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct PersonTable {
    /// Name of the table.
    pub table: String,
    /// Column names; those that no row fills are left out.
    pub columns: Vec<String>,
    /// Values as text.
    pub rows: Vec<Vec<String>>,
}

/// Rows of the person with a key, and the names.
pub fn rows(
    batches: &[Batch],
    dictionaries: &Dictionaries,
    vault: &Vault,
    key: u64,
) -> Result<PersonRows, Failure> {
    let tables = TABLES.iter().filter(|table| table.key.is_some());
    let files = tables.flat_map(|table| {
        batches.iter().filter_map(move |batch| Some((table, batch.facts_of(table)?)))
    });
    let mut texts = Texts { vault, dictionaries, known: HashMap::new() };
    let mut rows: Vec<(&TableSpec, Vec<Vec<String>>)> = Vec::new();
    let read = |(table, path)| Ok((table, opened(path, table, key)?));
    ordered::each("look up person", files.collect(), load::threads(), read, &mut |read| {
        let (table, batches): (&TableSpec, Vec<RecordBatch>) = read;
        for batch in batches {
            let texts = texts.rows(&batch, table, key)?;
            match rows.last_mut().filter(|(last, _)| last.name == table.name) {
                Some((_, rows)) => rows.extend(texts),
                None => rows.push((table, texts)),
            }
        }
        Ok(())
    })?;
    let tables = rows.into_iter().map(|(table, rows)| printed(table, rows)).collect();
    Ok(PersonRows { names: vault.names(key)?, tables })
}

fn opened(path: PathBuf, table: &TableSpec, key: u64) -> Result<Vec<RecordBatch>, Failure> {
    let options = ArrowReaderOptions::new().with_offset_index_policy(PageIndexPolicy::Optional);
    stored(&FactsFile::open(path, table, options)?, table, key)
}

/// Rows with a key, without the key column. Of the key's range only that column is read in full;
/// the pages of other columns are read where rows were found.
pub fn stored(file: &FactsFile, table: &TableSpec, key: u64) -> Result<Vec<RecordBatch>, Failure> {
    let Some(name) = table.key else { return Ok(Vec::new()) };
    let wanted = Scalar::new(UInt64Array::from(vec![key]));
    let mask = ProjectionMask::columns(file.metadata.parquet_schema(), [name]);
    let is_wanted =
        move |batch: RecordBatch| -> Result<BooleanArray, _> { eq(batch.column(0), &wanted) };
    let filter = RowFilter::new(vec![Box::new(ArrowPredicateFn::new(mask, is_wanted))]);
    let columns: Vec<&str> = file
        .metadata
        .schema()
        .fields()
        .iter()
        .map(|f| f.name().as_str())
        .filter(|f| *f != name)
        .collect();
    let reader = file.reader(range_of(key), &columns)?.with_row_filter(filter).build();
    let reader = reader.map_err(|e| parquet_failure("look up person", file.path(), e))?;
    let fault = |e| Fault::new("look up person", format!("{}: {e}", file.path().display()));
    Ok(reader.collect::<Result<_, _>>().map_err(fault)?)
}

/// Rows as text. What stands behind a key is looked up once: a person's rows repeat it.
struct Texts<'a> {
    vault: &'a Vault,
    dictionaries: &'a Dictionaries,
    known: HashMap<(Kind, u64), String>,
}

impl Texts<'_> {
    /// Rows of a person with every column of the table.
    fn rows(
        &mut self,
        batch: &RecordBatch,
        table: &TableSpec,
        person: u64,
    ) -> Result<Vec<Vec<String>>, Failure> {
        let schema = schema(table);
        let mut rows = vec![Vec::with_capacity(schema.fields().len()); batch.num_rows()];
        for field in schema.fields() {
            let kind = table.column(field.name()).map(|c| c.kind);
            for (at, row) in rows.iter_mut().enumerate() {
                let column = batch.column_by_name(field.name()).filter(|c| c.is_valid(at));
                row.push(match column {
                    _ if table.key == Some(field.name()) => self.behind(Kind::Person, person)?,
                    Some(column) => self.text(column, at, kind)?,
                    None => String::new(),
                });
            }
        }
        Ok(rows)
    }

    fn text(
        &mut self,
        column: &ArrayRef,
        at: usize,
        kind: Option<Kind>,
    ) -> Result<String, Failure> {
        let key = || column.as_primitive::<UInt64Type>().value(at);
        let narrow = || column.as_primitive::<Int32Type>().value(at);
        let wide = || column.as_primitive::<Int64Type>().value(at);
        Ok(match kind {
            Some(kind @ (Kind::Person | Kind::Name | Kind::Account)) => self.behind(kind, key())?,
            Some(Kind::Household) => format!("{:016x}", key()),
            Some(Kind::Village) => self.dictionaries.village_path(narrow()),
            Some(Kind::Programme) => programme(narrow(), self.dictionaries),
            Some(Kind::Month) => Month(narrow()).to_string(),
            Some(Kind::Day) => Day(column.as_primitive::<Date32Type>().value(at)).to_string(),
            Some(Kind::Fen) => Fen(wide()).to_string(),
            Some(Kind::Count) => wide().to_string(),
            Some(Kind::Mu) => decimal(wide(), 10_000, 4),
            Some(Kind::SquareMetres) => decimal(wide(), 100, 2),
            Some(Kind::Flag) => column.as_boolean().value(at).to_string(),
            Some(Kind::Text | Kind::Township) => column.as_string_view().value(at).to_owned(),
            None if column.as_primitive_opt::<Int64Type>().is_some() => {
                let (batch, row) = split_ref(wide());
                format!("{batch}:{row}")
            }
            None => column.as_string_view().value(at).to_owned(),
        })
    }

    /// The ID number, name or account behind a key; empty where there is none.
    fn behind(&mut self, kind: Kind, key: u64) -> Result<String, Failure> {
        if let Some(text) = self.known.get(&(kind, key)) {
            return Ok(text.clone());
        }
        let found = match kind {
            Kind::Person => self.vault.id_number(key)?,
            Kind::Name => self.vault.name(key)?,
            _ => self.vault.account(key)?,
        };
        let text = found.unwrap_or_default();
        self.known.insert((kind, key), text.clone());
        Ok(text)
    }
}

/// The code of a programme of the catalogue, or the own name of another.
pub fn programme(number: i32, dictionaries: &Dictionaries) -> String {
    let number = dictionaries.programme(number);
    dictionaries.programmes.get(&number).cloned().unwrap_or_else(|| format!("S{number:02}"))
}

fn decimal(value: i64, unit: u64, places: usize) -> String {
    let sign = if value < 0 { "-" } else { "" };
    let magnitude = value.unsigned_abs();
    format!("{sign}{}.{:0places$}", magnitude / unit, magnitude % unit)
}

/// Leaves out columns that no row fills.
fn printed(table: &TableSpec, rows: Vec<Vec<String>>) -> PersonTable {
    let schema = schema(table);
    let filled = |at: usize| rows.iter().any(|row| row.get(at).is_some_and(|t| !t.is_empty()));
    let kept: Vec<bool> = (0..schema.fields().len()).map(filled).collect();
    let columns = schema.fields().iter().zip(&kept).filter(|(_, kept)| **kept);
    let columns = columns.map(|(field, _)| field.name().clone()).collect();
    let keep = |row: Vec<String>| {
        row.into_iter().zip(&kept).filter(|(_, kept)| **kept).map(|(text, _)| text).collect()
    };
    let rows = rows.into_iter().map(keep).collect();
    PersonTable { table: table.name.to_owned(), columns, rows }
}
