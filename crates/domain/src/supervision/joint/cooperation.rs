//! A cooperation: asked for with people and a span, approved by another, and over by itself on its last day.

use serde::{Deserialize, Serialize};

use crate::model::Basis;
use crate::problem::RuleViolation;
use crate::supervision::stepped::rules::{Kind, Version};
use crate::supervision::{RuleViolations, months_after, said};
use crate::time::Day;

/// The role that helpers have in the place of a cooperation.
pub const HELPER: &str = "AR";

/// How it stands.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// Asked for.
    #[default]
    Asked,
    /// Turned down.
    Refused,
    /// Approved: it gives rights from its first to its last day.
    Approved,
    /// Ended before its time, or written off with its result.
    Ended,
}

impl State {
    /// Stable code.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Asked => "asked",
            Self::Refused => "refused",
            Self::Approved => "approved",
            Self::Ended => "ended",
        }
    }

    /// The state of a code.
    #[must_use]
    pub fn named(code: &str) -> Option<Self> {
        [Self::Asked, Self::Refused, Self::Approved, Self::Ended]
            .into_iter()
            .find(|state| state.code() == code)
    }
}

/// Somebody who is to help, as far as the rules know him.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Helper {
    /// Id.
    pub person: String,
    /// He holds a post of supervision in the township of the place.
    pub local: bool,
    /// He holds a post of the county.
    pub county: bool,
}

/// A cooperation that is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wish<'a> {
    /// Its kind.
    pub kind: &'a Kind,
    /// First day.
    pub from: Day,
    /// Last day.
    pub until: Day,
    /// Who helps.
    pub helpers: &'a [Helper],
    /// It is about one thing.
    pub thing: bool,
}

/// Whether it may be asked for.
///
/// # Errors
/// Every rule that says no.
pub fn ask(rules: &Version, wish: &Wish<'_>, words: &str) -> Result<(), RuleViolations> {
    let no = |rule| RuleViolation::new(rule, Basis::line(&rules.basis));
    let mut refusals = Vec::new();
    if wish.helpers.is_empty() {
        refusals.push(no("cooperation-people"));
    }
    let last = months_after(wish.from, rules.cooperation_months);
    if wish.until < wish.from || last.is_none_or(|last| wish.until > last) {
        refusals.push(no("cooperation-span").with("months", rules.cooperation_months));
    }
    if wish.kind.thing && !wish.thing {
        refusals.push(no("cooperation-thing"));
    }
    if wish.kind.outside && wish.helpers.iter().any(|helper| helper.local) {
        refusals.push(no("cooperation-outside"));
    }
    if wish.kind.above && !wish.helpers.iter().any(|helper| helper.county) {
        refusals.push(no("cooperation-above"));
    }
    if !said(words) {
        refusals.push(no("stepped-reason"));
    }
    if refusals.is_empty() { Ok(()) } else { Err(refusals) }
}

/// What is decided about one that was asked for.
///
/// # Errors
/// Every rule that says no.
pub fn decide(
    rules: &Version,
    state: State,
    (asked_by, helpers): (&str, &[String]),
    (person, agreed): (&str, bool),
) -> Result<State, RuleViolations> {
    let no = |rule| RuleViolation::new(rule, Basis::line(&rules.basis));
    let mut refusals = Vec::new();
    if state != State::Asked {
        refusals.push(no("cooperation-state").with("state", state.code()));
    }
    if asked_by == person {
        refusals.push(no("stepped-approver"));
    }
    // Nobody gives rights to himself.
    if helpers.iter().any(|helper| helper == person) {
        refusals.push(no("cooperation-oneself"));
    }
    if !refusals.is_empty() {
        return Err(refusals);
    }
    Ok(if agreed { State::Approved } else { State::Refused })
}

/// The end of one, with what came of it.
///
/// # Errors
/// Every rule that says no.
pub fn end(rules: &Version, state: State, words: &str) -> Result<State, RuleViolations> {
    let no = |rule| RuleViolation::new(rule, Basis::line(&rules.basis));
    let mut refusals = Vec::new();
    if state != State::Approved {
        refusals.push(no("cooperation-state").with("state", state.code()));
    }
    if !said(words) {
        refusals.push(no("stepped-reason"));
    }
    if refusals.is_empty() { Ok(State::Ended) } else { Err(refusals) }
}

/// Whether one gives rights on a day.
#[must_use]
pub fn holds(state: State, (from, until): (Day, Day), day: Day) -> bool {
    state == State::Approved && from <= day && day <= until
}
