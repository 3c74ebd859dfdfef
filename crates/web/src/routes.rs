//! The list of routes, each with the right that it needs. A handler cannot be reached without it:
//! the same call that adds the handler puts the guard before it.

use std::sync::Arc;

use axum::Router;
use axum::extract::{DefaultBodyLimit, FromRequestParts, Request, State};
use axum::handler::Handler;
use axum::http::Method;
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{MethodRouter, get, post};
use domain::access::Act;

use crate::error::Error;
use crate::office::drafts;
use crate::session::Signed;
use crate::shelf;
use crate::state::App;

/// Who may reach a route. Whether he may do it in this place too, the register answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Right {
    /// Anybody.
    Public,
    /// Whoever has signed in.
    SignedIn,
    /// Whoever may do one of these acts with this kind of thing somewhere.
    May(&'static [Act], &'static str),
    /// Whoever may do one of these acts with one of these kinds of things where it is routed to his office.
    Routed(&'static [Act], &'static [&'static str]),
}

/// A route.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Route {
    /// `GET` or `POST`.
    pub method: Method,
    /// As the router has it: `/villages/{code}`.
    pub path: &'static str,
    /// Who may reach it.
    pub right: Right,
}

/// Routes while they are put together.
pub struct Routes {
    app: Arc<App>,
    router: Router<Arc<App>>,
    list: Vec<Route>,
}

impl Routes {
    /// None yet.
    #[must_use]
    pub fn new(app: &Arc<App>) -> Self {
        Self { app: Arc::clone(app), router: Router::new(), list: Vec::new() }
    }

    /// What the routes are for.
    #[must_use]
    pub fn app(&self) -> &App {
        &self.app
    }

    /// Adds a page.
    #[must_use]
    pub fn get<H, T>(self, path: &'static str, right: Right, handler: H) -> Self
    where
        H: Handler<T, Arc<App>>,
        T: 'static,
    {
        self.add(Method::GET, path, right, get(handler))
    }

    /// Adds a public page that is the same for all readers, but for language, size of letters and the
    /// token of its forms: it is drawn once and kept for a moment.
    #[must_use]
    pub fn page<H, T>(self, path: &'static str, handler: H) -> Self
    where
        H: Handler<T, Arc<App>>,
        T: 'static,
    {
        let kept = get(handler).layer(from_fn_with_state(Arc::clone(&self.app), shelf::keep));
        self.add(Method::GET, path, Right::Public, kept)
    }

    /// Adds an act.
    #[must_use]
    pub fn post<H, T>(self, path: &'static str, right: Right, handler: H) -> Self
    where
        H: Handler<T, Arc<App>>,
        T: 'static,
    {
        self.add(Method::POST, path, right, post(handler))
    }

    /// Adds an act that takes a file up to the size that the site allows.
    #[must_use]
    pub fn upload<H, T>(self, path: &'static str, right: Right, handler: H) -> Self
    where
        H: Handler<T, Arc<App>>,
        T: 'static,
    {
        let most = self.app.setup.upload_mb.saturating_mul(1 << 20);
        let most = DefaultBodyLimit::max(usize::try_from(most).unwrap_or(usize::MAX));
        self.add(Method::POST, path, right, post(handler).layer(most))
    }

    fn add(
        mut self,
        method: Method,
        path: &'static str,
        right: Right,
        handler: MethodRouter<Arc<App>>,
    ) -> Self {
        self.list.push(Route { method, path, right });
        let guarded = match right {
            Right::Public => handler,
            _ => handler.layer(from_fn_with_state((Arc::clone(&self.app), right), guard)),
        };
        self.router = self.router.route(path, guarded);
        self
    }

    /// What was put together.
    pub fn done(self) -> (Router<Arc<App>>, Vec<Route>) {
        (self.router, self.list)
    }
}

/// Lets through who has the right. Who has not signed in is led to the door, and back afterwards.
async fn guard(
    State((app, right)): State<(Arc<App>, Right)>,
    request: Request,
    next: Next,
) -> Response {
    let (mut parts, body) = request.into_parts();
    let signed = match Signed::from_request_parts(&mut parts, &app).await {
        Ok(signed) => signed,
        Err(Error::SignIn) if parts.method == Method::GET => {
            let back = parts.uri.path_and_query().map_or("/office", |path| path.as_str());
            return Redirect::to(&format!("/sign-in?back={}", encoded(back))).into_response();
        }
        Err(Error::SignIn) => return drafts::keep_late(&app, &parts, body).await,
        Err(error) => return error.into_response(),
    };
    if let Right::May(acts, object) = right
        && let Err(refusal) = signed.may_somewhere(acts, object)
    {
        return refusal.into_response();
    }
    if let Right::Routed(acts, objects) = right
        && let Err(refusal) = signed.may_routed(acts, objects)
    {
        return refusal.into_response();
    }
    parts.extensions.insert(signed);
    next.run(Request::from_parts(parts, body)).await
}

/// A path as a value in a query.
#[must_use]
pub fn encoded(path: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"/-_.~".contains(&byte);
    path.bytes()
        .map(|b| if plain(b) { char::from(b).to_string() } else { format!("%{b:02X}") })
        .collect()
}
