//! What stands in the log about one act: who in which role did what to which record when, and a
//! commitment to the content. The content itself stays in ordinary rows and can be erased (I10).
//!
//! Deliberately absent: names, ID numbers, content of reports. A run of fifteen digits, as in an ID
//! number or a bank card, is refused everywhere in a leaf, because a log forgets nothing.

use alloc::collections::BTreeMap;
use alloc::string::String;
use alloc::vec::Vec;

use serde_json::{Map, Value, json};

use crate::commitment::{Salt, commit_value};
use crate::error::Refused;
use crate::json::{canonical_json, parse_canonical, text};
use crate::manifest::VillageManifest;
use crate::tree::{Hash, leaf_hash};

/// Version of the leaf format, the member `v`.
const FORMAT: u64 = 1;
/// Largest entry of a C2SP bundle: its length is a 16-bit number.
pub(crate) const LARGEST_ENTRY: usize = 65_535;
const LONGEST_TEXT: usize = 200;
const LONGEST_DIGITS: usize = 14;

/// When an act was done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum When {
    /// Public log: `YYYY-MM-DD`. An instant would tell who was where.
    Day(String),
    /// Internal log: milliseconds since 1970, UTC.
    At(i64),
}

/// A leaf of the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Leaf {
    /// What was done: a code of ASCII letters, digits, `-`, `_` and `.`.
    pub kind: String,
    /// Public number of the record.
    pub subject: String,
    /// Code of the village, for what belongs to one.
    pub village: Option<String>,
    /// When.
    pub when: When,
    /// Code of the role that acted, never a person.
    pub role: String,
    /// What is said about the subject.
    pub matter: Matter,
}

/// What a leaf says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Matter {
    /// A record in one version.
    Record(Record),
    /// The daily list of a village's live records, as number and root.
    Manifest(VillageManifest),
}

/// Commitments to a record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record {
    /// [`crate::commit`] of the payload that holds no personal field.
    pub commit: Hash,
    /// Personal fields by name, each with a salt of its own, so that one can be erased alone.
    pub fields: BTreeMap<String, Hash>,
    /// Version of the record, from 1.
    pub version: Option<u64>,
    /// Number of the leaf that this one replaces.
    pub supersedes: Option<u64>,
    /// Period the record is about, such as `2026-03`, `2026Q1` or `2026`.
    pub period: Option<String>,
    /// SHA-256 of the published document.
    pub document: Option<Hash>,
}

impl Leaf {
    /// A leaf about a record: commits to a payload (without personal fields) with a fresh salt.
    ///
    /// # Errors
    /// [`Refused::Json`] for a payload without a canonical text.
    pub fn record(
        kind: &str,
        subject: &str,
        when: When,
        role: &str,
        payload: (&Salt, &Value),
    ) -> Result<Self, Refused> {
        let record = Record {
            commit: commit_value(payload.0, payload.1)?,
            fields: BTreeMap::new(),
            version: None,
            supersedes: None,
            period: None,
            document: None,
        };
        Ok(Self::new(kind, subject, when, role, Matter::Record(record)))
    }

    /// A village's daily manifest.
    #[must_use]
    pub fn manifest(village: &str, day: &str, role: &str, manifest: VillageManifest) -> Self {
        let when = When::Day(day.into());
        let leaf = Self::new("village-manifest", village, when, role, Matter::Manifest(manifest));
        leaf.village(village)
    }

    fn new(kind: &str, subject: &str, when: When, role: &str, matter: Matter) -> Self {
        let (kind, subject, role) = (kind.into(), subject.into(), role.into());
        Self { kind, subject, village: None, when, role, matter }
    }

    /// The same leaf, of a village.
    #[must_use]
    pub fn village(mut self, code: &str) -> Self {
        self.village = Some(code.into());
        self
    }

    /// The same leaf with one more personal field, committed to with a salt of its own.
    ///
    /// # Errors
    /// [`Refused::Json`] for a value without a canonical text; [`Refused::Leaf`] for a name that
    /// stands already, and for a manifest.
    pub fn field(mut self, name: &str, salt: &Salt, value: &Value) -> Result<Self, Refused> {
        let commit = commit_value(salt, value)?;
        let Matter::Record(record) = &mut self.matter else {
            return Err(Refused::Leaf("a manifest has no fields"));
        };
        if record.fields.insert(name.into(), commit).is_some() {
            return Err(Refused::Leaf("a field twice"));
        }
        Ok(self)
    }

    /// The same leaf with more about the record; nothing changes in a manifest.
    #[must_use]
    pub fn about(mut self, change: impl FnOnce(&mut Record)) -> Self {
        if let Matter::Record(record) = &mut self.matter {
            change(record);
        }
        self
    }

    /// The canonical bytes: what is hashed and stored.
    ///
    /// # Errors
    /// [`Refused::Leaf`] for a part that may not stand in a log, [`Refused::EntryTooLong`].
    pub fn to_bytes(&self) -> Result<Vec<u8>, Refused> {
        self.check()?;
        let bytes = canonical_json(&Value::Object(self.members()))?.into_bytes();
        if bytes.len() > LARGEST_ENTRY {
            return Err(Refused::EntryTooLong(bytes.len()));
        }
        Ok(bytes)
    }

    /// Its hash in the tree.
    ///
    /// # Errors
    /// As [`Self::to_bytes`].
    pub fn hash(&self) -> Result<Hash, Refused> {
        Ok(leaf_hash(&self.to_bytes()?))
    }

    fn members(&self) -> Map<String, Value> {
        let mut members = Map::new();
        let mut put = |name: &str, value: Option<Value>| {
            if let Some(value) = value {
                members.insert(name.into(), value);
            }
        };
        put("v", Some(json!(FORMAT)));
        put("kind", Some(json!(self.kind)));
        put("subject", Some(json!(self.subject)));
        put("village", self.village.as_ref().map(|v| json!(v)));
        put("role", Some(json!(self.role)));
        match &self.when {
            When::Day(day) => put("day", Some(json!(day))),
            When::At(ms) => put("at", Some(json!(ms))),
        }
        match &self.matter {
            Matter::Record(record) => {
                put("commit", Some(json!(record.commit.to_hex())));
                let fields: Map<String, Value> =
                    record.fields.iter().map(|(n, c)| (n.clone(), json!(c.to_hex()))).collect();
                put("fields", (!fields.is_empty()).then_some(Value::Object(fields)));
                put("version", record.version.map(|n| json!(n)));
                put("supersedes", record.supersedes.map(|n| json!(n)));
                put("period", record.period.as_ref().map(|p| json!(p)));
                put("document", record.document.map(|d| json!(d.to_hex())));
            }
            Matter::Manifest(manifest) => {
                put("count", Some(json!(manifest.count)));
                put("root", Some(json!(manifest.root.to_hex())));
            }
        }
        members
    }

    fn check(&self) -> Result<(), Refused> {
        let good = |ok: bool, what| if ok { Ok(()) } else { Err(Refused::Leaf(what)) };
        good(is_code(&self.kind), "kind")?;
        good(is_code(&self.role), "role")?;
        good(is_plain(&self.subject), "subject")?;
        good(self.village.as_deref().is_none_or(is_plain), "village")?;
        match &self.when {
            When::Day(day) => good(is_day(day), "day")?,
            When::At(ms) => good(*ms >= 0, "at")?,
        }
        match &self.matter {
            Matter::Record(record) => {
                good(record.fields.keys().all(|name| is_code(name)), "the name of a field")?;
                good(record.period.as_deref().is_none_or(is_plain), "period")?;
                good(record.version != Some(0), "version")
            }
            Matter::Manifest(_) => {
                let own = self.village.as_deref() == Some(&self.subject);
                good(own, "a manifest is about its village")
            }
        }
    }

    /// Reads a leaf.
    ///
    /// # Errors
    /// [`Refused::Json`] or [`Refused::Leaf`] for bytes that [`Self::to_bytes`] would not write:
    /// two spellings of one leaf would be two leaves.
    pub fn parse(bytes: &[u8]) -> Result<Self, Refused> {
        let Value::Object(mut members) = parse_canonical(bytes)? else {
            return Err(Refused::Leaf("not an object"));
        };
        if members.remove("v").and_then(|v| v.as_u64()) != Some(FORMAT) {
            return Err(Refused::Leaf("a version of the format that is not known"));
        }
        let mut take = |name: &'static str| members.remove(name);
        let mut required = |name| take(name).ok_or(Refused::Leaf(name)).and_then(text);
        let (kind, subject, role) = (required("kind")?, required("subject")?, required("role")?);
        let village = take("village").map(text).transpose()?;
        let when = match (take("day"), take("at")) {
            (Some(day), None) => When::Day(text(day)?),
            (None, Some(at)) => When::At(at.as_i64().ok_or(Refused::Leaf("at"))?),
            _ => return Err(Refused::Leaf("either a day or an instant")),
        };
        let matter = if members.contains_key("commit") {
            Matter::Record(parse_record(&mut members)?)
        } else {
            let count = members.remove("count").and_then(|n| n.as_u64());
            let count = count.ok_or(Refused::Leaf("count"))?;
            let root = digest(members.remove("root").ok_or(Refused::Leaf("root"))?)?;
            Matter::Manifest(VillageManifest { count, root })
        };
        let leaf = Self { kind, subject, village, when, role, matter };
        // Also refuses members that are not known and empty ones.
        if leaf.to_bytes()? != bytes {
            return Err(Refused::Leaf("members that do not belong there"));
        }
        Ok(leaf)
    }
}

fn parse_record(members: &mut Map<String, Value>) -> Result<Record, Refused> {
    let mut take = |name: &'static str| members.remove(name);
    let number = |value: Value| value.as_u64().ok_or(Refused::Leaf("a number is expected"));
    let fields = match take("fields") {
        Some(Value::Object(map)) => {
            map.into_iter().map(|(name, value)| Ok((name, digest(value)?))).collect()
        }
        Some(_) => Err(Refused::Leaf("fields")),
        None => Ok(BTreeMap::new()),
    };
    Ok(Record {
        commit: digest(take("commit").ok_or(Refused::Leaf("commit"))?)?,
        fields: fields?,
        version: take("version").map(number).transpose()?,
        supersedes: take("supersedes").map(number).transpose()?,
        period: take("period").map(text).transpose()?,
        document: take("document").map(digest).transpose()?,
    })
}

fn digest(value: Value) -> Result<Hash, Refused> {
    value.as_str().and_then(Hash::from_hex).ok_or(Refused::Leaf("a digest of 64 hex digits"))
}

fn is_code(text: &str) -> bool {
    let allowed = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    is_plain(text) && text.chars().all(allowed)
}

/// Text that may stand in a log for ever.
fn is_plain(text: &str) -> bool {
    let mut run = 0_usize;
    let longest = text.chars().fold(0, |longest, c| {
        // Spaces do not hide a card number.
        run = if c.is_numeric() {
            run + 1
        } else if matches!(c, ' ') {
            run
        } else {
            0
        };
        longest.max(run)
    });
    (1..=LONGEST_TEXT).contains(&text.len())
        && !text.contains(char::is_control)
        && longest <= LONGEST_DIGITS
}

/// Whether a text is a day of the calendar, `YYYY-MM-DD`.
pub(crate) fn is_day(text: &str) -> bool {
    let digits = |part: &str| part.bytes().all(|b| b.is_ascii_digit());
    let mut parts = text.split('-');
    let (Some(year), Some(month), Some(day), None) =
        (parts.next(), parts.next(), parts.next(), parts.next())
    else {
        return false;
    };
    if [year.len(), month.len(), day.len()] != [4, 2, 2]
        || ![year, month, day].map(digits).iter().all(|d| *d)
    {
        return false;
    }
    let (Ok(year), Ok(month), Ok(day)) =
        (year.parse::<u16>(), month.parse::<u8>(), day.parse::<u8>())
    else {
        return false;
    };
    let leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    let last = match month {
        4 | 6 | 9 | 11 => 30,
        2 if leap => 29,
        2 => 28,
        1..=12 => 31,
        _ => return false,
    };
    (1..=last).contains(&day)
}
