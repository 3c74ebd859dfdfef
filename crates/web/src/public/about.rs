//! What the site is, what it keeps and does not keep, and where to turn.

use askama::Template;
use axum::response::Response;

use crate::error::Error;
use crate::ui::{Ui, page};

#[derive(Template)]
#[template(path = "public/about.html")]
struct About<'a> {
    ui: &'a Ui,
}

/// The page.
///
/// # Errors
/// A fault when the page cannot be drawn.
pub async fn show(ui: Ui) -> Result<Response, Error> {
    page(&About { ui: &ui })
}
