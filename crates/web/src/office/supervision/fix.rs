//! One rectification: what is wrong, why, what is done about it, and the next step.

use askama::Template;
use axum::extract::Path;
use axum::response::Response;
use domain::catalogue::{Step, Versioned};
use domain::supervision::rectify::Act as Doing;
use registry::actions::supervision::rectifications as acts;
use registry::queries::supervision::rectifications::{self, RectificationEvent, RectificationLine};
use serde::Deserialize;

use super::{FIX, FIX_STEP, READ, Room, led};
use crate::error::Error;
use crate::office::drafts::{Filled, Typed};
use crate::office::matters::acts::at_field;
use crate::session::Signed;
use crate::ui::{Ui, page};

#[derive(Template)]
#[template(path = "office/supervision/fix.html")]
struct One<'a> {
    ui: &'a Ui,
    desk: &'a Signed,
    token: &'a str,
    room: &'a Room,
    fix: &'a RectificationLine,
    events: Vec<RectificationEvent>,
    steps: &'a [Step],
    form: Filled,
    /// Step that the reader may take now.
    next: Option<&'static str>,
    holders: Vec<(String, String)>,
}

impl One<'_> {
    fn step<'b>(&'b self, code: &'b str) -> &'b str {
        let step = self.steps.iter().find(|step| step.code == code);
        step.map_or(code, |step| self.ui.title(&step.title))
    }
}

/// The page.
///
/// # Errors
/// Not found where there is no such, or the reader may not see it.
pub async fn show(room: Room, Path(number): Path<String>) -> Result<Response, Error> {
    draw(&room, &number, None).await
}

fn draft(number: &str) -> String {
    format!("supervision/fix/{number}")
}

fn steps(room: &Room) -> &[Step] {
    let process = room.ui.law().catalogue.procedures.get("rectification");
    let process = process.and_then(|process| process.on(room.desk.now.day));
    process.map(|process| process.steps.as_slice()).unwrap_or_default()
}

async fn one(
    room: &Room,
    number: &str,
) -> Result<(RectificationLine, Vec<RectificationEvent>), Error> {
    for by in room.desk.each(READ, FIX)? {
        if let Some(found) = rectifications::one(room.db(), &by, number).await? {
            return Ok(found);
        }
    }
    Err(Error::NotFound)
}

/// The step that follows a state.
fn following(state: &str) -> &'static str {
    match state {
        "issued" => "plan",
        "planned" => "approve_plan",
        "approved" => "rectify",
        "done" => "verify",
        _ => "reopen",
    }
}

async fn draw(room: &Room, number: &str, refused: Option<&Filled>) -> Result<Response, Error> {
    let (fix, events) = one(room, number).await?;
    let code = following(&fix.state);
    let actors = steps(room).iter().find(|step| step.code == code).map(|step| &step.actors);
    let mut roles = room.desk.roles_at(&fix.path);
    let mine = roles.any(|role| actors.is_some_and(|all| all.iter().any(|actor| actor == role)));
    let day = room.desk.now.day;
    page(&One {
        holders: registry::queries::supervision::holders(room.db(), &fix.place, day).await?,
        form: Filled::new(draft(number), &room.drafts().await?).or(refused),
        next: mine.then_some(code),
        ui: &room.ui,
        desk: &room.desk,
        token: &room.token,
        room,
        steps: steps(room),
        fix: &fix,
        events,
    })
}

#[derive(Deserialize)]
struct Sent {
    step: String,
    #[serde(default)]
    words: String,
    #[serde(default)]
    cause: String,
    #[serde(default)]
    measure: String,
    #[serde(default)]
    owner: String,
    #[serde(default)]
    agreed: String,
}

/// Takes the next step.
///
/// # Errors
/// What typing otherwise does not mend; all else comes back with the form.
pub async fn step(room: Room, Path(number): Path<String>, typed: Typed) -> Result<Response, Error> {
    let done = stepped(&room, &number, &typed).await;
    let name = draft(&number);
    led(&room, (&name, &typed), done, async |f: &Filled| draw(&room, &number, Some(f)).await).await
}

async fn stepped(room: &Room, number: &str, typed: &Typed) -> Result<String, Error> {
    let form: Sent = typed.read()?;
    let (fix, _) = one(room, number).await?;
    let agreed = form.agreed != "0";
    let doing = match form.step.as_str() {
        "plan" => Doing::Plan {
            cause: form.cause.trim().to_owned(),
            measure: form.measure.trim().to_owned(),
            owner: form.owner.clone(),
        },
        "approve_plan" => Doing::Approve { agreed },
        "rectify" => Doing::Finish,
        "verify" => Doing::Verify { agreed },
        "reopen" => Doing::Reopen,
        _ => return Err(at_field("field-empty", "step")),
    };
    let actors = steps(room).iter().find(|step| step.code == form.step).map(|step| &step.actors);
    let mut roles = room.desk.roles_at(&fix.path);
    let role = roles.find(|role| actors.is_some_and(|all| all.iter().any(|actor| actor == role)));
    let by = match role {
        Some(role) => room.desk.in_role(role)?,
        None => room.desk.by(FIX_STEP, FIX, &fix.path)?,
    };
    let mut tx = room.app.setup.registry.begin(by, room.desk.now, "").await?;
    let bench = room.ui.law().bench();
    let (_, entry) = acts::act(&mut tx, bench, number, (&doing, form.words.trim())).await?;
    registry::actions::drafts::settle(&mut tx, &draft(number)).await?;
    tx.commit(entry).await?;
    Ok(format!("/office/supervision/rectifications/{number}"))
}
