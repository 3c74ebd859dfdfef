//! Telling somebody how far a long step has come.

/// Whoever wants to know. Called often and from several threads: must be quick.
pub trait Progress: Sync {
    /// So many more rows and bytes of the source are done.
    fn advance(&self, rows: u64, bytes: u64);
}

/// Nobody wants to know.
impl Progress for () {
    fn advance(&self, _rows: u64, _bytes: u64) {}
}
