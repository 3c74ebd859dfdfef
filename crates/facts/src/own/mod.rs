//! What people see of themselves: a reader that a server keeps open. It proves first that somebody
//! is who he says, and only then shows payments, facts and looks.
//!
//! Names and ID numbers go in and never come out. A look that must fail costs the same reads as one
//! that succeeds: the same records, the same number of opened vault blocks.
//!
//! What is deliberately absent: limits of attempts, which need a clock, and any cache of people.

mod codes;
mod commit;
mod identify;
mod looks;
mod records;
mod shown;

use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError, RwLock};

use domain::problem::Failure;

use crate::access::AccessEntry;
use crate::batch::Batch;
use crate::dictionary::Dictionaries;
use crate::disk;
use crate::folder::Folder;
use crate::keys::Keys;
use crate::vault::VaultFile;

pub use codes::{Claim, Slip};
pub use looks::Look;
pub use shown::{Disability, LastFour, OwnFacts, OwnPayment};

pub(crate) use looks::OWN;
pub(crate) use records::erase;

use records::{Records, SHOWN};

/// Somebody who has proved to be a person of the facts.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct PersonKey(u64);

impl PersonKey {
    /// The person of a key that was kept, by a session for instance.
    #[must_use]
    pub const fn from_number(number: u64) -> Self {
        Self(number)
    }

    /// The key as findings and requests hold it.
    #[must_use]
    pub const fn number(self) -> u64 {
        self.0
    }
}

impl std::fmt::Debug for PersonKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("PersonKey")
    }
}

/// How much was read since opening: the same for a look that succeeds and one that fails.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Work {
    /// Pieces of records read.
    pub reads: u64,
    /// Vault blocks opened.
    pub blocks: u64,
}

/// A data folder kept open for people who look at their own data. Shared by any number of threads.
pub struct OwnReader {
    folder: Folder,
    /// Replaced as a whole, so that a look sees one state of the folder.
    opened: RwLock<Arc<Opened>>,
    refreshing: Mutex<()>,
    looks: looks::Looks,
    committer: commit::Committer,
}

/// The live batches at one time.
struct Opened {
    /// Ascending by number.
    parts: Vec<Arc<Part>>,
    dictionaries: Dictionaries,
    stamp: Stamp,
}

/// A batch kept open.
struct Part {
    batch: u32,
    vault: VaultFile,
    /// Parallel to [`SHOWN`].
    records: Vec<Option<Records>>,
}

/// What changes when a batch comes or goes, or a programme gets another meaning.
#[derive(PartialEq, Eq)]
struct Stamp {
    batches: Vec<(u32, PathBuf, bool)>,
    mapped: Option<String>,
}

impl Stamp {
    fn read(folder: &Folder) -> Result<Self, Failure> {
        let batches = disk::numbered(&folder.batches_dir())?.into_iter();
        let batches = batches.map(|(number, dir)| {
            let live = Batch::is_live(&dir);
            (number, dir, live)
        });
        let mapped = disk::read_if_there(&Dictionaries::mapped_file(folder.dir()))?;
        Ok(Self { batches: batches.collect(), mapped })
    }
}

impl Part {
    fn open(batch: &Batch, keys: &Keys) -> Result<Self, Failure> {
        let records = SHOWN.iter().map(|shown| Records::of_batch(batch, *shown));
        let records = records.collect::<Result<_, _>>()?;
        let vault = VaultFile::open(batch.vault(), batch.manifest.batch, keys)?;
        Ok(Self { batch: batch.manifest.batch, vault, records })
    }

    /// Records of a table, by its place in [`SHOWN`].
    fn records(&self, table: usize) -> Option<&Records> {
        self.records.get(table)?.as_ref()
    }
}

impl Opened {
    /// Opens the live batches; those that are open already are taken over.
    fn read(folder: &Folder, before: &[Arc<Part>]) -> Result<Self, Failure> {
        // First the stamp: what changes from here on is noticed by the next refresh.
        let stamp = Stamp::read(folder)?;
        let (live, dictionaries) = folder.live_batches_and_dictionaries()?;
        let mut parts = Vec::with_capacity(live.len());
        for batch in &live {
            let known = before.iter().find(|part| part.batch == batch.manifest.batch);
            parts.push(match known {
                Some(part) => Arc::clone(part),
                None => Arc::new(Part::open(batch, &folder.keys)?),
            });
        }
        Ok(Self { parts, dictionaries, stamp })
    }
}

impl OwnReader {
    /// Opens a folder. What is needed for quick looks and not there yet is made first, which takes
    /// about a second for ten million payments.
    ///
    /// # Errors
    /// When stored facts, the vault or the access log cannot be read.
    pub fn open(folder: &Folder) -> Result<Self, Failure> {
        let opened = Opened::read(folder, &[])?;
        Ok(Self {
            folder: folder.clone(),
            opened: RwLock::new(Arc::new(opened)),
            refreshing: Mutex::new(()),
            looks: looks::Looks::open(folder.access_log())?,
            committer: commit::Committer::start(folder.access_log()),
        })
    }

    /// Takes up batches that came, and lets go of those that were taken back. Says whether anything
    /// had changed. Costs a few microseconds a batch when not; looks go on meanwhile in any case.
    ///
    /// # Errors
    /// When a new batch cannot be read; then looks go on with what was open before.
    pub fn refresh(&self) -> Result<bool, Failure> {
        let _one_at_a_time = self.refreshing.lock().unwrap_or_else(PoisonError::into_inner);
        let before = self.opened();
        if Stamp::read(&self.folder)? == before.stamp {
            return Ok(false);
        }
        let now = Arc::new(Opened::read(&self.folder, &before.parts)?);
        *self.opened.write().unwrap_or_else(PoisonError::into_inner) = now;
        Ok(true)
    }

    /// The person with an ID number, a name, and the last four digits of a card to which money for
    /// this person was paid (one of the eight latest cards). `None` if any of them does not fit,
    /// with the same work whatever it is. Numbers with a wrong check digit identify nobody.
    ///
    /// # Errors
    /// When records or the vault cannot be read.
    pub fn identify(
        &self,
        id_number: &str,
        name: &str,
        last_four: &str,
    ) -> Result<Option<PersonKey>, Failure> {
        let stated = identify::Stated::read(&self.folder.keys, id_number, name, last_four);
        let fits = stated.fits(&self.opened().parts, &self.folder.keys)?;
        Ok(bool::from(fits).then_some(PersonKey(stated.person)))
    }

    /// All payments for a person, the latest first.
    ///
    /// # Errors
    /// When records or the vault cannot be read.
    pub fn payments(&self, person: PersonKey) -> Result<Vec<OwnPayment>, Failure> {
        let opened = self.opened();
        shown::payments(&opened.parts, &opened.dictionaries, person.0)
    }

    /// What is known of a person besides payments, as far as it says what he or she may be entitled
    /// to.
    ///
    /// # Errors
    /// When records or the vault cannot be read.
    pub fn facts(&self, person: PersonKey) -> Result<OwnFacts, Failure> {
        let opened = self.opened();
        shown::facts(&opened.parts, &opened.dictionaries, person.0)
    }

    /// Who looked at a person's data and why, the latest first; own looks among them.
    ///
    /// # Errors
    /// When the access log cannot be read.
    pub fn looks(&self, person: PersonKey) -> Result<Vec<Look>, Failure> {
        self.looks.of(person.0)
    }

    /// Writes down that a person looks at the own data: it is on disk when this returns. People who
    /// look at one time share one sync.
    ///
    /// # Errors
    /// When the disk refuses; then nothing may be shown.
    pub fn log_own_look(&self, person: PersonKey, at_ms: i64) -> Result<(), Failure> {
        let entry = AccessEntry {
            at_ms,
            act: looks::OWN.to_owned(),
            people: 1,
            subject: Some(person.0),
            ..AccessEntry::default()
        };
        self.committer.write(entry.line()?)
    }

    /// How much was read so far from the batches that are open now.
    #[must_use]
    pub fn work(&self) -> Work {
        let mut work = Work::default();
        for part in &self.opened().parts {
            work.reads += part.records.iter().flatten().map(Records::reads).sum::<u64>();
            work.blocks += part.vault.opened();
        }
        work
    }

    fn opened(&self) -> Arc<Opened> {
        Arc::clone(&self.opened.read().unwrap_or_else(PoisonError::into_inner))
    }
}

impl std::fmt::Debug for OwnReader {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("OwnReader").field("batches", &self.opened().parts.len()).finish()
    }
}
