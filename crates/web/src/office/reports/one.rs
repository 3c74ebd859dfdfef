//! One report: how it stands, what is due and why, what was done, and the forms for what can be done now.

use std::collections::BTreeMap;

use askama::Template;
use axum::extract::Path;
use axum::response::Response;
use domain::access::{Act, View};
use domain::report::rules::{ReportRules, Titled};
use registry::queries::report_desk::{self, PostHolder};
use registry::queries::reports::{self as lists, ActLine, Line};
use registry::reports::Counter;
use registry::reports::dues::DueRow;

use super::names::Names;
use super::open::Content;
use super::{hidden, rules, why};
use crate::error::{Error, lines};
use crate::office::room::Room;
use crate::session::Signed;
use crate::ui::{Ui, page};

/// Something that is or was due.
struct Due {
    row: DueRow,
    late: bool,
    why: Vec<String>,
}

/// A form that was refused: which act, what was typed, what is wrong. It lies in this answer alone.
#[derive(Default)]
pub struct Wrong {
    pub act: String,
    pub fields: BTreeMap<String, String>,
    pub lines: Vec<String>,
}

/// What can be done now.
#[derive(Default)]
struct Can {
    handle: bool,
    receive: bool,
    work: bool,
    paused: bool,
    contest: bool,
    extend: bool,
    close: bool,
    charge: bool,
    ask_identity: bool,
}

#[derive(Template)]
#[template(path = "office/reports/one.html")]
struct One<'a> {
    ui: &'a Ui,
    desk: &'a Signed,
    token: &'a str,
    names: Names<'a>,
    line: &'a Line,
    acts: &'a [ActLine],
    dues: Vec<Due>,
    can: Can,
    tags: &'a [Titled],
    grounds: Vec<String>,
    offices: Vec<String>,
    repeats: Vec<String>,
    holders: Vec<PostHolder>,
    key_until: Option<i64>,
    content: Option<&'a Content>,
    wrong: &'a Wrong,
}

impl One<'_> {
    /// What was typed into a field of a refused form.
    fn typed(&self, act: &str, field: &str) -> &str {
        let found = (self.wrong.act == act).then(|| self.wrong.fields.get(field)).flatten();
        found.map_or("", String::as_str)
    }

    /// Whether a form was refused just now.
    fn is_wrong(&self, act: &str) -> bool {
        self.wrong.act == act
    }

    fn has_tag(&self, code: &str) -> bool {
        self.line.tags.iter().any(|tag| tag == code)
    }
}

/// The page.
///
/// # Errors
/// Not found for whoever may not see it.
pub async fn show(room: Room, Path(number): Path<String>) -> Result<Response, Error> {
    draw(&room, &number, None, &Wrong::default()).await
}

/// The page again, with what was refused.
///
/// # Errors
/// The refusal itself where typing otherwise does not help.
pub async fn again(
    room: &Room,
    number: &str,
    (act, fields): (&str, BTreeMap<String, String>),
    error: Error,
) -> Result<Response, Error> {
    let error = super::unseen(error);
    let status = error.status();
    if !matches!(status.as_u16(), 409 | 422 | 429) {
        return Err(error);
    }
    let lines = lines(&room.ui, &error, &[]);
    let wrong = Wrong { act: act.to_owned(), fields, lines };
    let mut page = draw(room, number, None, &wrong).await?;
    *page.status_mut() = status;
    Ok(page)
}

/// Draws the page, with what was opened.
///
/// # Errors
/// As [`show`].
pub async fn draw(
    room: &Room,
    number: &str,
    content: Option<&Content>,
    wrong: &Wrong,
) -> Result<Response, Error> {
    let window = room.app.window()?;
    let counter = window.counter();
    let (rules, places) = (rules(room, &counter)?, room.app.places().await?);
    let (by, day) = (room.desk.by(&[], "", "")?, room.desk.now.day);
    let (line, acts, dues) = hidden(lists::history(room.db(), &counter, &by, day, number).await)?;
    let can = can(room, rules, &line, &acts, &dues);
    let next = can.handle && (can.receive || can.work) && line.view > View::Sealed;
    let offices = match next {
        true => report_desk::next_offices(room.db(), &counter, &by, day, number).await,
        false => Ok(Vec::new()),
    };
    let place = line.place.clone().unwrap_or_default();
    let holders = match can.handle && !place.is_empty() {
        true => report_desk::post_holders(room.db(), &by, &place, day).await?,
        false => Vec::new(),
    };
    page(&One {
        grounds: grounds(&counter, &dues),
        repeats: if can.handle { repeats(room, &counter, &line).await? } else { Vec::new() },
        dues: dues.into_iter().map(|row| due(room, &counter, row)).collect(),
        // An office without a key here is none that anything could be handed to.
        offices: offices.unwrap_or_default(),
        key_until: room.open_until(),
        names: Names { ui: &room.ui, places: &places, rules },
        ui: &room.ui,
        desk: &room.desk,
        token: &room.token,
        tags: &rules.tags,
        line: &line,
        acts: &acts,
        can,
        holders,
        content,
        wrong,
    })
}

fn due(room: &Room, counter: &Counter<'_>, row: DueRow) -> Due {
    let late = row.is_late(room.desk.now.day);
    Due { why: why(room, counter, &row), late, row }
}

fn can(room: &Room, rules: &ReportRules, line: &Line, acts: &[ActLine], dues: &[DueRow]) -> Can {
    let desk = &room.desk;
    let office = line.office.as_deref().unwrap_or_default();
    let outside = office.starts_with("OUTSIDE@");
    let sealed = line.office.is_none() && line.view >= View::Sealed;
    let handle = sealed || desk.works_in(office) || (outside && works_in_intake(desk, office));
    let state = line.state.as_deref().unwrap_or_default();
    let object = line.door.as_deref().and_then(|door| rules.door(door));
    let object = object.map_or("report_sealed", |door| door.object.as_str());
    let last = |kinds: &[&str]| acts.iter().rev().find(|act| kinds.contains(&act.kind.as_str()));
    let paused = last(&["paused", "resumed", "transferred", "taken_back"])
        .is_some_and(|a| a.kind == "paused");
    let handed = last(&["transferred", "taken_back", "left"]);
    let open = dues.iter().any(|due| due.what == "ask_review" && due.is_open());
    let path = desk.places().next().unwrap_or_default().to_owned();
    let work = state == "accepted";
    Can {
        receive: state == "received",
        paused,
        contest: handed.is_some_and(|act| act.kind == "transferred"),
        extend: work && desk.may_at(&[Act::Approve], object, &path),
        close: handle && ["replied", "refused"].contains(&state) && !open,
        charge: !sealed && desk.may_somewhere(&[Act::Create], "charge").is_ok(),
        ask_identity: handle && line.named == Some(true),
        handle,
        work,
    }
}

fn works_in_intake(desk: &Signed, office: &str) -> bool {
    let place = office.split_once('@').map_or("", |(_, place)| place);
    desk.works_in(&format!("CX@{place}"))
}

/// Grounds on which the clock of what runs may stand still.
fn grounds(counter: &Counter<'_>, dues: &[DueRow]) -> Vec<String> {
    let settle = dues.iter().find(|due| due.what == "settle" && due.is_open());
    let known = settle.and_then(|due| counter.law.catalogue.deadlines.get(&due.rule));
    let version = settle
        .zip(known)
        .and_then(|(due, known)| domain::catalogue::Versioned::on(known, due.start));
    version.map(|version| version.pauses.clone()).unwrap_or_default()
}

/// Other reports of the office about the same place, by the same door.
async fn repeats(room: &Room, counter: &Counter<'_>, line: &Line) -> Result<Vec<String>, Error> {
    let by = room.desk.by(&[], "", "")?;
    let filter = lists::Filter { office: line.office.clone(), ..lists::Filter::default() };
    let all = lists::list(room.db(), counter, &by, room.desk.now.day, &filter).await?;
    let same = |other: &Line| {
        let (door, place) = (other.door == line.door, other.place == line.place);
        let open = !["merged", "closed"].contains(&other.state.as_deref().unwrap_or_default());
        door && place && open && other.number != line.number
    };
    Ok(all.into_iter().filter(same).map(|other| other.number).collect())
}
