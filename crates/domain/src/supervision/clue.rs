//! The ledger of clues (问题线索): what the process of `procedures/clue.toml` allows, and what the four
//! ways of disposition mean for it. One act further, or every rule that says no.
//!
//! The text of an act is its paper (opinion, approval, note), so that the file has what the process asks
//! for. Records of talks and evidence of cases are not kept here: they belong to closed systems.

use serde::{Deserialize, Serialize};

use super::{recused, said};
use crate::catalogue::{Gate, Step};
use crate::model::Basis;
use crate::problem::RuleViolation;
use crate::procedure::{self, Actor, DueOf, Event, Matter, Rules};
use crate::recusal::Conflict;
use crate::time::Day;

/// The four ways of disposition.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Way {
    /// 谈话函询
    Inquiry,
    /// 初步核实
    Verification,
    /// 暂存待查
    Hold,
    /// 予以了结
    Dismiss,
}

impl Way {
    /// All four.
    pub const ALL: [Self; 4] = [Self::Inquiry, Self::Verification, Self::Hold, Self::Dismiss];

    /// Stable code.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Inquiry => "inquiry",
            Self::Verification => "verification",
            Self::Hold => "hold",
            Self::Dismiss => "dismiss",
        }
    }

    /// The way of a code.
    #[must_use]
    pub fn named(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|way| way.code() == code)
    }

    /// The way that a step of the process belongs to.
    fn of_step(step: &str) -> Option<Self> {
        match step {
            "inquiry" | "inquiry_reply" | "inquiry_report" => Some(Self::Inquiry),
            "verification_approve" | "verification" | "verification_report" => {
                Some(Self::Verification)
            }
            "hold" | "hold_review" => Some(Self::Hold),
            "dismiss" => Some(Self::Dismiss),
            _ => None,
        }
    }
}

/// What came of a clue.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// Unfounded.
    Unfounded,
    /// First form: reminder, criticism, admonition.
    Measure,
    /// Filed for investigation: leaves this system.
    Transfer,
}

impl Outcome {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Unfounded, Self::Measure, Self::Transfer];

    /// Stable code.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Unfounded => "unfounded",
            Self::Measure => "measure",
            Self::Transfer => "transfer",
        }
    }

    /// The outcome of a code.
    #[must_use]
    pub fn named(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|outcome| outcome.code() == code)
    }

    fn of_step(step: &str) -> Option<Self> {
        match step {
            "close_unfounded" | "clarify" => Some(Self::Unfounded),
            "first_form_measure" => Some(Self::Measure),
            "transfer_out" => Some(Self::Transfer),
            _ => None,
        }
    }
}

/// The state of a clue. A new one is the default.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Clue {
    /// Steps done and papers filed.
    pub record: Matter,
    /// The way that was proposed last.
    pub proposed: Option<Way>,
    /// The way that was approved last.
    pub way: Option<Way>,
    /// What came of it, as reported.
    pub outcome: Option<Outcome>,
}

impl Clue {
    /// Code of how it stands, for lists: the way while it is on its way.
    #[must_use]
    pub fn state(&self) -> &'static str {
        let done = |step: &str| self.record.last_done(step).is_some();
        if done("close") {
            return "closed";
        }
        if done("report_result") {
            return "reported";
        }
        if self.is_redisposed() || (done("propose_disposition") && self.way.is_none()) {
            return "proposed";
        }
        match self.way {
            Some(way) => way.code(),
            None if done("register") => "registered",
            None => "received",
        }
    }

    /// A new disposition was proposed and not approved yet.
    fn is_redisposed(&self) -> bool {
        self.record.times_done("redispose") > self.record.times_done("redispose_approve")
    }
}

/// Something that somebody does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Doing {
    /// Code of the step.
    pub step: String,
    /// By whom, in which role.
    pub actor: Actor,
    /// When.
    pub day: Day,
    /// What he writes: the paper of the step.
    pub words: String,
    /// The way that he proposes.
    pub way: Option<Way>,
    /// What came of it.
    pub outcome: Option<Outcome>,
}

/// Everything that an act on a clue can lead to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Effect {
    /// A step is due by a rule.
    SetDue {
        /// Step.
        step: String,
        /// Code of the rule.
        rule: String,
        /// Day on which the clock starts.
        from: Day,
    },
    /// A step is not due any more.
    ClearDue {
        /// Step.
        step: String,
    },
    /// It is over.
    Over,
}

type Next = Result<(Clue, Vec<Effect>), Vec<RuleViolation>>;

/// The clue after an act, with what follows. `conflict` is what stands against whoever acts.
///
/// # Errors
/// Every rule that says no.
pub fn advance(
    steps: &[Step],
    rules: &Rules<'_>,
    clue: &Clue,
    doing: &Doing,
    (conflict, basis): (&Conflict, &[Basis]),
) -> Next {
    let mut refusals: Vec<RuleViolation> = recused(conflict, basis).into_iter().collect();
    refusals.extend(missing(clue, doing, basis));
    let mut next = clue.clone();
    if said(&doing.words) {
        let step = steps.iter().find(|step| step.code == doing.step);
        next.record.documents.extend(step.into_iter().flat_map(papers));
    }
    let event = Event::Step {
        code: doing.step.clone(),
        actor: doing.actor.clone(),
        day: doing.day,
        amount_fen: None,
        meeting: None,
    };
    let (record, effects) = match procedure::advance(steps, rules, &next.record, &event) {
        Ok(done) if refusals.is_empty() => done,
        Ok(_) => return Err(refusals),
        Err(more) => {
            refusals.extend(more);
            return Err(refusals);
        }
    };
    next.record = record;
    match doing.step.as_str() {
        "propose_disposition" | "redispose" => next.proposed = doing.way,
        "approve_disposition" | "redispose_approve" => next.way = next.proposed,
        "report_result" => next.outcome = doing.outcome,
        _ => {}
    }
    let mut effects: Vec<Effect> =
        effects.into_iter().filter_map(|effect| followed(effect, &next)).collect();
    if doing.step == "close" {
        effects.push(Effect::Over);
    }
    Ok((next, effects))
}

/// What a step would lack if somebody came now; empty: it can be done.
#[must_use]
pub fn open_steps(steps: &[Step], rules: &Rules<'_>, clue: &Clue, day: Day) -> Vec<String> {
    let open = procedure::open_steps(steps, rules, &clue.record, day);
    let fits = |code: &str| {
        Way::of_step(code).is_none_or(|way| clue.way == Some(way))
            && Outcome::of_step(code).is_none_or(|outcome| clue.outcome == Some(outcome))
            && !(clue.is_redisposed() && code != "redispose_approve")
            && (code != "redispose_approve" || clue.is_redisposed())
    };
    open.into_iter().map(|step| step.code).filter(|code| fits(code)).collect()
}

/// Papers that a step asks for, and which its text therefore is. The last step only looks whether
/// they are all there.
fn papers(step: &Step) -> Vec<String> {
    let gates = step.gates.iter().filter(|_| step.stage != "archive");
    let codes = gates.filter_map(|gate| match gate {
        Gate::Documents { codes } => Some(codes.clone()),
        _ => None,
    });
    codes.flatten().collect()
}

/// What the process itself does not ask: a way that is proposed, and a step of the way that was approved.
fn missing(clue: &Clue, doing: &Doing, basis: &[Basis]) -> Vec<RuleViolation> {
    let no = |rule| RuleViolation::new(rule, Basis::line(basis)).with("step", &doing.step);
    let mut refusals = Vec::new();
    let step = doing.step.as_str();
    if ["propose_disposition", "redispose"].contains(&step) && doing.way.is_none() {
        refusals.push(no("clue-way-missing"));
    }
    if step == "report_result" && doing.outcome.is_none() {
        refusals.push(no("clue-outcome-missing"));
    }
    if let Some(way) = Way::of_step(step).filter(|way| clue.way != Some(*way)) {
        let approved = clue.way.map_or("-", Way::code);
        refusals.push(no("clue-way-other").with("way", way.code()).with("approved", approved));
    }
    if Outcome::of_step(step).is_some_and(|outcome| clue.outcome != Some(outcome)) {
        refusals.push(
            no("clue-outcome-other").with("outcome", clue.outcome.map_or("-", Outcome::code)),
        );
    }
    if clue.is_redisposed() && step != "redispose_approve" {
        refusals.push(no("clue-redispose-open"));
    }
    if step == "redispose_approve" && !clue.is_redisposed() {
        refusals.push(no("clue-redispose-none"));
    }
    if !said(&doing.words) && step != "archive" {
        refusals.push(no("clue-words"));
    }
    refusals
}

/// A branch that was not approved is not due.
fn followed(effect: procedure::Effect, clue: &Clue) -> Option<Effect> {
    match effect {
        procedure::Effect::SetDue { of: DueOf::Step(step), rule, from } => {
            let other = Way::of_step(&step).is_some_and(|way| clue.way != Some(way));
            (!other).then_some(Effect::SetDue { step, rule, from })
        }
        procedure::Effect::ClearDue { of: DueOf::Step(step) } => Some(Effect::ClearDue { step }),
        _ => None,
    }
}
