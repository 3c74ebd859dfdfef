//! One's own key. Its passphrase goes from the form into memory, and nowhere else.

use std::collections::BTreeMap;

use askama::Template;
use axum::response::{IntoResponse, Redirect, Response};
use registry::Entry;
use registry::actions::holder_keys;
use registry::actions::office_keys::{self, OfficeName};
use registry::queries::keys as read;
use registry::queries::reports::OfficeLine;
use serde::Deserialize;

use crate::error::{Error, lines};
use crate::office::matters::acts::at_field;
use crate::office::reports::names::office;
use crate::office::room::Room;
use crate::places::Places;
use crate::public::inside;
use crate::request::Posted;
use crate::session::Signed;
use crate::state::blocking;
use crate::ui::{Ui, page};

#[derive(Template)]
#[template(path = "office/keys/own.html")]
struct Own<'a> {
    ui: &'a Ui,
    desk: &'a Signed,
    token: &'a str,
    places: &'a Places,
    made: Option<String>,
    proposed: String,
    offices: Vec<OfficeLine>,
    people: BTreeMap<String, String>,
    key_until: Option<i64>,
    minutes: u64,
    wrong: &'a [String],
}

impl Own<'_> {
    fn office(&self, id: &str) -> String {
        office(self.ui, self.places, id)
    }

    fn person<'b>(&'b self, key: &'b str) -> &'b str {
        self.people.get(key).map_or(key, String::as_str)
    }

    /// Whether the reader holds the key of an office.
    fn holds(&self, line: &OfficeLine) -> bool {
        line.holders.iter().any(|holder| holder == self.desk.person())
    }

    /// Those who work in an office and do not hold its key.
    fn without<'b>(&'b self, line: &'b OfficeLine) -> Vec<&'b String> {
        line.members.iter().filter(|member| !line.holders.contains(member)).collect()
    }
}

/// The page.
///
/// # Errors
/// A fault when the register cannot be read.
pub async fn show(room: Room) -> Result<Response, Error> {
    draw(&room, &[]).await
}

async fn draw(room: &Room, wrong: &[String]) -> Result<Response, Error> {
    let by = room.desk.by(&[], "", "")?;
    let (places, db) = (room.app.places().await?, room.db());
    let offices = read::own_offices(db, &by, room.desk.now.day).await?;
    page(&Own {
        made: read::own(db, &by).await?,
        proposed: holder_keys::propose()?,
        people: read::names(db, &by, &offices).await?,
        key_until: room.open_until(),
        minutes: room.app.setup.unlock_minutes,
        ui: &room.ui,
        desk: &room.desk,
        token: &room.token,
        places: &places,
        offices,
        wrong,
    })
}

async fn answer(room: &Room, done: Result<(), Error>) -> Result<Response, Error> {
    let Err(error) = done else { return Ok(Redirect::to("/office/keys").into_response()) };
    let status = error.status();
    if !matches!(status.as_u16(), 409 | 422 | 429) {
        return Err(error);
    }
    let mut page = draw(room, &lines(&room.ui, &error, &[])).await?;
    *page.status_mut() = status;
    Ok(page)
}

/// A new passphrase, typed twice, and the old one where it is changed.
#[derive(Deserialize, Default)]
#[serde(default)]
pub struct Chosen {
    old: String,
    new: String,
    again: String,
}

/// Makes the own key. One that was there before ends: offices must let him in anew.
///
/// # Errors
/// A problem when the passphrase is too short, or was typed differently twice.
pub async fn make(room: Room, Posted(form): Posted<Chosen>) -> Result<Response, Error> {
    let done = made(&room, form, false).await;
    answer(&room, done).await
}

/// Puts another passphrase in the place of the one at hand.
///
/// # Errors
/// As [`make`]; a problem when the old one is wrong.
pub async fn change(room: Room, Posted(form): Posted<Chosen>) -> Result<Response, Error> {
    let done = made(&room, form, true).await;
    answer(&room, done).await
}

async fn made(room: &Room, form: Chosen, change: bool) -> Result<(), Error> {
    if form.new != form.again {
        return Err(at_field("passphrase-differs", "again"));
    }
    if change {
        // Trying the old one costs one of the tries.
        room.app.unlock(&room.desk, form.old.clone()).await?;
    }
    let person = room.desk.person().to_owned();
    let by = room.desk.by(&[], "", "")?;
    let (registry, now) = (room.app.setup.registry.clone(), room.desk.now);
    let runtime = tokio::runtime::Handle::current();
    let sealer = *room.app.window()?.sealer();
    // Half a second of work, beside the requests that wait for nothing.
    let work = move || {
        runtime.block_on(async {
            let mut tx = registry.begin(by, now, "").await?;
            let entry: Entry = match change {
                false => holder_keys::enrol(&mut tx, &sealer, &person, &form.new).await?,
                true => {
                    let words = (form.old.as_str(), form.new.as_str());
                    holder_keys::change_passphrase(&mut tx, &sealer, &person, words).await?
                }
            };
            tx.commit(entry).await?;
            Ok(())
        })
    };
    blocking(work).await?;
    room.app.unlocked.lock(&room.desk.session.id);
    Ok(())
}

/// A passphrase, and where to go afterwards.
#[derive(Deserialize, Default)]
#[serde(default)]
pub struct Passphrase {
    passphrase: String,
    back: String,
}

/// Unlocks the own key for some minutes of this session.
///
/// # Errors
/// A problem when the passphrase is wrong; too many tries.
pub async fn unlock(room: Room, Posted(form): Posted<Passphrase>) -> Result<Response, Error> {
    match room.app.unlock(&room.desk, form.passphrase).await {
        Ok(_) if form.back.starts_with("/office/") => {
            Ok(Redirect::to(inside(&form.back)).into_response())
        }
        Ok(_) => answer(&room, Ok(())).await,
        Err(error) => answer(&room, Err(error)).await,
    }
}

/// Forgets it at once.
///
/// # Errors
/// None of its own.
pub async fn lock(room: Room, Posted(_form): Posted<Passphrase>) -> Result<Response, Error> {
    room.app.unlocked.lock(&room.desk.session.id);
    answer(&room, Ok(())).await
}

/// Who is let in, and where.
#[derive(Deserialize, Default)]
#[serde(default)]
pub struct Share {
    office: String,
    person: String,
    passphrase: String,
}

/// Lets somebody of one's own office read what is there and what comes: seals its keys to him.
///
/// # Errors
/// A problem when he has no own key, or the reader does not hold the office's; rules that say no.
pub async fn share(room: Room, Posted(form): Posted<Share>) -> Result<Response, Error> {
    let done = shared(&room, &form).await;
    answer(&room, done).await
}

async fn shared(room: &Room, form: &Share) -> Result<(), Error> {
    let office = OfficeName::parse(&form.office).map_err(|_| Error::NotFound)?;
    let by = room.desk.by(&[], "", "")?;
    // Only somebody who works there: nobody gives a key of his office away.
    let own = read::own_offices(room.db(), &by, room.desk.now.day).await?;
    let line = own.iter().find(|line| line.office == form.office).ok_or(Error::NotFound)?;
    if !line.members.contains(&form.person) {
        return Err(Error::NotFound);
    }
    let key = room.key(&form.passphrase).await?;
    let by = room.desk.for_office(&form.office)?;
    let window = room.app.window()?;
    let mut tx = room.app.setup.registry.begin(by, room.desk.now, "").await?;
    let person = form.person.as_str();
    let entry = office_keys::add(&mut tx, window.sealer(), &office, person, Some(&key)).await?;
    tx.commit(entry).await?;
    Ok(())
}
