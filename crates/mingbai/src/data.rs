//! Catalogues and models: shipped inside the program; a folder on disk wins.

use std::path::Path;

use domain::problem::Fault;
use rust_embed::RustEmbed;

#[derive(RustEmbed)]
#[folder = "../../catalogues"]
#[include = "*.toml"]
struct Catalogues;

#[cfg(feature = "screening")]
#[derive(RustEmbed)]
#[folder = "../../models"]
#[include = "*.sql"]
#[include = "*.md"]
#[include = "*.csv"]
struct Models;

/// A text file of a catalogue or model: path inside its folder, text.
pub type Files = Vec<(String, String)>;

/// Catalogue files, from `dir` if given.
///
/// # Errors
/// When the folder cannot be read.
pub fn catalogues(dir: Option<&Path>) -> Result<Files, Fault> {
    dir.map_or_else(|| Ok(embedded::<Catalogues>()), read_folder)
}

/// Model files, from `dir` if given.
///
/// # Errors
/// When the folder cannot be read.
#[cfg(feature = "screening")]
pub fn models(dir: Option<&Path>) -> Result<Files, Fault> {
    dir.map_or_else(|| Ok(embedded::<Models>()), read_folder)
}

fn embedded<E: RustEmbed>() -> Files {
    let mut files: Files = E::iter()
        .filter_map(|path| {
            Some((path.to_string(), String::from_utf8(E::get(&path)?.data.into_owned()).ok()?))
        })
        .collect();
    files.sort();
    files
}

fn read_folder(root: &Path) -> Result<Files, Fault> {
    let mut files = Files::new();
    let mut folders = vec![root.to_path_buf()];
    while let Some(folder) = folders.pop() {
        let fault = |error| Fault::new("read folder", format!("{}: {error}", folder.display()));
        for entry in std::fs::read_dir(&folder).map_err(fault)? {
            let path = entry.map_err(fault)?.path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            // Only text belongs into a catalogue or model; a stray binary is no reason to stop.
            if let (Ok(inside), Ok(text)) =
                (path.strip_prefix(root), std::fs::read_to_string(&path))
            {
                files.push((inside.to_string_lossy().replace('\\', "/"), text));
            }
        }
    }
    files.sort();
    Ok(files)
}
