//! Reports of the demo county in every state, with the keys of whoever handles them: some answered, one
//! objected to and reviewed, some overdue, one in the sealed queue. Topics, visits and charges beside them.
//!
//! Everything is done by the acts of the register, in the names of the officers. Texts are sealed as
//! anywhere; what opens them is the passphrase that the demo prints.

mod around;
mod keys;
mod tales;

use std::collections::BTreeMap;

use domain::problem::Failure;
use domain::time::Day;
use registry::queries::report_desk::post_holders;
use registry::reports::Counter;
use registry::{By, Now, Registry, Tx};

use super::super::county::{DIVISION, Place};
use super::super::rng::Rng;
use super::{STREAM, begin_at, done, noon, officer};

/// What all own keys of the demo county are unlocked with. It is invented, like everything there.
pub const PASSPHRASE: &str = "mingbai-demo-key";
/// So many days before the last one the keys are made.
const KEYS: i32 = 200;
/// Villages that something is reported about.
const VILLAGES: usize = 12;

/// Who works where, and the day that it all ends on.
struct Hall<'a> {
    counter: &'a Counter<'a>,
    /// Persons by the id of their office.
    offices: BTreeMap<String, Vec<String>>,
    /// Paths of villages.
    villages: Vec<String>,
    today: Day,
}

impl Hall<'_> {
    /// Somebody of an office, as he acts.
    fn by(&self, office: &str) -> By {
        let role = office.split_once('@').map_or("", |(role, _)| role);
        officer(self.person(office), role)
    }

    fn person(&self, office: &str) -> &str {
        self.offices.get(office).and_then(|all| all.first()).map_or("", String::as_str)
    }

    fn ago(&self, days: i32) -> Day {
        Day(self.today.0 - days)
    }

    fn village(&self, number: usize) -> &str {
        let at = number.checked_rem(self.villages.len()).unwrap_or_default();
        self.villages.get(at).map_or("", String::as_str)
    }
}

/// Fills the county with reports. Nothing, where the rules on them were not in force yet.
///
/// # Errors
/// A failure when the register refuses what the demo does: a fault of ours.
pub async fn fill(
    registry: &Registry,
    counter: &Counter<'_>,
    (places, seed): (&[Place], u64),
    now: Now,
) -> Result<usize, Failure> {
    let first = Day(now.day.0 - KEYS);
    if counter.rules(first).is_err() {
        return Ok(0);
    }
    let hall = hall(registry, counter, places, now.day).await?;
    let mut rng = Rng::new(seed, STREAM - 1);
    let mut tx = begin_at(registry, first).await?;
    keys::make(&mut tx, &hall, first).await?;
    let filed = tales::tell(&mut tx, &hall, &mut rng).await?;
    around::fill(&mut tx, &hall, &mut rng).await?;
    act_as(&mut tx, By::system(), now.day);
    tx.commit(done(DIVISION)).await?;
    registry.raise_reports(counter.channels, now).await?;
    registry.count_reports(counter, now).await?;
    Ok(filed)
}

async fn hall<'a>(
    registry: &Registry,
    counter: &'a Counter<'a>,
    places: &[Place],
    today: Day,
) -> Result<Hall<'a>, Failure> {
    let mut offices: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let (mut villages, mut towns) = (Vec::new(), Vec::new());
    for place in places {
        let town = place.code.get(..9).unwrap_or_default().to_owned();
        let path = format!("{DIVISION}/{town}/{}", place.code);
        if villages.len() < VILLAGES {
            villages.push(path.clone());
        } else if towns.contains(&town) {
            continue;
        }
        towns.push(town);
        for holder in post_holders(&registry.db, &By::system(), &path, today).await? {
            for role in &holder.roles {
                let id = domain::routing::office_id(role, &holder.place);
                let members = offices.entry(id).or_default();
                if !members.contains(&holder.person) {
                    members.push(holder.person.clone());
                }
            }
        }
    }
    Ok(Hall { counter, offices, villages, today })
}

fn act_as(tx: &mut Tx, by: By, day: Day) {
    tx.by = by;
    tx.now = noon(day);
}
