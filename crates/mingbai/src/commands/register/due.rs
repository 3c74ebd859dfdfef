//! `mingbai due`: computes a due day and explains it.

use domain::catalogue::Versioned;
use domain::deadline;
use domain::problem::{Place, Problem};

use crate::cli::catalogue::Due;
use crate::office::{law, read_day};
use crate::say;
use crate::setting::{Ending, Outcome, Setting};

/// Prints the last day, and on request how it was counted.
///
/// # Errors
/// When the rule is unknown on that day.
pub fn run(setting: &Setting, args: &Due) -> Outcome {
    let law = law(setting)?;
    let start = read_day("--from", &args.from)?;
    let rule = law.catalogue.deadlines.get(&args.rule).and_then(|rule| rule.on(start));
    let unknown = || {
        let place = Place { column: Some("--rule".to_owned()), ..Place::default() };
        Problem::new("not-registered", place).with("what", "deadline-rule").with("key", &args.rule)
    };
    let mut version = rule.ok_or_else(unknown)?.clone();
    version.basis = law.catalogue.basis_on(&version.basis, start);
    let due = deadline::due(&args.rule, &version, start, &[], &[], &law.calendar)?;
    if setting.common.json {
        return setting.print_json(&due);
    }
    say::result(&due.day.to_string());
    if args.explain {
        for line in &due.explanation {
            let args: Vec<(&str, &str)> =
                line.args.iter().map(|(name, value)| (*name, value.as_str())).collect();
            say::result(&setting.text.with(&format!("rule-{}", line.says), &args));
        }
    }
    Ok(Ending::Done)
}
