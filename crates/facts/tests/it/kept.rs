//! What a screening keeps is there, whole, or not at all.

use std::fs;

use crate::given::{folder, payments, payments_csv};

fn file(name: &str, text: &str) -> (String, Vec<u8>) {
    (name.to_owned(), text.as_bytes().to_vec())
}

#[test]
fn what_was_kept_comes_back() {
    let given = folder();
    given.import("a.csv", "payments", &payments_csv(&payments(1, 50)));
    assert_eq!(given.folder.kept("one").unwrap(), None);
    given.folder.keep(&[1], &[file("one", "1"), file("two", "")]).unwrap();
    given.folder.keep(&[1], &[file("one", "eins")]).unwrap();
    assert_eq!(given.folder.kept("one").unwrap(), Some(b"eins".to_vec()));
    assert_eq!(given.folder.kept("two").unwrap(), Some(Vec::new()));
}

#[test]
fn what_was_altered_is_as_good_as_none() {
    let given = folder();
    given.folder.keep(&[], &[file("one", "answer"), file("two", "answer")]).unwrap();
    let path = |name: &str| given.data().join("kept").join(name);
    let whole = fs::read(path("one")).unwrap();
    for at in 0..whole.len() {
        let mut bytes = whole.clone();
        bytes[at] ^= 1;
        fs::write(path("one"), &bytes).unwrap();
        assert_eq!(given.folder.kept("one").unwrap(), None, "byte {at}");
        fs::write(path("one"), &whole[..at]).unwrap();
        assert_eq!(given.folder.kept("one").unwrap(), None, "cut at {at}");
    }
    // In the place of another.
    fs::copy(path("two"), path("one")).unwrap();
    assert_eq!(given.folder.kept("one").unwrap(), None);
}

#[test]
fn nothing_is_left_of_a_batch_that_was_taken_back() {
    let given = folder();
    for seed in 1..=2 {
        given.import(&format!("{seed}.csv"), "payments", &payments_csv(&payments(seed, 50)));
    }
    given.folder.keep(&[1, 2], &[file("one", "answer")]).unwrap();
    given.folder.withdraw(1, "wrong month", 5).unwrap();
    assert_eq!(given.folder.kept("one").unwrap(), None);
    // A screening that began before and ends only now.
    given.folder.keep(&[1, 2], &[file("one", "answer")]).unwrap();
    assert_eq!(given.folder.kept("one").unwrap(), None);
    given.folder.keep(&[2], &[file("one", "answer")]).unwrap();
    assert!(given.folder.kept("one").unwrap().is_some());
}
