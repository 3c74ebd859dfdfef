//! What is due in clues, dual checks and rectifications, each by a rule of the catalogue. A table of its
//! own: other dues are shown to everybody who works in the place.

use domain::catalogue::Versioned;
use domain::deadline::{self, Granted};
use domain::problem::Failure;
use domain::time::Day;
use sqlx::Row;

use super::Bench;
use crate::actions::{Refusal, unknown, write};
use crate::db::failure;
use crate::tx::Tx;

/// What is due: kind (`clue`, `dual`, `rectification`), key of the thing, its place.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Of<'a> {
    pub kind: &'static str,
    pub subject: &'a str,
    pub place: &'a str,
}

/// Sets a step due by a rule.
pub(crate) async fn set(
    tx: &mut Tx,
    bench: Bench<'_>,
    of: Of<'_>,
    (step, rule): (&str, &str),
    from: Day,
) -> Result<Day, Refusal> {
    let due = due(bench, rule, from, &[])?;
    let id = tx.new_id()?;
    let text = "insert into supervision_dues (id, kind, subject, place, step, rule, start_day, due_day, \
                provisional, catalogue, extensions) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 0)";
    let (subject, place) = (of.subject.to_owned(), of.place.to_owned());
    write!(
        tx,
        text,
        id.clone(),
        of.kind,
        subject,
        place,
        step.to_owned(),
        rule.to_owned(),
        from.to_string(),
        due.day.to_string(),
        i64::from(due.provisional),
        bench.office.digest.to_owned(),
    )?;
    tx.touch("supervision_dues", &id)?;
    Ok(due.day)
}

/// The last day by a rule, with extensions.
pub(crate) fn due(
    bench: Bench<'_>,
    rule: &str,
    from: Day,
    granted: &[Granted],
) -> Result<deadline::Due, Refusal> {
    let version = bench.office.catalogue.deadlines.get(rule).and_then(|known| known.on(from));
    let version = version.ok_or_else(|| unknown("deadline-rule", rule))?;
    let due = deadline::due(rule, version, from, &[], granted, bench.office.calendar);
    due.map_err(Refusal::from)
}

/// Ends what is due of a thing: one step, or everything.
pub(crate) async fn clear(tx: &mut Tx, subject: &str, step: Option<&str>) -> Result<(), Failure> {
    let during = |error| failure("read dues", error);
    let text = "select id from supervision_dues where subject = $1 and ($2 is null or step = $2) \
                and met_day is null";
    let rows = sqlx::query(text).bind(subject.to_owned()).bind(step.map(str::to_owned));
    for row in rows.fetch_all(tx.connection()).await.map_err(during)? {
        let id: String = row.try_get("id").map_err(during)?;
        let day = tx.now.day.to_string();
        write!(tx, "update supervision_dues set met_day = $2 where id = $1", id.clone(), day)?;
        tx.touch("supervision_dues", &id)?;
    }
    Ok(())
}

/// Lengthens what is due by the extension that the rule allows, granted by whoever acts.
pub(crate) async fn extend(
    tx: &mut Tx,
    bench: Bench<'_>,
    subject: &str,
    step: &str,
) -> Result<Day, Refusal> {
    let during = |error| Refusal::from(failure("read dues", error));
    let text = "select id, rule, start_day, extensions from supervision_dues \
                where subject = $1 and step = $2 and met_day is null";
    let row = sqlx::query(text).bind(subject.to_owned()).bind(step.to_owned());
    let row = row.fetch_optional(tx.connection()).await.map_err(during)?;
    let row = row.ok_or_else(|| unknown("step", step))?;
    let (id, rule): (String, String) =
        (row.try_get("id").map_err(during)?, row.try_get("rule").map_err(during)?);
    let from: String = row.try_get("start_day").map_err(during)?;
    let from = Day::parse(&from).unwrap_or(tx.now.day);
    let before: i64 = row.try_get("extensions").map_err(during)?;
    let version = bench.office.catalogue.deadlines.get(&rule).and_then(|known| known.on(from));
    let most = version.and_then(|version| version.extension.as_ref()).map(|more| more.limit);
    let limit = most.or(version.map(|version| version.limit));
    let limit = limit.ok_or_else(|| unknown("deadline-rule", &rule))?;
    let granted = Granted { limit, approver: tx.by.role.clone(), day: tx.now.day };
    // What was granted before was granted in time; only the new one is measured by today.
    let earlier = Granted { day: from, ..granted.clone() };
    let earlier = (0..before).map(|_| earlier.clone());
    let all: Vec<Granted> = earlier.chain([granted]).collect();
    let due = due(bench, &rule, from, &all)?;
    let text = "update supervision_dues set due_day = $2, extensions = $3 where id = $1";
    write!(tx, text, id.clone(), due.day.to_string(), before + 1)?;
    tx.touch("supervision_dues", &id)?;
    Ok(due.day)
}
