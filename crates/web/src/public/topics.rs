//! Topics of villagers (群众点题): anybody proposes what the village should tell him, others support it, the
//! village chooses and answers in public. A text with the number of a person is not taken.
//!
//! Support is counted once a browser, by a cookie that is kept as a keyed hash, another for each topic. It
//! shows what people ask for; it is no ballot.

use std::sync::Arc;

use askama::Template;
use axum::extract::{FromRequestParts, Path, State};
use axum::http::header::{HeaderValue, SET_COOKIE};
use axum::http::request::Parts;
use axum::response::{IntoResponse, Redirect, Response};
use domain::problem::Fault;
use registry::By;
use registry::actions::topics;
use registry::queries::public_reports::{TopicRow, topics as read};
use registry::queries::public_village::PlaceHead;
use serde::Deserialize;

use super::KEEP;
use crate::error::{Error, lines};
use crate::office::matters::acts::at_field;
use crate::request::{FormToken, Posted, random, set_cookie};
use crate::state::App;
use crate::ui::{Ui, cookie, page};

/// Cookie by which a browser is known to have supported something: half a year.
const SUPPORT: &str = "mb_support";
const LASTS: &str = "; Max-Age=15552000";
/// Code of the problem that something is there already.
const THERE: &str = "already-there";

#[derive(Template)]
#[template(path = "public/topics.html")]
struct Topics<'a> {
    ui: &'a Ui,
    token: &'a str,
    place: &'a PlaceHead,
    topics: &'a [TopicRow],
    title: &'a str,
    wrong: &'a [String],
}

/// Topics of a place, those with most support first.
///
/// # Errors
/// Not found.
pub async fn show(
    State(app): State<Arc<App>>,
    ui: Ui,
    token: FormToken,
    Path(code): Path<String>,
) -> Result<Response, Error> {
    let page = draw(&app, &ui, &token, &code, ("", &[])).await?;
    Ok(([KEEP], token.kept(page)).into_response())
}

async fn draw(
    app: &App,
    ui: &Ui,
    token: &FormToken,
    code: &str,
    (title, wrong): (&str, &[String]),
) -> Result<Response, Error> {
    let places = app.places().await?;
    let place = places.get(code).filter(|p| p.level == "village").ok_or(Error::NotFound)?;
    let topics = read(&app.setup.registry.db, code).await?;
    page(&Topics { ui, token: &token.value, place, topics: &topics, title, wrong })
}

/// What somebody wants to be told about.
#[derive(Deserialize)]
pub struct Proposed {
    #[serde(default)]
    title: String,
}

/// Proposes a topic. Nobody has to say who he is.
///
/// # Errors
/// Not found; too many; what typing mends comes back with the form.
pub async fn propose(
    State(app): State<Arc<App>>,
    ui: Ui,
    token: FormToken,
    Path(code): Path<String>,
    Posted(form): Posted<Proposed>,
) -> Result<Response, Error> {
    match proposed(&app, &code, form.title.trim()).await {
        Ok(number) => {
            Ok(Redirect::to(&format!("/villages/{code}/topics#{number}")).into_response())
        }
        Err(error @ Error::Failed(_)) if error.status().as_u16() == 422 => {
            let lines = lines(&ui, &error, &[]);
            let mut page = draw(&app, &ui, &token, &code, (&form.title, &lines)).await?;
            *page.status_mut() = error.status();
            Ok(page)
        }
        Err(error) => Err(error),
    }
}

async fn proposed(app: &App, code: &str, title: &str) -> Result<String, Error> {
    let places = app.places().await?;
    places.get(code).filter(|p| p.level == "village").ok_or(Error::NotFound)?;
    if title.is_empty() {
        return Err(at_field("field-empty", "title"));
    }
    app.questions.check_key(&format!("topics of {code}")).map_err(|_| Error::TooMany)?;
    let (registry, law) = (&app.setup.registry, &app.setup.law);
    let mut tx = registry.begin(By::public(&law.access), app.now(), "").await?;
    let (number, entry) = topics::propose(&mut tx, code, title).await?;
    tx.commit(entry).await?;
    Ok(number)
}

/// What a browser is known by.
pub struct Browser {
    secret: String,
    fresh: bool,
}

impl FromRequestParts<Arc<App>> for Browser {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, _app: &Arc<App>) -> Result<Self, Error> {
        let known = cookie(parts, SUPPORT).filter(|value| value.len() == 32);
        match known {
            Some(secret) => Ok(Self { secret: secret.to_owned(), fresh: false }),
            None => Ok(Self { secret: random()?, fresh: true }),
        }
    }
}

/// Nothing but the button and the page that it stands on.
#[derive(Deserialize)]
pub struct Supported {
    #[serde(default)]
    place: String,
}

/// Supports a topic, once a browser. A second time changes nothing and says nothing.
///
/// # Errors
/// Not found; too many; a problem when the topic is decided.
pub async fn support(
    State(app): State<Arc<App>>,
    browser: Browser,
    Path(number): Path<String>,
    Posted(form): Posted<Supported>,
) -> Result<Response, Error> {
    app.questions.check_key(&format!("support of {number}")).map_err(|_| Error::TooMany)?;
    let places = app.places().await?;
    let place = places.get(&form.place).ok_or(Error::NotFound)?;
    let (registry, law) = (&app.setup.registry, &app.setup.law);
    let window = app.window()?;
    let mut tx = registry.begin(By::public(&law.access), app.now(), "").await?;
    let done = topics::support(&mut tx, &window.counter(), &number, &browser.secret).await;
    match done.map_err(Error::from).map_err(crate::office::reports::unseen) {
        Ok(entry) => {
            tx.commit(entry).await?;
        }
        Err(Error::Failed(domain::problem::Failure::Problem(problem))) if problem.code == THERE => {
        }
        Err(error) => return Err(error),
    }
    let back = Redirect::to(&format!("/villages/{}/topics#{number}", place.id));
    let mut answer = back.into_response();
    if browser.fresh {
        let line = set_cookie(&app, SUPPORT, &browser.secret, LASTS);
        let line = HeaderValue::from_str(&line).map_err(|e| Fault::new("set cookie", e))?;
        answer.headers_mut().append(SET_COOKIE, line);
    }
    Ok(answer)
}
