//! `mingbai import`: files or folders of agency files into the data folder.

use std::path::{Path, PathBuf};

use domain::benefit::Benefits;
use domain::facts::TableSpec;
use domain::problem::{Failure, Fault, Place, Problem};
use exchange::mapping::{Mapping, fingerprint};
use exchange::recognise::Plan;
use exchange::source::{Limits, Source};
use facts::{Folder, ImportOptions, Imported, Plans};

use crate::cli::Import;
use crate::commands::imported;
use crate::progress::Step;
use crate::say;
use crate::setting::{Ending, Outcome, Setting};
use crate::system;

/// Worker threads beside the reader, at most: more than the cores only costs memory.
const THREADS_MAX: usize = 8;

/// What the user asked for beside the paths.
#[derive(Default)]
pub struct Choices {
    /// Data set forced by `--as`.
    pub table: Option<&'static TableSpec>,
    /// Mapping forced by `--map`.
    pub mapping: Option<Mapping>,
    /// Read and count, write nothing.
    pub dry_run: bool,
    /// Import a file that was imported before.
    pub again: bool,
}

/// Imports what is named on the command line.
///
/// # Errors
/// When the data folder or the mapping file cannot be used; a refused file is said and counted
/// instead.
pub fn run(setting: &Setting, args: &Import) -> Outcome {
    let choices = Choices {
        table: args.dataset.as_deref().map(known_table).transpose()?,
        mapping: args.map.as_deref().map(|path| read_mapping(setting, path)).transpose()?,
        dry_run: args.dry_run,
        again: args.again,
    };
    let folder = setting.folder(&args.dir)?;
    import_paths(setting, &folder, &choices, &args.paths)
}

fn known_table(name: &str) -> Result<&'static TableSpec, Failure> {
    domain::facts::table(name).ok_or_else(|| {
        let known: Vec<&str> = domain::facts::TABLES.iter().map(|t| t.name).collect();
        Problem::new("dataset-unknown", Place::default())
            .with("name", name)
            .with("known", known.join(", "))
            .into()
    })
}

fn read_mapping(setting: &Setting, path: &Path) -> Result<Mapping, Failure> {
    let name = path.display().to_string();
    let text = std::fs::read_to_string(path)
        .map_err(|_| Problem::new("file-not-readable", Place::file(&name)))?;
    Mapping::parse(&name, &text).map_err(|problems| {
        let mut problems = problems.into_iter();
        let first = problems
            .next()
            .unwrap_or_else(|| Problem::new("file-not-readable", Place::file(&name)));
        for other in problems {
            say::note(&setting.text.problem(&other));
        }
        first.into()
    })
}

/// Imports files and folders into an open folder, one batch a file.
///
/// # Errors
/// Only for faults of ours; a refused file is said and makes the ending `Refused`.
pub fn import_paths(
    setting: &Setting,
    folder: &Folder,
    choices: &Choices,
    paths: &[PathBuf],
) -> Outcome {
    let benefits = setting.benefits()?;
    let mut ending = Ending::Done;
    let mut done = Vec::new();
    for path in expand(paths)? {
        match import_file(setting, folder, choices, &benefits, &path) {
            Ok(imported) => {
                if !setting.common.json {
                    imported::say(setting, &imported);
                }
                done.push(imported);
            }
            Err(Failure::Fault(fault)) => return Err(fault.into()),
            Err(refusal) => {
                say::note(&setting.text.failure(&refusal));
                ending = Ending::Refused;
            }
        }
    }
    if setting.common.json {
        setting.print_json(&done.iter().map(|i| &i.manifest).collect::<Vec<_>>())?;
    } else {
        imported::say_all(setting, &done, ending);
    }
    Ok(ending)
}

/// Files as named, and those below the folders named, in the order of their names.
fn expand(paths: &[PathBuf]) -> Result<Vec<PathBuf>, Failure> {
    let mut files = Vec::new();
    for path in paths {
        if !path.is_dir() {
            files.push(path.clone());
            continue;
        }
        let (mut inside, mut folders) = (Vec::new(), vec![path.clone()]);
        while let Some(dir) = folders.pop() {
            let fault =
                |e: std::io::Error| Fault::new("read folder", format!("{}: {e}", dir.display()));
            for entry in std::fs::read_dir(&dir).map_err(fault)? {
                let entry = entry.map_err(fault)?.path();
                let hidden =
                    entry.file_name().is_some_and(|n| n.to_string_lossy().starts_with(['.', '~']));
                match (hidden, entry.is_dir()) {
                    (true, _) => {}
                    (false, true) => folders.push(entry),
                    (false, false) => inside.push(entry),
                }
            }
        }
        inside.sort();
        files.append(&mut inside);
    }
    Ok(files)
}

fn import_file(
    setting: &Setting,
    folder: &Folder,
    choices: &Choices,
    benefits: &Benefits,
    path: &Path,
) -> Result<Imported, Failure> {
    let source = Source::open(path, Limits::default())?;
    let plans = plans(setting, folder, choices, &source)?;
    let step = Step::start(setting.loudness(), setting.text, source.name(), source.bytes());
    let options = ImportOptions {
        again: choices.again,
        dry_run: choices.dry_run,
        now_ms: system::now_ms(),
        progress: &step,
        threads: std::thread::available_parallelism().map_or(2, usize::from).min(THREADS_MAX),
    };
    let imported = folder.import(&source, &plans, benefits, &options);
    step.finish();
    let imported = imported?;
    if let (Some(mapping), false) = (&choices.mapping, choices.dry_run) {
        for plan in &plans {
            folder.remember_mapping(&fingerprint(&source, plan.sheet), mapping)?;
        }
    }
    Ok(imported)
}

/// How the file is read; what was understood, and what was left out, is said.
fn plans(
    setting: &Setting,
    folder: &Folder,
    choices: &Choices,
    source: &Source,
) -> Result<Vec<Plan>, Failure> {
    let Plans { plans, left_out } =
        folder.plans(source, choices.table, choices.mapping.as_ref())?;
    if !setting.common.json {
        plans.iter().for_each(|plan| imported::say_plan(setting, source, plan));
    }
    for problem in left_out {
        let problem = setting.text.problem(&problem);
        setting.remark("ui-import-sheet-left-out", &[("problem", &problem)]);
    }
    Ok(plans)
}
