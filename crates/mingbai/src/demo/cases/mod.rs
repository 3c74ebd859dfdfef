//! Planted cases and innocent look-alikes of every model.
//!
//! Each case takes a household of its own, so that no case is by accident another's too; where one
//! truly is both, it is written down under both.

mod accounts;
mod aid;
mod kin;
mod land;
mod lists;
mod property;
mod status;
pub mod villages;

use super::people::{FIRST, LAST};
use super::world::{World, adult, elder};

/// Plants all cases about people. What does not fit into a tiny county is left out.
pub fn plant(world: &mut World) {
    property::vehicles(world);
    property::firms(world);
    property::houses(world);
    status::deaths(world);
    status::payroll(world);
    status::cadres(world);
    status::ages(world);
    status::cards(world);
    kin::shares(world);
    kin::close(world);
    land::areas(world);
    land::houses(world);
    aid::often(world);
    aid::incompatible(world);
    aid::exits(world);
    aid::duplicates(world);
    aid::two_villages(world);
    aid::standards(world);
    accounts::shared(world);
    accounts::payees(world);
    lists::strangers(world);
    lists::numbers(world);
}

/// A household on property-tested aid from one month to another: subsistence or destitute support.
fn poor(world: &mut World, at: usize, from: u8, until: u8) -> Option<u32> {
    let (person, programme) =
        if at % 3 == 2 { (world.take(elder)?, 3) } else { (world.take(adult)?, 1) };
    world.spell(person, programme, from, until);
    Some(person)
}

/// The same for all months.
fn always_poor(world: &mut World, at: usize) -> Option<u32> {
    poor(world, at, FIRST, LAST)
}

/// Another member of a person's household, or a neighbour without money where there is none.
fn other_member(world: &mut World, person: u32) -> Option<u32> {
    let other = world.family(person).find(|m| *m != person);
    other.or_else(|| world.take(adult))
}

/// The entry whose turn it is.
fn turn<T: Copy + Default>(list: &[T], at: usize) -> T {
    list.get(at % list.len().max(1)).copied().unwrap_or_default()
}
