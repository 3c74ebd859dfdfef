//! Reads. One file a family of pages.

pub mod lists;
pub mod standing;
