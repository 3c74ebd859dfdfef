//! A log in memory.

use std::collections::BTreeMap;

use journal::checkpoint::{KeyRing, Signer};
use journal::note::SigningKey;
use journal::proof::Tree;
use journal::tiles::append;
use journal::{Frontier, Hash, Leaf, Salt, When};
use serde_json::{Value, json};

pub const ORIGIN: &str = "log.example.org/qingshui";

pub fn key(seed: u8) -> SigningKey {
    SigningKey::from_seed(ORIGIN, &[seed; 32]).unwrap()
}

pub fn ring(seed: u8) -> KeyRing {
    KeyRing::of(ORIGIN, key(seed).verifying_key().clone())
}

pub fn signer(seed: u8) -> Signer {
    Signer::new(ring(seed), vec![key(seed)])
}

pub fn salt(n: u64) -> Salt {
    let mut bytes = [7; 16];
    bytes[..8].copy_from_slice(&n.to_be_bytes());
    Salt::new(bytes)
}

/// A log that is written to a map and signed after every batch.
pub struct Log {
    pub files: BTreeMap<String, Vec<u8>>,
    pub entries: Vec<Vec<u8>>,
    pub frontier: Frontier,
    pub checkpoint: String,
    pub signer: Signer,
}

impl Log {
    pub fn new() -> Self {
        let signer = signer(1);
        let checkpoint = signer.sign_first().unwrap();
        let (files, entries) = (BTreeMap::new(), Vec::new());
        Self { files, entries, frontier: Frontier::new(), checkpoint, signer }
    }

    /// A log of this many leaves, written at once.
    pub fn of(size: u64) -> Self {
        let mut log = Self::new();
        log.append((0..size).map(|n| leaf(n).to_bytes().unwrap()).collect());
        log
    }

    pub fn append(&mut self, entries: Vec<Vec<u8>>) {
        let earlier = self.frontier.size();
        let (next, writes) = append(&self.files, &self.frontier, &entries).unwrap();
        self.files.extend(writes);
        self.entries.extend(entries);
        let proof = self.tree(next.size()).prove_consistency(earlier).unwrap();
        self.checkpoint = self.signer.sign_next(&self.checkpoint, &next, &proof).unwrap();
        self.frontier = next;
    }

    pub fn tree(&self, size: u64) -> Tree<'_> {
        Tree::new(&self.files, size).unwrap()
    }

    pub fn hashes(&self) -> Vec<Hash> {
        self.entries.iter().map(|e| journal::leaf_hash(e)).collect()
    }
}

/// Payload of the nth record.
pub fn payload(n: u64) -> Value {
    json!({"title": format!("低保金公示 {n}"), "amount_fen": 31_500 + n, "items": ["A01", null]})
}

/// Leaf of the nth record, with two personal fields.
pub fn leaf(n: u64) -> Leaf {
    let day = When::Day(format!("2026-03-{:02}", n % 28 + 1));
    let subject = format!("990101001001-2026-{n:05}");
    Leaf::record("notice-published", &subject, day, "village-clerk", (&salt(n), &payload(n)))
        .and_then(|l| l.field("name", &salt(n + 1_000_000), &json!(format!("张{n}"))))
        .and_then(|l| l.field("amount", &salt(n + 2_000_000), &json!(n)))
        .unwrap()
        .village("990101001001")
}
