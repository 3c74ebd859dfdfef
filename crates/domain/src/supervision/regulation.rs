//! Rules of the office (制度): with an owner, a basis, versions, and an evaluation every so often: is it
//! used, does it work, and which findings show that it does not.

use serde::{Deserialize, Serialize};

use super::said;
use crate::model::Basis;
use crate::problem::RuleViolation;

/// How it stands.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// Its first version waits for the approval.
    #[default]
    Proposed,
    /// In force.
    InForce,
    /// It is to be changed: a new version is expected.
    Amending,
    /// Not in force any more, or never was.
    Repealed,
}

impl State {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Proposed, Self::InForce, Self::Amending, Self::Repealed];

    /// Stable code.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Proposed => "proposed",
            Self::InForce => "in_force",
            Self::Amending => "amending",
            Self::Repealed => "repealed",
        }
    }

    /// The state of a code.
    #[must_use]
    pub fn named(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.code() == code)
    }
}

/// How far something is so.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Degree {
    /// It is.
    Yes,
    /// In part.
    Partly,
    /// It is not.
    No,
}

impl Degree {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Yes, Self::Partly, Self::No];

    /// Stable code.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Yes => "yes",
            Self::Partly => "partly",
            Self::No => "no",
        }
    }

    /// The degree of a code.
    #[must_use]
    pub fn named(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|degree| degree.code() == code)
    }
}

/// What follows from an evaluation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// It stays.
    Keep,
    /// It is changed.
    Amend,
    /// It ends.
    Repeal,
}

impl Outcome {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Keep, Self::Amend, Self::Repeal];

    /// Stable code.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Keep => "keep",
            Self::Amend => "amend",
            Self::Repeal => "repeal",
        }
    }

    /// The outcome of a code.
    #[must_use]
    pub fn named(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|outcome| outcome.code() == code)
    }

    /// How the rule then stands.
    #[must_use]
    pub const fn state(self) -> State {
        match self {
            Self::Keep => State::InForce,
            Self::Amend => State::Amending,
            Self::Repeal => State::Repealed,
        }
    }
}

/// A text that is to be the rule: the first, or a new version of one that is in force.
///
/// # Errors
/// Every rule that says no.
pub fn write(
    before: Option<State>,
    waiting: bool,
    text: [&str; 2],
    basis: &[Basis],
) -> Result<(), Vec<RuleViolation>> {
    let no = |rule| RuleViolation::new(rule, Basis::line(basis));
    let mut refusals = Vec::new();
    let open = matches!(before, None | Some(State::InForce | State::Amending));
    if !open || waiting {
        refusals.push(no("regulation-state").with("state", before.unwrap_or_default().code()));
    }
    if text.iter().any(|text| !said(text)) {
        refusals.push(no("regulation-text"));
    }
    if refusals.is_empty() { Ok(()) } else { Err(refusals) }
}

/// Whether somebody may approve what another wrote: a version or an evaluation.
///
/// # Errors
/// Every rule that says no.
pub fn approve(waiting: Option<&str>, by: &str, basis: &[Basis]) -> Result<(), Vec<RuleViolation>> {
    let no = |rule| RuleViolation::new(rule, Basis::line(basis));
    match waiting {
        None => Err(vec![no("regulation-nothing")]),
        Some(author) if author == by => Err(vec![no("regulation-proposer")]),
        Some(_) => Ok(()),
    }
}

/// What an evaluation says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Review<'a> {
    /// Is it used?
    pub used: Degree,
    /// Does it work?
    pub works: Degree,
    /// What follows.
    pub outcome: Outcome,
    /// Why.
    pub words: &'a str,
    /// Findings, rectifications and causes that show that it does not work.
    pub shown_by: usize,
}

/// Whether a rule may be evaluated so: what does not work is shown by something, and is not kept as it is.
///
/// # Errors
/// Every rule that says no.
pub fn review(
    state: State,
    waiting: bool,
    review: &Review<'_>,
    basis: &[Basis],
) -> Result<(), Vec<RuleViolation>> {
    let no = |rule| RuleViolation::new(rule, Basis::line(basis));
    let mut refusals = Vec::new();
    if !matches!(state, State::InForce | State::Amending) || waiting {
        refusals.push(no("regulation-state").with("state", state.code()));
    }
    if !said(review.words) {
        refusals.push(no("regulation-text"));
    }
    let fails = review.works == Degree::No;
    if fails && review.shown_by == 0 {
        refusals.push(no("regulation-shown"));
    }
    if fails && review.outcome == Outcome::Keep {
        refusals.push(no("regulation-keep"));
    }
    if refusals.is_empty() { Ok(()) } else { Err(refusals) }
}
