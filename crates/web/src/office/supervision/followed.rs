//! What is near or past its day in other hands, for the board: handed over, recommended, owed by posts, to
//! be evaluated.

use super::{DUTIES, HANDOVER, HANDOVERS, LETTER, READ, REGULATION, Room};
use crate::error::Error;

/// How many stand on the board.
const SHOWN: usize = 12;

/// Something with a day.
pub struct Followed {
    /// Its page.
    pub href: String,
    /// What it is.
    pub title: String,
    /// Where, and who.
    pub more: String,
    /// Last day.
    pub due_day: String,
    /// Level that it was raised to.
    pub raised: Option<String>,
}

/// What is near or past, what is due first in front.
///
/// # Errors
/// A fault when the register cannot be read.
pub async fn followed(room: &Room) -> Result<Vec<Followed>, Error> {
    let mut all = Vec::new();
    if room.desk.may_somewhere(HANDOVERS, HANDOVER).is_ok() {
        for line in super::handovers::lines(room).await? {
            let title = if line.title.is_empty() { line.number.clone() } else { line.title };
            let more = format!("{} · {}", line.place_name, line.organ);
            let href = format!("/office/supervision/handovers#{}", line.number);
            all.extend(one(room, (href, title, more), (line.due_day, line.raised)));
        }
    }
    if room.desk.may_somewhere(READ, LETTER).is_ok() {
        for line in super::letters::lines(room, "").await? {
            let href = format!("/office/supervision/letters/{}", line.number);
            let more = format!("{} · {}", line.place_name, room.ui.role(&line.addressee));
            all.extend(one(room, (href, line.problem, more), (line.due_day, line.raised)));
        }
    }
    if room.desk.may_somewhere(READ, DUTIES).is_ok() {
        for line in super::duties::lines(room, "").await? {
            let href = format!("/office/supervision/duties/{}", line.number);
            let duty = room.ui.law().following.duty(&line.code);
            let title = duty.map(|duty| room.ui.title(&duty.title).to_owned());
            let more = format!("{} · {}", line.place_name, room.ui.role(&line.role));
            let title = title.unwrap_or_default();
            all.extend(one(room, (href, title, more), (line.due_day, line.raised)));
        }
    }
    if room.desk.may_somewhere(READ, REGULATION).is_ok() {
        for line in super::regulations::lines(room, "").await? {
            let href = format!("/office/supervision/regulations/{}", line.number);
            let more = format!("{} · {}", line.place_name, room.ui.role(&line.owner));
            all.extend(one(room, (href, line.title, more), (line.due_day, line.raised)));
        }
    }
    all.sort_by(|a, b| a.due_day.cmp(&b.due_day));
    all.truncate(SHOWN);
    Ok(all)
}

fn one(
    room: &Room,
    (href, title, more): (String, String, String),
    (due, raised): (Option<String>, Option<String>),
) -> Option<Followed> {
    let due_day = due.filter(|day| room.alarm(Some(day)) != "info")?;
    Some(Followed { href, title, more, due_day, raised })
}
