//! What an office does with a report that it has. Texts are sealed for the office and, where they are
//! meant for him, for the reporter: nobody needs a passphrase to write, only to read.

use domain::access;
use domain::problem::{Failure, RuleViolation};
use domain::report::handling::{Act, DueFor, Effect, Outcome, advance};
use domain::report::rules::Level;
use domain::routing::office_id;
use domain::time::Day;
use sqlx::Row;

use super::super::{Refusal, unknown, write};
use super::{Line, entry, follow, keep, no, note, said, tell};
use crate::db::failure;
use crate::queries::organisation;
use crate::reports::standing::{self, Handled, handled};
use crate::reports::texts::Words;
use crate::reports::wraps::{self, stage};
use crate::reports::{Counter, Known, by_number, not_found, texts};
use crate::tx::{Entry, Tx};

/// What came of an act.
#[derive(Debug, Clone)]
pub struct Done {
    /// What is due by it, with the last day.
    pub dues: Vec<(DueFor, Day)>,
    /// For the commit.
    pub entry: Entry,
}

/// Accepts a report. Real names are told within the days of the rules; everybody reads it with his receipt.
///
/// # Errors
/// Rules that say no; a problem for a report that is none of one's own.
pub async fn accept(
    tx: &mut Tx,
    counter: &Counter<'_>,
    number: &str,
    words: &Words,
) -> Result<Done, Refusal> {
    let found = handled(tx, counter, number, access::Act::Update).await?;
    let done = run(tx, counter, &found, &Act::Accept, ("accepted", words)).await?;
    // The sender of a transfer keeps its key until here, so that it could be given back; and as long as
    // the reporter may object to the transfer.
    let open = crate::reports::dues::runs(tx, &found.known.id, DueFor::ObjectTransfer).await?;
    let sender = found.known.case.sender.as_deref().filter(|_| open);
    only_for(tx, &found.known, sender).await?;
    Ok(done)
}

/// Takes the key of a report from every office but its own, whoever would review what that decides, and one
/// more: a sender that it could go back to. As long as it could, those who would review him keep theirs too.
pub(super) async fn only_for(
    tx: &mut Tx,
    known: &Known,
    other: Option<&str>,
) -> Result<(), Failure> {
    let Some((key, _)) = texts::recipient(tx.connection(), &known.id, "content").await? else {
        return Ok(());
    };
    let (office, review) = (known.office.as_str(), known.review_office.as_deref());
    let goes = |of: &str, when: &str| match when {
        stage::FIRST => of != office && Some(of) != other,
        stage::REVIEW => other.is_none() && of != office && Some(of) != review,
        _ => false,
    };
    wraps::take_away(tx, &key, goes).await
}

/// Does not accept it, and says why.
///
/// # Errors
/// As [`accept`].
pub async fn refuse(
    tx: &mut Tx,
    counter: &Counter<'_>,
    number: &str,
    words: &Words,
) -> Result<Done, Refusal> {
    let found = handled(tx, counter, number, access::Act::Update).await?;
    let done = run(tx, counter, &found, &Act::Refuse, ("refused", words)).await?;
    only_for(tx, &found.known, None).await?;
    Ok(done)
}

/// Says that what was handed over is not one's own (XF-04). The sender decides.
///
/// # Errors
/// As [`accept`]; the rule that says no when the time for it has ended.
pub async fn contest(
    tx: &mut Tx,
    counter: &Counter<'_>,
    number: &str,
    words: &Words,
) -> Result<Done, Refusal> {
    let found = handled(tx, counter, number, access::Act::Update).await?;
    let door = found.known.door(counter.rules(tx.now.day)?.1)?;
    let late = door.rules.object.is_some()
        && !crate::reports::dues::runs(tx, &found.known.id, DueFor::Contest).await?;
    if late && found.known.case.sender.is_some() {
        let basis = domain::model::Basis::line(&counter.rules(tx.now.day)?.1.basis);
        return Err(RuleViolation::new("petition-contest-late", basis).into());
    }
    let done = run(tx, counter, &found, &Act::Contest, ("contested", words)).await?;
    if let Some(sender) = &found.known.case.sender {
        tell(tx, counter, sender, "petition-contested").await?;
    }
    Ok(done)
}

/// Lengthens the time to settle it, granted by the head that the rule names (XF-06).
///
/// # Errors
/// As [`accept`]; rules that say no to the extension.
pub async fn extend(
    tx: &mut Tx,
    counter: &Counter<'_>,
    number: &str,
    words: &Words,
) -> Result<Done, Refusal> {
    let found = approved(tx, counter, number).await?;
    run(tx, counter, &found, &Act::Extend, ("extended", words)).await
}

/// A report for the head who may grant an extension in the place of its office.
async fn approved(tx: &mut Tx, counter: &Counter<'_>, number: &str) -> Result<Handled, Failure> {
    let known = by_number(tx.connection(), counter, number).await?;
    let named = known.facts.as_ref().map(|facts| facts.named.clone()).unwrap_or_default();
    let day = tx.now.day;
    let organisation = organisation::load(tx.connection(), day, &named).await?;
    let by = tx.by.clone();
    if !standing::may_know(counter, &by, known.facts.as_ref(), &organisation, tx.now.day)? {
        return Err(not_found(number));
    }
    let office = standing::handling_office(tx, &known).await?;
    let (path, level) = organisation::place_of(tx.connection(), &office).await?;
    let place = path.rsplit('/').next().unwrap_or_default();
    // A head of the county stands above the township too.
    let county = path.split('/').next().unwrap_or_default();
    let places = if level == Level::Township { vec![place, county] } else { vec![place] };
    let mut actor = None;
    for place in places {
        let head = office_id(&tx.by.role.clone(), place);
        actor = actor.or(standing::actor(tx, &head).await?);
    }
    let actor = actor.ok_or_else(|| not_found(number))?;
    let thing = standing::subject(&standing::object(counter, &known, tx.now.day)?, &known, &path);
    by.may(access::Act::Approve, &thing).map_err(|_| not_found(number))?;
    Ok(Handled { known, organisation, actor })
}

/// Stops the clock, for a ground that the rule allows.
///
/// # Errors
/// As [`accept`].
pub async fn pause(
    tx: &mut Tx,
    counter: &Counter<'_>,
    number: &str,
    (ground, words): (&str, &Words),
) -> Result<Done, Refusal> {
    let found = handled(tx, counter, number, access::Act::Update).await?;
    let act = Act::Pause { ground: ground.to_owned() };
    run(tx, counter, &found, &act, ("paused", words)).await
}

/// Lets the clock go on.
///
/// # Errors
/// As [`accept`].
pub async fn resume(tx: &mut Tx, counter: &Counter<'_>, number: &str) -> Result<Done, Refusal> {
    let found = handled(tx, counter, number, access::Act::Update).await?;
    run(tx, counter, &found, &Act::Resume, ("resumed", &Words::default())).await
}

/// The work is done; the result is to be told.
///
/// # Errors
/// As [`accept`].
pub async fn conclude(
    tx: &mut Tx,
    counter: &Counter<'_>,
    number: &str,
    words: &Words,
) -> Result<Done, Refusal> {
    let found = handled(tx, counter, number, access::Act::Update).await?;
    run(tx, counter, &found, &Act::Conclude, ("concluded", words)).await
}

/// Answers: outcome, facts and reasons, legal basis (XF-15). In a review this is the decision of the
/// review; whoever decided before does not decide again.
///
/// # Errors
/// As [`accept`]; the rule that says no to an answer without facts or basis.
pub async fn reply(
    tx: &mut Tx,
    counter: &Counter<'_>,
    number: &str,
    (outcome, words): (Outcome, &Words),
) -> Result<Done, Refusal> {
    let found = handled(tx, counter, number, access::Act::Update).await?;
    let empty = |text: &str| text.trim().is_empty();
    if empty(&words.text) || empty(&words.facts) || empty(&words.basis) {
        let basis = domain::model::Basis::line(&counter.rules(tx.now.day)?.1.basis);
        return Err(RuleViolation::new("petition-reply-partial", basis).into());
    }
    let Handled { actor, .. } = &found;
    let act = Act::Reply { office: actor.office.clone(), person: actor.person.clone() };
    let done = acted(tx, counter, &found, &act, ("replied", words, Some(outcome.code()))).await?;
    only_for(tx, &found.known, None).await?;
    Ok(done)
}

/// Closes what was answered, once the reporter can ask for no review any more.
///
/// # Errors
/// As [`accept`].
pub async fn close(tx: &mut Tx, counter: &Counter<'_>, number: &str) -> Result<Done, Refusal> {
    let found = handled(tx, counter, number, access::Act::Update).await?;
    let open = crate::reports::dues::runs(tx, &found.known.id, DueFor::AskReview).await?;
    run(tx, counter, &found, &Act::Close { open }, ("closed", &Words::default())).await
}

/// Joins a repeat to another report about the same, which goes on for both (XF-10). Both receipts work.
///
/// # Errors
/// As [`accept`], for both.
pub async fn merge(
    tx: &mut Tx,
    counter: &Counter<'_>,
    (number, into): (&str, &str),
    words: &Words,
) -> Result<Done, Refusal> {
    let found = handled(tx, counter, number, access::Act::Update).await?;
    let main = handled(tx, counter, into, access::Act::Read).await?.known;
    let same = main.case.door == found.known.case.door && main.id != found.known.id;
    if !same || main.case.state == domain::report::handling::State::Merged {
        return Err(unknown("report", into).into());
    }
    let done = run(tx, counter, &found, &Act::Merge, ("merged", words)).await?;
    let text = "update reports set merged_into = $2 where id = $1";
    write!(tx, text, found.known.id.clone(), main.id)?;
    tx.touch("reports", &found.known.id)?;
    only_for(tx, &found.known, None).await?;
    Ok(done)
}

/// Keeps a note for the office alone.
///
/// # Errors
/// As [`accept`].
pub async fn jot(
    tx: &mut Tx,
    counter: &Counter<'_>,
    number: &str,
    words: &Words,
) -> Result<Entry, Refusal> {
    let found = handled(tx, counter, number, access::Act::Update).await?;
    let part = said(tx, counter, &found.known, ("note", words)).await?;
    let (person, office) = (Some(found.actor.person.as_str()), Some(found.actor.office.as_str()));
    note(tx, &found.known.id, Line { kind: "noted", person, office, part, ..Line::default() })
        .await?;
    Ok(entry("petition-noted", &found.known))
}

pub(super) async fn run(
    tx: &mut Tx,
    counter: &Counter<'_>,
    found: &Handled,
    act: &Act,
    (kind, words): (&str, &Words),
) -> Result<Done, Refusal> {
    acted(tx, counter, found, act, (kind, words, None)).await
}

/// Asks the rules, writes the act and does what follows.
pub(super) async fn acted(
    tx: &mut Tx,
    counter: &Counter<'_>,
    found: &Handled,
    act: &Act,
    (kind, words, outcome): (&str, &Words, Option<&str>),
) -> Result<Done, Refusal> {
    let (known, rules) = (&found.known, counter.rules(tx.now.day)?.1);
    let (next, effects) = advance(rules, &known.case, act).map_err(no)?;
    let back = effects.iter().find_map(|effect| match effect {
        Effect::Back(office) => Some(office.clone()),
        _ => None,
    });
    let office = back.unwrap_or_else(|| known.office.clone());
    let for_him = effects.contains(&Effect::TellReporter);
    let part = said(tx, counter, known, (if for_him { "notice" } else { "note" }, words)).await?;
    keep(tx, known, &next, &office).await?;
    let dues = follow(tx, counter, (&known.id, &office), &effects).await?;
    let (person, of) = (Some(found.actor.person.as_str()), Some(found.actor.office.as_str()));
    note(tx, &known.id, Line { kind, person, office: of, outcome, part }).await?;
    if office != known.office {
        tell(tx, counter, &office, "petition-arrived").await?;
    }
    Ok(Done { dues, entry: entry(entry_kind(act), known) })
}

fn entry_kind(act: &Act) -> &'static str {
    match act {
        Act::Accept => "petition-accepted",
        Act::Refuse => "petition-refused",
        Act::Transfer { .. } => "petition-transferred",
        Act::Contest => "petition-contested",
        Act::ObjectTransfer { .. } => "petition-transfer-objected",
        Act::Settle { .. } => "petition-transfer-settled",
        Act::Merge => "petition-merged",
        Act::Extend => "petition-extended",
        Act::Pause { .. } => "petition-paused",
        Act::Resume => "petition-resumed",
        Act::Conclude => "petition-concluded",
        Act::Reply { .. } => "petition-replied",
        Act::Rate { .. } => "petition-rated",
        Act::AskReview { .. } => "petition-review-asked",
        Act::Close { .. } => "petition-closed",
    }
}

/// Marks a report for lasting attention, or takes the mark away.
///
/// # Errors
/// As [`accept`]; a problem for a mark that the rules do not know.
pub async fn tag(
    tx: &mut Tx,
    counter: &Counter<'_>,
    number: &str,
    (tag, on): (&str, bool),
) -> Result<Entry, Refusal> {
    let found = handled(tx, counter, number, access::Act::Update).await?;
    if !counter.rules(tx.now.day)?.1.tags.iter().any(|known| known.code == tag) {
        return Err(unknown("tag", tag).into());
    }
    let during = |error| failure("read tags", error);
    let text = "select id from report_tags where report = $1 and tag = $2 and until_day is null";
    let row = sqlx::query(text).bind(found.known.id.clone()).bind(tag.to_owned());
    let row = row.fetch_optional(tx.connection()).await.map_err(during)?;
    let (id, day) = (crate::ids::random_id()?, tx.now.day.to_string());
    match (row, on) {
        (None, true) => {
            let text = "insert into report_tags (id, report, tag, day, person) \
                        values ($1, $2, $3, $4, $5)";
            let (report, person) = (found.known.id.clone(), found.actor.person.clone());
            write!(tx, text, id.clone(), report, tag.to_owned(), day, person)?;
            tx.touch("report_tags", &id)?;
        }
        (Some(row), false) => {
            let id: String = row.try_get("id").map_err(during)?;
            write!(tx, "update report_tags set until_day = $2 where id = $1", id.clone(), day)?;
            tx.touch("report_tags", &id)?;
        }
        _ => {}
    }
    Ok(entry("petition-tagged", &found.known))
}
