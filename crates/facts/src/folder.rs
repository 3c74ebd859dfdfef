//! A data folder.

use std::fs::{self, File, TryLockError};
use std::path::{Path, PathBuf};

use domain::benefit::Benefits;
use domain::facts::TableSpec;
use domain::problem::{Failure, Place, Problem};
use exchange::recognise::Plan;
use exchange::source::Source;

use crate::batch::{self, Batch};
use crate::disk;
use crate::import::How;
use crate::keys::{Keys, Sort};
use crate::manifest::SCHEMA_VERSION;
use crate::settings::Settings;
use crate::{Dictionaries, ImportOptions, Imported, Loaded, Manifest, PersonRows, Vault};
use crate::{import, load, person};

/// An opened data folder. Any number of readers may have it open, also while one writes.
#[derive(Debug, Clone)]
pub struct Folder {
    dir: PathBuf,
    keys_dir: PathBuf,
    county: String,
    pub(crate) keys: Keys,
}

/// Held while something is written.
#[derive(Debug)]
pub struct WriteLock {
    _file: File,
}

impl Folder {
    /// Makes a data folder and its keys. Keys lie in `keys`, or in `<dir>-keys` beside the folder.
    ///
    /// # Errors
    /// `folder-exists`, `keys-exist`, or when the disk refuses.
    pub fn init(dir: &Path, keys: Option<&Path>, county: &str) -> Result<Self, Failure> {
        let empty = || fs::read_dir(dir).is_ok_and(|mut entries| entries.next().is_none());
        if dir.exists() && !empty() {
            let place = Place::file(dir.display().to_string());
            return Err(Problem::new("folder-exists", place).into());
        }
        let keys_dir = keys.map_or_else(|| beside(dir), Path::to_path_buf);
        let secrets = Keys::make(&keys_dir)?;
        disk::make_folder(dir)?;
        let settings = Settings {
            schema_version: SCHEMA_VERSION,
            county: county.to_owned(),
            key_check: secrets.check_value(),
            keys: keys.map(|path| std::path::absolute(path).unwrap_or_else(|_| path.to_owned())),
        };
        settings.write(dir)?;
        let folder = Self::open(dir, keys)?;
        // Leaves the lock file behind, so that even a dry run adds no file later.
        drop(folder.lock()?);
        Ok(folder)
    }

    /// Opens a data folder.
    ///
    /// # Errors
    /// `not-a-data-folder`, `settings-damaged`, `folder-too-new`, `keys-missing`,
    /// `keys-not-private`, `keys-wrong`.
    pub fn open(dir: &Path, keys: Option<&Path>) -> Result<Self, Failure> {
        let settings = Settings::read(dir)?;
        let keys_dir = keys.map(Path::to_path_buf).or(settings.keys).unwrap_or_else(|| beside(dir));
        let secrets = Keys::read(&keys_dir)?;
        if secrets.check_value() != settings.key_check {
            let place = Place::file(keys_dir.display().to_string());
            return Err(Problem::new("keys-wrong", place).into());
        }
        Ok(Self { dir: dir.to_owned(), keys_dir, county: settings.county, keys: secrets })
    }

    /// Where the data lie.
    #[must_use]
    pub fn dir(&self) -> &Path {
        &self.dir
    }

    /// Where the keys lie.
    #[must_use]
    pub fn keys_dir(&self) -> &Path {
        &self.keys_dir
    }

    /// Name of the county.
    #[must_use]
    pub fn county(&self) -> &str {
        &self.county
    }

    /// The key of a person with an ID number in normal form.
    #[must_use]
    pub fn key_of_id(&self, id_number: &str) -> u64 {
        self.keys.keyed(Sort::Person, id_number).key
    }

    /// Imports a file as one batch: all of it or nothing.
    ///
    /// # Errors
    /// `already-imported`, `no-rows`, `file-changed`, `disk-full`, and whatever reading meets.
    pub fn import(
        &self,
        source: &Source,
        plans: &[Plan],
        benefits: &Benefits,
        options: &ImportOptions<'_>,
    ) -> Result<Imported, Failure> {
        let _lock = self.lock()?;
        import::import(self, source, plans, benefits, options, How::Final)
    }

    /// All batches by number, withdrawn ones among them.
    ///
    /// # Errors
    /// When a manifest cannot be read.
    pub fn batches(&self) -> Result<Vec<Manifest>, Failure> {
        Ok(self.all_batches()?.into_iter().map(|batch| batch.manifest).collect())
    }

    /// Takes a batch back: facts and names are erased, its manifest stays with the reason.
    ///
    /// # Errors
    /// `batch-unknown`, `batch-already-withdrawn`, or when the disk refuses.
    pub fn withdraw(&self, batch: u32, reason: &str, now_ms: i64) -> Result<Manifest, Failure> {
        let _lock = self.lock()?;
        let batch = self.batch(batch)?;
        // What was made from its rows goes first, so that nothing of them is left when all is done.
        self.erase_kept()?;
        batch::withdraw(batch, reason, now_ms)
    }

    /// Villages and programmes by number.
    ///
    /// # Errors
    /// When a manifest or the list of mapped programmes cannot be read.
    pub fn dictionaries(&self) -> Result<Dictionaries, Failure> {
        Dictionaries::read(&self.dir, &self.batches()?)
    }

    /// Says which programme of the catalogue a name means from now on.
    ///
    /// # Errors
    /// `programme-code-unknown`, `programme-name-unknown`, or when the disk refuses.
    pub fn map_programme(
        &self,
        name: &str,
        code: &str,
        benefits: &Benefits,
    ) -> Result<(), Failure> {
        let _lock = self.lock()?;
        self.dictionaries()?.map(&self.dir, name, code, benefits)
    }

    /// Loads columns of a table from all live batches.
    ///
    /// # Errors
    /// When a column is unknown, or stored facts cannot be read.
    pub fn load(&self, table: &TableSpec, columns: &[&str]) -> Result<Loaded, Failure> {
        let (live, dictionaries) = self.live_batches_and_dictionaries()?;
        load::load(&live, &dictionaries, table, columns)
    }

    /// Loads columns of a table from some of the live batches.
    ///
    /// # Errors
    /// As [`Folder::load`].
    pub fn load_some(
        &self,
        table: &TableSpec,
        columns: &[&str],
        batches: &[u32],
    ) -> Result<Loaded, Failure> {
        let (mut live, dictionaries) = self.live_batches_and_dictionaries()?;
        live.retain(|batch| batches.contains(&batch.manifest.batch));
        load::load(&live, &dictionaries, table, columns)
    }

    /// All rows of the person with an ID number in normal form, from all tables of which he or she
    /// is the main person.
    ///
    /// # Errors
    /// When stored facts or the vault cannot be read.
    pub fn person(&self, id_number: &str) -> Result<PersonRows, Failure> {
        let (live, dictionaries) = self.live_batches_and_dictionaries()?;
        let vault = Vault::open(&live, &self.keys)?;
        person::rows(&live, &dictionaries, &vault, self.key_of_id(id_number))
    }

    /// Opens the vaults of all live batches.
    ///
    /// # Errors
    /// When one is missing or is none.
    pub fn vault(&self) -> Result<Vault, Failure> {
        Vault::open(&self.live_batches()?, &self.keys)
    }

    /// Waits until nobody else writes.
    pub(crate) fn lock(&self) -> Result<WriteLock, Failure> {
        let path = self.dir.join("lock");
        let file = File::create(&path).map_err(|e| disk::failure("open lock", &path, &e))?;
        file.lock().map_err(|e| disk::failure("take lock", &path, &e))?;
        Ok(WriteLock { _file: file })
    }

    /// The same for whoever cannot wait.
    ///
    /// # Errors
    /// `folder-busy` when somebody writes.
    pub(crate) fn lock_at_once(&self) -> Result<WriteLock, Failure> {
        let path = self.dir.join("lock");
        let file = File::create(&path).map_err(|e| disk::failure("open lock", &path, &e))?;
        match file.try_lock() {
            Ok(()) => Ok(WriteLock { _file: file }),
            Err(TryLockError::WouldBlock) => {
                Err(Problem::new("folder-busy", Place::default()).into())
            }
            Err(TryLockError::Error(e)) => Err(disk::failure("take lock", &path, &e)),
        }
    }

    pub(crate) fn staging(&self) -> PathBuf {
        self.dir.join("staging")
    }

    pub(crate) fn batches_dir(&self) -> PathBuf {
        self.dir.join("batches")
    }

    pub(crate) fn all_batches(&self) -> Result<Vec<Batch>, Failure> {
        let dirs = disk::numbered(&self.batches_dir())?;
        dirs.into_iter().map(|(_, dir)| Batch::read(dir)).collect()
    }

    fn live_batches(&self) -> Result<Vec<Batch>, Failure> {
        let mut batches = self.all_batches()?;
        batches.retain(|batch| batch.manifest.is_live());
        Ok(batches)
    }

    /// Live batches with the dictionaries of all, every manifest read once.
    pub(crate) fn live_batches_and_dictionaries(
        &self,
    ) -> Result<(Vec<Batch>, Dictionaries), Failure> {
        let mut batches = self.all_batches()?;
        let manifests: Vec<Manifest> = batches.iter().map(|b| b.manifest.clone()).collect();
        let dictionaries = Dictionaries::read(&self.dir, &manifests)?;
        batches.retain(|batch| batch.manifest.is_live());
        Ok((batches, dictionaries))
    }

    pub(crate) fn batch(&self, number: u32) -> Result<Batch, Failure> {
        let found = self.all_batches()?.into_iter().find(|b| b.manifest.batch == number);
        found.ok_or_else(|| {
            Problem::new("batch-unknown", Place::default()).with("batch", number).into()
        })
    }
}

/// `<dir>-keys` beside a folder.
fn beside(dir: &Path) -> PathBuf {
    let mut name = dir.file_name().unwrap_or_default().to_owned();
    name.push("-keys");
    dir.with_file_name(name)
}
