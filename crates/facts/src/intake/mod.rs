//! Files that clerks hand in over the site. A file lies in a folder of its own until its clerk has
//! looked at what was understood and takes it; then it becomes a batch that waits to be accepted.
//!
//! Uploads hold names and numbers in clear, as the clerk's own file does: they are readable for the
//! program alone, in no backup, and gone when they were taken, discarded or left for two hours.
//! Deliberately absent: who may do what, and the record of it. That is the register's.

mod look;
mod upload;

use std::path::PathBuf;

use domain::benefit::Benefits;
use domain::facts::TableSpec;
use domain::problem::{Failure, Problem};
use exchange::source::{Limits, Source};

use crate::folder::Folder;
use crate::import::How;
use crate::{BatchProblem, ImportOptions, Imported, Manifest, Plans, import, problems};

pub use look::{Look, SheetLook};
pub use upload::{Receiving, Upload};

/// Threads that read an upload: the site needs the other cores.
const THREADS: usize = 2;

/// Takes files in.
#[derive(Debug, Clone)]
pub struct Intake {
    folder: Folder,
}

impl Intake {
    /// Of a data folder.
    #[must_use]
    pub fn new(folder: Folder) -> Self {
        Self { folder }
    }

    pub(crate) fn uploads(&self) -> PathBuf {
        self.folder.dir().join("uploads")
    }

    /// Reads an upload as if it were taken, and keeps nothing but the list of its problems.
    ///
    /// # Errors
    /// `folder-busy`, `upload-known`, and whatever reading meets.
    pub fn look(
        &self,
        upload: &Upload,
        table: Option<&'static TableSpec>,
        benefits: &Benefits,
        now_ms: i64,
    ) -> Result<Look, Failure> {
        let source = self.open(upload)?;
        let plans = self.folder.plans(&source, table, None)?;
        let sheets = plans.plans.iter().map(|plan| SheetLook::of(&source, plan)).collect();
        let list = upload.problems_file();
        let imported = self.read(&source, &plans, benefits, (now_ms, How::Look(&list)))?;
        Ok(Look { sheets, left_out: plans.left_out, imported })
    }

    /// Takes an upload in: a batch that waits to be accepted.
    ///
    /// # Errors
    /// As [`Intake::look`].
    pub fn take(
        &self,
        upload: &Upload,
        table: Option<&'static TableSpec>,
        benefits: &Benefits,
        now_ms: i64,
    ) -> Result<Imported, Failure> {
        let source = self.open(upload)?;
        let plans = self.folder.plans(&source, table, None)?;
        let whose = upload.whose();
        self.read(&source, &plans, benefits, (now_ms, How::Waits(&whose)))
    }

    fn open(&self, upload: &Upload) -> Result<Source, Failure> {
        Source::open_as(&upload.file(), upload.name().to_owned(), Limits::default())
    }

    fn read(
        &self,
        source: &Source,
        plans: &Plans,
        benefits: &Benefits,
        (now_ms, how): (i64, How<'_>),
    ) -> Result<Imported, Failure> {
        let dry_run = matches!(how, How::Look(_));
        let options =
            ImportOptions { again: false, dry_run, now_ms, progress: &(), threads: THREADS };
        let _lock = self.folder.lock_at_once()?;
        import::import(&self.folder, source, &plans.plans, benefits, &options, how)
            .map_err(known_by_others)
    }

    /// Problems that the last look at an upload met.
    ///
    /// # Errors
    /// A fault when nobody has looked yet.
    pub fn upload_problems(&self, upload: &Upload) -> Result<Vec<BatchProblem>, Failure> {
        problems::read(&upload.problems_file())
    }

    /// Problems of a batch.
    ///
    /// # Errors
    /// As [`Folder::problems`].
    pub fn problems(&self, batch: &str) -> Result<Vec<BatchProblem>, Failure> {
        self.folder.problems(number(batch))
    }

    /// What a batch says about itself.
    ///
    /// # Errors
    /// `batch-unknown`.
    pub fn manifest(&self, batch: &str) -> Result<Manifest, Failure> {
        Ok(self.folder.batch(number(batch))?.manifest)
    }

    /// Batches that wait, each with its name.
    ///
    /// # Errors
    /// When a manifest cannot be read.
    pub fn waiting(&self) -> Result<Vec<(String, Manifest)>, Failure> {
        let all = self.folder.all_batches()?.into_iter();
        let waits = |m: &Manifest| m.waiting.is_some() && m.withdrawn.is_none();
        let waiting = all.filter(|batch| waits(&batch.manifest));
        Ok(waiting.map(|batch| (batch.name(), batch.manifest)).collect())
    }

    /// Puts a batch to use that was accepted. Done again it changes nothing.
    ///
    /// # Errors
    /// `folder-busy`, `batch-unknown`, or when the disk refuses.
    pub fn accept(&self, batch: &str, now_ms: i64) -> Result<(), Failure> {
        let _lock = self.folder.lock_at_once()?;
        self.folder.batch(number(batch))?.accept(now_ms)
    }

    /// Takes a batch back that was rejected: facts and names are erased.
    ///
    /// # Errors
    /// `folder-busy`, `batch-unknown`, or when the disk refuses.
    pub fn reject(&self, batch: &str, reason: &str, now_ms: i64) -> Result<(), Failure> {
        let _lock = self.folder.lock_at_once()?;
        let batch = self.folder.batch(number(batch))?;
        if batch.manifest.withdrawn.is_none() {
            crate::batch::withdraw(batch, reason, now_ms)?;
        }
        Ok(())
    }
}

/// `7` of `000007-payments`; 0, which no batch has, where there is none.
fn number(batch: &str) -> u32 {
    batch.split('-').next().and_then(|digits| digits.parse().ok()).unwrap_or(0)
}

/// On the site nobody can insist on a file that is there already.
fn known_by_others(failure: Failure) -> Failure {
    match failure {
        Failure::Problem(problem) if problem.code == "already-imported" => {
            let known =
                Problem { args: problem.args, ..Problem::new("upload-known", problem.place) };
            known.into()
        }
        other => other,
    }
}
