//! Codes of problems and rules in Rust: every one has its sentences.

use crate::tree::Source;
use crate::{rust, words};

/// Codes that a file uses, with their positions: `Problem::new("code", ..`, `code: "code"`, calls
/// of
/// functions and closures with a parameter `code: &'static str`, and the texts of `fn
/// problem_code`.
#[must_use]
pub fn codes(file: &Source, takers: &[(String, usize)]) -> Vec<(usize, String)> {
    let code = rust::product(&file.text);
    let mut texts = rust::product_texts(&file.text);
    texts.retain(|(_, text)| is_code(text));
    let mut found = Vec::new();
    let mut within = |start: usize, end: usize| {
        let inside = texts.iter().filter(|(at, _)| (start..end).contains(at));
        found.extend(inside.map(|(at, text)| (*at, (*text).to_owned())));
    };
    for (name, position) in takers {
        for at in code.match_indices(&format!("{name}(")).map(|(at, _)| at) {
            if code.get(..at).is_some_and(|t| {
                t.ends_with(|c: char| c.is_alphanumeric() || c == '_') || t.ends_with("fn ")
            }) {
                continue;
            }
            if let Some((start, end)) = argument(&code, at + name.len(), *position) {
                within(start, end);
            }
        }
    }
    for at in words(&code, "code:") {
        within(at, at + value_end(&code, at));
    }
    let tellers = rust::functions(&code).into_iter().filter(|(name, ..)| *name == "problem_code");
    for (_, start, end) in tellers {
        within(start, end);
    }
    found.sort();
    found.dedup();
    found
}

/// Rules that a file names: `rule: "rule"`.
#[must_use]
pub fn rules(file: &Source) -> Vec<(usize, String)> {
    let code = rust::product(&file.text);
    let texts = rust::product_texts(&file.text);
    let named = words(&code, "rule:").into_iter().filter_map(|at| {
        let end = at + value_end(&code, at);
        texts.iter().find(|(text_at, text)| (at..end).contains(text_at) && is_code(text))
    });
    named.map(|(at, rule)| (*at, (*rule).to_owned())).collect()
}

/// Length of `name: value` in a struct.
fn value_end(code: &str, at: usize) -> usize {
    let rest = code.get(at..).unwrap_or_default();
    // `code: &str` declares one, it does not give one.
    let declares = rest.split_once(": ").is_some_and(|(_, value)| value.starts_with('&'));
    if declares { 0 } else { rest.find([',', '}', ';']).unwrap_or(rest.len()) }
}

/// What takes a code as a parameter `code: &'static str`, and at which argument.
#[derive(Debug, Default)]
pub struct Takers {
    /// Functions, which other files may call.
    pub functions: Vec<(String, usize)>,
    /// Closures, which only their own file knows.
    pub closures: Vec<(String, usize)>,
}

/// Functions and closures of a file that take a code.
#[must_use]
pub fn takers(file: &Source) -> Takers {
    let code = rust::product(&file.text);
    let mut found = Takers::default();
    for at in code.match_indices("code: &'static str").map(|(at, _)| at) {
        let before = code.get(..at).unwrap_or_default();
        let open = before.rfind(['(', '|', '{']).unwrap_or(0);
        let parameters = before.get(open + 1..).unwrap_or_default();
        let position = parameters.matches(',').count() - usize::from(parameters.contains("self"));
        let head = before.get(..open).unwrap_or_default().trim_end();
        let name = match before.get(open..=open) {
            Some("(") => head.rsplit(|c: char| !c.is_alphanumeric() && c != '_').next(),
            Some("|") => head.strip_suffix('=').and_then(|h| h.split_whitespace().next_back()),
            _ => None,
        };
        // `new` and `note` are methods of `Problem`; their bare names would match too much.
        if let Some(name) = name.filter(|n| !n.is_empty() && !["new", "note"].contains(n)) {
            let closure = before.get(open..=open) == Some("|");
            let list = if closure { &mut found.closures } else { &mut found.functions };
            list.push((name.to_owned(), position));
        }
    }
    found
}

/// `Problem::new` and `Problem::note`.
#[must_use]
pub fn known_takers() -> Vec<(String, usize)> {
    ["Problem::new", "Problem::note"].iter().map(|name| ((*name).to_owned(), 0)).collect()
}

/// Lower-case words joined by hyphens.
#[must_use]
pub fn is_code(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_lowercase())
        && !text.ends_with('-')
        && text.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-')
}

/// Start and end of an argument of the call whose bracket is at `open`.
fn argument(code: &str, open: usize, position: usize) -> Option<(usize, usize)> {
    let end = rust::closing(code, open)? - 1;
    let (mut depth, mut seen, mut start) = (0_i32, 0, open + 1);
    for (at, c) in code.get(open + 1..end)?.char_indices() {
        match c {
            '(' | '[' | '{' => depth += 1,
            ')' | ']' | '}' => depth -= 1,
            ',' if depth == 0 => {
                if seen == position {
                    return Some((start, open + 1 + at));
                }
                seen += 1;
                start = open + 2 + at;
            }
            _ => {}
        }
    }
    (seen == position).then_some((start, end))
}

#[cfg(test)]
mod tests {
    use super::{codes, known_takers, takers};
    use crate::tree::Source;

    fn found(text: &str) -> Vec<String> {
        let file = Source::new("a.rs", text);
        let own = takers(&file);
        let all = [known_takers(), own.functions, own.closures].concat();
        codes(&file, &all).into_iter().map(|(_, code)| code).collect()
    }

    #[test]
    fn codes_are_found_in_every_spelling() {
        for (text, expect) in [
            ("Problem::new(\"a-b\", Place::file(\"c-d\"))", &["a-b"][..]),
            ("Problem::note(if x { \"a\" } else { \"b\" }, p)", &["a", "b"]),
            ("RowProblem { row, code: \"a-b\", refused: true }", &["a-b"]),
            (
                "fn bad(row: u32, code: &'static str) {}\nbad(f(1, 2), \"a-b\"); bad(3, code);",
                &["a-b"],
            ),
            (
                "let mut complain = |code: &'static str, key: &str| {};\ncomplain(\"a-b\", \"key\");",
                &["a-b"],
            ),
            ("fn refuse(&mut self, code: &'static str) {}\nx.refuse(\"a-b\");", &["a-b"]),
            (
                "fn problem_code(self) -> &'static str { match self { A => \"a-b\", B => \"b\" } }",
                &["a-b", "b"],
            ),
            ("struct P { code: &'static str }", &[]),
            ("fn order(code: &str) -> u8 { match code { \"a\" => 0, _ => 1 } }", &[]),
            ("// Problem::new(\"a-b\", p)", &[]),
            ("#[cfg(test)]\nmod tests { fn f() { Problem::new(\"a-b\", p); } }", &[]),
        ] {
            assert_eq!(found(text), expect, "{text}");
        }
    }
}
