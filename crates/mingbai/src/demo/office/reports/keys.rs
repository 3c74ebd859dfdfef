//! Own keys of those who handle reports, and the keys of their offices.

use std::collections::BTreeSet;

use domain::problem::Failure;
use domain::time::Day;
use registry::By;
use registry::Tx;
use registry::actions::holder_keys;
use registry::actions::office_keys::{self, OfficeName};

use super::super::super::county::DIVISION;
use super::{Hall, PASSPHRASE, act_as};

/// Roles of the county that can bring keys back, two together.
const RECOVERY: [&str; 2] = ["AUD", "CF"];

/// Makes them all on one day.
pub async fn make(tx: &mut Tx, hall: &Hall<'_>, day: Day) -> Result<(), Failure> {
    let sealer = hall.counter.sealer;
    let recovery: Vec<String> =
        RECOVERY.iter().map(|role| hall.person(&format!("{role}@{DIVISION}")).to_owned()).collect();
    let wanted = roles(hall, day)?;
    let gets = |id: &&String| id.split_once('@').is_some_and(|(role, _)| wanted.contains(role));
    let offices: Vec<&String> = hall.offices.keys().filter(gets).collect();
    let mut people: BTreeSet<&String> = recovery.iter().collect();
    people.extend(offices.iter().filter_map(|id| hall.offices.get(*id)).flatten());
    for person in people {
        act_as(tx, By::operator(Some(person), "SEC"), day);
        let entry = holder_keys::enrol(tx, sealer, person, PASSPHRASE).await?;
        tx.record(entry).await?;
    }
    act_as(tx, By::operator(None, "SEC"), day);
    for id in offices {
        let holders = hall.offices.get(id).cloned().unwrap_or_default();
        let name = OfficeName::parse(id)?;
        let entry = office_keys::make(tx, sealer, &name, &holders, &recovery).await?;
        tx.record(entry).await?;
    }
    // The next level up keeps its secret where it is; here it has no place to be kept at all.
    let above = sealer.new_key()?.recipient;
    let entry = office_keys::note_outside(tx, sealer, DIVISION, &above).await?;
    tx.record(entry).await?;
    Ok(())
}

/// Roles whose offices get reports.
fn roles(hall: &Hall<'_>, day: Day) -> Result<BTreeSet<String>, Failure> {
    let rules = hall.counter.rules(day)?.1;
    let doors = rules.doors.iter().flat_map(|d| d.steps.iter().chain(&d.review).chain(&d.identity));
    let sealed = rules.sealed.iter().flat_map(|queue| &queue.steps);
    let roles = doors.chain(sealed).map(|step| step.role.clone());
    Ok(roles.chain(rules.topics.iter().map(|topic| topic.department.clone())).collect())
}
