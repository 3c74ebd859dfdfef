//! Keys of offices, for the security administrator: who holds which, where one is missing, letting people
//! in and out. He makes keys and can open none.

use std::collections::{BTreeMap, BTreeSet};

use askama::Template;
use axum::extract::FromRequest;
use axum::extract::Path;
use axum::response::{IntoResponse, Redirect, Response};
use domain::access::Act;
use registry::actions::office_keys::{self, OfficeName};
use registry::queries::keys as read;
use registry::queries::reports::{self as lists, OfficeLine};
use serde::Deserialize;

use super::{CREATE, KEY, READ, UPDATE};
use crate::error::{Error, lines};
use crate::office::reports::names::office;
use crate::office::room::Room;
use crate::places::Places;
use crate::request::{Guard, Posted, TOKEN, pairs};
use crate::session::Signed;
use crate::ui::{Ui, page};

/// Roles whose offices get reports by the rules, whether they have a key or not.
fn expected(room: &Room) -> Result<BTreeSet<String>, Error> {
    let window = room.app.window()?;
    let rules = window.counter().rules(room.desk.now.day)?.1;
    let doors = rules.doors.iter().flat_map(|d| d.steps.iter().chain(&d.review).chain(&d.identity));
    let sealed = rules.sealed.iter().flat_map(|queue| &queue.steps);
    let roles = doors.chain(sealed).map(|step| &step.role);
    let roles = roles.chain(rules.topics.iter().map(|topic| &topic.department));
    Ok(roles.filter(|role| *role != "topic").cloned().collect())
}

#[derive(Template)]
#[template(path = "office/keys/offices.html")]
struct List<'a> {
    ui: &'a Ui,
    desk: &'a Signed,
    places: &'a Places,
    missing: Vec<OfficeLine>,
    keyed: Vec<OfficeLine>,
    people: BTreeMap<String, String>,
}

impl List<'_> {
    fn office(&self, id: &str) -> String {
        office(self.ui, self.places, id)
    }

    fn people(&self, keys: &[String]) -> String {
        let names = keys.iter().filter_map(|key| self.people.get(key)).cloned();
        names.collect::<Vec<_>>().join(self.ui.t("ui-list-separator"))
    }
}

/// All offices that reports go to: those without a key first, as routing passes them by.
///
/// # Errors
/// A fault when the register cannot be read.
pub async fn list(room: Room) -> Result<Response, Error> {
    let by = room.desk.by(READ, KEY, "")?;
    let (places, expected) = (room.app.places().await?, expected(&room)?);
    let all = lists::offices(room.db(), &by, room.desk.now.day).await?;
    let gets = |line: &OfficeLine| {
        line.keyed || line.office.split_once('@').is_some_and(|(role, _)| expected.contains(role))
    };
    let all: Vec<OfficeLine> = all.into_iter().filter(gets).collect();
    let people = read::names(room.db(), &by, &all).await?;
    let (keyed, missing) = all.into_iter().partition(|line| line.keyed);
    page(&List { ui: &room.ui, desk: &room.desk, places: &places, missing, keyed, people })
}

#[derive(Template)]
#[template(path = "office/keys/office.html")]
struct One<'a> {
    ui: &'a Ui,
    desk: &'a Signed,
    token: &'a str,
    name: String,
    line: OfficeLine,
    people: BTreeMap<String, String>,
    owners: Vec<(String, String)>,
    may_change: bool,
    wrong: &'a [String],
}

impl One<'_> {
    fn person<'b>(&'b self, key: &'b str) -> &'b str {
        self.people.get(key).map_or(key, String::as_str)
    }

    /// Those who work here and have an own key: they can hold the office's.
    fn can_hold(&self, person: &str) -> bool {
        self.owners.iter().any(|(key, _)| key == person)
    }

    /// People from outside with an own key: they can bring it back, two together.
    fn outsiders(&self) -> Vec<&(String, String)> {
        self.owners.iter().filter(|(key, _)| !self.line.members.contains(key)).collect()
    }
}

/// One office.
///
/// # Errors
/// Not found.
pub async fn one(room: Room, Path(id): Path<String>) -> Result<Response, Error> {
    draw(&room, &id, &[]).await
}

async fn draw(room: &Room, id: &str, wrong: &[String]) -> Result<Response, Error> {
    let by = room.desk.by(READ, KEY, "")?;
    let places = room.app.places().await?;
    let all = lists::offices(room.db(), &by, room.desk.now.day).await?;
    let line = all.into_iter().find(|line| line.office == id).ok_or(Error::NotFound)?;
    let county = places.county().map_or("", |county| county.path.as_str());
    let lines = [line];
    let people = read::names(room.db(), &by, &lines).await?;
    let [line] = lines;
    page(&One {
        name: office(&room.ui, &places, id),
        owners: read::owners(room.db(), &by, county).await?,
        may_change: room.desk.may_somewhere(UPDATE, KEY).is_ok(),
        ui: &room.ui,
        desk: &room.desk,
        token: &room.token,
        line,
        people,
        wrong,
    })
}

async fn answer(room: &Room, id: &str, done: Result<(), Error>) -> Result<Response, Error> {
    let Err(error) = done else {
        return Ok(Redirect::to(&format!("/office/office-keys/{id}")).into_response());
    };
    let status = error.status();
    if !matches!(status.as_u16(), 409 | 422) {
        return Err(error);
    }
    let mut page = draw(room, id, &lines(&room.ui, &error, &[])).await?;
    *page.status_mut() = status;
    Ok(page)
}

/// A form in which several people are marked.
pub struct Marked(Vec<(String, String)>);

impl Marked {
    fn all(&self, name: &str) -> Vec<String> {
        let fields = self.0.iter().filter(|(key, _)| key == name);
        fields.map(|(_, value)| value.clone()).collect()
    }
}

impl FromRequest<std::sync::Arc<crate::state::App>> for Marked {
    type Rejection = Error;

    async fn from_request(
        request: axum::extract::Request,
        app: &std::sync::Arc<crate::state::App>,
    ) -> Result<Self, Error> {
        let (parts, body) = request.into_parts();
        let guard = Guard::of(&parts)?;
        let pairs = pairs(axum::extract::Request::from_parts(parts, body), app).await?;
        guard.check(pairs.iter().find(|(name, _)| name == TOKEN).map(|(_, v)| v.as_str()))?;
        Ok(Self(pairs))
    }
}

/// Makes the key of an office, the first or the next one.
///
/// # Errors
/// Rules that say no; a problem when somebody has no own key.
pub async fn make(room: Room, form: Marked) -> Result<Response, Error> {
    let id = form.all("office").into_iter().next().unwrap_or_default();
    let done = made(&room, &id, &form).await;
    answer(&room, &id, done).await
}

async fn made(room: &Room, id: &str, form: &Marked) -> Result<(), Error> {
    let office = OfficeName::parse(id).map_err(|_| Error::NotFound)?;
    let window = room.app.window()?;
    let mut tx = begin(room, CREATE).await?;
    let (holders, recovery) = (form.all("holder"), form.all("recovery"));
    if holders.is_empty() {
        return Err(crate::office::matters::acts::at_field("field-empty", "holder"));
    }
    let sealer = window.sealer();
    let entry = office_keys::make(&mut tx, sealer, &office, &holders, &recovery).await?;
    tx.commit(entry).await?;
    Ok(())
}

async fn begin(room: &Room, acts: &'static [Act]) -> Result<registry::Tx, Error> {
    room.desk.begin(acts, KEY, "").await
}

/// Somebody.
#[derive(Deserialize)]
pub struct Who {
    person: String,
}

/// Lets somebody in for what comes: the office gets a next key. History is for a holder to open.
///
/// # Errors
/// As [`make`].
pub async fn add(
    room: Room,
    Path(id): Path<String>,
    Posted(form): Posted<Who>,
) -> Result<Response, Error> {
    let done = changed(&room, &id, &form.person, false).await;
    answer(&room, &id, done).await
}

/// Revokes a holder; those who stay keep what is there, and get a next key.
///
/// # Errors
/// As [`make`].
pub async fn revoke(
    room: Room,
    Path(id): Path<String>,
    Posted(form): Posted<Who>,
) -> Result<Response, Error> {
    let done = changed(&room, &id, &form.person, true).await;
    answer(&room, &id, done).await
}

async fn changed(room: &Room, id: &str, person: &str, out: bool) -> Result<(), Error> {
    let office = OfficeName::parse(id).map_err(|_| Error::NotFound)?;
    let window = room.app.window()?;
    let mut tx = begin(room, UPDATE).await?;
    let sealer = window.sealer();
    let entry = match out {
        true => office_keys::revoke(&mut tx, sealer, &office, person).await?,
        false => office_keys::add(&mut tx, sealer, &office, person, None).await?,
    };
    tx.commit(entry).await?;
    Ok(())
}
