//! Stepped-up supervision and joint work, by the shipped catalogue.

mod always;
mod cases;

use std::path::Path;
use std::sync::LazyLock;

use domain::model::Basis;
use domain::recusal::{Conflict, Ground, Reason, Verdict};
use domain::supervision::stepped::rules::{SteppedRules, Version};
use domain::time::Day;

pub static RULES: LazyLock<SteppedRules> = LazyLock::new(|| {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../catalogues/stepped-up.toml");
    let text = std::fs::read_to_string(path).expect("text");
    SteppedRules::parse("stepped-up.toml", &text).expect("rules")
});

pub fn day(text: &str) -> Day {
    Day::parse(text).expect("a day")
}

pub fn version() -> &'static Version {
    let version = RULES.on(day("2026-03-02")).expect("in force");
    assert!(!Basis::line(&version.basis).is_empty());
    version
}

/// What stands against somebody: nothing, or what a rule weighs so.
pub fn conflict(verdict: Verdict) -> Conflict {
    let reason = Reason { ground: Ground::Kin, verdict, degree: Some(1), overridden_by: None };
    let reasons = if verdict == Verdict::Allow { Vec::new() } else { vec![reason] };
    Conflict { verdict, reasons }
}
