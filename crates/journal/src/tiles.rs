//! C2SP `tlog-tiles`: the tree as files of 256 hashes, and the entries as bundles of 256.
//!
//! A tile never changes once it is full, so any file server, disk or mail attachment can hold the
//! log. Deliberately absent: writing. [`append`] returns paths and bytes; the caller stores them
//! (temporary file, sync, rename) and publishes the checkpoint last, so that being killed at any
//! point leaves a log that is whole up to the last checkpoint.

use alloc::borrow::ToOwned;
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::fmt;

use crate::error::Refused;
use crate::leaf::LARGEST_ENTRY;
use crate::tree::{Frontier, Hash, LARGEST, leaf_hash, root_of};

/// Hashes in a full tile, entries in a full bundle.
pub const TILE_WIDTH: u16 = 256;
/// Tree levels that one level of tiles spans.
pub(crate) const TILE_HEIGHT: u32 = 8;
/// Levels of tiles in the largest tree.
const LEVELS: u32 = 8;

/// Where tiles are read: a folder, a table, a server.
pub trait TileStore {
    /// Bytes of a path such as `tile/0/x001/234.p/7`; `None` when it is not there.
    ///
    /// # Errors
    /// [`Refused::Store`] when reading itself failed.
    fn read(&self, path: &str) -> Result<Option<Vec<u8>>, Refused>;
}

impl<T: TileStore + ?Sized> TileStore for &T {
    fn read(&self, path: &str) -> Result<Option<Vec<u8>>, Refused> {
        (**self).read(path)
    }
}

/// A map of paths, for tests and small logs.
impl TileStore for alloc::collections::BTreeMap<String, Vec<u8>> {
    fn read(&self, path: &str) -> Result<Option<Vec<u8>>, Refused> {
        Ok(self.get(path).cloned())
    }
}

/// What a tile holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Shelf {
    /// Hashes of a level: 0 are leaf hashes, each level above has a 256th of them.
    Hashes(u8),
    /// Entries.
    Entries,
}

/// A tile or an entry bundle, full or partial.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Tile {
    /// Hashes or entries.
    pub shelf: Shelf,
    /// Number of the tile within its shelf, from 0.
    pub index: u64,
    /// Hashes or entries in it, 1 to 256.
    pub width: u16,
}

/// The path, `tile/<level or entries>/<N>[.p/<width>]`.
impl fmt::Display for Tile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.shelf {
            Shelf::Hashes(level) => write!(f, "tile/{level}")?,
            Shelf::Entries => f.write_str("tile/entries")?,
        }
        let digits = self.index.to_string();
        let digits = format!("{digits:0>width$}", width = digits.len().div_ceil(3) * 3);
        let groups = digits.len() / 3;
        for at in 0..groups {
            let cross = if at + 1 < groups { "x" } else { "" };
            write!(f, "/{cross}{}", digits.get(at * 3..at * 3 + 3).unwrap_or_default())?;
        }
        if self.width < TILE_WIDTH { write!(f, ".p/{}", self.width) } else { Ok(()) }
    }
}

impl Tile {
    /// The path, `tile/<level or entries>/<N>[.p/<width>]`.
    #[must_use]
    pub fn path(&self) -> String {
        self.to_string()
    }

    /// Reads a path, as a server of tiles must.
    ///
    /// # Errors
    /// [`Refused::Path`] for every spelling but the one of [`Self::path`].
    pub fn parse(path: &str) -> Result<Self, Refused> {
        Self::parts(path)
            .filter(|tile| tile.path() == path)
            .ok_or_else(|| Refused::Path(path.to_owned()))
    }

    fn parts(path: &str) -> Option<Self> {
        let (shelf, rest) = path.strip_prefix("tile/")?.split_once('/')?;
        let shelf = match shelf {
            "entries" => Shelf::Entries,
            level => Shelf::Hashes(level.parse().ok().filter(|level| *level < 64)?),
        };
        let (number, width) = match rest.split_once(".p/") {
            Some((number, width)) => (number, width.parse().ok()?),
            None => (rest, TILE_WIDTH),
        };
        let digits: String = number.chars().filter(char::is_ascii_digit).collect();
        let index = digits.parse().ok()?;
        (1..=TILE_WIDTH).contains(&width).then_some(Self { shelf, index, width })
    }

    /// The tile with this index of this shelf in a tree of this size; `None` when it is empty.
    #[must_use]
    pub fn in_tree(shelf: Shelf, index: u64, size: u64) -> Option<Self> {
        let before = index.checked_mul(u64::from(TILE_WIDTH))?;
        let left = count(shelf, size).checked_sub(before)?.min(u64::from(TILE_WIDTH));
        let width = u16::try_from(left).ok()?;
        (width > 0).then_some(Self { shelf, index, width })
    }

    /// All tiles and bundles of a tree, level by level: what a second copy must fetch.
    pub fn all(size: u64) -> impl Iterator<Item = Self> {
        shelves().flat_map(move |shelf| {
            let tiles = count(shelf, size).div_ceil(u64::from(TILE_WIDTH));
            (0..tiles).filter_map(move |index| Self::in_tree(shelf, index, size))
        })
    }

    const fn full(self) -> Self {
        Self { width: TILE_WIDTH, ..self }
    }
}

fn shelves() -> impl Iterator<Item = Shelf> {
    let levels = (0..LEVELS).filter_map(|level| u8::try_from(level).ok()).map(Shelf::Hashes);
    core::iter::once(Shelf::Entries).chain(levels)
}

/// Hashes or entries on a shelf in a tree of a size.
fn count(shelf: Shelf, size: u64) -> u64 {
    match shelf {
        Shelf::Hashes(level) => size.checked_shr(TILE_HEIGHT * u32::from(level)).unwrap_or(0),
        Shelf::Entries => size,
    }
}

/// Bytes of a tile. Where only the full tile is left of a partial one, its beginning: a log may
/// delete partial tiles once they are full.
///
/// # Errors
/// [`Refused::Missing`], [`Refused::Store`].
pub(crate) fn fetch(store: &dyn TileStore, tile: Tile) -> Result<Vec<u8>, Refused> {
    if let Some(bytes) = store.read(&tile.path())? {
        return Ok(bytes);
    }
    let full = if tile.width < TILE_WIDTH { store.read(&tile.full().path())? } else { None };
    let full = full.ok_or_else(|| Refused::Missing(tile.path()))?;
    let kept = match tile.shelf {
        Shelf::Hashes(_) => Some(usize::from(tile.width) * 32),
        Shelf::Entries => entries(&full).and_then(|entries| {
            let kept = entries.iter().take(usize::from(tile.width));
            (entries.len() >= usize::from(tile.width)).then(|| kept.map(|e| e.len() + 2).sum())
        }),
    };
    let kept = kept.and_then(|length| full.get(..length)).map(<[u8]>::to_vec);
    kept.ok_or_else(|| Refused::Damaged(tile.full().path()))
}

/// Hashes of a tile.
///
/// # Errors
/// [`Refused::Missing`], [`Refused::Store`], [`Refused::Damaged`] when there are not as many as
/// the path says.
pub(crate) fn fetch_hashes(store: &dyn TileStore, tile: Tile) -> Result<Vec<Hash>, Refused> {
    let bytes = fetch(store, tile)?;
    hashes(&bytes)
        .filter(|hashes| hashes.len() == usize::from(tile.width))
        .ok_or_else(|| Refused::Damaged(tile.path()))
}

fn hashes(bytes: &[u8]) -> Option<Vec<Hash>> {
    let (hashes, rest) = bytes.as_chunks::<32>();
    rest.is_empty().then(|| hashes.iter().copied().map(Hash::new).collect())
}

/// Entries of a bundle's bytes: each behind its length as a big-endian 16-bit number. `None` when
/// the bytes end within one.
#[must_use]
pub fn entries(mut bundle: &[u8]) -> Option<Vec<&[u8]>> {
    let mut found = Vec::new();
    while let Some((length, rest)) = bundle.split_first_chunk::<2>() {
        let (entry, rest) = rest.split_at_checked(usize::from(u16::from_be_bytes(*length)))?;
        found.push(entry);
        bundle = rest;
    }
    bundle.is_empty().then_some(found)
}

/// One entry of a log.
///
/// # Errors
/// [`Refused::OutsideTree`], [`Refused::Missing`], [`Refused::Damaged`], [`Refused::Store`].
pub fn read_entry(store: &dyn TileStore, size: u64, index: u64) -> Result<Vec<u8>, Refused> {
    let outside = Refused::OutsideTree { index, size };
    if index >= size {
        return Err(outside);
    }
    let width = u64::from(TILE_WIDTH);
    let tile = Tile::in_tree(Shelf::Entries, index / width, size).ok_or(outside)?;
    let bytes = fetch(store, tile)?;
    let at = usize::try_from(index % width).unwrap_or(usize::MAX);
    let entry = entries(&bytes).and_then(|entries| entries.get(at).map(|e| e.to_vec()));
    entry.ok_or_else(|| Refused::Damaged(tile.path()))
}

/// A file to write: path and bytes.
pub type Write = (String, Vec<u8>);

/// Appends entries to the tree of a frontier. Returns the new frontier and the files to write:
/// full tiles and bundles that were completed, partial ones that changed. Reads only the tiles at
/// the right edge, and refuses to continue a tree that they do not give.
///
/// # Errors
/// [`Refused::EntryTooLong`]; [`Refused::Missing`], [`Refused::Damaged`] or [`Refused::OtherRoot`]
/// for a store that does not fit the frontier; [`Refused::Store`].
pub fn append<E: AsRef<[u8]>>(
    store: &dyn TileStore,
    frontier: &Frontier,
    new: &[E],
) -> Result<(Frontier, Vec<Write>), Refused> {
    let mut edge = Edge::load(store, frontier)?;
    let mut frontier = frontier.clone();
    let mut writes = Vec::new();
    for entry in new.iter().map(AsRef::as_ref) {
        if frontier.size() >= LARGEST {
            return Err(Refused::Proof("a tree that can grow"));
        }
        let hash = leaf_hash(entry);
        edge.push_entry(entry, &mut writes)?;
        edge.push_hash(hash, &mut writes);
        frontier.append(hash);
    }
    edge.finish(&mut writes);
    Ok((frontier, writes))
}

/// The partial tiles of a tree.
#[derive(Debug, Default)]
pub(crate) struct Edge {
    levels: Vec<Level>,
    bundle: Vec<u8>,
    bundled: Level,
}

/// The partial tile of a level.
#[derive(Debug, Default)]
struct Level {
    index: u64,
    hashes: Vec<Hash>,
    width: u16,
    changed: bool,
}

impl Edge {
    fn load(store: &dyn TileStore, frontier: &Frontier) -> Result<Self, Refused> {
        let size = frontier.size();
        let mut edge = Self::default();
        for level in (0..LEVELS).filter_map(|level| u8::try_from(level).ok()) {
            let mut found = Level::at(Shelf::Hashes(level), size);
            let tile = Tile::in_tree(Shelf::Hashes(level), found.index, size);
            if let Some(tile) = tile {
                found.hashes = fetch_hashes(store, tile)?;
            }
            edge.levels.push(found);
        }
        edge.bundled = Level::at(Shelf::Entries, size);
        if let Some(tile) = Tile::in_tree(Shelf::Entries, edge.bundled.index, size) {
            edge.bundle = fetch(store, tile)?;
            let first = edge.levels.first().map_or(&[][..], |level| &level.hashes);
            let same = entries(&edge.bundle)
                .is_some_and(|found| found.iter().map(|e| leaf_hash(e)).eq(first.iter().copied()));
            if !same {
                return Err(Refused::Damaged(tile.path()));
            }
        }
        if edge.peaks() == frontier.peaks() {
            Ok(edge)
        } else {
            Err(Refused::OtherRoot(frontier.root()))
        }
    }

    /// Roots of the complete subtrees at the edge, the largest first.
    fn peaks(&self) -> Vec<Hash> {
        let mut peaks = Vec::new();
        for level in self.levels.iter().rev() {
            let mut rest = level.hashes.as_slice();
            for height in (0..TILE_HEIGHT).rev() {
                if let Some((head, tail)) = rest.split_at_checked(1 << height) {
                    peaks.push(root_of(head));
                    rest = tail;
                }
            }
        }
        peaks
    }

    /// Adds a leaf hash, and the roots of the tiles that it fills to the levels above.
    pub(crate) fn push_hash(&mut self, hash: Hash, writes: &mut Vec<Write>) {
        let mut next = Some(hash);
        for shelf in (0..).map(Shelf::Hashes) {
            let Some(hash) = next.take() else { break };
            let Shelf::Hashes(number) = shelf else { break };
            if self.levels.len() <= usize::from(number) {
                self.levels.push(Level::default());
            }
            let Some(level) = self.levels.get_mut(usize::from(number)) else { break };
            level.hashes.push(hash);
            level.width += 1;
            level.changed = true;
            if level.width == TILE_WIDTH {
                next = Some(root_of(&level.hashes));
                writes.push((level.tile(shelf).path(), concatenated(&level.hashes)));
                level.hashes.clear();
                level.turn();
            }
        }
    }

    fn push_entry(&mut self, entry: &[u8], writes: &mut Vec<Write>) -> Result<(), Refused> {
        let length = u16::try_from(entry.len()).ok();
        let length = length.filter(|length| usize::from(*length) <= LARGEST_ENTRY);
        let length = length.ok_or(Refused::EntryTooLong(entry.len()))?;
        self.bundle.extend(length.to_be_bytes());
        self.bundle.extend(entry);
        self.bundled.width += 1;
        self.bundled.changed = true;
        if self.bundled.width == TILE_WIDTH {
            let path = self.bundled.tile(Shelf::Entries).path();
            writes.push((path, core::mem::take(&mut self.bundle)));
            self.bundled.turn();
        }
        Ok(())
    }

    /// The partial tiles that changed.
    pub(crate) fn finish(self, writes: &mut Vec<Write>) {
        if self.bundled.is_partial() {
            writes.push((self.bundled.tile(Shelf::Entries).path(), self.bundle));
        }
        for (shelf, level) in (0..).map(Shelf::Hashes).zip(&self.levels) {
            if level.is_partial() {
                writes.push((level.tile(shelf).path(), concatenated(&level.hashes)));
            }
        }
    }
}

impl Level {
    fn at(shelf: Shelf, size: u64) -> Self {
        let count = count(shelf, size);
        let width = u64::from(TILE_WIDTH);
        let partial = u16::try_from(count % width).unwrap_or_default();
        Self { index: count / width, hashes: Vec::new(), width: partial, changed: false }
    }

    const fn is_partial(&self) -> bool {
        self.changed && self.width > 0
    }

    const fn tile(&self, shelf: Shelf) -> Tile {
        Tile { shelf, index: self.index, width: self.width }
    }

    const fn turn(&mut self) {
        self.index += 1;
        self.width = 0;
        self.changed = false;
    }
}

fn concatenated(hashes: &[Hash]) -> Vec<u8> {
    hashes.iter().flat_map(|hash| *hash.as_bytes()).collect()
}
