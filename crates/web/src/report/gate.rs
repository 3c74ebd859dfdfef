//! What keeps a flood slow and loses nothing: the more is filed, the more work a browser does for one
//! report, and whoever's browser cannot waits in a line. Never by address: a village sits behind one.
//!
//! Counted in memory and with all visitors together; nothing here leads to a report or to a person.

use std::collections::{HashMap, VecDeque};
use std::num::NonZeroU32;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use domain::problem::Failure;
use domain::receipt::Receipt;
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};
use sha2::{Digest, Sha256};
use tokio::sync::Semaphore;

use crate::error::Error;
use crate::my::Work;
use crate::request::random;

/// Zero bits that a quiet county asks for, and the most that a flooded one does: some hundredths of a
/// second on an old phone, and half a minute.
const LEAST_BITS: u32 = 10;
const MOST_BITS: u32 = 19;
/// Reports within [`WINDOW_MS`] that are no flood; each doubling costs one bit more.
const QUIET: usize = 64;
const WINDOW_MS: i64 = 10 * 60_000;
/// How long a form may lie open and its work still count: writing is hard for many.
const GOOD_MS: i64 = 3 * 3_600_000;
/// The line of those without work: one report in this time, and how long anybody stands in it.
const SLOT_MS: i64 = 250;
const PATIENCE_MS: i64 = 30_000;
/// Forms with files that are read at one time.
const FORMS: usize = 32;
/// What may be done with one receipt in an hour.
const ACTS: NonZeroU32 = NonZeroU32::new(30).unwrap();

/// The gate before reports.
pub struct Gate {
    work: Work,
    line: Mutex<Line>,
    sent: Mutex<HashMap<String, i64>>,
    acts: DefaultKeyedRateLimiter<[u8; 32]>,
    secret: String,
    /// Forms with files that are read at one time.
    pub forms: Semaphore,
}

/// What was filed lately, and when the next without work may.
#[derive(Default)]
struct Line {
    lately: VecDeque<i64>,
    next_ms: i64,
}

/// What a form demands.
pub struct Demand {
    /// To be sent back.
    pub challenge: String,
    /// Leading zero bits.
    pub bits: u32,
}

fn held<T>(of: &Mutex<T>) -> MutexGuard<'_, T> {
    of.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Gate {
    /// Open.
    ///
    /// # Errors
    /// A fault when the system has no randomness.
    pub fn new() -> Result<Self, Failure> {
        Ok(Self {
            work: Work::new(GOOD_MS)?,
            line: Mutex::default(),
            sent: Mutex::default(),
            acts: RateLimiter::keyed(Quota::per_hour(ACTS)),
            secret: random()?,
            forms: Semaphore::new(FORMS),
        })
    }

    /// What a form with a token demands now.
    ///
    /// # Errors
    /// A fault when the system has no randomness.
    pub fn demand(&self, token: &str, now_ms: i64) -> Result<Demand, Failure> {
        let bits = bits(held(&self.line).lately(now_ms));
        Ok(Demand { challenge: self.work.challenge((token, bits), now_ms)?, bits })
    }

    /// Takes a form for the one and only time; a second press of the button, or a page that is loaded
    /// again, finds it taken. A form that is not of these three hours counts as a new one.
    #[must_use]
    pub fn take(&self, (token, challenge): (&str, &str), now_ms: i64) -> bool {
        let Some(head) = self.work.head((token, challenge), now_ms) else { return true };
        held(&self.sent).insert(head.to_owned(), now_ms).is_none()
    }

    /// Gives a form back that could not be filed, so that it can be sent once more.
    pub fn give_back(&self, (token, challenge): (&str, &str), now_ms: i64) {
        if let Some(head) = self.work.head((token, challenge), now_ms) {
            held(&self.sent).remove(head);
        }
    }

    /// How long this report has to wait: not at all with its work done, else in the line.
    ///
    /// # Errors
    /// The line is too long: the page keeps what was typed and asks to send it once more.
    pub fn wait(
        &self,
        form: (&str, &str),
        nonce: &str,
        now_ms: i64,
    ) -> Result<Option<Duration>, Error> {
        let worked = self.work.done(form, nonce, now_ms);
        let mut line = held(&self.line);
        let wait = if worked { 0 } else { line.stand(now_ms).ok_or(Error::TooMany)? };
        line.lately.push_back(now_ms);
        let wait = u64::try_from(wait).unwrap_or_default();
        Ok((wait > 0).then(|| Duration::from_millis(wait)))
    }

    /// Whether one more may be done with a receipt.
    ///
    /// # Errors
    /// Too many.
    pub fn act(&self, receipt: &Receipt) -> Result<(), Error> {
        let mut digest = Sha256::new();
        digest.update(&self.secret);
        digest.update(receipt.bytes());
        self.acts.check_key(&digest.finalize().into()).map_err(|_| Error::TooMany)
    }

    /// Forgets what is over.
    pub fn forget(&self, now_ms: i64) {
        held(&self.line).lately(now_ms);
        held(&self.sent).retain(|_, sent| now_ms.saturating_sub(*sent) < GOOD_MS);
        self.acts.retain_recent();
        self.acts.shrink_to_fit();
    }
}

impl Line {
    fn lately(&mut self, now_ms: i64) -> usize {
        while self.lately.front().is_some_and(|at| now_ms.saturating_sub(*at) > WINDOW_MS) {
            self.lately.pop_front();
        }
        self.lately.len()
    }

    fn stand(&mut self, now_ms: i64) -> Option<i64> {
        let turn = self.next_ms.max(now_ms);
        let wait = turn - now_ms;
        (wait <= PATIENCE_MS).then(|| {
            self.next_ms = turn + SLOT_MS;
            wait
        })
    }
}

fn bits(lately: usize) -> u32 {
    let doublings = (lately / QUIET).checked_ilog2().map_or(0, |times| times + 1);
    (LEAST_BITS + doublings).min(MOST_BITS)
}

#[cfg(test)]
mod tests {
    use super::{GOOD_MS, Gate, LEAST_BITS, MOST_BITS, PATIENCE_MS, SLOT_MS, WINDOW_MS, bits};
    use domain::receipt::Receipt;

    #[test]
    fn a_flood_costs_more_and_a_quiet_day_little() {
        assert_eq!((bits(0), bits(63)), (LEAST_BITS, LEAST_BITS));
        assert_eq!((bits(64), bits(128), bits(1000)), (11, 12, 14));
        assert_eq!(bits(usize::MAX), MOST_BITS);
    }

    #[test]
    fn whoever_cannot_work_waits_and_is_heard() {
        let gate = Gate::new().unwrap();
        let wait =
            |now| gate.wait(("token", "none"), "", now).map(|wait| wait.map(|w| w.as_millis()));
        assert_eq!(wait(0).ok(), Some(None), "nobody stands before him");
        assert_eq!(wait(0).ok(), Some(Some(SLOT_MS as u128)));
        let waiting = (0..10_000).take_while(|_| wait(0).is_ok()).count();
        assert_eq!(waiting as i64, PATIENCE_MS / SLOT_MS - 1, "the line has an end");
        assert!(wait(PATIENCE_MS).is_ok(), "and moves on");
        let flooded = gate.demand("token", 0).unwrap().bits;
        assert!(flooded > LEAST_BITS);
        assert_eq!(gate.demand("token", WINDOW_MS + PATIENCE_MS + 1).unwrap().bits, LEAST_BITS);
    }

    #[test]
    fn a_form_is_taken_once() {
        let gate = Gate::new().unwrap();
        let challenge = gate.demand("token", 0).unwrap().challenge;
        let form = ("token", challenge.as_str());
        assert!(gate.take(form, 1));
        assert!(!gate.take(form, 2), "pressed twice");
        gate.give_back(form, 3);
        assert!(gate.take(form, 4), "it had not been filed");
        assert!(gate.take(("token", "made up"), 5) && gate.take(("token", "made up"), 6));
        gate.forget(GOOD_MS + 10);
        assert!(gate.sent.lock().unwrap().is_empty());
    }

    #[test]
    fn one_receipt_does_not_flood_an_office() {
        let gate = Gate::new().unwrap();
        let (one, other) = (Receipt::new([1; 10]), Receipt::new([2; 10]));
        assert_eq!((0..100).filter(|_| gate.act(&one).is_ok()).count(), 30);
        assert!(gate.act(&other).is_ok());
    }
}
