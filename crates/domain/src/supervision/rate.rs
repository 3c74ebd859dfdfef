//! How often a model was right: the confirmed share with its interval, and what it means for the order
//! of checking. Whole numbers only; shares are hundredths of a per cent.

use serde::{Deserialize, Serialize};

use super::rules::Version;

/// Checks of a model.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Checks {
    /// Checks that ended.
    pub checked: u32,
    /// Those that confirmed something (put right, or a clue).
    pub confirmed: u32,
}

/// A share with its interval, in hundredths of a per cent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Share {
    /// The share itself.
    pub share: u32,
    /// Lower end.
    pub low: u32,
    /// Upper end.
    pub high: u32,
}

/// A whole, in hundredths of a per cent.
const WHOLE: u128 = 10_000;
/// The square of 1.96 (95 of 100 intervals hold the true share), times [`WHOLE`].
const Z_SQUARED: u128 = 38_416;

impl Checks {
    /// The confirmed share with Wilson's interval at 95 %: it stays sensible with few checks and with
    /// shares near nothing. None as long as nothing was checked.
    #[must_use]
    pub fn share(self) -> Option<Share> {
        let (n, k) = (u128::from(self.checked), u128::from(self.confirmed.min(self.checked)));
        if n == 0 {
            return None;
        }
        let middle = 2 * k * WHOLE + Z_SQUARED;
        let spread = (Z_SQUARED * (Z_SQUARED + 4 * k * (n - k) * WHOLE / n)).isqrt();
        let below = 2 * (n * WHOLE + Z_SQUARED);
        let bp = |above: u128| u32::try_from(above * WHOLE / below).unwrap_or(u32::MAX);
        let share = u32::try_from(k * WHOLE / n).unwrap_or(u32::MAX);
        let (low, high) = (bp(middle.saturating_sub(spread)), bp(middle + spread));
        Some(Share { share, low: low.min(share), high: high.max(share).min(10_000) })
    }

    /// Whether the model has had its chance: enough checks, and a share below the floor.
    #[must_use]
    pub fn is_to_retire(self, rules: &Version) -> bool {
        let enough = self.checked >= rules.retire_checks && self.checked > 0;
        enough && self.share().is_some_and(|share| share.share < rules.retire_below_bp)
    }

    /// The order of checking of a finding with a score, 0 to 100: each two per cent that its model
    /// is better or worse than a new one are a point.
    #[must_use]
    pub fn order(self, score: u8, rules: &Version) -> u8 {
        let expected = |confirmed: u32, checked: u32| {
            i64::from(confirmed) * 5_000 / i64::from(checked.max(1)) / 100
        };
        let new = expected(rules.prior_confirmed, rules.prior_checked);
        let now = expected(
            rules.prior_confirmed.saturating_add(self.confirmed),
            rules.prior_checked.saturating_add(self.checked),
        );
        let order = (i64::from(score) + now - new).clamp(0, 100);
        u8::try_from(order).unwrap_or(score)
    }
}

#[cfg(test)]
mod tests {
    use super::{Checks, Share};

    #[test]
    fn intervals_are_those_of_the_tables() {
        for (confirmed, checked, share, low, high) in [
            (0, 0, None, 0, 0),
            (0, 10, Some(0), 0, 2_775),
            (10, 10, Some(10_000), 7_224, 10_000),
            (5, 10, Some(5_000), 2_365, 7_634),
            (25, 814, Some(307), 208, 449),
        ] {
            let expect = share.map(|share| Share { share, low, high });
            assert_eq!(Checks { checked, confirmed }.share(), expect, "{confirmed}/{checked}");
        }
    }
}
