//! One's own account: where it is signed in, and its password.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use registry::actions::sessions;
use registry::queries::sessions::{Session, own_sessions};
use serde::Deserialize;

use crate::error::Error;
use crate::office::matters::acts::at_field;
use crate::office::sign_in::Waiting;
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

/// Old and new password.
#[derive(Deserialize)]
pub struct Passwords {
    old: String,
    new: String,
}

/// Changes the password; all other sessions end.
///
/// # Errors
/// A problem when the old one is wrong or the new one too short.
pub async fn change_password(
    State(app): State<Arc<App>>,
    desk: Signed,
    Waiting(token): Waiting,
    Posted(form): Posted<Passwords>,
) -> Result<Response, Error> {
    let by = desk.by(&[], "", "")?;
    let passwords = (form.old.as_str(), form.new.as_str());
    if !app.setup.registry.change_password(by, &token, passwords, desk.now).await? {
        return Err(at_field("password-wrong", "old"));
    }
    Ok(Redirect::to("/office/account").into_response())
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
