//! What is due about a report, computed by the rules of the catalogue and kept with everything that it
//! was computed from, so that each day can be explained again.

use std::collections::BTreeMap;

use domain::catalogue::{DeadlineVersion, Limit, Unit, Versioned};
use domain::deadline::{Due, Granted, Pause, due};
use domain::problem::{Failure, Fault, RuleViolation};
use domain::report::handling::DueFor;
use domain::time::Day;
use serde::{Deserialize, Serialize};
use sqlx::any::AnyRow;
use sqlx::{AnyConnection, Row};

use super::Counter;
use crate::actions::{unknown, write};
use crate::db::failure;
use crate::queries::organisation;
use crate::tx::Tx;

/// A pause as it is kept; `until` is open while the clock stands still.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Stopped {
    ground: String,
    from: Day,
    until: Option<Day>,
}

/// An extension as it is kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Lengthened {
    count: u32,
    unit: Unit,
    approver: String,
    day: Day,
}

/// Something that is or was due.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct DueRow {
    #[serde(skip)]
    id: String,
    /// Code of what is due: `accept`, `settle` ...
    pub what: String,
    /// Code of the rule.
    pub rule: String,
    /// From when it is counted.
    pub start: Day,
    /// Last day.
    pub day: Day,
    /// Counted over days whose calendar is not out yet.
    pub provisional: bool,
    /// Id of the office that owes it.
    pub office: String,
    /// `village`, `township`, `county`, `above`: who looks after it now.
    pub level: String,
    /// When it was done.
    pub met: Option<Day>,
    /// When it ended without being done.
    pub dropped: Option<Day>,
    /// When it was raised.
    pub raised: Option<Day>,
    #[serde(skip)]
    pauses: Vec<Stopped>,
    #[serde(skip)]
    extensions: Vec<Lengthened>,
}

impl DueRow {
    /// Still to come or to be done.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.met.is_none() && self.dropped.is_none()
    }

    /// A right that ends, and no duty.
    #[must_use]
    pub fn is_right(&self) -> bool {
        DueFor::ALL.iter().any(|what| what.code() == self.what && what.is_right())
    }

    /// A duty that was not done in time, as seen on a day. A right that ended is no duty.
    #[must_use]
    pub fn is_late(&self, today: Day) -> bool {
        let until = self.met.or(self.dropped).unwrap_or(today);
        !self.is_right() && until > self.day
    }

    /// How the last day was counted.
    ///
    /// # Errors
    /// A problem when the catalogue does not know the rule any more.
    pub fn explain(&self, counter: &Counter<'_>, today: Day) -> Result<Due, Failure> {
        compute(counter, &self.rule, self.start, (&self.pauses, &self.extensions), today)
    }
}

fn version<'l>(
    counter: &Counter<'l>,
    rule: &str,
    start: Day,
) -> Result<&'l DeadlineVersion, Failure> {
    let known = counter.law.catalogue.deadlines.get(rule).and_then(|known| known.on(start));
    known.ok_or_else(|| unknown("deadline rule", rule))
}

fn compute(
    counter: &Counter<'_>,
    rule: &str,
    start: Day,
    (pauses, extensions): (&[Stopped], &[Lengthened]),
    today: Day,
) -> Result<Due, Failure> {
    let pauses: Vec<Pause> = pauses
        .iter()
        .map(|stop| Pause {
            ground: stop.ground.clone(),
            from: stop.from,
            until: stop.until.unwrap_or(today),
        })
        .collect();
    let extensions: Vec<Granted> = extensions
        .iter()
        .map(|more| Granted {
            limit: Limit { count: more.count, unit: more.unit },
            approver: more.approver.clone(),
            day: more.day,
        })
        .collect();
    let version = version(counter, rule, start)?;
    Ok(due(rule, version, start, &pauses, &extensions, &counter.law.calendar)?)
}

/// How a thing that is due stands in its row: of a transfer both the office and the reporter contest, and what
/// the sender settles is the transfer itself.
const fn stored(what: DueFor) -> (&'static str, Option<&'static str>) {
    match what {
        DueFor::ObjectTransfer => (DueFor::Contest.code(), Some("reporter")),
        DueFor::DecideTransfer => (DueFor::Settle.code(), Some("sender")),
        other => (other.code(), None),
    }
}

/// Sets something due, counted from today.
pub(crate) async fn set(
    tx: &mut Tx,
    counter: &Counter<'_>,
    (report, office): (&str, &str),
    what: DueFor,
    rule: &str,
) -> Result<Day, Failure> {
    let start = tx.now.day;
    let computed = compute(counter, rule, start, (&[], &[]), start)?;
    let level = if super::standing::is_outside(office) {
        "above"
    } else {
        organisation::place_of(tx.connection(), office).await?.1.code()
    };
    let id = crate::ids::random_id()?;
    let text = "insert into report_dues (id, report, what, rule, start_day, due_day, provisional, \
                catalogue, office, level, pauses, extensions, side) \
                values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, '[]', '[]', $11)";
    let (kind, side) = stored(what);
    let query = sqlx::query(text).bind(id.clone()).bind(report.to_owned()).bind(kind);
    let query = query.bind(rule.to_owned()).bind(start.to_string()).bind(computed.day.to_string());
    let query = query.bind(i64::from(computed.provisional)).bind(counter.law.digest.clone());
    let query = query.bind(office.to_owned()).bind(level).bind(side);
    query.execute(tx.connection()).await.map_err(|error| failure("write due", error))?;
    tx.touch("report_dues", &id)?;
    Ok(computed.day)
}

/// Everything that is or was due about a report, in order.
pub(crate) async fn all(
    connection: &mut AnyConnection,
    report: &str,
) -> Result<Vec<DueRow>, Failure> {
    let during = |error| failure("read dues", error);
    let text = "select id, what, side, rule, start_day, due_day, provisional, office, level, pauses, \
                extensions, met_day, dropped_day, raised_day from report_dues where report = $1 \
                order by start_day, due_day, id";
    let rows = sqlx::query(text).bind(report.to_owned()).fetch_all(connection).await;
    rows.map_err(during)?.iter().map(row).collect()
}

/// The same of all reports at once, by their keys.
pub(crate) async fn by_report(
    connection: &mut AnyConnection,
) -> Result<BTreeMap<String, Vec<DueRow>>, Failure> {
    let during = |error| failure("read dues", error);
    let text = "select report, id, what, side, rule, start_day, due_day, provisional, office, level, pauses, \
                extensions, met_day, dropped_day, raised_day from report_dues \
                order by report, start_day, due_day, id";
    let rows = sqlx::query(text).fetch_all(connection).await.map_err(during)?;
    let mut found: BTreeMap<String, Vec<DueRow>> = BTreeMap::new();
    for one in &rows {
        let report: String = one.try_get("report").map_err(during)?;
        found.entry(report).or_default().push(row(one)?);
    }
    Ok(found)
}

fn row(row: &AnyRow) -> Result<DueRow, Failure> {
    let during = |error| failure("read dues", error);
    let text = |name: &str| row.try_get::<String, _>(name).map_err(during);
    let day = |name: &str| -> Result<Option<Day>, Failure> {
        let day: Option<String> = row.try_get(name).map_err(during)?;
        Ok(day.and_then(|day| Day::parse(&day)))
    };
    let broken = |e: serde_json::Error| Fault::new("read dues", e);
    let rule = text("rule")?;
    let (what, side): (_, Option<String>) = (text("what")?, row.try_get("side").map_err(during)?);
    let known = DueFor::ALL.iter().find(|known| stored(**known) == (&what, side.as_deref()));
    Ok(DueRow {
        id: text("id")?,
        what: known.map_or(what.clone(), |known| known.code().to_owned()),
        rule,
        start: day("start_day")?.unwrap_or(Day(0)),
        day: day("due_day")?.unwrap_or(Day(0)),
        provisional: row.try_get::<i64, _>("provisional").map_err(during)? == 1,
        office: text("office")?,
        level: text("level")?,
        met: day("met_day")?,
        dropped: day("dropped_day")?,
        raised: day("raised_day")?,
        pauses: serde_json::from_str(&text("pauses")?).map_err(broken)?,
        extensions: serde_json::from_str(&text("extensions")?).map_err(broken)?,
    })
}

async fn open(tx: &mut Tx, report: &str, what: DueFor) -> Result<Vec<DueRow>, Failure> {
    let all = all(tx.connection(), report).await?;
    Ok(all.into_iter().filter(|due| due.is_open() && due.what == what.code()).collect())
}

/// Ends what is due: done, or due no more.
pub(crate) async fn end(
    tx: &mut Tx,
    report: &str,
    what: DueFor,
    done: bool,
) -> Result<(), Failure> {
    for due in open(tx, report, what).await? {
        let day = tx.now.day.to_string();
        if done {
            write!(tx, "update report_dues set met_day = $2 where id = $1", due.id.clone(), day)?;
        } else {
            let text = "update report_dues set dropped_day = $2 where id = $1";
            write!(tx, text, due.id.clone(), day)?;
        }
        tx.touch("report_dues", &due.id)?;
    }
    Ok(())
}

/// Whether something that is due still runs today.
pub(crate) async fn runs(tx: &mut Tx, report: &str, what: DueFor) -> Result<bool, Failure> {
    let today = tx.now.day;
    Ok(open(tx, report, what).await?.iter().any(|due| due.day >= today))
}

/// Lengthens what is due by what its rule allows, granted in a role.
pub(crate) async fn extend(
    tx: &mut Tx,
    counter: &Counter<'_>,
    report: &str,
    what: DueFor,
    approver: &str,
) -> Result<Option<Day>, Failure> {
    let mut until = None;
    for mut due in open(tx, report, what).await? {
        let version = version(counter, &due.rule, due.start)?;
        let none = || RuleViolation::new("deadline-extension-none", "").with("rule", &due.rule);
        let allowed = version.extension.as_ref().ok_or_else(none)?;
        let (count, unit) = (allowed.limit.count, allowed.limit.unit);
        let (approver, day) = (approver.to_owned(), tx.now.day);
        due.extensions.push(Lengthened { count, unit, approver, day });
        until = Some(recompute(tx, counter, &due).await?);
    }
    Ok(until)
}

/// Stops the clock of what is due, from today on.
pub(crate) async fn pause(
    tx: &mut Tx,
    counter: &Counter<'_>,
    report: &str,
    what: DueFor,
    ground: &str,
) -> Result<(), Failure> {
    for mut due in open(tx, report, what).await? {
        let (ground, from) = (ground.to_owned(), tx.now.day);
        due.pauses.push(Stopped { ground, from, until: None });
        recompute(tx, counter, &due).await?;
    }
    Ok(())
}

/// Lets it go on: yesterday was the last day that did not count.
pub(crate) async fn resume(
    tx: &mut Tx,
    counter: &Counter<'_>,
    report: &str,
    what: DueFor,
) -> Result<(), Failure> {
    for mut due in open(tx, report, what).await? {
        let until = Day(tx.now.day.0 - 1);
        // Stopped and let go on the same day: nothing stood still.
        due.pauses.retain(|stop| stop.until.is_some() || stop.from <= until);
        for stop in due.pauses.iter_mut().filter(|stop| stop.until.is_none()) {
            stop.until = Some(until);
        }
        recompute(tx, counter, &due).await?;
    }
    Ok(())
}

async fn recompute(tx: &mut Tx, counter: &Counter<'_>, due: &DueRow) -> Result<Day, Failure> {
    let broken = |e: serde_json::Error| Fault::new("write due", e);
    let computed = due.explain(counter, tx.now.day)?;
    let pauses = serde_json::to_string(&due.pauses).map_err(broken)?;
    let extensions = serde_json::to_string(&due.extensions).map_err(broken)?;
    let text = "update report_dues set due_day = $2, provisional = $3, pauses = $4, extensions = $5 \
                where id = $1";
    let (day, provisional) = (computed.day.to_string(), i64::from(computed.provisional));
    write!(tx, text, due.id.clone(), day, provisional, pauses, extensions)?;
    tx.touch("report_dues", &due.id)?;
    Ok(computed.day)
}
