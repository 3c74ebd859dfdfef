//! People whom the household register does not know, and numbers that nobody can have.

use super::super::people::{FIRST, Flaw, LAST, day, day_in};
use super::super::rng::Rng;
use super::super::world::{Pay, Spell, World, adult, elder};
use super::turn;

/// `not-in-household-register`
pub fn strangers(world: &mut World) {
    const MODEL: &str = "not-in-household-register";
    let mut rng = Rng::new(world.seed, 30);
    for at in 0..world.cases {
        let Some(member) = world.take(adult) else { return };
        let person = if at % 3 == 2 {
            // Moved away long before.
            if let Some(person) = world.people.get_mut(member) {
                person.moved_out = Some(day(2023, 5, 17));
            }
            world.always(member, 1);
            member
        } else {
            let household = world.people.get(member).map_or(0, |p| p.household);
            let (age, programme) = turn(&[(46, 1), (87, 11), (70, 23)], at);
            let person = world.people.add_stranger(&mut rng, age, household);
            world.always(person, programme);
            person
        };
        world.planted(MODEL, person);
    }
    for at in 0..world.cases {
        let Some(person) = world.take(elder) else { return };
        let month = FIRST + 10;
        let moves = |world: &mut World| {
            if let Some(person) = world.people.get_mut(person) {
                person.moved_out = Some(day_in(month, 9));
            }
        };
        match at % 4 {
            // Stopped two months after the move.
            0 => {
                moves(world);
                world.spell(person, 1, FIRST, month + 2);
            }
            // Moved out and back in.
            1 => {
                moves(world);
                world.registers.returned_home.push(person);
                world.spell(person, 1, FIRST, LAST);
            }
            // Pensions are paid wherever one lives.
            2 => {
                moves(world);
                world.always(person, 18);
            }
            // The file has the number of 15 digits.
            _ => {
                let pay = Pay { untidy: 2, ..world.pay(person, 1) };
                world.spells.push(Spell { pay, from: FIRST, until: LAST });
            }
        }
        world.innocent(MODEL);
    }
}

/// `invalid-id-paid`
pub fn numbers(world: &mut World) {
    const MODEL: &str = "invalid-id-paid";
    let mut rng = Rng::new(world.seed, 31);
    for at in 0..world.cases {
        let Some(member) = world.take(adult) else { return };
        let household = world.people.get(member).map_or(0, |p| p.household);
        let (age, programme) = turn(&[(72, 18), (51, 1), (84, 11), (66, 18)], at);
        let person = world.people.add_stranger(&mut rng, age, household);
        let flaw = match at % 3 {
            0 => Flaw::Check,
            1 => Flaw::Date,
            _ => Flaw::Form,
        };
        if let Some(person) = world.people.get_mut(person) {
            person.flaw = Some(flaw);
        }
        world.always(person, programme);
        world.planted(MODEL, person);
    }
    for at in 0..world.cases {
        let Some(person) = world.take(elder) else { return };
        let untidy = if at % 2 == 0 { 1 } else { 2 };
        let pay = Pay { untidy, ..world.pay(person, 18) };
        world.spells.push(Spell { pay, from: FIRST, until: LAST });
        world.innocent(MODEL);
    }
}
