//! Checking a proof bundle offline: bundle and keys in, what is proved out. Nothing that is not
//! proved is in the answer.

use alloc::collections::BTreeMap;
use alloc::string::String;

use serde_json::Value;

use crate::bundle::{Bundle, Opened, TlogProof};
use crate::checkpoint::{Checkpoint, KeyRing};
use crate::commitment::commit_value;
use crate::error::Refused;
use crate::leaf::{Leaf, Matter};
use crate::proof::{verify_consistency, verify_inclusion};
use crate::tree::{Hash, leaf_hash};

/// What is left of something that was committed to.
#[derive(Debug, Clone, PartialEq)]
pub enum Reading {
    /// It is this, and nothing else was committed to.
    Shown(Value),
    /// It was erased or is not shown; that it was committed to is proved all the same.
    Erased,
}

/// What a bundle proves.
#[derive(Debug, Clone, PartialEq)]
pub struct Verified {
    /// The leaf.
    pub leaf: Leaf,
    /// Number of the leaf, from 0.
    pub index: u64,
    /// The checkpoint whose tree holds the leaf.
    pub checkpoint: Checkpoint,
    /// The payload; `None` for a manifest, which has none.
    pub payload: Option<Reading>,
    /// Every personal field that the leaf commits to.
    pub fields: BTreeMap<String, Reading>,
}

/// Checks a bundle: signature of the checkpoint, leaf in the tree, payload and fields against
/// their commitments.
///
/// # Errors
/// The first that does not fit: as [`KeyRing::open`]; [`Refused::OutsideTree`] or
/// [`Refused::NotInTree`]; [`Refused::Json`] or [`Refused::Leaf`]; [`Refused::PayloadMismatch`];
/// [`Refused::FieldMismatch`].
pub fn verify(bundle: &Bundle, ring: &KeyRing) -> Result<Verified, Refused> {
    let checkpoint = ring.open(&bundle.checkpoint)?;
    let hash = leaf_hash(bundle.leaf.as_bytes());
    verify_inclusion(&hash, bundle.index, checkpoint.size, &checkpoint.root, &bundle.proof)?;
    let leaf = Leaf::parse(bundle.leaf.as_bytes())?;
    let none = BTreeMap::new();
    let (payload, committed) = match &leaf.matter {
        Matter::Record(record) => {
            let reading = read(bundle.payload.as_ref(), &record.commit);
            (Some(reading.ok_or(Refused::PayloadMismatch)?), &record.fields)
        }
        Matter::Manifest(_) if bundle.payload.is_some() => return Err(Refused::PayloadMismatch),
        Matter::Manifest(_) => (None, &none),
    };
    let unknown = bundle.fields.keys().find(|name| !committed.contains_key(*name));
    if let Some(name) = unknown {
        return Err(Refused::FieldMismatch(name.clone()));
    }
    let mut fields = BTreeMap::new();
    for (name, commit) in committed {
        let reading = read(bundle.fields.get(name), commit);
        let reading = reading.ok_or_else(|| Refused::FieldMismatch(name.clone()))?;
        fields.insert(name.clone(), reading);
    }
    Ok(Verified { leaf, index: bundle.index, checkpoint, payload, fields })
}

/// `None` when the value is not the one committed to.
fn read(opened: Option<&Opened>, commit: &Hash) -> Option<Reading> {
    let Some(opened) = opened else { return Some(Reading::Erased) };
    let fits = commit_value(&opened.salt, &opened.value).is_ok_and(|found| found == *commit);
    fits.then(|| Reading::Shown(opened.value.clone()))
}

/// As [`verify`], and the bundle's checkpoint belongs to the same history as one that the reader
/// kept, from a notice board or a newspaper. `consistency` proves it from the smaller to the
/// larger size; empty when the sizes are the same.
///
/// # Errors
/// As [`verify`]; as [`KeyRing::open`] for the kept one; [`Refused::NotConsistent`].
pub fn verify_against(
    bundle: &Bundle,
    ring: &KeyRing,
    kept: &str,
    consistency: &[Hash],
) -> Result<Verified, Refused> {
    let verified = verify(bundle, ring)?;
    let (a, b) = (ring.open(kept)?, &verified.checkpoint);
    let (earlier, later) = if a.size <= b.size { (&a, b) } else { (b, &a) };
    verify_consistency((earlier.size, &earlier.root), (later.size, &later.root), consistency)?;
    Ok(verified)
}

/// Checks a `tlog-proof` for an entry.
///
/// # Errors
/// As [`KeyRing::open`]; [`Refused::OutsideTree`], [`Refused::NotInTree`].
pub fn verify_tlog_proof(
    proof: &TlogProof,
    entry: &[u8],
    ring: &KeyRing,
) -> Result<Checkpoint, Refused> {
    let checkpoint = ring.open(&proof.checkpoint)?;
    let leaf = leaf_hash(entry);
    verify_inclusion(&leaf, proof.index, checkpoint.size, &checkpoint.root, &proof.proof)?;
    Ok(checkpoint)
}
