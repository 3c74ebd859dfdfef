//! What follows from an act: what becomes due, where it goes, who is told.

use serde::{Deserialize, Serialize};

/// What something is due for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DueFor {
    /// Hand it over (sealed queue).
    HandOver,
    /// Say whether it is accepted.
    Accept,
    /// Contest a transfer: a right that ends, nothing that can be overdue.
    Contest,
    /// Object to a transfer: the same right of the reporter.
    ObjectTransfer,
    /// Decide on the reporter's objection to a transfer.
    DecideTransfer,
    /// Settle it, or answer the review.
    Settle,
    /// Tell the result.
    Tell,
    /// Ask for a review: the reporter's right that ends.
    AskReview,
}

impl DueFor {
    /// All of them.
    pub const ALL: [Self; 8] = [
        Self::HandOver,
        Self::Accept,
        Self::Contest,
        Self::ObjectTransfer,
        Self::DecideTransfer,
        Self::Settle,
        Self::Tell,
        Self::AskReview,
    ];

    /// Stable code.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::HandOver => "hand_over",
            Self::Accept => "accept",
            Self::Contest => "contest",
            Self::ObjectTransfer => "object_transfer",
            Self::DecideTransfer => "decide_transfer",
            Self::Settle => "settle",
            Self::Tell => "tell",
            Self::AskReview => "ask_review",
        }
    }

    /// A right that ends, and no duty that somebody can fail.
    #[must_use]
    pub const fn is_right(self) -> bool {
        matches!(self, Self::Contest | Self::ObjectTransfer | Self::AskReview)
    }
}

/// What follows from an act.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Effect {
    /// Something becomes due by a rule, counted from the day of the act.
    Set(DueFor, String),
    /// It is done.
    Met(DueFor),
    /// It is due no more.
    Drop(DueFor),
    /// Its period is lengthened by what its rule allows.
    Extend(DueFor),
    /// Its clock stands still from the day of the act.
    Pause(DueFor),
    /// Its clock goes on.
    Resume(DueFor),
    /// It goes back to the office that handed it over.
    Back(String),
    /// It goes to whoever reviews it.
    ToReview,
    /// The reporter gets a notice that there is something to read.
    TellReporter,
}
