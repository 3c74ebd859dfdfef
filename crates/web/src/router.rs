//! All routes, and what stands around them.

use std::any::Any;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::{DefaultBodyLimit, MatchedPath, Request, State};
use axum::http::{Method, StatusCode};
use axum::middleware::{Next, from_fn, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use domain::problem::Fault;
use tower_http::CompressionLevel;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;
use tower_http::timeout::TimeoutLayer;

use crate::error::Error;
use crate::routes::{Route, Routes};
use crate::state::App;
use crate::{assets, channels, error, headers, my, office, public, report};

/// Largest form or file that is taken, in bytes.
const LARGEST: usize = 20 * 1024 * 1024;
/// How long an answer may take.
const PATIENCE: Duration = Duration::from_secs(60);

/// The site.
pub fn router(app: Arc<App>) -> Router {
    let (pages, _) = routes(&app);
    Router::new()
        .route("/assets/{digest}/{name}", get(assets::serve))
        .route("/healthz", get(|| async { "ok\n" }))
        .route("/readyz", get(ready))
        .merge(pages)
        .fallback(|| async { Error::NotFound })
        // A handler that breaks off or takes too long is answered with a page and all headers too.
        .layer(CatchPanicLayer::custom(broke_off))
        .layer(TimeoutLayer::with_status_code(StatusCode::SERVICE_UNAVAILABLE, PATIENCE))
        .layer(from_fn(without_nothing))
        .layer(from_fn_with_state(Arc::clone(&app), error::show))
        .layer(CatchPanicLayer::new())
        .layer(from_fn_with_state(Arc::clone(&app), headers::add))
        .layer(CompressionLayer::new().quality(CompressionLevel::Fastest))
        .layer(DefaultBodyLimit::max(LARGEST))
        .layer(from_fn_with_state(Arc::clone(&app), count))
        .with_state(app)
}

/// All pages with the right that each needs.
pub fn routes(app: &Arc<App>) -> (Router<Arc<App>>, Vec<Route>) {
    let public = report::routes(my::routes(public::routes(Routes::new(app))));
    channels::routes(office::routes(public)).done()
}

/// What whoever watches the machine reads, on an address of its own.
pub fn watch_router(app: Arc<App>) -> Router {
    let figures = |State(app): State<Arc<App>>| async move { app.metrics.text() };
    Router::new().route("/metrics", get(figures)).with_state(app)
}

/// Turns away addresses with a letter that is none: no record has it, and no database should be asked.
async fn without_nothing(request: Request, next: Next) -> Response {
    let address = request.uri().path_and_query().map_or("", |address| address.as_str());
    if address.contains("%00") {
        return Error::NotFound.into_response();
    }
    next.run(request).await
}

/// What whoever asks sees of a handler that broke off: a number, and nothing of its inside.
fn broke_off(_inside: Box<dyn Any + Send>) -> Response {
    Error::from(Fault::new("answer a request", "the handler broke off")).into_response()
}

async fn ready(State(app): State<Arc<App>>) -> Response {
    match registry::queries::lists::sizes(&app.setup.registry.db).await {
        Ok(_) => "ready\n".into_response(),
        Err(_) => StatusCode::SERVICE_UNAVAILABLE.into_response(),
    }
}

/// Counts a request under its route, never under its address, which may name somebody.
async fn count(State(app): State<Arc<App>>, request: Request, next: Next) -> Response {
    let route = request.extensions().get::<MatchedPath>().map(|path| path.as_str().to_owned());
    let (route, method) = (route.unwrap_or_else(|| "-".to_owned()), known(request.method()));
    let started = app.now().ms;
    let response = next.run(request).await;
    let took = app.now().ms - started;
    let status = response.status().as_u16();
    app.metrics.count(&route, method, status, took);
    tracing::debug!(route, method, status, duration_ms = took, "answered");
    response
}

/// A method as figures name it. Who asks may invent as many as he likes; a row for each would fill the
/// memory.
fn known(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::HEAD => "HEAD",
        Method::POST => "POST",
        _ => "-",
    }
}
