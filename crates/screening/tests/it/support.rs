//! Files of the workspace, and facts made up in memory.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use arrow::array::{
    ArrayRef, BooleanArray, Date32Array, Int32Array, Int64Array, RecordBatch, StringViewArray,
    UInt64Array, new_null_array,
};
use arrow::datatypes::DataType;
use domain::benefit::Benefits;
use domain::facts::{TableSpec, row_ref, table};
use domain::place::Village;
use domain::problem::Failure;
use facts::{Dictionaries, Loaded, Manifest, RANGES};
use screening::model::{Model, ModelSet};
use screening::run::{How, ModelRun, Params, Run, Source, run};

pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// Files below a folder, as (path relative to it, text), sorted.
pub fn files(root: &Path) -> Vec<(String, String)> {
    let (mut files, mut folders) = (Vec::new(), vec![root.to_path_buf()]);
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let name = path.strip_prefix(root).unwrap().to_str().unwrap().to_owned();
                files.push((name, fs::read_to_string(&path).unwrap()));
            }
        }
    }
    files.sort();
    files
}

pub fn benefits() -> Benefits {
    Benefits::load(&files(&root().join("catalogues"))).0
}

pub fn models() -> Vec<Model> {
    let (set, problems) = ModelSet::load(&files(&root().join("models")));
    assert!(problems.is_empty(), "{problems:?}");
    assert!(!set.models.is_empty(), "no models in models/");
    set.models
}

/// Runs models without anything from before.
pub fn go(
    source: &dyn Source,
    models: &[&Model],
    params: &Params,
    clock_ms: &dyn Fn() -> u64,
    progress: &dyn Fn(&ModelRun),
) -> Result<Run, Failure> {
    let how = How { params, before: None, reuse: false, shelf: None, clock_ms, progress };
    run(source, models, &benefits(), &how)
}

/// A new model with some text replaced in its SQL file.
pub fn model(changes: &[(&str, &str)]) -> Model {
    let mut files = screening::scaffold("new-thing");
    for (from, to) in changes {
        let mut changed = false;
        for (_, text) in &mut files {
            changed |= text.contains(from);
            *text = text.replace(from, to);
        }
        assert!(changed, "no {from:?} to replace");
    }
    let (mut set, problems) = ModelSet::load(&files);
    assert!(problems.is_empty(), "{problems:?}");
    set.models.remove(0)
}

/// Payments and deaths of people whose keys are spread over all ranges.
pub struct MadeUp {
    pub people: u64,
    pub months: i32,
}

impl MadeUp {
    fn key(person: u64) -> u64 {
        person.wrapping_mul(0x9e37_79b9_7f4a_7c15)
    }

    fn rows(&self, spec: &TableSpec) -> Vec<(u64, i32)> {
        let months = if spec.name == "payments" { self.months } else { 1 };
        // One person in ten has died.
        let step = if spec.name == "deaths" { 10 } else { 1 };
        let people = (1..=self.people).step_by(step).map(Self::key);
        let mut rows: Vec<_> =
            people.flat_map(|key| (0..months).map(move |month| (key, month))).collect();
        rows.sort_unstable();
        rows
    }

    fn column(name: &str, kind: &DataType, rows: &[(u64, i32)]) -> ArrayRef {
        let period = |month: i32| 202_401 + month / 12 * 100 + month % 12;
        match name {
            "person" => Arc::new(UInt64Array::from_iter_values(rows.iter().map(|r| r.0))),
            "village" => {
                Arc::new(Int32Array::from_iter_values(rows.iter().map(|r| (r.0 % 30) as i32 + 1)))
            }
            "programme" => Arc::new(Int32Array::from_iter_values(
                rows.iter().map(|r| [1, 11, 18][(r.0 % 3) as usize]),
            )),
            "period" => Arc::new(Int32Array::from_iter_values(rows.iter().map(|r| period(r.1)))),
            "paid_day" | "death_day" => {
                Arc::new(Date32Array::from_iter_values(rows.iter().map(|r| 19_723 + r.1 * 30)))
            }
            "amount_fen" => Arc::new(Int64Array::from_iter_values(
                rows.iter().map(|r| 10_000 + (r.0 % 7) as i64),
            )),
            "returned" => Arc::new(BooleanArray::from(vec![false; rows.len()])),
            "id_quality" => Arc::new(StringViewArray::from_iter_values(rows.iter().map(|_| "ok"))),
            "ref" => Arc::new(Int64Array::from_iter_values(
                rows.iter().enumerate().map(|(n, _)| row_ref(1, n as u32 + 1)),
            )),
            _ => new_null_array(kind, rows.len()),
        }
    }
}

impl Source for MadeUp {
    fn load(
        &self,
        spec: &TableSpec,
        columns: &[&str],
        _: Option<&[u32]>,
    ) -> Result<Loaded, Failure> {
        let full = facts::schema(spec);
        let places: Vec<usize> = columns.iter().map(|c| full.index_of(c).unwrap()).collect();
        let schema = Arc::new(full.project(&places).unwrap());
        let mut ranges = vec![Vec::new(); RANGES];
        if table(spec.name).is_some() && ["payments", "deaths", "people"].contains(&spec.name) {
            let all = self.rows(spec);
            for (range, batches) in ranges.iter_mut().enumerate() {
                let rows: Vec<_> =
                    all.iter().copied().filter(|r| (r.0 >> 60) as usize == range).collect();
                let columns = schema
                    .fields()
                    .iter()
                    .map(|field| Self::column(field.name(), field.data_type(), &rows))
                    .collect();
                batches.push(RecordBatch::try_new(schema.clone(), columns).unwrap());
            }
        }
        Ok(Loaded { schema, ranges })
    }

    fn dictionaries(&self) -> Result<Dictionaries, Failure> {
        let village = |n: i32| Village { name: format!("村{n}"), ..Village::default() };
        let villages: BTreeMap<i32, Village> = (1..=30).map(|n| (n, village(n))).collect();
        Ok(Dictionaries { villages, ..Dictionaries::default() })
    }

    fn batches(&self) -> Result<Vec<Manifest>, Failure> {
        let source_sha256 = "made up".to_owned();
        Ok(vec![Manifest { batch: 1, source_sha256, ..Manifest::default() }])
    }
}
