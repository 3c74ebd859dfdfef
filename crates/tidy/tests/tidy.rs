//! The rules of this repository, each a test. A failure names file, line, rule and what to do
//! instead.

use std::path::Path;
use std::sync::LazyLock;

use tidy::allowed::{CONSTANTS, FLOATS};
use tidy::tree::Tree;
use tidy::{Complaint, architecture, changelog, documents, locales, manifest, modules, style};

static TREE: LazyLock<Tree> = LazyLock::new(|| {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    Tree::read(&root).unwrap_or_default()
});

#[track_caller]
fn none(mut complaints: Vec<Complaint>) {
    assert!(TREE.files.len() > 50, "the repository was not read");
    complaints.sort();
    let lines: Vec<String> = complaints.iter().map(ToString::to_string).collect();
    assert!(lines.is_empty(), "{} complaints\n{}\n", lines.len(), lines.join("\n"));
}

#[test]
fn domain_reaches_nothing_outside_itself() {
    none(architecture::pure_domain(&TREE));
}

#[test]
fn crates_depend_only_along_the_arrows() {
    none(manifest::check(&TREE));
}

#[test]
fn engines_and_the_vault_are_known_only_where_they_belong() {
    none(architecture::kept_words(&TREE));
    none(architecture::closed_vault(&TREE));
}

#[test]
fn nothing_is_committed_without_an_entry() {
    none(architecture::one_commit(&TREE));
}

#[test]
fn there_is_no_floating_point() {
    none(architecture::no_floats(&TREE, FLOATS));
}

#[test]
fn numbers_of_law_are_data() {
    none(architecture::no_legal_constants(&TREE, CONSTANTS));
}

#[test]
fn no_rust_names_a_model() {
    none(architecture::no_model_named(&TREE));
}

#[test]
fn exceptions_are_still_needed() {
    none(architecture::idle_exceptions(&TREE));
    none(style::idle_exceptions(&TREE));
}

#[test]
fn both_languages_say_all_that_is_asked_for_and_nothing_else() {
    none(locales::check(&TREE));
}

#[test]
fn no_rust_file_is_forgotten() {
    none(modules::check(&TREE));
}

#[test]
fn files_are_short_and_clean() {
    none(style::check(&TREE));
}

#[test]
fn the_changelog_keeps_its_shape() {
    none(changelog::check(&TREE));
}

#[test]
fn documents_promise_only_what_is_there() {
    none(documents::check(&TREE));
}
