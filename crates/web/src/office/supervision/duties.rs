//! Responsibility lists: what each post owes, what shows that it was done, what the level above says.

use askama::Template;
use axum::extract::Path;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Redirect, Response};
use domain::supervision::duty::Act;
use registry::actions::supervision::post_duties::{self as acts, Evidence};
use registry::blobs::Blobs;
use registry::queries::supervision::post_duties::{self, DutyLine, EvidenceLine};
use serde::Deserialize;

use super::{APPROVE, CREATE, DUTIES, DUTY_STEP, READ, Room, UPDATE, led};
use crate::error::Error;
use crate::kind::{Kind, kind};
use crate::office::drafts::{Filled, Typed};
use crate::office::matters::acts::at_field;
use crate::office::matters::files::Upload;
use crate::office::room::or_missing;
use crate::session::Signed;
use crate::state::blocking;
use crate::ui::{Ui, page};

const DRAFT: &str = "supervision/duty";

#[derive(Template)]
#[template(path = "office/supervision/duties.html")]
struct List<'a> {
    ui: &'a Ui,
    desk: &'a Signed,
    token: &'a str,
    room: &'a Room,
    places: Vec<(String, String)>,
    lines: Vec<DutyLine>,
    form: Filled,
    may_open: bool,
}

impl List<'_> {
    fn title<'b>(&'b self, code: &'b str) -> &'b str {
        title(self.ui, code)
    }
}

#[derive(Template)]
#[template(path = "office/supervision/duty.html")]
struct One<'a> {
    ui: &'a Ui,
    desk: &'a Signed,
    token: &'a str,
    room: &'a Room,
    duty: &'a DutyLine,
    evidence: Vec<EvidenceLine>,
    form: Filled,
    may_show: bool,
    may_judge: bool,
}

impl One<'_> {
    fn title<'b>(&'b self, code: &'b str) -> &'b str {
        title(self.ui, code)
    }
}

fn title<'a>(ui: &'a Ui, code: &'a str) -> &'a str {
    ui.law().following.duty(code).map_or(code, |duty| ui.title(&duty.title))
}

/// The lists.
///
/// # Errors
/// A fault when the register cannot be read.
pub async fn list(room: Room) -> Result<Response, Error> {
    draw_list(&room, None).await
}

/// Those that the reader may see; with a number, that one alone.
pub(super) async fn lines(room: &Room, number: &str) -> Result<Vec<DutyLine>, Error> {
    let by = room.desk.by(READ, DUTIES, "")?;
    let mut lines: Vec<DutyLine> = Vec::new();
    for path in room.desk.places() {
        let wanted = (number, room.desk.now.day);
        let found = post_duties::list(room.db(), &by, path, wanted).await?;
        let known: Vec<String> = lines.iter().map(|line| line.number.clone()).collect();
        lines.extend(found.into_iter().filter(|line| !known.contains(&line.number)));
    }
    Ok(lines)
}

async fn draw_list(room: &Room, refused: Option<&Filled>) -> Result<Response, Error> {
    let (year, _, _) = room.desk.now.day.ymd();
    let form = Filled::new(DRAFT.to_owned(), &room.drafts().await?).or(refused);
    page(&List {
        lines: lines(room, "").await?,
        form: form.preset("year", &year.to_string()),
        may_open: room.desk.may_somewhere(CREATE, DUTIES).is_ok(),
        ui: &room.ui,
        desk: &room.desk,
        token: &room.token,
        room,
        places: room.choices(&["township", "village"]).await?,
    })
}

#[derive(Deserialize)]
struct Opened {
    place: String,
    year: String,
}

/// Opens the lists of a place for a year.
///
/// # Errors
/// What typing otherwise does not mend; all else comes back with the form.
pub async fn open(room: Room, typed: Typed) -> Result<Response, Error> {
    let done = async {
        let form: Opened = typed.read()?;
        let places = room.app.places().await?;
        let place = places.get(form.place.trim()).ok_or(Error::NotFound)?;
        let year = form.year.trim().parse().map_err(|_| at_field("field-empty", "year"))?;
        let mut tx = room.desk.begin(CREATE, DUTIES, &place.path).await?;
        let bench = room.ui.law().bench();
        let (_, entry) = acts::open(&mut tx, bench, (&place.id, year)).await?;
        registry::actions::drafts::settle(&mut tx, DRAFT).await?;
        tx.commit(entry).await?;
        Ok("/office/supervision/duties".to_owned())
    };
    let done = done.await;
    led(&room, (DRAFT, &typed), done, async |f: &Filled| draw_list(&room, Some(f)).await).await
}

fn own(number: &str) -> String {
    format!("/office/supervision/duties/{number}")
}

fn draft(number: &str) -> String {
    format!("{DRAFT}/{number}")
}

/// The page of one duty.
///
/// # Errors
/// Not found where there is no such, or the reader may not see it.
pub async fn show(room: Room, Path(number): Path<String>) -> Result<Response, Error> {
    draw(&room, &number, None).await
}

async fn one(room: &Room, number: &str) -> Result<DutyLine, Error> {
    lines(room, number).await?.pop().ok_or(Error::NotFound)
}

/// Whether the reader holds the post that owes it.
fn is_his(room: &Room, duty: &DutyLine) -> bool {
    let holds = room.desk.roles_at(&duty.path).any(|role| role == duty.role);
    holds && room.desk.may_at(UPDATE, DUTIES, &duty.path)
}

async fn draw(room: &Room, number: &str, refused: Option<&Filled>) -> Result<Response, Error> {
    let duty = one(room, number).await?;
    let another = duty.shown_by.as_deref() != Some(room.desk.person());
    let judges = another && room.desk.may_at(APPROVE, DUTIES, &duty.path) && !is_his(room, &duty);
    page(&One {
        evidence: post_duties::evidence(room.db(), &duty).await?,
        form: Filled::new(draft(number), &room.drafts().await?).or(refused),
        may_show: duty.state == "open" && is_his(room, &duty),
        may_judge: duty.state == "shown" && judges,
        ui: &room.ui,
        desk: &room.desk,
        token: &room.token,
        room,
        duty: &duty,
    })
}

#[derive(Deserialize)]
struct Step {
    act: String,
    #[serde(default)]
    words: String,
    #[serde(default)]
    entry: String,
    #[serde(default)]
    agreed: String,
}

/// Names an entry, shows it, or says whether the level above is content.
///
/// # Errors
/// What typing otherwise does not mend; all else comes back with the form.
pub async fn step(room: Room, Path(number): Path<String>, typed: Typed) -> Result<Response, Error> {
    let done = stepped(&room, &number, &typed).await;
    let name = draft(&number);
    led(&room, (&name, &typed), done, async |f: &Filled| draw(&room, &number, Some(f)).await).await
}

async fn stepped(room: &Room, number: &str, typed: &Typed) -> Result<String, Error> {
    let form: Step = typed.read()?;
    let duty = one(room, number).await?;
    let by = match form.act.as_str() {
        "judge" => room.desk.by(APPROVE, DUTIES, &duty.path)?,
        _ if is_his(room, &duty) => room.desk.in_role(&duty.role)?,
        _ => room.desk.by(DUTY_STEP, DUTIES, &duty.path)?,
    };
    let mut tx = room.app.setup.registry.begin(by, room.desk.now, "").await?;
    let (bench, words) = (room.ui.law().bench(), form.words.trim());
    let entry = match form.act.as_str() {
        "entry" => {
            let evidence = Evidence::Entry(form.entry.trim().to_owned());
            acts::attach(&mut tx, bench, number, &evidence).await?
        }
        "judge" => {
            let doing = Act::Judge { content: form.agreed != "0" };
            acts::act(&mut tx, bench, number, (doing, words)).await?.1
        }
        _ => acts::act(&mut tx, bench, number, (Act::Show, words)).await?.1,
    };
    registry::actions::drafts::settle(&mut tx, &draft(number)).await?;
    tx.commit(entry).await?;
    Ok(own(number))
}

/// Lays a file with a duty.
///
/// # Errors
/// A problem when no file came, or one of a kind that is not taken; rules that say no.
pub async fn file(
    room: Room,
    Path(number): Path<String>,
    upload: Upload,
) -> Result<Response, Error> {
    if upload.bytes.is_empty() {
        return Err(at_field("upload-empty", "file"));
    }
    if kind(&upload.bytes).is_none() {
        return Err(at_field("document-kind", "file"));
    }
    let duty = one(&room, &number).await?;
    let by = match is_his(&room, &duty) {
        true => room.desk.in_role(&duty.role)?,
        false => room.desk.by(UPDATE, DUTIES, &duty.path)?,
    };
    let mut tx = room.app.setup.registry.begin(by, room.desk.now, "").await?;
    let evidence = Evidence::File(upload.name.clone(), Blobs::digest(&upload.bytes));
    let entry = acts::attach(&mut tx, room.ui.law().bench(), &number, &evidence).await?;
    let blobs = Blobs::at(&room.app.setup.blobs);
    blocking(move || blobs.keep(&upload.bytes)).await?;
    tx.commit(entry).await?;
    Ok(Redirect::to(&own(&number)).into_response())
}

/// Shows a file; the look is entered in the journal.
///
/// # Errors
/// Not found for who may not see it.
pub async fn look(
    room: Room,
    Path((number, id)): Path<(String, String)>,
) -> Result<Response, Error> {
    let duty = one(&room, &number).await?;
    let mut tx = room.desk.begin(READ, DUTIES, &duty.path).await?;
    let bench = room.ui.law().bench();
    let ((name, digest), entry) = or_missing(acts::look(&mut tx, bench, (&number, &id)).await)?;
    let blobs = Blobs::at(&room.app.setup.blobs);
    let bytes = or_missing(blocking(move || blobs.read(&digest)).await)?;
    tx.commit(entry).await?;
    let (kind, shown) = match kind(&bytes) {
        Some(Kind::Pdf) => ("application/pdf", "inline"),
        Some(Kind::Jpeg) => ("image/jpeg", "inline"),
        Some(Kind::Png) => ("image/png", "inline"),
        _ => ("application/octet-stream", "attachment"),
    };
    let letter = |c: char| if c.is_ascii_alphanumeric() || "-_.".contains(c) { c } else { '_' };
    let name: String = name.chars().map(letter).collect();
    let shown = format!("{shown}; filename=\"{name}\"");
    Ok(([(CONTENT_TYPE, kind.to_owned()), (CONTENT_DISPOSITION, shown)], bytes).into_response())
}
