//! Who looked at whom, and why: one line a look, never an ID number or a name.

use std::fs::{File, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::{FileExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use domain::problem::{Failure, Fault};
use serde::{Deserialize, Serialize};

use crate::{Folder, disk};

/// A look at people behind their pseudonyms.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccessEntry {
    /// When, milliseconds since 1970 UTC.
    pub at_ms: i64,
    /// Account of the operating system, or user of the register; empty for the person in question.
    pub user: String,
    /// Office for which the user looked: what the people in question are told.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub office: String,
    /// What was done: `person`, `findings`, `report`, `own`.
    pub act: String,
    /// Why, in the user's words.
    pub purpose: String,
    /// How many people could be seen.
    pub people: u64,
    /// The key of the one person asked for, if one was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subject: Option<u64>,
    /// Keys of the people who could be seen, if several could.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub subjects: Vec<u64>,
}

impl AccessEntry {
    /// The line of the log.
    pub(crate) fn line(&self) -> Result<Vec<u8>, Fault> {
        let mut line = serde_json::to_vec(self).map_err(|e| Fault::new("write access log", e))?;
        line.push(b'\n');
        Ok(line)
    }
}

impl Folder {
    /// Writes down a look at people, before it happens: it is on disk when this returns.
    ///
    /// # Errors
    /// When the disk refuses; then the look must not happen.
    pub fn log_access(&self, entry: &AccessEntry) -> Result<(), Failure> {
        self.log_while(entry, || Ok(()))
    }

    /// Writes down a look at people and reads what is looked at while the disk takes the entry up.
    /// Nothing that was read is handed out before the entry is on disk.
    ///
    /// # Errors
    /// When the disk refuses, or what `read` meets.
    pub fn log_while<T>(
        &self,
        entry: &AccessEntry,
        read: impl FnOnce() -> Result<T, Failure>,
    ) -> Result<T, Failure> {
        let path = self.access_log();
        let line = entry.line()?;
        let failure = |e: io::Error| disk::failure("write access log", &path, &e);
        std::thread::scope(|scope| {
            let written = scope.spawn(|| append(&path, &line));
            let found = read();
            let lost = |_| Failure::from(Fault::new("write access log", "a thread failed"));
            written.join().map_err(lost)?.map_err(failure)?;
            found
        })
    }

    pub(crate) fn access_log(&self) -> PathBuf {
        self.dir().join("access.log")
    }
}

/// Appends whole lines to a log; they are on disk when this returns. Programs take turns by a lock
/// on the log itself, so that no look waits for an import.
pub fn append(path: &Path, lines: &[u8]) -> io::Result<()> {
    let mut options = OpenOptions::new();
    let mut file = options.read(true).append(true).create(true).mode(0o600).open(path)?;
    file.lock()?;
    let length = file.metadata()?.len();
    if length == 0 {
        File::open(path.parent().unwrap_or(path))?.sync_all()?;
    }
    // A line that was cut off by a loss of power must not swallow the next one.
    let mut last = [b'\n'];
    if length > 0 {
        file.read_exact_at(&mut last, length - 1)?;
    }
    let closing: &[u8] = if last == *b"\n" { b"" } else { b"\n" };
    file.write_all(&[closing, lines].concat())?;
    file.unlock()?;
    file.sync_data()
}
