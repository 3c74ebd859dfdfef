//! Relatives of cadres on aid.

use super::super::people::{FIRST, LAST, Person, Relation, day, day_in};
use super::super::registers::{Cadre, Kin};
use super::super::world::{World, grown};
use super::turn;

const CLOSE: [&str; 6] = ["配偶", "父亲", "母亲", "儿子", "哥哥", "妹妹"];
const DISTANT: [&str; 6] = ["侄子", "堂兄", "表弟", "岳父", "女婿", "姐夫"];
/// So many relatives paid in a village of a hundred are no chance.
const CLAN: usize = 8;

fn cadre_of(world: &mut World, village: impl Fn(u16) -> bool) -> Option<Cadre> {
    let person = world.take_where(village, grown)?;
    let village = world.village(person);
    Some(Cadre { person, village, post: "村党支部书记", from: day(2020, 12, 1), until: None })
}

fn declare(world: &mut World, cadre: u32, person: u32, relation: &'static str) {
    world.registers.kin.push(Kin { cadre, person, relation });
}

/// People of working age in several households of a village.
fn clan(world: &mut World, village: u16) -> Vec<u32> {
    let mut clan = Vec::new();
    while clan.len() < CLAN {
        let Some(person) = world.take_where(|v| v == village, grown) else { break };
        let fits = |m: &u32| world.people.get(*m).is_some_and(grown);
        clan.extend(world.family(person).filter(fits).take(2).take(CLAN - clan.len()));
    }
    clan
}

/// `cadre-kin-share`; close relatives are cases of `cadre-kin-on-aid` too.
pub fn shares(world: &mut World) {
    const MODEL: &str = "cadre-kin-share";
    let mut villages = Vec::new();
    let mut planted = 0;
    // A village that has too few free households costs an attempt.
    for _ in 0..world.cases * 3 {
        if planted == world.cases {
            break;
        }
        let Some(cadre) = cadre_of(world, |v| !villages.contains(&v)) else { break };
        villages.push(cadre.village);
        let clan = clan(world, cadre.village);
        if clan.len() < CLAN {
            continue;
        }
        world.registers.cadres.push(cadre);
        for (at, person) in clan.into_iter().enumerate() {
            let close = at % 3 == 0;
            let relation = turn(if close { &CLOSE } else { &DISTANT }, at + planted);
            declare(world, cadre.person, person, relation);
            world.always(person, 49);
            if close {
                world.planted("cadre-kin-on-aid", person);
            }
        }
        world.planted(MODEL, cadre.person);
        planted += 1;
    }
    for at in 0..world.cases {
        let Some(cadre) = cadre_of(world, |_| true) else { return };
        let home = |v| v == cadre.village;
        match at % 3 {
            // One of three relatives.
            0 => {
                for kin in 0..3 {
                    let Some(person) = world.take_where(home, grown) else { break };
                    declare(world, cadre.person, person, turn(&DISTANT, at + kin));
                    if kin == 0 {
                        world.always(person, 49);
                    }
                }
            }
            // One poor household of relatives.
            1 => {
                let three = |p: &Person| p.relation == Relation::Child;
                let Some(person) = world.take_where(home, three) else { continue };
                for member in world.family(person) {
                    declare(world, cadre.person, member, "侄子");
                    world.always(member, 1);
                }
            }
            // Relatives who were paid before the cadre came into office.
            _ => {
                for kin in 0..3 {
                    let Some(person) = world.take_where(home, grown) else { break };
                    declare(world, cadre.person, person, turn(&CLOSE, at + kin));
                    world.spell(person, 49, FIRST, FIRST + 9);
                }
            }
        }
        let from = if at % 3 == 2 { day_in(FIRST + 11, 2) } else { cadre.from };
        world.registers.cadres.push(Cadre { from, ..cadre });
        world.innocent(MODEL);
    }
}

/// `cadre-kin-on-aid`
pub fn close(world: &mut World) {
    const MODEL: &str = "cadre-kin-on-aid";
    for at in 0..world.cases {
        let Some(cadre) = cadre_of(world, |_| true) else { return };
        let Some(person) = world.take_where(|v| v == cadre.village, grown) else { continue };
        world.registers.cadres.push(cadre);
        declare(world, cadre.person, person, turn(&CLOSE, at));
        world.always(person, turn(&[1, 49, 36], at));
        world.planted(MODEL, person);
    }
    for at in 0..world.cases {
        let Some(cadre) = cadre_of(world, |_| true) else { return };
        let neighbour = |v| (v == cadre.village) != (at % 4 == 2);
        let Some(person) = world.take_where(neighbour, grown) else { continue };
        let (relation, programme) = match at % 4 {
            0 => (turn(&DISTANT, at / 4), 1),
            3 => ("弟弟", 39),
            _ => ("弟弟", 1),
        };
        let until = (at % 4 == 1).then(|| day(2022, 3, 31));
        world.registers.cadres.push(Cadre { until, ..cadre });
        declare(world, cadre.person, person, relation);
        world.spell(person, programme, FIRST, LAST);
        world.innocent(MODEL);
    }
}
