//! Reports in the office (求助、投诉、检举控告): what an office has to handle, reading it with one's own
//! key, every act on it. A report that is closed to somebody is a page that does not exist.
//!
//! Deliberately absent: drafts. What is typed about a report would lie in the clear; a refused form comes
//! back filled, from memory alone.

mod acts;
mod clusters;
mod entry;
mod identity;
mod list;
pub mod names;
mod one;
mod open;
mod reason;

use std::sync::Arc;

use domain::access::Act;
use domain::problem::{Failure, Place, Problem};
use domain::report::rules::ReportRules;
use registry::actions::holder_keys::Unlocked;
use registry::reports::Counter;
use registry::reports::dues::DueRow;

use super::room::Room;
use crate::error::Error;
use crate::routes::{Right, Routes};

const READ: &[Act] = &[Act::Read];
/// Whoever can be given a report, or a request for the identity behind one.
pub const HERE: Right = Right::Routed(
    &[Act::Read, Act::Update, Act::Approve],
    &["report", "appeal", "report_sealed", "reporter"],
);
/// Who sees reports of the whole county, so that he sees where several of them point.
const ALL_OF_THEM: Right = Right::May(READ, "report");
/// Code of the problem that nobody knows a thing.
const UNKNOWN: &str = "not-registered";

/// Routes of reports.
#[must_use]
pub fn routes(routes: Routes) -> Routes {
    routes
        .get("/office/reports", HERE, list::show)
        .upload("/office/reports", HERE, entry::file)
        .get("/office/reports/new", HERE, entry::show)
        .get("/office/reports/clusters", ALL_OF_THEM, clusters::show)
        .get("/office/reports/identities", HERE, identity::list)
        .post("/office/reports/identities/{id}/decision", HERE, identity::decide)
        .post("/office/reports/identities/{id}/look", HERE, identity::look)
        .get("/office/reports/{number}", HERE, one::show)
        .post("/office/reports/{number}/opening", HERE, open::open)
        .post("/office/reports/{number}/reason", HERE, reason::read)
        .get("/office/reports/{number}/files/{part}", HERE, open::file)
        .post("/office/reports/{number}/{act}", HERE, acts::act)
}

/// A report that is not there for the asker is a page that is not there; all else stays what it is.
pub fn hidden<T>(read: Result<T, Failure>) -> Result<T, Error> {
    read.map_err(|failure| unseen(failure.into()))
}

/// The same for an error.
pub fn unseen(error: Error) -> Error {
    match &error {
        Error::Failed(Failure::Problem(problem)) if problem.code == UNKNOWN => Error::NotFound,
        _ => error,
    }
}

/// Rules on reports of today.
///
/// # Errors
/// A problem when there are none.
pub fn rules<'a>(room: &Room, counter: &Counter<'a>) -> Result<&'a ReportRules, Error> {
    Ok(counter.rules(room.desk.now.day)?.1)
}

/// How a last day was counted, a line each.
#[must_use]
pub fn why(room: &Room, counter: &Counter<'_>, due: &DueRow) -> Vec<String> {
    let explained = due.explain(counter, room.desk.now.day);
    let lines = explained.map(|due| due.explanation).unwrap_or_default();
    lines.iter().map(|line| room.ui.line(line)).collect()
}

impl Room {
    /// The reader's own key: unlocked with the passphrase that he typed, or from before.
    ///
    /// # Errors
    /// A problem when it is locked, or the passphrase is wrong; too many tries.
    pub async fn key(&self, passphrase: &str) -> Result<Arc<Unlocked>, Error> {
        if !passphrase.is_empty() {
            return self.app.unlock(&self.desk, passphrase.to_owned()).await;
        }
        let open = self.app.unlocked.of(&self.desk).map(|(key, _)| key);
        open.ok_or_else(|| {
            let place = Place { column: Some("passphrase".to_owned()), ..Place::default() };
            Error::Failed(Problem::new("key-locked", place).into())
        })
    }

    /// Until when his key lies open.
    #[must_use]
    pub fn open_until(&self) -> Option<i64> {
        self.app.unlocked.of(&self.desk).map(|(_, until)| until)
    }
}
