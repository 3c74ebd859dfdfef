//! Citizen ID numbers (GB 11643-1999) and bank cards (Luhn): normal form and quality.
//!
//! A wrong number is never dropped: it is kept in its normal form with an [`IdQuality`], so that
//! it can be screened. Division prefixes are not checked, since abolished codes stay valid for
//! life.

use serde::{Deserialize, Serialize};

use crate::text;
use crate::time::Day;

/// How far an ID number can be trusted. Stored as its snake_case code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum IdQuality {
    /// 18 characters, real date, right check digit.
    Ok,
    /// The check digit does not fit the other 17.
    ChecksumError,
    /// The birth date inside does not exist, or is before 1870.
    DateError,
    /// A 15-digit number of before 1999, upgraded.
    Upgraded15,
    /// Wrong length or characters.
    FormError,
    /// No number was given.
    Missing,
}

impl IdQuality {
    /// All qualities, in the order of their [`IdQuality::index`].
    pub const ALL: [Self; 6] = [
        Self::Ok,
        Self::ChecksumError,
        Self::DateError,
        Self::Upgraded15,
        Self::FormError,
        Self::Missing,
    ];

    /// The stable code in stored facts.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::ChecksumError => "checksum_error",
            Self::DateError => "date_error",
            Self::Upgraded15 => "15digit",
            Self::FormError => "form_error",
            Self::Missing => "missing",
        }
    }

    /// Position in [`IdQuality::ALL`].
    #[must_use]
    pub const fn index(self) -> usize {
        self as usize
    }
}

/// A citizen ID number in normal form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IdNumber {
    /// Upper-case, half-width, no blanks; 18 characters unless the quality is `FormError` or
    /// `Missing`.
    pub text: String,
    /// How far it can be trusted.
    pub quality: IdQuality,
}

const WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
const CHECKS: &[u8; 11] = b"10X98765432";
const OLDEST_BIRTH_YEAR: i32 = 1870;

/// The check character of the first 17 digits (ISO 7064 MOD 11-2); `None` unless 17 ASCII digits
/// are given.
#[must_use]
pub fn check_character(first17: &[u8]) -> Option<u8> {
    if first17.len() != 17 {
        return None;
    }
    let mut sum = 0;
    for (&b, weight) in first17.iter().zip(WEIGHTS) {
        if !b.is_ascii_digit() {
            return None;
        }
        sum += u32::from(b - b'0') * weight;
    }
    CHECKS.get((sum % 11) as usize).copied()
}

/// The quality of a number that is in normal form already; `None` for any other text.
/// Saves the copy that [`IdNumber::read`] makes.
#[must_use]
pub fn plain_quality(raw: &str) -> Option<IdQuality> {
    let bytes = raw.as_bytes();
    let digits = bytes.len() == 18 && bytes.iter().take(17).all(u8::is_ascii_digit);
    let ends = bytes.last().is_some_and(|b| b.is_ascii_digit() || *b == b'X');
    (digits && ends).then(|| quality_18(bytes))
}

impl IdNumber {
    /// Reads a number as it stands in a file. Never fails: the quality says what is wrong.
    #[must_use]
    pub fn read(raw: &str) -> Self {
        match plain_quality(raw) {
            Some(quality) => Self { quality, text: raw.to_owned() },
            None => Self::read_untidy(raw),
        }
    }

    fn read_untidy(raw: &str) -> Self {
        let text: String = text::clean(raw)
            .chars()
            .filter(|c| !c.is_whitespace() && !matches!(c, '-' | '\'' | '`' | '‘' | '’' | '"'))
            .flat_map(char::to_uppercase)
            .collect();
        if text.is_empty() {
            return Self { text, quality: IdQuality::Missing };
        }
        let digits = text.bytes().take_while(u8::is_ascii_digit).count();
        match (text.len(), digits) {
            (18, 18) => Self { quality: quality_18(text.as_bytes()), text },
            (18, 17) if text.ends_with('X') => Self { quality: quality_18(text.as_bytes()), text },
            (15, 15) => upgrade_15(&text),
            _ => Self { text, quality: IdQuality::FormError },
        }
    }

    /// The birth day inside the number, when it is a real date.
    #[must_use]
    pub fn birth_day(&self) -> Option<Day> {
        birth_day(self.text.as_bytes())
    }

    /// Odd sequence numbers are men, even ones women.
    #[must_use]
    pub fn is_male(&self) -> Option<bool> {
        let b = self.text.as_bytes().get(16).filter(|b| b.is_ascii_digit())?;
        (self.text.len() == 18).then_some((b - b'0') % 2 == 1)
    }
}

fn birth_day(bytes: &[u8]) -> Option<Day> {
    if bytes.len() != 18 {
        return None;
    }
    let number = |range: std::ops::Range<usize>| {
        let part = bytes.get(range)?;
        part.iter().try_fold(0_i32, |n, b| b.is_ascii_digit().then(|| n * 10 + i32::from(b - b'0')))
    };
    let (year, month, day) = (number(6..10)?, number(10..12)?, number(12..14)?);
    if year < OLDEST_BIRTH_YEAR {
        return None;
    }
    Day::from_ymd(year, u32::try_from(month).ok()?, u32::try_from(day).ok()?)
}

fn quality_18(bytes: &[u8]) -> IdQuality {
    if birth_day(bytes).is_none() {
        return IdQuality::DateError;
    }
    match (bytes.get(..17).and_then(check_character), bytes.last()) {
        (Some(expect), Some(&found)) if expect == found => IdQuality::Ok,
        _ => IdQuality::ChecksumError,
    }
}

fn upgrade_15(text: &str) -> IdNumber {
    let (head, tail) = text.split_at(6);
    let mut upgraded = format!("{head}19{tail}");
    match check_character(upgraded.as_bytes()) {
        Some(check) => upgraded.push(char::from(check)),
        None => return IdNumber { text: text.to_owned(), quality: IdQuality::FormError },
    }
    let quality = if birth_day(upgraded.as_bytes()).is_some() {
        IdQuality::Upgraded15
    } else {
        IdQuality::DateError
    };
    IdNumber { text: upgraded, quality }
}

/// A bank card or account number in normal form: half-width, without blanks and hyphens.
/// `None` when nothing is left. A Luhn failure is no error, since passbook accounts have none.
#[must_use]
pub fn read_account(raw: &str) -> Option<String> {
    let text: String = text::clean(raw)
        .chars()
        .filter(|c| c.is_ascii_alphanumeric())
        .flat_map(char::to_uppercase)
        .collect();
    (!text.is_empty()).then_some(text)
}

/// Whether a card number passes the Luhn check of ISO/IEC 7812.
#[must_use]
pub fn luhn_ok(digits: &str) -> bool {
    let mut sum = 0;
    for (place, b) in digits.bytes().rev().enumerate() {
        if !b.is_ascii_digit() {
            return false;
        }
        let n = u32::from(b - b'0') * if place % 2 == 1 { 2 } else { 1 };
        sum += if n > 9 { n - 9 } else { n };
    }
    !digits.is_empty() && sum % 10 == 0
}

/// Category (1-7) and grade (1-4) inside a disability card number (GB/T 26341-2010): an ID number
/// of 18 characters, a category digit, a grade digit, perhaps a `B` and a copy number.
#[must_use]
pub fn disability_in_card(raw: &str) -> Option<(i64, i64)> {
    let card = read_account(raw)?;
    let digit = |at: usize| {
        card.as_bytes().get(at).filter(|b| b.is_ascii_digit()).map(|b| i64::from(b - b'0'))
    };
    let (category, grade) = (digit(18)?, digit(19)?);
    ((1..=7).contains(&category) && (1..=4).contains(&grade)).then_some((category, grade))
}

#[cfg(test)]
mod tests {
    use super::{IdNumber, IdQuality, disability_in_card, luhn_ok, read_account};
    use proptest::prelude::*;

    #[test]
    fn reads_numbers_with_their_quality() {
        use IdQuality::{ChecksumError, DateError, FormError, Missing, Ok, Upgraded15};
        for (raw, text, quality) in [
            ("999999199001010016", "999999199001010016", Ok),
            ("990001200002290032", "990001200002290032", Ok),
            ("99000119850230002 2", "990001198502300022", DateError),
            ("110101199003070012", "110101199003070012", ChecksumError),
            ("110101199003070011", "110101199003070011", Ok),
            ("990001850101003", "990001198501010031", Upgraded15),
            ("９９０００１ 1985 0101 0031", "990001198501010031", Ok),
            ("99000119491001004x", "99000119491001004X", ChecksumError),
            ("'990001194910010042", "990001194910010042", Ok),
            ("12345", "12345", FormError),
            ("A90001194910010042", "A90001194910010042", FormError),
            ("  ", "", Missing),
        ] {
            let read = IdNumber::read(raw);
            assert_eq!((read.text.as_str(), read.quality), (text, quality), "{raw}");
        }
    }

    #[test]
    fn cards_and_disability_cards() {
        assert_eq!(
            read_account(" 6217 0000-0000 0000012 ").as_deref(),
            Some("6217000000000000012")
        );
        assert!(luhn_ok("6217000000000000012") && luhn_ok("6228480000000000018"));
        assert!(!luhn_ok("6217000000000000013") && !luhn_ok(""));
        assert_eq!(disability_in_card("99000119491001004242B1"), Some((4, 2)));
        assert_eq!(disability_in_card("990001194910010042"), None);
    }

    proptest! {
        #[test]
        fn any_text_reads_and_reading_twice_changes_nothing(raw in "\\PC{0,24}") {
            let once = IdNumber::read(&raw);
            let twice = IdNumber::read(&once.text);
            prop_assert_eq!(once.text, twice.text);
        }
    }
}
