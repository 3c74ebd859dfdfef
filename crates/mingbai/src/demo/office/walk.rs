//! A matter thought through before it is written: an officer reads the next step of the catalogue
//! and brings what its gates ask for. Whether that was right, the register decides when it happens.

use std::collections::{BTreeMap, BTreeSet};

use domain::catalogue::{Gate, Step, Versioned, is_by_tier};
use domain::deadline;
use domain::procedure::{Actor, Event, Meeting};
use domain::time::Day;
use registry::Law;

use super::super::rng::Rng;
use super::staff::Staff;

/// How far a matter comes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// Waits for its review.
    Proposed,
    /// Waits for the meeting.
    Reviewed,
    /// Waits for the check before the decision is published.
    Decided,
    /// The decision is public.
    Disclosed,
    /// Half of what follows is done.
    UnderWay,
    /// All is done.
    Archived,
    /// Reviewed, and taken back.
    Stopped,
}

impl Reach {
    /// How many of the steps are done.
    fn steps(self, steps: &[&Step]) -> usize {
        let at = |stages: &[&str], from: usize| {
            let later = steps.iter().enumerate().skip(from);
            let found = later.into_iter().find(|(_, step)| stages.contains(&step.stage.as_str()));
            found.map_or(steps.len(), |(at, _)| at)
        };
        let decides = at(&["decide", "approve"], 0);
        let discloses = at(&["disclose"], decides);
        match self {
            Self::Proposed => 1,
            Self::Reviewed | Self::Stopped => decides,
            Self::Decided => decides + 1,
            Self::Disclosed => discloses + 1,
            Self::UnderWay => (discloses + 1).midpoint(steps.len()),
            Self::Archived => steps.len(),
        }
    }
}

/// Something that happens in a matter.
#[derive(Debug, Clone)]
pub enum Deed {
    /// An event of the procedure, with a word about it.
    Event(Event, String),
    /// A villager asks.
    Ask(Day),
    /// The committee answers.
    Answer(Day, Actor),
}

impl Deed {
    /// When.
    pub fn day(&self) -> Day {
        match self {
            Self::Event(event, _) => event.day(),
            Self::Ask(day) | Self::Answer(day, _) => *day,
        }
    }
}

/// A matter to think through.
#[derive(Debug, Clone, Copy)]
pub struct Course<'a> {
    /// Steps of the power item.
    pub steps: &'a [Step],
    /// Amount in fen.
    pub amount_fen: Option<i64>,
    /// How far.
    pub reach: Reach,
    /// Days after the first publication on which a villager asks, and then until the answer.
    pub asks: Option<(i32, Option<i32>)>,
}

/// What happens, day by day, in a matter that begins on a day.
pub fn plan(law: &Law, staff: &Staff, course: &Course<'_>, from: Day, rng: &mut Rng) -> Vec<Deed> {
    let (done, filed, deeds) = (BTreeMap::new(), BTreeSet::new(), Vec::new());
    let mut walk = Walk { law, staff, course, rng, day: from, done, filed, deeds };
    let steps = main_steps(course.steps);
    let mut asks = course.asks;
    let reached = steps.get(..course.reach.steps(&steps)).unwrap_or(&steps);
    for (at, step) in reached.iter().enumerate() {
        if walk.take(step).is_none() {
            break;
        }
        // An open question stops what comes after: one without an answer is asked at the end.
        let last = at + 1 == reached.len();
        if step.stage == "disclose"
            && let Some((after, answer)) = asks.take_if(|(_, answer)| last || answer.is_some())
        {
            walk.asked(after, answer);
        }
    }
    if course.reach == Reach::Stopped {
        walk.stop(&steps);
    }
    walk.deeds
}

/// Steps that are not left out; where one of several is enough, the first of them.
fn main_steps(steps: &[Step]) -> Vec<&Step> {
    let mut main: Vec<&Step> = Vec::with_capacity(steps.len());
    for step in steps.iter().filter(|step| !step.optional) {
        let known = |code: &String| main.iter().any(|taken| taken.code == *code);
        if let Some(first) = step.after_any.first().filter(|_| !step.after_any.iter().any(known)) {
            main.extend(steps.iter().find(|other| other.code == *first));
        }
        main.push(step);
    }
    main
}

struct Walk<'a> {
    law: &'a Law,
    staff: &'a Staff,
    course: &'a Course<'a>,
    rng: &'a mut Rng,
    day: Day,
    /// When each step was done, and by whom.
    done: BTreeMap<&'a str, (Day, String)>,
    filed: BTreeSet<&'a str>,
    deeds: Vec<Deed>,
}

impl<'a> Walk<'a> {
    fn tell(&mut self, event: Event) {
        self.deeds.push(Deed::Event(event, String::new()));
    }

    /// Does a step with all that belongs to it; nothing where nobody may do it.
    fn take(&mut self, step: &'a Step) -> Option<()> {
        let actor = self.actor(step)?;
        if !self.done.is_empty() {
            self.go_on(step);
        }
        for gate in &step.gates {
            self.wait(gate);
        }
        for gate in &step.gates {
            self.bring(step, gate, &actor)?;
        }
        let checks = |gate: &Gate| matches!(gate, Gate::Check { .. });
        if step.stage == "disclose" && !step.gates.iter().any(checks) {
            // The process does not ask for it, the duty does.
            self.check(step, "VSC", &actor)?;
        }
        self.done.insert(&step.code, (self.day, actor.person.clone()));
        let event = Event::Step {
            code: step.code.clone(),
            actor,
            day: self.day,
            amount_fen: self.share(step),
            meeting: None,
        };
        self.deeds.push(Deed::Event(event, super::texts::of_step(step)));
        Some(())
    }

    /// What a payment pays where several share the amount.
    fn share(&self, step: &Step) -> Option<i64> {
        let pays = |step: &&Step| step.stage == "pay" && !step.optional;
        let payments = i64::try_from(self.course.steps.iter().filter(pays).count()).ok()?;
        let amount = self.course.amount_fen.filter(|_| step.stage == "pay" && payments > 1)?;
        Some(amount / payments)
    }

    /// The first officer of the step's roles whom no gate keeps out.
    fn actor(&self, step: &Step) -> Option<Actor> {
        let mut barred = BTreeSet::new();
        for gate in &step.gates {
            if let Gate::OtherPerson { steps, .. } = gate {
                let did = steps.iter().filter_map(|code| self.done.get(code.as_str()));
                barred.extend(did.map(|(_, person)| person.as_str()));
            }
        }
        let body = step.gates.iter().find_map(|gate| match gate {
            Gate::Meeting { body } => Some(self.body(body)),
            _ => None,
        });
        // A step of bodies is done by the one that has met.
        let of_body = |role: &&String| body.as_ref().is_none_or(|b| b == *role);
        let bodies = step.actors.iter().filter(of_body);
        let mut roles: Vec<&String> = bodies.collect();
        if roles.is_empty() {
            roles = step.actors.iter().collect();
        }
        roles.into_iter().find_map(|role| self.person(role, &barred))
    }

    fn person(&self, role: &str, barred: &BTreeSet<&str>) -> Option<Actor> {
        let free = self.staff.of(role).iter().find(|person| !barred.contains(person.as_str()));
        free.map(|person| Actor { person: person.clone(), role: role.to_owned() })
    }

    /// Somebody in a role other than another.
    fn other(&self, role: &str, than: &Actor) -> Option<Actor> {
        self.person(role, &BTreeSet::from([than.person.as_str()]))
    }

    /// Lets days pass: work takes longer than paper, and nothing comes late.
    fn go_on(&mut self, step: &Step) {
        let works = step.stage == "execute" && step.due.is_none();
        let days = if works { self.rng.between(5, 14) } else { self.rng.between(1, 3) };
        let due = step.due.as_deref().and_then(|rule| self.last_day(rule, self.day));
        let day = Day(self.day.0 + days);
        self.day = due.map_or(day, |due| day.min(due));
    }

    /// Waits until what must run has run.
    fn wait(&mut self, gate: &Gate) {
        if let Gate::Published { step, rule } | Gate::Elapsed { step, rule } = gate
            && let Some((from, _)) = self.done.get(step.as_str())
            && let Some(last) = self.last_day(rule, *from)
        {
            self.day = self.day.max(Day(last.0 + 1));
        }
    }

    /// The last day of a rule's period from a day.
    fn last_day(&self, rule: &str, from: Day) -> Option<Day> {
        let version = self.law.catalogue.deadlines.get(rule)?.on(from)?;
        let due = deadline::due(rule, version, from, &[], &[], &self.law.calendar);
        due.ok().map(|due| due.day)
    }

    /// Brings what a gate asks for.
    fn bring(&mut self, step: &'a Step, gate: &'a Gate, actor: &Actor) -> Option<()> {
        match gate {
            Gate::Documents { codes } => {
                for code in codes {
                    if self.filed.insert(code) {
                        self.tell(Event::Document { code: code.clone(), day: self.day });
                    }
                }
            }
            Gate::Meeting { body } => self.meet(step, &self.body(body), actor)?,
            Gate::Check { role } => self.check(step, role, actor)?,
            Gate::Countersign { roles } => self.sign(step, roles, actor)?,
            Gate::ExtraSignature { posts, signers } => {
                self.sign_besides(step, posts, signers, actor)
            }
            _ => {}
        }
        Some(())
    }

    fn check(&mut self, step: &Step, role: &str, actor: &Actor) -> Option<()> {
        let (actor, step) = (self.other(role, actor)?, step.code.clone());
        self.tell(Event::Check { step, actor, day: self.day, agreed: true });
        Some(())
    }

    fn sign(&mut self, step: &Step, roles: &[String], actor: &Actor) -> Option<()> {
        for role in roles {
            let actor = self.other(role, actor)?;
            self.tell(Event::Sign { step: step.code.clone(), actor, day: self.day });
        }
        Some(())
    }

    fn sign_besides(&mut self, step: &Step, posts: &[String], signers: &[String], actor: &Actor) {
        let [first, second] = posts else { return };
        let Some(holder) = self.staff.holds_both(first, second) else { return };
        let barred = BTreeSet::from([holder.as_str(), actor.person.as_str()]);
        if let Some(actor) = signers.iter().find_map(|role| self.person(role, &barred)) {
            self.tell(Event::Sign { step: step.code.clone(), actor, day: self.day });
        }
    }

    /// The body that meets: the one named, or the one that the amount belongs to.
    fn body(&self, named: &str) -> String {
        let tier = self.tier().filter(|_| is_by_tier(named));
        tier.map_or(named, |tier| tier.decides(named)).to_owned()
    }

    fn tier(&self) -> Option<&'a domain::catalogue::Tier> {
        let set = self.law.catalogue.tiers_on(self.day)?;
        let amount = self.course.amount_fen?;
        // Nobody presides over a joint signature: the lowest body that meets decides instead.
        let mut tiers = set.tiers.iter().filter(|tier| tier.body != "SIGN");
        tiers.find(|tier| tier.below_fen.is_none_or(|end| amount < end))
    }

    fn meet(&mut self, step: &Step, body: &str, actor: &Actor) -> Option<()> {
        let members = match body {
            "TWO" | "RB" | "VPB" => self.rng.between(7, 9),
            "VRM" | "PM" | "RRM" | "GRP" => self.rng.between(28, 45),
            _ => self.rng.between(420, 900),
        };
        let present = members - self.rng.between(0, members / 12);
        let votes_for = present - self.rng.between(0, present / 15);
        let against = (present - votes_for) / 2;
        let count = |n: i32| n.unsigned_abs();
        let meeting = Meeting {
            body: body.to_owned(),
            called_on: Some(Day(self.day.0 - 12)),
            held_on: self.day,
            should_attend: count(members),
            present: count(present),
            households_total: Some(count(members / 3)),
            households_present: Some(count(present / 3)),
            votes_for: count(votes_for),
            votes_against: count(against),
            abstentions: count(present - votes_for - against),
            head_spoke_last: true,
            ballots_recorded: true,
            attendees: Vec::new(),
        };
        let (code, day) = (step.code.clone(), self.day);
        self.tell(Event::Meeting { step: code, day, meeting: Box::new(meeting) });
        let by_tier =
            step.gates.iter().any(|g| matches!(g, Gate::Meeting { body } if is_by_tier(body)));
        match self.tier().filter(|_| by_tier) {
            Some(tier) => self.sign(step, &tier.countersign, actor),
            None => Some(()),
        }
    }

    fn asked(&mut self, after: i32, answer: Option<i32>) {
        self.day = Day(self.day.0 + after);
        self.deeds.push(Deed::Ask(self.day));
        let answering = self.course.steps.iter().filter(|step| step.stage == "answer");
        let mut roles = answering.flat_map(|step| &step.actors);
        let actor = roles.find_map(|role| self.person(role, &BTreeSet::new()));
        if let (Some(days), Some(actor)) = (answer, actor) {
            self.day = Day(self.day.0 + days);
            self.deeds.push(Deed::Answer(self.day, actor));
        }
    }

    fn stop(&mut self, steps: &[&Step]) {
        self.day = Day(self.day.0 + 1);
        let first = steps.first().and_then(|step| self.actor(step));
        if let Some(actor) = first {
            let reason = super::texts::STOPPED.to_owned();
            self.tell(Event::Withdraw { actor, day: self.day, reason });
        }
    }
}
