//! What a request can end with instead of its page. The three kinds of failure, and two more that
//! only a web page has: no such page, and no right to it.

use std::sync::Arc;

use askama::Template;
use axum::extract::{FromRequestParts, Request, State};
use axum::http::StatusCode;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use domain::catalogue::Step;
use domain::problem::{Failure, Fault, RuleViolation};
use registry::actions::Refusal;

use crate::state::App;
use crate::ui::{Ui, html};

/// Why there is no page.
#[derive(Debug, Clone)]
pub enum Error {
    /// No such page, or none that this visitor may know of.
    NotFound,
    /// Sign in first.
    SignIn,
    /// Say first whose benefits these are; the time for it may be over.
    Unrecognised,
    /// The form is not from this site, or was open for too long.
    StaleForm,
    /// Too many tries; later again.
    TooMany,
    /// More than is taken at once.
    TooLarge,
    /// Rules that say no.
    Rules(Vec<RuleViolation>),
    /// What the three kinds say.
    Failed(Failure),
}

impl Error {
    /// The answer's status.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        match self {
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::SignIn | Self::Unrecognised => StatusCode::UNAUTHORIZED,
            Self::StaleForm => StatusCode::FORBIDDEN,
            Self::TooMany => StatusCode::TOO_MANY_REQUESTS,
            Self::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::Rules(rules) if rules.iter().all(|r| r.rule.starts_with("deny-")) => {
                StatusCode::FORBIDDEN
            }
            Self::Rules(_) | Self::Failed(Failure::Rule(_)) => StatusCode::CONFLICT,
            Self::Failed(Failure::Problem(_)) => StatusCode::UNPROCESSABLE_ENTITY,
            Self::Failed(Failure::Fault(_)) => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }
}

impl From<Failure> for Error {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::Rule(rule) => Self::Rules(vec![*rule]),
            other => Self::Failed(other),
        }
    }
}

impl From<Fault> for Error {
    fn from(fault: Fault) -> Self {
        Self::Failed(fault.into())
    }
}

impl From<Refusal> for Error {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::Rules(rules) => Self::Rules(rules),
            Refusal::Other(failure) => failure.into(),
        }
    }
}

impl IntoResponse for Error {
    /// Leaves the error for [`show`], which knows the reader's language.
    fn into_response(self) -> Response {
        let mut response = self.status().into_response();
        response.extensions_mut().insert(self);
        response
    }
}

#[derive(Template)]
#[template(path = "error.html")]
struct Page<'a> {
    ui: &'a Ui,
    title: String,
    lines: Vec<String>,
    operation: Option<String>,
}

/// Puts the page of an error in its place, in the reader's language. A fault is logged with the
/// number that the page shows; the reader sees nothing of its inside.
pub async fn show(State(app): State<Arc<App>>, request: Request, next: Next) -> Response {
    let (mut parts, body) = request.into_parts();
    let Ok(ui) = Ui::from_request_parts(&mut parts, &app).await;
    let response = next.run(Request::from_parts(parts, body)).await;
    let Some(error) = response.extensions().get::<Error>() else { return response };
    let operation = matches!(error, Error::Failed(Failure::Fault(_))).then(operation_id);
    if let (Error::Failed(Failure::Fault(fault)), Some(id)) = (error, &operation) {
        tracing::error!(operation = %id, during = fault.during, detail = %fault.detail, "fault");
    }
    let (title, lines) = words(&ui, error);
    let page = Page { ui: &ui, title, lines, operation };
    (error.status(), html(&page)).into_response()
}

/// What is wrong, a sentence a line; `steps` are those of the process at hand.
#[must_use]
pub fn lines(ui: &Ui, error: &Error, steps: &[Step]) -> Vec<String> {
    match error {
        Error::Rules(rules) => rules.iter().map(|rule| ui.rule_of(rule, steps)).collect(),
        other => words(ui, other).1,
    }
}

fn words(ui: &Ui, error: &Error) -> (String, Vec<String>) {
    let plain = |key: &str| ui.t(key).to_owned();
    match error {
        Error::NotFound => (plain("web-error-missing"), vec![plain("web-error-missing-hint")]),
        Error::SignIn => (plain("web-error-sign-in"), vec![plain("web-error-sign-in-hint")]),
        Error::Unrecognised => (plain("web-my-over"), vec![plain("web-my-over-hint")]),
        Error::StaleForm => (plain("web-error-stale"), vec![plain("web-error-stale-hint")]),
        Error::TooMany => (plain("web-error-many"), vec![plain("web-error-many-hint")]),
        Error::TooLarge => (plain("web-error-large"), vec![plain("web-error-large-hint")]),
        Error::Rules(rules) => {
            let lines = rules.iter().map(|rule| ui.rule(rule)).collect();
            (plain("web-error-rule"), lines)
        }
        Error::Failed(Failure::Fault(_)) => {
            (plain("web-error-fault"), vec![plain("web-error-fault-hint")])
        }
        Error::Failed(other) => (plain("web-error-problem"), vec![ui.failure(other)]),
    }
}

/// A number that the reader can tell to whoever looks after the machine.
fn operation_id() -> String {
    let mut bytes = [0; 5];
    let _random = getrandom::fill(&mut bytes);
    bytes.iter().map(|byte| format!("{byte:02X}")).collect()
}
