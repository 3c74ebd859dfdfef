//! Proof bundles: what they prove, what erasing leaves, and what each alteration is called.

use journal::bundle::{Bundle, Erasure, TlogProof};
use journal::checkpoint::KeyRing;
use journal::verify::{Reading, verify, verify_against, verify_tlog_proof};
use journal::{Hash, Leaf, Refused, VillageManifest, leaf_hash};
use proptest::prelude::*;
use serde_json::json;

use crate::common::{Log, payload, ring, salt};

fn bundle(log: &Log, index: u64) -> Bundle {
    Bundle::prove(&mut log.tree(log.frontier.size()), index, &log.checkpoint)
        .unwrap()
        .with_payload(salt(index), payload(index))
        .with_field("name", salt(index + 1_000_000), json!(format!("张{index}")))
        .with_field("amount", salt(index + 2_000_000), json!(index))
}

#[test]
fn a_bundle_proves_its_record() {
    let log = Log::of(300);
    let bundle = bundle(&log, 17);
    let read = Bundle::parse(&bundle.to_json().unwrap()).unwrap();
    assert_eq!(read, bundle);
    let verified = verify(&read, &ring(1)).unwrap();
    assert_eq!((verified.index, verified.checkpoint.size), (17, 300));
    assert_eq!(verified.payload, Some(Reading::Shown(payload(17))));
    assert_eq!(verified.fields["name"], Reading::Shown(json!("张17")));
    assert_eq!(verified.leaf.subject, "990101001001-2026-00017");
}

#[test]
fn what_was_erased_reads_as_erased_and_still_proves() {
    let log = Log::of(300);
    let mut bundle = bundle(&log, 5);
    bundle.fields.remove("name");
    let verified = verify(&bundle, &ring(1)).unwrap();
    assert_eq!(verified.fields["name"], Reading::Erased);
    assert_eq!(verified.fields["amount"], Reading::Shown(json!(5)));
    bundle.payload = None;
    bundle.fields.clear();
    let (on, ground) = ("2027-03-01".to_owned(), "retention-over".to_owned());
    bundle.erased = Some(Erasure { on, ground });
    let read = Bundle::parse(&bundle.to_json().unwrap()).unwrap();
    assert_eq!(read, bundle);
    let verified = verify(&read, &ring(1)).unwrap();
    assert_eq!(verified.payload, Some(Reading::Erased));
    assert!(verified.fields.values().all(|reading| *reading == Reading::Erased));
    assert_eq!(verified.leaf.role, "village-clerk");
}

#[test]
fn a_manifest_proves_itself() {
    let mut log = Log::of(3);
    let manifest = VillageManifest::of(log.hashes());
    let leaf = Leaf::manifest("990101001001", "2026-03-28", "system", manifest);
    log.append(vec![leaf.to_bytes().unwrap()]);
    let bundle = Bundle::prove(&mut log.tree(4), 3, &log.checkpoint).unwrap();
    let verified = verify(&bundle, &ring(1)).unwrap();
    assert_eq!((verified.leaf, verified.payload), (leaf, None));
    let more = bundle.with_payload(salt(1), json!({}));
    assert_eq!(verify(&more, &ring(1)), Err(Refused::PayloadMismatch));
}

/// A name, a change, and the code of the refusal.
type Alteration = (&'static str, fn(&mut Bundle), &'static str);

const ALTERATIONS: &[Alteration] = &[
    ("payload", |b| b.payload.as_mut().unwrap().value["amount_fen"] = json!(1), "payload-mismatch"),
    ("payload salt", |b| b.payload.as_mut().unwrap().salt = salt(0), "payload-mismatch"),
    ("a fraction", |b| b.payload.as_mut().unwrap().value = json!(0.5), "payload-mismatch"),
    ("field", |b| b.fields.get_mut("name").unwrap().value = json!("李"), "field-mismatch"),
    (
        "a field more",
        |b| {
            let name = b.fields["name"].clone();
            b.fields.insert("other".to_owned(), name);
        },
        "field-mismatch",
    ),
    (
        "fields swapped",
        |b| {
            let name = b.fields["name"].clone();
            b.fields.insert("amount".to_owned(), name);
        },
        "field-mismatch",
    ),
    ("leaf", |b| b.leaf = b.leaf.replace("village-clerk", "county-clerk"), "not-in-tree"),
    ("index", |b| b.index += 1, "not-in-tree"),
    ("index outside", |b| b.index = 300, "outside-tree"),
    ("proof", |b| b.proof.swap(0, 1), "not-in-tree"),
    ("shorter proof", |b| b.proof.truncate(3), "not-in-tree"),
    ("longer proof", |b| b.proof.push(Hash::of(b"x")), "not-in-tree"),
    ("size", |b| b.checkpoint = b.checkpoint.replace("\n300\n", "\n301\n"), "false-signature"),
    ("origin", |b| b.checkpoint = b.checkpoint.replacen("qing", "bai", 1), "other-log"),
    ("no signature", |b| b.checkpoint = b.checkpoint.replace("— ", "- "), "note"),
];

#[test]
fn every_alteration_has_its_name() {
    let log = Log::of(300);
    for (name, change, code) in ALTERATIONS {
        let mut altered = bundle(&log, 17);
        change(&mut altered);
        let found = verify(&altered, &ring(1)).unwrap_err();
        assert_eq!(found.code(), format!("journal-{code}"), "{name}: {found}");
    }
    let other = KeyRing { keys: ring(2).keys, ..ring(1) };
    assert_eq!(verify(&bundle(&log, 17), &other), Err(Refused::NotSigned { size: 300 }));
}

#[test]
fn files_that_are_no_bundles_are_refused() {
    let json = bundle(&Log::of(3), 1).to_json().unwrap();
    for (from, to) in [
        ("mingbai-proof/1", "mingbai-proof/2"),
        ("\"index\": 1", "\"index\": -1"),
        ("\"index\": 1", "\"index\": 1, \"index\": 2"),
        ("\"index\": 1", "\"index\": 1, \"note\": \"\""),
        ("\"salt\": \"0", "\"salt\": \"g"),
        ("\"salt\"", "\"pepper\""),
    ] {
        let bad = json.replace(from, to);
        assert_ne!(bad, json, "{from}");
        assert!(Bundle::parse(&bad).is_err(), "{to}");
    }
    let log = Log::of(3);
    assert!(Bundle::prove(&mut log.tree(3), 1, &Log::of(4).checkpoint).is_err());
    assert!(Bundle::prove(&mut log.tree(3), 3, &log.checkpoint).is_err());
}

#[test]
fn a_bundle_belongs_to_the_history_that_a_reader_kept() {
    let mut log = Log::of(200);
    let (kept, early) = (log.checkpoint.clone(), bundle(&log, 9));
    log.append(vec![b"x".to_vec(); 100]);
    let late = bundle(&log, 9);
    let proof = log.tree(300).prove_consistency(200).unwrap();
    assert!(verify_against(&late, &ring(1), &kept, &proof).is_ok());
    assert!(verify_against(&early, &ring(1), &log.checkpoint, &proof).is_ok());
    assert!(verify_against(&early, &ring(1), &kept, &[]).is_ok());
    let no = Err(Refused::NotConsistent { earlier: 200, later: 300 });
    assert_eq!(verify_against(&late, &ring(1), &kept, &[]), no);
    // The same office with another history.
    let mut other = Log::of(199);
    other.append(vec![b"altered".to_vec()]);
    assert!(verify_against(&early, &ring(1), &other.checkpoint, &[]).is_err());
}

#[test]
fn a_tlog_proof_reads_back_and_proves() {
    let log = Log::of(300);
    let proof = bundle(&log, 17).tlog_proof();
    let text = proof.to_string();
    assert!(text.starts_with("c2sp.org/tlog-proof@v1\nextra "), "{text}");
    assert!(text.contains("\nindex 17\n") && text.ends_with(&log.checkpoint));
    assert_eq!(TlogProof::parse(&text), Ok(proof.clone()));
    let plain = TlogProof { extra: None, ..proof };
    let text = plain.to_string();
    assert_eq!(TlogProof::parse(&text), Ok(plain.clone()));
    assert_eq!(verify_tlog_proof(&plain, &log.entries[17], &ring(1)).unwrap().size, 300);
    assert!(verify_tlog_proof(&plain, &log.entries[18], &ring(1)).is_err());
    for (from, to) in [
        ("@v1", "@v2"),
        ("index 17", "index 017"),
        ("index 17", "number 17"),
        ("index 17\n", ""),
        ("index 17\n", "index 17\nAAAA\n"),
        ("\n\n", "\n"),
    ] {
        assert!(TlogProof::parse(&text.replacen(from, to, 1)).is_err(), "{to}");
    }
    let alone = Log::of(1);
    let text = bundle(&alone, 0).tlog_proof().to_string();
    assert_eq!(TlogProof::parse(&text).unwrap().proof, []);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    /// Invariant I10.
    #[test]
    fn erasing_breaks_no_proof(
        size in 1_u64..600, erased in prop::collection::vec(any::<(bool, bool, bool)>(), 8),
    ) {
        let log = Log::of(size);
        let root = log.frontier.root();
        for ((payload, name, amount), at) in erased.into_iter().zip(1..) {
            let index = size * at / 9;
            let mut bundle = bundle(&log, index);
            if payload { bundle.payload = None; }
            if name { bundle.fields.remove("name"); }
            if amount { bundle.fields.remove("amount"); }
            let verified = verify(&bundle, &ring(1)).unwrap();
            prop_assert_eq!(verified.payload == Some(Reading::Erased), payload);
            prop_assert_eq!(verified.fields["name"] == Reading::Erased, name);
            prop_assert_eq!(verified.fields["amount"] == Reading::Erased, amount);
            prop_assert_eq!(verified.checkpoint.root, root);
            prop_assert_eq!(leaf_hash(bundle.leaf.as_bytes()), verified.leaf.hash().unwrap());
        }
    }

    #[test]
    fn no_text_makes_reading_fail_badly(text in any::<String>()) {
        let _ = Bundle::parse(&text);
        let _ = TlogProof::parse(&text);
        let _ = TlogProof::parse(&format!("c2sp.org/tlog-proof@v1\n{text}"));
    }
}
