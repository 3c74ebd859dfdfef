//! A matter: where it stands, what is due when and why, what was decided, asked and answered.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use domain::catalogue::{Step, needed_before};
use domain::time::Day;
use registry::queries::public_matter::{self, Matter};
use registry::queries::public_village::PlaceHead;
use serde_json::Value;

use crate::error::Error;
use crate::request::FormToken;
use crate::state::App;
use crate::ui::{Ui, page};

#[derive(Template)]
#[template(path = "public/matter.html")]
struct Shown<'a> {
    ui: &'a Ui,
    token: &'a str,
    matter: &'a Matter,
    place: Option<&'a PlaceHead>,
    steps: Vec<Line>,
    decision: Option<Decision>,
    overdue: bool,
}

impl Shown<'_> {
    /// Address without its end.
    fn base(&self) -> String {
        format!("/matters/{}", self.matter.head.number)
    }
}

struct Line {
    title: String,
    state: &'static str,
    day: Option<String>,
    role: Option<String>,
    due: Option<String>,
    why: Vec<String>,
}

struct Decision {
    body: String,
    held: String,
    counts: [(&'static str, String); 5],
}

/// The page.
///
/// # Errors
/// Not found.
pub async fn show(
    State(app): State<Arc<App>>,
    ui: Ui,
    token: FormToken,
    Path(number): Path<String>,
) -> Result<Response, Error> {
    let found = public_matter::matter(&app.setup.registry.db, &number).await?;
    let matter = found.ok_or(Error::NotFound)?;
    let places = app.places().await?;
    let opened = Day::parse(&matter.head.opened_day).unwrap_or(ui.today());
    let steps = ui.law().catalogue.steps_of(&matter.head.power, opened).unwrap_or_default();
    let lines: Vec<Line> =
        steps.iter().enumerate().map(|(at, step)| line(&ui, steps, at, step, &matter)).collect();
    let shown = Shown {
        overdue: lines.iter().any(|line| line.state == "late"),
        decision: decision(&ui, &matter),
        steps: lines,
        place: places.get(&matter.head.place),
        ui: &ui,
        token: &token.value,
        matter: &matter,
    };
    Ok(token.kept(page(&shown)?))
}

fn line(ui: &Ui, steps: &[Step], at: usize, step: &Step, matter: &Matter) -> Line {
    let done = matter.done.iter().rev().find(|done| done.step == step.code);
    let wanted = format!("step/{}", step.code);
    let due = matter.due.iter().find(|due| due.of == wanted).filter(|_| done.is_none());
    let late = due.and_then(|due| Day::parse(&due.due_day)).is_some_and(|day| day < ui.today());
    let before = needed_before(steps, at);
    let ready = before.iter().all(|code| matter.done.iter().any(|done| done.step == *code));
    let open = matter.head.state == "open" && ready;
    let state = match done {
        Some(_) => "done",
        None if late => "late",
        None if open && !step.optional => "now",
        None => "later",
    };
    Line {
        title: ui.title(&step.title).to_owned(),
        state,
        day: done.map(|done| ui.day(&done.day)),
        role: done.map(|done| ui.role(&done.role)),
        due: due.map(|due| ui.day(&due.due_day)),
        why: due.map(|due| ui.why(&due.rule, &due.start_day)).unwrap_or_default(),
    }
}

fn decision(ui: &Ui, matter: &Matter) -> Option<Decision> {
    let bodies = matter.notices.iter().rev().filter_map(|notice| {
        let stored: Value = serde_json::from_str(&notice.body).ok()?;
        stored.pointer("/public/body/decision").filter(|d| d.is_object()).cloned()
    });
    let decision = bodies.into_iter().next()?;
    let text = |key: &str| decision.get(key).and_then(Value::as_str).unwrap_or_default().to_owned();
    let count =
        |key: &str| decision.get(key).and_then(Value::as_i64).unwrap_or_default().to_string();
    Some(Decision {
        body: ui.role(&text("body")),
        held: ui.day(&text("held")),
        counts: [
            ("web-vote-members", count("members")),
            ("web-vote-present", count("present")),
            ("web-vote-for", count("for")),
            ("web-vote-against", count("against")),
            ("web-vote-abstained", count("abstained")),
        ],
    })
}
