//! What a page of the office has at hand: the site, the reader, who he is, and the token of its forms.

use std::sync::Arc;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use domain::problem::Failure;
use registry::Db;

use crate::error::Error;
use crate::request::FormToken;
use crate::session::Signed;
use crate::state::App;
use crate::ui::Ui;

/// All of it together.
pub struct Room {
    /// The site.
    pub app: Arc<App>,
    /// The reader's side.
    pub ui: Ui,
    /// Who signed in.
    pub desk: Signed,
    /// For the forms.
    pub token: String,
}

impl Room {
    /// The database.
    #[must_use]
    pub fn db(&self) -> &Db {
        &self.app.setup.registry.db
    }

    /// Today, as the register writes days.
    #[must_use]
    pub fn today(&self) -> String {
        self.desk.now.day.to_string()
    }

    /// Places of some levels where the reader works, as forms offer them: code and name.
    ///
    /// # Errors
    /// A fault when the register cannot be read.
    pub async fn choices(&self, levels: &[&str]) -> Result<Vec<(String, String)>, Error> {
        let paths: Vec<&str> = self.desk.places().collect();
        Ok(self.app.places().await?.choices(&paths, levels))
    }
}

impl FromRequestParts<Arc<App>> for Room {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, Error> {
        let Ok(ui) = Ui::from_request_parts(parts, app).await;
        let desk = Signed::from_request_parts(parts, app).await?;
        let token = FormToken::from_request_parts(parts, app).await?.value;
        Ok(Self { app: Arc::clone(app), ui, desk, token })
    }
}

/// A path of the register that nobody knows is a page that nobody finds.
pub fn or_missing<T>(read: Result<T, Failure>) -> Result<T, Error> {
    read.map_err(|failure| match failure {
        Failure::Fault(fault) => fault.into(),
        _ => Error::NotFound,
    })
}
