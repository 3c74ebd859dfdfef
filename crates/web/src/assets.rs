//! Styles and scripts, bundled at build time and named by their content.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use axum::extract::Path;
use axum::http::header::{
    ACCEPT_ENCODING, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_TYPE, HeaderMap, VARY,
};
use axum::response::{IntoResponse, Response};
use rust_embed::RustEmbed;

use crate::error::Error;

#[derive(RustEmbed)]
#[folder = "assets/dist"]
struct Dist;

fn digests() -> &'static BTreeMap<String, String> {
    static DIGESTS: OnceLock<BTreeMap<String, String>> = OnceLock::new();
    DIGESTS.get_or_init(|| {
        let list = Dist::get("list.json").map(|file| file.data.into_owned()).unwrap_or_default();
        serde_json::from_slice(&list).unwrap_or_default()
    })
}

/// Address of a bundled file: it changes with the content, so that a browser may keep the file.
#[must_use]
pub fn address(name: &str) -> String {
    let digest = digests().get(name).map_or("0", String::as_str);
    format!("/assets/{digest}/{name}")
}

/// Bytes of a bundled file.
#[must_use]
pub fn file(name: &str) -> Option<Vec<u8>> {
    Dist::get(name).map(|file| file.data.into_owned())
}

/// A bundled file.
///
/// # Errors
/// Not found.
pub async fn serve(
    Path((_, name)): Path<(String, String)>,
    headers: HeaderMap,
) -> Result<Response, Error> {
    let kind = match name.rsplit_once('.').map(|(_, end)| end) {
        Some("css") => "text/css; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        _ => return Err(Error::NotFound),
    };
    let keep = (CACHE_CONTROL, "public, max-age=31536000, immutable");
    let takes_gzip = headers.get(ACCEPT_ENCODING).and_then(|value| value.to_str().ok());
    if takes_gzip.is_some_and(|value| value.contains("gzip"))
        && let Some(file) = Dist::get(&format!("{name}.gz"))
    {
        let head =
            [(CONTENT_TYPE, kind), keep, (CONTENT_ENCODING, "gzip"), (VARY, "accept-encoding")];
        return Ok((head, file.data.into_owned()).into_response());
    }
    let file = Dist::get(&name).ok_or(Error::NotFound)?;
    Ok(([(CONTENT_TYPE, kind), keep, (VARY, "accept-encoding")], file.data.into_owned())
        .into_response())
}
