//! Open data: every public list as CSV and JSON, in parts of a thousand rows; a feed for each village.
//! How to use it: `/open-data`, and the description of the API at `/api/v1/openapi.json`.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::http::header::{ACCESS_CONTROL_ALLOW_ORIGIN, CACHE_CONTROL, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use domain::problem::Fault;
use domain::time::Day;
use registry::queries::public_feed::{self, MatterRow, NoticeRow};
use registry::queries::public_reports::{self, TopicRow, TotalsRow, VisitRow};
use registry::queries::public_village::{NoticeHead, PlaceHead, notices};
use serde::{Deserialize, Serialize};

use crate::board::first_day;
use crate::error::Error;
use crate::state::App;
use crate::ui::{Ui, page};

#[derive(Template)]
#[template(path = "public/data.html")]
struct About<'a> {
    ui: &'a Ui,
}

/// What there is, and how to fetch it.
///
/// # Errors
/// A fault when the page cannot be drawn.
pub async fn show(ui: Ui) -> Result<Response, Error> {
    page(&About { ui: &ui })
}

/// Which part of a list.
#[derive(Deserialize)]
pub struct Part {
    #[serde(default)]
    village: String,
    #[serde(default)]
    after: String,
    #[serde(default)]
    version: i64,
}

/// A part of a list, with how to go on.
#[derive(Serialize)]
struct Rows<T: Serialize> {
    rows: T,
    /// Query of the next part; none at the end.
    next: Option<String>,
}

/// A public list under its name: `/api/v1/notices.csv`, `/api/v1/openapi.json`.
///
/// # Errors
/// Not found.
pub async fn list(
    State(app): State<Arc<App>>,
    Path(file): Path<String>,
    Query(part): Query<Part>,
) -> Result<Response, Error> {
    match file.split_once('.').ok_or(Error::NotFound)? {
        ("notices", kind) => notice_rows(&app, kind, &part).await,
        ("matters", kind) => matter_rows(&app, kind, &part).await,
        ("places", kind) => place_rows(&app, kind).await,
        ("figures", kind) => totals_rows(&app, kind).await,
        ("topics", kind) => topic_rows(&app, kind).await,
        ("visits", kind) => visit_rows(&app, kind).await,
        ("scoreboard", "csv") => board_rows(&app).await,
        ("scoreboard", "json") => json(&Rows { rows: &app.board().await?.villages, next: None }),
        ("openapi", "json") => {
            let text = include_str!("openapi.json");
            Ok((open("application/json; charset=utf-8"), text).into_response())
        }
        _ => Err(Error::NotFound),
    }
}

async fn notice_rows(app: &App, kind: &str, part: &Part) -> Result<Response, Error> {
    let after = (part.after.as_str(), part.version);
    let rows = public_feed::notices(&app.setup.registry.db, after, &part.village).await?;
    let next = rows.last().map(|row| format!("after={}&version={}", row.number, row.version));
    let csv = |row: &NoticeRow| {
        let due = row.due_day.clone().unwrap_or_default();
        let (version, title) = (row.version.to_string(), row.title.clone());
        let (number, village, duty) = (row.number.clone(), row.village.clone(), row.duty.clone());
        let (period, state) = (row.period.clone(), row.state.clone());
        vec![number, version, village, duty, period, state, title, row.published_day.clone(), due]
    };
    let header = "number,version,village,duty,period,state,title,published_day,due_day";
    listed(kind, header, &rows, next, csv)
}

async fn matter_rows(app: &App, kind: &str, part: &Part) -> Result<Response, Error> {
    let rows = public_feed::matters(&app.setup.registry.db, &part.after, &part.village).await?;
    let next = rows.last().map(|row| format!("after={}", row.number));
    let csv = |row: &MatterRow| {
        let amount =
            row.amount_fen.map_or(String::new(), |fen| domain::money::Fen(fen).to_string());
        let closed = row.closed_day.clone().unwrap_or_default();
        let (number, village, power) = (row.number.clone(), row.village.clone(), row.power.clone());
        let (title, state) = (row.title.clone(), row.state.clone());
        vec![number, village, power, title, state, row.opened_day.clone(), closed, amount]
    };
    let header = "number,village,power,title,state,opened_day,closed_day,amount_yuan";
    listed(kind, header, &rows, next, csv)
}

async fn place_rows(app: &App, kind: &str) -> Result<Response, Error> {
    let rows = registry::queries::public_village::places(&app.setup.registry.db).await?;
    let csv = |row: &PlaceHead| {
        let (id, level) = (row.id.clone(), row.level.clone());
        vec![id, level, row.name.clone(), row.path.clone(), row.from_day.clone()]
    };
    listed(kind, "id,level,name,path,from_day", &rows, None, csv)
}

/// Figures of reports; what is hidden is empty.
async fn totals_rows(app: &App, kind: &str) -> Result<Response, Error> {
    let rows = public_reports::totals(&app.setup.registry.db).await?;
    let csv = |row: &TotalsRow| {
        let (quarter, level, door) = (row.quarter.clone(), row.level.clone(), row.door.clone());
        let figures = [row.received, row.in_time, row.overdue, row.satisfied, row.unsatisfied];
        let figures = figures.map(|f| f.map_or_else(String::new, |n| n.to_string()));
        [quarter, level, door].into_iter().chain(figures).collect()
    };
    let header = "quarter,level,door,received,in_time,overdue,satisfied,unsatisfied";
    listed(kind, header, &rows, None, csv)
}

/// Topics of villagers with their answers.
async fn topic_rows(app: &App, kind: &str) -> Result<Response, Error> {
    let places = app.places().await?;
    let county = places.county().map_or("", |county| county.path.as_str());
    let rows = public_reports::topics_below(&app.setup.registry.db, county).await?;
    let csv = |row: &TopicRow| {
        let plain = [&row.number, &row.place, &row.title, &row.state, &row.proposed_day];
        let later = [&row.chosen_day, &row.due_day, &row.answered_day, &row.answer];
        let plain = plain.into_iter().cloned();
        let later = later.into_iter().map(|text| text.clone().unwrap_or_default());
        plain.chain(later).chain([row.supports.to_string()]).collect()
    };
    let header =
        "number,village,title,state,proposed_day,chosen_day,due_day,answered_day,answer,supports";
    listed(kind, header, &rows, None, csv)
}

/// Visits of leaders.
async fn visit_rows(app: &App, kind: &str) -> Result<Response, Error> {
    let places = app.places().await?;
    let county = places.county().map_or("", |county| county.path.as_str());
    let rows = public_reports::visits(&app.setup.registry.db, county).await?;
    let csv = |row: &VisitRow| {
        let came = row.visitors.map_or_else(String::new, |n| n.to_string());
        let (held, told) = (row.held_day.clone(), row.summary.clone());
        let (number, place, planned) =
            (row.number.clone(), row.place.clone(), row.planned_day.clone());
        vec![number, place, planned, held.unwrap_or_default(), came, told.unwrap_or_default()]
    };
    listed(kind, "number,place,planned_day,held_day,visitors,summary", &rows, None, csv)
}

/// The scoreboard as a plain table: a row for each village and month.
async fn board_rows(app: &App) -> Result<Response, Error> {
    let board = app.board().await?;
    let rows = board.villages.iter().flat_map(|line| {
        line.months.iter().map(move |(month, tally)| (&line.place, &line.name, month, tally))
    });
    let csv = |row: &(&String, &String, &String, &crate::board::Tally)| {
        let (place, name, month, tally) = row;
        let counts = [tally.on_time, tally.late, tally.missing].map(|count| count.to_string());
        let named = [place, name, month].map(|text| (*text).clone());
        named.into_iter().chain(counts).collect()
    };
    let rows: Vec<_> = rows.collect();
    whole("village,name,month,on_time,late,missing", &rows, csv)
}

fn listed<T: Serialize>(
    kind: &str,
    header: &str,
    rows: &[T],
    next: Option<String>,
    csv: impl Fn(&T) -> Vec<String>,
) -> Result<Response, Error> {
    let next = next.filter(|_| rows.len() == 1000);
    match kind {
        "json" => json(&Rows { rows, next }),
        "csv" => whole(header, rows, csv),
        _ => Err(Error::NotFound),
    }
}

/// Letters with which a formula begins, some spreadsheets take the full-width ones too; and those that a
/// spreadsheet drops before it looks.
const FORMULA: [char; 8] = ['=', '+', '-', '@', '＝', '＋', '－', '＠'];
const DROPPED: [char; 5] = ['\t', '\r', '\n', '\0', ' '];

/// A table of CSV.
fn whole<T>(header: &str, rows: &[T], csv: impl Fn(&T) -> Vec<String>) -> Result<Response, Error> {
    let mut text = format!("\u{feff}{header}\n");
    for row in rows {
        let cells: Vec<String> = csv(row).iter().map(|cell| quoted(cell)).collect();
        text.push_str(&cells.join(","));
        text.push('\n');
    }
    Ok((open("text/csv; charset=utf-8"), text).into_response())
}

/// A cell of CSV. A spreadsheet must not take one for a formula.
fn quoted(cell: &str) -> String {
    let formula = cell.starts_with(['\t', '\r', '\n', '\0'])
        || cell.trim_start_matches(DROPPED).starts_with(FORMULA);
    let cell = if formula { format!("'{cell}") } else { cell.to_owned() };
    match cell.contains([',', '"', '\n', '\r']) {
        true => format!("\"{}\"", cell.replace('"', "\"\"")),
        false => cell,
    }
}

fn json(value: &impl Serialize) -> Result<Response, Error> {
    let text = serde_json::to_string(value).map_err(|e| Fault::new("write JSON", e))?;
    Ok((open("application/json; charset=utf-8"), text).into_response())
}

/// Anybody's page may read public data.
fn open(kind: &'static str) -> [(axum::http::HeaderName, &'static str); 3] {
    [
        (CONTENT_TYPE, kind),
        (ACCESS_CONTROL_ALLOW_ORIGIN, "*"),
        (CACHE_CONTROL, "public, max-age=60"),
    ]
}

#[derive(Template)]
#[template(path = "public/feed.xml")]
struct Feed<'a> {
    ui: &'a Ui,
    place: &'a PlaceHead,
    notices: &'a [NoticeHead],
    updated: String,
}

/// The newest notices of a village as an Atom feed.
///
/// # Errors
/// Not found.
pub async fn feed(
    State(app): State<Arc<App>>,
    ui: Ui,
    Path(code): Path<String>,
) -> Result<Response, Error> {
    let places = app.places().await?;
    let place = places.get(&code).filter(|p| p.level == "village").ok_or(Error::NotFound)?;
    let since = Day(first_day(ui.today()).0).to_string();
    let all = notices(&app.setup.registry.db, &code, &since).await?;
    let newest = all.get(..30.min(all.len())).unwrap_or_default();
    let updated = newest.first().map_or_else(|| place.from_day.clone(), |n| n.changed_day.clone());
    let feed = Feed { ui: &ui, place, notices: newest, updated };
    let text = askama::Template::render(&feed).map_err(|e| Fault::new("draw feed", e))?;
    Ok((open("application/atom+xml; charset=utf-8"), sayable(text)).into_response())
}

/// A text without the letters that XML cannot say at all; one of them would spoil the whole feed.
fn sayable(text: String) -> String {
    let unsayable = |c: char| {
        c.is_control() && !['\t', '\n', '\r'].contains(&c) || matches!(c, '\u{fffe}' | '\u{ffff}')
    };
    match text.contains(unsayable) {
        true => text.chars().filter(|c| !unsayable(*c)).collect(),
        false => text,
    }
}

#[cfg(test)]
mod tests {
    use super::{quoted, sayable};

    #[test]
    fn a_feed_holds_only_what_xml_can_say() {
        assert_eq!(sayable("a\u{8}b\u{0}\u{ffff}\n".to_owned()), "ab\n");
        assert_eq!(sayable("修路".to_owned()), "修路");
    }

    #[test]
    fn a_cell_is_never_a_formula_and_never_two() {
        for (cell, expect) in [
            ("修路", "修路"),
            ("a,b", "\"a,b\""),
            ("他说\"好\"", "\"他说\"\"好\"\"\""),
            ("=1+1", "'=1+1"),
            ("＝HYPERLINK(1)", "'＝HYPERLINK(1)"),
            ("  @SUM(A1)", "'  @SUM(A1)"),
            ("\t=1", "'\t=1"),
            ("\r\n-1", "\"'\r\n-1\""),
            ("a\r=1", "\"a\r=1\""),
        ] {
            assert_eq!(quoted(cell), expect);
        }
    }
}
