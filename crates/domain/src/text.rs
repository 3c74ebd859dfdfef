//! Normal form of short texts from agency files: full-width to half-width, outer blanks gone.

use std::borrow::Cow;

use crate::ids::{IdNumber, luhn_ok};

/// Maps full-width ASCII (U+FF01..U+FF5E) and the ideographic space to their ASCII forms.
#[must_use]
pub fn half_width(c: char) -> char {
    match c {
        '\u{3000}' | '\u{a0}' => ' ',
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(c) - 0xfee0).unwrap_or(c),
        _ => c,
    }
}

/// Half-width, control characters and byte-order marks dropped, outer blanks trimmed. Borrows when
/// nothing changes.
#[must_use]
pub fn clean(raw: &str) -> Cow<'_, str> {
    let plain = |b: u8| (0x20..0x7f).contains(&b);
    if raw.bytes().all(plain) {
        return Cow::Borrowed(raw.trim_matches(' '));
    }
    let odd = |c: char| c.is_control() || c == '\u{feff}' || half_width(c) != c;
    if !raw.chars().any(odd) {
        return Cow::Borrowed(raw.trim());
    }
    let mapped: String = raw
        .chars()
        .map(|c| if c == '\t' || c == '\n' || c == '\r' { ' ' } else { half_width(c) })
        .filter(|c| !c.is_control() && *c != '\u{feff}')
        .collect();
    Cow::Owned(mapped.trim().to_owned())
}

/// The form in which headers, programme and place names are compared: cleaned, without any blank,
/// brackets half-width, letters lower-case.
#[must_use]
pub fn folded(raw: &str) -> String {
    clean(raw).chars().filter(|c| !c.is_whitespace()).flat_map(char::to_lowercase).collect()
}

/// A number that belongs to a person and has no place in a public text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PersonalNumber {
    /// Citizen ID number.
    Id,
    /// Bank card.
    Card,
    /// Mobile telephone.
    Telephone,
}

impl PersonalNumber {
    /// Stable code.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Id => "id_number",
            Self::Card => "bank_card",
            Self::Telephone => "phone",
        }
    }
}

/// The first such number in a text, if there is any; blanks and hyphens inside it do not hide it.
#[must_use]
pub fn personal_number(raw: &str) -> Option<PersonalNumber> {
    let mut run = String::new();
    for c in raw.chars().map(half_width).chain(['.']) {
        match c {
            '0'..='9' => run.push(c),
            'x' | 'X' if run.len() == 17 => run.push('X'),
            ' ' | '-' if !run.is_empty() => {}
            _ => {
                let found = kind_of(&run);
                if found.is_some() {
                    return found;
                }
                run.clear();
            }
        }
    }
    None
}

fn kind_of(run: &str) -> Option<PersonalNumber> {
    let mobile = run.len() == 11 && run.starts_with('1') && !run.starts_with("10");
    match run.len() {
        18 if IdNumber::read(run).birth_day().is_some() => Some(PersonalNumber::Id),
        16..=19 if luhn_ok(run) => Some(PersonalNumber::Card),
        _ if mobile => Some(PersonalNumber::Telephone),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::{clean, folded, personal_number};

    #[test]
    fn numbers_of_persons_are_seen_in_a_text() {
        for (text, kind) in [
            ("请打 138 0013-8000", Some("phone")),
            ("身份证１１０１０１１９９００３０７２０６X", Some("id_number")),
            ("身份证号99000119900307207X，请核对", Some("id_number")),
            ("卡号 6222 0200 0000 0000 00", None),
            ("卡号 4111-1111-1111-1111", Some("bank_card")),
            ("公示编号 990001101201-2026-00001-8", None),
            ("2026-03-05 支出 12,800.00 元", None),
            ("10086", None),
        ] {
            assert_eq!(personal_number(text).map(|found| found.code()), kind, "{text}");
        }
    }

    #[test]
    fn cleans_and_folds() {
        assert_eq!(clean("  1２３　"), "123");
        assert_eq!(clean("\u{feff}姓名"), "姓名");
        assert_eq!(clean("a\tb"), "a b");
        assert_eq!(folded("金额（元）"), "金额(元)");
        assert_eq!(folded("ID Card No"), "idcardno");
    }
}
