//! Facts of all live batches in memory, in the order in which models want them.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use arrow::array::{ArrayRef, AsArray, Int32Array, RecordBatch, UInt32Array, new_null_array};
use arrow::compute::{concat_batches, take_record_batch};
use arrow::datatypes::{Int32Type, Schema, SchemaRef, UInt64Type};
use arrow::error::ArrowError;
use domain::facts::{Kind, TableSpec};
use domain::problem::{Failure, Fault};
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::{
    ArrowReaderMetadata, ArrowReaderOptions, ParquetRecordBatchReaderBuilder,
};
use parquet::file::statistics::Statistics;

use crate::batch::Batch;
use crate::collect::range_of;
use crate::dictionary::Dictionaries;
use crate::disk;
use crate::encode::parquet_failure;
use crate::schema::schema;

/// Key ranges: by the upper four bits of a table's key.
pub const RANGES: usize = 16;

/// Rows of a slice.
const SLICE_ROWS: usize = 32 << 10;
/// Threads that load, at most: memory is the limit, not cores.
const THREADS: usize = 4;

/// A table in memory: rows of range `n` have keys whose upper four bits are `n`, and within a range
/// rows are ordered by key, then batch, then day and row. A table without a key has all rows in
/// range 0.
#[derive(Debug, Clone)]
pub struct Loaded {
    /// Schema of all batches: the columns asked for, in the order asked for.
    pub schema: SchemaRef,
    /// [`RANGES`] ranges, each in slices.
    pub ranges: Vec<Vec<RecordBatch>>,
}

impl Loaded {
    /// All rows.
    #[must_use]
    pub fn rows(&self) -> usize {
        self.ranges.iter().flatten().map(RecordBatch::num_rows).sum()
    }
}

/// An opened file of facts.
pub struct FactsFile {
    path: PathBuf,
    /// What the file says about itself.
    pub metadata: ArrowReaderMetadata,
    /// Key range of each row group.
    ranges: Vec<usize>,
}

impl FactsFile {
    /// Opens a file and reads what it says about itself.
    pub fn open(
        path: PathBuf,
        table: &TableSpec,
        options: ArrowReaderOptions,
    ) -> Result<Self, Failure> {
        let file = File::open(&path).map_err(|e| disk::failure("open facts", &path, &e))?;
        let metadata = ArrowReaderMetadata::load(&file, options)
            .map_err(|e| parquet_failure("open facts", &path, e))?;
        let key = table.key.and_then(|key| metadata.schema().index_of(key).ok());
        let groups = metadata.metadata().row_groups().iter();
        let ranges = groups
            .map(|group| match key.and_then(|at| group.columns().get(at)?.statistics()) {
                Some(Statistics::Int64(keys)) => {
                    keys.min_opt().map_or(0, |least| range_of(least.cast_unsigned()))
                }
                _ => 0,
            })
            .collect();
        Ok(Self { path, metadata, ranges })
    }

    /// Reads the columns of a projection from the row groups of one key range.
    pub fn reader(
        &self,
        range: usize,
        columns: &[&str],
    ) -> Result<ParquetRecordBatchReaderBuilder<File>, Failure> {
        let file = File::open(&self.path);
        let file = file.map_err(|e| disk::failure("open facts", &self.path, &e))?;
        let groups = self.ranges.iter().enumerate().filter(|(_, r)| **r == range);
        let projection =
            ProjectionMask::columns(self.metadata.parquet_schema(), columns.iter().copied());
        Ok(ParquetRecordBatchReaderBuilder::new_with_metadata(file, self.metadata.clone())
            .with_row_groups(groups.map(|(at, _)| at).collect())
            .with_projection(projection))
    }

    /// Where the file lies.
    pub fn path(&self) -> &Path {
        &self.path
    }
}

/// How stored rows become loaded ones.
struct Plan<'a> {
    table: &'a TableSpec,
    /// What is asked for.
    schema: SchemaRef,
    /// The same, with what rows of several batches are ordered by.
    merge_schema: SchemaRef,
    /// Numbers that mean another by now, by number.
    programmes: Vec<i32>,
    villages: Vec<i32>,
}

/// Loads columns of a table from batches.
pub fn load(
    batches: &[Batch],
    dictionaries: &Dictionaries,
    table: &TableSpec,
    columns: &[&str],
) -> Result<Loaded, Failure> {
    let all = schema(table);
    let project = |columns: &[&str]| {
        let fields = columns.iter().map(|name| all.field_with_name(name).cloned());
        let fields = fields.collect::<Result<Vec<_>, ArrowError>>();
        fields.map(|f| Arc::new(Schema::new(f))).map_err(|e| Fault::new("load facts", e))
    };
    let mut merge_columns = columns.to_vec();
    merge_columns.extend(table.key.filter(|key| !columns.contains(key)));
    let plan = Plan {
        table,
        schema: project(columns)?,
        merge_schema: project(&merge_columns)?,
        programmes: renumbering(dictionaries.mapped.iter()),
        villages: renumbering(dictionaries.same_village.iter()),
    };
    let paths = batches.iter().filter_map(|batch| batch.facts_of(table));
    let open = |path| FactsFile::open(path, table, ArrowReaderOptions::new());
    let files: Vec<FactsFile> = paths.map(open).collect::<Result<_, _>>()?;
    let ranges = load_ranges(&plan, &files)?;
    Ok(Loaded { schema: plan.schema, ranges })
}

/// How many threads read files at a time.
pub fn threads() -> usize {
    std::thread::available_parallelism().map_or(1, usize::from).min(THREADS)
}

/// Loads all ranges, several at a time.
fn load_ranges(plan: &Plan<'_>, files: &[FactsFile]) -> Result<Vec<Vec<RecordBatch>>, Failure> {
    let next = AtomicUsize::new(0);
    let threads = threads();
    let loaded = std::thread::scope(|scope| {
        let work = || {
            let mut done = Vec::new();
            loop {
                let range = next.fetch_add(1, Ordering::Relaxed);
                if range >= RANGES {
                    return Ok(done);
                }
                done.push((range, plan.range(files, range)?));
            }
        };
        let running: Vec<_> = (0..threads).map(|_| scope.spawn(work)).collect();
        let joined = running.into_iter().map(|thread| {
            let fault = |_| Failure::from(Fault::new("load facts", "a thread failed"));
            thread.join().map_err(fault).and_then(|done| done)
        });
        joined.collect::<Result<Vec<Vec<_>>, Failure>>()
    })?;
    let mut ranges: Vec<(usize, Vec<RecordBatch>)> = loaded.into_iter().flatten().collect();
    ranges.sort_by_key(|(range, _)| *range);
    Ok(ranges.into_iter().map(|(_, batches)| batches).collect())
}

/// A table of numbers for a few that mean another one; empty when there are none.
fn renumbering<'a>(mapped: impl Iterator<Item = (&'a i32, &'a i32)> + Clone) -> Vec<i32> {
    let last = mapped.clone().map(|(from, _)| *from).max();
    let mut table: Vec<i32> = last.map_or_else(Vec::new, |last| (0..=last).collect());
    for (from, to) in mapped {
        usize::try_from(*from)
            .ok()
            .and_then(|at| table.get_mut(at))
            .into_iter()
            .for_each(|n| *n = *to);
    }
    table
}

impl Plan<'_> {
    fn range(&self, files: &[FactsFile], range: usize) -> Result<Vec<RecordBatch>, Failure> {
        let with_rows: Vec<&FactsFile> =
            files.iter().filter(|f| f.ranges.contains(&range)).collect();
        let [only] = with_rows.as_slice() else {
            return self.merged(&with_rows, range);
        };
        self.read(only, range, &self.schema)
    }

    fn read(
        &self,
        file: &FactsFile,
        range: usize,
        schema: &SchemaRef,
    ) -> Result<Vec<RecordBatch>, Failure> {
        let names: Vec<&str> = schema.fields().iter().map(|f| f.name().as_str()).collect();
        let fault =
            |e: ArrowError| Fault::new("load facts", format!("{}: {e}", file.path.display()));
        let reader = file.reader(range, &names)?.with_batch_size(SLICE_ROWS).build();
        let reader = reader.map_err(|e| parquet_failure("load facts", &file.path, e))?;
        let batches = reader.map(|batch| self.shaped(&batch?, schema));
        Ok(batches.collect::<Result<_, ArrowError>>().map_err(fault)?)
    }

    /// Brings a stored batch into the schema: order of columns, later meanings of numbers, and
    /// nothing in columns that the batch is too old to have.
    fn shaped(&self, batch: &RecordBatch, schema: &SchemaRef) -> Result<RecordBatch, ArrowError> {
        let column = |field: &Arc<arrow::datatypes::Field>| -> ArrayRef {
            let Some(column) = batch.column_by_name(field.name()) else {
                return new_null_array(field.data_type(), batch.num_rows());
            };
            let renumbering = match self.table.column(field.name()).map(|c| c.kind) {
                Some(Kind::Programme) => &self.programmes,
                Some(Kind::Village) => &self.villages,
                _ => return Arc::clone(column),
            };
            if renumbering.is_empty() {
                return Arc::clone(column);
            }
            let now = |number: i32| {
                let at = usize::try_from(number).ok();
                at.and_then(|at| renumbering.get(at)).copied().unwrap_or(number)
            };
            Arc::new(column.as_primitive::<Int32Type>().unary::<_, Int32Type>(now) as Int32Array)
        };
        let columns = schema.fields().iter().map(column).collect();
        let rows = arrow::array::RecordBatchOptions::new().with_row_count(Some(batch.num_rows()));
        RecordBatch::try_new_with_options(Arc::clone(schema), columns, &rows)
    }

    /// Rows of several batches in one order.
    fn merged(&self, files: &[&FactsFile], range: usize) -> Result<Vec<RecordBatch>, Failure> {
        let mut all = Vec::new();
        for file in files {
            all.extend(self.read(file, range, &self.merge_schema)?);
        }
        if all.is_empty() {
            return Ok(all);
        }
        let fault = |e: ArrowError| Fault::new("load facts", e);
        let joined = concat_batches(&self.merge_schema, &all).map_err(fault)?;
        drop(all);
        let Some(order) = self.order(&joined) else { return Ok(vec![joined]) };
        let wanted: Vec<usize> = (0..self.schema.fields().len()).collect();
        let joined = joined.project(&wanted).map_err(fault)?;
        let parts = order.chunks(SLICE_ROWS).map(|part| {
            let places = UInt32Array::from(part.to_vec());
            take_record_batch(&joined, &places)
        });
        Ok(parts.collect::<Result<_, _>>().map_err(fault)?)
    }

    /// Places of rows by key, those of one key as they stand. Batches are sorted already, and the
    /// sort makes use of sorted stretches.
    fn order(&self, rows: &RecordBatch) -> Option<Vec<u32>> {
        let keys = rows.column_by_name(self.table.key?)?.as_primitive_opt::<UInt64Type>()?;
        let mut places: Vec<(u64, u32)> = keys.values().iter().copied().zip(0..).collect();
        places.sort_by_key(|(key, _)| *key);
        Some(places.into_iter().map(|(_, at)| at).collect())
    }
}
