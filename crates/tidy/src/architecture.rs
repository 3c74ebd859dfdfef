//! Invariants that show in the words of the source: I1, I2, I4, I6, I7, and that no model is
//! known to Rust.

use crate::allowed::{CONSTANTS, FLOATS};
use crate::manifest::crate_name;
use crate::tree::{Source, Tree};
use crate::{Complaint, line_of, rust, words};

/// What `domain` must not name (I1).
const WORLD: &[&str] =
    &["async", "await", "unsafe", "SystemTime", "println", "eprintln", "print", "dbg"];
/// Parts of `std` that reach the world.
const STD_WORLD: &[&str] = &["fs", "net", "env", "process", "thread", "io", "os", "time"];

/// Paths that only some crates may name (I2, I4): the first segment, and who may.
const PATHS: &[(&str, &[&str])] = &[
    ("arrow::", &["facts", "screening"]),
    ("parquet::", &["facts", "screening"]),
    ("datafusion::", &["screening"]),
    ("sqlx::", &["registry"]),
    ("axum::", &["web"]),
    // What opens the vault and the keys stays inside: others ask `facts` for one person or a
    // reveal.
    ("facts::vault", &["facts"]),
    ("facts::keys", &["facts"]),
    ("facts::person_key", &["facts"]),
];

/// Ends of names that belong to numbers of law and county practice (I7).
const LEGAL_ENDINGS: &[&str] =
    &["_DAYS", "_MONTHS", "_YEARS", "_LIMIT", "_AGE", "_FEN", "_RATE", "_CAP", "_THRESHOLD", "_BP"];

/// I1: `domain` reaches nothing outside itself.
#[must_use]
pub fn pure_domain(tree: &Tree) -> Vec<Complaint> {
    let mut complaints = Vec::new();
    for file in tree.under("crates/domain/src/", ".rs") {
        let code = rust::product(&file.text);
        let mut found: Vec<(usize, String)> = Vec::new();
        for word in WORLD {
            found.extend(words(&code, word).into_iter().map(|at| (at, (*word).to_owned())));
        }
        for part in STD_WORLD {
            found.extend(
                words(&code, &format!("std::{part}"))
                    .into_iter()
                    .map(|at| (at, format!("std::{part}"))),
            );
        }
        for at in words(&code, "std")
            .into_iter()
            .filter(|at| code.get(*at..).is_some_and(|c| c.starts_with("std::{")))
        {
            let end = rust::closing(&code, at + 5).unwrap_or(at);
            let group = code.get(at + 6..end).unwrap_or_default();
            let part = STD_WORLD.iter().find(|part| !words(group, part).is_empty());
            found.extend(part.map(|part| (at, format!("std::{part}"))));
        }
        complaints.extend(found.into_iter().map(|(at, word)| {
            let what = format!("`domain` names `{word}` (I1)");
            Complaint::new(&file.path, line_of(&code, at), what, "let the caller hand in the value")
        }));
    }
    complaints
}

/// I2 and I4: Arrow, SQL engines, HTTP and the vault are known where they belong.
#[must_use]
pub fn kept_words(tree: &Tree) -> Vec<Complaint> {
    let mut complaints = Vec::new();
    for file in tree.rust().filter(|f| crate_name(f) != "tidy") {
        let code = rust::view(&file.text, rust::Leave::CommentsAndTexts);
        for (path, homes) in PATHS.iter().filter(|(_, homes)| !homes.contains(&crate_name(file))) {
            let name = path.trim_end_matches(':');
            for at in words(&code, name)
                .into_iter()
                .filter(|at| code.get(*at..).is_some_and(|c| c.starts_with(path)))
            {
                let what = format!("`{name}` is kept in {} (I2, I4)", homes.join(", "));
                complaints.push(Complaint::new(
                    &file.path,
                    line_of(&code, at),
                    what,
                    "call that crate's own functions",
                ));
            }
        }
    }
    complaints
}

/// I4: the modules of `facts` that hold keys and names are not public.
#[must_use]
pub fn closed_vault(tree: &Tree) -> Vec<Complaint> {
    let Some(file) = tree.file("crates/facts/src/lib.rs") else { return Vec::new() };
    let code = rust::product(&file.text);
    ["vault", "keys", "person_key"]
        .iter()
        .filter_map(|module| code.find(&format!("pub mod {module};")).map(|at| (module, at)))
        .map(|(module, at)| {
            let what = format!("module `{module}` is public (I4)");
            Complaint::new(
                &file.path,
                line_of(&code, at),
                what,
                "keep it private and offer the act that is needed",
            )
        })
        .collect()
}

/// What writes past an act, and the files of the register that may: they keep tables that say nothing
/// about what was decided (migrations, jobs, checkpoints).
const PAST_AN_ACT: &[(&str, &[&str])] = &[
    (".commit()", &["tx.rs", "migrate.rs"]),
    ("db.write", &["db.rs", "migrate.rs", "jobs.rs", "log.rs"]),
    ("self.write", &["db.rs", "tx.rs"]),
];

/// I3: only an act commits, and what writes without one is known.
#[must_use]
pub fn one_commit(tree: &Tree) -> Vec<Complaint> {
    let mut complaints = Vec::new();
    for file in tree.under("crates/registry/src/", ".rs") {
        let code = rust::product(&file.text);
        let name = file.path.rsplit('/').next().unwrap_or_default();
        for (word, homes) in PAST_AN_ACT.iter().filter(|(_, homes)| !homes.contains(&name)) {
            complaints.extend(code.match_indices(word).map(|(at, _)| {
                let what = format!("`{word}` is kept in {} (I3)", homes.join(", "));
                let instead = "write in a `Tx` and end it with `Tx::commit(entry)`";
                Complaint::new(&file.path, line_of(&code, at), what, instead)
            }));
        }
    }
    complaints
}

/// I6: no floating point, so that none can become money.
#[must_use]
pub fn no_floats(tree: &Tree, allowed: &[(&str, &str)]) -> Vec<Complaint> {
    let mut complaints = Vec::new();
    for file in
        tree.rust().filter(|f| !f.is_test() && !allowed.iter().any(|(path, _)| *path == f.path))
    {
        let code = rust::product(&file.text);
        for word in ["f32", "f64"] {
            complaints.extend(words(&code, word).into_iter().map(|at| {
                let what = format!("`{word}` (I6)");
                let instead = "count in fen, basis points or ten-thousandths, or give a reason in tidy's FLOATS";
                Complaint::new(&file.path, line_of(&code, at), what, instead)
            }));
        }
    }
    complaints
}

/// I7: numbers of law are dated data with a basis.
#[must_use]
pub fn no_legal_constants(tree: &Tree, allowed: &[(&str, &str, &str)]) -> Vec<Complaint> {
    let mut complaints = Vec::new();
    for file in tree.under("crates/domain/src/", ".rs") {
        let code = rust::product(&file.text);
        for at in words(&code, "const") {
            let name: String = code
                .get(at + 6..)
                .into_iter()
                .flat_map(str::chars)
                .take_while(|c| c.is_alphanumeric() || *c == '_')
                .collect();
            let excused = allowed.iter().any(|(path, n, _)| *path == file.path && *n == name);
            if !excused && LEGAL_ENDINGS.iter().any(|ending| name.ends_with(ending)) {
                let what = format!("constant `{name}` looks like a number of law (I7)");
                let instead =
                    "make it dated data with a basis in catalogues/, or a parameter of a model";
                complaints.push(Complaint::new(&file.path, line_of(&code, at), what, instead));
            }
        }
    }
    complaints
}

/// No Rust outside the demo county and tests names a model: a model is a folder, nothing else.
#[must_use]
pub fn no_model_named(tree: &Tree) -> Vec<Complaint> {
    let models: Vec<&str> = tree
        .under("models/", "/model.sql")
        .filter_map(|f| f.path.split('/').nth(1))
        .filter(|name| !name.starts_with('_'))
        .collect();
    let concerned = |f: &&Source| !f.is_test() && !f.path.starts_with("crates/mingbai/src/demo");
    let mut complaints = Vec::new();
    for file in tree.rust().filter(concerned) {
        let code = rust::product_with_texts(&file.text);
        for model in &models {
            complaints.extend(words(&code, model).into_iter().map(|at| {
                let what = format!("model `{model}` is named in Rust");
                Complaint::new(
                    &file.path,
                    line_of(&code, at),
                    what,
                    "put what is special into the model's header",
                )
            }));
        }
    }
    complaints
}

/// Exceptions that nothing needs any more.
#[must_use]
pub fn idle_exceptions(tree: &Tree) -> Vec<Complaint> {
    let floats = no_floats(tree, &[]);
    let constants = no_legal_constants(tree, &[]);
    let idle_floats = FLOATS
        .iter()
        .filter(|(path, _)| !floats.iter().any(|c| c.path == *path))
        .map(|(path, _)| *path);
    let idle_constants = CONSTANTS
        .iter()
        .filter(|(path, name, _)| {
            !constants.iter().any(|c| c.path == *path && c.what.contains(name))
        })
        .map(|(path, _, _)| *path);
    idle_floats
        .chain(idle_constants)
        .map(|path| {
            Complaint::new(
                path,
                0,
                "an exception that is not needed",
                "delete it from tidy's allowed.rs",
            )
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::{
        closed_vault, kept_words, no_floats, no_legal_constants, no_model_named, pure_domain,
    };
    use crate::tree::{Source, Tree};

    fn tree(files: &[(&str, &str)]) -> Tree {
        Tree { files: files.iter().map(|(path, text)| Source::new(path, text)).collect() }
    }

    #[test]
    fn domain_that_reaches_out_is_seen() {
        for bad in [
            "use std::fs;",
            "use std::{fmt, env};",
            "async fn f() {}",
            "let t = std::time::SystemTime::now();",
        ] {
            assert!(!pure_domain(&tree(&[("crates/domain/src/a.rs", bad)])).is_empty(), "{bad}");
        }
        for good in [
            "// std::fs",
            "use std::fmt;",
            "use std::{fmt, ops};",
            "let a = \"async\";",
            "#[cfg(test)]\nmod t { use std::fs; }",
        ] {
            assert!(pure_domain(&tree(&[("crates/domain/src/a.rs", good)])).is_empty(), "{good}");
        }
    }

    #[test]
    fn kept_words_are_seen_elsewhere() {
        for (path, text, expect) in [
            ("crates/mingbai/src/a.rs", "use arrow::array::Array;", 1),
            ("crates/facts/src/a.rs", "use arrow::array::Array;", 0),
            ("crates/facts/src/a.rs", "datafusion::prelude::col(1)", 1),
            ("crates/mingbai/src/a.rs", "facts::vault::Vault::open(p)", 1),
            ("crates/mingbai/src/a.rs", "let narrow::x; // arrow::", 0),
        ] {
            assert_eq!(kept_words(&tree(&[(path, text)])).len(), expect, "{path} {text}");
        }
        assert_eq!(
            closed_vault(&tree(&[("crates/facts/src/lib.rs", "mod a;\npub mod vault;")])).len(),
            1
        );
        assert!(closed_vault(&tree(&[("crates/facts/src/lib.rs", "mod vault;")])).is_empty());
    }

    #[test]
    fn floats_and_legal_constants_are_seen() {
        let floats = tree(&[("crates/facts/src/a.rs", "let a: f64 = b;")]);
        assert_eq!(no_floats(&floats, &[]).len(), 1);
        assert!(no_floats(&floats, &[("crates/facts/src/a.rs", "no money")]).is_empty());
        let constants = tree(&[(
            "crates/domain/src/a.rs",
            "const GRACE_DAYS: i32 = 3;\nconst DAYS_IN_ERA: i32 = 1;",
        )]);
        assert_eq!(no_legal_constants(&constants, &[]).len(), 1);
        assert!(
            no_legal_constants(&constants, &[("crates/domain/src/a.rs", "GRACE_DAYS", "why")])
                .is_empty()
        );
    }

    #[test]
    fn models_named_in_rust_are_seen() {
        let model = ("models/some-model/model.sql", "select 1");
        for (path, text, expect) in [
            ("crates/screening/src/a.rs", "if id == \"some-model\" {}", 1),
            ("crates/screening/src/a.rs", "// like some-model", 0),
            ("crates/mingbai/src/demo/plant.rs", "\"some-model\"", 0),
            ("crates/screening/tests/it/a.rs", "\"some-model\"", 0),
            ("crates/screening/src/a.rs", "\"some-model-list\"", 0),
        ] {
            assert_eq!(
                no_model_named(&tree(&[model, (path, text)])).len(),
                expect,
                "{path} {text}"
            );
        }
    }
}
