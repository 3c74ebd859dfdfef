//! Language and elder mode, kept in a cookie for a year.

use std::sync::Arc;

use axum::extract::{Query, State};
use axum::http::HeaderMap;
use axum::http::header::{HeaderValue, SET_COOKIE};
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;

use crate::request::set_cookie;
use crate::state::App;
use crate::ui::{ELDER, LANGUAGE};

/// What the links in the head of a page ask for.
#[derive(Deserialize)]
pub struct Wanted {
    lang: Option<String>,
    elder: Option<String>,
    #[serde(default)]
    back: String,
}

/// Keeps the choice and goes back to the page.
pub async fn keep(State(app): State<Arc<App>>, Query(wanted): Query<Wanted>) -> Response {
    let mut headers = HeaderMap::new();
    let language = wanted.lang.filter(|tag| ["zh-CN", "en"].contains(&tag.as_str()));
    let elder = wanted.elder.filter(|flag| ["0", "1", "2"].contains(&flag.as_str()));
    for (name, value) in [(LANGUAGE, language), (ELDER, elder)] {
        let Some(value) = value else { continue };
        let line = set_cookie(&app, name, &value, "; Max-Age=31536000");
        if let Ok(line) = HeaderValue::from_str(&line) {
            headers.append(SET_COOKIE, line);
        }
    }
    (headers, Redirect::to(inside(&wanted.back))).into_response()
}

/// Only a path of this site: nobody is sent elsewhere by a link.
#[must_use]
pub fn inside(back: &str) -> &str {
    // Browsers drop tabs and line breaks from an address, and take `\` for `/`.
    let odd = |letter: char| letter == '\\' || letter.is_control();
    let own = back.starts_with('/') && !back.starts_with("//") && !back.contains(odd);
    if own { back } else { "/" }
}

#[cfg(test)]
mod tests {
    use super::inside;

    #[test]
    fn nobody_is_sent_to_another_site() {
        for back in [
            "//evil.example",
            "https://evil.example",
            "/\\evil.example",
            "",
            "/a\nb",
            "/\t/evil.example",
        ] {
            assert_eq!(inside(back), "/", "{back:?}");
        }
        assert_eq!(inside("/villages/1?x=2"), "/villages/1?x=2");
    }
}
