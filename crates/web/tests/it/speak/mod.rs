//! Reports as villagers make them: pages, receipt, screen of a village office, floods, traces.

mod flood;
mod sealed;
mod traces;
mod way;
pub mod world;
