//! The benefit catalogue: programmes that counties pay, their aliases, and which of them exclude
//! each other. Data from `catalogues/benefits/*.toml`, `catalogues/compatibility.toml` and
//! `catalogues/instruments.toml`; how to write them: `catalogues/README.md`.

mod lint;
mod load;
mod names;
mod open;
mod recognise;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::model::{Basis, Bilingual};
use crate::problem::Problem;

/// A programme.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Benefit {
    /// `S01` ...; its digits are the programme number in stored facts.
    pub code: String,
    /// Official title.
    pub title: Bilingual,
    /// Other names found in files.
    #[serde(default)]
    pub aliases: Vec<String>,
    /// Department code, e.g. `civil_affairs`.
    pub department: String,
    /// What it is paid for: `person`, `household`, `mu`, `item` ...
    pub unit: String,
    /// `month`, `quarter`, `year`, `term`, `day`, `once`.
    pub frequency: String,
    /// The list of recipients is closed by its nature (veterans, migrants): it may stay unchanged
    /// for years.
    #[serde(default)]
    pub closed_list: bool,
    /// Dated rules, oldest first.
    pub versions: Vec<BenefitVersion>,
}

/// Rules of a programme in a span of time. Amounts are plausibility bands, not law.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BenefitVersion {
    /// First day, `YYYY-MM-DD`.
    pub from: String,
    /// Last day, if it has ended.
    #[serde(default)]
    pub until: Option<String>,
    /// Least age in full years on the day of payment.
    #[serde(default)]
    pub min_age_years: Option<i32>,
    /// Greatest age in full years on the day of payment.
    #[serde(default)]
    pub max_age_years: Option<i32>,
    /// Confidence tag of the ages; needed where one is given.
    #[serde(default)]
    pub age_confidence: Option<String>,
    /// Lowest plausible amount per person or unit and period, in fen.
    #[serde(default)]
    pub typical_min_fen: Option<i64>,
    /// Highest plausible amount per person or unit and period, in fen.
    #[serde(default)]
    pub typical_max_fen: Option<i64>,
    /// Confidence tag of the amounts; needed where one is given.
    #[serde(default)]
    pub amount_confidence: Option<String>,
    /// Who may get it, in words.
    pub eligibility: Bilingual,
    /// Laws and practices.
    pub basis: Vec<Basis>,
}

/// Whether two programmes go together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Relation {
    /// Never both.
    Excluded,
    /// One of them, or the difference.
    Choose,
    /// Both are lawful.
    Both,
    /// Depends on local rules.
    CheckLocally,
}

/// A cell of the compatibility matrix.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Pair {
    /// Code of one programme.
    pub a: String,
    /// Code of the other.
    pub b: String,
    /// Whether they go together.
    pub relation: Relation,
    /// `person`, `household`, `house`, `parcel`.
    pub scope: String,
    /// First day.
    pub from: String,
    /// Last day, if it has ended.
    #[serde(default)]
    pub until: Option<String>,
    /// Laws and practices.
    pub basis: Vec<Basis>,
}

/// How a programme name was recognised.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MatchKind {
    /// Code, title or alias.
    Exact,
    /// Like a title or alias, and like no other.
    Fuzzy,
}

/// Programme numbers from here on are names that the catalogue does not know.
pub const FIRST_OWN_NUMBER: i32 = 1_000;

/// A law, rule or source that the catalogue stands on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Instrument {
    /// Full title, with its document number where it has one.
    pub title: Bilingual,
    /// First day in force, `YYYY-MM-DD`; left out where it is not known for certain.
    #[serde(default)]
    pub from: Option<String>,
    /// Last day in force, if it has ended.
    #[serde(default)]
    pub until: Option<String>,
    /// Key of the instrument that took its place.
    #[serde(default)]
    pub superseded_by: Option<String>,
    /// Confidence tag of title and days.
    pub confidence: String,
}

/// All programmes and their compatibility.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Benefits {
    /// Programmes by code, ascending.
    pub items: Vec<Benefit>,
    /// The matrix; in each pair `a` comes before `b`.
    pub pairs: Vec<Pair>,
    /// Laws, rules and sources by the name that a [`Basis`] gives.
    pub instruments: BTreeMap<String, Instrument>,
    names: recognise::Index,
}

impl Benefit {
    /// The programme number in stored facts: the digits of the code.
    #[must_use]
    pub fn number(&self) -> i32 {
        self.code.trim_start_matches(|c: char| !c.is_ascii_digit()).parse().unwrap_or(0)
    }

    /// Its titles and aliases.
    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        let titles = [self.title.zh.as_str(), self.title.en.as_str()];
        titles.into_iter().chain(self.aliases.iter().map(String::as_str))
    }
}

impl Benefits {
    /// Reads catalogue files given as (path, text): each `benefits/*.toml` is a programme,
    /// `compatibility.toml` the matrix, `instruments.toml` what they stand on; others are ignored.
    /// Returns what could be read with every problem at once.
    #[must_use]
    pub fn load(files: &[(String, String)]) -> (Self, Vec<Problem>) {
        load::load(files)
    }

    /// The programme of a number in stored facts.
    #[must_use]
    pub fn by_number(&self, number: i32) -> Option<&Benefit> {
        self.items.iter().find(|b| b.number() == number)
    }

    /// Recognises a programme name or code found in a file.
    ///
    /// Exact by code, title or alias, also behind what files write around a name (years, places,
    /// words such as 发放表); else by likeness, if no other programme is nearly as like and no word
    /// speaks against it.
    #[must_use]
    pub fn recognise(&self, name: &str) -> Option<(&Benefit, MatchKind)> {
        let (position, kind) = self.names.find(name)?;
        Some((self.items.get(position)?, kind))
    }
}
