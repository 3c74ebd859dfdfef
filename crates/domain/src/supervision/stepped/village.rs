//! A village under stepped-up supervision: decided for a time with a leader in charge, prolonged or ended
//! by a decision; whoever proposes does not decide (SD08).

use serde::{Deserialize, Serialize};

use super::rules::Version;
use crate::model::Basis;
use crate::problem::RuleViolation;
use crate::recusal::Conflict;
use crate::supervision::{RuleViolations, months_after, recused, said};
use crate::time::Day;

/// How it stands.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// The decision waits.
    #[default]
    Proposed,
    /// Turned down.
    Refused,
    /// Under supervision.
    Active,
    /// Under supervision, and its end waits for a decision.
    EndProposed,
    /// Under supervision, and a longer time waits for a decision.
    LongerProposed,
    /// Over.
    Ended,
}

impl State {
    /// All of them.
    pub const ALL: [Self; 6] = [
        Self::Proposed,
        Self::Refused,
        Self::Active,
        Self::EndProposed,
        Self::LongerProposed,
        Self::Ended,
    ];

    /// Stable code.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Proposed => "proposed",
            Self::Refused => "refused",
            Self::Active => "active",
            Self::EndProposed => "end_proposed",
            Self::LongerProposed => "longer_proposed",
            Self::Ended => "ended",
        }
    }

    /// Whether it lasts.
    #[must_use]
    pub const fn lasts(self) -> bool {
        matches!(self, Self::Active | Self::EndProposed | Self::LongerProposed)
    }
}

/// A village as far as the rules know it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Village {
    /// How it stands.
    pub state: State,
    /// Who proposed what waits for a decision.
    pub asked_by: String,
    /// First day.
    pub from: Day,
    /// Last day.
    pub until: Day,
    /// The last day that is asked for.
    pub asked_until: Option<Day>,
    /// How often it was prolonged.
    pub prolonged: u32,
}

/// What is wished for a village.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wish<'a> {
    /// First day.
    pub from: Day,
    /// Last day.
    pub until: Day,
    /// Roles that the leader in charge holds today.
    pub leader: &'a [String],
    /// It is on the approved list.
    pub listed: bool,
    /// It is under supervision already, or waits for it.
    pub twice: bool,
    /// Codes of ways to report of which the notice says nothing.
    pub silent: &'a [String],
}

/// What is not finished: codes of items and measures, numbers of rectifications.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Open {
    /// Items without a check that two people agreed on.
    pub items: Vec<String>,
    /// Measures without a record.
    pub measures: Vec<String>,
    /// Rectifications of the village that are not struck off.
    pub rectifications: Vec<String>,
}

/// Something that somebody does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Act {
    /// What waits is agreed to, or not.
    Decide {
        /// It is.
        agreed: bool,
    },
    /// Its end is proposed.
    End,
    /// A longer time is proposed.
    Longer {
        /// Last day.
        until: Day,
    },
}

/// A village for which supervision is proposed.
///
/// # Errors
/// Every rule that says no.
pub fn propose(
    rules: &Version,
    wish: &Wish<'_>,
    (person, words): (&str, &str),
    conflict: &Conflict,
) -> Result<Village, RuleViolations> {
    let no = |rule| RuleViolation::new(rule, Basis::line(&rules.basis));
    let mut refusals: Vec<RuleViolation> = recused(conflict, &rules.basis).into_iter().collect();
    if !wish.listed {
        refusals.push(no("stepped-not-listed"));
    }
    if wish.twice {
        refusals.push(no("stepped-twice"));
    }
    if !wish.leader.iter().any(|role| rules.leaders.contains(role)) {
        refusals.push(no("stepped-leader").with("missing", rules.leaders.join(", ")));
    }
    let last = months_after(wish.from, rules.longest_months);
    if wish.until <= wish.from || last.is_none_or(|last| wish.until > last) {
        refusals.push(no("stepped-span").with("months", rules.longest_months));
    }
    if !wish.silent.is_empty() {
        refusals.push(no("stepped-ways").with("missing", wish.silent.join(", ")));
    }
    if !said(words) {
        refusals.push(no("stepped-reason"));
    }
    if !refusals.is_empty() {
        return Err(refusals);
    }
    Ok(Village {
        state: State::Proposed,
        asked_by: person.to_owned(),
        from: wish.from,
        until: wish.until,
        asked_until: None,
        prolonged: 0,
    })
}

/// The village after an act.
///
/// # Errors
/// Every rule that says no.
pub fn advance(
    rules: &Version,
    known: &Village,
    act: &Act,
    (person, words): (&str, &str),
    (conflict, open): (&Conflict, &Open),
) -> Result<Village, RuleViolations> {
    let no = |rule| RuleViolation::new(rule, Basis::line(&rules.basis));
    let mut refusals: Vec<RuleViolation> = recused(conflict, &rules.basis).into_iter().collect();
    let expected = match act {
        Act::Decide { .. } => {
            matches!(known.state, State::Proposed | State::EndProposed | State::LongerProposed)
        }
        Act::End | Act::Longer { .. } => known.state == State::Active,
    };
    if !expected {
        refusals.push(no("stepped-state").with("state", known.state.code()));
    }
    if matches!(act, Act::Decide { .. }) && known.asked_by == person {
        refusals.push(no("stepped-approver"));
    }
    if !said(words) {
        refusals.push(no("stepped-reason"));
    }
    let ends = matches!(act, Act::End)
        || (known.state == State::EndProposed && *act == Act::Decide { agreed: true });
    if ends {
        refusals.extend(finished(open, &no));
    }
    if let Act::Longer { until } = act {
        let last = months_after(known.until, rules.prolong_months);
        if *until <= known.until || last.is_none_or(|last| *until > last) {
            refusals.push(no("stepped-longer").with("months", rules.prolong_months));
        }
        if known.prolonged >= rules.prolongations {
            refusals.push(no("stepped-prolonged").with("times", rules.prolongations));
        }
    }
    if !refusals.is_empty() {
        return Err(refusals);
    }
    Ok(applied(known, act, person))
}

/// What stands against an end, each with what is missing.
fn finished(open: &Open, no: &impl Fn(&'static str) -> RuleViolation) -> RuleViolations {
    let mut refusals = Vec::new();
    for (rule, missing) in [
        ("stepped-open-items", &open.items),
        ("stepped-open-measures", &open.measures),
        ("stepped-open-rectifications", &open.rectifications),
    ] {
        if !missing.is_empty() {
            refusals.push(no(rule).with("missing", missing.join(", ")));
        }
    }
    refusals
}

fn applied(known: &Village, act: &Act, person: &str) -> Village {
    let mut next = known.clone();
    match act {
        Act::Decide { agreed } => {
            next.state = match (known.state, agreed) {
                (State::Proposed, false) => State::Refused,
                (State::EndProposed, true) => State::Ended,
                _ => State::Active,
            };
            if known.state == State::LongerProposed && *agreed {
                next.until = known.asked_until.unwrap_or(known.until);
                next.prolonged = known.prolonged.saturating_add(1);
            }
            next.asked_until = None;
        }
        Act::End => {
            next.state = State::EndProposed;
            person.clone_into(&mut next.asked_by);
        }
        Act::Longer { until } => {
            next.state = State::LongerProposed;
            next.asked_until = Some(*until);
            person.clone_into(&mut next.asked_by);
        }
    }
    next
}
