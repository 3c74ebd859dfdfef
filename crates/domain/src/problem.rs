//! The three kinds of error, and no others: `Problem` (somebody's data), `RuleViolation` (a legal
//! or procedural no), `Fault` (ours).
//!
//! A problem carries a code and its arguments, never a sentence: sentences live in `locales/`
//! under `problem-<code>` and `problem-<code>-hint`, so that every reader gets his own language.

use serde::{Deserialize, Serialize};

/// Where in somebody's data a problem stands. Every part is optional; all present parts are shown.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    /// File as the user named it.
    pub file: Option<String>,
    /// Worksheet name, for workbooks.
    pub sheet: Option<String>,
    /// Row as a spreadsheet program numbers it, from 1.
    pub row: Option<u64>,
    /// Column header as found in the file, or a key path in a TOML file.
    pub column: Option<String>,
}

impl Place {
    /// A place that is a whole file.
    #[must_use]
    pub fn file(name: impl Into<String>) -> Self {
        Self { file: Some(name.into()), ..Self::default() }
    }
}

/// How much a problem stops.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// Worth knowing; nothing was refused.
    Note,
    /// The row, key or file was refused.
    Refused,
}

/// Something wrong in data that a user handed in. Many at once are normal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Problem {
    /// Stable code, the locale key without its `problem-` prefix.
    pub code: &'static str,
    /// Whether it refused something.
    pub severity: Severity,
    /// Where it stands.
    pub place: Place,
    /// Arguments of the sentence. Never an unmasked ID number, card or name.
    pub args: Vec<(&'static str, String)>,
}

impl Problem {
    /// A refusing problem at a place.
    #[must_use]
    pub fn new(code: &'static str, place: Place) -> Self {
        Self { code, severity: Severity::Refused, place, args: Vec::new() }
    }

    /// A problem that refuses nothing.
    #[must_use]
    pub fn note(code: &'static str, place: Place) -> Self {
        Self { severity: Severity::Note, ..Self::new(code, place) }
    }

    /// The same problem with one more argument for its sentence.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl ToString) -> Self {
        self.args.push((name, value.to_string()));
        self
    }
}

/// A legal or procedural no, shown to the user with its basis.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RuleViolation {
    /// Stable code, the locale key without its `rule-` prefix.
    pub rule: &'static str,
    /// Instrument and article, e.g. `PIPL 28`.
    pub basis: String,
    /// What is missing for a yes; arguments of the sentence.
    pub args: Vec<(&'static str, String)>,
}

impl RuleViolation {
    /// A no with its basis.
    #[must_use]
    pub fn new(rule: &'static str, basis: impl Into<String>) -> Self {
        Self { rule, basis: basis.into(), args: Vec::new() }
    }

    /// The same no with one more argument for its sentence.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl ToString) -> Self {
        self.args.push((name, value.to_string()));
        self
    }
}

/// Our own failure: disk, bug, broken store. The detail is for the log, never personal data.
#[derive(Debug, Clone, thiserror::Error)]
#[error("{during}: {detail}")]
pub struct Fault {
    /// What was being done, e.g. `write manifest`.
    pub during: &'static str,
    /// What went wrong, with a path where that helps.
    pub detail: String,
}

impl Fault {
    /// A fault met while doing something.
    pub fn new(during: &'static str, detail: impl std::fmt::Display) -> Self {
        Self { during, detail: detail.to_string() }
    }
}

/// What a fallible function of the product returns: one of the three kinds.
#[derive(Debug, Clone, thiserror::Error)]
pub enum Failure {
    /// The user's data; exit code 2.
    #[error("problem {}", .0.code)]
    Problem(Box<Problem>),
    /// A rule says no; exit code 2.
    #[error("rule {}", .0.rule)]
    Rule(Box<RuleViolation>),
    /// Ours; exit code 1.
    #[error(transparent)]
    Fault(#[from] Fault),
}

impl From<Problem> for Failure {
    fn from(problem: Problem) -> Self {
        Self::Problem(Box::new(problem))
    }
}

impl From<RuleViolation> for Failure {
    fn from(violation: RuleViolation) -> Self {
        Self::Rule(Box::new(violation))
    }
}

/// Hides what could identify a person in a value that must be shown in a problems file: of a run
/// of six or more digits only the first two and the last two remain, of a run of Han characters
/// only the first. The clerk finds the full value in his own file at the place given.
#[must_use]
pub fn masked(value: &str) -> String {
    let mut out = String::with_capacity(value.len());
    let mut run: Vec<char> = Vec::new();
    let mut run_kind = RunKind::Other;
    for c in value.chars() {
        let kind = RunKind::of(c);
        if kind != run_kind {
            push_masked(&mut out, &run, run_kind);
            run.clear();
            run_kind = kind;
        }
        run.push(c);
    }
    push_masked(&mut out, &run, run_kind);
    out
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum RunKind {
    Digits,
    Letters,
    Other,
}

impl RunKind {
    fn of(c: char) -> Self {
        if c.is_numeric() || c == 'x' || c == 'X' {
            Self::Digits
        } else if c.is_alphabetic() {
            Self::Letters
        } else {
            Self::Other
        }
    }
}

fn push_masked(out: &mut String, run: &[char], kind: RunKind) {
    let (head, tail) = match kind {
        RunKind::Digits if run.len() >= 6 => (2, 2),
        RunKind::Letters if run.len() >= 2 => (1, 0),
        _ => (run.len(), 0),
    };
    out.extend(run.iter().take(head));
    if head + tail < run.len() {
        out.extend(std::iter::repeat_n('*', run.len() - head - tail));
        out.extend(run.iter().skip(run.len() - tail));
    }
}

#[cfg(test)]
mod tests {
    use super::masked;

    #[test]
    fn masks_what_identifies_and_leaves_what_helps() {
        for (given, expect) in [
            ("990001199001010031", "99**************31"),
            ("张三丰", "张**"),
            ("12.5元", "12.5元"),
            ("2024-13-05", "2024-13-05"),
            ("王 五", "王 五"),
            ("卡6217000000000000012", "卡62***************12"),
            ("", ""),
        ] {
            assert_eq!(masked(given), expect, "{given}");
        }
    }
}
