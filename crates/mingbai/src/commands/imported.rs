//! What `import` says: how a file was understood, and what came of it.

use domain::money::Fen;
use domain::problem::{Place, Problem};
use exchange::recognise::Plan;
use exchange::source::Source;
use facts::Imported;

use crate::figures::{grouped, yuan};
use crate::say;
use crate::setting::{Ending, Setting};

/// How a sheet was understood: data set, columns, columns left out.
pub fn say_plan(setting: &Setting, source: &Source, plan: &Plan) {
    let text = setting.text;
    let sheet = source.sheets().get(plan.sheet).map(|s| s.name.as_str()).unwrap_or_default();
    let known: Vec<String> = plan
        .columns
        .iter()
        .filter_map(|c| Some(format!("{} → {}", c.header, plan.table.columns.get(c.target?)?.name)))
        .collect();
    let ignored: Vec<&str> = plan
        .columns
        .iter()
        .filter(|c| c.target.is_none())
        .map(|c| c.header.as_str())
        .filter(|h| !h.is_empty())
        .collect();
    let separator = text.get("ui-list-separator");
    setting.remark(
        "ui-import-plan",
        &[
            ("file", source.name()),
            ("sheet", sheet),
            ("dataset", plan.table.name),
            ("title", plan.table.words.first().copied().unwrap_or_default()),
            ("columns", &known.join(&separator)),
        ],
    );
    if !ignored.is_empty() {
        setting.remark("ui-import-ignored", &[("columns", &ignored.join(&separator))]);
    }
    let given = &plan.defaults;
    let values: Vec<String> = [
        given.programme.clone(),
        given.period.map(|month| month.to_string()),
        given.township.clone(),
        given.village.clone(),
    ]
    .into_iter()
    .flatten()
    .collect();
    if !values.is_empty() {
        setting.remark("ui-import-defaults", &[("values", &values.join(&separator))]);
    }
}

/// What came of a file.
pub fn say(setting: &Setting, imported: &Imported) {
    let manifest = &imported.manifest;
    for table in &manifest.tables {
        let kept = table.tally.read - table.tally.refused;
        let count = |n: u64| grouped(usize::try_from(n).unwrap_or(usize::MAX));
        let args = [
            ("dataset", table.table.clone()),
            ("read", count(table.tally.read)),
            ("kept", count(kept)),
            ("refused", count(table.tally.refused)),
            ("amount", yuan(Fen(table.tally.kept_fen))),
            ("refused_amount", yuan(Fen(table.tally.refused_fen))),
            ("batch", manifest.batch.to_string()),
        ];
        let args: Vec<(&str, &str)> = args.iter().map(|(k, v)| (*k, v.as_str())).collect();
        let money = table.tally.kept_fen != 0 || table.tally.refused_fen != 0;
        setting.remark(if money { "ui-import-done-money" } else { "ui-import-done" }, &args);
        totals(setting, manifest, table);
    }
    if imported.problems > 0 {
        let (batch, count) = (
            manifest.batch.to_string(),
            grouped(usize::try_from(imported.problems).unwrap_or(usize::MAX)),
        );
        let key = if imported.dry_run { "ui-import-problems-dry" } else { "ui-import-problems" };
        setting.remark(key, &[("count", &count), ("batch", &batch)]);
    }
    if !manifest.unmatched_programmes.is_empty() {
        let names = manifest.unmatched_programmes.join(&setting.text.get("ui-list-separator"));
        setting.remark("ui-import-unmatched", &[("names", &names)]);
    }
}

/// A total row in the file that does not agree with the rows above it is worth a question.
fn totals(setting: &Setting, manifest: &facts::Manifest, table: &facts::TableManifest) {
    let rows = table.tally.kept_fen.saturating_add(table.tally.refused_fen);
    if table.tally.totals_fen != 0 && table.tally.totals_fen != rows {
        let problem = Problem::note("totals-differ", Place::file(&manifest.source_name))
            .with("stated", yuan(Fen(table.tally.totals_fen)))
            .with("found", yuan(Fen(rows)));
        say::note(&setting.text.problem(&problem));
    }
}

/// What came of all files together.
pub fn say_all(setting: &Setting, done: &[Imported], ending: Ending) {
    let sum = |of: fn(&facts::TableManifest) -> u64| -> String {
        let total: u64 = done.iter().flat_map(|i| &i.manifest.tables).map(of).sum();
        grouped(usize::try_from(total).unwrap_or(usize::MAX))
    };
    let args = [
        ("files", done.len().to_string()),
        ("read", sum(|t| t.tally.read)),
        ("kept", sum(|t| t.tally.read - t.tally.refused)),
        ("refused", sum(|t| t.tally.refused)),
    ];
    let args: Vec<(&str, &str)> = args.iter().map(|(k, v)| (*k, v.as_str())).collect();
    setting.remark(
        if ending == Ending::Done { "ui-import-all" } else { "ui-import-all-refused" },
        &args,
    );
}
