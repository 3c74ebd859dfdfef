//! Reading catalogue files, with every problem at once.

use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::{Benefit, Benefits, Pair};
use crate::problem::{Place, Problem};
use crate::time::Day;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Matrix {
    pairs: Vec<Pair>,
}

/// See [`Benefits::load`].
pub(super) fn load(files: &[(String, String)]) -> (Benefits, Vec<Problem>) {
    let (mut items, mut pairs, mut problems) = (Vec::new(), Vec::new(), Vec::new());
    for (path, text) in files {
        if path.starts_with("benefits/") {
            match read::<Benefit>(path, text) {
                Ok(item) => {
                    check_item(path, &item, &mut problems);
                    items.push(item);
                }
                Err(problem) => problems.push(problem),
            }
        } else if path == "compatibility.toml" {
            match read::<Matrix>(path, text) {
                Ok(matrix) => pairs = matrix.pairs,
                Err(problem) => problems.push(problem),
            }
        }
    }
    items.sort_by(|a: &Benefit, b| a.code.cmp(&b.code));
    check_codes(&items, &mut problems);
    check_pairs(&items, &pairs, &mut problems);
    let names = super::recognise::index(&items, &mut problems);
    (Benefits { items, pairs, names }, problems)
}

fn read<T: DeserializeOwned>(path: &str, text: &str) -> Result<T, Problem> {
    toml::from_str(text).map_err(|error| {
        let before = error.span().map(|span| text.bytes().take(span.start));
        let row = before.map(|bytes| 1 + bytes.filter(|b| *b == b'\n').count() as u64);
        let place = Place { row, ..Place::file(path) };
        Problem::new("catalogue-toml", place).with("detail", error.message())
    })
}

fn at(path: &str, key: &str) -> Place {
    Place { column: Some(key.to_owned()), ..Place::file(path) }
}

fn check_item(path: &str, item: &Benefit, problems: &mut Vec<Problem>) {
    let name = path.strip_prefix("benefits/").unwrap_or(path);
    if !name.starts_with(&format!("{}-", item.code)) {
        problems.push(Problem::new("benefit-file-name", at(path, "code")).with("code", &item.code));
    }
    if item.number() == 0 || item.number() >= super::FIRST_OWN_NUMBER {
        problems.push(Problem::new("benefit-code", at(path, "code")).with("code", &item.code));
    }
    if item.versions.is_empty() {
        problems.push(Problem::new("benefit-no-version", at(path, "versions")));
    }
    let mut before = None;
    for (index, version) in item.versions.iter().enumerate() {
        let key = format!("versions[{index}]");
        let (from, until) = (Day::parse(&version.from), version.until.as_deref().map(Day::parse));
        if from.is_none() || until == Some(None) {
            problems.push(Problem::new("catalogue-day", at(path, &key)));
        } else if until.flatten().is_some_and(|until| Some(until) < from) || from <= before {
            problems.push(Problem::new("catalogue-order", at(path, &key)));
        }
        if version.basis.is_empty() {
            problems.push(Problem::new("catalogue-no-basis", at(path, &key)));
        }
        before = from;
    }
}

fn check_codes(items: &[Benefit], problems: &mut Vec<Problem>) {
    for (first, second) in items.iter().zip(items.iter().skip(1)) {
        if first.code == second.code || first.number() == second.number() {
            let place = at("benefits", &second.code);
            problems.push(Problem::new("benefit-code-twice", place).with("code", &second.code));
        }
    }
}

fn check_pairs(items: &[Benefit], pairs: &[Pair], problems: &mut Vec<Problem>) {
    let mut seen = std::collections::HashSet::new();
    for (index, pair) in pairs.iter().enumerate() {
        let place = at("compatibility.toml", &format!("pairs[{index}]"));
        for code in [&pair.a, &pair.b] {
            if !items.iter().any(|item| item.code == *code) {
                problems.push(Problem::new("pair-unknown-code", place.clone()).with("code", code));
            }
        }
        if pair.a >= pair.b || !seen.insert((&pair.a, &pair.b)) {
            let both = format!("{} {}", pair.a, pair.b);
            problems.push(Problem::new("pair-order", place).with("pair", both));
        } else if pair.basis.is_empty() {
            problems.push(Problem::new("catalogue-no-basis", place));
        }
    }
}
