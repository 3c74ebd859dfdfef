//! Checking a whole log from its files: every entry is hashed again, every tile and the root are
//! built again and compared. One pass, memory of the right edge only.

use alloc::string::String;
use alloc::vec::Vec;

use crate::checkpoint::Checkpoint;
use crate::error::Refused;
use crate::tiles::{Edge, Shelf, TILE_WIDTH, Tile, TileStore, Write, entries, fetch};
use crate::tree::{Frontier, Hash, leaf_hash};

/// Differences that are kept; the rest are counted.
const KEPT: usize = 20;

/// What an audit found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Audit {
    /// Entries that were hashed.
    pub entries: u64,
    /// Tiles of hashes that were compared.
    pub tiles: u64,
    /// The first differences, in the order of the log.
    pub differences: Vec<Difference>,
    /// How many differences there are in all.
    pub count: u64,
}

/// Where a log's files are not what its checkpoint says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Difference {
    /// A file is not there.
    Missing(String),
    /// A bundle of entries cannot be divided into as many entries as its path says.
    Bundle(String),
    /// An entry does not have the hash that stands in the tile of its leaf: the entry's number
    /// and the tile's path. Either was altered; that the root fits or not tells which.
    Entry(u64, String),
    /// A tile above the leaves is not what the tiles below give.
    Tile(String),
    /// The entries give another root than the checkpoint: the root they give.
    Root(Hash),
}

impl Audit {
    /// Whether everything fits.
    #[must_use]
    pub const fn is_clean(&self) -> bool {
        self.count == 0
    }

    fn note(&mut self, difference: Difference) {
        self.count += 1;
        if self.differences.len() < KEPT {
            self.differences.push(difference);
        }
    }
}

/// Checks all files of a log up to a checkpoint, which the caller has opened with its
/// [`crate::checkpoint::KeyRing`]. Every entry is also shown to `each` with its number, for checks
/// of content such as [`crate::LiveRecords`].
///
/// # Errors
/// [`Refused::Store`] when reading itself failed. Everything else is a [`Difference`].
pub fn audit(
    store: &dyn TileStore,
    checkpoint: &Checkpoint,
    each: &mut dyn FnMut(u64, &[u8]),
) -> Result<Audit, Refused> {
    let mut audit = Audit::default();
    let (mut frontier, mut edge) = (Frontier::new(), Edge::default());
    let width = u64::from(TILE_WIDTH);
    for index in 0..checkpoint.size.div_ceil(width) {
        let Some(bundle) = Tile::in_tree(Shelf::Entries, index, checkpoint.size) else { break };
        let Some(bytes) = present(store, bundle, &mut audit)? else { return Ok(audit) };
        let found = entries(&bytes).filter(|found| found.len() == usize::from(bundle.width));
        let Some(found) = found else {
            // Without this bundle nothing behind it can be placed.
            audit.note(Difference::Bundle(bundle.path()));
            return Ok(audit);
        };
        let mut tiles = Vec::new();
        let mut hashes = Vec::with_capacity(found.len());
        for (number, entry) in (index * width..).zip(&found) {
            each(number, entry);
            let hash = leaf_hash(entry);
            hashes.push(hash);
            frontier.append(hash);
            edge.push_hash(hash, &mut tiles);
        }
        audit.entries += u64::from(bundle.width);
        let leaves = Tile { shelf: Shelf::Hashes(0), ..bundle };
        compare_leaves(store, leaves, &hashes, &mut audit)?;
        compare_tiles(store, &tiles, &mut audit)?;
    }
    let mut tiles = Vec::new();
    edge.finish(&mut tiles);
    compare_tiles(store, &tiles, &mut audit)?;
    let root = frontier.root();
    if root != checkpoint.root {
        audit.note(Difference::Root(root));
    }
    Ok(audit)
}

fn present(
    store: &dyn TileStore,
    tile: Tile,
    audit: &mut Audit,
) -> Result<Option<Vec<u8>>, Refused> {
    match fetch(store, tile) {
        Ok(bytes) => Ok(Some(bytes)),
        Err(Refused::Store(words)) => Err(Refused::Store(words)),
        Err(_) => {
            audit.note(Difference::Missing(tile.path()));
            Ok(None)
        }
    }
}

fn compare_leaves(
    store: &dyn TileStore,
    tile: Tile,
    hashes: &[Hash],
    audit: &mut Audit,
) -> Result<(), Refused> {
    let Some(bytes) = present(store, tile, audit)? else { return Ok(()) };
    audit.tiles += 1;
    if bytes.len() != hashes.len() * 32 {
        audit.note(Difference::Tile(tile.path()));
        return Ok(());
    }
    let first = tile.index * u64::from(TILE_WIDTH);
    for ((number, hash), stored) in (first..).zip(hashes).zip(bytes.as_chunks::<32>().0) {
        if hash.as_bytes() != stored {
            audit.note(Difference::Entry(number, tile.path()));
        }
    }
    Ok(())
}

/// Compares the tiles above the leaves; those of the leaves were compared hash by hash.
fn compare_tiles(store: &dyn TileStore, tiles: &[Write], audit: &mut Audit) -> Result<(), Refused> {
    for (path, expected) in tiles {
        let tile = Tile::parse(path)?;
        if tile.shelf == Shelf::Hashes(0) {
            continue;
        }
        let Some(bytes) = present(store, tile, audit)? else { continue };
        audit.tiles += 1;
        if bytes != *expected {
            audit.note(Difference::Tile(tile.path()));
        }
    }
    Ok(())
}
