//! Rows of a person as the person sees them.

use std::collections::HashMap;
use std::fmt;
use std::sync::Arc;

use domain::facts::split_ref;
use domain::ids::IdNumber;
use domain::money::Fen;
use domain::place::Village;
use domain::problem::Failure;
use domain::time::{Day, Month};
use subtle::{Choice, ConstantTimeEq};

use super::Part;
use super::records::Record;
use crate::dictionary::Dictionaries;
use crate::keys::Sort;
use crate::person::programme;

/// Places of tables in [`super::records::SHOWN`].
pub const PAYMENTS: usize = 0;
const PEOPLE: usize = 1;
const DEATHS: usize = 2;
const DISABILITY_CARDS: usize = 3;

/// The last four characters of an account number. Printed by [`LastFour::as_str`] alone.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub struct LastFour([u8; 4]);

impl LastFour {
    /// Those of an account; nothing where it is shorter.
    pub(super) fn of(account: &str) -> Self {
        Self(account.as_bytes().last_chunk().copied().unwrap_or_default())
    }

    /// Four characters that somebody states.
    pub(super) fn exactly(text: &str) -> Option<Self> {
        text.as_bytes().try_into().ok().map(Self)
    }

    /// The characters; empty where the account is unknown or shorter.
    #[must_use]
    pub fn as_str(&self) -> &str {
        str::from_utf8(&self.0).unwrap_or_default().trim_matches('\0')
    }
}

impl ConstantTimeEq for LastFour {
    fn ct_eq(&self, other: &Self) -> Choice {
        self.0.ct_eq(&other.0)
    }
}

impl fmt::Debug for LastFour {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("****")
    }
}

/// A payment for a person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnPayment {
    /// Code of the programme in the catalogue, such as `S11`; else the own name that the file gives.
    pub programme: String,
    /// Month for which it was paid.
    pub period: Option<Month>,
    /// Day on which the bank paid.
    pub day: Option<Day>,
    /// What was paid; negative for a reversal.
    pub amount: Fen,
    /// Village under which it is booked.
    pub village: Option<Village>,
    /// The card or account that it went to.
    pub account: LastFour,
    /// The bank returned it.
    pub returned: bool,
    /// Batch that holds the row.
    pub batch: u32,
    /// Row in the file of that batch.
    pub row: u32,
}

/// What says to which benefits a person may be entitled. Nothing where no file says it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct OwnFacts {
    /// Birth day of the household register, else of the ID number.
    pub birth_day: Option<Day>,
    /// Village of registration.
    pub village: Option<Village>,
    /// Day on which the registration moved out of the county.
    pub moved_out_day: Option<Day>,
    /// Day of death that some office reports: to be mended if the person reads it.
    pub death_day: Option<Day>,
    /// The latest disability card.
    pub disability: Option<Disability>,
}

/// A disability card.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Disability {
    /// 1 sight, 2 hearing, 3 speech, 4 limb, 5 intellect, 6 mental, 7 multiple.
    pub category: Option<i64>,
    /// 1 (severe) to 4.
    pub grade: Option<i64>,
    /// Last day of validity.
    pub valid_until: Option<Day>,
}

/// The account of a row of payments.
pub fn account(row: &Record) -> Option<u64> {
    row.get(5).copied().flatten().map(i64::cast_unsigned)
}

/// All payments for a person, the latest first.
pub fn payments(
    parts: &[Arc<Part>],
    dictionaries: &Dictionaries,
    person: u64,
) -> Result<Vec<OwnPayment>, Failure> {
    let mut found = Vec::new();
    let mut accounts: HashMap<u64, LastFour> = HashMap::new();
    for part in parts {
        for row in rows(part, PAYMENTS, person)? {
            let last_four = match account(&row) {
                None => LastFour::default(),
                Some(key) => match accounts.get(&key) {
                    Some(known) => *known,
                    None => {
                        let texts = part.vault.near(Sort::Account, key)?;
                        let read = texts.first().map(|t| LastFour::of(t)).unwrap_or_default();
                        accounts.insert(key, read);
                        read
                    }
                },
            };
            found.push(payment(&row, dictionaries, last_four));
        }
    }
    found.sort_by_key(|p| std::cmp::Reverse((p.day, p.period, p.batch, p.row)));
    Ok(found)
}

fn payment(row: &Record, dictionaries: &Dictionaries, account: LastFour) -> OwnPayment {
    let cell = |at: usize| row.get(at).copied().flatten();
    let (batch, row) = split_ref(cell(7).unwrap_or(0));
    OwnPayment {
        programme: narrow(cell(1)).map(|n| programme(n, dictionaries)).unwrap_or_default(),
        period: narrow(cell(2)).map(Month),
        day: narrow(cell(3)).map(Day),
        amount: Fen(cell(4).unwrap_or(0)),
        village: village(cell(0), dictionaries),
        account,
        returned: cell(6) == Some(1),
        batch,
        row,
    }
}

/// What is known of a person besides payments. Of several rows the one of the latest batch counts.
pub fn facts(
    parts: &[Arc<Part>],
    dictionaries: &Dictionaries,
    person: u64,
) -> Result<OwnFacts, Failure> {
    let mut facts = OwnFacts::default();
    for part in parts {
        for row in rows(part, PEOPLE, person)? {
            let cell = |at: usize| row.get(at).copied().flatten();
            facts.village = village(cell(0), dictionaries);
            facts.birth_day = day(cell(1));
            facts.moved_out_day = day(cell(2));
        }
        for row in rows(part, DEATHS, person)? {
            facts.death_day = day(row.first().copied().flatten());
        }
        for row in rows(part, DISABILITY_CARDS, person)? {
            let cell = |at: usize| row.get(at).copied().flatten();
            let valid_until = day(cell(2));
            facts.disability = Some(Disability { category: cell(0), grade: cell(1), valid_until });
        }
    }
    if facts.birth_day.is_none() {
        facts.birth_day = birth_day(parts, person)?;
    }
    Ok(facts)
}

/// The birth day inside the ID number, which stays in the vault.
fn birth_day(parts: &[Arc<Part>], person: u64) -> Result<Option<Day>, Failure> {
    for part in parts {
        for text in part.vault.near(Sort::Person, person)? {
            if let Some(day) = IdNumber::read(&text).birth_day() {
                return Ok(Some(day));
            }
        }
    }
    Ok(None)
}

fn rows(part: &Part, table: usize, person: u64) -> Result<Vec<Record>, Failure> {
    part.records(table).map_or_else(|| Ok(Vec::new()), |records| records.all(person))
}

fn narrow(cell: Option<i64>) -> Option<i32> {
    cell.and_then(|cell| i32::try_from(cell).ok())
}

fn day(cell: Option<i64>) -> Option<Day> {
    narrow(cell).map(Day)
}

fn village(cell: Option<i64>, dictionaries: &Dictionaries) -> Option<Village> {
    let number = dictionaries.village(narrow(cell)?);
    dictionaries.villages.get(&number).cloned()
}
