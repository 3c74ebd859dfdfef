//! Signed notes and checkpoints. The fixed texts were made with Python's `cryptography` after the
//! words of the specification, not by this crate.

use journal::checkpoint::{Checkpoint, KeyRing, Signer, TrustedKey};
use journal::note::{Note, SigningKey, VerifyingKey};
use journal::{EMPTY_ROOT, Frontier, Hash, Refused, leaf_hash};
use proptest::prelude::*;

use crate::common::{Log, ORIGIN, key, ring, signer};

/// Of the seed 00 01 02 .. 1f.
const VKEY: &str = "log.example.org/qingshui+29c9c7c2+AQOhB7/zzhC+HXDdGOdLwJln5NYwm6UNXx3chmQSVTG4";
const SKEY: &str =
    "PRIVATE+KEY+log.example.org/qingshui+29c9c7c2+AQABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f";
const EMPTY: &str = "log.example.org/qingshui\n0\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n\n\
    — log.example.org/qingshui KcnHwo00gj/NKwaNwr+LiUwZjchgFS/blnCbhpGb2p32pImD6VzKteBzc7juVYzzNL8i\
    H/0BkBXj6rJP7wBXIrDMHQw=\n";

fn known() -> KeyRing {
    KeyRing::of(ORIGIN, VerifyingKey::parse(VKEY).unwrap())
}

#[test]
fn keys_and_signatures_are_those_of_the_specification() {
    let seed: [u8; 32] = std::array::from_fn(|i| u8::try_from(i).unwrap());
    let key = SigningKey::from_seed(ORIGIN, &seed).unwrap();
    assert_eq!(key.verifying_key().to_string(), VKEY);
    assert_eq!(key.to_secret_text(), SKEY);
    assert_eq!(SigningKey::parse(SKEY).unwrap().verifying_key(), key.verifying_key());
    assert!(!format!("{key:?}").contains("AQAB"));
    let signer = Signer::new(known(), vec![key]);
    assert_eq!(signer.sign_first().unwrap(), EMPTY);
    assert_eq!(known().open(EMPTY).unwrap().root, EMPTY_ROOT);
}

#[test]
fn keys_in_other_forms_are_refused() {
    for bad in [
        "",
        "a",
        "a+b+c",
        &VKEY.replace("29c9", "29C9"),
        &VKEY.replace("29c9", "29c8"),
        &VKEY.replace("AQO", "BAO"),
        &VKEY.replace("qingshui", "a b"),
        &format!("{VKEY} "),
        &VKEY.replace("log.example", "log+example"),
        &VKEY[..VKEY.len() - 4],
        SKEY,
    ] {
        assert!(VerifyingKey::parse(bad).is_err(), "{bad}");
    }
    assert!(SigningKey::parse(VKEY).is_err());
    assert!(SigningKey::parse(&SKEY.replace("29c9", "29c8")).is_err());
    assert!(SigningKey::from_seed("a+b", &[0; 32]).is_err());
    assert!(SigningKey::from_seed("", &[0; 32]).is_err());
}

#[test]
fn notes_in_other_forms_are_refused() {
    assert_eq!(Note::parse(EMPTY).unwrap().to_string(), EMPTY);
    for bad in [
        "",
        "a\n",
        "a\n\n",
        "a\n\n— b\n",
        "a\n\n— b AAAA\n",
        "a\n\n- b AAAAAAA=\n",
        "a\n\n— b AAAAAAA=",
        "a\n\n— b AAAAAAA=\n\n",
        "a\r\n\n— b AAAAAAA=\n",
        "a\n\n— b  AAAAAAA=\n",
        "a\n\n— b+c AAAAAAA=\n",
        "a\n\n— b AAAAAAB=\n",
        "a\n\n— b AAAAAAA\n",
    ] {
        assert!(Note::parse(bad).is_err(), "{bad:?}");
    }
    let blank = Note::parse("a\n\nb\n\n— b AAAAAAA=\n").unwrap();
    assert_eq!(blank.text, "a\n\nb\n");
    let many = |n| format!("a\n\n{}", "— b AAAAAAA=\n".repeat(n));
    assert!(Note::parse(&many(100)).is_ok() && Note::parse(&many(101)).is_err());
    assert!(Note::sign("no line break", &[key(1)]).is_err());
    assert!(Note::sign("a\n", &[]).is_err());
}

#[test]
fn checkpoints_in_other_forms_are_refused() {
    let root = leaf_hash(b"x");
    let good = format!("a b\n1\n{root}\nextension 1\nextension 2\n");
    let parsed = Checkpoint::parse(&good).unwrap();
    assert_eq!((parsed.size, parsed.extensions.len()), (1, 2));
    assert_eq!(parsed.to_string(), good);
    for bad in [
        format!("\n1\n{root}\n"),
        format!("a\n01\n{root}\n"),
        format!("a\n+1\n{root}\n"),
        format!("a\n-1\n{root}\n"),
        format!("a\n\n{root}\n"),
        format!("a\n1\n{root}"),
        "a\n1\n".to_owned(),
        "a\n1\nAAAA\n".to_owned(),
        format!("a\n1\n{root}\n\nb\n"),
        format!("a\n0\n{root}\n"),
        format!("a\n9223372036854775808\n{root}\n"),
    ] {
        assert!(Checkpoint::parse(&bad).is_err(), "{bad:?}");
    }
}

#[test]
fn a_checkpoint_needs_a_known_key_of_its_log() {
    let log = Log::of(10);
    assert_eq!(ring(1).open(&log.checkpoint).unwrap().size, 10);
    assert_eq!(ring(2).open(&log.checkpoint), Err(Refused::NotSigned { size: 10 }));
    let other = KeyRing { origin: "log.example.org/other".to_owned(), ..ring(1) };
    assert!(matches!(other.open(&log.checkpoint), Err(Refused::OtherLog { .. })));
    let more = log.checkpoint.replace("\n10\n", "\n11\n");
    assert_eq!(ring(1).open(&more), Err(Refused::FalseSignature(ORIGIN.to_owned())));
}

#[test]
fn witnesses_are_ignored_and_do_not_count() {
    let log = Log::of(10);
    let mut note = Note::parse(&log.checkpoint).unwrap();
    let witness = SigningKey::from_seed("witness.example.org", &[9; 32]).unwrap();
    let cosigned = Note::sign(&note.text, &[witness]).unwrap();
    note.signatures.insert(0, cosigned.signatures[0].clone());
    assert!(ring(1).open(&note.to_string()).is_ok());
    assert!(matches!(ring(1).open(&cosigned.to_string()), Err(Refused::NotSigned { .. })));
}

#[test]
fn a_replaced_key_holds_for_its_time_only() {
    let span =
        |seed, from, until| TrustedKey { key: key(seed).verifying_key().clone(), from, until };
    let keys = vec![span(1, 0, Some(100)), span(2, 90, None)];
    let ring = KeyRing { origin: ORIGIN.to_owned(), keys };
    assert_eq!(KeyRing::parse(&format!("# keys\n{ring}")), Ok(ring.clone()));
    let by = |seed, size: u64| {
        let mut tree = Frontier::new();
        (0..size).for_each(|n| tree.append(Hash::of(&n.to_be_bytes())));
        let signer = signer(seed);
        signer.sign_next(&signer.sign_first().unwrap(), &tree, &[]).unwrap()
    };
    for (seed, size, good) in [
        (1, 0, true),
        (1, 100, true),
        (1, 101, false),
        (2, 89, false),
        (2, 90, true),
        (2, 9000, true),
    ] {
        assert_eq!(ring.open(&by(seed, size)).is_ok(), good, "{seed} {size}");
    }
    for bad in
        ["", "log", "log\nkey\n", &format!("log\n{VKEY} 5 4\n"), &format!("log\n{VKEY} 1 2 3\n")]
    {
        assert!(KeyRing::parse(bad).is_err(), "{bad}");
    }
}

#[test]
fn the_next_checkpoint_must_continue_the_last() {
    let mut log = Log::of(300);
    let (first, earlier) = (log.checkpoint.clone(), log.frontier.clone());
    log.append(vec![b"more".to_vec()]);
    let proof = log.tree(301).prove_consistency(300).unwrap();
    let sign = |previous: &str, next, proof: &[Hash]| log.signer.sign_next(previous, next, proof);
    assert!(sign(&first, &log.frontier, &proof).is_ok());
    assert_eq!(sign(&first, &earlier, &[]).unwrap(), first);

    let no = Err(Refused::NotConsistent { earlier: 300, later: 301 });
    assert_eq!(sign(&first, &log.frontier, &[]), no);
    let mut other = Log::of(299);
    other.append(vec![b"altered".to_vec(), b"more".to_vec()]);
    assert_eq!(sign(&first, &other.frontier, &proof), no);
    assert!(sign(&log.checkpoint, &earlier, &[]).is_err());
    // A previous one that we did not sign proves nothing.
    let foreign = signer(2).sign_first().unwrap();
    assert!(matches!(sign(&foreign, &log.frontier, &[]), Err(Refused::NotSigned { .. })));
}

#[test]
fn a_key_that_does_not_hold_signs_nothing() {
    let wrong = Signer::new(ring(1), vec![key(2)]);
    assert_eq!(wrong.sign_first(), Err(Refused::NotSigned { size: 0 }));
    let both = Signer::new(ring(1), vec![key(2), key(1)]);
    assert_eq!(Note::parse(&both.sign_first().unwrap()).unwrap().signatures.len(), 2);
}

proptest! {
    #[test]
    fn no_changed_character_of_the_text_passes(
        at in any::<prop::sample::Index>(), to in any::<char>(),
    ) {
        let log = Log::of(3);
        let mut chars: Vec<char> = log.checkpoint.chars().collect();
        let text = log.checkpoint.split_once("\n\n").unwrap().0.chars().count();
        let at = at.index(text);
        prop_assume!(chars[at] != to);
        chars[at] = to;
        prop_assert!(ring(1).open(&chars.into_iter().collect::<String>()).is_err());
    }
}
