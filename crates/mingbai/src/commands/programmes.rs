//! `mingbai programmes`: programmes named in files, and the later mapping of those not recognised.

use domain::problem::{Failure, Place, Problem};

use crate::cli::Programmes;
use crate::say;
use crate::setting::{Ending, Outcome, Setting};

/// Lists programmes, or maps one.
///
/// # Errors
/// When the name or the code is unknown.
pub fn run(setting: &Setting, args: &Programmes) -> Outcome {
    let folder = setting.folder(&args.dir)?;
    let benefits = setting.benefits()?;
    if let Some([name, code]) = args.map.as_deref() {
        let known = benefits.items.iter().any(|b| b.code.eq_ignore_ascii_case(code));
        if !known {
            let problem =
                Problem::new("programme-code-unknown", Place::default()).with("code", code);
            return Err(Failure::from(problem));
        }
        folder.map_programme(name, code, &benefits)?;
        setting.remark("ui-programme-mapped", &[("name", name), ("code", code)]);
        return Ok(Ending::Done);
    }
    let dictionaries = folder.dictionaries()?;
    let chinese = setting.text.language().is_chinese();
    let rows: Vec<Vec<String>> = dictionaries
        .programmes
        .iter()
        .map(|(number, name)| {
            let target = dictionaries.programme(*number);
            let benefit = benefits.by_number(target);
            let title = benefit.map_or(String::new(), |b| {
                format!("{} {}", b.code, if chinese { &b.title.zh } else { &b.title.en })
            });
            vec![number.to_string(), name.clone(), title]
        })
        .collect();
    if setting.common.json {
        return setting.print_json(&rows);
    }
    let header = ["number", "programme-name", "programme-mapped"]
        .map(|c| setting.text.get(&format!("ui-column-{c}")));
    say::result(&say::table(&header, &rows, &[0]));
    setting.remark("ui-programmes-hint", &[]);
    Ok(Ending::Done)
}
