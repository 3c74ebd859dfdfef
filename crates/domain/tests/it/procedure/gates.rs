//! Each gate says yes and no where it should, and all noes come at once.

use domain::catalogue::Gate;
use domain::procedure::{DueOf, Effect, Event, Matter, advance, open_steps};

use super::*;

/// The matter before an event of its whole way.
fn before(code: &str) -> (Matter, Event) {
    let way = small_matter();
    let is_step = |event: &Event| matches!(event, Event::Step { code: c, .. } if c == code);
    let at = way.iter().position(is_step).expect("a step");
    (run(&one_man_village(), &way[..at]), way[at].clone())
}

#[test]
fn a_matter_goes_its_whole_way() {
    let matter = run(&one_man_village(), &small_matter());
    assert_eq!(matter.done.len(), 9);
    assert_eq!(matter.decided_fen.get("decide"), Some(&500_000));
    let text = toml::to_string(&matter).expect("plain data");
    assert_eq!(toml::from_str::<Matter>(&text).expect("plain data"), matter);
}

#[test]
fn every_no_comes_at_once() {
    let rules = refused(&Matter::default(), &step("archive", "p2", "VC", 0));
    assert_eq!(rules, ["step-after", "step-actor"]);
    let all = refused(&one_man_village(), &step("decide", "p1", "TG", 0));
    assert_eq!(
        all,
        [
            "step-after",
            "step-actor",
            "gate-amount-missing",
            "gate-head-last",
            "gate-ballots",
            "gate-extra-signature"
        ]
    );
}

#[test]
fn order_holds() {
    let (matter, event) = before("review");
    // The optional step before it is not waited for.
    assert!(refused(&matter, &event).is_empty());
    assert_eq!(refused(&matter, &step("nowhere", "p2", "VC", 1)), ["step-unknown"]);
    assert_eq!(
        refused(&matter, &step("review", "p3", "VSC", -1)),
        ["event-day-order"],
        "nothing is recorded before what is recorded"
    );
    assert_eq!(refused(&matter, &step("propose", "p2", "VC", 1)), ["step-done"]);
    let (matter, event) = before("answer");
    assert!(refused(&matter, &event).is_empty());
    let earlier = run(&one_man_village(), &small_matter()[..11]);
    assert_eq!(refused(&earlier, &event), ["step-after-any"]);
    assert_eq!(
        refused(&earlier, &check("answer", "p3", "VSC", 12, true)),
        ["step-after-any"],
        "nothing is gathered for a step before it is reached"
    );
}

#[test]
fn meetings_need_notice_quorum_and_majority() {
    let (matter, _) = before("decide");
    let matter = Matter { meetings: Vec::new(), ..matter };
    let with = |n: i32, amount: i64, meeting: Meeting| {
        let Event::Step { code, actor, .. } = step("decide", "p2", "VC", n) else { return vec![] };
        let meeting = Some(Box::new(meeting));
        let amount_fen = Some(amount);
        let event = Event::Step { code, actor, day: day(n), amount_fen, meeting };
        refused(&matter, &event)
    };
    let two = || meeting("TWO", 2);
    let vm = || meeting("VM", 2);
    let low = 999_999;
    for (amount, meeting, expect) in [
        (low, two(), &[][..]),
        // A higher body may decide what belongs to a lower one.
        (low, vm(), &[]),
        // The tier above asks for its own body; the signature of TG is there.
        (1_000_000, two(), &["gate-meeting-body"]),
        (low, Meeting { body: "PM".into(), ..two() }, &["gate-meeting-body"]),
        (low, Meeting { held_on: day(3), ..two() }, &["gate-meeting-later"]),
        (low, Meeting { held_on: day(0), called_on: None, ..two() }, &["gate-meeting-early"]),
        (low, Meeting { called_on: None, ..vm() }, &["gate-meeting-notice"]),
        (low, Meeting { called_on: Some(day(-7)), ..vm() }, &["gate-meeting-notice"]),
        // Half of the members is not more than half; two thirds of the households will do.
        (low, Meeting { present: 15, votes_for: 15, ..vm() }, &["gate-meeting-quorum"]),
        (
            low,
            Meeting {
                present: 15,
                votes_for: 15,
                households_present: Some(8),
                households_total: Some(12),
                ..vm()
            },
            &[],
        ),
        (
            low,
            Meeting {
                present: 15,
                votes_for: 15,
                households_present: Some(7),
                households_total: Some(12),
                ..vm()
            },
            &["gate-meeting-quorum"],
        ),
        (low, Meeting { votes_for: 10, ..two() }, &["gate-meeting-majority"]),
        (low, Meeting { votes_for: 11, ..two() }, &[]),
        (low, Meeting { votes_against: 1, ..two() }, &["gate-meeting-figures"]),
        (low, Meeting { present: 31, ..two() }, &["gate-meeting-figures"]),
        (
            low,
            Meeting { attendees: vec!["p1".into(), "p1".into()], ..two() },
            &["gate-meeting-figures"],
        ),
        (low, Meeting { head_spoke_last: false, ..two() }, &["gate-head-last"]),
        (low, Meeting { ballots_recorded: false, ..two() }, &["gate-ballots"]),
        (
            low,
            Meeting { present: 0, votes_for: 0, attendees: vec![], ..two() },
            &["gate-meeting-quorum", "gate-meeting-majority"],
        ),
    ] {
        assert_eq!(with(2, amount, meeting.clone()), expect, "{meeting:?}");
    }
}

#[test]
fn a_large_amount_needs_the_countersign_of_its_tier() {
    let (matter, _) = before("decide");
    let matter = Matter { meetings: Vec::new(), ..matter };
    let unsigned = Matter { signatures: Vec::new(), posts: Vec::new(), ..matter };
    let large = Event::Step {
        code: "decide".into(),
        actor: actor("p2", "VC"),
        day: day(2),
        amount_fen: Some(1_000_000),
        meeting: Some(Box::new(meeting("VM", 2))),
    };
    assert_eq!(refused(&unsigned, &large), ["gate-countersign"], "the tier's countersign");
}

#[test]
fn property_of_the_collective_is_decided_by_its_own_assembly() {
    let mut tiers = PROCESS.tiers.clone();
    tiers.tiers[1].collective_body = Some("RM".into());
    let mut rules = rules();
    rules.tiers = Some(&tiers);
    let (matter, _) = before("decide");
    let with = |gate: &str, body: &str, fen: i64| {
        let mut steps = PROCESS.steps.clone();
        let gates = steps.iter_mut().flat_map(|step| &mut step.gates);
        let named = gates.filter_map(|gate| match gate {
            Gate::Meeting { body } if body == "by_tier" => Some(body),
            _ => None,
        });
        named.for_each(|body| *body = gate.to_owned());
        let event = Event::Step {
            code: "decide".into(),
            actor: actor("p2", "VC"),
            day: day(2),
            amount_fen: Some(fen),
            meeting: Some(Box::new(meeting(body, 2))),
        };
        let no = advance(&steps, &rules, &matter, &event).err().unwrap_or_default();
        no.iter().map(|no| no.rule).collect::<Vec<_>>()
    };
    let (large, small) = (1_000_000, 999_999);
    for (gate, body, fen, expect) in [
        ("by_tier", "VM", large, &[][..]),
        ("by_tier", "RM", large, &["gate-meeting-body"]),
        ("by_collective_tier", "RM", large, &[]),
        ("by_collective_tier", "VM", large, &["gate-meeting-body"]),
        ("by_collective_tier", "TWO", small, &[]),
        ("by_collective_tier", "RM", small, &[]),
        ("by_collective_tier", "VM", small, &["gate-meeting-body"]),
    ] {
        assert_eq!(with(gate, body, fen), expect, "{gate} {body} {fen}");
    }
}

#[test]
fn all_members_count_where_the_law_says_so() {
    let mut rules = rules();
    let tiers = TierSet {
        tiers: vec![domain::catalogue::Tier {
            body: "RM".into(),
            ..PROCESS.tiers.tiers[1].clone()
        }],
        ..PROCESS.tiers.clone()
    };
    rules.tiers = Some(&tiers);
    let (matter, _) = before("decide");
    let with = |votes_for| {
        let meeting = Meeting { votes_for, ..meeting("RM", 2) };
        let event = Event::Step {
            code: "decide".into(),
            actor: actor("p2", "VC"),
            day: day(2),
            amount_fen: None,
            meeting: Some(Box::new(meeting)),
        };
        advance(&PROCESS.steps, &rules, &matter, &event).map_err(|no| no[0].clone())
    };
    assert!(with(20).is_ok(), "20 of 30 members");
    let no = with(19).expect_err("19 of 20 present, but not two thirds of all");
    assert_eq!((no.rule, no.basis.as_str()), ("gate-meeting-majority", "农村集体经济组织法 27"));
    assert!(no.args.contains(&("needed", "20".into())));
}

#[test]
fn persons_are_kept_apart() {
    let (matter, _) = before("review");
    assert_eq!(refused(&matter, &step("review", "p2", "VSC", 1)), ["gate-other-person"]);
    let (matter, event) = before("decide");
    // The third signature where one person holds both posts: not his own, not the actor's.
    for (signer, expect) in [("p1", 1), ("p2", 1), ("p7", 0)] {
        let mut matter = matter.clone();
        matter.signatures[0].by.person = signer.into();
        assert_eq!(refused(&matter, &event).len(), expect, "{signer}");
    }
    let two_men = Matter { posts: matter.posts[..1].to_vec(), signatures: vec![], ..matter };
    assert!(refused(&two_men, &event).is_empty());
}

#[test]
fn checks_and_signatures_count_for_their_step_and_round() {
    let (matter, event) = before("disclose");
    assert!(refused(&matter, &event).is_empty());
    let objected = run(&matter, &[check("disclose", "p4", "VSC", 3, false)]);
    assert_eq!(refused(&objected, &event), ["gate-check-objected"]);
    let none = Matter { checks: vec![], ..matter.clone() };
    assert_eq!(refused(&none, &event), ["gate-check"]);
    let own = run(&none, &[check("disclose", "p2", "VSC", 3, true)]);
    assert_eq!(refused(&own, &event), ["gate-check"], "the actor does not check himself");

    let (matter, event) = before("pay");
    let half = with_amount(event.clone(), 250_000);
    let paid = run(&matter, std::slice::from_ref(&half));
    assert_eq!(refused(&paid, &half), ["gate-countersign"], "a signature serves once");
    let none = Matter { signatures: vec![], ..matter };
    assert_eq!(refused(&none, &event), ["gate-countersign"]);
}

#[test]
fn what_is_decided_is_not_exceeded() {
    let (matter, event) = before("pay");
    for (fen, expect) in [(525_000, &[][..]), (525_001, &["gate-within-decided"])] {
        assert_eq!(refused(&matter, &with_amount(event.clone(), fen)), expect, "{fen}");
    }
    let negative = refused(&matter, &with_amount(event.clone(), -1));
    assert_eq!(negative, ["amount-negative"]);
    let half = run(&matter, &[with_amount(event.clone(), 300_000), sign("pay", "p1", "VPS", 11)]);
    assert_eq!(refused(&half, &with_amount(event.clone(), 225_001)), ["gate-within-decided"]);
    assert!(refused(&half, &with_amount(event.clone(), 225_000)).is_empty());
    let undecided = Matter { decided_fen: BTreeMap::new(), ..matter };
    assert_eq!(refused(&undecided, &event), ["gate-nothing-decided"]);
}

#[test]
fn a_progress_note_spends_nothing_unless_it_says_so() {
    let (matter, event) = before("pay");
    let mut steps = PROCESS.steps.clone();
    let pay = steps.iter_mut().find(|s| s.code == "pay").expect("pay");
    pay.stage = "execute".into();
    let run = |matter: &Matter, event: &Event| advance(&steps, &rules(), matter, event);
    let note = step("pay", "p6", "TAC", 11);
    let signed = run(&run(&matter, &note).expect("a note").0, &sign("pay", "p1", "VPS", 11));
    let noted = signed.expect("signed").0;
    assert!(run(&noted, &event).is_ok(), "the note took nothing of the amount");
    assert!(run(&noted, &with_amount(event, 525_001)).is_err());
}

#[test]
fn periods_run_in_full() {
    let (matter, _) = before("execute");
    assert_eq!(refused(&matter, &step("execute", "p2", "VC", 6)), ["gate-published-running"]);
    assert!(refused(&matter, &step("execute", "p2", "VC", 7)).is_empty());
    let down = |n| run(&matter, &[Event::TakenDown { step: "disclose".into(), day: day(n) }]);
    assert_eq!(refused(&down(5), &step("execute", "p2", "VC", 9)), ["gate-published-short"]);
    assert!(refused(&down(6), &step("execute", "p2", "VC", 9)).is_empty());
    let never = Matter { publications: vec![], ..matter };
    assert_eq!(refused(&never, &step("execute", "p2", "VC", 9)), ["gate-published-none"]);
    let (matter, _) = before("pay");
    let early = Matter { last_day: None, ..matter };
    assert_eq!(refused(&early, &step("pay", "p6", "TAC", 10)), ["gate-elapsed-running"]);
}

#[test]
fn questions_are_answered_before_the_file_is_closed() {
    let (matter, event) = before("archive");
    let asked = run(&matter, &[question("Q1", 12)]);
    assert_eq!(refused(&asked, &event), ["gate-questions"], "though the step has no such gate");
    assert_eq!(refused(&asked, &question("Q1", 12)), ["question-twice"]);
    assert_eq!(refused(&asked, &answer("Q1", "p9", "VC", 12)), ["question-own-answer"]);
    assert_eq!(refused(&asked, &answer("Q1", "p3", "VSC", 12)), ["question-actor"]);
    assert_eq!(refused(&asked, &answer("Q2", "p2", "VC", 12)), ["question-unknown"]);
    let answered = run(&asked, &[answer("Q1", "p2", "VC", 12)]);
    let archived = run(&answered, std::slice::from_ref(&event));
    assert_eq!(refused(&archived, &question("Q2", 13)), ["question-archived"]);
    let again = refused(&archived, &with_amount(step("pay", "p6", "TAC", 14), 0));
    assert!(again.contains(&"step-archived"), "{again:?}");
}

#[test]
fn a_matter_is_given_up_with_a_reason_and_before_money_leaves() {
    let withdraw = |role: &str, reason: &str, n| Event::Withdraw {
        actor: actor("p2", role),
        day: day(n),
        reason: reason.into(),
    };
    let (matter, _) = before("pay");
    let asked = run(&matter, &[question("Q1", 11)]);
    assert_eq!(refused(&asked, &withdraw("TG", " ", 12)), ["withdraw-reason", "withdraw-actor"]);
    let closed = effects(&asked, &withdraw("VC", "上级另有安排", 12));
    assert!(closed.contains(&Effect::CloseQuestion { number: "Q1".into() }));
    let gone = run(&asked, &[withdraw("VC", "上级另有安排", 12)]);
    assert_eq!(refused(&gone, &document("plan", 12)), ["matter-withdrawn"]);
    let (paid, _) = before("archive");
    assert_eq!(refused(&paid, &withdraw("VC", "重来", 13)), ["withdraw-paid"]);
}

#[test]
fn effects_say_what_is_due_and_who_is_told() {
    let (matter, event) = before("propose");
    let due = |step: &str| DueOf::Step(step.into());
    let tell = |role: &str, step: &str| Effect::Notify { role: role.into(), of: due(step) };
    assert_eq!(
        effects(&matter, &event),
        [
            tell("VC", "consult"),
            Effect::SetDue { of: due("review"), rule: "T-05".into(), from: day(0) },
            tell("VSC", "review"),
        ]
    );
    let (matter, event) = before("disclose");
    let published = Effect::Publish { step: "disclose".into(), from: day(3) };
    assert!(effects(&matter, &event).contains(&published));
    let asked = effects(&matter, &question("Q1", 3));
    let of = DueOf::Question("Q1".into());
    assert_eq!(
        asked,
        [
            Effect::SetDue { of: of.clone(), rule: "T-05".into(), from: day(3) },
            Effect::Notify { role: "VC".into(), of },
        ]
    );
    let (matter, event) = before("archive");
    assert_eq!(effects(&matter, &event), [Effect::Archived { day: day(13) }]);
}

#[test]
fn open_steps_say_what_is_missing() {
    let open = |matter: &Matter, n| -> Vec<(String, Vec<&'static str>)> {
        open_steps(&PROCESS.steps, &rules(), matter, day(n))
            .into_iter()
            .map(|step| (step.code, step.missing.iter().map(|no| no.rule).collect()))
            .collect()
    };
    let none: Vec<&str> = Vec::new();
    assert_eq!(open(&one_man_village(), 0), [("propose".into(), vec!["gate-documents"])]);
    let (matter, _) = before("review");
    assert_eq!(open(&matter, 1), [("consult".into(), none.clone()), ("review".into(), none)]);
    let steps = open_steps(&PROCESS.steps, &rules(), &matter, day(1));
    assert!(steps[1].barred.contains("p2"), "the proposer does not review");
    whose_word_is_missing();
    let (matter, _) = before("pay");
    let early = open(&matter, 9);
    let pay = early.iter().find(|(code, _)| code == "pay").expect("open");
    assert_eq!(pay.1, ["gate-elapsed-running"]);
}

/// Whoever has agreed or signed is not asked again; whoever objected may think again.
fn whose_word_is_missing() {
    let of = |matter: &Matter, code: &str, n| {
        let steps = open_steps(&PROCESS.steps, &rules(), matter, day(n));
        let step = steps.into_iter().find(|step| step.code == code).expect("open");
        (step.checkers, step.signers)
    };
    let none = || (Vec::new(), Vec::new());
    let one = |role: &str| vec![role.to_owned()];
    // One person is secretary and head: a third one signs besides.
    let (matter, _) = before("decide");
    assert_eq!(of(&matter, "decide", 2), none(), "TG has signed");
    let unsigned = Matter { signatures: Vec::new(), ..matter };
    assert_eq!(of(&unsigned, "decide", 2).1, one("TG"));
    let two = Matter { posts: Vec::new(), ..unsigned };
    assert_eq!(of(&two, "decide", 2), none(), "nobody holds both posts");
    // The tier of the amount asks for its own signature.
    let large = Matter { amount_fen: Some(1_000_000), ..two };
    assert_eq!(of(&large, "decide", 2).1, one("TG"));
    let (matter, _) = before("disclose");
    assert_eq!(of(&matter, "disclose", 3), none());
    let unchecked = Matter { checks: Vec::new(), ..matter };
    assert_eq!(of(&unchecked, "disclose", 3).0, one("VSC"));
    let objected = run(&unchecked, &[check("disclose", "p3", "VSC", 3, false)]);
    assert_eq!(of(&objected, "disclose", 3).0, one("VSC"));
}
