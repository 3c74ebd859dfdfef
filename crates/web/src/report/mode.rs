//! The screen of a village office (kiosk): large letters, nothing left for whoever comes next.

use std::sync::Arc;

use axum::extract::State;
use axum::http::header::{HeaderName, HeaderValue, SET_COOKIE};
use axum::response::{IntoResponse, Redirect, Response};
use domain::problem::Fault;
use domain::report::Channel;

use super::sheet::Sheet;
use crate::error::Error;
use crate::request::{VISITOR, set_cookie};
use crate::state::App;
use crate::ui::Ui;

/// Field and parameter of the mode.
pub const KIOSK: &str = "kiosk";
/// What a browser forgets at the end. Only over TLS do browsers obey.
const FORGET: &str = "\"cache\", \"cookies\", \"storage\"";

/// The channel of a mode.
#[must_use]
pub const fn channel(kiosk: bool) -> Channel {
    if kiosk { Channel::Kiosk } else { Channel::Web }
}

/// The reader's side of a page that was sent and not linked to: its links for language and size lead to
/// a page that can be opened.
#[must_use]
pub fn at(mut ui: Ui, path: &str, kiosk: bool) -> Ui {
    ui.path = if kiosk { format!("{path}?{KIOSK}=1") } else { path.to_owned() };
    ui.elder |= kiosk;
    ui
}

/// Ends what somebody did at a kiosk: the next one finds the first page and a browser that knows nothing.
///
/// # Errors
/// A fault when a header cannot be written.
pub async fn end(State(app): State<Arc<App>>, _sheet: Sheet) -> Result<Response, Error> {
    let line = set_cookie(&app, VISITOR, "", "; Max-Age=0");
    let line = HeaderValue::from_str(&line).map_err(|error| Fault::new("set cookie", error))?;
    let forget = (HeaderName::from_static("clear-site-data"), HeaderValue::from_static(FORGET));
    let next = Redirect::to(&format!("/report?{KIOSK}=1"));
    Ok(([(SET_COOKIE, line), forget], next).into_response())
}
