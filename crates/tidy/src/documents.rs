//! What documents promise exists: `make` targets, commands of the program, files linked to.

use std::collections::{BTreeMap, BTreeSet};

use crate::tree::{Source, Tree};
use crate::{Complaint, line_of, manifest, rust, words};

/// Documents for people, by place.
fn documents(tree: &Tree) -> impl Iterator<Item = &Source> {
    tree.under("", ".md").filter(|f| !f.path.contains('/') || f.path.starts_with("docs/"))
}

/// All rules of this module.
#[must_use]
pub fn check(tree: &Tree) -> Vec<Complaint> {
    let mut complaints = missing(tree);
    complaints.extend(unexplained(tree));
    complaints.extend(arrows(tree));
    for file in documents(tree) {
        complaints.extend(make_targets(tree, file));
        complaints.extend(commands(tree, file));
        complaints.extend(links(tree, file));
    }
    complaints
}

fn missing(tree: &Tree) -> Vec<Complaint> {
    [
        "README.md",
        "README.zh-CN.md",
        "ARCHITECTURE.md",
        "CONTRIBUTING.md",
        "SECURITY.md",
        "GLOSSARY.md",
        "LICENSE",
    ]
    .iter()
    .filter(|path| tree.file(path).is_none())
    .map(|path| Complaint::new(path, 0, "there is none", "write it (GLOSSARY.md: make docs)"))
    .collect()
}

/// Crates, ours and others', of which ARCHITECTURE.md does not say what they are for.
fn unexplained(tree: &Tree) -> Vec<Complaint> {
    let path = "ARCHITECTURE.md";
    let Some(file) = tree.file(path) else { return Vec::new() };
    let used = tree.under("crates/", "/Cargo.toml").flat_map(|manifest| {
        let ours = manifest::crate_name(manifest).to_owned();
        std::iter::once(ours)
            .chain(manifest::dependencies(&manifest.text).into_iter().map(|d| d.name))
    });
    let names: BTreeSet<String> = used.collect();
    let unnamed = names.into_iter().filter(|name| words(&file.text, name).is_empty());
    unnamed
        .map(|name| {
            Complaint::new(
                path,
                0,
                format!("nothing about `{name}`"),
                "say in a line what it is for",
            )
        })
        .collect()
}

/// Arrows that ARCHITECTURE.md draws otherwise than the manifests are held to. A line is
/// `crate -> crate, crate`, with whatever stands before it.
fn arrows(tree: &Tree) -> Vec<Complaint> {
    let path = "ARCHITECTURE.md";
    let Some(file) = tree.file(path) else { return Vec::new() };
    let drawn: BTreeMap<&str, BTreeSet<&str>> =
        file.text.lines().filter_map(|line| line.split_once(" -> ")).filter_map(drawn).collect();
    let wrong = manifest::ARROWS.iter().filter(|(name, to)| {
        drawn.get(name).is_none_or(|drawn| *drawn != to.iter().copied().collect())
    });
    let what = |name: &str| format!("the arrows of `{name}` are not those of tidy's ARROWS");
    wrong.map(|(name, _)| Complaint::new(path, 0, what(name), "draw them as they are")).collect()
}

/// A crate and those that it may depend on; `nothing ...` stands for none.
fn drawn<'a>((from, to): (&'a str, &'a str)) -> Option<(&'a str, BTreeSet<&'a str>)> {
    let name = from.split_whitespace().last()?;
    let known = manifest::ARROWS.iter().any(|(known, _)| *known == name);
    let to = to.split(", ").map(str::trim).filter(|to| !to.starts_with("nothing"));
    known.then(|| (name, to.collect()))
}

/// Words after a command, where it stands at the start of a line of code or after a backtick.
fn after<'a>(file: &'a Source, command: &str) -> Vec<(usize, &'a str)> {
    let call = format!("{command} ");
    let starts = |at: usize| {
        file.text
            .get(..at)
            .is_none_or(|t| t.is_empty() || t.ends_with(['`', '\n', '/']) || t.ends_with("    "))
    };
    let word = |at: usize| {
        let rest = file.text.get(at + call.len()..).unwrap_or_default();
        rest.split(|c: char| !c.is_ascii_lowercase() && c != '-').next().unwrap_or_default()
    };
    let calls = file.text.match_indices(&call).map(|(at, _)| at).filter(|at| starts(*at));
    calls
        .map(|at| (at, word(at)))
        .filter(|(_, word)| !word.is_empty() && !word.starts_with('-'))
        .collect()
}

fn make_targets(tree: &Tree, file: &Source) -> Vec<Complaint> {
    let makefile = tree.file("Makefile").map_or("", |f| f.text.as_str());
    after(file, "make")
        .into_iter()
        .filter(|(_, target)| !makefile.lines().any(|l| l.starts_with(&format!("{target}:"))))
        .map(|(at, target)| {
            let what = format!("there is no `make {target}`");
            Complaint::new(
                &file.path,
                line_of(&file.text, at),
                what,
                "name a target of the Makefile",
            )
        })
        .collect()
}

fn commands(tree: &Tree, file: &Source) -> Vec<Complaint> {
    let Some(cli) = tree.file("crates/mingbai/src/cli/mod.rs") else { return Vec::new() };
    let known = variants(&cli.text, "Command");
    after(file, "mingbai")
        .into_iter()
        .filter(|(_, command)| !known.iter().any(|k| k == command))
        .map(|(at, command)| {
            let what = format!("there is no `mingbai {command}`");
            Complaint::new(
                &file.path,
                line_of(&file.text, at),
                what,
                "name a command of `mingbai --help`",
            )
        })
        .collect()
}

/// Variants of an enum, in lower case with hyphens, as clap names them.
fn variants(source: &str, name: &str) -> Vec<String> {
    let code = rust::product(source);
    let Some(start) = code.find(&format!("enum {name} {{")) else { return Vec::new() };
    let open = start + "enum ".len() + name.len() + 1;
    let body =
        rust::closing(&code, open).and_then(|end| code.get(open + 1..end)).unwrap_or_default();
    let lines = body.lines().map(str::trim).filter(|l| l.starts_with(char::is_uppercase));
    lines
        .map(|l| kebab(l.split(|c: char| !c.is_alphanumeric()).next().unwrap_or_default()))
        .collect()
}

/// `DryRun` and `dry_run` as `dry-run`.
#[must_use]
pub fn kebab(name: &str) -> String {
    let mut out = String::new();
    for c in name.chars() {
        if c.is_uppercase() && !out.is_empty() {
            out.push('-');
        }
        out.push(if c == '_' { '-' } else { c.to_ascii_lowercase() });
    }
    out
}

fn links(tree: &Tree, file: &Source) -> Vec<Complaint> {
    let folder = file.path.rsplit_once('/').map_or("", |(folder, _)| folder);
    let mut complaints = Vec::new();
    for (at, _) in file.text.match_indices("](") {
        let target = file.text.get(at + 2..).and_then(|t| t.split(')').next()).unwrap_or_default();
        let target = target.split('#').next().unwrap_or_default();
        if target.is_empty() || target.contains("://") || target.starts_with("mailto:") {
            continue;
        }
        let path = resolve(folder, target);
        if !tree.files.iter().any(|f| f.path == path || f.path.starts_with(&format!("{path}/"))) {
            let what = format!("the link to `{target}` leads nowhere");
            complaints.push(Complaint::new(
                &file.path,
                line_of(&file.text, at),
                what,
                "link to a file that is here",
            ));
        }
    }
    complaints
}

fn resolve(folder: &str, target: &str) -> String {
    let mut parts: Vec<&str> = folder.split('/').filter(|p| !p.is_empty()).collect();
    for part in target.split('/') {
        match part {
            "" | "." => {}
            ".." => drop(parts.pop()),
            _ => parts.push(part),
        }
    }
    parts.join("/")
}

#[cfg(test)]
mod tests {
    use super::{check, kebab};
    use crate::tree::{Source, Tree};

    fn complaints(document: &str) -> Vec<String> {
        let files = vec![
            Source::new("Makefile", "demo: ## x\n"),
            Source::new(
                "crates/mingbai/src/cli/mod.rs",
                "pub enum Command {\n    Init(Init),\n    DryRun,\n}\n",
            ),
            Source::new("docs/a.md", "x\n"),
            Source::new("docs/guide.md", document),
        ];
        let all = check(&Tree { files });
        all.into_iter().filter(|c| c.path == "docs/guide.md").map(|c| c.what).collect()
    }

    #[test]
    fn promises_are_kept() {
        let good = "Run `make demo`, then\n\n    mingbai init x\n    mingbai dry-run\n\n\
            [a](a.md) [b](../docs/a.md#x) [c](https://example.org/). To make one is easy.\n";
        assert_eq!(complaints(good), Vec::<String>::new());
        assert_eq!(complaints("`make tea`"), ["there is no `make tea`"]);
        assert_eq!(complaints("\n    mingbai brew\n"), ["there is no `mingbai brew`"]);
        assert_eq!(complaints("[a](b.md)"), ["the link to `b.md` leads nowhere"]);
        assert_eq!(kebab("DryRun"), "dry-run");
    }

    #[test]
    fn arrows_are_drawn_as_the_manifests_keep_them() {
        let all = |change: (&str, &str)| {
            let line = |(name, to): &(&str, &[&str])| match to.len() {
                0 => format!("layer 0   {name}  -> nothing of ours"),
                _ => format!("          {name}  -> {}", to.join(", ")),
            };
            let lines: Vec<String> = crate::manifest::ARROWS.iter().map(line).collect();
            let text = lines.join("\n").replacen(change.0, change.1, 1);
            let files = vec![Source::new("ARCHITECTURE.md", &text)];
            let found = check(&Tree { files }).into_iter().map(|c| c.what);
            found.filter(|what| what.contains("ARROWS")).count()
        };
        assert_eq!(all(("", "")), 0);
        assert_eq!(all(("exchange  -> domain", "exchange  -> facts")), 1, "another arrow");
        assert_eq!(all(("facts, domain", "domain")), 1, "one too few");
        assert_eq!(all(("journal  -> nothing of ours", "")), 1, "a crate is missing");
    }

    #[test]
    fn crates_that_nobody_explains_are_seen() {
        let files = vec![
            Source::new("ARCHITECTURE.md", "`facts`: the lake. arrow: columns\n"),
            Source::new(
                "crates/facts/Cargo.toml",
                "[dependencies]\narrow.workspace = true\nsha2.workspace = true\n",
            ),
        ];
        let found: Vec<_> = check(&Tree { files }).into_iter().map(|c| c.what).collect();
        assert!(found.contains(&"nothing about `sha2`".to_owned()), "{found:?}");
        assert!(
            !["nothing about `arrow`", "nothing about `facts`"]
                .iter()
                .any(|what| found.contains(&(*what).to_owned())),
            "{found:?}"
        );
    }
}
