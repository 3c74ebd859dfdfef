//! Rectification (整改): problem, cause, measure, owner, day, evidence; verified by somebody else; a
//! relapse opens it again (SD12).
//!
//! Roles, days and basis come from `procedures/rectification.toml`. Its publication is a notice.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::{recused, said};
use crate::catalogue::Step;
use crate::model::Basis;
use crate::problem::RuleViolation;
use crate::procedure::Actor;
use crate::recusal::Conflict;

/// How it stands.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// Handed over; the plan is due.
    #[default]
    Issued,
    /// The plan waits for approval.
    Planned,
    /// Being put right.
    Approved,
    /// Said to be done; waits for verification.
    Done,
    /// Verified and struck off the list.
    Closed,
}

impl State {
    /// Stable code.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Issued => "issued",
            Self::Planned => "planned",
            Self::Approved => "approved",
            Self::Done => "done",
            Self::Closed => "closed",
        }
    }
}

/// A rectification as far as the rules know it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rectification {
    /// How it stands.
    pub state: State,
    /// Who handed it over.
    pub issued_by: String,
    /// Who is in charge of it, once the plan says so.
    pub owner: Option<String>,
    /// Everybody who planned or did something.
    pub hands: BTreeSet<String>,
    /// How often it came back.
    pub relapses: u32,
}

/// Something that somebody does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Act {
    /// Cause, measure and who is in charge.
    Plan {
        /// Why it came about.
        cause: String,
        /// What is done about it.
        measure: String,
        /// Id of who is in charge.
        owner: String,
    },
    /// The plan is agreed to, or comes back.
    Approve {
        /// It is.
        agreed: bool,
    },
    /// It is done; the words say what the evidence is.
    Finish,
    /// Somebody else has looked, on the spot.
    Verify {
        /// It is put right.
        agreed: bool,
    },
    /// It is back.
    Reopen,
}

impl Act {
    /// The step of the process that it is.
    #[must_use]
    pub const fn step(&self) -> &'static str {
        match self {
            Self::Plan { .. } => "plan",
            Self::Approve { .. } => "approve_plan",
            Self::Finish => "rectify",
            Self::Verify { .. } => "verify",
            Self::Reopen => "reopen",
        }
    }
}

/// The step that is due next; none once it is struck off.
#[must_use]
pub const fn next_step(state: State) -> Option<&'static str> {
    match state {
        State::Issued => Some("plan"),
        State::Planned => Some("approve_plan"),
        State::Approved => Some("rectify"),
        State::Done => Some("verify"),
        State::Closed => None,
    }
}

/// The rectification after an act.
///
/// # Errors
/// Every rule that says no.
pub fn advance(
    steps: &[Step],
    known: &Rectification,
    act: &Act,
    (actor, words): (&Actor, &str),
    (conflict, basis): (&Conflict, &[Basis]),
) -> Result<Rectification, Vec<RuleViolation>> {
    let no = |rule| RuleViolation::new(rule, Basis::line(basis)).with("step", act.step());
    let mut refusals: Vec<RuleViolation> = recused(conflict, basis).into_iter().collect();
    let expected = match act {
        Act::Reopen => known.state == State::Closed,
        _ => next_step(known.state) == Some(act.step()),
    };
    if !expected {
        refusals.push(no("rectify-state").with("state", known.state.code()));
    }
    let step = steps.iter().find(|step| step.code == act.step());
    let actors = step.map(|step| step.actors.clone()).unwrap_or_default();
    if !actors.contains(&actor.role) {
        let no = no("step-actor").with("role", &actor.role);
        refusals.push(no.with("missing", actors.join(", ")));
    }
    let by_hand =
        known.hands.contains(&actor.person) || known.owner.as_ref() == Some(&actor.person);
    let others = matches!(act, Act::Approve { .. } | Act::Verify { .. });
    if others && by_hand {
        refusals.push(no("rectify-other-person"));
    }
    if matches!(act, Act::Plan { .. }) && known.issued_by == actor.person {
        refusals.push(no("rectify-issuer"));
    }
    let empty = match act {
        Act::Plan { cause, measure, .. } => !said(cause) || !said(measure),
        _ => !said(words),
    };
    if empty {
        refusals.push(no("rectify-words"));
    }
    if !refusals.is_empty() {
        return Err(refusals);
    }
    Ok(applied(known, act, actor))
}

fn applied(known: &Rectification, act: &Act, actor: &Actor) -> Rectification {
    let mut next = known.clone();
    match act {
        Act::Plan { owner, .. } => {
            next.state = State::Planned;
            next.owner = Some(owner.clone());
            next.hands.insert(actor.person.clone());
        }
        Act::Approve { agreed } => {
            next.state = if *agreed { State::Approved } else { State::Issued };
        }
        Act::Finish => {
            next.state = State::Done;
            next.hands.insert(actor.person.clone());
        }
        Act::Verify { agreed } => {
            next.state = if *agreed { State::Closed } else { State::Approved };
        }
        Act::Reopen => {
            next.state = State::Issued;
            next.relapses = next.relapses.saturating_add(1);
        }
    }
    next
}
