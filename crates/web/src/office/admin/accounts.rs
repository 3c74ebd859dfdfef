//! One account: its roles, and what the administrators may do about it.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use domain::catalogue::Role;
use registry::actions::{accounts, sessions, starts};
use registry::queries::lists::{self, PlaceLine};
use serde::Deserialize;

use super::users::{Line, first_password, lines, tell};
use super::{APPROVE, CREATE, USER};
use crate::error::Error;
use crate::request::{FormToken, Posted};
use crate::session::Signed;
use crate::state::App;
use crate::ui::{Ui, page};

#[derive(Template)]
#[template(path = "office/admin/user.html")]
struct One<'a> {
    ui: &'a Ui,
    desk: &'a Signed,
    token: &'a str,
    line: &'a Line,
    /// Role code, place code, and both in words.
    held: Vec<(String, String, String)>,
    roles: Vec<&'a Role>,
    places: Vec<PlaceLine>,
    may_change: bool,
    may_grant: bool,
    own: bool,
}

/// The page.
///
/// # Errors
/// Not found; a fault when the register cannot be read.
pub async fn show(
    State(app): State<Arc<App>>,
    ui: Ui,
    desk: Signed,
    token: FormToken,
    Path(id): Path<String>,
) -> Result<Response, Error> {
    let line = line(&app, &ui, &desk, &id).await?;
    let roles = ui.law().catalogue.roles.values().filter(|role| !role.body);
    let may_grant = desk.may_somewhere(APPROVE, USER).is_ok();
    let db = &app.setup.registry.db;
    page(&One {
        ui: &ui,
        desk: &desk,
        token: &token.value,
        held: held(&line),
        roles: roles.collect(),
        places: if may_grant { lists::places(db).await? } else { Vec::new() },
        may_change: desk.may_somewhere(CREATE, USER).is_ok(),
        may_grant,
        own: line.account.account == desk.session.account,
        line: &line,
    })
}

async fn line(app: &App, ui: &Ui, desk: &Signed, id: &str) -> Result<Line, Error> {
    let all = lines(app, ui, desk).await?;
    all.into_iter().find(|line| line.account.account == id).ok_or(Error::NotFound)
}

fn held(line: &Line) -> Vec<(String, String, String)> {
    let pairs = line.account.roles.iter().filter_map(|held| held.split_once(' '));
    let words = line.roles.iter().cloned();
    pairs
        .zip(words)
        .map(|((role, place), words)| (role.to_owned(), place.to_owned(), words))
        .collect()
}

/// A role in a place.
#[derive(Deserialize)]
pub struct RoleAt {
    role: String,
    place: String,
}

/// Gives an account a role.
///
/// # Errors
/// Rules that say no: roles that exclude each other, administrators with business, rights for oneself.
pub async fn grant(
    State(app): State<Arc<App>>,
    ui: Ui,
    desk: Signed,
    Path(id): Path<String>,
    Posted(form): Posted<RoleAt>,
) -> Result<Response, Error> {
    let line = line(&app, &ui, &desk, &id).await?;
    let roles: Vec<Role> = app.setup.law.catalogue.roles.values().cloned().collect();
    let mut tx = desk.begin(APPROVE, USER, "").await?;
    let (login, today) = (&line.account.login, desk.now.day);
    let entry = accounts::grant(&mut tx, &roles, login, &form.role, &form.place, today).await?;
    tx.commit(entry).await?;
    back(&id)
}

/// Takes a role back; the account's sessions end.
///
/// # Errors
/// A problem when it has no such role.
pub async fn revoke(
    State(app): State<Arc<App>>,
    ui: Ui,
    desk: Signed,
    Path(id): Path<String>,
    Posted(form): Posted<RoleAt>,
) -> Result<Response, Error> {
    let line = line(&app, &ui, &desk, &id).await?;
    let mut tx = desk.begin(APPROVE, USER, "").await?;
    let entry = accounts::revoke(&mut tx, &line.account.login, &form.role, &form.place).await?;
    tx.commit(entry).await?;
    back(&id)
}

/// A form without fields.
#[derive(Deserialize)]
pub struct Nothing {}

/// Unlocks an account before its time.
///
/// # Errors
/// The rule that says no.
pub async fn unlock(
    State(app): State<Arc<App>>,
    ui: Ui,
    desk: Signed,
    Path(id): Path<String>,
    Posted(_form): Posted<Nothing>,
) -> Result<Response, Error> {
    let line = line(&app, &ui, &desk, &id).await?;
    let mut tx = desk.begin(CREATE, USER, "").await?;
    let entry = accounts::unlock(&mut tx, &line.account.login).await?;
    tx.commit(entry).await?;
    back(&id)
}

/// Ends all sessions of an account.
///
/// # Errors
/// The rule that says no.
pub async fn end_sessions(
    State(app): State<Arc<App>>,
    ui: Ui,
    desk: Signed,
    Path(id): Path<String>,
    Posted(_form): Posted<Nothing>,
) -> Result<Response, Error> {
    let line = line(&app, &ui, &desk, &id).await?;
    let mut tx = desk.begin(CREATE, USER, "").await?;
    let entry = sessions::end_all(&mut tx, &line.account.account).await?;
    tx.commit(entry).await?;
    back(&id)
}

/// Gives an account another first password, shown this once.
///
/// # Errors
/// The rule that says no.
pub async fn new_password(
    State(app): State<Arc<App>>,
    ui: Ui,
    desk: Signed,
    Path(id): Path<String>,
    Posted(_form): Posted<Nothing>,
) -> Result<Response, Error> {
    let line = line(&app, &ui, &desk, &id).await?;
    let (password, hash) = first_password().await?;
    let mut tx = desk.begin(CREATE, USER, "").await?;
    let entry = accounts::reset_password(&mut tx, &line.account.login, hash).await?;
    starts::give(&mut tx, &line.account.account).await?;
    tx.commit(entry).await?;
    tell(&ui, &desk, &line.account.login, &password)
}

/// Closes an account for good.
///
/// # Errors
/// The rule that says no.
pub async fn close(
    State(app): State<Arc<App>>,
    ui: Ui,
    desk: Signed,
    Path(id): Path<String>,
    Posted(_form): Posted<Nothing>,
) -> Result<Response, Error> {
    let line = line(&app, &ui, &desk, &id).await?;
    let mut tx = desk.begin(CREATE, USER, "").await?;
    let entry = accounts::close(&mut tx, &line.account.login).await?;
    tx.commit(entry).await?;
    back(&id)
}

fn back(id: &str) -> Result<Response, Error> {
    Ok(Redirect::to(&format!("/office/users/{id}")).into_response())
}
