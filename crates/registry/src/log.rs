//! The logs on disk: entries of the database become tiles, and checkpoints are signed.
//!
//! Tiles are written first, each as a whole, the checkpoint last: killed at any point, the log is
//! whole up to its last checkpoint, and the next run writes the same tiles again.

use std::fs::{self, File};
use std::io::Write;
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

use domain::problem::{Failure, Fault, Place, Problem};
use journal::audit::{Audit, audit};
use journal::bundle::Bundle;
use journal::checkpoint::{Checkpoint, KeyRing, Signer, TrustedKey};
use journal::note::SigningKey;
use journal::proof::Tree;
use journal::tiles::{self, TileStore};
use journal::{Frontier, Refused, Salt};
use sqlx::Row;

use crate::db::{Db, failure};
use crate::rows::hex;
use crate::tx::{Now, index, refused};

/// Entries that go into the tree at a time.
const PAGE: i64 = 4096;
const CHECKPOINT: &str = "checkpoint";
const KEYS: &str = "keys";

/// One log: a folder of tiles that any file server can hand out as it is.
#[derive(Debug, Clone)]
pub struct Log {
    name: &'static str,
    dir: PathBuf,
}

impl TileStore for Log {
    fn read(&self, path: &str) -> Result<Option<Vec<u8>>, Refused> {
        match fs::read(self.dir.join(path)) {
            Ok(bytes) => Ok(Some(bytes)),
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => Ok(None),
            Err(e) => Err(Refused::Store(e.to_string())),
        }
    }
}

/// What keeping the log has done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    /// Leaves in the tree.
    pub size: u64,
    /// Leaves that came in now.
    pub new: u64,
}

impl Log {
    /// The log of a name in the folder of logs.
    #[must_use]
    pub fn at(logs: &Path, name: &'static str) -> Self {
        Self { name, dir: logs.join(name) }
    }

    /// Begins a log: its public keys, and a signed checkpoint of the empty tree.
    ///
    /// # Errors
    /// A fault when the folder cannot be written.
    pub fn begin(&self, origin: &str, secret: &str) -> Result<(), Failure> {
        let key = SigningKey::parse(secret).map_err(refused)?;
        let ring = KeyRing::of(origin, key.verifying_key().clone());
        let first = signer(&ring, secret)?.sign_first().map_err(refused)?;
        write(&self.dir.join(KEYS), ring.to_string().as_bytes())?;
        write(&self.dir.join(CHECKPOINT), first.as_bytes())
    }

    /// Puts another key in the place of the one in use. The old one goes on proving the trees that
    /// it signed, and no later ones; one that has signed none is forgotten.
    ///
    /// # Errors
    /// A fault when the log or the new key cannot be read.
    pub fn rotate(&self, secret: &str) -> Result<(), Failure> {
        let mut ring = self.ring()?;
        let size = ring.open(&self.checkpoint()?).map_err(refused)?.size;
        let new = SigningKey::parse(secret).map_err(refused)?;
        ring.keys.retain(|key| key.from <= size);
        ring.keys
            .iter_mut()
            .filter(|key| key.until.is_none())
            .for_each(|key| key.until = Some(size));
        let key = new.verifying_key().clone();
        ring.keys.push(TrustedKey { key, from: size + 1, until: None });
        write(&self.dir.join(KEYS), ring.to_string().as_bytes())
    }

    /// The last signed checkpoint as it is published.
    ///
    /// # Errors
    /// A fault when it cannot be read.
    pub fn checkpoint(&self) -> Result<String, Failure> {
        self.text(CHECKPOINT)
    }

    /// The log's public keys.
    ///
    /// # Errors
    /// A fault when they cannot be read or understood.
    pub fn ring(&self) -> Result<KeyRing, Failure> {
        KeyRing::parse(&self.text(KEYS)?).map_err(refused)
    }

    /// Whether the key of a secret is the one in use. What is no key is not.
    ///
    /// # Errors
    /// A fault when the log cannot be read.
    pub fn trusts(&self, secret: &str) -> Result<bool, Failure> {
        let Ok(key) = SigningKey::parse(secret) else { return Ok(false) };
        let ring = self.ring()?;
        Ok(ring.keys.iter().any(|known| known.until.is_none() && known.key == *key.verifying_key()))
    }

    fn text(&self, name: &str) -> Result<String, Failure> {
        let path = self.dir.join(name);
        let read = fs::read_to_string(&path);
        Ok(read.map_err(|e| Fault::new("read log", format!("{}: {e}", path.display())))?)
    }

    /// Takes up all entries since the last checkpoint, and signs the next one.
    ///
    /// # Errors
    /// A fault when the log does not continue what was signed, or cannot be read or written.
    pub async fn keep(&self, db: &Db, secret: &str, now: Now) -> Result<Kept, Failure> {
        let (ring, previous) = (self.ring()?, self.checkpoint()?);
        let signed = ring.open(&previous).map_err(refused)?;
        let frontier = Tree::new(self, signed.size).and_then(|mut tree| tree.frontier());
        let mut frontier = frontier.map_err(refused)?;
        loop {
            let entries = self.entries(db, frontier.size()).await?;
            if entries.is_empty() {
                break;
            }
            frontier = self.take_up(&frontier, &entries)?;
        }
        let new = frontier.size() - signed.size;
        if new > 0 {
            let mut tree = Tree::new(self, frontier.size()).map_err(refused)?;
            let proof = tree.prove_consistency(signed.size).map_err(refused)?;
            let next =
                signer(&ring, secret)?.sign_next(&previous, &frontier, &proof).map_err(refused)?;
            write(&self.dir.join(CHECKPOINT), next.as_bytes())?;
            self.remember(db, &frontier, &next, now).await?;
        }
        Ok(Kept { size: frontier.size(), new })
    }

    fn take_up(&self, frontier: &Frontier, entries: &[Vec<u8>]) -> Result<Frontier, Failure> {
        let entries: Vec<&[u8]> = entries.iter().map(Vec::as_slice).collect();
        let (next, files) = tiles::append(self, frontier, &entries).map_err(refused)?;
        for (path, bytes) in files {
            write(&self.dir.join(path), &bytes)?;
        }
        Ok(next)
    }

    async fn entries(&self, db: &Db, from: u64) -> Result<Vec<Vec<u8>>, Failure> {
        let during = |error| failure("read entries", error);
        let text = "select leaf from entries where log = $1 and idx >= $2 order by idx limit $3";
        let rows = sqlx::query(text).bind(self.name).bind(index(from)?).bind(PAGE);
        let rows = rows.fetch_all(&db.read).await.map_err(during)?;
        let leaf =
            |row: &sqlx::any::AnyRow| row.try_get::<String, _>("leaf").map(String::into_bytes);
        rows.iter().map(leaf).collect::<Result<_, _>>().map_err(during)
    }

    /// The database keeps every checkpoint too: a witness can ask for an old one.
    async fn remember(
        &self,
        db: &Db,
        frontier: &Frontier,
        note: &str,
        now: Now,
    ) -> Result<(), Failure> {
        let keep = "insert into checkpoints (log, size, root, note, at_ms) values ($1, $2, $3, $4, $5) \
                    on conflict do nothing";
        let keep = sqlx::query(keep)
            .bind(self.name)
            .bind(index(frontier.size())?)
            .bind(frontier.root().as_bytes().to_vec())
            .bind(note.to_owned())
            .bind(now.ms);
        keep.execute(&db.write).await.map_err(|error| failure("keep checkpoint", error))?;
        Ok(())
    }

    /// Everything that a person needs to verify an entry without us.
    ///
    /// # Errors
    /// A problem when the entry is not in a signed tree yet.
    pub async fn bundle(&self, db: &Db, leaf: u64) -> Result<Bundle, Failure> {
        let checkpoint = self.checkpoint()?;
        let signed = self.ring()?.open(&checkpoint).map_err(refused)?;
        if leaf >= signed.size {
            return Err(Problem::new("entry-not-signed", Place::default())
                .with("leaf", leaf)
                .into());
        }
        let mut bundle = {
            // The tree reads files and must not be kept while the database is waited for.
            let mut tree = Tree::new(self, signed.size).map_err(refused)?;
            Bundle::prove(&mut tree, leaf, &checkpoint).map_err(refused)?
        };
        let during = |error| failure("read entry", error);
        let text = "select salt, payload from entries where log = $1 and idx = $2";
        let row = sqlx::query(text).bind(self.name).bind(index(leaf)?).fetch_one(&db.read).await;
        let row = row.map_err(during)?;
        let (salt, payload): (Option<Vec<u8>>, Option<String>) =
            (row.try_get("salt").map_err(during)?, row.try_get("payload").map_err(during)?);
        if let Some((salt, value)) = opened(salt, payload)? {
            bundle = bundle.with_payload(salt, value);
        }
        let text = "select name, salt, value from entry_fields where log = $1 and idx = $2";
        let rows = sqlx::query(text).bind(self.name).bind(index(leaf)?).fetch_all(&db.read).await;
        for row in rows.map_err(during)? {
            let name: String = row.try_get("name").map_err(during)?;
            let salt = row.try_get("salt").map_err(during)?;
            if let Some((salt, value)) = opened(salt, row.try_get("value").map_err(during)?)? {
                bundle = bundle.with_field(&name, salt, value);
            }
        }
        Ok(bundle)
    }

    /// Recomputes all tiles and the root from the entries, and tells each entry to `each`.
    ///
    /// # Errors
    /// A fault when the log cannot be read or its checkpoint was not signed by its keys.
    pub fn audit(&self, each: &mut dyn FnMut(u64, &[u8])) -> Result<(Checkpoint, Audit), Failure> {
        let checkpoint = self.ring()?.open(&self.checkpoint()?).map_err(refused)?;
        let found = audit(self, &checkpoint, &mut |at, entry| each(at, entry)).map_err(refused)?;
        Ok((checkpoint, found))
    }
}

fn signer(ring: &KeyRing, secret: &str) -> Result<Signer, Failure> {
    let key = SigningKey::parse(secret).map_err(refused)?;
    Ok(Signer::new(ring.clone(), vec![key]))
}

/// A salt and what it opens; nothing once it was erased.
fn opened(
    salt: Option<Vec<u8>>,
    value: Option<String>,
) -> Result<Option<(Salt, serde_json::Value)>, Failure> {
    let (Some(salt), Some(value)) = (salt, value) else { return Ok(None) };
    let salt = <[u8; journal::SALT_BYTES]>::try_from(salt.as_slice());
    let salt = salt.map_err(|e| Fault::new("read salt", e))?;
    let value = serde_json::from_str(&value).map_err(|e| Fault::new("read payload", e))?;
    Ok(Some((Salt::new(salt), value)))
}

/// Writes a file that is there as a whole or not at all, and stays after a loss of power.
pub(crate) fn write(path: &Path, bytes: &[u8]) -> Result<(), Failure> {
    let fault = |e: std::io::Error| Fault::new("write log", format!("{}: {e}", path.display()));
    let parent = path.parent().unwrap_or(path);
    private_folder(parent)?;
    let mut name = path.file_name().unwrap_or_default().to_os_string();
    name.push(".new");
    let beside = path.with_file_name(name);
    let mut file = File::create(&beside).map_err(fault)?;
    file.write_all(bytes).and_then(|()| file.sync_all()).map_err(fault)?;
    fs::rename(&beside, path).map_err(fault)?;
    File::open(parent).and_then(|folder| folder.sync_all()).map_err(fault)?;
    Ok(())
}

/// Makes a folder, and those above it, for its owner alone: what lies in them concerns people.
///
/// # Errors
/// A fault when the disk refuses.
pub fn private_folder(path: &Path) -> Result<(), Failure> {
    let made = fs::DirBuilder::new().recursive(true).mode(0o700).create(path);
    Ok(made.map_err(|e| Fault::new("make folder", format!("{}: {e}", path.display())))?)
}

/// Makes a signing key in a file of its own, for its owner alone. It lies outside the data folder:
/// who can write the register cannot sign for it.
///
/// # Errors
/// A problem when there is a key already; a fault when the disk refuses.
pub fn make_secret(path: &Path, name: &str) -> Result<String, Failure> {
    let mut seed = [0; 32];
    getrandom::fill(&mut seed).map_err(|e| Fault::new("get random bytes", e))?;
    let secret = SigningKey::from_seed(name, &seed).map_err(refused)?.to_secret_text();
    write_private(path, secret.as_bytes())?;
    Ok(secret)
}

/// Writes a new file for its owner alone, which is there as a whole or not at all.
fn write_private(path: &Path, bytes: &[u8]) -> Result<(), Failure> {
    let fault = |e: std::io::Error| Fault::new("write key", format!("{}: {e}", path.display()));
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let beside = path.with_file_name(format!(".{name}.part"));
    let mut options = fs::OpenOptions::new();
    options.write(true).create(true).truncate(true).mode(0o600);
    let mut file = options.open(&beside).map_err(fault)?;
    file.write_all(bytes).and_then(|()| file.sync_all()).map_err(fault)?;
    // A link, not a renaming: it does not take the place of a key that is there.
    let linked = fs::hard_link(&beside, path);
    fs::remove_file(&beside).map_err(fault)?;
    match linked {
        Err(e) if e.kind() == std::io::ErrorKind::AlreadyExists => {
            Err(Problem::new("keys-exist", Place::file(path.display().to_string())).into())
        }
        linked => Ok(linked.map_err(fault)?),
    }
}

/// Reads a key that seals, and makes it when it is not there yet.
///
/// # Errors
/// A problem when others can read it; a fault when the disk refuses.
pub fn seal_key(path: &Path) -> Result<[u8; 32], Failure> {
    if !path.exists() {
        let mut key = [0; 32];
        getrandom::fill(&mut key).map_err(|e| Fault::new("get random bytes", e))?;
        write_private(path, hex(&key).as_bytes())?;
    }
    let text = read_secret(path)?;
    let key = journal::Hash::from_hex(&text).map(|hash| *hash.as_bytes());
    Ok(key.ok_or_else(|| Problem::new("keys-wrong", Place::file(path.display().to_string())))?)
}

/// Reads a signing key that nobody but its owner can read.
///
/// # Errors
/// A problem when it is missing, or others can read it.
pub fn read_secret(path: &Path) -> Result<String, Failure> {
    let place = || Place::file(path.display().to_string());
    let Ok(meta) = fs::metadata(path) else {
        return Err(Problem::new("keys-missing", place()).into());
    };
    if meta.permissions().mode() & 0o077 != 0 {
        let mode = format!("{:04o}", meta.permissions().mode() & 0o7777);
        return Err(Problem::new("keys-not-private", place()).with("mode", mode).into());
    }
    let text = fs::read_to_string(path).map_err(|e| Fault::new("read key", e))?;
    Ok(text.trim().to_owned())
}
