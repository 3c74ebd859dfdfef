//! No sequence of events gets past a gate: what was let through is checked again from the list of
//! events alone, by other code.

use domain::procedure::{Event, Matter, Meeting, advance, open_steps};
use proptest::prelude::*;

use super::*;

const STEPS: [&str; 11] = [
    "propose",
    "consult",
    "review",
    "decide",
    "disclose",
    "execute",
    "pay",
    "report_paper",
    "report_meeting",
    "answer",
    "archive",
];
const ROLES: [&str; 6] = ["VC", "VSC", "VAC", "TAC", "TG", "VPS"];

/// What a hand does next: anything at all, or what seems to be missing.
#[derive(Debug, Clone)]
enum Move {
    Any(Box<Event>),
    Help { pick: usize, person: u8, later: i32, amount: Option<i64>, meeting: Meeting },
}

fn person() -> impl Strategy<Value = String> {
    (1..6_u8).prop_map(|n| format!("p{n}"))
}

fn any_meeting() -> impl Strategy<Value = Meeting> {
    let body = prop::sample::select(vec!["TWO", "VM", "PM"]);
    (body, -12..2_i32, 0..40_u32, 0..40_u32, any::<bool>()).prop_map(
        |(body, n, present, yes, last)| Meeting {
            present,
            votes_for: yes,
            head_spoke_last: last,
            ..meeting(body, n)
        },
    )
}

/// Meetings on both sides of each edge.
fn near_meeting() -> impl Strategy<Value = Meeting> {
    let body = prop::sample::select(vec!["TWO", "VM"]);
    (body, -2..1_i32, 8..12_i32, 14..19_u32, 0..3_u32, 0..9_u8).prop_map(
        |(body, n, notice, present, more, minutes)| Meeting {
            called_on: Some(day(n - notice)),
            present,
            votes_for: present / 2 + more - 1,
            head_spoke_last: minutes > 0,
            ballots_recorded: minutes != 1,
            ..meeting(body, n)
        },
    )
}

/// Days are counted from the day reached, so that events may come in order.
fn any_event() -> impl Strategy<Value = Event> {
    let step = || prop::sample::select(STEPS.to_vec()).prop_map(str::to_owned);
    let role = || prop::sample::select(ROLES.to_vec());
    let actor = || (person(), role()).prop_map(|(person, role)| actor(&person, role));
    let day = || (-1..6_i32).prop_map(Day);
    let amount = prop::option::of(-5..2_000_000_i64);
    let number = || (0..3_u8).prop_map(|n| format!("Q{n}"));
    let held = prop::option::of(any_meeting().prop_map(Box::new));
    prop_oneof![
        4 => (step(), actor(), day(), amount, held).prop_map(
            |(code, actor, day, amount_fen, meeting)| Event::Step {
                code, actor, day, amount_fen, meeting
            }
        ),
        1 => (step(), day(), any_meeting()).prop_map(|(step, day, meeting)| Event::Meeting {
            step, day, meeting: Box::new(meeting)
        }),
        1 => (step(), actor(), day(), any::<bool>()).prop_map(
            |(step, actor, day, agreed)| Event::Check { step, actor, day, agreed }
        ),
        1 => (step(), actor(), day()).prop_map(|(step, actor, day)| Event::Sign {
            step, actor, day
        }),
        1 => day().prop_map(|day| Event::Document { code: "proposal".into(), day }),
        1 => (number(), day()).prop_map(|(number, day)| Event::Question {
            number, asker: None, day
        }),
        1 => (number(), actor(), day()).prop_map(|(number, actor, day)| Event::Answer {
            number, actor, day
        }),
        1 => (step(), day()).prop_map(|(step, day)| Event::TakenDown { step, day }),
    ]
}

fn moves() -> impl Strategy<Value = Vec<Move>> {
    let amount = prop::option::of(1..1_500_000_i64);
    let help = (0..8_usize, 1..6_u8, 0..5_i32, amount, near_meeting()).prop_map(
        |(pick, person, later, amount, meeting)| Move::Help {
            pick,
            person,
            later,
            amount,
            meeting,
        },
    );
    let any = any_event().prop_map(|event| Move::Any(Box::new(event)));
    prop::collection::vec(prop_oneof![4 => help, 1 => any], 1..120)
}

/// Moves a meeting from day 0 of these tests to the day reached.
fn at(meeting: Meeting, now: i32) -> Box<Meeting> {
    let to = |d: Day| Day(d.0 - START + now);
    let called_on = meeting.called_on.map(to);
    Box::new(Meeting { held_on: to(meeting.held_on), called_on, ..meeting })
}

/// Moves the days of an event to the day reached.
fn shifted(event: Event, now: i32) -> Event {
    let to = |d: Day| Day(now + d.0);
    let at = |meeting: Box<Meeting>| at(*meeting, now);
    match event {
        Event::Step { code, actor, day, amount_fen, meeting } => {
            Event::Step { code, actor, day: to(day), amount_fen, meeting: meeting.map(at) }
        }
        Event::Meeting { step, day, meeting } => {
            Event::Meeting { step, day: to(day), meeting: at(meeting) }
        }
        Event::Check { step, actor, day, agreed } => {
            Event::Check { step, actor, day: to(day), agreed }
        }
        Event::Sign { step, actor, day } => Event::Sign { step, actor, day: to(day) },
        Event::Document { code, day } => Event::Document { code, day: to(day) },
        Event::Question { number, asker, day } => Event::Question { number, asker, day: to(day) },
        Event::Answer { number, actor, day } => Event::Answer { number, actor, day: to(day) },
        Event::TakenDown { step, day } => Event::TakenDown { step, day: to(day) },
        other => other,
    }
}

/// The event that a helpful hand would try next.
fn helpful(
    matter: &Matter,
    (pick, who): (usize, u8),
    now: i32,
    amount: Option<i64>,
    meeting: Box<Meeting>,
) -> Option<Event> {
    let open = open_steps(&PROCESS.steps, &rules(), matter, Day(now));
    let next = open.get(pick % open.len().max(1))?;
    let (code, day, person) = (next.code.clone(), Day(now), format!("p{who}"));
    let by = |role: &str| actor(&person, role);
    Some(match next.missing.first().map(|no| no.rule) {
        Some("gate-documents") => Event::Document { code: "proposal".into(), day },
        Some(no) if no.starts_with("gate-meeting") => Event::Meeting { step: code, day, meeting },
        Some("gate-head-last" | "gate-ballots") => Event::Meeting { step: code, day, meeting },
        Some("gate-check" | "gate-check-objected") => {
            Event::Check { step: code, actor: by("VSC"), day, agreed: true }
        }
        Some("gate-countersign") if code == "pay" => {
            Event::Sign { step: code, actor: by("VPS"), day }
        }
        Some("gate-countersign" | "gate-extra-signature") => {
            Event::Sign { step: code, actor: by("TG"), day }
        }
        Some("gate-questions") => {
            let number = matter.open_questions.keys().next()?.clone();
            Event::Answer { number, actor: by("VC"), day }
        }
        _ => Event::Step {
            actor: by(next.actors.first()?),
            code,
            day,
            amount_fen: amount,
            meeting: None,
        },
    })
}

fn play(moves: Vec<Move>) -> (Vec<Event>, Matter) {
    let (mut matter, mut now, mut history) = (one_man_village(), START, Vec::new());
    for one in moves {
        let event = match one {
            Move::Any(event) => Some(shifted(*event, now)),
            Move::Help { pick, person, later, amount, meeting } => {
                let meeting = at(meeting, now + later);
                helpful(&matter, (pick, person), now + later, amount, meeting)
            }
        };
        let Some(event) = event else { continue };
        if let Ok((next, _)) = advance(&PROCESS.steps, &rules(), &matter, &event) {
            (matter, now) = (next, event.day().0);
            history.push(event);
        }
    }
    (history, matter)
}

type StepEvent<'a> = (&'a str, &'a Actor, Day, Option<i64>, Option<&'a Meeting>);

fn as_step(event: &Event) -> Option<StepEvent<'_>> {
    match event {
        Event::Step { code, actor, day, amount_fen, meeting } => {
            Some((code, actor, *day, *amount_fen, meeting.as_deref()))
        }
        _ => None,
    }
}

/// What happened before a step, read off the list of events.
struct Past<'a> {
    events: &'a [Event],
    step: StepEvent<'a>,
}

impl Past<'_> {
    fn done(&self, code: &str) -> Vec<StepEvent<'_>> {
        self.events.iter().filter_map(as_step).filter(|s| s.0 == code).collect()
    }

    fn has(&self, code: &str) {
        assert!(!self.done(code).is_empty(), "{} without {code}", self.step.0);
    }

    /// The amount that was proposed last before it was decided on.
    fn proposed(&self) -> Option<i64> {
        let steps = self.events.iter().filter_map(as_step).take_while(|s| s.0 != "decide");
        steps.filter(|s| ["propose", "consult"].contains(&s.0)).filter_map(|s| s.3).last()
    }

    fn open_questions(&self) -> usize {
        let asked = self.events.iter().filter(|e| matches!(e, Event::Question { .. })).count();
        asked - self.events.iter().filter(|e| matches!(e, Event::Answer { .. })).count()
    }

    /// Who signed since the step was last done, the actor left out.
    fn signers(&self, role: &str) -> Vec<&str> {
        let same = |e: &Event| as_step(e).is_some_and(|s| s.0 == self.step.0);
        let since = self.events.iter().rposition(same).map_or(0, |at| at + 1);
        let signed = self.events[since..].iter().filter_map(|e| match e {
            Event::Sign { step, actor, .. } if step == self.step.0 && actor.role == role => {
                Some(actor.person.as_str())
            }
            _ => None,
        });
        signed.filter(|person| *person != self.step.1.person).collect()
    }

    /// What the supervision committee said last of a step, the actor left out.
    fn checked(&self) -> Option<bool> {
        self.events.iter().rev().find_map(|e| match e {
            Event::Check { step, actor, agreed, .. }
                if step == self.step.0
                    && actor.role == "VSC"
                    && actor.person != self.step.1.person =>
            {
                Some(*agreed)
            }
            _ => None,
        })
    }

    fn meeting(&self) -> &Meeting {
        let last = self.events.iter().rev().find_map(|e| match e {
            Event::Meeting { step, meeting, .. } if step == self.step.0 => Some(&**meeting),
            _ => None,
        });
        self.step.4.or(last).expect("a meeting")
    }

    fn recheck_decision(&self) {
        let (_, _, day, amount, _) = self.step;
        let held = self.meeting();
        let large = amount.or(self.proposed()).expect("an amount") >= 1_000_000;
        assert!(held.body == "VM" || (held.body == "TWO" && !large), "{held:?}");
        assert!(held.held_on >= self.done("review")[0].2 && held.held_on <= day);
        assert!(2 * held.present > held.should_attend && held.present <= 30);
        assert!(2 * held.votes_for > held.present && held.votes_for <= held.present);
        assert!(held.body != "VM" || held.held_on.0 - held.called_on.expect("called").0 >= 10);
        assert!(held.head_spoke_last && held.ballots_recorded);
        assert!(self.signers("TG").iter().any(|p| *p != "p1"), "a third signature");
    }

    fn recheck_payment(&self) {
        let (_, _, day, amount, _) = self.step;
        assert!(day.0 - self.done("execute").first().expect("executed").2.0 > 3);
        assert_eq!(self.open_questions(), 0);
        assert!(!self.signers("VPS").is_empty());
        let proposed = self.proposed();
        let paid = self.done("pay").into_iter().map(|s| s.3.or(proposed).expect("amount"));
        let sum: i64 = paid.sum::<i64>() + amount.or(proposed).expect("amount");
        let decided = self.done("decide").first().and_then(|s| s.3).or(proposed).expect("decided");
        assert!(sum * 100 <= decided * 105, "{sum} of {decided}");
    }
}

/// What must have happened before each step, written down by hand for the process of these tests.
fn recheck(events: &[Event], step: StepEvent<'_>) {
    let past = Past { events, step };
    let (code, actor, day, ..) = step;
    match code {
        "propose" => {
            let paper = |e: &Event| matches!(e, Event::Document { code, .. } if code == "proposal");
            assert!(events.iter().any(paper));
        }
        "consult" => past.has("propose"),
        "review" => {
            past.has("propose");
            assert_ne!(past.done("propose")[0].1.person, actor.person);
        }
        "decide" => {
            past.has("review");
            past.recheck_decision();
        }
        "disclose" => {
            past.has("decide");
            assert_eq!(past.checked(), Some(true));
        }
        "execute" => {
            let from = past.done("disclose").first().expect("disclosed").2;
            assert!(day.0 - from.0 > 3);
            assert!(!events.iter().any(|e| matches!(
                e, Event::TakenDown { step, day } if step == "disclose" && day.0 - from.0 < 3
            )));
        }
        "pay" => past.recheck_payment(),
        "report_paper" | "report_meeting" => past.has("pay"),
        "answer" => {
            let reports = ["report_paper", "report_meeting"];
            assert!(reports.iter().any(|report| !past.done(report).is_empty()));
        }
        "archive" => {
            past.has("answer");
            assert_eq!(past.open_questions(), 0, "archived with an open question");
        }
        other => panic!("{other}"),
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(600))]

    #[test]
    fn no_sequence_of_events_gets_past_a_gate(moves in moves()) {
        let (history, matter) = play(moves);
        for (at, event) in history.iter().enumerate() {
            let Some(step) = as_step(event) else { continue };
            recheck(&history[..at], step);
            let known = PROCESS.steps.iter().find(|s| s.code == step.0).expect("known");
            prop_assert!(known.actors.contains(&step.1.role));
            prop_assert!(step.3.is_none_or(|amount| amount >= 0));
        }
        prop_assert!(history.windows(2).all(|pair| pair[0].day() <= pair[1].day()));
        if matter.times_done("archive") > 0 {
            prop_assert!(matter.open_questions.is_empty());
        }
    }
}

/// The moves above do reach the end, or the property would say little.
#[test]
fn the_moves_reach_the_archive() {
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let mut archived = 0;
    for _ in 0..300 {
        let tree = moves().new_tree(&mut runner).expect("moves");
        let (_, matter) = play(proptest::strategy::ValueTree::current(&tree));
        archived += usize::from(matter.times_done("archive") > 0);
    }
    assert!(archived > 20, "{archived} of 300");
}
