//! Which disclosures are due when, and how one stands: in time, late, missing. The one place that says
//! so; pages, boards and open data ask here.
//!
//! Only what comes by the calendar is expected. What follows from an event is due with its matter.

use serde::{Deserialize, Serialize};

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

/// Duties that come more often and earlier, while a village is supervised more closely.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tighter {
    /// Codes of the duties.
    pub duties: Vec<String>,
    /// `month`, `quarter`: in the place of what comes more seldom; never of what comes more often.
    pub frequency: String,
    /// Last day of the month; an earlier one of the duty itself holds.
    pub due_day: u32,
}

/// What is tighter from a day to a day: in the months whose first day lies between.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tightened {
    /// First day.
    pub from: Day,
    /// Last day.
    pub until: Day,
    /// What is tighter.
    pub duties: Vec<Tighter>,
}

/// What is due in a month: the disclosures of the months, quarters and years that ended before it.
/// A part of another duty is due with the whole.
#[must_use]
pub fn expected(catalogue: &Catalogue, year: i32, month: u32) -> Vec<Expected> {
    expected_of(catalogue, &[], year, month)
}

fn expected_of(
    catalogue: &Catalogue,
    tightened: &[Tightened],
    year: i32,
    month: u32,
) -> Vec<Expected> {
    let Some(first) = Day::from_ymd(year, month, 1) else { return Vec::new() };
    let wholes = catalogue.duties.values().filter(|duty| duty.part_of.is_none());
    let now = tightened.iter().filter(|one| one.from <= first && first <= one.until);
    let now: Vec<&Tighter> = now.flat_map(|one| &one.duties).collect();
    let tighter = |duty: &Duty| now.iter().find(|one| one.duties.contains(&duty.code)).copied();
    wholes.flat_map(|duty| of_duty(duty, tighter(duty), first)).collect()
}

/// All that is due from the first of a month to the end of another.
#[must_use]
pub fn expected_between(catalogue: &Catalogue, from: Day, until: Day) -> Vec<Expected> {
    expected_tightened(catalogue, &[], from, until)
}

/// The same of a village that owes some of it more strictly for a time.
#[must_use]
pub fn expected_tightened(
    catalogue: &Catalogue,
    tightened: &[Tightened],
    from: Day,
    until: Day,
) -> Vec<Expected> {
    let months = |day: Day| {
        let (year, month, _) = day.ymd();
        year * 12 + i32::try_from(month).unwrap_or(1) - 1
    };
    let all = (months(from)..=months(until)).flat_map(|at| {
        let month = u32::try_from(at.rem_euclid(12)).unwrap_or(0) + 1;
        expected_of(catalogue, tightened, at.div_euclid(12), month)
    });
    all.collect()
}

/// How often something comes, the most often first.
const OFTEN: [&str; 3] = ["month", "quarter", "year"];

fn of_duty(duty: &Duty, tighter: Option<&Tighter>, first: Day) -> Vec<Expected> {
    let Some(version) = duty.on(first) else { return Vec::new() };
    let Some(on) = version.due_day else { return Vec::new() };
    let on = tighter.map_or(on, |tighter| on.min(tighter.due_day));
    let (year, month, _) = first.ymd();
    let frequency = match tighter {
        Some(tighter) => more_often(&version.frequency, &tighter.frequency),
        None => version.frequency.clone(),
    };
    let periods = frequency.iter().filter_map(|frequency| {
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

/// Frequencies of a duty with the one that takes the place of what comes more seldom. The report on a
/// year is another thing than those on its months: it stays.
fn more_often(own: &[String], tighter: &str) -> Vec<String> {
    let rank = |code: &str| OFTEN.iter().position(|often| *often == code);
    let seldom = |code: &String| code != "year" && rank(code) > rank(tighter);
    let mut all: Vec<String> = own.iter().filter(|code| !seldom(code)).cloned().collect();
    if own.iter().any(seldom) && !all.iter().any(|code| code == tighter) {
        all.push(tighter.to_owned());
    }
    all
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
