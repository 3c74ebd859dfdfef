//! Sealing of what lies in the database or among the documents and must be read with a key that
//! does not: secrets of second factors, contacts, original photos.

use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use domain::problem::Fault;

/// A key that seals.
pub type SealKey = [u8; 32];

const NONCE_BYTES: usize = 24;

/// Seals bytes. They can be opened only with the same key, and as what they were sealed as.
///
/// # Errors
/// A fault when the system gives no random bytes.
pub fn seal(key: &SealKey, about: &str, secret: &[u8]) -> Result<Vec<u8>, Fault> {
    let mut nonce = [0; NONCE_BYTES];
    getrandom::fill(&mut nonce).map_err(|e| Fault::new("get random bytes", e))?;
    let payload = Payload { msg: secret, aad: about.as_bytes() };
    let cipher = XChaCha20Poly1305::new(&(*key).into());
    let sealed = cipher.encrypt(&XNonce::from(nonce), payload);
    let sealed = sealed.map_err(|e| Fault::new("seal", e))?;
    Ok([nonce.as_slice(), &sealed].concat())
}

/// Opens what was sealed.
///
/// # Errors
/// A fault when it was altered, or the key is another.
pub fn open(key: &SealKey, about: &str, sealed: &[u8]) -> Result<Vec<u8>, Fault> {
    let altered = || Fault::new("open sealed", "it was altered, or the key is another");
    let (nonce, sealed) = sealed.split_first_chunk::<NONCE_BYTES>().ok_or_else(altered)?;
    let payload = Payload { msg: sealed, aad: about.as_bytes() };
    let cipher = XChaCha20Poly1305::new(&(*key).into());
    cipher.decrypt(&XNonce::from(*nonce), payload).map_err(|_| altered())
}
