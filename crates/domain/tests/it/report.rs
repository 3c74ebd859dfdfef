//! What a form must hold, and what may happen to a report in which order.

use domain::catalogue::Catalogue;
use domain::report::handling::{Act, Case, DueFor, Effect, Stage, State, advance, filed};
use domain::report::{Facts, Form, Identity, intake};
use proptest::prelude::*;

use crate::routing::RULES;

fn form() -> Form {
    let facts = Facts {
        door: "accusation".into(),
        place: "c/t1/v1".into(),
        topic: "collective".into(),
        ..Facts::default()
    };
    Form { facts, text: "修路的钱对不上".into(), ..Form::default() }
}

#[test]
fn a_form_is_split_and_every_mistake_is_told_at_once() {
    let voice = b"RIFF\x04\0\0\0WAVE".to_vec();
    let mut good = form();
    good.text.clear();
    good.attachments = vec![("/tmp/录音.wav".into(), voice.clone())];
    good.identity =
        Some(Identity { name: "甲".into(), contact: "13800138000".into(), ..Identity::default() });
    let parts = intake(good, &RULES).expect("a good form");
    assert_eq!(parts.content.attachments[0].name, "录音.wav");
    assert_eq!((parts.attachments, parts.identity.is_some()), (vec![voice], true));
    let bad = Form {
        facts: Facts {
            door: "x".into(),
            topic: "y".into(),
            posts: ["z".into()].into(),
            ..Facts::default()
        },
        attachments: vec![("a.exe".into(), b"MZ".to_vec())],
        identity: Some(Identity { name: "甲".into(), ..Identity::default() }),
        visitors: 6,
        ..Form::default()
    };
    let problems = intake(bad, &RULES).expect_err("mistakes");
    let codes: Vec<_> = problems.iter().map(|p| p.code).collect();
    assert_eq!(
        codes,
        [
            "petition-door-unknown",
            "petition-topic-unknown",
            "petition-post-unknown",
            "petition-attachment-kind",
            "petition-identity-partial",
            "petition-visitors-many",
        ]
    );
    let said = format!("{problems:?}");
    assert!(!said.contains('甲') && !said.contains("a.exe"), "{said}");
    let nothing = Form { text: "  ".into(), ..form() };
    assert_eq!(intake(nothing, &RULES).expect_err("nothing")[0].code, "petition-empty");
}

#[test]
fn the_rules_name_only_what_the_catalogue_knows() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../catalogues");
    let mut files = Vec::new();
    for path in
        ["roles.toml", "deadlines/own.toml", "deadlines/petition.toml", "deadlines/accusation.toml"]
    {
        files.push((path.to_owned(), std::fs::read_to_string(folder.join(path)).expect(path)));
    }
    let (catalogue, _) = Catalogue::load(&files);
    assert_eq!(RULES.unknown(&catalogue), Vec::<String>::new());
    let (empty, _) = Catalogue::load(&[]);
    assert!(RULES.unknown(&empty).len() > 20);
}

fn case(door: &str, named: bool) -> Case {
    Case { door: door.into(), named, ..Case::default() }
}

fn reply(person: &str) -> Act {
    Act::Reply { office: format!("office of {person}"), person: person.into() }
}

/// Does acts one after the other; the last refusal's rule, if one is refused.
fn walk(mut case: Case, acts: &[Act]) -> Result<Case, &'static str> {
    for act in acts {
        case = advance(&RULES, &case, act).map_err(|no| no[0].rule)?.0;
    }
    Ok(case)
}

#[test]
fn real_names_are_told_sooner_or_later_than_others_as_the_rules_say() {
    let door = RULES.door("accusation").expect("a door");
    let due = |named| filed(&case("accusation", named), door, Some("JJ-01"));
    assert_eq!(due(true)[0], Effect::Set(DueFor::HandOver, "JJ-01".into()));
    assert_eq!(due(true)[1], Effect::Set(DueFor::Accept, "JJ-10".into()));
    assert_eq!(due(false)[1], Effect::Set(DueFor::Accept, "JJ-04".into()));
    let concluded = |named| {
        let worked = walk(case("accusation", named), &[Act::Accept]).expect("accepted");
        advance(&RULES, &worked, &Act::Conclude).expect("concluded").1
    };
    assert!(concluded(true).contains(&Effect::Set(DueFor::Tell, "JJ-11".into())));
    assert_eq!(concluded(false), [Effect::Met(DueFor::Settle)]);
}

#[test]
fn acts_have_their_order() {
    let ask = Act::AskReview { in_time: true };
    let not_solved = Act::Rate { solved: false };
    let contested =
        [Act::Transfer { from: "CX@c".into() }, Act::Contest, Act::Settle { back: true }];
    for (acts, expect) in [
        (vec![reply("a")], Err("petition-state")),
        (vec![Act::Accept, Act::Accept], Err("petition-state")),
        (vec![Act::Accept, reply("a"), not_solved.clone(), reply("a")], Ok(State::Replied)),
        (
            vec![Act::Accept, reply("a"), not_solved.clone(), reply("a"), not_solved],
            Err("petition-reopen-times"),
        ),
        (vec![Act::Accept, reply("a"), ask.clone(), reply("a")], Err("petition-decided-before")),
        (
            vec![Act::Accept, reply("a"), ask.clone(), reply("b"), ask.clone(), reply("c")],
            Ok(State::Replied),
        ),
        (
            vec![
                Act::Accept,
                reply("a"),
                ask.clone(),
                reply("b"),
                ask.clone(),
                reply("c"),
                ask.clone(),
            ],
            Err("petition-review-over"),
        ),
        (
            vec![Act::Accept, reply("a"), Act::AskReview { in_time: false }],
            Err("petition-review-late"),
        ),
        (vec![Act::Accept, reply("a"), Act::Close { open: true }], Err("petition-review-open")),
        (vec![Act::Accept, reply("a"), Act::Close { open: false }], Ok(State::Closed)),
        (vec![Act::Accept, reply("a"), Act::Rate { solved: true }], Ok(State::Closed)),
        (vec![Act::Refuse, ask], Ok(State::Accepted)),
        (vec![Act::Contest], Err("petition-not-handed")),
        (contested.to_vec(), Ok(State::Received)),
        ([contested.to_vec(), vec![Act::Contest]].concat(), Err("petition-not-handed")),
        (vec![Act::Accept, Act::Resume], Err("petition-not-paused")),
        (
            vec![Act::Accept, Act::Pause { ground: "hearing".into() }, reply("a")],
            Err("petition-paused"),
        ),
        (vec![Act::Merge, Act::Accept], Err("petition-state")),
    ] {
        let found = walk(case("request", true), &acts).map(|case| case.state);
        assert_eq!(found, expect, "{acts:?}");
    }
}

#[test]
fn a_transfer_that_is_not_one_s_own_goes_back_to_its_sender() {
    let handed = [Act::Transfer { from: "CX@c".into() }, Act::Contest];
    let contested = walk(case("request", false), &handed).expect("contested");
    let (_, back) = advance(&RULES, &contested, &Act::Settle { back: true }).expect("back");
    assert!(back.contains(&Effect::Back("CX@c".into())), "{back:?}");
    let (stays, effects) =
        advance(&RULES, &contested, &Act::Settle { back: false }).expect("stays");
    assert_eq!((stays.state, effects), (State::Received, vec![Effect::Drop(DueFor::Contest)]));
}

fn objects(in_time: bool) -> Act {
    Act::ObjectTransfer { in_time, decider: "CX@c".into() }
}

#[test]
fn the_reporter_objects_to_a_transfer_once_also_after_it_was_accepted() {
    let handed = Act::Transfer { from: "CX@c".into() };
    let left = Act::Settle { back: false };
    let taken = Act::Settle { back: true };
    for (acts, expect) in [
        (vec![objects(true)], Err("petition-not-handed")),
        (vec![handed.clone(), objects(false)], Err("petition-object-late")),
        (vec![handed.clone(), objects(true), Act::Accept], Err("petition-state")),
        (vec![handed.clone(), objects(true), left.clone()], Ok(State::Received)),
        (vec![handed.clone(), Act::Accept, objects(true), left.clone()], Ok(State::Accepted)),
        (vec![handed.clone(), Act::Accept, objects(true), taken.clone()], Ok(State::Received)),
        (vec![handed.clone(), objects(true), left, objects(true)], Err("petition-not-handed")),
        (
            vec![handed.clone(), Act::Accept, Act::Conclude, objects(true)],
            Err("petition-concluded"),
        ),
        (vec![handed.clone(), Act::Accept, reply("a"), objects(true)], Err("petition-state")),
    ] {
        let found = walk(case("request", true), &acts).map(|case| case.state);
        assert_eq!(found, expect, "{acts:?}");
    }
    let waits =
        walk(case("accusation", false), &[handed, Act::Accept, objects(true)]).expect("waits");
    assert_eq!(waits.decides().map(String::as_str), Some("CX@c"));
    let (back, effects) = advance(&RULES, &waits, &taken).expect("taken back");
    assert_eq!((back.objection, back.sender), (None, None));
    for effect in [Effect::Back("CX@c".into()), Effect::TellReporter, Effect::Drop(DueFor::Settle)]
    {
        assert!(effects.contains(&effect), "{effect:?} is not among {effects:?}");
    }
}

fn acts() -> impl Strategy<Value = Act> {
    prop_oneof![
        Just(Act::Accept),
        Just(Act::Refuse),
        Just(Act::Transfer { from: "x".into() }),
        Just(Act::Contest),
        any::<bool>().prop_map(|back| Act::Settle { back }),
        any::<bool>().prop_map(objects),
        Just(Act::Extend),
        Just(Act::Pause { ground: "hearing".into() }),
        Just(Act::Resume),
        Just(Act::Conclude),
        (0..4_u8).prop_map(|n| reply(&n.to_string())),
        any::<bool>().prop_map(|solved| Act::Rate { solved }),
        any::<bool>().prop_map(|in_time| Act::AskReview { in_time }),
        any::<bool>().prop_map(|open| Act::Close { open }),
    ]
}

proptest! {
    /// Whatever is done in whatever order: nobody reviews himself, nothing is open without something
    /// due, and what is over stays over.
    #[test]
    fn nothing_open_is_without_a_due_day(list in proptest::collection::vec(acts(), 0..30), named: bool) {
        let door = RULES.door("accusation").expect("a door");
        let mut case = case("accusation", named);
        let mut due: std::collections::BTreeSet<DueFor> = std::collections::BTreeSet::new();
        let follow = |effects: &[Effect], due: &mut std::collections::BTreeSet<DueFor>| {
            for effect in effects {
                match effect {
                    Effect::Set(what, rule) => {
                        assert!(!rule.is_empty());
                        due.insert(*what);
                    }
                    Effect::Met(what) | Effect::Drop(what) => { due.remove(what); }
                    _ => {}
                }
            }
        };
        follow(&filed(&case, door, None), &mut due);
        for act in list {
            let Ok((next, effects)) = advance(&RULES, &case, &act) else { continue };
            if let Act::Reply { person, .. } = &act {
                prop_assert!(!case.deciders.contains(person));
            }
            follow(&effects, &mut due);
            case = next;
            let what = match case.state {
                State::Contested if case.objection.is_some() => Some(DueFor::DecideTransfer),
                State::Received | State::Contested => Some(DueFor::Accept),
                State::Accepted if case.concluded => None,
                State::Accepted => Some(DueFor::Settle),
                State::Refused => Some(DueFor::AskReview),
                State::Replied if case.stage < Stage::Second => Some(DueFor::AskReview),
                _ => None,
            };
            prop_assert!(what.is_none_or(|what| due.contains(&what)), "{case:?} {due:?}");
            if matches!(case.state, State::Closed | State::Merged) {
                prop_assert!(due.iter().all(|what| !what.is_right()), "{case:?} {due:?}");
            }
        }
    }
}
