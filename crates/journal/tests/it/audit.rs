//! Audits find every altered file, and manifests show what was left out.

use journal::audit::{Audit, Difference, audit};
use journal::checkpoint::Checkpoint;
use journal::tiles::Tile;
use journal::{Leaf, LiveRecords, VillageManifest, leaf_hash};

use crate::common::{Log, leaf, ring};

fn run(log: &Log) -> Audit {
    let checkpoint = ring(1).open(&log.checkpoint).unwrap();
    audit(&log.files, &checkpoint, &mut |_, _| ()).unwrap()
}

#[test]
fn a_good_log_is_clean() {
    for size in [0, 1, 255, 256, 257, 512, 66_000] {
        let log = Log::of(size);
        let found = run(&log);
        assert!(found.is_clean(), "{size}: {:?}", found.differences);
        assert_eq!(found.entries, size);
        let bundles = size.div_ceil(256);
        assert_eq!(found.tiles, u64::try_from(Tile::all(size).count()).unwrap() - bundles);
    }
}

#[test]
fn many_batches_leave_the_same_log_as_one() {
    let mut log = Log::new();
    for part in 0..40 {
        log.append((part * 30..part * 30 + 30).map(|n| leaf(n).to_bytes().unwrap()).collect());
    }
    let at_once = Log::of(1200);
    assert_eq!(log.checkpoint, at_once.checkpoint);
    assert!(run(&log).is_clean());
    for (path, bytes) in &at_once.files {
        assert_eq!(log.files.get(path), Some(bytes), "{path}");
    }
}

#[test]
fn every_altered_file_is_named() {
    let log = Log::of(66_000);
    for (path, expect) in [
        ("tile/0/005", Difference::Entry(5 * 256 + 1, "tile/0/005".to_owned())),
        ("tile/0/257.p/208", Difference::Entry(257 * 256 + 1, "tile/0/257.p/208".to_owned())),
        ("tile/1/000", Difference::Tile("tile/1/000".to_owned())),
        ("tile/1/001.p/1", Difference::Tile("tile/1/001.p/1".to_owned())),
        ("tile/2/000.p/1", Difference::Tile("tile/2/000.p/1".to_owned())),
    ] {
        let mut altered = Log { files: log.files.clone(), ..Log::of(0) };
        altered.checkpoint.clone_from(&log.checkpoint);
        let bytes = altered.files.get_mut(path).unwrap();
        let at = 40.min(bytes.len() - 1);
        bytes[at] ^= 1;
        assert_eq!(run(&altered).differences, [expect]);
        altered.files.remove(path);
        assert_eq!(run(&altered).differences, [Difference::Missing(path.to_owned())]);
    }
}

#[test]
fn an_altered_entry_is_named_and_changes_the_root() {
    let mut log = Log::of(700);
    let bundle = log.files.get_mut("tile/entries/001").unwrap();
    let first = usize::from(u16::from_be_bytes([bundle[0], bundle[1]])) + 2;
    bundle[first + 10] ^= 1;
    let found = run(&log);
    assert_eq!(found.differences[0], Difference::Entry(257, "tile/0/001".to_owned()));
    assert_eq!(found.differences[1], Difference::Tile("tile/1/000.p/2".to_owned()));
    assert!(matches!(found.differences[2], Difference::Root(_)));
    assert_eq!(found.count, 3);

    log.files.get_mut("tile/entries/001").unwrap().pop();
    assert_eq!(run(&log).differences, [Difference::Bundle("tile/entries/001".to_owned())]);
}

#[test]
fn many_differences_are_counted_and_the_first_kept() {
    let mut log = Log::of(200);
    log.files.insert("tile/0/000.p/200".to_owned(), vec![0; 200 * 32]);
    let found = run(&log);
    assert_eq!((found.count, found.differences.len()), (200, 20));
}

#[test]
fn a_checkpoint_of_another_tree_does_not_fit() {
    let log = Log::of(200);
    let checkpoint = Checkpoint { root: leaf_hash(b"x"), ..ring(1).open(&log.checkpoint).unwrap() };
    let found = audit(&log.files, &checkpoint, &mut |_, _| ()).unwrap();
    assert_eq!(found.differences, [Difference::Root(log.frontier.root())]);
}

#[test]
fn manifests_tell_what_the_log_held() {
    let village = "990101001001";
    let mut live = LiveRecords::default();
    let mut told = |leaf: &Leaf| live.observe(leaf, leaf.hash().unwrap());
    for n in 0..5 {
        assert_eq!(told(&leaf(n)), None);
    }
    // A new version takes the place of the old one.
    let second = leaf(2).about(|record| record.version = Some(2));
    assert_eq!(told(&second), None);
    let digests = [leaf(4), leaf(0), second, leaf(3), leaf(1)].map(|l| l.hash().unwrap());
    let manifest = VillageManifest::of(digests);
    assert_eq!(manifest.count, 5);
    let day = "2026-03-28";
    assert_eq!(told(&Leaf::manifest(village, day, "system", manifest)), Some(true));
    let one_less = VillageManifest::of(digests[1..].to_vec());
    assert_eq!(told(&Leaf::manifest(village, day, "system", one_less)), Some(false));
    assert_eq!(told(&Leaf::manifest("990101001002", day, "system", manifest)), Some(false));
    let none = VillageManifest::of([]);
    assert_eq!(told(&Leaf::manifest("990101001002", day, "system", none)), Some(true));
}
