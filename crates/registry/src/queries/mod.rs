//! Reads. One file a family of pages.

pub mod accounts;
pub mod lists;
pub mod office;
pub mod preparations;
pub mod sessions;
pub mod standing;
