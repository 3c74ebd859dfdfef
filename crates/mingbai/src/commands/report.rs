//! `mingbai report`: the page to read, print or send.

use std::path::Path;

use domain::money::Fen;
use domain::problem::{Failure, Fault};
use facts::{Folder, Manifest};

use crate::cli::{Report, Reveal};
use crate::commands::{batches, reveal, screen};
use crate::figures::{grouped, yuan};
use crate::report::{FileLine, Source, render};
use crate::setting::{Ending, Outcome, Setting};
use crate::system;

/// Writes the page.
///
/// # Errors
/// When nothing was screened yet, a purpose is missing, or the file cannot be written.
pub fn run(setting: &Setting, args: &Report) -> Outcome {
    let folder = setting.folder(&args.dir)?;
    write(setting, &folder, &args.dir, &args.reveal, &args.output)?;
    setting.remark("ui-report-written", &[("path", &args.output.display().to_string())]);
    Ok(Ending::Done)
}

/// Writes the page of a folder's latest run.
///
/// # Errors
/// As [`run`].
pub fn write(
    setting: &Setting,
    folder: &Folder,
    dir: &Path,
    show: &Reveal,
    output: &Path,
) -> Result<(), Failure> {
    let (number, findings) = screen::latest(folder, dir)?;
    let names = reveal::names(folder, show, "report", &findings)?;
    let models = setting.models()?;
    let terms = setting.terms()?;
    let headers: Vec<_> = models.models.iter().map(|m| &m.header).collect();
    let source = Source {
        county: folder.county(),
        run: number,
        day: &batches::day(system::now_ms()),
        findings: &findings,
        models: &headers,
        files: folder
            .batches()?
            .iter()
            .filter(|b| b.is_live())
            .flat_map(|b| files(b, &terms, setting))
            .collect(),
        terms: &terms,
        names: &names,
        purpose: if show.reveal { &show.purpose } else { "" },
    };
    let page = render(&source, setting.text).map_err(|e| Fault::new("render report", e))?;
    std::fs::write(output, page)
        .map_err(|e| Fault::new("write report", format!("{}: {e}", output.display())))?;
    Ok(())
}

fn files(batch: &Manifest, terms: &domain::terms::Terms, setting: &Setting) -> Vec<FileLine> {
    let chinese = setting.text.language().is_chinese();
    let line = |table: &facts::TableManifest| {
        let kept = table.tally.read - table.tally.refused;
        FileLine {
            name: batch.source_name.clone(),
            tables: terms.label("table", &table.table, chinese).to_owned(),
            rows: [table.tally.read, kept, table.tally.refused]
                .map(|n| grouped(usize::try_from(n).unwrap_or(usize::MAX))),
            amount: if table.tally.kept_fen == 0 {
                String::new()
            } else {
                yuan(Fen(table.tally.kept_fen))
            },
        }
    };
    batch.tables.iter().map(line).collect()
}
