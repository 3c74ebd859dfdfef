//! Reports, on both engines: sealed for people, kept from whoever is meant, answered to a receipt.

mod keys;
mod privacy;
mod way;
mod world;
