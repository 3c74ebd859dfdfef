//! Own keys of people who work with reports, unlocked with their passphrases: in memory alone, for one
//! session and some minutes. Never on disk, in a cookie or in a log; gone with the sign-out, and when the
//! program ends.

use std::collections::HashMap;
use std::num::NonZeroU32;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use domain::problem::{Failure, Fault, Place, Problem};
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};
use registry::actions::holder_keys::Unlocked;
use registry::sealer::Age;
use tokio::sync::Semaphore;

use crate::error::Error;
use crate::session::Signed;
use crate::state::{App, blocking};

/// Tries of a passphrase in a row, and how soon one more comes back: each takes 64 MB and half a second.
const TRIES: NonZeroU32 = NonZeroU32::new(6).unwrap();
const BACK: Duration = Duration::from_secs(60);
/// Passphrases that are tried at one time.
const AT_ONCE: usize = 2;
const MINUTE_MS: i64 = 60_000;

/// Unlocked keys by session.
pub struct Keys {
    open: Mutex<HashMap<String, (Arc<Unlocked>, i64)>>,
    tries: DefaultKeyedRateLimiter<String>,
    turns: Semaphore,
}

impl Keys {
    /// None yet.
    ///
    /// # Errors
    /// A fault when the span is none.
    pub fn new() -> Result<Self, Failure> {
        let quota = Quota::with_period(BACK);
        let quota = quota.ok_or_else(|| Fault::new("count tries", "no span"))?;
        Ok(Self {
            open: Mutex::default(),
            tries: RateLimiter::keyed(quota.allow_burst(TRIES)),
            turns: Semaphore::new(AT_ONCE),
        })
    }

    fn with<T>(&self, work: impl FnOnce(&mut HashMap<String, (Arc<Unlocked>, i64)>) -> T) -> T {
        work(&mut self.open.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// The key of a session, and until when it lies open.
    #[must_use]
    pub fn of(&self, desk: &Signed) -> Option<(Arc<Unlocked>, i64)> {
        let found = self.with(|open| open.get(&desk.session.id).cloned());
        found.filter(|(key, until)| *until > desk.now.ms && key.person == desk.person())
    }

    /// Forgets the key of a session.
    pub fn lock(&self, session: &str) {
        self.with(|open| open.remove(session));
    }

    /// Forgets those whose time is over; they open nothing before that either.
    pub fn forget(&self, now_ms: i64) {
        self.with(|open| open.retain(|_, (_, until)| *until > now_ms));
        self.tries.retain_recent();
    }
}

impl App {
    /// Unlocks the own key of whoever signed in, for his session and the minutes of the setting.
    ///
    /// # Errors
    /// A problem when the passphrase is wrong or there is no key; too many tries.
    pub async fn unlock(&self, desk: &Signed, passphrase: String) -> Result<Arc<Unlocked>, Error> {
        let person = desk.person().to_owned();
        self.unlocked.tries.check_key(&person).map_err(|_| Error::TooMany)?;
        let turn = self.unlocked.turns.acquire().await;
        let _turn = turn.map_err(|error| Fault::new("unlock", error))?;
        let (registry, runtime) = (self.setup.registry.clone(), tokio::runtime::Handle::current());
        let work = move || runtime.block_on(registry.unlock(&Age::default(), &person, &passphrase));
        let key = Arc::new(blocking(work).await.map_err(own_key)?);
        let minutes = i64::try_from(self.setup.unlock_minutes).unwrap_or(1);
        let until = desk.now.ms + minutes * MINUTE_MS;
        let kept = (Arc::clone(&key), until);
        self.unlocked.with(|open| open.insert(desk.session.id.clone(), kept));
        Ok(key)
    }
}

/// Whoever has no key yet is told so, in words of his own.
fn own_key(failure: Failure) -> Failure {
    match &failure {
        Failure::Problem(problem) if problem.code == "not-registered" => {
            Problem::new("own-key-none", Place::default()).into()
        }
        _ => failure,
    }
}
