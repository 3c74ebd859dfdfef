//! The public log as plain files, so that anybody can mirror it and be a witness: the signed checkpoint,
//! the public keys, the tiles (C2SP tlog-tiles).

use std::path::PathBuf;
use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::header::{ACCESS_CONTROL_ALLOW_ORIGIN, CACHE_CONTROL, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use registry::log::Log;
use registry::tx::PUBLIC;

use crate::error::Error;
use crate::state::App;

const TEXT: &str = "text/plain; charset=utf-8";
const BYTES: &str = "application/octet-stream";

/// The log of the county.
#[must_use]
pub fn log(app: &App) -> Log {
    Log::at(&app.setup.logs, PUBLIC)
}

/// The last signed checkpoint.
///
/// # Errors
/// A fault when the log cannot be read.
pub async fn checkpoint(State(app): State<Arc<App>>) -> Result<Response, Error> {
    Ok(file(TEXT, "public, max-age=1", log(&app).checkpoint()?.into_bytes()))
}

/// The keys that sign it.
///
/// # Errors
/// A fault when the log cannot be read.
pub async fn keys(State(app): State<Arc<App>>) -> Result<Response, Error> {
    Ok(file(TEXT, "public, max-age=60", log(&app).ring()?.to_string().into_bytes()))
}

/// A tile, or a bundle of entries: `0/x001/067`, `entries/000.p/12`.
///
/// # Errors
/// Not found.
pub async fn tile(
    State(app): State<Arc<App>>,
    Path(path): Path<String>,
) -> Result<Response, Error> {
    let inside = tile_path(&path).ok_or(Error::NotFound)?;
    let whole = app.setup.logs.join(PUBLIC).join("tile").join(inside);
    let bytes = std::fs::read(whole).map_err(|_| Error::NotFound)?;
    // A part grows until it is full; what is full never changes.
    let keep = if path.contains(".p/") {
        "public, max-age=60"
    } else {
        "public, max-age=31536000, immutable"
    };
    Ok(file(BYTES, keep, bytes))
}

fn file(kind: &'static str, keep: &'static str, bytes: Vec<u8>) -> Response {
    let head = [(CONTENT_TYPE, kind), (CACHE_CONTROL, keep), (ACCESS_CONTROL_ALLOW_ORIGIN, "*")];
    (head, bytes).into_response()
}

/// A path of the log's own alphabet: a level or `entries`, then groups of three digits, and the width of
/// a part. Nothing else is a path here.
fn tile_path(path: &str) -> Option<PathBuf> {
    let digits = |text: &str, most: usize| {
        !text.is_empty() && text.len() <= most && text.bytes().all(|b| b.is_ascii_digit())
    };
    let mut parts = path.split('/');
    let level = parts.next().filter(|level| *level == "entries" || digits(level, 2))?;
    let mut inside = PathBuf::from(level);
    let mut wants_width = false;
    for part in parts {
        let number = part.strip_suffix(".p").unwrap_or(part);
        let number = number.strip_prefix('x').unwrap_or(number);
        if !digits(number, 3) {
            return None;
        }
        wants_width = part.ends_with(".p");
        inside.push(part);
    }
    (!wants_width && path.contains('/')).then_some(inside)
}

/// The proof of a version of a notice, as a file to keep.
///
/// # Errors
/// Not found; a problem while the log has not signed it yet.
pub async fn proof(
    State(app): State<Arc<App>>,
    Path(number): Path<String>,
) -> Result<Response, Error> {
    let bundle = bundle(&app, &number).await?;
    let json = bundle.to_json().map_err(|e| domain::problem::Fault::new("write proof", e))?;
    let name = format!("attachment; filename=\"{number}.proof.json\"");
    let head = [(CONTENT_TYPE, "application/json"), (CACHE_CONTROL, "no-cache")];
    Ok((head, [("content-disposition", name)], json).into_response())
}

/// What proves the last version of a notice.
///
/// # Errors
/// Not found; a problem while the log has not signed it yet.
pub async fn bundle(app: &App, number: &str) -> Result<journal::bundle::Bundle, Error> {
    let (db, today) = (&app.setup.registry.db, app.now().day);
    let notice = registry::queries::public_notice::notice(db, number, today).await?;
    let notice = notice.ok_or(Error::NotFound)?;
    let last = notice.versions.last().ok_or(Error::NotFound)?;
    let leaf = last.leaf.and_then(|leaf| u64::try_from(leaf).ok()).ok_or(Error::NotFound)?;
    let mut bundle = log(app).bundle(db, leaf).await?;
    // Names that may hang no longer are not in the proof either; it holds without them.
    bundle.fields.retain(|name, _| last.personal.contains_key(name));
    Ok(bundle)
}

#[cfg(test)]
mod tests {
    use super::tile_path;

    #[test]
    fn only_paths_of_the_log_are_paths() {
        for good in ["0/000", "0/x001/067", "entries/000", "entries/x001/234.p/17", "1/000.p/8"] {
            assert!(tile_path(good).is_some(), "{good}");
        }
        for bad in [
            "0",
            "",
            "../keys",
            "0/../../keys",
            "entries/000.p",
            "0//000",
            "0/0000",
            "a/000",
            "/etc/passwd",
        ] {
            assert!(tile_path(bad).is_none(), "{bad}");
        }
    }
}
