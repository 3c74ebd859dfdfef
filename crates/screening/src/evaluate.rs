//! How well models did against known answers.

use std::collections::{BTreeMap, BTreeSet};

use domain::finding::Finding;
use domain::model::Grain;
use serde::Serialize;

/// Whom or what a known case is about.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Truth {
    /// A person's key.
    Person(u64),
    /// A village's path.
    Village(String),
}

/// A model against its known cases. Ratios are in 1/10,000, and absent where there is nothing to
/// divide by.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Score {
    /// Model id.
    pub model: String,
    /// Findings.
    pub findings: usize,
    /// Findings about a known case.
    pub true_findings: usize,
    /// `true_findings / findings`.
    pub precision_bp: Option<u32>,
    /// Known cases, each once.
    pub cases: usize,
    /// Known cases that some finding is about.
    pub found: usize,
    /// `found / cases`.
    pub recall_bp: Option<u32>,
    /// Known cases that no finding is about.
    pub missed: Vec<Truth>,
}

/// Scores of all models that found something or had something to find, by id. A finding is true
/// when anybody in it, or its village, is a known case of its model.
#[must_use]
pub fn evaluate(findings: &[Finding], truth: &[(String, Truth)]) -> Vec<Score> {
    let mut models: BTreeMap<&str, (Vec<&Finding>, BTreeSet<&Truth>)> = BTreeMap::new();
    for finding in findings {
        models.entry(&finding.model).or_default().0.push(finding);
    }
    for (model, case) in truth {
        models.entry(model).or_default().1.insert(case);
    }
    models.into_iter().map(|(model, (findings, cases))| score(model, &findings, &cases)).collect()
}

fn score(model: &str, findings: &[&Finding], cases: &BTreeSet<&Truth>) -> Score {
    let mut found: BTreeSet<&Truth> = BTreeSet::new();
    let mut true_findings = 0;
    for finding in findings {
        let about: Vec<&Truth> =
            subjects(finding).iter().filter_map(|subject| cases.get(subject).copied()).collect();
        true_findings += usize::from(!about.is_empty());
        found.extend(about);
    }
    Score {
        model: model.to_owned(),
        findings: findings.len(),
        true_findings,
        precision_bp: ratio_bp(true_findings, findings.len()),
        cases: cases.len(),
        found: found.len(),
        recall_bp: ratio_bp(found.len(), cases.len()),
        missed: cases.difference(&found).map(|case| (*case).clone()).collect(),
    }
}

fn subjects(finding: &Finding) -> Vec<Truth> {
    let mut subjects: Vec<Truth> = finding.people.iter().copied().map(Truth::Person).collect();
    if finding.grain == Grain::Village {
        subjects.push(Truth::Village(finding.subject.clone()));
    }
    subjects
}

fn ratio_bp(part: usize, whole: usize) -> Option<u32> {
    u32::try_from((part * 10_000).checked_div(whole)?).ok()
}
