//! Subsidised land beyond the contract, and house aid twice.

use domain::time::Day;

use super::super::people::{FIRST, LAST};
use super::super::registers::Land;
use super::super::world::{Line, Spell, World, adult};
use super::{other_member, turn};

/// `area-above-contract`
pub fn areas(world: &mut World) {
    const MODEL: &str = "area-above-contract";
    let pay_for = |world: &mut World, person, area| {
        let pay = super::super::world::Pay { area, ..world.pay(person, 26) };
        world.spells.push(Spell { pay, from: 0, until: LAST });
    };
    for at in 0..world.cases {
        let Some(person) = world.take(adult) else { return };
        let area = 50_000 + 700 * i64::try_from(at % 90).unwrap_or(0);
        let handed = if at % 3 == 1 { 20_000 } else { 0 };
        world.registers.land.push(Land { person, area, taken: 0, handed });
        pay_for(world, person, area + turn(&[9_000, 0, 31_500], at));
        world.planted(MODEL, person);
    }
    for at in 0..world.cases {
        let Some(person) = world.take(adult) else { return };
        let area = 61_300 + 1_100 * i64::try_from(at % 50).unwrap_or(0);
        let (mut land, mut paid) = (Land { person, area, taken: 0, handed: 0 }, area);
        match at % 4 {
            0 => paid += area / 25,
            1 => paid += 4_000,
            2 => (land.taken, paid) = (35_000, area + 35_000),
            _ => {
                let Some(other) = other_member(world, person) else { return };
                (land.person, paid) = (other, area + 20_000);
            }
        }
        world.registers.land.push(land);
        pay_for(world, person, paid);
        world.innocent(MODEL);
    }
}

/// `house-aid-repeated`
pub fn houses(world: &mut World) {
    const MODEL: &str = "house-aid-repeated";
    let grant = |world: &mut World, person, programme, month| {
        let line = world.line(person, programme, month);
        world.lines.push(line);
    };
    for at in 0..world.cases {
        let Some(person) = world.take(adult) else { return };
        let second = match at % 3 {
            0 => (40, FIRST + 17),
            1 => (41, FIRST + 8),
            _ => (40, FIRST + 20),
        };
        grant(world, person, if at % 3 == 2 { 41 } else { 40 }, FIRST + 3);
        grant(world, person, second.0, second.1);
        world.planted(MODEL, person);
    }
    for at in 0..world.cases {
        let Some(person) = world.take(adult) else { return };
        match at % 4 {
            // Two instalments.
            0 => {
                grant(world, person, 40, FIRST + 2);
                grant(world, person, 40, FIRST + 8);
            }
            // Father and son in two households.
            1 => {
                let village = world.village(person);
                let Some(son) = world.take_where(|v| v == village, adult) else { continue };
                grant(world, person, 40, FIRST + 1);
                grant(world, son, 40, FIRST + 19);
            }
            // Everybody in the household moved at once.
            2 => {
                for member in world.family(person) {
                    grant(world, member, 41, FIRST + 9);
                }
            }
            // The first came back from the bank.
            _ => {
                let line = world.line(person, 40, FIRST + 1);
                world.lines.push(Line { returned: true, ..line });
                let line = world.line(person, 40, FIRST + 15);
                world.lines.push(Line { arrived: Day(line.paid.0 - 9), ..line });
            }
        }
        world.innocent(MODEL);
    }
}
