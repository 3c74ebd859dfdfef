//! The door: password, second factor, and out again.

use std::sync::Arc;

use askama::Template;
use axum::extract::{FromRequestParts, Query, State};
use axum::http::header::{HeaderValue, SET_COOKIE, USER_AGENT};
use axum::http::request::Parts;
use axum::response::{IntoResponse, Redirect, Response};
use domain::problem::{Failure, Fault};
use registry::actions::sessions;
use registry::queries::sessions::session as live;
use serde::Deserialize;

use super::device::{self, Sent};
use crate::error::Error;
use crate::public::inside;
use crate::request::{FormToken, Posted, SESSION, set_cookie};
use crate::routes::encoded;
use crate::session::Signed;
use crate::state::App;
use crate::ui::{Ui, cookie, page};

/// Where to go afterwards.
#[derive(Deserialize, Default)]
pub struct Back {
    #[serde(default)]
    back: String,
}

#[derive(Template)]
#[template(path = "office/sign_in.html")]
struct Door<'a> {
    ui: &'a Ui,
    token: &'a str,
    back: &'a str,
    login: &'a str,
    wrong: Option<String>,
    asks_code: bool,
}

fn door(
    ui: &Ui,
    token: &FormToken,
    at: (&str, &str),
    wrong: Option<String>,
    asks_code: bool,
) -> Result<Response, Error> {
    let (back, login) = at;
    let shown = page(&Door { ui, token: &token.value, back, login, wrong, asks_code })?;
    Ok(token.kept(shown))
}

/// The form for name and password.
///
/// # Errors
/// A fault when the page cannot be drawn.
pub async fn show(ui: Ui, token: FormToken, Query(at): Query<Back>) -> Result<Response, Error> {
    door(&ui, &token, (&at.back, ""), None, false)
}

/// Name and password.
#[derive(Deserialize)]
pub struct Password {
    login: String,
    password: String,
    #[serde(default)]
    back: String,
}

/// Takes name and password. A locked account is answered like a wrong password, after the same work: a
/// stranger learns nothing of who has an account.
///
/// # Errors
/// Too many at the door; a fault when the register cannot be written.
pub async fn password(
    State(app): State<Arc<App>>,
    ui: Ui,
    token: FormToken,
    Device(agent): Device,
    sent: Sent,
    Posted(form): Posted<Password>,
) -> Result<Response, Error> {
    let _place = app.door.try_acquire().map_err(|_| Error::TooMany)?;
    let login = form.login.trim();
    let device = sessions::Device { agent: &agent, known: sent.is_known(&app, login)? };
    let signed = app.setup.registry.sign_in(login, &form.password, device, app.now()).await;
    let Some(signed) = unlocked(signed)?.flatten() else {
        let wrong = ui.t("web-sign-in-wrong").to_owned();
        return door(&ui, &token, (&form.back, login), Some(wrong), false);
    };
    if signed.needs_second_factor {
        let next = format!("/sign-in/code?back={}", encoded(&form.back));
        return with_cookie(&app, &signed.token, "", &next);
    }
    if signed.needs_start {
        return with_cookie(&app, &signed.token, "", "/sign-in/start");
    }
    let mut inside = with_cookie(&app, &signed.token, "", after(&form.back))?;
    inside.headers_mut().append(SET_COOKIE, device::keep(&app, login)?);
    Ok(inside)
}

/// What came of a try; none when the account is locked.
fn unlocked<T>(tried: Result<T, Failure>) -> Result<Option<T>, Failure> {
    match tried {
        Ok(done) => Ok(Some(done)),
        Err(Failure::Problem(problem)) if problem.code == "account-locked" => Ok(None),
        Err(other) => Err(other),
    }
}

/// The form for the code of the second factor.
///
/// # Errors
/// A fault when the page cannot be drawn.
pub async fn ask_code(ui: Ui, token: FormToken, Query(at): Query<Back>) -> Result<Response, Error> {
    door(&ui, &token, (&at.back, ""), None, true)
}

/// Code of the second factor.
#[derive(Deserialize)]
pub struct Code {
    code: String,
    #[serde(default)]
    back: String,
}

/// Takes the code. A right one gives the session a new cookie, and makes the device known.
///
/// # Errors
/// A fault when the register cannot be written.
pub async fn code(
    State(app): State<Arc<App>>,
    ui: Ui,
    token: FormToken,
    Waiting(waiting): Waiting,
    sent: Sent,
    Posted(form): Posted<Code>,
) -> Result<Response, Error> {
    let (registry, key, now) = (&app.setup.registry, app.seal_key()?, app.now());
    let session = live(&registry.db, &waiting, now).await?;
    let login = session.map(|session| session.login).unwrap_or_default();
    let known = sent.is_known(&app, &login)?;
    let tried = registry.confirm_on(&waiting, form.code.trim(), &key, now, known).await;
    let Some(renewed) = unlocked(tried)?.flatten() else {
        let wrong = ui.t("web-sign-in-code-wrong").to_owned();
        return door(&ui, &token, (&form.back, ""), Some(wrong), true);
    };
    let started = live(&registry.db, &renewed, now).await?.is_some_and(|session| session.confirmed);
    let next = if started { after(&form.back) } else { "/sign-in/start" };
    let mut inside = with_cookie(&app, &renewed, "", next)?;
    inside.headers_mut().append(SET_COOKIE, device::keep(&app, &login)?);
    Ok(inside)
}

/// Ends the session.
///
/// # Errors
/// A fault when the register cannot be written.
pub async fn out(
    State(app): State<Arc<App>>,
    signed: Signed,
    Waiting(token): Waiting,
    Posted(_form): Posted<Back>,
) -> Result<Response, Error> {
    app.unlocked.lock(&signed.session.id);
    let mut tx = signed.begin(&[], "", "").await?;
    let entry = sessions::sign_out(&mut tx, &token).await?;
    tx.commit(entry).await?;
    with_cookie(&app, "", "; Max-Age=0", "/")
}

/// Where somebody goes who came in.
fn after(back: &str) -> &str {
    if back.is_empty() { "/office" } else { inside(back) }
}

pub(super) fn with_cookie(
    app: &App,
    token: &str,
    more: &str,
    next: &str,
) -> Result<Response, Error> {
    let line = set_cookie(app, SESSION, token, more);
    let line = HeaderValue::from_str(&line).map_err(|e| Fault::new("set cookie", e))?;
    Ok(([(SET_COOKIE, line)], Redirect::to(next)).into_response())
}

/// Words about the device, for the list of one's own sessions.
pub struct Device(String);

impl FromRequestParts<Arc<App>> for Device {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(
        parts: &mut Parts,
        _app: &Arc<App>,
    ) -> Result<Self, Self::Rejection> {
        let agent = parts.headers.get(USER_AGENT).and_then(|value| value.to_str().ok());
        Ok(Self(device(agent.unwrap_or_default()).to_owned()))
    }
}

/// What kind of device it is; more would follow people about.
fn device(agent: &str) -> &'static str {
    let kinds = [
        ("MicroMessenger", "WeChat"),
        ("HarmonyOS", "HarmonyOS"),
        ("Android", "Android"),
        ("iPhone", "iPhone"),
        ("iPad", "iPad"),
        ("Windows", "Windows"),
        ("Mac OS", "Mac"),
        ("Linux", "Linux"),
    ];
    kinds.iter().find(|(mark, _)| agent.contains(mark)).map_or("-", |(_, name)| name)
}

/// The cookie's token, of a session that may still wait for its code.
pub struct Waiting(pub String);

impl FromRequestParts<Arc<App>> for Waiting {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, _app: &Arc<App>) -> Result<Self, Error> {
        cookie(parts, SESSION).map(|token| Self(token.to_owned())).ok_or(Error::SignIn)
    }
}

#[cfg(test)]
mod tests {
    use super::device;

    #[test]
    fn a_device_is_told_by_its_kind_alone() {
        let agent = "Mozilla/5.0 (Linux; Android 9; SM-J330) AppleWebKit/537.36 MicroMessenger/8.0";
        assert_eq!(device(agent), "WeChat");
        assert_eq!(device("Mozilla/5.0 (Windows NT 6.1)"), "Windows");
        assert_eq!(device("curl/8"), "-");
    }
}
