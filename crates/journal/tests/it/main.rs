//! The public log, checked against the standard's vectors, naive recomputation and the work of
//! others. One integration binary for the crate.
#![cfg(test)]

mod audit;
mod bundles;
mod common;
mod leaves;
mod notes;
mod python;
mod tiles;
mod trees;
