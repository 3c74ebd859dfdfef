//! The list of a quarter: proposed by scores, changed by people with reasons, approved by somebody who had
//! no hand in it, and then left as it is.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::rules::Version;
use super::score::Score;
use crate::model::Basis;
use crate::problem::RuleViolation;
use crate::supervision::{RuleViolations, said};
use crate::time::Day;

/// How a list stands.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct List {
    /// Everybody who proposed or changed it.
    pub hands: BTreeSet<String>,
    /// Codes of villages that are on it.
    pub villages: BTreeSet<String>,
    /// It is approved.
    pub approved: bool,
}

/// Something that somebody does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Act {
    /// A village comes onto it.
    Add(String),
    /// A village is taken off.
    Remove(String),
    /// It is approved.
    Approve,
}

/// The quarter of a day: `2026Q1`.
#[must_use]
pub fn quarter(day: Day) -> String {
    let (year, month, _) = day.ymd();
    format!("{year:04}Q{}", month.div_ceil(3))
}

/// Villages in the order of their scores, the highest first; equal ones in the order of their codes.
#[must_use]
pub fn ranked(mut scores: Vec<(String, Score)>) -> Vec<(String, Score)> {
    scores.sort_by(|(a, first), (b, second)| second.total.cmp(&first.total).then(a.cmp(b)));
    scores
}

/// The list as it is proposed: as many of the first as the rules say, and nobody without a point.
#[must_use]
pub fn proposed(rules: &Version, ranked: &[(String, Score)], by: &str) -> List {
    let first = ranked.iter().take(rules.proposed).filter(|(_, score)| score.total > 0);
    List {
        hands: BTreeSet::from([by.to_owned()]),
        villages: first.map(|(village, _)| village.clone()).collect(),
        approved: false,
    }
}

/// The list after an act.
///
/// # Errors
/// Every rule that says no.
pub fn advance(
    rules: &Version,
    known: &List,
    act: &Act,
    (person, words): (&str, &str),
) -> Result<List, RuleViolations> {
    let no = |rule| RuleViolation::new(rule, Basis::line(&rules.basis));
    let mut refusals = Vec::new();
    if known.approved {
        refusals.push(no("stepped-list-approved"));
    }
    let mut next = known.clone();
    match act {
        Act::Add(village) => {
            if !next.villages.insert(village.clone()) {
                refusals.push(no("stepped-list-there"));
            }
        }
        Act::Remove(village) => {
            if !next.villages.remove(village) {
                refusals.push(no("stepped-list-not-there"));
            }
        }
        Act::Approve => {
            if known.hands.contains(person) {
                refusals.push(no("stepped-list-approver"));
            }
            if known.villages.is_empty() {
                refusals.push(no("stepped-list-empty"));
            }
            next.approved = true;
        }
    }
    if !matches!(act, Act::Approve) {
        if !said(words) {
            refusals.push(no("stepped-reason"));
        }
        next.hands.insert(person.to_owned());
    }
    if refusals.is_empty() { Ok(next) } else { Err(refusals) }
}
