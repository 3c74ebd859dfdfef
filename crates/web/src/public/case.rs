//! Typical cases and cleared names, for anybody to read.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use registry::public::Public;
use registry::queries::public_cases::{self, CaseNotice};

use super::KEEP;
use crate::error::Error;
use crate::state::App;
use crate::ui::{Ui, page};

#[derive(Template)]
#[template(path = "public/cases.html")]
struct Cases<'a> {
    ui: &'a Ui,
    cases: Public<Vec<CaseNotice>>,
}

/// The list of what is public today.
///
/// # Errors
/// A fault when the register cannot be read.
pub async fn list(State(app): State<Arc<App>>, ui: Ui) -> Result<Response, Error> {
    let day = app.now().day.to_string();
    let cases = public_cases::list(&app.setup.registry.db, &day).await?;
    Ok(([KEEP], page(&Cases { ui: &ui, cases })?).into_response())
}

#[derive(Template)]
#[template(path = "public/case.html")]
struct One<'a> {
    ui: &'a Ui,
    case: Public<CaseNotice>,
}

/// One of them; of one that was withdrawn, that it was.
///
/// # Errors
/// Not found.
pub async fn one(
    State(app): State<Arc<App>>,
    ui: Ui,
    Path(number): Path<String>,
) -> Result<Response, Error> {
    let day = app.now().day.to_string();
    let case = public_cases::one(&app.setup.registry.db, &number, &day).await?;
    let case = case.ok_or(Error::NotFound)?;
    Ok(([KEEP], page(&One { ui: &ui, case })?).into_response())
}
