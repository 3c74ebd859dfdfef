//! From a finding to what is published, by the shipped catalogue.

mod always;
mod cases;
mod following;

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::LazyLock;

use domain::calendar::WorkCalendar;
use domain::catalogue::{Catalogue, DeadlineVersion, ProcedureVersion, Versioned};
use domain::procedure::{Actor, Rules};
use domain::recusal::{
    Conflict, Part, Party, Policy, Relation, Relations, Subject, Tie, conflicts,
};
use domain::supervision::clue::{self, Clue, Doing, Effect, Outcome, Way};
use domain::supervision::rules::{SupervisionRules, Version};
use domain::time::Day;

pub struct World {
    pub rules: SupervisionRules,
    pub catalogue: Catalogue,
    pub calendar: WorkCalendar,
    pub policy: Policy,
}

pub static WORLD: LazyLock<World> = LazyLock::new(|| {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../catalogues");
    let read = |path: &Path| std::fs::read_to_string(path).expect("text");
    let mut files = Vec::new();
    for folder in ["", "procedures", "deadlines", "calendars"] {
        for entry in std::fs::read_dir(root.join(folder)).expect("folder") {
            let path = entry.expect("entry").path();
            if path.extension().is_some_and(|ending| ending == "toml") {
                let name = path.strip_prefix(&root).expect("below").display().to_string();
                files.push((name, read(&path)));
            }
        }
    }
    let catalogue = Catalogue::load(&files).0;
    let policy = Policy::parse("recusal.toml", &read(&root.join("recusal.toml")));
    let text = read(&root.join("supervision.toml"));
    let rules = SupervisionRules::parse("supervision.toml", &text).expect("rules");
    let calendar = WorkCalendar::new(&catalogue.calendars);
    World { rules, calendar, policy: policy.expect("policy").remove(0), catalogue }
});

pub fn day(text: &str) -> Day {
    Day::parse(text).expect("a day")
}

pub fn version() -> &'static Version {
    WORLD.rules.on(day("2026-03-02")).expect("in force")
}

pub fn process(code: &str) -> &'static ProcedureVersion {
    WORLD.catalogue.procedures[code].on(day("2026-03-02")).expect("in force")
}

/// p0 is accused; p1 is his brother; everybody else is nobody's.
pub fn conflict(person: &str) -> Conflict {
    let party = |person: &str| Party { person: person.to_owned(), ..Party::default() };
    let subject = Subject { persons: vec![(Part::Accused, party("p0"))], ..Subject::default() };
    let tie = Relation { first: "p0".into(), second: "p1".into(), tie: Tie::Sibling };
    conflicts(&WORLD.policy, &party(person), &subject, &Relations::new(&[tie]))
}

pub fn doing(step: &str, role: &str, person: &str, on: Day) -> Doing {
    Doing {
        step: step.to_owned(),
        actor: Actor { person: person.to_owned(), role: role.to_owned() },
        day: on,
        words: "说明".to_owned(),
        way: None,
        outcome: None,
    }
}

pub type Done = Result<(Clue, Vec<Effect>), Vec<&'static str>>;

pub fn act(known: &Clue, doing: &Doing) -> Done {
    let process = process("clue");
    let deadlines: BTreeMap<String, DeadlineVersion> = WORLD
        .catalogue
        .deadlines
        .iter()
        .filter_map(|(code, rule)| Some((code.clone(), rule.on(doing.day)?.clone())))
        .collect();
    let bodies = BTreeMap::new();
    let rules = Rules {
        bodies: &bodies,
        tiers: None,
        deadlines: &deadlines,
        calendar: &WORLD.calendar,
        basis: "01-procedures 5",
    };
    let against = conflict(&doing.actor.person);
    let next = clue::advance(&process.steps, &rules, known, doing, (&against, &process.basis));
    next.map_err(|refusals| refusals.into_iter().map(|no| no.rule).collect())
}

/// A clue with an approved way.
pub fn disposed(way: Way) -> Clue {
    let on = day("2026-03-02");
    let mut known = Clue::default();
    for (step, role, person) in [
        ("receive", "TDI", "p2"),
        ("register", "CA", "p3"),
        ("screen", "CA", "p3"),
        ("propose_disposition", "CJ", "p4"),
        ("approve_disposition", "CL2", "p5"),
    ] {
        let way = (step == "propose_disposition").then_some(way);
        let done = act(&known, &Doing { way, ..doing(step, role, person, on) });
        known = done.unwrap_or_else(|no| panic!("{step}: {no:?}")).0;
    }
    known
}

pub fn reported(outcome: Outcome) -> Clue {
    let on = day("2026-03-20");
    let mut known = disposed(Way::Verification);
    for (step, role, person) in [
        ("verification_approve", "CL1", "p6"),
        ("verification", "CJ", "p4"),
        ("verification_report", "CJ", "p4"),
        ("report_result", "CJ", "p4"),
        ("approve_result", "CL2", "p5"),
    ] {
        let outcome = (step == "report_result").then_some(outcome);
        let done = act(&known, &Doing { outcome, ..doing(step, role, person, on) });
        known = done.unwrap_or_else(|no| panic!("{step}: {no:?}")).0;
    }
    known
}
