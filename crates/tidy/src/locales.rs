//! Sentences: both languages have the same keys with the same arguments, every sentence that the
//! program asks for is there, and none is left over.

use std::collections::{BTreeMap, BTreeSet};

use crate::documents::kebab;
use crate::problems::{codes, is_code, known_takers, rules, takers};
use crate::tree::{Source, Tree};
use crate::{Complaint, line_of, rust};

const LANGUAGES: [&str; 2] = ["zh-CN", "en"];
/// First words of keys: a text in Rust that begins so is a key.
const FAMILIES: &[&str] = &["ui-", "report-", "cli-", "problem-", "rule-", "web-"];

/// A sentence of a locale file.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Sentence {
    path: String,
    line: usize,
    arguments: BTreeSet<String>,
}

type Sentences = BTreeMap<String, Sentence>;

/// All rules of this module.
#[must_use]
pub fn check(tree: &Tree) -> Vec<Complaint> {
    let mut complaints = Vec::new();
    let [chinese, english] = LANGUAGES.map(|language| {
        let folder = format!("locales/{language}/");
        let (sentences, twice) = read(tree, &folder);
        complaints.extend(twice);
        if sentences.is_empty() {
            complaints.push(Complaint::new(
                &folder,
                0,
                "no sentences",
                "write this language's .ftl files",
            ));
        }
        sentences
    });
    complaints.extend(differences(&chinese, "en", &english));
    complaints.extend(differences(&english, "zh-CN", &chinese));
    let wanted = wanted(tree);
    for (key, (path, line)) in &wanted {
        if !chinese.contains_key(key) {
            let what = format!("there is no sentence `{key}`");
            complaints.push(Complaint::new(
                path,
                *line,
                what,
                "write it in both languages under locales/",
            ));
        }
    }
    let made = Made::of(tree);
    for (key, sentence) in &chinese {
        if !wanted.contains_key(key) && !made.may_be(key) {
            let what = format!("nothing asks for the sentence `{key}`");
            complaints.push(Complaint::new(
                &sentence.path,
                sentence.line,
                what,
                "delete it in both languages",
            ));
        }
    }
    complaints
}

/// Sentences of a language, and complaints about keys that stand twice.
fn read(tree: &Tree, folder: &str) -> (Sentences, Vec<Complaint>) {
    let mut sentences: Sentences = BTreeMap::new();
    let mut twice = Vec::new();
    for file in tree.under(folder, ".ftl") {
        let mut current: Option<String> = None;
        for (at, line) in file.text.lines().enumerate() {
            let continued = line.starts_with([' ', '}']) || line.is_empty();
            let key = line
                .split_once('=')
                .map(|(key, _)| key.trim())
                .filter(|key| !continued && is_code(key));
            if let Some(key) = key {
                let sentence =
                    Sentence { path: file.path.clone(), line: at + 1, arguments: BTreeSet::new() };
                if sentences.insert(key.to_owned(), sentence).is_some() {
                    let what = format!("the sentence `{key}` stands twice");
                    twice.push(Complaint::new(&file.path, at + 1, what, "keep one"));
                }
                current = Some(key.to_owned());
            } else if !continued {
                current = None;
            }
            if let Some(sentence) = current.as_ref().and_then(|key| sentences.get_mut(key)) {
                sentence.arguments.extend(arguments(line));
            }
        }
    }
    (sentences, twice)
}

fn arguments(line: &str) -> Vec<String> {
    let starts = line.match_indices('$').filter_map(|(at, _)| line.get(at + 1..));
    let name = |rest: &str| -> String {
        rest.chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '_' || *c == '-').collect()
    };
    starts.map(name).filter(|name| !name.is_empty()).collect()
}

fn differences(ours: &Sentences, other: &str, theirs: &Sentences) -> Vec<Complaint> {
    let mut complaints = Vec::new();
    for (key, sentence) in ours {
        let what = match theirs.get(key) {
            None => format!("`{key}` is missing in {other}"),
            Some(their) if their.arguments != sentence.arguments => {
                format!("`{key}` has other arguments than in {other}")
            }
            Some(_) => continue,
        };
        complaints.push(Complaint::new(
            &sentence.path,
            sentence.line,
            what,
            "give both languages the same",
        ));
    }
    complaints
}

/// Keys that source and templates ask for, each with one place.
fn wanted(tree: &Tree) -> BTreeMap<String, (String, usize)> {
    let mut wanted = BTreeMap::new();
    let product: Vec<&Source> = product(tree).collect();
    let functions = product.iter().flat_map(|file| takers(file).functions);
    let functions: Vec<(String, usize)> = known_takers().into_iter().chain(functions).collect();
    for file in &product {
        let all_takers = [functions.clone(), takers(file).closures].concat();
        let mut want = |key: String, at: usize| {
            wanted.entry(key).or_insert_with(|| (file.path.clone(), line_of(&file.text, at)));
        };
        for (at, code) in codes(file, &all_takers) {
            want(format!("problem-{code}"), at);
            want(format!("problem-{code}-hint"), at);
        }
        for (at, rule) in rules(file) {
            want(format!("rule-{rule}"), at);
        }
        for (at, text) in rust::product_texts(&file.text) {
            if is_key(text) {
                want(text.to_owned(), at);
            }
            for key in listed(&file.text, at, text) {
                want(key, at);
            }
        }
    }
    let folders = ["crates/mingbai/templates/", "crates/web/templates/"];
    for file in folders.iter().flat_map(|folder| tree.under(folder, ".html")) {
        for (at, text) in quoted(&file.text).filter(|(_, text)| is_key(text)) {
            let place = (file.path.clone(), line_of(&file.text, at));
            wanted.entry(text.to_owned()).or_insert(place);
        }
    }
    wanted
}

/// Texts of a template that begin like a key. Quotes of HTML stand between them, so that they cannot
/// be paired from the start.
fn quoted(source: &str) -> impl Iterator<Item = (usize, &str)> {
    let starts = source.match_indices('"').map(|(at, _)| at + 1);
    let begins = move |at: &usize| {
        source.get(*at..).is_some_and(|rest| FAMILIES.iter().any(|f| rest.starts_with(f)))
    };
    starts.filter(begins).filter_map(|at| Some((at, source.get(at..)?.split('"').next()?)))
}

fn product(tree: &Tree) -> impl Iterator<Item = &Source> {
    tree.rust().filter(|f| !f.is_test() && !f.path.starts_with("crates/tidy/"))
}

fn is_key(text: &str) -> bool {
    is_code(text) && FAMILIES.iter().any(|family| text.starts_with(family))
}

/// Keys made from a list: `["a", "b"].map(|c| text.get(&format!("ui-column-{c}")))`.
fn listed(source: &str, at: usize, text: &str) -> Vec<String> {
    let Some((head, tail)) = text.split_once('{') else { return Vec::new() };
    let Some(("c", "")) =
        tail.split_once('}').filter(|_| FAMILIES.iter().any(|f| head.starts_with(f)))
    else {
        return Vec::new();
    };
    let before = source.get(..at).unwrap_or_default();
    let Some(map) = before.rfind(".map(|") else { return Vec::new() };
    let Some(close) = before.get(..map).and_then(|b| b.rfind(']')) else { return Vec::new() };
    let open = before.get(..close).and_then(|b| b.rfind('[')).unwrap_or(close);
    let list = before.get(open..close).unwrap_or_default();
    rust::texts(list)
        .into_iter()
        .filter(|(_, item)| is_code(item))
        .map(|(_, item)| format!("{head}{item}"))
        .collect()
}

/// Keys that are put together while the program runs.
struct Made {
    /// Start and end of keys written with one gap, such as `ui-column-{c}`.
    frames: Vec<(String, String)>,
    /// All texts that could fill the gap.
    fillings: BTreeSet<String>,
    /// Names in the command line's definition.
    command_line: BTreeSet<String>,
    /// Starts of keys that pages end with a code: `code("web-state-", state)`.
    starts: BTreeSet<String>,
}

impl Made {
    fn of(tree: &Tree) -> Self {
        let mut made = Self {
            frames: Vec::new(),
            fillings: BTreeSet::new(),
            command_line: BTreeSet::new(),
            starts: BTreeSet::new(),
        };
        for file in product(tree) {
            for (_, text) in rust::product_texts(&file.text) {
                if is_code(text) || text.chars().all(|c| c.is_ascii_alphanumeric() || c == '_') {
                    made.fillings.insert(text.replace('_', "-"));
                } else if let Some((head, tail)) = text.split_once('{')
                    && FAMILIES.iter().any(|family| head.starts_with(family))
                {
                    let end = tail.split_once('}').map_or("", |(_, end)| end);
                    made.frames.push((head.to_owned(), end.to_owned()));
                }
            }
        }
        let pages = ["crates/web/templates/", "crates/web/src/"];
        let pages = pages.iter().flat_map(|folder| tree.under(folder, ""));
        let starts = pages.flat_map(|file| quoted(&file.text)).map(|(_, text)| text);
        made.starts.extend(starts.filter(|text| text.ends_with('-')).map(str::to_owned));
        for file in tree.under("crates/mingbai/src/cli", ".rs") {
            let code = rust::product(&file.text);
            let names =
                code.split(|c: char| !c.is_alphanumeric() && c != '_').filter(|n| !n.is_empty());
            made.command_line.extend(names.map(kebab));
        }
        made
    }

    fn may_be(&self, key: &str) -> bool {
        let framed = |(head, end): &(String, String)| {
            let filling =
                key.strip_prefix(head.as_str()).and_then(|k| k.strip_suffix(end.as_str()));
            filling.is_some_and(|f| self.fillings.contains(f))
        };
        let started = self.starts.iter().any(|start| key.starts_with(start.as_str()));
        self.frames.iter().any(framed) || started || self.is_help(key)
    }

    /// `cli-import-arg-dry-run`: help of a flag; `cli-model-list`: help of a command.
    /// Whether a text is names of commands, one inside the other; a name may have hyphens itself.
    fn is_command(&self, text: &str) -> bool {
        let inside = |(at, _): (usize, &str)| {
            let (outer, inner) = text.split_at(at);
            self.command_line.contains(outer) && self.is_command(inner.trim_start_matches('-'))
        };
        self.command_line.contains(text) || text.match_indices('-').any(inside)
    }

    fn is_help(&self, key: &str) -> bool {
        let Some(rest) = key.strip_prefix("cli") else { return false };
        let (command, flag) = match rest.split_once("-arg-") {
            Some((command, flag)) => (command, Some(flag)),
            None => (rest, None),
        };
        let known = |name: &str| self.command_line.contains(name);
        let command = command.trim_start_matches('-');
        (command.is_empty() || self.is_command(command))
            && flag.is_none_or(|flag| flag == "help" || known(flag))
    }
}

#[cfg(test)]
mod tests {
    use super::check;
    use crate::tree::{Source, Tree};

    const CLI: &str =
        "pub enum Command { Import(Import) }\npub struct Import { pub dry_run: bool }";
    const HELP: &str = "cli = p\ncli-import = i\ncli-import-arg-dry-run = d\n";

    fn complaints(rust: &str, chinese: &str, english: &str) -> Vec<String> {
        let files = vec![
            Source::new("crates/mingbai/src/cli/mod.rs", CLI),
            Source::new("crates/mingbai/src/a.rs", rust),
            Source::new("locales/zh-CN/a.ftl", &format!("{HELP}{chinese}")),
            Source::new("locales/en/a.ftl", &format!("{HELP}{english}")),
        ];
        check(&Tree { files }).into_iter().map(|c| c.what).collect()
    }

    #[test]
    fn sentences_that_fit_pass() {
        let rust = "t.get(\"ui-a\"); [\"b\", \"c-d\"].map(|c| t.get(&format!(\"ui-column-{c}\"))); Problem::new(\"e\", p);";
        let keys = "ui-a = x { $n }\n    { $m }\nui-column-b = x\nui-column-c-d = x\nproblem-e = x\nproblem-e-hint = x\n";
        assert_eq!(complaints(rust, keys, keys), Vec::<String>::new());
    }

    #[test]
    fn sentences_that_do_not_fit_are_seen() {
        for (rust, chinese, english, expect) in [
            ("t.get(\"ui-a\");", "", "", "there is no sentence `ui-a`"),
            ("t.get(\"ui-a\");", "ui-a = x\n", "", "`ui-a` is missing in en"),
            (
                "t.get(\"ui-a\");",
                "ui-a = { $n }\n",
                "ui-a = { $m }\n",
                "`ui-a` has other arguments than in en",
            ),
            (
                "t.get(\"ui-a\");",
                "ui-a = x\nui-a = y\n",
                "ui-a = x\n",
                "the sentence `ui-a` stands twice",
            ),
            ("", "ui-a = x\n", "ui-a = x\n", "nothing asks for the sentence `ui-a`"),
            (
                "",
                "cli-export = x\n",
                "cli-export = x\n",
                "nothing asks for the sentence `cli-export`",
            ),
            (
                "let c = \"b\";",
                "problem-b = x\n",
                "problem-b = x\n",
                "nothing asks for the sentence `problem-b`",
            ),
            (
                "P { code: \"e\" }",
                "problem-e = x\n",
                "problem-e = x\n",
                "there is no sentence `problem-e-hint`",
            ),
            (
                "[\"b\"].map(|c| format!(\"ui-column-{c}\"))",
                "",
                "",
                "there is no sentence `ui-column-b`",
            ),
        ] {
            assert!(complaints(rust, chinese, english).contains(&expect.to_owned()), "{expect}");
        }
        assert_eq!(check(&Tree::default()).len(), 2);
    }
}
