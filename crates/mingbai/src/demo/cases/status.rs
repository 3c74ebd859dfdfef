//! The dead, the publicly employed, cadres, ages and disability cards.

use domain::time::Day;

use super::super::people::{FIRST, LAST, Person, day, day_in};
use super::super::registers::{Cadre, Card, Death, Post};
use super::super::world::{Line, World, adult, elder, grown};
use super::{other_member, turn};

fn dies(world: &mut World, person: u32, on: Day, source: u8) {
    if let Some(person) = world.people.get_mut(person) {
        person.died = Some(on);
    }
    world.registers.deaths.push(Death { person, day: on, source });
}

/// `benefit-after-death`
pub fn deaths(world: &mut World) {
    const MODEL: &str = "benefit-after-death";
    for at in 0..world.cases {
        let Some(person) = world.take(elder) else { return };
        let month = FIRST + 2 + u8::try_from(at % 12).unwrap_or(0);
        dies(world, person, day_in(month, 14), u8::try_from(at % 3).unwrap_or(0));
        let programme = turn(&[18, 1, 3, 23], at);
        let more = 3 + u8::try_from(at % 7).unwrap_or(0);
        world.spell(person, programme, FIRST, month + more);
        world.planted(MODEL, person);
    }
    for at in 0..world.cases {
        let Some(person) = world.take(elder) else { return };
        let month = FIRST + 5 + u8::try_from(at % 12).unwrap_or(0);
        dies(world, person, day_in(month, 26), u8::try_from(at % 3).unwrap_or(0));
        match at % 4 {
            // Stopped in the month after death.
            0 => world.spell(person, 18, FIRST, month + 1),
            // The bank returned what came later.
            1 => {
                world.spell(person, 18, FIRST, month);
                for late in [month + 2, month + 3] {
                    let line = world.line(person, 18, late);
                    world.lines.push(Line { returned: true, ..line });
                }
            }
            // Arrears of the last month, paid two months later.
            2 => {
                world.spell(person, 1, FIRST, month - 1);
                let line = world.line(person, 1, month);
                let paid = day_in(month + 2, 20);
                let arrived = Day(paid.0 - 6);
                world.lines.push(Line { paid, arrived, ..line });
            }
            // A single grant to the heirs.
            _ => {
                let line = world.line(person, 6, month + 2);
                world.lines.push(line);
                world.spell(person, 18, FIRST, month);
            }
        }
        world.innocent(MODEL);
    }
}

const AID: [u8; 3] = [1, 49, 36];

/// `payroll-on-aid`
pub fn payroll(world: &mut World) {
    const MODEL: &str = "payroll-on-aid";
    for at in 0..world.cases {
        let Some(person) = world.take(grown) else { return };
        world.always(person, turn(&AID, at));
        let kind = turn(&["事业编制", "公务员", "参公管理"], at);
        let from = if at % 4 == 3 { day_in(FIRST + 4, 1) } else { day(2012, 9, 1) };
        world.registers.payroll.push(Post { person, kind, from, until: None });
        world.planted(MODEL, person);
    }
    for at in 0..world.cases {
        let Some(person) = world.take(grown) else { return };
        let plain = Post { person, kind: "事业编制", from: day(2010, 7, 1), until: None };
        let (post, programme) = match at % 5 {
            0 => (Post { kind: "临时聘用", ..plain }, 1),
            1 => (Post { until: Some(day(2023, 6, 30)), ..plain }, 49),
            2 => {
                let Some(other) = other_member(world, person) else { return };
                (Post { person: other, ..plain }, 1)
            }
            3 => (Post { kind: "劳务派遣", ..plain }, 36),
            _ => (Post { kind: "公益性岗位", ..plain }, 49),
        };
        world.always(person, programme);
        world.registers.payroll.push(post);
        world.innocent(MODEL);
    }
}

/// `cadre-on-aid`
pub fn cadres(world: &mut World) {
    const MODEL: &str = "cadre-on-aid";
    for at in 0..world.cases {
        let Some(person) = world.take(grown) else { return };
        let programme = turn(&AID, at);
        let village = world.village(person);
        world.always(person, programme);
        let from = day(2021, 1, 15);
        world.registers.cadres.push(Cadre {
            person,
            village,
            post: "村委会委员",
            from,
            until: None,
        });
        world.planted(MODEL, person);
    }
    for at in 0..world.cases {
        let Some(person) = world.take(grown) else { return };
        let village = world.village(person);
        let plain =
            Cadre { person, village, post: "村委会委员", from: day(2018, 3, 1), until: None };
        let cadre = match at % 4 {
            0 => {
                world.always(person, 1);
                Cadre { until: Some(day(2021, 1, 10)), ..plain }
            }
            1 => {
                world.always(person, 56);
                plain
            }
            2 => {
                world.spell(person, 49, FIRST, FIRST + 9);
                Cadre { from: day_in(FIRST + 12, 8), ..plain }
            }
            _ => {
                for month in [FIRST + 3, FIRST + 9] {
                    let line = world.line(person, 6, month);
                    world.lines.push(Line { returned: true, ..line });
                }
                plain
            }
        };
        world.registers.cadres.push(cadre);
        world.innocent(MODEL);
    }
}

/// `age-not-eligible`
pub fn ages(world: &mut World) {
    const MODEL: &str = "age-not-eligible";
    for at in 0..world.cases {
        // People of 62 to 77 on the allowance of 80, of 25 to 57 on pensions.
        let (person, programme) = if at % 2 == 0 {
            (world.take(|p| elder(p) && p.age_on(day_in(LAST, 31)) < 78), 11)
        } else {
            (world.take(|p| grown(p) && p.age_on(day_in(LAST, 31)) < 58), 18)
        };
        let Some(person) = person else { return };
        world.always(person, programme);
        world.planted(MODEL, person);
    }
    for at in 0..world.cases {
        let (programme, age) = if at % 2 == 0 { (11, 80) } else { (18, 60) };
        // The first payment comes in the very month of the birthday.
        let turns = |p: &Person| {
            let (year, month, day) = p.birth.ymd();
            day > 20 && year + age == 2024 && (2..=11).contains(&month)
        };
        let Some(person) = world.take(turns) else { continue };
        let month = world.people.get(person).map_or(1, |p| p.birth.ymd().1);
        let from = FIRST + u8::try_from(month).unwrap_or(1) - 1;
        world.spell(person, programme, from, LAST);
        world.innocent(MODEL);
    }
    // People of the right age who were paid a year late for it.
    for _ in 0..2 {
        let Some(person) = world.take(|p| p.age_on(day_in(FIRST, 1)) >= 61 && elder(p)) else {
            return;
        };
        world.spell(person, 18, FIRST + 12, LAST);
        world.innocent(MODEL);
    }
}

/// `disability-card-mismatch`
pub fn cards(world: &mut World) {
    const MODEL: &str = "disability-card-mismatch";
    let good = |person| Card {
        person,
        category: 4,
        grade: 2,
        from: Some(day(2019, 6, 3)),
        until: Some(day(2029, 6, 2)),
    };
    for at in 0..world.cases {
        let Some(person) = world.take(adult) else { return };
        let programme = if at % 2 == 0 { 10 } else { 9 };
        world.always(person, programme);
        let card = match at % 4 {
            0 => Some(Card { grade: 3, ..good(person) }),
            1 => None,
            2 => Some(Card { category: 6, grade: 4, ..good(person) }),
            _ => Some(Card { until: Some(day(2023, 5, 31)), ..good(person) }),
        };
        world.registers.cards.extend(card);
        world.planted(MODEL, person);
    }
    for at in 0..world.cases {
        let Some(person) = world.take(adult) else { return };
        let (programme, until) = match at % 4 {
            0 | 2 => (10, LAST),
            1 => (9, LAST),
            _ => (9, FIRST + 10),
        };
        world.spell(person, programme, FIRST, until);
        let expired = Card { until: Some(day(2023, 2, 1)), ..good(person) };
        let cards: &[Card] = match at % 4 {
            0 => &[Card { category: 5, grade: 3, ..good(person) }],
            1 => &[Card { grade: 4, ..good(person) }],
            2 => &[expired, Card { from: Some(day(2023, 1, 20)), ..good(person) }],
            // Renewal was under way: the card ended two months before the payments.
            _ => &[Card { until: Some(day_in(FIRST + 8, 30)), ..good(person) }],
        };
        world.registers.cards.extend_from_slice(cards);
        world.innocent(MODEL);
    }
}
