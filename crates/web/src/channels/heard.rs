//! Calls that came already. The platform calls up to three times when an answer is late; whoever
//! listens on the way may call again too.

use std::collections::VecDeque;

use domain::problem::Failure;
use sha2::{Digest, Sha256};

use crate::request::random;

/// Calls that are remembered at most; an older one goes for each that is new.
const MOST: usize = 4_096;

/// Digests of calls with a key that nobody has and that ends with the program: not to be led back to
/// whoever wrote.
pub struct Heard {
    key: String,
    calls: VecDeque<([u8; 32], i64)>,
}

impl Heard {
    /// None yet.
    ///
    /// # Errors
    /// A fault when the system has no randomness.
    pub fn new() -> Result<Self, Failure> {
        Ok(Self { key: random()?, calls: VecDeque::new() })
    }

    /// Whether a call is the first of its kind; what is older than `good_ms` is forgotten.
    pub fn is_new(&mut self, call: &str, now_ms: i64, good_ms: i64) -> bool {
        let digest: [u8; 32] = Sha256::digest(format!("{} {call}", self.key)).into();
        self.calls.retain(|(_, at)| now_ms - at < good_ms);
        if self.calls.iter().any(|(known, _)| *known == digest) {
            return false;
        }
        if self.calls.len() >= MOST {
            self.calls.pop_front();
        }
        self.calls.push_back((digest, now_ms));
        true
    }
}

#[cfg(test)]
mod tests {
    use super::{Heard, MOST};

    #[test]
    fn a_call_is_new_once_and_for_a_while() {
        let mut heard = Heard::new().unwrap();
        assert!(heard.is_new("a", 0, 100) && heard.is_new("b", 1, 100));
        assert!(!heard.is_new("a", 99, 100) && !heard.is_new("b", 99, 100));
        assert!(heard.is_new("a", 100, 100), "forgotten");
        assert!(!heard.is_new("b", 100, 100));
    }

    #[test]
    fn memory_is_bounded() {
        let mut heard = Heard::new().unwrap();
        for call in 0..=MOST {
            assert!(heard.is_new(&call.to_string(), 0, 100));
        }
        assert_eq!(heard.calls.len(), MOST);
        assert!(heard.is_new("0", 0, 100), "the oldest had to go");
        assert!(!heard.is_new(&MOST.to_string(), 0, 100));
    }
}
