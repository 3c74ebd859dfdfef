//! What every handler can reach: the register, the facts, the rules, the clock.

use std::num::NonZeroU32;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use domain::benefit::Benefits;
use domain::catalogue::Titles;
use domain::problem::{Failure, Fault};
use facts::AccessLog;
use facts::intake::Intake;
use facts::own::OwnReader;
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};
use locale::{Language, Text};
use registry::actions::outbox::Way;
use registry::log::seal_key;
use registry::queries::{acts, public_search as search};
use registry::{Law, Now, Registry};
use tokio::sync::Semaphore;

use crate::board::{self, Board};
use crate::channels::{Bots, Wechat};
use crate::codes::CodeChannel;
use crate::kept::{Kept, Made};
use crate::metrics::Metrics;
use crate::my::{Budgets, Desk, GOOD_MS, Work};
use crate::office::Devices;
use crate::places::{self, Places};
use crate::report::Gate;
use crate::shelf::Shelf;
use crate::unlocked::Keys;

/// Questions about one notice or matter in an hour. More is no village that asks.
const QUESTIONS: NonZeroU32 = NonZeroU32::new(30).unwrap();

/// Photos drawn at one time: each may take a quarter of a gigabyte.
const PHOTOS: usize = 2;

/// Sign-ins that may wait at one time; passwords are hashed slowly on purpose.
const WAITING: usize = 64;

/// So many titles are read anew with every act; more of them so often, in milliseconds.
const FEW_TITLES: usize = 2_000;
const TITLES_MS: i64 = 10_000;

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
    /// Programmes.
    pub benefits: Benefits,
    /// Reads a person's own rows of the facts; none where there are no facts.
    pub own: Option<Arc<OwnReader>>,
    /// Reads who looked at whom; none where there are no facts.
    pub access_log: Option<Arc<AccessLog>>,
    /// Takes files of agencies in; none where there are no facts.
    pub intake: Option<Arc<Intake>>,
    /// How one-time codes reach people; none where cards alone open the own benefits.
    pub codes: Option<Arc<dyn CodeChannel>>,
    /// Largest file of an agency, in mebibytes.
    pub upload_mb: u64,
    /// How many minutes an own key of somebody who works with reports stays unlocked.
    pub unlock_minutes: u64,
    /// Folder of keys.
    pub keys: PathBuf,
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
    places: places::Cache,
    board: board::Cache,
    titles_of_all: Kept<search::Titles>,
    counted: Mutex<Option<acts::Counted>>,
    /// What the calendar asks of villages.
    pub duties: board::Duties,
    /// How many questions may still be asked, by what they are about. Never by address: a whole
    /// village sits behind one.
    pub questions: DefaultKeyedRateLimiter<String>,
    /// Villagers who were recognised.
    pub desk: Desk,
    /// How often somebody may try to be.
    pub budgets: Budgets,
    /// The work that browsers do for it.
    pub work: Work,
    /// What keeps floods of reports slow and loses none.
    pub gate: Gate,
    /// The WeChat official account, where there is one.
    pub wechat: Option<Wechat>,
    /// Channels by which offices are told.
    pub ways: Vec<Way>,
    /// Photos that are drawn at one time.
    pub photos: Semaphore,
    /// Tries to sign in on devices that are known.
    pub devices: Devices,
    /// Those who wait at the door of the office.
    pub door: Semaphore,
    /// Public pages that were drawn a moment ago.
    pub shelf: Shelf,
    /// Own keys that lie open in memory.
    pub unlocked: Keys,
    /// Titles of codes that rules speak of.
    pub titles: Titles,
    chinese: Text,
    english: Text,
}

impl App {
    /// Loads both languages.
    ///
    /// # Errors
    /// A fault when the system has no randomness; a problem when a channel is set up wrongly.
    pub fn new(setup: Setup) -> Result<Arc<Self>, Failure> {
        Ok(Arc::new(Self {
            places: Kept::default(),
            board: Kept::default(),
            titles_of_all: Kept::default(),
            counted: Mutex::default(),
            duties: board::Duties::default(),
            questions: RateLimiter::keyed(Quota::per_hour(QUESTIONS)),
            desk: Desk::default(),
            budgets: Budgets::new()?,
            work: Work::new(GOOD_MS)?,
            gate: Gate::new()?,
            wechat: Wechat::read(&setup.keys)?,
            ways: Bots::read(&setup.keys)?.ways(),
            shelf: Shelf::new()?,
            photos: Semaphore::new(PHOTOS),
            devices: Devices::new()?,
            door: Semaphore::new(WAITING),
            unlocked: Keys::new()?,
            titles: Titles::of(&setup.law.catalogue),
            setup,
            metrics: Metrics::default(),
            chinese: Text::load(Language::Chinese),
            english: Text::load(Language::English),
        }))
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

    /// All places.
    ///
    /// # Errors
    /// A fault when the register cannot be read.
    pub async fn places(&self) -> Result<Arc<Places>, Failure> {
        places::get(&self.places, &self.setup.registry.db, self.now().ms).await
    }

    /// The scoreboard of disclosure.
    ///
    /// # Errors
    /// A fault when the register cannot be read.
    pub async fn board(&self) -> Result<Arc<Board>, Failure> {
        let (db, catalogue) = (&self.setup.registry.db, &self.setup.law.catalogue);
        board::get(&self.board, db, catalogue, &*self.places().await?, self.now()).await
    }

    /// How far acts went that may have changed a public page.
    ///
    /// # Errors
    /// A fault when the register cannot be read.
    pub async fn acts(&self) -> Result<i64, Failure> {
        let since = *self.counted.lock().unwrap_or_else(PoisonError::into_inner);
        let counted = acts::count(&self.setup.registry.db, since).await?;
        // Of two who count at one moment both come to the same.
        *self.counted.lock().unwrap_or_else(PoisonError::into_inner) = Some(counted);
        Ok(counted.seen)
    }

    /// Titles of all notices and matters. Of a small county they are always those of this moment.
    ///
    /// # Errors
    /// A fault when the register cannot be read.
    pub async fn all_titles(&self) -> Result<Arc<search::Titles>, Failure> {
        let db = &self.setup.registry.db;
        let now = Made { ms: self.now().ms, acts: self.acts().await? };
        let is_good = |made: Made, titles: &search::Titles| {
            let many = titles.len() > FEW_TITLES;
            made.acts == now.acts || (many && now.ms - made.ms < TITLES_MS)
        };
        self.titles_of_all.get(now, is_good, search::Titles::read(db)).await
    }

    /// The key of what is sealed in the register.
    ///
    /// # Errors
    /// A problem when others can read it.
    pub fn seal_key(&self) -> Result<[u8; 32], Failure> {
        seal_key(&self.setup.keys.join("second-factor.key"))
    }

    /// The key of contacts that askers leave.
    ///
    /// # Errors
    /// A problem when others can read it.
    pub fn contact_key(&self) -> Result<[u8; 32], Failure> {
        seal_key(&self.setup.keys.join("contacts.key"))
    }

    /// The key of original photos.
    ///
    /// # Errors
    /// A problem when others can read it.
    pub fn original_key(&self) -> Result<[u8; 32], Failure> {
        seal_key(&self.setup.keys.join("originals.key"))
    }

    /// Forgets what is kept of visitors for a while, when the while is over. To be called now and then.
    pub fn forget(&self) {
        self.desk.forget(self.now().ms);
        self.budgets.forget();
        self.gate.forget(self.now().ms);
        self.devices.forget();
        self.unlocked.forget(self.now().ms);
        self.questions.retain_recent();
    }

    /// Whether people reach the site over TLS.
    #[must_use]
    pub fn over_tls(&self) -> bool {
        self.setup.public_url.as_deref().is_some_and(|url| url.starts_with("https://"))
    }
}

/// Runs what reads files or works long beside the requests that wait for nothing.
///
/// # Errors
/// What it returns; a fault when it broke off.
pub async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, Failure> + Send + 'static,
) -> Result<T, Failure> {
    let done = tokio::task::spawn_blocking(work).await;
    done.map_err(|error| Fault::new("work beside the requests", error))?
}
