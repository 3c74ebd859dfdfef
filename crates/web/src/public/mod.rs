//! The public site: what anybody may read, without an account and without a script.

mod home;
mod power;
mod settings;

use std::sync::Arc;

use axum::Router;
use axum::routing::get;

use crate::state::App;

/// Routes of the public site.
pub fn routes() -> Router<Arc<App>> {
    Router::new()
        .route("/", get(home::show))
        .route("/powers", get(power::list))
        .route("/powers/{code}", get(power::show))
        .route("/settings", get(settings::keep))
}
