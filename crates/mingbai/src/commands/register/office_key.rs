//! `mingbai office-key`: keys of people and offices. Passphrases are read from standard input, a line
//! each; a half-second for each is spent on purpose.

use std::io::BufRead;

use domain::problem::{Failure, Fault};
use registry::actions::holder_keys::{self, Unlocked};
use registry::actions::office_keys::{self, OfficeName};
use registry::queries::reports as lists;
use registry::sealer::Age;
use registry::{By, Entry, Tx};

use crate::cli::register::Desk;
use crate::cli::reports::OfficeKeyAct;
use crate::office::Office;
use crate::say;
use crate::setting::{Ending, Outcome, Setting};

/// Makes, shares, revokes and recovers keys.
///
/// # Errors
/// When a passphrase is wrong or too short, somebody has no own key, or a rule says no.
pub fn run(setting: &Setting, act: OfficeKeyAct) -> Outcome {
    match act {
        OfficeKeyAct::Propose => say::result(&holder_keys::propose()?),
        OfficeKeyAct::Enrol { desk, person } => {
            let office = Office::open(setting, &desk)?;
            setting.remark("ui-office-key-passphrase", &[]);
            let passphrase = line()?;
            let by = By::operator(Some(&person), "SEC");
            kept(&office, by, async |tx| {
                holder_keys::enrol(tx, &Age::default(), &person, &passphrase).await
            })?;
            setting.remark("ui-office-key-enrolled", &[]);
        }
        OfficeKeyAct::Passphrase { desk, person } => {
            let office = Office::open(setting, &desk)?;
            setting.remark("ui-office-key-passphrases", &[]);
            let (old, new) = (line()?, line()?);
            let by = By::operator(Some(&person), "SEC");
            kept(&office, by, async |tx| {
                let words = (old.as_str(), new.as_str());
                holder_keys::change_passphrase(tx, &Age::default(), &person, words).await
            })?;
            setting.remark("ui-office-key-enrolled", &[]);
        }
        OfficeKeyAct::New { desk, office: id, holder, recovery } => {
            let (office, name) = (Office::open(setting, &desk)?, OfficeName::parse(&id)?);
            kept(&office, By::operator(None, "SEC"), async |tx| {
                office_keys::make(tx, &Age::default(), &name, &holder, &recovery).await
            })?;
            setting.remark("ui-office-key-made", &[("office", &id)]);
        }
        OfficeKeyAct::Outside { desk, county, recipient } => {
            let office = Office::open(setting, &desk)?;
            kept(&office, By::operator(None, "SEC"), async |tx| {
                office_keys::note_outside(tx, &Age::default(), &county, &recipient).await
            })?;
            setting.remark("ui-office-key-outside", &[]);
        }
        OfficeKeyAct::Add { desk, office: id, person, opener } => {
            add(setting, &desk, &id, &person, opener.as_deref())?;
        }
        OfficeKeyAct::Revoke { desk, office: id, person } => {
            let (office, name) = (Office::open(setting, &desk)?, OfficeName::parse(&id)?);
            kept(&office, By::operator(None, "SEC"), async |tx| {
                office_keys::revoke(tx, &Age::default(), &name, &person).await
            })?;
            setting.remark("ui-office-key-revoked", &[("office", &id)]);
        }
        OfficeKeyAct::Recover { desk, office, person, recovery } => {
            recover(setting, &desk, &office, &person, &recovery)?;
        }
        OfficeKeyAct::List { desk } => return list(setting, &desk),
    }
    Ok(Ending::Done)
}

/// A line of standard input.
///
/// # Errors
/// A fault when it cannot be read.
pub fn line() -> Result<String, Failure> {
    let mut line = String::new();
    let read = std::io::stdin().lock().read_line(&mut line);
    read.map_err(|e| Fault::new("read passphrase", e))?;
    Ok(line.trim_end_matches(['\r', '\n']).to_owned())
}

/// Unlocks the own key of a person, whose passphrase stands on the next line of standard input.
///
/// # Errors
/// A problem when it is wrong.
pub fn unlock(setting: &Setting, office: &Office, person: &str) -> Result<Unlocked, Failure> {
    setting.remark("ui-office-key-passphrase", &[]);
    let passphrase = line()?;
    office.wait(office.registry.unlock(&Age::default(), person, &passphrase))
}

/// Does something in a transaction of its own.
fn kept<F>(office: &Office, by: By, act: F) -> Result<(), Failure>
where
    F: AsyncFnOnce(&mut Tx) -> Result<Entry, Failure>,
{
    office.wait(async {
        let mut tx = office.registry.begin(by, office.now, "office key").await?;
        let entry = act(&mut tx).await?;
        tx.commit(entry).await
    })?;
    Ok(())
}

fn add(
    setting: &Setting,
    desk: &Desk,
    id: &str,
    person: &str,
    opener: Option<&str>,
) -> Result<(), Failure> {
    let (office, name) = (Office::open(setting, desk)?, OfficeName::parse(id)?);
    let opener = opener.map(|opener| unlock(setting, &office, opener)).transpose()?;
    kept(&office, By::operator(None, "SEC"), async |tx| {
        office_keys::add(tx, &Age::default(), &name, person, opener.as_ref()).await
    })?;
    let said = if opener.is_some() { "ui-office-key-added" } else { "ui-office-key-added-new" };
    setting.remark(said, &[("office", id)]);
    Ok(())
}

fn recover(
    setting: &Setting,
    desk: &Desk,
    id: &str,
    person: &str,
    recovery: &[String],
) -> Result<(), Failure> {
    let (office, name) = (Office::open(setting, desk)?, OfficeName::parse(id)?);
    let mut unlocked = Vec::new();
    for holder in recovery {
        unlocked.push(unlock(setting, &office, holder)?);
    }
    if let [one, other] = unlocked.as_slice() {
        kept(&office, By::operator(None, "SEC"), async |tx| {
            office_keys::recover(tx, &Age::default(), &name, (one, other), person).await
        })?;
        setting.remark("ui-office-key-recovered", &[("office", id)]);
    }
    Ok(())
}

fn list(setting: &Setting, desk: &Desk) -> Outcome {
    let office = Office::open(setting, desk)?;
    let db = &office.registry.db;
    let lines = office.wait(lists::offices(db, &office.operator(), office.now.day))?;
    if setting.common.json {
        return setting.print_json(&lines);
    }
    let row = |line: lists::OfficeLine| {
        let key = setting.text.get(if line.keyed { "ui-yes" } else { "ui-no" });
        let counts = [line.members.len(), line.holders.len(), line.recovery.len()];
        let counts = counts.map(|count| count.to_string());
        [vec![line.office, key], counts.to_vec(), vec![line.open.to_string()]].concat()
    };
    let rows: Vec<Vec<String>> = lines.into_iter().map(row).collect();
    let header = ["office", "key", "members", "holders", "recovery", "open"];
    let header = header.map(|h| setting.text.get(&format!("ui-column-{h}")));
    say::result(&say::table(&header, &rows, &[2, 3, 4, 5]));
    Ok(Ending::Done)
}
