//! Blocks of a file into keyed rows, divided by key range. One collector per reading thread.

use domain::facts::{ColumnSpec, Kind, TABLES, TableSpec};
use domain::ids::{IdNumber, IdQuality, disability_in_card};
use domain::place::Village;
use domain::time::Day;
use exchange::block::{Block, Column, NONE, Texts};

use crate::columns::{NONE_32, Values};
use crate::keys::{Keyed, Keys, Sort};
use crate::load::RANGES;
use crate::manifest::TallyManifest;
use crate::problems::ProblemLog;
use crate::quick::QuickMap;

/// Rows in one allocation.
pub const SEGMENT: usize = 16 << 10;

/// Rows of one table and key range, column by column.
#[derive(Debug, Clone, Default)]
pub struct Rows {
    /// Row numbers in the source.
    pub rows: Vec<u32>,
    /// Quality of the main person's ID number, as [`IdQuality::index`].
    pub quality: Vec<u8>,
    /// Parallel to the stored columns of the table; none where the file has no such column.
    pub columns: Vec<Option<Values>>,
}

/// Rows of one table, by key range.
#[derive(Debug, Default)]
pub struct TableRows {
    /// Full and open segments of each range; the last of each is open.
    pub ranges: Vec<Vec<Rows>>,
    /// Segments of rows without an ID number: their keys follow from the digest of the source,
    /// which is known when all of it is read.
    unnamed: Vec<Rows>,
}

/// Texts met, by key.
#[derive(Debug, Default)]
pub struct Seen {
    /// Key to part of the other half of the hash, which tells two texts apart that share the key,
    /// and the place of the text. Small, since there are as many as people, and each row looks here.
    pub places: QuickMap<u64, (u32, u32)>,
    /// The texts.
    pub texts: Texts,
    /// Whether two texts shared a key.
    pub collided: bool,
}

impl Seen {
    /// Takes up the texts of a column with their keys; 0 stands for a missing one.
    fn note(&mut self, keyed: &[Keyed], texts: &Texts) {
        let mut new = Vec::new();
        // Nothing but look-ups in this loop, so that the processor waits for many at once.
        for (at, keyed) in keyed.iter().enumerate() {
            match self.places.get(&keyed.key) {
                Some((check, _)) => self.collided |= *check != keyed.half(),
                None if keyed.key == 0 => {}
                None => new.push(at),
            }
        }
        for (at, keyed) in new.into_iter().filter_map(|at| Some((at, keyed.get(at)?))) {
            let free = u32::try_from(self.texts.len()).unwrap_or(u32::MAX);
            let (check, place) = *self.places.entry(keyed.key).or_insert((keyed.half(), free));
            self.collided |= check != keyed.half();
            if place == free {
                self.texts.push(texts.get(at));
            }
        }
    }
}

/// Texts numbered in the order in which one thread met them; real numbers are given at the end.
#[derive(Debug, Default)]
pub struct Local<T> {
    numbers: QuickMap<String, i32>,
    /// What was met, by number.
    pub met: Vec<T>,
}

impl<T> Local<T> {
    fn number(&mut self, text: &str, read: impl FnOnce() -> Option<T>) -> i32 {
        if let Some(number) = self.numbers.get(text) {
            return *number;
        }
        let number = match read() {
            Some(value) => {
                self.met.push(value);
                i32::try_from(self.met.len() - 1).unwrap_or(NONE_32)
            }
            None => NONE_32,
        };
        self.numbers.insert(text.to_owned(), number);
        number
    }
}

/// All that one thread has read.
#[derive(Debug)]
pub struct Collector<'a> {
    keys: &'a Keys,
    /// By the table's position in [`TABLES`].
    pub tables: Vec<TableRows>,
    /// ID numbers.
    pub people: Seen,
    /// Names.
    pub names: Seen,
    /// Accounts.
    pub accounts: Seen,
    /// Places.
    pub villages: Local<Village>,
    /// Programme names.
    pub programmes: Local<String>,
    /// What was wrong.
    pub problems: ProblemLog,
    /// By sheet, as plans are numbered.
    pub tallies: Vec<TallyManifest>,
}

/// Position of a table in [`TABLES`].
pub fn table_index(table: &TableSpec) -> usize {
    TABLES.iter().position(|t| t.name == table.name).unwrap_or(0)
}

impl<'a> Collector<'a> {
    /// Starts with nothing.
    pub fn new(keys: &'a Keys, plans: usize) -> Self {
        Self {
            keys,
            tables: TABLES.iter().map(|_| TableRows::default()).collect(),
            people: Seen::default(),
            names: Seen::default(),
            accounts: Seen::default(),
            villages: Local::default(),
            programmes: Local::default(),
            problems: ProblemLog::default(),
            tallies: vec![TallyManifest::default(); plans],
        }
    }

    /// Takes up a block of a table, read by the plan of a number.
    pub fn add(&mut self, plan: usize, table: &TableSpec, block: &Block) {
        if let Some(tally) = self.tallies.get_mut(plan) {
            tally.add(&block.tally.into());
        }
        self.problems.add(&block.problems);
        let mut rows = Rows { rows: block.rows.clone(), ..Rows::default() };
        let mut township = None;
        for (spec, column) in table.columns.iter().zip(&block.columns) {
            match (spec.kind, column) {
                (Kind::Township, Column::Texts(texts)) => township = Some(texts),
                (Kind::Township, _) => {}
                _ => rows.columns.push(self.values(spec, column, township)),
            }
        }
        key_rows(table, block, &mut rows);
        derive(table, block, &mut rows);
        let parts = self.tables.get_mut(table_index(table));
        parts.into_iter().for_each(|parts| parts.scatter(table, &rows));
    }

    /// Gives rows without an ID number their keys and places. `digest` is that of the source.
    pub fn place_unnamed(&mut self, digest: &[u8; 32]) {
        for (table, parts) in TABLES.iter().zip(&mut self.tables) {
            for mut rows in std::mem::take(&mut parts.unnamed) {
                let stored = key_column(table).and_then(|at| rows.columns.get_mut(at));
                if let Some(Some(Values::Keys(keys))) = stored {
                    let row_key = |row: &u32| self.keys.row_key(digest, *row);
                    *keys = rows.rows.iter().map(row_key).collect();
                }
                parts.scatter(table, &rows);
            }
        }
    }

    fn values(
        &mut self,
        spec: &ColumnSpec,
        column: &Column,
        town: Option<&Texts>,
    ) -> Option<Values> {
        Some(match column {
            Column::Absent => return None,
            Column::Ids(texts, _) => Values::Keys(self.keyed(Sort::Person, texts)),
            Column::Numbers(numbers) => numeric(spec.kind, numbers),
            Column::Texts(texts) => match spec.kind {
                Kind::Person => Values::Keys(self.keyed(Sort::Person, texts)),
                Kind::Name => Values::Keys(self.keyed(Sort::Name, texts)),
                Kind::Account => Values::Keys(self.keyed(Sort::Account, texts)),
                Kind::Household => Values::Keys(self.keyed(Sort::Household, texts)),
                Kind::Village => Values::Narrow(self.places(town, texts)),
                Kind::Programme => {
                    let programmes = &mut self.programmes;
                    let number = |text: &str| {
                        programmes.number(text, || (!text.is_empty()).then(|| text.to_owned()))
                    };
                    Values::Narrow(texts.iter().map(number).collect())
                }
                _ => Values::Texts(texts.clone()),
            },
        })
    }

    /// Keys of texts; what a vault has to keep is noted.
    fn keyed(&mut self, sort: Sort, texts: &Texts) -> Vec<u64> {
        let key = |text: &str| match text {
            "" => Keyed { key: 0, check: 0 },
            text => self.keys.keyed(sort, text),
        };
        let keyed: Vec<Keyed> = texts.iter().map(key).collect();
        match sort {
            Sort::Person => self.people.note(&keyed, texts),
            Sort::Name => self.names.note(&keyed, texts),
            Sort::Account => self.accounts.note(&keyed, texts),
            _ => {}
        }
        keyed.into_iter().map(|keyed| keyed.key).collect()
    }

    fn places(&mut self, townships: Option<&Texts>, villages: &Texts) -> Vec<i32> {
        let mut both = String::new();
        let number = |(at, village): (usize, &str)| {
            let township = townships.map_or("", |t| t.get(at));
            if township.is_empty() {
                return self.villages.number(village, || Village::read("", village));
            }
            both.clear();
            both.extend([township, "\u{1f}", village]);
            self.villages.number(&both, || Village::read(township, village))
        };
        villages.iter().enumerate().map(number).collect()
    }
}

/// Gives every row its quality, and a keyed table its main keys, also where the file has none: 0
/// until [`Collector::place_unnamed`].
fn key_rows(table: &TableSpec, block: &Block, rows: &mut Rows) {
    let count = block.rows.len();
    let given = table.key.and_then(|k| table.columns.iter().position(|c| c.name == k));
    rows.quality = match given.and_then(|at| block.columns.get(at)) {
        Some(Column::Ids(_, qualities)) => qualities.iter().map(|q| q.index() as u8).collect(),
        _ => vec![IdQuality::Missing.index() as u8; count],
    };
    if let Some(stored) = key_column(table).and_then(|at| rows.columns.get_mut(at)) {
        stored.get_or_insert_with(|| Values::Keys(vec![0; count]));
    }
}

/// Position of a table's key among its stored columns.
pub fn key_column(table: &TableSpec) -> Option<usize> {
    table.key.and_then(|key| table.stored().position(|c| c.name == key))
}

fn numeric(kind: Kind, numbers: &[i64]) -> Values {
    match Values::new(kind) {
        Values::Narrow(_) => {
            let narrow = |n: &i64| i32::try_from(*n).unwrap_or(NONE_32);
            Values::Narrow(numbers.iter().map(narrow).collect())
        }
        _ => Values::Wide(numbers.to_vec()),
    }
}

/// Values that follow from others where the file has none.
fn derive(table: &TableSpec, block: &Block, rows: &mut Rows) {
    let column = |name: &str| {
        let at = table.columns.iter().position(|c| c.name == name)?;
        block.columns.get(at)
    };
    match table.name {
        "payments" => {
            if let Some(Column::Numbers(days)) = column("paid_day") {
                // Lists are made by day: most rows repeat the day before.
                let mut last = (NONE, NONE);
                let months = days.iter().map(|day| {
                    if last.0 != *day {
                        last = (*day, month_of(*day));
                    }
                    last.1
                });
                fill(table, rows, "period", &months.collect::<Vec<_>>());
            }
        }
        "people" => {
            if let Some(Column::Ids(texts, qualities)) = column("person") {
                let days = texts.iter().zip(qualities).map(|(text, quality)| {
                    let number = IdNumber { text: text.to_owned(), quality: *quality };
                    number.birth_day().map_or(NONE, |day| i64::from(day.0))
                });
                fill(table, rows, "birth_day", &days.collect::<Vec<_>>());
            }
        }
        "disability_cards" => {
            if let Some(Column::Texts(cards)) = column("card") {
                let read: Vec<_> = cards.iter().map(disability_in_card).collect();
                let part = |of: fn((i64, i64)) -> i64| -> Vec<i64> {
                    read.iter().map(|r| r.map_or(NONE, of)).collect()
                };
                fill(table, rows, "category", &part(|r| r.0));
                fill(table, rows, "grade", &part(|r| r.1));
            }
        }
        _ => {}
    }
}

fn month_of(day: i64) -> i64 {
    let day = i32::try_from(day).ok().filter(|_| day != NONE);
    day.map_or(NONE, |day| i64::from(Day(day).month().0))
}

/// Puts derived values where a column has none.
fn fill(table: &TableSpec, rows: &mut Rows, name: &str, derived: &[i64]) {
    let Some((at, spec)) = table.stored().enumerate().find(|(_, c)| c.name == name) else { return };
    let Some(column) = rows.columns.get_mut(at) else { return };
    match column {
        None => *column = Some(numeric(spec.kind, derived)),
        Some(Values::Narrow(values)) => {
            for (value, new) in values.iter_mut().zip(derived).filter(|(v, _)| **v == NONE_32) {
                *value = i32::try_from(*new).unwrap_or(NONE_32);
            }
        }
        Some(Values::Wide(values)) => {
            for (value, new) in values.iter_mut().zip(derived).filter(|(v, _)| **v == NONE) {
                *value = *new;
            }
        }
        Some(_) => {}
    }
}

impl TableRows {
    /// Divides rows by the upper four bits of their key; those without one wait.
    fn scatter(&mut self, table: &TableSpec, rows: &Rows) {
        self.ranges.resize_with(RANGES, Vec::new);
        let mut chosen: Vec<Vec<u32>> = vec![Vec::new(); RANGES];
        let mut unnamed = Vec::new();
        let keys = match key_column(table).and_then(|at| rows.columns.get(at)) {
            Some(Some(Values::Keys(keys))) => keys.as_slice(),
            _ => &[],
        };
        for at in 0..rows.rows.len() {
            let to = match keys.get(at) {
                Some(0) => Some(&mut unnamed),
                key => chosen.get_mut(key.map_or(0, |key| range_of(*key))),
            };
            to.into_iter().for_each(|to| to.push(at as u32));
        }
        let all = self.ranges.iter_mut().chain([&mut self.unnamed]);
        for (segments, chosen) in all.zip(chosen.iter().chain([&unnamed])) {
            append(segments, rows, chosen);
        }
    }
}

/// Appends some rows to the open segment and to new ones.
fn append(segments: &mut Vec<Rows>, rows: &Rows, mut chosen: &[u32]) {
    while !chosen.is_empty() {
        let mut open = open_segment(segments, rows);
        let (now, later) = chosen.split_at(chosen.len().min(SEGMENT - open.rows.len()));
        open.take(rows, now);
        segments.push(open);
        chosen = later;
    }
}

/// The key range of a key.
pub fn range_of(key: u64) -> usize {
    (key >> 60) as usize
}

/// Takes the last segment away if it has these columns and room, or makes a new one.
fn open_segment(segments: &mut Vec<Rows>, like: &Rows) -> Rows {
    let fits = |last: &mut Rows| {
        let same = last.columns.iter().zip(&like.columns).all(|(a, b)| a.is_some() == b.is_some());
        same && last.rows.len() < SEGMENT
    };
    segments.pop_if(fits).unwrap_or_else(|| Rows::like(like))
}

impl Rows {
    /// No rows yet, with room for a whole segment: nothing is moved while it fills.
    fn like(other: &Self) -> Self {
        let room = |values: &Values| values.empty_like(SEGMENT);
        Self {
            rows: Vec::with_capacity(SEGMENT),
            quality: Vec::with_capacity(SEGMENT),
            columns: other.columns.iter().map(|c| c.as_ref().map(room)).collect(),
        }
    }

    /// Appends some of other rows with the same columns.
    fn take(&mut self, from: &Self, chosen: &[u32]) {
        let row = |at: &u32| from.rows.get(*at as usize).copied().unwrap_or(0);
        self.rows.extend(chosen.iter().map(row));
        let missing = IdQuality::Missing.index() as u8;
        let quality = |at: &u32| from.quality.get(*at as usize).copied().unwrap_or(missing);
        self.quality.extend(chosen.iter().map(quality));
        for (to, from) in self.columns.iter_mut().zip(&from.columns) {
            if let (Some(to), Some(from)) = (to, from) {
                to.extend_chosen(from, chosen);
            }
        }
    }
}
