//! What holds whatever anybody does: a finding changes no benefit, nobody in a conflict handles a clue or
//! what follows from it, who proposes does not approve.

use domain::supervision::check::{
    self, Act, Case, Effect as Follows, Outcome as Found, Report, State,
};
use domain::supervision::handover::{self, Handover};
use domain::supervision::letter::{self, Letter};
use domain::supervision::{dual, publish, regulation};
use proptest::prelude::*;

use super::following::basis;
use super::*;

fn anybody() -> impl Strategy<Value = String> {
    (0..8_u8).prop_map(|n| format!("p{n}"))
}

fn any_step() -> impl Strategy<Value = Doing> {
    let steps: Vec<String> = process("clue").steps.iter().map(|step| step.code.clone()).collect();
    let roles = prop::sample::select(vec!["TDI", "CA", "CJ", "CL1", "CL2", "CX", "CF"]);
    let way = prop::option::of(prop::sample::select(Way::ALL.to_vec()));
    let outcome = prop::option::of(prop::sample::select(Outcome::ALL.to_vec()));
    (prop::sample::select(steps), roles, anybody(), way, outcome).prop_map(
        |(step, role, person, way, outcome)| Doing {
            way,
            outcome,
            ..doing(&step, role, &person, day("2026-03-02"))
        },
    )
}

fn any_check() -> impl Strategy<Value = Act> {
    let result = (prop::sample::select(Found::ALL.to_vec()), 0..3_i64, 0..3_usize, 0..900_i32)
        .prop_map(|(outcome, money, answers, later)| Report {
            outcome,
            reason: "说明".to_owned(),
            cause: outcome.confirms().then(|| "fraud".to_owned()),
            answers: vec!["是".to_owned(); answers],
            recover_fen: money * 100,
            holds_until: (later > 300).then(|| Day(day("2026-03-02").0 + later)),
        });
    prop_oneof![
        (anybody(), anybody()).prop_map(|(first, second)| Act::Assign { first, second }),
        (anybody(), result).prop_map(|(by, result)| Act::Record {
            by,
            result: Box::new(result),
            questions: 1
        }),
        (anybody(), any::<bool>()).prop_map(|(by, agreed)| Act::Confirm { by, agreed }),
    ]
}

proptest! {
    /// No effect of a check is about a benefit: the match is complete, and a new effect has to be
    /// thought about here.
    #[test]
    fn a_check_leads_to_nothing_but_work_for_people(acts in prop::collection::vec(any_check(), 1..30)) {
        let conflicts: BTreeMap<String, Conflict> =
            (0..8).map(|n| format!("p{n}")).map(|p| (p.clone(), conflict(&p))).collect();
        let mut case = Case::default();
        for act in &acts {
            let Ok((next, effects)) =
                check::advance(version(), &case, act, &conflicts, day("2026-03-02"))
            else { continue };
            for effect in effects {
                match effect {
                    Follows::SetDue | Follows::ClearDue | Follows::OfferClue => {}
                    Follows::Exclude { until } => prop_assert!(until > day("2026-03-02")),
                    Follows::Recover { fen } => {
                        prop_assert!(fen > 0 && next.outcome.is_some_and(Found::confirms));
                    }
                }
            }
            // Two different people, neither of them in a conflict, and not the same for both halves.
            prop_assert!(next.checkers.iter().all(|one| one != "p0" && one != "p1"));
            if let Act::Confirm { by, .. } = act {
                prop_assert_ne!(Some(by), case.recorded_by.as_ref());
            }
            if next.state == State::Checked {
                prop_assert!(next.checkers.len() == 2 && next.checkers[0] != next.checkers[1]);
            }
            case = next;
        }
    }

    /// However the ledger is used, nobody in a conflict has a hand in it, and no disposition or result
    /// is approved by whoever proposed it.
    #[test]
    fn a_clue_is_handled_by_nobody_in_a_conflict_and_approved_by_another(
        acts in prop::collection::vec((any_step(), any::<bool>()), 1..120),
        way in prop::sample::select(Way::ALL.to_vec()),
    ) {
        let mut known = Clue::default();
        for (any, help) in acts {
            // Half of the acts take the next step of the process, so that its end is reached, too.
            let next = process("clue").steps.iter().find(|s| known.record.last_done(&s.code).is_none());
            let next = next.filter(|_| help);
            let doing = match next {
                Some(step) => Doing {
                    step: step.code.clone(),
                    actor: Actor { role: step.actors[0].clone(), ..any.actor.clone() },
                    way: Some(way),
                    ..any
                },
                None => any,
            };
            if let Ok((next, _)) = act(&known, &doing) {
                known = next;
            }
        }
        let by = |step: &str| -> Vec<&String> {
            known.record.done.iter().filter(|d| d.step == step).map(|d| &d.actor.person).collect()
        };
        for done in &known.record.done {
            prop_assert!(done.actor.person != "p0" && done.actor.person != "p1");
        }
        for (proposed, approved) in [
            ("propose_disposition", "approve_disposition"),
            ("redispose", "redispose_approve"),
            ("report_result", "approve_result"),
        ] {
            let proposers = by(proposed);
            if proposers.len() == 1 {
                prop_assert!(by(approved).iter().all(|one| !proposers.contains(one)));
            }
        }
    }

    /// However a handover goes, nobody in a conflict has a hand in it, whoever proposed it does not let it
    /// out, and nothing is received that was not let out.
    #[test]
    fn a_handover_is_let_out_by_another_and_handled_by_nobody_in_a_conflict(
        proposer in anybody(),
        acts in prop::collection::vec((0..4_u8, anybody(), -3..3_i32), 1..20),
    ) {
        let start = day("2026-03-02");
        let mut known = Handover { proposed_by: proposer.clone(), ..Handover::default() };
        let mut let_out = None;
        for (kind, by, off) in &acts {
            let act = match kind {
                0 => handover::Act::Approve { agreed: true },
                1 => handover::Act::Approve { agreed: false },
                2 => handover::Act::Receipt { number: "S1", day: Day(start.0 + off) },
                _ => handover::Act::Answer,
            };
            let done = (by.as_str(), "说明", start);
            let Ok((state, _)) = handover::advance(&known, &act, done, (&conflict(by), basis()))
            else { continue };
            prop_assert!(by != "p0" && by != "p1", "{by} is in a conflict");
            if matches!(act, handover::Act::Approve { .. }) {
                prop_assert_ne!(by, &proposer);
                let_out = Some(start);
            } else {
                prop_assert!(let_out.is_some(), "{act:?} of what was not let out");
            }
            known = Handover { state, sent: let_out, ..known };
        }
    }

    /// However a recommendation goes: whoever proposed it does not send it, whoever answered does not judge
    /// the answer, whom it is for alone answers, and all others are free of conflict.
    #[test]
    fn a_recommendation_is_sent_and_judged_by_others(
        proposer in anybody(),
        acts in prop::collection::vec((0..4_u8, anybody(), any::<bool>(), any::<bool>()), 1..30),
    ) {
        let mut known = Letter {
            proposed_by: proposer.clone(),
            addressee: "VPS".to_owned(),
            ..Letter::default()
        };
        for (kind, by, yes, in_post) in &acts {
            let act = match kind {
                0 => letter::Act::Approve { agreed: *yes },
                1 => letter::Act::Reply,
                2 => letter::Act::Judge { accepted: *yes },
                _ => letter::Act::Follow { works: *yes },
            };
            let role = if *in_post { "VPS" } else { "CJ" };
            let done = (by.as_str(), role, "说明");
            let next = letter::advance(&known, act, done, (&conflict(by), basis()));
            let Ok((state, _)) = next else { continue };
            match act {
                letter::Act::Approve { .. } => prop_assert_ne!(by, &proposer),
                letter::Act::Reply => {
                    prop_assert!(*in_post);
                    known.replied_by = Some(by.clone());
                }
                letter::Act::Judge { .. } | letter::Act::Follow { .. } => {
                    prop_assert_ne!(Some(by), known.replied_by.as_ref());
                }
            }
            if act != letter::Act::Reply {
                prop_assert!(by != "p0" && by != "p1", "{by} is in a conflict");
            }
            known.state = state;
        }
    }

    /// Whatever is proposed by one and approved by another: publications, waivers of a dual check, rules.
    #[test]
    fn no_proposer_approves(proposer in anybody(), approver in anybody()) {
        let against = conflict(&approver);
        let in_conflict = approver == "p0" || approver == "p1";
        let same = proposer == approver;
        let pair = (proposer.as_str(), approver.as_str());
        let case = publish::approve(version(), pair, &against).is_ok();
        prop_assert_eq!(case, !same && !in_conflict);
        let waiver = dual::approve_waiver(pair, false, (&against, &version().basis)).is_ok();
        prop_assert_eq!(waiver, !same && !in_conflict);
        let rule = regulation::approve(Some(&proposer), &approver, basis()).is_ok();
        prop_assert_eq!(rule, !same);
    }
}
