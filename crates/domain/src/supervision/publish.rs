//! Typical cases (通报曝光) and the clearing of names (澄清正名): what must hold before one is public, and
//! exactly what leaves.

use serde::{Deserialize, Serialize};

use super::rules::Version;
use super::{months_after, recused, said};
use crate::model::Basis;
use crate::name::{named_in, surname_only};
use crate::problem::RuleViolation;
use crate::recusal::Conflict;
use crate::time::Day;

/// What is published.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// A typical case.
    Case,
    /// Somebody's name is cleared.
    Clearing,
}

impl Kind {
    /// Stable code.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Case => "case",
            Self::Clearing => "clearing",
        }
    }

    /// The kind of a code.
    #[must_use]
    pub fn named(code: &str) -> Option<Self> {
        [Self::Case, Self::Clearing].into_iter().find(|kind| kind.code() == code)
    }
}

/// What is about to be published.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Draft<'a> {
    /// What it is.
    pub kind: Kind,
    /// The decision behind it is final: the result of the clue was approved, or the finding explained.
    pub is_final: bool,
    /// A confirmed case: the clue ended with a measure or a transfer. For a clearing: it did not.
    pub is_founded: bool,
    /// Names are shown in full.
    pub names: bool,
    /// Whoever's name is cleared wishes it.
    pub is_wished: bool,
    /// Title and text.
    pub text: [&'a str; 2],
    /// Names of the people in it, as the register knows them.
    pub known: &'a [String],
    /// First and last day.
    pub days: (Day, Day),
}

/// Whether somebody may hand a draft in for approval.
///
/// # Errors
/// Every rule that says no.
pub fn propose(
    rules: &Version,
    draft: &Draft<'_>,
    conflict: &Conflict,
) -> Result<(), Vec<RuleViolation>> {
    let no = |rule| RuleViolation::new(rule, Basis::line(&rules.basis));
    let mut refusals: Vec<RuleViolation> = recused(conflict, &rules.basis).into_iter().collect();
    if !draft.is_final {
        refusals.push(no("publish-not-final"));
    }
    let founded = draft.kind == Kind::Case;
    if draft.is_final && draft.is_founded != founded {
        refusals.push(no("publish-founded").with("kind", draft.kind.code()));
    }
    if draft.kind == Kind::Clearing && !draft.is_wished {
        refusals.push(no("publish-wish"));
    }
    if draft.text.iter().any(|text| !said(text)) {
        refusals.push(no("publish-text"));
    }
    let (from, until) = draft.days;
    let last = months_after(from, rules.publish_months);
    if until < from || last.is_none_or(|last| until > last) {
        refusals.push(no("publish-days").with("months", rules.publish_months));
    }
    if refusals.is_empty() { Ok(()) } else { Err(refusals) }
}

/// Whether somebody may approve it: another one than who proposed it, who stands in no conflict.
///
/// # Errors
/// Every rule that says no.
pub fn approve(
    rules: &Version,
    (proposer, approver): (&str, &str),
    conflict: &Conflict,
) -> Result<(), Vec<RuleViolation>> {
    let mut refusals: Vec<RuleViolation> = recused(conflict, &rules.basis).into_iter().collect();
    if proposer == approver {
        refusals.push(RuleViolation::new("publish-proposer", Basis::line(&rules.basis)));
    }
    if refusals.is_empty() { Ok(()) } else { Err(refusals) }
}

/// Exactly what leaves: every known name as its surname, unless names are shown.
#[must_use]
pub fn shown(text: &str, known: &[String], names: bool) -> String {
    if names {
        return text.to_owned();
    }
    let mut sorted: Vec<&String> = known.iter().filter(|name| said(name)).collect();
    // The longest first, so that no name is left inside another.
    sorted.sort_by_key(|name| std::cmp::Reverse(name.chars().count()));
    let masked = |text: String, name: &&String| match name.chars().count() {
        0 | 1 => text,
        _ => text.replace(name.as_str(), &surname_only(name).replace('*', "某")),
    };
    sorted.iter().fold(text.to_owned(), masked)
}

/// A known name that would still leave.
#[must_use]
pub fn left<'a>(text: &str, known: &'a [String]) -> Option<&'a str> {
    named_in(text, known.iter().map(String::as_str))
}
