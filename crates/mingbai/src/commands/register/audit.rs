//! `mingbai audit`: recomputes every digest from the rows and reports what differs.

use registry::Difference;

use crate::cli::service::Audit;
use crate::office::Office;
use crate::say;
use crate::setting::{Ending, Outcome, Setting};

/// Audits the register. Exit code 1 when anything differs.
///
/// # Errors
/// When the register cannot be read.
pub fn run(setting: &Setting, args: &Audit) -> Outcome {
    let office = Office::open(setting, &args.desk)?;
    let signed = office.signed()?;
    let found = office.wait(registry::audit(&office.registry.db, &signed))?;
    for difference in &found {
        let (key, table, id, leaf) = match difference {
            Difference::Changed { table, id, leaf } => ("changed", *table, id.as_str(), *leaf),
            Difference::Unknown { table, id } => ("unknown", *table, id.as_str(), 0),
            Difference::Gone { table, id, leaf } => ("gone", *table, id.as_str(), *leaf),
            Difference::Entry { log, leaf } => ("entry", log.as_str(), "", *leaf),
            Difference::Log { log, .. } => ("log", log.as_str(), "", 0),
        };
        let leaf = leaf.to_string();
        let args = [("table", table), ("id", id), ("leaf", &leaf)];
        say::result(&setting.text.with(&format!("ui-audit-{key}"), &args));
    }
    if found.is_empty() {
        setting.remark("ui-audit-clean", &[]);
        return Ok(Ending::Done);
    }
    say::note(&setting.text.with("ui-audit-found", &[("count", &found.len().to_string())]));
    Ok(Ending::Altered)
}
