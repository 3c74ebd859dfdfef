//! Accounts that serve several people, and payees who are not the people paid for.

use super::super::people::{FIRST, LAST, day_in};
use super::super::registers::Death;
use super::super::world::{NOBODY, Pay, Spell, World, adult, elder, grown};
use super::other_member;

fn pay_to(world: &mut World, pay: Pay) {
    world.spells.push(Spell { pay, from: FIRST, until: LAST });
}

/// `shared-account`
pub fn shared(world: &mut World) {
    const MODEL: &str = "shared-account";
    for at in 0..world.cases {
        let Some(holder) = world.take(elder) else { return };
        let village = world.village(holder);
        // The account of the first of them, or of a go-between whom nobody knows.
        let account = if at % 2 == 0 { holder } else { world.new_account() };
        let mut people = vec![holder];
        for _ in 0..3 {
            people.extend(world.take_where(|v| v == village, elder));
        }
        while people.len() < 4 {
            let Some(person) = world.take(elder) else { return };
            people.push(person);
        }
        for person in people {
            let pay = Pay { account, ..world.pay(person, 18) };
            pay_to(world, pay);
            world.planted(MODEL, person);
        }
    }
    for at in 0..world.cases {
        let Some(person) = world.take(elder) else { return };
        match at % 4 {
            // A family with one card.
            0 => {
                for member in world.family(person) {
                    let pay = Pay { account: person, ..world.pay(member, 39) };
                    pay_to(world, pay);
                }
            }
            // An elder on the card of a child in another household.
            1 => {
                let Some(child) = world.take(grown) else { return };
                let pay = Pay { account: child, ..world.pay(person, 18) };
                pay_to(world, pay);
                world.always(child, 39);
            }
            // A registered guardian of several wards.
            2 => {
                let account = world.new_account();
                for ward in [Some(person), world.take(elder), world.take(elder)] {
                    let Some(ward) = ward else { return };
                    let pay = Pay { account, payee: person, agent: true, ..world.pay(ward, 1) };
                    pay_to(world, pay);
                }
            }
            // The home for the elderly.
            _ => {
                let account = super::super::world::OTHER_ACCOUNTS;
                let pay = Pay { account, ..world.pay(person, 4) };
                pay_to(world, pay);
            }
        }
        world.innocent(MODEL);
    }
}

/// `payee-not-beneficiary`
pub fn payees(world: &mut World) {
    const MODEL: &str = "payee-not-beneficiary";
    for at in 0..world.cases {
        let Some(person) = world.take(adult) else { return };
        let Some(payee) = world.take(grown) else { return };
        let pay = Pay { payee, account: payee, ..world.pay(person, 1) };
        let until = if at % 2 == 0 { LAST } else { FIRST + 2 };
        world.spells.push(Spell { pay, from: FIRST, until });
        world.planted(MODEL, person);
    }
    for at in 0..world.cases {
        let Some(person) = world.take(elder) else { return };
        let Some(other) = other_member(world, person) else { return };
        let family = world.family(person).contains(&other);
        let plain = Pay { payee: other, account: other, ..world.pay(person, 1) };
        let (pay, until) = match at % 4 {
            0 if family => (plain, LAST),
            0 | 1 => (Pay { agent: true, ..plain }, LAST),
            2 => (Pay { self_named: true, account: person, ..plain }, LAST),
            _ => {
                let month = FIRST + 6;
                let death = Death { person, day: day_in(month, 25), source: 0 };
                if let Some(person) = world.people.get_mut(person) {
                    person.died = Some(death.day);
                }
                world.registers.deaths.push(death);
                world.spell(person, 1, FIRST, month - 1);
                let line = world.line_of(plain, month);
                world.lines.push(line);
                (Pay { payee: NOBODY, ..plain }, 0)
            }
        };
        if until > 0 {
            world.spells.push(Spell { pay, from: FIRST, until });
        }
        world.innocent(MODEL);
    }
}
