//! The public site: what anybody may read, without an account and without a script.

mod about;
mod content;
mod data;
mod home;
mod log;
mod matter;
mod notice;
mod power;
mod scoreboard;
mod search;
mod settings;
mod township;
mod verify;
mod village;

pub use content::Content;
pub use settings::inside;

use axum::http::HeaderName;
use axum::http::header::CACHE_CONTROL;

use crate::routes::{Right, Routes};

/// Public pages may be kept for a moment by the reader's own browser.
const KEEP: (HeaderName, &str) = (CACHE_CONTROL, "private, max-age=10");

/// Routes of the public site.
#[must_use]
pub fn routes(routes: Routes) -> Routes {
    routes
        .get("/", Right::Public, home::show)
        .get("/about", Right::Public, about::show)
        .get("/places", Right::Public, home::find)
        .get("/townships/{code}", Right::Public, township::show)
        .get("/villages/{code}", Right::Public, village::show)
        .get("/villages/{code}/feed", Right::Public, data::feed)
        .get("/matters/{number}", Right::Public, matter::show)
        .post("/matters/{number}/questions", Right::Public, notice::ask_matter)
        .get("/notices/{number}", Right::Public, notice::show)
        .post("/notices/{number}/questions", Right::Public, notice::ask)
        .get("/notices/{number}/photos/{digest}", Right::Public, notice::photo)
        .get("/notices/{number}/proof", Right::Public, log::proof)
        .get("/log/checkpoint", Right::Public, log::checkpoint)
        .get("/log/keys", Right::Public, log::keys)
        .get("/log/tile/{*path}", Right::Public, log::tile)
        .get("/verify", Right::Public, verify::show)
        .get("/verify/offline.html", Right::Public, verify::offline)
        .get("/scoreboard", Right::Public, scoreboard::show)
        .get("/search", Right::Public, search::show)
        .get("/open-data", Right::Public, data::show)
        .get("/api/v1/{file}", Right::Public, data::list)
        .get("/powers", Right::Public, power::list)
        .get("/powers/{code}", Right::Public, power::show)
        .get("/settings", Right::Public, settings::keep)
}
