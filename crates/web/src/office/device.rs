//! Devices on which somebody has signed in before. Wrong passwords lock an account for a while, and
//! logins are no secret: else a stranger could keep all clerks of a county out. On a device that its
//! owner has used, his account stays open to him, with tries of its own.

use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::FromRequestParts;
use axum::http::header::HeaderValue;
use axum::http::request::Parts;
use domain::problem::{Failure, Fault};
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};
use registry::seal::{SealKey, open, seal};

use crate::request::{hex, random, set_cookie};
use crate::state::App;
use crate::ui::cookie;

/// Cookie of a device.
const DEVICE: &str = "mb_device";
/// How long it is known: half a year.
const LASTS: &str = "; Max-Age=15552000";
/// Tries on a known device, and how soon one comes back.
const TRIES: NonZeroU32 = NonZeroU32::new(5).unwrap();
const BACK: Duration = Duration::from_secs(180);
/// Longest cookie that is read.
const LONGEST: usize = 400;

/// Tries of known devices.
pub struct Devices(DefaultKeyedRateLimiter<Vec<u8>>);

impl Devices {
    /// None has tried yet.
    ///
    /// # Errors
    /// A fault when the span is none.
    pub fn new() -> Result<Self, Failure> {
        let quota = Quota::with_period(BACK).ok_or_else(|| Fault::new("count tries", "no span"))?;
        Ok(Self(RateLimiter::keyed(quota.allow_burst(TRIES))))
    }

    /// Forgets devices that have not tried for long.
    pub fn forget(&self) {
        self.0.retain_recent();
    }
}

/// The device that a request comes from; nothing is known of it yet.
pub struct Sent(Option<String>);

impl FromRequestParts<Arc<App>> for Sent {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(
        parts: &mut Parts,
        _app: &Arc<App>,
    ) -> Result<Self, Self::Rejection> {
        let value = cookie(parts, DEVICE).filter(|value| value.len() <= LONGEST);
        Ok(Self(value.map(str::to_owned)))
    }
}

impl Sent {
    /// Whether the owner of a login has used it before and it still has tries. Takes one of them.
    ///
    /// # Errors
    /// A problem when others can read the key.
    pub fn is_known(&self, app: &App, login: &str) -> Result<bool, Failure> {
        let Some(sealed) = self.0.as_deref().and_then(bytes) else { return Ok(false) };
        let Ok(device) = open(&key(app)?, &about(login), &sealed) else { return Ok(false) };
        Ok(app.devices.0.check_key(&device).is_ok())
    }
}

/// The line that makes a device known as its owner's.
///
/// # Errors
/// A problem when others can read the key; a fault when the system has no randomness.
pub fn keep(app: &App, login: &str) -> Result<HeaderValue, Failure> {
    let sealed = seal(&key(app)?, &about(login), random()?.as_bytes())?;
    let line = set_cookie(app, DEVICE, &hex(&sealed), LASTS);
    Ok(HeaderValue::from_str(&line).map_err(|error| Fault::new("set cookie", error))?)
}

fn key(app: &App) -> Result<SealKey, Failure> {
    registry::log::seal_key(&app.setup.keys.join("devices.key"))
}

/// A device is sealed with the login that it belongs to: for any other it is unknown.
fn about(login: &str) -> String {
    format!("device of {login}")
}

fn bytes(text: &str) -> Option<Vec<u8>> {
    let digits = text.as_bytes().chunks(2);
    digits.map(|pair| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok()).collect()
}
