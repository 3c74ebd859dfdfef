//! Who looked at whom, and why: one line a look, never an ID number or a name.

use serde::{Deserialize, Serialize};

/// A look at people behind their pseudonyms.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccessEntry {
    /// When, milliseconds since 1970 UTC.
    pub at_ms: i64,
    /// Account of the operating system.
    pub user: String,
    /// What was done: `person`, `findings`, `report`.
    pub act: String,
    /// Why, in the user's words.
    pub purpose: String,
    /// How many people could be seen.
    pub people: u64,
    /// The key of the one person asked for, if one was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subject: Option<u64>,
}
