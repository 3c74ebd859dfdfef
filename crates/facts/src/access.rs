//! Who looked at whom, and why: one line a look, never an ID number or a name.

use std::fs::OpenOptions;
use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;

use domain::problem::{Failure, Fault};
use serde::{Deserialize, Serialize};

use crate::{Folder, disk};

/// A look at people behind their pseudonyms.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccessEntry {
    /// When, milliseconds since 1970 UTC.
    pub at_ms: i64,
    /// Account of the operating system.
    pub user: String,
    /// What was done: `person`, `findings`, `report`.
    pub act: String,
    /// Why, in the user's words.
    pub purpose: String,
    /// How many people could be seen.
    pub people: u64,
    /// The key of the one person asked for, if one was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subject: Option<u64>,
}

impl Folder {
    /// Writes down a look at people, before it happens: it is on disk when this returns.
    ///
    /// # Errors
    /// When the disk refuses; then the look must not happen.
    pub fn log_access(&self, entry: &AccessEntry) -> Result<(), Failure> {
        let _lock = self.lock()?;
        let path = self.dir().join("access.log");
        let mut line = serde_json::to_vec(entry).map_err(|e| Fault::new("write access log", e))?;
        line.push(b'\n');
        let mut options = OpenOptions::new();
        let opened = options.append(true).create(true).mode(0o600).open(&path);
        let written = opened.and_then(|mut file| {
            file.write_all(&line)?;
            file.sync_all()
        });
        written.map_err(|e| disk::failure("write access log", &path, &e))
    }
}
