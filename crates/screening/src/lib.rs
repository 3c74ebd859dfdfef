//! SQL models over facts: planning, running, findings, evaluation.
//!
//! A model raises questions and nothing else: it changes no benefit, opens no case, publishes
//! nothing (invariant I5). What is deliberately absent: functions of our own in SQL, a list of
//! models, and any way to write.

mod ask;
mod cell;
pub mod check;
pub mod engine;
pub mod evaluate;
mod explain;
pub mod fixture;
mod grouped;
mod groups;
mod kept;
pub mod model;
mod outcome;
pub mod paid;
mod planned;
pub mod provider;
mod reason;
mod reference;
pub mod run;
mod scaffold;
pub mod session;
pub mod shelf;
mod split;
mod standing;
mod tables;

pub use explain::explain;
pub use scaffold::scaffold;
