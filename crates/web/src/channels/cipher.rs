//! Messages of the platform in its safe mode: AES-256-CBC with the first half of the key as the vector,
//! filled up to 32 bytes; inside, 16 random bytes, the length, the message and the id of the account.
//! Nothing is opened before its signature was found right, so that nobody can try out fillings.

use aes::Aes256;
use base64::Engine;
use base64::alphabet::STANDARD;
use base64::engine::DecodePaddingMode;
use base64::engine::general_purpose::{GeneralPurpose, GeneralPurposeConfig};
use cbc::cipher::block_padding::NoPadding;
use cbc::cipher::{BlockModeDecrypt, BlockModeEncrypt, KeyIvInit};
use sha1::{Digest, Sha1};

use crate::request::hex;

/// What texts are filled up to, in bytes.
const FILL: usize = 32;
/// Random bytes before the message.
const RANDOM: usize = 16;
/// Letters of a key as the platform shows it.
const KEY_LETTERS: usize = 43;

/// The platform's own keys end in bits that mean nothing.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &STANDARD,
    GeneralPurposeConfig::new()
        .with_decode_allow_trailing_bits(true)
        .with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// Lower-case hex of the SHA-1 over texts in their order of letters, as the platform signs.
#[must_use]
pub fn signature(parts: &[&str]) -> String {
    let mut sorted = parts.to_vec();
    sorted.sort_unstable();
    hex(&Sha1::digest(sorted.concat()))
}

/// The key of an account.
#[derive(Clone)]
pub struct AesKey([u8; 32]);

impl AesKey {
    /// From the 43 letters that the platform shows.
    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        let whole = text.len() == KEY_LETTERS;
        let bytes = whole.then(|| BASE64.decode(text).ok()).flatten()?;
        bytes.try_into().ok().map(Self)
    }

    fn vector(&self) -> [u8; 16] {
        let mut vector = [0; 16];
        vector.iter_mut().zip(self.0).for_each(|(to, from)| *to = from);
        vector
    }

    /// Opens a message for an account; none when it is for another, or no message.
    #[must_use]
    pub fn open(&self, sealed: &str, account: &str) -> Option<String> {
        let mut bytes = BASE64.decode(sealed).ok()?;
        let cipher = cbc::Decryptor::<Aes256>::new(&self.0.into(), &self.vector().into());
        let plain = cipher.decrypt_padded::<NoPadding>(&mut bytes).ok()?;
        let fill = usize::from(*plain.last()?);
        let end = plain.len().checked_sub(fill).filter(|_| (1..=FILL).contains(&fill))?;
        let (head, filled) = plain.split_at_checked(end)?;
        let (length, rest) = head.get(RANDOM..)?.split_first_chunk::<4>()?;
        let length = usize::try_from(u32::from_be_bytes(*length)).ok()?;
        let (message, id) = rest.split_at_checked(length)?;
        let fits = filled.iter().all(|byte| usize::from(*byte) == fill) && id == account.as_bytes();
        fits.then(|| String::from_utf8(message.to_vec()).ok()).flatten()
    }

    /// Seals an answer of an account.
    #[must_use]
    pub fn seal(&self, message: &str, account: &str, random: [u8; RANDOM]) -> Option<String> {
        let length = u32::try_from(message.len()).ok()?.to_be_bytes();
        let mut bytes =
            [random.as_slice(), &length, message.as_bytes(), account.as_bytes()].concat();
        let fill = FILL - bytes.len() % FILL;
        bytes.resize(bytes.len() + fill, u8::try_from(fill).ok()?);
        let cipher = cbc::Encryptor::<Aes256>::new(&self.0.into(), &self.vector().into());
        let length = bytes.len();
        let sealed = cipher.encrypt_padded::<NoPadding>(&mut bytes, length).ok()?;
        Some(BASE64.encode(sealed))
    }
}

#[cfg(test)]
mod tests {
    use super::{AesKey, signature};

    const KEY: &str = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG";

    #[test]
    fn signatures_are_those_of_the_platform() {
        let of = |parts: [&str; 3]| signature(&parts);
        let known = "899cf89e464efb63f54ddac96b0a0a235f53aa78";
        assert_eq!(of(["AAAAA", "1714037059", "486452656"]), known);
        assert_eq!(of(["486452656", "AAAAA", "1714037059"]), known);
    }

    #[test]
    fn messages_open_for_their_account_alone() {
        let key = AesKey::read(KEY).unwrap();
        for message in ["<xml>我要举报</xml>", "", &"长".repeat(400)] {
            let sealed = key.seal(message, "wx1", [7; 16]).unwrap();
            assert_eq!(key.open(&sealed, "wx1").as_deref(), Some(message));
            assert_eq!(key.open(&sealed, "wx2"), None);
            let other = AesKey::read(&KEY.replace('a', "z")).unwrap();
            assert_eq!(other.open(&sealed, "wx1"), None);
        }
        for broken in ["", "AAAA", "no base64 !", &"A".repeat(64)] {
            assert_eq!(key.open(broken, "wx1"), None, "{broken}");
        }
        assert!(AesKey::read("short").is_none());
    }
}
