//! Reports, on both engines: sealed for people, kept from whoever is meant, answered to a receipt.

mod around;
pub mod full;
mod keys;
mod privacy;
mod transfers;
mod way;
pub mod world;
