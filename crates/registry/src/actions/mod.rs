//! Acts: one file a resource, one function an act. Each checks what it is given, asks the rules of
//! `domain`, writes rows and returns the entry that the transaction is committed with.

pub mod accounts;
pub mod documents;
pub mod drafts;
pub mod dues;
pub mod filings;
pub mod holder_keys;
pub mod imports;
pub mod inquiries;
pub mod joint;
pub mod looks;
pub mod manifests;
pub mod matters;
pub mod notices;
pub mod office_keys;
pub mod orders;
pub mod outbox;
pub mod overdue;
pub mod overrides;
pub mod own_codes;
pub mod people;
pub mod photos;
pub mod places;
pub mod posts;
pub mod preparations;
pub mod questions;
pub mod reports;
pub mod requests;
pub mod second_factor;
pub mod sessions;
pub mod starts;
pub mod stepped;
pub mod supervision;
mod texts;
pub mod topics;
pub mod totals;

use domain::problem::{Failure, Fault, Place, Problem, RuleViolation};
use sqlx::Row;

use crate::db::failure;
use crate::tx::Tx;

/// Why an act was not done: rules that say no, all of them at once, or something else.
#[derive(Debug, Clone)]
pub enum Refusal {
    /// Rules, each with its basis and what is missing.
    Rules(Vec<RuleViolation>),
    /// A problem or a fault.
    Other(Failure),
}

impl From<Failure> for Refusal {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::Rule(rule) => Self::Rules(vec![*rule]),
            other => Self::Other(other),
        }
    }
}

impl From<RuleViolation> for Refusal {
    fn from(rule: RuleViolation) -> Self {
        Self::Rules(vec![rule])
    }
}

impl From<Problem> for Refusal {
    fn from(problem: Problem) -> Self {
        Self::Other(problem.into())
    }
}

impl From<Fault> for Refusal {
    fn from(fault: Fault) -> Self {
        Self::Other(fault.into())
    }
}

impl From<Refusal> for Failure {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::Other(failure) => failure,
            Refusal::Rules(rules) => match rules.into_iter().next() {
                Some(rule) => rule.into(),
                None => Fault::new("refuse", "without a rule").into(),
            },
        }
    }
}

/// Runs a statement with texts and numbers bound to `$1`, `$2` ...
macro_rules! write {
    ($tx:expr, $text:expr $(, $value:expr)* $(,)?) => {
        sqlx::query($text)$(.bind($value))*
            .execute($tx.connection())
            .await
            .map_err(|error| $crate::db::failure("write row", error))
    };
}
pub(crate) use write;

/// The next running number of a name.
pub(crate) async fn serial(tx: &mut Tx, name: &str) -> Result<i64, Failure> {
    let during = |error| failure("number", error);
    let text = "insert into serials (name, value) values ($1, 1) \
                on conflict (name) do update set value = serials.value + 1 returning value";
    let row = sqlx::query(text).bind(name.to_owned()).fetch_one(tx.connection()).await;
    row.map_err(during)?.try_get("value").map_err(during)
}

/// A problem about a key that nobody knows. What it is a key of, the sentence says in words.
pub(crate) fn unknown(what: &'static str, key: &str) -> Failure {
    Problem::new("not-registered", Place::default()).with("what", what).with("key", key).into()
}
