//! The work that stands in the place of a picture puzzle: each form brings a challenge of its own, the
//! browser seeks a number for it, and each challenge counts once.

use std::collections::HashSet;
use std::sync::{Mutex, PoisonError};

use domain::problem::Failure;
use sha2::{Digest, Sha256};

use crate::request::{hex, random};

/// Leading zero bits of a proof of work: some tenths of a second on an old phone.
pub const BITS: u32 = 14;
/// How long a short form may lie open and its work still count.
pub const GOOD_MS: i64 = 15 * 60_000;
/// Longest number that is tried.
const LONGEST_NONCE: usize = 20;

/// Gives out challenges and knows which were used.
pub struct Work {
    /// Makes challenges that nobody else can make; another with each start of the program.
    secret: String,
    good_ms: i64,
    spent: Mutex<Spent>,
}

/// Challenges that were used: those of this span of time, and of the one before it.
#[derive(Default)]
struct Spent {
    since_ms: i64,
    now: HashSet<String>,
    before: HashSet<String>,
}

impl Work {
    /// None was given out yet; forms may lie open for so long.
    ///
    /// # Errors
    /// A fault when the system has no randomness.
    pub fn new(good_ms: i64) -> Result<Self, Failure> {
        Ok(Self { secret: random()?, good_ms, spent: Mutex::default() })
    }

    /// A challenge for a form with a token, which demands so many zero bits.
    ///
    /// # Errors
    /// A fault when the system has no randomness.
    pub fn challenge(&self, (token, bits): (&str, u32), now_ms: i64) -> Result<String, Failure> {
        let head = format!("{now_ms}.{bits}.{}", random()?);
        let seal = self.seal(&head, token);
        Ok(format!("{head}.{seal}"))
    }

    fn seal(&self, head: &str, token: &str) -> String {
        let inner = Sha256::digest(format!("{} {head} {token}", self.secret));
        hex(Sha256::digest(inner).get(..16).unwrap_or_default())
    }

    /// Whether a browser did the work for a challenge of ours, which nobody has used yet. From now on it
    /// is used.
    #[must_use]
    pub fn done(&self, (token, challenge): (&str, &str), nonce: &str, now_ms: i64) -> bool {
        let Some(head) = self.head((token, challenge), now_ms) else { return false };
        let bits = head.split('.').nth(1).and_then(|bits| bits.parse().ok());
        bits.is_some_and(|bits| worked(challenge, nonce, bits)) && self.spend(head, now_ms)
    }

    /// The part of a challenge that is its own, when it was given out here for this token and still counts.
    #[must_use]
    pub fn head<'a>(&self, (token, challenge): (&str, &'a str), now_ms: i64) -> Option<&'a str> {
        let (head, seal) = challenge.rsplit_once('.')?;
        let made = head.split('.').next().and_then(|ms| ms.parse::<i64>().ok())?;
        let fresh = (0..self.good_ms).contains(&now_ms.saturating_sub(made));
        (fresh && seal == self.seal(head, token)).then_some(head)
    }

    fn spend(&self, head: &str, now_ms: i64) -> bool {
        let mut spent = self.spent.lock().unwrap_or_else(PoisonError::into_inner);
        if now_ms - spent.since_ms >= self.good_ms {
            spent.before = std::mem::take(&mut spent.now);
            spent.since_ms = now_ms;
        }
        !spent.before.contains(head) && spent.now.insert(head.to_owned())
    }
}

/// Whether a number makes the digest of a challenge begin with zeros.
fn worked(challenge: &str, nonce: &str, bits: u32) -> bool {
    if nonce.is_empty() || nonce.len() > LONGEST_NONCE {
        return false;
    }
    let digest = Sha256::digest(format!("{challenge} {nonce}"));
    let head = digest.iter().take(4).fold(0_u32, |sum, byte| (sum << 8) | u32::from(*byte));
    head.leading_zeros() >= bits
}

#[cfg(test)]
mod tests {
    use super::{BITS, GOOD_MS, Work, worked};

    fn sought(challenge: &str) -> String {
        let mut nonces = (0..10_000_000_u32).map(|n| n.to_string());
        nonces.find(|nonce| worked(challenge, nonce, BITS)).expect("some number does it")
    }

    #[test]
    fn work_counts_once_and_for_its_own_form() {
        let (work, other) = (Work::new(GOOD_MS).unwrap(), Work::new(GOOD_MS).unwrap());
        let challenge = work.challenge(("token", BITS), 1_000).unwrap();
        let nonce = sought(&challenge);
        assert!(!work.done(("another", &challenge), &nonce, 2_000), "of another visitor");
        assert!(!other.done(("token", &challenge), &nonce, 2_000), "of another start");
        assert!(!work.done(("token", &challenge), "", 2_000), "not done");
        assert!(!work.done(("token", &challenge), &"1".repeat(30), 2_000), "no number");
        assert!(!work.done(("token", &challenge), &nonce, 1_000 + GOOD_MS), "too late");
        assert!(!work.done(("token", "made up"), &nonce, 2_000));
        assert!(work.done(("token", &challenge), &nonce, 2_000));
        assert!(!work.done(("token", &challenge), &nonce, 2_001), "a second time");
    }

    #[test]
    fn what_was_used_is_known_as_long_as_it_would_count() {
        let work = Work::new(GOOD_MS).unwrap();
        let late = GOOD_MS - 1;
        let challenge = work.challenge(("token", BITS), late).unwrap();
        let nonce = sought(&challenge);
        assert!(work.done(("token", &challenge), &nonce, late));
        for later in [GOOD_MS, GOOD_MS + 1, late + GOOD_MS - 1] {
            assert!(!work.done(("token", &challenge), &nonce, later), "{later}");
        }
        assert!(work.spent.lock().unwrap().now.is_empty(), "and forgotten afterwards");
    }
}
