//! `mingbai backup` and `mingbai restore`: database, documents, logs and facts under one digest.

use std::path::PathBuf;

use domain::problem::Failure;
use registry::backup;

use crate::cli::service::{Backup, Restore};
use crate::office::Office;
use crate::say;
use crate::setting::{Ending, Outcome, Setting};

/// Writes a backup.
///
/// # Errors
/// When the target is not empty, or the disk refuses.
pub fn run(setting: &Setting, args: &Backup) -> Outcome {
    let office = Office::open(setting, &args.desk)?;
    let folders = folders(&args.desk.dir);
    let done = backup::backup(&office.registry.db, &office.address, &folders, &args.to);
    let done = office.wait(done)?;
    say::result(&done.digest);
    let count = done.files.len().to_string();
    setting.remark("ui-backup-done", &[("files", &count)]);
    Ok(Ending::Done)
}

/// Puts a backup back into a folder whose keys are there already.
///
/// # Errors
/// When a file of the backup was changed, or something is in the way.
pub fn restore(setting: &Setting, args: &Restore) -> Outcome {
    let register = args.desk.dir.join("register");
    let address = match &args.desk.database {
        Some(address) => address.clone(),
        None => register.join("register.db").display().to_string(),
    };
    let done: Result<_, Failure> = backup::restore(&args.from, &address, &folders(&args.desk.dir));
    let done = done?;
    say::result(&done.digest);
    let count = done.files.len().to_string();
    setting.remark("ui-restore-done", &[("files", &count)]);
    Ok(Ending::Done)
}

/// What belongs to a backup besides the database.
fn folders(dir: &std::path::Path) -> Vec<(&'static str, PathBuf)> {
    let register = dir.join("register");
    let of_facts = ["batches", "mappings", "mingbai.toml", "access.log"];
    let mut all: Vec<(&str, PathBuf)> = of_facts.map(|name| (name, dir.join(name))).to_vec();
    all.extend(["blobs", "log"].map(|name| (name, register.join(name))));
    all
}
