//! `mingbai catalogue`: checks, shows and compares the rule data.

use domain::catalogue::{Catalogue, Versioned};
use domain::problem::{Failure, Place, Problem};

use crate::cli::catalogue::CatalogueAct;
use crate::data::{self, Files};
use crate::office::today;
use crate::say;
use crate::setting::{Ending, Outcome, Setting};
use locale::Language;

/// Checks, shows or compares catalogues.
///
/// # Errors
/// When a folder cannot be read, or nobody knows the item.
pub fn run(setting: &Setting, act: CatalogueAct) -> Outcome {
    let files = data::catalogues(setting.common.catalogues.as_deref())?;
    match act {
        CatalogueAct::Check => check(setting, &files),
        CatalogueAct::Show { code } => show(setting, &files, &code),
        CatalogueAct::Diff { other } => diff(setting, &files, &data::catalogues(Some(&other))?),
    }
}

/// All problems at once, each with file, key and hint.
fn check(setting: &Setting, files: &Files) -> Outcome {
    let (catalogue, problems) = Catalogue::load(files);
    for problem in &problems {
        say::result(&setting.text.problem(problem));
    }
    let figures = [
        ("powers", catalogue.powers.len()),
        ("procedures", catalogue.procedures.len()),
        ("duties", catalogue.duties.len()),
        ("rules", catalogue.deadlines.len()),
        ("roles", catalogue.roles.len()),
        ("problems", problems.len()),
    ];
    let figures = figures.map(|(name, count)| (name, count.to_string()));
    let args: Vec<(&str, &str)> = figures.iter().map(|(n, c)| (*n, c.as_str())).collect();
    setting.remark("ui-catalogue-checked", &args);
    Ok(if problems.is_empty() { Ending::Done } else { Ending::Refused })
}

/// The card of a power item: who, what to bring, how long, what is public, what goes wrong.
fn show(setting: &Setting, files: &Files, code: &str) -> Outcome {
    let (catalogue, _) = Catalogue::load(files);
    let day = today();
    let unknown = || -> Failure {
        let place = Place { column: Some(code.to_owned()), ..Place::default() };
        Problem::new("not-registered", place).with("what", "power").with("key", code).into()
    };
    let power = catalogue.powers.get(code).ok_or_else(unknown)?;
    let version = power.on(day).ok_or_else(unknown)?;
    if setting.common.json {
        return setting.print_json(power);
    }
    let zh = setting.text.language() == Language::Chinese;
    let said = |text: &domain::model::Bilingual| if zh { text.zh.clone() } else { text.en.clone() };
    say::result(&format!("{code}  {}", said(&power.title)));
    say::result(&format!("  {}", said(&version.service.who)));
    for condition in &version.service.conditions {
        say::result(&format!("  - {}", said(condition)));
    }
    for step in catalogue.steps_of(code, day)? {
        let due = step.due.as_deref().unwrap_or("");
        say::result(&format!(
            "  {}  {}  {}  {due}",
            step.code,
            said(&step.title),
            step.actors.join("/")
        ));
    }
    for risk in &version.risks {
        say::result(&format!("  ! {} {}", said(&risk.text), risk.models.join(" ")));
    }
    let basis = catalogue.basis_on(&version.basis, day);
    say::result(&format!("  {}", domain::model::Basis::line(&basis)));
    Ok(Ending::Done)
}

/// Files that differ from those of another folder.
fn diff(setting: &Setting, ours: &Files, theirs: &Files) -> Outcome {
    let find = |files: &Files, path: &str| {
        files.iter().find(|(name, _)| name == path).map(|(_, text)| text.clone())
    };
    let mut paths: Vec<&String> =
        ours.iter().chain(theirs).map(|(path, _)| path).filter(|p| p.ends_with(".toml")).collect();
    paths.sort();
    paths.dedup();
    let mut different = 0;
    for path in paths {
        let key = match (find(ours, path), find(theirs, path)) {
            (Some(a), Some(b)) if a == b => continue,
            (Some(_), Some(_)) => "ui-diff-changed",
            (Some(_), None) => "ui-diff-gone",
            _ => "ui-diff-new",
        };
        different += 1;
        say::result(&setting.text.with(key, &[("file", path)]));
    }
    setting.remark("ui-diff-count", &[("count", &different.to_string())]);
    Ok(Ending::Done)
}
