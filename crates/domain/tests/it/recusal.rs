//! Who must stay out: each ground, overrides, and what must hold for any families.

use std::sync::LazyLock;

use domain::recusal::{
    Conflict, Ground, Override, Part, Party, Policy, Relation, Relations, Subject, Tie, Verdict,
    conflicts,
};
use domain::time::Day;
use proptest::prelude::*;

static POLICY: LazyLock<Policy> = LazyLock::new(|| {
    let text = include_str!("../../../../catalogues/recusal.toml");
    Policy::parse("recusal.toml", text).expect("policy").remove(0)
});

fn party(person: &str) -> Party {
    Party { person: person.into(), ..Party::default() }
}

fn about(part: Part, person: &str) -> Subject {
    Subject { persons: vec![(part, party(person))], ..Subject::default() }
}

fn relation(first: &str, second: &str, tie: Tie) -> Relation {
    Relation { first: first.into(), second: second.into(), tie }
}

/// Grandmother g, parents f and m, children a and b, uncle u and his child c, wife w of a, her
/// father v, his brother x, and n who is nobody's.
fn family() -> Relations {
    Relations::new(&[
        relation("g", "f", Tie::Parent),
        relation("g", "u", Tie::Parent),
        relation("f", "a", Tie::Parent),
        relation("m", "a", Tie::Parent),
        relation("f", "b", Tie::Parent),
        relation("u", "c", Tie::Parent),
        relation("a", "w", Tie::Spouse),
        relation("v", "w", Tie::Parent),
        relation("v", "x", Tie::Sibling),
        relation("x", "y", Tie::Parent),
    ])
}

#[test]
fn families_are_counted_by_edges() {
    let family = family();
    for (other, blood, related) in [
        ("f", Some(1), Some(1)),
        ("b", Some(2), Some(2)),
        ("g", Some(2), Some(2)),
        ("u", Some(3), Some(3)),
        ("c", Some(4), Some(4)),
        ("w", None, Some(1)),
        ("v", None, Some(2)),
        ("x", None, Some(3)),
        ("n", None, None),
        ("a", None, None),
    ] {
        assert_eq!(
            (family.blood("a", other), family.related("a", other)),
            (blood, related),
            "{other}"
        );
    }
    // Parents of one child, married or not, are no blood relations.
    assert_eq!((family.blood("f", "m"), family.related("f", "m")), (None, Some(2)));
    assert!(family.married("w", "a") && !family.married("f", "m"));
}

#[test]
fn each_ground_is_seen() {
    use Ground::*;
    use Verdict::{Allow, Block, Warn};
    let me = Party {
        person: "a".into(),
        household: Some("h1".into()),
        unit: Some("u1".into()),
        native_village: Some("county/t1/v1".into()),
        superiors: vec!["boss".into()],
    };
    let with = |subject: Subject| {
        let found = conflicts(&POLICY, &me, &subject, &family());
        (found.verdict, found.reasons.iter().map(|r| r.ground).collect::<Vec<_>>())
    };
    let other =
        |party: Party| Subject { persons: vec![(Part::Concerned, party)], ..Subject::default() };
    let listed = |list: &[&str]| list.iter().map(|p| (*p).to_owned()).collect::<Vec<String>>();
    for (subject, verdict, grounds) in [
        (about(Part::Concerned, "n"), Allow, vec![]),
        (about(Part::Concerned, "a"), Block, vec![SamePerson]),
        (about(Part::Accused, "a"), Block, vec![Accused]),
        (about(Part::Complainant, "a"), Block, vec![Complainant]),
        (about(Part::Witness, "a"), Block, vec![Witness]),
        (about(Part::Complainant, "b"), Block, vec![Kin]),
        (about(Part::Concerned, "w"), Block, vec![Kin]),
        (about(Part::Concerned, "c"), Allow, vec![]),
        (about(Part::Concerned, "v"), Warn, vec![InLaw]),
        (about(Part::Concerned, "y"), Allow, vec![]),
        (about(Part::Accused, "boss"), Block, vec![Superior]),
        (about(Part::Complainant, "boss"), Allow, vec![]),
        (about(Part::Hand, "b"), Block, vec![Kin]),
        (about(Part::Hand, "boss"), Allow, vec![]),
        (other(Party { household: Some("h1".into()), ..party("n") }), Block, vec![SameHousehold]),
        (other(Party { unit: Some("u1".into()), ..party("n") }), Warn, vec![SameUnit]),
        (
            Subject { village: Some("county/t1/v1".into()), ..about(Part::Concerned, "n") },
            Warn,
            vec![NativeVillage],
        ),
        (
            Subject { interested: listed(&["a"]), ..Subject::default() },
            Block,
            vec![DeclaredInterest],
        ),
        (Subject { acted: listed(&["n", "a"]), ..Subject::default() }, Block, vec![EarlierRole]),
        (Subject { disputes: listed(&["a"]), ..Subject::default() }, Block, vec![Dispute]),
        (Subject { acted: listed(&["n"]), ..Subject::default() }, Allow, vec![]),
    ] {
        assert_eq!(with(subject.clone()), (verdict, grounds), "{subject:?}");
    }
    let beside = Party { unit: Some("u1".into()), ..party("n") };
    let hand = Subject { persons: vec![(Part::Hand, beside)], ..Subject::default() };
    assert_eq!(with(hand), (Allow, vec![]), "work of a colleague may be judged");
    // What nobody wrote about anybody is nothing in common.
    assert_eq!(with(other(party("n"))).0, Allow);
}

#[test]
fn an_override_warns_and_bears_a_name() {
    let me = party("a");
    let free = Conflict { verdict: Verdict::Allow, reasons: vec![] };
    let given = |ground, approver: &str, reason: &str| Override {
        ground,
        approver: approver.into(),
        reason: reason.into(),
        day: Day(20_000),
    };
    let kin = conflicts(&POLICY, &me, &about(Part::Concerned, "b"), &family());
    let taken = given(Ground::Kin, "cl2", "全县仅一人有资质");
    let after = kin.overridden(&POLICY, &me, &taken, &free).expect("allowed");
    assert_eq!(after.verdict, Verdict::Warn);
    assert_eq!(after.reasons[0].overridden_by.as_deref(), Some("cl2"));
    for (given, of_approver, rule) in [
        (given(Ground::SamePerson, "cl2", "x"), &free, "override-never"),
        (given(Ground::Accused, "cl2", "x"), &free, "override-never"),
        (given(Ground::Kin, "a", "x"), &free, "override-self"),
        (given(Ground::Kin, "cl2", "x"), &kin, "override-conflicted"),
        (given(Ground::Kin, "cl2", " "), &free, "override-reason"),
        (given(Ground::Dispute, "cl2", "x"), &free, "override-none"),
    ] {
        let no = kin.overridden(&POLICY, &me, &given, of_approver).expect_err(rule);
        assert_eq!(no.rule, rule);
        assert!(no.basis.contains("监察法"));
    }
    let lax = Policy { never_overridden: vec![], grounds: Default::default(), ..POLICY.clone() };
    let own = conflicts(&lax, &me, &about(Part::Concerned, "a"), &family());
    assert_eq!(own.verdict, Verdict::Block, "a ground that the data do not weigh blocks");
    let never = own.overridden(&lax, &me, &given(Ground::SamePerson, "cl2", "x"), &free);
    assert_eq!(never.map_err(|no| no.rule), Err("override-never"), "whatever the data say");
}

fn person() -> impl Strategy<Value = String> {
    (0..12_u8).prop_map(|n| format!("p{n}"))
}

fn relations() -> impl Strategy<Value = Vec<Relation>> {
    let tie = prop_oneof![4 => Just(Tie::Parent), 1 => Just(Tie::Spouse), 1 => Just(Tie::Sibling)];
    let one = (person(), person(), tie).prop_map(|(a, b, tie)| relation(&a, &b, tie));
    prop::collection::vec(one, 0..20)
}

/// Whether two persons are blood relations within three edges, by lists of forebears.
fn within_three(list: &[Relation], a: &str, b: &str) -> bool {
    let parents = |of: &Vec<String>| -> Vec<String> {
        let up = list.iter().filter(|r| r.tie == Tie::Parent && r.first != r.second);
        up.filter(|r| of.contains(&r.second)).map(|r| r.first.clone()).collect()
    };
    let forebears = |of: &str| {
        let mut levels = vec![vec![of.to_owned()]];
        (0..3).for_each(|n| levels.push(parents(&levels[n])));
        levels
    };
    let (ups_a, ups_b) = (forebears(a), forebears(b));
    let siblings = |x: &String, y: &String| {
        x != y
            && list.iter().any(|r| {
                r.tie == Tie::Sibling
                    && ((r.first == *x && r.second == *y) || (r.first == *y && r.second == *x))
            })
    };
    (0..4).any(|i| {
        (0..4 - i).any(|j| {
            let pairs = || ups_a[i].iter().flat_map(|x| ups_b[j].iter().map(move |y| (x, y)));
            pairs().any(|(x, y)| x == y) || (i + j < 3 && pairs().any(|(x, y)| siblings(x, y)))
        })
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn relations_are_the_same_from_both_ends(
        list in relations(), a in person(), b in person(),
    ) {
        let all = Relations::new(&list);
        prop_assert_eq!(all.blood(&a, &b), all.blood(&b, &a));
        prop_assert_eq!(all.related(&a, &b), all.related(&b, &a));
        prop_assert_eq!(all.married(&a, &b), all.married(&b, &a));
        let blood = all.blood(&a, &b).is_some_and(|n| n <= 3);
        prop_assert_eq!(blood, a != b && within_three(&list, &a, &b));
    }

    #[test]
    fn nobody_conflicted_is_ever_allowed(
        list in relations(),
        me in person(),
        others in prop::collection::vec((person(), 0..4_u8), 1..4),
        (household, unit) in (prop::option::of(0..3_u8), prop::option::of(0..3_u8)),
        acted in prop::collection::vec(person(), 0..3),
    ) {
        let id = |kind: &str, n: u8| format!("{kind}{n}");
        let live = |p: &str, at: Option<u8>| Party {
            household: at.map(|n| id("h", n)),
            unit: unit.map(|n| id("u", n)),
            ..party(p)
        };
        let actor = live(&me, household);
        let parts = [Part::Concerned, Part::Accused, Part::Complainant, Part::Witness];
        let persons: Vec<(Part, Party)> = others
            .iter()
            .map(|(p, part)| (parts[usize::from(*part)], live(p, household.map(|n| n + part % 2))))
            .collect();
        let (persons, acted) = (&persons, &acted);
        let subject =
            Subject { persons: persons.clone(), acted: acted.clone(), ..Subject::default() };
        let found = conflicts(&POLICY, &actor, &subject, &Relations::new(&list));
        let married = |p: &str| list.iter().any(|r| {
            r.tie == Tie::Spouse && [(&r.first, &r.second), (&r.second, &r.first)]
                .iter().any(|(x, y)| **x == me && *y == p && x != y)
        });
        let blocked = acted.contains(&me) || persons.iter().any(|(_, p)| {
            p.person == me || married(&p.person) || within_three(&list, &me, &p.person)
                || (p.household.is_some() && p.household == actor.household)
        });
        let warned = persons.iter().any(|(_, p)| p.unit.is_some() && p.unit == actor.unit);
        prop_assert_eq!(blocked, found.verdict == Verdict::Block);
        if blocked || warned {
            prop_assert_ne!(found.verdict, Verdict::Allow);
        }
    }
}
