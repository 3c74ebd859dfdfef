//! Forms as they come in: only from a page of this site, and with the token that the page carried
//! (against cross-site requests).

use std::sync::Arc;

use axum::Form;
use axum::body::{Body, to_bytes};
use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::http::header::{HOST, HeaderMap, HeaderValue, ORIGIN, SET_COOKIE};
use axum::http::request::Parts;
use axum::response::Response;
use domain::problem::Fault;
use serde::de::DeserializeOwned;
use sha2::{Digest, Sha256};

use crate::error::Error;
use crate::shelf::Gap;
use crate::state::App;
use crate::ui::cookie;

/// Cookie of somebody who signed in.
pub const SESSION: &str = "mb_session";
/// Cookie of a visitor who was shown a form.
pub const VISITOR: &str = "mb_visitor";
/// Field of a form that carries the token.
pub const TOKEN: &str = "token";
/// Longest form without a file, in bytes. Whoever has not signed in may send forms too, and many at once.
const LONGEST_FORM: usize = 512 * 1024;

/// The token that forms of a page carry: made from the reader's cookie, so that no other site can
/// know it, and another sign-in makes another one.
pub struct FormToken {
    /// Goes into the hidden field.
    pub value: String,
    /// Line for a visitor who has no cookie yet.
    set_cookie: Option<String>,
}

impl FormToken {
    /// Gives a page the cookie that its forms will be known by.
    #[must_use]
    pub fn kept(&self, mut page: Response) -> Response {
        let line = self.set_cookie.as_deref().and_then(|line| HeaderValue::from_str(line).ok());
        if let Some(line) = line {
            page.headers_mut().append(SET_COOKIE, line);
        }
        page
    }
}

impl FromRequestParts<Arc<App>> for FormToken {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, Error> {
        // A page that many will get has a gap where the token of each goes.
        if let Some(Gap(gap)) = parts.extensions.get() {
            return Ok(Self { value: gap.clone(), set_cookie: None });
        }
        if let Some(secret) = cookie(parts, SESSION).or_else(|| cookie(parts, VISITOR)) {
            return Ok(Self { value: token(secret), set_cookie: None });
        }
        let secret = random()?;
        let set_cookie = Some(set_cookie(app, VISITOR, &secret, "; Max-Age=86400"));
        Ok(Self { value: token(&secret), set_cookie })
    }
}

/// 128 random bits in hex.
///
/// # Errors
/// A fault when the system has no randomness.
pub fn random() -> Result<String, Fault> {
    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes).map_err(|error| Fault::new("get random bytes", error))?;
    Ok(hex(&bytes))
}

/// A cookie that no script sees and no other site sends.
#[must_use]
pub fn set_cookie(app: &App, name: &str, value: &str, more: &str) -> String {
    let secure = if app.over_tls() { "; Secure" } else { "" };
    format!("{name}={value}; Path=/; HttpOnly; SameSite=Lax{secure}{more}")
}

fn token(secret: &str) -> String {
    hex(Sha256::digest(format!("form {secret}")).get(..16).unwrap_or_default())
}

/// Lower-case hex digits of bytes.
#[must_use]
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// A form that was sent from a page of this site.
pub struct Posted<T>(pub T);

impl<T: DeserializeOwned> FromRequest<Arc<App>> for Posted<T> {
    type Rejection = Error;

    async fn from_request(request: Request, app: &Arc<App>) -> Result<Self, Error> {
        let (parts, body) = request.into_parts();
        let guard = Guard::of(&parts)?;
        let pairs = pairs(Request::from_parts(parts, body), app).await?;
        guard.check(pairs.iter().find(|(name, _)| name == TOKEN).map(|(_, v)| v.as_str()))?;
        from_pairs(pairs).map(Self)
    }
}

/// Fields of a form in their order.
///
/// # Errors
/// Too large; a stale form when it is none.
pub async fn pairs(request: Request, app: &Arc<App>) -> Result<Vec<(String, String)>, Error> {
    let (parts, body) = request.into_parts();
    let body = to_bytes(body, LONGEST_FORM).await.map_err(|_| Error::TooLarge)?;
    let request = Request::from_parts(parts, Body::from(body));
    let Form(mut pairs) = Form::<Vec<(String, String)>>::from_request(request, app)
        .await
        .map_err(|_| Error::StaleForm)?;
    for (_, value) in &mut pairs {
        // PostgreSQL cannot keep this letter, and nobody types it.
        value.retain(|letter| letter != '\0');
    }
    Ok(pairs)
}

/// Reads a form from its fields; a missing field is a page that is too old.
///
/// # Errors
/// A stale form.
pub fn from_pairs<T: DeserializeOwned>(
    pairs: impl IntoIterator<Item = (String, String)>,
) -> Result<T, Error> {
    let mut fields = serde_json::Map::new();
    for (name, value) in pairs {
        fields.entry(name).or_insert(serde_json::Value::String(value));
    }
    serde_json::from_value(fields.into()).map_err(|_| Error::StaleForm)
}

/// What a form must prove, read before its body.
pub struct Guard {
    expected: String,
}

impl Guard {
    /// From the head of a request.
    ///
    /// # Errors
    /// A stale form when another site sent it, or the reader has no cookie.
    pub fn of(parts: &Parts) -> Result<Self, Error> {
        if is_from_elsewhere(&parts.headers) {
            return Err(Error::StaleForm);
        }
        let secret = cookie(parts, SESSION).or_else(|| cookie(parts, VISITOR));
        Ok(Self { expected: token(secret.ok_or(Error::StaleForm)?) })
    }

    /// Compares the token of the form.
    ///
    /// # Errors
    /// A stale form when it is another.
    pub fn check(&self, sent: Option<&str>) -> Result<(), Error> {
        if sent == Some(self.expected.as_str()) { Ok(()) } else { Err(Error::StaleForm) }
    }
}

/// Whether the browser itself says that a form came from a page of this site, which no other site can
/// make it say.
#[must_use]
pub fn is_from_here(headers: &HeaderMap) -> bool {
    headers.get("sec-fetch-site").is_some_and(|site| site.as_bytes() == b"same-origin")
}

/// Browsers name the site that a form came from; old ones say nothing, and the token decides.
fn is_from_elsewhere(headers: &HeaderMap) -> bool {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    let cross = text("sec-fetch-site").is_some_and(|site| !["same-origin", "none"].contains(&site));
    let host = text(HOST.as_str());
    let origin = text(ORIGIN.as_str()).map(|origin| origin.split("//").nth(1).unwrap_or(origin));
    cross || origin.is_some_and(|origin| Some(origin) != host)
}
