//! Findings from kept answers are those of a full run, whatever arrived or was taken back.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use arrow::array::{Array, ArrayRef, AsArray, Int64Array, RecordBatch, UInt32Array};
use arrow::compute::{concat_batches, take_record_batch};
use arrow::datatypes::{Date32Type, Int32Type, UInt64Type};
use domain::facts::{TABLES, TableSpec, row_ref};
use domain::place::Village;
use domain::problem::Failure;
use facts::{Dictionaries, Loaded, Manifest, RANGES, TableManifest};
use screening::fixture::Sample;
use screening::model::Model;
use screening::run::{Before, How, Params, Run, Source, run};
use screening::shelf::Shelf;

use crate::support::{benefits, models};

/// Batches in memory, and a shelf.
#[derive(Default)]
struct Lake {
    batches: Vec<(Manifest, RecordBatch)>,
    villages: BTreeMap<i32, Village>,
    shelf: RefCell<BTreeMap<String, Vec<u8>>>,
}

/// Numbers that look random and are the same in every run.
struct Dice(u64);

impl Dice {
    fn below(&mut self, end: usize) -> usize {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % end.max(1)
    }
}

impl Lake {
    /// Takes rows of a table up as a batch of their own.
    fn import(&mut self, spec: &TableSpec, rows: &RecordBatch) {
        let number = self.batches.last().map_or(1, |(last, _)| last.batch + 1);
        let origins = (1..=rows.num_rows()).map(|row| row_ref(number, row as u32));
        let mut columns = rows.columns().to_vec();
        *columns.last_mut().unwrap() = Arc::new(origins.collect::<Int64Array>()) as ArrayRef;
        let rows = RecordBatch::try_new(rows.schema(), columns).unwrap();
        let periods = rows.column_by_name("period").filter(|_| spec.name == "payments");
        let periods = periods.map(|months| {
            let months = months.as_primitive::<Int32Type>().iter().map(Option::unwrap_or_default);
            months.collect::<BTreeSet<i32>>().into_iter().collect()
        });
        let table = TableManifest {
            table: spec.name.to_owned(),
            rows: rows.num_rows() as u64,
            sha256: format!("{number} of {}", spec.name),
            periods,
            ..TableManifest::default()
        };
        let manifest = Manifest { batch: number, tables: vec![table], ..Manifest::default() };
        self.batches.push((manifest, rows));
    }

    fn withdraw(&mut self, at: usize) {
        self.batches.remove(at);
    }

    fn run(&self, models: &[&Model], before: Option<&Before>, keeping: bool) -> Run {
        let shelf: &dyn Shelf = self;
        let how = How {
            params: &Params::new(),
            before,
            reuse: true,
            shelf: keeping.then_some(shelf),
            clock_ms: &|| 0,
            progress: &|_| {},
        };
        run(self, models, &benefits(), &how).unwrap()
    }
}

impl Source for Lake {
    fn load(
        &self,
        spec: &TableSpec,
        columns: &[&str],
        batches: Option<&[u32]>,
    ) -> Result<Loaded, Failure> {
        let full = facts::schema(spec);
        let wanted = |manifest: &Manifest| {
            manifest.tables[0].table == spec.name
                && batches.is_none_or(|batches| batches.contains(&manifest.batch))
        };
        let rows: Vec<&RecordBatch> =
            self.batches.iter().filter(|(m, _)| wanted(m)).map(|(_, rows)| rows).collect();
        let rows = concat_batches(&full, rows).unwrap();
        let places: Vec<usize> = columns.iter().map(|c| full.index_of(c).unwrap()).collect();
        let key = |at: usize| match spec.key {
            Some(key) => rows.column_by_name(key).unwrap().as_primitive::<UInt64Type>().value(at),
            None => 0,
        };
        let day = |at: usize| {
            let days =
                spec.day.map(|day| rows.column_by_name(day).unwrap().as_primitive::<Date32Type>());
            days.filter(|days| days.is_valid(at)).map_or(i32::MIN, |days| days.value(at))
        };
        let origin = |at: usize| {
            rows.columns().last().unwrap().as_primitive::<arrow::datatypes::Int64Type>().value(at)
        };
        let mut order: Vec<u32> = (0..rows.num_rows() as u32).collect();
        order.sort_by_key(|at| (key(*at as usize), day(*at as usize), origin(*at as usize)));
        let ranges = (0..RANGES).map(|range| {
            let of_range =
                order.iter().copied().filter(|at| (key(*at as usize) >> 60) as usize == range);
            let of_range: Vec<u32> = of_range.collect();
            let rows = rows.project(&places).unwrap();
            match of_range.is_empty() {
                true => Vec::new(),
                false => vec![take_record_batch(&rows, &UInt32Array::from(of_range)).unwrap()],
            }
        });
        let schema = Arc::new(full.project(&places).unwrap());
        Ok(Loaded { schema, ranges: ranges.collect() })
    }

    fn dictionaries(&self) -> Result<Dictionaries, Failure> {
        Ok(Dictionaries { villages: self.villages.clone(), ..Dictionaries::default() })
    }

    fn batches(&self) -> Result<Vec<Manifest>, Failure> {
        Ok(self.batches.iter().map(|(manifest, _)| manifest.clone()).collect())
    }
}

impl Shelf for Lake {
    fn kept(&self, name: &str) -> Result<Option<Vec<u8>>, Failure> {
        Ok(self.shelf.borrow().get(name).cloned())
    }

    fn keep(&self, _: &[u32], files: &[(String, Vec<u8>)]) -> Result<(), Failure> {
        self.shelf.borrow_mut().extend(files.iter().cloned());
        Ok(())
    }
}

/// All rows of the samples of some models, by table, and their villages.
fn samples(models: &[Model]) -> (Vec<(&'static TableSpec, RecordBatch)>, BTreeMap<i32, Village>) {
    let (mut rows, mut villages) = (BTreeMap::<&str, Vec<RecordBatch>>::new(), BTreeMap::new());
    for model in models {
        let sample = Sample::read(model, &benefits()).unwrap();
        for (spec, ranges) in sample.tables {
            rows.entry(spec.name).or_default().extend(ranges.into_iter().flatten());
        }
        villages.extend(sample.villages);
    }
    let table = |spec: &'static TableSpec| {
        Some((spec, concat_batches(&facts::schema(spec), rows.get(spec.name)?).unwrap()))
    };
    (TABLES.iter().filter_map(table).collect(), villages)
}

/// Some of the rows that are left, in any order.
fn drawn(dice: &mut Dice, rows: &RecordBatch, left: &mut Vec<u32>, most: usize) -> RecordBatch {
    let count = (1 + dice.below(most)).min(left.len());
    let chosen: Vec<u32> = (0..count).map(|_| left.swap_remove(dice.below(left.len()))).collect();
    take_record_batch(rows, &UInt32Array::from(chosen)).unwrap()
}

/// Imports and withdrawals at random, with a run after each few of them.
fn sequence(seed: u64, steps: usize) {
    let models = models();
    let all: Vec<&Model> = models.iter().collect();
    let mut dice = Dice(seed);
    let (tables, villages) = samples(&models);
    let mut lake = Lake { villages, ..Lake::default() };
    let mut left: Vec<Vec<u32>> =
        tables.iter().map(|(_, rows)| (0..rows.num_rows() as u32).collect()).collect();
    // Registers come first, most of them whole.
    for ((spec, rows), left) in tables.iter().zip(&mut left) {
        let most = if spec.name == "payments" { left.len() / 2 } else { left.len() * 3 };
        lake.import(spec, &drawn(&mut dice, rows, left, most));
    }
    let mut before: Option<Before> = None;
    let (mut kept, mut whole, mut found) = (0, 0, 0);
    for step in 0..steps {
        let full = lake.run(&all, None, false);
        assert!(full.troubles.is_empty(), "{:?}", full.troubles);
        let run = lake.run(&all, before.as_ref(), true);
        for model in &all {
            let of = |run: &Run| -> Vec<_> {
                run.findings.iter().filter(|f| f.model == model.header.id).cloned().collect()
            };
            assert_eq!(of(&run), of(&full), "{} after step {step} of {seed}", model.header.id);
        }
        assert_eq!(run.findings_jsonl().unwrap(), full.findings_jsonl().unwrap());
        kept += run.models.iter().filter(|done| done.reuse.kept > 0).count();
        whole += run.models.iter().filter(|done| done.reuse.whole).count();
        found += run.findings.len();
        before = Some(Before { findings: run.findings, models: run.models });
        // Payments arrive in most steps; now and then a register, nothing, or something goes.
        let arriving = if step == 0 { 0 } else { 1 + dice.below(2) };
        for _ in 0..arriving {
            let at = if dice.below(4) > 0 { 0 } else { dice.below(tables.len()) };
            let ((spec, rows), left) = (&tables[at], &mut left[at]);
            if !left.is_empty() {
                lake.import(spec, &drawn(&mut dice, rows, left, 1 + left.len() / 3));
            }
        }
        if step > 0 && dice.below(5) == 0 {
            lake.withdraw(dice.below(lake.batches.len()));
        }
    }
    // Otherwise nothing was tested.
    assert!(kept > steps && whole > 0 && found > 100, "{kept} {whole} {found}");
}

#[test]
fn any_sequence_gives_the_findings_of_a_full_run() {
    sequence(1, 5);
}

#[test]
fn another_sequence_does_too() {
    sequence(77, 5);
}
