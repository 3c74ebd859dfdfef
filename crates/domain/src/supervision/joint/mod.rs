//! Joint work (片区, 联动, 交叉, 提级, 协作, 专项监督): who helps whom for how long, and who had better look
//! (09-roles, section 2).
//!
//! Deliberately absent: rights. A cooperation says from when to when; what people may do meanwhile is the
//! matrix of [`crate::access`], for the role of the area.

pub mod campaign;
pub mod checkers;
pub mod cooperation;
