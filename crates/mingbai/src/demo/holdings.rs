//! What ordinary people own and where they work, as other agencies know it.

use super::names;
use super::people::{Class, FIRST, LAST, Person, Relation, YEARS, day};
use super::registers::{Cadre, Death, Firm, House, Kin, Post, Vehicle};
use super::rng::Rng;
use super::world::World;

/// Cadres of a village.
const CADRES: usize = 4;
const POSTS: [&str; CADRES] = ["村党支部书记", "村委会主任", "村委会委员", "村会计"];

/// Fills all registers.
pub fn ordinary(world: &mut World) {
    let mut rng = Rng::new(world.seed, 60);
    property(world, &mut rng);
    offices(world, &mut rng);
    deaths(world, &mut rng);
}

fn property(world: &mut World, rng: &mut Rng) {
    for number in 0..world.people.households.len() {
        let Some(home) = world.people.households.get(number).cloned() else { continue };
        let owner = home.first;
        match home.class {
            Class::Owner => {
                rich(world, owner, rng);
            }
            Class::Payroll => {
                let kind = rng.pick(&["事业编制", "公务员", "参公管理", "工勤编制"]).copied();
                let from = day(rng.between(1996, 2019), 8, 1);
                let kind = kind.unwrap_or_default();
                world.registers.payroll.push(Post { person: owner, kind, from, until: None });
                car(world, owner, rng);
            }
            // One dwelling is within the rule.
            Class::Aid | Class::Plain if rng.per_mille(200) => house(world, owner, rng),
            _ => {}
        }
    }
}

fn rich(world: &mut World, owner: u32, rng: &mut Rng) {
    if rng.per_mille(700) {
        car(world, owner, rng);
    }
    if rng.per_mille(200) {
        let number = 500_000 + u32::try_from(world.registers.firms.len()).unwrap_or(0);
        let closed = rng.per_mille(150);
        world.registers.firms.push(Firm {
            person: owner,
            name: names::firm(rng),
            number,
            kind: "有限责任公司",
            role: "法定代表人",
            status: if closed { "注销" } else { "存续" },
            yuan: Some(rng.between(5, 800) * 10_000),
            founded: day(rng.between(2008, 2023), 5, 6),
            closed: closed.then(|| day(YEARS[0], 12, 1)),
        });
    }
    for _ in 0..rng.between(0, 3) {
        house(world, owner, rng);
    }
}

fn car(world: &mut World, person: u32, rng: &mut Rng) {
    let yuan = Some(rng.between(40, 420) * 1_000);
    let kind = rng.pick(&["小型轿车", "小型普通客车", "轻型货车"]).copied().unwrap_or_default();
    let bought = day(rng.between(2012, 2024), 6, 12);
    let vehicle = Vehicle { person, kind, usage: "非营运", yuan, bought, scrapped: None };
    world.registers.vehicles.push(vehicle);
}

fn house(world: &mut World, person: u32, rng: &mut Rng) {
    world.registers.houses.push(House {
        person,
        usage: "住宅",
        area_e2: rng.between(6_000, 18_000),
        from: day(rng.between(2005, 2022), 9, 14),
        closed: None,
    });
}

/// Cadres come from well-off households, so that neither they nor the relatives they declare are on
/// aid.
fn offices(world: &mut World, rng: &mut Rng) {
    let mut start = 0;
    for village in 0..world.places.len() {
        let homes = world.people.households.get(start..).unwrap_or_default();
        let here: Vec<_> =
            homes.iter().take_while(|h| usize::from(h.village) == village).cloned().collect();
        start += here.len();
        let wealthy: Vec<_> = here.into_iter().filter(|h| h.class == Class::Owner).collect();
        let kin = wealthy.last().map(|h| h.first);
        for (home, post) in wealthy.iter().take(wealthy.len().saturating_sub(1)).zip(POSTS) {
            let person = home.first;
            let serves =
                |p: &Person| super::world::grown(p) && p.died.is_none() && p.moved_out.is_none();
            if !world.people.get(person).is_some_and(serves) {
                continue;
            }
            let from = day(rng.between(2014, 2021), 1, 20);
            let village = home.village;
            world.registers.cadres.push(Cadre { person, village, post, from, until: None });
            world.spell(person, 56, FIRST, LAST);
            declare(world, person, home.members(), kin);
        }
    }
}

fn declare(world: &mut World, cadre: u32, family: std::ops::Range<u32>, kin: Option<u32>) {
    for person in family.filter(|m| *m != cadre) {
        let relation = match world.people.get(person).map(|p| (p.relation, p.sex())) {
            Some((Relation::Spouse, _)) => "配偶",
            Some((Relation::Child, "男")) => "儿子",
            Some((Relation::Child, _)) => "女儿",
            Some((Relation::Parent, "男")) => "父亲",
            Some((Relation::Parent, _)) => "母亲",
            _ => continue,
        };
        world.registers.kin.push(Kin { cadre, person, relation });
    }
    if let Some(person) = kin {
        world.registers.kin.push(Kin { cadre, person, relation: "堂兄" });
    }
}

/// Those of the two years, some of them in two sources, and those of earlier years, whom the
/// household register has no more.
fn deaths(world: &mut World, rng: &mut Rng) {
    let known: std::collections::BTreeSet<u32> =
        world.registers.deaths.iter().map(|d| d.person).collect();
    for (number, person) in (0..).zip(&world.people.persons) {
        let Some(on) = person.died.filter(|_| !known.contains(&number)) else { continue };
        let source = u8::try_from(rng.below(3)).unwrap_or(0);
        world.registers.deaths.push(Death { person: number, day: on, source });
        if rng.per_mille(150) {
            let source = (source + 1) % 3;
            world.registers.deaths.push(Death { person: number, day: on, source });
        }
    }
    for _ in 0..world.people.persons.len() / 150 {
        let age = rng.between(70, 96);
        let person = world.people.add_stranger(rng, age, u32::MAX);
        let on = day(rng.between(2018, 2022), 4, 15);
        world.registers.deaths.push(Death {
            person,
            day: on,
            source: u8::try_from(rng.below(3)).unwrap_or(0),
        });
    }
}
