//! C2SP `tlog-checkpoint`: what a log claims to hold, who may sign it, and the one way to sign the
//! next one.

use alloc::borrow::ToOwned;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::fmt;

use crate::error::Refused;
use crate::note::{Note, SigningKey, VerifyingKey};
use crate::proof::verify_consistency;
use crate::tree::{EMPTY_ROOT, Frontier, Hash, LARGEST};

/// Origin, size and root of a log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checkpoint {
    /// Name of the log, such as `log.example.org/qingshui`.
    pub origin: String,
    /// Number of leaves.
    pub size: u64,
    /// Root of the tree of these leaves.
    pub root: Hash,
    /// Lines of others after the root. We write none: nobody can audit them.
    pub extensions: Vec<String>,
}

impl Checkpoint {
    /// Reads the text of a checkpoint's note.
    ///
    /// # Errors
    /// [`Refused::Checkpoint`].
    pub fn parse(text: &str) -> Result<Self, Refused> {
        let text =
            text.strip_suffix('\n').ok_or(Refused::Checkpoint("no line break at its end"))?;
        let mut lines = text.split('\n');
        let mut line =
            |what| lines.next().filter(|l| !l.is_empty()).ok_or(Refused::Checkpoint(what));
        let origin = line("no origin")?.to_owned();
        let size = decimal(line("no size")?).ok_or(Refused::Checkpoint("the size"))?;
        let root = Hash::from_base64(line("no root")?).ok_or(Refused::Checkpoint("the root"))?;
        let extensions: Vec<String> = lines.map(ToOwned::to_owned).collect();
        if extensions.iter().any(String::is_empty) {
            return Err(Refused::Checkpoint("an empty line"));
        }
        if size == 0 && root != EMPTY_ROOT {
            return Err(Refused::Checkpoint("a root of nothing that is not that of nothing"));
        }
        Ok(Self { origin, size, root, extensions })
    }
}

/// The text that is signed.
impl fmt::Display for Checkpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}\n{}\n{}", self.origin, self.size, self.root)?;
        self.extensions.iter().try_for_each(|line| writeln!(f, "{line}"))
    }
}

/// A number in its one decimal spelling, up to the largest tree.
pub(crate) fn decimal(text: &str) -> Option<u64> {
    let number: u64 = text.parse().ok().filter(|n| *n <= LARGEST)?;
    (number.to_string() == text).then_some(number)
}

/// A key and the trees that it may sign.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TrustedKey {
    /// The key.
    pub key: VerifyingKey,
    /// Smallest size that it may sign.
    pub from: u64,
    /// Largest size that it may sign; `None` while the key is in use.
    pub until: Option<u64>,
}

impl TrustedKey {
    fn holds_for(&self, size: u64) -> bool {
        self.from <= size && self.until.is_none_or(|until| size <= until)
    }
}

/// The keys of one log. A key that was replaced still proves the trees of its time, and no later
/// ones, even when it is stolen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyRing {
    /// Name of the log.
    pub origin: String,
    /// Its keys, in any order.
    pub keys: Vec<TrustedKey>,
}

impl KeyRing {
    /// One key for all sizes.
    #[must_use]
    pub fn of(origin: &str, key: VerifyingKey) -> Self {
        let keys = [TrustedKey { key, from: 0, until: None }].to_vec();
        Self { origin: origin.to_owned(), keys }
    }

    /// Reads the published form: the origin in the first line, then a key in each line with the
    /// smallest and the largest size that it may sign, where there are such. Lines that begin with
    /// `#` are remarks.
    ///
    /// # Errors
    /// [`Refused::Key`].
    pub fn parse(text: &str) -> Result<Self, Refused> {
        let mut lines =
            text.lines().map(str::trim_end).filter(|l| !l.is_empty() && !l.starts_with('#'));
        let origin = lines.next().ok_or(Refused::Key("no origin in the first line"))?.to_owned();
        let keys: Result<Vec<TrustedKey>, Refused> = lines.map(parse_trusted).collect();
        let keys = keys?;
        if keys.is_empty() {
            return Err(Refused::Key("no key below the origin"));
        }
        Ok(Self { origin, keys })
    }

    /// Reads a checkpoint and believes it only when a key that holds for its size signed it.
    /// Signatures of unknown keys, such as witnesses, are ignored; a false one of a known key
    /// refuses all.
    ///
    /// # Errors
    /// [`Refused::Note`], [`Refused::Checkpoint`], [`Refused::OtherLog`], [`Refused::NotSigned`],
    /// [`Refused::FalseSignature`].
    pub fn open(&self, signed: &str) -> Result<Checkpoint, Refused> {
        let note = Note::parse(signed)?;
        let checkpoint = Checkpoint::parse(&note.text)?;
        if checkpoint.origin != self.origin {
            let (expected, found) = (self.origin.clone(), checkpoint.origin);
            return Err(Refused::OtherLog { expected, found });
        }
        let holding = self.keys.iter().filter(|key| key.holds_for(checkpoint.size));
        let mut good = 0_usize;
        for key in holding.map(|trusted| &trusted.key) {
            for signature in note.signatures.iter().filter(|s| key.claims(s)) {
                key.verify(&note.text, signature)?;
                good += 1;
            }
        }
        if good == 0 { Err(Refused::NotSigned { size: checkpoint.size }) } else { Ok(checkpoint) }
    }
}

/// The published form, as [`KeyRing::parse`] reads it.
impl fmt::Display for KeyRing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}", self.origin)?;
        self.keys.iter().try_for_each(|trusted| match trusted.until {
            None => writeln!(f, "{} {}", trusted.key, trusted.from),
            Some(until) => writeln!(f, "{} {} {until}", trusted.key, trusted.from),
        })
    }
}

fn parse_trusted(line: &str) -> Result<TrustedKey, Refused> {
    let refused = Refused::Key("key, smallest size, largest size");
    let mut words = line.split_whitespace();
    let key = VerifyingKey::parse(words.next().unwrap_or_default())?;
    let mut size = || words.next().map(|n| decimal(n).ok_or(refused.clone())).transpose();
    let (from, until) = (size()?.unwrap_or(0), size()?);
    if words.next().is_some() || until.is_some_and(|until| until < from) {
        return Err(refused);
    }
    Ok(TrustedKey { key, from, until })
}

/// The office that signs.
#[derive(Debug)]
pub struct Signer {
    ring: KeyRing,
    keys: Vec<SigningKey>,
}

impl Signer {
    /// Takes the log's published keys, and the secret ones in use: two while one follows another.
    #[must_use]
    pub const fn new(ring: KeyRing, keys: Vec<SigningKey>) -> Self {
        Self { ring, keys }
    }

    /// The first checkpoint of a log: that of the empty tree. There is no other way to begin, so
    /// that nobody begins a second history by forgetting the first.
    ///
    /// # Errors
    /// [`Refused::NotSigned`] when none of the keys holds for size 0.
    pub fn sign_first(&self) -> Result<String, Refused> {
        self.sign(0, EMPTY_ROOT)
    }

    /// The next checkpoint. The previous one must be one that we signed, and `proof` must prove
    /// that the new tree continues it.
    ///
    /// # Errors
    /// As [`KeyRing::open`] for the previous one; [`Refused::NotConsistent`];
    /// [`Refused::NotSigned`] when none of the keys holds for the new size.
    pub fn sign_next(
        &self,
        previous: &str,
        next: &Frontier,
        proof: &[Hash],
    ) -> Result<String, Refused> {
        let previous = self.ring.open(previous)?;
        let root = next.root();
        verify_consistency((previous.size, &previous.root), (next.size(), &root), proof)?;
        self.sign(next.size(), root)
    }

    fn sign(&self, size: u64, root: Hash) -> Result<String, Refused> {
        let origin = self.ring.origin.clone();
        let checkpoint = Checkpoint { origin, size, root, extensions: Vec::new() };
        let signed = Note::sign(&checkpoint.to_string(), &self.keys)?.to_string();
        // A checkpoint that readers would refuse must not leave.
        if self.ring.open(&signed)? == checkpoint {
            Ok(signed)
        } else {
            Err(Refused::Checkpoint("the origin"))
        }
    }
}
