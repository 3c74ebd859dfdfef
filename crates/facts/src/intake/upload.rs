//! A file on its way in: a folder with the file, who handed it in, and what the last look met.

use std::fs::{self, File};
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use domain::problem::{Failure, Fault};
use serde::{Deserialize, Serialize};

use super::Intake;
use crate::disk;
use crate::keys::{hex, random};
use crate::manifest::Waiting;

const FILE: &str = "file";
const ABOUT: &str = "about.json";
const PROBLEMS: &str = "problems.csv";
/// How long a file may lie before it is swept away.
const KEEP_MS: i64 = 2 * 3_600_000;
/// Letters of a file's name that are kept.
const NAME_LETTERS: usize = 80;

/// A file that was handed in and not taken yet.
#[derive(Debug, Clone)]
pub struct Upload {
    dir: PathBuf,
    about: About,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
struct About {
    account: String,
    place: String,
    name: String,
    at_ms: i64,
}

impl Upload {
    /// Name of the file as its clerk knows it.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.about.name
    }

    /// Code of the place whose data it is.
    #[must_use]
    pub fn place(&self) -> &str {
        &self.about.place
    }

    pub(super) fn whose(&self) -> Waiting {
        Waiting { account: self.about.account.clone(), place: self.about.place.clone() }
    }

    pub(super) fn file(&self) -> PathBuf {
        self.dir.join(FILE)
    }

    pub(super) fn problems_file(&self) -> PathBuf {
        self.dir.join(PROBLEMS)
    }
}

/// A file that is being received. Dropped before its end, it is gone.
#[derive(Debug)]
pub struct Receiving {
    id: String,
    dir: PathBuf,
    writer: Option<BufWriter<File>>,
    bytes: u64,
}

impl Receiving {
    /// Takes up the next bytes.
    ///
    /// # Errors
    /// When the disk refuses.
    pub fn write(&mut self, bytes: &[u8]) -> Result<(), Failure> {
        self.bytes += bytes.len() as u64;
        let written = self.writer.as_mut().map_or(Ok(()), |writer| writer.write_all(bytes));
        written.map_err(|e| disk::failure("write upload", &self.dir, &e))
    }

    /// Ends the file and returns the key that its clerk finds it by, and its size.
    ///
    /// # Errors
    /// When the disk refuses.
    pub fn finish(mut self) -> Result<(String, u64), Failure> {
        if let Some(writer) = &mut self.writer {
            writer.flush().map_err(|e| disk::failure("write upload", &self.dir, &e))?;
        }
        self.writer = None;
        Ok((self.id.clone(), self.bytes))
    }
}

impl Drop for Receiving {
    fn drop(&mut self) {
        if self.writer.is_some() {
            // What cannot be removed now is swept with the old ones.
            let _swept = disk::remove_if_there(&self.dir);
        }
    }
}

impl Intake {
    /// Begins to receive a file of an account. Old ones are swept away first.
    ///
    /// # Errors
    /// When the disk refuses.
    pub fn receive(
        &self,
        (account, place): (&str, &str),
        name: &str,
        now_ms: i64,
    ) -> Result<Receiving, Failure> {
        self.sweep(now_ms)?;
        let mut bytes = [0; 16];
        random(&mut bytes)?;
        let id = hex(&bytes);
        let dir = self.uploads().join(&id);
        disk::make_folder(&dir)?;
        let about = About {
            account: account.to_owned(),
            place: place.to_owned(),
            name: plain_name(name),
            at_ms: now_ms,
        };
        let text = serde_json::to_vec(&about).map_err(|e| Fault::new("write upload", e))?;
        disk::write_new(&dir.join(ABOUT), &text)?;
        let writer = Some(BufWriter::with_capacity(1 << 18, disk::new_file(&dir.join(FILE))?));
        Ok(Receiving { id, dir, writer, bytes: 0 })
    }

    /// An upload of an account; none where there is no such, or it is another's.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn upload(&self, id: &str, account: &str) -> Result<Option<Upload>, Failure> {
        let formed = id.len() == 32 && id.bytes().all(|b| b.is_ascii_hexdigit());
        let dir = self.uploads().join(if formed { id } else { "none" });
        let Some(about) = about(&dir)? else { return Ok(None) };
        Ok((about.account == account).then_some(Upload { dir, about }))
    }

    /// Removes an upload.
    ///
    /// # Errors
    /// When the disk refuses.
    pub fn discard(&self, upload: &Upload) -> Result<(), Failure> {
        disk::remove_if_there(&upload.dir)
    }

    /// Sweeps away what was left lying.
    ///
    /// # Errors
    /// When the disk refuses.
    pub fn sweep(&self, now_ms: i64) -> Result<(), Failure> {
        let uploads = self.uploads();
        if !uploads.exists() {
            return Ok(());
        }
        let failure = |e: std::io::Error| disk::failure("sweep uploads", &uploads, &e);
        for entry in fs::read_dir(&uploads).map_err(failure)? {
            let dir = entry.map_err(failure)?.path();
            // Without a note it is one whose receipt broke off, or begins just now.
            let at_ms = match about(&dir)? {
                Some(about) => about.at_ms,
                None => continue,
            };
            if now_ms - at_ms > KEEP_MS {
                disk::remove_if_there(&dir)?;
            }
        }
        Ok(())
    }
}

fn about(dir: &Path) -> Result<Option<About>, Failure> {
    let Some(text) = disk::read_if_there(&dir.join(ABOUT))? else { return Ok(None) };
    Ok(Some(serde_json::from_str(&text).map_err(|e| Fault::new("read upload", e))?))
}

/// The last part of a name, without what a screen cannot show.
fn plain_name(name: &str) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let shown: String = last.chars().filter(|c| !c.is_control()).collect();
    let shown = shown.trim().trim_start_matches('.');
    // The end says what kind of file it is.
    let skip = shown.chars().count().saturating_sub(NAME_LETTERS);
    let kept: String = shown.chars().skip(skip).collect();
    if kept.is_empty() { "-".to_owned() } else { kept }
}

#[cfg(test)]
mod tests {
    use super::plain_name;

    #[test]
    fn a_name_cannot_lead_elsewhere() {
        for (given, kept) in [
            ("发放表.csv", "发放表.csv"),
            ("C:\\files\\发放表.xlsx", "发放表.xlsx"),
            ("../../etc/passwd", "passwd"),
            ("..", "-"),
            ("", "-"),
            ("a\n\u{0}b.csv", "ab.csv"),
        ] {
            assert_eq!(plain_name(given), kept, "{given:?}");
        }
        assert_eq!(plain_name(&"长".repeat(300)).chars().count(), 80);
        assert!(plain_name(&format!("{}.csv", "长".repeat(300))).ends_with(".csv"));
    }
}
