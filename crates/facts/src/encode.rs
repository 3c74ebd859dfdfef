//! Keyed rows into a sorted Parquet file: 16 key ranges, row groups that never cross one.

use std::collections::BTreeSet;
use std::fs::File;
use std::io::Write;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use arrow::array::{ArrayRef, Int64Array, StringViewBuilder};
use arrow::datatypes::SchemaRef;
use domain::facts::{Kind, TableSpec, row_ref};
use domain::ids::IdQuality;
use domain::problem::{Failure, Fault};
use exchange::block::NONE;
use parquet::arrow::arrow_writer::{ArrowColumnChunk, ArrowRowGroupWriterFactory, compute_leaves};
use parquet::arrow::{ArrowSchemaConverter, add_encoded_arrow_schema_to_metadata};
use parquet::basic::Encoding;
use parquet::errors::ParquetError;
use parquet::file::properties::{EnabledStatistics, WriterProperties};
use parquet::file::writer::SerializedFileWriter;
use parquet::schema::types::ColumnPath;
use sha2::{Digest, Sha256};

use crate::arranged::arranged;
use crate::collect::Rows;
use crate::columns::{NONE_32, Values};
use crate::disk;
use crate::keys::hex;
use crate::ordered;
use crate::schema::schema;

/// Rows of a data page: the least that is read to look up one person.
const PAGE_ROWS: usize = 8192;
/// Rows of a row group, at most.
const GROUP_ROWS: usize = 1 << 20;
/// Bytes of distinct values of a row group up to which a column is stored by a dictionary.
const DICTIONARY_BYTES: usize = 2 << 20;

/// The column of months that rows are for.
pub const PERIOD: &str = "period";

/// A person and the key of a name that a row has for him or her.
pub type Known = (u64, u64);

/// What came of a table.
#[derive(Debug, Default)]
pub struct Encoded {
    /// The file, which the disk still has to take up.
    pub file: Option<File>,
    /// Rows written.
    pub rows: u64,
    /// Sum of the table's money, in fen.
    pub sum_fen: i64,
    /// SHA-256 of the file.
    pub sha256: String,
    /// Who is known by which name: each pair once per row group.
    pub known: Vec<Known>,
    /// Months that the rows are for; 0 for rows without one.
    pub periods: BTreeSet<i32>,
}

/// A file that is hashed while it is written.
struct Digesting {
    file: File,
    digest: Sha256,
}

impl Write for Digesting {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        let count = self.file.write(bytes)?;
        self.digest.update(bytes.get(..count).unwrap_or_default());
        Ok(count)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        self.file.flush()
    }
}

/// Encoded columns of one row group.
struct Group {
    chunks: Vec<ArrowColumnChunk>,
    rows: usize,
    sum_fen: i64,
    known: Vec<Known>,
    periods: Vec<i32>,
}

/// What every thread needs to encode a range.
struct Job<'a> {
    table: &'static TableSpec,
    batch: u32,
    schema: SchemaRef,
    factory: ArrowRowGroupWriterFactory,
    path: &'a Path,
}

/// Writes the rows of a table, given by range, sorted within each by key, day and row. The caller
/// has to sync the file.
pub fn write(
    table: &'static TableSpec,
    batch: u32,
    ranges: Vec<Vec<Rows>>,
    path: PathBuf,
    threads: usize,
) -> Result<Encoded, Failure> {
    let schema = schema(table);
    let mut properties = properties(table);
    add_encoded_arrow_schema_to_metadata(&schema, &mut properties);
    let fault = |e: ParquetError| parquet_failure("write facts", &path, e);
    let descriptor = ArrowSchemaConverter::new().convert(&schema).map_err(fault)?;
    let out = Digesting { file: disk::new_file(&path)?, digest: Sha256::new() };
    let root = descriptor.root_schema_ptr();
    let mut writer = SerializedFileWriter::new(out, root, Arc::new(properties)).map_err(fault)?;
    let factory = ArrowRowGroupWriterFactory::new(&writer, Arc::clone(&schema));
    let job = Job { table, batch, schema, factory, path: &path };
    let mut done = Encoded::default();
    let encode = |range| encode_range(&job, range);
    ordered::each("encode facts", ranges, threads, encode, &mut |groups| {
        for group in groups {
            let mut row_group = writer.next_row_group().map_err(fault)?;
            for chunk in group.chunks {
                chunk.append_to_row_group(&mut row_group).map_err(fault)?;
            }
            row_group.close().map_err(fault)?;
            done.rows += group.rows as u64;
            done.sum_fen = done.sum_fen.saturating_add(group.sum_fen);
            done.known.extend(group.known);
            done.periods.extend(group.periods);
        }
        Ok(())
    })?;
    let out = writer.into_inner().map_err(fault)?;
    done.sha256 = hex(&out.digest.finalize());
    done.file = Some(out.file);
    Ok(done)
}

fn encode_range(job: &Job<'_>, segments: Vec<Rows>) -> Result<Vec<Group>, Failure> {
    let rows = arranged(job.table, &segments);
    drop(segments);
    let starts = (0..rows.rows.len()).step_by(GROUP_ROWS);
    let groups = starts.map(|from| from..rows.rows.len().min(from + GROUP_ROWS));
    groups.map(|part| encode_group(job, &rows, part)).collect()
}

fn encode_group(job: &Job<'_>, all: &Rows, part: Range<usize>) -> Result<Group, Failure> {
    let fault = |e: ParquetError| parquet_failure("encode facts", job.path, e);
    let money = job.table.stored().position(|c| c.required && c.kind == Kind::Fen);
    let writers = job.factory.create_column_writers(0).map_err(fault)?;
    let mut group = Group {
        chunks: Vec::new(),
        rows: part.len(),
        sum_fen: 0,
        known: known(job.table, all, &part),
        periods: periods(job.table, all, &part),
    };
    if let Some(Some(Values::Wide(amounts))) = money.and_then(|at| all.columns.get(at)) {
        let amounts = amounts.get(part.clone()).unwrap_or_default().iter();
        group.sum_fen = amounts.filter(|a| **a != NONE).fold(0, |sum, a| sum.saturating_add(*a));
    }
    for (at, (mut writer, field)) in writers.into_iter().zip(job.schema.fields()).enumerate() {
        let array = match (all.columns.get(at), field.name().as_str()) {
            (Some(Some(values)), _) => values.array(part.clone(), field.data_type()),
            (_, "id_quality") => qualities(all.quality.get(part.clone()).unwrap_or_default()),
            _ => origins(all.rows.get(part.clone()).unwrap_or_default(), job.batch),
        };
        for leaf in compute_leaves(field, &array).map_err(fault)? {
            writer.write(&leaf).map_err(fault)?;
        }
        group.chunks.push(writer.close().map_err(fault)?);
    }
    Ok(group)
}

fn qualities(indexes: &[u8]) -> ArrayRef {
    let mut builder = StringViewBuilder::with_capacity(indexes.len());
    for index in indexes {
        let quality = IdQuality::ALL.get(usize::from(*index)).unwrap_or(&IdQuality::Missing);
        builder.append_value(quality.code());
    }
    Arc::new(builder.finish())
}

fn origins(rows: &[u32], batch: u32) -> ArrayRef {
    Arc::new(rows.iter().map(|row| row_ref(batch, *row)).collect::<Int64Array>())
}

/// Pairs of a person column and the name column that belongs to it: `person` and `name`, `payee`
/// and `payee_name`. Each pair once.
fn known(table: &TableSpec, rows: &Rows, part: &Range<usize>) -> Vec<Known> {
    let mut all = Vec::new();
    for (at, spec) in table.stored().enumerate().filter(|(_, c)| c.kind == Kind::Person) {
        let own = if table.key == Some(spec.name) { "name" } else { "" };
        let is_its_name = |name: &str| name == own || name.strip_suffix("_name") == Some(spec.name);
        let name = table.stored().position(|c| c.kind == Kind::Name && is_its_name(c.name));
        let name = name.and_then(|at| rows.columns.get(at));
        if let (Some(Some(Values::Keys(people))), Some(Some(Values::Keys(names)))) =
            (rows.columns.get(at), name)
        {
            let people = people.get(part.clone()).unwrap_or_default().iter().copied();
            let names = names.get(part.clone()).unwrap_or_default().iter().copied();
            let pairs = people.zip(names);
            // Rows of one person follow each other: most repeats go before anything is sorted.
            pairs.filter(|(person, name)| *person != 0 && *name != 0).for_each(|pair| {
                if all.last() != Some(&pair) {
                    all.push(pair);
                }
            });
        }
    }
    all.sort_unstable();
    all.dedup();
    all
}

/// Months that some rows are for, each once; 0 for rows without one.
fn periods(table: &TableSpec, rows: &Rows, part: &Range<usize>) -> Vec<i32> {
    let at = table.stored().position(|c| c.name == PERIOD);
    let Some(Some(Some(Values::Narrow(months)))) =
        at.map(|at| rows.columns.get(at).map(Option::as_ref))
    else {
        return Vec::new();
    };
    let mut met = Vec::new();
    for month in months.get(part.clone()).unwrap_or_default() {
        let month = if *month == NONE_32 { 0 } else { *month };
        // A file holds few months, so this is quicker than any set.
        if !met.contains(&month) {
            met.push(month);
        }
    }
    met
}

/// How columns are stored. Keys, places, programmes and amounts repeat within a range, so they are
/// stored by dictionaries, which also load quickly; nothing is compressed further, since that costs
/// more time than it saves bytes.
fn properties(table: &TableSpec) -> WriterProperties {
    let mut builder = WriterProperties::builder()
        .set_created_by("mingbai".to_owned())
        .set_data_page_row_count_limit(PAGE_ROWS)
        .set_write_batch_size(PAGE_ROWS)
        .set_dictionary_page_size_limit(DICTIONARY_BYTES)
        .set_statistics_enabled(EnabledStatistics::None)
        .set_column_dictionary_enabled(ColumnPath::from("ref"), false)
        .set_column_encoding(ColumnPath::from("ref"), Encoding::DELTA_BINARY_PACKED);
    if let Some(key) = table.key {
        builder =
            builder.set_column_statistics_enabled(ColumnPath::from(key), EnabledStatistics::Page);
    }
    builder.build()
}

/// The failure that an error of the Parquet library means.
pub fn parquet_failure(during: &'static str, path: &Path, error: ParquetError) -> Failure {
    if let ParquetError::External(inner) = &error
        && let Some(io) = inner.downcast_ref::<std::io::Error>()
    {
        return disk::failure(during, path, io);
    }
    Fault::new(during, format!("{}: {error}", path.display())).into()
}
