//! Notices in the office: prepared by one, checked by the supervision committee, published by a third;
//! corrected or withdrawn with a reason.

pub mod list;
pub mod one;
pub mod prepare;
pub mod published;

use domain::access::Act;

/// Acts of which one is enough to see what is under way.
pub const READ: &[Act] = &[Act::Read];
/// To prepare one.
pub const PREPARE: &[Act] = &[Act::Create];
/// To check one.
pub const CHECK: &[Act] = &[Act::Sign];
/// To publish, correct or withdraw one.
pub const PUBLISH: &[Act] = &[Act::Update];
/// The kind of thing.
pub const DRAFT: &str = "disclosure_draft";
