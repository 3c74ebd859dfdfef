//! Integration tests of `registry`: one suite, run on SQLite and on a PostgreSQL that the tests
//! start themselves.
#![cfg(test)]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]
#![allow(
    clippy::print_stdout,
    clippy::disallowed_methods,
    reason = "a test reads its environment and speaks to its child"
)]

mod access;
mod admin;
mod bench;
mod desk;
mod engines;
mod following;
mod kill;
mod postgres;
mod public;
mod races;
mod rectify;
mod released;
mod reports;
mod restore;
mod schema;
mod stepped;
mod suite;
mod supervision;
mod support;
mod two_accounts;
mod web;
mod workers;
