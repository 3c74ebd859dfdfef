//! The public log: append-only, in the form of C2SP `tlog-tiles`, `tlog-checkpoint`,
//! `signed-note` and `tlog-proof`, over RFC 6962 trees with SHA-256.
//!
//! Usable alone: a journalist needs this crate, or `verify/mingbai_verify.py`, a proof bundle and
//! the log's public key, and nobody's word.
//!
//! What is deliberately absent (invariant I1): clock, randomness, files, network. Callers hand in
//! salts, seeds and days, and a [`tiles::TileStore`]. `no_std` makes the compiler watch over it.
#![no_std]

extern crate alloc;

pub mod audit;
pub mod bundle;
pub mod checkpoint;
mod commitment;
mod error;
mod json;
mod leaf;
mod manifest;
pub mod note;
pub mod proof;
pub mod tiles;
mod tree;
pub mod verify;

pub use commitment::{SALT_BYTES, Salt, commit};
pub use error::Refused;
pub use json::canonical_json;
pub use leaf::{Leaf, Matter, Record, When};
pub use manifest::{LiveRecords, VillageManifest};
pub use tree::{EMPTY_ROOT, Frontier, Hash, leaf_hash, node_hash, root_of};
