//! Who reported: looks that wait for the reader's decision, and those that he asked for himself. Another
//! office grants them, for some days; each look is an entry, and the reporter sees it with his receipt.

use askama::Template;
use axum::extract::Path;
use axum::response::{IntoResponse, Redirect, Response};
use domain::report::Identity;
use registry::actions::reports::identity;
use registry::queries::report_desk::{self, OwnRequest};
use registry::queries::reports::{self as lists, AskedLine};
use serde::Deserialize;

use super::unseen;
use crate::error::{Error, lines};
use crate::office::matters::acts::at_field;
use crate::office::room::Room;
use crate::request::Posted;
use crate::session::Signed;
use crate::ui::{Ui, page};

#[derive(Template)]
#[template(path = "office/reports/identities.html")]
struct List<'a> {
    ui: &'a Ui,
    desk: &'a Signed,
    token: &'a str,
    today: String,
    most: u32,
    asked: Vec<AskedLine>,
    own: Vec<OwnRequest>,
    key_until: Option<i64>,
    /// Who it was, in this answer alone.
    read: Option<&'a (String, Identity)>,
    wrong: &'a [String],
}

/// The page.
///
/// # Errors
/// A fault when the register cannot be read.
pub async fn list(room: Room) -> Result<Response, Error> {
    draw(&room, None, &[]).await
}

async fn draw(
    room: &Room,
    read: Option<&(String, Identity)>,
    wrong: &[String],
) -> Result<Response, Error> {
    let window = room.app.window()?;
    let counter = window.counter();
    let (by, day) = (room.desk.by(&[], "", "")?, room.desk.now.day);
    page(&List {
        most: super::rules(room, &counter)?.identity_days,
        asked: lists::asked(room.db(), &counter, &by, day).await?,
        own: report_desk::own_requests(room.db(), &by).await?,
        key_until: room.open_until(),
        ui: &room.ui,
        desk: &room.desk,
        token: &room.token,
        today: room.today(),
        read,
        wrong,
    })
}

async fn refused(room: &Room, error: Error) -> Result<Response, Error> {
    let error = unseen(error);
    let status = error.status();
    if !matches!(status.as_u16(), 409 | 422 | 429) {
        return Err(error);
    }
    let mut page = draw(room, None, &lines(&room.ui, &error, &[])).await?;
    *page.status_mut() = status;
    Ok(page)
}

/// A decision.
#[derive(Deserialize, Default)]
#[serde(default)]
pub struct Decision {
    grant: String,
    days: String,
    passphrase: String,
}

/// Grants a look for some days, or refuses it.
///
/// # Errors
/// Not found for a request that is not for the reader's office; rules that say no come back with the page.
pub async fn decide(
    room: Room,
    Path(id): Path<String>,
    Posted(form): Posted<Decision>,
) -> Result<Response, Error> {
    match decided(&room, &id, &form).await {
        Ok(()) => Ok(Redirect::to("/office/reports/identities").into_response()),
        Err(error) => refused(&room, error).await,
    }
}

async fn decided(room: &Room, id: &str, form: &Decision) -> Result<(), Error> {
    let window = room.app.window()?;
    let counter = window.counter();
    let by = room.desk.by(&[domain::access::Act::Approve], "reporter", "")?;
    let mut tx = room.app.setup.registry.begin(by, room.desk.now, "").await?;
    let entry = if form.grant == "1" {
        let days = form.days.trim().parse();
        let days = days.map_err(|_| at_field("field-empty", "days"))?;
        let key = room.key(&form.passphrase).await?;
        identity::grant(&mut tx, &counter, id, days, &key).await?.1
    } else {
        identity::refuse(&mut tx, &counter, id).await?
    };
    tx.commit(entry).await?;
    Ok(())
}

/// The passphrase, where the key is locked.
#[derive(Deserialize, Default)]
#[serde(default)]
pub struct Look {
    passphrase: String,
}

/// Reads who it was, as long as the grant holds.
///
/// # Errors
/// Not found for a request of somebody else; rules that say no come back with the page.
pub async fn look(
    room: Room,
    Path(id): Path<String>,
    Posted(form): Posted<Look>,
) -> Result<Response, Error> {
    match looked(&room, &id, &form).await {
        Ok(found) => draw(&room, Some(&(id, found)), &[]).await,
        Err(error) => refused(&room, error).await,
    }
}

async fn looked(room: &Room, id: &str, form: &Look) -> Result<Identity, Error> {
    let window = room.app.window()?;
    let by = room.desk.by(&[], "", "")?;
    let own = report_desk::own_requests(room.db(), &by).await?;
    let asked = own.into_iter().find(|one| one.request == id).ok_or(Error::NotFound)?;
    let office = super::open::office_of(room, &asked.number).await?;
    let key = room.key(&form.passphrase).await?;
    let by = room.desk.for_office(&office)?;
    let mut tx = room.app.setup.registry.begin(by, room.desk.now, "").await?;
    let (found, entry) = identity::read(&mut tx, &window.counter(), id, &key).await?;
    tx.commit(entry).await?;
    Ok(found)
}
