//! Public figures of reports, without those that could point at somebody.

use serde::Serialize;

/// Counts of a level and quarter.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Totals {
    /// Received.
    pub received: u32,
    /// Everything that was due was done in time.
    pub in_time: u32,
    /// Something was or is overdue.
    pub overdue: u32,
    /// Rated as solved.
    pub satisfied: u32,
    /// Rated as not solved.
    pub unsatisfied: u32,
}

/// The same as it may be published: nothing where a figure is hidden.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Shown {
    /// Received.
    pub received: Option<u32>,
    /// In time.
    pub in_time: Option<u32>,
    /// Overdue.
    pub overdue: Option<u32>,
    /// Rated as solved.
    pub satisfied: Option<u32>,
    /// Rated as not solved.
    pub unsatisfied: Option<u32>,
}

impl Totals {
    /// What may be published when nothing below `least` may. A pair of figures that add up to one that
    /// is shown is hidden as a whole, so that neither can be computed; nought is no person and is shown.
    #[must_use]
    pub fn shown(&self, least: u32) -> Shown {
        let small = |n: u32| n > 0 && n < least;
        if small(self.received) {
            return Shown::default();
        }
        let pair = |a: u32, b: u32| {
            let hidden = small(a) || small(b);
            if hidden { (None, None) } else { (Some(a), Some(b)) }
        };
        let (in_time, overdue) = pair(self.in_time, self.overdue);
        let (satisfied, unsatisfied) = pair(self.satisfied, self.unsatisfied);
        Shown { received: Some(self.received), in_time, overdue, satisfied, unsatisfied }
    }
}

#[cfg(test)]
mod tests {
    use super::Totals;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn no_small_figure_is_shown_or_can_be_computed(
            in_time in 0_u32..40, overdue in 0_u32..40, satisfied in 0_u32..20,
            unsatisfied in 0_u32..20, least in 2_u32..11,
        ) {
            let received = in_time + overdue;
            let totals = Totals { received, in_time, overdue, satisfied, unsatisfied };
            let shown = totals.shown(least);
            let all = [shown.received, shown.in_time, shown.overdue, shown.satisfied, shown.unsatisfied];
            prop_assert!(all.iter().flatten().all(|n| *n == 0 || *n >= least), "{shown:?}");
            // One of two that add up is never shown alone.
            prop_assert_eq!(shown.in_time.is_some(), shown.overdue.is_some());
            prop_assert_eq!(shown.satisfied.is_some(), shown.unsatisfied.is_some());
        }
    }
}
