//! How wide a text will be, by estimate, and where its lines end: the same on every machine.

/// Widths in hundredths of the text size.
const WIDE: usize = 100;
const NARROW: usize = 55;
/// Where the alphabets end that are set narrow.
const LAST_NARROW: char = '\u{24f}';

/// Signs such as `·` and `“` are wide in the fonts that hold Han characters.
fn is_wide(c: char) -> bool {
    c > LAST_NARROW || !(c.is_ascii() || c.is_alphabetic())
}

/// Width of a text of a size, in user units, rounded up. Han characters and their punctuation are
/// as wide as they are high, Latin letters a little more than half.
pub(super) fn width(text: &str, size: usize) -> usize {
    let parts: usize = text.chars().map(|c| if is_wide(c) { WIDE } else { NARROW }).sum();
    (parts * size).div_ceil(100)
}

/// Cuts a text into lines of at most `limit` units; a word that is longer than a line is cut.
pub(super) fn wrap(text: &str, size: usize, limit: usize) -> Vec<String> {
    let (mut lines, mut line) = (Vec::new(), String::new());
    for piece in pieces(text) {
        if width(line.trim_end(), size) + width(piece.trim_end(), size) > limit
            || width(&format!("{line}{}", piece.trim_end()), size) > limit
        {
            end(&mut lines, &mut line);
        }
        for c in piece.chars() {
            let too_long = !c.is_whitespace() && width(&format!("{line}{c}"), size) > limit;
            if too_long && !line.is_empty() {
                end(&mut lines, &mut line);
            }
            if !(line.is_empty() && c.is_whitespace()) {
                line.push(c);
            }
        }
    }
    end(&mut lines, &mut line);
    lines
}

fn end(lines: &mut Vec<String>, line: &mut String) {
    let text = line.trim_end();
    if !text.is_empty() {
        lines.push(text.to_owned());
    }
    line.clear();
}

/// What may not be parted: words with the blank behind them, Han characters with the punctuation
/// that may not begin or end a line.
fn pieces(text: &str) -> Vec<String> {
    let mut pieces: Vec<String> = Vec::new();
    let mut before = ' ';
    for c in text.chars() {
        let parts = before.is_whitespace() && !c.is_whitespace()
            || (is_wide(c) || is_wide(before)) && !c.is_whitespace();
        let kept = "，。、；：！？）”》%".contains(c) || "（“《".contains(before);
        match pieces.last_mut() {
            Some(piece) if !parts || kept => piece.push(c),
            _ => pieces.push(c.to_string()),
        }
        before = c;
    }
    pieces
}

#[cfg(test)]
mod tests {
    use super::{width, wrap};
    use proptest::prelude::*;

    #[test]
    fn lines_end_where_they_may() {
        assert_eq!(width("村A", 20), 31);
        assert_eq!(wrap("村民代表会议", 10, 40), ["村民代表", "会议"]);
        assert_eq!(wrap("村民代表，会议", 10, 40), ["村民代", "表，会议"]);
        assert_eq!(wrap("the village board", 10, 60), ["the", "village", "board"]);
        assert_eq!(wrap("the village board", 10, 66), ["the village", "board"]);
        assert_eq!(wrap("representatives", 10, 44), ["represen", "tatives"]);
        assert_eq!(wrap("", 10, 40), [""; 0]);
    }

    proptest! {
        #[test]
        fn nothing_is_lost_and_nothing_too_long(text in "[ a-z村民会议，（）]{0,60}") {
            let lines = wrap(&text, 14, 60);
            for line in &lines {
                prop_assert!(width(line, 14) <= 60, "{line}");
            }
            let plain = |text: &str| text.split_whitespace().collect::<String>();
            prop_assert_eq!(plain(&lines.concat()), plain(&text));
        }
    }
}
