//! SQL models over facts: planning, running, findings, evaluation.
//!
//! A model raises questions and nothing else: it changes no benefit, opens no case, publishes
//! nothing (invariant I5). What is deliberately absent: functions of our own in SQL, a list of
//! models, and any way to write.

mod cell;
pub mod check;
pub mod engine;
pub mod evaluate;
mod explain;
pub mod fixture;
pub mod model;
mod outcome;
mod planned;
pub mod provider;
mod reason;
mod reference;
pub mod run;
mod scaffold;

pub use explain::explain;
pub use scaffold::scaffold;
