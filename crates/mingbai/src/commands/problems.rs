//! `mingbai problems`: rows of a batch that were refused or noted, with reason and hint.

use domain::problem::Fault;
use exchange::write::Cell;

use crate::cli::Problems;
use crate::say;
use crate::setting::{Ending, Outcome, Setting};

/// Prints or writes the problem rows.
///
/// # Errors
/// When there is no such batch.
pub fn run(setting: &Setting, args: &Problems) -> Outcome {
    let folder = setting.folder(&args.dir)?;
    let rows = folder.problems(args.batch)?;
    let text = setting.text;
    let header = ["sheet", "row", "column", "value", "reason", "hint", "state"]
        .map(|c| text.get(&format!("ui-column-{c}")));
    let lines: Vec<Vec<String>> = rows
        .iter()
        .map(|problem| {
            let state = if problem.refused { "ui-state-refused" } else { "ui-state-noted" };
            vec![
                problem.sheet.clone(),
                problem.row.to_string(),
                problem.column.clone(),
                problem.value.clone(),
                text.get(&format!("problem-{}", problem.code)),
                text.get(&format!("problem-{}-hint", problem.code)),
                text.get(state),
            ]
        })
        .collect();
    if let Some(path) = &args.output {
        let header: Vec<&str> = header.iter().map(String::as_str).collect();
        let cells = lines.into_iter().map(|line| line.into_iter().map(Cell::Text).collect());
        let mut bytes = Vec::new();
        exchange::write::csv_table(&mut bytes, &header, cells)?;
        std::fs::write(path, bytes)
            .map_err(|e| Fault::new("write file", format!("{}: {e}", path.display())))?;
    } else if setting.common.json {
        return setting.print_json(&lines);
    } else {
        say::result(&say::table(&header, &lines, &[1]));
    }
    Ok(Ending::Done)
}
