//! Commitments: SHA-256(salt ‖ canonical value). Who has salt and value can prove what was
//! committed to; once the salt is erased nobody can find the value by trying, and every proof
//! stays valid (I10).
//!
//! The salt has one length. With several, an office could claim that the first characters of a
//! value were the end of its salt, and open one commitment to two values.

use alloc::string::String;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::error::Refused;
use crate::json::canonical_json;
use crate::tree::Hash;

/// Bytes of a salt: 128 bit.
pub const SALT_BYTES: usize = 16;

/// A salt: 16 bytes from the caller's source of randomness, fresh for every payload and field.
#[derive(Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Salt([u8; SALT_BYTES]);

impl Salt {
    /// Takes the bytes.
    #[must_use]
    pub const fn new(bytes: [u8; SALT_BYTES]) -> Self {
        Self(bytes)
    }

    /// The bytes.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; SALT_BYTES] {
        &self.0
    }

    /// 32 lower-case hexadecimal digits.
    #[must_use]
    pub fn to_hex(&self) -> String {
        crate::tree::to_hex(&self.0)
    }

    /// Reads 32 lower-case hexadecimal digits.
    ///
    /// # Errors
    /// [`Refused::Proof`] for anything else.
    pub fn from_hex(text: &str) -> Result<Self, Refused> {
        crate::tree::from_hex(text).map(Self).ok_or(Refused::Proof("a salt of 32 hex digits"))
    }
}

impl From<Salt> for String {
    fn from(salt: Salt) -> Self {
        salt.to_hex()
    }
}

impl TryFrom<String> for Salt {
    type Error = Refused;

    fn try_from(text: String) -> Result<Self, Refused> {
        Self::from_hex(&text)
    }
}

/// A salt is as secret as what it hides.
impl core::fmt::Debug for Salt {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("Salt(..)")
    }
}

/// SHA-256(salt ‖ payload) over bytes that are already canonical.
#[must_use]
pub fn commit(salt: &Salt, payload: &[u8]) -> Hash {
    Hash::new(Sha256::new().chain_update(salt.0).chain_update(payload).finalize().into())
}

/// SHA-256(salt ‖ canonical JSON of the value).
///
/// # Errors
/// [`Refused::Json`] for a value without a canonical text.
pub(crate) fn commit_value(salt: &Salt, value: &Value) -> Result<Hash, Refused> {
    Ok(commit(salt, canonical_json(value)?.as_bytes()))
}
