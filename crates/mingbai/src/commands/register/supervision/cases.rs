//! `mingbai cases`: typical cases and the clearing of names.

use domain::problem::{Failure, Place, Problem};
use domain::supervision::publish::Kind;
use registry::actions::supervision::cases::{self, NewCase, Of};
use registry::queries::public_cases;

use super::{Room, known};
use crate::cli::register::Desk;
use crate::cli::supervision::{CaseAct, CaseText};
use crate::office::{Office, read_day};
use crate::say;
use crate::setting::{Ending, Outcome, Setting};

/// Shows what would leave, hands it in, approves it, takes it back.
///
/// # Errors
/// Every rule that says no, with its basis and what is missing.
pub fn run(setting: &Setting, act: CaseAct) -> Outcome {
    match act {
        CaseAct::Preview { desk, who, case } => {
            let (room, new) = (Room::open(setting, &desk, &who)?, new(*case)?);
            let shown = room.office.wait(async {
                let (registry, now) = (&room.office.registry, room.office.now);
                let mut tx = registry.begin(room.by.clone(), now, "preview").await?;
                cases::preview(&mut tx, &new).await
            })?;
            say::result(&shown.join("\n"));
            Ok(Ending::Done)
        }
        CaseAct::Propose { desk, who, case } => {
            let (room, new) = (Room::open(setting, &desk, &who)?, new(*case)?);
            let number =
                room.act(setting, async |tx, bench| cases::propose(tx, bench, &new).await)?;
            say::result(&number);
            Ok(Ending::Done)
        }
        CaseAct::Approve { desk, who, number } => {
            Room::open(setting, &desk, &who)?.act(setting, async |tx, bench| {
                Ok(((), cases::approve(tx, bench, &number).await?))
            })?;
            setting.remark("ui-supervision-recorded", &[]);
            Ok(Ending::Done)
        }
        CaseAct::Withdraw { desk, who, number, reason } => {
            Room::open(setting, &desk, &who)?.act(setting, async |tx, bench| {
                Ok(((), cases::withdraw(tx, bench, &number, &reason).await?))
            })?;
            setting.remark("ui-supervision-recorded", &[]);
            Ok(Ending::Done)
        }
        CaseAct::List { desk } => list(setting, &desk),
    }
}

fn new(case: CaseText) -> Result<NewCase, Failure> {
    let nothing = || {
        let place = Place { column: Some("--clue".to_owned()), ..Place::default() };
        Failure::from(Problem::new("code-unknown", place).with("code", ""))
    };
    let of = case.clue.map(Of::Clue).or(case.finding.map(Of::Finding)).ok_or_else(nothing)?;
    Ok(NewCase {
        kind: known("--kind", &case.kind, Kind::named)?,
        of,
        title: case.title,
        text: case.text,
        names: case.names,
        wished: case.wished,
        until: read_day("--until", &case.until)?,
    })
}

fn list(setting: &Setting, desk: &Desk) -> Outcome {
    let office = Office::open(setting, desk)?;
    let day = office.now.day.to_string();
    let cases = office.wait(public_cases::list(&office.registry.db, &day))?;
    if setting.common.json {
        return setting.print_json(&cases);
    }
    for case in cases.iter() {
        let kind = setting.text.get(&format!("ui-case-{}", case.kind));
        say::result(&format!("{}  {kind}  {}  {}", case.number, case.place_name, case.title));
        say::result(&format!("  {}", case.text));
    }
    Ok(Ending::Done)
}
