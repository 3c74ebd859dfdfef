//! Keys of rows, and the numbers that people read.
//!
//! A key is a UUID of version 7 as 26 characters of Crockford's base 32: it sorts by time and needs
//! no sequence of the database. Reports have random keys, because these tell the time.

use domain::problem::Fault;

const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// A new key, made at a time.
///
/// # Errors
/// When the system gives no random bytes.
pub fn new_id(now_ms: i64) -> Result<String, Fault> {
    let ms = u64::try_from(now_ms).unwrap_or_default();
    loop {
        let mut random = [0_u8; 10];
        getrandom::fill(&mut random).map_err(|e| Fault::new("get random bytes", e))?;
        let id = uuid::Builder::from_unix_timestamp_millis(ms, &random).into_uuid();
        let id = base32(id.as_u128());
        // The log refuses what could be an ID number or a bank card.
        if !id.split(|c: char| !c.is_ascii_digit()).any(|run| run.len() > 14) {
            return Ok(id);
        }
    }
}

/// A key that does not tell when it was made: for reports.
///
/// # Errors
/// When the system gives no random bytes.
pub fn random_id() -> Result<String, Fault> {
    loop {
        let mut random = [0_u8; 16];
        getrandom::fill(&mut random).map_err(|e| Fault::new("get random bytes", e))?;
        let id = base32(u128::from_le_bytes(random));
        if !id.split(|c: char| !c.is_ascii_digit()).any(|run| run.len() > 14) {
            return Ok(id);
        }
    }
}

/// `R7K2M-9QX4T`: a number that does not tell when it was given, for what a person brings.
///
/// # Errors
/// When the system gives no random bytes.
pub fn random_number(letter: char) -> Result<String, Fault> {
    let mut random = [0_u8; 16];
    getrandom::fill(&mut random).map_err(|e| Fault::new("get random bytes", e))?;
    let drawn = base32(u128::from_le_bytes(random));
    let (first, second) = (drawn.get(16..21), drawn.get(21..26));
    Ok(format!("{letter}{}-{}", first.unwrap_or_default(), second.unwrap_or_default()))
}

fn base32(number: u128) -> String {
    let digit = |at: u32| ((number >> (5 * at)) & 31) as usize;
    let letters = (0..26).rev().filter_map(|at| ALPHABET.get(digit(at)));
    letters.map(|letter| char::from(*letter)).collect()
}

/// `990001101201-2026-00017-5`: village, year, serial and a check digit, so that a number copied by
/// hand is noticed when it is wrong.
#[must_use]
pub fn public_number(place: &str, year: i32, serial: i64) -> String {
    let body = format!("{place}-{year}-{serial:05}");
    format!("{body}-{}", check_digit(&body))
}

/// Whether a public number's check digit is right.
#[must_use]
pub fn is_public_number(number: &str) -> bool {
    let parts = number.rsplit_once('-');
    parts.is_some_and(|(body, check)| check == check_digit(body).to_string())
}

/// Luhn's digit over the digits of a number.
fn check_digit(body: &str) -> u32 {
    let digits = body.chars().rev().filter_map(|c| c.to_digit(10));
    let sum: u32 = digits
        .zip([true, false].into_iter().cycle())
        .map(|(digit, double)| match (double, digit * 2) {
            (false, _) => digit,
            (true, twice) if twice > 9 => twice - 9,
            (true, twice) => twice,
        })
        .sum();
    (10 - sum % 10) % 10
}

#[cfg(test)]
mod tests {
    use super::{is_public_number, new_id, public_number};

    #[test]
    fn keys_sort_by_time_and_have_26_letters() {
        let (a, b) = (new_id(1_000).unwrap(), new_id(2_000).unwrap());
        assert!(a < b && a.len() == 26 && b.len() == 26, "{a} {b}");
        assert_ne!(new_id(1_000).unwrap(), a);
    }

    #[test]
    fn a_wrong_digit_is_noticed() {
        let number = public_number("990001101201", 2026, 17);
        assert!(is_public_number(&number), "{number}");
        assert!(!is_public_number(&number.replace("00017", "00018")));
        assert!(!is_public_number(&number.replace("00017", "00071")));
        assert!(!is_public_number("17"));
    }
}
