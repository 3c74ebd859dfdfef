//! One matter: what was done, what comes next and what is missing for it, each with its form; the papers;
//! what the supervision committee has asked.

use askama::Template;
use axum::extract::Path;
use axum::response::Response;
use domain::catalogue::{Gate, Step};
use domain::problem::RuleViolation;
use registry::actions::drafts::Draft;
use registry::actions::matters::{self, Loaded};
use registry::queries::documents::{DocumentLine, documents};
use registry::queries::inquiries::{self, Inquiry};
use registry::queries::lists;
use registry::queries::office::{DueLine, dues};

use super::next::{Next, Reader, Roles};
use super::{MATTER, MOVE, READ, WRITE};
use crate::error::Error;
use crate::office::drafts::{Filled, Typed};
use crate::office::room::{Room, or_missing};
use crate::places::Places;
use crate::session::Signed;
use crate::ui::{Ui, page};

#[derive(Template)]
#[template(path = "office/matters/one.html")]
struct One<'a> {
    ui: &'a Ui,
    desk: &'a Signed,
    token: &'a str,
    places: &'a Places,
    matter: &'a Loaded,
    done: Vec<Done>,
    next: Vec<Next>,
    /// Kinds of papers that the steps ask for, and whether each is in the file.
    wanted: Vec<(String, bool)>,
    papers: Vec<DocumentLine>,
    inquiries: Vec<Inquiry>,
    may_move: bool,
    /// Roles in which the reader may give the matter up, with the form.
    withdrawal: Option<(Roles, Filled)>,
    bodies: Vec<(&'a str, &'a str)>,
}

impl One<'_> {
    /// Whether there is a file of a kind of paper, and not just a note that it came.
    fn has_paper(&self, code: &str) -> bool {
        self.papers.iter().any(|paper| paper.code == code)
    }
}

struct Done {
    title: String,
    day: String,
    role: String,
}

/// The page.
///
/// # Errors
/// Not found for who may not see it.
pub async fn show(room: Room, Path(number): Path<String>) -> Result<Response, Error> {
    draw(&room, &number, None).await
}

/// The page with a form that was refused.
///
/// # Errors
/// What typing otherwise does not mend.
pub async fn refused(
    room: &Room,
    number: &str,
    name: &str,
    typed: &Typed,
    error: Error,
) -> Result<Response, Error> {
    let mut tx = room.desk.begin(READ, MATTER, "").await?;
    let law = room.ui.law();
    let read = matters::next(&mut tx, law.rules(), number).await;
    drop(tx);
    // Somebody who may not see the matter learns no more than that.
    let Ok((loaded, _)) = read else { return Err(error) };
    let steps = law.catalogue.steps_of(&loaded.power, loaded.opened).unwrap_or_default();
    let refused = room.keep(name, typed, error, steps).await?;
    Ok(refused.on(draw(room, number, Some(&refused.form)).await?))
}

async fn draw(room: &Room, number: &str, refused: Option<&Filled>) -> Result<Response, Error> {
    let (ui, desk, law) = (&room.ui, &room.desk, room.ui.law());
    let by = desk.by(READ, MATTER, "")?;
    let mut tx = desk.begin(READ, MATTER, "").await?;
    let (loaded, open) = or_missing(matters::next(&mut tx, law.rules(), number).await)?;
    let steps =
        or_missing(law.catalogue.steps_of(&loaded.power, loaded.opened).map_err(Into::into))?;
    let roles = Reader::roles(ui, desk, &loaded, &open);
    let recused = Reader::recused(&mut tx, law.rules(), &loaded, desk, &roles).await?;
    drop(tx);
    let said = |rules: &[RuleViolation]| rules.iter().map(|rule| ui.rule(rule)).collect();
    let recused: Vec<_> = recused.iter().map(|(role, no)| (role.clone(), said(no))).collect();
    let kept = room.drafts().await?;
    let people = lists::posts(room.db(), &loaded.place).await?;
    let due = dues(room.db(), &by, &loaded.path).await?;
    let reader = Reader { ui, desk, steps, loaded: &loaded, people: &people, recused: &recused };
    let form = |kind: &str, step: &str| form_of(number, kind, step, &kept, refused);
    let of_step = |code: &str| -> Option<&DueLine> {
        due.iter().find(|due| due.subject == format!("{}/step/{code}", loaded.id))
    };
    let next = open.iter().filter(|_| loaded.state == "open");
    let next = next.filter_map(|one| reader.next(one, of_step(&one.code), &form)).collect();
    let done = loaded.matter.done.iter().map(|done| Done {
        title: reader.title(&done.step),
        day: ui.day(&done.day.to_string()),
        role: ui.role(&done.actor.role),
    });
    let places = room.app.places().await?;
    let wanted = wanted(steps, &loaded);
    page(&One {
        done: done.collect(),
        next,
        wanted,
        papers: documents(room.db(), &by, number).await?,
        inquiries: inquiries::of(room.db(), &by, number).await?,
        may_move: loaded.state == "open" && desk.may_at(MOVE, MATTER, &loaded.path),
        withdrawal: withdrawal(ui, desk, steps, &loaded, &form),
        bodies: ui.bodies(),
        ui,
        desk,
        token: &room.token,
        places: &places,
        matter: &loaded,
    })
}

fn form_of(
    number: &str,
    kind: &str,
    step: &str,
    kept: &[Draft],
    refused: Option<&Filled>,
) -> Filled {
    let name = match step {
        "" => format!("matter/{number}/{kind}"),
        step => super::acts::draft(number, kind, step),
    };
    Filled::new(name, kept).or(refused)
}

/// Whoever may propose a matter may give it up.
fn withdrawal(
    ui: &Ui,
    desk: &Signed,
    steps: &[Step],
    loaded: &Loaded,
    form: &impl Fn(&str, &str) -> Filled,
) -> Option<(Roles, Filled)> {
    if loaded.state != "open" || !desk.may_at(WRITE, MATTER, &loaded.path) {
        return None;
    }
    let held: Vec<&str> = desk.roles_at(&loaded.path).collect();
    let first = steps.first()?.actors.iter().filter(|role| held.contains(&role.as_str()));
    let roles: Roles = first.map(|role| (role.clone(), ui.role(role))).collect();
    (!roles.is_empty()).then(|| (roles, form("withdraw", "")))
}

/// Codes of documents that the steps ask for, and whether each is in the file.
fn wanted(steps: &[Step], loaded: &Loaded) -> Vec<(String, bool)> {
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
