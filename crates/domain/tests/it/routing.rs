//! Who gets a report: the story of a secretary and his cousin, the sealed queue, and what must hold in
//! any organisation.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use domain::access::covers;
use domain::recusal::{Party, Policy, Relation, Relations, Tie};
use domain::report::Facts;
use domain::report::rules::ReportRules;
use domain::routing::{
    Office, Organisation, Passed, Post, Route, To, may_have, office_id, review, route,
    stands_against,
};
use proptest::prelude::*;

static POLICY: LazyLock<Policy> = LazyLock::new(|| {
    let text = include_str!("../../../../catalogues/recusal.toml");
    Policy::parse("recusal.toml", text).expect("policy").remove(0)
});
pub static RULES: LazyLock<ReportRules> = LazyLock::new(|| {
    let text = include_str!("../../../../catalogues/reports.toml");
    ReportRules::parse("reports.toml", text).expect("rules").remove(0)
});

fn law() -> (&'static Policy, &'static ReportRules) {
    (&POLICY, &RULES)
}

/// A county with townships, each with villages; posts are given as (person, role, place).
#[derive(Debug)]
struct County {
    posts: Vec<Post>,
    relations: Vec<Relation>,
    areas: BTreeMap<String, String>,
    households: BTreeMap<String, String>,
    keyless: BTreeSet<String>,
}

impl County {
    fn new() -> Self {
        let areas = [("c/t1", "east"), ("c/t2", "east"), ("c/t3", "west")];
        Self {
            posts: Vec::new(),
            relations: Vec::new(),
            areas: areas.map(|(t, a)| (t.to_owned(), a.to_owned())).into(),
            households: BTreeMap::new(),
            keyless: BTreeSet::new(),
        }
    }

    fn post(mut self, person: &str, role: &str, place: &str) -> Self {
        let (person, role, place) = (person.to_owned(), role.to_owned(), place.to_owned());
        self.posts.push(Post { person, role, place });
        self
    }

    fn tie(mut self, first: &str, second: &str, tie: Tie) -> Self {
        self.relations.push(Relation { first: first.into(), second: second.into(), tie });
        self
    }

    fn organisation(&self) -> Organisation {
        let mut offices: BTreeMap<String, Office> = BTreeMap::new();
        for post in &self.posts {
            let code = post.place.rsplit('/').next().expect("a code");
            let id = office_id(&post.role, code);
            let office = offices.entry(id.clone()).or_insert_with(|| Office {
                id: id.clone(),
                role: post.role.clone(),
                place: post.place.clone(),
                area: self.areas.get(&post.place).cloned(),
                members: BTreeSet::new(),
                keyed: !self.keyless.contains(&id),
                open: 0,
            });
            office.members.insert(post.person.clone());
        }
        let party = |(person, household): (&String, &String)| {
            let household = Some(household.clone());
            (person.clone(), Party { person: person.clone(), household, ..Party::default() })
        };
        Organisation {
            offices: offices.into_values().collect(),
            posts: self.posts.clone(),
            areas: self.areas.clone(),
            parties: self.households.iter().map(party).collect(),
            relations: Relations::with_siblings(&self.relations),
            interested: Vec::new(),
        }
    }
}

/// Three townships with a discipline committee each, and the county's offices.
fn county() -> County {
    County::new()
        .post("secretary", "VPS", "c/t1/v1")
        .post("clerk", "TG", "c/t1")
        .post("d1", "TDI", "c/t1")
        .post("d2", "TDI", "c/t2")
        .post("d3", "TDI", "c/t3")
        .post("p1", "TP", "c/t1")
        .post("cx", "CX", "c")
        .post("cj", "CJ", "c")
        .post("cg", "CG", "c")
        .post("cl1", "CL1", "c")
        .post("cl2", "CL2", "c")
        .post("civil", "CB-CA", "c")
}

fn about(door: &str, named: &[&str], posts: &[&str]) -> Facts {
    Facts {
        door: door.into(),
        place: "c/t1/v1".into(),
        topic: "subsidy".into(),
        posts: posts.iter().map(|p| (*p).to_owned()).collect(),
        named: named.iter().map(|p| (*p).to_owned()).collect(),
    }
}

fn office(id: &str) -> To {
    To::Office(id.to_owned())
}

#[test]
fn a_secretary_whose_cousin_is_the_township_clerk_is_looked_at_in_another_area() {
    let facts = about("accusation", &["secretary"], &[]);
    let plain = route(&facts, &county().organisation(), law());
    assert_eq!((plain.office, plain.identity), (office("TDI@t1"), office("CL1@c")));
    // The fathers are brothers, entered in either way.
    for cousins in [
        county().tie("f", "secretary", Tie::Parent).tie("u", "clerk", Tie::Parent).tie(
            "f",
            "u",
            Tie::Sibling,
        ),
        county()
            .tie("g", "f", Tie::Parent)
            .tie("g", "u", Tie::Parent)
            .tie("f", "secretary", Tie::Parent)
            .tie("u", "clerk", Tie::Parent),
    ] {
        let organisation = cousins.organisation();
        let found = route(&facts, &organisation, law());
        assert_eq!(found.office, office("TDI@t3"), "{found:?}");
        assert!(found.passed.contains(&("TDI@t1".to_owned(), Passed::Conflict)), "{found:?}");
        for person in ["secretary", "clerk"] {
            assert!(!stands_against(&facts, person, &organisation, law()).is_empty(), "{person}");
        }
        assert!(stands_against(&facts, "d3", &organisation, law()).is_empty());
        assert!(!may_have(&facts, &organisation, law(), "TDI@t1"));
        let decided = BTreeSet::from(["TDI@t3".to_owned()]);
        assert_eq!(review(&facts, &organisation, law(), &decided), office("CX@c"));
        let decided = BTreeSet::from(["TDI@t3".to_owned(), "CX@c".to_owned()]);
        assert_eq!(review(&facts, &organisation, law(), &decided), To::Outside);
    }
}

#[test]
fn doors_lead_to_different_offices() {
    let full = county().post("town", "TG", "c/t1");
    for (door, named, posts, expect, identity) in [
        ("request", vec![], vec![], office("TG@t1"), office("TDI@t1")),
        ("request", vec!["clerk"], vec![], office("CB-CA@c"), office("CX@c")),
        ("complaint", vec![], vec!["township_staff"], office("CB-CA@c"), office("CL1@c")),
        ("accusation", vec![], vec!["village_cadre"], office("TDI@t1"), office("CL1@c")),
        // Who leads the township leads its discipline committee too; townships are looked at above.
        ("accusation", vec!["p1"], vec![], office("CX@c"), office("CL1@c")),
        ("accusation", vec![], vec!["township_leader"], office("CX@c"), office("CL1@c")),
        ("accusation", vec!["civil"], vec![], office("CX@c"), office("CL1@c")),
    ] {
        let found = route(&about(door, &named, &posts), &full.organisation(), law());
        assert_eq!(
            (found.office, found.identity, found.sealed),
            (expect, identity, None),
            "{named:?}"
        );
    }
}

#[test]
fn the_organ_s_own_people_go_into_the_sealed_queue() {
    let full = county();
    for (named, posts, queue, rule, expect) in [
        (vec!["cl1"], vec![], "principal", Some("JJ-02"), To::Outside),
        (vec![], vec!["discipline_head"], "principal", Some("JJ-02"), To::Outside),
        (vec![], vec!["county_leader"], "upper", Some("JJ-01"), office("CL1@c")),
        (vec!["d1"], vec![], "staff", None, office("CG@c")),
        (vec!["cg"], vec![], "staff", None, office("CL1@c")),
        // The head is named among others: nobody whom he leads gets it.
        (vec!["cl1", "secretary"], vec![], "principal", Some("JJ-02"), To::Outside),
    ] {
        let Route { office, sealed, rule: found, .. } =
            route(&about("accusation", &named, &posts), &full.organisation(), law());
        assert_eq!(
            (office, sealed.as_deref(), found.as_deref()),
            (expect, Some(queue), rule),
            "{named:?}"
        );
    }
    // The other doors have no sealed queue.
    let found = route(&about("request", &["d1"], &[]), &full.organisation(), law());
    assert_eq!(found.sealed, None);
}

#[test]
fn offices_without_people_or_key_are_passed_by() {
    let mut full = county();
    full.keyless.insert("TDI@t1".to_owned());
    let facts = about("accusation", &["secretary"], &[]);
    let found = route(&facts, &full.organisation(), law());
    assert_eq!(found.passed, [("TDI@t1".to_owned(), Passed::NoKey)]);
    assert_eq!(found.office, office("TDI@t3"));
    let nobody = route(&facts, &County::new().organisation(), law());
    assert_eq!((nobody.office, nobody.identity), (To::Outside, To::Outside));
}

/// Roles and the levels at which they are.
const ROLES: [(&str, usize); 14] = [
    ("VPS", 2),
    ("VCH", 2),
    ("VSC", 2),
    ("TP", 1),
    ("TG", 1),
    ("TDI", 1),
    ("CX", 0),
    ("CJ", 0),
    ("CG", 0),
    ("CL1", 0),
    ("CL2", 0),
    ("CB-CA", 0),
    ("CB-AG", 0),
    ("CA", 0),
];

prop_compose! {
    /// Forty people with posts, families and households.
    fn organisations()(
        posts in proptest::collection::vec((0_usize..40, 0_usize..14, 0_usize..3, 0_usize..2), 0..50),
        ties in proptest::collection::vec((0_usize..40, 0_usize..40, 0_usize..3), 0..40),
        homes in proptest::collection::vec(0_usize..25, 40),
        keyless in proptest::collection::vec(0_usize..14, 0..3),
    ) -> County {
        let mut county = County::new();
        for (person, role, township, village) in posts {
            let (role, level) = ROLES[role];
            let place = match level {
                0 => "c".to_owned(),
                1 => format!("c/t{}", township + 1),
                _ => format!("c/t{}/t{}v{}", township + 1, township + 1, village),
            };
            county = county.post(&format!("p{person}"), role, &place);
        }
        for (first, second, tie) in ties {
            let tie = [Tie::Parent, Tie::Spouse, Tie::Sibling][tie];
            county = county.tie(&format!("p{first}"), &format!("p{second}"), tie);
        }
        for (person, home) in homes.into_iter().enumerate() {
            county.households.insert(format!("p{person}"), format!("h{home}"));
        }
        county.keyless.extend(keyless.into_iter().map(|role| office_id(ROLES[role].0, "c")));
        county
    }
}

/// Said again in other words than the code: who is led by whom.
fn leads(county: &County, head: &str, other: &str) -> bool {
    let held =
        |person: &str| county.posts.iter().filter(|p| p.person == person).collect::<Vec<_>>();
    held(head).iter().any(|h| {
        let over = POLICY.heads.iter().filter(|rule| rule.role == h.role);
        over.flat_map(|rule| &rule.over)
            .any(|role| held(other).iter().any(|o| o.role == *role && covers(&h.place, &o.place)))
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(600))]

    #[test]
    fn no_recipient_is_named_kin_subordinate_or_dependent_and_there_is_always_one(
        county in organisations(),
        named in proptest::collection::btree_set(0_usize..40, 0..3),
        door in 0_usize..3,
        township in 1_usize..4,
    ) {
        let organisation = county.organisation();
        let door = ["request", "complaint", "accusation"][door];
        let named: BTreeSet<String> = named.into_iter().map(|p| format!("p{p}")).collect();
        let place = format!("c/t{township}/t{township}v0");
        let facts =
            Facts { door: door.into(), place, topic: "subsidy".into(), named: named.clone(), ..Facts::default() };
        let found = route(&facts, &organisation, law());
        let decided = match &found.office { To::Office(id) => BTreeSet::from([id.clone()]), To::Outside => BTreeSet::new() };
        let reviewed = review(&facts, &organisation, law(), &decided);
        let relations = Relations::with_siblings(&county.relations);
        for to in [&found.office, &found.identity, &reviewed] {
            // There is always a recipient: an office that has people and a key, or the next level up.
            let To::Office(id) = to else { continue };
            let office = organisation.offices.iter().find(|o| o.id == *id).expect("a real office");
            prop_assert!(office.keyed && !office.members.is_empty());
            prop_assert!(may_have(&facts, &organisation, law(), id));
            for member in &office.members {
                prop_assert!(stands_against(&facts, member, &organisation, law()).is_empty());
                for accused in &named {
                    prop_assert!(member != accused);
                    prop_assert!(!relations.close(member, accused, 3), "{member} is kin of {accused}");
                    prop_assert!(relations.related(member, accused).is_none_or(|n| n > 3));
                    prop_assert!(!leads(&county, accused, member), "{accused} leads {member}");
                    prop_assert_ne!(&county.households[member], &county.households[accused]);
                }
            }
            // Nobody named works in the same house.
            let house = organisation.posts.iter().filter(|p| p.place == office.place && office.place != "c");
            prop_assert!(!house.clone().any(|post| named.contains(&post.person)));
        }
        prop_assert!(found.office != found.identity || found.office == To::Outside);
        prop_assert!(reviewed == To::Outside || reviewed != found.office);
    }

    #[test]
    fn one_more_named_person_never_opens_it_to_anybody(
        county in organisations(), named in 0_usize..40, more in 0_usize..40, reader in 0_usize..40,
    ) {
        let organisation = county.organisation();
        let person = |n: usize| format!("p{n}");
        let mut facts = Facts { named: [person(named)].into(), ..about("accusation", &[], &[]) };
        let before = stands_against(&facts, &person(reader), &organisation, law());
        facts.named.insert(person(more));
        let after = stands_against(&facts, &person(reader), &organisation, law());
        prop_assert!(before.iter().all(|ground| after.contains(ground)));
    }
}
