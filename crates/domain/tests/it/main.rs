//! The shipped catalogue, and the documents made from it. One integration binary for the crate.
#![cfg(test)]

mod access;
mod catalogue;
mod deadline;
mod disclosure;
mod documents;
mod procedure;
mod recusal;
mod report;
mod routing;
mod sentences;
mod separation;
mod stepped;
mod supervision;
