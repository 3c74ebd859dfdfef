//! What holds whatever anybody does: a finding changes no benefit, nobody in a conflict handles a clue,
//! who proposes does not approve.

use domain::supervision::check::{
    self, Act, Case, Effect as Follows, Outcome as Found, Report, State,
};
use proptest::prelude::*;

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
}
