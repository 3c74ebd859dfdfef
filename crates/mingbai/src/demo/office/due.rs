//! Periods of the duties over the two years.

use domain::time::Day;

/// How many months back the periods go.
const MONTHS: i32 = 24;

/// A period that a notice is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Period {
    /// `2026-03`, `2026Q1`, `2026`.
    pub code: String,
    /// As a title says it.
    pub label: String,
    /// By when the notice is published.
    pub due: Day,
    /// Its first month, counted from the first of the two years.
    pub month: usize,
}

/// Periods of so many months that have ended, the oldest first.
pub fn periods(length: i32, due_day: u32, today: Day) -> Vec<Period> {
    let (year, month, _) = today.ymd();
    let now = year * 12 + month.cast_signed() - 1;
    let first = now - MONTHS;
    let ended = (first..now).filter(|at| at % length == 0 && at + length <= now);
    ended.map(|at| period(at, length, due_day, first)).collect()
}

fn period(at: i32, length: i32, due_day: u32, first: i32) -> Period {
    let (year, number) = (at.div_euclid(12), at.rem_euclid(12) + 1);
    let (code, label) = match length {
        1 => (format!("{year}-{number:02}"), format!("{year}年{number}月")),
        3 => {
            let quarter = (number - 1) / 3 + 1;
            (format!("{year}Q{quarter}"), format!("{year}年第{quarter}季度"))
        }
        _ => (year.to_string(), format!("{year}年")),
    };
    let next = at + length;
    let (year, number) = (next.div_euclid(12), next.rem_euclid(12).unsigned_abs() + 1);
    let due = Day::from_ymd(year, number, due_day).unwrap_or(Day(0));
    Period { code, label, due, month: usize::try_from(at - first).unwrap_or(0) }
}
