//! What follows from a receipt: the keyed hash by which its report is found, and the commitment in the
//! log of filings.
//!
//! The commitment needs no key of the machine: with the receipt and a mirror of the log anybody can
//! find the leaf, also after this office has lost its database.

use domain::problem::{Failure, Fault};
use domain::receipt::Receipt;
use domain::time::Day;
use journal::{Hash, Leaf, Matter, Record, SALT_BYTES, Salt, When};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::MachineKeys;
use crate::rows::hex;
use crate::tx::refused;

/// Kind and subject of all leaves of the log of filings: nothing tells one from another.
const KIND: &str = "filing";
const SUBJECT: &str = "filing";
const ROLE: &str = "PUB";

/// A new receipt.
///
/// # Errors
/// A fault when the system gives no random bytes.
pub fn draw() -> Result<Receipt, Fault> {
    let mut random = [0; 10];
    getrandom::fill(&mut random).map_err(|e| Fault::new("get random bytes", e))?;
    Ok(Receipt::new(random))
}

/// The keyed hash under which a receipt is stored.
#[must_use]
pub(crate) fn hash(keys: &MachineKeys, receipt: &Receipt) -> String {
    keyed(keys, b"receipt", receipt.bytes())
}

/// SHA-256 over a key, a word and a text, each of one length for one word: nothing can be appended.
pub(crate) fn keyed(keys: &MachineKeys, word: &[u8], text: &[u8]) -> String {
    let mut digest = Sha256::new();
    digest.update(keys.receipts);
    digest.update(Sha256::digest(word));
    digest.update(Sha256::digest(text));
    hex(&digest.finalize())
}

/// Salt and payload of the filing behind a receipt.
fn opening(receipt: &Receipt) -> (Salt, Value) {
    let digest = |word: &[u8]| Sha256::digest([word, receipt.bytes()].concat());
    let mut salt = [0; SALT_BYTES];
    for (to, from) in salt.iter_mut().zip(digest(b"mingbai filing salt")) {
        *to = from;
    }
    (Salt::new(salt), json!({ "receipt": hex(&digest(b"mingbai filing")) }))
}

/// What the log of filings holds of a receipt, in hex.
///
/// # Errors
/// A fault when the payload cannot be written.
pub fn commitment(receipt: &Receipt) -> Result<String, Failure> {
    let (salt, payload) = opening(receipt);
    let text = journal::canonical_json(&payload).map_err(refused)?;
    Ok(journal::commit(&salt, text.as_bytes()).to_hex())
}

/// A leaf of the log of filings.
pub(crate) fn leaf(commitment: Hash, day: Day) -> Leaf {
    Leaf {
        kind: KIND.to_owned(),
        subject: SUBJECT.to_owned(),
        village: None,
        when: When::Day(day.to_string()),
        role: ROLE.to_owned(),
        matter: Matter::Record(Record {
            commit: commitment,
            fields: std::collections::BTreeMap::new(),
            version: None,
            supersedes: None,
            period: None,
            document: None,
        }),
    }
}

/// A proof of filing: the bundle of a leaf, opened with the receipt. It shows the day and nothing else.
#[must_use]
pub fn prove(bundle: journal::bundle::Bundle, receipt: &Receipt) -> journal::bundle::Bundle {
    let (salt, payload) = opening(receipt);
    bundle.with_payload(salt, payload)
}

/// The number of the leaf of a receipt in a log, found by its entries alone.
///
/// # Errors
/// A fault when the log cannot be read.
pub fn find(log: &crate::log::Log, receipt: &Receipt) -> Result<Option<u64>, Failure> {
    let wanted = commitment(receipt)?;
    let mut found = None;
    log.audit(&mut |at, entry| {
        let leaf = Leaf::parse(entry).ok();
        if let Some(Matter::Record(record)) = leaf.map(|leaf| leaf.matter)
            && record.commit.to_hex() == wanted
        {
            found = Some(at);
        }
    })?;
    Ok(found)
}
