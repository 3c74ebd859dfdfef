//! One matter: what was done, what comes next and what is missing for it, each with its form.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use domain::catalogue::{Gate, Step};
use domain::problem::Failure;
use domain::procedure::OpenStep;
use registry::actions::matters::{self, Loaded};

use super::{MATTER, MOVE, READ};
use crate::error::Error;
use crate::request::FormToken;
use crate::session::Signed;
use crate::state::App;
use crate::ui::{Ui, page};

#[derive(Template)]
#[template(path = "office/matters/one.html")]
struct One<'a> {
    ui: &'a Ui,
    desk: &'a Signed,
    token: &'a str,
    matter: &'a Loaded,
    done: Vec<Done>,
    next: Vec<Next>,
    documents: Vec<(String, bool)>,
    may_move: bool,
}

struct Done {
    title: String,
    day: String,
    role: String,
}

/// Stages in which an amount is settled.
const MONEY: [&str; 4] = ["decide", "approve", "accept", "pay"];

/// A step that comes next, with the forms that it needs.
struct Next {
    code: String,
    title: String,
    /// Roles of the reader in which he may do it: code and title.
    mine: Vec<(String, String)>,
    actors: String,
    missing: Vec<String>,
    body: Option<String>,
    checkers: Vec<(String, String)>,
    signers: Vec<(String, String)>,
    asks_amount: bool,
}

/// The page.
///
/// # Errors
/// Not found for who may not see it.
pub async fn show(
    State(app): State<Arc<App>>,
    ui: Ui,
    desk: Signed,
    token: FormToken,
    Path(number): Path<String>,
) -> Result<Response, Error> {
    let mut tx = desk.begin(READ, MATTER, "").await?;
    let law = &app.setup.law;
    let read = matters::next(&mut tx, law.rules(), &number).await;
    // Whoever may not see it does not learn that it is there; a fault of ours is one all the same.
    let (loaded, open) = read.map_err(|failure| match failure {
        Failure::Fault(_) => Error::from(failure),
        _ => Error::NotFound,
    })?;
    drop(tx);
    let steps =
        law.catalogue.steps_of(&loaded.power, loaded.opened).map_err(|_| Error::NotFound)?;
    let title = |code: &str| step_title(&ui, steps, code);
    let done = loaded.matter.done.iter().map(|done| Done {
        title: title(&done.step),
        day: ui.day(&done.day.to_string()),
        role: ui.role(&done.actor.role),
    });
    let next = |one: &OpenStep| next_of(&ui, &desk, steps, &loaded, one);
    let one = One {
        done: done.collect(),
        next: open.iter().filter(|_| loaded.state == "open").filter_map(next).collect(),
        documents: documents(steps, &loaded),
        may_move: desk.by(MOVE, MATTER, &loaded.path).is_ok() && loaded.state == "open",
        ui: &ui,
        desk: &desk,
        token: &token.value,
        matter: &loaded,
    };
    page(&one)
}

fn step_title(ui: &Ui, steps: &[Step], code: &str) -> String {
    let step = steps.iter().find(|step| step.code == code);
    step.map_or_else(|| code.to_owned(), |step| ui.title(&step.title).to_owned())
}

/// Codes of documents that the steps ask for, and whether each is in the file.
fn documents(steps: &[Step], loaded: &Loaded) -> Vec<(String, bool)> {
    let mut codes: Vec<String> = Vec::new();
    for gate in steps.iter().flat_map(|step| &step.gates) {
        if let Gate::Documents { codes: wanted } = gate {
            for code in wanted.iter().filter(|code| !codes.contains(code)).collect::<Vec<_>>() {
                codes.push(code.clone());
            }
        }
    }
    codes.into_iter().map(|code| (code.clone(), loaded.matter.documents.contains(&code))).collect()
}

fn next_of(
    ui: &Ui,
    desk: &Signed,
    steps: &[Step],
    loaded: &Loaded,
    open: &OpenStep,
) -> Option<Next> {
    let step = steps.iter().find(|step| step.code == open.code)?;
    let held: Vec<&str> = desk.roles_at(&loaded.path).collect();
    let own = |roles: &[String]| -> Vec<(String, String)> {
        let mine = roles.iter().filter(|role| held.contains(&role.as_str()) || ui.is_body(role));
        mine.map(|role| (role.clone(), ui.role(role))).collect()
    };
    let mut next = Next {
        code: step.code.clone(),
        title: ui.title(&step.title).to_owned(),
        mine: own(&step.actors),
        actors: step
            .actors
            .iter()
            .map(|role| ui.role(role))
            .collect::<Vec<_>>()
            .join(ui.t("web-or")),
        missing: open.missing.iter().map(|rule| ui.rule(rule)).collect(),
        body: None,
        checkers: Vec::new(),
        signers: Vec::new(),
        asks_amount: loaded.matter.amount_fen.is_some() && MONEY.contains(&step.stage.as_str()),
    };
    for gate in &step.gates {
        match gate {
            Gate::Meeting { body } => next.body = Some(body.clone()),
            Gate::Check { role } => next.checkers.extend(own(std::slice::from_ref(role))),
            Gate::Countersign { roles } | Gate::ExtraSignature { signers: roles, .. } => {
                next.signers.extend(own(roles))
            }
            _ => {}
        }
    }
    Some(next)
}
