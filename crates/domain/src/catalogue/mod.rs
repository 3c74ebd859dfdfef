//! The catalogues of the register: powers and their running processes, who decides what, how long
//! things may take, what must be public and which of its fields. Data from `catalogues/`; how to
//! write them: `catalogues/README.md`.
//!
//! Every value that comes from law or county practice stands here as dated data with a basis
//! (invariant I7). Codes that people read get their labels from `terms.toml`.

pub(crate) mod check;
mod dated;
mod flowchart;
mod layer;
mod lint;
mod load;
mod overlay;
mod power;
mod procedure;
mod publicity;
mod role;
#[cfg(test)]
mod sample;
mod standing;
mod tighter;
mod timing;
mod titles;

pub use dated::{Dated, Versioned, on};
pub use flowchart::{FLOWCHART_WORDS, flowchart};
pub use load::Catalogue;
pub use power::{Category, Power, PowerVersion, Risk, Service};
pub use procedure::{
    BY_COLLECTIVE_TIER, BY_TIER, Body, BodyVersion, Counted, Gate, Procedure, ProcedureVersion,
    Share, Step, Tier, TierSet, is_by_tier, needed_before,
};
pub use publicity::{Duty, DutyClass, DutyVersion, FieldProfile, ProfileVersion, Show};
pub use role::{NegativeEntry, Role, RoleLevel};
pub use timing::{CalendarYear, DeadlineRule, DeadlineVersion, Extension, Limit, Sense, Unit};
pub use titles::Titles;
