//! Which disclosures are due when, by the shipped catalogue.

use domain::disclosure::{Expected, State, expected, expected_between};
use domain::time::Day;

use crate::catalogue::shipped;

fn day(text: &str) -> Day {
    Day::parse(text).unwrap()
}

#[test]
fn a_disclosure_stands_by_its_last_day() {
    let due = day("2026-02-10");
    for (published, today, state) in [
        (Some("2026-02-10"), "2026-03-01", State::OnTime),
        (Some("2026-02-11"), "2026-03-01", State::Late),
        (None, "2026-02-10", State::NotDueYet),
        (None, "2026-02-11", State::Missing),
    ] {
        assert_eq!(State::of(due, published.map(day), day(today)), state, "{published:?}");
    }
}

#[test]
fn months_quarters_and_years_are_due_when_they_are_over() {
    let catalogue = shipped();
    let has = |list: &[Expected], duty: &str, period: &str, due: &str| {
        let wanted = Expected { duty: duty.into(), period: period.into(), due: day(due) };
        list.contains(&wanted)
    };
    let january = expected(&catalogue, 2026, 1);
    assert!(has(&january, "F3", "2025-12", "2026-01-10"), "{january:?}");
    assert!(has(&january, "F4", "2025Q4", "2026-01-20"), "{january:?}");
    assert!(has(&january, "F1", "2025", "2026-01-20"), "{january:?}");
    let february = expected(&catalogue, 2026, 2);
    assert!(february.iter().all(|one| one.period == "2026-01"), "{february:?}");
    assert!(has(&february, "F3", "2026-01", "2026-02-10"), "{february:?}");
    // A part is due with the whole.
    assert!(!february.iter().any(|one| one.duty == "F3.8"), "{february:?}");
    let both = expected_between(&catalogue, day("2026-01-15"), day("2026-02-01"));
    assert_eq!(both.len(), january.len() + february.len());
}
