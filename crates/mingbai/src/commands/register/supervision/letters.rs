//! `mingbai letters`: recommendations, their answers and what came of them.

use domain::supervision::letter::Act;
use registry::actions::supervision::letters::{self, NewLetter};
use registry::queries::supervision::{Reader, letters as read};

use super::{Room, due_cell};
use crate::cli::following::LetterAct;
use crate::cli::register::{Desk, Who};
use crate::say;
use crate::setting::{Ending, Outcome, Setting};

/// Keeps the list of recommendations.
///
/// # Errors
/// Every rule that says no, with its basis and what is missing.
pub fn run(setting: &Setting, act: LetterAct) -> Outcome {
    match act {
        LetterAct::Propose {
            desk,
            who,
            place,
            addressee,
            rectification,
            finding,
            problem,
            demand,
        } => {
            let new = NewLetter { place, addressee, rectification, finding, problem, demand };
            let room = Room::open(setting, &desk, &who)?;
            let number =
                room.act(setting, async |tx, bench| letters::propose(tx, bench, &new).await)?;
            say::result(&number);
            Ok(Ending::Done)
        }
        LetterAct::Approve { desk, who, number, note, object } => {
            step(setting, (&desk, &who), &number, (Act::Approve { agreed: !object }, &note))
        }
        LetterAct::Reply { desk, who, number, note } => {
            step(setting, (&desk, &who), &number, (Act::Reply, &note))
        }
        LetterAct::Judge { desk, who, number, note, object } => {
            step(setting, (&desk, &who), &number, (Act::Judge { accepted: !object }, &note))
        }
        LetterAct::Follow { desk, who, number, note, object } => {
            step(setting, (&desk, &who), &number, (Act::Follow { works: !object }, &note))
        }
        LetterAct::List { desk, who, place } => list(setting, (&desk, &who), &place),
    }
}

fn step(setting: &Setting, (desk, who): (&Desk, &Who), number: &str, done: (Act, &str)) -> Outcome {
    let room = Room::open(setting, desk, who)?;
    let state = room.act(setting, async |tx, bench| letters::act(tx, bench, number, done).await)?;
    let state = setting.text.get(&format!("ui-letter-{state}"));
    setting.remark("ui-clue-now", &[("state", &state)]);
    Ok(Ending::Done)
}

fn list(setting: &Setting, (desk, who): (&Desk, &Who), place: &str) -> Outcome {
    let room = Room::open(setting, desk, who)?;
    let (by, path) = (room.reader(who)?, room.path(place)?);
    let (db, day) = (&room.office.registry.db, room.office.now.day);
    let lines = room.office.wait(async {
        let reader = Reader::new(db, &by, &room.law.recusal, day).await?;
        read::list(db, &reader, &path, "").await
    })?;
    if setting.common.json {
        return setting.print_json(&lines);
    }
    let header = ["number", "state", "village", "due", "problem"];
    let header = header.map(|h| setting.text.get(&format!("ui-column-{h}")));
    let row = |line: read::LetterLine| -> Result<Vec<String>, domain::problem::Failure> {
        let state = setting.text.get(&format!("ui-letter-{}", line.state));
        let due = due_cell(&room, line.due_day.as_deref())?;
        Ok(vec![line.number, state, line.place_name, due, line.problem])
    };
    let rows = lines.into_iter().map(row).collect::<Result<Vec<_>, _>>()?;
    say::result(&say::table(&header, &rows, &[]));
    Ok(Ending::Done)
}
