//! Commands that work with the register: one file each.

pub mod audit;
pub mod backup;
pub mod catalogue;
pub mod due;
pub mod flowchart;
pub mod log;
pub mod matter;
pub mod notice;
pub mod office_key;
pub mod people;
pub mod place;
pub mod post;
pub mod reports;
#[cfg(feature = "screening")]
pub mod screener;
pub mod serve;
pub mod supervision;
pub mod user;
pub mod verify;
pub mod worker;
