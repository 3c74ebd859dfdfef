//! Cases and look-alikes of models that judge villages. They come after the ordinary payments,
//! from which they stand out.

use domain::time::Day;

use super::super::county::Stage;
use super::super::people::{Class, FIRST, LAST};
use super::super::world::{Line, Pay, Spell, World, grown};

/// Plants all cases about villages.
pub fn plant(world: &mut World) {
    for village in 0..world.places.len() {
        match world.places.get(village).and_then(|p| p.staged) {
            Some(Stage::Rich) => {
                crowd(world, village, 17, 158_700);
                delay(world, village, 41);
                for model in ["village-outlier", "late-to-person"] {
                    world.planted_village(model, village);
                }
            }
            Some(Stage::RichAlike) => {
                crowd(world, village, 3, 38_700);
                delay(world, village, 30);
                stragglers(world, village);
                world.innocent("village-outlier");
                world.innocent("late-to-person");
            }
            Some(Stage::Stiff) => {
                round(world, village, 5);
                for model in ["round-amounts", "list-never-changes"] {
                    world.planted_village(model, village);
                }
            }
            Some(Stage::StiffAlike) => {
                round(world, village, 1);
                world.innocent("round-amounts");
                world.innocent("list-never-changes");
            }
            None => {}
        }
    }
}

fn is_in(world: &World, household: u32, village: usize) -> bool {
    world.people.household(household).is_some_and(|h| usize::from(h.village) == village)
}

/// Adults of poor and plain households, one of each, where nobody is paid these programmes yet.
fn candidates(world: &World, village: usize, without: &[u8]) -> Vec<u32> {
    let paid: std::collections::BTreeSet<u32> = world
        .spells
        .iter()
        .filter(|s| usize::from(s.pay.village) == village && without.contains(&s.pay.programme))
        .filter_map(|s| world.people.get(s.pay.person).map(|p| p.household))
        .collect();
    let homes = (0..).zip(&world.people.households).filter(|(number, home)| {
        usize::from(home.village) == village
            && matches!(home.class, Class::Aid | Class::Plain)
            && !paid.contains(number)
    });
    let fits = |m: &u32| {
        let alive = |p: &super::super::people::Person| p.died.is_none() && p.moved_out.is_none();
        world.people.get(*m).is_some_and(|p| grown(p) && alive(p))
    };
    homes.filter_map(|(_, home)| home.members().find(fits)).collect()
}

/// Aid for so many of a hundred inhabitants more.
fn crowd(world: &mut World, village: usize, percent: usize, own: i64) {
    let people = world.people.persons.iter().filter(|p| usize::from(p.village) == village).count();
    for person in
        candidates(world, village, &[1, 3, 4]).into_iter().take((people * percent / 100).max(1))
    {
        let pay = Pay { own, ..world.pay(person, 1) };
        world.spells.push(Spell { pay, from: FIRST, until: LAST });
    }
}

/// Pensions of three months lie so many days at the township.
fn delay(world: &mut World, village: usize, days: i32) {
    let number = u16::try_from(village).unwrap_or(0);
    for month in [FIRST + 3, FIRST + 4, FIRST + 5] {
        world.delays.insert((number, 18, month), days);
    }
}

/// A few people whose cards did not work are paid much later than the others.
fn stragglers(world: &mut World, village: usize) {
    let people: Vec<u32> = world
        .spells
        .iter()
        .filter(|s| s.pay.programme == 1 && usize::from(s.pay.village) == village)
        .map(|s| s.pay.person)
        .take(3)
        .collect();
    for person in people {
        let line = world.line(person, 1, FIRST + 2);
        world.lines.push(Line { fen: 5_100, paid: Day(line.arrived.0 + 46), ..line });
    }
}

/// Interest on loans in hundreds of yuan, another one each quarter.
fn round(world: &mut World, village: usize, least: usize) {
    let homes = (0..).take(world.people.households.len()).filter(|h| is_in(world, *h, village));
    let wanted = if least == 1 { 1 } else { least.max(homes.count() / 12) };
    for (at, person) in (0..).zip(candidates(world, village, &[50]).into_iter().rev().take(wanted))
    {
        let pay = Pay { own: 80_000 + at % 5 * 100_000, ..world.pay(person, 50) };
        world.spells.push(Spell { pay, from: FIRST, until: LAST });
    }
}
