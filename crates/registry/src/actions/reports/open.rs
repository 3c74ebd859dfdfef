//! Reading a report: with the key of an office that has it, unlocked by somebody who works there. Each
//! reading is an entry with its purpose.

use domain::access;
use domain::problem::{Failure, RuleViolation};
use domain::report::{Content, Facts};
use serde::Serialize;

use super::file::SealedContent;
use super::{Line, entry, note};
use crate::actions::holder_keys::Unlocked;
use crate::queries::organisation;
use crate::reports::dues::DueRow;
use crate::reports::standing::{handled, may_know};
use crate::reports::texts::{Part, Words, parts, recipient, words};
use crate::reports::wraps::{self, stage};
use crate::reports::{Counter, dues, not_found};
use crate::sealer::{Secret, open_value};
use crate::tx::{Entry, Tx};

/// A text of a report with where it belongs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Said {
    /// `addition`, `notice`, `note`.
    pub kind: String,
    /// When.
    pub day: String,
    /// The words; none after erasure.
    pub words: Option<Words>,
}

/// A report as its office reads it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Opened {
    /// Number.
    pub number: String,
    /// How it stands.
    pub state: String,
    /// What routing knows; in the sealed queue it came with the content.
    pub facts: Facts,
    /// What was reported; none after erasure.
    pub content: Option<Content>,
    /// Keys of the attachments, in the order of the content's list: for [`attachment`].
    pub attachments: Vec<String>,
    /// Everything said since, in order.
    pub said: Vec<Said>,
    /// What is or was due.
    pub dues: Vec<DueRow>,
}

/// Opens a report. The purpose is kept.
///
/// # Errors
/// The rule that says no without a purpose; a problem for a report that is none of one's own, or whose
/// key one does not have.
pub async fn open(
    tx: &mut Tx,
    counter: &Counter<'_>,
    number: &str,
    purpose: &str,
    unlocked: &Unlocked,
) -> Result<(Opened, Entry), Failure> {
    if purpose.trim().is_empty() {
        return Err(RuleViolation::new("petition-no-purpose", "PIPL 34").into());
    }
    let (found, day) = (handled(tx, counter, number, access::Act::Read).await?, tx.now.day);
    let known = &found.known;
    let secret = secret(tx, counter, known, unlocked).await?;
    let list = parts(tx.connection(), &known.id).await?;
    let mut facts = known.facts.clone().unwrap_or_default();
    let contents = list.iter().filter(|part| part.kind == "content");
    let mut contents = contents.filter_map(|part| part.sealed.as_ref());
    let content = match contents.next() {
        None => None,
        Some(sealed) if known.sealed_queue => {
            let open = |sealed| open_value::<SealedContent>(counter.sealer, &secret, sealed);
            let (content, with) = match contents.next() {
                None => open(sealed)?,
                Some(apart) => (
                    open_value(counter.sealer, &secret, sealed)?,
                    open_value(counter.sealer, &secret, apart)?,
                ),
            };
            // Only now is it known who is meant: somebody who came to the office since may be his kin.
            facts = with;
            let organisation = organisation::load(tx.connection(), day, &facts.named).await?;
            if !may_know(counter, &tx.by.clone(), Some(&facts), &organisation, day)? {
                return Err(not_found(number));
            }
            Some(content)
        }
        Some(sealed) => Some(open_value(counter.sealer, &secret, sealed)?),
    };
    let mut said = Vec::new();
    for part in list.iter().filter(|part| is_said(part)) {
        let words = words(counter, &secret, part)?;
        said.push(Said { kind: part.kind.clone(), day: part.day.clone(), words });
    }
    let attachments = list.iter().filter(|part| part.kind == "attachment" && part.blob.is_some());
    let opened = Opened {
        number: known.number.clone(),
        state: known.case.state.code().to_owned(),
        facts,
        content,
        attachments: attachments.map(|part| part.id.clone()).collect(),
        said,
        dues: dues::all(tx.connection(), &known.id).await?,
    };
    let (person, office) = (Some(found.actor.person.as_str()), Some(found.actor.office.as_str()));
    note(tx, &known.id, Line { kind: "opened", person, office, ..Line::default() }).await?;
    let payload = serde_json::json!({ "purpose": purpose });
    Ok((opened, Entry::new("petition-opened", &known.id, payload)))
}

fn is_said(part: &Part) -> bool {
    ["addition", "notice", "note"].contains(&part.kind.as_str())
}

/// The key of a report's content, opened by somebody of the office that handles it.
async fn secret(
    tx: &mut Tx,
    counter: &Counter<'_>,
    known: &crate::reports::Known,
    unlocked: &Unlocked,
) -> Result<Secret, Failure> {
    let key = recipient(tx.connection(), &known.id, "content").await?;
    let (key, _) = key.ok_or_else(|| not_found(&known.number))?;
    let stages = [stage::FIRST, stage::REVIEW];
    wraps::open(tx.connection(), counter, unlocked, (&key, &known.office), &stages).await
}

/// The bytes of an attachment.
///
/// # Errors
/// As [`open`]; a problem for one that is not there, or was erased.
pub async fn attachment(
    tx: &mut Tx,
    counter: &Counter<'_>,
    (number, part): (&str, &str),
    unlocked: &Unlocked,
) -> Result<(Secret, Entry), Failure> {
    let found = handled(tx, counter, number, access::Act::Read).await?;
    let secret = secret(tx, counter, &found.known, unlocked).await?;
    let list = parts(tx.connection(), &found.known.id).await?;
    let wanted = list.iter().find(|known| known.id == part && known.kind == "attachment");
    let blob = wanted.and_then(|part| part.blob.as_ref());
    let blob = blob.ok_or_else(|| crate::actions::unknown("attachment", part))?;
    let opened = counter.sealer.open(&secret, &counter.blobs.read(blob)?)?;
    Ok((opened, entry("petition-attachment-opened", &found.known)))
}

/// Everything that a browser needs to open a report by itself, so that the passphrase never leaves it:
/// the own key under the passphrase, the office's key sealed to it, the report's key wrapped to the
/// office, and the parts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Envelope {
    /// Own key, locked with the passphrase (age, scrypt).
    pub own_key: Vec<u8>,
    /// Keys of the office, each sealed to the own key, with the report's key wrapped to it.
    pub ways: Vec<(Vec<u8>, Vec<u8>)>,
    /// Parts in order.
    pub parts: Vec<Part>,
}

/// The envelope of a report, for whoever works in its office. It is an entry like an opening.
///
/// # Errors
/// As [`open`].
pub async fn envelope(
    tx: &mut Tx,
    counter: &Counter<'_>,
    number: &str,
    purpose: &str,
) -> Result<(Envelope, Entry), Failure> {
    use sqlx::Row;
    if purpose.trim().is_empty() {
        return Err(RuleViolation::new("petition-no-purpose", "PIPL 34").into());
    }
    let found = handled(tx, counter, number, access::Act::Read).await?;
    let known = &found.known;
    let during = |error| crate::db::failure("read envelope", error);
    let text = "select k.wrapped, h.sealed as office, w.sealed as report from report_wraps w \
                join report_keys r on r.id = w.report_key and r.part = 'content' \
                join office_key_holders h on h.office_key = w.office_key and h.sealed is not null \
                join holder_keys k on k.id = h.holder_key and k.ended_day is null \
                where r.report = $1 and w.office = $2 and w.sealed is not null and h.person = $3 \
                and w.stage in ('first', 'review')";
    let query = sqlx::query(text).bind(known.id.clone()).bind(known.office.clone());
    let rows = query.bind(found.actor.person.clone()).fetch_all(tx.connection()).await;
    let (mut own_key, mut ways) = (Vec::new(), Vec::new());
    for row in rows.map_err(during)? {
        own_key = row.try_get("wrapped").map_err(during)?;
        let office = row.try_get("office").map_err(during)?;
        ways.push((office, row.try_get("report").map_err(during)?));
    }
    let parts = parts(tx.connection(), &known.id).await?;
    let (person, office) = (Some(found.actor.person.as_str()), Some(found.actor.office.as_str()));
    note(tx, &known.id, Line { kind: "opened", person, office, ..Line::default() }).await?;
    let payload = serde_json::json!({ "purpose": purpose, "in": "browser" });
    Ok((Envelope { own_key, ways, parts }, Entry::new("petition-opened", &known.id, payload)))
}
