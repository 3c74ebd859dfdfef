//! What somebody sees first when he has signed in: what waits for him, the earliest first.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use registry::queries::office::{DueLine, dues};
use registry::queries::preparations::prepared;

use super::matters::{MATTER, READ};
use super::notices::{CHECK, DRAFT};
use crate::error::Error;
use crate::places::Places;
use crate::session::Signed;
use crate::state::App;
use crate::ui::{Ui, page};

/// How many are shown.
const MOST: usize = 50;

#[derive(Template)]
#[template(path = "office/home.html")]
struct Home<'a> {
    ui: &'a Ui,
    desk: &'a Signed,
    tasks: Vec<Task>,
    checks: usize,
}

struct Task {
    title: String,
    place: String,
    address: String,
    day: String,
    overdue: bool,
}

/// The page.
///
/// # Errors
/// A fault when the register cannot be read.
pub async fn show(State(app): State<Arc<App>>, ui: Ui, desk: Signed) -> Result<Response, Error> {
    let (db, places) = (&app.setup.registry.db, app.places().await?);
    let by = desk.by(READ, MATTER, "")?;
    let (mut tasks, mut checks) = (Vec::new(), 0);
    let may_check = desk.may_somewhere(CHECK, DRAFT).is_ok();
    for path in desk.places() {
        tasks.extend(dues(db, &by, path).await?.iter().map(|due| task(&ui, &places, due)));
        if may_check {
            let waiting = prepared(db, &by, path).await?;
            checks += waiting.iter().filter(|one| one.state == "waiting").count();
        }
    }
    tasks.truncate(MOST);
    page(&Home { ui: &ui, desk: &desk, tasks, checks })
}

fn task(ui: &Ui, places: &Places, due: &DueLine) -> Task {
    let rule = ui.law().catalogue.deadlines.get(&due.by_rule);
    let rule = rule.map_or_else(|| due.by_rule.clone(), |rule| ui.title(&rule.title).to_owned());
    let address = match (&due.number, due.subject.split_once('/')) {
        (Some(number), _) => format!("/office/matters/{number}"),
        (None, Some(("question", _))) => "/office/questions".to_owned(),
        (None, Some(("request", _))) => "/office/requests".to_owned(),
        _ => "/office/notices".to_owned(),
    };
    let title = due.title.as_ref().map_or_else(|| rule.clone(), |title| format!("{title}：{rule}"));
    Task {
        title,
        place: places.name(&due.place).to_owned(),
        address,
        day: ui.day(&due.due_day),
        overdue: due.due_day < ui.today().to_string(),
    }
}
