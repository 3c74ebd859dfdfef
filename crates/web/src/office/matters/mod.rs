//! Village matters in the office: the list, a new one, and one with the forms of what comes next.

pub mod acts;
pub mod files;
pub mod list;
pub mod new;
pub mod next;
pub mod one;

use domain::access::Act;

/// Acts of which one is enough to see matters.
pub const READ: &[Act] = &[Act::Read];
/// Acts of which one is enough to open one.
pub const OPEN: &[Act] = &[Act::Create];
/// Acts of which one is enough to move one on; whose step it is, the step itself says.
pub const MOVE: &[Act] = &[Act::Update, Act::Sign, Act::Approve];
/// To write down what a body did, and to give a matter up.
pub const WRITE: &[Act] = &[Act::Update];
/// To check what a step is about to do.
pub const CHECK: &[Act] = &[Act::Sign];
/// The kind of thing.
pub const MATTER: &str = "matter";
