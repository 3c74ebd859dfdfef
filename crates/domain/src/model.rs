//! The header of a model file: TOML in SQL comment lines, then exactly one SELECT.
//!
//! ```sql
//! -- id = "benefit-after-death"
//! -- version = 1
//! -- ...
//! select ...
//! ```
//! The SQL itself is planned and run elsewhere; here it is only cut off from its header.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::facts;
use crate::problem::{Place, Problem};

/// A sentence in both languages of the interface.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Bilingual {
    /// Chinese.
    pub zh: String,
    /// English.
    pub en: String,
}

/// What one finding of a model is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Grain {
    /// A person key.
    Person,
    /// A household key.
    Household,
    /// A bank account key.
    Account,
    /// A village number.
    Village,
}

/// Kind of wrong that a model asks about (06-models, section 1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Violation {
    /// 贪污侵占
    Embezzle,
    /// 虚报冒领
    FalseClaim,
    /// 截留挪用
    WithholdDivert,
    /// 吃拿卡要
    DemandBribe,
    /// 优亲厚友
    FavourKin,
    /// 串标围标
    BidRigging,
    /// 程序违规
    Procedure,
    /// 公开不实
    Disclosure,
    /// 作风形式
    Formalism,
    /// 数字脱贫
    DigitalPoverty,
    /// 数据滥用
    MisuseOfData,
}

/// How grave a true hit would be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Level {
    /// Worth a look in the ordinary course.
    Low,
    /// Worth a check.
    Mid,
    /// Check first.
    High,
}

/// Which findings a new batch of payments can touch: the unit of re-computation.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Recompute {
    /// Each payment row stands alone: only new rows can hit.
    Row,
    /// Rows of one month belong together: only months with new rows can hit anew.
    Month,
    /// Anything may change.
    #[default]
    All,
}

/// A number that law or county practice sets; bound into the SQL by name, never pasted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Param {
    /// Value unless the county sets another.
    pub default: i64,
    /// Least allowed value.
    pub min: i64,
    /// Greatest allowed value.
    pub max: i64,
    /// Unit: `month`, `day`, `fen`, `bp`, `person` ...
    pub unit: String,
    /// Instrument and article or practice it stands on.
    pub basis: String,
    /// Confidence tag of the basis: `F`, `K-h`, `K-m`, `K-l`, `D`.
    pub confidence: String,
}

/// A law, rule or practice.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Basis {
    /// Title of the instrument.
    pub instrument: String,
    /// Article or section; empty for the whole.
    #[serde(default)]
    pub article: String,
    /// Confidence tag.
    pub confidence: String,
}

impl Basis {
    /// `农村集体经济组织法 27; 01-procedures 7`: how a list of bases is printed behind a refusal.
    #[must_use]
    pub fn line(list: &[Self]) -> String {
        let one = |basis: &Self| match basis.article.as_str() {
            "" => basis.instrument.clone(),
            article => format!("{} {article}", basis.instrument),
        };
        list.iter().map(one).collect::<Vec<_>>().join("; ")
    }
}

/// Everything a model says of itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Header {
    /// Name of its folder.
    pub id: String,
    /// Number in the field's list of models (`M01` ...), if it has one.
    #[serde(default)]
    pub number: Option<String>,
    /// Raised with every change of header or SQL.
    pub version: u32,
    /// Title.
    pub title: Bilingual,
    /// Kind of wrong.
    pub violation: Violation,
    /// What a finding is about.
    pub grain: Grain,
    /// How grave.
    pub severity: Level,
    /// Fact tables that it reads.
    pub facts: Vec<String>,
    /// What a new batch can touch.
    #[serde(default)]
    pub recompute: Recompute,
    /// Sentence made from the output columns: `{death_day}` stands for the column of that name.
    pub reason: Bilingual,
    /// Innocent explanations to rule out.
    pub innocent: Vec<Bilingual>,
    /// What to check next.
    pub next_check: Vec<Bilingual>,
    /// What it cannot see.
    pub gaps: Vec<Bilingual>,
    /// Laws and practices.
    pub basis: Vec<Basis>,
    /// Parameters by name.
    #[serde(default)]
    pub params: BTreeMap<String, Param>,
}

/// Cuts a model file into its header and its SQL.
///
/// # Errors
/// All problems found, each at its line or key.
pub fn parse(file: &str, text: &str) -> Result<(Header, String), Vec<Problem>> {
    let mut toml = String::new();
    let mut sql = String::new();
    for line in text.lines() {
        let comment = line.trim_start().strip_prefix("--");
        match comment {
            Some(comment) if sql.is_empty() => {
                toml.push_str(comment.strip_prefix(' ').unwrap_or(comment))
            }
            None if sql.is_empty() && line.trim().is_empty() => {}
            _ => {
                sql.push_str(line);
                sql.push('\n');
            }
        }
        toml.push('\n');
    }
    let header: Header = toml::from_str(&toml).map_err(|error| {
        let line = error
            .span()
            .map(|span| 1 + toml.bytes().take(span.start).filter(|b| *b == b'\n').count() as u64);
        let place = Place { row: line, ..Place::file(file) };
        vec![Problem::new("model-header", place).with("detail", error.message())]
    })?;
    let problems = lint(file, &header, &sql);
    if problems.is_empty() { Ok((header, sql)) } else { Err(problems) }
}

fn lint(file: &str, header: &Header, sql: &str) -> Vec<Problem> {
    let mut problems = Vec::new();
    let mut complain = |code: &'static str, key: &str, detail: &str| {
        let place = Place { column: Some(key.to_owned()), ..Place::file(file) };
        problems.push(Problem::new(code, place).with("detail", detail));
    };
    if sql.trim().is_empty() {
        complain("model-no-sql", "select", "");
    }
    for table in &header.facts {
        if facts::table(table).is_none() {
            complain("model-unknown-table", "facts", table);
        }
    }
    for (key, list) in
        [("innocent", &header.innocent), ("next_check", &header.next_check), ("gaps", &header.gaps)]
    {
        if list.is_empty() {
            complain("model-empty-list", key, key);
        }
    }
    if header.basis.is_empty() {
        complain("model-empty-list", "basis", "basis");
    }
    for (name, param) in &header.params {
        if !(param.min..=param.max).contains(&param.default) {
            complain("model-param-range", name, &param.default.to_string());
        }
    }
    problems
}

#[cfg(test)]
mod tests {
    use super::parse;

    const GOOD: &str = r#"-- id = "x"
-- version = 1
-- title = { zh = "甲", en = "A" }
-- violation = "false_claim"
-- grain = "person"
-- severity = "high"
-- facts = ["payments"]
-- reason = { zh = "领取 {amount_fen}", en = "paid {amount_fen}" }
-- innocent = [{ zh = "无", en = "none" }]
-- next_check = [{ zh = "无", en = "none" }]
-- gaps = [{ zh = "无", en = "none" }]
-- basis = [{ instrument = "06-models", confidence = "D" }]
-- [params.grace_months]
-- default = 1
-- min = 0
-- max = 12
-- unit = "month"
-- basis = "practice"
-- confidence = "K-m"

select 1
-- a comment inside the SQL stays
from payments
"#;

    #[test]
    fn cuts_header_from_sql() {
        let (header, sql) = parse("x/model.sql", GOOD).expect("good model");
        assert_eq!(header.params["grace_months"].default, 1);
        assert!(sql.starts_with("select 1\n-- a comment inside"));
    }

    #[test]
    fn names_line_and_key_of_what_is_wrong() {
        for (from, to, code) in [
            ("version = 1", "version = one", "model-header"),
            ("[\"payments\"]", "[\"payment\"]", "model-unknown-table"),
            ("default = 1", "default = 99", "model-param-range"),
            ("severity", "severities", "model-header"),
        ] {
            let problems = parse("x/model.sql", &GOOD.replace(from, to)).expect_err(to);
            assert_eq!(problems.first().map(|p| p.code), Some(code), "{to}");
        }
        let broken = parse("f", &GOOD.replace("version = 1", "version = one")).expect_err("broken");
        assert_eq!(broken.first().and_then(|p| p.place.row), Some(2));
    }
}
