//! The people of the county: households in villages, with ages, ID numbers and bank cards.

use domain::ids;
use domain::time::Day;

use super::county::{DIVISION, Place};
use super::names::Name;
use super::rng::{Rng, mix};

/// First and last year with payments. In the first one only programmes paid by the year.
pub const YEARS: [i32; 2] = [2023, 2025];
/// First month of monthly programmes, counted from January of the first year.
pub const FIRST: u8 = 12;
/// Last month with payments.
pub const LAST: u8 = 35;
/// Made-up issuer number on all bank cards.
const ISSUER: &str = "629904";

/// A day; the epoch when there is no such day.
pub fn day(year: i32, month: u32, day: u32) -> Day {
    Day::from_ymd(year, month, day).unwrap_or(Day(0))
}

/// The day of a month counted from January of the first year.
pub fn day_in(month: u8, day_of_month: u32) -> Day {
    day(YEARS[0] + i32::from(month / 12), u32::from(month % 12) + 1, day_of_month)
}

/// The month of a day, counted from January of the first year; may be negative or past the end.
pub fn month_of(date: Day) -> i32 {
    let (year, month, _) = date.ymd();
    (year - YEARS[0]) * 12 + month.cast_signed() - 1
}

/// What is wrong with an ID number as all files have it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Flaw {
    /// The check digit does not fit.
    Check,
    /// The birth date does not exist.
    Date,
    /// A digit is missing.
    Form,
}

/// Place in the family.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Relation {
    /// 户主
    Head,
    /// 配偶
    Spouse,
    /// 子 or 女
    Child,
    /// 父 or 母 of the head
    Parent,
}

/// A person.
#[derive(Debug, Clone)]
pub struct Person {
    /// Name in the household register.
    pub name: Name,
    /// Birth day.
    pub birth: Day,
    /// Sequence number in the ID number; odd for men.
    pub seq: u16,
    /// Village of registration: place in the county's list.
    pub village: u16,
    /// Household: place in [`People::households`].
    pub household: u32,
    /// Place in the family.
    pub relation: Relation,
    /// What is wrong with the ID number.
    pub flaw: Option<Flaw>,
    /// Whether the household register has the person.
    pub registered: bool,
    /// Day of death.
    pub died: Option<Day>,
    /// Day on which the registration moved out of the county.
    pub moved_out: Option<Day>,
}

/// What a household may be drawn for, so that ordinary people stay clear of every model.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Class {
    /// Poor: subsistence aid and what goes with it.
    Aid,
    /// Neither poor nor rich.
    Plain,
    /// Cars, firms, houses.
    Owner,
    /// On the public payroll.
    Payroll,
    /// Taken by a planted case or a look-alike.
    Taken,
}

/// A household: neighbours in [`People::persons`].
#[derive(Debug, Clone)]
pub struct Household {
    /// Village.
    pub village: u16,
    /// First member.
    pub first: u32,
    /// Members.
    pub size: u32,
    /// What it may be drawn for.
    pub class: Class,
    /// Number in its village.
    pub number: u32,
}

/// Everybody.
#[derive(Debug, Default)]
pub struct People {
    /// Persons, household by household.
    pub persons: Vec<Person>,
    /// Households, village by village.
    pub households: Vec<Household>,
    sequences: Sequences,
}

/// The next free sequence number of each birth day and sex.
#[derive(Debug, Default)]
struct Sequences(Vec<u16>);

impl Sequences {
    fn take(&mut self, birth: Day, male: bool) -> (Day, u16) {
        let mut birth = birth;
        loop {
            let at = usize::try_from(birth.0 + 60_000).unwrap_or(0) * 2 + usize::from(male);
            if self.0.len() <= at {
                self.0.resize(at + 1, 0);
            }
            if let Some(next) = self.0.get_mut(at).filter(|n| **n < 499) {
                *next += 1;
                return (birth, *next * 2 + u16::from(male));
            }
            birth = Day(birth.0 - 1);
        }
    }
}

/// Age in years, sex and relation of each member.
type Member = (i32, bool, Relation);

impl People {
    /// Fills the villages with about so many people.
    ///
    /// Villages chosen for village cases are of like size, so that each has enough people.
    pub fn settle(places: &[Place], people: usize, seed: u64) -> Self {
        let mut rng = Rng::new(seed, 10);
        let weight = |p: &Place| if p.staged.is_some() { 140 } else { 75 + rng.below(50) };
        let weights: Vec<usize> = places.iter().map(weight).collect();
        let total: usize = weights.iter().sum();
        let mut all = Self::default();
        let mut until = 0;
        let mut weight = 0;
        for (village, w) in weights.iter().enumerate() {
            weight += w;
            let village = u16::try_from(village).unwrap_or(u16::MAX);
            let mut number = 0;
            while until < people * weight / total.max(1) {
                number += 1;
                until += all.add_household(&mut rng, village, number);
            }
        }
        all
    }

    fn add_household(&mut self, rng: &mut Rng, village: u16, number: u32) -> usize {
        let family = family(rng);
        let class = match rng.below(1000) {
            0..110 => Class::Aid,
            110..330 => Class::Owner,
            330..375 => Class::Payroll,
            _ => Class::Plain,
        };
        let household = u32::try_from(self.households.len()).unwrap_or(u32::MAX);
        let first = u32::try_from(self.persons.len()).unwrap_or(u32::MAX);
        let mut surname = None;
        for &(age, male, relation) in &family {
            let own = if matches!(relation, Relation::Spouse) { None } else { surname };
            let person = self.born(rng, age, male, own);
            if relation == Relation::Head {
                surname = person.name.surname();
            }
            self.persons.push(Person { village, household, relation, ..person });
        }
        let size = u32::try_from(family.len()).unwrap_or(1);
        self.households.push(Household { village, first, size, class, number });
        family.len()
    }

    /// A new person of an age at the end of the last year, without a place.
    fn born(&mut self, rng: &mut Rng, age: i32, male: bool, surname: Option<u8>) -> Person {
        let birth = Day(day(YEARS[1], 12, 31).0 - age * 36_525 / 100 - rng.between(0, 364));
        let (birth, seq) = self.sequences.take(birth, male);
        let yearly = if age >= 60 { 30 } else { 1 };
        let window = rng.between(0, 700);
        let died = rng.per_mille(yearly * 2).then(|| Day(day_in(FIRST, 10).0 + window));
        let moved = died.is_none() && (16..60).contains(&age) && rng.per_mille(4);
        let moved_out = moved.then(|| Day(day_in(FIRST + 1, 1).0 + window));
        let name = Name::draw(rng, male, surname);
        Person {
            name,
            birth,
            seq,
            village: 0,
            household: u32::MAX,
            relation: Relation::Head,
            flaw: None,
            registered: true,
            died: died.filter(|d| d.0 > birth.0),
            moved_out: moved_out.filter(|d| d.0 > birth.0),
        }
    }

    /// A person whom the register does not know, paid in a village under a household number of it.
    pub fn add_stranger(&mut self, rng: &mut Rng, age: i32, household: u32) -> u32 {
        let male = rng.per_mille(500);
        let mut person = self.born(rng, age, male, None);
        (person.registered, person.died, person.moved_out) = (false, None, None);
        person.household = household;
        person.village = self.household(household).map_or(0, |h| h.village);
        self.persons.push(person);
        u32::try_from(self.persons.len() - 1).unwrap_or(u32::MAX)
    }

    /// A person by number.
    pub fn get(&self, person: u32) -> Option<&Person> {
        self.persons.get(person as usize)
    }

    /// A person by number, to be changed.
    pub fn get_mut(&mut self, person: u32) -> Option<&mut Person> {
        self.persons.get_mut(person as usize)
    }

    /// A household by number.
    pub fn household(&self, household: u32) -> Option<&Household> {
        self.households.get(household as usize)
    }

    /// The ID number of a person.
    pub fn id(&self, person: u32) -> String {
        self.get(person).map(Person::id).unwrap_or_default()
    }
}

impl Household {
    /// Members by number.
    pub fn members(&self) -> std::ops::Range<u32> {
        self.first..self.first + self.size
    }
}

fn family(rng: &mut Rng) -> Vec<Member> {
    use Relation::{Child, Head, Parent, Spouse};
    // The smaller of two draws: the older, the fewer.
    let elder = |rng: &mut Rng| 60 + rng.between(0, 36).min(rng.between(0, 36));
    let sex = |rng: &mut Rng| rng.per_mille(500);
    let mut family: Vec<Member> = Vec::with_capacity(6);
    let kind = rng.below(1000);
    let head_age = match kind {
        0..290 => elder(rng),
        290..590 => rng.between(27, 48),
        590..810 => rng.between(34, 55),
        810..930 => rng.between(44, 59),
        _ => rng.between(28, 46),
    };
    let male = kind >= 930 && sex(rng) || kind < 930 && rng.per_mille(850);
    family.push((head_age, male, Head));
    if (120..930).contains(&kind) {
        family.push((head_age + rng.between(-3, 3), !male, Spouse));
    }
    let children = match kind {
        290..590 => rng.between(1, 3),
        590..810 | 930.. => rng.between(1, 2),
        _ => 0,
    };
    for _ in 0..children {
        family.push((rng.between(0, (head_age - 23).min(22)), sex(rng), Child));
    }
    if (590..810).contains(&kind) {
        let age = (head_age + rng.between(20, 30)).min(93);
        family.push((age, true, Parent));
        if sex(rng) {
            family.push((age + rng.between(-3, 3), false, Parent));
        }
    }
    family
}

impl Person {
    /// The ID number as files have it, upper-case and without blanks.
    pub fn id(&self) -> String {
        let (year, month, day) = self.birth.ymd();
        let month = if self.flaw == Some(Flaw::Date) { 13 } else { month };
        let mut text = format!("{DIVISION}{year:04}{month:02}{day:02}{:03}", self.seq);
        let check = ids::check_character(text.as_bytes()).unwrap_or(b'0');
        match self.flaw {
            Some(Flaw::Check) if check == b'5' => text.push('6'),
            Some(Flaw::Check) => text.push('5'),
            _ => text.push(char::from(check)),
        }
        if self.flaw == Some(Flaw::Form) {
            text.remove(14);
        }
        text
    }

    /// Full years on a day.
    pub fn age_on(&self, date: Day) -> i32 {
        self.birth.full_years_until(date)
    }

    /// 男 or 女.
    pub fn sex(&self) -> &'static str {
        if self.seq % 2 == 1 { "男" } else { "女" }
    }
}

/// The digit that makes a card number pass the Luhn check.
fn luhn_digit(digits: &str) -> char {
    let mut sum = 0;
    for (place, b) in digits.bytes().rev().enumerate() {
        let n = u32::from(b - b'0') * if place % 2 == 0 { 2 } else { 1 };
        sum += if n > 9 { n - 9 } else { n };
    }
    char::from_digit((10 - sum % 10) % 10, 10).unwrap_or('0')
}

/// The number on the bank card of an account: made-up issuer, spread digits, Luhn check digit.
pub fn card(account: u32, seed: u64) -> String {
    // A factor without 2 and 5 keeps accounts apart modulo a power of ten.
    let spread = u128::from(account) * 700_000_000_041 + u128::from(mix(seed) % 1_000_000);
    let spread = spread % 1_000_000_000_000;
    let mut digits = format!("{ISSUER}{spread:012}");
    digits.push(luhn_digit(&digits));
    digits
}

#[cfg(test)]
mod tests {
    use super::super::county;
    use super::{Flaw, People, card, day};
    use domain::ids::{IdNumber, IdQuality, luhn_ok};
    use std::collections::BTreeSet;

    #[test]
    fn numbers_are_right_and_nobody_shares_one() {
        let people = People::settle(&county::places(30, 5), 3000, 1);
        let mut ids = BTreeSet::new();
        for person in &people.persons {
            let id = person.id();
            assert_eq!(IdNumber::read(&id).quality, IdQuality::Ok, "{id}");
            assert!(id.starts_with("99"));
            assert!(ids.insert(id));
        }
        assert!((3000..3010).contains(&ids.len()), "{}", ids.len());
        let cards: BTreeSet<String> =
            (0..1500).chain(u32::MAX - 1499..=u32::MAX).map(|a| card(a, 1)).collect();
        assert!(cards.len() == 3000 && cards.iter().all(|c| luhn_ok(c) && c.len() == 19));
    }

    #[test]
    fn planted_flaws_are_the_ones_that_reading_finds() {
        let mut people = People::settle(&county::places(4, 2), 200, 1);
        let person = people.persons.first_mut().expect("somebody");
        for (flaw, quality) in [
            (Flaw::Check, IdQuality::ChecksumError),
            (Flaw::Date, IdQuality::DateError),
            (Flaw::Form, IdQuality::FormError),
        ] {
            person.flaw = Some(flaw);
            assert_eq!(IdNumber::read(&person.id()).quality, quality);
        }
    }

    #[test]
    fn ages_turn_on_the_birthday() {
        let mut people = People::settle(&county::places(4, 2), 200, 1);
        let person = people.persons.first_mut().expect("somebody");
        person.birth = day(1944, 6, 15);
        assert_eq!((person.age_on(day(2024, 6, 14)), person.age_on(day(2024, 6, 15))), (79, 80));
    }
}
