//! Loads a folder of catalogues and prints every problem.
#![allow(clippy::print_stdout, clippy::unwrap_used, clippy::disallowed_methods)]
use std::path::Path;

fn walk(root: &Path, dir: &Path, files: &mut Vec<(String, String)>) {
    for entry in std::fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            walk(root, &path, files);
        } else if path.extension().is_some_and(|e| e == "toml") {
            let name = path.strip_prefix(root).unwrap().display().to_string();
            files.push((name, std::fs::read_to_string(&path).unwrap()));
        }
    }
}

fn main() {
    let root = std::env::args().nth(1).unwrap();
    let mut files = Vec::new();
    walk(Path::new(&root), Path::new(&root), &mut files);
    let (_, problems) = domain::catalogue::Catalogue::load(&files);
    for p in &problems {
        println!("{} {:?} {:?} {:?}", p.code, p.place.file, p.place.column, p.args);
    }
    println!("{} problems", problems.len());
}
