//! `mingbai person`: all rows of one person. The access log has its entry before a row is shown.

use domain::ids::IdNumber;
use domain::problem::{Failure, Place, Problem};
use facts::AccessEntry;

use crate::cli::Person;
use crate::commands::purpose::require_purpose;
use crate::say;
use crate::setting::{Ending, Outcome, Setting};
use crate::system;

/// Shows the rows.
///
/// # Errors
/// When the purpose is missing, or no row belongs to the number.
pub fn run(setting: &Setting, args: &Person) -> Outcome {
    require_purpose(&args.purpose)?;
    let folder = setting.folder(&args.dir)?;
    let number = IdNumber::read(&args.id);
    let entry = AccessEntry {
        at_ms: system::now_ms(),
        user: system::user(),
        act: "person".to_owned(),
        purpose: args.purpose.clone(),
        people: 1,
        subject: Some(folder.key_of_id(&number.text)),
        ..AccessEntry::default()
    };
    let found = folder.log_while(&entry, || folder.person(&number.text))?;
    if found.tables.is_empty() {
        return Err(Failure::from(Problem::new("person-not-found", Place::default())));
    }
    if setting.common.json {
        return setting.print_json(&found);
    }
    let text = setting.text;
    if !found.names.is_empty() {
        say::result(&text.with(
            "ui-person-names",
            &[("names", &found.names.join(&text.get("ui-list-separator")))],
        ));
    }
    for table in &found.tables {
        say::result("");
        say::result(&text.with(
            "ui-person-table",
            &[("table", &table.table), ("count", &table.rows.len().to_string())],
        ));
        say::result(&say::table(&table.columns, &table.rows, &[]));
    }
    Ok(Ending::Done)
}
