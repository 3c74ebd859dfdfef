//! Streaming a sheet in chunks, and turning a chunk into a block.

use domain::problem::{Failure, Fault};

use crate::block::Block;
use crate::recognise::Plan;
use crate::source::Source;

/// A stretch of a sheet, a few MiB, cut at row ends.
#[derive(Debug)]
pub struct Chunk {
    first_row: u32,
    rows: u32,
    bytes: u64,
}

impl Chunk {
    /// Number of its first row in the sheet, from 1.
    #[must_use]
    pub fn first_row(&self) -> u32 {
        self.first_row
    }

    /// Rows in it, of any kind.
    #[must_use]
    pub fn rows(&self) -> u64 {
        self.rows.into()
    }

    /// Bytes of the source that it stands for; for workbooks an estimate.
    #[must_use]
    pub fn bytes(&self) -> u64 {
        self.bytes
    }
}

/// The chunks of a sheet in order.
#[derive(Debug)]
pub struct Chunks {}

impl Iterator for Chunks {
    type Item = Result<Chunk, Failure>;

    fn next(&mut self) -> Option<Self::Item> {
        None
    }
}

/// Streams the data rows of a sheet.
///
/// # Errors
/// When the file can no longer be opened.
pub fn chunks(source: &Source, _plan: &Plan) -> Result<Chunks, Failure> {
    Err(Fault::new("read", source.name()).into())
}

/// Turns a chunk into a block. Pure: called from several threads at once.
#[must_use]
pub fn parse(_chunk: &Chunk, _plan: &Plan) -> Block {
    Block::default()
}
