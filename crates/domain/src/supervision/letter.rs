//! Written recommendations (纪检监察建议书): to whom, what is wrong, what is asked; answered by a day; the
//! answer is accepted or comes back; later somebody looks whether it had an effect.

use serde::{Deserialize, Serialize};

use super::{recused, said};
use crate::model::Basis;
use crate::problem::RuleViolation;
use crate::recusal::Conflict;

/// How it stands.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// Waits for the approval.
    #[default]
    Proposed,
    /// It was not approved.
    Refused,
    /// The answer is due.
    Sent,
    /// The answer waits to be looked at.
    Replied,
    /// The answer came back; a better one is due.
    Returned,
    /// Accepted; its effect is looked at later.
    Accepted,
    /// It had an effect: over.
    Closed,
}

impl State {
    /// All of them.
    pub const ALL: [Self; 7] = [
        Self::Proposed,
        Self::Refused,
        Self::Sent,
        Self::Replied,
        Self::Returned,
        Self::Accepted,
        Self::Closed,
    ];

    /// Stable code.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Proposed => "proposed",
            Self::Refused => "refused",
            Self::Sent => "sent",
            Self::Replied => "replied",
            Self::Returned => "returned",
            Self::Accepted => "accepted",
            Self::Closed => "closed",
        }
    }

    /// The state of a code.
    #[must_use]
    pub fn named(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.code() == code)
    }
}

/// Whether a recommendation may be proposed: it says what is wrong and what is asked, and stands on
/// something that was found.
///
/// # Errors
/// Every rule that says no.
pub fn propose(
    (problem, demand, stands): (&str, &str, bool),
    (conflict, basis): (&Conflict, &[Basis]),
) -> Result<(), Vec<RuleViolation>> {
    let no = |rule| RuleViolation::new(rule, Basis::line(basis));
    let mut refusals: Vec<RuleViolation> = recused(conflict, basis).into_iter().collect();
    if !said(problem) || !said(demand) {
        refusals.push(no("letter-words"));
    }
    if !stands {
        refusals.push(no("letter-ground"));
    }
    if refusals.is_empty() { Ok(()) } else { Err(refusals) }
}

/// A recommendation as far as the rules know it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Letter {
    /// How it stands.
    pub state: State,
    /// Who proposed it.
    pub proposed_by: String,
    /// Who answered it last.
    pub replied_by: Option<String>,
    /// Role code of whom it is for.
    pub addressee: String,
}

/// Something that somebody does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Act {
    /// It is sent, or not.
    Approve {
        /// It is.
        agreed: bool,
    },
    /// Whom it is for answers.
    Reply,
    /// The answer is accepted, or comes back.
    Judge {
        /// It is.
        accepted: bool,
    },
    /// Somebody has looked whether it had an effect.
    Follow {
        /// It had.
        works: bool,
    },
}

impl Act {
    /// Stable code.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Approve { .. } => "approve",
            Self::Reply => "reply",
            Self::Judge { .. } => "judge",
            Self::Follow { .. } => "follow",
        }
    }

    const fn fits(self, state: State) -> bool {
        match self {
            Self::Approve { .. } => matches!(state, State::Proposed),
            Self::Reply => matches!(state, State::Sent | State::Returned),
            Self::Judge { .. } => matches!(state, State::Replied),
            Self::Follow { .. } => matches!(state, State::Accepted),
        }
    }
}

/// What is due next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Due {
    /// The answer.
    Reply,
    /// A better one.
    Again,
    /// A look at its effect.
    Effect,
}

/// The state after an act, with what is due then; what was due before is not any more.
///
/// # Errors
/// Every rule that says no.
pub fn advance(
    known: &Letter,
    act: Act,
    (by, role, words): (&str, &str, &str),
    (conflict, basis): (&Conflict, &[Basis]),
) -> Result<(State, Option<Due>), Vec<RuleViolation>> {
    let no = |rule| RuleViolation::new(rule, Basis::line(basis));
    let mut refusals = Vec::new();
    // Whom it is for answers for his office, also where he is close to it.
    if act != Act::Reply {
        refusals.extend(recused(conflict, basis));
    }
    if !act.fits(known.state) {
        refusals.push(no("letter-state").with("state", known.state.code()));
    }
    match act {
        Act::Approve { .. } if by == known.proposed_by => refusals.push(no("letter-proposer")),
        Act::Reply if role != known.addressee => {
            refusals.push(no("letter-addressee").with("role", &known.addressee));
        }
        Act::Judge { .. } | Act::Follow { .. } if known.replied_by.as_deref() == Some(by) => {
            refusals.push(no("letter-oneself"));
        }
        _ => {}
    }
    if !said(words) && act != (Act::Approve { agreed: true }) {
        refusals.push(no("letter-words"));
    }
    if !refusals.is_empty() {
        return Err(refusals);
    }
    Ok(match act {
        Act::Approve { agreed: true } => (State::Sent, Some(Due::Reply)),
        Act::Approve { agreed: false } => (State::Refused, None),
        Act::Reply => (State::Replied, None),
        Act::Judge { accepted: true } => (State::Accepted, Some(Due::Effect)),
        Act::Judge { accepted: false } | Act::Follow { works: false } => {
            (State::Returned, Some(Due::Again))
        }
        Act::Follow { works: true } => (State::Closed, None),
    })
}
