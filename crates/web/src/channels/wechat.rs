//! The callback of a WeChat official account. Whatever is written to it, and whatever is pressed in its
//! menu, is answered with the address of the page. What was written is not read: not even here.

use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{Query, State};
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use domain::problem::{Failure, Fault, Place, Problem};
use registry::log::read_secret;
use serde::Deserialize;
use sha2::{Digest, Sha256};

use super::cipher::{AesKey, signature};
use super::heard::Heard;
use super::message::{Message, cdata};
use crate::error::Error;
use crate::request::random;
use crate::state::App;
use crate::ui::Ui;

/// File among the keys that switches it on.
const FILE: &str = "wechat.toml";
/// How old a call may be. The platform tries three times within fifteen seconds.
const GOOD_MS: i64 = 5 * 60_000;
/// What the platform takes for "heard, nothing to say".
const HEARD: &str = "success";
/// Shortest token that the platform takes.
const SHORTEST_TOKEN: usize = 3;

/// What the operator writes down.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Setting {
    token: String,
    app_id: String,
    #[serde(default)]
    aes_key: Option<String>,
}

/// An account.
pub struct Wechat {
    token: String,
    app_id: String,
    key: Option<AesKey>,
    heard: Mutex<Heard>,
}

impl Wechat {
    /// The account of a folder of keys; none where there is no such file.
    ///
    /// # Errors
    /// A problem when others can read the file, or it is no such setting.
    pub fn read(keys: &Path) -> Result<Option<Self>, Failure> {
        let path = keys.join(FILE);
        if !path.exists() {
            return Ok(None);
        }
        let text = read_secret(&path)?;
        let wrong = || Problem::new("wechat-setting", Place::file(path.display().to_string()));
        let setting: Setting = toml::from_str(&text).map_err(|_| wrong())?;
        if setting.token.len() < SHORTEST_TOKEN || setting.app_id.is_empty() {
            return Err(wrong().into());
        }
        let key = setting.aes_key.as_deref().map(|key| AesKey::read(key).ok_or_else(wrong));
        let (token, app_id) = (setting.token, setting.app_id);
        Ok(Some(Self { token, app_id, key: key.transpose()?, heard: Mutex::new(Heard::new()?) }))
    }

    /// Whether whoever knows the token made this call, and now.
    fn made(&self, call: &Call, sealed: Option<&str>, signed: &str, now_ms: i64) -> bool {
        let mut parts = vec![self.token.as_str(), &call.timestamp, &call.nonce];
        parts.extend(sealed);
        let made = call.timestamp.parse::<i64>().ok().and_then(|seconds| seconds.checked_mul(1000));
        let age = made.and_then(|made| now_ms.checked_sub(made));
        let is_fresh = age.is_some_and(|age| (-GOOD_MS..GOOD_MS).contains(&age));
        // Of two digests nobody learns by how long they are compared.
        is_fresh && Sha256::digest(signature(&parts)) == Sha256::digest(signed)
    }

    /// The message of a call; none where it is not for this account. Who set a key is not spoken to
    /// without it: an open message may have been changed on its way.
    fn opened(&self, call: &Call, body: &[u8], now_ms: i64) -> Option<Message> {
        let message = Message::read(std::str::from_utf8(body).ok()?)?;
        match (&self.key, call.encrypt_type.as_str()) {
            (None, "" | "raw") => Some(message),
            (Some(key), "aes") => {
                let sealed = message.field("Encrypt");
                let made = self.made(call, Some(sealed), &call.msg_signature, now_ms);
                let opened = made.then(|| key.open(sealed, &self.app_id)).flatten()?;
                Message::read(&opened)
            }
            _ => None,
        }
    }

    /// An answer as the account is spoken to.
    fn sent(&self, answer: String, seconds: i64) -> Result<String, Error> {
        let Some(key) = &self.key else { return Ok(answer) };
        let mut bytes = [0; 16];
        getrandom::fill(&mut bytes).map_err(|error| Fault::new("get random bytes", error))?;
        let sealed = key.seal(&answer, &self.app_id, bytes);
        let sealed = sealed.ok_or_else(|| Fault::new("seal an answer", "too long"))?;
        let (nonce, time) = (random()?, seconds.to_string());
        let signed = signature(&[&self.token, &time, &nonce, &sealed]);
        let [sealed, signed, nonce] = [sealed, signed, nonce].map(|text| cdata(&text));
        Ok(format!(
            "<xml><Encrypt>{sealed}</Encrypt><MsgSignature>{signed}</MsgSignature>\
             <TimeStamp>{time}</TimeStamp><Nonce>{nonce}</Nonce></xml>"
        ))
    }
}

/// How the platform calls. It names whoever wrote in the address too; that is not read.
#[derive(Default, Deserialize)]
#[serde(default)]
pub struct Call {
    signature: String,
    timestamp: String,
    nonce: String,
    echostr: String,
    encrypt_type: String,
    msg_signature: String,
}

/// Proves to the platform that the site is the one that knows the token.
///
/// # Errors
/// Not found for whoever does not know it.
pub async fn check(
    State(app): State<Arc<App>>,
    Query(call): Query<Call>,
) -> Result<Response, Error> {
    let wechat = app.wechat.as_ref().ok_or(Error::NotFound)?;
    if !wechat.made(&call, None, &call.signature, app.now().ms) {
        return Err(Error::NotFound);
    }
    Ok(call.echostr.into_response())
}

/// Answers a message or an event with the address of the page.
///
/// # Errors
/// Not found for whoever does not know the token; too large.
pub async fn answer(
    State(app): State<Arc<App>>,
    ui: Ui,
    Query(call): Query<Call>,
    body: Result<Bytes, BytesRejection>,
) -> Result<Response, Error> {
    let wechat = app.wechat.as_ref().ok_or(Error::NotFound)?;
    let now_ms = app.now().ms;
    if !wechat.made(&call, None, &call.signature, now_ms) {
        return Err(Error::NotFound);
    }
    let body = body.map_err(|_| Error::TooLarge)?;
    let message = wechat.opened(&call, &body, now_ms).ok_or(Error::NotFound)?;
    let mut heard = wechat.heard.lock().unwrap_or_else(PoisonError::into_inner);
    // A call made ahead of time may come again until it is too old.
    let is_new = heard.is_new(&message.own(), now_ms, 2 * GOOD_MS);
    drop(heard);
    if !is_new {
        return Ok(HEARD.into_response());
    }
    let address = format!("{}/report", ui.site);
    let words = ui.with("web-report-wechat", &[("address", &address)]);
    let sent = wechat.sent(message.answer(&words, now_ms / 1000), now_ms / 1000)?;
    Ok(([(CONTENT_TYPE, "application/xml; charset=utf-8")], sent).into_response())
}
