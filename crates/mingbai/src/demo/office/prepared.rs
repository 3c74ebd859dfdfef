//! Notices that are not public yet: what is missing of late lies prepared on the desk, here and there with
//! the agreement of the supervision committee, or with its objection.

use domain::problem::Failure;
use domain::time::Day;
use registry::Tx;
use registry::actions::preparations::{self, NewPreparation};

use super::super::rng::Rng;
use super::notices::{Planned, preparer};
use super::texts::Source;
use super::{Desk, Village, act_as, officer};

/// What was due so many days ago is still worked on.
const WORKED_ON: i32 = 75;
const OBJECTION: &str = "第2行没有附票据，请补齐后再报。";

/// Prepares what is missing, a few days ago, and lets the committee look at most of it.
pub async fn prepare(
    tx: &mut Tx,
    desk: &Desk<'_>,
    village: &Village<'_>,
    source: &Source,
    planned: &Planned,
    rng: &mut Rng,
) -> Result<(), Failure> {
    let Some(period) = &planned.period else { return Ok(()) };
    if desk.today.0 - period.due.0 > WORKED_ON {
        return Ok(());
    }
    let content = planned.sheet.content(source, Some(period), rng);
    let role = preparer(desk, planned.sheet.duty);
    let day = Day(desk.today.0 - rng.between(2, 4));
    act_as(tx, officer(&village.officers.one(role, rng), role), day);
    let new = NewPreparation {
        place: village.place.code.clone(),
        duty: planned.sheet.duty.to_owned(),
        period: period.code.clone(),
        title: content.title,
        body: content.body,
        personal: content.personal.into_iter().collect(),
    };
    let (id, entry) = preparations::prepare(tx, &new).await?;
    tx.record(entry).await?;
    let answer = [None, Some(true), Some(false)].get(rng.below(3)).copied().flatten();
    if let Some(agreed) = answer {
        act_as(tx, officer(&village.officers.one("VSC", rng), "VSC"), Day(day.0 + 1));
        let opinion = if agreed { "" } else { OBJECTION };
        let entry = preparations::check(tx, &id, agreed, opinion).await?;
        tx.record(entry).await?;
    }
    Ok(())
}
