//! The access log as those read it who watch over looks: who looked, when and why, never at whom. One
//! person's looks are found by his ID number, which stays in memory.

use std::collections::VecDeque;
use std::fs::File;
use std::io::{BufRead, BufReader};

use domain::ids::IdNumber;
use domain::problem::Failure;
use serde::Serialize;

use crate::access::AccessEntry;
use crate::disk;
use crate::folder::Folder;
use crate::own::OWN;

/// Which looks are asked for.
#[derive(Debug, Clone, Default)]
pub struct Asked {
    /// ID number of the person looked at; empty for everybody.
    pub id_number: String,
    /// Account; empty for all.
    pub user: String,
    /// From this moment on, milliseconds since 1970 UTC.
    pub from_ms: i64,
    /// Before this moment.
    pub until_ms: i64,
    /// Those of people at their own data too.
    pub own: bool,
    /// At most so many, the latest.
    pub most: usize,
}

/// A look, without whom it was at.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Seen {
    /// When, milliseconds since 1970 UTC.
    pub at_ms: i64,
    /// Account; empty where people looked at their own data.
    pub user: String,
    /// Office for which the user looked.
    pub office: String,
    /// What was done: `person`, `findings`, `report`, `code`, `own`.
    pub act: String,
    /// Why.
    pub purpose: String,
    /// How many people could be seen.
    pub people: u64,
}

/// Reads the access log.
#[derive(Debug, Clone)]
pub struct AccessLog {
    folder: Folder,
}

impl AccessLog {
    /// Of a data folder.
    #[must_use]
    pub fn new(folder: Folder) -> Self {
        Self { folder }
    }

    /// Names and ID numbers of the people in an entry, for whoever was granted a look at them. The entry is
    /// on disk before a name is read.
    ///
    /// # Errors
    /// When log or vault cannot be used.
    pub fn reveal(&self, entry: &AccessEntry) -> Result<Vec<(String, String)>, Failure> {
        self.folder.log_access(entry)?;
        let known = self.folder.vault()?.identities(&entry.subjects)?;
        Ok(known.into_iter().map(|(_, one)| (one.name, one.id_number)).collect())
    }

    /// Looks that were asked for, the latest first, and whether there are more.
    ///
    /// # Errors
    /// When the log cannot be read.
    pub fn read(&self, asked: &Asked) -> Result<(Vec<Seen>, bool), Failure> {
        let path = self.folder.access_log();
        let failure = |e: std::io::Error| disk::failure("read access log", &path, &e);
        let file = match File::open(&path) {
            Ok(file) => file,
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => return Ok((Vec::new(), false)),
            Err(e) => return Err(failure(e)),
        };
        let person = match asked.id_number.trim() {
            "" => None,
            number => Some(self.folder.key_of_id(&IdNumber::read(number).text)),
        };
        let (mut kept, mut more) = (VecDeque::with_capacity(asked.most), false);
        let (mut reader, mut line) = (BufReader::with_capacity(1 << 16, file), Vec::new());
        while reader.read_until(b'\n', &mut line).map_err(failure)? > 0 {
            // A line that a loss of power cut off tells nothing.
            let entry = serde_json::from_slice::<AccessEntry>(&line).ok();
            line.clear();
            let Some(entry) = entry.filter(|entry| fits(entry, asked, person)) else { continue };
            if kept.len() == asked.most {
                kept.pop_front();
                more = true;
            }
            kept.push_back(seen(entry));
        }
        let mut found: Vec<Seen> = kept.into();
        found.sort_by_key(|seen| std::cmp::Reverse(seen.at_ms));
        Ok((found, more))
    }
}

fn fits(entry: &AccessEntry, asked: &Asked, person: Option<u64>) -> bool {
    let whom = |key: u64| entry.subject == Some(key) || entry.subjects.contains(&key);
    (asked.from_ms..asked.until_ms).contains(&entry.at_ms)
        && (asked.own || entry.act != OWN)
        && (asked.user.is_empty() || entry.user == asked.user)
        && person.is_none_or(whom)
}

fn seen(entry: AccessEntry) -> Seen {
    let AccessEntry { at_ms, user, office, act, purpose, people, .. } = entry;
    Seen { at_ms, user, office, act, purpose, people }
}
