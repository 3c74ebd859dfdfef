//! Files that are whole or not there: staging folders, syncing, one rename.

use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use domain::problem::{Failure, Fault, Place, Problem};

/// Mode of folders: what lies in them concerns people, even without their names.
const FOLDER_MODE: u32 = 0o700;
/// Mode of files.
const FILE_MODE: u32 = 0o600;

/// The failure that an error of the disk means. A full disk is for the user to mend.
pub fn failure(during: &'static str, path: &Path, error: &io::Error) -> Failure {
    use io::ErrorKind::{FileTooLarge, QuotaExceeded, StorageFull};
    if matches!(error.kind(), StorageFull | QuotaExceeded | FileTooLarge) {
        return Problem::new("disk-full", Place::file(path.display().to_string())).into();
    }
    Fault::new(during, format!("{}: {error}", path.display())).into()
}

/// Makes a folder, and those above it, for its owner alone.
pub fn make_folder(path: &Path) -> Result<(), Failure> {
    let made = DirBuilder::new().recursive(true).mode(FOLDER_MODE).create(path);
    made.map_err(|e| failure("make folder", path, &e))
}

/// Makes a new file for its owner alone.
pub fn new_file(path: &Path) -> Result<File, Failure> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true).mode(FILE_MODE);
    options.open(path).map_err(|e| failure("make file", path, &e))
}

/// Writes a new file that is on disk when this returns.
pub fn write_new(path: &Path, bytes: &[u8]) -> Result<(), Failure> {
    let mut file = new_file(path)?;
    let written = file.write_all(bytes).and_then(|()| file.sync_all());
    written.map_err(|e| failure("write file", path, &e))
}

/// Replaces a small file as a whole: there is the old text or the new one, never half of it.
pub fn replace(path: &Path, bytes: &[u8]) -> Result<(), Failure> {
    let beside = path.with_extension("new");
    remove_if_there(&beside)?;
    write_new(&beside, bytes)?;
    fs::rename(&beside, path).map_err(|e| failure("rename file", path, &e))?;
    sync_folder(path.parent().unwrap_or(path))
}

/// Removes a file or a folder with all in it, if it is there.
pub fn remove_if_there(path: &Path) -> Result<(), Failure> {
    let removed = if path.is_dir() { fs::remove_dir_all(path) } else { fs::remove_file(path) };
    match removed {
        Err(e) if e.kind() != io::ErrorKind::NotFound => Err(failure("remove", path, &e)),
        _ => Ok(()),
    }
}

/// Makes names in a folder outlast a loss of power.
pub fn sync_folder(path: &Path) -> Result<(), Failure> {
    let synced = File::open(path).and_then(|folder| folder.sync_all());
    synced.map_err(|e| failure("sync folder", path, &e))
}

/// Reads a text file that may not be there.
pub fn read_if_there(path: &Path) -> Result<Option<String>, Failure> {
    match fs::read_to_string(path) {
        Ok(text) => Ok(Some(text)),
        Err(e) if e.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(e) => Err(failure("read file", path, &e)),
    }
}

/// Folders below a folder that begin with a number, by number: `000007-payments`, `000003`.
pub fn numbered(parent: &Path) -> Result<Vec<(u32, PathBuf)>, Failure> {
    let entries = match fs::read_dir(parent) {
        Ok(entries) => entries,
        Err(e) if e.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(e) => return Err(failure("read folder", parent, &e)),
    };
    let mut found = Vec::new();
    for entry in entries {
        let path = entry.map_err(|e| failure("read folder", parent, &e))?.path();
        let name = path.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
        let digits = name.split('-').next().unwrap_or_default();
        if let Ok(number) = digits.parse() {
            found.push((number, path));
        }
    }
    found.sort();
    Ok(found)
}

/// A folder in the making. Dropped before it is published, it is gone.
#[derive(Debug)]
pub struct Staged {
    path: PathBuf,
    published: bool,
}

impl Staged {
    /// An empty folder below `staging`; what an interrupted writer left there is swept away.
    /// The caller holds the writers' lock.
    pub fn new(staging: &Path, name: &str) -> Result<Self, Failure> {
        remove_if_there(staging)?;
        let path = staging.join(name);
        make_folder(&path)?;
        Ok(Self { path, published: false })
    }

    /// Where to write. Every file has to be synced by its writer.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Moves the folder to its place, in one step.
    pub fn publish(mut self, parent: &Path) -> Result<PathBuf, Failure> {
        make_folder(parent)?;
        sync_folder(&self.path)?;
        let target = parent.join(self.path.file_name().unwrap_or_default());
        fs::rename(&self.path, &target).map_err(|e| failure("rename folder", &target, &e))?;
        self.published = true;
        sync_folder(parent)?;
        Ok(target)
    }
}

impl Drop for Staged {
    fn drop(&mut self) {
        if !self.published {
            // Nothing more can be done about leftovers here; the next writer sweeps them.
            let _swept = remove_if_there(&self.path);
        }
    }
}
