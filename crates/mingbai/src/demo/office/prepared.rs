//! Notices that are not public yet: what is missing of late lies prepared on the desk, here and there with
//! the agreement of the supervision committee, with its objection, or with a question of its.

use domain::problem::Failure;
use domain::time::Day;
use registry::Tx;
use registry::actions::inquiries::{self, About};
use registry::actions::preparations::{self, NewPreparation};

use super::super::rng::Rng;
use super::due;
use super::notices::{Planned, preparer};
use super::texts::{SHEETS, Source};
use super::{Desk, Village, act_as, officer};

/// What was due so many days ago is still worked on.
const WORKED_ON: i32 = 75;
const OBJECTION: &str = "第2行没有附票据，请补齐后再报。";
const QUESTION: &str = "这几笔是经谁同意的？请附上会议记录。";
/// In the first village, whose accounts are printed, there is always one to check and one to publish.
const TO_CHECK: &str = "V22";
const TO_PUBLISH: &str = "V08";
const ASKED: &str = "第二户的金额为什么比第一户多？请附上评议记录。";

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
    let asks = rng.clone().below(2) == 0;
    let answer = [None, Some(true), Some(false)].get(rng.below(3)).copied().flatten();
    if let Some(agreed) = answer {
        act_as(tx, officer(&village.officers.one("VSC", rng), "VSC"), Day(day.0 + 1));
        let opinion = if agreed { "" } else { OBJECTION };
        let entry = preparations::check(tx, &id, agreed, opinion).await?;
        tx.record(entry).await?;
    } else if asks {
        act_as(tx, officer(&village.officers.one("VSC", rng), "VSC"), Day(day.0 + 1));
        let about = About::Preparation(id);
        let (_, entry) = inquiries::ask(tx, desk.law.rules(), &about, QUESTION).await?;
        tx.record(entry).await?;
    }
    Ok(())
}

/// Prepares what waits in the first village: with a question of the committee, and with its agreement.
pub async fn first_village(
    tx: &mut Tx,
    desk: &Desk<'_>,
    village: &Village<'_>,
    source: &Source,
    rng: &mut Rng,
) -> Result<(), Failure> {
    let watcher = officer(&village.officers.one("VSC", rng), "VSC");
    for (duty, ago) in [(TO_PUBLISH, 3), (TO_CHECK, 2)] {
        let day = Day(desk.today.0 - ago);
        act_as(tx, officer(&village.officers.one("VC", rng), "VC"), day);
        let sheet = SHEETS.iter().find(|sheet| sheet.duty == duty);
        let period = due::periods(1, 1, desk.today).pop();
        let content = sheet.map(|sheet| sheet.content(source, period.as_ref(), rng));
        let content = content.unwrap_or_default();
        let new = NewPreparation {
            place: village.place.code.clone(),
            duty: duty.to_owned(),
            period: day.to_string(),
            title: content.title,
            body: content.body,
            personal: content.personal.into_iter().collect(),
        };
        let (id, entry) = preparations::prepare(tx, &new).await?;
        tx.record(entry).await?;
        act_as(tx, watcher.clone(), Day(day.0 + 1));
        let entry = match duty {
            TO_CHECK => {
                let about = About::Preparation(id);
                inquiries::ask(tx, desk.law.rules(), &about, ASKED).await?.1
            }
            _ => preparations::check(tx, &id, true, "").await?,
        };
        tx.record(entry).await?;
    }
    Ok(())
}
