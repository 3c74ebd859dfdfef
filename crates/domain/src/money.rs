//! Money: whole fen, checked, never a floating-point number (invariant I6).

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::text;

/// An amount in fen (1/100 yuan). Negative only for a reversal.
#[derive(
    Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(transparent)]
pub struct Fen(pub i64);

/// The unit in which a file states its amounts.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MoneyUnit {
    /// 元
    #[default]
    Yuan,
    /// 万元
    WanYuan,
    /// 分
    Fen,
}

impl MoneyUnit {
    /// Decimal places between this unit and fen.
    const fn places(self) -> usize {
        match self {
            Self::Fen => 0,
            Self::Yuan => 2,
            Self::WanYuan => 6,
        }
    }

    /// Reads the unit named in a header such as `金额(万元)` or `单位：元`.
    #[must_use]
    pub fn in_text(text: &str) -> Option<Self> {
        if text.contains("万元") {
            Some(Self::WanYuan)
        } else if text.contains('元') {
            Some(Self::Yuan)
        } else if text.contains("(分)") || text.contains("（分）") || text.ends_with("_fen") {
            Some(Self::Fen)
        } else {
            None
        }
    }
}

/// Why a text is no amount.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MoneyError {
    /// Not a number.
    NotANumber,
    /// More decimals than fen can hold, and they are not zero.
    BelowFen,
    /// Too large for 64 bits of fen.
    TooLarge,
}

impl Fen {
    /// Parses an amount as agencies write it: thousands separators, full-width digits, currency
    /// signs, a unit at the end, brackets or a trailing minus for a negative.
    ///
    /// # Errors
    /// [`MoneyError`] says why the text is no amount.
    pub fn parse(raw: &str, unit: MoneyUnit) -> Result<Self, MoneyError> {
        if let Some(fen) = parse_plain(raw.as_bytes(), unit.places()) {
            return Ok(Self(fen));
        }
        let cleaned = text::clean(raw);
        let mut body: &str = cleaned.trim();
        let mut unit = unit;
        for (suffix, named) in
            [("万元", MoneyUnit::WanYuan), ("元整", MoneyUnit::Yuan), ("元", MoneyUnit::Yuan)]
        {
            if let Some(rest) = body.strip_suffix(suffix) {
                (body, unit) = (rest.trim(), named);
                break;
            }
        }
        let mut negative = false;
        if let Some(inner) = body.strip_prefix('(').and_then(|b| b.strip_suffix(')')) {
            (body, negative) = (inner, true);
        }
        body = body.trim_start_matches(['¥', '￥']).trim();
        let digits: String =
            body.chars().filter(|c| !matches!(c, ',' | '，' | ' ' | '\'')).collect();
        let fen = decimal(&digits, unit.places())?;
        Ok(Self(if negative { -fen } else { fen }))
    }

    /// Sum, or `None` past 64 bits.
    #[must_use]
    pub fn checked_add(self, other: Self) -> Option<Self> {
        self.0.checked_add(other.0).map(Self)
    }

    /// Splits an amount by weights (land, heads, shares) so that the parts add up to it again.
    /// Whole fen that are left over go to the largest remainders, of equal ones to the first.
    /// `None` when all weights are zero or there are none.
    #[must_use]
    pub fn split(self, weights: &[u64]) -> Option<Vec<Self>> {
        let all: u128 = weights.iter().map(|w| u128::from(*w)).sum();
        if all == 0 {
            return None;
        }
        let whole = u128::from(self.0.unsigned_abs());
        let (mut parts, mut rests) = (Vec::with_capacity(weights.len()), Vec::new());
        for (index, weight) in weights.iter().enumerate() {
            // Below 2^128: an amount has 63 bits or is 2^63, a weight 64.
            let share = whole * u128::from(*weight);
            parts.push(share / all);
            rests.push((share % all, index));
        }
        let left = usize::try_from(whole - parts.iter().sum::<u128>()).ok()?;
        rests.sort_by(|(a, a_at), (b, b_at)| b.cmp(a).then(a_at.cmp(b_at)));
        for (_, index) in rests.into_iter().take(left) {
            if let Some(part) = parts.get_mut(index) {
                *part += 1;
            }
        }
        let sign = if self.0 < 0 { -1 } else { 1 };
        let fen = |part: u128| i128::try_from(part).ok().and_then(|p| i64::try_from(sign * p).ok());
        parts.into_iter().map(|part| fen(part).map(Self)).collect()
    }
}

/// Yuan with two decimals and no separators: `1234.50`.
impl Fen {
    /// Yuan as people read it: `1,234.50`.
    #[must_use]
    pub fn grouped(self) -> String {
        let sign = if self.0 < 0 { "-" } else { "" };
        let magnitude = self.0.unsigned_abs();
        format!("{sign}{}.{:02}", grouped(magnitude / 100), magnitude % 100)
    }
}

/// A count with thousands separators.
#[must_use]
pub fn grouped(count: u64) -> String {
    let digits = count.to_string();
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

impl fmt::Display for Fen {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.0 < 0 { "-" } else { "" };
        let magnitude = self.0.unsigned_abs();
        write!(f, "{sign}{}.{:02}", magnitude / 100, magnitude % 100)
    }
}

/// The quick way for what most cells hold: ASCII digits and at most one point.
fn parse_plain(bytes: &[u8], places: usize) -> Option<i64> {
    if bytes.is_empty() || bytes.len() > 15 {
        return None;
    }
    let (mut value, mut decimals, mut point, mut any) = (0_i64, 0_usize, false, false);
    for &b in bytes {
        match b {
            b'0'..=b'9' if !point => (value, any) = (value * 10 + i64::from(b - b'0'), true),
            b'0'..=b'9' if decimals < places => {
                value = value * 10 + i64::from(b - b'0');
                decimals += 1;
            }
            b'.' if !point => point = true,
            _ => return None,
        }
    }
    let scale = 10_i64.checked_pow(u32::try_from(places - decimals).ok()?)?;
    if any { value.checked_mul(scale) } else { None }
}

/// Parses a decimal text into an integer scaled by `10^places`, exactly.
///
/// # Errors
/// [`MoneyError`] when the text is not a decimal, is finer than the scale, or does not fit.
pub fn decimal(digits: &str, places: usize) -> Result<i64, MoneyError> {
    let (negative, body) = match digits.strip_prefix('-').or_else(|| digits.strip_suffix('-')) {
        Some(rest) => (true, rest),
        None => (false, digits.strip_prefix('+').unwrap_or(digits)),
    };
    let (mantissa, exponent) = match body.split_once(['e', 'E']) {
        Some((m, e)) => (m, e.parse::<i32>().map_err(|_| MoneyError::NotANumber)?),
        None => (body, 0),
    };
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let all_digits = |s: &str| s.bytes().all(|b| b.is_ascii_digit());
    if (whole.is_empty() && fraction.is_empty()) || !all_digits(whole) || !all_digits(fraction) {
        return Err(MoneyError::NotANumber);
    }
    // The value is the digits of whole and fraction, times ten to this power.
    let fraction_len = i32::try_from(fraction.len()).map_err(|_| MoneyError::TooLarge)?;
    let places = i32::try_from(places).map_err(|_| MoneyError::TooLarge)?;
    let power = exponent.saturating_sub(fraction_len).saturating_add(places);
    let mut value = 0_i128;
    for b in whole.bytes().chain(fraction.bytes()) {
        value = value
            .checked_mul(10)
            .and_then(|v| v.checked_add(i128::from(b - b'0')))
            .ok_or(MoneyError::TooLarge)?;
    }
    let scaled = shift(value, power)?;
    i64::try_from(if negative { -scaled } else { scaled }).map_err(|_| MoneyError::TooLarge)
}

fn shift(value: i128, power: i32) -> Result<i128, MoneyError> {
    if value == 0 {
        return Ok(0);
    }
    let factor = 10_i128.checked_pow(power.unsigned_abs()).ok_or(MoneyError::TooLarge)?;
    if power >= 0 {
        return value.checked_mul(factor).ok_or(MoneyError::TooLarge);
    }
    // Spreadsheets store 0.1 + 0.2 as 0.30000000000000004: dust far below a fen is rounded away,
    // anything a person could have meant is not.
    let (quotient, rest) = (value / factor, value % factor);
    let dust = factor / 1_000_000;
    if rest <= dust {
        Ok(quotient)
    } else if factor - rest <= dust {
        Ok(quotient + 1)
    } else {
        Err(MoneyError::BelowFen)
    }
}

#[cfg(test)]
mod tests {
    use super::{Fen, MoneyError, MoneyUnit};
    use proptest::prelude::*;

    #[test]
    fn people_read_thousands_apart() {
        for (fen, expect) in [
            (0, "0.00"),
            (123_450, "1,234.50"),
            (-100_000_005, "-1,000,000.05"),
            (99_999, "999.99"),
        ] {
            assert_eq!(Fen(fen).grouped(), expect);
        }
    }

    #[test]
    fn parses_what_agencies_write() {
        use MoneyUnit::{WanYuan, Yuan};
        for (raw, unit, expect) in [
            ("1200", Yuan, Ok(120_000)),
            ("1,234.5", Yuan, Ok(123_450)),
            ("１２３４．５０", Yuan, Ok(123_450)),
            ("¥ 88.00", Yuan, Ok(8_800)),
            ("88元", Yuan, Ok(8_800)),
            ("0.0123", WanYuan, Ok(12_300)),
            ("1.2万元", Yuan, Ok(1_200_000)),
            ("(50)", Yuan, Ok(-5_000)),
            ("-50.5", Yuan, Ok(-5_050)),
            ("0.30000000000000004", Yuan, Ok(30)),
            ("1e3", Yuan, Ok(100_000)),
            ("0.001", Yuan, Err(MoneyError::BelowFen)),
            ("12.3.4", Yuan, Err(MoneyError::NotANumber)),
            ("张三", Yuan, Err(MoneyError::NotANumber)),
            ("", Yuan, Err(MoneyError::NotANumber)),
            (".", Yuan, Err(MoneyError::NotANumber)),
            ("99999999999999999999", Yuan, Err(MoneyError::TooLarge)),
        ] {
            assert_eq!(Fen::parse(raw, unit).map(|f| f.0), expect, "{raw}");
        }
    }

    #[test]
    fn splits_by_weights() {
        let split = |fen, weights: &[u64]| Fen(fen).split(weights);
        let fens = |list: &[i64]| Some(list.iter().map(|f| Fen(*f)).collect::<Vec<_>>());
        assert_eq!(split(100, &[1, 1, 1]), fens(&[34, 33, 33]));
        assert_eq!(split(-100, &[1, 1, 1]), fens(&[-34, -33, -33]));
        assert_eq!(split(10, &[0, 2, 1]), fens(&[0, 7, 3]));
        assert_eq!(split(i64::MIN, &[u64::MAX]), fens(&[i64::MIN]));
        assert_eq!((split(10, &[]), split(10, &[0, 0])), (None, None));
    }

    proptest! {
        #[test]
        fn splitting_loses_no_fen_and_stays_within_one(
            fen in any::<i64>(),
            weights in prop::collection::vec(any::<u64>(), 1..20),
        ) {
            let all: i128 = weights.iter().map(|w| i128::from(*w)).sum();
            prop_assume!(all > 0);
            let parts = Fen(fen).split(&weights).expect("weights");
            prop_assert_eq!(parts.iter().map(|p| i128::from(p.0)).sum::<i128>(), i128::from(fen));
            for (part, weight) in parts.iter().zip(&weights) {
                let floor = u128::from(fen.unsigned_abs()) * u128::from(*weight) / all as u128;
                prop_assert!(u128::from(part.0.unsigned_abs()) - floor <= 1);
            }
        }

        #[test]
        fn printing_and_parsing_agree(fen in -1_000_000_000_000_i64..1_000_000_000_000) {
            prop_assert_eq!(Fen::parse(&Fen(fen).to_string(), MoneyUnit::Yuan), Ok(Fen(fen)));
        }

        #[test]
        fn any_text_is_an_amount_or_an_error(raw in "\\PC{0,24}") {
            let _either = Fen::parse(&raw, MoneyUnit::WanYuan);
        }
    }
}
