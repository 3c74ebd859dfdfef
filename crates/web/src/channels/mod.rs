//! Ways of other programs into the site, and of notices out of it. Off, and not even there, until the
//! operator sets them up.
//!
//! Deliberately absent: taking a report out of a chat. A chat is read by the company that runs it, and
//! names whoever writes; it leads to the page, and nothing of it is kept.

mod cipher;
mod heard;
mod message;
mod wechat;
mod wecom;

pub use wechat::Wechat;
pub use wecom::Bots;

use axum::extract::DefaultBodyLimit;
use axum::handler::Handler;

use crate::routes::{Right, Routes};

/// Longest call, in bytes: the platform sends a few hundred.
const LONGEST: usize = 64 * 1024;

/// Routes of the channels that are set up.
#[must_use]
pub fn routes(routes: Routes) -> Routes {
    if routes.app().wechat.is_none() {
        return routes;
    }
    let answer = wechat::answer.layer(DefaultBodyLimit::max(LONGEST));
    routes.get("/channels/wechat", Right::Public, wechat::check).post(
        "/channels/wechat",
        Right::Public,
        answer,
    )
}
