//! Taking a report in. Whoever files on a page or a kiosk files as "whoever came": no account, no hour,
//! nothing of the device gets into a row, an entry or a file.

use domain::access::Act;
use domain::problem::{Failure, Fault, Place, Problem, RuleViolation};
use domain::receipt::Receipt;
use domain::report::handling::{Case, DueFor, filed};
use domain::report::{Channel, Content, Facts, Form, Identity, facts_problems, intake};
use domain::routing::{Organisation, Route, To, office_id, review, route};
use domain::time::Day;
use serde::Serialize;
use sqlx::AnyConnection;

use super::super::{Refusal, places, write};
use super::{Line, follow, note, tell};
use crate::actions::office_keys;
use crate::db::failure;
use crate::queries::organisation::{self, OUTSIDE};
use crate::reports::wraps::{self, stage};
use crate::reports::{Counter, receipts, texts};
use crate::sealer::{KeyPair, Lock, is_sealed, seal_value};
use crate::tx::{Entry, Now, Tx};

/// An hour that says nothing: reports carry the day alone.
const NOON_MS: i64 = 4 * 3_600_000;
const DAY_MS: i64 = 86_400_000;
/// The door of accusations, and the role of the office that watches their clocks.
const ACCUSATION: &str = "accusation";
const WATCH: &str = "CA";

/// What is handed in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Handed {
    /// To be sealed here, in memory.
    Clear(Form),
    /// Sealed in the reporter's browser, for the recipients that [`offer`] named.
    Sealed(SealedForm),
}

/// What a browser sealed. It makes a key for the content and one for the identity, seals the parts to
/// them, and wraps each secret (its text, `AGE-SECRET-KEY-1...`) to the recipients offered.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SealedForm {
    /// Facts for routing.
    pub facts: Facts,
    /// Content, attachments and their key.
    pub content: SealedPart,
    /// Identity and its key, where he wants to be known.
    pub identity: Option<SealedPart>,
    /// Attachments, each an age file for the key of the content.
    pub attachments: Vec<Vec<u8>>,
    /// How many came together.
    pub visitors: u32,
}

/// A part with its key.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SealedPart {
    /// An age file for `recipient`.
    pub sealed: Vec<u8>,
    /// Public half of the key of this part.
    pub recipient: String,
    /// Its secret, wrapped: recipient as offered, and age file.
    pub wraps: Vec<(String, Vec<u8>)>,
}

/// Whom a browser seals for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Offer {
    /// Id of the office that will handle it.
    pub office: String,
    /// It goes to the next level up.
    pub outside: bool,
    /// Recipients of the key of the content.
    pub content: Vec<String>,
    /// Recipients of the key of the identity; none where a name cannot be taken.
    pub identity: Vec<String>,
}

/// A report that was taken in.
#[derive(Debug, Clone)]
pub struct Filed {
    /// Shown once, and never again.
    pub receipt: Receipt,
    /// Number that staff use; not for an anonymous reporter.
    pub number: String,
    /// Id of the office that has it.
    pub office: String,
    /// It went to the next level up.
    pub outside: bool,
    /// What is due, with the last day.
    pub dues: Vec<(DueFor, Day)>,
}

/// Offices of a route with the live keys of each.
struct Goal {
    office: String,
    identity: Option<String>,
    review: Option<String>,
    sealed: bool,
    rule: Option<String>,
    content: Vec<Key>,
    identity_keys: Vec<Key>,
}

/// A live key of an office, and when it may have what is wrapped for it.
struct Key {
    office: String,
    stage: &'static str,
    office_key: String,
    recipient: String,
}

/// Where a report with these facts would go, and for whom a browser seals it. Nothing is written.
///
/// # Errors
/// Problems of the facts; the rule that says no when nobody can be given it.
pub async fn offer(
    db: &crate::Db,
    counter: &Counter<'_>,
    facts: &Facts,
    day: Day,
) -> Result<Offer, Failure> {
    if let Some(problem) = facts_problems(facts, counter.rules(day)?.1).into_iter().next() {
        return Err(problem.into());
    }
    let connection = db.read.acquire().await;
    let mut connection = connection.map_err(|error| failure("read offices", error))?;
    let organisation = organisation::load(&mut connection, day, &facts.named).await?;
    let goal = goal(&mut connection, counter, facts, &organisation, day).await?;
    let recipients = |keys: &[Key]| keys.iter().map(|key| key.recipient.clone()).collect();
    Ok(Offer {
        outside: crate::reports::standing::is_outside(&goal.office),
        content: recipients(&goal.content),
        identity: recipients(&goal.identity_keys),
        office: goal.office,
    })
}

/// The route of facts, with offices by their ids.
async fn goal(
    connection: &mut AnyConnection,
    counter: &Counter<'_>,
    facts: &Facts,
    organisation: &Organisation,
    day: Day,
) -> Result<Goal, Failure> {
    let law = counter.rules(day)?;
    let county = facts.place.split('/').next().unwrap_or_default();
    let id = |to: To| match to {
        To::Office(id) => id,
        To::Outside => office_id(OUTSIDE, county),
    };
    let Route { office, identity, sealed, rule, .. } = route(facts, organisation, law);
    let decided = match &office {
        To::Office(id) => [id.clone()].into(),
        To::Outside => std::collections::BTreeSet::new(),
    };
    // The sealed queue is not widened by whoever might review it (JJ-03).
    let inside = matches!(office, To::Office(_)) && sealed.is_none();
    let reviewer = inside.then(|| id(review(facts, organisation, law, &decided)));
    let (office, identity) = (id(office), id(identity));
    let mut goal = Goal {
        office: office.clone(),
        identity: None,
        review: None,
        sealed: sealed.is_some(),
        rule,
        content: Vec::new(),
        identity_keys: Vec::new(),
    };
    let Some(first) = key(connection, &office, stage::FIRST).await? else {
        let basis = domain::model::Basis::line(&law.1.basis);
        return Err(RuleViolation::new("petition-no-recipient", basis).into());
    };
    goal.content.push(first);
    if let Some(reviewer) = reviewer
        && let Some(key) = key(connection, &reviewer, stage::REVIEW).await?
    {
        goal.review = Some(reviewer);
        goal.content.push(key);
    }
    if let Some(key) = key(connection, &identity, stage::IDENTITY).await? {
        goal.identity = Some(identity);
        goal.identity_keys.push(key);
    }
    Ok(goal)
}

async fn key(
    connection: &mut AnyConnection,
    office: &str,
    stage: &'static str,
) -> Result<Option<Key>, Failure> {
    let live = office_keys::live(connection, office).await?;
    let office = office.to_owned();
    Ok(live.map(|(office_key, recipient)| Key { office, stage, office_key, recipient }))
}

/// Parts of a report, sealed: by us or by a browser.
struct Parts {
    facts: Facts,
    content: SealedPart,
    identity: Option<SealedPart>,
    attachments: Vec<Vec<u8>>,
    /// The facts of the sealed queue, beside a content that a browser sealed without knowing them.
    apart: Option<Vec<u8>>,
}

/// Takes a report in. All problems of a form are told by [`domain::report::intake`] before; here the
/// first one is.
///
/// # Errors
/// A problem of the form; rules that say no.
pub async fn file(
    tx: &mut Tx,
    counter: &Counter<'_>,
    channel: Channel,
    handed: Handed,
) -> Result<(Filed, Entry), Refusal> {
    may_file(tx, counter, channel, &handed).await?;
    let day = tx.now.day;
    let facts = match &handed {
        Handed::Clear(form) => form.facts.clone(),
        Handed::Sealed(form) => form.facts.clone(),
    };
    let organisation = organisation::load(tx.connection(), day, &facts.named).await?;
    let goal = goal(tx.connection(), counter, &facts, &organisation, day).await?;
    let parts = match handed {
        Handed::Clear(form) => seal_here(counter, form, &goal, day)?,
        Handed::Sealed(form) => checked(counter, form, &goal, day)?,
    };
    if parts.identity.is_some() && goal.identity.is_none() {
        let basis = domain::model::Basis::line(&counter.rules(day)?.1.basis);
        return Err(RuleViolation::new("petition-no-identity-office", basis).into());
    }
    let (id, number) = (crate::ids::random_id()?, crate::ids::random_number('J')?);
    let receipt = receipts::draw()?;
    let case =
        Case { door: parts.facts.door.clone(), named: parts.identity.is_some(), ..Case::default() };
    let row = Row { id: &id, number: &number, channel, goal: &goal, case: &case };
    write_report(tx, counter, &row, &parts.facts, &receipt).await?;
    keep_parts(tx, counter, &id, &goal, parts).await?;
    let rules = counter.rules(day)?.1;
    let door = rules.door(&case.door).ok_or_else(|| super::super::unknown("door", &case.door))?;
    let effects = filed(&case, door, goal.rule.as_deref());
    let dues = follow(tx, counter, (&id, &goal.office), &effects).await?;
    let person = tx.by.person.clone();
    let line = Line { kind: "filed", person: person.as_deref(), ..Line::default() };
    note(tx, &id, line).await?;
    commit_filing(tx, &receipt).await?;
    tell(tx, counter, &goal.office, "petition-arrived").await?;
    tell_watch(tx, counter, &case, &goal).await?;
    let entry = Entry::new("petition-filed", &id, serde_json::json!({}));
    let outside = crate::reports::standing::is_outside(&goal.office);
    Ok((Filed { receipt, number, office: goal.office, outside, dues }, entry))
}

/// Case supervision is told that an accusation came (JJ-05); of the sealed queue it is not (JJ-03).
async fn tell_watch(
    tx: &mut Tx,
    counter: &Counter<'_>,
    case: &Case,
    goal: &Goal,
) -> Result<(), Failure> {
    if case.door == ACCUSATION && !goal.sealed {
        let county = places::county(tx).await?;
        tell(tx, counter, &office_id(WATCH, &county), "petition-registered").await?;
    }
    Ok(())
}

/// Who may file, and as whom: on a page everybody, as nobody in particular.
async fn may_file(
    tx: &mut Tx,
    counter: &Counter<'_>,
    channel: Channel,
    handed: &Handed,
) -> Result<(), Failure> {
    let facts = match handed {
        Handed::Clear(form) => &form.facts,
        Handed::Sealed(form) => &form.facts,
    };
    let rules = counter.rules(tx.now.day)?.1;
    if let Some(problem) = facts_problems(facts, rules).into_iter().next() {
        return Err(problem.into());
    }
    if !channel.by_staff() {
        tx.by = tx.by.faceless();
        tx.now = coarse(tx.now);
    }
    let place = facts.place.rsplit('/').next().unwrap_or_default().to_owned();
    let path = places::path(tx, &place).await?;
    if path != facts.place {
        return Err(super::super::unknown("place", &facts.place));
    }
    let object = rules.door(&facts.door).map_or("report", |door| door.object.as_str());
    tx.may(Act::Create, object, &place).await?;
    Ok(())
}

/// The same day at noon.
pub(super) fn coarse(now: Now) -> Now {
    Now { ms: i64::from(now.day.0) * DAY_MS + NOON_MS, day: now.day }
}

/// Checks a form, makes the keys of the report, and seals.
fn seal_here(counter: &Counter<'_>, form: Form, goal: &Goal, day: Day) -> Result<Parts, Failure> {
    let parts = intake(form, counter.rules(day)?.1).map_err(|problems| {
        let first = problems.into_iter().next();
        first.map_or_else(|| Fault::new("take in", "no problem").into(), Failure::from)
    })?;
    let key = counter.sealer.new_key()?;
    let mut attachments = Vec::with_capacity(parts.attachments.len());
    for bytes in &parts.attachments {
        attachments.push(counter.sealer.seal(&[&key.recipient], bytes)?);
    }
    let content = match goal.sealed {
        true => part(counter, key, &goal.content, &(&parts.content, &parts.facts))?,
        false => part(counter, key, &goal.content, &parts.content)?,
    };
    let identity = match &parts.identity {
        None => None,
        Some(who) => Some(part(counter, counter.sealer.new_key()?, &goal.identity_keys, who)?),
    };
    Ok(Parts { facts: parts.facts, content, identity, attachments, apart: None })
}

fn part(
    counter: &Counter<'_>,
    key: KeyPair,
    to: &[Key],
    value: &impl Serialize,
) -> Result<SealedPart, Failure> {
    let sealed = seal_value(counter.sealer, &[&key.recipient], value)?;
    let mut wraps = Vec::with_capacity(to.len());
    for office in to {
        let wrapped = counter.sealer.seal(&[&office.recipient], key.secret.expose())?;
        wraps.push((office.recipient.clone(), wrapped));
    }
    Ok(SealedPart { sealed, recipient: key.recipient, wraps })
}

/// What a browser sealed, as far as it can be checked: form, number and size, and that every office of
/// the route got its wrap, and no other.
fn checked(
    counter: &Counter<'_>,
    form: SealedForm,
    goal: &Goal,
    day: Day,
) -> Result<Parts, Failure> {
    let rules = counter.rules(day)?.1;
    let wrong = |column: &str| {
        Problem::new(
            "petition-sealed-wrongly",
            Place { column: Some(column.into()), ..Place::default() },
        )
    };
    let fits = |part: &SealedPart, keys: &[Key]| {
        let wrapped: Vec<&str> = part.wraps.iter().map(|(to, _)| to.as_str()).collect();
        let wanted: Vec<&str> = keys.iter().map(|key| key.recipient.as_str()).collect();
        wrapped == wanted
            && is_sealed(&part.sealed)
            && part.wraps.iter().all(|(_, bytes)| is_sealed(bytes))
            && counter.sealer.seal(&[&part.recipient], b"").is_ok()
    };
    if !fits(&form.content, &goal.content) {
        return Err(wrong("content").into());
    }
    if form.identity.as_ref().is_some_and(|part| !fits(part, &goal.identity_keys)) {
        return Err(wrong("identity").into());
    }
    let most = rules.attachment_bytes_most + rules.attachment_bytes_most / 1000 + 1024;
    let sizes = form.attachments.iter().all(|file| is_sealed(file) && file.len() <= most);
    let text = form.content.sealed.len() <= rules.text_most * 8 + 65_536;
    if form.attachments.len() > rules.attachments_most || !sizes || !text {
        return Err(wrong("files").into());
    }
    if form.visitors > rules.visitors_most {
        return Err(wrong("visitors").into());
    }
    let SealedForm { facts, content, identity, attachments, .. } = form;
    let to = [content.recipient.as_str()];
    let apart = goal.sealed.then(|| seal_value(counter.sealer, &to, &facts)).transpose()?;
    Ok(Parts { facts, content, identity, attachments, apart })
}

struct Row<'a> {
    id: &'a str,
    number: &'a str,
    channel: Channel,
    goal: &'a Goal,
    case: &'a Case,
}

async fn write_report(
    tx: &mut Tx,
    counter: &Counter<'_>,
    row: &Row<'_>,
    facts: &Facts,
    receipt: &Receipt,
) -> Result<(), Failure> {
    let key = counter.sealer.new_key()?;
    let locked = counter.sealer.lock(Lock::Random, &receipt.symbols(), &key.secret)?;
    // In the sealed queue the facts go with the content, and nowhere else (JJ-03).
    let facts = (!row.goal.sealed).then(|| counter.seal_facts(row.id, facts)).transpose()?;
    let record = serde_json::to_string(row.case).map_err(|e| Fault::new("write report", e))?;
    let text = "insert into reports (id, number, door, channel, state, named, in_sealed_queue, office, \
                identity_office, review_office, filed_day, receipt_hash, reporter_recipient, \
                reporter_wrapped, facts, record) \
                values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)";
    let query = sqlx::query(text).bind(row.id.to_owned()).bind(row.number.to_owned());
    let query = query.bind(row.case.door.clone()).bind(row.channel.code());
    let query = query.bind(row.case.state.code()).bind(i64::from(row.case.named));
    let query = query.bind(i64::from(row.goal.sealed)).bind(row.goal.office.clone());
    let query = query.bind(row.goal.identity.clone().filter(|_| row.case.named));
    let query = query.bind(row.goal.review.clone()).bind(tx.now.day.to_string());
    let query = query.bind(receipts::hash(counter.keys, receipt)).bind(key.recipient);
    let query = query.bind(locked).bind(facts).bind(record);
    query.execute(tx.connection()).await.map_err(|error| failure("write report", error))?;
    Ok(tx.touch("reports", row.id)?)
}

async fn keep_parts(
    tx: &mut Tx,
    counter: &Counter<'_>,
    report: &str,
    goal: &Goal,
    parts: Parts,
) -> Result<(), Failure> {
    keep_part(tx, (report, "content"), &goal.content, parts.content).await?;
    if let Some(sealed) = parts.apart {
        let bytes = sealed.len();
        texts::put(tx, report, "content", (Some(sealed), None), bytes).await?;
    }
    if let Some(identity) = parts.identity {
        keep_part(tx, (report, "identity"), &goal.identity_keys, identity).await?;
    }
    for sealed in parts.attachments {
        let blob = counter.blobs.keep_dated(&sealed, tx.now.ms)?;
        texts::put(tx, report, "attachment", (None, Some(blob)), sealed.len()).await?;
    }
    Ok(())
}

async fn keep_part(
    tx: &mut Tx,
    (report, kind): (&str, &str),
    keys: &[Key],
    part: SealedPart,
) -> Result<(), Failure> {
    let report_key = wraps::note_key(tx, report, kind, &part.recipient).await?;
    for (key, (_, sealed)) in keys.iter().zip(part.wraps) {
        let to = (key.office_key.as_str(), key.office.as_str());
        wraps::keep(tx, &report_key, to, key.stage, sealed).await?;
    }
    let bytes = part.sealed.len();
    texts::put(tx, report, kind, (Some(part.sealed), None), bytes).await?;
    Ok(())
}

/// Puts the commitment of a receipt among those that the log of filings takes up at the end of the day.
async fn commit_filing(tx: &mut Tx, receipt: &Receipt) -> Result<(), Failure> {
    let (id, day) = (crate::ids::random_id()?, tx.now.day.to_string());
    let text = "insert into filings (id, commitment, day) values ($1, $2, $3)";
    write!(tx, text, id, receipts::commitment(receipt)?, day)?;
    Ok(())
}

/// What the content of the sealed queue holds besides the words; where a browser sealed the words, the facts
/// are a second part behind them.
pub(crate) type SealedContent = (Content, Facts);
/// Who reports, as it is sealed.
pub(crate) type SealedIdentity = Identity;
