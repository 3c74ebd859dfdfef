//! The suite on both engines, with equal snapshots.

use registry::{Now, Registry};

use crate::postgres::Postgres;
use crate::suite;
use crate::support::{at, block_on};

#[test]
fn both_engines_keep_the_same_register() {
    block_on(async {
        let dir = tempfile::tempdir().unwrap();
        let sqlite = dir.path().join("register.db");
        let on_sqlite = suite::run(&sqlite.display().to_string(), dir.path()).await;
        let server = Postgres::start();
        let other = tempfile::tempdir().unwrap();
        let on_postgres = suite::run(&server.database("suite"), other.path()).await;
        assert_eq!(on_sqlite, on_postgres);
    });
}

#[test]
fn a_crash_in_mid_transaction_leaves_nothing_half_written() {
    block_on(async {
        let server = Postgres::start();
        // At once, as after a crash: open transactions are lost.
        let crash = || server.control("restart", &["-m", "immediate"]);
        suite::crash(&server.database("crash"), crash).await;
    });
}

/// Several workers share one row for each lasting duty.
#[test]
fn a_lasting_duty_is_done_by_one_worker_at_a_time() {
    block_on(async {
        let (dir, server) = (tempfile::tempdir().unwrap(), Postgres::start());
        let sqlite = dir.path().join("register.db").display().to_string();
        for address in [sqlite, server.database("duties")] {
            let registry = Registry::open(&address).await.unwrap();
            let other = Registry::open(&address).await.unwrap();
            let now = at("2026-02-02");
            for (place, registry) in (0..).zip([&registry, &other]) {
                registry.schedule("Second", now.ms - 1).await.unwrap();
                registry.schedule("First", now.ms - 2 - place).await.unwrap();
            }
            let first = registry.claim("a", now).await.unwrap().unwrap();
            let second = other.claim("b", now).await.unwrap().unwrap();
            assert_eq!((first.name.as_str(), second.name.as_str()), ("First", "Second"));
            assert_eq!(other.claim("b", now).await.unwrap(), None);
            registry.again(&first, now.ms + 10).await.unwrap();
            assert_eq!(other.claim("b", now).await.unwrap(), None, "not due yet");
            let later = Now { ms: now.ms + 10, ..now };
            assert_eq!(other.claim("b", later).await.unwrap().unwrap().id, first.id);
            // Whoever claimed and died gives it back after a while.
            let much_later = Now { ms: now.ms + 600_000, ..now };
            assert!(registry.claim("a", much_later).await.unwrap().is_some());
        }
    });
}
