//! Key items and measures of a village under stepped-up supervision. Two people check an item, both free of
//! conflict; one writes down what he saw, the other agrees or does not.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::rules::Version;
use crate::model::Basis;
use crate::problem::RuleViolation;
use crate::recusal::Conflict;
use crate::supervision::{RuleViolations, recused, said};

/// How a check stands.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// Two people look.
    #[default]
    Assigned,
    /// What one saw waits for the other.
    Recorded,
    /// Both agree.
    Confirmed,
    /// They did not; it is looked at again.
    Dropped,
}

impl State {
    /// Stable code.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Assigned => "assigned",
            Self::Recorded => "recorded",
            Self::Confirmed => "confirmed",
            Self::Dropped => "dropped",
        }
    }

    /// The state of a code.
    #[must_use]
    pub fn named(code: &str) -> Option<Self> {
        [Self::Assigned, Self::Recorded, Self::Confirmed, Self::Dropped]
            .into_iter()
            .find(|state| state.code() == code)
    }
}

/// A check of an item.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Check {
    /// How it stands.
    pub state: State,
    /// Ids of the two.
    pub checkers: Vec<String>,
    /// Who wrote down what he saw.
    pub recorded_by: Option<String>,
    /// Something is wrong.
    pub problem: bool,
}

/// Something that somebody does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Act {
    /// It is given to two people.
    Assign {
        /// One.
        first: String,
        /// The other.
        second: String,
    },
    /// One writes down what he saw.
    Record {
        /// Who.
        by: String,
        /// Something is wrong.
        problem: bool,
        /// What he saw.
        words: String,
    },
    /// The other agrees, or does not.
    Confirm {
        /// Who.
        by: String,
        /// He agrees.
        agreed: bool,
    },
}

/// The check after an act. `known` is the present one of the item, `conflicts` what stands against each
/// person.
///
/// # Errors
/// Every rule that says no.
pub fn advance(
    rules: &Version,
    known: Option<&Check>,
    act: &Act,
    conflicts: &BTreeMap<String, Conflict>,
) -> Result<Check, RuleViolations> {
    let no = |rule| RuleViolation::new(rule, Basis::line(&rules.basis));
    // Nobody is free of conflict by being forgotten.
    let stays_out = |person: &String| match conflicts.get(person) {
        Some(conflict) => recused(conflict, &rules.basis),
        None => Some(no("supervision-recused").with("ground", "?")),
    };
    let state = known.map(|check| check.state);
    let mut refusals = Vec::new();
    let expected = match act {
        Act::Assign { .. } => !matches!(state, Some(State::Recorded)),
        Act::Record { .. } => state == Some(State::Assigned),
        Act::Confirm { .. } => state == Some(State::Recorded),
    };
    if !expected {
        let code = state.map_or("", State::code);
        refusals.push(no("stepped-check-state").with("state", code));
    }
    let checkers = known.map(|check| check.checkers.as_slice()).unwrap_or_default();
    match act {
        Act::Assign { first, second } => {
            if first == second {
                refusals.push(no("stepped-two-checkers"));
            }
            refusals.extend([first, second].into_iter().filter_map(stays_out));
        }
        Act::Record { by, words, .. } => {
            refusals.extend(stays_out(by));
            if !checkers.contains(by) {
                refusals.push(no("stepped-not-checker"));
            }
            if !said(words) {
                refusals.push(no("stepped-reason"));
            }
        }
        Act::Confirm { by, .. } => {
            refusals.extend(stays_out(by));
            let recorded = known.and_then(|check| check.recorded_by.as_ref());
            if !checkers.contains(by) || recorded == Some(by) {
                refusals.push(no("stepped-second"));
            }
        }
    }
    if refusals.is_empty() { Ok(applied(known, act)) } else { Err(refusals) }
}

fn applied(known: Option<&Check>, act: &Act) -> Check {
    let known = known.cloned().unwrap_or_default();
    match act {
        Act::Assign { first, second } => {
            Check { checkers: vec![first.clone(), second.clone()], ..Check::default() }
        }
        Act::Record { by, problem, .. } => Check {
            state: State::Recorded,
            recorded_by: Some(by.clone()),
            problem: *problem,
            ..known
        },
        Act::Confirm { agreed, .. } => {
            let state = if *agreed { State::Confirmed } else { State::Dropped };
            Check { state, ..known }
        }
    }
}
