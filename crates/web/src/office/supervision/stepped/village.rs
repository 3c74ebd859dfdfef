//! A village under supervision: what was decided, the checklist, what is asked of it, and who had better look.

use std::collections::BTreeMap;

use askama::Template;
use axum::extract::Path;
use axum::response::Response;
use domain::supervision::stepped::rules::{Item, Measure};
use domain::supervision::stepped::village::{Act as Doing, Village};
use domain::time::Day;
use registry::actions::stepped::villages as acts;
use registry::queries::joint::checkers::{self, CheckerLine};
use registry::queries::stepped::villages::{CheckLine, VillagePage};
use serde::Deserialize;

use super::{APPROVE, DECIDE, Room, SIGN, STEPPED, SUGGEST, UPDATE, act, draft, led, one, own};
use crate::error::Error;
use crate::office::drafts::{Filled, Typed};
use crate::office::matters::acts::{at_field, day};
use crate::session::Signed;
use crate::ui::{Ui, page};

/// A key item with its checks.
struct Checked<'a> {
    item: &'a Item,
    last: Option<&'a CheckLine>,
    earlier: Vec<&'a CheckLine>,
}

/// What the reader may do.
#[derive(Clone, Copy)]
struct May {
    decide: bool,
    suggest: bool,
    assign: bool,
    sign: bool,
    order: bool,
}

#[derive(Template)]
#[template(path = "office/stepped/village.html")]
struct One<'a> {
    ui: &'a Ui,
    desk: &'a Signed,
    token: &'a str,
    room: &'a Room,
    village: &'a VillagePage,
    items: Vec<Checked<'a>>,
    kinds: &'a [Measure],
    checkers: Vec<CheckerLine>,
    asked_until: Option<Day>,
    forms: BTreeMap<&'static str, Filled>,
    may: May,
}

impl One<'_> {
    fn form(&self, name: &str) -> &Filled {
        static EMPTY: std::sync::LazyLock<Filled> = std::sync::LazyLock::new(Filled::default);
        self.forms.get(name).unwrap_or(&EMPTY)
    }

    /// Whether the reader is one of the two.
    fn is_mine(&self, check: &CheckLine) -> bool {
        let me = self.desk.person();
        check.first == me || check.second == me
    }

    /// Whether the reader wrote down what waits for the other.
    fn wrote(&self, check: &CheckLine) -> bool {
        check.recorded_by.as_deref() == Some(self.desk.person())
    }
}

const FORMS: [&str; 6] = ["step", "assign", "result", "agree", "measure", "record"];

/// The page.
///
/// # Errors
/// Not found where there is no such, or the reader may not see it.
pub async fn show(room: Room, Path(number): Path<String>) -> Result<Response, Error> {
    draw(&room, &number, None).await
}

pub(super) async fn draw(
    room: &Room,
    number: &str,
    refused: Option<&Filled>,
) -> Result<Response, Error> {
    let village = one(room, number).await?;
    let (law, line, day) = (room.ui.law(), &village.line, room.desk.now.day);
    let state: Option<Village> = serde_json::from_str(&line.record).ok();
    let lasts = state.as_ref().is_some_and(|state| state.state.lasts());
    let waits = ["proposed", "end_proposed", "longer_proposed"].contains(&line.state.as_str());
    let own = state.as_ref().is_some_and(|state| state.asked_by == room.desk.person());
    let at = |acts| room.desk.may_at(acts, STEPPED, &line.path);
    let may = May {
        decide: waits && !own && at(APPROVE),
        suggest: line.state == "active" && at(SUGGEST),
        assign: lasts && at(UPDATE),
        sign: lasts && at(SIGN),
        order: lasts && at(UPDATE),
    };
    let checkers = match may.assign {
        true => checkers::of(room.db(), &law.recusal, (&line.place, &line.path), day).await?,
        false => Vec::new(),
    };
    let kept = room.drafts().await?;
    let form = |name: &'static str| (name, Filled::new(draft(number, name), &kept).or(refused));
    page(&One {
        items: law.stepped.items.iter().map(|item| checked(item, &village.checks)).collect(),
        forms: FORMS.into_iter().map(form).collect(),
        asked_until: state.and_then(|state| state.asked_until),
        ui: &room.ui,
        desk: &room.desk,
        token: &room.token,
        room,
        kinds: &law.stepped.measures,
        checkers,
        may,
        village: &village,
    })
}

fn checked<'a>(item: &'a Item, checks: &'a [CheckLine]) -> Checked<'a> {
    let mut of: Vec<&CheckLine> = checks.iter().filter(|check| check.item == item.code).collect();
    let last = of.pop();
    Checked { item, last, earlier: of }
}

#[derive(Deserialize)]
struct Sent {
    step: String,
    #[serde(default)]
    words: String,
    #[serde(default)]
    agreed: String,
    #[serde(default)]
    until: String,
}

/// Decides what waits, or proposes the end or a longer time.
///
/// # Errors
/// What typing otherwise does not mend; all else comes back with the form.
pub async fn step(room: Room, Path(number): Path<String>, typed: Typed) -> Result<Response, Error> {
    let done = stepped(&room, &number, &typed).await;
    let name = draft(&number, "step");
    led(&room, (&name, &typed), done, async |f: &Filled| draw(&room, &number, Some(f)).await).await
}

async fn stepped(room: &Room, number: &str, typed: &Typed) -> Result<String, Error> {
    let form: Sent = typed.read()?;
    let path = one(room, number).await?.line.path;
    let doing = match form.step.as_str() {
        "decide" => Doing::Decide { agreed: form.agreed != "0" },
        "end" => Doing::End,
        "longer" => Doing::Longer { until: day("until", &form.until)? },
        _ => return Err(at_field("field-empty", "step")),
    };
    let acts = if form.step == "decide" { APPROVE } else { SUGGEST };
    let acts = if room.desk.may_at(acts, STEPPED, &path) { acts } else { DECIDE };
    act(room, (acts, STEPPED, &path), &draft(number, "step"), async |tx, stepped| {
        acts::act(tx, stepped, number, (&doing, form.words.trim())).await
    })
    .await?;
    Ok(own(number))
}
