//! What waits for whoever signed in, and why each thing is due on its day: the to-do list, the check
//! queue of the supervision committee, and the drafts that he left.

pub mod checks;
pub mod home;
mod matters;
mod notices;
mod reports;
mod words;

pub use matters::{ANOTHERS, due_subject, waits};

use super::room::Room;
use crate::error::Error;
use crate::places::Places;

/// Something that waits for the reader.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Task {
    /// `step`, `check`, `sign`, `check_notice`, `publish`, `mend`, `prepare`, `order`, `question`,
    /// `request`, `inquiry`, `report`, `contested`, `identity`, `topic`.
    pub kind: &'static str,
    /// Stage of the process that it stops: `disclose`, `pay` ...
    pub stage: String,
    /// What it is about.
    pub title: String,
    /// Name of the village.
    pub place: String,
    /// Where it is done.
    pub address: String,
    /// Number of the matter.
    pub matter: Option<String>,
    /// Last day, as the register writes days.
    pub due: Option<String>,
    /// How the day was counted, or who set it.
    pub why: Vec<String>,
}

/// Everything that waits in the places of whoever reads.
struct Waiting<'a> {
    room: &'a Room,
    places: &'a Places,
    /// One of his places.
    path: &'a str,
}

/// What waits for the reader, the earliest first; what has no day comes last.
///
/// # Errors
/// A fault when the register cannot be read.
pub async fn tasks(room: &Room) -> Result<Vec<Task>, Error> {
    let places = room.app.places().await?;
    let mut tasks: Vec<Task> = Vec::new();
    for path in room.desk.places() {
        let waiting = Waiting { room, places: &places, path };
        for task in [
            waiting.steps().await?,
            waiting.prepared().await?,
            waiting.owed().await?,
            waiting.words().await?,
        ]
        .concat()
        {
            if !tasks.contains(&task) {
                tasks.push(task);
            }
        }
    }
    tasks.extend(reports::tasks(room).await?);
    tasks.sort_by(|a, b| (a.due.is_none(), &a.due).cmp(&(b.due.is_none(), &b.due)));
    Ok(tasks)
}
