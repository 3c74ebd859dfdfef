//! Separation of duties, rule by rule.

use std::collections::BTreeMap;

use domain::catalogue::{Role, RoleLevel};
use domain::model::{Basis, Bilingual};
use domain::recusal::{Relation, Relations, Tie};
use domain::separation::{Duties, Taken, roles_exclude, same_person_for_steps};
use serde::Deserialize;

#[derive(Deserialize)]
struct Cases {
    cases: Vec<Case>,
}

#[derive(Debug, Deserialize)]
struct Case {
    code: String,
    taken: Vec<(String, String)>,
    #[serde(default)]
    kin: Vec<(String, String)>,
    broken: Vec<String>,
}

#[test]
fn every_rule_tells_what_breaks_it() {
    let text = include_str!("../../../../catalogues/separation.toml");
    let rules = Duties::parse("separation.toml", text).expect("rules");
    let Cases { cases } = toml::from_str(include_str!("cases/separation.toml")).expect("cases");
    let mut tested: BTreeMap<&str, [usize; 2]> = BTreeMap::new();
    for case in &cases {
        let rule = rules.iter().find(|rule| rule.code == case.code).expect("a rule");
        let taken: Vec<Taken> = case
            .taken
            .iter()
            .map(|(part, person)| Taken { part: part.clone(), person: person.clone() })
            .collect();
        let kin = case.kin.iter().map(|(first, second)| Relation {
            first: first.clone(),
            second: second.clone(),
            tie: Tie::Parent,
        });
        let breaches = rule.breaches(&taken, &Relations::new(&kin.collect::<Vec<_>>()));
        let found: Vec<&str> = breaches.iter().map(|b| b.violation.rule).collect();
        assert_eq!(found, case.broken, "{case:?}");
        assert!(breaches.iter().all(|b| b.must == rule.must && !b.violation.basis.is_empty()));
        tested.entry(&rule.code).or_default()[usize::from(found.is_empty())] += 1;
    }
    for n in 1..=15 {
        let code = format!("SD{n:02}");
        let counts = tested.get(code.as_str()).copied().unwrap_or_default();
        assert!(counts.iter().all(|c| *c > 0), "{code} has no case of each kind");
    }
    assert_eq!(rules.len(), 15);
}

#[test]
fn roles_of_the_catalogue_exclude_each_other() {
    let role = |code: &str, excludes: &[&str]| Role {
        code: code.into(),
        title: Bilingual { zh: code.into(), en: code.into() },
        level: RoleLevel::System,
        body: false,
        second_factor: true,
        duties: vec![],
        excludes: excludes.iter().map(|e| (*e).to_owned()).collect(),
        basis: vec![Basis {
            instrument: "GB/T 22239-2019".into(),
            article: String::new(),
            confidence: "K-h".into(),
        }],
    };
    let roles = [role("SYS", &["SEC", "AUD"]), role("SEC", &["SYS"]), role("AUD", &[])];
    let held = |codes: &[&str]| {
        let codes: Vec<String> = codes.iter().map(|c| (*c).to_owned()).collect();
        roles_exclude(&roles, &codes).len()
    };
    let found = [
        held(&["SYS"]),
        held(&["SYS", "SEC"]),
        held(&["SYS", "AUD"]),
        held(&["SEC", "AUD"]),
        held(&["SYS", "SEC", "AUD"]),
    ];
    assert_eq!(found, [0, 1, 1, 0, 2]);
}

#[test]
fn who_did_a_step_does_not_do_the_next() {
    let did = [("propose", "p1"), ("review", "p2"), ("propose", "p1")];
    let steps = ["propose".to_owned()];
    let same = |p| same_person_for_steps("SD03", "办法", did.into_iter(), &steps, p);
    assert_eq!(same("p1").len(), 1);
    assert!(same("p2").is_empty());
}
