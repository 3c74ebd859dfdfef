//! Places: the county with its townships, villages and groups, and the areas (片区) that townships belong to.
//! Names change and villages are joined; what was, stays known.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use registry::actions::places::{self, NewPlace};
use registry::queries::admin::{self, PlaceState};
use registry::queries::lists::{OldName, old_names};
use serde::Deserialize;

use super::{CREATE, PLACE, UPDATE};
use crate::error::Error;
use crate::office::matters::acts::{at_field, day};
use crate::request::{FormToken, Posted};
use crate::session::Signed;
use crate::state::App;
use crate::ui::{Ui, page};

/// Level below each level, and how many digits its codes have.
const BELOW: [(&str, &str, usize); 3] =
    [("county", "township", 9), ("township", "village", 12), ("village", "group", 15)];
/// Letters of a name.
const NAME_LETTERS: usize = 40;

#[derive(Template)]
#[template(path = "office/admin/places.html")]
struct Tree<'a> {
    ui: &'a Ui,
    desk: &'a Signed,
    county: Option<PlaceState>,
    townships: Vec<(PlaceState, Vec<PlaceState>)>,
}

/// The tree.
///
/// # Errors
/// A fault when the register cannot be read.
pub async fn list(State(app): State<Arc<App>>, ui: Ui, desk: Signed) -> Result<Response, Error> {
    let (mut county, mut townships) = (None, Vec::<(PlaceState, Vec<PlaceState>)>::new());
    for place in admin::places(&app.setup.registry.db).await? {
        match (place.depth(), townships.last_mut()) {
            (0, _) => county = Some(place),
            (1, _) => townships.push((place, Vec::new())),
            (_, Some((_, below))) => below.push(place),
            (_, None) => {}
        }
    }
    page(&Tree { ui: &ui, desk: &desk, county, townships })
}

#[derive(Template)]
#[template(path = "office/admin/place.html")]
struct One<'a> {
    ui: &'a Ui,
    desk: &'a Signed,
    token: &'a str,
    place: &'a PlaceState,
    below: Option<(&'static str, usize)>,
    areas: Vec<String>,
    old: Vec<OldName>,
    today: String,
}

/// One place with what can be done about it.
///
/// # Errors
/// Not found; a fault when the register cannot be read.
pub async fn one(
    State(app): State<Arc<App>>,
    ui: Ui,
    desk: Signed,
    token: FormToken,
    Path(code): Path<String>,
) -> Result<Response, Error> {
    let db = &app.setup.registry.db;
    let places = admin::places(db).await?;
    let place = places.iter().find(|place| place.id == code).ok_or(Error::NotFound)?;
    let mut areas: Vec<String> = places.iter().filter_map(|place| place.area.clone()).collect();
    areas.sort_unstable();
    areas.dedup();
    let old = old_names(db, &code).await?;
    page(&One {
        ui: &ui,
        desk: &desk,
        token: &token.value,
        below: below(&place.level).filter(|_| place.until_day.is_none()),
        place,
        areas,
        old,
        today: desk.now.day.to_string(),
    })
}

fn below(level: &str) -> Option<(&'static str, usize)> {
    let found = BELOW.iter().find(|(above, ..)| *above == level);
    found.map(|(_, level, digits)| (*level, *digits))
}

/// A place to be added.
#[derive(Deserialize)]
pub struct New {
    code: String,
    name: String,
}

/// Adds a place below another. Its code begins with the code of that.
///
/// # Errors
/// A problem when the code does not fit, or is taken.
pub async fn add(
    State(app): State<Arc<App>>,
    desk: Signed,
    Path(above): Path<String>,
    Posted(form): Posted<New>,
) -> Result<Response, Error> {
    let places = admin::places(&app.setup.registry.db).await?;
    let parent = places.iter().find(|place| place.id == above).ok_or(Error::NotFound)?;
    let (level, digits) = below(&parent.level).ok_or(Error::NotFound)?;
    let code = form.code.trim().to_owned();
    let formed = code.len() == digits && code.bytes().all(|b| b.is_ascii_digit());
    if !formed || !code.starts_with(&above) {
        return Err(at_field("place-code-not-fit", "code"));
    }
    let name = name(&form.name)?;
    let new =
        NewPlace { code, parent: Some(above.clone()), level: level.to_owned(), name, area: None };
    let mut tx = desk.begin(CREATE, PLACE, &parent.path).await?;
    let entry = places::add(&mut tx, &new).await?;
    tx.commit(entry).await?;
    Ok(Redirect::to(&format!("/office/places/{above}")).into_response())
}

fn name(text: &str) -> Result<String, Error> {
    let name = text.trim();
    if name.is_empty() || name.chars().count() > NAME_LETTERS {
        return Err(at_field("field-empty", "name"));
    }
    Ok(name.to_owned())
}

/// A new name.
#[derive(Deserialize)]
pub struct Name {
    name: String,
}

/// Gives a place another name; the old one stays known.
///
/// # Errors
/// A problem when it is empty.
pub async fn rename(
    desk: Signed,
    Path(code): Path<String>,
    Posted(form): Posted<Name>,
) -> Result<Response, Error> {
    let name = name(&form.name)?;
    let mut tx = desk.begin(UPDATE, PLACE, "").await?;
    let entry = places::rename(&mut tx, &code, &name).await?;
    tx.commit(entry).await?;
    Ok(Redirect::to(&format!("/office/places/{code}")).into_response())
}

/// An area; empty for none.
#[derive(Deserialize)]
pub struct Area {
    area: String,
}

/// Moves a township to an area, or out of any.
///
/// # Errors
/// As the register refuses.
pub async fn move_to_area(
    desk: Signed,
    Path(code): Path<String>,
    Posted(form): Posted<Area>,
) -> Result<Response, Error> {
    let area = Some(form.area.trim()).filter(|area| !area.is_empty());
    let mut tx = desk.begin(UPDATE, PLACE, "").await?;
    let entry = places::move_to_area(&mut tx, &code, area).await?;
    tx.commit(entry).await?;
    Ok(Redirect::to(&format!("/office/places/{code}")).into_response())
}

/// A last day.
#[derive(Deserialize)]
pub struct Closing {
    until: String,
}

/// Closes a place with a day.
///
/// # Errors
/// A problem when something in it goes on.
pub async fn close(
    desk: Signed,
    Path(code): Path<String>,
    Posted(form): Posted<Closing>,
) -> Result<Response, Error> {
    let until = day("until", &form.until)?;
    let mut tx = desk.begin(UPDATE, PLACE, "").await?;
    let entry = places::close(&mut tx, &code, until).await?;
    tx.commit(entry).await?;
    Ok(Redirect::to("/office/places").into_response())
}
