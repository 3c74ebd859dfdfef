//! Stepped-up supervision (提级监督): which villages are proposed and why, and a village under it from the
//! decision to its end (08-platforms, section 3).
//!
//! Deliberately absent: any ranking of people. A score is about a village, it is told part by part, and
//! nothing follows from it before people have decided (SD08).

pub mod check;
pub mod list;
pub mod rules;
pub mod score;
pub mod village;
