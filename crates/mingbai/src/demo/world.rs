//! Everything that the county's files will say: people, money and registers, and what was planted.

use std::collections::BTreeMap;

use domain::time::Day;

use super::county::Place;
use super::people::{Class, FIRST, Household, LAST, People, Person, day_in};
use super::programmes;
use super::registers::Registers;
use super::rng::{Rng, mix};

/// No person: an empty payee cell, a row without an ID number.
pub const NOBODY: u32 = u32::MAX;
/// Accounts of institutions and of go-betweens, apart from those of people.
pub const OTHER_ACCOUNTS: u32 = 1 << 31;

/// What a payment says, whatever the month.
#[derive(Debug, Clone, Copy)]
pub struct Pay {
    /// For whom.
    pub person: u32,
    /// Programme number.
    pub programme: u8,
    /// Amount in fen where the programme leaves it open.
    pub own: i64,
    /// A sum in fen that no rule explains, instead of the due amount.
    pub odd: Option<i64>,
    /// Land in 1/10,000 mu.
    pub area: i64,
    /// Account paid to.
    pub account: u32,
    /// Village that it is booked under.
    pub village: u16,
    /// Account holder, where the file says it.
    pub payee: u32,
    /// The holder's name is the person's own although the number is another's.
    pub self_named: bool,
    /// A registered agent receives.
    pub agent: bool,
    /// The number is always written in an untidy way: 1 lower-case or blanks, 2 of 15 digits.
    pub untidy: u8,
}

/// A payment that comes again from month to month.
#[derive(Debug, Clone, Copy)]
pub struct Spell {
    /// What it says.
    pub pay: Pay,
    /// First month.
    pub from: u8,
    /// Last month.
    pub until: u8,
}

/// A single row.
#[derive(Debug, Clone, Copy)]
pub struct Line {
    /// What it says.
    pub pay: Pay,
    /// Month for which it is paid.
    pub period: u8,
    /// Sum in fen.
    pub fen: i64,
    /// Day of payment.
    pub paid: Day,
    /// Day on which the money arrived at the township.
    pub arrived: Day,
    /// The bank returned it.
    pub returned: bool,
}

/// The county in the making.
#[derive(Debug)]
pub struct World {
    /// Seed of all streams.
    pub seed: u64,
    /// Villages.
    pub places: Vec<Place>,
    /// People.
    pub people: People,
    /// Payments that come again.
    pub spells: Vec<Spell>,
    /// Single rows.
    pub lines: Vec<Line>,
    /// What other agencies know.
    pub registers: Registers,
    /// Planted cases: model and ID number or village path.
    pub truth: Vec<(&'static str, String)>,
    /// Planted cases and look-alikes by model.
    pub counts: BTreeMap<String, (usize, usize)>,
    /// Days that the money of a village, programme and month lies at the township.
    pub delays: BTreeMap<(u16, u8, u8), i32>,
    /// Cases of each model that judges people, and as many look-alikes.
    pub cases: usize,
    order: Vec<u32>,
    cursor: usize,
    next_account: u32,
}

impl World {
    /// A county of people, before any money is paid.
    pub fn new(seed: u64, places: Vec<Place>, people: People) -> Self {
        let count = people.persons.len();
        let mut order: Vec<u32> = (0..).take(people.households.len()).collect();
        Rng::new(seed, 20).shuffle(&mut order);
        Self {
            seed,
            places,
            people,
            spells: Vec::new(),
            lines: Vec::new(),
            registers: Registers::default(),
            truth: Vec::new(),
            counts: BTreeMap::new(),
            delays: BTreeMap::new(),
            cases: (count / 1500).max(4),
            order,
            cursor: 0,
            next_account: OTHER_ACCOUNTS,
        }
    }

    /// Takes a household that nobody else has, of a village without village cases, with a member
    /// that fits.
    /// Its members neither die nor move but as the case says.
    pub fn take(&mut self, fits: impl Fn(&Person) -> bool) -> Option<u32> {
        self.take_where(|_| true, fits)
    }

    /// The same, in a village that fits too.
    pub fn take_where(
        &mut self,
        village: impl Fn(u16) -> bool,
        fits: impl Fn(&Person) -> bool,
    ) -> Option<u32> {
        for _ in 0..self.order.len() {
            self.cursor = (self.cursor + 1) % self.order.len();
            let Some(&number) = self.order.get(self.cursor) else { continue };
            let Some(household) = self.people.households.get(number as usize) else { continue };
            let staged = self.places.get(usize::from(household.village)).map(|p| p.staged);
            if household.class == Class::Taken
                || staged != Some(None)
                || !village(household.village)
            {
                continue;
            }
            let found = household.members().find(|m| self.people.get(*m).is_some_and(&fits));
            if let Some(person) = found {
                self.claim(number);
                return Some(person);
            }
        }
        None
    }

    /// Keeps a household for a case.
    pub fn claim(&mut self, household: u32) {
        let Some(home) = self.people.households.get_mut(household as usize) else { return };
        home.class = Class::Taken;
        let members = home.members();
        for member in members {
            if let Some(person) = self.people.get_mut(member) {
                (person.died, person.moved_out) = (None, None);
            }
        }
    }

    /// Members of a person's household.
    pub fn family(&self, person: u32) -> std::ops::Range<u32> {
        let household = self.people.get(person).map_or(NOBODY, |p| p.household);
        self.people.household(household).map_or(0..0, Household::members)
    }

    /// The village of a person.
    pub fn village(&self, person: u32) -> u16 {
        self.people.get(person).map_or(0, |p| p.village)
    }

    /// The number of a person's household in the files; empty where there is none.
    pub fn household_number(&self, person: u32) -> String {
        let home = self.people.get(person).and_then(|p| self.people.household(p.household));
        let code = |h: &Household| self.places.get(usize::from(h.village)).map(|p| p.code.as_str());
        home.map(|h| format!("{}{:04}", code(h).unwrap_or_default(), h.number)).unwrap_or_default()
    }

    /// An account that belongs to nobody in the register.
    pub fn new_account(&mut self) -> u32 {
        self.next_account += 1;
        self.next_account
    }

    /// What an ordinary payment to a person says.
    pub fn pay(&self, person: u32, programme: u8) -> Pay {
        let spread = i64::try_from(mix(self.seed ^ (u64::from(person) << 8)) % 289).unwrap_or(0);
        let own = match programme {
            1 => (301 + spread) * 100,
            6 => (5 + spread % 30) * 10_000,
            40 => (14_000 + spread % 3 * 7_000) * 100,
            41 => (20_000 + spread % 4 * 5_000) * 100,
            50 => 31_700 + spread * 100 + 3,
            _ => 111_700 + spread * 1_000,
        };
        Pay {
            person,
            programme,
            own,
            odd: None,
            area: 0,
            account: person,
            village: self.village(person),
            payee: NOBODY,
            self_named: false,
            agent: false,
            untidy: 0,
        }
    }

    /// Pays a person from month to month.
    pub fn spell(&mut self, person: u32, programme: u8, from: u8, until: u8) {
        let pay = self.pay(person, programme);
        self.spells.push(Spell { pay, from, until });
    }

    /// Pays a person for all months.
    pub fn always(&mut self, person: u32, programme: u8) {
        self.spell(person, programme, FIRST, LAST);
    }

    /// The row of a payment in a month.
    pub fn line_of(&self, pay: Pay, month: u8) -> Line {
        let programme = programmes::get(pay.programme);
        let fen = pay.odd.unwrap_or_else(|| match (programme, self.people.get(pay.person)) {
            (Some(programme), Some(person)) => programme.amount(person, month, pay.own, pay.area),
            _ => pay.own,
        });
        let paid = pay_day(pay.programme, month);
        let delay = self.delays.get(&(pay.village, pay.programme, month)).copied();
        let arrived = Day(paid.0 - delay.unwrap_or(3 + i32::from(pay.programme + month) % 9));
        Line { pay, period: month, fen, paid, arrived, returned: false }
    }

    /// The row of an ordinary payment in a month, to be changed and pushed.
    pub fn line(&self, person: u32, programme: u8, month: u8) -> Line {
        self.line_of(self.pay(person, programme), month)
    }

    /// Writes down a planted case of a person.
    pub fn planted(&mut self, model: &'static str, person: u32) {
        let id = self.people.id(person);
        self.planted_as(model, id);
    }

    /// Writes down a planted case of a village.
    pub fn planted_village(&mut self, model: &'static str, village: usize) {
        let path = self.places.get(village).map(|p| p.village.path()).unwrap_or_default();
        self.planted_as(model, path);
    }

    fn planted_as(&mut self, model: &'static str, subject: String) {
        self.truth.push((model, subject));
        self.counts.entry(model.to_owned()).or_default().0 += 1;
    }

    /// Counts a look-alike.
    pub fn innocent(&mut self, model: &'static str) {
        self.counts.entry(model.to_owned()).or_default().1 += 1;
    }
}

/// The day on which a programme pays in a month.
pub fn pay_day(programme: u8, month: u8) -> Day {
    day_in(month, 10 + u32::from(programme) % 13)
}

/// Age limits on the first and last day of monthly payments.
fn aged(person: &Person, low: i32, high: i32) -> bool {
    person.age_on(day_in(FIRST, 1)) >= low && person.age_on(day_in(LAST, 31)) <= high
}

/// Of working age throughout.
pub fn grown(person: &Person) -> bool {
    aged(person, 25, 58)
}

/// Old enough for a pension throughout, but not for the old-age allowance.
pub fn elder(person: &Person) -> bool {
    aged(person, 62, 79)
}

/// Of either kind.
pub fn adult(person: &Person) -> bool {
    aged(person, 25, 79)
}
