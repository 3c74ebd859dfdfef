//! Checking a notice: in the reader's own browser where scripts run, by this server otherwise, and the
//! page says which.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Query, State};
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;

use super::log::{bundle, log};
use crate::error::Error;
use crate::state::App;
use crate::ui::{Ui, page};

/// What the form sends.
#[derive(Deserialize)]
pub struct Wanted {
    #[serde(default)]
    notice: String,
}

#[derive(Template)]
#[template(path = "public/verify.html")]
struct Shown<'a> {
    ui: &'a Ui,
    notice: &'a str,
    /// What this server finds.
    found: Option<Found>,
    keys: String,
    words: String,
}

struct Found {
    good: bool,
    text: String,
}

/// Sentences that the script says.
const WORDS: [&str; 9] = [
    "web-verify-good",
    "web-verify-erased",
    "web-verify-format",
    "web-verify-signature",
    "web-verify-tree",
    "web-verify-content",
    "web-verify-other",
    "web-verify-network",
    "web-verify-working",
];

/// The page.
///
/// # Errors
/// A fault when the log cannot be read.
pub async fn show(
    State(app): State<Arc<App>>,
    ui: Ui,
    Query(wanted): Query<Wanted>,
) -> Result<Response, Error> {
    let notice = wanted.notice.trim();
    let found = if notice.is_empty() { None } else { Some(look(&app, &ui, notice).await?) };
    let words: serde_json::Map<String, serde_json::Value> =
        WORDS.iter().map(|key| ((*key).to_owned(), ui.template(key).into())).collect();
    let words = serde_json::Value::from(words).to_string().replace('<', "\\u003c");
    let keys = log(&app).ring()?.to_string();
    page(&Shown { ui: &ui, notice, found, keys, words })
}

/// What this server finds when it checks its own proof.
async fn look(app: &App, ui: &Ui, number: &str) -> Result<Found, Error> {
    let bundle = match bundle(app, number).await {
        Ok(bundle) => bundle,
        Err(Error::NotFound) => {
            return Ok(Found { good: false, text: ui.t("web-verify-unknown").to_owned() });
        }
        Err(Error::Failed(failure)) => {
            return Ok(Found { good: false, text: ui.failure(&failure) });
        }
        Err(other) => return Err(other),
    };
    Ok(match journal::verify::verify(&bundle, &log(app).ring()?) {
        Ok(verified) => {
            let (leaf, size) = (verified.index.to_string(), verified.checkpoint.size.to_string());
            let args = [("number", number), ("leaf", leaf.as_str()), ("size", size.as_str())];
            Found { good: true, text: ui.with("web-verify-good", &args) }
        }
        Err(refused) => {
            Found { good: false, text: ui.t(&format!("ui-{}", refused.code())).to_owned() }
        }
    })
}

/// The verifier as one file, for use without any network.
///
/// # Errors
/// Not found.
pub async fn offline() -> Result<Response, Error> {
    let page = crate::assets::file("offline.html").ok_or(Error::NotFound)?;
    let head = [
        (CONTENT_TYPE, "text/html; charset=utf-8"),
        (CONTENT_DISPOSITION, "attachment; filename=\"mingbai-verify.html\""),
    ];
    Ok((head, page).into_response())
}
