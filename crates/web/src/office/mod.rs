//! The office: who signed in, and what he may do in his place.

use std::sync::Arc;

use axum::Router;

use crate::state::App;

/// Routes of the office.
pub fn routes() -> Router<Arc<App>> {
    Router::new()
}
