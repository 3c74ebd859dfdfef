//! One account: its roles, and what the administrators may do about it.

use std::sync::Arc;

use askama::Template;
use axum::extract::{FromRequestParts, Path, State};
use axum::http::request::Parts;
use axum::response::{IntoResponse, Redirect, Response};
use domain::access::Act;
use domain::catalogue::Role;
use registry::actions::{accounts, sessions, starts};
use registry::queries::lists::{self, PlaceLine};
use registry::{Entry, Tx};
use serde::Deserialize;

use super::users::{Line, first_password, lines, tell};
use super::{APPROVE, CREATE, USER};
use crate::error::Error;
use crate::office::room::Room;
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

/// The account that a form is about, and who sent it. It is looked up when the form has shown its token.
pub struct Asked {
    room: Room,
    id: String,
}

impl Asked {
    async fn find(self) -> Result<About, Error> {
        let line = line(&self.room.app, &self.room.ui, &self.room.desk, &self.id).await?;
        Ok(About { room: self.room, line })
    }
}

impl FromRequestParts<Arc<App>> for Asked {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, Error> {
        let room = Room::from_request_parts(parts, app).await?;
        let id = Path::<String>::from_request_parts(parts, app).await;
        Ok(Self { room, id: id.map_err(|_| Error::NotFound)?.0 })
    }
}

/// The account that an act is about, and who acts.
struct About {
    room: Room,
    line: Line,
}

impl About {
    async fn begin(&self, acts: &[Act]) -> Result<Tx, Error> {
        self.room.desk.begin(acts, USER, "").await
    }

    async fn ended(&self, tx: Tx, entry: Entry) -> Result<Response, Error> {
        tx.commit(entry).await?;
        let page = format!("/office/users/{}", self.line.account.account);
        Ok(Redirect::to(&page).into_response())
    }
}

/// Gives an account a role.
///
/// # Errors
/// Rules that say no: roles that exclude each other, administrators with business, rights for oneself.
pub async fn grant(asked: Asked, Posted(form): Posted<RoleAt>) -> Result<Response, Error> {
    let about = asked.find().await?;
    let roles: Vec<Role> = about.room.app.setup.law.catalogue.roles.values().cloned().collect();
    let mut tx = about.begin(APPROVE).await?;
    let (login, today) = (&about.line.account.login, about.room.desk.now.day);
    let entry = accounts::grant(&mut tx, &roles, login, &form.role, &form.place, today).await?;
    about.ended(tx, entry).await
}

/// Takes a role back; the account's sessions end.
///
/// # Errors
/// A problem when it has no such role.
pub async fn revoke(asked: Asked, Posted(form): Posted<RoleAt>) -> Result<Response, Error> {
    let about = asked.find().await?;
    let mut tx = about.begin(APPROVE).await?;
    let entry =
        accounts::revoke(&mut tx, &about.line.account.login, &form.role, &form.place).await?;
    about.ended(tx, entry).await
}

/// A form without fields.
#[derive(Deserialize)]
pub struct Nothing {}

/// Unlocks an account before its time.
///
/// # Errors
/// The rule that says no.
pub async fn unlock(asked: Asked, Posted(_form): Posted<Nothing>) -> Result<Response, Error> {
    let about = asked.find().await?;
    let mut tx = about.begin(CREATE).await?;
    let entry = accounts::unlock(&mut tx, &about.line.account.login).await?;
    about.ended(tx, entry).await
}

/// Ends all sessions of an account.
///
/// # Errors
/// The rule that says no.
pub async fn end_sessions(asked: Asked, Posted(_form): Posted<Nothing>) -> Result<Response, Error> {
    let about = asked.find().await?;
    let mut tx = about.begin(CREATE).await?;
    let entry = sessions::end_all(&mut tx, &about.line.account.account).await?;
    about.ended(tx, entry).await
}

/// Gives an account another first password, shown this once.
///
/// # Errors
/// The rule that says no.
pub async fn new_password(asked: Asked, Posted(_form): Posted<Nothing>) -> Result<Response, Error> {
    let about = asked.find().await?;
    let (password, hash) = first_password().await?;
    let mut tx = about.begin(CREATE).await?;
    let entry = accounts::reset_password(&mut tx, &about.line.account.login, hash).await?;
    starts::give(&mut tx, &about.line.account.account).await?;
    tx.commit(entry).await?;
    tell(&about.room.ui, &about.room.desk, &about.line.account.login, &password)
}

/// Closes an account for good.
///
/// # Errors
/// The rule that says no.
pub async fn close(asked: Asked, Posted(_form): Posted<Nothing>) -> Result<Response, Error> {
    let about = asked.find().await?;
    let mut tx = about.begin(CREATE).await?;
    let entry = accounts::close(&mut tx, &about.line.account.login).await?;
    about.ended(tx, entry).await
}
