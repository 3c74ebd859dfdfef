//! Who has been recognised, for some minutes and in memory alone; and how often somebody may try.

use std::collections::HashMap;
use std::num::NonZeroU32;
use std::sync::{Arc, Mutex, PoisonError};

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use domain::ids::IdNumber;
use domain::problem::{Failure, Fault};
use facts::own::PersonKey;
use governor::{DefaultDirectRateLimiter, DefaultKeyedRateLimiter, Quota, RateLimiter};
use sha2::{Digest, Sha256};

use crate::error::Error;
use crate::request::random;
use crate::state::App;
use crate::ui::cookie;

/// Cookie of a recognised villager.
pub const MY: &str = "mb_my";
/// How long somebody stays recognised.
const LASTS_MS: i64 = 10 * 60_000;
/// Tries about one person in an hour.
const TRIES: NonZeroU32 = NonZeroU32::new(6).unwrap();
/// Codes that one counter may try to issue in an hour.
const CODES: NonZeroU32 = NonZeroU32::new(60).unwrap();
/// Look-ups in a second of all who did the work, and of those whose browser could not.
const WITH_WORK: NonZeroU32 = NonZeroU32::new(400).unwrap();
const WITHOUT: NonZeroU32 = NonZeroU32::new(5).unwrap();

/// Recognised villagers by the digest of their cookie.
#[derive(Default)]
pub struct Desk(Mutex<HashMap<[u8; 32], (PersonKey, i64)>>);

impl Desk {
    /// Lets somebody in. Returns the value of his cookie.
    ///
    /// # Errors
    /// A fault when the system has no randomness.
    pub fn admit(&self, person: PersonKey, now_ms: i64) -> Result<String, Fault> {
        let token = random()?;
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        known.insert(digest(&token), (person, now_ms + LASTS_MS));
        Ok(token)
    }

    /// Forgets those whose time is over. They open nothing before that either.
    pub fn forget(&self, now_ms: i64) {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        known.retain(|_, (_, until)| *until > now_ms);
    }

    fn person(&self, token: &str, now_ms: i64) -> Option<PersonKey> {
        let known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        known.get(&digest(token)).filter(|(_, until)| *until > now_ms).map(|(person, _)| *person)
    }

    /// Lets somebody go.
    pub fn dismiss(&self, token: &str) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).remove(&digest(token));
    }
}

fn digest(token: &str) -> [u8; 32] {
    Sha256::digest(token).into()
}

/// How often may be tried: by the person whom somebody claims to be, and by all together. Never by
/// address: a village sits behind one.
pub struct Budgets {
    /// Keeps claimed numbers unreadable in memory; another with each start of the program.
    secret: String,
    people: DefaultKeyedRateLimiter<[u8; 32]>,
    counters: DefaultKeyedRateLimiter<String>,
    with_work: DefaultDirectRateLimiter,
    without: DefaultDirectRateLimiter,
}

impl Budgets {
    /// Full budgets.
    ///
    /// # Errors
    /// A fault when the system has no randomness.
    pub fn new() -> Result<Self, Failure> {
        Ok(Self {
            secret: random()?,
            people: RateLimiter::keyed(Quota::per_hour(TRIES)),
            counters: RateLimiter::keyed(Quota::per_hour(CODES)),
            with_work: RateLimiter::direct(Quota::per_second(WITH_WORK)),
            without: RateLimiter::direct(Quota::per_second(WITHOUT)),
        })
    }

    /// Whether one more look-up may be made at all.
    ///
    /// # Errors
    /// Too many.
    pub fn any(&self, worked: bool) -> Result<(), Error> {
        let budget = if worked { &self.with_work } else { &self.without };
        budget.check().map_err(|_| Error::TooMany)
    }

    /// Whether an account may try to issue one more code: else it could find out who is in the data.
    ///
    /// # Errors
    /// Too many.
    pub fn counter(&self, account: &str) -> Result<(), Error> {
        self.counters.check_key(&account.to_owned()).map_err(|_| Error::TooMany)
    }

    /// Forgets whom nobody has tried to be for long.
    pub fn forget(&self) {
        self.people.retain_recent();
        self.people.shrink_to_fit();
        self.counters.retain_recent();
    }

    /// Whether one more may be made about the person of a number.
    #[must_use]
    pub fn person(&self, id_number: &str) -> bool {
        let number = IdNumber::read(id_number).text;
        let claimed = Sha256::digest(format!("{} {number}", self.secret)).into();
        self.people.check_key(&claimed).is_ok()
    }
}

/// A recognised villager.
pub struct Own {
    /// His key in the facts.
    pub person: PersonKey,
    /// His cookie.
    pub token: String,
}

impl FromRequestParts<Arc<App>> for Own {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, Error> {
        let token = cookie(parts, MY).ok_or(Error::Unrecognised)?;
        let person = app.desk.person(token, app.now().ms).ok_or(Error::Unrecognised)?;
        Ok(Self { person, token: token.to_owned() })
    }
}

#[cfg(test)]
mod tests {
    use super::{Budgets, Desk, LASTS_MS};
    use facts::own::PersonKey;

    #[test]
    fn tries_are_counted_by_the_person_and_not_by_how_he_is_written() {
        let budgets = Budgets::new().unwrap();
        let number = "990426199003072077";
        let spaced = "990426 19900307 2077";
        let allowed =
            (0..10).filter(|at| budgets.person(if at % 2 == 0 { number } else { spaced }));
        assert_eq!(allowed.count(), 6);
        assert!(budgets.person("990426199003072085"), "somebody else is not stopped");
    }

    #[test]
    fn whoever_left_is_forgotten() {
        let desk = Desk::default();
        let token = desk.admit(PersonKey::from_number(7), 0).unwrap();
        assert!(desk.person(&token, LASTS_MS - 1).is_some());
        assert!(desk.person(&token, LASTS_MS).is_none());
        desk.forget(LASTS_MS);
        assert!(desk.0.lock().unwrap().is_empty());
    }
}
