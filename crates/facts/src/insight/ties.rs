//! What ties one person, household or firm to others, from the tables of the facts.

use std::collections::BTreeMap;

use arrow::array::RecordBatch;
use arrow::datatypes::{Date32Type, Int32Type, Int64Type, UInt64Type};
use domain::facts::TableSpec;
use domain::problem::Failure;
use domain::time::Day;
use parquet::arrow::arrow_reader::ArrowReaderOptions;

use super::{PAYMENTS, flags, ints, parts, spec, texts};
use crate::batch::Batch;
use crate::folder::Folder;
use crate::load::{FactsFile, RANGES};
use crate::person::{programme, stored};

/// How many lines of a kind are shown.
const MOST: usize = 60;

/// A line to another subject.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct FactTie {
    /// `person`, `household`, `account`, `firm`.
    pub kind: &'static str,
    /// Key as 16 hex digits; of a firm its name.
    pub key: String,
    /// `kin`, `household`, `account`, `firm`, `contract`.
    pub relation: &'static str,
    /// More about it, in the words of the file.
    pub more: String,
}

/// What one programme paid in one year.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Paid {
    /// Code of the programme, or its own name.
    pub programme: String,
    /// Year; 0 when unknown.
    pub year: i32,
    /// Payments.
    pub payments: u64,
    /// Sum.
    pub amount_fen: i64,
    /// What the bank sent back of it.
    pub returned_fen: i64,
}

/// What the facts say about a subject.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Ties {
    /// Lines to others.
    pub ties: Vec<FactTie>,
    /// What was paid to a person.
    pub paid: Vec<Paid>,
    /// Keys of the people that it is about: the person, or the members of the household or firm.
    pub people: Vec<u64>,
}

/// Ties of a subject; nothing for a kind that the facts do not know.
pub fn ties(folder: &Folder, kind: &str, key: &str) -> Result<Ties, Failure> {
    let number = u64::from_str_radix(key, 16).ok().filter(|_| key.len() == 16);
    let mut found = match (kind, number) {
        ("person", Some(number)) => of_person(folder, number)?,
        ("household", Some(number)) => members(folder, number)?,
        ("firm", _) => owners(folder, key)?,
        _ => Ties::default(),
    };
    found.ties.sort();
    found.ties.dedup();
    found.people.sort_unstable();
    found.people.dedup();
    Ok(found)
}

fn hex(key: u64) -> String {
    format!("{key:016x}")
}

/// Rows of a person in a table.
fn rows_of(live: &[Batch], table: &'static str, key: u64) -> Result<Vec<RecordBatch>, Failure> {
    let spec: &TableSpec = spec(table)?;
    let mut rows = Vec::new();
    for path in live.iter().filter_map(|batch| batch.facts_of(spec)) {
        let options = ArrowReaderOptions::new()
            .with_offset_index_policy(parquet::file::metadata::PageIndexPolicy::Optional);
        rows.extend(stored(&FactsFile::open(path, spec, options)?, spec, key)?);
    }
    Ok(rows)
}

fn of_person(folder: &Folder, key: u64) -> Result<Ties, Failure> {
    let (live, dictionaries) = folder.live_batches_and_dictionaries()?;
    let mut found = Ties { people: vec![key], ..Ties::default() };
    let mut paid: BTreeMap<(i32, i32), Paid> = BTreeMap::new();
    let mut accounts: BTreeMap<u64, u64> = BTreeMap::new();
    for part in rows_of(&live, PAYMENTS, key)? {
        for account in ints::<UInt64Type>(&part, "account").into_iter().flatten() {
            *accounts.entry(account).or_default() += 1;
        }
        sums(&part, &mut paid);
    }
    found.paid = paid
        .into_iter()
        .map(|((number, _), paid)| Paid { programme: programme(number, &dictionaries), ..paid })
        .collect();
    found.ties.extend(accounts.into_iter().map(|(account, times)| FactTie {
        kind: "account",
        key: hex(account),
        relation: "account",
        more: times.to_string(),
    }));
    for (table, relation, more) in
        [("people", "household", "relation"), ("land_contracts", "contract", "")]
    {
        for part in rows_of(&live, table, key)? {
            let more = texts(&part, more);
            for (household, more) in ints::<UInt64Type>(&part, "household").into_iter().zip(more) {
                let Some(household) = household else { continue };
                let (kind, key) = ("household", hex(household));
                found.ties.push(FactTie { kind, key, relation, more });
            }
        }
    }
    for part in rows_of(&live, "firms", key)? {
        for (firm, role) in texts(&part, "firm").into_iter().zip(texts(&part, "role")) {
            if !firm.is_empty() {
                found.ties.push(FactTie { kind: "firm", key: firm, relation: "firm", more: role });
            }
        }
    }
    kin(&live, key, &mut found)?;
    Ok(found)
}

/// Sums by programme and year.
fn sums(part: &RecordBatch, paid: &mut BTreeMap<(i32, i32), Paid>) {
    let programmes = ints::<Int32Type>(part, "programme");
    let (periods, days) = (ints::<Int32Type>(part, "period"), ints::<Date32Type>(part, "paid_day"));
    let (amounts, returned) = (ints::<Int64Type>(part, "amount_fen"), flags(part, "returned"));
    for (((programme, period), day), (amount, back)) in
        programmes.into_iter().zip(periods).zip(days).zip(amounts.into_iter().zip(returned))
    {
        let year = period.map(|month| month / 100).or(day.map(|day| Day(day).ymd().0));
        let year = year.unwrap_or_default();
        let sum = paid.entry((programme.unwrap_or_default(), year)).or_default();
        let amount = amount.unwrap_or_default();
        sum.year = year;
        sum.payments += 1;
        sum.amount_fen = sum.amount_fen.saturating_add(amount);
        sum.returned_fen = sum.returned_fen.saturating_add(if back { amount } else { 0 });
    }
}

/// Kin as officials declared them, from both sides. The table is small: some lines an official.
fn kin(live: &[Batch], key: u64, found: &mut Ties) -> Result<(), Failure> {
    let each = |part: &RecordBatch, found: &mut Ties| {
        let pairs = ints::<UInt64Type>(part, "cadre").into_iter();
        let pairs = pairs.zip(ints::<UInt64Type>(part, "person")).zip(texts(part, "relation"));
        for ((cadre, person), more) in pairs {
            let other = match (cadre, person) {
                (Some(one), Some(other)) if one == key => other,
                (Some(other), Some(one)) if one == key => other,
                _ => continue,
            };
            let kind = "person";
            found.ties.push(FactTie { kind, key: hex(other), relation: "kin", more });
        }
    };
    all(live, "cadre_kin", &["cadre", "person", "relation"], |part| each(part, found))
}

/// Members of a household.
fn members(folder: &Folder, household: u64) -> Result<Ties, Failure> {
    let (live, _) = folder.live_batches_and_dictionaries()?;
    let mut found = Ties::default();
    all(&live, "people", &["person", "household", "relation"], |part| {
        let households = ints::<UInt64Type>(part, "household");
        if !households.contains(&Some(household)) {
            return;
        }
        let people = ints::<UInt64Type>(part, "person").into_iter().zip(texts(part, "relation"));
        for ((person, more), of) in people.zip(households) {
            if let (Some(person), true) = (person, of == Some(household)) {
                found.people.push(person);
                let (kind, relation) = ("person", "household");
                found.ties.push(FactTie { kind, key: hex(person), relation, more });
            }
        }
    })?;
    found.ties.truncate(MOST);
    Ok(found)
}

/// Legal persons and shareholders of a firm.
fn owners(folder: &Folder, name: &str) -> Result<Ties, Failure> {
    let (live, _) = folder.live_batches_and_dictionaries()?;
    let mut found = Ties::default();
    all(&live, "firms", &["person", "firm", "role"], |part| {
        let rows = ints::<UInt64Type>(part, "person").into_iter();
        for ((person, firm), more) in rows.zip(texts(part, "firm")).zip(texts(part, "role")) {
            if let (Some(person), true) = (person, firm == name) {
                found.people.push(person);
                let (kind, relation) = ("person", "firm");
                found.ties.push(FactTie { kind, key: hex(person), relation, more });
            }
        }
    })?;
    found.ties.truncate(MOST);
    Ok(found)
}

/// Shows all rows of a table, some at a time.
fn all(
    live: &[Batch],
    table: &'static str,
    columns: &[&str],
    mut each: impl FnMut(&RecordBatch),
) -> Result<(), Failure> {
    let spec = spec(table)?;
    for path in live.iter().filter_map(|batch| batch.facts_of(spec)) {
        let file = FactsFile::open(path, spec, ArrowReaderOptions::new())?;
        for range in 0..RANGES {
            for part in parts(&file, range, columns)? {
                each(&part?);
            }
        }
    }
    Ok(())
}
