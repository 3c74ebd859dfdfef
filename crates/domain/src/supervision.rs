//! From a finding to what is published: check, clue, dual check, rectification, publication
//! (01-procedures, sections 5 and 6; 06-models, sections 8 and 9).
//!
//! Deliberately absent: anything that could act on a benefit. What follows from an act is in the
//! `Effect`s of [`check`] and [`clue`], and none of them stops, changes or pays anything (I5).

pub mod check;
pub mod clue;
pub mod dual;
pub mod duty;
pub mod following;
pub mod handover;
pub mod joint;
pub mod letter;
pub mod publish;
pub mod rate;
pub mod rectify;
pub mod regulation;
pub mod rules;
pub mod stepped;

use crate::calendar::WorkCalendar;
use crate::catalogue::{Limit, Unit};
use crate::deadline;
use crate::model::Basis;
use crate::problem::RuleViolation;
use crate::recusal::{Conflict, Verdict};
use crate::time::Day;

/// Every rule that says no.
type RuleViolations = Vec<RuleViolation>;

/// How near a due day is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Alarm {
    /// Far enough.
    Calm,
    /// Within the working days of the catalogue.
    Soon,
    /// Past.
    Overdue,
}

impl Alarm {
    /// How near `due` is on `today`, when the last `ahead` working days before it are an alarm.
    #[must_use]
    pub fn of(due: Day, today: Day, ahead: u32, calendar: &WorkCalendar) -> Self {
        if due < today {
            return Self::Overdue;
        }
        let limit = Limit { count: ahead, unit: Unit::WorkingDay };
        let edge = deadline::span(today, limit, calendar);
        if edge.is_some_and(|edge| due <= edge) { Self::Soon } else { Self::Calm }
    }

    /// Stable code.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Calm => "calm",
            Self::Soon => "soon",
            Self::Overdue => "overdue",
        }
    }
}

/// The refusal of somebody who must stay out, whatever he is about to do (I8).
fn recused(conflict: &Conflict, basis: &[Basis]) -> Option<RuleViolation> {
    if conflict.verdict < Verdict::Block {
        return None;
    }
    let grounds = conflict.reasons.iter().filter(|reason| reason.verdict == Verdict::Block);
    let grounds: Vec<&str> = grounds.map(|reason| reason.ground.code()).collect();
    let no = RuleViolation::new("supervision-recused", Basis::line(basis));
    Some(no.with("ground", grounds.join(", ")))
}

/// A text that has to say something.
fn said(text: &str) -> bool {
    !text.trim().is_empty()
}

/// The same day so many months later, or the last one of a shorter month.
fn months_after(day: Day, months: u32) -> Option<Day> {
    let (year, month, of_month) = day.ymd();
    let month = month.checked_sub(1)?.checked_add(months)?;
    let year = year.checked_add(i32::try_from(month / 12).ok()?)?;
    (0..of_month).find_map(|less| Day::from_ymd(year, month % 12 + 1, of_month - less))
}
