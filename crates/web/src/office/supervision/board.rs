//! The workbench: what needs the reader, the funnel from hits to money that came back, and how often each
//! model was right.

use askama::Template;
use axum::extract::Path;
use axum::response::{IntoResponse, Redirect, Response};
use domain::access::{Act, View};
use registry::access::at;
use registry::queries::supervision::clues::{self, ClueLine, DualLine};
use registry::queries::supervision::findings::{self, FindingLine};
use registry::queries::supervision::funnel::{Counts, Funnel, funnel};
use registry::queries::supervision::rates::{self, ModelRate};
use registry::queries::supervision::rectifications::{self, RectificationLine};
use serde::Deserialize;

use super::followed::{Followed, followed};
use super::{APPROVE, CLUE, Desk, FIX, HIT, LEDGER, MODEL, READ, Room, begin, version};
use crate::error::Error;
use crate::office::drafts::Typed;
use crate::places::Places;
use crate::session::Signed;
use crate::ui::{Ui, page};

/// How many of a kind stand on the workbench.
const SHOWN: usize = 8;

#[derive(Template)]
#[template(path = "office/supervision/board.html")]
struct Board<'a> {
    ui: &'a Ui,
    desk: &'a Signed,
    room: &'a Room,
    mine: Vec<FindingLine>,
    asked: Vec<DualLine>,
    clues: Vec<ClueLine>,
    fixes: Vec<RectificationLine>,
    followed: Vec<Followed>,
    may_retire: bool,
    funnel: Funnel,
    places: Vec<(String, Counts)>,
    models: Vec<(ModelRate, bool)>,
}

impl Board<'_> {
    /// The width of a bar in hundredths of the widest.
    fn width(&self, part: &i64) -> i64 {
        100 * part / self.funnel.all.hits.max(1)
    }

    fn title<'a>(&self, model: &'a ModelRate) -> &'a str {
        if self.ui.tag() == "zh-CN" { &model.title_zh } else { &model.title_en }
    }

    fn counts(&self, model: &ModelRate) -> Counts {
        self.funnel.models.get(&model.model).copied().unwrap_or_default()
    }

    /// `31.25`: hundredths of a per cent as per cent.
    #[allow(clippy::unused_self)]
    fn percent(&self, bp: &u32) -> String {
        format!("{}.{}", bp / 100, bp % 100 / 10)
    }
}

/// The page.
///
/// # Errors
/// A fault when the register cannot be read.
pub async fn show(room: Room) -> Result<Response, Error> {
    let version = version(&room)?;
    let places = room.app.places().await?;
    let (mut all, mut below) = (Funnel::default(), Vec::new());
    for path in top(&room) {
        let part = funnel(room.db(), &path).await?;
        below.extend(part.places.iter().map(|(path, counts)| (name(&places, path), *counts)));
        all = joined(all, part);
    }
    let models = rates::all(room.db()).await?;
    let models = models.into_iter().map(|model| {
        let retire = model.retired.is_none() && model.checks.is_to_retire(version);
        (model, retire)
    });
    page(&Board {
        mine: findings::mine(room.db(), room.desk.person()).await?,
        asked: clues::asked(room.db(), room.desk.person()).await?,
        clues: urgent(&room).await?,
        fixes: open_fixes(&room).await?,
        followed: followed(&room).await?,
        may_retire: room.desk.may_somewhere(APPROVE, MODEL).is_ok(),
        places: below,
        models: models.collect(),
        funnel: all,
        ui: &room.ui,
        desk: &room.desk,
        room: &room,
    })
}

#[derive(Deserialize)]
struct Why {
    reason: String,
}

/// Retires a model that is proposed for it.
///
/// # Errors
/// Every rule that says no.
pub async fn retire(room: Room, Path(id): Path<String>, typed: Typed) -> Result<Response, Error> {
    let form: Why = typed.read()?;
    let mut tx = begin(&room, APPROVE, MODEL).await?;
    let reason = form.reason.trim();
    let entry =
        registry::actions::supervision::models::retire(&mut tx, room.ui.law().bench(), &id, reason);
    let entry = entry.await?;
    tx.commit(entry).await?;
    Ok(Redirect::to("/office/supervision").into_response())
}

/// The highest places in which the reader may see counts.
fn top(room: &Room) -> Vec<String> {
    let may = |path: &&str| {
        let views = room.desk.each(READ, HIT).into_iter().flatten();
        let mut views = views.filter_map(|by| by.may(Act::Read, &at(HIT, path)).ok());
        views.any(|view| view >= View::Totals)
    };
    let paths: Vec<&str> = room.desk.places().filter(may).collect();
    let inside = |path: &&&str| {
        paths.iter().any(|other| other != *path && domain::access::covers(other, path))
    };
    paths.iter().filter(|path| !inside(path)).map(|path| (*path).to_owned()).collect()
}

fn name(places: &Places, path: &str) -> String {
    places.name(path.rsplit('/').next().unwrap_or_default()).to_owned()
}

fn joined(mut all: Funnel, part: Funnel) -> Funnel {
    if all == Funnel::default() {
        return part;
    }
    all.all = all.all.and(&part.all);
    for (model, counts) in part.models {
        let entry = all.models.entry(model).or_default();
        *entry = entry.and(&counts);
    }
    all
}

/// Clues whose day is near or past.
async fn urgent(room: &Room) -> Result<Vec<ClueLine>, Error> {
    if room.desk.may_somewhere(LEDGER, CLUE).is_err() {
        return Ok(Vec::new());
    }
    let desk = Desk::of(room, LEDGER, CLUE)?;
    let reader = desk.reader(room).await?;
    let mut lines = Vec::new();
    for path in room.desk.places() {
        let open = clues::list(room.db(), &reader, path, "").await?;
        let near = |line: &ClueLine| room.alarm(line.due_day.as_deref()) != "info";
        lines.extend(open.into_iter().filter(near));
    }
    lines.truncate(SHOWN);
    Ok(lines)
}

/// Rectifications that are open.
async fn open_fixes(room: &Room) -> Result<Vec<RectificationLine>, Error> {
    let by = room.desk.by(READ, FIX, "")?;
    let mut lines = Vec::new();
    for path in room.desk.places() {
        let open = rectifications::list(room.db(), &by, path, "").await?;
        lines.extend(open.into_iter().filter(|line| line.closed_day.is_none()));
    }
    lines.truncate(SHOWN);
    Ok(lines)
}
