//! Counting days and telling what was counted.

use std::collections::{BTreeMap, BTreeSet};

use super::{Line, Pause};
use crate::calendar::{DayKind, WorkCalendar, YearKind};
use crate::catalogue::{Limit, Unit};
use crate::time::Day;

/// A count in progress.
pub(super) struct Count<'a> {
    calendar: &'a WorkCalendar,
    pauses: &'a [Pause],
    /// Spans from first to last day, sorted, that do not touch one another.
    still: Vec<(Day, Day)>,
    years: BTreeSet<i32>,
    lines: Vec<Line>,
}

impl<'a> Count<'a> {
    pub(super) fn new(calendar: &'a WorkCalendar, pauses: &'a [Pause]) -> Self {
        let mut spans: Vec<(Day, Day)> = pauses.iter().map(|p| (p.from, p.until)).collect();
        spans.sort_unstable();
        let mut still: Vec<(Day, Day)> = Vec::with_capacity(spans.len());
        for (from, until) in spans {
            match still.last_mut() {
                Some(last) if from.0 <= last.1.0.saturating_add(1) => last.1 = last.1.max(until),
                _ => still.push((from, until)),
            }
        }
        Self { calendar, pauses, still, years: BTreeSet::new(), lines: Vec::new() }
    }

    pub(super) fn tell(&mut self, line: Line) {
        self.lines.push(line);
    }

    /// The last day of a limit that begins after `start`.
    pub(super) fn run(&mut self, start: Day, limit: Limit) -> Option<Day> {
        if limit.count == 0 {
            self.tell(Line::new("due-at-once").with("day", start));
            return Some(start);
        }
        match limit.unit {
            Unit::WorkingDay => self.working_days(start, limit.count),
            Unit::CalendarDay | Unit::Month => self.shifted(start, limit),
        }
    }

    fn working_days(&mut self, start: Day, count: u32) -> Option<Day> {
        let (mut day, mut counted) = (start, 0_u32);
        while counted < count {
            day = in_calendar(i64::from(day.0) + 1)?;
            if self.stands_still(day) {
                continue;
            }
            let says = match self.look(day) {
                DayKind::Weekend => Line::new("due-skipped-weekend"),
                DayKind::Holiday(why) => {
                    let why = why.to_owned();
                    Line::new("due-skipped-holiday").with("festival", why)
                }
                DayKind::MakeUp => {
                    counted += 1;
                    Line::new("due-make-up-day").with("number", counted)
                }
                DayKind::Working => {
                    counted += 1;
                    Line::new("due-working-day").with("number", counted)
                }
            };
            self.tell(says.with("day", day));
        }
        Some(day)
    }

    /// Days and months run as if the start lay later by as many days as the clock stood still
    /// until the end: so a later start or one more pause never gives an earlier end.
    fn shifted(&mut self, start: Day, limit: Limit) -> Option<Day> {
        let mut paused = 0_i64;
        loop {
            let from = in_calendar(i64::from(start.0) + paused)?;
            let last = match limit.unit {
                Unit::Month => add_months(from, limit.count)?,
                _ => in_calendar(i64::from(from.0) + i64::from(limit.count))?,
            };
            let until_then = self.paused_between(start, last);
            if until_then == paused {
                self.tell_shifted(from, last, limit, paused);
                return Some(last);
            }
            paused = until_then;
        }
    }

    fn tell_shifted(&mut self, from: Day, last: Day, limit: Limit, paused: i64) {
        let months = limit.unit == Unit::Month;
        let says = match (months, paused) {
            (true, 0) => "due-months",
            (true, _) => "due-months-paused",
            (false, 0) => "due-calendar-days",
            (false, _) => "due-calendar-days-paused",
        };
        let line = Line::new(says).with("count", limit.count).with("from", from).with("day", last);
        self.tell(if paused == 0 { line } else { line.with("paused", paused) });
        if months && from.ymd().2 != last.ymd().2 {
            self.tell(Line::new("due-month-end").with("day", last));
        }
    }

    /// The first working day from `last` on, with a line for each day off before it.
    pub(super) fn move_from_days_off(&mut self, last: Day, basis: &str) -> Option<Day> {
        let mut day = last;
        loop {
            let line = match self.look(day) {
                DayKind::Working | DayKind::MakeUp => break,
                DayKind::Weekend => Line::new("due-last-weekend"),
                DayKind::Holiday(why) => {
                    let why = why.to_owned();
                    Line::new("due-last-holiday").with("festival", why)
                }
            };
            self.tell(line.with("day", day));
            day = in_calendar(i64::from(day.0) + 1)?;
        }
        if day != last {
            let line = Line::new("due-moved").with("from", last).with("day", day);
            self.tell(line.with("basis", basis));
        }
        Some(day)
    }

    /// One line for each pause that touches the period.
    pub(super) fn tell_pauses(&mut self, start: Day, last: Day) {
        for pause in self.pauses {
            let from = pause.from.max(Day(start.0.saturating_add(1)));
            let until = pause.until.min(last);
            if from <= until {
                let line = Line::new("due-pause").with("ground", &pause.ground);
                self.lines.push(line.with("from", from).with("until", until));
            }
        }
    }

    /// Whether it is provisional, the calendars looked up, and all lines.
    pub(super) fn told(mut self) -> (bool, BTreeMap<i32, u32>, Vec<Line>) {
        let (mut provisional, mut versions) = (false, BTreeMap::new());
        for year in std::mem::take(&mut self.years) {
            match self.calendar.year(year) {
                YearKind::Announced(version) => {
                    versions.insert(year, version);
                    continue;
                }
                YearKind::Provisional(version) => {
                    versions.insert(year, version);
                    self.tell(Line::new("due-year-provisional").with("year", year));
                }
                YearKind::Unknown => self.tell(Line::new("due-year-unknown").with("year", year)),
            }
            provisional = true;
        }
        (provisional, versions, self.lines)
    }

    fn look(&mut self, day: Day) -> DayKind<'a> {
        self.years.insert(day.ymd().0);
        self.calendar.kind(day)
    }

    fn stands_still(&self, day: Day) -> bool {
        self.still.iter().any(|(from, until)| (*from..=*until).contains(&day))
    }

    /// Days after `start` up to `last` on which the clock stood still.
    fn paused_between(&self, start: Day, last: Day) -> i64 {
        let overlap = |(from, until): &(Day, Day)| {
            let from = i64::from(from.0).max(i64::from(start.0) + 1);
            (i64::from(until.0).min(i64::from(last.0)) - from + 1).max(0)
        };
        self.still.iter().map(overlap).sum()
    }
}

/// A day that civil calendars know, until the end of the year 9999.
fn in_calendar(days: i64) -> Option<Day> {
    let end = Day::from_ymd(9999, 12, 31)?;
    i32::try_from(days).ok().map(Day).filter(|day| *day <= end)
}

/// The day of the same number so many months later, or the last of that month.
fn add_months(start: Day, months: u32) -> Option<Day> {
    let (year, month, day) = start.ymd();
    let all = i64::from(year) * 12 + i64::from(month) - 1 + i64::from(months);
    let year = i32::try_from(all.div_euclid(12)).ok()?;
    let month = u32::try_from(all.rem_euclid(12)).ok()? + 1;
    (0..4).find_map(|less| Day::from_ymd(year, month, day.checked_sub(less)?))
}
