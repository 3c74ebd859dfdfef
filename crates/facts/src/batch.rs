//! A batch on disk, and how it is taken back.

use std::fs;
use std::path::{Path, PathBuf};

use domain::facts::TableSpec;
use domain::problem::{Failure, Fault, Place, Problem};

use crate::manifest::{Manifest, Waiting, Withdrawn};
use crate::{disk, own};

const MANIFEST: &str = "manifest.json";
const WITHDRAWN: &str = "withdrawn.json";
const WAITING: &str = "waiting.json";
const ACCEPTED: &str = "accepted.json";
const VAULT: &str = "vault.bin";

/// A batch on disk.
#[derive(Debug, Clone)]
pub struct Batch {
    /// Its folder.
    pub dir: PathBuf,
    /// What it says about itself.
    pub manifest: Manifest,
}

impl Batch {
    /// Reads what a batch says about itself.
    pub fn read(dir: PathBuf) -> Result<Self, Failure> {
        let path = dir.join(MANIFEST);
        let damaged = |e: &dyn std::fmt::Display| {
            Fault::new("read manifest", format!("{}: {e}", path.display()))
        };
        let text = fs::read_to_string(&path).map_err(|e| damaged(&e))?;
        let mut manifest: Manifest = serde_json::from_str(&text).map_err(|e| damaged(&e))?;
        if let Some(text) = disk::read_if_there(&dir.join(WITHDRAWN))? {
            manifest.withdrawn = Some(serde_json::from_str(&text).map_err(|e| damaged(&e))?);
        }
        if waits(&dir)
            && let Some(text) = disk::read_if_there(&dir.join(WAITING))?
        {
            manifest.waiting = Some(serde_json::from_str(&text).map_err(|e| damaged(&e))?);
        }
        Ok(Self { dir, manifest })
    }

    /// Writes what a batch says about itself into its folder.
    pub fn write(&self) -> Result<(), Failure> {
        let text = serde_json::to_vec_pretty(&self.manifest)
            .map_err(|e| Fault::new("write manifest", e))?;
        disk::write_new(&self.dir.join(MANIFEST), &text)
    }

    /// The file of a table.
    pub fn facts(&self, table: &str) -> PathBuf {
        self.dir.join(format!("{table}.parquet"))
    }

    /// The file of a table, if the batch has rows of it.
    pub fn facts_of(&self, table: &TableSpec) -> Option<PathBuf> {
        let has = self.manifest.tables.iter().any(|t| t.table == table.name && t.rows > 0);
        has.then(|| self.facts(table.name))
    }

    /// The folder of rows that people are shown of themselves, made from facts: outside of the
    /// batch, which never changes.
    pub fn own_rows(&self) -> PathBuf {
        let data = self.dir.parent().and_then(Path::parent);
        data.unwrap_or(&self.dir).join("own")
    }

    /// Whether the batch in a folder is in use: not taken back, and not waiting to be accepted.
    pub fn is_live(dir: &Path) -> bool {
        !dir.join(WITHDRAWN).exists() && !waits(dir)
    }

    /// Name of its folder: `000007-payments`.
    pub fn name(&self) -> String {
        self.dir.file_name().unwrap_or_default().to_string_lossy().into_owned()
    }

    /// Makes a batch wait from its first moment on; called before it is published.
    pub fn hold(&mut self, whose: &Waiting) -> Result<(), Failure> {
        let text = serde_json::to_vec(whose).map_err(|e| Fault::new("hold batch", e))?;
        self.manifest.waiting = Some(whose.clone());
        disk::write_new(&self.dir.join(WAITING), &text)
    }

    /// Puts a waiting batch to use. Done again it changes nothing.
    pub fn accept(&self, now_ms: i64) -> Result<(), Failure> {
        if self.manifest.waiting.is_none() {
            return Ok(());
        }
        let text = format!("{{\"at_ms\":{now_ms}}}\n");
        disk::replace(&self.dir.join(ACCEPTED), text.as_bytes())
    }

    /// The file of names and numbers.
    pub fn vault(&self) -> PathBuf {
        self.dir.join(VAULT)
    }
}

/// A batch that came over the site waits until whoever answers for it has accepted it. Both notes stand
/// beside the batch, which never changes.
fn waits(dir: &Path) -> bool {
    dir.join(WAITING).exists() && !dir.join(ACCEPTED).exists()
}

/// Takes a batch back. The note that it is gone is on disk before anything is erased, so that an
/// interrupted withdrawal never leaves half a batch in use.
pub fn withdraw(batch: Batch, reason: &str, now_ms: i64) -> Result<Manifest, Failure> {
    let mut manifest = batch.manifest.clone();
    if manifest.withdrawn.is_some() {
        let problem = Problem::new("batch-already-withdrawn", Place::default());
        return Err(problem.with("batch", manifest.batch).into());
    }
    let note = Withdrawn { at_ms: now_ms, reason: reason.to_owned() };
    let text = serde_json::to_vec(&note).map_err(|e| Fault::new("write withdrawal", e))?;
    disk::replace(&batch.dir.join(WITHDRAWN), &text)?;
    manifest.withdrawn = Some(note);
    let batch = Batch { manifest, ..batch };
    erase_withdrawn(&batch)?;
    Ok(batch.manifest)
}

/// Erases facts and names of a batch that was taken back. Called again by every import, for the
/// case that somebody pulled the plug half-way.
pub fn erase_withdrawn(batch: &Batch) -> Result<(), Failure> {
    if batch.manifest.withdrawn.is_none() {
        return Ok(());
    }
    for table in &batch.manifest.tables {
        disk::remove_if_there(&batch.facts(&table.table))?;
    }
    disk::remove_if_there(&batch.vault())?;
    own::erase(&batch.own_rows(), batch.manifest.batch)?;
    disk::sync_folder(&batch.dir)
}
