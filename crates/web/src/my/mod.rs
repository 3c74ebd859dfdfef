//! My benefits (查我的补贴): a villager looks up what was paid to him, who looked at it and why, and says
//! what is wrong with it. Works against the facts; the ID number never leaves the vault.
//!
//! Who has no card at hand brings a one-time code from a counter (`crate::codes`). Deliberately absent: a
//! code by telephone. The facts hold no telephone numbers, and one that a visitor types proves nothing.

mod benefits;
mod desk;
mod requests;
mod sign;
mod work;

pub use desk::{Budgets, Desk};
pub use sign::reader;
pub use work::{GOOD_MS, Work};

use crate::routes::{Right, Routes};

/// Routes of a villager's own pages.
#[must_use]
pub fn routes(routes: Routes) -> Routes {
    routes
        .get("/my", Right::Public, sign::show)
        .post("/my", Right::Public, sign::look_up)
        .post("/my/end", Right::Public, sign::end)
        .get("/my/benefits", Right::Public, benefits::show)
        .post("/my/requests/new", Right::Public, requests::ask)
        .post("/my/requests", Right::Public, requests::open)
}
