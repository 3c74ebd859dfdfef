//! Speed of a log on disk: appends leaves, writes and signs, then checks every file again.
//!
//! usage: cargo run --release -p journal --example bench_log -- LEAVES FOLDER [BATCH]
//!
//! An example may touch clock and files; the crate may not.
#![allow(clippy::disallowed_methods, reason = "a program of its own, outside the product")]

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};
use std::{env, fs, io};

use journal::audit::audit;
use journal::checkpoint::{KeyRing, Signer};
use journal::note::SigningKey;
use journal::proof::{Tree, verify_inclusion};
use journal::tiles::{TileStore, append};
use journal::{Frontier, Leaf, Refused, Salt, When, leaf_hash};
use serde_json::json;

type Failure = Box<dyn std::error::Error>;

struct Folder(PathBuf);

impl TileStore for Folder {
    fn read(&self, path: &str) -> Result<Option<Vec<u8>>, Refused> {
        match fs::read(self.0.join(path)) {
            Ok(bytes) => Ok(Some(bytes)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(Refused::Store(error.to_string())),
        }
    }
}

fn main() -> Result<(), Failure> {
    let mut arguments = env::args().skip(1);
    let usage = "usage: bench_log LEAVES FOLDER [BATCH]";
    let leaves: u64 = arguments.next().ok_or(usage)?.parse()?;
    let folder = PathBuf::from(arguments.next().ok_or(usage)?);
    let batch: u64 = arguments.next().map_or(Ok(1000), |n| n.parse())?;
    let key = SigningKey::from_seed("log.example.org/bench", &[1; 32])?;
    let ring = KeyRing::of("log.example.org/bench", key.verifying_key().clone());
    let signer = Signer::new(ring.clone(), vec![key]);

    let started = Instant::now();
    let all: Result<Vec<Vec<u8>>, Refused> = (0..leaves).map(leaf).collect();
    let all = all?;
    report("leaves made", leaves, started.elapsed())?;

    let started = Instant::now();
    let checkpoint = write(&folder, &all, batch, &signer)?;
    report("leaves appended, written and signed", leaves, started.elapsed())?;

    let store = Folder(folder);
    let checkpoint = ring.open(&checkpoint)?;
    let started = Instant::now();
    let found = audit(&store, &checkpoint, &mut |_, _| ())?;
    report("leaves audited", found.entries, started.elapsed())?;
    if !found.is_clean() {
        return Err(format!("{:?}", found.differences).into());
    }

    let started = Instant::now();
    let proofs = leaves.min(2000);
    for at in 0..proofs {
        let index = at * (leaves / proofs);
        let mut tree = Tree::new(&store, leaves)?;
        let hash = leaf_hash(&tree.entry(index)?);
        let proof = tree.prove_inclusion(index)?;
        verify_inclusion(&hash, index, leaves, &checkpoint.root, &proof)?;
    }
    report("inclusion proofs made from cold tiles and checked", proofs, started.elapsed())
}

fn leaf(n: u64) -> Result<Vec<u8>, Refused> {
    let mut salt = [0; 16];
    salt.iter_mut().zip(n.to_be_bytes()).for_each(|(to, from)| *to = from);
    let payload = json!({"title": "低保金公示", "amount_fen": n});
    let subject = format!("990101001001-2026-{n:07}");
    let day = When::Day("2026-03-01".to_owned());
    Leaf::record("notice-published", &subject, day, "village-clerk", (&Salt::new(salt), &payload))?
        .village("990101001001")
        .to_bytes()
}

/// Appends batch by batch, each with a checkpoint of its own; returns the last one.
fn write(folder: &Path, all: &[Vec<u8>], batch: u64, signer: &Signer) -> Result<String, Failure> {
    let store = Folder(folder.to_owned());
    let mut checkpoint = signer.sign_first()?;
    let mut frontier = Frontier::new();
    for new in all.chunks(usize::try_from(batch)?) {
        let (next, writes) = append(&store, &frontier, new)?;
        for (path, bytes) in writes {
            let path = folder.join(path);
            fs::create_dir_all(path.parent().ok_or("a path without folder")?)?;
            fs::write(path, bytes)?;
        }
        let proof = Tree::new(&store, next.size())?.prove_consistency(frontier.size())?;
        checkpoint = signer.sign_next(&checkpoint, &next, &proof)?;
        fs::write(folder.join("checkpoint"), &checkpoint)?;
        frontier = next;
    }
    Ok(checkpoint)
}

fn report(what: &str, count: u64, took: Duration) -> Result<(), Failure> {
    let rate = u128::from(count) * 1000 / took.as_millis().max(1);
    writeln!(io::stdout(), "{count:>9} {what}: {} ms, {rate} a second", took.as_millis())?;
    Ok(())
}
