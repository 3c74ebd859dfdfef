//! Objections to a transfer: of the office that got it (XF-04), or of the reporter who reads of it in his
//! receipt. The sender decides; where the sender may not have the report any longer because of somebody who
//! is named in it, whoever would review it decides instead. A report never goes back to such an office.

use domain::access;
use domain::problem::{Failure, Problem, RuleViolation};
use domain::receipt::Receipt;
use domain::report::handling::{Act, DueFor, Effect, State, advance};
use domain::routing::{To, may_have, office_id, review};
use sqlx::Row;

use super::super::{Refusal, places, write};
use super::acts::{Done, only_for, run};
use super::reader::{came, reviewer, spoken_for};
use super::{Line, entry, follow, keep, no, note, tell};
use crate::Registry;
use crate::access::By;
use crate::actions::holder_keys::Unlocked;
use crate::actions::office_keys::{self, OfficeName};
use crate::db::failure;
use crate::queries::organisation;
use crate::reports::standing::{self, Handled, is_outside};
use crate::reports::texts::{Words, parts, recipient};
use crate::reports::wraps::{self, stage};
use crate::reports::{Counter, Known, by_number, dues, not_found};
use crate::sealer::open_value;
use crate::tx::{Entry, Now, Tx};

/// The reporter says that it was handed to the wrong office. It waits until that is decided.
///
/// # Errors
/// Rules that say no; a problem for a receipt that is none.
pub async fn object(
    tx: &mut Tx,
    counter: &Counter<'_>,
    receipt: &Receipt,
    text: &str,
) -> Result<Done, Refusal> {
    let known = came(tx, counter, receipt).await?;
    if text.trim().is_empty() {
        let place =
            domain::problem::Place { column: Some("text".to_owned()), ..Default::default() };
        return Err(Failure::from(Problem::new("petition-empty", place)).into());
    }
    let in_time = dues::runs(tx, &known.id, DueFor::ObjectTransfer).await?;
    let decider = decider(tx, counter, &known).await?;
    let act = Act::ObjectTransfer { in_time, decider: decider.clone() };
    let rules = counter.rules(tx.now.day)?.1;
    let (next, effects) = advance(rules, &known.case, &act).map_err(no)?;
    let part = spoken_for(tx, counter, &known, text, &decider).await?;
    keep(tx, &known, &next, &known.office).await?;
    let dues = follow(tx, counter, (&known.id, &decider), &effects).await?;
    note(tx, &known.id, Line { kind: "objected", part, ..Line::default() }).await?;
    tell(tx, counter, &decider, "petition-contested").await?;
    tell(tx, counter, &known.office, "petition-contested").await?;
    Ok(Done { dues, entry: entry("petition-transfer-objected", &known) })
}

/// Who decides on the reporter's objection: the sender, or who would review it.
async fn decider(tx: &mut Tx, counter: &Counter<'_>, known: &Known) -> Result<String, Failure> {
    let facts = known.facts.clone().unwrap_or_default();
    let day = tx.now.day;
    let organisation = organisation::load(tx.connection(), day, &facts.named).await?;
    let law = counter.rules(day)?;
    let free = |office: &&String| may_have(&facts, &organisation, law, office);
    let office = match known.case.sender.as_ref().filter(free) {
        Some(sender) => sender.clone(),
        None => reviewer(tx, counter, known, &organisation).await?,
    };
    if !is_outside(&office) {
        return Ok(office);
    }
    Ok(office_id("CX", &places::county(tx).await?))
}

/// A contested transfer for somebody of the office that decides on it.
async fn deciding(
    tx: &mut Tx,
    counter: &Counter<'_>,
    number: &str,
    act: access::Act,
) -> Result<(Handled, String), Failure> {
    let known = by_number(tx.connection(), counter, number).await?;
    let waits = known.case.state == State::Contested;
    let office = known.case.decides().filter(|_| waits).cloned();
    let office = office.ok_or_else(|| not_found(number))?;
    let actor = standing::actor(tx, &office).await?.ok_or_else(|| not_found(number))?;
    let named = known.facts.as_ref().map(|facts| facts.named.clone()).unwrap_or_default();
    let (by, day) = (tx.by.clone(), tx.now.day);
    let organisation = organisation::load(tx.connection(), day, &named).await?;
    if !standing::may_know(counter, &by, known.facts.as_ref(), &organisation, day)? {
        return Err(not_found(number));
    }
    let (place, _) = organisation::place_of(tx.connection(), &office).await?;
    let mut thing = standing::subject(&standing::object(counter, &known, day)?, &known, &place);
    thing.routed_to.insert(office.clone());
    by.may(act, &thing).map_err(|_| not_found(number))?;
    Ok((Handled { known, organisation, actor }, office))
}

/// Decides on an objection to a transfer: it goes back to the sender, or stays where it is. The reporter is
/// told what was decided about his own.
///
/// # Errors
/// Rules that say no: an office that may not have it gets nothing back. A problem for a report whose transfer
/// one does not decide on.
pub async fn settle(
    tx: &mut Tx,
    counter: &Counter<'_>,
    number: &str,
    (back, words): (bool, &Words),
) -> Result<Done, Refusal> {
    let (found, _) = deciding(tx, counter, number, access::Act::Update).await?;
    let known = &found.known;
    let key = recipient(tx.connection(), &known.id, "content").await?;
    if back && !may_go_back(tx, counter, &found, key.as_ref().map(|(key, _)| key.as_str())).await? {
        let basis = domain::model::Basis::line(&counter.rules(tx.now.day)?.1.basis);
        return Err(RuleViolation::new("petition-office-not-free", basis).into());
    }
    let kind = if back { "taken_back" } else { "left" };
    let done = run(tx, counter, &found, &Act::Settle { back }, (kind, words)).await?;
    let accepted = known.case.objection.as_ref().is_some_and(|o| o.before == State::Accepted);
    match (back, known.case.sender.clone()) {
        (true, Some(sender)) => {
            let review_office = reviewed_by(tx, counter, &found, &sender).await?;
            let known = Known { office: sender, review_office, ..known.clone() };
            only_for(tx, &known, None).await?;
        }
        // Nobody can have it back any more.
        _ if accepted => only_for(tx, known, None).await?,
        _ => {}
    }
    if !back {
        tell(tx, counter, &known.office, "petition-left").await?;
    }
    Ok(done)
}

/// Whether a report may go back to who sent it: nobody works there who must stay out, and its key was not
/// taken away.
async fn may_go_back(
    tx: &mut Tx,
    counter: &Counter<'_>,
    found: &Handled,
    key: Option<&str>,
) -> Result<bool, Failure> {
    let (Some(sender), Some(key)) = (&found.known.case.sender, key) else { return Ok(false) };
    let facts = found.known.facts.clone().unwrap_or_default();
    let free = may_have(&facts, &found.organisation, counter.rules(tx.now.day)?, sender);
    Ok(free && wraps::has(tx.connection(), key, (sender, stage::FIRST)).await?)
}

/// Who would review what the sender decides after all, where he still has the key for it.
async fn reviewed_by(
    tx: &mut Tx,
    counter: &Counter<'_>,
    found: &Handled,
    sender: &str,
) -> Result<Option<String>, Failure> {
    let known = &found.known;
    let mut decided = known.case.decided.clone();
    decided.insert(sender.to_owned());
    let law = counter.rules(tx.now.day)?;
    let facts = known.facts.clone().unwrap_or_default();
    let key = recipient(tx.connection(), &known.id, "content").await?;
    let (To::Office(office), Some((key, _))) =
        (review(&facts, &found.organisation, law, &decided), key)
    else {
        return Ok(None);
    };
    let has = wraps::has(tx.connection(), &key, (&office, stage::REVIEW)).await?;
    let office = has.then_some(office);
    let text = "update reports set review_office = $2 where id = $1";
    write!(tx, text, known.id.clone(), office.clone())?;
    tx.touch("reports", &known.id)?;
    Ok(office)
}

/// Why a transfer is objected to, for who decides on it. Reading it is an entry.
///
/// # Errors
/// A problem for a report whose transfer one does not decide on, or whose words one cannot open.
pub async fn reason(
    tx: &mut Tx,
    counter: &Counter<'_>,
    number: &str,
    unlocked: &Unlocked,
) -> Result<(Option<Words>, Entry), Failure> {
    let (found, office) = deciding(tx, counter, number, access::Act::Update).await?;
    let known = &found.known;
    let during = |error| failure("read acts", error);
    let text = "select part from report_acts where report = $1 and kind in ('contested', 'objected') \
                order by seq desc limit 1";
    let row = sqlx::query(text).bind(known.id.clone()).fetch_optional(tx.connection()).await;
    let part: Option<String> =
        row.map_err(during)?.map(|row| row.try_get("part")).transpose().map_err(during)?.flatten();
    let list = parts(tx.connection(), &known.id).await?;
    let sealed = list.into_iter().find(|one| Some(&one.id) == part.as_ref());
    let words = match sealed.and_then(|part| part.sealed) {
        None => None,
        Some(sealed) => Some(opened(tx, counter, unlocked, (known, &office), &sealed).await?),
    };
    let (person, of) = (Some(found.actor.person.as_str()), Some(found.actor.office.as_str()));
    note(tx, &known.id, Line { kind: "opened", person, office: of, ..Line::default() }).await?;
    let payload = serde_json::json!({ "purpose": "objection" });
    Ok((words, Entry::new("petition-opened", &known.id, payload)))
}

/// Words that were sealed for an office itself, or for a report whose key the office still has.
async fn opened(
    tx: &mut Tx,
    counter: &Counter<'_>,
    unlocked: &Unlocked,
    (known, office): (&Known, &str),
    sealed: &[u8],
) -> Result<Words, Failure> {
    for version in office_keys::versions(tx.connection(), &OfficeName::parse(office)?).await? {
        let secret = office_keys::secret(tx.connection(), counter.sealer, unlocked, &version).await;
        if let Some(words) = secret.ok().and_then(|s| open_value(counter.sealer, &s, sealed).ok()) {
            return Ok(words);
        }
    }
    let key = recipient(tx.connection(), &known.id, "content").await?;
    let (key, _) = key.ok_or_else(|| not_found(&known.number))?;
    let first = [stage::FIRST];
    let secret = wraps::open(tx.connection(), counter, unlocked, (&key, office), &first).await?;
    open_value(counter.sealer, &secret, sealed)
}

impl Registry {
    /// Ends the reporters' days for objecting to a transfer, and takes from senders the keys that they had
    /// kept for it. Returns how many ended.
    ///
    /// # Errors
    /// A fault when the database refuses.
    pub async fn end_objections(&self, counter: &Counter<'_>, now: Now) -> Result<usize, Failure> {
        let during = |error| failure("read dues", error);
        let text = "select r.number from report_dues d join reports r on r.id = d.report \
                    where d.what = 'contest' and d.side = 'reporter' and d.due_day < $1 \
                    and d.met_day is null and d.dropped_day is null order by d.due_day limit 500";
        let rows = sqlx::query(text).bind(now.day.to_string()).fetch_all(&self.db.read).await;
        let rows = rows.map_err(during)?;
        if rows.is_empty() {
            return Ok(0);
        }
        let mut tx = self.begin(By::system(), now, "end objections").await?;
        for row in &rows {
            let number: String = row.try_get("number").map_err(during)?;
            let known = by_number(tx.connection(), counter, &number).await?;
            let over = [Effect::Drop(DueFor::ObjectTransfer)];
            follow(&mut tx, counter, (&known.id, &known.office), &over).await?;
            // What nobody accepted yet may still be contested by its office (XF-04).
            if ![State::Received, State::Contested].contains(&known.case.state) {
                only_for(&mut tx, &known, None).await?;
            }
        }
        let payload = serde_json::json!({ "ended": rows.len() });
        tx.commit(Entry::new("objections-ended", &now.day.to_string(), payload)).await?;
        Ok(rows.len())
    }
}
