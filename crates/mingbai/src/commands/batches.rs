//! `mingbai batches`: what was imported, and what was taken back.

use domain::money::Fen;
use domain::time::Day;
use facts::Manifest;

use crate::cli::InFolder;
use crate::say;
use crate::setting::{Ending, Outcome, Setting};

/// Milliseconds of a day.
const DAY_MS: i64 = 86_400_000;

/// Lists the batches.
///
/// # Errors
/// When the folder cannot be read.
pub fn run(setting: &Setting, args: &InFolder) -> Outcome {
    let batches = setting.folder(&args.dir)?.batches()?;
    if setting.common.json {
        return setting.print_json(&batches);
    }
    let header: Vec<String> =
        ["batch", "day", "file", "dataset", "read", "kept", "refused", "amount", "state"]
            .iter()
            .map(|column| setting.text.get(&format!("ui-column-{column}")))
            .collect();
    let rows: Vec<Vec<String>> = batches.iter().flat_map(|b| lines(setting, b)).collect();
    say::result(&say::table(&header, &rows, &[0, 4, 5, 6, 7]));
    Ok(Ending::Done)
}

fn lines(setting: &Setting, batch: &Manifest) -> Vec<Vec<String>> {
    let state = match (&batch.withdrawn, &batch.waiting) {
        (Some(_), _) => "ui-state-withdrawn",
        (None, Some(_)) => "ui-state-waiting",
        (None, None) => "ui-state-live",
    };
    let tables = batch.tables.iter();
    tables
        .map(|table| {
            vec![
                batch.batch.to_string(),
                day(batch.imported_at_ms),
                batch.source_name.clone(),
                table.table.clone(),
                table.tally.read.to_string(),
                (table.tally.read - table.tally.refused).to_string(),
                table.tally.refused.to_string(),
                Fen(table.tally.kept_fen).to_string(),
                setting.text.get(state),
            ]
        })
        .collect()
}

/// The UTC day of an instant.
#[must_use]
pub fn day(ms: i64) -> String {
    Day(i32::try_from(ms.div_euclid(DAY_MS)).unwrap_or(0)).to_string()
}
