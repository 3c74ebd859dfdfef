//! Matters of one's own places, the newest first.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use registry::queries::lists::{self, MatterLine};

use super::{MATTER, OPEN, READ};
use crate::error::Error;
use crate::session::Signed;
use crate::state::App;
use crate::ui::{Ui, page};

#[derive(Template)]
#[template(path = "office/matters/list.html")]
struct List<'a> {
    ui: &'a Ui,
    desk: &'a Signed,
    matters: Vec<MatterLine>,
    may_open: bool,
}

/// The page.
///
/// # Errors
/// A fault when the register cannot be read.
pub async fn show(State(app): State<Arc<App>>, ui: Ui, desk: Signed) -> Result<Response, Error> {
    let by = desk.by(READ, MATTER, "")?;
    let mut matters = Vec::new();
    for place in desk.places() {
        matters.extend(lists::matters(&app.setup.registry.db, &by, place).await?);
    }
    let may_open = desk.may_somewhere(OPEN, MATTER).is_ok();
    page(&List { ui: &ui, desk: &desk, matters, may_open })
}
