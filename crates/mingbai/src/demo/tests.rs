use std::collections::BTreeMap;
use std::hash::{DefaultHasher, Hasher};
use std::path::Path;

use domain::ids::{IdNumber, IdQuality};

use super::{DemoOptions, DemoSummary, make, plan};

const SMALL: DemoOptions =
    DemoOptions { people: 3_000, payments: 40_000, seed: 7, villages: 297, townships: 17 };

fn made(options: &DemoOptions) -> (tempfile::TempDir, DemoSummary) {
    let dir = tempfile::tempdir().expect("a folder");
    let summary = make(dir.path(), options).expect("a county");
    (dir, summary)
}

fn digests(dir: &Path) -> BTreeMap<String, u64> {
    let mut digests = BTreeMap::new();
    for entry in std::fs::read_dir(dir.join("files")).expect("files") {
        let entry = entry.expect("a file");
        let mut hasher = DefaultHasher::new();
        hasher.write(&std::fs::read(entry.path()).expect("bytes"));
        digests.insert(entry.file_name().to_string_lossy().into_owned(), hasher.finish());
    }
    digests
}

#[test]
fn the_same_seed_makes_the_same_bytes() {
    let ((one, summary), (two, again)) = (made(&SMALL), made(&SMALL));
    assert_eq!(digests(one.path()), digests(two.path()));
    assert_eq!(summary, again);
    let (other, _) = made(&DemoOptions { seed: 8, ..SMALL });
    assert_ne!(digests(one.path()), digests(other.path()));
    let off = summary.payments.abs_diff(SMALL.payments as u64);
    assert!(off < 2_000, "{} payments", summary.payments);
}

#[test]
fn every_model_has_cases_and_look_alikes_in_a_small_county() {
    let world = plan(&SMALL);
    let models = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../models");
    for entry in std::fs::read_dir(models).expect("models") {
        let entry = entry.expect("a model");
        let name = entry.file_name().to_string_lossy().into_owned();
        if !entry.path().is_dir() || !entry.path().join("model.sql").exists() {
            continue;
        }
        let (planted, alike) = world.counts.get(&name).copied().unwrap_or_default();
        assert!(planted >= 3 && alike >= 3, "{name}: {planted} cases, {alike} look-alikes");
        let truths = world.truth.iter().filter(|(model, _)| *model == name).count();
        assert!(truths >= 3, "{name}: {truths} in the truth file");
    }
}

#[test]
fn wrong_numbers_are_the_planted_ones_only() {
    let world = plan(&SMALL);
    for (number, person) in (0..).zip(&world.people.persons) {
        let id = person.id();
        assert!(id.starts_with("990426"));
        if IdNumber::read(&id).quality != IdQuality::Ok {
            let planted = ("invalid-id-paid", world.people.id(number));
            assert!(world.truth.contains(&planted), "{id}");
        }
    }
}

#[test]
fn files_come_in_every_format_and_encoding() {
    let (dir, _) = made(&SMALL);
    let mut heads = Vec::new();
    for name in digests(dir.path()).keys() {
        let bytes = std::fs::read(dir.path().join("files").join(name)).expect("bytes");
        heads.push((name.clone(), bytes));
    }
    let any = |test: &dyn Fn(&str, &[u8]) -> bool| heads.iter().any(|(n, b)| test(n, b));
    assert!(any(&|n, b| n.ends_with(".xlsx") && b.starts_with(b"PK")));
    assert!(any(&|n, b| n.ends_with(".csv") && b.starts_with(b"\xef\xbb\xbf")));
    assert!(any(&|n, b| n.ends_with(".tsv") && b.starts_with(b"\xff\xfe")));
    assert!(any(&|n, b| n.ends_with(".csv") && std::str::from_utf8(b).is_err()));
}
