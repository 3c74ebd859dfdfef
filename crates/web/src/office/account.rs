//! One's own account: where it is signed in, and its password.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use registry::actions::sessions;
use registry::queries::sessions::{Session, own_sessions};
use serde::Deserialize;

use crate::error::Error;
use crate::request::{FormToken, Posted};
use crate::session::Signed;
use crate::state::App;
use crate::ui::{Ui, page};

#[derive(Template)]
#[template(path = "office/account.html")]
struct Account<'a> {
    ui: &'a Ui,
    desk: &'a Signed,
    token: &'a str,
    sessions: Vec<Session>,
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
    let sessions = own_sessions(&app.setup.registry.db, &desk.by(&[], "", "")?, desk.now).await?;
    page(&Account { ui: &ui, desk: &desk, token: &token.value, sessions })
}

/// Which session.
#[derive(Deserialize)]
pub struct Which {
    id: String,
}

/// Ends another session of one's own.
///
/// # Errors
/// A problem when it is not his.
pub async fn end_session(desk: Signed, Posted(form): Posted<Which>) -> Result<Response, Error> {
    let mut tx = desk.begin(&[], "", "").await?;
    let entry = sessions::end(&mut tx, &form.id).await?;
    tx.commit(entry).await?;
    Ok(Redirect::to("/office/account").into_response())
}
