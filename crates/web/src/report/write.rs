//! The third page: what will happen with it, by when, and who will never see it; and below that the room to
//! write, to speak and to add files. Where it goes is asked of the register before anything is typed.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use domain::deadline::Due;
use domain::report::rules::ReportRules;
use registry::actions::reports::file::{Offer, offer};

use super::about::Chosen;
use super::gate::Demand;
use super::mode::{KIOSK, at};
use super::sheet::Sheet;
use super::start;
use super::window::Window;
use crate::error::Error;
use crate::request::FormToken;
use crate::state::App;
use crate::ui::{Ui, page};

#[derive(Template)]
#[template(path = "report/write.html")]
struct Write<'a> {
    ui: &'a Ui,
    token: &'a str,
    kiosk: bool,
    chosen: &'a Chosen<'a>,
    rules: &'a ReportRules,
    title: &'a str,
    topic: &'a str,
    outside: bool,
    /// A name can be kept apart.
    named: bool,
    /// For whom a browser with scripts seals content and name.
    content: String,
    identity: String,
    due: Option<Due>,
    demand: Demand,
    sheet: &'a Sheet,
    wrong: Vec<String>,
}

/// The page.
///
/// # Errors
/// A stale form; the rule that says no when nobody can be given it.
pub async fn show(
    State(app): State<Arc<App>>,
    ui: Ui,
    token: FormToken,
    sheet: Sheet,
) -> Result<Response, Error> {
    draw(&app, ui, &token, &sheet, Vec::new()).await
}

/// Draws it; after a refusal with everything that was typed, and what is wrong with it.
///
/// # Errors
/// As [`show`].
pub async fn draw(
    app: &Arc<App>,
    ui: Ui,
    token: &FormToken,
    sheet: &Sheet,
    wrong: Vec<String>,
) -> Result<Response, Error> {
    let kiosk = sheet.has(KIOSK);
    let ui = at(ui, "/report", kiosk);
    let window = Window::open(app)?;
    let rules = window.rules()?;
    let Some(chosen) = Chosen::of(app, &ui, rules, sheet).await? else {
        return start::draw(app, ui, token, None, (kiosk, true)).await;
    };
    let facts = chosen.facts(rules);
    let (db, now) = (&app.setup.registry.db, app.now());
    let Offer { outside, content, identity, .. } =
        offer(db, &window.counter(), &facts, now.day).await?;
    let door = rules.door(chosen.door).ok_or(Error::StaleForm)?;
    let topic = rules.topics.iter().find(|topic| topic.code == chosen.topic);
    page(&Write {
        ui: &ui,
        token: &token.value,
        kiosk,
        chosen: &chosen,
        rules,
        title: ui.title(&door.title),
        topic: topic.map_or("", |topic| ui.title(&topic.title)),
        outside,
        named: !identity.is_empty(),
        content: content.join(" "),
        identity: identity.join(" "),
        due: ui.due(&door.rules.accept, now.day),
        demand: app.gate.demand(&token.value, now.ms)?,
        sheet,
        wrong,
    })
}
