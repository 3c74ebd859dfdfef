//! What every command needs: language, flags, catalogues, models, the data folder.

use std::path::Path;

use domain::benefit::Benefits;
use domain::problem::{Failure, Problem};
#[cfg(feature = "screening")]
use domain::terms::Terms;
use facts::Folder;

use crate::cli::Common;
use crate::data;
use crate::progress::Loudness;
use crate::say;
use locale::Text;

/// How a command ended, when nothing failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ending {
    /// All that was asked for is done; exit code 0.
    Done,
    /// Something in the user's data was refused, and said; exit code 2.
    Refused,
    /// An audit found what somebody changed behind the program's back; exit code 1.
    Altered,
}

/// Result of a command.
pub type Outcome = Result<Ending, Failure>;

/// Language, flags and the data that the program carries.
pub struct Setting {
    /// Sentences.
    pub text: &'static Text,
    /// Flags of every command.
    pub common: Common,
}

impl Setting {
    /// The data folder at a path.
    ///
    /// # Errors
    /// When it is none, or its keys are missing or not private.
    pub fn folder(&self, dir: &Path) -> Result<Folder, Failure> {
        Folder::open(dir, self.common.keys.as_deref())
    }

    /// The benefit catalogue.
    ///
    /// # Errors
    /// The first problem, after all have been said.
    pub fn benefits(&self) -> Result<Benefits, Failure> {
        let files = data::catalogues(self.common.catalogues.as_deref())?;
        let (benefits, problems) = Benefits::load(&files);
        self.stop_at(problems)?;
        Ok(benefits)
    }

    /// Labels of codes.
    ///
    /// # Errors
    /// When `terms.toml` cannot be read.
    #[cfg(feature = "screening")]
    pub fn terms(&self) -> Result<Terms, Failure> {
        let files = data::catalogues(self.common.catalogues.as_deref())?;
        let file = files.iter().find(|(path, _)| path == "terms.toml");
        file.map_or_else(|| Ok(Terms::default()), |(path, text)| Ok(Terms::parse(path, text)?))
    }

    /// The models.
    ///
    /// # Errors
    /// The first problem, after all have been said.
    #[cfg(feature = "screening")]
    pub fn models(&self) -> Result<screening::model::ModelSet, Failure> {
        let files = data::models(self.common.models.as_deref())?;
        let (models, problems) = screening::model::ModelSet::load(&files);
        self.stop_at(problems)?;
        Ok(models)
    }

    /// Says all problems but the first, and fails with that one.
    ///
    /// # Errors
    /// The first refusing problem.
    pub fn stop_at(&self, problems: Vec<Problem>) -> Result<(), Failure> {
        let mut refusing =
            problems.into_iter().filter(|p| p.severity == domain::problem::Severity::Refused);
        let Some(first) = refusing.next() else { return Ok(()) };
        for problem in refusing {
            say::note(&self.text.problem(&problem));
        }
        Err(first.into())
    }

    /// How loud long steps are.
    #[must_use]
    pub fn loudness(&self) -> Loudness {
        if self.common.quiet || self.common.json { Loudness::Quiet } else { Loudness::Normal }
    }

    /// A line beside the result, unless the user wants quiet.
    pub fn remark(&self, key: &str, args: &[(&str, &str)]) {
        if self.loudness() == Loudness::Normal {
            say::note(&self.text.with(key, args));
        }
    }

    /// Prints a serialisable result as JSON.
    ///
    /// # Errors
    /// Never in practice: the values are ours.
    pub fn print_json(&self, value: &impl serde::Serialize) -> Outcome {
        let json = serde_json::to_string_pretty(value)
            .map_err(|error| domain::problem::Fault::new("write JSON", error))?;
        say::result(&json);
        Ok(Ending::Done)
    }
}
