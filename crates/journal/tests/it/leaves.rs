//! One spelling, nothing personal, and salts.

use journal::{Hash, Leaf, Refused, Salt, VillageManifest, When, canonical_json, commit};
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::common::{leaf, salt};

#[test]
fn the_canonical_text_is_that_of_an_independent_writer() {
    let value = json!({"金额": 1_250_000, "a": ["x", null, true], "b": "引\"号\n"});
    let text = canonical_json(&value).unwrap();
    assert_eq!(text, "{\"a\":[\"x\",null,true],\"b\":\"引\\\"号\\n\",\"金额\":1250000}");
    let salt = Salt::from_hex("000102030405060708090a0b0c0d0e0f").unwrap();
    // Made with Python's json and hashlib.
    let expected = "fea7d138eb36076d11992a53073bd458ed2bc9bb543be4fd8a7e331be31056d2";
    assert_eq!(commit(&salt, text.as_bytes()).to_hex(), expected);
}

#[test]
fn what_has_no_single_spelling_is_refused() {
    let mut deep = json!(1);
    for _ in 0..70 {
        deep = json!([deep]);
    }
    for value in [json!(1.5), json!(1e300), json!({"a": [0.1]}), json!(1_u64 << 53), deep] {
        assert!(matches!(canonical_json(&value), Err(Refused::Json(_))), "{value}");
    }
    let ends = json!([(1_i64 << 53) - 1, -((1_i64 << 53) - 1)]);
    assert_eq!(canonical_json(&ends).unwrap(), "[9007199254740991,-9007199254740991]");
}

#[test]
fn a_leaf_has_one_form() {
    let leaf = leaf(3).about(|record| {
        record.version = Some(2);
        record.supersedes = Some(0);
        record.period = Some("2026Q1".to_owned());
        record.document = Some(Hash::of(b"document"));
    });
    let bytes = leaf.to_bytes().unwrap();
    assert_eq!(Leaf::parse(&bytes), Ok(leaf));
    let text = String::from_utf8(bytes).unwrap();
    assert!(
        text.starts_with("{\"commit\":\"") && text.contains("\"version\":2,\"village\":"),
        "{text}"
    );
    assert!(!text.contains("张3"));
    for (from, to) in [
        (",\"day\"", ", \"day\""),
        ("\"v\":1", "\"v\":2"),
        ("\"v\":1", "\"v\":1.0"),
        ("\"version\":2", "\"version\":2,\"x\":1"),
        ("\"version\":2", "\"version\":2,\"version\":2"),
        ("\"version\":2", "\"version\":0"),
        ("\"supersedes\":0", "\"supersedes\":-1"),
        ("2026-03-04", "2026-02-30"),
        ("\"day\":\"2026-03-04\"", "\"at\":-1"),
        ("\"day\":\"2026-03-04\",", ""),
        ("\"role\":\"village-clerk\"", "\"role\":\"Village Clerk\""),
        ("\"role\":\"village-clerk\",", ""),
        ("\"commit\":\"", "\"commit\":\"0"),
        ("notice-published", "\\u006eotice-published"),
    ] {
        let bad = text.replace(from, to);
        assert_ne!(bad, text, "{from}");
        assert!(Leaf::parse(bad.as_bytes()).is_err(), "{bad}");
    }
    for bad in ["", "[]", "null", "{}", "{\"v\":1}"] {
        assert!(Leaf::parse(bad.as_bytes()).is_err(), "{bad}");
    }
    let longer = text + "\n";
    assert!(Leaf::parse(longer.as_bytes()).is_err());
}

#[test]
fn both_logs_and_manifests_have_leaves() {
    let payload = json!({});
    let made =
        Leaf::record("unmask", "R-17", When::At(1_780_000_000_123), "x", (&salt(1), &payload));
    let bytes = made.clone().unwrap().to_bytes().unwrap();
    assert!(String::from_utf8(bytes.clone()).unwrap().contains("\"at\":1780000000123,"));
    assert_eq!(Leaf::parse(&bytes), made);

    let manifest = VillageManifest::of([Hash::of(b"a"), Hash::of(b"b")]);
    let leaf = Leaf::manifest("990101001001", "2026-03-01", "system", manifest);
    assert_eq!(Leaf::parse(&leaf.to_bytes().unwrap()), Ok(leaf.clone()));
    assert!(leaf.clone().field("a", &salt(1), &json!(1)).is_err());
    assert!(leaf.village("990101001002").to_bytes().is_err());
}

#[test]
fn what_looks_like_an_id_number_or_a_card_does_not_enter() {
    let make = |subject: &str| {
        let day = When::Day("2026-03-01".to_owned());
        Leaf::record("a", subject, day, "b", (&salt(1), &json!(1))).unwrap().to_bytes()
    };
    assert!(make("990101001001-2026-00017-4").is_ok());
    for bad in ["990101199001010031", "621700000000000", "6217 0000 0000 0000 012", "a\nb", ""] {
        assert!(matches!(make(bad), Err(Refused::Leaf("subject"))), "{bad}");
    }
}

#[test]
fn a_salt_does_not_show_itself_and_has_one_length() {
    assert_eq!(format!("{:?}", salt(1)), "Salt(..)");
    assert_eq!(Salt::from_hex(&salt(5).to_hex()), Ok(salt(5)));
    for bad in ["", "00", "000102030405060708090a0b0c0d0e0F", "000102030405060708090a0b0c0d0e0f0"] {
        assert!(Salt::from_hex(bad).is_err(), "{bad}");
    }
}

#[test]
fn too_many_fields_make_too_long_an_entry() {
    let made =
        (0..900).try_fold(leaf(1), |leaf, n| leaf.field(&format!("f{n}"), &salt(n), &json!(n)));
    assert!(matches!(made.unwrap().to_bytes(), Err(Refused::EntryTooLong(_))));
    assert!(leaf(1).field("name", &salt(1), &json!(1)).is_err());
}

fn any_value() -> impl Strategy<Value = Value> {
    let plain = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        (-(1_i64 << 53) + 1..1_i64 << 53).prop_map(Value::from),
        any::<String>().prop_map(Value::from),
    ];
    plain.prop_recursive(4, 32, 6, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
            prop::collection::btree_map(any::<String>(), inner, 0..6)
                .prop_map(|map| Value::Object(map.into_iter().collect())),
        ]
    })
}

proptest! {
    #[test]
    fn canonical_text_reads_back_and_stays(value in any_value()) {
        let text = canonical_json(&value).unwrap();
        let back: Value = serde_json::from_str(&text).unwrap();
        prop_assert_eq!(&back, &value);
        prop_assert_eq!(canonical_json(&back).unwrap(), text);
    }

    #[test]
    fn a_changed_byte_is_another_leaf_or_none(
        n in 0_u64..1000, at in any::<usize>(), to in any::<u8>(),
    ) {
        let leaf = leaf(n);
        let mut bytes = leaf.to_bytes().unwrap();
        let at = at % bytes.len();
        prop_assume!(bytes[at] != to);
        bytes[at] = to;
        prop_assert!(Leaf::parse(&bytes) != Ok(leaf));
    }
}
