//! Architecture and style as tests: each rule is a function from the tree to complaints.
//!
//! `tests/tidy.rs` holds the rules against this repository; the tests in here hold each rule
//! against small bad examples, so that a rule which finds nothing is known to be able to find.
//! No dependencies: this crate is the first thing that is built and must never be slow.

pub mod allowed;
pub mod architecture;
pub mod changelog;
pub mod documents;
pub mod locales;
pub mod manifest;
pub mod modules;
pub mod problems;
pub mod rust;
pub mod style;
pub mod tree;

use std::fmt;

/// One breach of a rule.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Complaint {
    /// File, from the root of the repository.
    pub path: String,
    /// Line from 1; 0 for the file as a whole.
    pub line: usize,
    /// What the rule says about it.
    pub what: String,
    /// What to do instead.
    pub instead: &'static str,
}

impl Complaint {
    /// A complaint about a line.
    #[must_use]
    pub fn new(path: &str, line: usize, what: impl Into<String>, instead: &'static str) -> Self {
        Self { path: path.to_owned(), line, what: what.into(), instead }
    }
}

impl fmt::Display for Complaint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}; instead: {}", self.path, self.line, self.what, self.instead)
    }
}

/// The line, from 1, in which a byte of a text stands.
#[must_use]
pub fn line_of(text: &str, at: usize) -> usize {
    1 + text.bytes().take(at).filter(|b| *b == b'\n').count()
}

/// All places where a word stands by itself, not inside a longer one.
#[must_use]
pub fn words(text: &str, word: &str) -> Vec<usize> {
    let part = |c: char| c.is_alphanumeric() || c == '_' || c == '-';
    text.match_indices(word)
        .filter(|(at, _)| !text.get(..*at).is_some_and(|t| t.ends_with(part)))
        .filter(|(at, _)| !text.get(at + word.len()..).is_some_and(|t| t.starts_with(part)))
        .map(|(at, _)| at)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::{line_of, words};

    #[test]
    fn words_stand_by_themselves() {
        assert_eq!(words("f64 f640 xf64 (f64)", "f64"), [0, 15]);
        assert_eq!(words("a-b a-b-c", "a-b"), [0]);
        assert_eq!(line_of("a\nb\nc", 4), 3);
    }
}
