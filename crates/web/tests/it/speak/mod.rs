//! Reports as villagers make them: pages, receipt, screen of a village office, floods, traces.

mod flood;
mod traces;
mod way;
mod world;
