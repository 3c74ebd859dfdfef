//! Posts: who holds which, from when to when. One person in two posts that others keep apart (一肩挑) is
//! pointed out. People are found by name, never by number.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use domain::catalogue::{Role, RoleLevel};
use registry::access::at;
use registry::actions::posts;
use registry::queries::admin::{self, Person, PlaceState};
use registry::queries::lists::{self, PostLine};
use serde::Deserialize;

use super::{CREATE, POST, READ, UPDATE};
use crate::error::Error;
use crate::office::matters::acts::{at_field, day};
use crate::places::Places;
use crate::request::{FormToken, Posted};
use crate::session::Signed;
use crate::state::App;
use crate::ui::{Ui, page};

/// The posts that are pointed out when one person holds both.
const BOTH: [&str; 2] = ["VPS", "VCH"];

#[derive(Template)]
#[template(path = "office/admin/posts.html")]
struct List<'a> {
    ui: &'a Ui,
    desk: &'a Signed,
    groups: Vec<(PlaceState, Vec<PlaceState>)>,
    both: Vec<String>,
}

/// Places whose posts he may see.
///
/// # Errors
/// A fault when the register cannot be read.
pub async fn list(State(app): State<Arc<App>>, ui: Ui, desk: Signed) -> Result<Response, Error> {
    let db = &app.setup.registry.db;
    let mut groups: Vec<(PlaceState, Vec<PlaceState>)> = Vec::new();
    let open = |place: &PlaceState| place.until_day.is_none() && place.level != "group";
    for place in admin::places(db).await?.into_iter().filter(open) {
        if !reads(&desk, &place.path) {
            continue;
        }
        match groups.last_mut() {
            Some((_, below)) if place.level == "village" => below.push(place),
            _ => groups.push((place, Vec::new())),
        }
    }
    let both = admin::in_both(db, BOTH, desk.now.day).await?;
    page(&List { ui: &ui, desk: &desk, groups, both })
}

fn reads(desk: &Signed, path: &str) -> bool {
    desk.by(READ, POST, path).is_ok_and(|by| by.sees(POST, path))
}

fn may(desk: &Signed, acts: &'static [domain::access::Act], path: &str) -> bool {
    let Ok(by) = desk.by(acts, POST, path) else { return false };
    acts.iter().all(|act| by.may(*act, &at(POST, path)).is_ok())
}

#[derive(Template)]
#[template(path = "office/admin/post.html")]
struct One<'a> {
    ui: &'a Ui,
    desk: &'a Signed,
    token: &'a str,
    places: &'a Places,
    place: &'a str,
    now: Vec<PostLine>,
    past: Vec<PostLine>,
    /// Names of those who hold both posts.
    both: Vec<String>,
    may_appoint: bool,
    may_end: bool,
    roles: Vec<&'a Role>,
    /// What a search for people found; none before one.
    found: Option<Vec<Person>>,
    today: String,
}

/// Posts of a place.
///
/// # Errors
/// Not found; a fault when the register cannot be read.
pub async fn one(
    State(app): State<Arc<App>>,
    ui: Ui,
    desk: Signed,
    token: FormToken,
    Path(place): Path<String>,
) -> Result<Response, Error> {
    shown(&app, &ui, &desk, &token, (&place, None)).await
}

async fn shown(
    app: &App,
    ui: &Ui,
    desk: &Signed,
    token: &FormToken,
    (place, found): (&str, Option<Vec<Person>>),
) -> Result<Response, Error> {
    let places = app.places().await?;
    let head = places.get(place).ok_or(Error::NotFound)?;
    if !reads(desk, &head.path) {
        return Err(Error::NotFound);
    }
    let today = desk.now.day.to_string();
    let all = lists::posts(&app.setup.registry.db, place).await?;
    let (now, past): (Vec<PostLine>, Vec<PostLine>) =
        all.into_iter().partition(|post| post.until.as_ref().is_none_or(|until| *until >= today));
    let holds = |person: &str, role: &str| now.iter().any(|p| p.person == person && p.role == role);
    let both = now.iter().filter(|post| BOTH.first().is_some_and(|first| post.role == *first));
    let both = both.filter(|post| BOTH.iter().all(|role| holds(&post.person, role)));
    let both = both.map(|post| post.name.clone()).collect();
    let roles = ui.law().catalogue.roles.values();
    page(&One {
        ui,
        desk,
        token: &token.value,
        may_appoint: may(desk, CREATE, &head.path),
        may_end: may(desk, UPDATE, &head.path),
        roles: roles.filter(|role| fits(role.level, &head.level)).collect(),
        places: &places,
        place,
        now,
        past,
        both,
        found,
        today,
    })
}

/// Whether a role belongs to places of a level.
fn fits(role: RoleLevel, place: &str) -> bool {
    match role {
        RoleLevel::Public => false,
        RoleLevel::Group | RoleLevel::Village => place == "village",
        RoleLevel::Township => place == "township",
        RoleLevel::Area | RoleLevel::County | RoleLevel::System => place == "county",
    }
}

/// A part of a name.
#[derive(Deserialize)]
pub struct Sought {
    q: String,
}

/// Seeks people to be appointed. What is sought stays out of the address.
///
/// # Errors
/// As [`one`].
pub async fn seek(
    State(app): State<Arc<App>>,
    ui: Ui,
    desk: Signed,
    token: FormToken,
    Path(place): Path<String>,
    Posted(form): Posted<Sought>,
) -> Result<Response, Error> {
    let by = desk.by(CREATE, POST, "")?;
    let found = admin::people(&app.setup.registry.db, &by, &form.q, desk.now.day).await?;
    shown(&app, &ui, &desk, &token, (&place, Some(found))).await
}

/// An appointment.
#[derive(Deserialize)]
pub struct Appointed {
    #[serde(default)]
    person: String,
    role: String,
    from: String,
}

/// Gives somebody a post.
///
/// # Errors
/// Rules that say no, such as roles that exclude each other.
pub async fn appoint(
    State(app): State<Arc<App>>,
    desk: Signed,
    Path(place): Path<String>,
    Posted(form): Posted<Appointed>,
) -> Result<Response, Error> {
    if form.person.is_empty() {
        return Err(at_field("field-empty", "person"));
    }
    let from = day("from", &form.from)?;
    let places = app.places().await?;
    let head = places.get(&place).ok_or(Error::NotFound)?;
    let all: Vec<Role> = app.setup.law.catalogue.roles.values().cloned().collect();
    if !all.iter().any(|role| role.code == form.role && fits(role.level, &head.level)) {
        return Err(at_field("value-not-listed", "role"));
    }
    let mut tx = desk.begin(CREATE, POST, &head.path).await?;
    let given = posts::give(&mut tx, &all, &place, &form.role, &form.person, from).await;
    let (_, entry) = given?;
    tx.commit(entry).await?;
    Ok(Redirect::to(&format!("/office/posts/{place}")).into_response())
}

/// An end.
#[derive(Deserialize)]
pub struct Ended {
    post: String,
    until: String,
}

/// Ends a post with a day.
///
/// # Errors
/// A problem when nobody knows it, or the day is before its beginning.
pub async fn end(
    State(app): State<Arc<App>>,
    desk: Signed,
    Path(place): Path<String>,
    Posted(form): Posted<Ended>,
) -> Result<Response, Error> {
    let until = day("until", &form.until)?;
    let places = app.places().await?;
    let head = places.get(&place).ok_or(Error::NotFound)?;
    let mut tx = desk.begin(UPDATE, POST, &head.path).await?;
    let entry = posts::end(&mut tx, &form.post, until).await?;
    tx.commit(entry).await?;
    Ok(Redirect::to(&format!("/office/posts/{place}")).into_response())
}
