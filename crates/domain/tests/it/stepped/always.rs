//! What holds whatever anybody does: a proposer never decides, nobody in a conflict checks or decides, a
//! right by cooperation never outlives its end.

use std::collections::BTreeMap;

use domain::recusal::{Conflict, Verdict};
use domain::supervision::joint::{campaign, cooperation};
use domain::supervision::stepped::check::{self, Act as Checking, State as CheckState};
use domain::supervision::stepped::list::{self, Act as Listing};
use domain::supervision::stepped::village::{self, Act, Open, State, Wish};
use proptest::prelude::*;

use super::*;

/// p0 is in a conflict; everybody else is free.
fn against(person: &str) -> Conflict {
    conflict(if person == "p0" { Verdict::Block } else { Verdict::Allow })
}

fn anybody() -> impl Strategy<Value = String> {
    (0..5_u8).prop_map(|n| format!("p{n}"))
}

fn any_list() -> impl Strategy<Value = Listing> {
    let village = (0..6_u8).prop_map(|n| format!("v{n}"));
    prop_oneof![
        village.clone().prop_map(Listing::Add),
        village.prop_map(Listing::Remove),
        Just(Listing::Approve),
    ]
}

fn any_act() -> impl Strategy<Value = Act> {
    prop_oneof![
        any::<bool>().prop_map(|agreed| Act::Decide { agreed }),
        Just(Act::End),
        (1..400_i32).prop_map(|days| Act::Longer { until: Day(day("2026-09-01").0 + days) }),
    ]
}

fn any_check() -> impl Strategy<Value = Checking> {
    prop_oneof![
        (anybody(), anybody()).prop_map(|(first, second)| Checking::Assign { first, second }),
        (anybody(), any::<bool>()).prop_map(|(by, problem)| Checking::Record {
            by,
            problem,
            words: "看过".to_owned()
        }),
        (anybody(), any::<bool>()).prop_map(|(by, agreed)| Checking::Confirm { by, agreed }),
    ]
}

proptest! {
    #[test]
    fn whoever_had_a_hand_in_a_list_never_approves_it(
        acts in prop::collection::vec((any_list(), anybody()), 1..40),
    ) {
        let start = list::List { hands: ["p1".to_owned()].into(), ..list::List::default() };
        let mut known = start;
        let mut hands = vec!["p1".to_owned()];
        for (act, who) in acts {
            let Ok(next) = list::advance(version(), &known, &act, (&who, "理由")) else { continue };
            prop_assert!(!known.approved, "an approved list is left alone");
            match act {
                Listing::Approve => prop_assert!(!hands.contains(&who)),
                _ => hands.push(who),
            }
            known = next;
        }
    }

    #[test]
    fn whoever_proposes_about_a_village_never_decides_and_nobody_in_a_conflict_does(
        acts in prop::collection::vec((any_act(), anybody(), any::<bool>()), 1..60),
        proposer in anybody(),
    ) {
        let leader = ["CL1".to_owned()];
        let wish = Wish {
            from: day("2026-03-02"),
            until: day("2026-09-01"),
            leader: &leader,
            listed: true,
            twice: false,
            silent: &[],
        };
        let begun = village::propose(version(), &wish, (&proposer, "理由"), &against(&proposer));
        let Ok(mut known) = begun else {
            prop_assert_eq!(proposer, "p0");
            return Ok(());
        };
        for (act, who, finished) in acts {
            let items = if finished { Vec::new() } else { vec!["K01".to_owned()] };
            let open = Open { items, ..Open::default() };
            let conflict = against(&who);
            let next =
                village::advance(version(), &known, &act, (&who, "理由"), (&conflict, &open));
            let Ok(next) = next else { continue };
            prop_assert_ne!(&who, "p0");
            if matches!(act, Act::Decide { .. }) {
                prop_assert_ne!(&who, &known.asked_by);
            }
            if next.state == State::Ended {
                prop_assert!(finished && known.state == State::EndProposed);
            }
            prop_assert!(next.prolonged <= version().prolongations);
            known = next;
        }
    }

    #[test]
    fn two_free_people_check_an_item_and_neither_does_both_halves(
        acts in prop::collection::vec(any_check(), 1..60),
    ) {
        let conflicts: BTreeMap<String, Conflict> =
            (0..4).map(|n| format!("p{n}")).map(|p| (p.clone(), against(&p))).collect();
        let mut known = None;
        for act in acts {
            let Ok(next) = check::advance(version(), known.as_ref(), &act, &conflicts) else {
                continue;
            };
            // p0 is in a conflict, and of p4 nobody has asked.
            prop_assert!(next.checkers.iter().all(|one| one != "p0" && one != "p4"));
            prop_assert!(next.checkers.len() == 2 && next.checkers[0] != next.checkers[1]);
            if let Checking::Confirm { by, .. } = &act {
                prop_assert_ne!(Some(by), next.recorded_by.as_ref());
                prop_assert!(next.checkers.contains(by));
            }
            if next.state == CheckState::Confirmed {
                prop_assert!(next.recorded_by.is_some());
            }
            known = Some(next);
        }
    }

    #[test]
    fn a_cooperation_gives_rights_on_its_days_and_on_no_other(
        start in 0..2_000_i32, length in 0..400_i32, today in -400..2_800_i32,
        ended in any::<bool>(), asker in anybody(), approver in anybody(),
        helpers in prop::collection::vec(anybody(), 1..4), agreed in any::<bool>(),
    ) {
        let first = day("2024-06-01").0;
        let (from, until) = (Day(first + start), Day(first + start + length));
        let kind = RULES.cooperation.iter().find(|kind| kind.code == "joint").expect("joint");
        let people: Vec<cooperation::Helper> = helpers
            .iter()
            .map(|person| cooperation::Helper { person: person.clone(), ..<_>::default() })
            .collect();
        let wish = cooperation::Wish { kind, from, until, helpers: &people, thing: false };
        let asked = cooperation::ask(version(), &wish, "人手不足");
        // No more than three months, so that no right lasts for ever.
        prop_assert!(asked.is_err() || length <= 92);
        let state = cooperation::State::Asked;
        let of = (asker.as_str(), helpers.as_slice());
        let Ok(state) = cooperation::decide(version(), state, of, (&approver, agreed)) else {
            prop_assert!(asker == approver || helpers.contains(&approver));
            return Ok(());
        };
        prop_assert!(asker != approver && !helpers.contains(&approver));
        let ended = ended && agreed;
        let state = match ended {
            true => cooperation::end(version(), state, "办完").expect("ended"),
            false => state,
        };
        let today = Day(first + today);
        let holds = cooperation::holds(state, (from, until), today);
        prop_assert_eq!(holds, agreed && !ended && from <= today && today <= until);
    }

    #[test]
    fn a_campaign_is_opened_and_closed_by_others_and_recorded_by_its_team(
        planner in anybody(), decider in anybody(), member in anybody(),
        team in prop::collection::vec(anybody(), 0..4), open in 0..3_usize,
    ) {
        use campaign::State;
        let decided = campaign::decide(version(), State::Proposed, &planner, (&decider, true));
        prop_assert_eq!(decided.is_ok(), planner != decider);
        let recorded =
            campaign::record(version(), State::Open, (&team, &member), "看过", &against(&member));
        prop_assert_eq!(recorded.is_ok(), team.contains(&member) && member != "p0");
        let open = vec!["一项".to_owned(); open];
        let closed = campaign::close(version(), State::Open, (&planner, &decider), (&open, "完成"));
        prop_assert_eq!(closed.is_ok(), planner != decider && open.is_empty());
    }
}
