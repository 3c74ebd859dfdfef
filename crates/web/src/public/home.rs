//! The county's page: find a village, and what the site is for.

use askama::Template;
use axum::response::Response;

use crate::error::Error;
use crate::ui::{Ui, page};

#[derive(Template)]
#[template(path = "public/home.html")]
struct Home {
    ui: Ui,
}

/// The page.
///
/// # Errors
/// A fault when the register cannot be read.
pub async fn show(ui: Ui) -> Result<Response, Error> {
    page(&Home { ui })
}
