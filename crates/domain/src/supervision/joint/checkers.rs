//! Who had better look at something in a village, and why: people who live or were born there, or whose kin
//! hold posts there, stay out; where one of the own township is at home there, others are preferred
//! ("acquaintance society", 09-roles, section 5).

use serde::{Deserialize, Serialize};

use crate::recusal::{Conflict, Verdict};

/// Where somebody comes from, seen from the village.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum From {
    /// Another township of the same area.
    Area,
    /// A township of another area.
    Elsewhere,
    /// The county.
    County,
    /// The own township.
    Township,
}

impl From {
    /// Stable code.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Area => "area",
            Self::Elsewhere => "elsewhere",
            Self::County => "county",
            Self::Township => "township",
        }
    }
}

/// How somebody is proposed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    /// Proposed.
    Fit,
    /// May look, but others are preferred.
    Rather,
    /// Must stay out.
    Out,
}

impl Standing {
    /// Stable code.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Fit => "fit",
            Self::Rather => "rather",
            Self::Out => "out",
        }
    }
}

/// Somebody who could look.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Candidate {
    /// Id.
    pub person: String,
    /// Where he comes from.
    pub from: From,
    /// What stands against him.
    pub conflict: Conflict,
}

/// Somebody with how he is proposed, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Proposed {
    /// Id.
    pub person: String,
    /// Where he comes from.
    pub from: From,
    /// How he is proposed.
    pub standing: Standing,
    /// Codes of grounds that hold.
    pub grounds: Vec<&'static str>,
    /// Colleagues of his are at home there, so that he is not preferred.
    pub acquainted: bool,
}

/// Those who could look, the preferred ones first.
#[must_use]
pub fn proposed(candidates: Vec<Candidate>) -> Vec<Proposed> {
    let at_home =
        |one: &Candidate| one.from == From::Township && one.conflict.verdict > Verdict::Allow;
    let acquainted = candidates.iter().any(at_home);
    let mut all: Vec<Proposed> = candidates
        .into_iter()
        .map(|one| {
            let local = one.from == From::Township && acquainted;
            Proposed {
                standing: match one.conflict.verdict {
                    Verdict::Block => Standing::Out,
                    Verdict::Warn => Standing::Rather,
                    Verdict::Allow if local => Standing::Rather,
                    Verdict::Allow => Standing::Fit,
                },
                grounds: one.conflict.reasons.iter().map(|r| r.ground.code()).collect(),
                acquainted: local,
                person: one.person,
                from: one.from,
            }
        })
        .collect();
    all.sort_by(|a, b| {
        a.standing.cmp(&b.standing).then(a.from.cmp(&b.from)).then(a.person.cmp(&b.person))
    });
    all
}
