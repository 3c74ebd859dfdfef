//! One event further, or every reason why not.

use std::collections::BTreeSet;

use super::event::{DueOf, Effect, Event};
use super::gate::{Moment, amount_of};
use super::matter::{Actor, Check, Done, Held, Matter, Meeting, Publication, Signature};
use super::order::Order;
use super::{Rules, stage};
use crate::catalogue::{Gate, Step};
use crate::problem::RuleViolation;
use crate::time::Day;

type Next = Result<(Matter, Vec<Effect>), Vec<RuleViolation>>;

/// The matter after an event, with what follows from it.
///
/// # Errors
/// Every rule that the event breaks, each with its basis and what is missing.
pub fn advance(steps: &[Step], rules: &Rules<'_>, matter: &Matter, event: &Event) -> Next {
    let run = Run { order: Order { steps }, rules, matter };
    let mut refusals = Vec::new();
    if matter.withdrawn.is_some() {
        refusals.push(run.no("matter-withdrawn"));
    }
    if let Some(last) = matter.last_day.filter(|last| event.day() < *last) {
        let no = run.no("event-day-order").with("day", event.day());
        refusals.push(no.with("last", last));
    }
    let next = match event {
        Event::Step { code, actor, amount_fen, meeting, day } => {
            run.step(code, actor, *day, *amount_fen, meeting.as_deref())
        }
        Event::Meeting { step, meeting, .. } => run.meeting(step, meeting),
        Event::Check { step, actor, day, agreed } => run.check(step, actor, *day, *agreed),
        Event::Sign { step, actor, day } => run.sign(step, actor, *day),
        Event::Document { code, .. } => {
            let mut next = matter.clone();
            next.documents.insert(code.clone());
            Ok((next, Vec::new()))
        }
        Event::Question { number, asker, day } => run.question(number, asker.as_deref(), *day),
        Event::Answer { number, actor, .. } => run.answer(number, actor),
        Event::TakenDown { step, day } => run.taken_down(step, *day),
        Event::Withdraw { actor, day, reason } => run.withdraw(actor, *day, reason),
    };
    match next {
        Ok((mut next, effects)) if refusals.is_empty() => {
            next.last_day = Some(event.day());
            Ok((next, effects))
        }
        Ok(_) => Err(refusals),
        Err(more) => {
            refusals.extend(more);
            Err(refusals)
        }
    }
}

#[derive(Clone, Copy)]
struct Run<'a> {
    order: Order<'a>,
    rules: &'a Rules<'a>,
    matter: &'a Matter,
}

impl<'a> Run<'a> {
    fn no(&self, rule: &'static str) -> RuleViolation {
        RuleViolation::new(rule, self.rules.basis)
    }

    fn find(&self, code: &str) -> Result<(usize, &'a Step), Vec<RuleViolation>> {
        let unknown = || vec![self.no("step-unknown").with("step", code)];
        self.order.find(code).ok_or_else(unknown)
    }

    /// A step that may be done now, gates aside: what is gathered for it may not come before.
    fn reached(&self, code: &str) -> Result<(), Vec<RuleViolation>> {
        let (at, step) = self.find(code)?;
        let refusals = self.order.refusals(at, step, self.matter, self.rules.basis);
        if refusals.is_empty() { Ok(()) } else { Err(refusals) }
    }

    fn step(
        &self,
        code: &str,
        actor: &Actor,
        day: Day,
        amount_fen: Option<i64>,
        meeting: Option<&Meeting>,
    ) -> Next {
        let (at, step) = self.find(code)?;
        let mut next = self.matter.clone();
        if let Some(meeting) = meeting {
            self.hold(&mut next, code, meeting);
        }
        let amount = amount_of(step, amount_fen, self.matter);
        let mut refusals = self.order.refusals(at, step, self.matter, self.rules.basis);
        if !step.actors.contains(&actor.role) {
            let no = self.no("step-actor").with("step", code).with("role", &actor.role);
            refusals.push(no.with("missing", step.actors.join(", ")));
        }
        if amount_fen.is_some_and(|amount| amount < 0) {
            refusals.push(self.no("amount-negative").with("step", code));
        }
        let moment = Moment {
            rules: self.rules,
            matter: &next,
            steps: self.order.steps,
            step,
            day,
            actor: Some(actor),
            amount_fen: amount,
            not_before: self.order.last_day_before(at, self.matter),
        };
        refusals.extend(moment.missing());
        if !refusals.is_empty() {
            return Err(refusals);
        }
        // What is proposed after a decision does not change what the decision was about.
        let undecided = self.matter.decided_fen.is_empty();
        if step.stage == stage::PROPOSE && amount_fen.is_some() && undecided {
            next.amount_fen = amount_fen;
        }
        let decides = [stage::DECIDE, stage::APPROVE].contains(&step.stage.as_str());
        if let Some(amount) = amount.filter(|_| decides) {
            next.decided_fen.insert(code.to_owned(), amount);
        }
        let (step, actor) = (code.to_owned(), actor.clone());
        next.done.push(Done { step, day, actor, amount_fen: amount });
        let effects = self.after_step(at, &mut next, day);
        Ok((next, effects))
    }

    fn after_step(&self, at: usize, next: &mut Matter, day: Day) -> Vec<Effect> {
        let Some(step) = self.order.steps.get(at) else { return Vec::new() };
        let mut effects = Vec::new();
        if step.due.is_some() {
            effects.push(Effect::ClearDue { of: DueOf::Step(step.code.clone()) });
        }
        if step.stage == stage::DISCLOSE {
            let publication = Publication { step: step.code.clone(), from: day, until: None };
            next.publications.push(publication);
            effects.push(Effect::Publish { step: step.code.clone(), from: day });
        }
        if step.stage == stage::ARCHIVE {
            effects.push(Effect::Archived { day });
        }
        for (later_at, later) in self.order.steps.iter().enumerate() {
            let reached = |matter: &Matter| self.order.is_reached(later_at, matter);
            if reached(self.matter) || !reached(next) || next.last_done(&later.code).is_some() {
                continue;
            }
            let of = DueOf::Step(later.code.clone());
            if let Some(rule) = later.due.clone() {
                let from = self.order.last_day_before(later_at, next).unwrap_or(day);
                effects.push(Effect::SetDue { of: of.clone(), rule, from });
            }
            let roles = later.actors.iter().chain(later.gates.iter().flat_map(wanted));
            let roles: BTreeSet<&String> = roles.collect();
            effects.extend(
                roles.into_iter().map(|r| Effect::Notify { role: r.clone(), of: of.clone() }),
            );
        }
        effects
    }

    fn hold(&self, next: &mut Matter, code: &str, meeting: &Meeting) {
        let round = self.matter.times_done(code);
        next.meetings.push(Held { step: code.to_owned(), round, meeting: meeting.clone() });
    }

    fn meeting(&self, code: &str, meeting: &Meeting) -> Next {
        self.reached(code)?;
        let mut next = self.matter.clone();
        self.hold(&mut next, code, meeting);
        Ok((next, Vec::new()))
    }

    fn check(&self, code: &str, by: &Actor, day: Day, agreed: bool) -> Next {
        self.reached(code)?;
        let mut next = self.matter.clone();
        let round = self.matter.times_done(code);
        let (step, by) = (code.to_owned(), by.clone());
        next.checks.push(Check { step, round, by, agreed, day });
        let (_, step) = self.find(code)?;
        let of = DueOf::Step(code.to_owned());
        let tell = |role: &String| Effect::Notify { role: role.clone(), of: of.clone() };
        Ok((next, step.actors.iter().map(tell).collect()))
    }

    fn sign(&self, code: &str, by: &Actor, day: Day) -> Next {
        self.reached(code)?;
        let mut next = self.matter.clone();
        let round = self.matter.times_done(code);
        next.signatures.push(Signature { step: code.to_owned(), round, by: by.clone(), day });
        Ok((next, Vec::new()))
    }

    fn answering(&self) -> impl Iterator<Item = &'a Step> + use<'a> {
        self.order.steps.iter().filter(|step| step.stage == stage::ANSWER)
    }

    fn question(&self, number: &str, asker: Option<&str>, day: Day) -> Next {
        // A closed file stays closed: what comes up later is a matter or a report of its own.
        if self.order.is_archived(self.matter) {
            return Err(vec![self.no("question-archived").with("number", number)]);
        }
        if self.matter.open_questions.contains_key(number) {
            return Err(vec![self.no("question-twice").with("number", number)]);
        }
        let mut next = self.matter.clone();
        next.open_questions.insert(number.to_owned(), asker.map(str::to_owned));
        let of = DueOf::Question(number.to_owned());
        let rule = self.answering().find_map(|step| step.due.clone());
        let due = rule.map(|rule| Effect::SetDue { of: of.clone(), rule, from: day });
        let roles: BTreeSet<&String> = self.answering().flat_map(|step| &step.actors).collect();
        let tell = roles.into_iter().map(|r| Effect::Notify { role: r.clone(), of: of.clone() });
        Ok((next, due.into_iter().chain(tell).collect()))
    }

    fn answer(&self, number: &str, actor: &Actor) -> Next {
        let Some(asker) = self.matter.open_questions.get(number) else {
            return Err(vec![self.no("question-unknown").with("number", number)]);
        };
        let mut refusals = Vec::new();
        if asker.as_ref() == Some(&actor.person) {
            refusals.push(self.no("question-own-answer").with("number", number));
        }
        let roles: BTreeSet<&str> =
            self.answering().flat_map(|step| &step.actors).map(String::as_str).collect();
        if !roles.is_empty() && !roles.contains(actor.role.as_str()) {
            let no = self.no("question-actor").with("role", &actor.role);
            let roles: Vec<&str> = roles.into_iter().collect();
            refusals.push(no.with("missing", roles.join(", ")));
        }
        if !refusals.is_empty() {
            return Err(refusals);
        }
        let mut next = self.matter.clone();
        next.open_questions.remove(number);
        Ok((next, closing(number).into()))
    }

    fn taken_down(&self, step: &str, day: Day) -> Next {
        let mut next = self.matter.clone();
        let mut up = next.publications.iter_mut().rev();
        let Some(publication) = up.find(|p| p.step == step && p.until.is_none()) else {
            return Err(vec![self.no("publication-none").with("step", step)]);
        };
        publication.until = Some(day);
        Ok((next, Vec::new()))
    }

    fn withdraw(&self, actor: &Actor, day: Day, reason: &str) -> Next {
        let mut refusals = Vec::new();
        if reason.trim().is_empty() {
            refusals.push(self.no("withdraw-reason"));
        }
        if let Some(first) = self.order.steps.first().filter(|s| !s.actors.contains(&actor.role)) {
            let no = self.no("withdraw-actor").with("role", &actor.role);
            refusals.push(no.with("missing", first.actors.join(", ")));
        }
        // Money that has left, and a closed file, do not go away.
        let pays = |step: &&Step| step.stage == stage::PAY;
        let mut paid = self.order.steps.iter().filter(pays);
        if paid.any(|step| self.matter.last_done(&step.code).is_some()) {
            refusals.push(self.no("withdraw-paid"));
        }
        if self.order.is_archived(self.matter) {
            refusals.push(self.no("withdraw-archived"));
        }
        if !refusals.is_empty() {
            return Err(refusals);
        }
        let mut next = self.matter.clone();
        next.withdrawn = Some(day);
        let open = std::mem::take(&mut next.open_questions);
        Ok((next, open.keys().flat_map(|number| closing(number)).collect()))
    }
}

fn closing(number: &str) -> [Effect; 2] {
    let number = number.to_owned();
    [
        Effect::CloseQuestion { number: number.clone() },
        Effect::ClearDue { of: DueOf::Question(number) },
    ]
}

/// Roles that a gate waits for.
fn wanted(gate: &Gate) -> Vec<&String> {
    match gate {
        Gate::Check { role } => vec![role],
        Gate::Countersign { roles } => roles.iter().collect(),
        _ => Vec::new(),
    }
}
