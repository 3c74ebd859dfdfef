//! How long things may take: deadline rules and working-day calendars.
//!
//! Files: `deadlines/*.toml` (many rules each), `calendars/<year>.toml`.

use serde::{Deserialize, Serialize};

use crate::model::{Basis, Bilingual};

/// What is counted (01-procedures, section 2).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Unit {
    /// 日 / 天
    CalendarDay,
    /// 工作日
    WorkingDay,
    /// 个月
    Month,
}

/// Whether something must happen before the period ends, or may not happen before.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Sense {
    /// A time limit: due by the end of the last day.
    AtMost,
    /// A notice or publicity period: it must have run in full.
    AtLeast,
}

/// A count of days or months.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Limit {
    /// How many; at least 1, or 0 for "at once".
    pub count: u32,
    /// Of what.
    pub unit: Unit,
}

/// How a limit may be lengthened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Extension {
    /// The most that one extension adds.
    pub limit: Limit,
    /// How often.
    pub times: u32,
    /// Role code of who approves it.
    pub approver: String,
}

/// A rule of time: `XF-05`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DeadlineRule {
    /// Code as 01-procedures has it; rules of our own processes begin with `MB-`.
    pub code: String,
    /// What is due.
    pub title: Bilingual,
    /// What starts the clock, in words.
    pub trigger: Bilingual,
    /// Role codes of who must act.
    #[serde(default)]
    pub owner: Vec<String>,
    /// Dated values, oldest first.
    pub versions: Vec<DeadlineVersion>,
}

/// A rule of time in a span of time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DeadlineVersion {
    /// First day, `YYYY-MM-DD`.
    pub from: String,
    /// Last day, if it has ended.
    #[serde(default)]
    pub until: Option<String>,
    /// How long.
    pub limit: Limit,
    /// Limit or minimum.
    pub sense: Sense,
    /// How it may be lengthened, if at all.
    #[serde(default)]
    pub extension: Option<Extension>,
    /// Codes of grounds that stop the clock: `supplement`, `appraisal`, `hearing`,
    /// `force_majeure` (group `pause` of `terms.toml`).
    #[serde(default)]
    pub pauses: Vec<String>,
    /// A county may set its own value; only a tighter one (shorter limit, longer minimum).
    #[serde(default)]
    pub local: bool,
    /// Laws and practices.
    pub basis: Vec<Basis>,
}

/// Working days of a year where they differ from Monday to Friday.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CalendarYear {
    /// The year.
    pub year: i32,
    /// Raised with every change.
    pub version: u32,
    /// Not yet announced by the State Council: due dates computed with it are provisional.
    #[serde(default)]
    pub provisional: bool,
    /// Days off, `YYYY-MM-DD`, with the code of the festival (group `festival` of `terms.toml`).
    pub off: Vec<(String, String)>,
    /// Weekend days that are worked, `YYYY-MM-DD`.
    pub make_up: Vec<String>,
    /// The announcement.
    pub basis: Vec<Basis>,
}
