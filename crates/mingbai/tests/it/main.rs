//! Stories through the binary, as its users run it. One integration binary for the crate.
#![cfg(test)]
#![allow(clippy::disallowed_methods, reason = "stories hand on the environment")]

mod bad_input;
mod charts;
mod demo;
mod elsewhere;
mod import;
mod lived_in;
mod office;
mod page;
#[path = "../../../registry/tests/it/postgres.rs"]
mod postgres;
mod privacy;
mod results;
#[cfg(feature = "screening")]
mod screening;
mod site;
mod story;
mod support;
