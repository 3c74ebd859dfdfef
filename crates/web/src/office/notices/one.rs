//! One prepared notice: exactly what will be public, and the next thing to do with it.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use domain::problem::Fault;
use registry::actions::preparations;
use registry::queries::preparations::{Prepared, one};
use registry::queries::public_notice::Version;
use serde::Deserialize;
use serde_json::{Map, Value};

use super::{CHECK, DRAFT, PUBLISH, READ};
use crate::error::Error;
use crate::public::Content;
use crate::request::{FormToken, Posted};
use crate::session::Signed;
use crate::state::App;
use crate::ui::{Ui, page};

#[derive(Template)]
#[template(path = "office/notices/one.html")]
struct One<'a> {
    ui: &'a Ui,
    desk: &'a Signed,
    token: &'a str,
    prepared: &'a Prepared,
    content: Content,
    may_check: bool,
    may_publish: bool,
}

/// The page.
///
/// # Errors
/// Not found for who may not see it.
pub async fn show(
    State(app): State<Arc<App>>,
    ui: Ui,
    desk: Signed,
    token: FormToken,
    Path(id): Path<String>,
) -> Result<Response, Error> {
    let found = one(&app.setup.registry.db, &desk.by(READ, DRAFT, "")?, &id).await?;
    let prepared = found.ok_or(Error::NotFound)?;
    let content = Content::of(&ui, &as_version(&prepared)?);
    let other = desk.asker.person.as_deref() != Some(&prepared.prepared_by);
    let may_check =
        prepared.state == "waiting" && other && desk.may_somewhere(CHECK, DRAFT).is_ok();
    let may_publish =
        prepared.state == "agreed" && other && desk.may_somewhere(PUBLISH, DRAFT).is_ok();
    let token = &token.value;
    page(&One { ui: &ui, desk: &desk, token, prepared: &prepared, content, may_check, may_publish })
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
pub struct Answer {
    answer: String,
    #[serde(default)]
    opinion: String,
}

/// Agrees or objects.
///
/// # Errors
/// Rules that say no.
pub async fn check(
    desk: Signed,
    Path(id): Path<String>,
    Posted(form): Posted<Answer>,
) -> Result<Response, Error> {
    let mut tx = desk.begin(CHECK, DRAFT, "").await?;
    let agreed = form.answer == "agree";
    let entry = preparations::check(&mut tx, &id, agreed, form.opinion.trim()).await?;
    tx.commit(entry).await?;
    Ok(Redirect::to(&format!("/office/notices/prepared/{id}")).into_response())
}

/// Nothing but the token.
#[derive(Deserialize)]
pub struct Nothing {}

/// Makes it public.
///
/// # Errors
/// Rules that say no.
pub async fn publish(
    State(app): State<Arc<App>>,
    desk: Signed,
    Path(id): Path<String>,
    Posted(_form): Posted<Nothing>,
) -> Result<Response, Error> {
    let mut tx = desk.begin(PUBLISH, DRAFT, "").await?;
    let (number, entry) = preparations::publish(&mut tx, app.setup.law.rules(), &id).await?;
    tx.commit(entry).await?;
    Ok(Redirect::to(&format!("/notices/{number}")).into_response())
}

/// Gives it up.
///
/// # Errors
/// Rules that say no.
pub async fn discard(
    desk: Signed,
    Path(id): Path<String>,
    Posted(_form): Posted<Nothing>,
) -> Result<Response, Error> {
    let mut tx = desk.begin(PUBLISH, DRAFT, "").await?;
    let entry = preparations::discard(&mut tx, &id).await?;
    tx.commit(entry).await?;
    Ok(Redirect::to("/office/notices").into_response())
}
