//! `mingbai evaluate`: precision and recall of each model against known answers.

use std::collections::BTreeMap;
use std::path::Path;

use domain::ids::IdNumber;
use domain::problem::{Failure, Fault, Place, Problem};
use facts::Folder;
use screening::evaluate::{Score, Truth, evaluate};

use crate::cli::Evaluate;
use crate::commands::screen;
use crate::say;
use crate::setting::{Ending, Outcome, Setting};

/// Missed cases named per model.
const MISSED_SHOWN: usize = 5;

/// Prints the table.
///
/// # Errors
/// When nothing was screened yet, or the truth file cannot be read.
pub fn run(setting: &Setting, args: &Evaluate) -> Outcome {
    let folder = setting.folder(&args.dir)?;
    let scores = scores(&folder, &args.dir, &args.truth)?;
    if setting.common.json {
        return setting.print_json(&scores);
    }
    say::result(&table(setting, &scores));
    Ok(Ending::Done)
}

/// Scores of the latest run.
///
/// # Errors
/// As [`run`].
pub fn scores(folder: &Folder, dir: &Path, truth: &Path) -> Result<Vec<Score>, Failure> {
    let (_, findings) = screen::latest(folder, dir)?;
    let truth = read_truth(folder, truth)?;
    Ok(evaluate(&findings, &truth))
}

fn read_truth(folder: &Folder, path: &Path) -> Result<Vec<(String, Truth)>, Failure> {
    let text = std::fs::read_to_string(path)
        .map_err(|e| Fault::new("read truth file", format!("{}: {e}", path.display())))?;
    let mut lines = text.trim_start_matches('\u{feff}').lines().enumerate();
    let name = path.display().to_string();
    if lines.next().map(|(_, header)| header.trim()) != Some("category,id_number") {
        return Err(
            Problem::new("truth-header", Place { row: Some(1), ..Place::file(name) }).into()
        );
    }
    let mut truth = Vec::new();
    for (at, line) in lines.filter(|(_, line)| !line.trim().is_empty()) {
        let Some((category, subject)) = line.trim().split_once(',') else {
            let place = Place { row: Some(at as u64 + 1), ..Place::file(name) };
            return Err(Problem::new("truth-line", place).into());
        };
        // A village-grain model is answered by the village's path, others by ID numbers.
        let truth_subject = if subject.bytes().next().is_some_and(|b| b.is_ascii_digit()) {
            Truth::Person(folder.key_of_id(&IdNumber::read(subject).text))
        } else {
            Truth::Village(subject.to_owned())
        };
        truth.push((category.to_owned(), truth_subject));
    }
    Ok(truth)
}

/// The table of scores, a line per model.
#[must_use]
pub fn table(setting: &Setting, scores: &[Score]) -> String {
    let text = setting.text;
    let header = ["model", "findings", "true", "precision", "cases", "found", "recall", "missed"]
        .map(|c| text.get(&format!("ui-column-{c}")));
    let rows: Vec<Vec<String>> = scores
        .iter()
        .map(|score| {
            vec![
                score.model.clone(),
                score.findings.to_string(),
                score.true_findings.to_string(),
                percent(score.precision_bp),
                score.cases.to_string(),
                score.found.to_string(),
                percent(score.recall_bp),
                missed(&score.missed),
            ]
        })
        .collect();
    say::table(&header, &rows, &[1, 2, 3, 4, 5, 6])
}

fn missed(missed: &[Truth]) -> String {
    let mut counted: BTreeMap<String, ()> = BTreeMap::new();
    for truth in missed {
        let label = match truth {
            Truth::Person(key) => crate::names::pseudonym(*key),
            Truth::Village(path) => path.clone(),
        };
        counted.insert(label, ());
    }
    counted.into_keys().take(MISSED_SHOWN).collect::<Vec<_>>().join(" ")
}

fn percent(bp: Option<u32>) -> String {
    bp.map_or_else(|| "-".to_owned(), |bp| format!("{}.{}%", bp / 100, bp / 10 % 10))
}
