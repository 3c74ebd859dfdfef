//! `mingbai checks`, `clues`, `rectify`, `cases`: from a finding to what is published; `handovers`, `letters`,
//! `duties`, `regulations`: what follows in other hands; `stepped`, `areas`, `cooperate`, `campaigns`: what the
//! county looks at itself, and together.

pub mod cases;
pub mod checks;
pub mod clues;
pub mod duties;
pub mod handovers;
pub mod joint;
pub mod letters;
pub mod rectify;
pub mod regulations;
pub mod stepped;

use domain::money::{Fen, MoneyUnit};
use domain::problem::{Failure, Place, Problem};
use domain::supervision::Alarm;
use domain::time::Day;
use registry::actions::Refusal;
use registry::actions::stepped::Stepped;
use registry::actions::supervision::Bench;
use registry::{By, Entry, Law, Tx};

use crate::cli::register::{Desk, Who};
use crate::office::{Office, law, refused};
use crate::setting::{Ending, Outcome, Setting};

/// The register with the county's rules, and whoever acts.
struct Room {
    office: Office,
    law: Law,
    by: By,
}

impl Room {
    fn open(setting: &Setting, desk: &Desk, who: &Who) -> Result<Self, Failure> {
        let (law, office) = (law(setting)?, Office::open(setting, desk)?);
        let by = office.by(&who.person, &who.role);
        Ok(Self { office, law, by })
    }

    /// The same with nothing but what his posts let him see.
    fn reader(&self, who: &Who) -> Result<By, Failure> {
        let (registry, day) = (&self.office.registry, self.office.now.day);
        let asker = registry::queries::accounts::holder(&registry.db, &who.person, day);
        Ok(By::holder(&self.law.access, self.office.wait(asker)?, &who.role)?)
    }

    /// Does one act and commits it.
    fn act<T>(
        &self,
        setting: &Setting,
        act: impl AsyncFnOnce(&mut Tx, Bench<'_>) -> Result<(T, Entry), Refusal>,
    ) -> Result<T, Failure> {
        let done = self.office.wait(async {
            let (registry, now) = (&self.office.registry, self.office.now);
            let mut tx = registry.begin(self.by.clone(), now, "").await?;
            let (out, entry) = act(&mut tx, self.law.bench()).await?;
            tx.commit(entry).await?;
            Ok(out)
        });
        done.map_err(|refusal| refused(setting, refusal))
    }

    /// The same by the rules of stepped-up supervision and joint work.
    fn step<T>(
        &self,
        setting: &Setting,
        act: impl AsyncFnOnce(&mut Tx, Stepped<'_>) -> Result<(T, Entry), Refusal>,
    ) -> Result<T, Failure> {
        self.act(setting, async |tx, _| act(tx, self.law.stepped()).await)
    }

    /// The path of a place.
    fn path(&self, place: &str) -> Result<String, Failure> {
        self.office.wait(async {
            let (registry, now) = (&self.office.registry, self.office.now);
            let mut tx = registry.begin(self.by.clone(), now, "list").await?;
            registry::actions::places::path(&mut tx, place).await
        })
    }
}

/// An act of which nothing is printed.
fn plain(
    setting: &Setting,
    (desk, who): (&Desk, &Who),
    act: impl AsyncFnOnce(&mut Tx, Bench<'_>) -> Result<((), Entry), Refusal>,
) -> Outcome {
    Room::open(setting, desk, who)?.act(setting, act)?;
    setting.remark("ui-supervision-recorded", &[]);
    Ok(Ending::Done)
}

fn yuan(flag: &str, text: &str) -> Result<i64, Failure> {
    let place = || Place { column: Some(flag.to_owned()), ..Place::default() };
    let parsed = Fen::parse(text, MoneyUnit::Yuan);
    Ok(parsed.map_err(|_| Problem::new("amount-not-a-number", place()))?.0)
}

/// A code from the command line, or what it may be.
fn known<T>(flag: &str, code: &str, read: impl Fn(&str) -> Option<T>) -> Result<T, Failure> {
    let place = Place { column: Some(flag.to_owned()), ..Place::default() };
    let unknown = || Problem::new("code-unknown", place).with("code", code);
    read(code).ok_or_else(|| unknown().into())
}

/// A day with `!` before it where it is near, and `!!` where it is past.
fn due_cell(room: &Room, due: Option<&str>) -> Result<String, Failure> {
    let today = room.office.now.day;
    let ahead = room.law.supervision.on(today)?.alarm_days;
    let alarm =
        due.and_then(Day::parse).map(|due| Alarm::of(due, today, ahead, &room.law.calendar));
    let mark = match alarm {
        Some(Alarm::Overdue) => "!! ",
        Some(Alarm::Soon) => "! ",
        _ => "",
    };
    Ok(format!("{mark}{}", due.unwrap_or_default()))
}
