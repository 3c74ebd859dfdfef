//! Running models over the stored facts.

use std::collections::{BTreeMap, BTreeSet};

use arrow::array::{AsArray, RecordBatch};
use arrow::compute::max;
use arrow::datatypes::Date32Type;
use domain::benefit::Benefits;
use domain::facts::{self as contract, TableSpec};
use domain::finding::Finding;
use domain::problem::{Failure, Fault, Place, Problem};
use facts::{Dictionaries, Folder, Loaded};
use serde::Serialize;

use crate::engine::{Columns, Engine, columns_read, complaint};
use crate::model::Model;
use crate::outcome;
use crate::planned::{self, Planned};
use crate::provider::Table;
use crate::reason::Names;
use crate::reference::{self, FACTS_UNTIL};

/// Where facts come from: a data folder, or tables made up for a test.
pub trait Source {
    /// Columns of a table, in ranges of its key.
    ///
    /// # Errors
    /// When they cannot be read.
    fn load(&self, table: &TableSpec, columns: &[&str]) -> Result<Loaded, Failure>;

    /// Villages and programmes by number.
    ///
    /// # Errors
    /// As [`Source::load`].
    fn dictionaries(&self) -> Result<Dictionaries, Failure>;

    /// Number and source digest of each batch that is not withdrawn.
    ///
    /// # Errors
    /// As [`Source::load`].
    fn batches(&self) -> Result<Vec<(u32, String)>, Failure>;
}

impl Source for Folder {
    fn load(&self, table: &TableSpec, columns: &[&str]) -> Result<Loaded, Failure> {
        Self::load(self, table, columns)
    }

    fn dictionaries(&self) -> Result<Dictionaries, Failure> {
        Self::dictionaries(self)
    }

    fn batches(&self) -> Result<Vec<(u32, String)>, Failure> {
        let live = Self::batches(self)?.into_iter().filter(|batch| batch.is_live());
        Ok(live.map(|batch| (batch.batch, batch.source_sha256)).collect())
    }
}

/// Values that the county sets for parameters, by (model, parameter).
pub type Params = BTreeMap<(String, String), i64>;

/// What one model did.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ModelRun {
    /// Model id.
    pub id: String,
    /// Its version.
    pub version: u32,
    /// SHA-256 of its SQL, in hex.
    pub digest: String,
    /// Values of its parameters.
    pub params: BTreeMap<String, i64>,
    /// Findings.
    pub findings: usize,
    /// People concerned, each once.
    pub people: usize,
    /// Money concerned.
    pub amount_fen: i64,
    /// Time taken.
    pub ms: u64,
}

/// What a run did.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Run {
    /// Findings by model and key.
    pub findings: Vec<Finding>,
    /// The models, by id.
    pub models: Vec<ModelRun>,
    /// Number and source digest of each batch that was seen.
    pub batches: Vec<(u32, String)>,
}

impl Run {
    /// The findings, one JSON object a line; the same bytes for the same batches and parameters.
    ///
    /// # Errors
    /// Never in practice: findings have no values that JSON cannot hold.
    pub fn findings_jsonl(&self) -> Result<Vec<u8>, Fault> {
        let mut bytes = Vec::new();
        for finding in &self.findings {
            serde_json::to_writer(&mut bytes, finding)
                .map_err(|error| Fault::new("write findings", error))?;
            bytes.push(b'\n');
        }
        Ok(bytes)
    }

    /// What was run over what, as JSON.
    ///
    /// # Errors
    /// As [`Run::findings_jsonl`].
    pub fn about_json(&self) -> Result<Vec<u8>, Fault> {
        let about = serde_json::json!({ "models": self.models, "batches": self.batches });
        serde_json::to_vec_pretty(&about).map_err(|error| Fault::new("write run", error))
    }
}

/// Runs models over all facts of a source. `clock_ms` is any clock that runs forward;
/// `progress` hears of each model when it is done.
///
/// # Errors
/// A problem when a parameter is unknown or out of its range, or a model does not run; a fault
/// when the facts cannot be read.
pub fn run(
    source: &dyn Source,
    models: &[&Model],
    benefits: &Benefits,
    overrides: &Params,
    clock_ms: &dyn Fn() -> u64,
    progress: &dyn Fn(&ModelRun),
) -> Result<Run, Failure> {
    allowed(models, overrides)?;
    let dictionaries = source.dictionaries()?;
    let mut models = models.to_vec();
    models.sort_by(|a, b| a.header.id.cmp(&b.header.id));
    models.dedup_by(|a, b| a.header.id == b.header.id);
    let engine = Engine::new()?;
    reference::register(&engine, benefits, &dictionaries.villages, None)?;
    let mut columns = Columns::new();
    for model in &models {
        let planned = planned::plan(&engine, model, &model.params(overrides), benefits)?;
        add(&mut columns, planned.columns);
    }
    let until = load_tables(&engine, columns, source)?;
    reference::register(&engine, benefits, &dictionaries.villages, until)?;
    let names = Names {
        benefits,
        villages: dictionaries
            .villages
            .iter()
            .map(|(number, village)| (*number, village.path()))
            .collect(),
        programmes: dictionaries.programmes,
    };
    let mut run = Run { findings: Vec::new(), models: Vec::new(), batches: source.batches()? };
    for model in models {
        let start = clock_ms();
        let params = model.params(overrides);
        let planned = planned::plan(&engine, model, &params, benefits)?;
        let findings = answer(&engine, model, &planned, &names)?;
        let done = summary(model, params, &findings, clock_ms().saturating_sub(start));
        progress(&done);
        run.models.push(done);
        run.findings.extend(findings);
    }
    Ok(run)
}

/// An engine over the columns of the stored facts that some queries read, for questions that are
/// no models. It can only read.
///
/// # Errors
/// A problem when a query does not plan; a fault when the facts cannot be read.
pub fn over(source: &dyn Source, benefits: &Benefits, queries: &[&str]) -> Result<Engine, Failure> {
    let engine = Engine::new()?;
    let villages = source.dictionaries()?.villages;
    reference::register(&engine, benefits, &villages, None)?;
    let mut columns = Columns::new();
    for query in queries {
        let read = || columns_read(&engine.bind(engine.plan(query)?, &BTreeMap::new())?);
        let refused = |error| complaint("query-refused", Place::default(), &error);
        add(&mut columns, read().map_err(refused)?);
    }
    let until = load_tables(&engine, columns, source)?;
    reference::register(&engine, benefits, &villages, until)?;
    Ok(engine)
}

fn allowed(models: &[&Model], overrides: &Params) -> Result<(), Problem> {
    for ((id, name), value) in overrides {
        let model = models.iter().find(|model| model.header.id == *id);
        let problem = |code: &'static str| {
            Problem::new(code, Place::default()).with("model", id).with("param", name)
        };
        let Some(param) = model.and_then(|model| model.header.params.get(name)) else {
            return Err(problem("param-unknown"));
        };
        if !(param.min..=param.max).contains(value) {
            let problem = problem("param-out-of-range").with("value", value);
            return Err(problem.with("min", param.min).with("max", param.max));
        }
    }
    Ok(())
}

fn add(all: &mut Columns, more: Columns) {
    for (table, columns) in more {
        all.entry(table).or_default().extend(columns);
    }
}

/// Loads each table that is read, once, and only the columns that are read. Returns the last day
/// of payment when it is asked for.
fn load_tables(
    engine: &Engine,
    mut columns: Columns,
    source: &dyn Source,
) -> Result<Option<i32>, Failure> {
    let with_day = columns.contains_key(FACTS_UNTIL);
    if with_day {
        columns.entry("payments".to_owned()).or_default().insert("paid_day".to_owned());
    }
    let mut until = None;
    for (name, mut wanted) in columns {
        let Some(spec) = contract::table(&name) else { continue };
        wanted.insert(spec.key.unwrap_or("ref").to_owned());
        let wanted: Vec<&str> = wanted.iter().map(String::as_str).collect();
        let loaded = source.load(spec, &wanted)?;
        if with_day && name == "payments" {
            until = last_day(&loaded.ranges);
        }
        engine.register(spec.name, Table::of(facts::schema(spec), loaded.ranges, spec.key))?;
    }
    Ok(until)
}

fn last_day(ranges: &[Vec<RecordBatch>]) -> Option<i32> {
    let last = |batch: &RecordBatch| {
        max(batch.column_by_name("paid_day")?.as_primitive_opt::<Date32Type>()?)
    };
    ranges.iter().flatten().filter_map(last).max()
}

fn answer(
    engine: &Engine,
    model: &Model,
    planned: &Planned,
    names: &Names<'_>,
) -> Result<Vec<Finding>, Failure> {
    let (_, batches) = engine
        .run(&planned.plan)
        .map_err(|error| complaint("model-run", model.place("model.sql"), &error))?;
    let rows = outcome::rows(model, &batches)?;
    Ok(outcome::findings(model, &rows, names)?)
}

fn summary(
    model: &Model,
    params: BTreeMap<String, i64>,
    findings: &[Finding],
    ms: u64,
) -> ModelRun {
    let people: BTreeSet<u64> = findings.iter().flat_map(|f| f.people.iter().copied()).collect();
    let amounts = findings.iter().filter_map(|finding| finding.amount);
    ModelRun {
        id: model.header.id.clone(),
        version: model.header.version,
        digest: model.digest.clone(),
        params,
        findings: findings.len(),
        people: people.len(),
        amount_fen: amounts.fold(0, |sum, amount| amount.0.saturating_add(sum)),
        ms,
    }
}
