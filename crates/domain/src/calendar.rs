//! Working days: Monday to Friday, less the days off of the yearly announcement, plus the weekend
//! days that are worked for them.
//!
//! A year without an announcement, or with a provisional one, is counted by the week alone, and
//! everything counted in it is provisional.

use std::collections::{BTreeMap, BTreeSet};

use crate::catalogue::CalendarYear;
use crate::time::Day;

/// What a day is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DayKind<'a> {
    /// Monday to Friday, not a festival.
    Working,
    /// A weekend day that is worked.
    MakeUp,
    /// Saturday or Sunday.
    Weekend,
    /// A day off, with the code of its festival.
    Holiday(&'a str),
}

impl DayKind<'_> {
    /// Whether offices work.
    #[must_use]
    pub fn works(self) -> bool {
        matches!(self, Self::Working | Self::MakeUp)
    }
}

/// How well a year is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum YearKind {
    /// Announced; the version of our data.
    Announced(u32),
    /// Not yet announced; the version of our data.
    Provisional(u32),
    /// No data.
    Unknown,
}

/// Calendars of several years, ready for counting.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct WorkCalendar {
    years: BTreeMap<i32, YearKind>,
    off: BTreeMap<Day, String>,
    make_up: BTreeSet<Day>,
}

impl WorkCalendar {
    /// Reads the years of a catalogue. Days that are none are left out: the lint tells of them.
    #[must_use]
    pub fn new(years: &BTreeMap<i32, CalendarYear>) -> Self {
        let mut calendar = Self::default();
        for (number, year) in years {
            let known = if year.provisional {
                YearKind::Provisional(year.version)
            } else {
                YearKind::Announced(year.version)
            };
            calendar.years.insert(*number, known);
            let off = year.off.iter().filter_map(|(day, why)| Some((Day::parse(day)?, why)));
            calendar.off.extend(off.map(|(day, why)| (day, why.clone())));
            calendar.make_up.extend(year.make_up.iter().filter_map(|day| Day::parse(day)));
        }
        calendar
    }

    /// What a day is, as far as the data say.
    #[must_use]
    pub fn kind(&self, day: Day) -> DayKind<'_> {
        // A day off wins over a make-up day: both at once is an error of the data.
        if let Some(festival) = self.off.get(&day) {
            DayKind::Holiday(festival)
        } else if self.make_up.contains(&day) {
            DayKind::MakeUp
        } else if is_weekend(day) {
            DayKind::Weekend
        } else {
            DayKind::Working
        }
    }

    /// How well the year of a day is known.
    #[must_use]
    pub fn year(&self, year: i32) -> YearKind {
        self.years.get(&year).copied().unwrap_or(YearKind::Unknown)
    }
}

/// 1970-01-01 was a Thursday.
fn is_weekend(day: Day) -> bool {
    matches!((i64::from(day.0) + 3).rem_euclid(7), 5 | 6)
}

#[cfg(test)]
mod tests {
    use super::{DayKind, WorkCalendar, YearKind};
    use crate::catalogue::CalendarYear;
    use crate::time::Day;
    use std::collections::BTreeMap;

    #[test]
    fn days_are_what_the_announcement_says() {
        let year = CalendarYear {
            year: 2026,
            version: 2,
            provisional: false,
            off: vec![("2026-10-01".into(), "national".into())],
            make_up: vec!["2026-10-10".into()],
            basis: Vec::new(),
        };
        let calendar = WorkCalendar::new(&BTreeMap::from([(2026, year)]));
        for (day, kind) in [
            ("2026-10-01", DayKind::Holiday("national")),
            ("2026-10-02", DayKind::Working),
            ("2026-10-03", DayKind::Weekend),
            ("2026-10-04", DayKind::Weekend),
            ("2026-10-10", DayKind::MakeUp),
        ] {
            assert_eq!(calendar.kind(Day::parse(day).unwrap()), kind, "{day}");
        }
        assert_eq!(calendar.year(2026), YearKind::Announced(2));
        assert_eq!(calendar.year(2027), YearKind::Unknown);
    }
}
