//! Reading the access log is a look itself: it leaves an entry before anything is shown.

use domain::access::Act;
use domain::problem::Failure;
use serde_json::json;

use crate::tx::{Entry, Tx};

/// Notes that somebody reads the access log. Whom he asks for is not kept, only whether he asks for one
/// person or for one account.
///
/// # Errors
/// The rule that says no.
pub async fn read_log(tx: &mut Tx, one_person: bool, one_account: bool) -> Result<Entry, Failure> {
    tx.may_county(Act::Read, "audit_log").await?;
    let about = json!({ "person": one_person, "account": one_account });
    Ok(Entry::new("access-log-read", "-", about))
}
