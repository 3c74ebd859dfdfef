//! Where reports come in: rules, keys of the machine, sealing, documents.

use domain::catalogue::on;
use domain::problem::Failure;
use domain::report::rules::ReportRules;
use registry::blobs::Blobs;
use registry::log::seal_key;
use registry::reports::{Counter, MachineKeys};
use registry::sealer::Age;
use registry::{By, Tx};

use crate::error::Error;
use crate::state::App;

/// What a [`Counter`] borrows.
pub struct Window<'a> {
    app: &'a App,
    keys: MachineKeys,
    blobs: Blobs,
    sealer: Age,
}

impl App {
    /// Opens the window.
    ///
    /// # Errors
    /// A problem when others can read the keys.
    pub fn window(&self) -> Result<Window<'_>, Failure> {
        Window::open(self)
    }
}

impl<'a> Window<'a> {
    /// Of the site.
    ///
    /// # Errors
    /// A problem when others can read the keys.
    pub fn open(app: &'a App) -> Result<Self, Failure> {
        let key = |name: &str| seal_key(&app.setup.keys.join(name));
        Ok(Self {
            app,
            keys: MachineKeys {
                facts: key("reports-facts.key")?,
                receipts: key("reports-receipts.key")?,
            },
            blobs: Blobs::at(&app.setup.blobs),
            sealer: Age::default(),
        })
    }

    /// The counter.
    #[must_use]
    pub fn counter(&self) -> Counter<'_> {
        Counter {
            law: &self.app.setup.law,
            keys: &self.keys,
            sealer: &self.sealer,
            blobs: &self.blobs,
            channels: &self.app.ways,
        }
    }

    /// What seals for people.
    #[must_use]
    pub fn sealer(&self) -> &Age {
        &self.sealer
    }

    /// Rules of today.
    ///
    /// # Errors
    /// Not found where there are none.
    pub fn rules(&self) -> Result<&'a ReportRules, Error> {
        on(&self.app.setup.law.reports, self.app.now().day).ok_or(Error::NotFound)
    }

    /// A transaction of whoever came; a session in his browser is not looked at.
    ///
    /// # Errors
    /// A fault when the database refuses.
    pub async fn begin(&self) -> Result<Tx, Failure> {
        let setup = &self.app.setup;
        setup.registry.begin(By::public(&setup.law.access), self.app.now(), "").await
    }
}
