//! `mingbai rectify`: a problem is handed over, put right, verified by another.

use domain::supervision::rectify::Act;
use registry::actions::supervision::rectifications::{self, NewProblem};
use registry::queries::supervision::rectifications as read;

use super::Room;
use crate::cli::register::{Desk, Who};
use crate::cli::supervision::RectifyAct;
use crate::office::Office;
use crate::say;
use crate::setting::{Ending, Outcome, Setting};

/// Keeps the list of what is to be put right.
///
/// # Errors
/// Every rule that says no, with its basis and what is missing.
pub fn run(setting: &Setting, act: RectifyAct) -> Outcome {
    match act {
        RectifyAct::Issue { desk, who, place, clue, finding, problem } => {
            let new = NewProblem { place, clue, finding, problem };
            let room = Room::open(setting, &desk, &who)?;
            let number =
                room.act(setting, async |tx, bench| rectifications::issue(tx, bench, &new).await)?;
            say::result(&number);
            Ok(Ending::Done)
        }
        RectifyAct::Plan { desk, who, number, cause, measure, owner } => {
            step(setting, (&desk, &who), &number, (&Act::Plan { cause, measure, owner }, ""))
        }
        RectifyAct::Approve { desk, who, number, note, object } => {
            step(setting, (&desk, &who), &number, (&Act::Approve { agreed: !object }, &note))
        }
        RectifyAct::Done { desk, who, number, evidence } => {
            step(setting, (&desk, &who), &number, (&Act::Finish, &evidence))
        }
        RectifyAct::Verify { desk, who, number, note, object } => {
            step(setting, (&desk, &who), &number, (&Act::Verify { agreed: !object }, &note))
        }
        RectifyAct::Reopen { desk, who, number, reason } => {
            step(setting, (&desk, &who), &number, (&Act::Reopen, &reason))
        }
        RectifyAct::List { desk, place, state } => list(setting, &desk, &place, &state),
    }
}

fn step(
    setting: &Setting,
    (desk, who): (&Desk, &Who),
    number: &str,
    (act, words): (&Act, &str),
) -> Outcome {
    let room = Room::open(setting, desk, who)?;
    let state = room.act(setting, async |tx, bench| {
        rectifications::act(tx, bench, number, (act, words)).await
    })?;
    let state = setting.text.get(&format!("ui-rectification-{state}"));
    setting.remark("ui-clue-now", &[("state", &state)]);
    Ok(Ending::Done)
}

fn list(setting: &Setting, desk: &Desk, place: &str, state: &str) -> Outcome {
    let office = Office::open(setting, desk)?;
    let lines = office.wait(async {
        let mut tx = office.registry.begin(office.operator(), office.now, "list").await?;
        let path = registry::actions::places::path(&mut tx, place).await?;
        drop(tx);
        read::list(&office.registry.db, &office.operator(), &path, state).await
    })?;
    if setting.common.json {
        return setting.print_json(&lines);
    }
    let header = ["number", "state", "village", "due", "relapses", "problem"];
    let header = header.map(|h| setting.text.get(&format!("ui-column-{h}")));
    let rows: Vec<Vec<String>> = lines
        .into_iter()
        .map(|line| {
            let state = setting.text.get(&format!("ui-rectification-{}", line.state));
            let due = line.due_day.unwrap_or_default();
            vec![line.number, state, line.place_name, due, line.relapses.to_string(), line.problem]
        })
        .collect();
    say::result(&say::table(&header, &rows, &[4]));
    Ok(Ending::Done)
}
