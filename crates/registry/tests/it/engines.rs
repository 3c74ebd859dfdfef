//! The suite on both engines, with equal snapshots.

use crate::postgres::Postgres;
use crate::suite;
use crate::support::block_on;

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
