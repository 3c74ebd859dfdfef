//! Inclusion and consistency proofs (RFC 6962, 2.1.1 and 2.1.2): made from tiles, checked without
//! them (RFC 9162, 2.1.3.2 and 2.1.4.2).

use alloc::collections::BTreeMap;
use alloc::vec::Vec;

use crate::error::Refused;
use crate::tiles::{Shelf, TILE_HEIGHT, TILE_WIDTH, Tile, TileStore, fetch_hashes, read_entry};
use crate::tree::{EMPTY_ROOT, Frontier, Hash, LARGEST, node_hash, root_of};

/// A tree of one size whose hashes are read from tiles, each tile once.
pub struct Tree<'a> {
    store: &'a dyn TileStore,
    size: u64,
    read: BTreeMap<Tile, Vec<Hash>>,
}

impl<'a> Tree<'a> {
    /// The tree of the first `size` leaves. Nothing is read yet, and nothing that is read is
    /// trusted: compare [`Self::root`] with a signed checkpoint.
    ///
    /// # Errors
    /// [`Refused::Proof`] for a size beyond 2^63 - 1.
    pub fn new(store: &'a dyn TileStore, size: u64) -> Result<Self, Refused> {
        if size > LARGEST {
            return Err(Refused::Proof("a size below 2^63"));
        }
        Ok(Self { store, size, read: BTreeMap::new() })
    }

    /// Number of leaves.
    #[must_use]
    pub const fn size(&self) -> u64 {
        self.size
    }

    /// An entry.
    ///
    /// # Errors
    /// [`Refused::OutsideTree`], and as [`Self::root`].
    pub fn entry(&self, index: u64) -> Result<Vec<u8>, Refused> {
        read_entry(self.store, self.size, index)
    }

    /// Root of the tree.
    ///
    /// # Errors
    /// [`Refused::Missing`], [`Refused::Damaged`], [`Refused::Store`].
    pub fn root(&mut self) -> Result<Hash, Refused> {
        self.range(0, self.size)
    }

    /// The frontier of the tree, to go on appending.
    ///
    /// # Errors
    /// As [`Self::root`].
    pub fn frontier(&mut self) -> Result<Frontier, Refused> {
        let peaks: Result<Vec<Hash>, Refused> =
            subtrees(0, self.size).map(|(height, index)| self.subtree(height, index)).collect();
        Frontier::from_peaks(self.size, peaks?)
    }

    /// The hashes from the sibling of a leaf up to the child of the root.
    ///
    /// # Errors
    /// [`Refused::OutsideTree`], and as [`Self::root`].
    pub fn prove_inclusion(&mut self, index: u64) -> Result<Vec<Hash>, Refused> {
        if index >= self.size {
            return Err(Refused::OutsideTree { index, size: self.size });
        }
        let (mut low, mut high) = (0, self.size);
        let mut beside = Vec::new();
        while high - low > 1 {
            let middle = low + left_part(high - low);
            if index < middle {
                beside.push((middle, high));
                high = middle;
            } else {
                beside.push((low, middle));
                low = middle;
            }
        }
        beside.into_iter().rev().map(|(low, high)| self.range(low, high)).collect()
    }

    /// The proof that this tree continues the tree of its first `earlier` leaves.
    ///
    /// # Errors
    /// [`Refused::NotConsistent`] when the earlier tree is the larger one, and as [`Self::root`].
    pub fn prove_consistency(&mut self, earlier: u64) -> Result<Vec<Hash>, Refused> {
        if earlier > self.size {
            return Err(Refused::NotConsistent { earlier, later: self.size });
        }
        if earlier == 0 || earlier == self.size {
            return Ok(Vec::new());
        }
        let (mut low, mut high) = (0, self.size);
        let mut ranges = Vec::new();
        while high != earlier {
            let middle = low + left_part(high - low);
            if earlier <= middle {
                ranges.push((middle, high));
                high = middle;
            } else {
                ranges.push((low, middle));
                low = middle;
            }
        }
        // What is left is a part of the earlier tree; when it is all of it, the checker has it.
        if low > 0 {
            ranges.push((low, high));
        }
        ranges.into_iter().rev().map(|(low, high)| self.range(low, high)).collect()
    }

    /// Root over the leaves of a range that begins at a multiple of its largest power of two.
    fn range(&mut self, low: u64, high: u64) -> Result<Hash, Refused> {
        let parts: Result<Vec<Hash>, Refused> =
            subtrees(low, high).map(|(height, index)| self.subtree(height, index)).collect();
        let mut parts = parts?.into_iter().rev();
        let Some(last) = parts.next() else { return Ok(EMPTY_ROOT) };
        Ok(parts.fold(last, |right, left| node_hash(&left, &right)))
    }

    /// Hash of the complete subtree over 2^height leaves with this index among its like.
    fn subtree(&mut self, height: u32, index: u64) -> Result<Hash, Refused> {
        let level = height / TILE_HEIGHT;
        let within = height % TILE_HEIGHT;
        let first = index << within;
        let width = u64::from(TILE_WIDTH);
        let outside = Refused::OutsideTree { index, size: self.size };
        let shelf = Shelf::Hashes(u8::try_from(level).unwrap_or(u8::MAX));
        let tile = Tile::in_tree(shelf, first / width, self.size).ok_or(outside)?;
        if !self.read.contains_key(&tile) {
            self.read.insert(tile, fetch_hashes(self.store, tile)?);
        }
        let start = usize::try_from(first % width).unwrap_or(usize::MAX);
        let hashes = self.read.get(&tile).and_then(|h| h.get(start..start + (1 << within)));
        hashes.map(root_of).ok_or_else(|| Refused::Damaged(tile.path()))
    }
}

/// The largest power of two below a number of leaves above 1: where RFC 6962 divides a tree.
const fn left_part(leaves: u64) -> u64 {
    1 << (63 - (leaves - 1).leading_zeros())
}

/// The complete subtrees that make up a range, left to right, as (height, index).
fn subtrees(mut low: u64, high: u64) -> impl Iterator<Item = (u32, u64)> {
    core::iter::from_fn(move || {
        let left = high.checked_sub(low).filter(|left| *left > 0)?;
        let height = left.ilog2().min(low.trailing_zeros());
        let index = low >> height;
        low += 1 << height;
        Some((height, index))
    })
}

/// Checks that a leaf hash is leaf number `index` of the tree with this size and root.
///
/// # Errors
/// [`Refused::OutsideTree`], [`Refused::NotInTree`].
pub fn verify_inclusion(
    leaf: &Hash,
    index: u64,
    size: u64,
    root: &Hash,
    proof: &[Hash],
) -> Result<(), Refused> {
    if index >= size {
        return Err(Refused::OutsideTree { index, size });
    }
    let refused = Refused::NotInTree { index, size };
    let (mut node, mut last) = (index, size - 1);
    let mut hash = *leaf;
    for beside in proof {
        if last == 0 {
            return Err(refused);
        }
        if node & 1 == 1 || node == last {
            hash = node_hash(beside, &hash);
            // A node alone at the right edge moves up until it is a right child.
            while node & 1 == 0 && node != 0 {
                node >>= 1;
                last >>= 1;
            }
        } else {
            hash = node_hash(&hash, beside);
        }
        node >>= 1;
        last >>= 1;
    }
    if last == 0 && hash == *root { Ok(()) } else { Err(refused) }
}

/// Checks that the later tree continues the earlier one. Each is (size, root).
///
/// # Errors
/// [`Refused::NotConsistent`].
pub fn verify_consistency(
    earlier: (u64, &Hash),
    later: (u64, &Hash),
    proof: &[Hash],
) -> Result<(), Refused> {
    let refused = Refused::NotConsistent { earlier: earlier.0, later: later.0 };
    let fits = if earlier.0 > later.0 {
        false
    } else if earlier.0 == later.0 {
        proof.is_empty() && earlier.1 == later.1
    } else if earlier.0 == 0 {
        // Every tree continues the empty one, but only one root is that of the empty tree.
        proof.is_empty() && *earlier.1 == EMPTY_ROOT
    } else {
        roots(earlier, later.0, proof) == Some((*earlier.1, *later.1))
    };
    if fits { Ok(()) } else { Err(refused) }
}

/// The roots of both trees that a consistency proof gives, for 0 < earlier size < later size.
fn roots(earlier: (u64, &Hash), later: u64, proof: &[Hash]) -> Option<(Hash, Hash)> {
    let mut rest = proof.iter();
    let first = if earlier.0.is_power_of_two() { earlier.1 } else { rest.next()? };
    let (mut node, mut last) = (earlier.0 - 1, later - 1);
    while node & 1 == 1 {
        node >>= 1;
        last >>= 1;
    }
    let (mut old, mut new) = (*first, *first);
    for beside in rest {
        if last == 0 {
            return None;
        }
        if node & 1 == 1 || node == last {
            old = node_hash(beside, &old);
            new = node_hash(beside, &new);
            while node & 1 == 0 && node != 0 {
                node >>= 1;
                last >>= 1;
            }
        } else {
            new = node_hash(&new, beside);
        }
        node >>= 1;
        last >>= 1;
    }
    (last == 0).then_some((old, new))
}
