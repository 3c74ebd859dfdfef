//! The program: command line, progress, report, demo county.
fn main() {}
