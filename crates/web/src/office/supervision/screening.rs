//! Screenings: somebody starts one, the worker does it, the page says how far it is. What it finds enters
//! the register as questions; nothing else follows from it (I5).

use askama::Template;
use axum::response::{IntoResponse, Redirect, Response};
use domain::problem::RuleViolation;
use registry::actions::supervision::screenings as acts;
use registry::queries::supervision::rates::{self, ModelRate};
use registry::queries::supervision::screenings::{self, ScreeningLine};

use super::{CREATE, HIT, Room};
use crate::error::Error;
use crate::office::drafts::Typed;
use crate::session::Signed;
use crate::ui::{Ui, page};

const PAGE: &str = "/office/supervision/screening";

#[derive(Template)]
#[template(path = "office/supervision/screening.html")]
struct Shown<'a> {
    ui: &'a Ui,
    desk: &'a Signed,
    token: &'a str,
    lines: Vec<ScreeningLine>,
    models: Vec<ModelRate>,
    /// Whether this program can screen at all.
    screens: bool,
}

impl Shown<'_> {
    /// The one that waits or runs.
    fn open(&self) -> Option<&ScreeningLine> {
        self.lines.iter().find(|line| line.is_open())
    }

    /// Title of the model that was answered last; its id where the register has not met it.
    fn model<'a>(&'a self, id: &'a str) -> &'a str {
        let known = self.models.iter().find(|model| model.model == id);
        known.map_or(id, |model| match self.ui.tag() {
            "zh-CN" => &model.title_zh,
            _ => &model.title_en,
        })
    }

    /// Why one failed.
    fn trouble<'a>(&self, line: &'a ScreeningLine) -> Option<&'a str> {
        match self.ui.tag() {
            "zh-CN" => line.trouble_zh.as_deref(),
            _ => line.trouble_en.as_deref(),
        }
    }

    /// What one found, in a sentence.
    fn result(&self, line: &ScreeningLine) -> Option<String> {
        let text = |number: Option<i64>| number.map(|number| number.to_string());
        let (found, fresh) = (text(line.found)?, text(line.fresh)?);
        Some(self.ui.with("web-screening-result", &[("found", &found), ("fresh", &fresh)]))
    }
}

/// The page.
///
/// # Errors
/// A fault when the register cannot be read.
pub async fn show(room: Room) -> Result<Response, Error> {
    page(&Shown {
        lines: screenings::latest(room.db()).await?,
        models: rates::titles(room.db()).await?,
        screens: room.app.setup.screens,
        ui: &room.ui,
        desk: &room.desk,
        token: &room.token,
    })
}

/// Starts one.
///
/// # Errors
/// The rule that says no when another one is under way, or this program cannot screen.
pub async fn start(room: Room, typed: Typed) -> Result<Response, Error> {
    typed.fresh()?;
    if !room.app.setup.screens {
        return Err(Error::Rules(vec![RuleViolation::new("screening-not-built-in", "")]));
    }
    let mut tx = room.desk.begin(CREATE, HIT, "").await?;
    let (_, entry) = acts::ask(&mut tx).await?;
    tx.commit(entry).await?;
    Ok(Redirect::to(PAGE).into_response())
}
