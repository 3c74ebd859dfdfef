//! A model's small sample: facts as CSV with letters for people, and what must be found in them.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use arrow::array::{
    ArrayRef, BooleanArray, Date32Array, Int32Array, Int64Array, RecordBatch, StringViewArray,
    UInt64Array,
};
use domain::benefit::Benefits;
use domain::facts::{self as contract, COMMON, ColumnSpec, Kind, TABLES, TableSpec, row_ref};
use domain::place::Village;
use domain::problem::{Failure, Fault, Place, Problem};
use domain::time::{Day, Month};
use facts::RANGES;

use crate::cell::Cell;
use crate::engine::{Engine, complaint};
use crate::model::Model;
use crate::outcome::{self, Row};
use crate::planned;
use crate::provider::Table;
use crate::reason::{Names, is_period};
use crate::reference;

/// How a model did on its sample.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TestOutcome {
    /// Lines of `expected.csv` that the model did not give.
    pub missing: Vec<String>,
    /// Lines that the model gave and `expected.csv` does not have.
    pub extra: Vec<String>,
    /// Reasons of what it gave, in Chinese and English, by key.
    pub reasons: Vec<(String, String)>,
}

impl TestOutcome {
    /// Whether it gave what was expected, and nothing else.
    #[must_use]
    pub fn passed(&self) -> bool {
        self.missing.is_empty() && self.extra.is_empty()
    }
}

/// Runs a model on its sample.
///
/// # Errors
/// A problem when the sample cannot be read or the model does not run.
pub fn test(model: &Model, benefits: &Benefits) -> Result<TestOutcome, Failure> {
    let engine = Engine::new()?;
    let sample = Sample::read(model, benefits)?;
    reference::register(&engine, benefits, &sample.villages, sample.until)?;
    for (spec, ranges) in sample.tables {
        let table = Table::of(facts::schema(spec), ranges, spec.key);
        engine.register(spec.name, table)?;
    }
    let planned = planned::plan(&engine, model, &model.params(&BTreeMap::new()), benefits)?;
    let (_, batches) = engine
        .run(&planned.plan)
        .map_err(|error| complaint("model-run", model.place("model.sql"), &error))?;
    let rows = outcome::rows(model, &batches)?;
    let names = Names { benefits, villages: BTreeMap::new(), programmes: BTreeMap::new() };
    let findings = outcome::findings(model, &rows, &names)?;
    let (missing, extra) = differences(model, &rows)?;
    let reasons = findings.into_iter().map(|f| (f.reason.zh, f.reason.en)).collect();
    Ok(TestOutcome { missing, extra, reasons })
}

type Lines = Vec<String>;

fn differences(model: &Model, rows: &[Row]) -> Result<(Lines, Lines), Problem> {
    let expected = model.expected.as_deref().unwrap_or_default();
    let file = "expected.csv";
    let (header, lines) = csv_rows(model, file, expected)?;
    if let Some(name) = rows.first().and_then(|row| header.iter().find(|n| unknown(row, n))) {
        let place = Place { column: Some(name.clone()), ..model.place(file) };
        return Err(Problem::new("fixture-column", place).with("column", name));
    }
    let mut missing: Lines = lines.iter().map(|line| line.join(",")).collect();
    let mut extra = Vec::new();
    for row in rows {
        let line: Vec<String> = header.iter().map(|name| shown(row, name)).collect();
        let line = line.join(",");
        match missing.iter().position(|expected| *expected == line) {
            Some(at) => drop(missing.remove(at)),
            None => extra.push(line),
        }
    }
    missing.sort();
    extra.sort();
    Ok((missing, extra))
}

fn unknown(row: &Row, name: &str) -> bool {
    row.get(name).is_none() && name != "people"
}

/// A value as the sample's author writes it.
fn shown(row: &Row, name: &str) -> String {
    match row.get(name) {
        None | Some(Cell::Missing) => String::new(),
        Some(Cell::Key(key)) => letters(*key),
        Some(Cell::Keys(keys)) => joined(keys.iter().map(|key| letters(*key))),
        Some(Cell::Small(number)) => number_shown(name, *number),
        Some(Cell::Smalls(numbers)) => joined(numbers.iter().map(|n| number_shown(name, *n))),
        Some(Cell::Large(number)) => number.to_string(),
        Some(Cell::Larges(numbers)) => joined(numbers.iter().map(ToString::to_string)),
        Some(Cell::Day(day)) => Day(*day).to_string(),
        Some(Cell::Flag(flag)) => flag.to_string(),
        Some(Cell::Text(text)) => text.clone(),
    }
}

fn joined(items: impl Iterator<Item = String>) -> String {
    items.collect::<Vec<_>>().join(" ")
}

fn number_shown(name: &str, number: i32) -> String {
    if name.starts_with("programme") && (1..1000).contains(&number) {
        format!("S{number:02}")
    } else if is_period(name) && number > 9999 {
        Month(number).to_string()
    } else {
        number.to_string()
    }
}

/// Up to eight characters as a key; the first in the highest byte, so that keys sort like letters.
fn key(text: &str) -> Option<u64> {
    let mut bytes = [0; 8];
    bytes.get_mut(..text.len())?.copy_from_slice(text.as_bytes());
    text.is_ascii().then(|| u64::from_be_bytes(bytes))
}

/// The characters of a [`key`], or its digits when it was never made of any.
fn letters(key: u64) -> String {
    let bytes: Vec<u8> = key.to_be_bytes().into_iter().take_while(|byte| *byte != 0).collect();
    match String::from_utf8(bytes) {
        Ok(text) if text.chars().all(|c| c.is_ascii_graphic()) && !text.is_empty() => text,
        _ => format!("{key:016x}"),
    }
}

/// Tables of a model's sample.
#[derive(Debug, Clone)]
pub struct Sample {
    /// Rows of each table in ranges of its key, with all columns.
    pub tables: Vec<(&'static TableSpec, Vec<Vec<RecordBatch>>)>,
    /// Villages that the rows name.
    pub villages: BTreeMap<i32, Village>,
    until: Option<i32>,
}

impl Sample {
    /// Reads the sample of a model.
    ///
    /// # Errors
    /// A problem when a table, a column or a value of it is none.
    pub fn read(model: &Model, benefits: &Benefits) -> Result<Self, Failure> {
        let mut sample = Self { tables: Vec::new(), villages: BTreeMap::new(), until: None };
        for (name, text) in &model.fixtures {
            let file = format!("facts/{name}.csv");
            let unknown = || Problem::new("fixture-table", model.place(&file)).with("table", name);
            let spec = contract::table(name).ok_or_else(unknown)?;
            let reader = Reader { model, benefits, file: &file, spec };
            let ranges = reader.ranges(text)?;
            sample.note(spec, &ranges);
            sample.tables.push((spec, ranges));
        }
        Ok(sample)
    }

    /// Takes note of villages, and of the last day of payment.
    fn note(&mut self, spec: &TableSpec, ranges: &[Vec<RecordBatch>]) {
        for batch in ranges.iter().flatten() {
            let values = |name: &str| -> BTreeSet<i32> {
                let Some(column) = batch.column_by_name(name) else { return BTreeSet::new() };
                (0..column.len())
                    .filter_map(|row| match Cell::at(column, row) {
                        Cell::Small(value) | Cell::Day(value) => Some(value),
                        _ => None,
                    })
                    .collect()
            };
            for number in values("village") {
                let name = number.to_string();
                self.villages.insert(number, Village { name, ..Village::default() });
            }
            if spec.name == "payments" {
                self.until = self.until.max(values("paid_day").last().copied());
            }
        }
    }
}

/// Reads one table of a sample.
struct Reader<'a> {
    model: &'a Model,
    benefits: &'a Benefits,
    file: &'a str,
    spec: &'static TableSpec,
}

/// A line of a sample: its cells by column, and its number.
type Line = (BTreeMap<String, String>, u32);

impl Reader<'_> {
    fn ranges(&self, text: &str) -> Result<Vec<Vec<RecordBatch>>, Failure> {
        let (header, lines) = csv_rows(self.model, self.file, text)?;
        let known = |name: &str| {
            name == "row"
                || COMMON.iter().any(|c| c.name == name)
                || self.spec.column(name).is_some()
        };
        if let Some(name) = header.iter().find(|name| !known(name)) {
            let place = Place { column: Some(name.clone()), ..self.model.place(self.file) };
            return Err(Problem::new("fixture-column", place).with("column", name).into());
        }
        let mut ranges: Vec<Vec<(u64, Line)>> = vec![Vec::new(); RANGES];
        for (number, cells) in (1..).zip(lines) {
            let cells: BTreeMap<_, _> = header.iter().cloned().zip(cells).collect();
            let key = match self.spec.key.map(|name| (name, cells.get(name))) {
                None => 0,
                Some((_, Some(text))) if key(text).is_some_and(|k| k > 0) => key(text).unwrap_or(0),
                Some((name, text)) => return Err(self.wrong(name, number, text).into()),
            };
            let range = usize::try_from(key >> 60).unwrap_or_default();
            if let Some(range) = ranges.get_mut(range) {
                range.push((key, (cells, number)));
            }
        }
        ranges
            .into_iter()
            .map(|mut lines| {
                lines.sort_by_key(|(key, _)| *key);
                let lines: Vec<Line> = lines.into_iter().map(|(_, line)| line).collect();
                if lines.is_empty() { Ok(Vec::new()) } else { Ok(vec![self.batch(&lines)?]) }
            })
            .collect()
    }

    fn batch(&self, lines: &[Line]) -> Result<RecordBatch, Failure> {
        let mut columns: Vec<ArrayRef> = Vec::new();
        for spec in self.spec.stored().chain(COMMON) {
            columns.push(match spec.name {
                "ref" => Arc::new(self.origins(lines)?),
                "id_quality" => {
                    let quality = |(cells, _): &Line| {
                        let text = cells.get("id_quality").filter(|text| !text.is_empty());
                        text.map_or_else(|| "ok".to_owned(), Clone::clone)
                    };
                    Arc::new(
                        lines.iter().map(|line| Some(quality(line))).collect::<StringViewArray>(),
                    )
                }
                _ => self.column(spec, lines)?,
            });
        }
        let batch = RecordBatch::try_new(facts::schema(self.spec), columns);
        Ok(batch.map_err(|error| Fault::new("make sample table", error))?)
    }

    fn origins(&self, lines: &[Line]) -> Result<Int64Array, Problem> {
        let table =
            TABLES.iter().position(|table| table.name == self.spec.name).unwrap_or_default();
        let table = u32::try_from(table + 1).unwrap_or_default();
        let origin = |(cells, number): &Line| match cells.get("row").filter(|text| !text.is_empty())
        {
            None => Ok(row_ref(table, *number)),
            Some(text) => {
                let row = text.parse().map_err(|_| self.wrong("row", *number, Some(text)))?;
                Ok(row_ref(table, row))
            }
        };
        lines.iter().map(|line| origin(line).map(Some)).collect()
    }

    fn column(&self, spec: &ColumnSpec, lines: &[Line]) -> Result<ArrayRef, Problem> {
        Ok(match spec.kind {
            Kind::Person | Kind::Name | Kind::Account | Kind::Household => {
                Arc::new(self.values(spec, lines, key)?.into_iter().collect::<UInt64Array>())
            }
            Kind::Village => {
                let number = |text: &str| text.parse().ok();
                Arc::new(self.values(spec, lines, number)?.into_iter().collect::<Int32Array>())
            }
            Kind::Programme => {
                let number = |text: &str| self.programme(text);
                Arc::new(self.values(spec, lines, number)?.into_iter().collect::<Int32Array>())
            }
            Kind::Month => {
                let month = |text: &str| Month::parse(text).map(|month| month.0);
                Arc::new(self.values(spec, lines, month)?.into_iter().collect::<Int32Array>())
            }
            Kind::Day => {
                let day = |text: &str| Day::parse(text).map(|day| day.0);
                Arc::new(self.values(spec, lines, day)?.into_iter().collect::<Date32Array>())
            }
            Kind::Fen | Kind::Count | Kind::Mu | Kind::SquareMetres => {
                let number = |text: &str| text.parse().ok();
                Arc::new(self.values(spec, lines, number)?.into_iter().collect::<Int64Array>())
            }
            Kind::Flag => {
                let flag = |text: &str| text.parse().ok();
                Arc::new(self.values(spec, lines, flag)?.into_iter().collect::<BooleanArray>())
            }
            Kind::Text | Kind::Township => {
                let text = |text: &str| Some(text.to_owned());
                Arc::new(self.values(spec, lines, text)?.into_iter().collect::<StringViewArray>())
            }
        })
    }

    fn values<T>(
        &self,
        spec: &ColumnSpec,
        lines: &[Line],
        parse: impl Fn(&str) -> Option<T>,
    ) -> Result<Vec<Option<T>>, Problem> {
        let value = |(cells, number): &Line| match cells.get(spec.name).filter(|t| !t.is_empty()) {
            None => Ok(None),
            Some(text) => match parse(text) {
                Some(value) => Ok(Some(value)),
                None => Err(self.wrong(spec.name, *number, Some(text))),
            },
        };
        lines.iter().map(value).collect()
    }

    fn programme(&self, text: &str) -> Option<i32> {
        let listed = self.benefits.items.iter().find(|item| item.code == text);
        listed.map(domain::benefit::Benefit::number).or_else(|| text.parse().ok())
    }

    fn wrong(&self, column: &str, line: u32, text: Option<&String>) -> Problem {
        let (row, column) = (Some(u64::from(line) + 1), Some(column.to_owned()));
        let place = Place { row, column, ..self.model.place(self.file) };
        Problem::new("fixture-value", place).with("value", text.map_or("", String::as_str))
    }
}

/// Header and rows of a CSV text.
fn csv_rows(
    model: &Model,
    file: &str,
    text: &str,
) -> Result<(Vec<String>, Vec<Vec<String>>), Problem> {
    let mut reader = csv::ReaderBuilder::new().trim(csv::Trim::All).from_reader(text.as_bytes());
    let refused = |error: csv::Error| {
        let row = error.position().map(csv::Position::line);
        let place = Place { row, ..model.place(file) };
        Problem::new("fixture-csv", place).with("detail", error)
    };
    let header = reader.headers().map_err(refused)?.iter().map(str::to_owned).collect();
    let rows: Result<Vec<csv::StringRecord>, _> = reader.records().collect();
    let row = |record: csv::StringRecord| record.iter().map(str::to_owned).collect();
    Ok((header, rows.map_err(refused)?.into_iter().map(row).collect()))
}

#[cfg(test)]
mod tests {
    use super::{key, letters};

    #[test]
    fn letters_become_keys_that_sort_alike() {
        for text in ["A", "B2", "1p10", "abcdefgh"] {
            assert_eq!(key(text).map(letters).as_deref(), Some(text));
        }
        assert!(key("A") < key("B") && key("A1") < key("B"));
        assert_eq!(key("ninechars"), None);
        assert_eq!(letters(3), "0000000000000003");
    }
}
