//! Responsibility lists (两个责任、一岗双责): what a post owes in a year, what shows that it was done, and
//! whether the level above is content with it.

use serde::{Deserialize, Serialize};

use super::said;
use crate::catalogue::RoleLevel;
use crate::model::Basis;
use crate::problem::RuleViolation;

/// How it stands.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// Owed.
    #[default]
    Open,
    /// Something was shown; the level above looks at it.
    Shown,
    /// The level above is content.
    Done,
}

impl State {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Open, Self::Shown, Self::Done];

    /// Stable code.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Shown => "shown",
            Self::Done => "done",
        }
    }

    /// The state of a code.
    #[must_use]
    pub fn named(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.code() == code)
    }
}

/// A duty of a post, as far as the rules know it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Duty {
    /// How it stands.
    pub state: State,
    /// Role code of the post that owes it.
    pub role: String,
    /// Level of that post.
    pub level: RoleLevel,
    /// Who has shown something.
    pub shown_by: Option<String>,
    /// How many files and entries lie with it.
    pub evidence: usize,
}

/// Whoever acts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Actor<'a> {
    /// Id of the person.
    pub person: &'a str,
    /// Role code in which he acts.
    pub role: &'a str,
    /// Level of that role.
    pub level: RoleLevel,
}

/// Something that somebody does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Act {
    /// Whoever holds the post says what was done.
    Show,
    /// The level above is content, or not.
    Judge {
        /// It is.
        content: bool,
    },
}

impl Act {
    /// Stable code.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Show => "show",
            Self::Judge { .. } => "judge",
        }
    }
}

/// The state after an act. A duty stays due until the level above is content.
///
/// # Errors
/// Every rule that says no.
pub fn advance(
    known: &Duty,
    act: Act,
    (actor, words): (Actor<'_>, &str),
    basis: &[Basis],
) -> Result<State, Vec<RuleViolation>> {
    let no = |rule| RuleViolation::new(rule, Basis::line(basis));
    let mut refusals = Vec::new();
    let fits = match act {
        Act::Show => known.state == State::Open,
        Act::Judge { .. } => known.state == State::Shown,
    };
    if !fits {
        refusals.push(no("duty-state").with("state", known.state.code()));
    }
    match act {
        Act::Show => {
            if actor.role != known.role {
                refusals.push(no("duty-holder").with("role", &known.role));
            }
            if known.evidence == 0 {
                refusals.push(no("duty-evidence"));
            }
        }
        Act::Judge { .. } => {
            if known.shown_by.as_deref() == Some(actor.person) {
                refusals.push(no("duty-oneself"));
            }
            if actor.level <= known.level {
                refusals.push(no("duty-level"));
            }
        }
    }
    if !said(words) && act != (Act::Judge { content: true }) {
        refusals.push(no("duty-words"));
    }
    if !refusals.is_empty() {
        return Err(refusals);
    }
    Ok(match act {
        Act::Show => State::Shown,
        Act::Judge { content: true } => State::Done,
        Act::Judge { content: false } => State::Open,
    })
}
