//! Words and rules of village money: no clock, no randomness, no files, no network, no SQL
//! (invariant I1).
//!
//! What is deliberately absent: anything that opens, prints or hashes. Callers hand in text and
//! numbers and get values, [`problem::Problem`]s or [`problem::RuleViolation`]s back.

pub mod access;
pub mod benefit;
pub mod calendar;
pub mod catalogue;
pub mod deadline;
pub mod disclosure;
pub mod facts;
pub mod finding;
pub mod ids;
pub mod model;
pub mod money;
pub mod name;
pub mod place;
pub mod problem;
pub mod procedure;
pub mod receipt;
pub mod recusal;
pub mod report;
pub mod routing;
pub mod separation;
pub mod supervision;
pub mod terms;
pub mod text;
pub mod time;
