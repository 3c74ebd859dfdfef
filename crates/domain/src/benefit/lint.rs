//! What a catalogue must keep to beyond its form.

use std::collections::{HashMap, HashSet};

use super::names::normal;
use super::{Benefit, BenefitVersion, Pair};
use crate::catalogue::check::Lint;

impl Lint<'_> {
    pub(super) fn item(&mut self, path: &str, item: &Benefit) {
        let file = path.rsplit('/').next().unwrap_or(path);
        if !file.starts_with(&format!("{}-", item.code)) {
            self.complain("benefit-file-name", path, "code", &item.code);
        }
        let digits = item.code.strip_prefix('S').unwrap_or_default();
        if !matches!(digits.len(), 2 | 3) || item.number() == 0 || digits.parse::<u16>().is_err() {
            self.complain("benefit-code", path, "code", &item.code);
        }
        self.versions(path, "versions", &item.versions);
        for (index, version) in item.versions.iter().enumerate() {
            self.version(path, &format!("versions[{index}]"), version);
        }
    }

    fn version(&mut self, path: &str, key: &str, version: &BenefitVersion) {
        let ages = (version.min_age_years.map(i64::from), version.max_age_years.map(i64::from));
        let amounts = (version.typical_min_fen, version.typical_max_fen);
        for (name, (min, max), confidence) in [
            ("age", ages, &version.age_confidence),
            ("amount", amounts, &version.amount_confidence),
        ] {
            let key = format!("{key}.{name}_confidence");
            if min.or(max).is_some() || confidence.is_some() {
                self.confidence(path, &key, confidence.as_deref().unwrap_or_default());
            }
            if min.is_some_and(|min| min < 0 || max.is_some_and(|max| max < min)) {
                self.complain("catalogue-range", path, &key, name);
            }
        }
        self.basis(path, key, &version.basis);
    }

    /// No name, code included, may lead to two programmes.
    pub(super) fn names(&mut self, items: &[(&str, Benefit)]) {
        let mut owners: HashMap<String, &Benefit> = HashMap::new();
        for (path, item) in items {
            let mut own = HashSet::new();
            for name in std::iter::once(item.code.as_str()).chain(item.names()) {
                let form = normal(name);
                if !own.insert(form.clone()) {
                    self.complain("benefit-name-twice", path, "aliases", name);
                } else if let Some(other) = owners.insert(form, item) {
                    let detail = format!("{name} ({})", other.code);
                    self.complain("benefit-name-twice", path, "aliases", &detail);
                }
            }
        }
    }

    pub(super) fn pairs(&mut self, path: &str, pairs: &[Pair], items: &[(&str, Benefit)]) {
        let mut seen = HashSet::new();
        for (index, pair) in pairs.iter().enumerate() {
            let key = format!("pairs[{index}]");
            for code in [&pair.a, &pair.b] {
                if !items.iter().any(|(_, item)| item.code == *code) {
                    self.complain("pair-unknown-code", path, &key, code);
                }
            }
            if pair.a >= pair.b || !seen.insert((&pair.a, &pair.b)) {
                self.complain("pair-order", path, &key, &format!("{} {}", pair.a, pair.b));
            }
            self.span(path, &key, &pair.from, pair.until.as_deref());
            self.basis(path, &key, &pair.basis);
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::benefit::Benefits;

    const ITEM: &str = r#"code = "S01"
title = { zh = "农村低保", en = "Rural allowance" }
aliases = ["低保"]
department = "civil_affairs"
unit = "person"
frequency = "month"
[[versions]]
from = "2015-01-01"
until = "2019-12-31"
min_age_years = 60
max_age_years = 70
age_confidence = "K-m"
eligibility = { zh = "甲", en = "A" }
basis = [{ instrument = "law", confidence = "F" }]
[[versions]]
from = "2020-01-01"
eligibility = { zh = "甲", en = "A" }
basis = [{ instrument = "law", confidence = "F" }]
"#;
    const PAIRS: &str = r#"[[pairs]]
a = "S01"
b = "S02"
relation = "excluded"
scope = "person"
from = "2015-01-01"
basis = [{ instrument = "law", confidence = "K-h" }]
"#;
    const INSTRUMENTS: &str = r#"[law]
title = { zh = "法", en = "Law" }
from = "2014-05-01"
confidence = "F"
"#;

    /// The codes and places of what is wrong after a text was replaced in a good catalogue.
    fn problems(from: &str, to: &str) -> Vec<(&'static str, String)> {
        let second = ITEM.replace("S01", "S02").replace("低保", "特困").replace("Rural", "Poor");
        let files = [
            ("benefits/S01-rural.toml", ITEM),
            ("benefits/S02-poor.toml", second.as_str()),
            ("compatibility.toml", PAIRS),
            ("instruments.toml", INSTRUMENTS),
            ("README.md", "not read"),
        ];
        let files: Vec<(String, String)> = files
            .iter()
            .map(|(path, text)| (path.replacen(from, to, 1), text.replacen(from, to, 1)))
            .collect();
        let (_, problems) = Benefits::load(&files);
        problems.into_iter().map(|p| (p.code, p.place.file.unwrap_or_default())).collect()
    }

    #[test]
    fn every_rule_is_kept() {
        assert_eq!(problems("", ""), []);
        for (from, to, code) in [
            ("frequency", "how_often", "catalogue-toml"),
            ("benefits/S01-rural", "benefits/rural", "benefit-file-name"),
            ("code = \"S02\"", "code = \"S2\"", "benefit-code"),
            ("[\"低保\"]", "[\"农村特困\"]", "benefit-name-twice"),
            ("[\"低保\"]", "[\"农村低保\"]", "benefit-name-twice"),
            ("[\"低保\"]", "[\"s02\"]", "benefit-name-twice"),
            ("from = \"2020-01-01\"", "from = \"2020-13-01\"", "catalogue-day"),
            ("until = \"2019-12-31\"", "until = \"2014-12-31\"", "catalogue-span"),
            ("until = \"2019-12-31\"", "until = \"2020-01-01\"", "catalogue-version-order"),
            ("until = \"2019-12-31\"\n", "", "catalogue-version-order"),
            ("max_age_years = 70", "max_age_years = 50", "catalogue-range"),
            ("age_confidence = \"K-m\"\n", "", "catalogue-confidence"),
            ("confidence = \"F\"", "confidence = \"sure\"", "catalogue-confidence"),
            ("instrument = \"law\"", "instrument = \"lore\"", "catalogue-instrument"),
            ("[law]", "[law]\nsuperseded_by = \"lore\"", "catalogue-instrument"),
            ("a = \"S01\"", "a = \"S09\"", "pair-unknown-code"),
            ("b = \"S02\"", "b = \"S01\"", "pair-order"),
            ("[{ instrument = \"law\", confidence = \"K-h\" }]", "[]", "catalogue-empty"),
        ] {
            let found = problems(from, to);
            assert!(found.iter().any(|(c, _)| *c == code), "{from} -> {to}: {found:?}");
            assert!(found.iter().all(|(_, file)| !file.is_empty()), "{from} -> {to}");
        }
    }

    #[test]
    fn all_problems_come_at_once() {
        let found = problems("2015-01-01", "2015-02-30");
        assert_eq!(found.len(), 3, "one for each file: {found:?}");
    }
}
