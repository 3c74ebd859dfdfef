//! The two secrets of a data folder, and the keys of people made with one of them.

use std::fs;
use std::hash::Hasher;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use domain::problem::{Failure, Fault, Place, Problem};
use sha2::{Digest, Sha256};
use siphasher::sip128::{Hasher128, SipHasher24};

use crate::disk;

const PERSON_FILE: &str = "person.key";
const VAULT_FILE: &str = "vault.key";

/// What a key stands for. Part of what is hashed, so that equal texts of different kinds have
/// different keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub enum Sort {
    /// ID number.
    Person = 1,
    /// Name of a person.
    Name = 2,
    /// Bank account or card.
    Account = 3,
    /// Household number.
    Household = 4,
    /// A row without an ID number.
    Row = 5,
    /// The name under which a person is known. Has the person's key; none is made for it.
    Known = 6,
    /// A one-time code of a person. Stands in no file of facts.
    Code = 7,
    /// What a screening keeps. No key is made for it, and no vault holds it.
    Kept = 8,
}

/// A key with the rest of its hash, which tells two texts apart that share the key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Keyed {
    /// The key: never 0, which stands for a missing text in columns.
    pub key: u64,
    /// The other half of the hash.
    pub check: u64,
}

impl Keyed {
    /// Half of the check, enough to notice the one collision that a country might ever see.
    pub fn half(self) -> u32 {
        self.check as u32
    }
}

/// The secrets.
#[derive(Clone)]
pub struct Keys {
    person: [u8; 16],
    /// Seals the vault.
    pub vault: [u8; 32],
}

impl std::fmt::Debug for Keys {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Keys")
    }
}

impl Keys {
    /// Makes secrets and writes them to a folder for their owner alone.
    pub fn make(dir: &Path) -> Result<Self, Failure> {
        let mut keys = Self { person: [0; 16], vault: [0; 32] };
        random(&mut keys.person)?;
        random(&mut keys.vault)?;
        for name in [PERSON_FILE, VAULT_FILE] {
            if dir.join(name).exists() {
                let place = Place::file(dir.join(name).display().to_string());
                return Err(Problem::new("keys-exist", place).into());
            }
        }
        disk::make_folder(dir)?;
        let private = fs::set_permissions(dir, fs::Permissions::from_mode(0o700));
        private.map_err(|e| disk::failure("protect keys", dir, &e))?;
        disk::write_new(&dir.join(PERSON_FILE), &keys.person)?;
        disk::write_new(&dir.join(VAULT_FILE), &keys.vault)?;
        disk::sync_folder(dir)?;
        Ok(keys)
    }

    /// Reads secrets that nobody but their owner can read.
    pub fn read(dir: &Path) -> Result<Self, Failure> {
        Ok(Self { person: secret(&dir.join(PERSON_FILE))?, vault: secret(&dir.join(VAULT_FILE))? })
    }

    /// A text that only these secrets give, and that gives nothing away: wrong keys are noticed.
    pub fn check_value(&self) -> String {
        let mut digest = Sha256::new();
        digest.update(b"mingbai key check");
        digest.update(self.person);
        digest.update(self.vault);
        hex(digest.finalize().get(..8).unwrap_or_default())
    }

    /// The key of a text.
    pub fn keyed(&self, sort: Sort, text: &str) -> Keyed {
        self.keyed_bytes(sort, text.as_bytes())
    }

    /// The key of a row that has no ID number: the same whenever the same file is read.
    pub fn row_key(&self, source: &[u8; 32], row: u32) -> u64 {
        let mut bytes = [0; 36];
        let (head, tail) = bytes.split_at_mut(32);
        head.copy_from_slice(source);
        tail.copy_from_slice(&row.to_le_bytes());
        self.keyed_bytes(Sort::Row, &bytes).key
    }

    /// Tells whether bytes are those that were written under a name with these secrets.
    pub fn seal(&self, name: &str, bytes: &[u8]) -> [u8; 16] {
        let mut hasher = SipHasher24::new_with_key(&self.person);
        hasher.write_u8(Sort::Kept as u8);
        hasher.write_u64(name.len() as u64);
        hasher.write(name.as_bytes());
        hasher.write(bytes);
        hasher.finish128().as_bytes()
    }

    fn keyed_bytes(&self, sort: Sort, bytes: &[u8]) -> Keyed {
        let mut hasher = SipHasher24::new_with_key(&self.person);
        hasher.write_u8(sort as u8);
        hasher.write(bytes);
        let hash = hasher.finish128();
        Keyed { key: hash.h1.max(1), check: hash.h2 }
    }
}

fn secret<const N: usize>(path: &Path) -> Result<[u8; N], Failure> {
    let shown = || Place::file(path.display().to_string());
    let Ok(meta) = fs::metadata(path) else {
        return Err(Problem::new("keys-missing", shown()).into());
    };
    if meta.permissions().mode() & 0o077 != 0 {
        let mode = format!("{:04o}", meta.permissions().mode() & 0o7777);
        return Err(Problem::new("keys-not-private", shown()).with("mode", mode).into());
    }
    let bytes = fs::read(path).map_err(|e| disk::failure("read keys", path, &e))?;
    bytes.try_into().map_err(|_| Problem::new("keys-wrong", shown()).into())
}

/// Fills bytes from the system's source of randomness.
pub fn random(bytes: &mut [u8]) -> Result<(), Fault> {
    getrandom::fill(bytes).map_err(|e| Fault::new("get random bytes", e))
}

/// Lower-case hex digits of bytes.
pub fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write;
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut out, b| {
        let _infallible = write!(out, "{b:02x}");
        out
    })
}

#[cfg(test)]
impl Keys {
    /// Fixed secrets for tests.
    pub fn fixed() -> Self {
        Self { person: [7; 16], vault: [9; 32] }
    }
}

#[cfg(test)]
mod tests {
    use super::{Keys, Sort};

    #[test]
    fn keys_depend_on_secret_sort_and_text() {
        let (ours, theirs) = (Keys::fixed(), Keys { person: [8; 16], vault: [9; 32] });
        let key = ours.keyed(Sort::Person, "990001199001010031");
        assert_eq!(key, ours.keyed(Sort::Person, "990001199001010031"));
        assert_ne!(key.key, ours.keyed(Sort::Account, "990001199001010031").key);
        assert_ne!(key.key, ours.keyed(Sort::Person, "990001199001010032").key);
        assert_ne!(key.key, theirs.keyed(Sort::Person, "990001199001010031").key);
        assert_ne!(ours.row_key(&[0; 32], 1), ours.row_key(&[0; 32], 2));
        assert_ne!(ours.check_value(), theirs.check_value());
    }
}
