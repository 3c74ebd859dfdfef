//! Civil days and months, and the ways in which agencies write them.

use std::fmt;

use chrono::{Datelike, NaiveDate};
use serde::{Deserialize, Serialize};

use crate::text;

/// A civil day: days since 1970-01-01.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Day(pub i32);

/// A civil month as the number `yyyymm`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Month(pub i32);

const EPOCH_FROM_CE: i32 = 719_163;
/// Days from the 1st of March of the year 0 to 1970-01-01.
const MARCH_OF_YEAR_0: i32 = 719_468;
/// Days between 1970-01-01 and the day that spreadsheet serial 0 means in the 1900 system.
const SPREADSHEET_EPOCH: i32 = -25_569;
/// Serials outside 1900-03-01 .. 2149-12-31 are numbers, not dates.
const SPREADSHEET_SERIALS: std::ops::RangeInclusive<i32> = 61..=91_312;

impl Day {
    /// The day of a year, month and day of month; `None` when there is no such day.
    #[must_use]
    pub fn from_ymd(year: i32, month: u32, day: u32) -> Option<Self> {
        let length = match month {
            2 if is_leap(year) => 29,
            2 => 28,
            4 | 6 | 9 | 11 => 30,
            1..=12 => 31,
            _ => return None,
        };
        if !(0..=9999).contains(&year) || !(1..=length).contains(&day) {
            return None;
        }
        // Years begin in March, so that the leap day comes last; 400 of them have 146,097 days.
        let (month, day) = (month.cast_signed(), day.cast_signed());
        let year = if month > 2 { year } else { year - 1 };
        let (era, of_era) = (year.div_euclid(400), year.rem_euclid(400));
        let of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
        let days = era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year;
        Some(Self(days - MARCH_OF_YEAR_0))
    }

    /// Year, month (1-12) and day of month.
    #[must_use]
    pub fn ymd(self) -> (i32, u32, u32) {
        let date = NaiveDate::from_num_days_from_ce_opt(self.0.saturating_add(EPOCH_FROM_CE))
            .unwrap_or_default();
        (date.year(), date.month(), date.day())
    }

    /// The month in which the day lies.
    #[must_use]
    pub fn month(self) -> Month {
        let (year, month, _) = self.ymd();
        Month(year * 100 + month.cast_signed())
    }

    /// Full years from this day to a later one: the age of who was born on this day. A year is full
    /// on the birthday; of the 29th of February, on the 1st of March.
    #[must_use]
    pub fn full_years_until(self, day: Self) -> i32 {
        let (born, on) = (self.ymd(), day.ymd());
        on.0 - born.0 - i32::from((on.1, on.2) < (born.1, born.2))
    }

    /// The day of a spreadsheet serial of the 1900 date system, when it can be a date.
    #[must_use]
    pub fn from_serial(serial: i32) -> Option<Self> {
        SPREADSHEET_SERIALS.contains(&serial).then_some(Self(serial + SPREADSHEET_EPOCH))
    }

    /// Parses `2024-01-05`, `2024/1/5`, `2024.1.5`, `20240105`, `2024年1月5日`, a time of day after
    /// any of them, and spreadsheet serials.
    #[must_use]
    pub fn parse(raw: &str) -> Option<Self> {
        if let [y1, y2, y3, y4, b'-' | b'/' | b'.', m1, m2, b'-' | b'/' | b'.', d1, d2] =
            raw.as_bytes()
        {
            let [year, month, day] =
                [number(&[*y1, *y2, *y3, *y4])?, number(&[*m1, *m2])?, number(&[*d1, *d2])?];
            return Self::plausible(year, month, day);
        }
        if let [y1, y2, y3, y4, m1, m2, d1, d2] = raw.as_bytes()
            && let Some(packed) = number(&[*y1, *y2, *y3, *y4, *m1, *m2, *d1, *d2])
        {
            return Self::plausible(packed / 10_000, packed / 100 % 100, packed % 100);
        }
        let cleaned = text::clean(raw);
        let date = cleaned.split(['T', ' ']).next().unwrap_or_default();
        let parts = numbers(date)?;
        match *parts.as_slice() {
            [(year, 4), (month, 1..=2), (day, 1..=2)] => Self::plausible(year, month, day),
            [(packed, 8)] => Self::plausible(packed / 10_000, packed / 100 % 100, packed % 100),
            [(serial, 1..=6)] => Self::from_serial(serial),
            // `45296.5`: a serial with a time of day.
            [(serial, 5), (_, _)] if date.contains('.') => Self::from_serial(serial),
            _ => None,
        }
    }

    fn plausible(year: i32, month: i32, day: i32) -> Option<Self> {
        if !(1870..=2200).contains(&year) {
            return None;
        }
        Self::from_ymd(year, u32::try_from(month).ok()?, u32::try_from(day).ok()?)
    }
}

impl Month {
    /// The month of a year and month number; `None` unless 1-12.
    #[must_use]
    pub fn from_ym(year: i32, month: i32) -> Option<Self> {
        ((1870..=2200).contains(&year) && (1..=12).contains(&month))
            .then_some(Self(year * 100 + month))
    }

    /// Parses `2024-01`, `202401`, `2024年1月`, `2024.1`, any day (its month), and a year alone
    /// (`2024`, `2024年`: its January) for benefits paid by the year.
    #[must_use]
    pub fn parse(raw: &str) -> Option<Self> {
        let cleaned = text::clean(raw);
        let parts = numbers(cleaned.split(['T', ' ']).next().unwrap_or_default())?;
        match *parts.as_slice() {
            [(year, 4), (month, 1..=2)] => Self::from_ym(year, month),
            [(packed, 6)] => Self::from_ym(packed / 100, packed % 100),
            [(year, 4)] => Self::from_ym(year, 1),
            _ => Day::parse(&cleaned).map(Day::month),
        }
    }

    /// First day of the month.
    #[must_use]
    pub fn first_day(self) -> Option<Day> {
        Day::from_ymd(self.0 / 100, u32::try_from(self.0 % 100).ok()?, 1)
    }
}

/// `2024-01-05`
impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (year, month, day) = self.ymd();
        write!(f, "{year:04}-{month:02}-{day:02}")
    }
}

/// `2024-01`
impl fmt::Display for Month {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}", self.0 / 100, self.0 % 100)
    }
}

fn is_leap(year: i32) -> bool {
    year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
}

fn number(digits: &[u8]) -> Option<i32> {
    digits.iter().try_fold(0_i32, |n, b| {
        b.is_ascii_digit().then(|| n.checked_mul(10)?.checked_add(i32::from(b - b'0'))).flatten()
    })
}

/// The numbers in a date text with their digit counts; `None` when anything but date separators
/// stands between.
fn numbers(date: &str) -> Option<Vec<(i32, usize)>> {
    let allowed = |c: char| matches!(c, '-' | '/' | '.' | '年' | '月' | '日' | '号');
    let mut parts = Vec::with_capacity(3);
    for part in date.split(allowed) {
        if part.is_empty() {
            continue;
        }
        parts.push((number(part.as_bytes())?, part.len()));
    }
    (!parts.is_empty()).then_some(parts)
}

#[cfg(test)]
mod tests {
    use super::{Day, Month};
    use proptest::prelude::*;

    #[test]
    fn parses_days_as_agencies_write_them() {
        for raw in [
            "2024-01-05",
            "2024/1/5",
            "2024.1.5",
            "20240105",
            "2024年1月5日",
            "45296",
            "45296.5",
            "2024-01-05 08:30:00",
            "2024-01-05T00:00:00",
            "２０２４－０１－０５",
            " 2024年01月05号 ",
        ] {
            assert_eq!(
                Day::parse(raw).map(|d| d.to_string()).as_deref(),
                Some("2024-01-05"),
                "{raw}"
            );
        }
        for raw in ["", "2024-13-05", "20240230", "张三", "5/1", "0", "99999999", "2024-01-05-06"]
        {
            assert_eq!(Day::parse(raw), None, "{raw}");
        }
    }

    #[test]
    fn parses_months_as_agencies_write_them() {
        for (raw, expect) in [
            ("2024-01", Some(202_401)),
            ("202401", Some(202_401)),
            ("2024年1月", Some(202_401)),
            ("2024.1", Some(202_401)),
            ("2024-01-05", Some(202_401)),
            ("20240105", Some(202_401)),
            ("2024年", Some(202_401)),
            ("2024", Some(202_401)),
            ("202413", None),
            ("", None),
        ] {
            assert_eq!(Month::parse(raw).map(|m| m.0), expect, "{raw}");
        }
    }

    proptest! {
        #[test]
        fn days_agree_with_the_calendar_library(year in 0..10_000, month in 0..14_u32, day in 0..33_u32) {
            let date = chrono::NaiveDate::from_ymd_opt(year, month, day);
            prop_assert_eq!(
                Day::from_ymd(year, month, day).map(Day::ymd),
                date.map(|_| (year, month, day))
            );
        }

        #[test]
        fn printing_and_parsing_agree(days in -36_000_i32..80_000) {
            prop_assert_eq!(Day::parse(&Day(days).to_string()), Some(Day(days)));
        }

        #[test]
        fn any_text_is_a_day_or_none(raw in "\\PC{0,16}") {
            let _either = (Day::parse(&raw), Month::parse(&raw));
        }
    }
}
