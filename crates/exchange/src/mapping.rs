//! A mapping file: what a person says about the columns of a source, in TOML.

use domain::problem::Problem;

use crate::recognise::Plan;
use crate::source::Source;

/// What a person says about the columns of a source.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Mapping {}

impl Mapping {
    /// Reads a mapping file.
    ///
    /// # Errors
    /// Every problem at once, each with its key path.
    pub fn parse(_file: &str, _text: &str) -> Result<Self, Vec<Problem>> {
        Ok(Self {})
    }

    /// What was recognised, as a mapping to edit or to remember.
    #[must_use]
    pub fn from_plan(_plan: &Plan) -> Self {
        Self {}
    }

    /// The text of the file.
    #[must_use]
    pub fn to_toml(&self) -> String {
        String::new()
    }
}

/// A file name for the remembered mapping of a sheet: hex digest of its folded header words,
/// the same before and after recognition.
#[must_use]
pub fn fingerprint(_source: &Source, _sheet: usize) -> String {
    String::new()
}
