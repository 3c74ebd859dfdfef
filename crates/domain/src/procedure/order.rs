//! Which steps come before which, and what can be done next.

use std::collections::BTreeSet;

use serde::Serialize;

use super::gate::{Moment, amount_of};
use super::matter::Matter;
use super::{Rules, stage};
use crate::catalogue::{Gate, Step};
use crate::problem::RuleViolation;
use crate::time::Day;

/// A step that can be done next, or could if nothing were missing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct OpenStep {
    /// Step code.
    pub code: String,
    /// Role codes, any one of which may do it.
    pub actors: Vec<String>,
    /// What is missing for it; empty: it can be done now. An amount or a meeting that the step
    /// itself brings is missing until then.
    pub missing: Vec<RuleViolation>,
    /// Role codes whose agreement is still missing.
    pub checkers: Vec<String>,
    /// Role codes that may still sign.
    pub signers: Vec<String>,
    /// Ids of persons who may not do it because of what they did before.
    pub barred: BTreeSet<String>,
}

/// Steps whose predecessors are done and which may still be done, with what is missing on a day.
#[must_use]
pub fn open_steps(steps: &[Step], rules: &Rules<'_>, matter: &Matter, day: Day) -> Vec<OpenStep> {
    let order = Order { steps };
    let open = steps
        .iter()
        .enumerate()
        .filter(|(at, step)| order.refusals(*at, step, matter, rules.basis).is_empty());
    open.map(|(at, step)| {
        let moment = Moment {
            rules,
            matter,
            steps,
            step,
            day,
            actor: None,
            amount_fen: amount_of(step, None, matter),
            not_before: order.last_day_before(at, matter),
        };
        OpenStep {
            code: step.code.clone(),
            actors: step.actors.clone(),
            missing: moment.missing(),
            checkers: moment.checkers(),
            signers: moment.signers(),
            barred: barred(step, matter),
        }
    })
    .collect()
}

fn barred(step: &Step, matter: &Matter) -> BTreeSet<String> {
    let mut barred = BTreeSet::new();
    for gate in &step.gates {
        if let Gate::OtherPerson { steps, .. } = gate {
            let did = matter.done.iter().filter(|done| steps.contains(&done.step));
            barred.extend(did.map(|done| done.actor.person.clone()));
        }
    }
    barred
}

/// The order of the steps of a process.
#[derive(Clone, Copy)]
pub(super) struct Order<'a> {
    pub(super) steps: &'a [Step],
}

impl<'a> Order<'a> {
    pub(super) fn find(&self, code: &str) -> Option<(usize, &'a Step)> {
        self.steps.iter().enumerate().find(|(_, step)| step.code == code)
    }

    /// Codes of steps that must all be done before. A step that names none waits for the last one
    /// before it that may not be left out; one that names an optional step does wait for it.
    pub(super) fn all_before(&self, at: usize) -> Vec<&'a str> {
        let named = self.steps.get(at).and_then(|step| step.after.as_ref());
        if let Some(named) = named {
            return named.iter().map(String::as_str).collect();
        }
        let before = self.steps.get(..at).unwrap_or_default();
        let last = before.iter().rev().find(|step| !step.optional);
        last.map(|step| step.code.as_str()).into_iter().collect()
    }

    fn any_before(&self, at: usize) -> &'a [String] {
        self.steps.get(at).map_or(&[], |step| step.after_any.as_slice())
    }

    /// The day of the last predecessor that was done.
    pub(super) fn last_day_before(&self, at: usize, matter: &Matter) -> Option<Day> {
        let any = self.any_before(at).iter().map(String::as_str);
        let days = self.all_before(at).into_iter().chain(any);
        days.filter_map(|code| matter.last_done(code)).map(|done| done.day).max()
    }

    /// Whether the predecessors of a step are done.
    pub(super) fn is_reached(&self, at: usize, matter: &Matter) -> bool {
        let done = |code: &str| matter.last_done(code).is_some();
        let any = self.any_before(at);
        self.all_before(at).into_iter().all(done)
            && (any.is_empty() || any.iter().any(|code| done(code)))
    }

    /// Why a step may not be done now, gates aside.
    pub(super) fn refusals(
        &self,
        at: usize,
        step: &Step,
        matter: &Matter,
        basis: &str,
    ) -> Vec<RuleViolation> {
        let refuse = |rule| RuleViolation::new(rule, basis).with("step", &step.code);
        let mut refusals = Vec::new();
        let done = |code: &str| matter.last_done(code).is_some();
        let missing: Vec<&str> =
            self.all_before(at).into_iter().filter(|code| !done(code)).collect();
        if !missing.is_empty() {
            refusals.push(refuse("step-after").with("missing", missing.join(", ")));
        }
        let any = self.any_before(at);
        if !any.is_empty() && !any.iter().any(|code| done(code)) {
            refusals.push(refuse("step-after-any").with("missing", any.join(", ")));
        }
        if !step.repeats && done(&step.code) {
            refusals.push(refuse("step-done"));
        }
        if step.repeats && self.is_archived(matter) {
            refusals.push(refuse("step-archived"));
        }
        refusals
    }

    /// The file is closed. What was left for later (a warranty payment) may still be done, what
    /// repeats may not.
    pub(super) fn is_archived(&self, matter: &Matter) -> bool {
        let mut archives = self.steps.iter().filter(|step| step.stage == stage::ARCHIVE);
        archives.any(|step| matter.last_done(&step.code).is_some())
    }
}
