//! The parts of administration that somebody may enter.

use askama::Template;
use axum::response::Response;

use super::PARTS;
use crate::error::Error;
use crate::session::Signed;
use crate::ui::{Ui, page};

#[derive(Template)]
#[template(path = "office/admin/home.html")]
struct Home<'a> {
    ui: &'a Ui,
    desk: &'a Signed,
    parts: Vec<(&'static str, &'static str)>,
}

/// The page.
///
/// # Errors
/// A fault when the page cannot be drawn.
pub async fn show(ui: Ui, desk: Signed) -> Result<Response, Error> {
    let open = PARTS.iter().filter(|(.., object, acts)| desk.may_somewhere(acts, object).is_ok());
    let parts = open.map(|(path, title, ..)| (*path, *title)).collect();
    page(&Home { ui: &ui, desk: &desk, parts })
}
