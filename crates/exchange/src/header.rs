//! Header words: which column of a table a header cell means.

use std::collections::HashMap;
use std::sync::LazyLock;

use domain::facts::{TABLES, TableSpec};
use domain::text;

/// A header cell understood: index in the table's columns, and how surely, in percent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Match {
    /// Index in the columns of the table.
    pub target: usize,
    /// Certainty in percent.
    pub score: u32,
}

const EXACT: u32 = 100;
/// Two header rows read as one word.
const JOINED: u32 = 97;
/// Without brackets or unit.
const STRIPPED: u32 = 95;
/// The lower of two header rows alone.
const LOWER: u32 = 80;
/// From here on a match is no guess.
pub const SURE: u32 = LOWER;

/// Words of one table, longest first, and where they point.
struct Words {
    exact: HashMap<String, usize>,
    endings: Vec<(String, usize)>,
}

static INDEX: LazyLock<Vec<Words>> = LazyLock::new(|| TABLES.iter().map(Words::of).collect());

impl Words {
    fn of(table: &TableSpec) -> Self {
        let (mut exact, mut endings) = (HashMap::new(), Vec::new());
        for (at, column) in table.columns.iter().enumerate() {
            for synonym in column.synonyms {
                let word = normal(synonym);
                let length = word.chars().count();
                let official = column.synonyms.first() == Some(synonym);
                // Shorter words end too many others: 出生日期 is no 日期 of payment.
                if !word.is_ascii() && (length >= 3 || (length == 2 && official)) {
                    endings.push((word.clone(), at));
                }
                exact.insert(word, at);
            }
            exact.insert(normal(column.name), at);
        }
        endings.sort_by_key(|(word, at)| (std::cmp::Reverse(word.len()), *at));
        Self { exact, endings }
    }
}

/// Folded, without stars, numbering and joining marks of identifiers.
fn normal(header: &str) -> String {
    let folded: String =
        text::folded(header).chars().filter(|c| !matches!(c, '_' | '-' | '*')).collect();
    let numbered = folded.trim_start_matches(|c: char| c.is_ascii_digit());
    match numbered.strip_prefix(['.', '、']) {
        Some(rest) if numbered.len() < folded.len() && !rest.is_empty() => rest.to_owned(),
        _ => folded,
    }
}

/// Without bracketed remarks and trailing units.
fn stripped(word: &str) -> String {
    let mut out = String::with_capacity(word.len());
    let mut depth = 0_u32;
    for c in word.chars() {
        match c {
            '(' | '[' | '【' => depth += 1,
            ')' | ']' | '】' => depth = depth.saturating_sub(1),
            _ if depth == 0 => out.push(c),
            _ => {}
        }
    }
    let units = ["万元", "元", "亩", "yuan", ":"];
    let bare = units.iter().find_map(|u| out.strip_suffix(u)).filter(|b| !b.is_empty());
    bare.map_or(out.clone(), str::to_owned)
}

/// Position of a table in [`TABLES`].
fn words(table: &TableSpec) -> Option<&'static Words> {
    let at = TABLES.iter().position(|t| t.name == table.name)?;
    INDEX.get(at)
}

/// What a header cell means in a table; two header rows come joined by `/`.
pub fn understand(table: &TableSpec, header: &str) -> Option<Match> {
    let words = words(table)?;
    let full = normal(header);
    if full.is_empty() {
        return None;
    }
    let find = |word: &str, score| words.exact.get(word).map(|&target| Match { target, score });
    let lower = full.rsplit('/').next().unwrap_or_default();
    let joined = full.replace('/', "");
    find(&full, EXACT)
        .or_else(|| find(&joined, JOINED))
        .or_else(|| find(&stripped(&full), STRIPPED))
        .or_else(|| find(&stripped(&joined), STRIPPED))
        .or_else(|| find(lower, LOWER))
        .or_else(|| find(&stripped(lower), LOWER))
        .or_else(|| ending(words, &stripped(&joined)))
}

/// `本次实发金额` ends in 实发金额: a guess, the better the longer the known part.
fn ending(words: &Words, word: &str) -> Option<Match> {
    let word = ["合计", "数额"].iter().find_map(|tail| word.strip_suffix(tail)).unwrap_or(word);
    let (known, target) = words.endings.iter().find(|(known, _)| word.ends_with(known.as_str()))?;
    let score = 50 + u32::try_from(known.chars().count() * 3).unwrap_or(0).min(25);
    Some(Match { target: *target, score })
}

/// In how many tables a header is understood surely: what speaks for many speaks for none.
pub fn tables_that_understand(header: &str) -> usize {
    let sure = |t: &&TableSpec| understand(t, header).is_some_and(|m| m.score >= SURE);
    TABLES.iter().filter(sure).count().max(1)
}

#[cfg(test)]
mod tests {
    use super::understand;
    use domain::facts::table;

    #[test]
    fn understands_headers_as_agencies_write_them() {
        let payments = table("payments").unwrap();
        for (header, expect) in [
            ("身份证号", Some("person")),
            ("* 身份证号码（必填）", Some("person")),
            ("3、姓 名", Some("name")),
            ("金额（万元）", Some("amount_fen")),
            ("本次实发金额(元)", Some("amount_fen")),
            ("发放/金额", Some("amount_fen")),
            ("收款人/身份证号", Some("payee")),
            ("基本信息/姓名", Some("name")),
            ("amount_fen", Some("amount_fen")),
            ("ID Number", Some("person")),
            ("出生日期", None),
            ("序号", None),
            ("联系电话", None),
            ("", None),
        ] {
            let found = understand(payments, header).map(|m| payments.columns[m.target].name);
            assert_eq!(found, expect, "{header}");
        }
    }
}
