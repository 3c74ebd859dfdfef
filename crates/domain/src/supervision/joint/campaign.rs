//! A campaign (专项监督, 联合检查): a title, bureaus, a team, a checklist; closed with its result by
//! somebody who did not open it, when every point of the checklist has one.

use serde::{Deserialize, Serialize};

use crate::model::Basis;
use crate::problem::RuleViolation;
use crate::recusal::Conflict;
use crate::supervision::stepped::rules::{Kind, Version};
use crate::supervision::{RuleViolations, months_after, recused, said};
use crate::time::Day;

/// How it stands.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// The plan waits for approval.
    #[default]
    Proposed,
    /// Turned down.
    Refused,
    /// Under way.
    Open,
    /// Over.
    Closed,
}

impl State {
    /// Stable code.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Proposed => "proposed",
            Self::Refused => "refused",
            Self::Open => "open",
            Self::Closed => "closed",
        }
    }

    /// The state of a code.
    #[must_use]
    pub fn named(code: &str) -> Option<Self> {
        [Self::Proposed, Self::Refused, Self::Open, Self::Closed]
            .into_iter()
            .find(|state| state.code() == code)
    }
}

/// A campaign that is planned.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan<'a> {
    /// Its kind.
    pub kind: &'a Kind,
    /// First day.
    pub from: Day,
    /// Last day.
    pub until: Day,
    /// Ids of the team.
    pub team: &'a [String],
    /// Role codes of bureaus that take part.
    pub bureaus: &'a [String],
    /// Bureaus of which nobody is in the team.
    pub absent: &'a [String],
    /// Points of the checklist.
    pub points: usize,
}

/// Whether a plan may be handed in.
///
/// # Errors
/// Every rule that says no.
pub fn plan(rules: &Version, plan: &Plan<'_>, words: &str) -> Result<(), RuleViolations> {
    let no = |rule| RuleViolation::new(rule, Basis::line(&rules.basis));
    let mut refusals = Vec::new();
    let mut team: Vec<&String> = plan.team.iter().collect();
    team.sort_unstable();
    team.dedup();
    if team.len() < 2 {
        refusals.push(no("campaign-team"));
    }
    if plan.kind.bureaus && plan.bureaus.is_empty() {
        refusals.push(no("campaign-bureaus"));
    }
    if !plan.absent.is_empty() {
        refusals.push(no("campaign-absent").with("missing", plan.absent.join(", ")));
    }
    if plan.points == 0 {
        refusals.push(no("campaign-points"));
    }
    let last = months_after(plan.from, rules.campaign_months);
    if plan.until <= plan.from || last.is_none_or(|last| plan.until > last) {
        refusals.push(no("campaign-span").with("months", rules.campaign_months));
    }
    if !said(words) {
        refusals.push(no("stepped-reason"));
    }
    if refusals.is_empty() { Ok(()) } else { Err(refusals) }
}

/// What is decided about a plan.
///
/// # Errors
/// Every rule that says no.
pub fn decide(
    rules: &Version,
    state: State,
    proposed_by: &str,
    (person, agreed): (&str, bool),
) -> Result<State, RuleViolations> {
    let no = |rule| RuleViolation::new(rule, Basis::line(&rules.basis));
    let mut refusals = Vec::new();
    if state != State::Proposed {
        refusals.push(no("campaign-state").with("state", state.code()));
    }
    if proposed_by == person {
        refusals.push(no("stepped-approver"));
    }
    if !refusals.is_empty() {
        return Err(refusals);
    }
    Ok(if agreed { State::Open } else { State::Refused })
}

/// What one of the team writes down about a point.
///
/// # Errors
/// Every rule that says no.
pub fn record(
    rules: &Version,
    state: State,
    (team, person): (&[String], &str),
    words: &str,
    conflict: &Conflict,
) -> Result<(), RuleViolations> {
    let no = |rule| RuleViolation::new(rule, Basis::line(&rules.basis));
    let mut refusals: Vec<RuleViolation> = recused(conflict, &rules.basis).into_iter().collect();
    if state != State::Open {
        refusals.push(no("campaign-state").with("state", state.code()));
    }
    if !team.iter().any(|member| member == person) {
        refusals.push(no("campaign-not-in-team"));
    }
    if !said(words) {
        refusals.push(no("stepped-reason"));
    }
    if refusals.is_empty() { Ok(()) } else { Err(refusals) }
}

/// The end, with the result. `open` are the points without one.
///
/// # Errors
/// Every rule that says no.
pub fn close(
    rules: &Version,
    state: State,
    (proposed_by, person): (&str, &str),
    (open, words): (&[String], &str),
) -> Result<State, RuleViolations> {
    let no = |rule| RuleViolation::new(rule, Basis::line(&rules.basis));
    let mut refusals = Vec::new();
    if state != State::Open {
        refusals.push(no("campaign-state").with("state", state.code()));
    }
    if proposed_by == person {
        refusals.push(no("stepped-approver"));
    }
    if !open.is_empty() {
        refusals.push(no("campaign-open-points").with("missing", open.join(", ")));
    }
    if !said(words) {
        refusals.push(no("campaign-result"));
    }
    if refusals.is_empty() { Ok(State::Closed) } else { Err(refusals) }
}
