//! Steps: their order, and what stands at their gates.

use std::collections::BTreeSet;

use super::{At, Register};
use crate::catalogue::{Gate, Sense, Step, is_by_tier, needed_before};

impl Register<'_> {
    /// The steps of one process. `at` is the place before `steps`.
    pub(super) fn steps(&mut self, at: &At, steps: &[Step]) {
        let mut codes = BTreeSet::new();
        for (index, step) in steps.iter().enumerate() {
            let at = at.to(&format!("steps[{index}]."));
            let new = codes.insert(step.code.as_str());
            self.need(new, "catalogue-step-twice", &at.to("code"), &step.code);
            self.term(&at.to("stage"), "stage", &step.stage);
            self.filled(&at, "actors", &step.actors);
            self.role_codes(&at.to("actors"), &step.actors);
            let after = step.after.iter().flatten();
            after.for_each(|code| self.step(&at.to("after"), steps, code, &[]));
            let any = step.after_any.iter();
            any.for_each(|code| self.step(&at.to("after_any"), steps, code, &[]));
            self.due(&at, step);
            for (index, gate) in step.gates.iter().enumerate() {
                self.gate(&at.to(&format!("gates[{index}].")), steps, gate);
            }
        }
        self.order(&at.to("steps"), steps);
    }

    /// A step of the same process, at one of the stages if any are asked for.
    fn step(&mut self, at: &At, steps: &[Step], code: &str, stages: &[&str]) {
        let Some(step) = steps.iter().find(|step| step.code == code) else {
            return self.complain("catalogue-unknown-step", at, code);
        };
        let fits = stages.is_empty() || stages.contains(&step.stage.as_str());
        self.need(fits, "catalogue-step-stage", at, code);
    }

    fn gate(&mut self, at: &At, steps: &[Step], gate: &Gate) {
        match gate {
            Gate::Documents { codes } => {
                self.filled(at, "codes", codes);
                self.terms(&at.to("codes"), "document", codes);
            }
            Gate::Meeting { body } => {
                let known = is_by_tier(body) || self.catalogue.bodies.contains_key(body);
                self.need(known, "catalogue-unknown-body", &at.to("body"), body);
                let sets = !is_by_tier(body) || !self.catalogue.tiers.is_empty();
                self.need(sets, "catalogue-empty", &at.to("body"), "tiers");
            }
            Gate::Check { role } => self.role_codes(&at.to("role"), [role]),
            Gate::Countersign { roles } => {
                self.filled(at, "roles", roles);
                self.role_codes(&at.to("roles"), roles);
            }
            Gate::Published { step, rule } => {
                self.step(&at.to("step"), steps, step, &["disclose"]);
                self.rule(&at.to("rule"), rule, Sense::AtLeast);
            }
            Gate::Elapsed { step, rule } => {
                self.step(&at.to("step"), steps, step, &[]);
                self.rule(&at.to("rule"), rule, Sense::AtLeast);
            }
            Gate::ExtraSignature { posts, signers } => {
                self.filled(at, "posts", posts);
                self.filled(at, "signers", signers);
                self.role_codes(&at.to("posts"), posts);
                self.role_codes(&at.to("signers"), signers);
            }
            Gate::OtherPerson { steps: codes, .. } => {
                self.filled(at, "steps", codes);
                codes.iter().for_each(|code| self.step(&at.to("steps"), steps, code, &[]));
            }
            Gate::WithinDecided { step, .. } => {
                self.step(&at.to("step"), steps, step, &["decide", "approve"]);
            }
            Gate::NoOpenQuestions {} | Gate::HeadSpeaksLast {} | Gate::RecordedBallots {} => {}
        }
    }

    /// Every step can be reached: steps are done as soon as what they wait for is done, until
    /// nothing more moves. What is left waits in a circle, for itself or for such a step.
    fn order(&mut self, at: &At, steps: &[Step]) {
        let known = |code: &str| steps.iter().any(|step| step.code == code);
        let mut done: BTreeSet<&str> = BTreeSet::new();
        loop {
            let before = done.len();
            for (index, step) in steps.iter().enumerate() {
                // An unknown step has its own problem, and holds nothing up here.
                let is_done = |code: &str| done.contains(code) || !known(code);
                let all = needed_before(steps, index).into_iter().all(is_done);
                let any =
                    step.after_any.is_empty() || step.after_any.iter().any(|code| is_done(code));
                if all && any {
                    done.insert(&step.code);
                }
            }
            if done.len() == before {
                break;
            }
        }
        for (index, step) in steps.iter().enumerate() {
            if done.contains(step.code.as_str()) {
                continue;
            }
            let circle = waits_for(steps, index).contains(step.code.as_str());
            let code = if circle { "catalogue-step-cycle" } else { "catalogue-step-unreachable" };
            self.complain(code, at, &step.code);
        }
    }
}

/// The codes of all steps that a step waits for, directly or through others.
fn waits_for(steps: &[Step], index: usize) -> BTreeSet<&str> {
    let mut found = BTreeSet::new();
    let mut todo = vec![index];
    while let Some(index) = todo.pop() {
        let any = steps.get(index).map(|step| step.after_any.as_slice()).unwrap_or_default();
        let codes = needed_before(steps, index).into_iter().chain(any.iter().map(String::as_str));
        for code in codes {
            if found.insert(code) {
                todo.extend(steps.iter().position(|step| step.code == code));
            }
        }
    }
    found
}
