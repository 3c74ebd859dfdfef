//! The public site: what anybody may read, without an account and without a script.

mod about;
mod case;
mod content;
mod data;
mod disclosed;
mod glance;
mod home;
mod log;
mod matter;
mod notice;
mod power;
mod scoreboard;
mod search;
mod settings;
mod statistics;
mod stepped;
mod topics;
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
        .page("/", home::show)
        .page("/about", about::show)
        .get("/places", Right::Public, home::find)
        .page("/townships/{code}", township::show)
        .page("/villages/{code}", village::show)
        .page("/villages/{code}/feed", data::feed)
        .page("/matters/{number}", matter::show)
        .post("/matters/{number}/questions", Right::Public, notice::ask_matter)
        .page("/notices/{number}", notice::show)
        .post("/notices/{number}/questions", Right::Public, notice::ask)
        .get("/notices/{number}/photos/{digest}", Right::Public, notice::photo)
        .get("/notices/{number}/proof", Right::Public, log::proof)
        .get("/log/checkpoint", Right::Public, log::checkpoint)
        .get("/log/keys", Right::Public, log::keys)
        .get("/log/tile/{*path}", Right::Public, log::tile)
        .get("/verify", Right::Public, verify::show)
        .get("/verify/offline.html", Right::Public, verify::offline)
        .page("/villages/{code}/topics", topics::show)
        .post("/villages/{code}/topics", Right::Public, topics::propose)
        .post("/topics/{number}/support", Right::Public, topics::support)
        .page("/statistics", statistics::show)
        .page("/cases", case::list)
        .page("/cases/{number}", case::one)
        .page("/stepped-up", stepped::list)
        .page("/stepped-up/{number}", stepped::one)
        .page("/scoreboard", scoreboard::show)
        .get("/search", Right::Public, search::show)
        .page("/open-data", data::show)
        .page("/api/v1/{file}", data::list)
        .page("/powers", power::list)
        .page("/powers/{code}", power::show)
        .get("/settings", Right::Public, settings::keep)
}
