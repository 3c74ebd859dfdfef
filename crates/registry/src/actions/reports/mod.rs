//! Reports: filed by whoever came, handled by the office that routing chose, answered to a receipt.
//!
//! `file` takes one in, `acts` are those of the office, `reader` those of the reporter with his receipt,
//! `objection` is about transfers that somebody objects to, `open` reads content, `identity` grants looks at
//! who it was, `erase` forgets him, `care` is what leaders do about cases.

pub mod acts;
pub mod care;
pub mod erase;
pub mod file;
pub mod identity;
pub mod objection;
pub mod open;
pub mod reader;
pub mod transfer;

use domain::problem::{Failure, Fault};
use domain::report::handling::{Case, DueFor, Effect};
use serde_json::json;
use sqlx::Row;

use super::{Refusal, outbox, write};
use crate::db::failure;
use crate::reports::{Counter, Known, dues, texts};
use crate::tx::{Entry, Tx};

/// One act as it is written down.
#[derive(Debug, Default)]
pub(crate) struct Line<'a> {
    pub kind: &'a str,
    pub person: Option<&'a str>,
    pub office: Option<&'a str>,
    pub outcome: Option<&'a str>,
    pub part: Option<String>,
}

/// Writes an act down.
pub(crate) async fn note(tx: &mut Tx, report: &str, line: Line<'_>) -> Result<(), Failure> {
    let during = |error| failure("read acts", error);
    let count = "select coalesce(max(seq), 0) as seq from report_acts where report = $1";
    let row = sqlx::query(count).bind(report.to_owned()).fetch_one(tx.connection()).await;
    let seq: i64 = row.map_err(during)?.try_get("seq").map_err(during)?;
    let (id, day) = (crate::ids::random_id()?, tx.now.day.to_string());
    let text = "insert into report_acts (id, report, seq, kind, day, person, role, office, outcome, part) \
                values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";
    let query = sqlx::query(text).bind(id.clone()).bind(report.to_owned()).bind(seq + 1);
    let query = query.bind(line.kind.to_owned()).bind(day).bind(line.person.map(str::to_owned));
    let query = query.bind(tx.by.role.clone()).bind(line.office.map(str::to_owned));
    let query = query.bind(line.outcome.map(str::to_owned)).bind(line.part);
    query.execute(tx.connection()).await.map_err(|error| failure("write act", error))?;
    Ok(tx.touch("report_acts", &id)?)
}

/// Keeps how a report stands after an act, and where it is.
pub(crate) async fn keep(
    tx: &mut Tx,
    known: &Known,
    next: &Case,
    office: &str,
) -> Result<(), Failure> {
    let record = serde_json::to_string(next).map_err(|e| Fault::new("write report", e))?;
    let closed = (next.state.code() == "closed").then(|| tx.now.day.to_string());
    let text = "update reports set state = $2, record = $3, office = $4, \
                closed_day = coalesce($5, closed_day) where id = $1";
    let state = next.state.code();
    write!(tx, text, known.id.clone(), state, record, office.to_owned(), closed)?;
    Ok(tx.touch("reports", &known.id)?)
}

/// Does what follows from an act, as far as days and notices go.
pub(crate) async fn follow(
    tx: &mut Tx,
    counter: &Counter<'_>,
    (report, office): (&str, &str),
    effects: &[Effect],
) -> Result<Vec<(DueFor, domain::time::Day)>, Failure> {
    let mut set = Vec::new();
    for effect in effects {
        match effect {
            Effect::Set(what, rule) => {
                set.push((*what, dues::set(tx, counter, (report, office), *what, rule).await?));
            }
            Effect::Met(what) => dues::end(tx, report, *what, true).await?,
            Effect::Drop(what) => dues::end(tx, report, *what, false).await?,
            Effect::Extend(what) => {
                let role = tx.by.role.clone();
                let day = dues::extend(tx, counter, report, *what, &role).await?;
                set.extend(day.map(|day| (*what, day)));
            }
            Effect::Pause(what) => {
                let ground = paused_for(tx, report).await?;
                dues::pause(tx, counter, report, *what, &ground).await?;
            }
            Effect::Resume(what) => dues::resume(tx, counter, report, *what).await?,
            Effect::Back(_) | Effect::ToReview | Effect::TellReporter => {}
        }
    }
    Ok(set)
}

/// The ground for which the clock of a report stands still.
async fn paused_for(tx: &mut Tx, report: &str) -> Result<String, Failure> {
    let during = |error| failure("read report", error);
    let row = sqlx::query("select record from reports where id = $1").bind(report.to_owned());
    let row = row.fetch_one(tx.connection()).await.map_err(during)?;
    let record: String = row.try_get("record").map_err(during)?;
    let case: Case = serde_json::from_str(&record).unwrap_or_default();
    Ok(case.paused.unwrap_or_default())
}

/// The entry of an act. It names the report by its random key and says nothing of it.
pub(crate) fn entry(kind: &'static str, known: &Known) -> Entry {
    Entry::new(kind, &known.id, json!({}))
}

/// Seals a text of an act: a notice is for the reporter too, a note for the office alone.
pub(crate) async fn said(
    tx: &mut Tx,
    counter: &Counter<'_>,
    known: &Known,
    (kind, words): (&str, &texts::Words),
) -> Result<Option<String>, Failure> {
    if words == &texts::Words::default() {
        return Ok(None);
    }
    texts::say(tx, counter, known, (kind, words)).await.map(Some)
}

/// Tells an office that there is something to look at.
pub(crate) async fn tell(
    tx: &mut Tx,
    counter: &Counter<'_>,
    office: &str,
    code: &str,
) -> Result<(), Failure> {
    outbox::put(tx, counter.channels, office, code).await
}

/// The rules that say no, as a refusal.
pub(crate) fn no(rules: Vec<domain::problem::RuleViolation>) -> Refusal {
    Refusal::Rules(rules)
}
