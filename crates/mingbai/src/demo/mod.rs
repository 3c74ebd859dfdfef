//! A made-up county, written as the files that its agencies would hand over, with known answers.
//!
//! Everything follows from the seed: no clock, no hash order. People, cards and places are
//! invented;
//! the division code 990426 belongs to no county.

mod books;
mod cases;
pub mod county;
mod files;
pub mod handed_in;
mod holdings;
pub mod names;
pub mod office;
mod people;
mod plan;
mod programmes;
mod register_files;
mod registers;
mod rng;
mod sheet;
mod spelling;
mod truth;
mod world;

use std::collections::BTreeMap;
use std::path::Path;

use self::people::People;
use self::world::World;

/// Fewer people than this do not make a village.
const VILLAGE_PEOPLE: usize = 100;
/// Fewer villages cannot be compared with each other.
const LEAST_VILLAGES: usize = 24;

/// The county that is wished.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DemoOptions {
    /// People, about.
    pub people: usize,
    /// Payments, about: as far as so many people can lawfully have.
    pub payments: usize,
    /// Decides everything else.
    pub seed: u64,
    /// Villages; a small county has fewer.
    pub villages: usize,
    /// Townships.
    pub townships: usize,
}

/// The county that was made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DemoSummary {
    /// Its name.
    pub county: String,
    /// People in the household register.
    pub people: usize,
    /// Rows of payments that can be read.
    pub payments: u64,
    /// Planted cases and innocent look-alikes by model.
    pub cases: BTreeMap<String, (usize, usize)>,
}

/// Makes a county: agency files in `dir/files`, known answers in `dir/truth.csv`.
///
/// # Errors
/// When a file cannot be written.
pub fn make(dir: &Path, options: &DemoOptions) -> anyhow::Result<DemoSummary> {
    make_with(dir, options, &mut |_| {})
}

/// The same, telling after each file how many payments are written.
///
/// # Errors
/// When a file cannot be written.
pub fn make_with(
    dir: &Path,
    options: &DemoOptions,
    progress: &mut dyn FnMut(u64),
) -> anyhow::Result<DemoSummary> {
    let world = plan(options);
    let folder = dir.join("files");
    std::fs::create_dir_all(&folder)?;
    register_files::write(&world, &folder)?;
    let payments = files::write(&world, &folder, progress)?;
    truth::write(&world, &dir.join("truth.csv"))?;
    Ok(DemoSummary {
        county: county::COUNTY.to_owned(),
        people: world.people.persons.iter().filter(|p| p.registered).count(),
        payments,
        cases: world.counts,
    })
}

/// The villages of the county that [`make`] makes.
#[must_use]
pub fn places(options: &DemoOptions) -> Vec<county::Place> {
    let villages = options.villages.min((options.people / VILLAGE_PEOPLE).max(LEAST_VILLAGES));
    let townships = options.townships.min((villages / 3).max(1));
    county::places(villages, townships)
}

fn plan(options: &DemoOptions) -> World {
    let places = places(options);
    let people = People::settle(&places, options.people, options.seed);
    let mut world = World::new(options.seed, places, people);
    cases::plant(&mut world);
    plan::ordinary(&mut world);
    cases::villages::plant(&mut world);
    holdings::ordinary(&mut world);
    plan::fill(&mut world, options.payments);
    world
}

#[cfg(test)]
mod tests;
