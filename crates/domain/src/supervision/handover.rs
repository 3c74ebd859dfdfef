//! Clues that go to other organs and come from them, with receipts (监审、监警、监信): handed over by one,
//! let out by another; received there under a number; answered.
//!
//! Material of filed cases does not go through here (01-procedures, section 5, boundary): what may go
//! along is a closed list of the catalogue, and a clue that was filed for investigation is gone already.

use serde::{Deserialize, Serialize};

use super::{recused, said};
use crate::model::Basis;
use crate::problem::RuleViolation;
use crate::recusal::Conflict;
use crate::time::Day;

/// How it stands.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// Waits for the approval.
    #[default]
    Proposed,
    /// It was not let out.
    Refused,
    /// On its way; the receipt is due.
    Sent,
    /// Received there, or here; the answer is due.
    Received,
    /// Answered.
    Answered,
}

impl State {
    /// All of them.
    pub const ALL: [Self; 5] =
        [Self::Proposed, Self::Refused, Self::Sent, Self::Received, Self::Answered];

    /// Stable code.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Proposed => "proposed",
            Self::Refused => "refused",
            Self::Sent => "sent",
            Self::Received => "received",
            Self::Answered => "answered",
        }
    }

    /// The state of a code.
    #[must_use]
    pub fn named(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.code() == code)
    }
}

/// What is to be handed over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Draft<'a> {
    /// Codes of what goes along.
    pub papers: &'a [String],
    /// Codes of what may.
    pub allowed: &'a [&'a str],
    /// The covering text.
    pub words: &'a str,
    /// The clue was filed for investigation, merged or written off.
    pub is_gone: bool,
    /// It lies with another organ already, unanswered.
    pub is_out: bool,
}

/// Whether it may be proposed so.
///
/// # Errors
/// Every rule that says no.
pub fn propose(
    draft: &Draft<'_>,
    (conflict, basis): (&Conflict, &[Basis]),
) -> Result<(), Vec<RuleViolation>> {
    let no = |rule| RuleViolation::new(rule, Basis::line(basis));
    let mut refusals: Vec<RuleViolation> = recused(conflict, basis).into_iter().collect();
    if draft.is_gone {
        refusals.push(no("handover-gone"));
    }
    if draft.is_out {
        refusals.push(no("handover-out"));
    }
    if draft.papers.is_empty() {
        refusals.push(no("handover-papers"));
    }
    let other = draft.papers.iter().find(|code| !draft.allowed.contains(&code.as_str()));
    if let Some(code) = other {
        refusals.push(no("handover-paper").with("paper", code));
    }
    if !said(draft.words) {
        refusals.push(no("handover-words"));
    }
    if refusals.is_empty() { Ok(()) } else { Err(refusals) }
}

/// Something handed over, as far as the rules know it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Handover {
    /// How it stands.
    pub state: State,
    /// It came to us.
    pub incoming: bool,
    /// Who proposed it, or wrote it down.
    pub proposed_by: String,
    /// Day on which it went out.
    pub sent: Option<Day>,
}

/// Something that somebody does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Act<'a> {
    /// It is let out, or not.
    Approve {
        /// It is.
        agreed: bool,
    },
    /// The other organ has confirmed it.
    Receipt {
        /// Its number there.
        number: &'a str,
        /// Day of the receipt.
        day: Day,
    },
    /// What came of it: theirs to us, or ours to them.
    Answer,
}

impl Act<'_> {
    /// Stable code.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Approve { .. } => "approve",
            Self::Receipt { .. } => "receipt",
            Self::Answer => "answer",
        }
    }
}

/// What is due next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Due {
    /// The receipt, from the day on which it went out.
    Receipt(Day),
    /// The answer, from the day of the receipt.
    Answer(Day),
}

/// The state after an act, with what is due then; what was due before is not any more.
///
/// # Errors
/// Every rule that says no.
pub fn advance(
    known: &Handover,
    act: &Act<'_>,
    (by, words, today): (&str, &str, Day),
    (conflict, basis): (&Conflict, &[Basis]),
) -> Result<(State, Option<Due>), Vec<RuleViolation>> {
    let no = |rule| RuleViolation::new(rule, Basis::line(basis));
    let mut refusals: Vec<RuleViolation> = recused(conflict, basis).into_iter().collect();
    let fits = match act {
        Act::Approve { .. } => known.state == State::Proposed && !known.incoming,
        Act::Receipt { .. } => known.state == State::Sent,
        Act::Answer => known.state == State::Received,
    };
    if !fits {
        refusals.push(no("handover-state").with("state", known.state.code()));
    }
    if matches!(act, Act::Approve { .. }) && by == known.proposed_by {
        refusals.push(no("handover-proposer"));
    }
    if let Act::Receipt { number, day } = act {
        let before = known.sent.is_some_and(|sent| *day < sent);
        if !said(number) || *day > today || before {
            refusals.push(no("handover-receipt"));
        }
    }
    let refuses = matches!(act, Act::Approve { agreed: false });
    if (refuses || matches!(act, Act::Answer)) && !said(words) {
        refusals.push(no("handover-words"));
    }
    if !refusals.is_empty() {
        return Err(refusals);
    }
    Ok(match act {
        Act::Approve { agreed: true } => (State::Sent, Some(Due::Receipt(today))),
        Act::Approve { agreed: false } => (State::Refused, None),
        Act::Receipt { day, .. } => (State::Received, Some(Due::Answer(*day))),
        Act::Answer => (State::Answered, None),
    })
}
