//! Tests of the crate from outside, in one program.
#![cfg(test)]

mod checks;
mod kept;
mod lock;
mod paid;
mod planning;
mod samples;
mod scores;
mod support;
mod whole_run;
