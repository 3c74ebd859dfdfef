//! Whether a model is well made. Needs no data: it is planned over empty tables.

use std::collections::{BTreeMap, BTreeSet};

use arrow::datatypes::DataType;
use datafusion::common::DFSchema;
use domain::benefit::Benefits;
use domain::facts;
use domain::model::{Grain, Recompute};
use domain::problem::{Failure, Place, Problem};

use crate::cell::read_as;
use crate::engine::{Engine, columns_read, complaint};
use crate::model::Model;
use crate::planned::{self, parameters, undeclared};
use crate::reason::{Part, parts};
use crate::reference;
use crate::split::{self, Class};

/// Headings that a description must have.
const SECTIONS: [&str; 10] = [
    "Method",
    "Worked example",
    "Why it is a red flag",
    "Data",
    "Parameters",
    "Exclusions",
    "Innocent explanations",
    "What to check next",
    "Gaps",
    "Fixtures",
];

/// Kinds of cases that a sample must have: true hit, near miss, innocent.
const KINDS: [&str; 3] = ["T", "N", "I"];

/// All that is wrong with a model.
#[must_use]
pub fn check(model: &Model, benefits: &Benefits) -> Vec<Problem> {
    let mut problems = match query(model, benefits) {
        Ok(problems) => problems,
        Err(Failure::Problem(problem)) => vec![*problem],
        Err(other) => {
            vec![Problem::new("model-plan", model.place("model.sql")).with("detail", other)]
        }
    };
    problems.extend(readme(model));
    problems.extend(sample(model));
    problems
}

/// The SELECT: what it reads, what it is given, what it gives.
fn query(model: &Model, benefits: &Benefits) -> Result<Vec<Problem>, Failure> {
    let engine = Engine::new()?;
    reference::register(&engine, benefits, &BTreeMap::new(), None)?;
    let refused = |error| complaint("model-plan", model.place("model.sql"), &error);
    let plan = engine.plan(&model.sql).map_err(refused)?;
    let read: BTreeSet<String> = columns_read(&plan).map_err(refused)?.into_keys().collect();
    let named = parameters(&plan).map_err(refused)?;
    let mut problems = tables(model, &read);
    problems.extend(params(model, &named, benefits));
    if problems.iter().all(|problem| problem.code != "model-param-undeclared") {
        let params = model.params(&BTreeMap::new());
        let planned = planned::plan(&engine, model, &params, benefits)?;
        engine.explain(&planned.plan).map_err(refused)?;
        problems.extend(promise(model, split::class(&planned.plan).map_err(refused)?));
        problems.extend(output(model, planned.plan.schema()));
        problems.extend(templates(model, planned.plan.schema()));
    }
    Ok(problems)
}

/// What the header promises of new payments, against what the plan is made of.
fn promise(model: &Model, class: Class) -> Option<Problem> {
    let kept = match model.header.recompute {
        Recompute::Row => matches!(class, Class::Free | Class::Row(_)),
        Recompute::Month => matches!(class, Class::Free | Class::Row(_) | Class::Month(_)),
        Recompute::All => true,
    };
    let place = Place { column: Some("recompute".to_owned()), ..model.place("model.sql") };
    (!kept).then(|| Problem::new("model-recompute", place))
}

fn tables(model: &Model, read: &BTreeSet<String>) -> Vec<Problem> {
    let at = |code: &'static str, table: &str| {
        let place = Place { column: Some("facts".to_owned()), ..model.place("model.sql") };
        Problem::new(code, place).with("table", table)
    };
    let declared = |table: &String| model.header.facts.contains(table);
    let missing = read
        .iter()
        .filter(|table| facts::table(table).is_some() && !declared(table))
        .map(|table| at("model-table-undeclared", table));
    let unused = model
        .header
        .facts
        .iter()
        .filter(|t| !read.contains(*t))
        .map(|t| at("model-table-unused", t));
    missing.chain(unused).collect()
}

fn params(model: &Model, named: &BTreeSet<String>, benefits: &Benefits) -> Vec<Problem> {
    let declared = &model.header.params;
    let known = |name: &String| {
        declared.contains_key(name) || benefits.items.iter().any(|item| item.code == *name)
    };
    let missing = named.iter().filter(|name| !known(name)).map(|name| undeclared(model, name));
    let unused = declared.keys().filter(|name| !named.contains(*name)).map(|name| {
        let place = Place { column: Some(name.clone()), ..model.place("model.sql") };
        Problem::new("model-param-unused", place).with("param", name)
    });
    missing.chain(unused).collect()
}

/// The columns that every answer must have, with their types.
fn contract(grain: Grain) -> Vec<(&'static str, DataType)> {
    let list = |item| DataType::new_list(item, true);
    let subject = if grain == Grain::Village { DataType::Int32 } else { DataType::UInt64 };
    let mut columns = vec![
        ("subject", subject),
        ("village", DataType::Int32),
        ("period", DataType::Int32),
        ("amount_fen", DataType::Int64),
        ("evidence", list(DataType::Int64)),
    ];
    if matches!(grain, Grain::Household | Grain::Account) {
        columns.push(("people", list(DataType::UInt64)));
    }
    columns
}

fn output(model: &Model, schema: &DFSchema) -> Vec<Problem> {
    let given = |name: &str| schema.fields().iter().find(|field| field.name() == name);
    let at = |code: &'static str, name: &str| {
        let place = Place { column: Some(name.to_owned()), ..model.place("model.sql") };
        Problem::new(code, place).with("column", name)
    };
    let mut problems = Vec::new();
    for (name, wanted) in contract(model.header.grain) {
        match given(name) {
            None => problems.push(at("model-output-missing", name).with("type", &wanted)),
            Some(field) if read_as(field.data_type()).as_ref() != Some(&wanted) => {
                let problem = at("model-output-type", name).with("given", field.data_type());
                problems.push(problem.with("type", &wanted));
            }
            Some(_) => {}
        }
    }
    for field in schema.fields().iter().filter(|field| read_as(field.data_type()).is_none()) {
        let problem = at("model-output-unreadable", field.name());
        problems.push(problem.with("given", field.data_type()));
    }
    problems
}

fn templates(model: &Model, schema: &DFSchema) -> Vec<Problem> {
    let mut problems = Vec::new();
    for (key, template) in [("zh", &model.header.reason.zh), ("en", &model.header.reason.en)] {
        let place = || Place { column: Some(format!("reason.{key}")), ..model.place("model.sql") };
        let Some(parts) = parts(template) else {
            problems.push(Problem::new("model-template-brackets", place()));
            continue;
        };
        for part in parts {
            if let Part::Column(name) = part
                && schema.fields().iter().all(|field| field.name() != name)
            {
                problems.push(Problem::new("model-template-column", place()).with("column", name));
            }
        }
    }
    problems
}

fn readme(model: &Model) -> Vec<Problem> {
    let missing = |section: &&&str| {
        !model.readme.lines().any(|line| line.strip_prefix("## ") == Some(**section))
    };
    let problem = |section: &&str| {
        Problem::new("model-readme-section", model.place("README.md")).with("section", section)
    };
    SECTIONS.iter().filter(missing).map(problem).collect()
}

/// Cases of the sample as the description lists them: name and kind.
fn cases(model: &Model) -> Vec<(&str, &str)> {
    let lines = model.readme.lines().skip_while(|line| *line != "## Fixtures").skip(1);
    lines
        .take_while(|line| !line.starts_with("## "))
        .filter_map(|line| {
            let mut cells = line.strip_prefix('|')?.split('|').map(str::trim);
            let (case, kind) = (cells.next()?, cells.next()?);
            KINDS.contains(&kind).then_some((case, kind))
        })
        .collect()
}

fn sample(model: &Model) -> Vec<Problem> {
    let mut problems = Vec::new();
    let cases = cases(model);
    for kind in KINDS.iter().filter(|kind| cases.iter().all(|(_, k)| k != *kind)) {
        let place = model.place("README.md");
        problems.push(Problem::new("model-case-missing", place).with("kind", kind));
    }
    if model.fixtures.is_empty() {
        problems.push(Problem::new("model-file-missing", model.place("facts/payments.csv")));
    }
    let Some(expected) = &model.expected else {
        problems.push(Problem::new("model-file-missing", model.place("expected.csv")));
        return problems;
    };
    let found: BTreeSet<&str> =
        expected.lines().skip(1).filter_map(|line| line.split(',').next()).collect();
    for (case, kind) in cases {
        // `village 3` is the subject 3; a case of several subjects cannot be compared.
        let subject = case.strip_prefix("village ").unwrap_or(case);
        if subject.contains(' ') {
            continue;
        }
        if found.contains(subject) != (kind == "T") {
            let problem = Problem::new("model-case-differs", model.place("expected.csv"));
            problems.push(problem.with("case", case).with("kind", kind));
        }
    }
    problems
}
