//! `mingbai screen`: runs models over the stored facts.

use std::path::Path;

use domain::problem::{Failure, Fault, Place, Problem};
use facts::Folder;
use screening::model::{Model, ModelSet};
use screening::run::{ModelRun, Params, Run};

use crate::cli::Screen;
use crate::figures::{grouped, yuan};
use crate::say;
use crate::setting::{Ending, Outcome, Setting};
use crate::system;

/// File of a run that holds its findings, one JSON object a line.
pub const FINDINGS_FILE: &str = "findings.jsonl";
/// File of a run that says what was run over what.
pub const RUN_FILE: &str = "run.json";

/// Runs the models and prints a table of them.
///
/// # Errors
/// When a model is unknown or does not plan, or the facts cannot be read.
pub fn run(setting: &Setting, args: &Screen) -> Outcome {
    let models = setting.models()?;
    let wanted = wanted(&models, &args.only)?;
    let params = params(&args.params)?;
    let folder = setting.folder(&args.dir)?;
    let (number, run) = screen(setting, &folder, &wanted, &params)?;
    if setting.common.json {
        return setting.print_json(&serde_json::json!({ "run": number, "models": run.models }));
    }
    say::result(&table(setting, &models, &run.models));
    let (number, count) = (number.to_string(), grouped(run.findings.len()));
    let dir = args.dir.display().to_string();
    setting.remark("ui-screen-done", &[("run", &number), ("count", &count), ("dir", &dir)]);
    Ok(Ending::Done)
}

/// Runs models over a folder and stores the run.
///
/// # Errors
/// When a model does not plan, or the facts cannot be read.
pub fn screen(
    setting: &Setting,
    folder: &Folder,
    models: &[&Model],
    params: &Params,
) -> Result<(u32, Run), Failure> {
    let benefits = setting.benefits()?;
    let said = |done: &ModelRun| {
        let (count, ms) = (done.findings.to_string(), done.ms.to_string());
        setting.remark("ui-screen-model", &[("model", &done.id), ("count", &count), ("ms", &ms)]);
    };
    let clock = system::stopwatch();
    let run = screening::run::run(folder, models, &benefits, params, &clock, &said)?;
    let (findings, about) = (run.findings_jsonl()?, run.about_json()?);
    let files: [(&str, &[u8]); 2] = [(FINDINGS_FILE, &findings), (RUN_FILE, &about)];
    let number = folder.save_run(&files)?;
    Ok((number, run))
}

/// The models named, or all.
///
/// # Errors
/// A problem that names the unknown one and the nearest known.
pub fn wanted<'a>(models: &'a ModelSet, only: &[String]) -> Result<Vec<&'a Model>, Failure> {
    if only.is_empty() {
        return Ok(models.models.iter().collect());
    }
    only.iter()
        .map(|id| {
            models.models.iter().find(|m| m.header.id == *id).ok_or_else(|| {
                Failure::from(Problem::new("model-unknown", Place::default()).with("model", id))
            })
        })
        .collect()
}

fn params(settings: &[String]) -> Result<Params, Failure> {
    let mut params = Params::default();
    for setting in settings {
        let parsed = setting.split_once('=').and_then(|(name, value)| {
            let (model, param) = name.split_once('.')?;
            Some((model.to_owned(), param.to_owned(), value.trim().parse::<i64>().ok()?))
        });
        let Some((model, param, value)) = parsed else {
            return Err(Problem::new("param-not-readable", Place::default())
                .with("value", setting)
                .into());
        };
        params.insert((model, param), value);
    }
    Ok(params)
}

/// The table of models: findings, people, money, time.
#[must_use]
pub fn table(setting: &Setting, models: &ModelSet, runs: &[ModelRun]) -> String {
    let text = setting.text;
    let header = ["model", "title", "findings", "people", "amount", "ms"]
        .map(|c| text.get(&format!("ui-column-{c}")));
    let chinese = text.language().is_chinese();
    let rows: Vec<Vec<String>> = runs
        .iter()
        .map(|run| {
            let title =
                models.models.iter().find(|m| m.header.id == run.id).map(|m| &m.header.title);
            vec![
                run.id.clone(),
                title
                    .map(|t| if chinese { t.zh.clone() } else { t.en.clone() })
                    .unwrap_or_default(),
                grouped(run.findings),
                grouped(run.people),
                yuan(domain::money::Fen(run.amount_fen)),
                run.ms.to_string(),
            ]
        })
        .collect();
    say::table(&header, &rows, &[2, 3, 4, 5])
}

/// Findings of the latest run, with its number.
///
/// # Errors
/// A problem when nothing has been screened yet.
pub fn latest(
    folder: &Folder,
    dir: &Path,
) -> Result<(u32, Vec<domain::finding::Finding>), Failure> {
    let Some((number, path)) = folder.latest_run()? else {
        let place = Place::file(dir.display().to_string());
        return Err(Problem::new("no-run-yet", place).into());
    };
    let file = path.join(FINDINGS_FILE);
    let bytes = std::fs::read(&file)
        .map_err(|e| Fault::new("read findings", format!("{}: {e}", file.display())))?;
    let findings: Result<Vec<_>, _> =
        serde_json::Deserializer::from_slice(&bytes).into_iter().collect();
    Ok((number, findings.map_err(|e| Fault::new("read findings", e))?))
}
