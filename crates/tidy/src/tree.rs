//! The files of the repository, read once.

use std::fs;
use std::io;
use std::path::Path;

/// A file.
#[derive(Debug, Clone, Default)]
pub struct Source {
    /// Path from the root, with `/`.
    pub path: String,
    /// Content; empty for a file that is not UTF-8 text.
    pub text: String,
    /// Size in bytes.
    pub size: u64,
}

impl Source {
    /// A made-up file, for tests of rules.
    #[must_use]
    pub fn new(path: &str, text: &str) -> Self {
        Self { path: path.to_owned(), text: text.to_owned(), size: text.len() as u64 }
    }

    /// Whether it is Rust that only tests see.
    #[must_use]
    pub fn is_test(&self) -> bool {
        self.path.contains("/tests/") || self.path.ends_with("/tests.rs")
    }
}

/// All files that belong to the project, sorted by path.
#[derive(Debug, Clone, Default)]
pub struct Tree {
    /// The files.
    pub files: Vec<Source>,
}

impl Tree {
    /// Reads a repository, leaving out what its `.gitignore` files leave out.
    ///
    /// # Errors
    /// When a folder or file cannot be read.
    pub fn read(root: &Path) -> io::Result<Self> {
        let mut tree = Self::default();
        tree.walk(root, "", &[])?;
        tree.files.sort_by(|a, b| a.path.cmp(&b.path));
        Ok(tree)
    }

    /// Files under a folder (with its `/`; empty for all) whose names end so.
    pub fn under<'a>(
        &'a self,
        folder: &'a str,
        ending: &'a str,
    ) -> impl Iterator<Item = &'a Source> {
        self.files.iter().filter(move |f| f.path.starts_with(folder) && f.path.ends_with(ending))
    }

    /// The file of a path.
    #[must_use]
    pub fn file(&self, path: &str) -> Option<&Source> {
        self.files.iter().find(|f| f.path == path)
    }

    /// Rust files of all crates.
    pub fn rust(&self) -> impl Iterator<Item = &Source> {
        self.under("crates/", ".rs")
    }

    fn walk(&mut self, folder: &Path, prefix: &str, ignored: &[String]) -> io::Result<()> {
        let mut ignored = ignored.to_vec();
        if let Ok(text) = fs::read_to_string(folder.join(".gitignore")) {
            ignored
                .extend(text.lines().map(str::trim).filter(|l| !l.is_empty()).map(str::to_owned));
        }
        for entry in fs::read_dir(folder)? {
            let entry = entry?;
            let name = entry.file_name().to_string_lossy().into_owned();
            if name == ".git" || ignored.iter().any(|pattern| ignores(pattern, &name)) {
                continue;
            }
            let path = format!("{prefix}{name}");
            if entry.file_type()?.is_dir() {
                self.walk(&entry.path(), &format!("{path}/"), &ignored)?;
            } else if let Ok(bytes) = fs::read(entry.path()) {
                // A file that went away meanwhile is nobody's fault.
                let size = bytes.len() as u64;
                self.files.push(Source {
                    path,
                    text: String::from_utf8(bytes).unwrap_or_default(),
                    size,
                });
            }
        }
        Ok(())
    }
}

/// The few forms of pattern that our `.gitignore` files use: `name`, `name/`, `/name/`, `*.ending`.
fn ignores(pattern: &str, name: &str) -> bool {
    let pattern = pattern.trim_matches('/');
    pattern.strip_prefix('*').map_or(pattern == name, |ending| name.ends_with(ending))
}

#[cfg(test)]
mod tests {
    use super::ignores;

    #[test]
    fn patterns_are_read_as_git_reads_them() {
        for (pattern, name, expect) in [
            ("target/", "target", true),
            ("/demo-county/", "demo-county", true),
            ("*.log", "a.log", true),
            ("*.log", "log", false),
            ("target/", "targets", false),
        ] {
            assert_eq!(ignores(pattern, name), expect, "{pattern} {name}");
        }
    }
}
