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
    /// First day on which he held it.
    pub from: Day,
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

/// Those who took a post over after the day from one of those who are asked (责任倒查): each could have
/// seen what went on. Whoever is asked already is not asked twice for the same duty.
#[must_use]
pub fn successors(
    asked: &[Asked],
    later: &[OnDay],
    on: Day,
    accused: &[String],
) -> Vec<(Asked, String)> {
    let mut found: Vec<(Asked, String)> = Vec::new();
    let is_known = |found: &[(Asked, String)], duty: &str, person: &str| {
        let is = |one: &Asked| one.duty == duty && one.post.person == person;
        asked.iter().any(is) || found.iter().any(|(one, _)| is(one))
    };
    for before in asked {
        let seat = |post: &&OnDay| {
            (&post.role, &post.place) == (&before.post.role, &before.post.place) && post.from > on
        };
        for post in later.iter().filter(seat) {
            let out = accused.contains(&post.person);
            if !out && !is_known(&found, &before.duty, &post.person) {
                let next = Asked { duty: before.duty.clone(), post: post.clone() };
                found.push((next, before.post.person.clone()));
            }
        }
    }
    found
}

/// That a dual check does not apply to a clue: said with a reason by one, approved by another.
///
/// # Errors
/// Every rule that says no.
pub fn waive(
    reason: &str,
    asked: bool,
    (conflict, basis): (&Conflict, &[Basis]),
) -> Result<(), Vec<RuleViolation>> {
    let no = |rule| RuleViolation::new(rule, Basis::line(basis));
    let mut refusals: Vec<RuleViolation> = recused(conflict, basis).into_iter().collect();
    if !said(reason) {
        refusals.push(no("dual-reason"));
    }
    // Whoever was asked is decided about: nothing that was begun is waived.
    if asked {
        refusals.push(no("dual-begun"));
    }
    if refusals.is_empty() { Ok(()) } else { Err(refusals) }
}

/// Whether somebody may approve that it does not apply.
///
/// # Errors
/// Every rule that says no.
pub fn approve_waiver(
    (proposer, by): (&str, &str),
    asked: bool,
    (conflict, basis): (&Conflict, &[Basis]),
) -> Result<(), Vec<RuleViolation>> {
    let no = |rule| RuleViolation::new(rule, Basis::line(basis));
    let mut refusals: Vec<RuleViolation> = recused(conflict, basis).into_iter().collect();
    if proposer == by {
        refusals.push(no("dual-waiver-proposer"));
    }
    if asked {
        refusals.push(no("dual-begun"));
    }
    if refusals.is_empty() { Ok(()) } else { Err(refusals) }
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
    /// The duty was not his on that day: said with a reason by another than who asked him.
    NotApplicable,
}

impl Verdict {
    /// All of them.
    pub const ALL: [Self; 5] =
        [Self::Fulfilled, Self::Negligent, Self::Breach, Self::Covering, Self::NotApplicable];

    /// Stable code.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Fulfilled => "fulfilled",
            Self::Negligent => "negligent",
            Self::Breach => "breach",
            Self::Covering => "covering",
            Self::NotApplicable => "not_applicable",
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
    // He is heard first; silence past the day is an answer, too. That it does not concern him harms nobody.
    let concerns = decision.verdict != Verdict::NotApplicable;
    if concerns && !decision.answered && decision.day <= decision.due {
        refusals.push(no("dual-unheard").with("day", decision.due));
    }
    if !said(decision.reason) {
        refusals.push(no("dual-reason"));
    }
    if concerns && decision.verdict != Verdict::Fulfilled && !said(decision.measure) {
        refusals.push(no("dual-measure"));
    }
    if refusals.is_empty() { Ok(()) } else { Err(refusals) }
}
