//! `mingbai findings`: the list of findings as table, CSV, JSON or workbook.

use std::io::{Cursor, Write};

use domain::finding::Finding;
use domain::model::Grain;
use domain::problem::{Failure, Fault};
use exchange::write::Cell;

use crate::cli::{Findings, Format};
use crate::commands::{reveal, screen};
use crate::figures::{code, yuan};
use crate::names::Names;
use crate::say;
use crate::setting::{Ending, Outcome, Setting};

/// Columns of the list, in the order that other programs rely on.
const COLUMNS: [&str; 13] = [
    "finding",
    "model",
    "violation",
    "severity",
    "grain",
    "subject",
    "id_number",
    "name",
    "village",
    "period",
    "amount_yuan",
    "reason",
    "score",
];
/// Rows of the table on screen; files hold all.
const SHOWN_ON_SCREEN: usize = 50;

/// Prints or writes the list.
///
/// # Errors
/// When nothing was screened yet, a purpose is missing, or the file cannot be written.
pub fn run(setting: &Setting, args: &Findings) -> Outcome {
    let folder = setting.folder(&args.dir)?;
    let (_, mut findings) = screen::latest(&folder, &args.dir)?;
    if !args.only.is_empty() {
        let models = setting.models()?;
        screen::wanted(&models, &args.only)?;
        findings.retain(|f| args.only.contains(&f.model));
    }
    let names = reveal::names(&folder, &args.reveal, "findings", &findings)?;
    let format = if setting.common.json { Format::Json } else { args.format };
    if format == Format::Table {
        print_table(setting, &findings, &names);
        return Ok(Ending::Done);
    }
    let rows = findings.iter().map(|f| row(setting, &names, f));
    let mut bytes = Cursor::new(Vec::new());
    match format {
        Format::Json => json(&mut bytes, rows)?,
        Format::Xlsx => {
            let sheet = setting.text.get("ui-sheet-findings");
            exchange::write::xlsx_table(&mut bytes, &sheet, &COLUMNS, rows)?;
        }
        Format::Csv | Format::Table => exchange::write::csv_table(&mut bytes, &COLUMNS, rows)?,
    }
    put(setting, args, bytes.get_ref(), findings.len())
}

fn put(setting: &Setting, args: &Findings, bytes: &[u8], count: usize) -> Outcome {
    let Some(path) = &args.output else {
        // A closed pipe is no failure of ours.
        let _written = std::io::stdout().write_all(bytes);
        return Ok(Ending::Done);
    };
    let fault = |e| Fault::new("write file", format!("{}: {e}", path.display()));
    std::fs::write(path, bytes).map_err(fault)?;
    let (count, path) = (count.to_string(), path.display().to_string());
    setting.remark("ui-findings-written", &[("count", &count), ("path", &path)]);
    Ok(Ending::Done)
}

fn json(out: impl Write, rows: impl Iterator<Item = Vec<Cell>>) -> Result<(), Failure> {
    let value = |cell: Cell| -> serde_json::Value {
        match cell {
            Cell::Text(text) => text.into(),
            Cell::Count(number) => number.into(),
            Cell::Fen(fen) => domain::money::Fen(fen).to_string().into(),
            Cell::Empty => String::new().into(),
        }
    };
    let object = |row: Vec<Cell>| -> serde_json::Map<String, serde_json::Value> {
        COLUMNS.iter().zip(row).map(|(name, cell)| ((*name).to_owned(), value(cell))).collect()
    };
    let objects: Vec<_> = rows.map(object).collect();
    serde_json::to_writer_pretty(out, &objects).map_err(|e| Fault::new("write JSON", e).into())
}

fn row(setting: &Setting, names: &Names, finding: &Finding) -> Vec<Cell> {
    let chinese = setting.text.language().is_chinese();
    let reason = if chinese { &finding.reason.zh } else { &finding.reason.en };
    let identity = finding
        .people
        .first()
        .filter(|_| finding.grain == Grain::Person)
        .and_then(|key| names.revealed.get(key));
    let (id_number, name) =
        identity.map_or_else(Default::default, |i| (i.id_number.clone(), i.name.clone()));
    vec![
        Cell::Text(finding.key.clone()),
        Cell::Text(finding.model.clone()),
        Cell::Text(code(&finding.violation)),
        Cell::Text(code(&finding.severity)),
        Cell::Text(code(&finding.grain)),
        Cell::Text(finding.subject.clone()),
        Cell::Text(id_number),
        Cell::Text(name),
        Cell::Text(finding.village.clone()),
        Cell::Text(finding.period.to_string()),
        finding.amount.map_or(Cell::Empty, |amount| Cell::Fen(amount.0)),
        Cell::Text(names.reason(reason, setting.text)),
        Cell::Count(finding.score.into()),
    ]
}

fn print_table(setting: &Setting, findings: &[Finding], names: &Names) {
    let text = setting.text;
    let mut best: Vec<&Finding> = findings.iter().collect();
    best.sort_by(|a, b| {
        b.score.cmp(&a.score).then_with(|| a.model.cmp(&b.model)).then_with(|| a.key.cmp(&b.key))
    });
    let header = ["score", "model", "subject", "village", "period", "amount", "reason"]
        .map(|c| text.get(&format!("ui-column-{c}")));
    let rows: Vec<Vec<String>> = best
        .iter()
        .take(SHOWN_ON_SCREEN)
        .map(|f| {
            let reason = if text.language().is_chinese() { &f.reason.zh } else { &f.reason.en };
            vec![
                f.score.to_string(),
                f.model.clone(),
                crate::report::subject(f, names, text),
                f.village.clone(),
                f.period.to_string(),
                f.amount.map(yuan).unwrap_or_default(),
                names.reason(reason, text),
            ]
        })
        .collect();
    say::result(&say::table(&header, &rows, &[0, 5]));
    if findings.len() > SHOWN_ON_SCREEN {
        let (shown, all) = (SHOWN_ON_SCREEN.to_string(), findings.len().to_string());
        setting.remark("ui-findings-cut", &[("shown", &shown), ("all", &all)]);
    }
}
