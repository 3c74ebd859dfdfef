//! Runs of models, and remembered mappings of sources.

use std::path::PathBuf;

use domain::problem::Failure;
use exchange::mapping::Mapping;

use crate::disk::{self, Staged};
use crate::folder::Folder;

impl Folder {
    /// Stores the files of a run under the next number: all of them or none.
    ///
    /// # Errors
    /// When the disk refuses.
    pub fn save_run(&self, files: &[(&str, &[u8])]) -> Result<u32, Failure> {
        let _lock = self.lock()?;
        let runs = self.dir().join("runs");
        let number = disk::numbered(&runs)?.last().map_or(1, |(last, _)| last + 1);
        let staged = Staged::new(&self.staging(), &format!("{number:06}"))?;
        for (name, bytes) in files {
            disk::write_new(&staged.path().join(name), bytes)?;
        }
        staged.publish(&runs)?;
        Ok(number)
    }

    /// Number and folder of the latest run.
    ///
    /// # Errors
    /// When the folder cannot be read.
    pub fn latest_run(&self) -> Result<Option<(u32, PathBuf)>, Failure> {
        Ok(disk::numbered(&self.dir().join("runs"))?.pop())
    }

    /// Remembers the mapping of a source under the digest of its header.
    ///
    /// # Errors
    /// When the disk refuses.
    pub fn remember_mapping(&self, fingerprint: &str, mapping: &Mapping) -> Result<(), Failure> {
        let _lock = self.lock()?;
        let dir = self.dir().join("mappings");
        disk::make_folder(&dir)?;
        let path = dir.join(format!("{fingerprint}.toml"));
        disk::replace(&path, mapping.to_toml().as_bytes())
    }

    /// The remembered mapping of a source.
    ///
    /// # Errors
    /// The first problem of a file that somebody has damaged.
    pub fn mapping_for(&self, fingerprint: &str) -> Result<Option<Mapping>, Failure> {
        let path = self.dir().join("mappings").join(format!("{fingerprint}.toml"));
        let Some(text) = disk::read_if_there(&path)? else { return Ok(None) };
        match Mapping::parse(&path.display().to_string(), &text) {
            Ok(mapping) => Ok(Some(mapping)),
            Err(problems) => problems.into_iter().next().map_or(Ok(None), |p| Err(p.into())),
        }
    }
}
