//! What the data folder gives away, and what a look at a person leaves behind.

use crate::support::{PEOPLE, files_below, small_county};

#[test]
fn no_number_card_or_name_stands_in_any_file_of_the_data_folder() {
    let county = small_county();
    county.run("screen", &[]);
    for (path, bytes) in files_below(&county.data()) {
        for person in &PEOPLE {
            for secret in [person.id, person.card, person.name] {
                let found = bytes.windows(secret.len()).any(|w| w == secret.as_bytes());
                assert!(!found, "an identity stands in {}", path.display());
            }
        }
    }
}

#[test]
#[cfg(unix)]
fn keys_are_private_and_apart() {
    use std::os::unix::fs::PermissionsExt;
    let county = small_county();
    let keys = county.root.path().join("data-keys");
    let files = files_below(&keys);
    assert_eq!(files.len(), 2);
    for (path, _) in files {
        let mode = std::fs::metadata(&path).expect("key").permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "{}", path.display());
    }
}

#[test]
fn a_look_at_a_person_needs_a_purpose_and_leaves_an_entry() {
    let county = small_county();
    let refused = county.run("person", &["--id", PEOPLE[0].id]);
    assert_eq!(refused.code, 2, "{}", refused.err);
    assert!(refused.err.contains("--purpose"), "{}", refused.err);
    let shown = county.run("person", &["--id", PEOPLE[0].id, "--purpose", "check of a complaint"]);
    assert_eq!(shown.code, 0, "{}", shown.err);
    assert!(shown.out.contains(PEOPLE[0].name) && shown.out.contains("420.00"), "{}", shown.out);
    let log = std::fs::read_to_string(county.data().join("access.log")).expect("log");
    assert_eq!(log.lines().count(), 1, "{log}");
    assert!(log.contains("check of a complaint") && !log.contains(PEOPLE[0].id), "{log}");
    let nobody = county.run("person", &["--id", "990001197001010014", "--purpose", "check"]);
    assert_eq!(nobody.code, 2, "{}", nobody.err);
}
