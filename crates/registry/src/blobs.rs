//! Documents on disk, named by the SHA-256 of their content: the same file is kept once, and a
//! changed one is noticed when it is read.

use std::fs;
use std::path::{Path, PathBuf};

use domain::problem::{Failure, Fault, Place, Problem};

use journal::Hash;

use crate::log::write;
use crate::seal::{SealKey, open, seal};

/// What a sealed document is sealed as.
const SEALED: &str = "document";

/// A folder of documents.
#[derive(Debug, Clone)]
pub struct Blobs {
    dir: PathBuf,
}

impl Blobs {
    /// The documents of a folder.
    #[must_use]
    pub fn at(dir: &Path) -> Self {
        Self { dir: dir.to_owned() }
    }

    fn path(&self, digest: &str) -> PathBuf {
        self.dir.join(digest.get(..2).unwrap_or("xx")).join(digest)
    }

    /// The name under which bytes are kept: their digest in hex.
    #[must_use]
    pub fn digest(bytes: &[u8]) -> String {
        Hash::of(bytes).to_hex()
    }

    /// Keeps bytes and returns their digest in hex.
    ///
    /// # Errors
    /// A fault when the disk refuses.
    pub fn keep(&self, bytes: &[u8]) -> Result<String, Failure> {
        let digest = Self::digest(bytes);
        let path = self.path(&digest);
        if !path.exists() {
            write(&path, bytes)?;
        }
        Ok(digest)
    }

    /// Keeps bytes whose file shall not tell the hour: it bears the moment that is given.
    ///
    /// # Errors
    /// A fault when the disk refuses.
    pub fn keep_dated(&self, bytes: &[u8], ms: i64) -> Result<String, Failure> {
        let digest = self.keep(bytes)?;
        let fault = |e: std::io::Error| Fault::new("date document", e);
        let since = std::time::Duration::from_millis(u64::try_from(ms).unwrap_or_default());
        let file = fs::File::options().write(true).open(self.path(&digest)).map_err(fault)?;
        file.set_modified(std::time::UNIX_EPOCH + since).map_err(fault)?;
        Ok(digest)
    }

    /// Deletes a document, if it is there.
    ///
    /// # Errors
    /// A fault when the disk refuses.
    pub fn forget(&self, digest: &str) -> Result<(), Failure> {
        match fs::remove_file(self.path(digest)) {
            Err(e) if e.kind() != std::io::ErrorKind::NotFound => {
                Err(Fault::new("delete document", e).into())
            }
            _ => Ok(()),
        }
    }

    /// Reads a document back.
    ///
    /// # Errors
    /// A problem when it is not there; a fault when it was changed.
    pub fn read(&self, digest: &str) -> Result<Vec<u8>, Failure> {
        let place = || Place { column: Some(digest.to_owned()), ..Place::default() };
        let bytes =
            fs::read(self.path(digest)).map_err(|_| Problem::new("document-missing", place()))?;
        if Hash::of(&bytes).to_hex() != digest {
            return Err(Fault::new("read document", format!("{digest} was changed")).into());
        }
        Ok(bytes)
    }

    /// Keeps bytes sealed and returns the digest of what lies on the disk.
    ///
    /// # Errors
    /// A fault when the disk refuses.
    pub fn keep_sealed(&self, key: &SealKey, bytes: &[u8]) -> Result<String, Failure> {
        self.keep(&seal(key, SEALED, bytes)?)
    }

    /// Reads back what was kept sealed.
    ///
    /// # Errors
    /// As [`Self::read`]; a fault when the key is another.
    pub fn read_sealed(&self, key: &SealKey, digest: &str) -> Result<Vec<u8>, Failure> {
        Ok(open(key, SEALED, &self.read(digest)?)?)
    }
}
