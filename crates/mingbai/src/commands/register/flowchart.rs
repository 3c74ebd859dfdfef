//! `mingbai flowchart`: draws the running process of a power item.

use domain::catalogue::flowchart;
use domain::problem::{Fault, Place, Problem};

use crate::cli::catalogue::Flowchart;
use crate::office::{law, today};
use crate::setting::{Ending, Outcome, Setting};
use locale::Language;

/// Writes the chart as SVG.
///
/// # Errors
/// When nobody knows the item, or the disk refuses.
pub fn run(setting: &Setting, args: &Flowchart) -> Outcome {
    let law = law(setting)?;
    let day = today();
    let unknown = || {
        let place = Place { column: Some(args.item.clone()), ..Place::default() };
        Problem::new("not-registered", place).with("what", "power").with("key", &args.item)
    };
    let power = law.catalogue.powers.get(&args.item).ok_or_else(unknown)?;
    let steps = law.catalogue.steps_of(&args.item, day)?;
    let zh = setting.text.language() == Language::Chinese;
    let svg = flowchart(power, steps, &law.catalogue, day, zh);
    let fault = |e| Fault::new("write chart", format!("{}: {e}", args.output.display()));
    std::fs::write(&args.output, svg).map_err(fault)?;
    setting.remark("ui-flowchart-done", &[("file", &args.output.display().to_string())]);
    Ok(Ending::Done)
}
