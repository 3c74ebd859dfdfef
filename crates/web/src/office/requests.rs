//! Requests of villagers about money of their own: checked and answered by the township. Who asks is not
//! shown here.

use askama::Template;
use axum::extract::Path;
use axum::response::{IntoResponse, Redirect, Response};
use domain::access::Act;
use domain::procedure::Actor;
use registry::actions::{drafts, requests};
use registry::queries::office::{self, RequestLine};
use serde::Deserialize;

use super::drafts::{Filled, Typed};
use super::matters::acts::at_field;
use super::room::Room;
use crate::error::Error;
use crate::places::Places;
use crate::session::Signed;
use crate::ui::{Ui, page};

/// To see them.
pub const READ: &[Act] = &[Act::Read];
/// To answer one.
pub const ANSWER: &[Act] = &[Act::Update];
/// The kind of thing.
pub const REQUEST: &str = "request";
/// How many are shown that do not wait any more.
const DONE: usize = 30;

#[derive(Template)]
#[template(path = "office/requests.html")]
struct List<'a> {
    ui: &'a Ui,
    desk: &'a Signed,
    token: &'a str,
    places: &'a Places,
    requests: Vec<(RequestLine, Filled)>,
    may_answer: bool,
}

/// The page.
///
/// # Errors
/// A fault when the register cannot be read.
pub async fn list(room: Room) -> Result<Response, Error> {
    draw(&room, None).await
}

fn draft(number: &str) -> String {
    format!("request/{number}")
}

async fn draw(room: &Room, refused: Option<&Filled>) -> Result<Response, Error> {
    let by = room.desk.by(READ, REQUEST, "")?;
    let (mut waiting, mut done) = (Vec::new(), Vec::new());
    for path in room.desk.places() {
        let all = office::requests(room.db(), &by, path).await?;
        let (open, other): (Vec<_>, Vec<_>) = all.into_iter().partition(|one| one.state == "open");
        waiting.extend(open);
        done.extend(other);
    }
    waiting.sort_by(|a, b| a.due_day.cmp(&b.due_day));
    done.sort_by(|a, b| b.opened_day.cmp(&a.opened_day));
    done.truncate(DONE);
    let (places, kept) = (room.app.places().await?, room.drafts().await?);
    let filled = |one: RequestLine| {
        let form = Filled::new(draft(&one.number), &kept).or(refused);
        (one, form)
    };
    page(&List {
        may_answer: room.desk.may_somewhere(ANSWER, REQUEST).is_ok(),
        ui: &room.ui,
        desk: &room.desk,
        token: &room.token,
        places: &places,
        requests: waiting.into_iter().chain(done).map(filled).collect(),
    })
}

/// An answer.
#[derive(Deserialize)]
struct Answer {
    text: String,
    #[serde(default)]
    settles: String,
}

/// Answers; where it settles the request, that is closed by it.
///
/// # Errors
/// What typing otherwise does not mend; all else comes back with the form.
pub async fn answer(
    room: Room,
    Path(number): Path<String>,
    typed: Typed,
) -> Result<Response, Error> {
    match answered(&room, &number, &typed).await {
        Ok(()) => Ok(Redirect::to("/office/requests").into_response()),
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
    let by = room.desk.by(ANSWER, REQUEST, "")?;
    let actor = Actor { person: by.person.clone().unwrap_or_default(), role: by.role.clone() };
    let said = (text, form.settles == "1");
    let mut tx = room.app.setup.registry.begin(by, room.desk.now, "").await?;
    let rules = room.ui.law().rules();
    let (_, entry) = requests::reply(&mut tx, rules, number, &actor, said).await?;
    drafts::settle(&mut tx, &draft(number)).await?;
    tx.commit(entry).await?;
    Ok(())
}
