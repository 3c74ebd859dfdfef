//! Aid too often, twice, together, or off the standard.

use domain::time::Day;

use super::super::people::{FIRST, LAST, day_in};
use super::super::world::{Line, Pay, Spell, World, adult, elder, grown};
use super::{other_member, turn};

/// `household-often-aided`
pub fn often(world: &mut World) {
    const MODEL: &str = "household-often-aided";
    let grants = |world: &mut World, people: &[u32], months: &[u8]| {
        for (at, month) in months.iter().enumerate() {
            let line = world.line(turn(people, at), 6, *month);
            world.lines.push(line);
        }
    };
    for at in 0..world.cases {
        let Some(person) = world.take(adult) else { return };
        let Some(other) = other_member(world, person) else { return };
        let family: &[u32] = if world.village(other) == world.village(person)
            && world.family(person).contains(&other)
        {
            &[person, other]
        } else {
            &[person]
        };
        let months = [FIRST + 1, FIRST + 4, FIRST + 6, FIRST + 9, FIRST + 11];
        grants(world, family, months.get(..4 + at % 2).unwrap_or(&months));
        for person in family {
            world.planted(MODEL, *person);
        }
    }
    for at in 0..world.cases {
        let Some(person) = world.take(adult) else { return };
        match at % 4 {
            0 => grants(world, &[person], &[FIRST + 1, FIRST + 5, FIRST + 9]),
            1 => grants(world, &[person], &[FIRST, FIRST + 6, FIRST + 12, FIRST + 18]),
            2 => {
                for member in world.family(person) {
                    grants(world, &[member], &[FIRST + 7]);
                }
            }
            _ => {
                grants(world, &[person], &[FIRST + 2, FIRST + 5, FIRST + 10]);
                let line = world.line(person, 6, FIRST + 8);
                world.lines.push(Line { returned: true, ..line });
            }
        }
        world.innocent(MODEL);
    }
}

/// `incompatible-benefits`
pub fn incompatible(world: &mut World) {
    const MODEL: &str = "incompatible-benefits";
    for at in 0..world.cases {
        let Some(person) = world.take(elder) else { return };
        let (one, other) = turn(&[(1, 3), (1, 4), (3, 4)], at);
        let months = 3 + u8::try_from(at % 9).unwrap_or(0);
        world.spell(person, one, FIRST, FIRST + 8 + months);
        institution(world, person, other, FIRST + 8);
        world.planted(MODEL, person);
    }
    for at in 0..world.cases {
        let Some(person) = world.take(elder) else { return };
        match at % 4 {
            // The month of the change-over.
            0 => {
                world.spell(person, 1, FIRST, FIRST + 7);
                world.spell(person, 3, FIRST + 7, LAST);
            }
            1 => {
                world.spell(person, 1, FIRST, FIRST + 7);
                world.spell(person, 3, FIRST + 8, LAST);
            }
            // Two people, one programme each.
            2 => {
                let Some(other) = other_member(world, person) else { return };
                world.always(person, 3);
                world.always(other, 1);
            }
            _ => {
                world.always(person, 1);
                world.always(person, 18);
            }
        }
        world.innocent(MODEL);
    }
}

/// Support in an institution goes to the institution's account; other support to the person's own.
fn institution(world: &mut World, person: u32, programme: u8, from: u8) {
    let mut pay = world.pay(person, programme);
    if programme == 4 {
        pay.account = super::super::world::OTHER_ACCOUNTS;
    }
    world.spells.push(Spell { pay, from, until: LAST });
}

/// `aid-exit-and-return`
pub fn exits(world: &mut World) {
    const MODEL: &str = "aid-exit-and-return";
    for at in 0..world.cases {
        let Some(person) = world.take(grown) else { return };
        let gap = 2 + u8::try_from(at % 4).unwrap_or(0);
        let last = FIRST + 4 + u8::try_from(at % 6).unwrap_or(0);
        world.spell(person, 1, FIRST, last);
        world.spell(person, 1, last + gap + 1, LAST);
        world.planted(MODEL, person);
    }
    for at in 0..world.cases {
        let Some(person) = world.take(elder) else { return };
        let last = FIRST + 6;
        world.spell(person, 1, FIRST, last);
        match at % 4 {
            0 => world.spell(person, 1, last + 2, LAST),
            1 => world.spell(person, 1, last + 10, LAST),
            2 => world.spell(person, 3, last + 1, LAST),
            // The bank returned three months, which are paid again later.
            _ => {
                for month in last + 1..=last + 3 {
                    let line = world.line(person, 1, month);
                    world.lines.push(Line { returned: true, ..line });
                    let paid = day_in(last + 5, 24);
                    world.lines.push(Line { paid, arrived: Day(paid.0 - 5), ..line });
                }
                world.spell(person, 1, last + 4, LAST);
            }
        }
        world.innocent(MODEL);
    }
}

/// `duplicate-payment`
pub fn duplicates(world: &mut World) {
    const MODEL: &str = "duplicate-payment";
    for at in 0..world.cases {
        let Some(person) = world.take(elder) else { return };
        let programme = turn(&[18, 1, 23], at);
        world.always(person, programme);
        let line = world.line(person, programme, FIRST + 3 + u8::try_from(at % 15).unwrap_or(0));
        world.lines.push(Line { paid: Day(line.paid.0 + 4), ..line });
        world.planted(MODEL, person);
    }
    for at in 0..world.cases {
        let Some(person) = world.take(elder) else { return };
        let month = FIRST + 6;
        match at % 4 {
            // Paid, returned, paid again.
            0 => {
                world.always(person, 18);
                let line = world.line(person, 18, month);
                world.lines.push(Line { returned: true, ..line });
            }
            // Paid twice and taken back once.
            1 => {
                world.always(person, 18);
                let line = world.line(person, 18, month);
                world.lines.push(line);
                world.lines.push(Line { fen: -line.fen, paid: Day(line.paid.0 + 2), ..line });
            }
            // A supplement of another amount.
            2 => {
                world.always(person, 1);
                let line = world.line(person, 1, month);
                world.lines.push(Line { fen: 6_500, ..line });
            }
            // Three months at once after two without payment.
            _ => {
                world.spell(person, 18, FIRST, month - 3);
                world.spell(person, 18, month, LAST);
                let line = world.line(person, 18, month);
                world.lines.extend([line, line]);
            }
        }
        world.innocent(MODEL);
    }
}

/// `paid-in-two-villages`
pub fn two_villages(world: &mut World) {
    const MODEL: &str = "paid-in-two-villages";
    let elsewhere = |world: &World, pay: Pay| {
        let villages = u16::try_from(world.places.len()).unwrap_or(1).max(2);
        // A village without village cases, not the person's own.
        let free = |v: &u16| {
            *v != pay.village
                && world.places.get(usize::from(*v)).is_some_and(|p| p.staged.is_none())
        };
        let village = (1..villages).map(|s| (pay.village + s * 7) % villages).find(free);
        Pay { village: village.unwrap_or(pay.village), ..pay }
    };
    for at in 0..world.cases {
        let Some(person) = world.take(elder) else { return };
        let programme = turn(&[18, 23, 1], at);
        let pay = elsewhere(world, world.pay(person, programme));
        world.always(person, programme);
        let from = FIRST + 5;
        let until = from + u8::try_from(at % 6).unwrap_or(0);
        world.spells.push(Spell { pay, from, until });
        world.planted(MODEL, person);
    }
    for at in 0..world.cases {
        let Some(person) = world.take(elder) else { return };
        let away = elsewhere(world, world.pay(person, 18));
        match at % 3 {
            // Moved house.
            0 => {
                world.spells.push(Spell { pay: away, from: FIRST, until: FIRST + 10 });
                world.spell(person, 18, FIRST + 11, LAST);
            }
            // Booked under the wrong village and taken back.
            1 => {
                world.always(person, 18);
                let line = world.line_of(away, FIRST + 4);
                world.lines.push(line);
                world.lines.push(Line { fen: -line.fen, paid: Day(line.paid.0 + 3), ..line });
            }
            // Land in two villages.
            _ => {
                let home = Pay { area: 31_000, ..world.pay(person, 35) };
                let far = Pay { area: 24_500, ..elsewhere(world, home) };
                world.spells.push(Spell { pay: home, from: 0, until: LAST });
                world.spells.push(Spell { pay: far, from: 0, until: LAST });
            }
        }
        world.innocent(MODEL);
    }
}

/// `amount-off-standard`
pub fn standards(world: &mut World) {
    const MODEL: &str = "amount-off-standard";
    for at in 0..world.cases {
        let Some(person) = world.take(elder) else { return };
        let (programme, odd) = turn(&[(18, 19_590), (18, 26_180), (20, 131_500)], at);
        let pay = Pay { odd: Some(odd), ..world.pay(person, programme) };
        world.spells.push(Spell { pay, from: FIRST, until: LAST });
        world.planted(MODEL, person);
    }
    for at in 0..world.cases {
        let Some(person) = world.take(elder) else { return };
        let line = match at % 3 {
            // A quarter at once.
            0 => {
                world.spell(person, 18, FIRST + 3, LAST);
                let line = world.line(person, 18, FIRST + 2);
                Line { fen: line.fen * 3, ..line }
            }
            // The difference after the standard rose.
            1 => {
                world.always(person, 18);
                let line = world.line(person, 18, FIRST + 14);
                Line { fen: 4_000, ..line }
            }
            // Some fen off.
            _ => {
                world.spell(person, 18, FIRST + 3, LAST);
                let line = world.line(person, 18, FIRST + 2);
                Line { fen: line.fen + 60, ..line }
            }
        };
        world.lines.push(line);
        world.innocent(MODEL);
    }
}
