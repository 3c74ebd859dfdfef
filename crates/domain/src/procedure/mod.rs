//! The interpreter of running processes: a state, the steps as data and an event give the next
//! state and what follows from it, or every rule that says no, all at once.
//!
//! A matter is plain data. The day of an event is the day on which it is recorded, so no event
//! lies before another that was recorded earlier; what really happened earlier (a meeting, its
//! call) has its own days inside.
//!
//! Deliberately absent: who may see a matter ([`crate::access`]), who must stay out of it
//! ([`crate::recusal`]), and the choice of versions by day, which the catalogue does.

mod advance;
mod event;
mod gate;
mod matter;
mod meeting;
mod order;

use std::collections::BTreeMap;

use crate::calendar::WorkCalendar;
use crate::catalogue::{BodyVersion, DeadlineVersion, TierSet};

pub use advance::advance;
pub use event::{DueOf, Effect, Event};
pub use matter::{Actor, Check, Done, Held, Matter, Meeting, Post, Publication, Signature};
pub use order::{OpenStep, open_steps};

/// Rule data in force on the day of the event, besides the steps.
#[derive(Debug, Clone, Copy)]
pub struct Rules<'a> {
    /// Rules of bodies, by their code.
    pub bodies: &'a BTreeMap<String, BodyVersion>,
    /// Decision tiers of the place.
    pub tiers: Option<&'a TierSet>,
    /// Deadline rules, by their code.
    pub deadlines: &'a BTreeMap<String, DeadlineVersion>,
    /// Working days.
    pub calendar: &'a WorkCalendar,
    /// Laws and practices of the process, as printed behind a refusal.
    pub basis: &'a str,
}

/// Stages that mean something to the interpreter; all others are drawn and nothing more.
mod stage {
    /// Its amount is the amount of the matter.
    pub(super) const PROPOSE: &str = "propose";
    /// Its amount is what later steps may not go beyond.
    pub(super) const DECIDE: &str = "decide";
    /// Its amount is, too.
    pub(super) const APPROVE: &str = "approve";
    /// It puts something on the board.
    pub(super) const DISCLOSE: &str = "disclose";
    /// It answers questions.
    pub(super) const ANSWER: &str = "answer";
    /// Its amounts add up.
    pub(super) const PAY: &str = "pay";
    /// It closes the file.
    pub(super) const ARCHIVE: &str = "archive";
}
