//! The register as the commands see it: opened from a data folder, with the county's rules and the
//! day.

use std::future::Future;
use std::path::{Path, PathBuf};

use domain::problem::{Failure, Fault, Place, Problem, RuleViolation};
use domain::time::Day;
use journal::checkpoint::Checkpoint;
use registry::actions::Refusal;
use registry::log::{Log, make_secret, private_folder, read_secret, seal_key};
use registry::seal::SealKey;
use registry::tx::LOGS;
use registry::{By, Entry, Law, Now, Registry, Tx};
use tokio::runtime::Runtime;

use crate::cli::register::Desk;
use crate::setting::Setting;
use crate::{data, say, system};

/// Folder of the register in the data folder.
const REGISTER: &str = "register";
const DAY_MS: i64 = 86_400_000;
/// China has one time all year: eight hours before UTC.
const OFFSET_MS: i64 = 8 * 3_600_000;

/// The rules that the setting names. A county lays its own over those that the program brings.
///
/// # Errors
/// The first problem, after all have been said.
pub fn law(setting: &Setting) -> Result<Law, Failure> {
    let files = data::catalogues(setting.common.catalogues.as_deref())?;
    let (law, problems) = Law::new(&files, system::variable("MINGBAI_COUNTY").as_deref())?;
    setting.stop_at(problems)?;
    Ok(law)
}

/// An opened register.
pub struct Office {
    runtime: Runtime,
    /// The register.
    pub registry: Registry,
    /// Where its database is.
    pub address: String,
    /// The data folder.
    pub dir: PathBuf,
    keys: PathBuf,
    /// When the act is done.
    pub now: Now,
}

impl Office {
    /// Opens the register of a data folder; a new one is begun with empty logs.
    ///
    /// # Errors
    /// A problem when the folder is none, or the day cannot be read.
    pub fn open(setting: &Setting, desk: &Desk) -> Result<Self, Failure> {
        let folder = setting.folder(&desk.dir)?;
        let now = moment(desk.day.as_deref())?;
        let fault = |e: std::io::Error| Fault::new("open register", e);
        let mut runtime = tokio::runtime::Builder::new_multi_thread();
        let runtime = runtime.worker_threads(2).enable_all().build().map_err(fault)?;
        let register = desk.dir.join(REGISTER);
        private_folder(&register)?;
        let address = match &desk.database {
            Some(address) => address.clone(),
            None => register.join("register.db").display().to_string(),
        };
        let registry = runtime.block_on(Registry::open(&address))?;
        let keys = folder.keys_dir().to_owned();
        let office = Self { runtime, registry, address, dir: desk.dir.clone(), keys, now };
        office.begin_logs()?;
        Ok(office)
    }

    fn begin_logs(&self) -> Result<(), Failure> {
        for name in LOGS {
            let log = self.log(name);
            if self.logs().join(name).exists() {
                self.finish_rotation(name)?;
            } else {
                let (path, origin) = (self.key_path(name), origin(name));
                let secret = match path.exists() {
                    true => read_secret(&path)?,
                    false => make_secret(&path, &origin)?,
                };
                log.begin(&origin, &secret)?;
            }
        }
        Ok(())
    }

    /// The folder of the logs.
    pub fn logs(&self) -> PathBuf {
        self.dir.join(REGISTER).join("log")
    }

    /// The folder of documents.
    pub fn blobs(&self) -> PathBuf {
        self.dir.join(REGISTER).join("blobs")
    }

    /// The folder of keys.
    pub fn keys(&self) -> &Path {
        &self.keys
    }

    /// One of the two logs.
    pub fn log(&self, name: &'static str) -> Log {
        Log::at(&self.logs(), name)
    }

    fn key_path(&self, name: &str) -> PathBuf {
        self.keys.join(format!("log-{name}.key"))
    }

    /// The signing key of a log.
    ///
    /// # Errors
    /// A problem when it is missing, or others can read it.
    pub fn secret(&self, name: &str) -> Result<String, Failure> {
        read_secret(&self.key_path(name))
    }

    /// The key that seals one kind of thing, such as `second-factor`; made when it is not there yet.
    ///
    /// # Errors
    /// A problem when others can read it.
    pub fn seal_key(&self, kind: &str) -> Result<SealKey, Failure> {
        seal_key(&self.keys.join(format!("{kind}.key")))
    }

    /// Puts a new signing key in the place of the old one, which is kept beside it.
    ///
    /// # Errors
    /// A fault when the disk refuses.
    pub fn rotate(&self, name: &'static str) -> Result<(), Failure> {
        let secret = make_secret(&self.new_key_path(name), &origin(name))?;
        self.log(name).rotate(&secret)?;
        self.finish_rotation(name)
    }

    fn new_key_path(&self, name: &str) -> PathBuf {
        self.key_path(name).with_extension("key.new")
    }

    /// Finishes a rotation that was killed on its way: once the log trusts the new key, the old one
    /// signs nothing any more; before that the new one was never used.
    fn finish_rotation(&self, name: &'static str) -> Result<(), Failure> {
        let (path, new) = (self.key_path(name), self.new_key_path(name));
        if !new.exists() {
            return Ok(());
        }
        let fault = |e: std::io::Error| Fault::new("rotate key", e);
        if !self.log(name).trusts(&read_secret(&new)?)? {
            return Ok(std::fs::remove_file(&new).map_err(fault)?);
        }
        if path.exists() {
            let old = path.with_extension(format!("key.{}", self.now.ms));
            std::fs::rename(&path, old).map_err(fault)?;
        }
        Ok(std::fs::rename(&new, &path).map_err(fault)?)
    }

    /// Does one act at the machine and commits it.
    ///
    /// # Errors
    /// What the act says, or a fault when the database refuses.
    pub fn act(
        &self,
        what: &str,
        act: impl AsyncFnOnce(&mut Tx) -> Result<Entry, Failure>,
    ) -> Result<(), Failure> {
        self.wait(async {
            let mut tx = self.registry.begin(self.operator(), self.now, what).await?;
            let entry = act(&mut tx).await?;
            tx.commit(entry).await?;
            Ok(())
        })
    }

    /// Runs something to its end.
    pub fn wait<T>(&self, future: impl Future<Output = T>) -> T {
        self.runtime.block_on(future)
    }

    /// The operator at the machine, in the system's role.
    pub fn operator(&self) -> By {
        By::system()
    }

    /// Somebody in a role.
    pub fn by(&self, person: &str, role: &str) -> By {
        By::operator(Some(person), role)
    }

    /// The last signed checkpoints of all logs.
    ///
    /// # Errors
    /// A fault when a log cannot be read, or was not signed by its keys.
    pub fn signed(&self) -> Result<Vec<(&'static str, Checkpoint)>, Failure> {
        let signed = |name| {
            let log = self.log(name);
            let opened = log.ring()?.open(&log.checkpoint()?);
            Ok((name, opened.map_err(|e| Fault::new("read checkpoint", e))?))
        };
        LOGS.into_iter().map(signed).collect()
    }

    /// Takes what the database has into all logs and signs them.
    ///
    /// # Errors
    /// A fault when a log does not continue what was signed.
    pub fn checkpoint(&self) -> Result<Vec<(&'static str, registry::log::Kept)>, Failure> {
        let mut kept = Vec::new();
        for name in LOGS {
            let secret = self.secret(name)?;
            let log = self.log(name);
            kept.push((name, self.wait(log.keep(&self.registry.db, &secret, self.now))?));
        }
        Ok(kept)
    }
}

fn origin(name: &str) -> String {
    format!("mingbai.local/{name}")
}

/// The civil day in the county.
pub fn today() -> Day {
    let day = (system::now_ms() + OFFSET_MS).div_euclid(DAY_MS);
    Day(i32::try_from(day).unwrap_or(0))
}

/// The present moment.
pub fn present() -> Now {
    Now { ms: system::now_ms(), day: today() }
}

/// Now, or noon of a day that was given.
fn moment(day: Option<&str>) -> Result<Now, Failure> {
    let Some(text) = day else {
        return Ok(present());
    };
    let day = read_day("--day", text)?;
    Ok(Now { ms: i64::from(day.0) * DAY_MS + DAY_MS / 2 - OFFSET_MS, day })
}

/// A day from the command line.
///
/// # Errors
/// A problem that names the flag.
pub fn read_day(flag: &str, text: &str) -> Result<Day, Failure> {
    let place = Place { column: Some(flag.to_owned()), ..Place::default() };
    Day::parse(text).ok_or_else(|| Problem::new("day-not-readable", place).into())
}

/// Says all rules but the first, and fails with that one. Titles stand beside the codes that rules
/// speak of: whoever works here types codes.
pub fn refused(setting: &Setting, refusal: Refusal) -> Failure {
    match refusal {
        Refusal::Other(failure) => failure,
        Refusal::Rules(rules) => {
            let zh = setting.text.language().is_chinese();
            let titles = law(setting).map(|law| law.titles()).unwrap_or_default();
            let mut rules = rules.into_iter().map(|rule| titles.put_beside(&rule, &[], zh));
            let first = rules.next().unwrap_or_else(|| RuleViolation::new("none", ""));
            for rule in rules {
                say::note(&setting.text.failure(&rule.into()));
            }
            first.into()
        }
    }
}

/// Path of a file as a problem's place.
pub fn file(path: &Path) -> Place {
    Place::file(path.display().to_string())
}
