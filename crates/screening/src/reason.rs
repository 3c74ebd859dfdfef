//! The plain-language reason of a finding: the header's template filled from output columns.

use std::collections::BTreeMap;

use domain::benefit::Benefits;
use domain::finding::Period;
use domain::money::Fen;
use domain::time::Day;

use crate::cell::Cell;

/// What numbers stand for.
#[derive(Debug, Clone)]
pub struct Names<'a> {
    /// The catalogue.
    pub benefits: &'a Benefits,
    /// Paths of villages.
    pub villages: BTreeMap<i32, String>,
    /// Own names of programmes outside the catalogue.
    pub programmes: BTreeMap<i32, String>,
}

impl Names<'_> {
    /// How a village is printed; its number when it has no name.
    #[must_use]
    pub fn village(&self, number: i32) -> String {
        self.villages.get(&number).cloned().unwrap_or_else(|| number.to_string())
    }

    fn programme(&self, number: i32, zh: bool) -> String {
        if let Some(benefit) = self.benefits.by_number(number) {
            return if zh { benefit.title.zh.clone() } else { benefit.title.en.clone() };
        }
        self.programmes.get(&number).cloned().unwrap_or_else(|| number.to_string())
    }
}

/// A part of a template.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Part<'a> {
    /// Stands as it is.
    Text(&'a str),
    /// Is filled from the column of that name.
    Column(&'a str),
}

/// Cuts a template into its parts; `None` when a bracket has no partner.
#[must_use]
pub fn parts(template: &str) -> Option<Vec<Part<'_>>> {
    let mut parts = Vec::new();
    let mut rest = template;
    while let Some((text, tail)) = rest.split_once('{') {
        let (name, tail) = tail.split_once('}')?;
        if text.contains('}') || name.is_empty() || name.contains('{') {
            return None;
        }
        parts.extend([Part::Text(text), Part::Column(name)]);
        rest = tail;
    }
    parts.push(Part::Text(rest));
    (!rest.contains('}')).then_some(parts)
}

/// The template filled.
#[must_use]
pub fn filled<'a>(
    template: &str,
    cell: impl Fn(&str) -> Option<&'a Cell>,
    names: &Names<'_>,
    zh: bool,
) -> String {
    let value = |part: Part<'_>| match part {
        Part::Text(text) => text.to_owned(),
        Part::Column(name) => {
            cell(name).map(|cell| said(name, cell, names, zh)).unwrap_or_default()
        }
    };
    parts(template).unwrap_or_default().into_iter().map(value).collect()
}

/// How a value is said; the unit stands in the column's name.
fn said(name: &str, cell: &Cell, names: &Names<'_>, zh: bool) -> String {
    match cell {
        Cell::Missing => String::new(),
        Cell::Small(n) => unit(name, i64::from(*n)).unwrap_or_else(|| number(name, *n, names, zh)),
        Cell::Large(n) => unit(name, *n).unwrap_or_else(|| n.to_string()),
        Cell::Smalls(list) => joined(list.iter().map(|n| number(name, *n, names, zh)), zh),
        Cell::Larges(list) => joined(list.iter().map(ToString::to_string), zh),
        Cell::Key(key) => identity(name, *key),
        Cell::Keys(list) => joined(list.iter().map(|key| identity(name, *key)), zh),
        Cell::Day(day) => Day(*day).to_string(),
        Cell::Flag(flag) => flag.to_string(),
        Cell::Text(text) => text.clone(),
    }
}

fn joined(items: impl Iterator<Item = String>, zh: bool) -> String {
    items.collect::<Vec<_>>().join(if zh { "、" } else { ", " })
}

fn unit(name: &str, value: i64) -> Option<String> {
    if name.ends_with("_fen") {
        Some(grouped(&Fen(value).to_string()))
    } else if name.ends_with("_mu_e4") {
        Some(hundredths(rounded(value, 100)))
    } else if name.ends_with("_m2_e2") || name.ends_with("_ratio_e2") {
        Some(hundredths(value))
    } else if name.ends_with("_bp") {
        let tenths = rounded(value, 10);
        let sign = if tenths < 0 { "-" } else { "" };
        Some(format!("{sign}{}.{}%", tenths.unsigned_abs() / 10, tenths.unsigned_abs() % 10))
    } else {
        None
    }
}

fn number(name: &str, value: i32, names: &Names<'_>, zh: bool) -> String {
    if name.starts_with("village") {
        names.village(value)
    } else if name.starts_with("programme") {
        names.programme(value, zh)
    } else if is_period(name) {
        Period(value).to_string()
    } else {
        value.to_string()
    }
}

/// Whether a column of that name holds `yyyymm` or `yyyy`.
#[must_use]
pub fn is_period(name: &str) -> bool {
    name.contains("period") || name.ends_with("_month")
}

/// People are marked, so that the reader's programme can put a pseudonym or a name there.
fn identity(name: &str, key: u64) -> String {
    let person = ["person", "people", "payee", "cadre", "subject"];
    if person.iter().any(|word| name.ends_with(word)) {
        format!("⟦person:{key:016x}⟧")
    } else {
        format!("{key:016x}")
    }
}

/// Divides, halves away from zero.
const fn rounded(value: i64, by: i64) -> i64 {
    let half = if value < 0 { -by / 2 } else { by / 2 };
    value.saturating_add(half) / by
}

fn hundredths(value: i64) -> String {
    grouped(&Fen(value).to_string())
}

/// `1234567.50` with separators: `1,234,567.50`.
fn grouped(decimal: &str) -> String {
    let (whole, rest) = decimal.split_once('.').map_or((decimal, ""), |(w, r)| (w, r));
    let (sign, digits) = whole.strip_prefix('-').map_or(("", whole), |d| ("-", d));
    let mut out = String::from(sign);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at) % 3 == 0 {
            out.push(',');
        }
        out.push(digit);
    }
    if rest.is_empty() { out } else { format!("{out}.{rest}") }
}

#[cfg(test)]
mod tests {
    use super::{Names, Part, filled, parts};
    use crate::cell::Cell;
    use domain::benefit::Benefits;
    use std::collections::BTreeMap;

    #[test]
    fn says_each_kind_as_people_write_it() {
        let benefits = Benefits::default();
        let names = Names {
            benefits: &benefits,
            villages: BTreeMap::from([(7, "柳溪镇青石村".to_owned())]),
            programmes: BTreeMap::from([
                (1001, "高龄慰问金".to_owned()),
                (1002, "取暖费".to_owned()),
            ]),
        };
        for (name, cell, expect) in [
            ("amount_fen", Cell::Large(123_456_789), "1,234,567.89"),
            ("amount_fen", Cell::Large(-5), "-0.05"),
            ("price_fen", Cell::Missing, ""),
            ("death_day", Cell::Day(19_727), "2024-01-05"),
            ("first_period", Cell::Small(202_401), "2024-01"),
            ("last_month", Cell::Small(202_412), "2024-12"),
            ("period", Cell::Small(2024), "2024"),
            ("months", Cell::Large(3), "3"),
            ("first_year", Cell::Small(2022), "2022"),
            ("village_other", Cell::Small(7), "柳溪镇青石村"),
            ("village_share_bp", Cell::Large(1234), "12.3%"),
            ("share_bp", Cell::Large(10_000), "100.0%"),
            ("share_bp", Cell::Large(-6), "-0.1%"),
            ("programmes", Cell::Smalls(vec![1001, 1002]), "高龄慰问金、取暖费"),
            ("programme_a", Cell::Small(1003), "1003"),
            ("holder_person", Cell::Key(0xab), "⟦person:00000000000000ab⟧"),
            ("payee", Cell::Key(1), "⟦person:0000000000000001⟧"),
            ("account", Cell::Key(1), "0000000000000001"),
            ("paid_mu_e4", Cell::Large(65_050), "6.51"),
            ("area_m2_e2", Cell::Large(12_345), "123.45"),
            ("z_ratio_e2", Cell::Large(612), "6.12"),
            ("post", Cell::Text("村主任".to_owned()), "村主任"),
        ] {
            let text = filled(&format!("a{{{name}}}b"), |_| Some(&cell), &names, true);
            assert_eq!(text, format!("a{expect}b"), "{name}");
        }
    }

    #[test]
    fn brackets_have_partners() {
        assert_eq!(parts("a{b}"), Some(vec![Part::Text("a"), Part::Column("b"), Part::Text("")]));
        for bad in ["a{b", "a}b", "{}", "{a{b}}", "a}{b}"] {
            assert_eq!(parts(bad), None, "{bad}");
        }
    }
}
