//! Backup and restore: database, documents, logs and facts in one folder, under one digest. Keys
//! are not in it: they are kept apart, as they are in daily work.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use domain::problem::{Failure, Fault, Place, Problem};
use journal::Hash;

use crate::db::{Db, Engine, failure};
use crate::log::{private_folder, write};

const MANIFEST: &str = "backup.json";
const SQLITE: &str = "register.db";
const POSTGRES: &str = "register.dump";

/// What a backup holds, and the digest that stands for all of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Backup {
    /// SHA-256 by path.
    pub files: BTreeMap<String, String>,
    /// SHA-256 of the manifest.
    pub digest: String,
}

/// Backs up a database, and folders and files (name in the backup, place), while they are in use.
///
/// The database is copied as it stands at one moment, before the folders: what they get later is
/// more than the database knows of, never less.
///
/// # Errors
/// A problem when the target is not empty; a fault when something cannot be read or written.
pub async fn backup(
    db: &Db,
    address: &str,
    folders: &[(&str, PathBuf)],
    to: &Path,
) -> Result<Backup, Failure> {
    if to.exists() && fs::read_dir(to).is_ok_and(|mut entries| entries.next().is_some()) {
        let place = Place::file(to.display().to_string());
        return Err(Problem::new("folder-exists", place).into());
    }
    private_folder(to)?;
    match db.engine {
        Engine::Sqlite => {
            let copy = to.join(SQLITE).display().to_string();
            let copied = sqlx::query("vacuum into $1").bind(copy).execute(&db.read).await;
            copied.map_err(|error| failure("copy database", error))?;
        }
        Engine::Postgres => {
            let dump = to.join(POSTGRES);
            let mut program = Command::new("pg_dump");
            program.arg("--format=custom").arg("--file").arg(&dump).arg(address);
            run(&mut program)?;
        }
    }
    for (name, from) in folders.iter().filter(|(_, from)| from.exists()) {
        copy(from, &to.join(name))?;
    }
    let mut files = BTreeMap::new();
    digests(to, to, &mut files)?;
    let manifest = serde_json::to_vec_pretty(&files).map_err(|e| Fault::new("write backup", e))?;
    write(&to.join(MANIFEST), &manifest)?;
    Ok(Backup { files, digest: Hash::of(&manifest).to_hex() })
}

/// Checks every file of a backup against its manifest.
///
/// # Errors
/// A problem that names the first file that is missing or was changed.
pub fn check(from: &Path) -> Result<Backup, Failure> {
    let manifest = fs::read(from.join(MANIFEST))
        .map_err(|_| Problem::new("backup-none", Place::file(from.display().to_string())))?;
    let files: BTreeMap<String, String> =
        serde_json::from_slice(&manifest).map_err(|e| Fault::new("read backup", e))?;
    let mut found = BTreeMap::new();
    digests(from, from, &mut found)?;
    // A file too many is as wrong as one too few: it would be put back with the others.
    for path in files.keys().chain(found.keys()) {
        if found.get(path) != files.get(path) {
            return Err(Problem::new("backup-changed", Place::file(path.clone())).into());
        }
    }
    Ok(Backup { files, digest: Hash::of(&manifest).to_hex() })
}

/// Puts a backup back: the database to its address, the folders to theirs, which must not exist.
///
/// # Errors
/// As [`check`]; a problem when something is there already.
pub fn restore(from: &Path, address: &str, folders: &[(&str, PathBuf)]) -> Result<Backup, Failure> {
    let backup = check(from)?;
    let targets = folders.iter().filter(|(name, _)| from.join(name).exists());
    for (_, to) in targets.clone() {
        if to.exists() {
            return Err(Problem::new("folder-exists", Place::file(to.display().to_string())).into());
        }
    }
    if from.join(SQLITE).exists() {
        let to = Path::new(address);
        if to.exists() {
            return Err(Problem::new("folder-exists", Place::file(address)).into());
        }
        let bytes = fs::read(from.join(SQLITE)).map_err(|e| fault("read backup", from, &e))?;
        write(to, &bytes)?;
    } else {
        let mut program = Command::new("pg_restore");
        // All or nothing: what is broken off leaves an empty database.
        program.arg("--single-transaction").arg("--no-owner").arg("--dbname").arg(address);
        run(program.arg(from.join(POSTGRES)))?;
    }
    for (name, to) in targets {
        copy(&from.join(name), to)?;
    }
    Ok(backup)
}

/// Runs one of the tools that PostgreSQL brings along.
fn run(program: &mut Command) -> Result<(), Failure> {
    let name = program.get_program().to_string_lossy().into_owned();
    let output = match program.output() {
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => {
            let problem = Problem::new("postgres-tool-missing", Place::default());
            return Err(problem.with("tool", name).into());
        }
        output => output.map_err(|e| Fault::new("run PostgreSQL's own tool", e))?,
    };
    if output.status.success() {
        return Ok(());
    }
    let words = String::from_utf8_lossy(&output.stderr).into_owned();
    if words.contains("already exists") {
        return Err(Problem::new("database-not-empty", Place::default()).into());
    }
    Err(Fault::new("run PostgreSQL's own tool", words).into())
}

fn fault(during: &'static str, path: &Path, error: &std::io::Error) -> Fault {
    Fault::new(during, format!("{}: {error}", path.display()))
}

fn copy(from: &Path, to: &Path) -> Result<(), Failure> {
    if from.is_file() {
        let parent = to.parent().unwrap_or(to);
        private_folder(parent)?;
        fs::copy(from, to).map_err(|e| fault("copy file", from, &e))?;
        return Ok(());
    }
    private_folder(to)?;
    for entry in fs::read_dir(from).map_err(|e| fault("read folder", from, &e))? {
        let path = entry.map_err(|e| fault("read folder", from, &e))?.path();
        let Some(name) = path.file_name() else { continue };
        copy(&path, &to.join(name))?;
    }
    Ok(())
}

fn digests(root: &Path, dir: &Path, files: &mut BTreeMap<String, String>) -> Result<(), Failure> {
    for entry in fs::read_dir(dir).map_err(|e| fault("read folder", dir, &e))? {
        let path = entry.map_err(|e| fault("read folder", dir, &e))?.path();
        if path.is_dir() {
            digests(root, &path, files)?;
        } else if path != root.join(MANIFEST) {
            let bytes = fs::read(&path).map_err(|e| fault("read file", &path, &e))?;
            let name = path.strip_prefix(root).unwrap_or(&path).display().to_string();
            files.insert(name, Hash::of(&bytes).to_hex());
        }
    }
    Ok(())
}
