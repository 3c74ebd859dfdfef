//! C2SP `signed-note`: text with signature lines, and Ed25519 keys in their text forms.
//!
//! Deliberately absent: other algorithms. Signature lines of others (witnesses, later algorithms)
//! are kept as they are and ignored.

use alloc::borrow::ToOwned;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use ed25519_dalek::Signer as _;
use sha2::{Digest, Sha256};

use crate::error::Refused;

/// Type byte of an Ed25519 signature.
const ED25519: u8 = 1;
/// Most signature lines that are read; the specification demands at least 16.
const MOST_SIGNATURES: usize = 100;
/// Longest note that is read, in bytes.
const LONGEST: usize = 1_000_000;

/// A note with its signatures, none of which has been checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    /// The signed text, with its last line break.
    pub text: String,
    /// The signatures, in their order.
    pub signatures: Vec<Signature>,
}

/// A signature line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signature {
    /// Name of the key.
    pub name: String,
    /// Number of the key.
    pub id: u32,
    /// The signature itself.
    pub bytes: Vec<u8>,
}

impl Note {
    /// Signs a text.
    ///
    /// # Errors
    /// [`Refused::Note`] for a text that cannot be a note's.
    pub fn sign(text: &str, keys: &[SigningKey]) -> Result<Self, Refused> {
        let signatures: Vec<Signature> = keys.iter().map(|key| key.sign(text)).collect();
        let note = Self { text: text.to_owned(), signatures };
        // What we would not read back is not signed.
        if Self::parse(&format!("{note}"))? == note { Ok(note) } else { Err(Refused::Note("text")) }
    }

    /// Reads a note. Its text must be ignored until a signature of a known key was checked.
    ///
    /// # Errors
    /// [`Refused::Note`].
    pub fn parse(note: &str) -> Result<Self, Refused> {
        if note.len() > LONGEST {
            return Err(Refused::Note("longer than a million bytes"));
        }
        if note.bytes().any(|b| b < 0x20 && b != b'\n') {
            return Err(Refused::Note("control characters"));
        }
        let (text, lines) =
            note.rsplit_once("\n\n").ok_or(Refused::Note("no blank line before signatures"))?;
        let lines = lines.strip_suffix('\n').ok_or(Refused::Note("no line break at the end"))?;
        let signatures: Option<Vec<_>> = lines.split('\n').map(Signature::parse).collect();
        let signatures = signatures.ok_or(Refused::Note("a signature line"))?;
        if signatures.len() > MOST_SIGNATURES {
            return Err(Refused::Note("more than a hundred signatures"));
        }
        Ok(Self { text: format!("{text}\n"), signatures })
    }
}

impl fmt::Display for Note {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}", self.text)?;
        self.signatures.iter().try_for_each(|signature| write!(f, "{signature}"))
    }
}

impl Signature {
    fn parse(line: &str) -> Option<Self> {
        let (name, encoded) = line.strip_prefix("— ")?.split_once(' ')?;
        let bytes = STANDARD.decode(encoded).ok()?;
        let (id, bytes) = bytes.split_first_chunk::<4>()?;
        if !is_name(name) || bytes.is_empty() {
            return None;
        }
        Some(Self { name: name.to_owned(), id: u32::from_be_bytes(*id), bytes: bytes.to_vec() })
    }
}

impl fmt::Display for Signature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let bytes = [&self.id.to_be_bytes()[..], &self.bytes].concat();
        writeln!(f, "— {} {}", self.name, STANDARD.encode(bytes))
    }
}

/// A key's name: not empty, no space, no plus sign.
fn is_name(name: &str) -> bool {
    !name.is_empty() && !name.contains(|c: char| c.is_whitespace() || c.is_control() || c == '+')
}

/// First four bytes of SHA-256(name ‖ line break ‖ type ‖ public key).
fn key_id(name: &str, public: &[u8; 32]) -> u32 {
    let digest =
        Sha256::new().chain_update(name).chain_update([b'\n', ED25519]).chain_update(public);
    let [a, b, c, d, ..]: [u8; 32] = digest.finalize().into();
    u32::from_be_bytes([a, b, c, d])
}

/// Splits `<name>+<id>+<base64 of type and 32 bytes>`.
fn split_key(text: &str) -> Option<(&str, u32, [u8; 32])> {
    let (name, rest) = text.split_once('+')?;
    let (id, encoded) = rest.split_once('+')?;
    let id = crate::tree::from_hex::<4>(id).map(u32::from_be_bytes)?;
    let bytes = STANDARD.decode(encoded).ok()?;
    let (kind, bytes) = bytes.split_first()?;
    let bytes = bytes.try_into().ok()?;
    (*kind == ED25519 && is_name(name)).then_some((name, id, bytes))
}

fn join_key(name: &str, id: u32, bytes: &[u8; 32]) -> String {
    let encoded = STANDARD.encode([&[ED25519][..], bytes].concat());
    format!("{name}+{id:08x}+{encoded}")
}

/// A public key with its name.
#[derive(Clone, PartialEq, Eq)]
pub struct VerifyingKey {
    name: String,
    id: u32,
    key: ed25519_dalek::VerifyingKey,
}

impl VerifyingKey {
    /// Reads `<name>+<id>+<base64>`.
    ///
    /// # Errors
    /// [`Refused::Key`], also when the id is not that of name and key.
    pub fn parse(vkey: &str) -> Result<Self, Refused> {
        let (name, id, bytes) = split_key(vkey).ok_or(Refused::Key("name+id+base64"))?;
        if key_id(name, &bytes) != id {
            return Err(Refused::Key("its id does not belong to its name and bytes"));
        }
        let key = ed25519_dalek::VerifyingKey::from_bytes(&bytes)
            .map_err(|_| Refused::Key("not a point of the curve"))?;
        Ok(Self { name: name.to_owned(), id, key })
    }

    /// Name of the key.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Whether a signature line claims to be of this key: name and id are the same.
    #[must_use]
    pub fn claims(&self, signature: &Signature) -> bool {
        self.name == signature.name && self.id == signature.id
    }

    /// Checks a signature over a text.
    ///
    /// # Errors
    /// [`Refused::FalseSignature`].
    pub fn verify(&self, text: &str, signature: &Signature) -> Result<(), Refused> {
        let bytes = ed25519_dalek::Signature::from_slice(&signature.bytes);
        let good = bytes.and_then(|bytes| self.key.verify_strict(text.as_bytes(), &bytes));
        good.map_err(|_| Refused::FalseSignature(self.name.clone()))
    }
}

impl fmt::Display for VerifyingKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&join_key(&self.name, self.id, self.key.as_bytes()))
    }
}

impl fmt::Debug for VerifyingKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// A secret key with its name. Erased from memory when dropped.
pub struct SigningKey {
    public: VerifyingKey,
    key: ed25519_dalek::SigningKey,
}

impl SigningKey {
    /// A key from 32 secret bytes of the caller's source of randomness.
    ///
    /// # Errors
    /// [`Refused::Key`] for a name that is empty or holds a space or a plus sign.
    pub fn from_seed(name: &str, seed: &[u8; 32]) -> Result<Self, Refused> {
        if !is_name(name) {
            return Err(Refused::Key("a name without spaces and plus signs"));
        }
        let key = ed25519_dalek::SigningKey::from_bytes(seed);
        let id = key_id(name, key.verifying_key().as_bytes());
        let public = VerifyingKey { name: name.to_owned(), id, key: key.verifying_key() };
        Ok(Self { public, key })
    }

    /// Reads `PRIVATE+KEY+<name>+<id>+<base64>`.
    ///
    /// # Errors
    /// [`Refused::Key`].
    pub fn parse(skey: &str) -> Result<Self, Refused> {
        let rest = skey.strip_prefix("PRIVATE+KEY+").ok_or(Refused::Key("PRIVATE+KEY+..."))?;
        let (name, id, seed) = split_key(rest).ok_or(Refused::Key("name+id+base64"))?;
        let key = Self::from_seed(name, &seed)?;
        if key.public.id == id { Ok(key) } else { Err(Refused::Key("its id is that of another")) }
    }

    /// The secret text form, `PRIVATE+KEY+<name>+<id>+<base64>`.
    #[must_use]
    pub fn to_secret_text(&self) -> String {
        let text = join_key(&self.public.name, self.public.id, self.key.as_bytes());
        format!("PRIVATE+KEY+{text}")
    }

    /// Its public half.
    #[must_use]
    pub const fn verifying_key(&self) -> &VerifyingKey {
        &self.public
    }

    fn sign(&self, text: &str) -> Signature {
        let bytes = self.key.sign(text.as_bytes()).to_bytes().to_vec();
        Signature { name: self.public.name.clone(), id: self.public.id, bytes }
    }
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SigningKey({})", self.public.name)
    }
}
