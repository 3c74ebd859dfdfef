//! Paths, bundles and appending at the right edge.

use std::cell::RefCell;
use std::collections::BTreeMap;

use journal::proof::Tree;
use journal::tiles::{Shelf, Tile, TileStore, append, entries, read_entry};
use journal::{Frontier, Refused};
use proptest::prelude::*;

use crate::common::Log;

#[test]
fn paths_are_those_of_the_specification() {
    let hashes = |level, index, width| Tile { shelf: Shelf::Hashes(level), index, width };
    let bundle = |index, width| Tile { shelf: Shelf::Entries, index, width };
    for (tile, path) in [
        (hashes(0, 0, 256), "tile/0/000"),
        (hashes(0, 273, 112), "tile/0/273.p/112"),
        (hashes(1, 1, 17), "tile/1/001.p/17"),
        (hashes(3, 999, 256), "tile/3/999"),
        (hashes(3, 1000, 1), "tile/3/x001/000.p/1"),
        (bundle(1_234_067, 256), "tile/entries/x001/x234/067"),
        (bundle(5, 255), "tile/entries/005.p/255"),
        (hashes(0, u64::MAX / 256, 256), "tile/0/x072/x057/x594/x037/x927/935"),
    ] {
        assert_eq!(tile.path(), path);
        assert_eq!(Tile::parse(path), Ok(tile));
    }
    for bad in [
        "",
        "tile/0",
        "tile/0/",
        "tile/0/0",
        "tile/0/0000",
        "tile/00/000",
        "tile/+1/000",
        "tile/64/000",
        "tile/0/x000/000",
        "tile/0/001/000",
        "tile/0/x001/x000",
        "tile/0/000.p/0",
        "tile/0/000.p/256",
        "tile/0/000.p/07",
        "tile/0/000.p/",
        "tile/data/000",
        "/tile/0/000",
        "tile/0/../000",
        "tile/entries/000/",
        "tile/8/0/000",
    ] {
        assert!(Tile::parse(bad).is_err(), "{bad}");
    }
}

#[test]
fn a_tree_of_70_000_has_the_tiles_that_the_specification_counts() {
    let tiles: Vec<Tile> = Tile::all(70_000).collect();
    let of =
        |shelf, full| tiles.iter().filter(|t| t.shelf == shelf && (t.width == 256) == full).count();
    for (level, full, partial) in [(0, 273, 112), (1, 1, 17), (2, 0, 1)] {
        let shelf = Shelf::Hashes(level);
        assert_eq!(of(shelf, true), full);
        let last = tiles.iter().rfind(|t| t.shelf == shelf).unwrap();
        assert_eq!((of(shelf, false), last.width), (1, partial));
    }
    assert_eq!((of(Shelf::Entries, true), of(Shelf::Entries, false)), (273, 1));
    assert_eq!(tiles.len(), 274 * 2 + 2 + 1);
    assert_eq!(Tile::all(0).count(), 0);
    let paths: Vec<String> = Tile::all(256).map(|t| t.path()).collect();
    assert_eq!(paths, ["tile/entries/000", "tile/0/000", "tile/1/000.p/1"]);
}

#[test]
fn an_append_writes_the_tiles_of_its_tree_and_no_others() {
    let mut log = Log::new();
    for count in [1, 3, 251, 1, 1, 600] {
        let before = log.frontier.clone();
        let new: Vec<Vec<u8>> = (0..count).map(|n: u32| n.to_be_bytes().to_vec()).collect();
        let (after, writes) = append(&log.files, &before, &new).unwrap();
        let had: Vec<String> = Tile::all(before.size()).map(|t| t.path()).collect();
        let mut wanted: Vec<String> =
            Tile::all(after.size()).map(|t| t.path()).filter(|p| !had.contains(p)).collect();
        let mut written: Vec<String> = writes.iter().map(|(path, _)| path.clone()).collect();
        wanted.sort();
        written.sort();
        assert_eq!(written, wanted);
        log.append(new);
    }
    for (index, entry) in (0..).zip(&log.entries) {
        assert_eq!(read_entry(&log.files, log.frontier.size(), index).unwrap(), *entry);
    }
}

/// Remembers what was read.
struct Watched<'a>(&'a BTreeMap<String, Vec<u8>>, RefCell<Vec<String>>);

impl TileStore for Watched<'_> {
    fn read(&self, path: &str) -> Result<Option<Vec<u8>>, Refused> {
        self.1.borrow_mut().push(path.to_owned());
        self.0.read(path)
    }
}

#[test]
fn an_append_reads_the_right_edge_only() {
    let log = Log::of(66_000);
    let watched = Watched(&log.files, RefCell::default());
    append(&watched, &log.frontier, &[b"one more"]).unwrap();
    let read = watched.1.into_inner();
    // 66,000 = 256 * 256 + 256 + 208.
    let edge = ["tile/0/257.p/208", "tile/1/001.p/1", "tile/2/000.p/1", "tile/entries/257.p/208"];
    assert_eq!(read, edge);
}

#[test]
fn a_damaged_edge_is_not_continued() {
    let log = Log::of(700);
    for path in ["tile/0/002.p/188", "tile/1/000.p/2", "tile/entries/002.p/188"] {
        let mut missing = log.files.clone();
        missing.remove(path);
        let found = append(&missing, &log.frontier, &[b"x"]).unwrap_err();
        assert_eq!(found, Refused::Missing(path.to_owned()));
        for at in [0, 40] {
            let mut damaged = log.files.clone();
            damaged.get_mut(path).unwrap()[at] ^= 1;
            assert!(append(&damaged, &log.frontier, &[b"x"]).is_err(), "{path} {at}");
        }
    }
    let other = Log::of(699);
    assert!(append(&other.files, &log.frontier, &[b"x"]).is_err());
}

#[test]
fn a_partial_tile_may_be_gone_once_it_is_full() {
    let mut log = Log::of(200);
    let early = log.frontier.clone();
    log.append((0..300_u32).map(|n| n.to_be_bytes().to_vec()).collect());
    log.files.retain(|path, _| !path.contains(".p/200"));
    let mut tree = log.tree(200);
    assert_eq!(tree.root().unwrap(), early.root());
    assert_eq!(tree.entry(199).unwrap(), log.entries[199]);
    assert_eq!(Tree::new(&log.files, 200).unwrap().frontier().unwrap(), early);
    assert!(append(&log.files, &early, &[b"again"]).is_ok());
}

#[test]
fn entries_have_the_length_of_the_specification() {
    let store = BTreeMap::new();
    let largest = vec![7; 65_535];
    let (after, writes) = append(&store, &Frontier::new(), &[&largest[..], b""]).unwrap();
    assert_eq!(after.size(), 2);
    let bundle = &writes.iter().find(|(p, _)| p == "tile/entries/000.p/2").unwrap().1;
    assert_eq!(bundle[..3], [255, 255, 7]);
    assert_eq!(entries(bundle).unwrap(), [&largest[..], b""]);
    let found = append(&store, &Frontier::new(), &[vec![0; 65_536]]).unwrap_err();
    assert_eq!(found, Refused::EntryTooLong(65_536));
    for bad in [&[0][..], &[0, 1], &[0, 1, 5, 0]] {
        assert_eq!(entries(bad), None);
    }
}

proptest! {
    #[test]
    fn no_bytes_make_reading_fail_badly(
        path in "tile/[0-9entris]{1,8}/[x0-9/.p]{0,20}",
        bytes in prop::collection::vec(any::<u8>(), 0..200),
    ) {
        let _ = Tile::parse(&path);
        let _ = entries(&bytes);
        let files = BTreeMap::from([("tile/0/000.p/3".to_owned(), bytes)]);
        let read = Tree::new(&files, 3).unwrap().root().is_ok();
        prop_assert_eq!(read, files.values().all(|b| b.len() == 96));
    }
}
