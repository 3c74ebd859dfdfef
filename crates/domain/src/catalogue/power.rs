//! Power items: what a village office may do to people and money, and how.
//!
//! Files: `power/<code>-<slug>.toml`, one each.

use serde::{Deserialize, Serialize};

use super::procedure::Step;
use super::timing::Limit;
use crate::model::{Basis, Bilingual};

/// Field of a power (02-power-items, section 3).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Category {
    /// 重大决策
    A,
    /// 采购与工程
    B,
    /// 财务
    C,
    /// 资产资源
    D,
    /// 宅基地与住房
    E,
    /// 救助惠农
    F,
    /// 党务与便民
    G,
    /// 可选
    H,
}

/// A power item.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Power {
    /// `A01`: category and two digits.
    pub code: String,
    /// Title.
    pub title: Bilingual,
    /// Field.
    pub category: Category,
    /// Lists that it belongs to: `core27`, `model36`, `optional`.
    pub profiles: Vec<String>,
    /// Role codes of who answers for it.
    pub owner: Vec<String>,
    /// `application`, `annual`, `event`, `need` (group `trigger` of `terms.toml`).
    pub trigger: String,
    /// Dated texts, oldest first.
    pub versions: Vec<PowerVersion>,
}

/// A power in a span of time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PowerVersion {
    /// First day, `YYYY-MM-DD`.
    pub from: String,
    /// Last day, if it has ended.
    #[serde(default)]
    pub until: Option<String>,
    /// Code of the process that it runs through when it has no steps of its own.
    #[serde(default)]
    pub procedure: Option<String>,
    /// Its own steps; empty where `procedure` is given.
    #[serde(default)]
    pub steps: Vec<Step>,
    /// Codes of documents that its file must hold at the end.
    #[serde(default)]
    pub documents: Vec<String>,
    /// The promise to the people.
    pub service: Service,
    /// Codes of the disclosure duties that it feeds: `V24`.
    pub disclosure: Vec<String>,
    /// What goes wrong in it.
    pub risks: Vec<Risk>,
    /// Codes of entries of the negative list.
    #[serde(default)]
    pub negative: Vec<String>,
    /// `permanent`, `years_30`, `years_10` (group `retention` of `terms.toml`).
    pub retention: String,
    /// Laws and practices.
    pub basis: Vec<Basis>,
}

/// The card that tells villagers how a power is used (明白卡).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Service {
    /// Who may apply, or whom it concerns, in plain words.
    pub who: Bilingual,
    /// Conditions, in plain words.
    #[serde(default)]
    pub conditions: Vec<Bilingual>,
    /// What to bring, document codes.
    #[serde(default)]
    pub bring: Vec<String>,
    /// Fee in fen.
    #[serde(default)]
    pub fee_fen: i64,
    /// How long the whole takes at most, where something is promised.
    #[serde(default)]
    pub promise: Option<Limit>,
    /// Confidence tag of the promise.
    #[serde(default)]
    pub promise_confidence: Option<String>,
}

/// What goes wrong.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Risk {
    /// In one sentence.
    pub text: Bilingual,
    /// Numbers of screening models that look for it: `M07`.
    #[serde(default)]
    pub models: Vec<String>,
}
