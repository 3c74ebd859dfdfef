//! All rows of one person.

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
use crate::load::FactsFile;
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
    let mut found = PersonRows { names: vault.names(key)?, tables: Vec::new() };
    for table in TABLES.iter().filter(|t| t.key.is_some()) {
        let mut rows = Vec::new();
        for path in batches.iter().filter_map(|batch| batch.facts_of(table)) {
            let options =
                ArrowReaderOptions::new().with_offset_index_policy(PageIndexPolicy::Optional);
            let file = FactsFile::open(path, table, options)?;
            for batch in stored(&file, table, key)? {
                rows.extend(texts(&batch, table, dictionaries, vault)?);
            }
        }
        if !rows.is_empty() {
            found.tables.push(printed(table, rows));
        }
    }
    Ok(found)
}

/// Rows with a key. Of the key's range only the key column is read in full; the pages of other
/// columns are read where rows were found.
fn stored(file: &FactsFile, table: &TableSpec, key: u64) -> Result<Vec<RecordBatch>, Failure> {
    let Some(name) = table.key else { return Ok(Vec::new()) };
    let wanted = Scalar::new(UInt64Array::from(vec![key]));
    let mask = ProjectionMask::columns(file.metadata.parquet_schema(), [name]);
    let is_wanted =
        move |batch: RecordBatch| -> Result<BooleanArray, _> { eq(batch.column(0), &wanted) };
    let filter = RowFilter::new(vec![Box::new(ArrowPredicateFn::new(mask, is_wanted))]);
    let columns: Vec<&str> =
        file.metadata.schema().fields().iter().map(|f| f.name().as_str()).collect();
    let reader = file.reader(range_of(key), &columns)?.with_row_filter(filter).build();
    let reader = reader.map_err(|e| parquet_failure("look up person", file.path(), e))?;
    let fault = |e| Fault::new("look up person", format!("{}: {e}", file.path().display()));
    Ok(reader.collect::<Result<_, _>>().map_err(fault)?)
}

/// Rows as text, with every column of the table.
fn texts(
    batch: &RecordBatch,
    table: &TableSpec,
    dictionaries: &Dictionaries,
    vault: &Vault,
) -> Result<Vec<Vec<String>>, Failure> {
    let schema = schema(table);
    let mut rows = vec![Vec::with_capacity(schema.fields().len()); batch.num_rows()];
    for field in schema.fields() {
        let kind = table.column(field.name()).map(|c| c.kind);
        for (at, row) in rows.iter_mut().enumerate() {
            let column = batch.column_by_name(field.name()).filter(|c| c.is_valid(at));
            row.push(match column {
                Some(column) => text(column, at, kind, dictionaries, vault)?,
                None => String::new(),
            });
        }
    }
    Ok(rows)
}

fn text(
    column: &ArrayRef,
    at: usize,
    kind: Option<Kind>,
    dictionaries: &Dictionaries,
    vault: &Vault,
) -> Result<String, Failure> {
    let key = || column.as_primitive::<UInt64Type>().value(at);
    let narrow = || column.as_primitive::<Int32Type>().value(at);
    let wide = || column.as_primitive::<Int64Type>().value(at);
    Ok(match kind {
        Some(Kind::Person) => vault.id_number(key())?.unwrap_or_default(),
        Some(Kind::Name) => vault.name(key())?.unwrap_or_default(),
        Some(Kind::Account) => vault.account(key())?.unwrap_or_default(),
        Some(Kind::Household) => format!("{:016x}", key()),
        Some(Kind::Village) => dictionaries.village_path(narrow()),
        Some(Kind::Programme) => programme(narrow(), dictionaries),
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

/// The code of a programme of the catalogue, or the own name of another.
fn programme(number: i32, dictionaries: &Dictionaries) -> String {
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
