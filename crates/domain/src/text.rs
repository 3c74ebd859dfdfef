//! Normal form of short texts from agency files: full-width to half-width, outer blanks gone.

use std::borrow::Cow;

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

#[cfg(test)]
mod tests {
    use super::{clean, folded};

    #[test]
    fn cleans_and_folds() {
        assert_eq!(clean("  1２３　"), "123");
        assert_eq!(clean("\u{feff}姓名"), "姓名");
        assert_eq!(clean("a\tb"), "a b");
        assert_eq!(folded("金额（元）"), "金额(元)");
        assert_eq!(folded("ID Card No"), "idcardno");
    }
}
