//! The workbench: what needs the reader, what is overdue, the funnel from hits to money that came back, and
//! how often each model was right.

use askama::Template;
use axum::extract::{Path, Query};
use axum::response::{IntoResponse, Redirect, Response};
use registry::queries::supervision::clues::{self, ClueLine, DualLine};
use registry::queries::supervision::findings::{self, FindingLine};
use registry::queries::supervision::funnel::{Counts, Funnel};
use registry::queries::supervision::overdue::OverdueLine;
use registry::queries::supervision::rates::{self, ModelRate};
use registry::queries::supervision::rectifications::{self, RectificationLine};
use serde::Deserialize;

use super::cut::{Filters, Wanted};
use super::followed::{Followed, followed};
use super::{APPROVE, CLUE, Desk, FIX, LEDGER, MODEL, READ, Room, begin, overdue, report, version};
use crate::error::Error;
use crate::office::drafts::Typed;
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
    filters: &'a Filters,
    mine: Vec<FindingLine>,
    asked: Vec<DualLine>,
    clues: Vec<ClueLine>,
    fixes: Vec<RectificationLine>,
    followed: Vec<Followed>,
    may_retire: bool,
    overdue: Vec<OverdueLine>,
    /// Overdue, clues with a day near, rectifications under way that came back.
    late: usize,
    funnel: &'a Funnel,
    cuts: Vec<(&'static str, Vec<(String, Counts)>)>,
    models: Vec<(ModelRate, bool)>,
}

impl Board<'_> {
    fn title<'a>(&self, model: &'a ModelRate) -> &'a str {
        if self.ui.tag() == "zh-CN" { &model.title_zh } else { &model.title_en }
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
/// Not found where the reader's posts do not reach; a fault when the register cannot be read.
pub async fn show(room: Room, Query(wanted): Query<Wanted>) -> Result<Response, Error> {
    let version = version(&room)?;
    let filters = Filters::of(&room, wanted).await?;
    let (funnel, places) = (filters.funnel(&room).await?, room.app.places().await?);
    let mut cuts = report::cuts(&room.ui, &filters, &funnel, |code| places.name(code).to_owned());
    // Models stand in a table of their own, with how often they were right.
    cuts.retain(|(key, _)| *key != "web-cut-by-model");
    // A model that has found nothing needs no line.
    let models = rates::all(room.db()).await?.into_iter();
    let models = models.filter(|model| model.hits > 0 || model.retired.is_some());
    let models = models.map(|model| {
        let retire = model.retired.is_none() && model.checks.is_to_retire(version);
        (model, retire)
    });
    let mut overdue = overdue::lines(&room, &filters).await?;
    let late = overdue.len();
    overdue.truncate(SHOWN);
    page(&Board {
        mine: findings::mine(room.db(), room.desk.person()).await?,
        asked: clues::asked(room.db(), room.desk.person()).await?,
        clues: soon(&room).await?,
        fixes: relapsed(&room).await?,
        overdue,
        late,
        followed: followed(&room).await?,
        may_retire: room.desk.may_somewhere(APPROVE, MODEL).is_ok(),
        models: models.collect(),
        cuts,
        funnel: &funnel,
        filters: &filters,
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

/// Clues whose day is near and not past.
async fn soon(room: &Room) -> Result<Vec<ClueLine>, Error> {
    if room.desk.may_somewhere(LEDGER, CLUE).is_err() {
        return Ok(Vec::new());
    }
    let desk = Desk::of(room, LEDGER, CLUE)?;
    let reader = desk.reader(room).await?;
    let mut lines: Vec<ClueLine> = Vec::new();
    for path in room.desk.places() {
        let open = clues::list(room.db(), &reader, path, "").await?;
        let near = |line: &ClueLine| room.alarm(line.due_day.as_deref()) == "warn";
        lines.extend(open.into_iter().filter(near));
    }
    lines.truncate(SHOWN);
    Ok(lines)
}

/// Rectifications that are open and came back, or have their day near.
async fn relapsed(room: &Room) -> Result<Vec<RectificationLine>, Error> {
    let by = room.desk.by(READ, FIX, "")?;
    let mut lines: Vec<RectificationLine> = Vec::new();
    for path in room.desk.places() {
        let open = rectifications::list(room.db(), &by, path, "").await?;
        let wanted = |line: &RectificationLine| {
            let alarm = room.alarm(line.due_day.as_deref());
            line.closed_day.is_none() && (alarm == "warn" || line.relapses > 0 && alarm != "bad")
        };
        lines.extend(open.into_iter().filter(wanted));
    }
    lines.truncate(SHOWN);
    Ok(lines)
}
