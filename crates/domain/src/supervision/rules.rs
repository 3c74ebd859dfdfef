//! Rule data of supervision: `catalogues/supervision.toml`.

use serde::{Deserialize, Serialize};

use crate::catalogue::{Catalogue, Dated, on};
use crate::model::{Basis, Bilingual};
use crate::problem::{Place, Problem};
use crate::report::rules::Titled;
use crate::time::Day;

/// A duty that somebody answers for in a dual check.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DutyOf {
    /// `main`, `supervision`, `chain`.
    pub code: String,
    /// Title.
    pub title: Bilingual,
    /// Role codes of posts that answer for it.
    pub roles: Vec<String>,
}

/// Values in a span of time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Version {
    /// First day, `YYYY-MM-DD`.
    pub from: String,
    /// Last day, if it has ended.
    #[serde(default)]
    pub until: Option<String>,
    /// Code of the deadline rule by which a finding is checked.
    pub check_rule: String,
    /// Code of the deadline rule by which whoever is asked in a dual check answers.
    pub dual_rule: String,
    /// Working days before a due day that are an alarm.
    pub alarm_days: u32,
    /// Longest time of an exclusion, in months.
    pub exclusion_months: u32,
    /// Longest time of a granted look, in calendar days.
    pub look_days: u32,
    /// Checks after which a model may be judged.
    pub retire_checks: u32,
    /// Confirmed share in hundredths of a per cent below which it is proposed for retirement.
    pub retire_below_bp: u32,
    /// Confirmed checks that a new model is credited with.
    pub prior_confirmed: u32,
    /// Checks that a new model is credited with.
    pub prior_checked: u32,
    /// Longest time of a publication, in months.
    pub publish_months: u32,
    /// Laws and practices.
    pub basis: Vec<Basis>,
}

impl Dated for Version {
    fn from(&self) -> &str {
        &self.from
    }

    fn until(&self) -> Option<&str> {
        self.until.as_deref()
    }
}

/// The whole file.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SupervisionRules {
    /// Channels of clues.
    pub sources: Vec<Titled>,
    /// Causes of what was found.
    pub causes: Vec<Titled>,
    /// Duties of a dual check.
    pub duties: Vec<DutyOf>,
    /// Values, oldest first.
    pub versions: Vec<Version>,
}

impl SupervisionRules {
    /// Reads `supervision.toml`.
    ///
    /// # Errors
    /// One problem when the text is not of that form.
    pub fn parse(file: &str, text: &str) -> Result<Self, Problem> {
        toml::from_str(text).map_err(|error: toml::de::Error| {
            Problem::new("catalogue-toml", Place::file(file)).with("detail", error.message())
        })
    }

    /// Values in force on a day.
    ///
    /// # Errors
    /// A problem when there are none.
    pub fn on(&self, day: Day) -> Result<&Version, Problem> {
        let missing = || {
            let place = Place::file("supervision.toml");
            Problem::new("catalogue-not-in-force", place).with("detail", "").with("day", day)
        };
        on(&self.versions, day).ok_or_else(missing)
    }

    /// Codes of rules and roles that the catalogue does not know.
    #[must_use]
    pub fn unknown(&self, catalogue: &Catalogue) -> Vec<String> {
        let rules = self.versions.iter().flat_map(|v| [&v.check_rule, &v.dual_rule]);
        let rules = rules.filter(|code| !catalogue.deadlines.contains_key(*code));
        let roles = self.duties.iter().flat_map(|duty| &duty.roles);
        let roles = roles.filter(|code| !catalogue.roles.contains_key(*code));
        rules.chain(roles).cloned().collect()
    }
}
