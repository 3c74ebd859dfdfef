//! What follows in other hands, by the shipped catalogue: handed over, recommended, owed by posts, evaluated;
//! a dual check beyond the day, and none at all.

use std::sync::LazyLock;

use domain::catalogue::RoleLevel;
use domain::model::Basis;
use domain::supervision::dual::{self, Asked, Decision, OnDay, Verdict, decide};
use domain::supervision::duty::{self, Duty};
use domain::supervision::following::FollowingRules;
use domain::supervision::handover::{self, Draft, Handover};
use domain::supervision::letter::{self, Letter};
use domain::supervision::regulation::{self, Degree, Review};

use super::*;

static RULES: LazyLock<FollowingRules> = LazyLock::new(|| {
    let text = include_str!("../../../../../catalogues/following.toml");
    FollowingRules::parse("following.toml", text).expect("rules")
});

pub fn basis() -> &'static [Basis] {
    &RULES.on(day("2026-03-02")).expect("in force").basis
}

fn codes<T>(done: Result<T, Vec<domain::problem::RuleViolation>>) -> Vec<&'static str> {
    done.err().into_iter().flatten().map(|no| no.rule).collect()
}

#[test]
fn the_shipped_file_names_what_the_catalogues_know() {
    assert_eq!(RULES.unknown(&WORLD.catalogue, &WORLD.rules), Vec::<String>::new());
    assert_eq!(WORLD.policy.unknown(&WORLD.catalogue), Vec::<String>::new());
    assert!(RULES.partner("audit").is_some() && RULES.partner("nobody").is_none());
    let unknown = FollowingRules {
        partners: vec![domain::supervision::following::Partner {
            source: "nowhere".to_owned(),
            ..RULES.partners[0].clone()
        }],
        ..FollowingRules::default()
    };
    assert_eq!(unknown.unknown(&WORLD.catalogue, &WORLD.rules), ["nowhere"]);
}

#[test]
fn nothing_of_a_filed_case_is_handed_over() {
    let papers = ["note".to_owned()];
    let talk = ["talk_record".to_owned()];
    let allowed: Vec<&str> = RULES.papers.iter().map(|paper| paper.code.as_str()).collect();
    let draft =
        Draft {
            papers: &papers, allowed: &allowed, words: "移送", is_gone: false, is_out: false
        };
    let wrong =
        |draft: Draft<'_>, by: &str| codes(handover::propose(&draft, (&conflict(by), basis())));
    assert_eq!(wrong(draft.clone(), "p4"), Vec::<&str>::new());
    assert_eq!(wrong(draft.clone(), "p1"), ["supervision-recused"]);
    assert_eq!(wrong(Draft { papers: &talk, ..draft.clone() }, "p4"), ["handover-paper"]);
    assert_eq!(wrong(Draft { papers: &[], ..draft.clone() }, "p4"), ["handover-papers"]);
    assert_eq!(wrong(Draft { is_gone: true, ..draft.clone() }, "p4"), ["handover-gone"]);
    assert_eq!(wrong(Draft { is_out: true, ..draft.clone() }, "p4"), ["handover-out"]);
    assert_eq!(wrong(Draft { words: " ", ..draft }, "p4"), ["handover-words"]);
}

#[test]
fn a_handover_is_let_out_received_and_answered() {
    let today = day("2026-03-05");
    let known = Handover { proposed_by: "p4".to_owned(), ..Handover::default() };
    let go = |known: &Handover, act: &handover::Act<'_>, by: &str, words: &str| {
        handover::advance(known, act, (by, words, today), (&conflict(by), basis()))
    };
    let yes = handover::Act::Approve { agreed: true };
    assert_eq!(codes(go(&known, &yes, "p4", "")), ["handover-proposer"]);
    assert_eq!(codes(go(&known, &yes, "p1", "")), ["supervision-recused"]);
    let no = handover::Act::Approve { agreed: false };
    assert_eq!(codes(go(&known, &no, "p5", "")), ["handover-words"]);
    let (state, due) = go(&known, &yes, "p5", "").expect("let out");
    assert_eq!((state, due), (handover::State::Sent, Some(handover::Due::Receipt(today))));
    let sent = Handover { state, sent: Some(day("2026-03-02")), ..known };
    let receipt = |number, on: &str| handover::Act::Receipt { number, day: day(on) };
    for (number, on) in [("", "2026-03-03"), ("S1", "2026-03-01"), ("S1", "2026-03-06")] {
        assert_eq!(codes(go(&sent, &receipt(number, on), "p3", "")), ["handover-receipt"], "{on}");
    }
    let (state, due) = go(&sent, &receipt("S1", "2026-03-04"), "p3", "").expect("received");
    assert_eq!(due, Some(handover::Due::Answer(day("2026-03-04"))));
    let received = Handover { state, ..sent };
    assert_eq!(codes(go(&received, &handover::Act::Answer, "p3", "")), ["handover-words"]);
    let done = go(&received, &handover::Act::Answer, "p3", "已立案").expect("answered");
    assert_eq!(done, (handover::State::Answered, None));
    let came = Handover { incoming: true, ..Handover::default() };
    assert_eq!(codes(go(&came, &yes, "p5", "")), ["handover-state"]);
}

#[test]
fn a_recommendation_is_answered_by_whom_it_is_for_and_judged_by_others() {
    let own = |what: (&str, &str, bool)| codes(letter::propose(what, (&conflict("p4"), basis())));
    assert_eq!(own(("名单没有核对", "每月核对", true)), Vec::<&str>::new());
    assert_eq!(own(("名单没有核对", "", false)), ["letter-words", "letter-ground"]);
    let known =
        Letter { proposed_by: "p4".to_owned(), addressee: "VPS".to_owned(), ..Letter::default() };
    let go = |known: &Letter, act, by: &str, role: &str, words: &str| {
        letter::advance(known, act, (by, role, words), (&conflict(by), basis()))
    };
    let send = letter::Act::Approve { agreed: true };
    assert_eq!(codes(go(&known, send, "p4", "CL2", "")), ["letter-proposer"]);
    let (state, due) = go(&known, send, "p5", "CL2", "").expect("sent");
    assert_eq!(due, Some(letter::Due::Reply));
    let sent = Letter { state, ..known };
    let reply = letter::Act::Reply;
    assert_eq!(codes(go(&sent, reply, "p7", "VC", "已核对")), ["letter-addressee"]);
    assert_eq!(codes(go(&sent, reply, "p7", "VPS", "")), ["letter-words"]);
    // The brother of the accused answers for his own village.
    let (state, due) = go(&sent, reply, "p1", "VPS", "已核对").expect("answered");
    assert_eq!((state, due), (letter::State::Replied, None));
    let replied = Letter { state, replied_by: Some("p1".to_owned()), ..sent };
    let judge = |accepted| letter::Act::Judge { accepted };
    let oneself = codes(go(&replied, judge(true), "p1", "CJ", "好"));
    assert_eq!(oneself, ["supervision-recused", "letter-oneself"]);
    let back = go(&replied, judge(false), "p4", "CJ", "没有附表").expect("back");
    assert_eq!(back, (letter::State::Returned, Some(letter::Due::Again)));
    let (state, due) = go(&replied, judge(true), "p4", "CJ", "属实").expect("accepted");
    assert_eq!(due, Some(letter::Due::Effect));
    let accepted = Letter { state, ..replied };
    let none = go(&accepted, letter::Act::Follow { works: false }, "p4", "CJ", "又停了");
    assert_eq!(none.expect("back"), (letter::State::Returned, Some(letter::Due::Again)));
    let end = go(&accepted, letter::Act::Follow { works: true }, "p4", "CJ", "看过三户");
    assert_eq!(end.expect("over"), (letter::State::Closed, None));
}

#[test]
fn a_duty_is_shown_by_its_holder_and_judged_from_above() {
    let known = Duty {
        state: duty::State::Open,
        role: "VPS".to_owned(),
        level: RoleLevel::Village,
        shown_by: None,
        evidence: 1,
    };
    let by = |person, role, level| duty::Actor { person, role, level };
    let (holder, town) =
        (by("p7", "VPS", RoleLevel::Village), by("p2", "TDI", RoleLevel::Township));
    let go = |known: &Duty, act, actor, words| duty::advance(known, act, (actor, words), basis());
    let show = duty::Act::Show;
    assert_eq!(codes(go(&known, show, town, "开会")), ["duty-holder"]);
    let bare = Duty { evidence: 0, ..known.clone() };
    assert_eq!(codes(go(&bare, show, holder, "")), ["duty-evidence", "duty-words"]);
    assert_eq!(go(&known, show, holder, "开会").expect("shown"), duty::State::Shown);
    let shown = Duty { state: duty::State::Shown, shown_by: Some("p7".to_owned()), ..known };
    let content = duty::Act::Judge { content: true };
    let peer = by("p9", "VSC", RoleLevel::Village);
    assert_eq!(codes(go(&shown, content, peer, "")), ["duty-level"]);
    let again = by("p7", "TG", RoleLevel::Township);
    assert_eq!(codes(go(&shown, content, again, "")), ["duty-oneself"]);
    assert_eq!(go(&shown, content, town, "").expect("done"), duty::State::Done);
    let back = duty::Act::Judge { content: false };
    assert_eq!(codes(go(&shown, back, town, "")), ["duty-words"]);
    assert_eq!(go(&shown, back, town, "没有记录").expect("back"), duty::State::Open);
}

#[test]
fn a_rule_that_does_not_work_is_shown_not_to_and_is_not_kept() {
    use regulation::{Outcome, State};
    assert!(regulation::write(None, false, ["公章", "两人"], basis()).is_ok());
    let gone = regulation::write(Some(State::Repealed), false, ["公章", "两人"], basis());
    assert_eq!(codes(gone), ["regulation-state"]);
    let waits = regulation::write(Some(State::InForce), true, ["公章", ""], basis());
    assert_eq!(codes(waits), ["regulation-state", "regulation-text"]);
    assert_eq!(codes(regulation::approve(None, "p5", basis())), ["regulation-nothing"]);
    assert_eq!(codes(regulation::approve(Some("p5"), "p5", basis())), ["regulation-proposer"]);
    assert!(regulation::approve(Some("p4"), "p5", basis()).is_ok());
    let fails = Review {
        used: Degree::Yes,
        works: Degree::No,
        outcome: Outcome::Keep,
        words: "三次用印没有登记",
        shown_by: 0,
    };
    let wrong =
        |review: &Review<'_>| codes(regulation::review(State::InForce, false, review, basis()));
    assert_eq!(wrong(&fails), ["regulation-shown", "regulation-keep"]);
    assert_eq!(wrong(&Review { shown_by: 1, outcome: Outcome::Amend, ..fails.clone() }), [""; 0]);
    assert_eq!(wrong(&Review { works: Degree::Partly, words: "", ..fails }), ["regulation-text"]);
    assert_eq!(Outcome::Amend.state(), State::Amending);
}

fn post(role: &str, person: &str, from: &str) -> OnDay {
    OnDay {
        role: role.to_owned(),
        person: person.to_owned(),
        place: "990001101201".to_owned(),
        from: day(from),
    }
}

#[test]
fn successors_in_a_post_are_asked_once_and_the_accused_is_not() {
    let asked = [
        Asked { duty: "main".to_owned(), post: post("VPS", "p7", "2024-01-01") },
        Asked { duty: "supervision".to_owned(), post: post("VSC", "p8", "2024-01-01") },
    ];
    let on = day("2025-06-15");
    let later = [
        post("VPS", "p9", "2025-09-01"),
        post("VPS", "p9", "2026-01-01"),
        post("VPS", "p0", "2025-10-01"),
        post("VPS", "p7", "2025-12-01"),
        post("VSC", "p6", "2025-06-01"),
        post("VC", "p5", "2025-09-01"),
    ];
    let found = dual::successors(&asked, &later, on, &["p0".to_owned()]);
    let found: Vec<(&str, &str, &str)> = found
        .iter()
        .map(|(one, before)| (one.duty.as_str(), one.post.person.as_str(), before.as_str()))
        .collect();
    assert_eq!(found, [("main", "p9", "p7")]);
}

#[test]
fn that_no_dual_check_applies_takes_a_reason_and_another_person() {
    let waive = |reason: &str, begun| {
        codes(dual::waive(reason, begun, (&conflict("p4"), &version().basis)))
    };
    assert_eq!(waive("职务空缺", false), [""; 0]);
    assert_eq!(waive("", true), ["dual-reason", "dual-begun"]);
    let approve = |by: &str, begun| {
        let against = conflict(by);
        codes(dual::approve_waiver(("p4", by), begun, (&against, &version().basis)))
    };
    assert_eq!(approve("p5", false), [""; 0]);
    assert_eq!(approve("p4", false), ["dual-waiver-proposer"]);
    assert_eq!(approve("p1", true), ["supervision-recused", "dual-begun"]);
    // The same about one who was asked: no hearing and no measure, but a reason, and not by who asked him.
    let decision = Decision {
        by: "p5",
        day: day("2026-03-20"),
        asked: "p7",
        opened_by: "p4",
        answered: false,
        due: day("2026-03-23"),
        verdict: Verdict::NotApplicable,
        measure: "",
        reason: "当天不在任",
    };
    let wrong = |decision: Decision<'_>| {
        codes(decide(&decision, (&conflict(decision.by), &version().basis)))
    };
    assert_eq!(wrong(decision.clone()), [""; 0]);
    assert_eq!(wrong(Decision { reason: "", ..decision.clone() }), ["dual-reason"]);
    assert_eq!(wrong(Decision { by: "p4", ..decision }), ["dual-proposer"]);
}

#[test]
fn nobody_handles_what_his_superior_is_accused_of() {
    let party = |superiors: &[&str]| Party {
        person: "p4".to_owned(),
        superiors: superiors.iter().map(|one| (*one).to_owned()).collect(),
        ..Party::default()
    };
    let about = |part| Subject {
        persons: vec![(part, Party { person: "p0".to_owned(), ..Party::default() })],
        ..Subject::default()
    };
    let weigh = |me: &Party, part| {
        conflicts(&WORLD.policy, me, &about(part), &Relations::default()).verdict
    };
    use domain::recusal::Verdict as Weight;
    assert_eq!(weigh(&party(&["p0"]), Part::Accused), Weight::Block);
    assert_eq!(weigh(&party(&["p9"]), Part::Accused), Weight::Allow);
    assert!(WORLD.policy.leads("CL1", "CJ") && !WORLD.policy.leads("CJ", "CL1"));
    assert!(WORLD.policy.leads("TP", "VPS") && !WORLD.policy.leads("VPS", "TP"));
}
