//! How each sheet of a file is read: what the command line and the site agree on.

use domain::facts::TableSpec;
use domain::problem::{Failure, Place, Problem, Severity};
use exchange::mapping::{Mapping, fingerprint};
use exchange::recognise::{Plan, recognise};
use exchange::source::Source;

use crate::folder::Folder;

/// How a file is read.
#[derive(Debug, Clone)]
pub struct Plans {
    /// One for every sheet that holds a data set.
    pub plans: Vec<Plan>,
    /// Why the other sheets were left out.
    pub left_out: Vec<Problem>,
}

impl Folder {
    /// A plan for every sheet that holds a data set. A mapping that was given or is remembered for
    /// such a header overrules what the header says. Sheets that hold none are left out, unless none
    /// does: then the file is refused.
    ///
    /// # Errors
    /// As [`recognise`], for the first sheet; `no-header`.
    pub fn plans(
        &self,
        source: &Source,
        table: Option<&'static TableSpec>,
        mapping: Option<&Mapping>,
    ) -> Result<Plans, Failure> {
        let (mut plans, mut refusals) = (Vec::new(), Vec::new());
        for sheet in 0..source.sheets().len() {
            let remembered = match mapping {
                Some(_) => None,
                None => self.mapping_for(&fingerprint(source, sheet))?,
            };
            match recognise(source, sheet, table, mapping.or(remembered.as_ref())) {
                Ok(plan) => plans.push(plan),
                Err(refusal) => refusals.push(refusal),
            }
        }
        if plans.is_empty() {
            let none = || Problem::new("no-header", Place::file(source.name())).into();
            return Err(refusals.into_iter().next().unwrap_or_else(none));
        }
        let note = |refusal| match refusal {
            Failure::Problem(problem) => Some(Problem { severity: Severity::Note, ..*problem }),
            _ => None,
        };
        let left_out = refusals.into_iter().filter_map(note).collect();
        Ok(Plans { plans, left_out })
    }
}
