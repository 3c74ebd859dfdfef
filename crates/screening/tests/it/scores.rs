//! Scores against known cases.

use domain::finding::{Finding, Period};
use domain::model::{Bilingual, Grain, Level, Violation};
use screening::evaluate::{Truth, evaluate};

fn finding(model: &str, grain: Grain, subject: &str, people: &[u64]) -> Finding {
    let nothing = || Bilingual { zh: String::new(), en: String::new() };
    Finding {
        key: String::new(),
        model: model.to_owned(),
        version: 1,
        violation: Violation::FalseClaim,
        severity: Level::Low,
        grain,
        subject: subject.to_owned(),
        people: people.to_vec(),
        village: "甲镇乙村".to_owned(),
        period: Period(0),
        amount: None,
        reason: nothing(),
        evidence: Vec::new(),
        evidence_rows: 0,
        score: 0,
    }
}

#[test]
fn scores_as_counted_by_hand() {
    let findings = [
        finding("a", Grain::Person, "", &[1]),
        finding("a", Grain::Person, "", &[1]),
        finding("a", Grain::Person, "", &[2]),
        finding("b", Grain::Account, "", &[1, 3, 4]),
        finding("c", Grain::Village, "甲镇乙村", &[]),
        finding("d", Grain::Person, "", &[7]),
    ];
    let person = |model: &str, key| (model.to_owned(), Truth::Person(key));
    let village = |model: &str, path: &str| (model.to_owned(), Truth::Village(path.to_owned()));
    let truth = [
        person("a", 1),
        person("a", 1),
        person("a", 9),
        person("b", 3),
        person("b", 4),
        person("b", 2),
        village("c", "甲镇乙村"),
        // A person's finding is not about its village.
        village("a", "甲镇乙村"),
        person("e", 5),
    ];
    let scores: Vec<_> = evaluate(&findings, &truth)
        .into_iter()
        .map(|s| {
            let missed = s.missed.len();
            (
                s.model,
                s.findings,
                s.true_findings,
                s.precision_bp,
                s.cases,
                s.found,
                s.recall_bp,
                missed,
            )
        })
        .collect();
    let name = str::to_owned;
    assert_eq!(
        scores,
        [
            (name("a"), 3, 2, Some(6666), 3, 1, Some(3333), 2),
            (name("b"), 1, 1, Some(10_000), 3, 2, Some(6666), 1),
            (name("c"), 1, 1, Some(10_000), 1, 1, Some(10_000), 0),
            (name("d"), 1, 0, Some(0), 0, 0, None, 0),
            (name("e"), 0, 0, None, 1, 0, Some(0), 1),
        ]
    );
}
