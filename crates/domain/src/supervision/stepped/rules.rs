//! Rule data of stepped-up supervision and joint work: `catalogues/stepped-up.toml`.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::catalogue::{Catalogue, Dated, on};
use crate::disclosure::Tighter;
use crate::model::{Basis, Bilingual};
use crate::problem::{Place, Problem};
use crate::time::Day;

/// Something that a score is made of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Factor {
    /// Code.
    pub code: String,
    /// In which words its value is told: `yuan`, `yuan_each`, `count`, `at_least`, `expected`, `flag`.
    pub unit: String,
    /// Title.
    pub title: Bilingual,
}

/// A key item that two people check.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Item {
    /// Code.
    pub code: String,
    /// Title.
    pub title: Bilingual,
    /// What to look at.
    pub look: Bilingual,
}

/// A kind of measure.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Measure {
    /// Code.
    pub code: String,
    /// Code of the deadline rule by which it is due.
    pub rule: String,
    /// Title.
    pub title: Bilingual,
}

/// A way to report.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Way {
    /// Code.
    pub code: String,
    /// Code of the channel by which such a report is entered.
    pub channel: String,
    /// Title.
    pub title: Bilingual,
    /// What the notice must say about it; nothing where the page itself is the way.
    #[serde(default)]
    pub asks: Option<Bilingual>,
}

/// A kind of cooperation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Kind {
    /// Code.
    pub code: String,
    /// Title.
    pub title: Bilingual,
    /// It is about one thing.
    #[serde(default)]
    pub thing: bool,
    /// People come from outside the township.
    #[serde(default)]
    pub outside: bool,
    /// People come from the county.
    #[serde(default)]
    pub above: bool,
    /// Of campaigns: bureaus take part.
    #[serde(default)]
    pub bureaus: bool,
}

/// Points from a value on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Band {
    /// Least value.
    pub from: i64,
    /// Points, 0 to 100.
    pub points: u32,
}

/// How much a factor weighs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Weight {
    /// Code of the factor.
    pub code: String,
    /// Of a hundred.
    pub weight: u32,
    /// Bands, the lowest first.
    pub bands: Vec<Band>,
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
    /// How many villages are proposed for a quarter.
    pub proposed: usize,
    /// Role codes of leaders who may be in charge.
    pub leaders: Vec<String>,
    /// Longest time of a decision, in months.
    pub longest_months: u32,
    /// Longest time of a prolongation, in months.
    pub prolong_months: u32,
    /// How many prolongations there may be.
    pub prolongations: u32,
    /// Code of the disclosure duty that tells the income.
    pub income_duty: String,
    /// Codes of power items that are works and purchases.
    pub project_powers: Vec<String>,
    /// Codes of sources of clues that came from people.
    pub complaint_sources: Vec<String>,
    /// Role codes of the two posts that one person had better not hold.
    pub concurrent_roles: [String; 2],
    /// Code of the deadline rule by which an item is checked.
    pub check_rule: String,
    /// Longest time of a cooperation, in months.
    pub cooperation_months: u32,
    /// Longest time of a campaign, in months.
    pub campaign_months: u32,
    /// Laws and practices.
    pub basis: Vec<Basis>,
    /// Weights; together a hundred.
    pub factors: Vec<Weight>,
    /// What a village owes more strictly.
    #[serde(default)]
    pub tightened: Vec<Tighter>,
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
pub struct SteppedRules {
    /// Factors of a score.
    pub factors: Vec<Factor>,
    /// Key items.
    pub items: Vec<Item>,
    /// Kinds of measures.
    pub measures: Vec<Measure>,
    /// Ways to report.
    pub ways: Vec<Way>,
    /// Kinds of cooperation.
    pub cooperation: Vec<Kind>,
    /// Kinds of campaigns.
    pub campaigns: Vec<Kind>,
    /// Values, oldest first.
    pub versions: Vec<Version>,
}

impl SteppedRules {
    /// Reads `stepped-up.toml`.
    ///
    /// # Errors
    /// One problem when the text is not of that form, or weights are not a hundred together.
    pub fn parse(file: &str, text: &str) -> Result<Self, Problem> {
        let wrong =
            |detail: &str| Problem::new("catalogue-toml", Place::file(file)).with("detail", detail);
        let rules: Self = toml::from_str(text).map_err(|error| wrong(error.message()))?;
        for version in &rules.versions {
            let whole: u32 = version.factors.iter().map(|factor| factor.weight).sum();
            let rising = |weight: &Weight| weight.bands.is_sorted_by(|a, b| a.from < b.from);
            if whole != 100 || !version.factors.iter().all(rising) {
                return Err(wrong("factors"));
            }
        }
        Ok(rules)
    }

    /// Values in force on a day.
    ///
    /// # Errors
    /// A problem when there are none.
    pub fn on(&self, day: Day) -> Result<&Version, Problem> {
        let missing = || {
            let place = Place::file("stepped-up.toml");
            Problem::new("catalogue-not-in-force", place).with("detail", "").with("day", day)
        };
        on(&self.versions, day).ok_or_else(missing)
    }

    /// Titles of all that rules speak of, by code.
    pub fn titles(&self) -> impl Iterator<Item = (String, Bilingual)> {
        let items = self.items.iter().map(|one| (&one.code, &one.title));
        let measures = self.measures.iter().map(|one| (&one.code, &one.title));
        let ways = self.ways.iter().map(|one| (&one.code, &one.title));
        let all = items.chain(measures).chain(ways);
        all.map(|(code, title)| (code.clone(), title.clone()))
    }

    /// Codes of rules, roles, duties and factors that nobody knows.
    #[must_use]
    pub fn unknown(&self, catalogue: &Catalogue) -> Vec<String> {
        let rules = self.versions.iter().map(|v| &v.check_rule);
        let rules = rules.chain(self.measures.iter().map(|measure| &measure.rule));
        let rules = rules.filter(|code| !catalogue.deadlines.contains_key(*code));
        let roles = self.versions.iter().flat_map(|v| v.leaders.iter().chain(&v.concurrent_roles));
        let roles = roles.filter(|code| !catalogue.roles.contains_key(*code));
        let tighter = self.versions.iter().flat_map(|v| &v.tightened);
        let incomes = self.versions.iter().map(|v| &v.income_duty);
        let duties = tighter.flat_map(|tighter| &tighter.duties).chain(incomes);
        let duties = duties.filter(|code| !catalogue.duties.contains_key(*code));
        let known: BTreeSet<&String> = self.factors.iter().map(|factor| &factor.code).collect();
        let factors = self.versions.iter().flat_map(|v| &v.factors).map(|weight| &weight.code);
        let factors = factors.filter(|code| !known.contains(code));
        rules.chain(roles).chain(duties).chain(factors).cloned().collect()
    }
}
