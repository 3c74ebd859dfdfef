//! What is past its day, of all kinds, in one list.

use askama::Template;
use axum::extract::Query;
use axum::response::Response;
use registry::queries::supervision::overdue::{self, OverdueLine};

use super::cut::{Filters, Wanted};
use super::{CLUE, Desk, FIX, HIT, LEDGER, READ, Room};
use crate::error::Error;
use crate::session::Signed;
use crate::ui::{Ui, page};

#[derive(Template)]
#[template(path = "office/supervision/overdue.html")]
struct Shown<'a> {
    ui: &'a Ui,
    desk: &'a Signed,
    token: &'a str,
    filters: &'a Filters,
    lines: Vec<OverdueLine>,
}

/// The page.
///
/// # Errors
/// Not found where the reader's posts do not reach.
pub async fn show(room: Room, Query(wanted): Query<Wanted>) -> Result<Response, Error> {
    let filters = Filters::of(&room, wanted).await?;
    let lines = lines(&room, &filters).await?;
    let (ui, desk, token) = (&room.ui, &room.desk, room.token.as_str());
    page(&Shown { ui, desk, token, filters: &filters, lines })
}

/// Everything overdue in a cut that the reader may know of, the longest overdue first.
///
/// # Errors
/// A fault when the register cannot be read.
pub async fn lines(room: &Room, filters: &Filters) -> Result<Vec<OverdueLine>, Error> {
    let (db, today) = (room.db(), room.today());
    let mut lines: Vec<OverdueLine> = Vec::new();
    for cut in &filters.cuts {
        let desk = Desk::of(room, READ, HIT)?;
        let reader = desk.reader(room).await?;
        lines.extend(overdue::checks(db, &reader, &cut.path, &today).await?);
        if room.desk.may_somewhere(LEDGER, CLUE).is_ok() {
            let desk = Desk::of(room, LEDGER, CLUE)?;
            let reader = desk.reader(room).await?;
            lines.extend(overdue::of_clues(db, &reader, &cut.path, &today).await?);
        }
        if room.desk.may_somewhere(READ, FIX).is_ok() {
            let desk = Desk::of(room, READ, FIX)?;
            let reader = desk.reader(room).await?;
            lines.extend(overdue::of_rectifications(db, &reader, &cut.path, &today).await?);
        }
    }
    lines.sort_by(|a, b| a.due_day.cmp(&b.due_day).then(a.number.cmp(&b.number)));
    Ok(lines)
}

/// What somebody calls the state of a line.
pub fn state(ui: &Ui, line: &OverdueLine) -> String {
    let family = match line.kind.as_str() {
        "check" => "ui-finding-",
        "clue" => "ui-clue-",
        _ => "ui-rectification-",
    };
    ui.code(family, &line.state)
}

/// Address of a line.
pub fn address(line: &OverdueLine) -> String {
    let part = match line.kind.as_str() {
        "check" => "findings",
        "clue" => "clues",
        _ => "rectifications",
    };
    format!("/office/supervision/{part}/{}", line.number)
}

/// Title of a line, its number where the reader sees the outline alone.
pub fn title<'a>(ui: &Ui, line: &'a OverdueLine) -> &'a str {
    let title = if ui.tag() == "zh-CN" { &line.title_zh } else { &line.title_en };
    if title.is_empty() { &line.number } else { title }
}

/// Who has it in hand: names, or the title of an office.
pub fn who(ui: &Ui, line: &OverdueLine) -> String {
    match line.who.split_once('@') {
        Some((role, _)) if line.kind == "clue" => ui.role(role),
        _ => line.who.clone(),
    }
}
