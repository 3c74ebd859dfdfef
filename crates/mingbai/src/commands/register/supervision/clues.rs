//! `mingbai clues`: the ledger, its dispositions, and the dual check.

use domain::supervision::clue::{Outcome, Way};
use domain::supervision::dual::Verdict;
use registry::actions::supervision::clues::{self, NewClue, Step};
use registry::actions::supervision::{dual, waivers};
use registry::queries::supervision::{Reader, clues as read};

use super::{Room, due_cell, known};
use crate::cli::register::{Desk, Who};
use crate::cli::supervision::ClueAct;
use crate::office::read_day;
use crate::say;
use crate::setting::{Ending, Outcome as Ended, Setting};

/// Keeps the ledger.
///
/// # Errors
/// Every rule that says no, with its basis and what is missing.
pub fn run(setting: &Setting, act: ClueAct) -> Ended {
    match act {
        ClueAct::Receive {
            desk,
            who,
            source,
            place,
            office,
            title,
            accused,
            witnesses,
            findings,
            note,
        } => {
            let people = |part: &str, ids: Vec<String>| -> Vec<(String, String)> {
                ids.into_iter().map(|id| (part.to_owned(), id)).collect()
            };
            let people = [people("accused", accused), people("witness", witnesses)].concat();
            let new = NewClue { source, place, office, title, people, findings, words: note };
            let room = Room::open(setting, &desk, &who)?;
            let number =
                room.act(setting, async |tx, bench| clues::receive(tx, bench, &new).await)?;
            say::result(&number);
            Ok(Ending::Done)
        }
        ClueAct::List { desk, who, place, state } => list(setting, (&desk, &who), &place, &state),
        ClueAct::Show { desk, who, number } => show(setting, (&desk, &who), &number),
        ClueAct::Do { desk, who, number, step, note, way, outcome } => {
            let way = way.map(|code| known("--way", &code, Way::named)).transpose()?;
            let outcome =
                outcome.map(|code| known("--outcome", &code, Outcome::named)).transpose()?;
            let step = Step { code: step, words: note, way, outcome };
            let room = Room::open(setting, &desk, &who)?;
            let state =
                room.act(setting, async |tx, bench| clues::step(tx, bench, &number, &step).await)?;
            setting.remark("ui-clue-now", &[("state", &clue_state(setting, state))]);
            Ok(Ending::Done)
        }
        ClueAct::Extend { desk, who, number, step } => {
            let room = Room::open(setting, &desk, &who)?;
            let day = room
                .act(setting, async |tx, bench| clues::extend(tx, bench, &number, &step).await)?;
            setting.remark("ui-supervision-due", &[("day", &day.to_string())]);
            Ok(Ending::Done)
        }
        ClueAct::Merge { desk, who, number, into } => {
            Room::open(setting, &desk, &who)?.act(setting, async |tx, bench| {
                Ok(((), clues::merge(tx, bench, &number, &into).await?))
            })?;
            setting.remark("ui-supervision-recorded", &[]);
            Ok(Ending::Done)
        }
        ClueAct::Link { desk, who, number, other, reason } => {
            Room::open(setting, &desk, &who)?.act(setting, async |tx, bench| {
                Ok(((), clues::link(tx, bench, &number, (&other, &reason)).await?))
            })?;
            setting.remark("ui-supervision-recorded", &[]);
            Ok(Ending::Done)
        }
        act => dual_check(setting, act),
    }
}

/// Who answered for it is asked, answers, and is decided about.
fn dual_check(setting: &Setting, act: ClueAct) -> Ended {
    match act {
        ClueAct::Ask { desk, who, number, on, text } => {
            let on = read_day("--on", &on)?;
            let room = Room::open(setting, &desk, &who)?;
            let asked = room.act(setting, async |tx, bench| {
                dual::open(tx, bench, &number, (on, &text)).await
            })?;
            setting.remark("ui-dual-asked", &[("count", &asked.to_string())]);
            Ok(Ending::Done)
        }
        ClueAct::Trace { desk, who, number } => {
            let room = Room::open(setting, &desk, &who)?;
            let asked =
                room.act(setting, async |tx, bench| dual::trace(tx, bench, &number).await)?;
            setting.remark("ui-dual-asked", &[("count", &asked.to_string())]);
            Ok(Ending::Done)
        }
        ClueAct::Waive { desk, who, number, reason } => {
            Room::open(setting, &desk, &who)?.act(setting, async |tx, bench| {
                Ok(((), waivers::propose(tx, bench, &number, &reason).await?))
            })?;
            setting.remark("ui-supervision-recorded", &[]);
            Ok(Ending::Done)
        }
        ClueAct::DecideWaiver { desk, who, number, object } => {
            Room::open(setting, &desk, &who)?.act(setting, async |tx, bench| {
                Ok(((), waivers::decide(tx, bench, &number, !object).await?))
            })?;
            setting.remark("ui-supervision-recorded", &[]);
            Ok(Ending::Done)
        }
        ClueAct::Answer { desk, who, dual: id, text } => {
            Room::open(setting, &desk, &who)?
                .act(setting, async |tx, _| Ok(((), dual::answer(tx, &id, &text).await?)))?;
            setting.remark("ui-supervision-recorded", &[]);
            Ok(Ending::Done)
        }
        ClueAct::Decide { desk, who, dual: id, verdict, measure, reason } => {
            let verdict = known("VERDICT", &verdict, Verdict::named)?;
            Room::open(setting, &desk, &who)?.act(setting, async |tx, bench| {
                Ok(((), dual::decide(tx, bench, &id, (verdict, &measure, &reason)).await?))
            })?;
            setting.remark("ui-supervision-recorded", &[]);
            Ok(Ending::Done)
        }
        _ => Ok(Ending::Done),
    }
}

fn clue_state(setting: &Setting, state: &str) -> String {
    setting.text.get(&format!("ui-clue-{state}"))
}

fn list(setting: &Setting, (desk, who): (&Desk, &Who), place: &str, state: &str) -> Ended {
    let room = Room::open(setting, desk, who)?;
    let (by, path) = (room.reader(who)?, room.path(place)?);
    let (db, day) = (&room.office.registry.db, room.office.now.day);
    let lines = room.office.wait(async {
        let reader = Reader::new(db, &by, &room.law.recusal, day).await?;
        read::list(db, &reader, &path, state).await
    })?;
    if setting.common.json {
        return setting.print_json(&lines);
    }
    let header = ["number", "state", "village", "due", "title"];
    let header = header.map(|h| setting.text.get(&format!("ui-column-{h}")));
    let row = |line: read::ClueLine| -> Result<Vec<String>, domain::problem::Failure> {
        let due = due_cell(&room, line.due_day.as_deref())?;
        let state = clue_state(setting, &line.state);
        Ok(vec![line.number, state, line.place_name, due, line.title])
    };
    let rows = lines.into_iter().map(row).collect::<Result<Vec<_>, _>>()?;
    say::result(&say::table(&header, &rows, &[]));
    Ok(Ending::Done)
}

fn show(setting: &Setting, (desk, who): (&Desk, &Who), number: &str) -> Ended {
    let room = Room::open(setting, desk, who)?;
    let by = room.reader(who)?;
    let (db, day) = (&room.office.registry.db, room.office.now.day);
    let page = room.office.wait(async {
        let reader = Reader::new(db, &by, &room.law.recusal, day).await?;
        read::one(db, &reader, number).await
    })?;
    let page = page.ok_or_else(|| {
        let place = domain::problem::Place::default();
        domain::problem::Problem::new("not-registered", place)
            .with("what", "clue")
            .with("key", number)
    })?;
    if setting.common.json {
        return setting.print_json(&page);
    }
    let line = &page.line;
    let state = clue_state(setting, &line.state);
    say::result(&format!("{}  {}  {state}  {}", line.number, line.place_name, line.title));
    for event in &page.events {
        say::result(&format!(
            "  ✓ {}  {}  {} {}  {}",
            event.day, event.step, event.role, event.name, event.words
        ));
    }
    for due in &page.dues {
        say::result(&format!("  → {}  {} ({})", due.due_day, due.step, due.rule));
    }
    for dual in &page.duals {
        let verdict = dual.verdict.as_deref().unwrap_or("?");
        say::result(&format!(
            "  {}  {} {} {}  {verdict}",
            dual.id, dual.duty, dual.role, dual.name
        ));
    }
    Ok(Ending::Done)
}
