//! The running process of a power as a drawing, for the phone and for the notice board.

mod measure;
mod plan;
mod svg;
#[cfg(test)]
mod tests;
mod words;

use super::{Catalogue, Power, Step};
use crate::time::Day;
use words::Words;

pub use words::FLOWCHART_WORDS;

/// An SVG of the steps of a power as they are on `day` (usually those of
/// [`Catalogue::steps_of`]), in Chinese or English: who acts, by when, and what must hold.
///
/// Upright, 720 user units wide; no scripts, no inline styles, no fonts to fetch. The same steps,
/// catalogue and day always give the same text.
#[must_use]
pub fn flowchart(
    power: &Power,
    steps: &[Step],
    catalogue: &Catalogue,
    day: Day,
    zh: bool,
) -> String {
    let words = Words { catalogue, day, zh };
    let heading = [("code", power.code.as_str()), ("title", words.of(&power.title))];
    let title = words.say("heading", &heading);
    let plan = plan::plan(power, steps, &words);
    svg::draw(&plan, &power.code, &title, &described(&plan), zh)
}

/// The text of all boxes, for whoever hears the chart instead of seeing it.
fn described(plan: &plan::Plan) -> String {
    plan.boxes.iter().map(|one| one.said.as_str()).collect()
}
