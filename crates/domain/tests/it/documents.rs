//! Documents made from data are those in the repository. `make docs` writes them anew.

use std::path::{Path, PathBuf};

use domain::facts::{COMMON, Kind, TABLES, Visibility};
use domain::terms::{Terms, glossary};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

#[test]
fn documents_are_current() {
    let terms = std::fs::read_to_string(root().join("catalogues/terms.toml")).expect("terms");
    let terms = Terms::parse("terms.toml", &terms).expect("terms");
    let documents =
        [("GLOSSARY.md", glossary(&terms)), ("docs/FACTS.md", domain::facts::document())];
    for (path, made) in documents {
        let path = root().join(path);
        if std::env::var_os("UPDATE_DOCS").is_some() {
            std::fs::write(&path, &made).expect("written");
        }
        let found = std::fs::read_to_string(&path).unwrap_or_default();
        assert!(found == made, "{} is out of date: run `make docs`", path.display());
    }
}

/// Invariant I4 for facts: what identifies a person is classified so, whatever table it stands in.
#[test]
fn everything_that_identifies_is_classified_as_identity() {
    for table in TABLES {
        for column in table.columns.iter().chain(COMMON) {
            let identifies =
                matches!(column.kind, Kind::Person | Kind::Name | Kind::Account | Kind::Household);
            let classified = column.visibility == Visibility::Identity;
            assert_eq!(identifies, classified, "{}.{}", table.name, column.name);
        }
    }
}
