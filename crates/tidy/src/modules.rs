//! No Rust file is forgotten: rustc says nothing about a file that no `mod` names.

use crate::tree::{Source, Tree};
use crate::{Complaint, rust};

/// Rust files that no parent names, and test files beside the one test program of a crate.
#[must_use]
pub fn check(tree: &Tree) -> Vec<Complaint> {
    let mut complaints = Vec::new();
    for file in tree.rust() {
        let parts: Vec<&str> = file.path.split('/').collect();
        let [_, krate, kind, .., name] = parts.as_slice() else { continue };
        let is_root = matches!(*name, "lib.rs" | "main.rs") || *kind == "examples";
        let lonely = *kind == "tests" && parts.len() == 4 && *krate != "tidy";
        if lonely {
            let instead =
                "make it a module of tests/it/main.rs: every test program is linked by itself";
            complaints.push(Complaint::new(&file.path, 0, "a second test program", instead));
        }
        if is_root || lonely || (*kind == "tests" && *krate == "tidy") {
            continue;
        }
        if !parents(&file.path)
            .iter()
            .any(|p| tree.file(p).is_some_and(|p| names(p, &module(&file.path))))
        {
            let instead = "name it with `mod`, or delete it";
            complaints.push(Complaint::new(&file.path, 0, "no file names this module", instead));
        }
    }
    complaints
}

fn module(path: &str) -> String {
    let path = path.strip_suffix("/mod.rs").unwrap_or(path.strip_suffix(".rs").unwrap_or(path));
    path.rsplit('/').next().unwrap_or(path).to_owned()
}

/// Files that could name a module: `lib.rs`, `main.rs` or `mod.rs` of its folder, or the folder's
/// own file.
fn parents(path: &str) -> Vec<String> {
    let path = path.strip_suffix("/mod.rs").unwrap_or(path);
    let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
    ["/lib.rs", "/main.rs", "/mod.rs", ".rs"].iter().map(|name| format!("{folder}{name}")).collect()
}

fn names(parent: &Source, module: &str) -> bool {
    let code = rust::view(&parent.text, rust::Leave::CommentsAndTexts);
    crate::words(&code, "mod").iter().any(|at| {
        let rest = code.get(at + 3..).unwrap_or_default().trim_start();
        rest.strip_prefix(module).is_some_and(|rest| rest.trim_start().starts_with(';'))
    })
}

#[cfg(test)]
mod tests {
    use super::check;
    use crate::tree::{Source, Tree};

    #[test]
    fn forgotten_files_are_seen() {
        let tree = |files: &[(&str, &str)]| Tree {
            files: files.iter().map(|(p, t)| Source::new(p, t)).collect(),
        };
        let good = tree(&[
            ("crates/a/src/lib.rs", "pub mod b;\nmod c;"),
            ("crates/a/src/b.rs", ""),
            ("crates/a/src/c/mod.rs", "mod d;"),
            ("crates/a/src/c/d.rs", ""),
            ("crates/a/tests/it/main.rs", "mod e;"),
            ("crates/a/tests/it/e.rs", ""),
        ]);
        assert_eq!(check(&good), []);
        for bad in [
            &[("crates/a/src/lib.rs", "// mod b;"), ("crates/a/src/b.rs", "")][..],
            &[("crates/a/tests/it/main.rs", "mod ee;"), ("crates/a/tests/it/e.rs", "")],
            &[("crates/a/tests/other.rs", "")],
        ] {
            assert_eq!(check(&tree(bad)).len(), 1, "{bad:?}");
        }
    }
}
