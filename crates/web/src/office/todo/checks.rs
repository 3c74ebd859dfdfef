//! The one queue of whoever checks: before something is published, before it is paid, and the rest; each
//! with the papers to look at.

use askama::Template;
use axum::response::Response;
use domain::access::Act;
use registry::queries::documents::{DocumentLine, documents};

use super::{Task, tasks};
use crate::error::Error;
use crate::office::matters::{MATTER, READ};
use crate::office::room::Room;
use crate::session::Signed;
use crate::ui::{Ui, page};

/// To check.
pub const CHECK: &[Act] = &[Act::Sign];
/// What of the to-do list is a check.
const KINDS: [&str; 4] = ["check_notice", "check", "sign", "step"];

/// What waits before something happens.
struct Part {
    key: &'static str,
    lines: Vec<(Task, Vec<DocumentLine>)>,
}

#[derive(Template)]
#[template(path = "office/checks.html")]
struct Checks<'a> {
    ui: &'a Ui,
    desk: &'a Signed,
    today: String,
    parts: Vec<Part>,
}

/// The page.
///
/// # Errors
/// A fault when the register cannot be read.
pub async fn show(room: Room) -> Result<Response, Error> {
    let by = room.desk.by(READ, MATTER, "")?;
    let mut parts = ["web-checks-publish", "web-checks-pay", "web-checks-other"]
        .map(|key| Part { key, lines: Vec::new() });
    let queue = tasks(&room).await?.into_iter().filter(|task| KINDS.contains(&task.kind));
    for task in queue {
        let papers = match &task.matter {
            Some(number) => documents(room.db(), &by, number).await?,
            None => Vec::new(),
        };
        let [publish, pay, other] = &mut parts;
        let part = match task.stage.as_str() {
            "disclose" => publish,
            "accept" | "pay" => pay,
            _ => other,
        };
        part.lines.push((task, papers));
    }
    page(&Checks { ui: &room.ui, desk: &room.desk, today: room.today(), parts: parts.into() })
}
