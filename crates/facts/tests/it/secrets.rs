//! Nothing in the data folder names anybody, and what is sealed stays sealed.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use facts::Folder;

use crate::given::{card, code, files, folder, id_number, name, payments, payments_csv};

#[test]
fn no_file_holds_a_number_or_a_name() {
    let given = folder();
    let paid = payments(1, 500);
    let mut text = payments_csv(&paid);
    // Rows with something wrong get into the problems file, masked.
    text +=
        &format!("{},{},柳溪镇,青石村,慰问金,2024-01-05,{},1\n", name(1), id_number(1), card(1));
    text +=
        &format!("{},{}9,柳溪镇,青石村,慰问金,{},1.00,1\n", name(1), id_number(1), id_number(2));
    given.import("a.csv", "payments", &text);
    given.folder.person(&id_number(1)).unwrap();
    let mut secrets: Vec<String> = (0..97).flat_map(|n| [id_number(n), card(n), name(n)]).collect();
    secrets.sort();
    secrets.dedup();
    assert!(files(&given.data()).len() >= 5);
    for path in files(&given.data()) {
        let bytes = fs::read(&path).unwrap();
        for secret in &secrets {
            let found = bytes.windows(secret.len()).any(|w| w == secret.as_bytes());
            assert!(!found, "{secret} in {}", path.display());
        }
    }
}

#[test]
fn keys_are_private_apart_and_the_right_ones() {
    let given = folder();
    let open = || Folder::open(&given.data(), None);
    let mode = |path: &std::path::Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&given.keys()), 0o700);
    for path in files(&given.keys()) {
        assert_eq!(mode(&path), 0o600, "{}", path.display());
    }
    let key = given.keys().join("person.key");
    fs::set_permissions(&key, fs::Permissions::from_mode(0o640)).unwrap();
    assert_eq!(code(&open().unwrap_err()), "keys-not-private");
    fs::set_permissions(&key, fs::Permissions::from_mode(0o600)).unwrap();
    assert!(open().is_ok());
    let right = fs::read(&key).unwrap();
    fs::write(&key, [1; 16]).unwrap();
    assert_eq!(code(&open().unwrap_err()), "keys-wrong");
    fs::write(&key, [1; 15]).unwrap();
    assert_eq!(code(&open().unwrap_err()), "keys-wrong");
    fs::write(&key, right).unwrap();
    fs::rename(given.keys(), given.path("elsewhere")).unwrap();
    assert_eq!(code(&open().unwrap_err()), "keys-missing");
    assert!(Folder::open(&given.data(), Some(&given.path("elsewhere"))).is_ok());
}

#[test]
fn folders_are_not_made_twice_and_not_taken_for_others() {
    let given = folder();
    let again = Folder::init(&given.data(), None, "x").unwrap_err();
    assert_eq!(code(&again), "folder-exists");
    let keys = Folder::init(&given.path("other"), Some(&given.keys()), "x").unwrap_err();
    assert_eq!(code(&keys), "keys-exist");
    assert_eq!(code(&Folder::open(&given.path("none"), None).unwrap_err()), "not-a-data-folder");
}

#[test]
fn an_altered_vault_does_not_open() {
    let given = folder();
    given.import("a.csv", "payments", &payments_csv(&payments(1, 500)));
    let path = given.data().join("batches/000001-payments/vault.bin");
    let whole = fs::read(&path).unwrap();
    let keys: Vec<u64> = (0..97).map(|n| given.folder.key_of_id(&id_number(n))).collect();
    let look = || given.folder.vault().and_then(|vault| vault.identities(&keys));
    assert_eq!(look().unwrap().len(), 97);
    // A bit of each block, of the nonce, and of the batch number.
    let mut places: Vec<usize> = (200..whole.len()).step_by(whole.len() / 20).collect();
    places.extend([8, 20]);
    let mut noticed = 0;
    for at in &places {
        let mut altered = whole.clone();
        altered[*at] ^= 1;
        fs::write(&path, altered).unwrap();
        noticed += usize::from(look().is_err());
    }
    // Blocks of accounts and name keys are not opened by this look.
    assert!(noticed >= places.len() / 3 && noticed >= 5, "{noticed} of {}", places.len());
    fs::write(&path, &whole).unwrap();
    assert_eq!(look().unwrap().len(), 97);
    fs::write(&path, &whole[..whole.len() / 2]).unwrap();
    assert!(look().is_err());
}
