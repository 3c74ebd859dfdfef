//! `models/models.lock` pins id, version and digest of every model: a changed question cannot keep
//! its version, so that a finding of years ago can be told apart. `make docs` writes the file anew.

use std::collections::BTreeMap;

use crate::support::{models, root};

type Pins = BTreeMap<String, (u32, String)>;

fn pinned(lock: &str) -> Pins {
    let pin = |line: &str| {
        let mut words = line.split_whitespace();
        let id = words.next()?.to_owned();
        Some((id, (words.next()?.parse().ok()?, words.next()?.to_owned())))
    };
    lock.lines().filter_map(pin).collect()
}

/// Models whose text changed while their version did not.
fn kept_version(before: &Pins, now: &Pins) -> Vec<String> {
    let changed = |id: &&String| {
        before.get(*id).zip(now.get(*id)).is_some_and(|((v, d), (w, e))| d != e && w <= v)
    };
    now.keys().filter(changed).cloned().collect()
}

#[test]
fn a_changed_model_has_a_new_version() {
    let path = root().join("models/models.lock");
    let found = std::fs::read_to_string(&path).unwrap_or_default();
    let now: Pins =
        models().into_iter().map(|m| (m.header.id, (m.header.version, m.digest))).collect();
    let raise = kept_version(&pinned(&found), &now);
    assert!(raise.is_empty(), "raise the version in the header of {raise:?}");
    let line =
        |(id, (version, digest)): (&String, &(u32, String))| format!("{id} {version} {digest}\n");
    let made: String = now.iter().map(line).collect();
    if std::env::var_os("UPDATE_DOCS").is_some() {
        std::fs::write(&path, &made).unwrap();
        return;
    }
    assert!(found == made, "models.lock is out of date: run `make docs`");
}

#[test]
fn the_lock_notices_a_kept_version() {
    let before = pinned("a 1 00\nb 1 11\n");
    assert_eq!(kept_version(&before, &pinned("a 1 ff\nb 2 ff\nc 1 22\n")), ["a"]);
}
