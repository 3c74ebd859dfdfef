//! Facts of all live batches in memory, in the order in which models want them.

use arrow::array::RecordBatch;
use arrow::datatypes::SchemaRef;

/// Key ranges: by the upper four bits of a table's key.
pub const RANGES: usize = 16;

/// A table in memory: rows of range `n` have keys whose upper four bits are `n`, and within a range
/// rows are ordered by key, then day, then origin. A table without a key has all rows in range 0.
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
