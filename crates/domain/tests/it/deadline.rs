//! Due days: worked examples, refusals, and what must hold for any.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use domain::calendar::WorkCalendar;
use domain::catalogue::{CalendarYear, DeadlineVersion, Extension, Limit, Sense, Unit};
use domain::deadline::{Due, Granted, Pause, due};
use domain::model::Basis;
use domain::time::Day;
use proptest::prelude::*;

/// 2026 as announced in a county of these tests, 2027 not yet.
static CALENDAR: LazyLock<WorkCalendar> = LazyLock::new(|| {
    let day = |n: i32| Day(Day::parse("2026-10-01").expect("day").0 + n).to_string();
    let announced = CalendarYear {
        year: 2026,
        version: 3,
        provisional: false,
        off: (0..7).map(|n| (day(n), "national".to_owned())).collect(),
        make_up: vec!["2026-09-27".into(), "2026-10-10".into()],
        basis: Vec::new(),
    };
    let expected = CalendarYear {
        year: 2027,
        version: 1,
        provisional: true,
        off: vec![("2027-01-01".into(), "new_year".into())],
        make_up: Vec::new(),
        basis: Vec::new(),
    };
    WorkCalendar::new(&BTreeMap::from([(2026, announced), (2027, expected)]))
});

fn day(text: &str) -> Day {
    Day::parse(text).expect("a day")
}

fn version(count: u32, unit: Unit, sense: Sense) -> DeadlineVersion {
    DeadlineVersion {
        from: "2022-05-01".into(),
        until: None,
        limit: Limit { count, unit },
        sense,
        extension: Some(Extension {
            limit: Limit { count: 30, unit: Unit::CalendarDay },
            times: 1,
            approver: "TP".into(),
        }),
        pauses: vec!["hearing".into(), "supplement".into()],
        local: false,
        basis: vec![Basis {
            instrument: "信访工作条例".into(),
            article: "34".into(),
            confidence: "F".into(),
        }],
    }
}

fn said(due: &Due, says: &str) -> usize {
    due.explanation.iter().filter(|line| line.says == says).count()
}

#[test]
fn due_days_of_worked_examples() {
    use Sense::{AtLeast, AtMost};
    use Unit::{CalendarDay, Month, WorkingDay};
    for (start, count, unit, sense, expect, provisional) in [
        // The start day is not counted.
        ("2026-03-02", 5, CalendarDay, AtLeast, "2026-03-07", false),
        // The same limit ends on a Saturday and moves to Monday.
        ("2026-03-02", 5, CalendarDay, AtMost, "2026-03-09", false),
        // The last day is the first of a week off, and the Saturday after it is worked.
        ("2026-09-16", 15, CalendarDay, AtMost, "2026-10-08", false),
        // A make-up Sunday counts, the week off does not, a make-up Saturday counts.
        ("2026-09-25", 7, WorkingDay, AtMost, "2026-10-10", false),
        ("2026-03-06", 1, WorkingDay, AtMost, "2026-03-09", false),
        // The month has no 31st.
        ("2026-08-31", 1, Month, AtMost, "2026-09-30", false),
        ("2026-11-30", 3, Month, AtLeast, "2027-02-28", false),
        ("2026-12-30", 2, WorkingDay, AtMost, "2027-01-04", true),
        ("2028-01-03", 5, WorkingDay, AtMost, "2028-01-10", true),
        // At once, on a Sunday.
        ("2026-03-01", 0, CalendarDay, AtMost, "2026-03-01", false),
    ] {
        let due = due("X", &version(count, unit, sense), day(start), &[], &[], &CALENDAR)
            .expect("no rule broken");
        assert_eq!((due.day, due.provisional), (day(expect), provisional), "{start} {count}");
        assert_eq!(said(&due, "due-start"), 1);
    }
}

#[test]
fn the_explanation_counts_along() {
    let version = version(7, Unit::WorkingDay, Sense::AtMost);
    let due = due("MB-06", &version, day("2026-09-25"), &[], &[], &CALENDAR).expect("due");
    let told = ["due-working-day", "due-make-up-day", "due-skipped-holiday", "due-skipped-weekend"]
        .map(|says| said(&due, says));
    assert_eq!(told, [5, 2, 7, 1]);
    assert_eq!(due.calendar_versions, BTreeMap::from([(2026, 3)]));
    assert_eq!(due.explanation.last().map(|l| l.args[0].1.as_str()), Some("信访工作条例 34"));
}

#[test]
fn pauses_and_extensions_move_the_day() {
    let pause = |from: &str, until: &str| Pause {
        ground: "hearing".into(),
        from: day(from),
        until: day(until),
    };
    let granted = Granted {
        limit: Limit { count: 30, unit: Unit::CalendarDay },
        approver: "TP".into(),
        day: day("2026-04-30"),
    };
    let version = version(60, Unit::CalendarDay, Sense::AtMost);
    for (pauses, extensions, expect) in [
        (vec![], vec![], "2026-05-01"),
        (vec![pause("2026-03-10", "2026-03-19")], vec![], "2026-05-11"),
        // Twice the same days count once; days before the start not at all.
        (
            vec![pause("2026-03-10", "2026-03-19"), pause("2026-03-15", "2026-03-20")],
            vec![],
            "2026-05-12",
        ),
        (vec![pause("2026-01-10", "2026-02-19")], vec![], "2026-05-01"),
        (vec![], vec![granted.clone()], "2026-06-01"),
        (vec![pause("2026-04-30", "2026-05-02")], vec![granted.clone()], "2026-06-03"),
    ] {
        let due = due("XF-05", &version, day("2026-03-02"), &pauses, &extensions, &CALENDAR)
            .expect("no rule broken");
        assert_eq!(due.day, day(expect), "{pauses:?} {extensions:?}");
        assert_eq!(said(&due, "due-extension"), extensions.len());
    }
}

#[test]
fn what_the_rule_does_not_allow_is_refused_with_its_basis() {
    let version = version(60, Unit::CalendarDay, Sense::AtMost);
    let granted = |count, unit, approver: &str, on: &str| Granted {
        limit: Limit { count, unit },
        approver: approver.into(),
        day: day(on),
    };
    let good = granted(30, Unit::CalendarDay, "TP", "2026-04-01");
    let pause = |ground: &str, from: &str| Pause {
        ground: ground.into(),
        from: day(from),
        until: day("2026-03-20"),
    };
    for (pauses, extensions, rule) in [
        (vec![pause("holiday", "2026-03-10")], vec![], "deadline-pause-ground"),
        (vec![pause("hearing", "2026-03-21")], vec![], "deadline-pause-span"),
        (vec![], vec![good.clone(), good.clone()], "deadline-extension-times"),
        (
            vec![],
            vec![granted(31, Unit::CalendarDay, "TP", "2026-04-01")],
            "deadline-extension-too-long",
        ),
        (vec![], vec![granted(1, Unit::Month, "TP", "2026-04-01")], "deadline-extension-too-long"),
        (
            vec![],
            vec![granted(9, Unit::CalendarDay, "VC", "2026-04-01")],
            "deadline-extension-approver",
        ),
        (
            vec![],
            vec![granted(9, Unit::CalendarDay, "TP", "2026-05-02")],
            "deadline-extension-late",
        ),
    ] {
        let refused = due("XF-05", &version, day("2026-03-02"), &pauses, &extensions, &CALENDAR)
            .expect_err(rule);
        assert_eq!((refused.rule, refused.basis.as_str()), (rule, "信访工作条例 34"));
    }
    let never = DeadlineVersion { extension: None, ..version };
    let refused = due("XF-05", &never, day("2026-03-02"), &[], &[good], &CALENDAR);
    assert_eq!(refused.map_err(|v| v.rule), Err("deadline-extension-none"));
    let far = DeadlineVersion { limit: Limit { count: u32::MAX, unit: Unit::Month }, ..never };
    let refused = due("XF-05", &far, day("2026-03-02"), &[], &[], &CALENDAR);
    assert_eq!(refused.map_err(|v| v.rule), Err("deadline-too-far"));
}

prop_compose! {
    fn pause()(from in 20_400_i32..20_800, length in 0..40_i32) -> Pause {
        Pause { ground: "hearing".into(), from: Day(from), until: Day(from + length) }
    }
}

fn unit() -> impl Strategy<Value = Unit> {
    prop_oneof![Just(Unit::CalendarDay), Just(Unit::WorkingDay), Just(Unit::Month)]
}

fn sense() -> impl Strategy<Value = Sense> {
    prop_oneof![Just(Sense::AtMost), Just(Sense::AtLeast)]
}

proptest! {
    #[test]
    fn later_starts_longer_limits_and_more_pauses_are_never_due_earlier(
        start in 20_400_i32..20_800,
        later in 0..30_i32,
        count in 0..40_u32,
        more in 0..5_u32,
        (unit, sense) in (unit(), sense()),
        pauses in prop::collection::vec(pause(), 0..5),
    ) {
        let day = |start, count, pauses: &[Pause]| {
            due("X", &version(count, unit, sense), Day(start), pauses, &[], &CALENDAR)
                .map_or(Day(-1), |due| due.day)
        };
        let first = day(start, count, &pauses);
        prop_assert!(first >= Day(start));
        prop_assert!(day(start + later, count, &pauses) >= first);
        prop_assert!(day(start, count + more, &pauses) >= first);
        let fewer = pauses.get(1..).unwrap_or_default();
        prop_assert!(day(start, count, fewer) <= first);
    }

    #[test]
    fn a_limit_ends_on_a_day_on_which_offices_work(
        start in 20_400_i32..20_800, count in 1..40_u32, unit in unit(),
    ) {
        let due = due("X", &version(count, unit, Sense::AtMost), Day(start), &[], &[], &CALENDAR)
            .expect("due");
        prop_assert!(CALENDAR.kind(due.day).works());
        let days = said(&due, "due-working-day") + said(&due, "due-make-up-day");
        prop_assert!(unit != Unit::WorkingDay || days == count as usize);
    }
}
