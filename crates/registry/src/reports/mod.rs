//! Reports inside the register: what acts and queries about them have in common. Who may see one is
//! decided here and nowhere else, so that nobody who adds an act can forget it (I8).
//!
//! A report that somebody may not see does not exist for him: the answer is that of an unknown number.

pub mod dues;
pub mod receipts;
pub mod standing;
pub mod texts;
pub(crate) mod wraps;

use domain::catalogue::{Dated, on};
use domain::problem::{Failure, Fault, Place, Problem};
use domain::recusal::Policy;
use domain::report::Facts;
use domain::report::handling::Case;
use domain::report::rules::{Door, ReportRules};
use domain::time::Day;
use sqlx::any::AnyRow;
use sqlx::{AnyConnection, Row};

use crate::Law;
use crate::actions::outbox::Way;
use crate::blobs::Blobs;
use crate::db::failure;
use crate::seal::{SealKey, open, seal};
use crate::sealer::Sealer;

/// Keys of the machine, apart from the database: one hides who is meant, one hides receipts.
#[derive(Clone)]
pub struct MachineKeys {
    /// Seals the facts that routing needs.
    pub facts: SealKey,
    /// Keys the hashes of receipts and of supporters.
    pub receipts: SealKey,
}

/// Where reports come in and are worked on (窗口): rules, keys of the machine, sealing, documents.
#[derive(Clone, Copy)]
pub struct Counter<'a> {
    /// Rules.
    pub law: &'a Law,
    /// Keys of the machine.
    pub keys: &'a MachineKeys,
    /// Seals for people.
    pub sealer: &'a dyn Sealer,
    /// Sealed attachments.
    pub blobs: &'a Blobs,
    /// Channels that notices go by; [`crate::actions::outbox::ON_DESK`] at least.
    pub channels: &'a [Way],
}

impl<'a> Counter<'a> {
    /// Rules of a day.
    ///
    /// # Errors
    /// A problem when there are none.
    pub fn rules(&self, day: Day) -> Result<(&'a Policy, &'a ReportRules), Failure> {
        fn known<'l, T: Dated>(list: &'l [T], file: &str, day: Day) -> Result<&'l T, Failure> {
            let missing = || Problem::new("catalogue-not-in-force", Place::file(file));
            let missing = || missing().with("detail", file).with("day", day);
            Ok(on(list, day).ok_or_else(missing)?)
        }
        let policy = known(&self.law.recusal, "recusal.toml", day)?;
        Ok((policy, known(&self.law.reports, "reports.toml", day)?))
    }

    pub(crate) fn seal_facts(&self, report: &str, facts: &Facts) -> Result<Vec<u8>, Fault> {
        let text = serde_json::to_vec(facts).map_err(|e| Fault::new("seal facts", e))?;
        seal(&self.keys.facts, &format!("facts/{report}"), &text)
    }

    pub(crate) fn open_facts(&self, report: &str, sealed: &[u8]) -> Result<Facts, Fault> {
        let text = open(&self.keys.facts, &format!("facts/{report}"), sealed)?;
        serde_json::from_slice(&text).map_err(|e| Fault::new("open facts", e))
    }
}

/// A report as its row has it.
#[derive(Debug, Clone)]
pub struct Known {
    /// Key.
    pub id: String,
    /// Number that staff use.
    pub number: String,
    /// Code of the channel.
    pub channel: String,
    /// In the sealed queue.
    pub sealed_queue: bool,
    /// Id of the office that handles it.
    pub office: String,
    /// Id of the office that grants looks at the identity.
    pub identity_office: Option<String>,
    /// Id of the office that would review it.
    pub review_office: Option<String>,
    /// When it was filed.
    pub filed: Day,
    /// Facts for routing; none in the sealed queue, or after erasure.
    pub facts: Option<Facts>,
    /// How it stands.
    pub case: Case,
    /// When its reporter's data were erased.
    pub erased: Option<String>,
    /// `age1...` of the key behind the receipt.
    pub reporter: String,
    /// The secret of that key, locked with the receipt.
    pub(crate) reporter_locked: Vec<u8>,
}

/// Statements that select reports, with the columns that [`Known::from_row`] reads.
macro_rules! select {
    ($rest:literal) => {
        concat!(
            "select r.id, r.number, r.channel, r.in_sealed_queue, r.office, r.identity_office, \
             r.review_office, r.filed_day, r.facts, r.record, r.erased_day, r.reporter_recipient, \
             r.reporter_wrapped from reports r ",
            $rest
        )
    };
}
const BY_NUMBER: &str = select!("where r.number = $1");
const BY_RECEIPT: &str = select!("where r.receipt_hash = $1");
/// All of them, the newest first.
pub(crate) const ALL: &str = select!("order by r.filed_day desc, r.number limit 10000");

impl Known {
    pub(crate) fn from_row(counter: &Counter<'_>, row: &AnyRow) -> Result<Self, Failure> {
        let during = |error| failure("read report", error);
        let id: String = row.try_get("id").map_err(during)?;
        let facts: Option<Vec<u8>> = row.try_get("facts").map_err(during)?;
        let facts = facts.map(|sealed| counter.open_facts(&id, &sealed)).transpose()?;
        let filed: String = row.try_get("filed_day").map_err(during)?;
        let record: String = row.try_get("record").map_err(during)?;
        let read = || -> Result<Self, sqlx::Error> {
            Ok(Self {
                number: row.try_get("number")?,
                channel: row.try_get("channel")?,
                sealed_queue: row.try_get::<i64, _>("in_sealed_queue")? == 1,
                office: row.try_get("office")?,
                identity_office: row.try_get("identity_office")?,
                review_office: row.try_get("review_office")?,
                filed: Day::parse(&filed).unwrap_or(Day(0)),
                facts,
                case: serde_json::from_str(&record).unwrap_or_default(),
                erased: row.try_get("erased_day")?,
                reporter: row.try_get("reporter_recipient")?,
                reporter_locked: row.try_get("reporter_wrapped")?,
                id,
            })
        };
        read().map_err(during)
    }

    /// Its door.
    ///
    /// # Errors
    /// A problem when the rules do not know it.
    pub fn door<'r>(&self, rules: &'r ReportRules) -> Result<&'r Door, Failure> {
        rules.door(&self.case.door).ok_or_else(|| crate::actions::unknown("door", &self.case.door))
    }
}

/// The report of a number, for whoever may see it: [`standing`] decides.
pub(crate) async fn by_number(
    connection: &mut AnyConnection,
    counter: &Counter<'_>,
    number: &str,
) -> Result<Known, Failure> {
    one(connection, counter, BY_NUMBER, number).await?.ok_or_else(|| not_found(number))
}

/// The report of a receipt.
pub(crate) async fn by_receipt(
    connection: &mut AnyConnection,
    counter: &Counter<'_>,
    receipt: &domain::receipt::Receipt,
) -> Result<Known, Failure> {
    let hash = receipts::hash(counter.keys, receipt);
    let found = one(connection, counter, BY_RECEIPT, &hash).await?;
    found.ok_or_else(|| Problem::new("receipt-none", Place::default()).into())
}

async fn one(
    connection: &mut AnyConnection,
    counter: &Counter<'_>,
    text: &'static str,
    key: &str,
) -> Result<Option<Known>, Failure> {
    let row = sqlx::query(text).bind(key.to_owned()).fetch_optional(connection).await;
    let row = row.map_err(|error| failure("read report", error))?;
    row.map(|row| Known::from_row(counter, &row)).transpose()
}

/// What is told of a report that does not exist, and of one that somebody may not see.
pub(crate) fn not_found(number: &str) -> Failure {
    crate::actions::unknown("report", number)
}
