//! Money from programmes to people: sums by programme, place and year. Counted once when the models are run,
//! and stored beside their findings: a page adds up some thousand lines and never reads payments.

use std::collections::{BTreeMap, HashSet};

use arrow::datatypes::{Date32Type, Int32Type, Int64Type, UInt64Type};
use domain::problem::{Failure, Fault};
use domain::time::Day;
use parquet::arrow::arrow_reader::ArrowReaderOptions;
use serde::{Deserialize, Serialize};

use super::{PAYMENTS, flags, ints, parts, spec};
use crate::disk;
use crate::folder::Folder;
use crate::load::{FactsFile, RANGES};
use crate::person::programme;

/// File of a run that holds them.
pub const FLOWS_FILE: &str = "flows.json";

/// Money of one programme that came to one place in one year.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Flow {
    /// Code of the programme, or its own name.
    pub programme: String,
    /// Place as files name it; empty when unknown.
    pub village: String,
    /// Code of the place, where a file had it.
    #[serde(default)]
    pub code: String,
    /// Year; 0 when unknown.
    pub year: i32,
    /// Payments.
    pub payments: u64,
    /// Different people.
    pub people: u64,
    /// What was paid, what was sent back included.
    pub amount_fen: i64,
    /// What the bank sent back.
    pub returned_fen: i64,
}

/// Columns that are read.
const COLUMNS: [&str; 7] =
    ["person", "village", "programme", "period", "paid_day", "amount_fen", "returned"];

/// Programme, village and year by number.
type Key = (i32, i32, i32);

#[derive(Default)]
struct Heap {
    payments: u64,
    people: u64,
    amount_fen: i64,
    returned_fen: i64,
}

impl Folder {
    /// Money of all live batches. One pass over some columns, a sixteenth of all people at a time.
    ///
    /// # Errors
    /// When stored facts cannot be read.
    pub fn flows(&self) -> Result<Vec<Flow>, Failure> {
        let (live, dictionaries) = self.live_batches_and_dictionaries()?;
        let spec = spec(PAYMENTS)?;
        let paths = live.iter().filter_map(|batch| batch.facts_of(spec));
        let open = |path| FactsFile::open(path, spec, ArrowReaderOptions::new());
        let files: Vec<FactsFile> = paths.map(open).collect::<Result<_, _>>()?;
        let mut heaps: BTreeMap<Key, Heap> = BTreeMap::new();
        for range in 0..RANGES {
            // People of a range stand in no other.
            let mut seen: HashSet<(Key, u64)> = HashSet::new();
            for file in &files {
                for part in parts(file, range, &COLUMNS)? {
                    add(&part?, &mut heaps, &mut seen);
                }
            }
        }
        let mut flows: BTreeMap<(String, String, i32), Flow> = BTreeMap::new();
        for ((number, village, year), heap) in heaps {
            let village = dictionaries.village(village);
            let place = dictionaries.villages.get(&village);
            let (programme, path) =
                (programme(number, &dictionaries), dictionaries.village_path(village));
            let flow = flows.entry((programme.clone(), path.clone(), year)).or_default();
            *flow = Flow {
                programme,
                code: place.and_then(|place| place.code.clone()).unwrap_or_default(),
                village: path,
                year,
                payments: flow.payments + heap.payments,
                people: flow.people + heap.people,
                amount_fen: flow.amount_fen.saturating_add(heap.amount_fen),
                returned_fen: flow.returned_fen.saturating_add(heap.returned_fen),
            };
        }
        Ok(flows.into_values().collect())
    }
}

fn add(
    part: &arrow::array::RecordBatch,
    heaps: &mut BTreeMap<Key, Heap>,
    seen: &mut HashSet<(Key, u64)>,
) {
    let people = ints::<UInt64Type>(part, "person");
    let (villages, programmes) =
        (ints::<Int32Type>(part, "village"), ints::<Int32Type>(part, "programme"));
    let (periods, days) = (ints::<Int32Type>(part, "period"), ints::<Date32Type>(part, "paid_day"));
    let (amounts, returned) = (ints::<Int64Type>(part, "amount_fen"), flags(part, "returned"));
    let rows = people.into_iter().zip(villages).zip(programmes).zip(periods).zip(days);
    for (((((person, village), programme), period), day), (amount, back)) in
        rows.zip(amounts.into_iter().zip(returned))
    {
        let year = period.map(|month| month / 100).or(day.map(|day| Day(day).ymd().0));
        let key =
            (programme.unwrap_or_default(), village.unwrap_or_default(), year.unwrap_or_default());
        let heap = heaps.entry(key).or_default();
        let amount = amount.unwrap_or_default();
        heap.payments += 1;
        heap.amount_fen = heap.amount_fen.saturating_add(amount);
        heap.returned_fen = heap.returned_fen.saturating_add(if back { amount } else { 0 });
        heap.people += u64::from(person.is_some_and(|person| seen.insert((key, person))));
    }
}

/// Those that the latest run stored.
pub fn of_latest_run(folder: &Folder) -> Result<Option<(u32, Vec<Flow>)>, Failure> {
    let Some((number, dir)) = folder.latest_run()? else { return Ok(None) };
    let Some(text) = disk::read_if_there(&dir.join(FLOWS_FILE))? else { return Ok(None) };
    let flows = serde_json::from_str(&text).map_err(|e| Fault::new("read flows", e))?;
    Ok(Some((number, flows)))
}
