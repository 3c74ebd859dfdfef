//! Reports, on both engines: sealed for people, kept from whoever is meant, answered to a receipt.

mod around;
mod keys;
mod privacy;
mod way;
mod world;
