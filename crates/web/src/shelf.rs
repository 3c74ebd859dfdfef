//! Public pages that were drawn a moment ago. They are the same for all readers but for language, size
//! of letters, and the token of their forms.
//!
//! A page is good as long as nothing was done in the register that anybody may see: every act adds an
//! entry to the internal log, and each request looks at those that came since the last one. What is
//! withdrawn is gone from here with the next request. A page goes anyhow after half a minute and at
//! midnight, because it shows what is made less often.

use std::collections::HashMap;
use std::io::Write;
use std::sync::{Arc, Mutex, PoisonError};

use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{FromRequestParts, Request, State};
use axum::http::header::{
    ACCEPT_ENCODING, CONTENT_ENCODING, ETAG, HeaderMap, HeaderValue, IF_NONE_MATCH, SET_COOKIE,
    VARY,
};
use axum::http::request::Parts;
use axum::http::{Method, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use domain::problem::{Failure, Fault};
use domain::time::Day;
use flate2::Compression;
use flate2::write::GzEncoder;
use sha2::{Digest, Sha256};

use crate::request::{FormToken, hex, random};
use crate::state::App;
use crate::ui::Ui;

/// How long a page is kept, in milliseconds.
const KEEP_MS: i64 = 30_000;
/// Bytes of pages that are kept; afterwards those go that nobody asks for.
const MOST: usize = 48 * 1024 * 1024;
/// Level of compression: made once, sent often.
const LEVEL: u32 = 5;

/// Stands in a kept page where the token of the reader goes.
#[derive(Clone)]
pub struct Gap(pub String);

/// When a page was drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Drawn {
    ms: i64,
    day: Day,
    acts: i64,
}

impl Drawn {
    fn is_good(self, now: Self) -> bool {
        self.acts == now.acts && self.day == now.day && now.ms - self.ms < KEEP_MS
    }
}

/// A page.
struct Page {
    drawn: Drawn,
    headers: HeaderMap,
    bytes: Bytes,
    /// None where a token is still to come.
    zipped: Option<(Bytes, HeaderValue)>,
}

impl Page {
    fn size(&self) -> usize {
        self.bytes.len() + self.zipped.as_ref().map_or(0, |(zipped, _)| zipped.len())
    }
}

/// Pages by what the reader asked for: those asked for lately, and those of before.
#[derive(Default)]
struct Pages {
    now: HashMap<String, Arc<Page>>,
    before: HashMap<String, Arc<Page>>,
    bytes: usize,
}

impl Pages {
    fn get(&mut self, key: &str) -> Option<Arc<Page>> {
        if let Some(page) = self.now.get(key) {
            return Some(Arc::clone(page));
        }
        let page = self.before.remove(key)?;
        self.put(key.to_owned(), Arc::clone(&page));
        Some(page)
    }

    fn put(&mut self, key: String, page: Arc<Page>) {
        if self.bytes >= MOST / 2 {
            self.before = std::mem::take(&mut self.now);
            self.bytes = 0;
        }
        self.bytes += page.size();
        self.now.insert(key, page);
    }
}

/// The shelf.
pub struct Shelf {
    /// Nobody can write it into a text, because nobody knows it.
    gap: Gap,
    pages: Mutex<Pages>,
}

impl Shelf {
    /// Empty.
    ///
    /// # Errors
    /// A fault when the system has no randomness.
    pub fn new() -> Result<Self, Failure> {
        Ok(Self { gap: Gap(random()?), pages: Mutex::default() })
    }

    fn pages(&self) -> std::sync::MutexGuard<'_, Pages> {
        self.pages.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Answers with a page from the shelf, or has it drawn and keeps it.
pub async fn keep(State(app): State<Arc<App>>, request: Request, next: Next) -> Response {
    if ![Method::GET, Method::HEAD].contains(request.method()) {
        return next.run(request).await;
    }
    let now = app.now();
    let Ok(acts) = app.acts().await else {
        return next.run(request).await;
    };
    let now = Drawn { ms: now.ms, day: now.day, acts };
    let (mut parts, body) = request.into_parts();
    let Ok(ui) = Ui::from_request_parts(&mut parts, &app).await;
    let size = (ui.elder, ui.larger);
    let key = format!("{} {size:?} {}\n{}", ui.language.tag(), ui.site, ui.path);
    let kept = app.shelf.pages().get(&key).filter(|page| page.drawn.is_good(now));
    if let Some(page) = kept {
        return answer(&app, &mut parts, &page).await;
    }
    // Whoever asks for the head alone gets that of the whole page; its body is cut off outside.
    let mut inner = parts.clone();
    inner.method = Method::GET;
    inner.extensions.insert(app.shelf.gap.clone());
    let drawn = next.run(Request::from_parts(inner, body)).await;
    if drawn.status() != StatusCode::OK || drawn.headers().contains_key(SET_COOKIE) {
        return drawn;
    }
    match page(&app, now, drawn).await {
        Ok(page) => {
            app.metrics.drawn();
            let page = Arc::new(page);
            app.shelf.pages().put(key, Arc::clone(&page));
            answer(&app, &mut parts, &page).await
        }
        Err(fault) => crate::error::Error::from(fault).into_response(),
    }
}

async fn page(app: &App, drawn: Drawn, response: Response) -> Result<Page, Fault> {
    let (head, body) = response.into_parts();
    let bytes = to_bytes(body, usize::MAX).await.map_err(|e| Fault::new("keep page", e))?;
    let gap = app.shelf.gap.0.as_bytes();
    let has_gap = memchr::memmem::find(&bytes, gap).is_some();
    let zipped = if has_gap { None } else { Some((zipped(&bytes)?, tag(&bytes)?)) };
    Ok(Page { drawn, headers: head.headers, bytes, zipped })
}

fn zipped(bytes: &[u8]) -> Result<Bytes, Fault> {
    let fault = |error: std::io::Error| Fault::new("compress page", error);
    let mut encoder = GzEncoder::new(Vec::with_capacity(bytes.len() / 4), Compression::new(LEVEL));
    encoder.write_all(bytes).map_err(fault)?;
    Ok(encoder.finish().map_err(fault)?.into())
}

/// Tells a browser whether it has the page already.
fn tag(bytes: &[u8]) -> Result<HeaderValue, Fault> {
    let digest = hex(Sha256::digest(bytes).get(..12).unwrap_or_default());
    HeaderValue::from_str(&format!("W/\"{digest}\"")).map_err(|e| Fault::new("name page", e))
}

/// The page as this reader gets it.
async fn answer(app: &Arc<App>, parts: &mut Parts, page: &Page) -> Response {
    let Some((zipped, tag)) = &page.zipped else { return with_token(app, parts, page).await };
    let known = parts.headers.get(IF_NONE_MATCH).is_some_and(|known| known == tag);
    let (status, body) = match (known, takes_gzip(&parts.headers)) {
        (true, _) => (StatusCode::NOT_MODIFIED, Bytes::new()),
        (false, true) => (StatusCode::OK, zipped.clone()),
        (false, false) => (StatusCode::OK, page.bytes.clone()),
    };
    let mut response = (status, page.headers.clone(), Body::from(body)).into_response();
    let headers = response.headers_mut();
    headers.insert(ETAG, tag.clone());
    headers.insert(VARY, HeaderValue::from_static("accept-encoding, cookie"));
    if !known && takes_gzip(&parts.headers) {
        headers.insert(CONTENT_ENCODING, HeaderValue::from_static("gzip"));
    }
    response
}

/// Puts the reader's own token into the forms of a page.
async fn with_token(app: &Arc<App>, parts: &mut Parts, page: &Page) -> Response {
    let token = match FormToken::from_request_parts(parts, app).await {
        Ok(token) => token,
        Err(error) => return error.into_response(),
    };
    let text = String::from_utf8_lossy(&page.bytes).replace(&app.shelf.gap.0, &token.value);
    token.kept((page.headers.clone(), text).into_response())
}

/// Whether a browser reads what is compressed.
fn takes_gzip(headers: &HeaderMap) -> bool {
    let accepted = headers.get(ACCEPT_ENCODING).and_then(|value| value.to_str().ok());
    let mut parts = accepted.unwrap_or_default().split(',').map(|part| part.trim().split(';'));
    parts.any(|mut part| {
        part.next().is_some_and(|name| name.eq_ignore_ascii_case("gzip"))
            && !part.any(|more| matches!(more.trim(), "q=0" | "q=0.0" | "q=0.00" | "q=0.000"))
    })
}

#[cfg(test)]
mod tests {
    use super::{Drawn, HeaderMap, HeaderValue, MOST, Page, Pages, takes_gzip};
    use axum::body::Bytes;
    use domain::time::Day;
    use std::sync::Arc;

    #[test]
    fn a_browser_gets_what_it_reads() {
        for (accepted, expect) in [
            ("gzip, deflate, br", true),
            ("deflate, GZIP;q=0.5", true),
            ("br", false),
            ("gzip;q=0", false),
            ("x-gzip", false),
            ("", false),
        ] {
            let headers = HeaderMap::from_iter([(
                super::ACCEPT_ENCODING,
                HeaderValue::from_str(accepted).unwrap(),
            )]);
            assert_eq!(takes_gzip(&headers), expect, "{accepted}");
        }
    }

    #[test]
    fn the_shelf_is_never_fuller_than_it_may_be() {
        let mut pages = Pages::default();
        let page = |bytes: usize| {
            let drawn = Drawn { ms: 0, day: Day(0), acts: 0 };
            let bytes = Bytes::from(vec![0; bytes]);
            Arc::new(Page { drawn, headers: HeaderMap::new(), bytes, zipped: None })
        };
        let megabyte = page(1024 * 1024);
        for at in 0..500 {
            pages.put(at.to_string(), Arc::clone(&megabyte));
            assert!(pages.get("0").is_some(), "what is asked for stays: {at}");
            let kept = pages.now.len() + pages.before.len();
            assert!(kept * 1024 * 1024 <= MOST + 2 * 1024 * 1024, "{kept}");
        }
        assert!(pages.get("100").is_none());
    }
}
