//! Cargo manifests: who may depend on whom (the arrows of ARCHITECTURE.md, invariants I1 and I2),
//! and the settings that every crate takes from the workspace.

use crate::Complaint;
use crate::tree::{Source, Tree};

/// Which of our crates each may depend on. The order is that of the layers, lowest first.
pub const ARROWS: &[(&str, &[&str])] = &[
    ("tidy", &[]),
    ("domain", &[]),
    ("journal", &[]),
    ("exchange", &["domain"]),
    ("locale", &["domain"]),
    ("facts", &["exchange", "domain"]),
    ("registry", &["journal", "domain"]),
    ("screening", &["facts", "domain"]),
    ("web", &["registry", "facts", "exchange", "journal", "locale", "domain"]),
    (
        "mingbai",
        &["web", "screening", "facts", "registry", "exchange", "journal", "locale", "domain"],
    ),
];

/// All that `domain` may stand on (I1).
const DOMAIN_MAY: &[&str] = &["chrono", "serde", "thiserror", "toml", "unicode-normalization"];
const DOMAIN_MAY_IN_TESTS: &[&str] = &["proptest", "insta"];

/// Third-party crates (a name or the start of it) that only certain crates may know (I2, I4).
const KEPT_IN: &[(&str, &[&str])] = &[
    ("arrow", &["facts", "screening"]),
    ("parquet", &["facts", "screening"]),
    ("datafusion", &["screening"]),
    ("ballista", &["screening"]),
    ("sqlx", &["registry"]),
    ("age", &["registry"]),
    ("argon2", &["registry"]),
    ("totp-rs", &["registry"]),
    ("ed25519-dalek", &["journal"]),
    ("axum", &["web"]),
    ("tower-http", &["web"]),
    // The report is one page without a server; it moves when `web` comes.
    ("askama", &["web", "mingbai"]),
    ("chacha20poly1305", &["facts", "registry"]),
    ("siphasher", &["facts"]),
    ("calamine", &["exchange"]),
    ("clap", &["mingbai"]),
    ("anyhow", &["mingbai"]),
];

const FROM_WORKSPACE: &[&str] = &[
    "version.workspace",
    "edition.workspace",
    "rust-version.workspace",
    "license.workspace",
    "publish.workspace",
];

/// A dependency as a manifest names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dependency {
    /// Its name.
    pub name: String,
    /// Line in the manifest.
    pub line: usize,
    /// Only for tests.
    pub for_tests: bool,
    /// Version and source come from the workspace.
    pub from_workspace: bool,
}

/// Dependencies of a manifest, of all kinds.
#[must_use]
pub fn dependencies(manifest: &str) -> Vec<Dependency> {
    let mut found = Vec::new();
    let mut section = "";
    for (at, line) in manifest.lines().enumerate() {
        let line = line.trim();
        if line.starts_with('[') {
            section = line.trim_matches(['[', ']']);
            continue;
        }
        let Some((key, value)) = line.split_once('=').filter(|_| !line.starts_with('#')) else {
            continue;
        };
        if !section.ends_with("dependencies") || section.starts_with("workspace") {
            continue;
        }
        let key = key.trim();
        found.push(Dependency {
            name: key.split('.').next().unwrap_or(key).trim_matches('"').to_owned(),
            line: at + 1,
            for_tests: section.ends_with("dev-dependencies"),
            from_workspace: key.ends_with(".workspace") || value.contains("workspace = true"),
        });
    }
    found
}

/// Arrows between our crates, and what third-party crates each may know.
#[must_use]
pub fn check(tree: &Tree) -> Vec<Complaint> {
    let mut complaints = Vec::new();
    for manifest in manifests(tree) {
        let name = crate_name(manifest);
        let Some((_, may)) = ARROWS.iter().find(|(c, _)| *c == name) else {
            complaints.push(Complaint::new(
                &manifest.path,
                0,
                format!("`{name}` has no place among the layers"),
                "give it one in ARCHITECTURE.md and in tidy's ARROWS",
            ));
            continue;
        };
        for dependency in dependencies(&manifest.text) {
            complaints.extend(complain(manifest, name, may, &dependency));
        }
        complaints.extend(settings(manifest));
    }
    complaints.extend(unused(tree));
    complaints
}

fn complain(manifest: &Source, name: &str, may: &[&str], on: &Dependency) -> Vec<Complaint> {
    let mut complaints = Vec::new();
    let mut say = |what: String, instead| {
        complaints.push(Complaint::new(&manifest.path, on.line, what, instead));
    };
    let ours = ARROWS.iter().any(|(c, _)| *c == on.name);
    if ours && !may.contains(&on.name.as_str()) {
        say(
            format!("`{name}` may not depend on `{}`", on.name),
            "move the code to the layer that may, or propose the arrow in ARCHITECTURE.md",
        );
    }
    let allowed = DOMAIN_MAY.contains(&on.name.as_str())
        || (on.for_tests && DOMAIN_MAY_IN_TESTS.contains(&on.name.as_str()));
    if name == "domain" && !ours && !allowed {
        say(
            format!("`domain` may not depend on `{}` (I1)", on.name),
            "let the caller do it and hand in the result",
        );
    }
    let kept = KEPT_IN.iter().find(|(prefix, _)| {
        on.name.strip_prefix(prefix).is_some_and(|rest| rest.is_empty() || rest.starts_with('-'))
    });
    if let Some((_, homes)) = kept.filter(|(_, homes)| !homes.contains(&name)) {
        say(
            format!(
                "`{name}` may not know `{}`, which is kept in {} (I2)",
                on.name,
                homes.join(", ")
            ),
            "call that crate's own functions",
        );
    }
    if name == "tidy" {
        say(format!("`tidy` has no dependencies, not `{}`", on.name), "write the few lines here");
    }
    if !on.from_workspace {
        say(
            format!("`{}` has its version here", on.name),
            "put it into [workspace.dependencies] and write `.workspace = true`",
        );
    }
    complaints
}

fn settings(manifest: &Source) -> Vec<Complaint> {
    let lines: Vec<&str> = manifest.text.lines().map(str::trim).collect();
    let has =
        |key: &str| lines.iter().any(|l| l.split('=').next().is_some_and(|k| k.trim() == key));
    let mut complaints: Vec<Complaint> = FROM_WORKSPACE
        .iter()
        .filter(|key| !has(key))
        .map(|key| {
            Complaint::new(
                &manifest.path,
                0,
                format!("no `{key} = true`"),
                "take it from the workspace",
            )
        })
        .collect();
    if !manifest.text.contains("[lints]\nworkspace = true") {
        let instead = "write [lints] and workspace = true";
        complaints.push(Complaint::new(
            &manifest.path,
            0,
            "the workspace's lints are not taken over",
            instead,
        ));
    }
    complaints
}

/// Entries of [workspace.dependencies] that no crate uses.
fn unused(tree: &Tree) -> Vec<Complaint> {
    let Some(root) = tree.file("Cargo.toml") else { return Vec::new() };
    let used: Vec<Dependency> = manifests(tree).flat_map(|m| dependencies(&m.text)).collect();
    let as_plain = root.text.replace("[workspace.dependencies]", "[dependencies]");
    dependencies(&as_plain)
        .into_iter()
        .filter(|d| d.name != "features" && !used.iter().any(|u| u.name == d.name))
        .map(|d| {
            let what = format!("no crate uses `{}`", d.name);
            Complaint::new("Cargo.toml", d.line, what, "delete the line")
        })
        .collect()
}

fn manifests(tree: &Tree) -> impl Iterator<Item = &Source> {
    tree.under("crates/", "/Cargo.toml").filter(|f| f.path.split('/').count() == 3)
}

/// Name of the crate in whose folder a file lies.
#[must_use]
pub fn crate_name(file: &Source) -> &str {
    file.path.split('/').nth(1).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::{check, dependencies};
    use crate::tree::{Source, Tree};

    const HEAD: &str = "[package]\nversion.workspace = true\nedition.workspace = true\n\
        rust-version.workspace = true\nlicense.workspace = true\npublish.workspace = true\n\
        [lints]\nworkspace = true\n";

    fn complaints(name: &str, rest: &str) -> Vec<String> {
        let manifest = Source::new(&format!("crates/{name}/Cargo.toml"), &format!("{HEAD}{rest}"));
        check(&Tree { files: vec![manifest] }).iter().map(ToString::to_string).collect()
    }

    #[test]
    fn dependencies_are_read_in_both_spellings() {
        let found = dependencies(
            "[dependencies]\na.workspace = true\nb = { workspace = true }\n# c = 1\n[dev-dependencies]\nd = \"1\"",
        );
        let names: Vec<_> =
            found.iter().map(|d| (d.name.as_str(), d.for_tests, d.from_workspace)).collect();
        assert_eq!(names, [("a", false, true), ("b", false, true), ("d", true, false)]);
    }

    #[test]
    fn good_manifests_pass() {
        assert!(complaints("domain", "[dependencies]\nserde.workspace = true\n").is_empty());
        assert!(
            complaints(
                "facts",
                "[dependencies]\ndomain.workspace = true\narrow.workspace = true\n"
            )
            .is_empty()
        );
        assert!(
            complaints(
                "mingbai",
                "[dependencies]\nscreening = { workspace = true, optional = true }\n"
            )
            .is_empty()
        );
    }

    #[test]
    fn bad_manifests_do_not() {
        for (name, rest, word) in [
            ("exchange", "[dependencies]\nfacts.workspace = true", "may not depend on `facts`"),
            ("domain", "[dependencies]\ntokio.workspace = true", "(I1)"),
            ("domain", "[dependencies]\nproptest.workspace = true", "(I1)"),
            ("mingbai", "[dependencies]\ndatafusion.workspace = true", "(I2)"),
            ("exchange", "[dependencies]\narrow-array.workspace = true", "(I2)"),
            ("tidy", "[dependencies]\nserde.workspace = true", "no dependencies"),
            ("facts", "[dependencies]\nserde = \"1\"", "has its version here"),
            ("newcomer", "", "no place among the layers"),
        ] {
            let found = complaints(name, rest).join("\n");
            assert!(found.contains(word), "{name} {rest}: {found}");
        }
    }

    #[test]
    fn settings_and_leftovers_are_seen() {
        let bare = Source::new("crates/domain/Cargo.toml", "[package]\n");
        let root = Source::new("Cargo.toml", "[workspace.dependencies]\nserde = \"1\"\n");
        let found: Vec<_> =
            check(&Tree { files: vec![root, bare] }).iter().map(|c| c.what.clone()).collect();
        assert!(
            found.iter().any(|w| w.contains("lints"))
                && found.iter().any(|w| w.contains("version.workspace"))
        );
        assert!(found.iter().any(|w| w.contains("no crate uses `serde`")), "{found:?}");
    }
}
