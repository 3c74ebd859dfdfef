//! Which disclosures are due when, and how one stands: in time, late, missing. The one place that says
//! so; pages, boards and open data ask here.
//!
//! Only what comes by the calendar is expected. What follows from an event is due with its matter.

use crate::catalogue::{Catalogue, Duty, DutyClass, Versioned};
use crate::time::Day;

/// A disclosure that the calendar asks for.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Expected {
    /// Code of the duty.
    pub duty: String,
    /// `2026-03`, `2026Q1`, `2025`.
    pub period: String,
    /// Last day on which it is in time.
    pub due: Day,
}

/// How a disclosure stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum State {
    /// Published by its last day.
    OnTime,
    /// Published after it.
    Late,
    /// Not published, and the last day is over.
    Missing,
    /// Not published yet, and it need not be.
    NotDueYet,
}

impl State {
    /// Stable code.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::OnTime => "on_time",
            Self::Late => "late",
            Self::Missing => "missing",
            Self::NotDueYet => "not_due_yet",
        }
    }

    /// How one stands that was due on a day, today.
    #[must_use]
    pub fn of(due: Day, published: Option<Day>, today: Day) -> Self {
        match published {
            Some(day) if day <= due => Self::OnTime,
            Some(_) => Self::Late,
            None if today > due => Self::Missing,
            None => Self::NotDueYet,
        }
    }
}

/// What is due in a month: the disclosures of the months, quarters and years that ended before it.
/// A part of another duty is due with the whole.
#[must_use]
pub fn expected(catalogue: &Catalogue, year: i32, month: u32) -> Vec<Expected> {
    let Some(first) = Day::from_ymd(year, month, 1) else { return Vec::new() };
    let wholes = catalogue.duties.values().filter(|duty| duty.part_of.is_none());
    wholes.flat_map(|duty| of_duty(duty, first)).collect()
}

/// All that is due from the first of a month to the end of another.
#[must_use]
pub fn expected_between(catalogue: &Catalogue, from: Day, until: Day) -> Vec<Expected> {
    let months = |day: Day| {
        let (year, month, _) = day.ymd();
        year * 12 + i32::try_from(month).unwrap_or(1) - 1
    };
    let all = (months(from)..=months(until)).flat_map(|at| {
        let month = u32::try_from(at.rem_euclid(12)).unwrap_or(0) + 1;
        expected(catalogue, at.div_euclid(12), month)
    });
    all.collect()
}

fn of_duty(duty: &Duty, first: Day) -> Vec<Expected> {
    let Some(version) = duty.on(first) else { return Vec::new() };
    let Some(on) = version.due_day else { return Vec::new() };
    let (year, month, _) = first.ymd();
    let periods = version.frequency.iter().filter_map(|frequency| {
        let (before, last) = if month == 1 { (year - 1, 12) } else { (year, month - 1) };
        match frequency.as_str() {
            "month" => Some(format!("{before:04}-{last:02}")),
            "quarter" if last % 3 == 0 => Some(format!("{before:04}Q{}", last / 3)),
            "year" if last == 12 => Some(format!("{before:04}")),
            _ => None,
        }
    });
    let due = Day::from_ymd(year, month, on).unwrap_or(first);
    periods.map(|period| Expected { duty: duty.code.clone(), period, due }).collect()
}

/// Code of one of the three disclosures.
#[must_use]
pub const fn class_code(class: DutyClass) -> &'static str {
    match class {
        DutyClass::Party => "party",
        DutyClass::Village => "village",
        DutyClass::Finance => "finance",
    }
}
