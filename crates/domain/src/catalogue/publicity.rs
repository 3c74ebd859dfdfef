//! What must be public, when, and which of its fields.
//!
//! Files: `disclosure/*.toml` (many duties each), `profiles/*.toml` (one each).

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::timing::Limit;
use crate::model::{Basis, Bilingual};

/// The three disclosures.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DutyClass {
    /// 党务
    Party,
    /// 村务
    Village,
    /// 财务
    Finance,
}

/// Something that must be made public: `V20`, `F2.7`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Duty {
    /// Code as 03-disclosure has it; a sub-item of finance is `F2.7`.
    pub code: String,
    /// Title.
    pub title: Bilingual,
    /// Which of the three.
    pub class: DutyClass,
    /// Code of the class of a finance sub-item (`F2`), which is a duty of its own.
    #[serde(default)]
    pub part_of: Option<String>,
    /// Weighs double when disclosure is scored: what is hidden most.
    #[serde(default)]
    pub hot: bool,
    /// Dated rules, oldest first.
    pub versions: Vec<DutyVersion>,
}

/// A duty in a span of time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DutyVersion {
    /// First day, `YYYY-MM-DD`.
    pub from: String,
    /// Last day, if it has ended.
    #[serde(default)]
    pub until: Option<String>,
    /// `month`, `quarter`, `year`, `event`, `standing`; several where both apply.
    pub frequency: Vec<String>,
    /// Day of the first month of the next period by which it is due, for `month`, `quarter` and
    /// `year`.
    #[serde(default)]
    pub due_day: Option<u32>,
    /// After the event, for `event`.
    #[serde(default)]
    pub due_after: Option<Limit>,
    /// How long it stays up at least.
    pub min_public: Limit,
    /// Code of the field profile.
    pub profile: String,
    /// Channels that are required, of which one at least is not on a screen (group `channel` of
    /// `terms.toml`).
    pub channels: Vec<String>,
    /// The supervision committee checks it first.
    pub needs_check: bool,
    /// `permanent`, `years_30`, `years_10`.
    pub retention: String,
    /// Laws and practices.
    pub basis: Vec<Basis>,
}

/// How far a field is public.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Show {
    /// Not at all.
    Hide,
    /// To the person concerned alone, after proof of identity.
    Own,
    /// Masked: surname and stars, a band instead of an age.
    Mask,
    /// As it is.
    Show,
}

/// Which fields of a list the public sees (03-disclosure, section 6). A field that is not named is
/// hidden.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FieldProfile {
    /// Code, the file name without its ending.
    pub code: String,
    /// Title of the list.
    pub title: Bilingual,
    /// Dated rules, oldest first.
    pub versions: Vec<ProfileVersion>,
}

/// A profile in a span of time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ProfileVersion {
    /// First day, `YYYY-MM-DD`.
    pub from: String,
    /// Last day, if it has ended.
    #[serde(default)]
    pub until: Option<String>,
    /// Only counts and sums are public, no rows.
    #[serde(default)]
    pub totals_only: bool,
    /// By field code (group `field` of `terms.toml`).
    pub fields: BTreeMap<String, Show>,
    /// Laws and practices.
    pub basis: Vec<Basis>,
}
