//! Gates: each one that does not hold is told with its basis and what is missing.

use super::matter::{Actor, Matter, Meeting};
use super::{Rules, meeting, stage};
use crate::catalogue::{Gate, Step, Tier, is_by_tier};
use crate::deadline::due;
use crate::model::Basis;
use crate::problem::RuleViolation;
use crate::time::Day;

/// A step about to be done.
pub(super) struct Moment<'a> {
    pub(super) rules: &'a Rules<'a>,
    pub(super) matter: &'a Matter,
    pub(super) steps: &'a [Step],
    pub(super) step: &'a Step,
    pub(super) day: Day,
    /// None when nobody has come yet: then nothing is said about persons.
    pub(super) actor: Option<&'a Actor>,
    pub(super) amount_fen: Option<i64>,
    /// The day of the last predecessor: a meeting held before it decided something else.
    pub(super) not_before: Option<Day>,
}

type Missing = Vec<RuleViolation>;

/// The amount that a step is about: the one given, else that of the matter. A step that is done
/// again and again without paying is about no money unless it says so.
pub(super) fn amount_of(step: &Step, given: Option<i64>, matter: &Matter) -> Option<i64> {
    given.or(matter.amount_fen.filter(|_| amount_needed(step)))
}

fn amount_needed(step: &Step) -> bool {
    !step.repeats || step.stage == stage::PAY
}

impl Moment<'_> {
    /// Everything that is missing for the step.
    pub(super) fn missing(&self) -> Missing {
        let mut missing: Missing = self.step.gates.iter().flat_map(|g| self.gate(g)).collect();
        // An open question blocks the archive whether the process says so or not.
        let said = missing.iter().any(|m| m.rule == "gate-questions");
        if self.step.stage == stage::ARCHIVE && !said {
            missing.extend(self.no_open_questions());
        }
        missing
    }

    fn gate(&self, gate: &Gate) -> Missing {
        match gate {
            Gate::Documents { codes } => self.documents(codes),
            Gate::Meeting { body } => self.meeting(body),
            Gate::Check { role } => self.check(role),
            Gate::Countersign { roles } => self.countersign(roles),
            Gate::Published { step, rule } => self.published(step, rule),
            Gate::Elapsed { step, rule } => self.elapsed(step, rule),
            Gate::NoOpenQuestions {} => self.no_open_questions(),
            Gate::HeadSpeaksLast {} => self.minutes("gate-head-last", |m| m.head_spoke_last),
            Gate::RecordedBallots {} => self.minutes("gate-ballots", |m| m.ballots_recorded),
            Gate::ExtraSignature { posts, signers } => self.extra_signature(posts, signers),
            Gate::OtherPerson { steps, rule } => self.other_person(steps, rule),
            Gate::WithinDecided { step, over_bp } => self.within_decided(step, *over_bp),
        }
    }

    fn no(&self, rule: &'static str) -> RuleViolation {
        RuleViolation::new(rule, self.rules.basis).with("step", &self.step.code)
    }

    fn documents(&self, codes: &[String]) -> Missing {
        let held = &self.matter.documents;
        let missing: Vec<&str> =
            codes.iter().filter(|c| !held.contains(*c)).map(String::as_str).collect();
        if missing.is_empty() {
            return Vec::new();
        }
        vec![self.no("gate-documents").with("missing", missing.join(", "))]
    }

    fn meeting(&self, body: &str) -> Missing {
        let mut missing = Vec::new();
        let bodies: Vec<&str> = if is_by_tier(body) {
            match self.tiers() {
                Ok(tiers) => {
                    let sign = tiers.first().map_or(&[][..], |tier| tier.countersign.as_slice());
                    missing.extend(self.countersign(sign));
                    tiers.iter().map(|tier| tier.decides(body)).collect()
                }
                Err(no) => return vec![no],
            }
        } else {
            vec![body]
        };
        let Some(meeting) = self.matter.meeting(&self.step.code) else {
            let first = bodies.first().copied().unwrap_or_default();
            missing.push(self.no("gate-meeting-none").with("body", first));
            return missing;
        };
        if !bodies.contains(&meeting.body.as_str()) {
            let no = self.no("gate-meeting-body").with("found", &meeting.body);
            missing.push(no.with("body", bodies.join(", ")));
            return missing;
        }
        if meeting.held_on > self.day {
            missing.push(self.no("gate-meeting-later").with("held", meeting.held_on));
        }
        match self.rules.bodies.get(&meeting.body) {
            Some(rule) => {
                missing.extend(meeting::wrongs(meeting, rule, self.not_before, self.rules));
            }
            None => missing.push(self.no("gate-body-unknown").with("body", &meeting.body)),
        }
        missing
    }

    /// The tier of the amount and those above it: a higher body may always decide.
    fn tiers(&self) -> Result<&[Tier], RuleViolation> {
        let Some(set) = self.rules.tiers else { return Err(self.no("gate-tier-unknown")) };
        let Some(amount) = self.amount_fen else { return Err(self.no("gate-amount-missing")) };
        let below = |tier: &Tier| tier.below_fen.is_none_or(|end| amount < end);
        let at = set.tiers.iter().position(below);
        at.and_then(|at| set.tiers.get(at..)).ok_or_else(|| self.no("gate-tier-unknown"))
    }

    fn minutes(&self, rule: &'static str, says: impl Fn(&Meeting) -> bool) -> Missing {
        match self.matter.meeting(&self.step.code) {
            Some(meeting) if says(meeting) => Vec::new(),
            _ => vec![self.no(rule)],
        }
    }

    /// Roles whose agreement is still missing; one that objected may think again.
    pub(super) fn checkers(&self) -> Vec<String> {
        let roles = self.step.gates.iter().filter_map(|gate| match gate {
            Gate::Check { role } if !self.check(role).is_empty() => Some(role.clone()),
            _ => None,
        });
        roles.collect()
    }

    /// Roles that may still sign for the step: all that must, and those of which one must.
    pub(super) fn signers(&self) -> Vec<String> {
        let mut roles: Vec<String> = Vec::new();
        let mut add = |more: Vec<&str>| {
            for role in more {
                if !roles.iter().any(|known| known == role) {
                    roles.push(role.to_owned());
                }
            }
        };
        for gate in &self.step.gates {
            match gate {
                Gate::Countersign { roles } => add(self.unsigned(roles)),
                Gate::Meeting { body } if is_by_tier(body) => {
                    let tier = self.tiers().ok().and_then(<[Tier]>::first);
                    add(tier.map(|tier| self.unsigned(&tier.countersign)).unwrap_or_default());
                }
                Gate::ExtraSignature { posts, signers }
                    if !self.extra_signature(posts, signers).is_empty() =>
                {
                    add(signers.iter().map(String::as_str).collect());
                }
                _ => {}
            }
        }
        roles
    }

    fn is_actor(&self, person: &str) -> bool {
        self.actor.is_some_and(|actor| actor.person == person)
    }

    fn check(&self, role: &str) -> Missing {
        let mut checks = self.matter.checks_of(&self.step.code);
        // The last word of the role counts.
        match checks.find(|check| check.by.role == role && !self.is_actor(&check.by.person)) {
            Some(check) if check.agreed => Vec::new(),
            Some(_) => vec![self.no("gate-check-objected").with("role", role)],
            None => vec![self.no("gate-check").with("role", role)],
        }
    }

    /// Those of the roles that have not signed.
    fn unsigned<'r>(&self, roles: &'r [String]) -> Vec<&'r str> {
        let signed = |role: &String| {
            let mut signatures = self.matter.signatures_of(&self.step.code);
            signatures.any(|s| s.by.role == *role && !self.is_actor(&s.by.person))
        };
        roles.iter().filter(|role| !signed(role)).map(String::as_str).collect()
    }

    fn countersign(&self, roles: &[String]) -> Missing {
        let missing = self.unsigned(roles);
        if missing.is_empty() {
            return Vec::new();
        }
        vec![self.no("gate-countersign").with("missing", missing.join(", "))]
    }

    /// The last day of the minimum period of a rule from a day, or why there is none.
    fn minimum(&self, rule: &str, start: Day) -> Result<(Day, String), RuleViolation> {
        let Some(version) = self.rules.deadlines.get(rule) else {
            return Err(self.no("gate-rule-unknown").with("rule", rule));
        };
        let due = due(rule, version, start, &[], &[], self.rules.calendar)?;
        Ok((due.day, Basis::line(&version.basis)))
    }

    fn published(&self, step: &str, rule: &str) -> Missing {
        // A corrected notice begins anew: only the last one counts.
        let published = self.matter.publications.iter().rev().find(|p| p.step == step);
        let Some(publication) = published else {
            return vec![self.no("gate-published-none").with("published", step)];
        };
        let (last, basis) = match self.minimum(rule, publication.from) {
            Ok(minimum) => minimum,
            Err(no) => return vec![no],
        };
        let no = |code| {
            let no = RuleViolation::new(code, basis.clone()).with("step", &self.step.code);
            vec![no.with("published", step).with("from", publication.from).with("until", last)]
        };
        if let Some(down) = publication.until.filter(|down| *down < last) {
            return no("gate-published-short").into_iter().map(|n| n.with("down", down)).collect();
        }
        // The last day counts in full.
        if self.day > last { Vec::new() } else { no("gate-published-running") }
    }

    fn elapsed(&self, step: &str, rule: &str) -> Missing {
        let Some(done) = self.matter.last_done(step) else {
            return vec![self.no("gate-elapsed-none").with("since", step)];
        };
        match self.minimum(rule, done.day) {
            Ok((last, _)) if self.day > last => Vec::new(),
            Ok((last, basis)) => {
                let no = RuleViolation::new("gate-elapsed-running", basis);
                let no = no.with("step", &self.step.code).with("since", step);
                vec![no.with("from", done.day).with("until", last)]
            }
            Err(no) => vec![no],
        }
    }

    fn no_open_questions(&self) -> Missing {
        let open = &self.matter.open_questions;
        if open.is_empty() {
            return Vec::new();
        }
        let numbers: Vec<&str> = open.keys().map(String::as_str).collect();
        let no = self.no("gate-questions").with("count", open.len());
        vec![no.with("missing", numbers.join(", "))]
    }

    fn extra_signature(&self, posts: &[String], signers: &[String]) -> Missing {
        let Some(holder) = self.matter.holder_of_all(posts) else { return Vec::new() };
        let third = |person: &str| person != holder && !self.is_actor(person);
        let mut signatures = self.matter.signatures_of(&self.step.code);
        if signatures.any(|s| signers.contains(&s.by.role) && third(&s.by.person)) {
            return Vec::new();
        }
        let no = self.no("gate-extra-signature").with("posts", posts.join(", "));
        vec![no.with("missing", signers.join(", "))]
    }

    fn other_person(&self, steps: &[String], duty: &str) -> Missing {
        let Some(actor) = self.actor else { return Vec::new() };
        crate::separation::same_person_for_steps(
            duty,
            self.rules.basis,
            self.matter.done.iter().map(|d| (d.step.as_str(), d.actor.person.as_str())),
            steps,
            &actor.person,
        )
        .into_iter()
        .map(|no| no.with("step", &self.step.code))
        .collect()
    }

    fn within_decided(&self, step: &str, over_bp: u32) -> Missing {
        let Some(decided) = self.matter.decided_fen.get(step) else {
            return vec![self.no("gate-nothing-decided").with("decided_by", step)];
        };
        let Some(amount) = self.amount_fen else {
            // A progress note spends nothing.
            let spends = amount_needed(self.step);
            return spends.then(|| self.no("gate-amount-missing")).into_iter().collect();
        };
        let sum = i128::from(amount) + self.already();
        // In ten-thousandths of a fen, so that nothing is rounded away.
        let most = i128::from(*decided) * (10_000 + i128::from(over_bp));
        if sum * 10_000 <= most {
            return Vec::new();
        }
        let no = self.no("gate-within-decided").with("decided_fen", decided);
        vec![no.with("amount_fen", sum).with("most_fen", most / 10_000).with("decided_by", step)]
    }

    /// What was spent before in the same way: payments add up, instalments of a step too.
    fn already(&self) -> i128 {
        let pays = |code: &str| {
            self.steps.iter().any(|step| step.code == code && step.stage == stage::PAY)
        };
        let adds_up =
            |code: &str| code == self.step.code || (self.step.stage == stage::PAY && pays(code));
        let before = self.matter.done.iter().filter(|done| adds_up(&done.step));
        before.filter_map(|done| done.amount_fen).map(i128::from).sum()
    }
}
