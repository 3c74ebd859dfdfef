//! `mingbai regulations`: rules of the office, their versions and evaluations.

use domain::supervision::regulation::{Degree, Outcome as Follows, Review};
use registry::actions::supervision::regulations::{self, NewRegulation};
use registry::queries::supervision::regulations as read;

use super::{Room, due_cell, known};
use crate::cli::following::RegulationAct;
use crate::cli::register::{Desk, Who};
use crate::say;
use crate::setting::{Ending, Outcome, Setting};

/// Keeps the register of rules.
///
/// # Errors
/// Every rule that says no, with its basis and what is missing.
pub fn run(setting: &Setting, act: RegulationAct) -> Outcome {
    match act {
        RegulationAct::Enter { desk, who, place, owner, title, text, basis } => {
            let new = NewRegulation { place, owner, title, text, basis };
            let room = Room::open(setting, &desk, &who)?;
            let number =
                room.act(setting, async |tx, bench| regulations::enter(tx, bench, &new).await)?;
            say::result(&number);
            Ok(Ending::Done)
        }
        RegulationAct::Rewrite { desk, who, number, text, basis } => {
            let room = Room::open(setting, &desk, &who)?;
            let version = room.act(setting, async |tx, bench| {
                regulations::rewrite(tx, bench, &number, (&text, &basis)).await
            })?;
            say::result(&version.to_string());
            Ok(Ending::Done)
        }
        RegulationAct::Decide { desk, who, number, object } => {
            let room = Room::open(setting, &desk, &who)?;
            let state = room.act(setting, async |tx, bench| {
                regulations::decide(tx, bench, &number, !object).await
            })?;
            let state = setting.text.get(&format!("ui-regulation-{}", state.replace('_', "-")));
            setting.remark("ui-clue-now", &[("state", &state)]);
            Ok(Ending::Done)
        }
        RegulationAct::Link { desk, who, number, kind, target } => {
            let room = Room::open(setting, &desk, &who)?;
            room.act(setting, async |tx, bench| {
                Ok(((), regulations::link(tx, bench, &number, (&kind, &target)).await?))
            })?;
            setting.remark("ui-supervision-recorded", &[]);
            Ok(Ending::Done)
        }
        RegulationAct::Review { desk, who, number, used, works, outcome, note } => {
            let review = Review {
                used: known("--used", &used, Degree::named)?,
                works: known("--works", &works, Degree::named)?,
                outcome: known("--outcome", &outcome, Follows::named)?,
                words: &note,
                shown_by: 0,
            };
            let room = Room::open(setting, &desk, &who)?;
            room.act(setting, async |tx, bench| {
                Ok(((), regulations::review(tx, bench, &number, &review).await?))
            })?;
            setting.remark("ui-supervision-recorded", &[]);
            Ok(Ending::Done)
        }
        RegulationAct::List { desk, who, place } => list(setting, (&desk, &who), &place),
    }
}

fn list(setting: &Setting, (desk, who): (&Desk, &Who), place: &str) -> Outcome {
    let room = Room::open(setting, desk, who)?;
    let (by, path) = (room.reader(who)?, room.path(place)?);
    let db = &room.office.registry.db;
    let lines = room.office.wait(read::list(db, &by, &path, ""))?;
    if setting.common.json {
        return setting.print_json(&lines);
    }
    let header = ["number", "state", "village", "due", "title"];
    let header = header.map(|h| setting.text.get(&format!("ui-column-{h}")));
    let row = |line: read::RegulationLine| -> Result<Vec<String>, domain::problem::Failure> {
        let state = setting.text.get(&format!("ui-regulation-{}", line.state.replace('_', "-")));
        let due = due_cell(&room, line.due_day.as_deref())?;
        Ok(vec![line.number, state, line.place_name, due, line.title])
    };
    let rows = lines.into_iter().map(row).collect::<Result<Vec<_>, _>>()?;
    say::result(&say::table(&header, &rows, &[]));
    Ok(Ending::Done)
}
