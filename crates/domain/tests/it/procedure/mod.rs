//! The interpreter of processes.

mod gates;
mod never;

use std::collections::BTreeMap;
use std::sync::LazyLock;

use domain::calendar::WorkCalendar;
use domain::catalogue::{BodyVersion, DeadlineVersion, Step, TierSet};
use domain::procedure::{Actor, Effect, Event, Matter, Meeting, Post, Rules, advance};
use domain::time::Day;
use serde::Deserialize;

#[derive(Deserialize)]
struct Process {
    deadlines: BTreeMap<String, DeadlineVersion>,
    bodies: BTreeMap<String, BodyVersion>,
    tiers: TierSet,
    steps: Vec<Step>,
}

static PROCESS: LazyLock<Process> =
    LazyLock::new(|| toml::from_str(include_str!("../cases/process.toml")).expect("process"));
static CALENDAR: LazyLock<WorkCalendar> = LazyLock::new(WorkCalendar::default);

/// Day 0 of these tests, 2026-03-02.
const START: i32 = 20_514;

fn rules() -> Rules<'static> {
    Rules {
        bodies: &PROCESS.bodies,
        tiers: Some(&PROCESS.tiers),
        deadlines: &PROCESS.deadlines,
        calendar: &CALENDAR,
        basis: "试行办法",
    }
}

fn day(n: i32) -> Day {
    Day(START + n)
}

fn actor(person: &str, role: &str) -> Actor {
    Actor { person: person.into(), role: role.into() }
}

fn step(code: &str, person: &str, role: &str, n: i32) -> Event {
    Event::Step {
        code: code.into(),
        actor: actor(person, role),
        day: day(n),
        amount_fen: None,
        meeting: None,
    }
}

fn with_amount(event: Event, fen: i64) -> Event {
    match event {
        Event::Step { code, actor, day, meeting, .. } => {
            Event::Step { code, actor, day, amount_fen: Some(fen), meeting }
        }
        other => other,
    }
}

/// A good meeting of a body, called in time.
fn meeting(body: &str, n: i32) -> Meeting {
    Meeting {
        body: body.into(),
        called_on: Some(day(n - 10)),
        held_on: day(n),
        should_attend: 30,
        present: 20,
        households_total: None,
        households_present: None,
        votes_for: 20,
        votes_against: 0,
        abstentions: 0,
        head_spoke_last: true,
        ballots_recorded: true,
        attendees: vec!["p1".into(), "p2".into()],
    }
}

fn held(step: &str, n: i32, meeting: Meeting) -> Event {
    Event::Meeting { step: step.into(), day: day(n), meeting: Box::new(meeting) }
}

fn check(step: &str, person: &str, role: &str, n: i32, agreed: bool) -> Event {
    Event::Check { step: step.into(), actor: actor(person, role), day: day(n), agreed }
}

fn sign(step: &str, person: &str, role: &str, n: i32) -> Event {
    Event::Sign { step: step.into(), actor: actor(person, role), day: day(n) }
}

fn document(code: &str, n: i32) -> Event {
    Event::Document { code: code.into(), day: day(n) }
}

fn question(number: &str, n: i32) -> Event {
    Event::Question { number: number.into(), asker: Some("p9".into()), day: day(n) }
}

fn answer(number: &str, person: &str, role: &str, n: i32) -> Event {
    Event::Answer { number: number.into(), actor: actor(person, role), day: day(n) }
}

/// A matter of a village whose secretary p1 is also its head.
fn one_man_village() -> Matter {
    let post = |role: &str| Post { role: role.into(), person: "p1".into() };
    Matter { posts: vec![post("VPS"), post("VCH")], ..Matter::default() }
}

fn run(matter: &Matter, events: &[Event]) -> Matter {
    let mut matter = matter.clone();
    for event in events {
        matter = advance(&PROCESS.steps, &rules(), &matter, event)
            .unwrap_or_else(|no| panic!("{event:?} is refused: {no:?}"))
            .0;
    }
    matter
}

fn refused(matter: &Matter, event: &Event) -> Vec<&'static str> {
    match advance(&PROCESS.steps, &rules(), matter, event) {
        Ok(_) => Vec::new(),
        Err(no) => no.iter().map(|no| no.rule).collect(),
    }
}

fn effects(matter: &Matter, event: &Event) -> Vec<Effect> {
    advance(&PROCESS.steps, &rules(), matter, event).expect("allowed").1
}

/// The whole way of a small matter, event by event.
fn small_matter() -> Vec<Event> {
    vec![
        document("proposal", 0),
        with_amount(step("propose", "p2", "VC", 0), 500_000),
        step("review", "p3", "VSC", 1),
        held("decide", 2, meeting("TWO", 2)),
        sign("decide", "p7", "TG", 2),
        step("decide", "p2", "VC", 2),
        check("disclose", "p3", "VSC", 3, true),
        step("disclose", "p2", "VC", 3),
        step("execute", "p2", "VC", 7),
        sign("pay", "p1", "VPS", 11),
        with_amount(step("pay", "p6", "TAC", 11), 500_000),
        step("report_paper", "p2", "VC", 12),
        step("answer", "p2", "VC", 12),
        step("archive", "p5", "VAC", 13),
    ]
}
