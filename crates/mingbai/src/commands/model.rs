//! `mingbai model`: list, new, check, test, explain.

use std::path::{Path, PathBuf};

use domain::problem::{Failure, Fault, Place, Problem};
use screening::model::Model;

use crate::cli::ModelAct;
use crate::commands::screen::wanted;
use crate::figures::code;
use crate::say;
use crate::setting::{Ending, Outcome, Setting};

/// Runs the act.
///
/// # Errors
/// When a model is unknown, or its files cannot be read or written.
pub fn run(setting: &Setting, act: ModelAct) -> Outcome {
    match act {
        ModelAct::List => list(setting),
        ModelAct::New { id } => new(setting, &id),
        ModelAct::Check { id } => check(setting, &id),
        ModelAct::Test { id } => test(setting, &id),
        ModelAct::Explain { id } => explain(setting, &id),
    }
}

fn list(setting: &Setting) -> Outcome {
    let models = setting.models()?;
    if setting.common.json {
        let headers: Vec<_> = models.models.iter().map(|m| &m.header).collect();
        return setting.print_json(&headers);
    }
    let text = setting.text;
    let terms = setting.terms()?;
    let chinese = text.language().is_chinese();
    let header = ["model", "number", "title", "grain", "violation", "severity", "version"]
        .map(|c| text.get(&format!("ui-column-{c}")));
    let rows: Vec<Vec<String>> = models
        .models
        .iter()
        .map(|Model { header: h, .. }| {
            let label = |group: &str, code: String| terms.label(group, &code, chinese).to_owned();
            vec![
                h.id.clone(),
                h.number.clone().unwrap_or_default(),
                if chinese { h.title.zh.clone() } else { h.title.en.clone() },
                label("grain", code(&h.grain)),
                label("violation", code(&h.violation)),
                label("severity", code(&h.severity)),
                h.version.to_string(),
            ]
        })
        .collect();
    say::result(&say::table(&header, &rows, &[6]));
    Ok(Ending::Done)
}

/// Writes the files of a new model below the models folder (here, unless `--models` names one).
fn new(setting: &Setting, id: &str) -> Outcome {
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    if id.is_empty() || !id.chars().all(plain) || id.starts_with('-') {
        return Err(Problem::new("model-id", Place::default()).with("model", id).into());
    }
    let root = setting.common.models.clone().unwrap_or_else(|| PathBuf::from("models"));
    let folder = root.join(id);
    if folder.exists() {
        return Err(Problem::new("model-exists", Place::file(folder.display().to_string())).into());
    }
    for (path, text) in screening::scaffold(id) {
        put(&root.join(path), &text)?;
    }
    setting.remark("ui-model-made", &[("path", &folder.display().to_string())]);
    Ok(Ending::Done)
}

fn put(path: &Path, text: &str) -> Result<(), Failure> {
    let fault = |e: std::io::Error| Fault::new("write model", format!("{}: {e}", path.display()));
    if let Some(parent) = path.parent() {
        std::fs::create_dir_all(parent).map_err(fault)?;
    }
    std::fs::write(path, text).map_err(fault)?;
    Ok(())
}

fn check(setting: &Setting, ids: &[String]) -> Outcome {
    let (models, benefits) = (setting.models()?, setting.benefits()?);
    let mut ending = Ending::Done;
    for model in wanted(&models, ids)? {
        let problems = screening::check::check(model, &benefits);
        let state = if problems.is_empty() { "ui-model-good" } else { "ui-model-bad" };
        say::result(&setting.text.with(state, &[("model", &model.header.id)]));
        for problem in &problems {
            say::note(&setting.text.problem(problem));
            ending = Ending::Refused;
        }
    }
    Ok(ending)
}

fn test(setting: &Setting, ids: &[String]) -> Outcome {
    let (models, benefits) = (setting.models()?, setting.benefits()?);
    let mut ending = Ending::Done;
    for model in wanted(&models, ids)? {
        let outcome = screening::fixture::test(model, &benefits)?;
        let state = if outcome.passed() { "ui-model-good" } else { "ui-model-bad" };
        say::result(&setting.text.with(state, &[("model", &model.header.id)]));
        if !outcome.passed() {
            ending = Ending::Refused;
            for line in &outcome.missing {
                say::note(&setting.text.with("ui-model-missing", &[("line", line)]));
            }
            for line in &outcome.extra {
                say::note(&setting.text.with("ui-model-extra", &[("line", line)]));
            }
        }
    }
    Ok(ending)
}

fn explain(setting: &Setting, id: &str) -> Outcome {
    let (models, benefits) = (setting.models()?, setting.benefits()?);
    let ids = [id.to_owned()];
    for model in wanted(&models, &ids)? {
        say::result(model.readme.trim_end());
        let header = ["param", "value", "range", "unit", "basis", "confidence"]
            .map(|c| setting.text.get(&format!("ui-column-{c}")));
        let rows: Vec<Vec<String>> = model
            .header
            .params
            .iter()
            .map(|(name, p)| {
                let range = format!("{}..{}", p.min, p.max);
                vec![
                    name.clone(),
                    p.default.to_string(),
                    range,
                    p.unit.clone(),
                    p.basis.clone(),
                    p.confidence.clone(),
                ]
            })
            .collect();
        if !rows.is_empty() {
            say::result("");
            say::result(&say::table(&header, &rows, &[1]));
        }
        say::result("");
        say::result(&screening::explain(model, &benefits)?);
    }
    Ok(Ending::Done)
}
