//! Dual check (一案双查): besides whoever did it, those are asked who on that day bore the main
//! responsibility, the duty to supervise, and a place in the chain of approvals.

use serde::{Deserialize, Serialize};

use super::rules::DutyOf;
use super::{recused, said};
use crate::model::Basis;
use crate::problem::RuleViolation;
use crate::recusal::Conflict;
use crate::time::Day;

/// A post as it was held on the day.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct OnDay {
    /// Role code.
    pub role: String,
    /// Id of the person.
    pub person: String,
    /// Place code.
    pub place: String,
}

/// Somebody to be asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked {
    /// Code of the duty.
    pub duty: String,
    /// The post.
    pub post: OnDay,
}

/// Whom a dual check asks: every holder of a post that answers for a duty. Whoever the case is against
/// answers in the case itself, not here.
#[must_use]
pub fn responsible(duties: &[DutyOf], posts: &[OnDay], accused: &[String]) -> Vec<Asked> {
    let others = || posts.iter().filter(|post| !accused.contains(&post.person));
    let asked = duties.iter().flat_map(|duty| {
        let held = others().filter(|post| duty.roles.contains(&post.role));
        held.map(|post| Asked { duty: duty.code.clone(), post: post.clone() })
    });
    asked.collect()
}

/// How the duty was done (责任倒查).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// Done.
    Fulfilled,
    /// Neglected.
    Negligent,
    /// Approved against the rules.
    Breach,
    /// Covered up.
    Covering,
}

impl Verdict {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Fulfilled, Self::Negligent, Self::Breach, Self::Covering];

    /// Stable code.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Fulfilled => "fulfilled",
            Self::Negligent => "negligent",
            Self::Breach => "breach",
            Self::Covering => "covering",
        }
    }

    /// The verdict of a code.
    #[must_use]
    pub fn named(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|verdict| verdict.code() == code)
    }
}

/// What is decided about somebody who was asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decision<'a> {
    /// Who decides.
    pub by: &'a str,
    /// When.
    pub day: Day,
    /// Who was asked.
    pub asked: &'a str,
    /// Who opened the check.
    pub opened_by: &'a str,
    /// He has answered.
    pub answered: bool,
    /// Last day for the answer.
    pub due: Day,
    /// How the duty was done.
    pub verdict: Verdict,
    /// What follows for him.
    pub measure: &'a str,
    /// Why.
    pub reason: &'a str,
}

/// Whether it may be decided so.
///
/// # Errors
/// Every rule that says no.
pub fn decide(
    decision: &Decision<'_>,
    (conflict, basis): (&Conflict, &[Basis]),
) -> Result<(), Vec<RuleViolation>> {
    let no = |rule| RuleViolation::new(rule, Basis::line(basis));
    let mut refusals: Vec<RuleViolation> = recused(conflict, basis).into_iter().collect();
    if decision.by == decision.asked {
        refusals.push(no("dual-oneself"));
    }
    if decision.by == decision.opened_by {
        refusals.push(no("dual-proposer"));
    }
    // He is heard first; silence past the day is an answer, too.
    if !decision.answered && decision.day <= decision.due {
        refusals.push(no("dual-unheard").with("day", decision.due));
    }
    if !said(decision.reason) {
        refusals.push(no("dual-reason"));
    }
    if decision.verdict != Verdict::Fulfilled && !said(decision.measure) {
        refusals.push(no("dual-measure"));
    }
    if refusals.is_empty() { Ok(()) } else { Err(refusals) }
}
