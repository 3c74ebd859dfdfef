//! Who looked at a person, out of the access log: an index by person that follows the log as it
//! grows, whoever writes to it.

use std::fs::File;
use std::io::{BufRead, BufReader, Read, Seek, SeekFrom};
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use domain::problem::Failure;
use serde::Serialize;

use crate::access::AccessEntry;
use crate::disk;

/// The act of a person who looks at the own data.
pub const OWN: &str = "own";
/// Entries that are searched one by one before they are sorted in.
const FRESH: usize = 4096;

/// A look at one person's data, as that person may see it: without the name of the user.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Look {
    /// When, milliseconds since 1970 UTC.
    pub at_ms: i64,
    /// The person's own look.
    pub own: bool,
    /// Office of the user; empty where none was written down.
    pub office: String,
    /// What was done: `person`, `findings`, `report`, `own`.
    pub act: String,
    /// Why, in the user's words.
    pub purpose: String,
}

/// The log and where in it each person is named.
#[derive(Debug)]
pub struct Looks {
    path: PathBuf,
    index: Mutex<Index>,
}

/// Person and offset of the line, 16 bytes a look.
#[derive(Debug, Default)]
struct Index {
    read: u64,
    sorted: Vec<(u64, u64)>,
    fresh: Vec<(u64, u64)>,
}

impl Looks {
    /// Reads the log once.
    pub fn open(path: PathBuf) -> Result<Self, Failure> {
        let looks = Self { path, index: Mutex::default() };
        looks.places(0)?;
        Ok(looks)
    }

    /// Looks at a person, the latest first.
    pub fn of(&self, person: u64) -> Result<Vec<Look>, Failure> {
        let mut places = self.places(person)?;
        if places.is_empty() {
            return Ok(Vec::new());
        }
        places.sort_unstable();
        let failure = |e: std::io::Error| disk::failure("read access log", &self.path, &e);
        let file = File::open(&self.path).map_err(failure)?;
        let mut looks = Vec::with_capacity(places.len());
        for at in places.into_iter().rev() {
            let line = line_at(&file, at).map_err(failure)?;
            looks.extend(entry(&line).map(|entry| Look {
                at_ms: entry.at_ms,
                own: entry.act == OWN,
                office: entry.office,
                act: entry.act,
                purpose: entry.purpose,
            }));
        }
        Ok(looks)
    }

    /// Where lines about a person begin, after what was written since the last time.
    fn places(&self, person: u64) -> Result<Vec<u64>, Failure> {
        let failure = |e: std::io::Error| disk::failure("read access log", &self.path, &e);
        let mut index = self.index.lock().unwrap_or_else(PoisonError::into_inner);
        index.follow(&self.path).map_err(failure)?;
        Ok(index.of(person))
    }
}

impl Index {
    /// Takes up what was written to the log since the last time.
    fn follow(&mut self, path: &Path) -> std::io::Result<()> {
        let mut file = match File::open(path) {
            Ok(file) => file,
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => return Ok(()),
            Err(e) => return Err(e),
        };
        let length = file.metadata()?.len();
        if length < self.read {
            // Somebody has put another log in its place.
            *self = Self::default();
        }
        if length == self.read {
            return Ok(());
        }
        file.seek(SeekFrom::Start(self.read))?;
        let mut reader = BufReader::with_capacity(1 << 16, file.take(length - self.read));
        let mut line = Vec::new();
        while reader.read_until(b'\n', &mut line)? > 0 && line.ends_with(b"\n") {
            let people =
                entry(&line).into_iter().flat_map(|e| e.subjects.into_iter().chain(e.subject));
            self.fresh.extend(people.map(|person| (person, self.read)));
            self.read += line.len() as u64;
            line.clear();
        }
        if self.fresh.len() > FRESH {
            self.sorted.append(&mut self.fresh);
            self.sorted.sort();
        }
        Ok(())
    }

    fn of(&self, person: u64) -> Vec<u64> {
        let start = self.sorted.partition_point(|(of, _)| *of < person);
        let sorted = self.sorted.iter().skip(start).take_while(|(of, _)| *of == person);
        let fresh = self.fresh.iter().filter(|(of, _)| *of == person);
        sorted.chain(fresh).map(|(_, at)| *at).collect()
    }
}

/// A line of the log; `None` for one that was cut off.
fn entry(line: &[u8]) -> Option<AccessEntry> {
    serde_json::from_slice(line).ok()
}

fn line_at(file: &File, at: u64) -> std::io::Result<Vec<u8>> {
    let mut line = Vec::new();
    let mut part = [0; 512];
    loop {
        let count = file.read_at(&mut part, at + line.len() as u64)?;
        let read = part.get(..count).unwrap_or_default();
        let end = read.iter().position(|b| *b == b'\n');
        line.extend_from_slice(read.get(..end.unwrap_or(count)).unwrap_or_default());
        if end.is_some() || count == 0 {
            return Ok(line);
        }
    }
}
