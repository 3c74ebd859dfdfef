//! The register of the invented county: places, officers with their accounts, two years of notices,
//! and matters at every stage.
//!
//! Everything goes through the acts of the register, in the names of the officers, so that all rules
//! hold. The two years end on the day that is handed in, for matters as for notices. Keys and salts are
//! random; all that people read follows from the seed.

mod due;
#[cfg(feature = "screening")]
pub mod following;
mod ledger;
mod lists;
mod matters;
mod notices;
mod prepared;
mod questions;
pub mod reports;
mod staff;
pub mod stepped;
#[cfg(feature = "screening")]
pub mod supervision;
mod texts;
mod walk;

use domain::catalogue::Role;
use domain::problem::Failure;
use domain::time::Day;
use registry::actions::accounts::{self, Hashed};
use registry::actions::second_factor;
use registry::seal::SealKey;
use registry::{By, Entry, Law, Now, Registry, Tx};
use serde_json::json;

use super::county::Place;
use super::names;
use super::rng::Rng;
use staff::{SignIns, Staff};

/// Days before today on which the county begins to use the register: two years and a month.
const DAYS: i32 = 761;
/// What all accounts of the demo county sign in with. It is invented, like everything there.
pub const PASSWORD: &str = "mingbai-demo";
/// The account that has a second factor.
const WITH_SECOND_FACTOR: &str = "sec";
/// First stream of random numbers of the register; each village has one of its own.
const STREAM: u64 = 1_000;

/// The register that is wished.
#[derive(Debug, Clone, Copy)]
pub struct Wish<'a> {
    /// Villages, township by township.
    pub villages: &'a [Place],
    /// Decides everything but keys and salts.
    pub seed: u64,
    /// When the two years end.
    pub now: Now,
    /// Seals the one second factor.
    pub key: &'a SealKey,
}

/// What was filled in.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filled {
    /// Villages.
    pub villages: usize,
    /// Notices.
    pub notices: usize,
    /// Matters.
    pub matters: usize,
    /// One account for each role.
    pub sign_ins: Vec<SignIn>,
    /// Secret of the second factor of the account `sec`, in base 32.
    pub secret: String,
}

/// An account to sign in with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignIn {
    /// Role code.
    pub role: String,
    /// Name to sign in with.
    pub login: String,
    /// Name of the place.
    pub place: String,
}

/// What the writers need besides the transaction.
struct Desk<'a> {
    law: &'a Law,
    roles: Vec<Role>,
    hash: Hashed,
    today: Day,
}

/// Fills an empty register. The same seed and day give the same county.
///
/// # Errors
/// A failure when the register refuses what the demo does: a fault of ours.
pub async fn fill(registry: &Registry, law: &Law, wish: &Wish<'_>) -> Result<Filled, Failure> {
    let roles = law.catalogue.roles.values().cloned().collect();
    let hash = accounts::hash(PASSWORD)?;
    let desk = Desk { law, roles, hash, today: wish.now.day };
    let mut filled = Filled::default();
    let mut sign_ins = SignIns::default();
    let mut rng = Rng::new(wish.seed, STREAM);
    let mut tx = begin(registry, &desk).await?;
    let county = staff::county(&mut tx, &desk, &mut sign_ins, &mut rng).await?;
    let (secret, entry) = second_factor::enrol(&mut tx, WITH_SECOND_FACTOR, wish.key).await?;
    tx.record(entry).await?;
    filled.secret = secret;
    tx.commit(done("county")).await?;
    let mut township: Option<(usize, Staff)> = None;
    for (at, place) in wish.villages.iter().enumerate() {
        let mut rng = Rng::new(wish.seed, STREAM + 1 + at as u64);
        let mut tx = begin(registry, &desk).await?;
        if township.as_ref().is_none_or(|(number, _)| *number != place.township) {
            let above = staff::township(&mut tx, &desk, &mut sign_ins, place, &mut rng).await?;
            township = Some((place.township, above.with(&county)));
        }
        let Some((_, above)) = &township else { continue };
        let officers = staff::village(&mut tx, &desk, &mut sign_ins, place, &mut rng).await?;
        let village = Village { at, place, officers: officers.with(above) };
        let known = notices::publish_all(&mut tx, &desk, &village, &mut rng).await?;
        questions::ask_all(&mut tx, &desk, &village, &known, &mut rng).await?;
        filled.notices += known.len();
        let before = filled.matters;
        filled.matters += matters::open_all(&mut tx, &desk, &village, before, &mut rng).await?;
        filled.villages += 1;
        act_as(&mut tx, By::system(), begins(desk.today));
        tx.commit(done(&place.code)).await?;
    }
    filled.sign_ins = sign_ins.list();
    Ok(filled)
}

/// A village in the making.
struct Village<'a> {
    /// Its number in the county.
    at: usize,
    place: &'a Place,
    /// Its officers, and those above them.
    officers: Staff,
}

async fn begin(registry: &Registry, desk: &Desk<'_>) -> Result<Tx, Failure> {
    begin_at(registry, begins(desk.today)).await
}

async fn begin_at(registry: &Registry, day: Day) -> Result<Tx, Failure> {
    let mut tx = registry.begin(By::system(), noon(day), "demo county").await?;
    // A name that chance writes into a text is nobody's.
    tx.names_confirmed = true;
    Ok(tx)
}

fn begins(today: Day) -> Day {
    Day(today.0 - DAYS)
}

fn done(place: &str) -> Entry {
    Entry::new("demo-filled", place, json!({}))
}

/// Goes on in somebody's name on another day.
fn act_as(tx: &mut Tx, by: By, day: Day) {
    tx.by = by;
    tx.now = noon(day);
}

/// An officer in his role.
fn officer(person: &str, role: &str) -> By {
    By::operator(Some(person), role)
}

fn noon(day: Day) -> Now {
    Now { ms: i64::from(day.0) * 86_400_000 + 4 * 3_600_000, day }
}

/// Name of the place as people say it.
fn said(place: &Place) -> String {
    format!("{}{}", names::township(place.township), place.village.name)
}

#[cfg(test)]
mod tests;
