//! Single cases: each rule once.

use domain::procedure::Actor;
use domain::recusal::Verdict as Weight;
use domain::supervision::dual::{Decision, OnDay, Verdict, decide, responsible};
use domain::supervision::publish::{self, Draft, Kind};
use domain::supervision::rate::Checks;
use domain::supervision::rectify::{self, Act, Rectification, State};
use domain::supervision::{Alarm, clue};

use super::*;

#[test]
fn the_shipped_rules_name_what_the_catalogue_knows() {
    assert_eq!(WORLD.rules.unknown(&WORLD.catalogue), Vec::<String>::new());
    assert_eq!(WORLD.rules.sources.len(), 15);
}

#[test]
fn each_of_the_four_ways_opens_its_own_branch_and_no_other() {
    for (way, own, other) in [
        (Way::Inquiry, ("inquiry", "CJ"), ("verification_approve", "CL1")),
        (Way::Verification, ("verification_approve", "CL1"), ("inquiry", "CJ")),
        (Way::Hold, ("hold", "CL2"), ("dismiss", "CJ")),
        (Way::Dismiss, ("dismiss", "CJ"), ("hold", "CL2")),
    ] {
        let known = disposed(way);
        assert_eq!(known.state(), way.code());
        let on = day("2026-03-03");
        assert!(act(&known, &doing(own.0, own.1, "p6", on)).is_ok(), "{own:?}");
        let no = act(&known, &doing(other.0, other.1, "p6", on)).expect_err(other.0);
        assert_eq!(no, ["clue-way-other"], "{other:?}");
    }
}

#[test]
fn what_was_approved_is_due_and_nothing_else() {
    let on = day("2026-03-03");
    let known = disposed(Way::Inquiry);
    let (_, effects) = act(&known, &doing("inquiry", "CJ", "p4", on)).expect("done");
    let rules: Vec<&str> = effects
        .iter()
        .filter_map(|effect| match effect {
            Effect::SetDue { rule, .. } => Some(rule.as_str()),
            _ => None,
        })
        .collect();
    assert_eq!(rules, ["ZJ-11", "ZJ-12"]);
}

#[test]
fn a_new_disposition_waits_for_its_approval() {
    let on = day("2026-03-03");
    let mut known = disposed(Way::Inquiry);
    for (step, role) in [("inquiry", "CJ"), ("inquiry_report", "CJ")] {
        known = act(&known, &doing(step, role, "p4", on)).expect(step).0;
    }
    let again = Doing { way: Some(Way::Verification), ..doing("redispose", "CJ", "p4", on) };
    known = act(&known, &again).expect("proposed").0;
    let report =
        Doing { outcome: Some(Outcome::Measure), ..doing("report_result", "CJ", "p4", on) };
    assert_eq!(act(&known, &report), Err(vec!["clue-redispose-open"]));
    let own = act(&known, &doing("redispose_approve", "CL2", "p4", on));
    assert_eq!(own.expect_err("the proposer"), ["gate-other-person"]);
    known = act(&known, &doing("redispose_approve", "CL2", "p5", on)).expect("approved").0;
    assert_eq!(known.way, Some(Way::Verification));
}

#[test]
fn what_came_of_it_closes_it() {
    let on = day("2026-03-23");
    let known = reported(Outcome::Measure);
    assert_eq!(
        act(&known, &doing("close_unfounded", "CJ", "p4", on)),
        Err(vec!["clue-outcome-other"])
    );
    let known = act(&known, &doing("first_form_measure", "CJ", "p4", on)).expect("measure").0;
    let (known, effects) = act(&known, &doing("close", "CA", "p3", on)).expect("closed");
    assert!(effects.contains(&Effect::Over));
    assert_eq!(known.state(), "closed");
    let silent = Doing { words: "  ".to_owned(), ..doing("feedback", "CJ", "p4", on) };
    assert_eq!(act(&known, &silent), Err(vec!["clue-words"]));
    let wordless = Doing { words: String::new(), ..doing("archive", "CA", "p3", on) };
    assert!(act(&known, &wordless).is_ok(), "the papers are all there");
    let open = clue::open_steps(&process("clue").steps, &rules_of_none(), &known, on);
    assert!(open.contains(&"archive".to_owned()) && !open.contains(&"clarify".to_owned()));
}

fn rules_of_none() -> Rules<'static> {
    static NONE: BTreeMap<String, domain::catalogue::BodyVersion> = BTreeMap::new();
    static DEADLINES: BTreeMap<String, DeadlineVersion> = BTreeMap::new();
    Rules {
        bodies: &NONE,
        tiers: None,
        deadlines: &DEADLINES,
        calendar: &WORLD.calendar,
        basis: "",
    }
}

#[test]
fn an_alarm_comes_before_the_day_is_past() {
    for (due, alarm) in [
        ("2026-03-01", Alarm::Overdue),
        ("2026-03-02", Alarm::Soon),
        ("2026-03-09", Alarm::Soon),
        ("2026-03-10", Alarm::Calm),
    ] {
        assert_eq!(Alarm::of(day(due), day("2026-03-02"), 5, &WORLD.calendar), alarm, "{due}");
    }
}

#[test]
fn a_dual_check_asks_the_posts_of_that_day_and_not_the_accused() {
    let post = |role: &str, person: &str| OnDay {
        role: role.to_owned(),
        person: person.to_owned(),
        place: "990001101201".to_owned(),
        from: day("2024-01-01"),
    };
    let posts = [post("VPS", "p7"), post("VSC", "p8"), post("VAC", "p0"), post("VC", "p9")];
    let asked = responsible(&WORLD.rules.duties, &posts, &["p0".to_owned()]);
    let asked: Vec<(&str, &str)> =
        asked.iter().map(|a| (a.duty.as_str(), a.post.person.as_str())).collect();
    assert_eq!(asked, [("main", "p7"), ("supervision", "p8")]);
    let decision = Decision {
        by: "p5",
        day: day("2026-03-20"),
        asked: "p7",
        opened_by: "p4",
        answered: true,
        due: day("2026-03-23"),
        verdict: Verdict::Negligent,
        measure: "谈话提醒",
        reason: "三年没有核对名单",
    };
    let wrong = |decision: Decision<'_>| -> Vec<&'static str> {
        let no = decide(&decision, (&conflict(decision.by), &version().basis));
        no.err().into_iter().flatten().map(|no| no.rule).collect()
    };
    assert_eq!(wrong(decision.clone()), Vec::<&str>::new());
    assert_eq!(wrong(Decision { by: "p7", ..decision.clone() }), ["dual-oneself"]);
    assert_eq!(wrong(Decision { by: "p4", ..decision.clone() }), ["dual-proposer"]);
    assert_eq!(wrong(Decision { by: "p1", ..decision.clone() }), ["supervision-recused"]);
    assert_eq!(wrong(Decision { answered: false, ..decision.clone() }), ["dual-unheard"]);
    assert_eq!(wrong(Decision { measure: "", ..decision.clone() }), ["dual-measure"]);
    assert_eq!(wrong(Decision { reason: "", ..decision }), ["dual-reason"]);
}

fn rectified(
    known: &Rectification,
    act: &Act,
    role: &str,
    person: &str,
) -> Result<Rectification, Vec<&'static str>> {
    let actor = Actor { person: person.to_owned(), role: role.to_owned() };
    let process = process("rectification");
    let next = rectify::advance(
        &process.steps,
        known,
        act,
        (&actor, "说明"),
        (&conflict(person), &process.basis),
    );
    next.map_err(|refusals| refusals.into_iter().map(|no| no.rule).collect())
}

#[test]
fn what_is_put_right_is_verified_by_another_and_a_relapse_opens_it() {
    let known = Rectification { issued_by: "p4".to_owned(), ..Rectification::default() };
    let plan = Act::Plan {
        cause: "名单没有人核对".to_owned(),
        measure: "每月比对".to_owned(),
        owner: "p7".to_owned(),
    };
    let known = rectified(&known, &plan, "VC", "p8").expect("planned");
    let agree = Act::Approve { agreed: true };
    assert_eq!(rectified(&known, &agree, "CJ", "p8"), Err(vec!["rectify-other-person"]));
    let known = rectified(&known, &agree, "CJ", "p4").expect("approved");
    let known = rectified(&known, &Act::Finish, "VC", "p9").expect("done");
    let yes = Act::Verify { agreed: true };
    for hand in ["p7", "p8", "p9"] {
        assert_eq!(
            rectified(&known, &yes, "VSC", hand),
            Err(vec!["rectify-other-person"]),
            "{hand}"
        );
    }
    assert_eq!(rectified(&known, &yes, "VC", "p10"), Err(vec!["step-actor"]));
    let known = rectified(&known, &yes, "CJ", "p10").expect("verified");
    assert_eq!(known.state, State::Closed);
    let known = rectified(&known, &Act::Reopen, "CJ", "p10").expect("a relapse");
    assert_eq!((known.state, known.relapses), (State::Issued, 1));
}

#[test]
fn a_case_leaves_as_it_was_previewed_and_only_when_it_is_final() {
    let known = ["王小明".to_owned(), "王小".to_owned()];
    let text = "青石村报账员王小明冒领1200元，王小知情。";
    assert_eq!(publish::shown(text, &known, false), "青石村报账员王某冒领1200元，王某知情。");
    assert_eq!(publish::shown(text, &known, true), text);
    assert_eq!(publish::left(&publish::shown(text, &known, false), &known), None);
    let draft = Draft {
        kind: Kind::Case,
        is_final: true,
        is_founded: true,
        names: false,
        is_wished: false,
        text: ["通报", text],
        known: &known,
        days: (day("2026-03-02"), day("2026-09-02")),
    };
    let wrong = |draft: Draft<'_>, by: &str| -> Vec<&'static str> {
        let no = publish::propose(version(), &draft, &conflict(by));
        no.err().into_iter().flatten().map(|no| no.rule).collect()
    };
    assert_eq!(wrong(draft.clone(), "p4"), Vec::<&str>::new());
    assert_eq!(wrong(draft.clone(), "p1"), ["supervision-recused"]);
    assert_eq!(wrong(Draft { is_final: false, ..draft.clone() }, "p4"), ["publish-not-final"]);
    assert_eq!(wrong(Draft { is_founded: false, ..draft.clone() }, "p4"), ["publish-founded"]);
    let clearing = Draft { kind: Kind::Clearing, is_founded: false, ..draft.clone() };
    assert_eq!(wrong(clearing, "p4"), ["publish-wish"]);
    let days = (day("2026-03-02"), day("2027-03-03"));
    assert_eq!(wrong(Draft { days, ..draft }, "p4"), ["publish-days"]);
    assert!(publish::approve(version(), ("p4", "p5"), &conflict("p5")).is_ok());
    assert!(publish::approve(version(), ("p4", "p4"), &conflict("p4")).is_err());
    assert_eq!(conflict("p1").verdict, Weight::Block);
}

#[test]
fn a_model_is_judged_by_its_checks() {
    let of = |confirmed, checked| Checks { checked, confirmed };
    assert!(!of(0, 199).is_to_retire(version()), "too few");
    assert!(of(5, 200).is_to_retire(version()));
    assert!(!of(6, 200).is_to_retire(version()), "at the floor");
    assert_eq!(of(0, 0).order(70, version()), 70);
    assert!(of(40, 50).order(70, version()) > 90);
    assert!(of(0, 190).order(70, version()) < 70);
    assert_eq!(of(190, 190).order(90, version()), 100);
}
