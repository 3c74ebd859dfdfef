//! Roles and the negative list.
//!
//! Files: `roles.toml`, `negative.toml`.

use serde::{Deserialize, Serialize};

use crate::model::{Basis, Bilingual};

/// At which level a role works.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RoleLevel {
    /// Whoever comes.
    Public,
    /// Group within a village.
    Group,
    /// Village.
    Village,
    /// Township.
    Township,
    /// Area of several townships.
    Area,
    /// County.
    County,
    /// The machine and its rights, no business data.
    System,
}

/// A role: `VSC`. Codes of 09-roles, section 1, and 02-power-items, section 2.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Role {
    /// Upper-case code.
    pub code: String,
    /// Title.
    pub title: Bilingual,
    /// Level.
    pub level: RoleLevel,
    /// A body of several people, which acts through meetings.
    #[serde(default)]
    pub body: bool,
    /// A second factor is needed to sign in.
    #[serde(default)]
    pub second_factor: bool,
    /// What it is there for.
    pub duties: Vec<Bilingual>,
    /// Role codes that the same person may not hold in the same place.
    #[serde(default)]
    pub excludes: Vec<String>,
    /// Laws and practices.
    pub basis: Vec<Basis>,
}

/// What no village cadre may do: `N03`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NegativeEntry {
    /// Code.
    pub code: String,
    /// In one sentence.
    pub text: Bilingual,
    /// Laws and practices.
    pub basis: Vec<Basis>,
}
