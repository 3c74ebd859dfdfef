//! Registers that older programs made: brought up to the present, on both engines, they hold what they
//! held, and their acts and logs still prove it.
//!
//! A file `released/NNNN.json` holds all rows of a small register as the migrations up to that number
//! knew them, with something in every table. It is made once, when a version is shipped:
//! `MINGBAI_FREEZE=NNNN cargo test -p registry released` writes it, and `shipped.txt` pins the text of the
//! migrations up to it. Neither is changed afterwards.

mod fill;
mod rows;

use std::collections::BTreeMap;
use std::path::PathBuf;

use journal::note::SigningKey;
use registry::actions::people::{self, NewPerson};
use registry::log::Log;
use registry::migrate::{MIGRATIONS, migrate_to};
use registry::queries::lists;
use registry::{Db, Registry, audit};

use crate::postgres::Postgres;
use crate::support::{at, block_on, by};
use rows::{Cell, Tables};

/// Number of the migrations whose rows are to be written to a file.
const FREEZE: &str = "MINGBAI_FREEZE";
/// Number, digest for SQLite, digest for PostgreSQL of every shipped migration.
const SHIPPED: &str = include_str!("shipped.txt");
/// The registers that were kept.
const KEPT: [(i64, &str); 1] = [(4, include_str!("0004.json"))];

#[test]
fn a_shipped_migration_is_never_edited() {
    let lines: Vec<Vec<&str>> = SHIPPED.lines().map(|line| line.split(' ').collect()).collect();
    for (line, migration) in lines.iter().zip(MIGRATIONS) {
        let [sqlite, postgres] = migration.digests();
        let now = [migration.number.to_string(), sqlite, postgres];
        assert_eq!(*line, now.each_ref(), "{} was shipped: write a new migration", migration.name);
    }
    let newest = KEPT.last().expect("a kept register").0;
    assert_eq!(i64::try_from(lines.len()).expect("few"), newest, "pinned up to the kept register");
}

/// The file of a number is made of the acts of today; that it can be made, and read back, is tested
/// with the newest schema.
#[test]
fn a_register_can_be_frozen_with_a_row_in_every_table() {
    let newest = MIGRATIONS.last().expect("migrations").number;
    let number = std::env::var(FREEZE).ok().map(|n| n.parse().expect("a number"));
    block_on(async {
        let dir = tempfile::tempdir().expect("folder");
        let path = dir.path().join("register.db").display().to_string();
        let db = at_version(&path, number.unwrap_or(newest)).await;
        let registry = Registry { db };
        fill::fill(registry, dir.path(), number.unwrap_or(newest)).await;
        let tables = rows::read(&path, number.unwrap_or(newest)).await;
        every_table_has_rows(&tables, number.unwrap_or(newest));
        let text = rows::to_text(&tables);
        assert_eq!(rows::from_text(&text), tables);
        if let Some(number) = number {
            let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/it/released");
            std::fs::write(root.join(format!("{number:04}.json")), text).expect("written");
        }
    });
}

#[test]
fn a_register_of_every_shipped_version_comes_up_to_the_present() {
    block_on(async {
        let server = Postgres::start();
        for (number, text) in KEPT {
            let kept = rows::from_text(text);
            every_table_has_rows(&kept, number);
            let dir = tempfile::tempdir().expect("folder");
            let sqlite = dir.path().join("register.db").display().to_string();
            let postgres = server.database(&format!("kept_{number}"));
            for address in [sqlite, postgres] {
                thawed(&address, number, &kept).await;
                let registry = Registry::open(&address).await.expect("it migrates");
                nothing_is_lost(&registry, &address, &kept).await;
                goes_on(&registry, &kept).await;
                registry.db.close().await;
            }
        }
    });
}

async fn at_version(address: &str, number: i64) -> Db {
    let db = Db::open(address).await.expect("it opens");
    migrate_to(&db, number).await.expect("it migrates");
    db
}

fn every_table_has_rows(tables: &Tables, number: i64) {
    let named: Vec<&str> = tables.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(named, rows::tables(number));
    for (name, rows) in tables {
        assert!(!rows.is_empty(), "{name} has no row: add an act that writes one to fill.rs");
    }
}

/// An older register with these rows, which its own audit finds clean.
async fn thawed(address: &str, number: i64, kept: &Tables) {
    let db = at_version(address, number).await;
    db.close().await;
    rows::write(address, kept).await;
}

/// Every row is there with what it held, and every act still stands behind it.
async fn nothing_is_lost(registry: &Registry, address: &str, kept: &Tables) {
    let newest = MIGRATIONS.last().expect("migrations").number;
    let now: BTreeMap<_, _> = rows::read(address, newest).await.into_iter().collect();
    for (table, rows) in kept {
        // A log that came since then has its row.
        let old =
            |new: &&rows::Row| table != "logs" || rows.iter().any(|r| r["name"] == new["name"]);
        let found: Vec<&rows::Row> = now[table].iter().filter(old).collect();
        assert_eq!(found.len(), rows.len(), "{table}");
        for (old, new) in rows.iter().zip(found) {
            for (column, value) in old {
                assert_eq!(new.get(column), Some(value), "{table}.{column}");
            }
            let added = new.iter().filter(|(column, _)| !old.contains_key(*column));
            for (column, value) in added {
                assert_eq!(*value, Cell::Null, "{table}.{column} of an old row is empty");
            }
        }
    }
    assert_eq!(audit(&registry.db, &[]).await.expect("an audit"), []);
}

/// The log takes up all old entries and the next act.
async fn goes_on(registry: &Registry, kept: &Tables) {
    let entries = &kept.iter().find(|(name, _)| name == "entries").expect("entries").1;
    let internal = |row: &&rows::Row| row["log"] == Cell::Text("internal".to_owned());
    let before = entries.iter().filter(internal).count();
    let now = at("2026-06-01");
    let mut tx = registry.begin(by("SYS"), now, "").await.expect("begun");
    let new = NewPerson { name: "辛".to_owned(), ..NewPerson::default() };
    let (_, entry) = people::add(&mut tx, &new).await.expect("added");
    let leaf = tx.commit(entry).await.expect("committed").internal;
    assert_eq!(usize::try_from(leaf).expect("few"), before, "the next number");
    let dir = tempfile::tempdir().expect("folder");
    let secret = SigningKey::from_seed("log.test", &[5; 32]).expect("a key").to_secret_text();
    let mut signed = Vec::new();
    for name in [registry::tx::INTERNAL, registry::tx::PUBLIC] {
        let log = Log::at(dir.path(), name);
        log.begin(&format!("log.test/{name}"), &secret).expect("a log");
        log.keep(&registry.db, &secret, now).await.expect("kept");
        let (checkpoint, found) = log.audit(&mut |_, _| {}).expect("read");
        assert!(found.is_clean());
        signed.push((name, checkpoint));
    }
    let sizes = lists::sizes(&registry.db).await.expect("sizes");
    for (name, checkpoint) in &signed {
        let size = sizes.iter().find(|(log, _)| log == name).expect("a log").1;
        assert_eq!(i64::try_from(checkpoint.size).expect("few"), size, "{name}");
    }
    assert_eq!(audit(&registry.db, &signed).await.expect("an audit"), []);
}
