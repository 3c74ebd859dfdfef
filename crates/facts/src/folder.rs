//! A data folder.

use std::path::{Path, PathBuf};

use domain::benefit::Benefits;
use domain::facts::TableSpec;
use domain::problem::{Failure, Fault};
use exchange::mapping::Mapping;
use exchange::recognise::Plan;
use exchange::source::Source;

use crate::{
    AccessEntry, BatchProblem, Dictionaries, ImportOptions, Imported, Loaded, Manifest, PersonRows,
    Vault,
};

/// An opened data folder.
#[derive(Debug)]
pub struct Folder {
    dir: PathBuf,
    keys: PathBuf,
    county: String,
}

impl Folder {
    /// Makes a data folder and its keys. Keys lie in `keys`, or in `<dir>-keys` beside the folder.
    ///
    /// # Errors
    /// Not there yet.
    pub fn init(dir: &Path, keys: Option<&Path>, county: &str) -> Result<Self, Failure> {
        let _given = (dir, keys, county);
        Err(Fault::new("facts", "not there yet").into())
    }

    /// Opens a data folder.
    ///
    /// # Errors
    /// Not there yet.
    pub fn open(dir: &Path, keys: Option<&Path>) -> Result<Self, Failure> {
        let _given = (dir, keys);
        Err(Fault::new("facts", "not there yet").into())
    }

    /// Imports a file as one batch: all of it or nothing.
    ///
    /// # Errors
    /// Not there yet.
    pub fn import(
        &self,
        source: &Source,
        plans: &[Plan],
        benefits: &Benefits,
        options: &ImportOptions<'_>,
    ) -> Result<Imported, Failure> {
        let _given = (self, source, plans, benefits, options);
        Err(Fault::new("facts", "not there yet").into())
    }

    /// All batches by number, withdrawn ones among them.
    ///
    /// # Errors
    /// Not there yet.
    pub fn batches(&self) -> Result<Vec<Manifest>, Failure> {
        let _given = (self,);
        Err(Fault::new("facts", "not there yet").into())
    }

    /// Takes a batch back: facts and names are erased, its manifest stays with the reason.
    ///
    /// # Errors
    /// Not there yet.
    pub fn withdraw(&self, batch: u32, reason: &str, now_ms: i64) -> Result<Manifest, Failure> {
        let _given = (self, batch, reason, now_ms);
        Err(Fault::new("facts", "not there yet").into())
    }

    /// The problems file of a batch.
    ///
    /// # Errors
    /// Not there yet.
    pub fn problems(&self, batch: u32) -> Result<Vec<BatchProblem>, Failure> {
        let _given = (self, batch);
        Err(Fault::new("facts", "not there yet").into())
    }

    /// Villages and programmes by number.
    ///
    /// # Errors
    /// Not there yet.
    pub fn dictionaries(&self) -> Result<Dictionaries, Failure> {
        let _given = (self,);
        Err(Fault::new("facts", "not there yet").into())
    }

    /// Says which programme of the catalogue a name means from now on.
    ///
    /// # Errors
    /// Not there yet.
    pub fn map_programme(
        &self,
        name: &str,
        code: &str,
        benefits: &Benefits,
    ) -> Result<(), Failure> {
        let _given = (self, name, code, benefits);
        Err(Fault::new("facts", "not there yet").into())
    }

    /// Loads columns of a table from all live batches.
    ///
    /// # Errors
    /// Not there yet.
    pub fn load(&self, table: &TableSpec, columns: &[&str]) -> Result<Loaded, Failure> {
        let _given = (self, table, columns);
        Err(Fault::new("facts", "not there yet").into())
    }

    /// All rows of the person with an ID number in normal form.
    ///
    /// # Errors
    /// Not there yet.
    pub fn person(&self, id_number: &str) -> Result<PersonRows, Failure> {
        let _given = (self, id_number);
        Err(Fault::new("facts", "not there yet").into())
    }

    /// Opens the vaults of all live batches.
    ///
    /// # Errors
    /// Not there yet.
    pub fn vault(&self) -> Result<Vault, Failure> {
        let _given = (self,);
        Err(Fault::new("facts", "not there yet").into())
    }

    /// Writes down a look at people, before it happens.
    ///
    /// # Errors
    /// Not there yet.
    pub fn log_access(&self, entry: &AccessEntry) -> Result<(), Failure> {
        let _given = (self, entry);
        Err(Fault::new("facts", "not there yet").into())
    }

    /// Remembers the mapping of a source.
    ///
    /// # Errors
    /// Not there yet.
    pub fn remember_mapping(&self, fingerprint: &str, mapping: &Mapping) -> Result<(), Failure> {
        let _given = (self, fingerprint, mapping);
        Err(Fault::new("facts", "not there yet").into())
    }

    /// The remembered mapping of a source.
    ///
    /// # Errors
    /// Not there yet.
    pub fn mapping_for(&self, fingerprint: &str) -> Result<Option<Mapping>, Failure> {
        let _given = (self, fingerprint);
        Err(Fault::new("facts", "not there yet").into())
    }

    /// Stores the files of a run; all or nothing.
    ///
    /// # Errors
    /// Not there yet.
    pub fn save_run(&self, files: &[(&str, &[u8])]) -> Result<u32, Failure> {
        let _given = (self, files);
        Err(Fault::new("facts", "not there yet").into())
    }

    /// Number and folder of the latest run.
    ///
    /// # Errors
    /// Not there yet.
    pub fn latest_run(&self) -> Result<Option<(u32, PathBuf)>, Failure> {
        let _given = (self,);
        Err(Fault::new("facts", "not there yet").into())
    }

    /// Where the data lie.
    #[must_use]
    pub fn dir(&self) -> &Path {
        &self.dir
    }

    /// Where the keys lie.
    #[must_use]
    pub fn keys_dir(&self) -> &Path {
        &self.keys
    }

    /// Name of the county.
    #[must_use]
    pub fn county(&self) -> &str {
        &self.county
    }

    /// The key of a person with an ID number in normal form.
    #[must_use]
    pub fn key_of_id(&self, _id_number: &str) -> u64 {
        0
    }
}
