//! Stories through the binary, as its users run it. One integration binary for the crate.
#![cfg(test)]

mod bad_input;
mod demo;
mod elsewhere;
mod import;
mod page;
mod privacy;
mod results;
mod support;
