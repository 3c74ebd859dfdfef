//! Running processes as data: steps, the gates before them, the bodies that decide, and which body
//! an amount belongs to.
//!
//! Files: `procedures/*.toml` (one each), `bodies.toml`, `tiers.toml`.

use serde::{Deserialize, Serialize};

use super::timing::Limit;
use crate::model::{Basis, Bilingual};

/// How a gate names the body that the amount belongs to.
pub const BY_TIER: &str = "by_tier";

/// The same where property of the collective is decided about.
pub const BY_COLLECTIVE_TIER: &str = "by_collective_tier";

/// A running process: `six-step`, `four-deliberations`, `petition` ...
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Procedure {
    /// Code, the file name without its ending.
    pub code: String,
    /// Title.
    pub title: Bilingual,
    /// Dated texts, oldest first.
    pub versions: Vec<ProcedureVersion>,
}

/// A process in a span of time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ProcedureVersion {
    /// First day, `YYYY-MM-DD`.
    pub from: String,
    /// Last day, if it has ended.
    #[serde(default)]
    pub until: Option<String>,
    /// In the order in which they are drawn.
    pub steps: Vec<Step>,
    /// Laws and practices.
    pub basis: Vec<Basis>,
}

/// A step of a process.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Step {
    /// Snake-case code, once in a process.
    pub code: String,
    /// One of the stages (group `stage` of `terms.toml`): `propose`, `review`, `decide`,
    /// `disclose`, `answer`, `archive`; `execute`, `accept`, `pay` where money moves; `receive`,
    /// `route`, `handle`, `approve`, `verify`, `close` in reports, clues and rectification.
    pub stage: String,
    /// What is done.
    pub title: Bilingual,
    /// Role codes, any one of which may do it.
    pub actors: Vec<String>,
    /// Codes of steps that must all be done before. Left out: the step that stands before this
    /// one. Empty: none.
    #[serde(default)]
    pub after: Option<Vec<String>>,
    /// Codes of steps of which at least one must be done before, besides `after`.
    #[serde(default)]
    pub after_any: Vec<String>,
    /// The step may be left out; what comes after it does not wait for it.
    #[serde(default)]
    pub optional: bool,
    /// The step may be done again (a progress note, a payment by instalments).
    #[serde(default)]
    pub repeats: bool,
    /// Code of the deadline rule by which it is due, counted from the last step before it.
    #[serde(default)]
    pub due: Option<String>,
    /// What must hold.
    #[serde(default)]
    pub gates: Vec<Gate>,
}

/// Codes of the steps that must all be done before step `index`: what `after` names, or else the
/// step that stands before it.
#[must_use]
pub fn needed_before(steps: &[Step], index: usize) -> Vec<&str> {
    match steps.get(index).map(|step| &step.after) {
        Some(Some(codes)) => codes.iter().map(String::as_str).collect(),
        Some(None) => {
            let before = index.checked_sub(1).and_then(|before| steps.get(before));
            before.map(|step| step.code.as_str()).into_iter().collect()
        }
        None => Vec::new(),
    }
}

/// A condition of a step. Each one that does not hold is told with its basis.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum Gate {
    /// All of these documents are in the file (codes, group `document` of `terms.toml`).
    Documents {
        /// Document codes.
        codes: Vec<String>,
    },
    /// A body has met with its quorum and agreed with its majority, after its notice period.
    Meeting {
        /// Code of the body; [`BY_TIER`] takes the one that the amount belongs to,
        /// [`BY_COLLECTIVE_TIER`] the one that decides so much about the collective's property.
        body: String,
    },
    /// A role other than the step's actor has checked and agreed (监委会审核).
    Check {
        /// Role code.
        role: String,
    },
    /// Roles that must sign besides the actor (镇政府会签).
    Countersign {
        /// Role codes.
        roles: Vec<String>,
    },
    /// What step `step` made public has been public for the minimum period of rule `rule`.
    Published {
        /// Code of a disclosing step.
        step: String,
        /// Code of a deadline rule with `sense = "at_least"`.
        rule: String,
    },
    /// At least the minimum period of rule `rule` has run since step `step`.
    Elapsed {
        /// Step code.
        step: String,
        /// Code of a deadline rule with `sense = "at_least"`.
        rule: String,
    },
    /// No question or objection of a villager or of the supervision committee is open.
    NoOpenQuestions {},
    /// The head of the meeting has spoken last, and that stands in the minutes (末位表态).
    HeadSpeaksLast {},
    /// Every vote is recorded by name (实名票决).
    RecordedBallots {},
    /// Where one person holds both posts (一肩挑), a third one signs besides.
    ExtraSignature {
        /// The two role codes.
        posts: Vec<String>,
        /// Role codes, any one of which may sign.
        signers: Vec<String>,
    },
    /// The actor is another person than whoever did any of these steps (separation of duties).
    OtherPerson {
        /// Step codes.
        steps: Vec<String>,
        /// Code of the rule of 09-roles, `SD03`.
        rule: String,
    },
    /// The amount does not go beyond what step `step` decided, by more than `over_bp` basis points.
    WithinDecided {
        /// Code of the deciding step.
        step: String,
        /// Basis points that it may be exceeded by.
        over_bp: u32,
    },
}

/// What a share is a share of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Counted {
    /// Those who attend.
    Present,
    /// Those who should attend: all members.
    Members,
    /// Households that should be represented.
    Households,
}

/// At least, or more than, a part of something.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Share {
    /// Upper number of the fraction.
    pub numerator: u32,
    /// Lower number of the fraction.
    pub denominator: u32,
    /// Of what.
    pub of: Counted,
    /// More than the fraction (过半数), not just as much.
    #[serde(default)]
    pub more_than: bool,
}

/// A body that decides: `VRM`, `VM`, `PM` ...
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Body {
    /// Code, also a role code.
    pub code: String,
    /// Title.
    pub title: Bilingual,
    /// Dated rules, oldest first.
    pub versions: Vec<BodyVersion>,
}

/// Rules of a body in a span of time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BodyVersion {
    /// First day, `YYYY-MM-DD`.
    pub from: String,
    /// Last day, if it has ended.
    #[serde(default)]
    pub until: Option<String>,
    /// Any one of these makes a quorum.
    pub quorum: Vec<Share>,
    /// Share of votes for.
    pub majority: Share,
    /// How long before it the meeting is called, if a rule says so.
    #[serde(default)]
    pub notice: Option<Limit>,
    /// Laws and practices.
    pub basis: Vec<Basis>,
}

/// Decision tiers with their dated amounts. A county sets its own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TierSet {
    /// First day, `YYYY-MM-DD`.
    pub from: String,
    /// Last day, if it has ended.
    #[serde(default)]
    pub until: Option<String>,
    /// Ascending by amount; the last has no upper end.
    pub tiers: Vec<Tier>,
    /// Laws and practices.
    pub basis: Vec<Basis>,
}

/// Who decides up to which amount.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tier {
    /// `T0` ...
    pub code: String,
    /// Title.
    pub title: Bilingual,
    /// Amounts below this belong here, in fen.
    #[serde(default)]
    pub below_fen: Option<i64>,
    /// Code of the body that decides.
    pub body: String,
    /// Code of the body that decides instead about property of the collective, where it is
    /// another one.
    #[serde(default)]
    pub collective_body: Option<String>,
    /// Role codes that sign besides.
    #[serde(default)]
    pub countersign: Vec<String>,
}

impl Tier {
    /// The body that decides where a gate says [`BY_TIER`] or [`BY_COLLECTIVE_TIER`].
    #[must_use]
    pub fn decides(&self, gate: &str) -> &str {
        let collective = self.collective_body.as_deref().filter(|_| gate == BY_COLLECTIVE_TIER);
        collective.unwrap_or(&self.body)
    }
}

/// Whether a gate leaves it to the amount which body decides.
#[must_use]
pub fn is_by_tier(body: &str) -> bool {
    [BY_TIER, BY_COLLECTIVE_TIER].contains(&body)
}
