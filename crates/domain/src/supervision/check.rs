//! Checking what a model asks: two people who both stay out of nothing that is theirs, a result with a
//! reason, agreed to by the second.
//!
//! Deliberately absent: any effect on a benefit. What a check may lead to is [`Effect`], and nothing else.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::rules::Version;
use super::{recused, said};
use crate::model::Basis;
use crate::problem::RuleViolation;
use crate::recusal::Conflict;
use crate::time::Day;

/// What a check found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// There is an innocent explanation.
    Explained,
    /// The data were wrong.
    DataError,
    /// It was wrong, nobody is to blame, and it is put right.
    Rectified,
    /// It becomes a clue.
    Clue,
}

impl Outcome {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Explained, Self::DataError, Self::Rectified, Self::Clue];

    /// Stable code.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Explained => "explained",
            Self::DataError => "data_error",
            Self::Rectified => "rectified",
            Self::Clue => "clue",
        }
    }

    /// The outcome of a code.
    #[must_use]
    pub fn named(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|outcome| outcome.code() == code)
    }

    /// Whether the model was right.
    #[must_use]
    pub const fn confirms(self) -> bool {
        matches!(self, Self::Rectified | Self::Clue)
    }
}

/// How a finding stands.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// Nobody checks it yet.
    #[default]
    New,
    /// An explanation that was accepted once still holds.
    Excluded,
    /// Two people check it.
    Assigned,
    /// The result waits for the second.
    Recorded,
    /// Over.
    Checked,
}

impl State {
    /// Stable code.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::New => "new",
            Self::Excluded => "excluded",
            Self::Assigned => "assigned",
            Self::Recorded => "recorded",
            Self::Checked => "checked",
        }
    }

    /// The state of a code.
    #[must_use]
    pub fn named(code: &str) -> Option<Self> {
        [Self::New, Self::Excluded, Self::Assigned, Self::Recorded, Self::Checked]
            .into_iter()
            .find(|state| state.code() == code)
    }
}

/// A finding as far as checking goes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Case {
    /// How it stands.
    pub state: State,
    /// Ids of the two checkers.
    pub checkers: Vec<String>,
    /// Who recorded the result.
    pub recorded_by: Option<String>,
    /// The result.
    pub outcome: Option<Outcome>,
    /// Until when its explanation shall hold.
    pub holds_until: Option<Day>,
    /// Money to recover.
    pub recover_fen: i64,
}

/// What the first checker writes down.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// What was found.
    pub outcome: Outcome,
    /// Why.
    pub reason: String,
    /// Code of the cause, where it was wrong.
    pub cause: Option<String>,
    /// One answer for each question of the model.
    pub answers: Vec<String>,
    /// Money to recover.
    pub recover_fen: i64,
    /// Until when an explanation holds: as long the same question is not asked again.
    pub holds_until: Option<Day>,
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
    /// A checker writes down the result; `questions` is how many the model asks.
    Record {
        /// Who.
        by: String,
        /// The result.
        result: Box<Report>,
        /// Questions of the model.
        questions: usize,
    },
    /// The other one agrees, or does not.
    Confirm {
        /// Who.
        by: String,
        /// He agrees.
        agreed: bool,
    },
}

/// Everything that a check can lead to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Effect {
    /// It is due by the rule of the catalogue.
    SetDue,
    /// It is not due any more.
    ClearDue,
    /// The explanation is remembered.
    Exclude {
        /// Last day.
        until: Day,
    },
    /// There is money to recover: a line of the ledger.
    Recover {
        /// How much.
        fen: i64,
    },
    /// Somebody may register a clue.
    OfferClue,
}

type Next = Result<(Case, Vec<Effect>), Vec<RuleViolation>>;

/// The finding after an act, with what follows. `conflicts` holds what stands against each person.
///
/// # Errors
/// Every rule that says no.
pub fn advance(
    rules: &Version,
    case: &Case,
    act: &Act,
    conflicts: &BTreeMap<String, Conflict>,
    today: Day,
) -> Next {
    let run = Run { rules, case, conflicts, today };
    match act {
        Act::Assign { first, second } => run.assign(first, second),
        Act::Record { by, result, questions } => run.record(by, result, *questions),
        Act::Confirm { by, agreed } => run.confirm(by, *agreed),
    }
}

struct Run<'a> {
    rules: &'a Version,
    case: &'a Case,
    conflicts: &'a BTreeMap<String, Conflict>,
    today: Day,
}

impl Run<'_> {
    fn no(&self, rule: &'static str) -> RuleViolation {
        RuleViolation::new(rule, Basis::line(&self.rules.basis))
    }

    fn in_state(&self, states: &[State]) -> Vec<RuleViolation> {
        if states.contains(&self.case.state) {
            return Vec::new();
        }
        vec![self.no("finding-state").with("state", self.case.state.code())]
    }

    /// Whoever is unknown to the caller stays out, too: nobody is free of conflict by being forgotten.
    fn stays_out(&self, person: &str) -> Option<RuleViolation> {
        match self.conflicts.get(person) {
            Some(conflict) => recused(conflict, &self.rules.basis),
            None => Some(self.no("supervision-recused").with("ground", "?")),
        }
    }

    fn assign(&self, first: &str, second: &str) -> Next {
        let mut refusals = self.in_state(&[State::New, State::Assigned]);
        if first == second {
            refusals.push(self.no("finding-two-checkers"));
        }
        refusals.extend([first, second].into_iter().filter_map(|one| self.stays_out(one)));
        if !refusals.is_empty() {
            return Err(refusals);
        }
        let checkers = vec![first.to_owned(), second.to_owned()];
        let next = Case { state: State::Assigned, checkers, ..Case::default() };
        Ok((next, vec![Effect::ClearDue, Effect::SetDue]))
    }

    fn record(&self, by: &str, result: &Report, questions: usize) -> Next {
        let mut refusals = self.in_state(&[State::Assigned]);
        refusals.extend(self.stays_out(by));
        if !self.case.checkers.iter().any(|checker| checker == by) {
            refusals.push(self.no("finding-not-checker"));
        }
        if !said(&result.reason) {
            refusals.push(self.no("finding-reason"));
        }
        let answered = result.answers.iter().filter(|answer| said(answer)).count();
        if answered < questions {
            let no = self.no("finding-questions").with("answered", answered);
            refusals.push(no.with("questions", questions));
        }
        if result.outcome.confirms() && result.cause.is_none() {
            refusals.push(self.no("finding-cause"));
        }
        if result.recover_fen < 0 || (result.recover_fen > 0 && !result.outcome.confirms()) {
            refusals.push(self.no("finding-recover"));
        }
        refusals.extend(self.holds(result));
        if !refusals.is_empty() {
            return Err(refusals);
        }
        let next = Case {
            state: State::Recorded,
            recorded_by: Some(by.to_owned()),
            outcome: Some(result.outcome),
            holds_until: result.holds_until,
            recover_fen: result.recover_fen,
            ..self.case.clone()
        };
        Ok((next, Vec::new()))
    }

    /// Only an explanation is remembered, and not for ever.
    fn holds(&self, result: &Report) -> Option<RuleViolation> {
        let until = result.holds_until?;
        if result.outcome != Outcome::Explained {
            return Some(self.no("finding-holds-outcome"));
        }
        let last = super::months_after(self.today, self.rules.exclusion_months);
        let fits = until > self.today && last.is_some_and(|last| until <= last);
        if fits {
            return None;
        }
        Some(self.no("finding-holds-until").with("months", self.rules.exclusion_months))
    }

    fn confirm(&self, by: &str, agreed: bool) -> Next {
        let mut refusals = self.in_state(&[State::Recorded]);
        refusals.extend(self.stays_out(by));
        let is_other = self.case.checkers.iter().any(|checker| checker == by)
            && self.case.recorded_by.as_deref() != Some(by);
        if !is_other {
            refusals.push(self.no("finding-second"));
        }
        let Some(outcome) = self.case.outcome.filter(|_| refusals.is_empty()) else {
            return Err(refusals);
        };
        if !agreed {
            let checkers = self.case.checkers.clone();
            return Ok((Case { state: State::Assigned, checkers, ..Case::default() }, Vec::new()));
        }
        let mut effects = vec![Effect::ClearDue];
        effects.extend(self.case.holds_until.map(|until| Effect::Exclude { until }));
        if self.case.recover_fen > 0 {
            effects.push(Effect::Recover { fen: self.case.recover_fen });
        }
        if outcome == Outcome::Clue {
            effects.push(Effect::OfferClue);
        }
        Ok((Case { state: State::Checked, ..self.case.clone() }, effects))
    }
}
