//! The score of a village, part by part, so that anybody can count along. Whole numbers only.

use serde::{Deserialize, Serialize};

use super::rules::Version;
use crate::money::Fen;
use crate::supervision::rate::Checks;
use crate::supervision::rules::Version as CheckRules;

/// What is known of a village; none where nobody has said.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Figures {
    /// Income of the collective in the year, in fen.
    pub income_fen: Option<i64>,
    /// Benefits and subsidies paid in the year, in fen.
    pub funds_fen: Option<i64>,
    /// Residents.
    pub residents: Option<i64>,
    /// Works and purchases of the year.
    pub projects: i64,
    /// Requests and clues of the year.
    pub complaints: i64,
    /// Findings that may be right, in hundredths of one.
    pub findings: i64,
    /// One person is secretary and head.
    pub concurrent: bool,
}

/// A part of a score.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Part {
    /// Code of the factor.
    pub code: String,
    /// Its value; none where it is not known.
    pub value: Option<i64>,
    /// Where the band begins that it is in.
    pub band: i64,
    /// Points of its band.
    pub points: u32,
    /// What it weighs of a hundred.
    pub weight: u32,
}

impl Part {
    /// In which words its value is told, by the unit of its factor, and the value as people write it. Of
    /// what somebody said the number is not told, only from where its band begins.
    #[must_use]
    pub fn told(&self, unit: &str) -> (&'static str, String) {
        let Some(value) = self.value else { return ("unknown", String::new()) };
        match unit {
            "yuan" => ("yuan", Fen(value).grouped()),
            "yuan_each" => ("yuan-each", Fen(value).grouped()),
            "at_least" if self.band > 0 => ("at-least", self.band.to_string()),
            "at_least" => ("none", String::new()),
            "expected" => ("expected", Fen(value).grouped()),
            "flag" if value > 0 => ("yes", String::new()),
            "flag" => ("no", String::new()),
            _ => ("count", value.to_string()),
        }
    }

    /// What it adds to the score, in points with two places.
    #[must_use]
    pub fn adds(&self) -> String {
        points(i64::from(self.points * self.weight))
    }
}

/// Hundredths of a point as people write them.
#[must_use]
pub fn points(hundredths: i64) -> String {
    format!("{}.{:02}", hundredths / 100, hundredths % 100)
}

/// A score with its parts: hundredths of a point, 0 to 10 000.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Score {
    /// All parts together.
    pub total: u32,
    /// In the order of the catalogue.
    pub parts: Vec<Part>,
}

/// What a finding counts, in hundredths: how often its model was right, with what a new model is credited
/// with. One that was checked counts for what it was.
#[must_use]
pub fn expected(checks: Checks, rules: &CheckRules) -> i64 {
    let right = rules.prior_confirmed.saturating_add(checks.confirmed);
    let all = rules.prior_checked.saturating_add(checks.checked).max(1);
    i64::from(right.min(all)) * 100 / i64::from(all)
}

impl Figures {
    /// The value of a factor; none where it is not known.
    #[must_use]
    pub fn value(&self, code: &str) -> Option<i64> {
        match code {
            "income" => self.income_fen,
            "funds" => {
                let residents = self.residents.filter(|residents| *residents > 0)?;
                self.funds_fen.map(|fen| fen / residents)
            }
            "projects" => Some(self.projects),
            "complaints" => Some(self.complaints),
            "findings" => Some(self.findings),
            "concurrent" => Some(i64::from(self.concurrent)),
            _ => None,
        }
    }

    /// The score by the rules of a day. What is not known gives no points.
    #[must_use]
    pub fn score(&self, rules: &Version) -> Score {
        let part = |weight: &super::rules::Weight| {
            let value = self.value(&weight.code);
            let reached = |value: i64| weight.bands.iter().rev().find(|band| band.from <= value);
            let band = value.and_then(reached);
            Part {
                code: weight.code.clone(),
                value,
                band: band.map_or(0, |band| band.from),
                points: band.map_or(0, |band| band.points.min(100)),
                weight: weight.weight,
            }
        };
        let parts: Vec<Part> = rules.factors.iter().map(part).collect();
        let total = parts.iter().map(|part| part.points * part.weight).sum();
        Score { total, parts }
    }
}
