//! What somebody sees first when he has signed in: what waits for him, the earliest first, and the drafts
//! that he left.

use askama::Template;
use axum::response::Response;

use super::{Task, tasks};
use crate::error::Error;
use crate::office::drafts::{kind_of, page_of};
use crate::office::room::Room;
use crate::session::Signed;
use crate::ui::{Ui, page};

/// How many are shown.
const MOST: usize = 100;

#[derive(Template)]
#[template(path = "office/home.html")]
struct Home<'a> {
    ui: &'a Ui,
    desk: &'a Signed,
    today: String,
    tasks: Vec<Task>,
    more: usize,
    /// Kind, page and moment of each draft.
    drafts: Vec<(String, String, i64)>,
    board: bool,
}

/// The page.
///
/// # Errors
/// A fault when the register cannot be read.
pub async fn show(room: Room) -> Result<Response, Error> {
    let mut tasks = tasks(&room).await?;
    let more = tasks.len().saturating_sub(MOST);
    tasks.truncate(MOST);
    let kept = room.drafts().await?;
    let draft = |name: &str, saved| Some((kind_of(name).to_owned(), page_of(name)?, saved));
    page(&Home {
        drafts: kept.iter().filter_map(|kept| draft(&kept.form, kept.saved_ms)).collect(),
        board: room.desk.menu().iter().any(|(path, _)| *path == "/office/board"),
        ui: &room.ui,
        desk: &room.desk,
        today: room.today(),
        tasks,
        more,
    })
}
