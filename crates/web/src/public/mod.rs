//! The public site: what anybody may read, without an account and without a script.

mod home;
mod power;
mod settings;

pub use settings::inside;

use crate::routes::{Right, Routes};

/// Routes of the public site.
#[must_use]
pub fn routes(routes: Routes) -> Routes {
    routes
        .get("/", Right::Public, home::show)
        .get("/powers", Right::Public, power::list)
        .get("/powers/{code}", Right::Public, power::show)
        .get("/settings", Right::Public, settings::keep)
}
