//! `mingbai handovers`: clues that go to other organs and come from them, with receipts.

use domain::supervision::handover::Act;
use registry::actions::supervision::clues::NewClue;
use registry::actions::supervision::handovers::{self, Incoming, NewHandover};
use registry::queries::supervision::{Reader, handovers as read};

use super::{Room, due_cell};
use crate::cli::following::{Came, HandoverAct};
use crate::cli::register::{Desk, Who};
use crate::office::read_day;
use crate::say;
use crate::setting::{Ending, Outcome, Setting};

/// Keeps the list of what was handed over.
///
/// # Errors
/// Every rule that says no, with its basis and what is missing.
pub fn run(setting: &Setting, act: HandoverAct) -> Outcome {
    match act {
        HandoverAct::Propose { desk, who, clue, partner, organ, papers, note } => {
            let new = NewHandover { clue, partner, organ, papers, words: note };
            let room = Room::open(setting, &desk, &who)?;
            let number =
                room.act(setting, async |tx, bench| handovers::propose(tx, bench, &new).await)?;
            say::result(&number);
            Ok(Ending::Done)
        }
        HandoverAct::Approve { desk, who, number, note, object } => {
            step(setting, (&desk, &who), &number, (&Act::Approve { agreed: !object }, &note))
        }
        HandoverAct::Receipt { desk, who, number, their_number, received } => {
            let day = read_day("--received", &received)?;
            let receipt = Act::Receipt { number: &their_number, day };
            step(setting, (&desk, &who), &number, (&receipt, ""))
        }
        HandoverAct::Answer { desk, who, number, note } => {
            step(setting, (&desk, &who), &number, (&Act::Answer, &note))
        }
        HandoverAct::Receive { desk, who, came } => receive(setting, (&desk, &who), *came),
        HandoverAct::List { desk, who, place } => list(setting, (&desk, &who), &place),
    }
}

fn receive(setting: &Setting, (desk, who): (&Desk, &Who), came: Came) -> Outcome {
    let people = came.accused.into_iter().map(|id| ("accused".to_owned(), id)).collect();
    let new = Incoming {
        partner: came.partner,
        organ: came.organ,
        their_number: came.their_number,
        papers: came.papers,
        clue: NewClue {
            place: came.place,
            office: came.office,
            title: came.title,
            people,
            words: came.note,
            ..NewClue::default()
        },
    };
    let room = Room::open(setting, desk, who)?;
    let [number, clue] =
        room.act(setting, async |tx, bench| handovers::receive(tx, bench, &new).await)?;
    say::result(&format!("{number} {clue}"));
    Ok(Ending::Done)
}

fn step(
    setting: &Setting,
    (desk, who): (&Desk, &Who),
    number: &str,
    done: (&Act<'_>, &str),
) -> Outcome {
    let room = Room::open(setting, desk, who)?;
    let state =
        room.act(setting, async |tx, bench| handovers::act(tx, bench, number, done).await)?;
    let state = setting.text.get(&format!("ui-handover-{state}"));
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
    let header = ["number", "state", "village", "due", "organ", "clue"];
    let header = header.map(|h| setting.text.get(&format!("ui-column-{h}")));
    let row = |line: read::HandoverLine| -> Result<Vec<String>, domain::problem::Failure> {
        let state = setting.text.get(&format!("ui-handover-{}", line.state));
        let due = due_cell(&room, line.due_day.as_deref())?;
        Ok(vec![line.number, state, line.place_name, due, line.organ, line.clue])
    };
    let rows = lines.into_iter().map(row).collect::<Result<Vec<_>, _>>()?;
    say::result(&say::table(&header, &rows, &[]));
    Ok(Ending::Done)
}
