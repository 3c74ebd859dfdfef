//! Questions of villagers: those that wait come first; each with its answer, or a form for one.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use domain::access::Act;
use domain::procedure::Actor;
use domain::text::personal_number;
use registry::By;
use registry::actions::{Refusal, drafts, questions};
use registry::queries::office::{self, QuestionLine};
use serde::Deserialize;

use super::drafts::{Filled, Typed};
use super::matters::acts::at_field;
use super::notices::one::Nothing;
use super::room::Room;
use crate::error::Error;
use crate::places::Places;
use crate::request::Posted;
use crate::session::Signed;
use crate::state::App;
use crate::ui::{Ui, page};

/// To see them.
pub const READ: &[Act] = &[Act::Read];
/// To answer one.
pub const ANSWER: &[Act] = &[Act::Update];
/// The kind of thing.
pub const QUESTION: &str = "question";
/// How to reach who asked.
pub const CONTACT: &str = "question_contact";
/// How many answered ones are shown.
const ANSWERED: usize = 30;

#[derive(Template)]
#[template(path = "office/questions.html")]
struct List<'a> {
    ui: &'a Ui,
    desk: &'a Signed,
    token: &'a str,
    places: &'a Places,
    questions: Vec<(QuestionLine, Filled)>,
    may_answer: bool,
    may_reach: bool,
}

/// The page.
///
/// # Errors
/// A fault when the register cannot be read.
pub async fn list(room: Room) -> Result<Response, Error> {
    draw(&room, None).await
}

fn draft(number: &str) -> String {
    format!("question/{number}")
}

async fn draw(room: &Room, refused: Option<&Filled>) -> Result<Response, Error> {
    let by = room.desk.by(READ, QUESTION, "")?;
    let (mut waiting, mut answered) = (Vec::new(), Vec::new());
    for path in room.desk.places() {
        let all = office::questions(room.db(), &by, path).await?;
        let (done, open): (Vec<_>, Vec<_>) = all.into_iter().partition(|one| one.answer.is_some());
        waiting.extend(open);
        answered.extend(done);
    }
    waiting.sort_by(|a, b| a.due_day.cmp(&b.due_day));
    answered.sort_by(|a, b| b.answered_day.cmp(&a.answered_day));
    answered.truncate(ANSWERED);
    let (places, kept) = (room.app.places().await?, room.drafts().await?);
    let filled = |one: QuestionLine| {
        let form = Filled::new(draft(&one.number), &kept).or(refused);
        (one, form)
    };
    page(&List {
        may_answer: room.desk.may_somewhere(ANSWER, QUESTION).is_ok(),
        may_reach: room.desk.may_somewhere(READ, CONTACT).is_ok(),
        ui: &room.ui,
        desk: &room.desk,
        token: &room.token,
        places: &places,
        questions: waiting.into_iter().chain(answered).map(filled).collect(),
    })
}

/// An answer.
#[derive(Deserialize)]
struct Answer {
    text: String,
}

/// Answers in public.
///
/// # Errors
/// What typing otherwise does not mend; all else comes back with the form.
pub async fn answer(
    room: Room,
    Path(number): Path<String>,
    typed: Typed,
) -> Result<Response, Error> {
    match answered(&room, &number, &typed).await {
        Ok(()) => Ok(Redirect::to("/office/questions").into_response()),
        Err(error) => {
            let refused = room.keep(&draft(&number), &typed, error, &[]).await?;
            Ok(refused.on(draw(&room, Some(&refused.form)).await?))
        }
    }
}

async fn answered(room: &Room, number: &str, typed: &Typed) -> Result<(), Error> {
    let form: Answer = typed.read()?;
    let text = form.text.trim();
    if text.is_empty() {
        return Err(at_field("field-empty", "text"));
    }
    if personal_number(text).is_some() {
        return Err(at_field("question-has-number", "text"));
    }
    // Who holds several posts answers in the one whose duty it is.
    let mut refusal = None;
    for by in room.desk.each(ANSWER, QUESTION)? {
        match in_role(room, number, by, (text, typed.confirms_names())).await {
            Err(Error::Rules(rules)) if rules.iter().any(|rule| ROLE.contains(&rule.rule)) => {
                refusal = refusal.or(Some(Error::Rules(rules)));
            }
            other => return other,
        }
    }
    Err(refusal.unwrap_or(Error::NotFound))
}

/// Refusals that another post of the same person might not meet.
const ROLE: [&str; 3] = ["question-actor", "post-not-held", "recused"];

async fn in_role(
    room: &Room,
    number: &str,
    by: By,
    (text, names_confirmed): (&str, bool),
) -> Result<(), Error> {
    let actor = Actor { person: by.person.clone().unwrap_or_default(), role: by.role.clone() };
    let (registry, rules) = (&room.app.setup.registry, room.ui.law().rules());
    let mut tx = registry.begin(by, room.desk.now, "").await?;
    tx.names_confirmed = names_confirmed;
    let recorded = questions::answer(&mut tx, rules, number, &actor, text).await;
    let recorded = recorded.map_err(|refusal: Refusal| Error::from(refusal))?;
    drafts::settle(&mut tx, &draft(number)).await?;
    tx.commit(recorded.entry).await?;
    Ok(())
}

#[derive(Template)]
#[template(path = "office/contact.html")]
struct Contact<'a> {
    ui: &'a Ui,
    desk: &'a Signed,
    number: &'a str,
    contact: Option<String>,
}

/// Shows how to reach who asked; the look is entered in the journal.
///
/// # Errors
/// Rules that say no.
pub async fn contact(
    State(app): State<Arc<App>>,
    ui: Ui,
    desk: Signed,
    Path(number): Path<String>,
    Posted(_form): Posted<Nothing>,
) -> Result<Response, Error> {
    let mut tx = desk.begin(READ, CONTACT, "").await?;
    let (contact, entry) = questions::contact(&mut tx, &number, &app.contact_key()?).await?;
    tx.commit(entry).await?;
    page(&Contact { ui: &ui, desk: &desk, number: &number, contact })
}
