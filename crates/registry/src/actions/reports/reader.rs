//! What the reporter does with his receipt: read how it stands and what was answered, add, say whether
//! it is solved, ask for a review. He never gets back what he wrote, nor who he is: somebody else may
//! have found the paper.

use std::collections::BTreeSet;

use domain::problem::{Failure, Problem};
use domain::receipt::Receipt;
use domain::report::handling::{Act, DueFor, Effect, advance};
use domain::routing::{Organisation, To, office_id, review};
use domain::time::Day;
use serde::Serialize;
use sqlx::{AnyConnection, Row};

use super::super::Refusal;
use super::acts::Done;
use super::file::coarse;
use super::{Line, entry, follow, keep, no, note, tell};
use crate::Db;
use crate::actions::office_keys;
use crate::db::failure;
use crate::queries::organisation::{self, OUTSIDE};
use crate::reports::dues::DueRow;
use crate::reports::texts::{Words, parts, recipient, words};
use crate::reports::wraps::{self, stage};
use crate::reports::{Counter, Known, by_receipt, dues, receipts, texts};
use crate::sealer::seal_value;
use crate::tx::{Entry, Tx};

/// An act as the reporter sees it: what and when, by which role, never by whom.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Step {
    /// `filed`, `accepted`, `transferred` ...
    pub kind: String,
    /// When.
    pub day: String,
    /// Role code.
    pub role: String,
    /// `support`, `explain`, `not_support`.
    pub outcome: Option<String>,
    /// What he was told.
    pub words: Option<Words>,
}

/// A look at his identity, as a reporter with a name sees it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Look {
    /// Role of who asked.
    pub role: String,
    /// What for.
    pub purpose: String,
    /// When he asked.
    pub asked: String,
    /// Role of who granted or refused it, if that was decided.
    pub decided_role: Option<String>,
    /// It was granted.
    pub granted: bool,
    /// Days on which it was read.
    pub read: Vec<String>,
}

/// What a receipt shows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Standing {
    /// Code of the door.
    pub door: String,
    /// How it stands.
    pub state: String,
    /// `first`, `review`, `second`.
    pub stage: String,
    /// Id of the office that handles it; none in the sealed queue.
    pub office: Option<String>,
    /// It is with the next level up.
    pub outside: bool,
    /// He gave his name.
    pub named: bool,
    /// When it was filed.
    pub filed: Day,
    /// What was done.
    pub steps: Vec<Step>,
    /// What he added himself: the days alone.
    pub added: Vec<String>,
    /// What is or was due; with [`DueRow::explain`] each day is explained.
    pub dues: Vec<DueRow>,
    /// Looks at his identity.
    pub looks: Vec<Look>,
    /// Leaf in the log of filings, once the day is over.
    pub leaf: Option<i64>,
    /// His data were erased on this day.
    pub erased: Option<String>,
}

/// What a receipt shows: everything that was answered, opened with the receipt itself.
///
/// # Errors
/// A problem for a receipt that is none.
pub async fn look(db: &Db, counter: &Counter<'_>, receipt: &Receipt) -> Result<Standing, Failure> {
    let connection = db.read.acquire().await;
    let mut connection = connection.map_err(|error| failure("read report", error))?;
    let known = by_receipt(&mut connection, counter, receipt).await?;
    let main = main_of(&mut connection, counter, &known).await?;
    let mut steps = steps(&mut connection, counter, &known, receipt).await?;
    if let Some(main) = &main {
        // What goes on under the main report is told here too, without its words: those are sealed
        // for another receipt.
        steps.extend(acts(&mut connection, &main.id).await?.into_iter().map(|(step, _)| step));
    }
    let shown = main.as_ref().unwrap_or(&known);
    let list = parts(&mut connection, &known.id).await?;
    let added = list.iter().filter(|part| part.kind == "addition").map(|part| part.day.clone());
    let stage = serde_json::to_value(shown.case.stage).ok();
    Ok(Standing {
        door: shown.case.door.clone(),
        state: shown.case.state.code().to_owned(),
        stage: stage.and_then(|s| s.as_str().map(str::to_owned)).unwrap_or_default(),
        office: (!shown.sealed_queue).then(|| shown.office.clone()),
        outside: crate::reports::standing::is_outside(&shown.office),
        named: known.case.named,
        filed: known.filed,
        steps,
        added: added.collect(),
        dues: dues::all(&mut connection, &shown.id).await?,
        looks: looks(&mut connection, &known.id).await?,
        leaf: leaf(&mut connection, receipt).await?,
        erased: known.erased.clone(),
    })
}

/// The report that goes on for one that was merged.
async fn main_of(
    connection: &mut AnyConnection,
    counter: &Counter<'_>,
    known: &Known,
) -> Result<Option<Known>, Failure> {
    let during = |error| failure("read report", error);
    let text =
        "select m.number from reports r join reports m on m.id = r.merged_into where r.id = $1";
    let row = sqlx::query(text).bind(known.id.clone()).fetch_optional(&mut *connection).await;
    let Some(row) = row.map_err(during)? else { return Ok(None) };
    let number: String = row.try_get("number").map_err(during)?;
    crate::reports::by_number(connection, counter, &number).await.map(Some)
}

/// Acts that concern the reporter, each with the key of its text.
async fn acts(
    connection: &mut AnyConnection,
    report: &str,
) -> Result<Vec<(Step, Option<String>)>, Failure> {
    let during = |error| failure("read acts", error);
    // Who opened it, noted or named somebody is the office's own business.
    let text = "select kind, day, role, outcome, part from report_acts where report = $1 \
                and kind not in ('opened', 'noted', 'named') order by seq";
    let rows = sqlx::query(text).bind(report.to_owned()).fetch_all(connection).await;
    let step = |row: &sqlx::any::AnyRow| -> Result<(Step, Option<String>), sqlx::Error> {
        let step = Step {
            kind: row.try_get("kind")?,
            day: row.try_get("day")?,
            role: row.try_get("role")?,
            outcome: row.try_get("outcome")?,
            words: None,
        };
        Ok((step, row.try_get("part")?))
    };
    rows.map_err(during)?.iter().map(step).collect::<Result<_, _>>().map_err(during)
}

async fn steps(
    connection: &mut AnyConnection,
    counter: &Counter<'_>,
    known: &Known,
    receipt: &Receipt,
) -> Result<Vec<Step>, Failure> {
    let secret = counter.sealer.unlock(&receipt.symbols(), &known.reporter_locked)?;
    let list = parts(connection, &known.id).await?;
    let mut steps = Vec::new();
    for (mut step, part) in acts(connection, &known.id).await? {
        let notice =
            list.iter().find(|known| known.kind == "notice" && Some(&known.id) == part.as_ref());
        if let Some(notice) = notice {
            step.words = words(counter, &secret, notice)?;
        }
        steps.push(step);
    }
    Ok(steps)
}

async fn looks(connection: &mut AnyConnection, report: &str) -> Result<Vec<Look>, Failure> {
    let during = |error| failure("read looks", error);
    let text = "select q.id, q.role, q.purpose, q.asked_day, q.decided_role, q.granted, l.day \
                from identity_requests q left join identity_looks l on l.request = q.id \
                where q.report = $1 order by q.asked_day, q.id, l.day";
    let rows = sqlx::query(text).bind(report.to_owned()).fetch_all(connection).await;
    let mut found: Vec<(String, Look)> = Vec::new();
    for row in rows.map_err(during)? {
        let id: String = row.try_get("id").map_err(during)?;
        let day: Option<String> = row.try_get("day").map_err(during)?;
        if found.last().is_none_or(|(last, _)| *last != id) {
            let look = || -> Result<Look, sqlx::Error> {
                Ok(Look {
                    role: row.try_get("role")?,
                    purpose: row.try_get("purpose")?,
                    asked: row.try_get("asked_day")?,
                    decided_role: row.try_get("decided_role")?,
                    granted: row.try_get::<Option<i64>, _>("granted")? == Some(1),
                    read: Vec::new(),
                })
            };
            found.push((id, look().map_err(during)?));
        }
        if let Some((_, look)) = found.last_mut() {
            look.read.extend(day);
        }
    }
    Ok(found.into_iter().map(|(_, look)| look).collect())
}

async fn leaf(connection: &mut AnyConnection, receipt: &Receipt) -> Result<Option<i64>, Failure> {
    let during = |error| failure("read filings", error);
    let commitment = receipts::commitment(receipt)?;
    let row = sqlx::query("select leaf from filings where commitment = $1").bind(commitment);
    let row = row.fetch_optional(connection).await.map_err(during)?;
    row.map_or(Ok(None), |row| row.try_get("leaf").map_err(during))
}

/// The report of a receipt in a transaction that knows nobody.
pub(super) async fn came(
    tx: &mut Tx,
    counter: &Counter<'_>,
    receipt: &Receipt,
) -> Result<Known, Failure> {
    tx.by = tx.by.faceless();
    tx.now = coarse(tx.now);
    let known = by_receipt(tx.connection(), counter, receipt).await?;
    main_of(tx.connection(), counter, &known).await.map(|main| main.unwrap_or(known))
}

/// Adds something to a report: words, files.
///
/// # Errors
/// A problem for a receipt that is none, an empty addition, or a file that may not be attached.
pub async fn add(
    tx: &mut Tx,
    counter: &Counter<'_>,
    receipt: &Receipt,
    (text, attachments): (&str, Vec<Vec<u8>>),
) -> Result<Entry, Failure> {
    let known = came(tx, counter, receipt).await?;
    let rules = counter.rules(tx.now.day)?.1;
    let place = domain::problem::Place::default;
    if text.trim().is_empty() && attachments.is_empty() {
        return Err(Problem::new("petition-empty", place()).into());
    }
    if attachments.len() > rules.attachments_most {
        let most = rules.attachments_most;
        return Err(Problem::new("petition-attachments-many", place()).with("most", most).into());
    }
    for bytes in &attachments {
        if domain::report::attachment::recognise(bytes).is_none() {
            return Err(Problem::new("petition-attachment-kind", place()).into());
        }
        if bytes.len() > rules.attachment_bytes_most {
            let most = rules.attachment_bytes_most >> 20;
            return Err(Problem::new("petition-attachment-large", place())
                .with("most", most)
                .into());
        }
    }
    if !text.trim().is_empty() {
        texts::say(tx, counter, &known, ("addition", &Words::of(text))).await?;
    }
    let content = recipient(tx.connection(), &known.id, "content").await?;
    let (_, to) = content.ok_or_else(|| crate::reports::not_found(&known.number))?;
    for bytes in attachments {
        let sealed = counter.sealer.seal(&[&to], &bytes)?;
        let blob = counter.blobs.keep_dated(&sealed, tx.now.ms)?;
        texts::put(tx, &known.id, "attachment", (None, Some(blob)), sealed.len()).await?;
    }
    note(tx, &known.id, Line { kind: "added", ..Line::default() }).await?;
    tell(tx, counter, &known.office, "petition-added").await?;
    Ok(entry("petition-added", &known))
}

/// Says whether it is solved. "Not solved" brings it back to the office.
///
/// # Errors
/// Rules that say no; a problem for a receipt that is none.
pub async fn rate(
    tx: &mut Tx,
    counter: &Counter<'_>,
    receipt: &Receipt,
    (solved, text): (bool, &str),
) -> Result<Done, Refusal> {
    let known = came(tx, counter, receipt).await?;
    let rules = counter.rules(tx.now.day)?.1;
    let (next, effects) = advance(rules, &known.case, &Act::Rate { solved }).map_err(no)?;
    let part = spoken(tx, counter, &known, text).await?;
    keep(tx, &known, &next, &known.office).await?;
    let dues = follow(tx, counter, (&known.id, &known.office), &effects).await?;
    let outcome = Some(if solved { "solved" } else { "not_solved" });
    note(tx, &known.id, Line { kind: "rated", outcome, part, ..Line::default() }).await?;
    tell(tx, counter, &known.office, "petition-rated").await?;
    Ok(Done { dues, entry: entry("petition-rated", &known) })
}

async fn spoken(
    tx: &mut Tx,
    counter: &Counter<'_>,
    known: &Known,
    text: &str,
) -> Result<Option<String>, Failure> {
    if text.trim().is_empty() {
        return Ok(None);
    }
    texts::say(tx, counter, known, ("addition", &Words::of(text))).await.map(Some)
}

/// Asks for a review (复查), after that for a second one (复核). It goes to an office above that has not
/// decided in it, and is free of everybody who must stay out today.
///
/// # Errors
/// Rules that say no; a problem for a receipt that is none.
pub async fn ask_review(
    tx: &mut Tx,
    counter: &Counter<'_>,
    receipt: &Receipt,
    text: &str,
) -> Result<Done, Refusal> {
    let known = came(tx, counter, receipt).await?;
    let law = counter.rules(tx.now.day)?;
    let in_time = dues::runs(tx, &known.id, DueFor::AskReview).await?;
    let (next, effects) = advance(law.1, &known.case, &Act::AskReview { in_time }).map_err(no)?;
    let named = known.facts.as_ref().map(|facts| facts.named.clone()).unwrap_or_default();
    let day = tx.now.day;
    let organisation = organisation::load(tx.connection(), day, &named).await?;
    let office = match effects.contains(&Effect::ToReview) {
        true => reviewer(tx, counter, &known, &organisation).await?,
        false => known.office.clone(),
    };
    let part = spoken_for(tx, counter, &known, text, &office).await?;
    keep(tx, &known, &next, &office).await?;
    let dues = follow(tx, counter, (&known.id, &office), &effects).await?;
    note(tx, &known.id, Line { kind: "review_asked", part, ..Line::default() }).await?;
    tell(tx, counter, &office, "petition-review").await?;
    // Whoever decided does not read on.
    if let Some((key, _)) = recipient(tx.connection(), &known.id, "content").await? {
        wraps::take_away(tx, &key, |of, when| when == stage::FIRST && of != office).await?;
    }
    Ok(Done { dues, entry: entry("petition-review-asked", &known) })
}

/// Who reviews a report now.
pub(super) async fn reviewer(
    tx: &mut Tx,
    counter: &Counter<'_>,
    known: &Known,
    organisation: &Organisation,
) -> Result<String, Failure> {
    let county = crate::actions::places::county(tx).await?;
    let outside = office_id(OUTSIDE, &county);
    let Some(facts) = &known.facts else { return Ok(outside) };
    let law = counter.rules(tx.now.day)?;
    let mut decided: BTreeSet<String> = known.case.decided.clone();
    decided.insert(known.office.clone());
    match review(facts, organisation, law, &decided) {
        To::Office(id) => Ok(id),
        To::Outside => Ok(outside),
    }
}

/// Seals the reporter's reasons for the reviewing office too: it reads at least these, also when the
/// one that decided had never wrapped the file for it.
pub(super) async fn spoken_for(
    tx: &mut Tx,
    counter: &Counter<'_>,
    known: &Known,
    text: &str,
    office: &str,
) -> Result<Option<String>, Failure> {
    if text.trim().is_empty() {
        return Ok(None);
    }
    let content = recipient(tx.connection(), &known.id, "content").await?;
    let mut to: Vec<String> = content.into_iter().map(|(_, recipient)| recipient).collect();
    let live = office_keys::live(tx.connection(), office).await?;
    to.extend(live.map(|(_, recipient)| recipient));
    let to: Vec<&str> = to.iter().map(String::as_str).collect();
    let sealed = seal_value(counter.sealer, &to, &Words::of(text))?;
    let bytes = sealed.len();
    texts::put(tx, &known.id, "addition", (Some(sealed), None), bytes).await.map(Some)
}

/// Forgets the reporter's data on his own request, with his receipt as the proof that they are his.
///
/// # Errors
/// A problem for a receipt that is none; the rule that says no when it was done.
pub async fn forget(
    tx: &mut Tx,
    counter: &Counter<'_>,
    receipt: &Receipt,
    ground: &str,
) -> Result<Entry, Failure> {
    tx.by = tx.by.faceless();
    tx.now = coarse(tx.now);
    let known = by_receipt(tx.connection(), counter, receipt).await?;
    super::erase::erase(tx, counter, &known, ground).await
}
