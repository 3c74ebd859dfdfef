//! What joint work shows: areas, cooperations, campaigns, and who had better look at a village.

pub mod areas;
pub mod campaigns;
pub mod checkers;
pub mod cooperations;
