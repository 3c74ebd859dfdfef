//! What happens to a report after it came in: one act further, or every rule that says no. The acts are
//! those of the rules on petition matters and accusations: acceptance, transfer, objection to a
//! transfer, merging of repeats, extension, pause, reply, rating, review and second review.
//!
//! Deliberately absent: who may act ([`crate::access`]), where it goes ([`crate::routing`]), the counting
//! of days ([`crate::deadline`]), and every text.

mod follow;

use std::collections::BTreeSet;

pub use follow::{DueFor, Effect};
use serde::{Deserialize, Serialize};

use super::rules::{Door, ReportRules};
use crate::model::Basis;
use crate::problem::RuleViolation;

/// How a report stands.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// It came to an office, which has not said yet whether it accepts it.
    #[default]
    Received,
    /// The office that it was handed to says that it is not its own; the sender decides.
    Contested,
    /// Accepted; being worked on.
    Accepted,
    /// Not accepted, with the reason.
    Refused,
    /// Answered; the reporter may rate it or ask for a review.
    Replied,
    /// One of several about the same; goes on under another number.
    Merged,
    /// Over.
    Closed,
}

impl State {
    /// Stable code.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Received => "received",
            Self::Contested => "contested",
            Self::Accepted => "accepted",
            Self::Refused => "refused",
            Self::Replied => "replied",
            Self::Merged => "merged",
            Self::Closed => "closed",
        }
    }
}

/// How often it was decided.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    /// First.
    #[default]
    First,
    /// Review (复查).
    Review,
    /// Second review (复核).
    Second,
}

/// A report as far as the rules know it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Case {
    /// Code of the door.
    pub door: String,
    /// The reporter gave his name.
    pub named: bool,
    /// How it stands.
    pub state: State,
    /// How often it was decided.
    pub stage: Stage,
    /// Office that it came from by transfer, while that may still be contested or objected to.
    #[serde(default)]
    pub sender: Option<String>,
    /// The reporter objects to the transfer.
    #[serde(default)]
    pub objection: Option<Objection>,
    /// It was handed over at least once.
    #[serde(default)]
    pub transferred: bool,
    /// The clock stands still, for this ground.
    #[serde(default)]
    pub paused: Option<String>,
    /// How often the reporter said "not solved" at this stage.
    #[serde(default)]
    pub reopened: u32,
    /// The work is done, the result not told yet.
    #[serde(default)]
    pub concluded: bool,
    /// Ids of offices that have decided.
    #[serde(default)]
    pub decided: BTreeSet<String>,
    /// Keys of persons who decided at an earlier stage.
    #[serde(default)]
    pub deciders: BTreeSet<String>,
    /// Key of the person who decided at this stage.
    #[serde(default)]
    pub decider: Option<String>,
}

/// The reporter's objection to a transfer, while it waits.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Objection {
    /// How the report stood when it came.
    pub before: State,
    /// Id of the office that decides.
    pub office: String,
}

impl Case {
    /// Id of the office that decides on a transfer that is contested or objected to.
    #[must_use]
    pub fn decides(&self) -> Option<&String> {
        self.objection.as_ref().map(|objection| &objection.office).or(self.sender.as_ref())
    }
}

/// What was decided (XF-15).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// The claim is supported; the facts are confirmed.
    Support,
    /// Explained; confirmed in part.
    Explain,
    /// Not supported; not confirmed.
    NotSupport,
}

impl Outcome {
    /// Stable code.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Support => "support",
            Self::Explain => "explain",
            Self::NotSupport => "not_support",
        }
    }

    /// The outcome of a code.
    #[must_use]
    pub fn named(code: &str) -> Option<Self> {
        [Self::Support, Self::Explain, Self::NotSupport].into_iter().find(|o| o.code() == code)
    }
}

/// Something that somebody does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Act {
    /// The office accepts it.
    Accept,
    /// The office does not accept it, and says why.
    Refuse,
    /// The office hands it to another.
    Transfer {
        /// Office that hands it over.
        from: String,
    },
    /// The office that it was handed to says that it is not its own (XF-04).
    Contest,
    /// The reporter says that it was handed to the wrong office.
    ObjectTransfer {
        /// The period for it has not ended.
        in_time: bool,
        /// Id of the office that decides.
        decider: String,
    },
    /// The sender, or whoever decides for him, takes it back, or does not.
    Settle {
        /// It goes back.
        back: bool,
    },
    /// It is about the same as another one (XF-10).
    Merge,
    /// The period is lengthened.
    Extend,
    /// The clock stands still.
    Pause {
        /// Code of the ground.
        ground: String,
    },
    /// The clock goes on.
    Resume,
    /// The work is done.
    Conclude,
    /// The answer.
    Reply {
        /// Office that answers.
        office: String,
        /// Person who answers.
        person: String,
    },
    /// The reporter says whether it is solved.
    Rate {
        /// It is.
        solved: bool,
    },
    /// The reporter asks for a review, or a second one; `in_time` is whether the period still runs.
    AskReview {
        /// The period for asking has not ended.
        in_time: bool,
    },
    /// The office closes what was answered; `open` is whether the reporter may still ask for a review.
    Close {
        /// The period for asking has not ended.
        open: bool,
    },
}

/// What is due from the first day on.
#[must_use]
pub fn filed(case: &Case, door: &Door, sealed: Option<&str>) -> Vec<Effect> {
    let accept = door.rules.accept_named.as_ref().filter(|_| case.named);
    let accept = accept.unwrap_or(&door.rules.accept).clone();
    let hand_over = sealed.map(|rule| Effect::Set(DueFor::HandOver, rule.to_owned()));
    hand_over.into_iter().chain([Effect::Set(DueFor::Accept, accept)]).collect()
}

/// The report after an act, with what follows.
///
/// # Errors
/// Every rule that the act breaks, with its basis.
pub fn advance(
    rules: &ReportRules,
    case: &Case,
    act: &Act,
) -> Result<(Case, Vec<Effect>), Vec<RuleViolation>> {
    let basis = Basis::line(&rules.basis);
    let Some(door) = rules.door(&case.door) else {
        return Err(vec![RuleViolation::new("petition-state", basis)]);
    };
    let run = Run { rules, door, case, basis };
    let refusals = run.refusals(act);
    if refusals.is_empty() { Ok(run.after(act)) } else { Err(refusals) }
}

struct Run<'a> {
    rules: &'a ReportRules,
    door: &'a Door,
    case: &'a Case,
    basis: String,
}

impl Run<'_> {
    fn no(&self, rule: &'static str) -> RuleViolation {
        RuleViolation::new(rule, self.basis.clone())
    }

    /// States in which an act can be done.
    fn states(act: &Act) -> &'static [State] {
        match act {
            Act::Accept | Act::Refuse | Act::Contest => &[State::Received],
            // What nobody may handle any longer is handed on even while it is worked on.
            Act::Transfer { .. } | Act::Merge => &[State::Received, State::Accepted],
            // Whoever accepts fast does not cut off what the reporter has to say.
            Act::ObjectTransfer { .. } => &[State::Received, State::Accepted],
            Act::Settle { .. } => &[State::Contested],
            Act::Extend | Act::Pause { .. } | Act::Resume => &[State::Accepted],
            Act::Conclude | Act::Reply { .. } => &[State::Accepted],
            Act::Rate { .. } => &[State::Replied],
            Act::AskReview { .. } => &[State::Replied, State::Refused],
            Act::Close { .. } => &[State::Replied, State::Refused],
        }
    }

    fn refusals(&self, act: &Act) -> Vec<RuleViolation> {
        let case = self.case;
        let mut refusals = Vec::new();
        if !Self::states(act).contains(&case.state) {
            refusals.push(self.no("petition-state").with("state", case.state.code()));
            return refusals;
        }
        let late = match act {
            Act::Contest | Act::ObjectTransfer { .. } if case.sender.is_none() => {
                Some("petition-not-handed")
            }
            Act::ObjectTransfer { in_time: false, .. } => Some("petition-object-late"),
            Act::ObjectTransfer { .. } if case.concluded => Some("petition-concluded"),
            Act::Pause { .. } if case.paused.is_some() => Some("petition-paused"),
            Act::Resume if case.paused.is_none() => Some("petition-not-paused"),
            Act::Reply { .. } | Act::Extend if case.paused.is_some() => Some("petition-paused"),
            Act::Reply { person, .. } if case.deciders.contains(person) => {
                Some("petition-decided-before")
            }
            Act::Conclude if case.concluded => Some("petition-concluded"),
            // XF-09: nothing comes after the second review.
            Act::AskReview { .. } if case.stage == Stage::Second => Some("petition-review-over"),
            Act::AskReview { in_time: false } => Some("petition-review-late"),
            Act::Close { open: true } => Some("petition-review-open"),
            Act::Rate { solved: false } if case.reopened >= self.rules.reopen_times => {
                Some("petition-reopen-times")
            }
            _ => None,
        };
        refusals.extend(late.map(|rule| self.no(rule)));
        refusals
    }

    /// Rule by which it is settled at the present stage.
    fn settle_rule(&self) -> &String {
        match self.case.stage {
            Stage::First => &self.door.rules.settle,
            Stage::Review => &self.door.rules.review,
            Stage::Second => &self.door.rules.second,
        }
    }

    fn after(&self, act: &Act) -> (Case, Vec<Effect>) {
        use Effect::{Drop, Extend, Met, Pause, Resume, Set, TellReporter};
        let (mut next, rules) = (self.case.clone(), &self.door.rules);
        let mut effects = Vec::new();
        match act {
            Act::Accept => {
                next.state = State::Accepted;
                effects.extend([Met(DueFor::HandOver), Met(DueFor::Accept), Drop(DueFor::Contest)]);
                effects.push(Set(DueFor::Settle, self.settle_rule().clone()));
                effects.push(TellReporter);
            }
            Act::Refuse => {
                next.state = State::Refused;
                effects.extend([Met(DueFor::HandOver), Met(DueFor::Accept), Drop(DueFor::Contest)]);
                let ask = Set(DueFor::AskReview, self.ask_rule().clone());
                effects.extend([Drop(DueFor::ObjectTransfer), ask, TellReporter]);
            }
            Act::Transfer { from } => effects.extend(self.handed(&mut next, from)),
            Act::Contest => next.state = State::Contested,
            Act::ObjectTransfer { decider, .. } => {
                effects.extend(self.objected(&mut next, decider))
            }
            Act::Settle { back } => effects.extend(self.settled(&mut next, *back)),
            Act::Merge => {
                next.state = State::Merged;
                effects.extend(DueFor::ALL.map(Drop));
                effects.push(TellReporter);
            }
            Act::Extend => effects.extend([Extend(DueFor::Settle), TellReporter]),
            Act::Pause { ground } => {
                next.paused = Some(ground.clone());
                effects.extend([Pause(DueFor::Settle), TellReporter]);
            }
            Act::Resume => {
                next.paused = None;
                effects.extend([Resume(DueFor::Settle), TellReporter]);
            }
            Act::Conclude => {
                next.concluded = true;
                effects.push(Met(DueFor::Settle));
                let tell = rules.tell.clone().filter(|_| next.named);
                effects.extend(tell.map(|rule| Set(DueFor::Tell, rule)));
            }
            Act::Reply { office, person } => {
                next.state = State::Replied;
                next.decided.insert(office.clone());
                next.decider = Some(person.clone());
                effects.extend([Met(DueFor::Settle), Met(DueFor::Tell)]);
                // Whoever is not content with the answer asks for a review.
                effects.push(Drop(DueFor::ObjectTransfer));
                if next.stage < Stage::Second {
                    effects.push(Set(DueFor::AskReview, self.ask_rule().clone()));
                }
                effects.push(TellReporter);
            }
            Act::Rate { solved: true } | Act::Close { .. } => {
                next.state = State::Closed;
                effects.push(Drop(DueFor::AskReview));
            }
            Act::Rate { solved: false } => {
                next.state = State::Accepted;
                next.reopened += 1;
                next.concluded = false;
                effects.push(Drop(DueFor::AskReview));
                effects.push(Set(DueFor::Settle, self.settle_rule().clone()));
            }
            Act::AskReview { .. } => effects.extend(self.reviewed(&mut next)),
        }
        (next, effects)
    }

    fn ask_rule(&self) -> &String {
        match self.case.stage {
            Stage::First => &self.door.rules.ask_review,
            Stage::Review | Stage::Second => &self.door.rules.ask_second,
        }
    }

    fn handed(&self, next: &mut Case, from: &str) -> Vec<Effect> {
        let rules = &self.door.rules;
        next.state = State::Received;
        next.sender = Some(from.to_owned());
        next.transferred = true;
        next.paused = None;
        let mut effects = vec![
            Effect::Met(DueFor::HandOver),
            Effect::Met(DueFor::Accept),
            Effect::Drop(DueFor::Settle),
        ];
        effects.push(Effect::Set(DueFor::Accept, rules.transferred.clone()));
        let contest = rules.object.clone();
        effects.extend(contest.map(|rule| Effect::Set(DueFor::Contest, rule)));
        effects.push(Effect::Drop(DueFor::ObjectTransfer));
        let object = rules.object_transfer.clone();
        effects.extend(object.map(|rule| Effect::Set(DueFor::ObjectTransfer, rule)));
        effects.push(Effect::TellReporter);
        effects
    }

    fn objected(&self, next: &mut Case, decider: &str) -> Vec<Effect> {
        let (before, office) = (next.state, decider.to_owned());
        next.objection = Some(Objection { before, office });
        next.state = State::Contested;
        // Until it is decided nobody can accept it in time.
        let mut effects = vec![Effect::Met(DueFor::ObjectTransfer), Effect::Drop(DueFor::Accept)];
        let decide = self.door.rules.decide_transfer.clone();
        effects.extend(decide.map(|rule| Effect::Set(DueFor::DecideTransfer, rule)));
        effects
    }

    fn settled(&self, next: &mut Case, back: bool) -> Vec<Effect> {
        let (objection, sender) = (next.objection.take(), next.sender.take());
        next.state = objection.as_ref().map_or(State::Received, |objection| objection.before);
        let mut effects = vec![Effect::Drop(DueFor::Contest)];
        if objection.is_some() {
            effects.extend([Effect::Met(DueFor::DecideTransfer), Effect::TellReporter]);
        }
        let anew = Effect::Set(DueFor::Accept, self.door.rules.transferred.clone());
        if let Some(sender) = sender.filter(|_| back) {
            next.state = State::Received;
            next.paused = None;
            effects
                .extend([DueFor::Accept, DueFor::ObjectTransfer, DueFor::Settle].map(Effect::Drop));
            effects.extend([anew, Effect::Back(sender)]);
        } else if objection.is_some() && next.state == State::Received {
            effects.push(anew);
        }
        effects
    }

    fn reviewed(&self, next: &mut Case) -> Vec<Effect> {
        let rules = &self.door.rules;
        let (stage, rule) = match next.stage {
            Stage::First => (Stage::Review, &rules.review),
            Stage::Review | Stage::Second => (Stage::Second, &rules.second),
        };
        next.stage = stage;
        // Whoever decided does not review himself (SD03).
        next.deciders.extend(next.decider.take());
        // A review is not asked whether it is accepted: it is answered.
        next.state = State::Accepted;
        next.reopened = 0;
        next.concluded = false;
        next.sender = None;
        vec![
            Effect::Met(DueFor::AskReview),
            Effect::Set(DueFor::Settle, rule.clone()),
            Effect::ToReview,
        ]
    }
}
