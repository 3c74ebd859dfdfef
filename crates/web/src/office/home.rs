//! What somebody sees first when he has signed in: what he holds, and what waits for him.

use askama::Template;
use axum::response::Response;

use crate::error::Error;
use crate::request::FormToken;
use crate::session::Signed;
use crate::ui::{Ui, page};

#[derive(Template)]
#[template(path = "office/home.html")]
struct Home<'a> {
    ui: &'a Ui,
    desk: &'a Signed,
    token: &'a str,
}

/// The page.
///
/// # Errors
/// A fault when the register cannot be read.
pub async fn show(ui: Ui, desk: Signed, token: FormToken) -> Result<Response, Error> {
    page(&Home { ui: &ui, desk: &desk, token: &token.value })
}
