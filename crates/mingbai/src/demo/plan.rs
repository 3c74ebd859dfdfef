//! Ordinary payments: who gets what, and from when to when, so that no model has a reason to ask.

use std::collections::{BTreeMap, BTreeSet};

use super::county::Stage;
use super::people::{Class, FIRST, LAST, Person, Relation, day, day_in, month_of};
use super::programmes::{self, Every};
use super::registers::{Cadre, Card, Land};
use super::rng::{Rng, mix};
use super::world::{Line, Pay, Spell, World, grown};

/// Programmes that may be thinned or filled up to reach the wished number of payments: no rule
/// depends on how many get them.
const ELASTIC: [u8; 8] = [39, 24, 54, 23, 35, 28, 62, 18];

/// Hands out programmes village by village, each to its share, so that villages are alike per head.
struct Shares {
    rest: BTreeMap<u8, usize>,
}

impl Shares {
    /// So many of a village's candidates get the programme; what is lost to rounding goes to the
    /// next village.
    fn of(&mut self, programme: u8, candidates: usize, per_mille: usize) -> usize {
        let rest = self.rest.entry(programme).or_insert(500);
        *rest += candidates * per_mille;
        let share = (*rest / 1000).min(candidates);
        *rest %= 1000;
        share
    }
}

/// Members of a village who are nobody's case.
struct Free {
    /// Persons of poor and plain households, random order.
    modest: Vec<u32>,
    /// Persons of all households but those on the payroll, random order.
    all: Vec<u32>,
    /// Heads of all households, in village order.
    heads: Vec<u32>,
    /// Heads of poor households, random order.
    poor: Vec<u32>,
}

/// Plans all ordinary payments.
pub fn ordinary(world: &mut World) {
    let mut rng = Rng::new(world.seed, 40);
    let mut shares = Shares { rest: BTreeMap::new() };
    let mut start = 0;
    for village in 0..world.places.len() {
        let free = free(world, village, &mut start, &mut rng);
        let stage = world.places.get(village).and_then(|p| p.staged);
        land(world, &free, stage, &mut shares, &mut rng);
        old_age(world, &free, &mut shares, &mut rng);
        let destitute = poverty(world, &free, &mut shares, &mut rng);
        disability(world, &free, &destitute, &mut shares, &mut rng);
        work(world, &free, &mut shares, &mut rng);
        school(world, &free, &mut shares, &mut rng);
        grants(world, &free, stage, &mut shares, &mut rng);
    }
}

fn free(world: &World, village: usize, start: &mut usize, rng: &mut Rng) -> Free {
    let mut free =
        Free { modest: Vec::new(), all: Vec::new(), heads: Vec::new(), poor: Vec::new() };
    let homes = world.people.households.get(*start..).unwrap_or_default();
    let here = homes.iter().take_while(|h| usize::from(h.village) == village).count();
    *start += here;
    for home in homes.iter().take(here) {
        match home.class {
            Class::Taken => continue,
            Class::Payroll => {}
            Class::Owner => free.all.extend(home.members()),
            Class::Aid | Class::Plain => {
                free.all.extend(home.members());
                free.modest.extend(home.members());
            }
        }
        free.heads.push(home.first);
        if home.class == Class::Aid {
            free.poor.push(home.first);
        }
    }
    rng.shuffle(&mut free.modest);
    rng.shuffle(&mut free.all);
    rng.shuffle(&mut free.poor);
    free
}

/// The months in which a person may get a programme, out of those wished.
fn lawful(person: &Person, programme: u8, from: u8, until: u8) -> Option<(u8, u8)> {
    let rule = programmes::get(programme)?;
    let born = month_of(person.birth);
    let first = i32::from(from).max(born + 12 * rule.ages.0 + 1);
    let mut last = i32::from(until).min(born + 12 * (rule.ages.1 + 1) - 1);
    for gone in [person.died, person.moved_out].into_iter().flatten() {
        last = last.min(month_of(gone) - 1);
    }
    // A list by the year needs the person in each month of the year, since only the year is
    // written.
    if matches!(rule.every, Every::Year(_)) && last < i32::from(LAST) {
        last = (last + 1) / 12 * 12 - 1;
    }
    (first <= last).then_some((u8::try_from(first).ok()?, u8::try_from(last).ok()?))
}

/// Pays a person as long as that is lawful; says whether there was anything to pay.
fn enrol(world: &mut World, person: u32, programme: u8, from: u8, until: u8) -> bool {
    let pay = world.pay(person, programme);
    enrol_as(world, pay, from, until)
}

fn enrol_as(world: &mut World, pay: Pay, from: u8, until: u8) -> bool {
    let person = world.people.get(pay.person);
    let months = person.and_then(|p| lawful(p, pay.programme, from, until));
    if let Some((from, until)) = months {
        world.spells.push(Spell { pay, from, until });
    }
    months.is_some()
}

/// Most get it all the time, some come later, some leave earlier.
fn span(rng: &mut Rng, first: u8) -> (u8, u8) {
    let middle = |rng: &mut Rng| {
        first + 3 + u8::try_from(rng.below(usize::from(LAST - first - 6))).unwrap_or(0)
    };
    match rng.below(100) {
        0..7 => (middle(rng), LAST),
        7..12 => (first, middle(rng)),
        _ => (first, LAST),
    }
}

/// Enrols the share of the candidates that fit.
fn some(
    world: &mut World,
    candidates: &[u32],
    programme: u8,
    per_mille: usize,
    shares: &mut Shares,
    rng: &mut Rng,
    fits: impl Fn(&Person) -> bool,
) -> Vec<u32> {
    let fitting: Vec<u32> = candidates
        .iter()
        .copied()
        .filter(|c| world.people.get(*c).is_some_and(&fits))
        .filter(|c| {
            world.people.get(*c).is_some_and(|p| lawful(p, programme, FIRST, LAST).is_some())
        })
        .collect();
    let count = shares.of(programme, fitting.len(), per_mille);
    let chosen: Vec<u32> = fitting.into_iter().take(count).collect();
    for person in &chosen {
        let (from, until) = span(rng, FIRST);
        enrol(world, *person, programme, from, until);
    }
    chosen
}

/// Land by the year: lists of three years in which somebody always comes and goes, but for villages
/// staged.
fn land(world: &mut World, free: &Free, stage: Option<Stage>, shares: &mut Shares, rng: &mut Rng) {
    for (programme, per_mille) in [(26, 920), (35, 260), (28, 130)] {
        let heads: Vec<u32> = if programme == 26 && stage == Some(Stage::Stiff) {
            let stays = |h: &&u32| {
                world.people.get(**h).is_some_and(|p| p.died.is_none() && p.moved_out.is_none())
            };
            free.heads.iter().filter(stays).copied().collect()
        } else {
            let count = shares.of(programme, free.heads.len(), per_mille);
            let mut heads = free.heads.clone();
            rng.shuffle(&mut heads);
            heads.truncate(count);
            heads
        };
        for (at, person) in heads.into_iter().enumerate() {
            let area = i64::from(rng.between(120, 1300)) * 100;
            if programme == 26 {
                world.registers.land.push(Land { person, area, taken: 0, handed: 0 });
            }
            let (from, until) = match (stage, programme) {
                (Some(Stage::Stiff), 26) => (0, LAST),
                (Some(Stage::StiffAlike), 26) if at % 60 != 4 => (0, LAST),
                _ if at % 20 == 4 => (FIRST, LAST),
                _ if at % 25 == 11 => (0, FIRST + 11),
                _ => (0, LAST),
            };
            let pay = Pay { area, ..world.pay(person, programme) };
            enrol_as(world, pay, from, until);
        }
    }
}

fn old_age(world: &mut World, free: &Free, shares: &mut Shares, rng: &mut Rng) {
    some(world, &free.all, 18, 900, shares, rng, |_| true);
    some(world, &free.all, 11, 950, shares, rng, |_| true);
    let soldiers = some(world, &free.all, 23, 45, shares, rng, |p| p.seq % 2 == 1);
    let others: Vec<u32> =
        free.all.iter().rev().filter(|p| !soldiers.contains(*p)).copied().collect();
    some(world, &others, 24, 30, shares, rng, |p| p.age_on(day_in(FIRST, 1)) >= 60);
    some(world, &others, 54, 20, shares, rng, |_| true);
    some(world, &free.all, 62, 150, shares, rng, |_| true);
    let elders: Vec<u32> = free
        .all
        .iter()
        .copied()
        .filter(|c| world.people.get(*c).is_some_and(|p| lawful(p, 20, 0, LAST).is_some()))
        .collect();
    let count = shares.of(20, elders.len(), 60);
    for (at, person) in elders.into_iter().take(count).enumerate() {
        let from = if at % 6 == 2 { FIRST } else { 0 };
        enrol(world, person, 20, from, LAST);
    }
}

/// Subsistence in at least two households of each village, one of them for all months; destitute
/// support in others. Returns the destitute.
fn poverty(world: &mut World, free: &Free, shares: &mut Shares, rng: &mut Rng) -> Vec<u32> {
    let stays = |p: &Person| p.died.is_none() && p.moved_out.is_none() && grown(p);
    let mut aided = 0;
    let count = shares.of(1, free.heads.len(), 80).max(2);
    let candidates: Vec<u32> = free.poor.iter().chain(&free.modest).copied().collect();
    let mut homes = BTreeSet::new();
    let (steady, rest): (Vec<u32>, Vec<u32>) =
        candidates.into_iter().partition(|c| world.people.get(*c).is_some_and(stays));
    for person in steady.into_iter().chain(rest) {
        let Some(entry) = world.people.get(person) else { continue };
        let home = entry.household;
        if aided == count || entry.relation == Relation::Child || !homes.insert(home) {
            continue;
        }
        let (from, until) = if aided == 0 { (FIRST, LAST) } else { span(rng, FIRST) };
        aided += usize::from(enrol(world, person, 1, from, until));
    }
    let elders: Vec<u32> = free
        .modest
        .iter()
        .copied()
        .filter(|c| world.people.get(*c).is_some_and(|p| !homes.contains(&p.household)))
        .collect();
    some(world, &elders, 3, 18, shares, rng, |_| true)
}

fn disability(
    world: &mut World,
    free: &Free,
    destitute: &[u32],
    shares: &mut Shares,
    rng: &mut Rng,
) {
    let adult = |p: &Person| p.age_on(day_in(FIRST, 1)) >= 20;
    let candidates: Vec<u32> =
        free.modest.iter().rev().filter(|p| !destitute.contains(*p)).copied().collect();
    let severe = some(world, &candidates, 10, 14, shares, rng, adult);
    let needy = some(world, &candidates, 9, 17, shares, rng, adult);
    let idle = free.all.iter().copied().filter(|p| mix(u64::from(*p) ^ 5).is_multiple_of(90));
    let mut holders: Vec<(u32, bool)> = severe.into_iter().map(|p| (p, true)).collect();
    holders.extend(needy.into_iter().chain(idle).map(|p| (p, false)));
    let mut seen = BTreeSet::new();
    for (person, severe) in holders {
        if !seen.insert(person) {
            continue;
        }
        let grade =
            u8::try_from(if severe { rng.between(1, 2) } else { rng.between(1, 4) }).unwrap_or(1);
        world.registers.cards.push(Card {
            person,
            category: u8::try_from(rng.between(1, 7)).unwrap_or(4),
            grade,
            from: Some(day(rng.between(2012, 2022), 3, 9)),
            until: (grade % 2 == 0).then(|| day(2031, 3, 8)),
        });
    }
}

fn work(world: &mut World, free: &Free, shares: &mut Shares, rng: &mut Rng) {
    // Each post goes to other people: the list is cut into parts.
    let parts: Vec<Vec<u32>> = (0..3)
        .map(|part| free.modest.iter().copied().filter(|p| p % 3 == part).collect())
        .collect();
    for (part, (programme, per_mille)) in parts.iter().zip([(49, 24), (36, 18), (53, 14)]) {
        some(world, part, programme, per_mille, shares, rng, grown);
    }
    let retired = some(world, &free.all, 55, 40, shares, rng, |p| p.age_on(day_in(FIRST, 1)) >= 60);
    for person in retired {
        let village = world.village(person);
        let until = Some(day(rng.between(2005, 2015), 12, 31));
        let from = day(rng.between(1990, 2002), 1, 1);
        let post = "村委会主任";
        world.registers.cadres.push(Cadre { person, village, post, from, until });
    }
}

fn school(world: &mut World, free: &Free, shares: &mut Shares, rng: &mut Rng) {
    some(world, &free.modest, 43, 300, shares, rng, |_| true);
    some(world, &free.modest, 42, 180, shares, rng, |_| true);
    let children: Vec<u32> = free.modest.iter().rev().copied().collect();
    let left = some(world, &children, 8, 16, shares, rng, |_| true);
    let others: Vec<u32> = children.into_iter().filter(|c| !left.contains(c)).collect();
    some(world, &others, 7, 6, shares, rng, |_| true);
}

/// What is paid once, and interest on loans.
fn grants(
    world: &mut World,
    free: &Free,
    stage: Option<Stage>,
    shares: &mut Shares,
    rng: &mut Rng,
) {
    let heads: Vec<u32> = free
        .heads
        .iter()
        .copied()
        .filter(|h| {
            let home = world.people.get(*h).and_then(|p| world.people.household(p.household));
            home.is_some_and(|h| matches!(h.class, Class::Aid | Class::Plain))
        })
        .collect();
    if stage != Some(Stage::Stiff) {
        some(world, &heads, 50, 700, shares, rng, grown);
    }
    for (programme, per_mille) in [(51, 80), (52, 70), (6, 60), (40, 12), (61, 10)] {
        if programme == 51 && stage == Some(Stage::Stiff) {
            continue;
        }
        let mut heads = heads.clone();
        rng.shuffle(&mut heads);
        let count = shares.of(programme, heads.len(), per_mille);
        for person in heads.into_iter().take(count) {
            let month = FIRST + u8::try_from(rng.below(24)).unwrap_or(0);
            let fits = world
                .people
                .get(person)
                .is_some_and(|p| lawful(p, programme, month, month).is_some());
            if fits {
                let line = world.line(person, programme, month);
                world.lines.push(Line { returned: false, ..line });
            }
        }
    }
}

/// Brings the number of payments to what was wished, by the programmes that no rule depends on.
pub fn fill(world: &mut World, payments: usize) {
    let rows = |s: &Spell| programmes::get(s.pay.programme).map_or(0, |p| p.rows(s.from, s.until));
    let mut total = world.lines.len() + world.spells.iter().map(rows).sum::<usize>();
    let mut migrants: Vec<u32> = (0..).take(world.people.persons.len()).collect();
    Rng::new(world.seed, 50).shuffle(&mut migrants);
    for person in migrants {
        if total >= payments {
            break;
        }
        let home = world.people.get(person).map_or(u32::MAX, |p| p.household);
        if world.people.household(home).is_none_or(|h| h.class == Class::Taken) {
            continue;
        }
        if enrol(world, person, 39, FIRST, LAST) {
            total += world.spells.last().map_or(0, rows);
        }
    }
    for programme in ELASTIC {
        if total <= payments {
            break;
        }
        let taken = |person: u32| {
            let home = world.people.get(person).map_or(u32::MAX, |p| p.household);
            world.people.household(home).is_none_or(|h| h.class == Class::Taken)
        };
        let mut excess = total - payments;
        world.spells.retain(|s| {
            let drop = excess > 0 && s.pay.programme == programme && !taken(s.pay.person);
            if drop {
                excess = excess.saturating_sub(rows(s));
            }
            !drop
        });
        total = payments + excess;
    }
}
