//! Sealing for people: keys that no machine holds. The one place that knows the crate `age`; what it
//! writes is the age format, so that a browser or the tools `age` and `rage` read it too.
//!
//! Deliberately absent: sealing with keys of the machine ([`crate::seal`]), and who gets which key.

use std::io::{Read, Write};

use age::secrecy::{ExposeSecret, SecretString};
use age::x25519;
use domain::problem::{Failure, Fault, Place, Problem};
use serde::Serialize;
use serde::de::DeserializeOwned;
use zeroize::Zeroizing;

/// Bytes that are wiped when they go, and never printed.
pub struct Secret(Zeroizing<Vec<u8>>);

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Secret")
    }
}

impl Secret {
    /// Takes bytes over.
    #[must_use]
    pub fn new(bytes: Vec<u8>) -> Self {
        Self(Zeroizing::new(bytes))
    }

    /// The bytes.
    #[must_use]
    pub fn expose(&self) -> &[u8] {
        &self.0
    }
}

/// A key: what is public of it, and what is not.
#[derive(Debug)]
pub struct KeyPair {
    /// `age1...`: whoever knows it can seal for its holder.
    pub recipient: String,
    /// Opens what was sealed for it.
    pub secret: Secret,
}

/// What a secret is locked with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lock {
    /// A passphrase that a person made up: each try is made slow.
    Human,
    /// Random bits, such as a receipt: nobody can try them all.
    Random,
}

/// Seals and opens. The software one is [`Age`]; a county with a certified device puts its own here.
pub trait Sealer: Send + Sync {
    /// A new key.
    ///
    /// # Errors
    /// A fault when the system gives no random bytes.
    fn new_key(&self) -> Result<KeyPair, Fault>;

    /// Seals bytes for one or more recipients, each of whom can open them alone.
    ///
    /// # Errors
    /// A problem when a recipient cannot be read.
    fn seal(&self, to: &[&str], bytes: &[u8]) -> Result<Vec<u8>, Failure>;

    /// Opens what was sealed for a key.
    ///
    /// # Errors
    /// A problem when it was sealed for others, or altered.
    fn open(&self, key: &Secret, sealed: &[u8]) -> Result<Secret, Failure>;

    /// Locks a secret with a passphrase.
    ///
    /// # Errors
    /// A fault when the system refuses.
    fn lock(&self, lock: Lock, passphrase: &str, secret: &Secret) -> Result<Vec<u8>, Failure>;

    /// Unlocks it.
    ///
    /// # Errors
    /// A problem when the passphrase is another.
    fn unlock(&self, passphrase: &str, locked: &[u8]) -> Result<Secret, Failure>;
}

/// Sealing in software.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Age {
    work: u8,
}

/// Two to this power is the memory cost of a passphrase: 64 MB, about half a second.
const WORK: u8 = 16;
/// The same for random bits.
const LITTLE_WORK: u8 = 10;
/// What is refused, so that an altered row cannot take all memory.
const MOST_WORK: u8 = 20;

impl Default for Age {
    fn default() -> Self {
        Self { work: WORK }
    }
}

impl Age {
    /// With passphrases that are quick to try: for tests and the demo county only.
    #[must_use]
    pub const fn quick() -> Self {
        Self { work: LITTLE_WORK }
    }
}

fn problem(code: &'static str) -> Failure {
    Problem::new(code, Place::default()).into()
}

fn recipient(text: &str) -> Result<x25519::Recipient, Failure> {
    text.parse().map_err(|_| problem("recipient-unreadable"))
}

fn identity(secret: &Secret) -> Result<x25519::Identity, Failure> {
    let text = std::str::from_utf8(secret.expose()).map_err(|_| problem("sealed-for-others"))?;
    text.parse().map_err(|_| problem("sealed-for-others"))
}

fn encrypted(to: &[&dyn age::Recipient], bytes: &[u8]) -> Result<Vec<u8>, Failure> {
    let fault = |e: std::io::Error| Fault::new("seal", e);
    let encryptor = age::Encryptor::with_recipients(to.iter().copied());
    let encryptor = encryptor.map_err(|e| Fault::new("seal", e))?;
    let mut sealed = Vec::with_capacity(bytes.len() + 512);
    let mut writer = encryptor.wrap_output(&mut sealed).map_err(fault)?;
    writer.write_all(bytes).map_err(fault)?;
    writer.finish().map_err(fault)?;
    Ok(sealed)
}

fn decrypted(with: &dyn age::Identity, sealed: &[u8]) -> Option<Secret> {
    let decryptor = age::Decryptor::new(sealed).ok()?;
    let mut reader = decryptor.decrypt(std::iter::once(with)).ok()?;
    let mut opened = Zeroizing::new(Vec::with_capacity(sealed.len()));
    reader.read_to_end(&mut opened).ok()?;
    Some(Secret(opened))
}

impl Sealer for Age {
    fn new_key(&self) -> Result<KeyPair, Fault> {
        let identity = x25519::Identity::generate();
        let secret = Secret::new(identity.to_string().expose_secret().as_bytes().to_vec());
        Ok(KeyPair { recipient: identity.to_public().to_string(), secret })
    }

    fn seal(&self, to: &[&str], bytes: &[u8]) -> Result<Vec<u8>, Failure> {
        let to = to.iter().map(|text| recipient(text)).collect::<Result<Vec<_>, _>>()?;
        let to: Vec<&dyn age::Recipient> = to.iter().map(|r| r as &dyn age::Recipient).collect();
        encrypted(&to, bytes)
    }

    fn open(&self, key: &Secret, sealed: &[u8]) -> Result<Secret, Failure> {
        decrypted(&identity(key)?, sealed).ok_or_else(|| problem("sealed-for-others"))
    }

    fn lock(&self, lock: Lock, passphrase: &str, secret: &Secret) -> Result<Vec<u8>, Failure> {
        let mut with = age::scrypt::Recipient::new(SecretString::from(passphrase.to_owned()));
        with.set_work_factor(if lock == Lock::Human { self.work } else { LITTLE_WORK });
        encrypted(&[&with], secret.expose())
    }

    fn unlock(&self, passphrase: &str, locked: &[u8]) -> Result<Secret, Failure> {
        let mut with = age::scrypt::Identity::new(SecretString::from(passphrase.to_owned()));
        with.set_max_work_factor(MOST_WORK);
        decrypted(&with, locked).ok_or_else(|| problem("passphrase-wrong"))
    }
}

/// Texts are filled up to a multiple of this before they are sealed: their length tells less.
const FILL: usize = 2048;

/// Seals a value as JSON, filled up.
///
/// # Errors
/// As [`Sealer::seal`].
pub fn seal_value(
    sealer: &dyn Sealer,
    to: &[&str],
    value: &impl Serialize,
) -> Result<Vec<u8>, Failure> {
    let text = serde_json::to_vec(value).map_err(|e| Fault::new("seal", e))?;
    let mut text = Zeroizing::new(text);
    let length = text.len().div_ceil(FILL) * FILL;
    text.resize(length, b' ');
    sealer.seal(to, &text)
}

/// Opens a value.
///
/// # Errors
/// As [`Sealer::open`]; a problem when it holds something else.
pub fn open_value<T: DeserializeOwned>(
    sealer: &dyn Sealer,
    key: &Secret,
    sealed: &[u8],
) -> Result<T, Failure> {
    let opened = sealer.open(key, sealed)?;
    serde_json::from_slice(opened.expose()).map_err(|_| problem("sealed-unreadable"))
}

/// Whether bytes begin as the age format does: what a browser sealed is kept as it came.
#[must_use]
pub fn is_sealed(bytes: &[u8]) -> bool {
    bytes.starts_with(b"age-encryption.org/v1\n-> X25519 ")
}

#[cfg(test)]
mod tests {
    use super::{Age, Lock, Sealer, Secret, is_sealed, open_value, seal_value};

    #[test]
    fn what_is_sealed_opens_for_its_recipients_alone() {
        let age = Age::quick();
        let (one, two, three) =
            (age.new_key().unwrap(), age.new_key().unwrap(), age.new_key().unwrap());
        let sealed = age.seal(&[&one.recipient, &two.recipient], b"secret").unwrap();
        assert!(is_sealed(&sealed));
        for key in [&one, &two] {
            assert_eq!(age.open(&key.secret, &sealed).unwrap().expose(), b"secret");
        }
        assert!(age.open(&three.secret, &sealed).is_err());
        let mut altered = sealed.clone();
        *altered.last_mut().unwrap() ^= 1;
        assert!(age.open(&one.secret, &altered).is_err());
        assert!(age.seal(&["age1nothing"], b"").is_err() && age.seal(&[], b"").is_err());
        assert_eq!(format!("{:?}", one.secret), "Secret");
    }

    #[test]
    fn a_passphrase_opens_and_another_does_not() {
        let age = Age::quick();
        for lock in [Lock::Human, Lock::Random] {
            let locked =
                age.lock(lock, "十二个字以上的口令啊啊啊", &Secret::new(b"key".to_vec())).unwrap();
            let open = |with| age.unlock(with, &locked).map(|s| s.expose().to_vec());
            assert_eq!(open("十二个字以上的口令啊啊啊").unwrap(), b"key");
            assert!(open("十二个字以上的口令啊啊呀").is_err());
        }
    }

    #[test]
    fn texts_of_like_length_look_alike() {
        let age = Age::quick();
        let key = age.new_key().unwrap();
        let seal = |text: &str| seal_value(&age, &[&key.recipient], &text).unwrap();
        let (short, long) = (seal("a").len(), seal(&"很长的话".repeat(100)).len());
        // The head of an age file has a part of random length.
        assert!(short.abs_diff(long) < 400, "{short} {long}");
        let back: String = open_value(&age, &key.secret, &seal("说了什么")).unwrap();
        assert_eq!(back, "说了什么");
    }
}
