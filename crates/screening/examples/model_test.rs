//! Runs models on their samples: `cargo run -p screening --example model_test -- [id]`.
#![allow(clippy::print_stdout)]

use std::fs;
use std::path::Path;

use domain::benefit::Benefits;
use screening::fixture;
use screening::model::ModelSet;

fn files(root: &Path) -> Vec<(String, String)> {
    let (mut files, mut folders) = (Vec::new(), vec![root.to_path_buf()]);
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
            let path = entry.path();
            if path.is_dir() {
                folders.push(path);
            } else if let (Ok(name), Ok(text)) = (path.strip_prefix(root), fs::read_to_string(&path)) {
                files.push((name.display().to_string(), text));
            }
        }
    }
    files.sort();
    files
}

fn main() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let wanted = std::env::args().nth(1);
    let (benefits, problems) = Benefits::load(&files(&root.join("catalogues")));
    problems.iter().for_each(|problem| println!("{problem:?}"));
    let (set, problems) = ModelSet::load(&files(&root.join("models")));
    problems.iter().for_each(|problem| println!("{problem:?}"));
    for model in &set.models {
        if wanted.as_ref().is_some_and(|id| *id != model.header.id) {
            continue;
        }
        for problem in screening::check::check(model, &benefits) {
            println!("{}: {problem:?}", model.header.id);
        }
        match fixture::test(model, &benefits) {
            Ok(outcome) if outcome.passed() => println!("{}: passed", model.header.id),
            Ok(outcome) => println!("{}: missing {:#?} extra {:#?}", model.header.id, outcome.missing, outcome.extra),
            Err(failure) => println!("{}: {failure:?}", model.header.id),
        }
        if wanted.is_some()
            && let Ok(outcome) = fixture::test(model, &benefits)
        {
            outcome.reasons.iter().for_each(|(zh, en)| println!("  {zh}\n  {en}"));
        }
    }
}
