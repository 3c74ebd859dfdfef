//! One prepared notice: exactly what will be public, what the supervision committee asks, and the next
//! thing to do with it.

use askama::Template;
use axum::extract::Path;
use axum::response::{IntoResponse, Redirect, Response};
use domain::problem::Fault;
use registry::actions::inquiries::About;
use registry::actions::{drafts, preparations};
use registry::queries::inquiries::{Inquiry, of};
use registry::queries::preparations::{Prepared, one};
use registry::queries::public_notice::Version;
use serde::Deserialize;
use serde_json::{Map, Value};

use super::{CHECK, DRAFT, PREPARE, PUBLISH, READ};
use crate::error::Error;
use crate::office::drafts::{Filled, Typed};
use crate::office::matters::acts::{asked, opinion};
use crate::office::room::Room;
use crate::public::Content;
use crate::request::Posted;
use crate::session::Signed;
use crate::ui::{Ui, page};

#[derive(Template)]
#[template(path = "office/notices/one.html")]
struct One<'a> {
    ui: &'a Ui,
    desk: &'a Signed,
    token: &'a str,
    prepared: &'a Prepared,
    content: Content,
    inquiries: Vec<Inquiry>,
    /// The forms to check it and to ask, for whoever may.
    check: Option<(Filled, Filled)>,
    may_publish: bool,
    may_mend: bool,
    may_discard: bool,
    /// He prepared or checked it, and so does not go on with it.
    own: bool,
}

/// The page.
///
/// # Errors
/// Not found for who may not see it.
pub async fn show(room: Room, Path(id): Path<String>) -> Result<Response, Error> {
    draw(&room, &id, None).await
}

fn check_draft(id: &str) -> String {
    format!("prepared/{id}/check")
}

fn ask_draft(id: &str) -> String {
    format!("prepared/{id}/ask")
}

async fn draw(room: &Room, id: &str, refused: Option<&Filled>) -> Result<Response, Error> {
    let (ui, desk) = (&room.ui, &room.desk);
    let by = desk.by(READ, DRAFT, "")?;
    let prepared = one(room.db(), &by, id).await?.ok_or(Error::NotFound)?;
    let content = Content::of(ui, &as_version(&prepared)?);
    let places = room.app.places().await?;
    let path = places.get(&prepared.place).map_or("", |place| place.path.as_str());
    let may = |acts| desk.may_at(acts, DRAFT, path);
    let (mine, state) = (desk.person() == prepared.prepared_by, prepared.state.as_str());
    let checked = prepared.checked_by.as_deref() == Some(desk.person());
    let forms = if state == "waiting" && !mine && may(CHECK) {
        let kept = room.drafts().await?;
        let check = Filled::new(check_draft(id), &kept).or(refused);
        Some((check, Filled::new(ask_draft(id), &kept).or(refused)))
    } else {
        None
    };
    page(&One {
        check: forms,
        may_publish: state == "agreed" && !mine && !checked && may(PUBLISH),
        may_mend: state == "objected" && may(PREPARE),
        may_discard: !["published", "dropped"].contains(&state) && may(PUBLISH),
        own: state == "agreed" && (mine || checked) && may(PUBLISH),
        inquiries: of(room.db(), &by, id).await?,
        ui,
        desk,
        token: &room.token,
        prepared: &prepared,
        content,
    })
}

async fn refused(
    room: &Room,
    id: &str,
    name: &str,
    typed: &Typed,
    error: Error,
) -> Result<Response, Error> {
    let refused = room.keep(name, typed, error, &[]).await?;
    Ok(refused.on(draw(room, id, Some(&refused.form)).await?))
}

/// A prepared notice as the public would see it.
fn as_version(prepared: &Prepared) -> Result<Version, Fault> {
    let map = |text: &str| -> Result<Map<String, Value>, Fault> {
        serde_json::from_str(text).map_err(|error| Fault::new("read preparation", error))
    };
    Ok(Version {
        version: 1,
        state: "published".to_owned(),
        title: prepared.title.clone(),
        body: map(&prepared.body)?,
        personal: map(&prepared.personal)?,
        personal_over: false,
        published_day: prepared.prepared_day.clone(),
        due_day: None,
        until_day: prepared.prepared_day.clone(),
        channels: Vec::new(),
        reason: None,
        leaf: None,
    })
}

/// Answer of the supervision committee.
#[derive(Deserialize)]
struct Answer {
    #[serde(default)]
    answer: String,
    #[serde(default)]
    opinion: String,
}

/// Agrees or objects.
///
/// # Errors
/// What typing otherwise does not mend.
pub async fn check(room: Room, Path(id): Path<String>, typed: Typed) -> Result<Response, Error> {
    let name = check_draft(&id);
    match checked(&room, &id, &name, &typed).await {
        Ok(()) => Ok(Redirect::to("/office/checks").into_response()),
        Err(error) => refused(&room, &id, &name, &typed, error).await,
    }
}

async fn checked(room: &Room, id: &str, name: &str, typed: &Typed) -> Result<(), Error> {
    let form: Answer = typed.read()?;
    let agreed = opinion(&form.answer, &form.opinion, "opinion")?;
    let mut tx = room.desk.begin(CHECK, DRAFT, "").await?;
    let entry = preparations::check(&mut tx, id, agreed, form.opinion.trim()).await?;
    drafts::settle(&mut tx, name).await?;
    tx.commit(entry).await?;
    Ok(())
}

/// A question of the supervision committee.
#[derive(Deserialize)]
struct Question {
    text: String,
}

/// Asks who prepared it.
///
/// # Errors
/// What typing otherwise does not mend.
pub async fn ask(room: Room, Path(id): Path<String>, typed: Typed) -> Result<Response, Error> {
    let name = ask_draft(&id);
    let about = About::Preparation(id.clone());
    let done = match typed.read::<Question>() {
        Ok(form) => asked(&room, (&about, CHECK, DRAFT), &name, &form.text).await,
        Err(error) => Err(error),
    };
    match done {
        Ok(()) => Ok(Redirect::to(&format!("/office/notices/prepared/{id}")).into_response()),
        Err(error) => refused(&room, &id, &name, &typed, error).await,
    }
}

/// Nothing but the token.
#[derive(Deserialize)]
pub struct Nothing {}

/// Makes it public.
///
/// # Errors
/// Rules that say no.
pub async fn publish(
    room: Room,
    Path(id): Path<String>,
    Posted(_form): Posted<Nothing>,
) -> Result<Response, Error> {
    let mut tx = room.desk.begin(PUBLISH, DRAFT, "").await?;
    let (number, entry) = preparations::publish(&mut tx, room.ui.law().rules(), &id).await?;
    tx.commit(entry).await?;
    Ok(Redirect::to(&format!("/notices/{number}")).into_response())
}

/// Gives it up.
///
/// # Errors
/// Rules that say no.
pub async fn discard(
    room: Room,
    Path(id): Path<String>,
    Posted(_form): Posted<Nothing>,
) -> Result<Response, Error> {
    let mut tx = room.desk.begin(PUBLISH, DRAFT, "").await?;
    let entry = preparations::discard(&mut tx, &id).await?;
    tx.commit(entry).await?;
    Ok(Redirect::to("/office/notices").into_response())
}
