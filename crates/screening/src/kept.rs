//! The answer of a part of a plan over some payments, and its form on disk: a head in JSON, then
//! record batches as Arrow writes them.

use std::collections::BTreeMap;
use std::io::Cursor;
use std::sync::Arc;

use arrow::array::{AsArray, BooleanArray, RecordBatch, UInt32Array};
use arrow::compute::{concat_batches, filter_record_batch, take_record_batch};
use arrow::datatypes::{Field, Int32Type, Schema, SchemaRef, UInt64Type};
use arrow::error::ArrowError;
use arrow_ipc::reader::StreamReader;
use arrow_ipc::writer::StreamWriter;
use datafusion::logical_expr::LogicalPlan;
use facts::RANGES;
use serde::{Deserialize, Serialize};

use crate::provider::Table;

/// Bytes of an answer that is worth keeping, at most.
const LARGEST: usize = 64 << 20;
/// Bytes of the length before the head.
const LENGTH: usize = 4;

/// What an answer was made from.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct About {
    /// Digest of everything but payments that the answer depends on.
    pub key: String,
    /// Batches of payments by number, with the digests of their rows.
    pub payments: BTreeMap<u32, String>,
    /// The column by whose ranges the rows are cut and in whose order they lie.
    pub keyed: Option<usize>,
    /// Record batches of each range.
    pub ranges: Vec<usize>,
    /// The answer was too large to be kept; there is nothing but this note.
    pub too_large: bool,
}

/// Rows of an answer: in [`RANGES`] ranges of one of its columns, or in one part.
#[derive(Debug, Clone)]
pub struct Answer {
    pub schema: SchemaRef,
    pub keyed: Option<usize>,
    pub ranges: Vec<Vec<RecordBatch>>,
}

/// The schema in which the answer of a part is kept: its columns by number, since names repeat.
pub fn schema(plan: &LogicalPlan) -> SchemaRef {
    let field = |(at, field): (usize, &Arc<Field>)| {
        Field::new(format!("c{at}"), field.data_type().clone(), field.is_nullable())
    };
    Arc::new(Schema::new(plan.schema().fields().iter().enumerate().map(field).collect::<Vec<_>>()))
}

type Done<T> = Result<T, ArrowError>;

impl Answer {
    /// Number of rows.
    pub fn rows(&self) -> usize {
        self.ranges.iter().flatten().map(RecordBatch::num_rows).sum()
    }

    /// The rows as a table that plans can read.
    pub fn table(&self) -> Table {
        let key = self.keyed.map(|at| format!("c{at}"));
        Table::of(Arc::clone(&self.schema), self.ranges.clone(), key.as_deref())
    }

    /// These rows and those of another answer.
    pub fn with(mut self, more: Self) -> Done<Self> {
        if self.keyed.is_none() || self.keyed != more.keyed {
            let all = self.ranges.into_iter().chain(more.ranges).flatten().collect();
            return Ok(Self { schema: self.schema, keyed: None, ranges: vec![all] });
        }
        for (range, more) in self.ranges.iter_mut().zip(more.ranges) {
            if more.iter().any(|batch| batch.num_rows() > 0) {
                *range = vec![merged(&self.schema, range, &more, self.keyed)?];
            }
        }
        Ok(self)
    }

    /// Without the rows that are for some months; 0 stands for rows without one.
    pub fn without_months(mut self, column: usize, months: &[i32]) -> Done<Self> {
        for batch in self.ranges.iter_mut().flatten() {
            *batch = of_months(batch, column, |month| !months.contains(&month))?;
        }
        Ok(self)
    }

    /// The form on disk.
    pub fn bytes(&self, about: &About) -> Done<Vec<u8>> {
        let joined = self.ranges.iter().map(|range| match range.as_slice() {
            [] => Ok(None),
            range => concat_batches(&self.schema, range).map(Some),
        });
        let joined = joined.collect::<Done<Vec<_>>>()?;
        let about = About {
            keyed: self.keyed,
            ranges: joined.iter().map(|range| usize::from(range.is_some())).collect(),
            ..about.clone()
        };
        let mut bytes = about.bytes()?;
        let mut writer = StreamWriter::try_new(&mut bytes, &self.schema)?;
        for batch in joined.iter().flatten() {
            writer.write(batch)?;
        }
        writer.finish()?;
        drop(writer);
        if bytes.len() > LARGEST { About { too_large: true, ..about }.bytes() } else { Ok(bytes) }
    }

    /// Reads what [`Answer::bytes`] wrote; `None` where it does not fit the schema.
    pub fn read(bytes: &[u8], about: &About, schema: &SchemaRef) -> Option<Self> {
        let head = about.bytes().ok()?.len();
        let mut reader = StreamReader::try_new(Cursor::new(bytes.get(head..)?), None).ok()?;
        if reader.schema() != *schema {
            return None;
        }
        let mut ranges = Vec::with_capacity(about.ranges.len());
        for count in &about.ranges {
            let range: Done<Vec<RecordBatch>> = reader.by_ref().take(*count).collect();
            ranges.push(range.ok().filter(|range| range.len() == *count)?);
        }
        let whole = ranges.len() == if about.keyed.is_some() { RANGES } else { 1 };
        whole.then(|| Self { schema: Arc::clone(schema), keyed: about.keyed, ranges })
    }
}

impl About {
    /// The head of the form on disk.
    pub fn bytes(&self) -> Done<Vec<u8>> {
        let json = serde_json::to_vec(self).map_err(|e| ArrowError::JsonError(e.to_string()))?;
        let mut bytes = (json.len() as u32).to_le_bytes().to_vec();
        bytes.extend(json);
        Ok(bytes)
    }

    /// Reads a head.
    pub fn read(bytes: &[u8]) -> Option<Self> {
        let (length, rest) = bytes.split_at_checked(LENGTH)?;
        let length = u32::from_le_bytes(length.try_into().ok()?) as usize;
        serde_json::from_slice(rest.get(..length)?).ok()
    }
}

/// Rows of one range in the order of its key; both parts are in it already.
fn merged(
    schema: &SchemaRef,
    old: &[RecordBatch],
    new: &[RecordBatch],
    key: Option<usize>,
) -> Done<RecordBatch> {
    let joined = concat_batches(schema, old.iter().chain(new))?;
    let rows = old.iter().map(RecordBatch::num_rows).sum::<usize>();
    let Some(keys) = key.and_then(|at| joined.column(at).as_primitive_opt::<UInt64Type>()) else {
        return Ok(joined);
    };
    let (old, new) = keys.values().split_at(rows.min(keys.len()));
    let mut order = Vec::with_capacity(keys.len());
    let mut new = new.iter().zip(rows as u32..).peekable();
    for (key, at) in old.iter().zip(0..) {
        while let Some((_, at)) = new.next_if(|(new, _)| *new < key) {
            order.push(at);
        }
        order.push(at);
    }
    order.extend(new.map(|(_, at)| at));
    take_record_batch(&joined, &UInt32Array::from(order))
}

/// Rows whose month is wanted; 0 stands for rows without one.
pub fn of_months(
    batch: &RecordBatch,
    column: usize,
    wanted: impl Fn(i32) -> bool,
) -> Done<RecordBatch> {
    let months = batch.column(column).as_primitive_opt::<Int32Type>();
    let months = months.ok_or_else(|| ArrowError::CastError("a month is no number".to_owned()))?;
    let keep: BooleanArray =
        months.iter().map(|month| Some(wanted(month.unwrap_or_default()))).collect();
    filter_record_batch(batch, &keep)
}
