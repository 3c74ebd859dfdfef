//! The receipt (回执) of a report: what a reporter keeps to come back with.
//!
//! 80 random bits, written as sixteen symbols and a check symbol, or as ten words and a check word:
//! people who do not read Latin letters write down words. Both forms find any one wrong symbol and
//! any two that changed places. Reading is tolerant of case, blanks, hyphens, full-width forms and of
//! letters that look like digits.
//!
//! Deliberately absent: the drawing of random bits, and the keyed hash that is all that is stored.

use std::fmt;

use crate::problem::{Place, Problem};
use crate::text::half_width;

/// Symbols without those that look alike.
const SYMBOLS: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
/// Two-character words of daily life, one for each byte.
const WORDS: &str = include_str!("receipt/words.txt");
/// Symbols without the check symbol.
const LENGTH: usize = 16;
/// Polynomials of the fields with 32 and 256 elements.
const FIELD_32: u32 = 0b10_0101;
const FIELD_256: u32 = 0b1_0001_1101;

/// A receipt. It is never printed by accident: `Debug` shows nothing of it.
#[derive(Clone, PartialEq, Eq)]
pub struct Receipt([u8; 10]);

impl fmt::Debug for Receipt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Receipt")
    }
}

impl Receipt {
    /// The receipt of random bytes.
    #[must_use]
    pub fn new(random: [u8; 10]) -> Self {
        Self(random)
    }

    /// Its bits, for the keyed hash.
    #[must_use]
    pub fn bytes(&self) -> &[u8; 10] {
        &self.0
    }

    /// `7K2M-9QX4-TBD1-03FZ-W`
    #[must_use]
    pub fn symbols(&self) -> String {
        let values = self.values();
        let all = values.iter().copied().chain([check(&values, FIELD_32)]);
        let mut text = String::with_capacity(LENGTH + 5);
        for (at, value) in all.enumerate() {
            if at > 0 && at % 4 == 0 {
                text.push('-');
            }
            text.extend(SYMBOLS.get(usize::from(value)).map(|symbol| char::from(*symbol)));
        }
        text
    }

    /// Ten words and a check word.
    #[must_use]
    pub fn words(&self) -> Vec<&'static str> {
        let all = self.0.iter().copied().chain([check(&self.0, FIELD_256)]);
        all.filter_map(|byte| WORDS.lines().nth(usize::from(byte))).collect()
    }

    /// The sixteen values of five bits.
    fn values(&self) -> [u8; LENGTH] {
        let mut bits = self.0.iter().fold(0_u128, |bits, byte| (bits << 8) | u128::from(*byte));
        let mut values = [0; LENGTH];
        for value in values.iter_mut().rev() {
            *value = u8::try_from(bits & 31).unwrap_or_default();
            bits >>= 5;
        }
        values
    }

    /// Reads either form.
    ///
    /// # Errors
    /// `receipt-unknown` for a symbol or word that is none, `receipt-length`, or `receipt-check` when
    /// it was copied wrongly. What was typed is never in the problem.
    pub fn parse(text: &str) -> Result<Self, Problem> {
        let letters: Vec<char> =
            text.chars().map(half_width).filter(|c| c.is_alphanumeric()).collect();
        if letters.iter().any(char::is_ascii) { symbols(&letters) } else { words(&letters) }
    }
}

fn problem(code: &'static str) -> Problem {
    Problem::new(code, Place::default())
}

fn symbols(letters: &[char]) -> Result<Receipt, Problem> {
    let value = |c: &char| {
        let c = match c.to_ascii_uppercase() {
            'O' => '0',
            'I' | 'L' => '1',
            'U' => 'V',
            c => c,
        };
        let at = SYMBOLS.iter().position(|symbol| char::from(*symbol) == c);
        at.and_then(|at| u8::try_from(at).ok())
    };
    let values: Option<Vec<u8>> = letters.iter().map(value).collect();
    let values = values.ok_or_else(|| problem("receipt-unknown"))?;
    let (values, last) = split(&values, LENGTH)?;
    if check(values, FIELD_32) != last {
        return Err(problem("receipt-check"));
    }
    let bits = values.iter().fold(0_u128, |bits, value| (bits << 5) | u128::from(*value));
    let mut bytes = [0; 10];
    for (byte, from) in bytes.iter_mut().zip(bits.to_be_bytes().iter().skip(6)) {
        *byte = *from;
    }
    Ok(Receipt(bytes))
}

fn words(letters: &[char]) -> Result<Receipt, Problem> {
    let at = |word: &[char]| {
        let at = WORDS.lines().position(|known| known.chars().eq(word.iter().copied()));
        at.and_then(|at| u8::try_from(at).ok())
    };
    let values: Option<Vec<u8>> = letters.chunks(2).map(at).collect();
    let values = values.ok_or_else(|| problem("receipt-unknown"))?;
    let (values, last) = split(&values, 10)?;
    if check(values, FIELD_256) != last {
        return Err(problem("receipt-check"));
    }
    let bytes = <[u8; 10]>::try_from(values).map_err(|_| problem("receipt-length"))?;
    Ok(Receipt(bytes))
}

/// Values and the check behind them.
fn split(values: &[u8], length: usize) -> Result<(&[u8], u8), Problem> {
    match values.split_last() {
        Some((last, rest)) if rest.len() == length => Ok((rest, *last)),
        _ => Err(problem("receipt-length")),
    }
}

/// Sum of the values, each multiplied by another power of the field's generator: it differs when one
/// value differs, and when two change places.
fn check(values: &[u8], field: u32) -> u8 {
    let size = 1_u32 << (31 - field.leading_zeros());
    let double = |n: u32| if n << 1 >= size { (n << 1) ^ field } else { n << 1 };
    // Horner's rule: the sum so far, once more by the generator, and the next value.
    let sum = values.iter().fold(0, |sum, value| double(sum) ^ u32::from(*value));
    u8::try_from(double(sum)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::{Receipt, SYMBOLS, WORDS};
    use proptest::prelude::*;

    #[test]
    fn the_words_are_256_different_ones_of_two_characters() {
        let words: Vec<&str> = WORDS.lines().collect();
        let different: std::collections::BTreeSet<&str> = words.iter().copied().collect();
        assert_eq!((words.len(), different.len()), (256, 256));
        assert!(words.iter().all(|word| word.chars().count() == 2));
    }

    #[test]
    fn reading_is_tolerant_and_tells_what_is_wrong() {
        let receipt = Receipt::new([0, 1, 2, 3, 4, 5, 6, 7, 8, 255]);
        let text = receipt.symbols();
        assert_eq!(text.len(), 21, "{text}");
        let sloppy = text.to_lowercase().replace('-', " ").replace('0', "o").replace('1', "l");
        assert_eq!(Receipt::parse(&sloppy).unwrap(), receipt);
        let wide: String = text.chars().map(|c| if c == '-' { '－' } else { c }).collect();
        assert_eq!(Receipt::parse(&wide).unwrap(), receipt);
        let words = receipt.words();
        for between in ["", " ", "、", "，\n"] {
            assert_eq!(Receipt::parse(&words.join(between)).unwrap(), receipt);
        }
        for (given, code) in [
            ("", "receipt-length"),
            ("7K2M", "receipt-length"),
            ("7K2M-9QX4-TBD1-03FZ-9999", "receipt-length"),
            ("太阳月亮", "receipt-length"),
            ("太阳神", "receipt-unknown"),
            ("é", "receipt-unknown"),
        ] {
            assert_eq!(Receipt::parse(given).unwrap_err().code, code, "{given}");
        }
        assert_eq!(format!("{receipt:?}"), "Receipt");
    }

    proptest! {
        #[test]
        fn both_forms_come_back(random: [u8; 10]) {
            let receipt = Receipt::new(random);
            prop_assert_eq!(Receipt::parse(&receipt.symbols()).unwrap(), receipt.clone());
            prop_assert_eq!(Receipt::parse(&receipt.words().join(" ")).unwrap(), receipt);
        }

        #[test]
        fn a_wrong_symbol_and_a_swap_are_found(
            random: [u8; 10], at in 0_usize..17, other in 0_usize..32, with in 0_usize..17,
        ) {
            let text = Receipt::new(random).symbols().replace('-', "");
            let mut changed: Vec<u8> = text.bytes().collect();
            changed[at] = SYMBOLS[other];
            let mut swapped: Vec<u8> = text.bytes().collect();
            swapped.swap(at, with);
            for altered in [changed, swapped] {
                let altered = String::from_utf8(altered).unwrap();
                prop_assert_eq!(Receipt::parse(&altered).is_ok(), altered == text);
            }
        }

        #[test]
        fn a_wrong_word_and_a_swap_are_found(
            random: [u8; 10], at in 0_usize..11, other in 0_usize..256, with in 0_usize..11,
        ) {
            let words = Receipt::new(random).words();
            let mut changed = words.clone();
            changed[at] = WORDS.lines().nth(other).unwrap();
            let mut swapped = words.clone();
            swapped.swap(at, with);
            for altered in [changed, swapped] {
                prop_assert_eq!(Receipt::parse(&altered.join("")).is_ok(), altered == words);
            }
        }

        #[test]
        fn any_text_is_a_receipt_or_none(raw in "\\PC{0,40}") {
            let _either = Receipt::parse(&raw);
        }
    }
}
