//! A notice: its content, what was changed and why, photos of the board, questions; and the form to ask.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, State};
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::response::{IntoResponse, Redirect, Response};
use domain::catalogue::Versioned;
use domain::problem::{Place, Problem};
use domain::text::personal_number;
use domain::time::Day;
use registry::By;
use registry::actions::questions::{self, About, NewQuestion};
use registry::blobs::Blobs;
use registry::queries::public_matter;
use registry::queries::public_notice::{self, Notice, Version};
use registry::queries::public_village::PlaceHead;
use serde::Deserialize;

use super::content::{Change, Content, changes};
use crate::basis;
use crate::error::Error;
use crate::office::matters::acts::at_field;
use crate::qr;
use crate::request::{FormToken, Posted};
use crate::state::{App, blocking};
use crate::ui::{Ui, page};

/// Longest question, in letters.
const LONGEST: usize = 500;
/// Longest contact that somebody leaves, in letters.
const CONTACT: usize = 200;

#[derive(Template)]
#[template(path = "public/notice.html")]
struct Shown<'a> {
    ui: &'a Ui,
    token: &'a str,
    notice: &'a Notice,
    place: Option<&'a PlaceHead>,
    last: &'a Version,
    content: Content,
    history: Vec<History>,
    duty: String,
    days_left: Option<i32>,
    /// Days that the first version came too late.
    days_late: Option<i32>,
    basis: String,
    qr: String,
    address: String,
}

impl Shown<'_> {
    /// Address without its end.
    fn base(&self) -> String {
        format!("/notices/{}", self.notice.number)
    }
}

/// A correction or withdrawal.
struct History {
    day: String,
    state: String,
    reason: String,
    changes: Vec<Change>,
}

/// The page.
///
/// # Errors
/// Not found.
pub async fn show(
    State(app): State<Arc<App>>,
    ui: Ui,
    token: FormToken,
    Path(number): Path<String>,
) -> Result<Response, Error> {
    let today = ui.today();
    let found = public_notice::notice(&app.setup.registry.db, &number, today).await?;
    let notice = found.ok_or(Error::NotFound)?;
    let last = notice.versions.last().ok_or(Error::NotFound)?;
    let places = app.places().await?;
    let duty = ui.law().catalogue.duties.get(&notice.duty);
    let version = duty.and_then(|duty| duty.on(today));
    let until = Day::parse(&last.until_day);
    let address = format!("{}/notices/{number}", ui.site);
    let shown = Shown {
        token: &token.value,
        place: places.get(&notice.place),
        content: Content::of(&ui, last),
        history: history(&ui, &notice),
        duty: duty.map_or_else(|| notice.duty.clone(), |duty| ui.title(&duty.title).to_owned()),
        days_left: until.map(|until| until.0 - today.0).filter(|days| *days >= 0),
        days_late: days_late(&notice),
        basis: version.map_or(String::new(), |v| basis::line(&ui, &v.basis)),
        qr: qr::svg(&address),
        address,
        last,
        notice: &notice,
        ui: &ui,
    };
    Ok(token.kept(page(&shown)?))
}

fn days_late(notice: &Notice) -> Option<i32> {
    let first = notice.versions.first()?;
    let due = Day::parse(first.due_day.as_deref()?)?;
    Day::parse(&first.published_day).map(|day| day.0 - due.0).filter(|days| *days > 0)
}

fn history(ui: &Ui, notice: &Notice) -> Vec<History> {
    let pairs = notice.versions.iter().zip(notice.versions.iter().skip(1));
    let told = |(before, after): (&Version, &Version)| {
        let withdrawn = after.state == "withdrawn";
        let (old, new) = (Content::of(ui, before), Content::of(ui, after));
        History {
            day: ui.day(&after.published_day),
            state: ui.code("web-notice-", &after.state),
            reason: after.reason.clone().unwrap_or_default(),
            changes: if withdrawn { Vec::new() } else { changes(ui, &old, &new) },
        }
    };
    pairs.map(told).collect()
}

/// A question.
#[derive(Deserialize)]
pub struct Question {
    text: String,
    #[serde(default)]
    contact: String,
}

/// Asks about a notice. Nobody has to say who he is; the text is public, the contact is not.
///
/// # Errors
/// A problem when the text is empty, too long or holds a number of a person.
pub async fn ask(
    State(app): State<Arc<App>>,
    Path(number): Path<String>,
    Posted(form): Posted<Question>,
) -> Result<Response, Error> {
    let about = About::Notice(number.clone());
    let question = asked(&app, about, &form).await?;
    Ok(Redirect::to(&format!("/notices/{number}?asked={question}#questions")).into_response())
}

/// Asks about a matter.
///
/// # Errors
/// As [`ask`]; rules that say no, when the matter is closed.
pub async fn ask_matter(
    State(app): State<Arc<App>>,
    Path(number): Path<String>,
    Posted(form): Posted<Question>,
) -> Result<Response, Error> {
    let about = About::Matter(number.clone());
    let question = asked(&app, about, &form).await?;
    Ok(Redirect::to(&format!("/matters/{number}?asked={question}#questions")).into_response())
}

async fn asked(app: &App, about: About, form: &Question) -> Result<String, Error> {
    let db = &app.setup.registry.db;
    let (number, known) = match &about {
        About::Notice(number) => (number, public_notice::exists(db, number).await?),
        About::Matter(number) => (number, public_matter::exists(db, number).await?),
    };
    if !known {
        return Err(Error::NotFound);
    }
    app.questions.check_key(number).map_err(|_| Error::TooMany)?;
    let text = form.text.trim();
    if text.is_empty() {
        return Err(at_field("field-empty", "text"));
    }
    if text.chars().count() > LONGEST {
        return Err(at_field("text-too-long", "text"));
    }
    if personal_number(text).is_some() {
        return Err(at_field("question-has-number", "text"));
    }
    if form.contact.chars().count() > CONTACT {
        let place = Place { column: Some("contact".to_owned()), ..Place::default() };
        let problem = Problem::new("text-length", place).with("most", CONTACT);
        return Err(Error::Failed(problem.into()));
    }
    let contact = Some(form.contact.trim()).filter(|contact| !contact.is_empty());
    let contact = contact.map(|contact| Ok::<_, Error>((contact.to_owned(), app.contact_key()?)));
    let new = NewQuestion {
        about,
        asker_kind: "anonymous".to_owned(),
        text: text.to_owned(),
        contact: contact.transpose()?,
    };
    let (registry, law) = (&app.setup.registry, &app.setup.law);
    let mut tx = registry.begin(By::public(&law.access), app.now(), "").await?;
    let (number, recorded) = questions::ask(&mut tx, law.rules(), &new).await?;
    tx.commit(recorded.entry).await?;
    Ok(number)
}

/// The public copy of a photo of the board.
///
/// # Errors
/// Not found.
pub async fn photo(
    State(app): State<Arc<App>>,
    Path((number, digest)): Path<(String, String)>,
) -> Result<Response, Error> {
    let found = public_notice::notice(&app.setup.registry.db, &number, app.now().day).await?;
    let notice = found.ok_or(Error::NotFound)?;
    if !notice.photos.iter().any(|photo| photo.public_sha256 == digest) {
        return Err(Error::NotFound);
    }
    let blobs = Blobs::at(&app.setup.blobs);
    let bytes = blocking(move || blobs.read(&digest)).await?;
    // Not for long: a notice that is withdrawn takes its photos along.
    Ok(([(CONTENT_TYPE, "image/jpeg"), (CACHE_CONTROL, "private, max-age=300")], bytes)
        .into_response())
}
