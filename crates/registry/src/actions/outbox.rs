//! Notices on their way: to whom, and which sentence; never any content, name or number. Whoever gets
//! one signs in, or comes with his receipt, to read.
//!
//! Channels are pluggable: a program hands in what it has, and a notice whose channel fails is tried
//! again and shown to whoever looks after the machine.

use std::borrow::Cow;
use std::collections::BTreeSet;

use domain::access::Act;
use domain::problem::{Failure, Fault};
use serde_json::json;
use sqlx::Row;

use super::write;
use crate::access::{By, at};
use crate::db::{Db, failure};
use crate::tx::{Entry, Now, Tx};
use crate::{Registry, queries};

/// Between two attempts, times the number of attempts.
const RETRY_MS: i64 = 5 * 60_000;
/// Attempts after which a notice is shown as failed and tried no more.
const MOST: i64 = 10;

/// A notice without content.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    /// Code of the channel.
    pub channel: String,
    /// Who gets it: the id of an office.
    pub recipient: String,
    /// Code of the sentence.
    pub sentence: String,
}

/// Something that delivers notices.
pub trait Channel: Send + Sync {
    /// Code of the channel.
    fn code(&self) -> &str;

    /// Between two messages at least, in milliseconds, where a channel has a limit.
    fn pace_ms(&self) -> i64 {
        0
    }

    /// Delivers notices: several at once, so that a channel with a limit can merge them.
    ///
    /// # Errors
    /// A fault when they could not be delivered; they are tried again.
    fn deliver(&self, notices: &[Notice]) -> Result<(), Fault>;
}

/// The channel that everybody has: the list of notices that an office sees when it signs in.
pub const DESK: &str = "desk";

/// A channel that is on, with whom it reaches.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Way {
    /// Code of the channel.
    pub code: Cow<'static, str>,
    /// Ids of the offices that it reaches; none for all of them.
    pub offices: Option<BTreeSet<String>>,
}

/// What a program without any other channel has.
pub const ON_DESK: &[Way] = &[Way { code: Cow::Borrowed(DESK), offices: None }];

impl Way {
    fn reaches(&self, office: &str) -> bool {
        self.offices.as_ref().is_none_or(|offices| offices.contains(office))
    }
}

/// Puts a notice on its way, in the transaction of the act that it tells of.
pub(crate) async fn put(
    tx: &mut Tx,
    ways: &[Way],
    recipient: &str,
    sentence: &str,
) -> Result<(), Failure> {
    for way in ways.iter().filter(|way| way.reaches(recipient)) {
        let (id, due) = (crate::ids::random_id()?, tx.now.ms);
        let text = "insert into outbox (id, channel, recipient, sentence, due_ms, attempts) \
                    values ($1, $2, $3, $4, $5, 0)";
        let (channel, recipient) = (way.code.clone().into_owned(), recipient.to_owned());
        write!(tx, text, id, channel, recipient, sentence.to_owned(), due)?;
    }
    Ok(())
}

impl Registry {
    /// Hands what is due to its channels: all that waits for one goes together, and not before its pace
    /// allows. `at_ms` is the present moment, also where a day was given. Returns how many were delivered
    /// and how many failed.
    ///
    /// # Errors
    /// A fault when the database refuses.
    pub async fn deliver(
        &self,
        channels: &[&dyn Channel],
        now: Now,
        at_ms: i64,
    ) -> Result<(usize, usize), Failure> {
        let (mut delivered, mut failed) = (0, 0);
        for channel in channels {
            let due = self.due(channel.code(), now).await?;
            if due.is_empty() || self.rests(*channel, at_ms).await? {
                continue;
            }
            let notices: Vec<Notice> = due.iter().map(|(_, _, notice)| notice.clone()).collect();
            let result = channel.deliver(&notices);
            let mut tx = self.begin(By::system(), now, "deliver").await?;
            // Without a limit nobody needs to know when exactly it was.
            let tried = (channel.pace_ms() > 0).then_some(at_ms);
            for (id, attempts, _) in &due {
                note(&mut tx, id, (*attempts + 1, tried), &result).await?;
            }
            let payload = json!({ "notices": due.len(), "delivered": result.is_ok() });
            tx.commit(Entry::new("notices-delivered", channel.code(), payload)).await?;
            match result {
                Ok(()) => delivered += due.len(),
                Err(_) => failed += due.len(),
            }
        }
        Ok((delivered, failed))
    }

    /// Whether a channel with a pace was used a moment ago. One that failed is left alone for longer: what
    /// comes meanwhile goes with the next try.
    async fn rests(&self, channel: &dyn Channel, at_ms: i64) -> Result<bool, Failure> {
        let during = |error| failure("read outbox", error);
        let pace = channel.pace_ms();
        if pace == 0 {
            return Ok(false);
        }
        let text = "select tried_ms, sent_ms from outbox where channel = $1 and tried_ms is not null \
                    order by tried_ms desc limit 1";
        let row = sqlx::query(text).bind(channel.code().to_owned());
        let row = row.fetch_optional(&self.db.read).await.map_err(during)?;
        let Some(row) = row else { return Ok(false) };
        let tried: i64 = row.try_get("tried_ms").map_err(during)?;
        let sent: Option<i64> = row.try_get("sent_ms").map_err(during)?;
        let rest = if sent.is_some() { pace } else { pace.max(RETRY_MS) };
        Ok((0..rest).contains(&at_ms.saturating_sub(tried)))
    }

    async fn due(&self, channel: &str, now: Now) -> Result<Vec<(String, i64, Notice)>, Failure> {
        let during = |error| failure("read outbox", error);
        let text = "select id, channel, recipient, sentence, attempts from outbox where channel = $1 \
                    and sent_ms is null and due_ms <= $2 and attempts < $3 order by due_ms limit 500";
        let rows = sqlx::query(text).bind(channel.to_owned()).bind(now.ms).bind(MOST);
        let rows = rows.fetch_all(&self.db.read).await.map_err(during)?;
        let line = |row: &sqlx::any::AnyRow| -> Result<_, sqlx::Error> {
            let notice = Notice {
                channel: row.try_get("channel")?,
                recipient: row.try_get("recipient")?,
                sentence: row.try_get("sentence")?,
            };
            Ok((row.try_get("id")?, row.try_get("attempts")?, notice))
        };
        rows.iter().map(line).collect::<Result<_, _>>().map_err(during)
    }
}

/// Notes how an attempt ended.
async fn note(
    tx: &mut Tx,
    id: &str,
    (attempts, tried): (i64, Option<i64>),
    result: &Result<(), Fault>,
) -> Result<(), Failure> {
    let sent = result.is_ok().then_some(tx.now.ms);
    let failed = result.as_ref().err().map(ToString::to_string);
    let text = "update outbox set attempts = $2, sent_ms = $3, failed = $4, due_ms = $5, tried_ms = $6 \
         where id = $1";
    let next = tx.now.ms + RETRY_MS * attempts;
    write!(tx, text, id.to_owned(), attempts, sent, failed, next, tried)?;
    Ok(())
}

/// A notice that was tried and not delivered.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Undelivered {
    /// Code of the channel.
    pub channel: String,
    /// Id of the office.
    pub recipient: String,
    /// Code of the sentence.
    pub sentence: String,
    /// How often it was tried.
    pub attempts: i64,
    /// What went wrong.
    pub failed: Option<String>,
}

impl Undelivered {
    queries::from_row!(Undelivered { channel, recipient, sentence, attempts, failed });
}

/// Notices that were tried and not delivered, for whoever looks after the machine.
///
/// # Errors
/// The rule that says no; a fault when the database cannot be read.
pub async fn undelivered(db: &Db, by: &By) -> Result<Vec<Undelivered>, Failure> {
    let during = |error| failure("read outbox", error);
    let county = sqlx::query("select path from places where parent is null order by path limit 1");
    let county = county.fetch_optional(&db.read).await.map_err(during)?;
    let county: Option<String> =
        county.map(|row| row.try_get("path")).transpose().map_err(during)?;
    by.may(Act::Read, &at("outbox", &county.unwrap_or_default()))?;
    let text = "select channel, recipient, sentence, attempts, failed from outbox \
                where sent_ms is null and attempts > 0 order by due_ms limit 500";
    let rows = sqlx::query(text).fetch_all(&db.read).await.map_err(during)?;
    rows.iter().map(Undelivered::from_row).collect::<Result<_, _>>().map_err(during)
}
