//! A hasher for maps whose keys are hashes already, or short texts of the office.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

/// A map with the quick hasher.
pub type QuickMap<K, V> = HashMap<K, V, BuildHasherDefault<Quick>>;

/// An odd number with bits all over (the fraction of the golden ratio).
const SPREAD: u64 = 0x9e37_79b9_7f4a_7c15;

/// Takes a 64-bit number as it is, and folds bytes eight at a time.
#[derive(Debug, Clone, Copy, Default)]
pub struct Quick(u64);

impl Hasher for Quick {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write_u64(&mut self, value: u64) {
        self.0 = (self.0.rotate_left(32)) ^ value;
    }

    fn write(&mut self, bytes: &[u8]) {
        let (eights, rest) = bytes.as_chunks::<8>();
        let mut last = [0; 8];
        for (to, from) in last.iter_mut().zip(rest) {
            *to = *from;
        }
        for part in eights.iter().chain([&last]) {
            let mixed = (self.0 ^ u64::from_le_bytes(*part)).wrapping_mul(SPREAD);
            self.0 = mixed ^ (mixed >> 29);
        }
    }
}
