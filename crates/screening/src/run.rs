//! Running models over the stored facts.

use std::collections::{BTreeMap, BTreeSet};

use datafusion::error::DataFusionError;
use domain::benefit::Benefits;
use domain::facts::TableSpec;
use domain::finding::Finding;
use domain::problem::{Failure, Fault, Place, Problem};
use facts::{Dictionaries, Folder, Loaded, Manifest};
use serde::{Deserialize, Serialize};

use crate::ask::Reuse;
use crate::engine::complaint;
use crate::model::Model;
use crate::outcome;
use crate::planned;
use crate::reason::Names;
use crate::session::Session;
use crate::shelf::Shelf;

/// Where facts come from: a data folder, or tables made up for a test.
pub trait Source {
    /// Columns of a table, in ranges of its key, from all batches or some.
    ///
    /// # Errors
    /// When they cannot be read.
    fn load(
        &self,
        table: &TableSpec,
        columns: &[&str],
        batches: Option<&[u32]>,
    ) -> Result<Loaded, Failure>;

    /// Villages and programmes by number.
    ///
    /// # Errors
    /// As [`Source::load`].
    fn dictionaries(&self) -> Result<Dictionaries, Failure>;

    /// Each batch that is not withdrawn.
    ///
    /// # Errors
    /// As [`Source::load`].
    fn batches(&self) -> Result<Vec<Manifest>, Failure>;
}

impl Source for Folder {
    fn load(
        &self,
        table: &TableSpec,
        columns: &[&str],
        batches: Option<&[u32]>,
    ) -> Result<Loaded, Failure> {
        match batches {
            Some(batches) => self.load_some(table, columns, batches),
            None => Self::load(self, table, columns),
        }
    }

    fn dictionaries(&self) -> Result<Dictionaries, Failure> {
        Self::dictionaries(self)
    }

    fn batches(&self) -> Result<Vec<Manifest>, Failure> {
        let mut live = Self::batches(self)?;
        live.retain(Manifest::is_live);
        Ok(live)
    }
}

/// Values that the county sets for parameters, by (model, parameter).
pub type Params = BTreeMap<(String, String), i64>;

/// What one model did.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ModelRun {
    /// Model id.
    pub id: String,
    /// Its version.
    pub version: u32,
    /// SHA-256 of its SQL, in hex.
    pub digest: String,
    /// Values of its parameters.
    pub params: BTreeMap<String, i64>,
    /// Digest of all that its findings follow from.
    #[serde(default)]
    pub made_from: String,
    /// Findings.
    pub findings: usize,
    /// People concerned, each once.
    pub people: usize,
    /// Money concerned.
    pub amount_fen: i64,
    /// Time taken.
    pub ms: u64,
    /// What was taken from earlier runs.
    #[serde(default)]
    pub reuse: Reuse,
    /// Compared with the run before, where that had the model.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub since: Option<Since>,
    /// Code of what kept it from answering.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub failed: Option<String>,
}

/// Findings compared with those of the run before.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Since {
    /// Not there before.
    pub new: usize,
    /// There before, too.
    pub still: usize,
    /// There before, not any more.
    pub gone: usize,
}

/// What a run found, as it was stored.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Before {
    /// Findings by model and key.
    pub findings: Vec<Finding>,
    /// The models.
    pub models: Vec<ModelRun>,
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
    /// Why models did not answer, one problem for each that did not.
    #[serde(skip)]
    pub troubles: Vec<Problem>,
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

/// How models are run.
#[derive(Clone, Copy)]
pub struct How<'a> {
    /// Values of parameters.
    pub params: &'a Params,
    /// The run before, to be compared with, and to take findings from that still hold.
    pub before: Option<&'a Before>,
    /// Whether findings may be taken from it.
    pub reuse: bool,
    /// Where parts of answers are kept, if at all.
    pub shelf: Option<&'a dyn Shelf>,
    /// Any clock that runs forward.
    pub clock_ms: &'a dyn Fn() -> u64,
    /// Hears of each model when it is done.
    pub progress: &'a dyn Fn(&ModelRun),
}

/// A model that is to be run.
struct Job<'a> {
    model: &'a Model,
    params: BTreeMap<String, i64>,
    made_from: String,
    /// Why it cannot be.
    trouble: Option<Problem>,
}

/// Runs models over all facts of a source. A model that does not plan or run, or whose answer is
/// none, fails alone.
///
/// # Errors
/// A problem when a parameter is unknown or out of its range; a fault when the facts cannot be
/// read.
pub fn run(
    source: &dyn Source,
    models: &[&Model],
    benefits: &Benefits,
    how: &How<'_>,
) -> Result<Run, Failure> {
    allowed(models, how.params)?;
    let mut models = models.to_vec();
    models.sort_by(|a, b| a.header.id.cmp(&b.header.id));
    models.dedup_by(|a, b| a.header.id == b.header.id);
    let mut session = Session::new(source, benefits, how.shelf)?;
    let mut jobs = Vec::new();
    for model in models {
        jobs.push(job(&mut session, model, benefits, how)?);
    }
    session.load()?;
    let dictionaries = &session.standing.dictionaries;
    let villages = dictionaries.villages.iter();
    let names = Names {
        benefits,
        villages: villages.map(|(number, village)| (*number, village.path())).collect(),
        programmes: dictionaries.programmes.clone(),
    };
    let batches = session.standing.batches.iter();
    let mut run = Run {
        findings: Vec::new(),
        models: Vec::new(),
        batches: batches.map(|batch| (batch.batch, batch.source_sha256.clone())).collect(),
        troubles: Vec::new(),
    };
    for job in jobs {
        let start = (how.clock_ms)();
        let (found, reuse, trouble) = match job.trouble {
            Some(trouble) => (Vec::new(), Reuse::default(), Some(trouble)),
            None => match job.findings(&mut session, &names, how) {
                Ok((found, reuse)) => (found, reuse, None),
                Err(trouble) => (Vec::new(), Reuse::default(), Some(trouble)),
            },
        };
        let mut done = summary(job.model, job.params, &found);
        done.ms = (how.clock_ms)().saturating_sub(start);
        done.made_from = job.made_from;
        done.reuse = reuse;
        done.failed = trouble.as_ref().map(|problem| problem.code.to_owned());
        done.since =
            how.before.filter(|_| trouble.is_none()).and_then(|b| since(b, &done.id, &found));
        (how.progress)(&done);
        run.models.push(done);
        run.findings.extend(found);
        run.troubles.extend(trouble);
    }
    session.keep()?;
    Ok(run)
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

/// Plans a model and puts it among the queries, unless its findings are known already.
fn job<'a>(
    session: &mut Session<'_>,
    model: &'a Model,
    benefits: &Benefits,
    how: &How<'_>,
) -> Result<Job<'a>, Failure> {
    let params = model.params(how.params);
    let text = format!("{} {params:?}", model.digest);
    let mut job = Job { model, params, made_from: String::new(), trouble: None };
    match planned::plan(&session.engine, model, &job.params, benefits) {
        Ok(planned) => {
            let read = planned.columns.keys().cloned().collect();
            job.made_from = session.standing.whole_key(&text, &read);
            if job.known(how).is_none() {
                let refused = |error| complaint("model-plan", model.place("model.sql"), &error);
                let added = session.add(&model.header.id, &text, planned.plan);
                added.map_err(|failed| failed.or_problem(refused))?;
            }
        }
        Err(problem) => job.trouble = Some(problem),
    }
    Ok(job)
}

impl Job<'_> {
    /// The run before, if its findings of the model still hold.
    fn known<'h>(&self, how: &How<'h>) -> Option<&'h Before> {
        let before = how.before.filter(|_| how.reuse)?;
        let same =
            |done: &&ModelRun| done.id == self.model.header.id && done.made_from == self.made_from;
        before.models.iter().find(same).filter(|done| done.failed.is_none())?;
        Some(before)
    }

    fn findings(
        &self,
        session: &mut Session<'_>,
        names: &Names<'_>,
        how: &How<'_>,
    ) -> Result<(Vec<Finding>, Reuse), Problem> {
        let id = &self.model.header.id;
        if let Some(before) = self.known(how) {
            let found = before.findings.iter().filter(|finding| finding.model == *id);
            return Ok((found.cloned().collect(), Reuse { whole: true, ..Reuse::default() }));
        }
        let failed =
            |error: DataFusionError| complaint("model-run", self.model.place("model.sql"), &error);
        let asked = session.answer(id).map_err(failed)?;
        let rows = outcome::rows(self.model, &asked.rows)?;
        Ok((outcome::findings(self.model, &rows, names)?, asked.reuse))
    }
}

/// A model's findings compared with those of the run before.
fn since(before: &Before, model: &str, found: &[Finding]) -> Option<Since> {
    before.models.iter().find(|done| done.id == model && done.failed.is_none())?;
    let then = before.findings.iter().filter(|finding| finding.model == model);
    let then: BTreeSet<&str> = then.map(|finding| finding.key.as_str()).collect();
    let still = found.iter().filter(|finding| then.contains(finding.key.as_str())).count();
    Some(Since { new: found.len() - still, still, gone: then.len() - still })
}

fn summary(model: &Model, params: BTreeMap<String, i64>, findings: &[Finding]) -> ModelRun {
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
        ..ModelRun::default()
    }
}
