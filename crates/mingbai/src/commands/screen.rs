//! `mingbai screen`: runs models over the stored facts.

use std::path::Path;

use domain::problem::{Failure, Fault, Place, Problem};
use facts::Folder;
use facts::insight::FLOWS_FILE;
use screening::model::{Model, ModelSet};
use screening::run::{Before, How, ModelRun, Params, Run, Since};
use screening::shelf::Anew;
use serde::Deserialize;

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
    let (number, run) = screen(setting, &folder, &wanted, (&params, args.full), &|_| ())?;
    let ending = if run.troubles.is_empty() { Ending::Done } else { Ending::Refused };
    if setting.common.json {
        setting.print_json(&serde_json::json!({ "run": number, "models": run.models }))?;
        return Ok(ending);
    }
    say::result(&table(setting, &models, &run.models));
    if let Some(since) = since(&run.models) {
        let [new, still, gone] = [since.new, since.still, since.gone].map(grouped);
        let args = [("new", new.as_str()), ("still", &still), ("gone", &gone)];
        say::result(&setting.text.with("ui-screen-since", &args));
    }
    if ending == Ending::Refused {
        let count = run.troubles.len().to_string();
        say::note(&setting.text.with("ui-screen-failed", &[("count", &count)]));
    }
    let (number, count) = (number.to_string(), grouped(run.findings.len()));
    let dir = args.dir.display().to_string();
    setting.remark("ui-screen-done", &[("run", &number), ("count", &count), ("dir", &dir)]);
    Ok(ending)
}

/// Runs models over a folder and stores the run, also when some of them fail; why is said. What
/// still holds of earlier answers is taken from them, unless the run shall be `full`. Whoever calls is told
/// of each model.
///
/// # Errors
/// When a parameter is unknown, or the facts cannot be read.
pub fn screen(
    setting: &Setting,
    folder: &Folder,
    models: &[&Model],
    (params, full): (&Params, bool),
    told: &dyn Fn(&ModelRun),
) -> Result<(u32, Run), Failure> {
    let benefits = setting.benefits()?;
    let said = |done: &ModelRun| {
        told(done);
        let (count, ms) = (done.findings.to_string(), done.ms.to_string());
        let args = [("model", done.id.as_str()), ("count", &count), ("ms", &ms)];
        let reuse = done.reuse;
        match done.failed {
            Some(_) => {}
            None if reuse.whole => setting.remark("ui-screen-model-whole", &args),
            None if reuse.kept > 0 && !reuse.reads_all => {
                setting.remark("ui-screen-model-parts", &args);
            }
            None => setting.remark("ui-screen-model", &args),
        }
    };
    let before = before(folder)?;
    let anew = Anew(folder);
    let how = How {
        params,
        before: before.as_ref(),
        reuse: !full,
        shelf: Some(if full { &anew } else { folder }),
        clock_ms: &system::stopwatch(),
        progress: &said,
    };
    let run = screening::run::run(folder, models, &benefits, &how)?;
    for trouble in &run.troubles {
        say::note(&setting.text.problem(trouble));
    }
    let (findings, about) = (run.findings_jsonl()?, run.about_json()?);
    let flows = serde_json::to_vec(&folder.flows()?).map_err(|e| Fault::new("write flows", e))?;
    let files: [(&str, &[u8]); 3] =
        [(FINDINGS_FILE, &findings), (RUN_FILE, &about), (FLOWS_FILE, &flows)];
    let number = folder.save_run(&files)?;
    Ok((number, run))
}

/// The latest run, to be compared with. One that an older program wrote and this one cannot read
/// is as good as none.
fn before(folder: &Folder) -> Result<Option<Before>, Failure> {
    #[derive(Deserialize)]
    struct About {
        models: Vec<ModelRun>,
    }
    let Some((_, path)) = folder.latest_run()? else { return Ok(None) };
    let read = |file| std::fs::read(path.join(file)).unwrap_or_default();
    let Ok(About { models }) = serde_json::from_slice(&read(RUN_FILE)) else { return Ok(None) };
    let findings = read(FINDINGS_FILE);
    let findings: Result<_, _> =
        serde_json::Deserializer::from_slice(&findings).into_iter().collect();
    Ok(findings.ok().map(|findings| Before { findings, models }))
}

/// What changed since the run before, for all models that it had.
fn since(runs: &[ModelRun]) -> Option<Since> {
    runs.iter().filter_map(|run| run.since).reduce(|all, one| Since {
        new: all.new + one.new,
        still: all.still + one.still,
        gone: all.gone + one.gone,
    })
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
                match run.failed {
                    Some(_) => text.get("ui-screen-unanswered"),
                    None => grouped(run.findings),
                },
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
