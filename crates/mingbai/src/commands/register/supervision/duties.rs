//! `mingbai duties`: what posts answer for, what shows that it was done, what the level above says.

use domain::problem::{Failure, Fault};
use domain::supervision::duty::Act;
use registry::actions::supervision::post_duties::{self, Evidence};
use registry::blobs::Blobs;
use registry::queries::supervision::post_duties as read;

use super::{Room, due_cell};
use crate::cli::following::DutyAct;
use crate::cli::register::{Desk, Who};
use crate::say;
use crate::setting::{Ending, Outcome, Setting};

/// Keeps responsibility lists.
///
/// # Errors
/// Every rule that says no, with its basis and what is missing.
pub fn run(setting: &Setting, act: DutyAct) -> Outcome {
    match act {
        DutyAct::Open { desk, who, place, year } => {
            let room = Room::open(setting, &desk, &who)?;
            let new = room.act(setting, async |tx, bench| {
                post_duties::open(tx, bench, (&place, year)).await
            })?;
            setting.remark("ui-duties-opened", &[("count", &new.to_string())]);
            Ok(Ending::Done)
        }
        DutyAct::Attach { desk, who, number, entry, file } => {
            let room = Room::open(setting, &desk, &who)?;
            let evidence = match (entry, file) {
                (Some(entry), _) => Evidence::Entry(entry),
                (None, file) => kept(&room, &file.unwrap_or_default())?,
            };
            room.act(setting, async |tx, bench| {
                Ok(((), post_duties::attach(tx, bench, &number, &evidence).await?))
            })?;
            setting.remark("ui-supervision-recorded", &[]);
            Ok(Ending::Done)
        }
        DutyAct::Show { desk, who, number, note } => {
            step(setting, (&desk, &who), &number, (Act::Show, &note))
        }
        DutyAct::Judge { desk, who, number, note, object } => {
            step(setting, (&desk, &who), &number, (Act::Judge { content: !object }, &note))
        }
        DutyAct::List { desk, who, place } => list(setting, (&desk, &who), &place),
    }
}

/// A file among the documents of the register.
fn kept(room: &Room, file: &std::path::Path) -> Result<Evidence, Failure> {
    let bytes = std::fs::read(file).map_err(|e| Fault::new("read file", e))?;
    let name = file.file_name().map(|name| name.to_string_lossy().into_owned());
    let digest = Blobs::at(&room.office.blobs()).keep(&bytes)?;
    Ok(Evidence::File(name.unwrap_or_default(), digest))
}

fn step(setting: &Setting, (desk, who): (&Desk, &Who), number: &str, done: (Act, &str)) -> Outcome {
    let room = Room::open(setting, desk, who)?;
    let state =
        room.act(setting, async |tx, bench| post_duties::act(tx, bench, number, done).await)?;
    let state = setting.text.get(&format!("ui-duty-{state}"));
    setting.remark("ui-clue-now", &[("state", &state)]);
    Ok(Ending::Done)
}

fn list(setting: &Setting, (desk, who): (&Desk, &Who), place: &str) -> Outcome {
    let room = Room::open(setting, desk, who)?;
    let (by, path) = (room.reader(who)?, room.path(place)?);
    let (db, day) = (&room.office.registry.db, room.office.now.day);
    let lines = room.office.wait(read::list(db, &by, &path, ("", day)))?;
    if setting.common.json {
        return setting.print_json(&lines);
    }
    let header = ["number", "state", "village", "due", "seat", "owed"];
    let header = header.map(|h| setting.text.get(&format!("ui-column-{h}")));
    let zh = setting.text.language().is_chinese();
    let title = |code: &str| {
        let duty = room.law.following.duty(code);
        let title = duty.map(|duty| if zh { &duty.title.zh } else { &duty.title.en });
        title.cloned().unwrap_or_default()
    };
    let row = |line: read::DutyLine| -> Result<Vec<String>, Failure> {
        let state = setting.text.get(&format!("ui-duty-{}", line.state));
        let due = due_cell(&room, line.due_day.as_deref())?;
        Ok(vec![line.number, state, line.place_name, due, line.role, title(&line.code)])
    };
    let rows = lines.into_iter().map(row).collect::<Result<Vec<_>, _>>()?;
    say::result(&say::table(&header, &rows, &[]));
    Ok(Ending::Done)
}
