//! Files that were handed in for one's own places, and the form to hand in another.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use registry::queries::office::{self, ImportLine};

use super::{CREATE, IMPORT, READ, places};
use crate::error::Error;
use crate::places::Places;
use crate::request::FormToken;
use crate::session::Signed;
use crate::state::App;
use crate::ui::{Ui, page};

#[derive(Template)]
#[template(path = "office/imports/list.html")]
struct List<'a> {
    ui: &'a Ui,
    desk: &'a Signed,
    token: &'a str,
    places: &'a Places,
    mine: Vec<String>,
    most_mb: u64,
    imports: Vec<ImportLine>,
}

/// The page.
///
/// # Errors
/// A fault when the register cannot be read.
pub async fn show(
    State(app): State<Arc<App>>,
    ui: Ui,
    desk: Signed,
    token: FormToken,
) -> Result<Response, Error> {
    let by = desk.by(READ, IMPORT, "")?;
    let mut imports = Vec::new();
    for path in desk.places() {
        imports.extend(office::imports(&app.setup.registry.db, &by, path).await?);
    }
    imports.sort_by_key(|one| one.state != "waiting");
    let known = app.places().await?;
    let takes = app.setup.intake.is_some() && desk.may_somewhere(CREATE, IMPORT).is_ok();
    page(&List {
        ui: &ui,
        desk: &desk,
        token: &token.value,
        places: &known,
        mine: if takes { places(&desk) } else { Vec::new() },
        most_mb: app.setup.upload_mb,
        imports,
    })
}
