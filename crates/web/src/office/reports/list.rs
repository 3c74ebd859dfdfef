//! What an office has to handle, the earliest first, each last day with how it was counted.

use askama::Template;
use axum::extract::Query;
use axum::response::Response;
use domain::access::View;
use domain::report::rules::Titled;
use registry::queries::report_desk::{self, Contested};
use registry::queries::reports::{self as lists, Filter, Line};
use registry::reports::Counter;
use serde::Deserialize;

use super::names::Names;
use super::{READ, rules, why};
use crate::error::Error;
use crate::office::room::Room;
use crate::session::Signed;
use crate::ui::{Ui, page};

/// How many are shown of those that others handle.
const OTHERS: usize = 200;
/// States in which nothing is to be done any more.
const OVER: [&str; 3] = ["closed", "merged", "refused"];

/// Which of them.
#[derive(Deserialize, Default)]
#[serde(default)]
pub struct Which {
    show: String,
}

/// A report with how its next day was counted.
pub struct Row {
    /// The report.
    pub line: Line,
    /// The next day is over.
    pub overdue: bool,
    /// How it was counted.
    pub why: Vec<String>,
}

#[derive(Template)]
#[template(path = "office/reports/list.html")]
struct List<'a> {
    ui: &'a Ui,
    desk: &'a Signed,
    token: &'a str,
    names: Names<'a>,
    show: &'a str,
    tags: &'a [Titled],
    contested: Vec<Contested>,
    mine: Vec<Row>,
    others: Vec<Row>,
    /// Register numbers of the sealed queue: pointers, and nothing behind them.
    pointers: Vec<String>,
    hand_over: Vec<String>,
    asked: usize,
    key_until: Option<i64>,
    clusters: bool,
    may_charge: bool,
    may_visit: bool,
}

/// The page.
///
/// # Errors
/// A fault when the register cannot be read.
pub async fn show(room: Room, Query(which): Query<Which>) -> Result<Response, Error> {
    let window = room.app.window()?;
    let counter = window.counter();
    let (rules, places) = (rules(&room, &counter)?, room.app.places().await?);
    let (by, day) = (room.desk.by(&[], "", "")?, room.desk.now.day);
    let filter = Filter { late: which.show == "late", ..Filter::default() };
    let all = lists::list(room.db(), &counter, &by, day, &filter).await?;
    let (pointers, lines): (Vec<_>, Vec<_>) =
        all.into_iter().partition(|line| line.view < View::Sealed);
    let lines = lines.into_iter().filter(|line| wanted(line, &which.show));
    let (mine, others): (Vec<_>, Vec<_>) = lines.partition(|line| handles(&room.desk, line));
    let row = |line| row(&room, &counter, line);
    let mut mine: Vec<Row> = mine.into_iter().map(row).collect();
    mine.sort_by_key(|row| row.line.next.as_ref().map_or(i32::MAX, |due| due.day.0));
    let hand_over = report_desk::to_hand_over(room.db(), &by).await?;
    page(&List {
        contested: report_desk::contested(room.db(), &counter, &by, day).await?,
        asked: lists::asked(room.db(), &counter, &by, day).await?.len(),
        key_until: room.open_until(),
        clusters: room.desk.may_somewhere(READ, "report").is_ok(),
        may_charge: room.desk.may_somewhere(READ, "charge").is_ok(),
        may_visit: room.desk.may_somewhere(READ, "visit").is_ok(),
        names: Names { ui: &room.ui, places: &places, rules },
        pointers: pointers
            .into_iter()
            .map(|line| line.number)
            .filter(|number| !hand_over.contains(number))
            .collect(),
        hand_over,
        others: others.into_iter().take(OTHERS).map(row).collect(),
        mine,
        ui: &room.ui,
        desk: &room.desk,
        token: &room.token,
        show: &which.show,
        tags: &rules.tags,
    })
}

/// Whether the reader works in the office that has it.
fn handles(desk: &Signed, line: &Line) -> bool {
    // Of the sealed queue no office is told: whoever sees more than its number has it.
    match &line.office {
        Some(office) => desk.works_in(office),
        None => line.view >= View::Sealed,
    }
}

fn wanted(line: &Line, show: &str) -> bool {
    let over = line.state.as_deref().is_some_and(|state| OVER.contains(&state));
    match show {
        "" => !over,
        "all" | "late" => true,
        tag => line.tags.iter().any(|known| known == tag),
    }
}

fn row(room: &Room, counter: &Counter<'_>, line: Line) -> Row {
    let today = room.desk.now.day;
    let overdue = line.next.as_ref().is_some_and(|due| due.is_late(today));
    let why = line.next.as_ref().map(|due| why(room, counter, due)).unwrap_or_default();
    Row { overdue, why, line }
}
