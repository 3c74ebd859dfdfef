//! Values with a span of time, picked by the day of the event (invariant I7).

use super::{
    Body, BodyVersion, DeadlineRule, DeadlineVersion, Duty, DutyVersion, FieldProfile, Power,
    PowerVersion, Procedure, ProcedureVersion, ProfileVersion, TierSet,
};
use crate::benefit::{BenefitVersion, Pair};
use crate::time::Day;

/// A value that holds from a day on, and until one if it has ended.
pub trait Dated {
    /// First day, `YYYY-MM-DD`.
    fn from(&self) -> &str;

    /// Last day, if it has ended.
    fn until(&self) -> Option<&str>;

    /// First and last day; `None` where one of them cannot be read.
    fn span(&self) -> Option<(Day, Option<Day>)> {
        let first = Day::parse(self.from())?;
        match self.until() {
            None => Some((first, None)),
            Some(last) => Day::parse(last).map(|last| (first, Some(last))),
        }
    }

    /// Whether it holds on the day. What cannot be read never holds.
    fn holds_on(&self, day: Day) -> bool {
        self.span().is_some_and(|(first, last)| first <= day && last.is_none_or(|last| day <= last))
    }
}

/// The value that holds on the day of the event.
#[must_use]
pub fn on<V: Dated>(versions: &[V], day: Day) -> Option<&V> {
    versions.iter().rev().find(|version| version.holds_on(day))
}

macro_rules! dated {
    ($($version:ty),*) => { $(
        impl Dated for $version {
            fn from(&self) -> &str {
                &self.from
            }

            fn until(&self) -> Option<&str> {
                self.until.as_deref()
            }
        }
    )* };
}
dated!(BenefitVersion, Pair, TierSet);

/// An item whose text changes with time.
pub trait Versioned {
    /// Its text in a span of time.
    type Version: Dated;

    /// Dated texts, oldest first.
    fn versions(&self) -> &[Self::Version];

    /// The text in force on the day of the event.
    fn on(&self, day: Day) -> Option<&Self::Version> {
        on(self.versions(), day)
    }
}

macro_rules! versioned {
    ($($item:ty: $version:ty),*) => { $(
        dated!($version);
        impl Versioned for $item {
            type Version = $version;

            fn versions(&self) -> &[$version] {
                &self.versions
            }
        }
    )* };
}
versioned!(
    Power: PowerVersion,
    Procedure: ProcedureVersion,
    Body: BodyVersion,
    Duty: DutyVersion,
    FieldProfile: ProfileVersion,
    DeadlineRule: DeadlineVersion
);

#[cfg(test)]
mod tests {
    use super::{Dated, on};
    use crate::time::Day;

    struct Span(&'static str, Option<&'static str>);

    impl Dated for Span {
        fn from(&self) -> &str {
            self.0
        }

        fn until(&self) -> Option<&str> {
            self.1
        }
    }

    #[test]
    fn the_day_of_the_event_picks_the_version() {
        let spans = [
            Span("2015-01-01", Some("2019-12-31")),
            Span("2021-01-01", None),
            Span("2030-01-01", Some("2031-99-31")),
        ];
        for (day, expect) in [
            ("2014-12-31", None),
            ("2015-01-01", Some("2015-01-01")),
            ("2019-12-31", Some("2015-01-01")),
            ("2020-06-30", None),
            ("2021-01-01", Some("2021-01-01")),
            ("2030-06-01", Some("2021-01-01")),
        ] {
            let day = Day::parse(day).expect(day);
            assert_eq!(on(&spans, day).map(Dated::from), expect, "{day}");
        }
    }
}
