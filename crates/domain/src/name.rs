//! Names of people: the normal form in which they are compared.

use unicode_normalization::UnicodeNormalization;

use crate::text;

/// The separator of minority names (GB/T 15834), U+00B7.
const MIDDLE_DOT: char = '\u{b7}';

/// NFC, half-width, no blanks inside, letters upper-case, and every variant of the middle dot as
/// U+00B7.
/// Empty when nothing is left.
#[must_use]
pub fn normal(raw: &str) -> String {
    if is_plain(raw) {
        return raw.to_owned();
    }
    text::clean(raw)
        .chars()
        .filter(|c| !c.is_whitespace() && !matches!(c, '\u{200b}'..='\u{200f}' | '*'))
        .map(|c| if is_dot(c) { MIDDLE_DOT } else { c })
        .flat_map(char::to_uppercase)
        .nfc()
        .collect()
}

/// Surnames of two characters. One that is missing here is cut after its first, which shows less.
const DOUBLE_SURNAMES: &[&str] = &[
    "欧阳", "上官", "司马", "诸葛", "东方", "皇甫", "尉迟", "公孙", "慕容", "令狐", "司徒", "夏侯",
    "长孙", "宇文", "鲜于", "闻人", "轩辕", "端木", "独孤", "南宫", "呼延", "钟离", "濮阳", "淳于",
    "太史", "申屠", "百里", "赫连", "澹台", "拓跋",
];

/// A name as lists show it that may not name: the surname and a star, however long the rest is
/// (03-disclosure, section 6).
#[must_use]
pub fn surname_only(raw: &str) -> String {
    let name = normal(raw);
    let longer = |surname: &&&str| name.starts_with(**surname) && name.chars().count() > 2;
    let first = || name.chars().next().map(String::from).unwrap_or_default();
    let shown = DOUBLE_SURNAMES.iter().find(longer).map_or_else(first, |s| (*s).to_owned());
    if shown.is_empty() { shown } else { shown + "*" }
}

/// The first of these names that a text holds. Names of one letter are no names of a text.
#[must_use]
pub fn named_in<'a>(text: &str, names: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let text = normal(text);
    let holds = |name: &str| {
        let name = normal(name);
        name.chars().count() > 1 && text.contains(&name)
    };
    names.into_iter().find(|name| holds(name))
}

/// Whether a name is its own normal form at first sight: Han characters of the main block only.
#[must_use]
pub fn is_plain(raw: &str) -> bool {
    !raw.is_empty() && raw.chars().all(|c| ('\u{4e00}'..='\u{9fff}').contains(&c))
}

fn is_dot(c: char) -> bool {
    matches!(
        c,
        '\u{b7}'
            | '\u{2022}'
            | '\u{30fb}'
            | '\u{ff0e}'
            | '.'
            | '\u{2027}'
            | '\u{22c5}'
            | '\u{2219}'
            | '\u{ff65}'
            | '\u{16eb}'
            | '\u{387}'
            | '\u{2024}'
            | '\u{25cf}'
            | '\u{3002}'
    )
}

#[cfg(test)]
mod tests {
    use super::{named_in, normal, surname_only};
    use proptest::prelude::*;

    #[test]
    fn a_name_is_found_in_a_text_however_it_is_written() {
        let names = ["甲", "王上", "买买提·吐尔逊"];
        for (text, found) in [
            ("补助发给王 上一户", Some("王上")),
            ("发给 买买提•吐尔逊", Some("买买提·吐尔逊")),
            ("甲级工程", None),
            ("国王在上", None),
            ("", None),
        ] {
            assert_eq!(named_in(text, names), found, "{text}");
        }
    }

    #[test]
    fn a_masked_name_shows_the_surname_and_no_length() {
        for (name, shown) in [
            ("张三", "张*"),
            ("张三四", "张*"),
            (" 欧阳 修 ", "欧阳*"),
            ("欧阳", "欧*"),
            ("买买提·吐尔逊", "买*"),
            ("张*", "张*"),
            ("", ""),
        ] {
            assert_eq!(surname_only(name), shown, "{name}");
        }
    }

    #[test]
    fn one_name_in_many_spellings() {
        for raw in ["张三", "张 三", "张　三", " 张三 ", "张\u{200b}三"] {
            assert_eq!(normal(raw), "张三", "{raw}");
        }
        for dot in ['\u{b7}', '\u{2022}', '\u{30fb}', '\u{ff0e}', '.', '\u{2027}', '\u{ff65}'] {
            assert_eq!(normal(&format!("买买提{dot}吐尔逊")), "买买提·吐尔逊");
        }
        assert_eq!(normal("   "), "");
    }

    proptest! {
        #[test]
        fn normal_form_is_stable(raw in "\\PC{0,16}") {
            let once = normal(&raw);
            prop_assert_eq!(normal(&once), once);
        }
    }
}
