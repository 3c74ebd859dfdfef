//! Rule data of what follows in other hands: `catalogues/following.toml`.

use serde::{Deserialize, Serialize};

use super::rules::SupervisionRules;
use crate::catalogue::{Catalogue, Dated, on};
use crate::model::{Basis, Bilingual};
use crate::problem::{Place, Problem};
use crate::report::rules::Titled;
use crate::time::Day;

/// An organ that clues are handed to and come from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Partner {
    /// Code.
    pub code: String,
    /// Title.
    pub title: Bilingual,
    /// Channel under which a clue from there is entered.
    pub source: String,
}

/// What a post answers for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DutyOfPost {
    /// Code.
    pub code: String,
    /// `main`, `supervision`, `one_post`.
    pub list: String,
    /// Title.
    pub title: Bilingual,
    /// Role codes of posts that owe it.
    pub roles: Vec<String>,
}

/// Values in a span of time: codes of deadline rules.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Version {
    /// First day, `YYYY-MM-DD`.
    pub from: String,
    /// Last day, if it has ended.
    #[serde(default)]
    pub until: Option<String>,
    /// Receipt of what was handed over.
    pub receipt_rule: String,
    /// Its answer.
    pub answer_rule: String,
    /// Our answer to what was handed to us.
    pub own_answer_rule: String,
    /// Answer to a recommendation.
    pub reply_rule: String,
    /// The same after it came back.
    pub again_rule: String,
    /// Look at its effect.
    pub effect_rule: String,
    /// A duty of a post.
    pub duty_rule: String,
    /// Evaluation of a rule of the office.
    pub review_rule: String,
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

impl Version {
    fn rules(&self) -> [&String; 8] {
        [
            &self.receipt_rule,
            &self.answer_rule,
            &self.own_answer_rule,
            &self.reply_rule,
            &self.again_rule,
            &self.effect_rule,
            &self.duty_rule,
            &self.review_rule,
        ]
    }
}

/// The whole file.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FollowingRules {
    /// Organs.
    pub partners: Vec<Partner>,
    /// What may go along with a clue.
    pub papers: Vec<Titled>,
    /// Duties of posts.
    pub duties: Vec<DutyOfPost>,
    /// Values, oldest first.
    pub versions: Vec<Version>,
}

impl FollowingRules {
    /// Reads `following.toml`.
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
            let place = Place::file("following.toml");
            Problem::new("catalogue-not-in-force", place).with("detail", "").with("day", day)
        };
        on(&self.versions, day).ok_or_else(missing)
    }

    /// The organ of a code.
    #[must_use]
    pub fn partner(&self, code: &str) -> Option<&Partner> {
        self.partners.iter().find(|partner| partner.code == code)
    }

    /// The duty of a code.
    #[must_use]
    pub fn duty(&self, code: &str) -> Option<&DutyOfPost> {
        self.duties.iter().find(|duty| duty.code == code)
    }

    /// Codes of rules, roles and channels that the catalogues do not know.
    #[must_use]
    pub fn unknown(&self, catalogue: &Catalogue, rules: &SupervisionRules) -> Vec<String> {
        let days = self.versions.iter().flat_map(Version::rules);
        let days = days.filter(|code| !catalogue.deadlines.contains_key(*code));
        let roles = self.duties.iter().flat_map(|duty| &duty.roles);
        let roles = roles.filter(|code| !catalogue.roles.contains_key(*code));
        let known = |code: &String| rules.sources.iter().any(|source| source.code == *code);
        let sources = self.partners.iter().map(|partner| &partner.source);
        let sources = sources.filter(|code| !known(code));
        days.chain(roles).chain(sources).cloned().collect()
    }
}
