//! What every handler can reach: the register, the facts, the rules, the clock.

use std::path::PathBuf;
use std::sync::Arc;

use locale::{Language, Text};
use registry::{Law, Now, Registry};

use crate::metrics::Metrics;

/// Tells the moment of an act.
pub type Clock = Arc<dyn Fn() -> Now + Send + Sync>;

/// What the program hands to the pages.
pub struct Setup {
    /// The register.
    pub registry: Registry,
    /// Rules of the county.
    pub law: Law,
    /// Tells the time.
    pub clock: Clock,
    /// Folder of the two logs.
    pub logs: PathBuf,
    /// Folder of documents.
    pub blobs: PathBuf,
    /// Address under which people reach the site, such as `https://mb.example.gov.cn`; without one,
    /// the address that the request named.
    pub public_url: Option<String>,
}

/// Shared by all requests.
pub struct App {
    /// What was handed in.
    pub setup: Setup,
    /// Counters.
    pub metrics: Metrics,
    chinese: Text,
    english: Text,
}

impl App {
    /// Loads both languages.
    #[must_use]
    pub fn new(setup: Setup) -> Arc<Self> {
        Arc::new(Self {
            setup,
            metrics: Metrics::default(),
            chinese: Text::load(Language::Chinese),
            english: Text::load(Language::English),
        })
    }

    /// Sentences of a language.
    #[must_use]
    pub fn text(&self, language: Language) -> &Text {
        match language {
            Language::Chinese => &self.chinese,
            Language::English => &self.english,
        }
    }

    /// The moment of this act.
    #[must_use]
    pub fn now(&self) -> Now {
        (self.setup.clock)()
    }

    /// Whether people reach the site over TLS.
    #[must_use]
    pub fn over_tls(&self) -> bool {
        self.setup.public_url.as_deref().is_some_and(|url| url.starts_with("https://"))
    }
}
