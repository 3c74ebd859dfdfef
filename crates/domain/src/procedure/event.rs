//! What may happen to a matter, and what follows.

use serde::{Deserialize, Serialize};

use super::matter::{Actor, Meeting};
use crate::time::Day;

/// Something that happens to a matter. `day` is the day on which it is recorded.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Event {
    /// A step is done.
    Step {
        /// Step code.
        code: String,
        /// By whom.
        actor: Actor,
        /// When.
        day: Day,
        /// Amount in fen; the matter's own where none is given.
        amount_fen: Option<i64>,
        /// The meeting that did it, if it was not recorded before.
        meeting: Option<Box<Meeting>>,
    },
    /// A meeting was held for a step, whatever came of it.
    Meeting {
        /// Step code.
        step: String,
        /// When.
        day: Day,
        /// The minutes.
        meeting: Box<Meeting>,
    },
    /// Somebody checked what a step is about to do.
    Check {
        /// Step code.
        step: String,
        /// By whom.
        actor: Actor,
        /// When.
        day: Day,
        /// Agreed, or objected.
        agreed: bool,
    },
    /// Somebody signed for a step.
    Sign {
        /// Step code.
        step: String,
        /// By whom.
        actor: Actor,
        /// When.
        day: Day,
    },
    /// A document came into the file.
    Document {
        /// Code of the kind of document.
        code: String,
        /// When.
        day: Day,
    },
    /// A villager or the supervision committee asks or objects.
    Question {
        /// Its number.
        number: String,
        /// Id of the asker; none where he stays unknown.
        asker: Option<String>,
        /// When.
        day: Day,
    },
    /// A question is answered.
    Answer {
        /// Its number.
        number: String,
        /// By whom.
        actor: Actor,
        /// When.
        day: Day,
    },
    /// What a step made public is taken down.
    TakenDown {
        /// Code of the disclosing step.
        step: String,
        /// Last day on which it was up.
        day: Day,
    },
    /// The matter is given up.
    Withdraw {
        /// By whom.
        actor: Actor,
        /// When.
        day: Day,
        /// Why.
        reason: String,
    },
}

impl Event {
    /// When it is recorded.
    #[must_use]
    pub fn day(&self) -> Day {
        match self {
            Self::Step { day, .. }
            | Self::Meeting { day, .. }
            | Self::Check { day, .. }
            | Self::Sign { day, .. }
            | Self::Document { day, .. }
            | Self::Question { day, .. }
            | Self::Answer { day, .. }
            | Self::TakenDown { day, .. }
            | Self::Withdraw { day, .. } => *day,
        }
    }
}

/// What is due.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DueOf {
    /// A step, by its code.
    Step(String),
    /// The answer to a question, by its number.
    Question(String),
}

/// What follows from an event, for the registry to do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Effect {
    /// A due day is to be computed by a rule and set.
    SetDue {
        /// What is due.
        of: DueOf,
        /// Code of the deadline rule.
        rule: String,
        /// Day of the event from which it is counted.
        from: Day,
    },
    /// It is done: nothing is due any more.
    ClearDue {
        /// What was due.
        of: DueOf,
    },
    /// A notice is to be made public.
    Publish {
        /// Code of the disclosing step.
        step: String,
        /// From when.
        from: Day,
    },
    /// A question is closed.
    CloseQuestion {
        /// Its number.
        number: String,
    },
    /// Holders of a role have something to do.
    Notify {
        /// Role code.
        role: String,
        /// What is to be done.
        of: DueOf,
    },
    /// The file is closed.
    Archived {
        /// When.
        day: Day,
    },
}
