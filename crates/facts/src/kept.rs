//! What a screening keeps for the next one. Derived from facts and holding keys of people like
//! them, so it lies in the data folder, goes when a batch is taken back, and may be deleted by
//! anybody at any time: the next screening then takes longer.

use std::fs;
use std::path::PathBuf;

use domain::problem::Failure;

use crate::disk;
use crate::folder::Folder;

/// Bytes of the seal before the content of a file.
const SEAL: usize = 16;

impl Folder {
    /// What was kept under a name. A file that is missing, cut off or altered is as good as none:
    /// the seal says so, and therefore nothing has to wait for the disk when it is written.
    ///
    /// # Errors
    /// When the disk refuses to read.
    pub fn kept(&self, name: &str) -> Result<Option<Vec<u8>>, Failure> {
        let path = self.kept_dir().join(name);
        let mut bytes = match fs::read(&path) {
            Ok(bytes) => bytes,
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => return Ok(None),
            Err(e) => return Err(disk::failure("read what was kept", &path, &e)),
        };
        let Some((seal, content)) = bytes.split_at_checked(SEAL) else { return Ok(None) };
        if seal != self.keys.seal(name, content) {
            return Ok(None);
        }
        Ok(Some(bytes.split_off(SEAL)))
    }

    /// Keeps contents under names, in the place of what was kept under them before. They were made
    /// from some batches: if one of those was taken back meanwhile, nothing is kept.
    ///
    /// # Errors
    /// When the disk refuses.
    pub fn keep(&self, made_from: &[u32], files: &[(String, Vec<u8>)]) -> Result<(), Failure> {
        if files.is_empty() {
            return Ok(());
        }
        let _lock = self.lock()?;
        let batches = self.batches()?;
        let live = |number: &u32| batches.iter().any(|b| b.batch == *number && b.is_live());
        if !made_from.iter().all(live) {
            return Ok(());
        }
        let dir = self.kept_dir();
        disk::make_folder(&dir)?;
        for (name, content) in files {
            let (path, beside) = (dir.join(name), dir.join(format!("{name}.new")));
            disk::remove_if_there(&beside)?;
            let failure = |e: std::io::Error| disk::failure("keep for later", &path, &e);
            let mut file = disk::new_file(&beside)?;
            let written = std::io::Write::write_all(&mut file, &self.keys.seal(name, content))
                .and_then(|()| std::io::Write::write_all(&mut file, content));
            written.map_err(failure)?;
            fs::rename(&beside, &path).map_err(failure)?;
        }
        Ok(())
    }

    /// Erases all that was kept.
    ///
    /// # Errors
    /// When the disk refuses.
    pub(crate) fn erase_kept(&self) -> Result<(), Failure> {
        disk::remove_if_there(&self.kept_dir())
    }

    fn kept_dir(&self) -> PathBuf {
        self.dir().join("kept")
    }
}
