//! Whether one period is certainly as strict as another, whatever the calendar says.

use super::{Extension, Limit, Sense, Unit};

/// Fewest and most days of a month.
const MONTH: (u32, u32) = (28, 31);

/// Whether `own` is at least as strict as `given`: not longer where something must happen in it,
/// not shorter where something must wait for it.
pub(super) fn limit(given: Limit, own: Limit, sense: Sense) -> bool {
    match sense {
        Sense::AtMost => no_longer(own, given),
        Sense::AtLeast => no_longer(given, own),
    }
}

/// Whether a lengthening adds nothing that was not there before.
pub(super) fn extension(given: Option<&Extension>, own: Option<&Extension>) -> bool {
    match (given, own) {
        (_, None) => true,
        (None, Some(_)) => false,
        (Some(given), Some(own)) => {
            own.times <= given.times
                && own.approver == given.approver
                && no_longer(own.limit, given.limit)
        }
    }
}

fn no_longer(a: Limit, b: Limit) -> bool {
    if a.unit == b.unit {
        return a.count <= b.count;
    }
    // Working days last at least as many days, and nobody knows beforehand how many at most.
    let least = if b.unit == Unit::Month { b.count.saturating_mul(MONTH.0) } else { b.count };
    match a.unit {
        Unit::CalendarDay => a.count <= least,
        Unit::Month => a.count.saturating_mul(MONTH.1) <= least,
        Unit::WorkingDay => a.count == 0,
    }
}

#[cfg(test)]
mod tests {
    use super::limit;
    use crate::catalogue::{Limit, Sense, Unit};

    #[test]
    fn strictness_is_certain_or_refused() {
        use Unit::{CalendarDay, Month, WorkingDay};
        let of = |(count, unit)| Limit { count, unit };
        for (given, own, at_most, at_least) in [
            ((10, CalendarDay), (10, CalendarDay), true, true),
            ((10, CalendarDay), (9, CalendarDay), true, false),
            ((10, CalendarDay), (11, CalendarDay), false, true),
            ((10, WorkingDay), (10, CalendarDay), true, false),
            ((10, CalendarDay), (10, WorkingDay), false, true),
            ((1, Month), (28, CalendarDay), true, false),
            ((1, Month), (30, CalendarDay), false, false),
            ((1, Month), (31, CalendarDay), false, true),
            ((1, Month), (31, WorkingDay), false, true),
            ((31, WorkingDay), (1, Month), true, false),
        ] {
            let (given, own) = (of(given), of(own));
            assert_eq!(limit(given, own, Sense::AtMost), at_most, "{given:?} {own:?}");
            assert_eq!(limit(given, own, Sense::AtLeast), at_least, "{given:?} {own:?}");
        }
    }
}
