//! A file into a batch.

use exchange::progress::Progress;

use crate::manifest::Manifest;

/// How a file is imported.
#[derive(Clone, Copy)]
pub struct ImportOptions<'a> {
    /// Import a file that was imported before.
    pub again: bool,
    /// Do everything but keep the result.
    pub dry_run: bool,
    /// The present, milliseconds since 1970 UTC.
    pub now_ms: i64,
    /// Whom to tell how far it has come.
    pub progress: &'a dyn Progress,
    /// Threads that parse.
    pub threads: usize,
}

/// What came of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Imported {
    /// The batch.
    pub manifest: Manifest,
    /// Rows of its problems file.
    pub problems: u64,
    /// Nothing was kept.
    pub dry_run: bool,
}
