//! The list of findings, by state, place, model, programme and year, some at a time.

use askama::Template;
use axum::extract::Query;
use axum::response::Response;
use registry::queries::supervision::findings::{self, Filter, FindingLine};
use registry::queries::supervision::pages;
use serde::Deserialize;

use super::cut::{Filters, Wanted as Cut};
use super::{Desk, HIT, READ, Room, version};
use crate::error::Error;
use crate::session::Signed;
use crate::ui::{Ui, page};

/// States in the order of work.
const STATES: [&str; 5] = ["new", "assigned", "recorded", "checked", "excluded"];

/// What to look for.
#[derive(Deserialize, Default)]
#[serde(default)]
pub struct Wanted {
    state: String,
    place: String,
    model: String,
    programme: String,
    year: String,
    page: String,
}

impl Wanted {
    /// Which page, from 0.
    fn at(&self) -> i64 {
        self.page.parse().unwrap_or(0).clamp(0, 100_000)
    }
}

#[derive(Template)]
#[template(path = "office/supervision/findings.html")]
struct List<'a> {
    ui: &'a Ui,
    desk: &'a Signed,
    token: &'a str,
    room: &'a Room,
    wanted: &'a Wanted,
    filters: &'a Filters,
    states: [&'static str; 5],
    lines: Vec<FindingLine>,
    count: i64,
}

impl List<'_> {
    fn title<'a>(&self, zh: &'a str, en: &'a str) -> &'a str {
        if self.ui.tag() == "zh-CN" { zh } else { en }
    }

    /// Address of another page, where there is one.
    fn turned(&self, by: i64) -> Option<String> {
        let at = self.wanted.at() + by;
        if at < 0 || at * pages::LINES >= self.count {
            return None;
        }
        let query = self.filters.wanted.query();
        let more = if query.is_empty() { "?" } else { "&" };
        Some(format!("{query}{more}state={}&page={at}", self.wanted.state))
    }

    /// Which lines these are.
    fn span(&self) -> String {
        let first = self.wanted.at() * pages::LINES;
        let last = (first + pages::LINES).min(self.count);
        let numbers = [(first + 1).min(last), last, self.count].map(|number| number.to_string());
        let [first, last, all] = numbers.each_ref().map(String::as_str);
        self.ui.with("web-sv-span", &[("first", first), ("last", last), ("all", all)])
    }
}

/// The list.
///
/// # Errors
/// Not found where the reader's posts do not reach; a fault when the register cannot be read.
pub async fn list(room: Room, Query(wanted): Query<Wanted>) -> Result<Response, Error> {
    let cut = Cut {
        place: wanted.place.clone(),
        model: wanted.model.clone(),
        programme: wanted.programme.clone(),
        year: wanted.year.clone(),
    };
    let filters = Filters::of(&room, cut).await?;
    let (lines, count) = found(&room, &wanted, &filters).await?;
    page(&List {
        states: STATES,
        ui: &room.ui,
        desk: &room.desk,
        token: &room.token,
        room: &room,
        wanted: &wanted,
        filters: &filters,
        lines,
        count,
    })
}

/// Whoever has tasks alone sees those; everybody else the list of his places.
async fn found(
    room: &Room,
    wanted: &Wanted,
    filters: &Filters,
) -> Result<(Vec<FindingLine>, i64), Error> {
    if filters.cuts.is_empty() {
        let mine = findings::mine(room.db(), room.desk.person()).await?;
        let count = i64::try_from(mine.len()).unwrap_or(0);
        return Ok((mine, count));
    }
    let desk = Desk::of(room, READ, HIT)?;
    let reader = desk.reader(room).await?;
    let version = version(room)?;
    let filter = Filter {
        state: wanted.state.clone(),
        model: wanted.model.clone(),
        programme: wanted.programme.clone(),
        year: filters.wanted.year(),
    };
    let (mut lines, mut count) = (Vec::new(), 0);
    for cut in &filters.cuts {
        let asked = (version, wanted.at());
        let part = pages::page(room.db(), &reader, &cut.path, &filter, asked).await?;
        lines.extend(part.lines);
        count += part.count;
    }
    Ok((lines, count))
}
