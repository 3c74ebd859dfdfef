//! Runs over all models.

use std::cell::{Cell, RefCell};

use domain::problem::Failure;
use screening::model::Model;
use screening::run::{Params, Run};

use crate::support::{self, MadeUp, model, models};

const FACTS: MadeUp = MadeUp { people: 2000, months: 24 };

fn go(models: &[&Model], params: &Params) -> Result<Run, Failure> {
    support::go(&FACTS, models, params, &|| 0, &|_| {})
}

#[test]
fn two_runs_give_the_same_bytes() {
    let models = models();
    let all: Vec<&Model> = models.iter().collect();
    let backwards: Vec<&Model> = models.iter().rev().collect();
    let (one, two) = (go(&all, &Params::new()).unwrap(), go(&backwards, &Params::new()).unwrap());
    assert!(!one.findings.is_empty());
    assert_eq!(one.findings_jsonl().unwrap(), two.findings_jsonl().unwrap());
    assert_eq!(one.about_json().unwrap(), two.about_json().unwrap());
    let order: Vec<_> = one.findings.iter().map(|f| (&f.model, &f.key)).collect();
    assert!(order.is_sorted(), "findings stand by model and key, each once");
}

#[test]
fn a_run_says_what_it_did() {
    let model = model(&[]);
    let (ticks, heard) = (Cell::new(0), RefCell::new(Vec::new()));
    let clock = || ticks.replace(ticks.get() + 5);
    let params = Params::from([(("new-thing".to_owned(), "limit_fen".to_owned()), 119_999)]);
    let done = support::go(&FACTS, &[&model], &params, &clock, &|done| {
        heard.borrow_mut().push(done.clone());
    })
    .unwrap();
    let summary = done.models.first().unwrap();
    assert_eq!(heard.into_inner(), done.models);
    // Twelve months of 100.00 yuan and up, two calendar years for everybody.
    assert_eq!((summary.findings, summary.people, summary.ms), (4000, 2000, 5));
    assert_eq!(summary.params.get("limit_fen"), Some(&119_999));
    assert_eq!(summary.digest.len(), 64);
    let sum: i64 = done.findings.iter().filter_map(|f| f.amount).map(|a| a.0).sum();
    assert_eq!(summary.amount_fen, sum);
    let finding = done.findings.first().unwrap();
    assert_eq!((finding.evidence.len(), finding.evidence_rows), (12, 12));
    assert!(finding.evidence.is_sorted());
    assert!(finding.village.starts_with('村'), "{}", finding.village);
    assert_eq!(done.batches, [(1, "made up".to_owned())]);
}

#[test]
fn parameters_must_be_known_and_in_range() {
    let model = model(&[]);
    for (id, name, value, expect) in [
        ("new-thing", "limit", 1, "param-unknown"),
        ("other", "limit_fen", 1, "param-unknown"),
        ("new-thing", "limit_fen", -1, "param-out-of-range"),
    ] {
        let params = Params::from([((id.to_owned(), name.to_owned()), value)]);
        let Err(Failure::Problem(problem)) = go(&[&model], &params) else { panic!("{id} {name}") };
        assert_eq!(problem.code, expect);
    }
}

#[test]
fn a_model_fails_alone() {
    for (from, to, expect) in [
        ("    person as subject", "    nullif(person, person) as subject", "model-no-subject"),
        (
            "group by person, period / 100",
            "group by person, period / 100, period",
            "model-finding-twice",
        ),
        ("> $limit_fen", "/ (sum(amount_fen) - sum(amount_fen)) > $limit_fen", "model-run"),
        ("sum(amount_fen) as amount_fen", "sum(amount) as amount_fen", "model-plan"),
    ] {
        let mut changes = vec![(from, to)];
        if !from.contains("limit") {
            changes.push(("> $limit_fen", "> $limit_fen - 10000000"));
        }
        let model = model(&changes);
        let good = models().into_iter().find(|m| m.header.id == "benefit-after-death").unwrap();
        let alone = go(&[&good], &Params::new()).unwrap();
        let run = go(&[&model, &good], &Params::new()).unwrap();
        let codes: Vec<_> = run.troubles.iter().map(|problem| problem.code).collect();
        assert_eq!(codes, [expect]);
        assert_eq!(run.troubles[0].place.file.as_deref(), Some("new-thing/model.sql"));
        let failed: Vec<_> = run.models.iter().map(|done| done.failed.as_deref()).collect();
        assert_eq!(failed, [None, Some(expect)]);
        assert_eq!(run.findings, alone.findings, "what another model finds stands");
    }
}
