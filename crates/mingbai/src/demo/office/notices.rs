//! Two years of notices of a village: in time, late, missing, corrected, withdrawn.

use domain::catalogue::{DutyClass, DutyVersion, Versioned};
use domain::problem::Failure;
use domain::time::Day;
use registry::actions::notices::{self, NewNotice};
use registry::actions::orders::{self, NewOrder};
use registry::{Entry, Tx};
use serde_json::json;

use super::super::rng::Rng;
use super::due::{self, Period};
use super::ledger::{self, mistaken};
use super::texts::{SHEETS, Sheet, Source};
use super::{Desk, Village, act_as, begins, lists, officer, prepared};

/// How a village keeps its duties: how many of a thousand notices never come, and how many late.
#[derive(Debug, Clone, Copy)]
struct Habit {
    missing: usize,
    late: usize,
}

/// Ten villages: most keep their duties, one does not.
const HABITS: [Habit; 10] = {
    let (good, fair) = (Habit { missing: 8, late: 35 }, Habit { missing: 50, late: 130 });
    let poor = Habit { missing: 210, late: 260 };
    [good, fair, good, good, good, fair, good, poor, fair, good]
};
/// Of a thousand notices so many are corrected or withdrawn.
const CORRECTED: usize = 14;
const WITHDRAWN: usize = 4;
/// A delay of so many days makes the township order the notice.
const ORDERED_AFTER: i32 = 7;
/// Ground on which the township looks after what is missing: within so many days.
const ORDERS_LOOK_BACK: i32 = 100;

const ORDER: &str = "应公开未公开，请于期限内补公开并说明原因。";
const SLIP: &str = "录入时多写了一位，按原始票据更正金额。";
const REWRITTEN: &str = "原文有一处数字与记录不符，已按会议记录更正。";
const WITHDRAWAL: &str = "附图拍到了群众的证件，先撤下，处理后重新公开。";

/// A notice that was published.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Known {
    /// Public number.
    pub number: String,
    /// Code of its duty.
    pub duty: &'static str,
    /// When.
    pub day: Day,
}

/// A notice to be written, or not.
pub struct Planned {
    /// What it says.
    pub sheet: &'static Sheet,
    /// What it is about.
    pub period: Option<Period>,
    day: Day,
    missing: bool,
}

/// Publishes everything that the village publishes.
pub async fn publish_all(
    tx: &mut Tx,
    desk: &Desk<'_>,
    village: &Village<'_>,
    rng: &mut Rng,
) -> Result<Vec<Known>, Failure> {
    let codes: Vec<String> =
        due::periods(1, 1, desk.today).into_iter().map(|period| period.code).collect();
    let source = Source { months: ledger::months(&codes, rng), neighbours: lists::neighbours(rng) };
    let mut known = Vec::new();
    for planned in plan(desk, village, rng) {
        if planned.missing {
            order(tx, desk, village, &planned, rng).await?;
            prepared::prepare(tx, desk, village, &source, &planned, rng).await?;
            continue;
        }
        known.push(publish(tx, desk, village, &source, &planned, rng).await?);
    }
    if village.at == 0 {
        prepared::first_village(tx, desk, village, &source, &mut rng.clone()).await?;
    }
    Ok(known)
}

/// What is published when, the oldest first.
fn plan(desk: &Desk<'_>, village: &Village<'_>, rng: &mut Rng) -> Vec<Planned> {
    let habit = HABITS.get(village.at % HABITS.len()).copied();
    let habit = habit.unwrap_or(Habit { missing: 0, late: 0 });
    let mut all = Vec::new();
    for sheet in &SHEETS {
        let Some(version) = version(desk, sheet.duty) else { continue };
        let length = [("month", 1), ("quarter", 3), ("year", 12)];
        let length =
            length.into_iter().find(|(code, _)| version.frequency.iter().any(|f| f == code));
        let Some((_, length)) = length else {
            let day = Day(begins(desk.today).0 + rng.between(2, 9));
            all.push(Planned { sheet, period: None, day, missing: false });
            continue;
        };
        for period in due::periods(length, version.due_day.unwrap_or(20), desk.today) {
            let luck = rng.below(1000);
            let late = luck < habit.missing + habit.late;
            let days = if late { rng.between(1, 15) } else { -rng.between(0, 5) };
            let missing = luck < habit.missing;
            let day = if missing { period.due } else { Day(period.due.0 + days) };
            all.push(Planned { sheet, period: Some(period), day, missing });
        }
    }
    all.retain(|planned| planned.day <= desk.today);
    all.sort_by_key(|planned| planned.day);
    all
}

fn version<'a>(desk: &'a Desk<'_>, duty: &str) -> Option<&'a DutyVersion> {
    desk.law.catalogue.duties.get(duty)?.on(desk.today)
}

/// Who prepares notices of a class.
pub fn preparer(desk: &Desk<'_>, duty: &str) -> &'static str {
    match desk.law.catalogue.duties.get(duty).map(|duty| duty.class) {
        Some(DutyClass::Party) => "VPS",
        Some(DutyClass::Finance) => "VAC",
        _ => "VC",
    }
}

async fn publish(
    tx: &mut Tx,
    desk: &Desk<'_>,
    village: &Village<'_>,
    source: &Source,
    planned: &Planned,
    rng: &mut Rng,
) -> Result<Known, Failure> {
    let late = planned.period.as_ref().map_or(0, |period| planned.day.0 - period.due.0);
    if late > ORDERED_AFTER {
        order(tx, desk, village, planned, rng).await?;
    }
    let (duty, role) = (planned.sheet.duty, preparer(desk, planned.sheet.duty));
    let person = village.officers.one(role, rng);
    act_as(tx, officer(&person, role), planned.day);
    let content = planned.sheet.content(source, planned.period.as_ref(), rng);
    let luck = rng.below(1000);
    let again = planned.sheet.content(source, planned.period.as_ref(), rng);
    let slip = mistaken(&content.body, rng).map_or((again.body, REWRITTEN), |body| (body, SLIP));
    let slip = (luck < CORRECTED && slip.0 != content.body).then_some(slip);
    let new = NewNotice {
        place: village.place.code.clone(),
        duty: duty.to_owned(),
        from: None,
        period: planned.period.as_ref().map_or(planned.day.to_string(), |p| p.code.clone()),
        title: content.title.clone(),
        body: slip.as_ref().map_or(&content.body, |(body, _)| body).clone(),
        personal: content.personal.clone(),
        prepared_by: Some(person),
        checked_by: Some(village.officers.one("VSC", rng)),
        due: planned.period.as_ref().map(|period| period.due),
    };
    let (number, public) = notices::publish(tx, desk.law.rules(), &new).await?;
    tx.record(Entry::new("notice-published", &number, json!({})).public(public)).await?;
    let known = Known { number, duty, day: planned.day };
    let later = Day(planned.day.0 + rng.between(2, 6));
    if later > desk.today {
        return Ok(known);
    }
    tx.now = super::noon(later);
    if let Some((_, reason)) = slip {
        let entry = notices::replace(tx, &known.number, reason, Some(&content.body)).await?;
        tx.record(entry).await?;
    } else if luck >= 1000 - WITHDRAWN {
        let entry = notices::replace(tx, &known.number, WITHDRAWAL, None).await?;
        tx.record(entry).await?;
    }
    Ok(known)
}

/// The township orders what is missing of late.
async fn order(
    tx: &mut Tx,
    desk: &Desk<'_>,
    village: &Village<'_>,
    planned: &Planned,
    rng: &mut Rng,
) -> Result<(), Failure> {
    let Some(period) = &planned.period else { return Ok(()) };
    let day = Day(period.due.0 + ORDERED_AFTER);
    if day > desk.today || desk.today.0 - day.0 > ORDERS_LOOK_BACK {
        return Ok(());
    }
    act_as(tx, officer(&village.officers.one("TG", rng), "TG"), day);
    let new = NewOrder {
        place: village.place.code.clone(),
        duty: planned.sheet.duty.to_owned(),
        period: period.code.clone(),
        reason: ORDER.to_owned(),
        due: Day(day.0 + 10),
    };
    let (_, entry) = orders::give(tx, desk.law.rules(), &new).await?;
    tx.record(entry).await?;
    Ok(())
}
