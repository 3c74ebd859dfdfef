//! The judgement of others: roots and proofs by `pymerkle`, signatures by Python's `cryptography`,
//! and the verifier script that shares no line with this crate.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use journal::bundle::Bundle;
use journal::checkpoint::KeyRing;
use journal::verify::verify;
use serde_json::{Value, json};

use crate::common::{Log, ORIGIN, key, payload, ring, salt};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// A Python with the two packages. Without one the check is not made, so the test must fail.
fn python() -> PathBuf {
    let told = std::env::var_os("MINGBAI_PYTHON").map(PathBuf::from);
    let python = told.unwrap_or_else(|| root().join("target/tools/python/bin/python"));
    let packages = "import cryptography, pymerkle";
    let found = Command::new(&python).args(["-c", packages]).stderr(Stdio::null()).status();
    assert!(
        found.is_ok_and(|status| status.success()),
        "no Python with pymerkle and cryptography at {}: run `scripts/setup.sh python`, or set \
         MINGBAI_PYTHON to one",
        python.display()
    );
    python
}

fn described(size: u64) -> Value {
    let log = Log::of(size);
    let mut tree = log.tree(size);
    let some = |n: u64| [0, 1, n / 3, n / 2, n.saturating_sub(2), n - 1];
    let inclusion: Vec<Value> = some(size)
        .into_iter()
        .filter(|index| *index < size)
        .map(|index| json!([index, tree.prove_inclusion(index).unwrap()]))
        .collect();
    let mut earlier: Vec<u64> = some(size).to_vec();
    earlier.extend([size, size.next_power_of_two() / 2]);
    earlier.retain(|earlier| (1..=size).contains(earlier));
    let consistency: Vec<Value> = earlier
        .into_iter()
        .map(|earlier| {
            let old = Log::of(earlier).frontier.root();
            json!([earlier, old, tree.prove_consistency(earlier).unwrap()])
        })
        .collect();
    let entries: Vec<&str> = log.entries.iter().map(|e| std::str::from_utf8(e).unwrap()).collect();
    json!({
        "entries": entries, "root": log.frontier.root(), "checkpoint": log.checkpoint,
        "vkey": key(1).verifying_key().to_string(), "inclusion": inclusion,
        "consistency": consistency,
    })
}

#[test]
fn roots_proofs_and_signatures_fit_for_others() {
    let sizes = [1, 2, 3, 4, 5, 7, 8, 9, 31, 32, 33, 100, 255, 256, 257, 511, 512, 513, 1000];
    let logs: Vec<Value> = sizes.into_iter().map(described).collect();
    let oracle = root().join("crates/journal/tests/it/oracle.py");
    let mut child = Command::new(python())
        .arg(oracle)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(json!(logs).to_string().as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success());
    let count: usize = String::from_utf8(output.stdout).unwrap().trim().parse().unwrap();
    assert!(count > 200, "only {count} checks");
}

/// Runs the script; its exit code and its words.
fn script(python: &Path, bundle: &str, checkpoint: &str, keys: &str) -> (Option<i32>, String) {
    let folder = tempfile::tempdir().unwrap();
    let paths = [("b.json", bundle), ("c.txt", checkpoint), ("k.txt", keys)].map(|(name, text)| {
        let path = folder.path().join(name);
        std::fs::write(&path, text).unwrap();
        path
    });
    let program = root().join("verify/mingbai_verify.py");
    let output = Command::new(python).arg("-B").arg(program).args(paths).output().unwrap();
    assert!(output.stderr.is_empty(), "{}", String::from_utf8_lossy(&output.stderr));
    (output.status.code(), String::from_utf8(output.stdout).unwrap())
}

fn bundle(log: &Log, index: u64) -> Bundle {
    Bundle::prove(&mut log.tree(log.frontier.size()), index, &log.checkpoint)
        .unwrap()
        .with_payload(salt(index), payload(index))
        .with_field("name", salt(index + 1_000_000), json!(format!("张{index}")))
}

#[test]
fn the_script_proves_what_we_prove() {
    let python = python();
    for (size, index) in [(1, 0), (2, 1), (5, 4), (300, 17), (300, 299)] {
        let log = Log::of(size);
        let mut good = bundle(&log, index);
        for keys in [ring(1).to_string(), format!("{}\n", key(1).verifying_key())] {
            let (code, words) = script(&python, &good.to_json().unwrap(), &log.checkpoint, &keys);
            assert_eq!(code, Some(0), "{words}");
            assert!(words.starts_with("属实：") && words.contains("\nProved: "), "{words}");
            assert!(words.contains("not shown: amount."), "{words}");
        }
        good.payload = None;
        good.fields.clear();
        let json = good.to_json().unwrap();
        let (code, words) = script(&python, &json, &log.checkpoint, &ring(1).to_string());
        assert!(code == Some(0) && words.contains("payload, amount, name"), "{words}");
    }
}

#[test]
fn the_script_refuses_what_we_refuse() {
    let python = python();
    let log = Log::of(300);
    let good = bundle(&log, 17).to_json().unwrap();
    let first = bundle(&log, 17).proof[0].to_base64();
    let (stranger, other) = (ring(2).to_string(), KeyRing { origin: "o".into(), ..ring(1) });
    let ended = ring(1).to_string().replace(" 0\n", " 0 299\n");
    let (keys, checkpoint) = (ring(1).to_string(), log.checkpoint.clone());
    let altered = |from: &str, to: &str| {
        let bad = good.replacen(from, to, 1);
        assert_ne!(bad, good, "{from}");
        bad
    };
    for (bundle, checkpoint, keys, words) in [
        (altered("31517", "31518"), &checkpoint, &keys, "payload does not match"),
        (altered("31517", "31517.0"), &checkpoint, &keys, "a fraction"),
        (altered("张17", "李17"), &checkpoint, &keys, "field name does not match"),
        (altered("village-clerk", "county-clerk"), &checkpoint, &keys, "not in the tree"),
        (altered("\"index\": 17", "\"index\": 18"), &checkpoint, &keys, "not in the tree"),
        (altered("\"index\": 17", "\"index\": 300"), &checkpoint, &keys, "outside the log"),
        (altered(&first, &log.frontier.root().to_base64()), &checkpoint, &keys, "not in the tree"),
        (altered("{", "["), &checkpoint, &keys, "cannot be read"),
        (altered("mingbai-proof/1", "other/1"), &checkpoint, &keys, "format"),
        (good.clone(), &checkpoint.replace("\n300\n", "\n301\n"), &keys, "signature"),
        (good.clone(), &Log::of(301).checkpoint, &keys, "ask for a proof"),
        (good.clone(), &checkpoint, &stranger, "not signed by a known key"),
        (good.clone(), &checkpoint, &ended, "not signed by a known key"),
        (good.clone(), &checkpoint, &other.to_string(), "another log"),
    ] {
        let (code, said) = script(&python, &bundle, checkpoint, keys);
        assert_eq!(code, Some(1), "{said}");
        assert!(said.starts_with("不能证明：") && said.contains(words), "{words}: {said}");
        if *checkpoint == log.checkpoint {
            let ours = KeyRing::parse(keys)
                .and_then(|ring| Bundle::parse(&bundle).and_then(|b| verify(&b, &ring)));
            assert!(ours.is_err(), "{words}");
        }
    }
    assert!(KeyRing::parse(&keys).is_ok_and(|ring| ring.origin == ORIGIN));
}
