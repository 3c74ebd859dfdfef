//! Size, white space and words that must not stand in any file.

use crate::allowed::{FILE_BYTES, FILE_LINES, FUNCTION_LINES, LINE_CHARACTERS, LONG_FILES};
use crate::tree::{Source, Tree};
use crate::{Complaint, line_of, rust, words};

/// Endings of files that people write as code.
const CODE: &[&str] = &[".rs", ".sh", ".sql", ".py", ".html", ".css", ".ftl"];
/// Code whose lines have a greatest length.
const NARROW: &[&str] = &[".rs", ".sh", ".sql"];
/// Files whose form is not ours: texts of law, generated lists, data that is broken on purpose.
const AS_THEY_ARE: &[&str] = &["LICENSE", "Cargo.lock"];
const BROKEN_ON_PURPOSE: &[&str] = &["/fixtures/", "/files/", "/corpus/", "/snapshots/", "/seeds/"];

/// Marks of unfinished work.
const MARKS: &[&str] = &[concat!("TO", "DO"), concat!("FIX", "ME"), concat!("XX", "X")];
/// Where machines keep people's files.
const MACHINE: &[&str] =
    &[concat!("/ho", "me/"), concat!("/ro", "ot/"), concat!("/Us", "ers/"), concat!("/wo", "rk/")];
/// Settings that tie a build to somebody's package mirror.
const MIRRORS: &[&str] = &[
    concat!("--index", "-url"),
    concat!("--extra-index", "-url"),
    concat!("--find", "-links"),
    concat!("--trusted", "-host"),
    concat!("replace", "-with"),
    concat!("sparse", "+http"),
    concat!("--reg", "istry"),
];
/// Parts of host names of package registries and their mirrors.
const REGISTRIES: &[&str] =
    &["registry.", "pypi", "pythonhosted", "mirror", "static.crates", "index.crates", "deb.debian"];

/// All rules of this module.
#[must_use]
pub fn check(tree: &Tree) -> Vec<Complaint> {
    let files = tree.files.iter().filter(|f| !AS_THEY_ARE.contains(&f.path.as_str()));
    files
        .flat_map(|f| [size(f), lines(f), spaces(f), marks(f), hosts(f), functions(f)].concat())
        .collect()
}

/// Exceptions that are no longer needed.
#[must_use]
pub fn idle_exceptions(tree: &Tree) -> Vec<Complaint> {
    let short = |(path, lines): &&(&str, usize)| {
        tree.file(path).is_none_or(|f| f.text.lines().count() < *lines || *lines <= FILE_LINES)
    };
    let idle = LONG_FILES.iter().filter(short);
    idle.map(|(path, _)| {
        Complaint::new(path, 0, "the file is shorter by now", "lower its line in tidy's LONG_FILES")
    })
    .collect()
}

fn ends(file: &Source, endings: &[&str]) -> bool {
    endings.iter().any(|ending| file.path.ends_with(ending))
}

fn size(file: &Source) -> Vec<Complaint> {
    let mut complaints = Vec::new();
    if file.size > FILE_BYTES {
        let what = format!("{} bytes, more than {FILE_BYTES}", file.size);
        complaints.push(Complaint::new(&file.path, 0, what, "make it at build or test time"));
    }
    let count = file.text.lines().count();
    let most = LONG_FILES
        .iter()
        .find(|(path, _)| *path == file.path)
        .map_or(FILE_LINES, |(_, lines)| *lines);
    if ends(file, CODE) && count > most {
        let what = format!("{count} lines, more than {most}");
        complaints.push(Complaint::new(
            &file.path,
            0,
            what,
            "divide it by what its parts are about",
        ));
    }
    complaints
}

fn lines(file: &Source) -> Vec<Complaint> {
    if !ends(file, NARROW) {
        return Vec::new();
    }
    // The header of a model is prose in TOML: one sentence, one line.
    let prose = |l: &str| file.path.ends_with(".sql") && l.starts_with("--");
    let long = file
        .text
        .lines()
        .enumerate()
        .filter(|(_, l)| !prose(l) && l.chars().count() > LINE_CHARACTERS);
    long.map(|(at, l)| {
        let what =
            format!("{} characters in a line, more than {LINE_CHARACTERS}", l.chars().count());
        Complaint::new(&file.path, at + 1, what, "break the line")
    })
    .collect()
}

fn spaces(file: &Source) -> Vec<Complaint> {
    let foreign = BROKEN_ON_PURPOSE.iter().any(|part| file.path.contains(part));
    if foreign || file.text.is_empty() || file.path.ends_with(".tsv") {
        return Vec::new();
    }
    let mut complaints = Vec::new();
    for (at, line) in file.text.split('\n').enumerate() {
        let mut say = |what: &str, instead| {
            complaints.push(Complaint::new(&file.path, at + 1, what, instead))
        };
        if line.ends_with([' ', '\t', '\r']) {
            say("blank at the end of the line", "delete it");
        }
        if line.contains('\t') && !file.path.ends_with("Makefile") {
            say("a tab", "use spaces, or \\t in a text");
        }
    }
    if !file.text.ends_with('\n') || file.text.ends_with("\n\n") {
        complaints.push(Complaint::new(
            &file.path,
            0,
            "the end of the file",
            "end with exactly one line break",
        ));
    }
    complaints
}

fn marks(file: &Source) -> Vec<Complaint> {
    let mut complaints = Vec::new();
    let mut find = |list: &[&str], whole: bool, what: &str, instead: &'static str| {
        for word in list {
            let places = if whole {
                words(&file.text, word)
            } else {
                file.text.match_indices(word).map(|(at, _)| at).collect()
            };
            complaints.extend(places.into_iter().map(|at| {
                Complaint::new(
                    &file.path,
                    line_of(&file.text, at),
                    format!("{what} `{word}`"),
                    instead,
                )
            }));
        }
    };
    find(MARKS, true, "a mark of unfinished work,", "finish it, or describe it in an issue");
    find(MACHINE, false, "a path of one machine,", "use a path from the root of the repository");
    find(MIRRORS, false, "a setting for one package mirror,", "name the package only");
    complaints
}

fn hosts(file: &Source) -> Vec<Complaint> {
    let mut complaints = Vec::new();
    for (at, _) in file.text.match_indices("://") {
        let rest = file.text.get(at + 3..).unwrap_or_default();
        let host: String =
            rest.chars().take_while(|c| c.is_alphanumeric() || ".-:@".contains(*c)).collect();
        if REGISTRIES.iter().any(|part| host.contains(part)) {
            let what = format!("host of a package registry `{host}`");
            complaints.push(Complaint::new(
                &file.path,
                line_of(&file.text, at),
                what,
                "name the package only",
            ));
        }
    }
    complaints
}

fn functions(file: &Source) -> Vec<Complaint> {
    if !file.path.ends_with(".rs") {
        return Vec::new();
    }
    let code = rust::view(&file.text, rust::Leave::CommentsAndTexts);
    let mut complaints = Vec::new();
    for (name, start, end) in rust::functions(&code) {
        let length = code.get(start..end).map_or(0, |body| body.lines().count());
        if length > FUNCTION_LINES {
            let what = format!("`{name}` has {length} lines, more than {FUNCTION_LINES}");
            complaints.push(Complaint::new(
                &file.path,
                line_of(&code, start),
                what,
                "name its steps and call them",
            ));
        }
    }
    complaints
}

#[cfg(test)]
mod tests {
    use super::check;
    use crate::tree::{Source, Tree};

    fn complaints(path: &str, text: &str) -> String {
        let tree = Tree { files: vec![Source::new(path, text)] };
        check(&tree).iter().map(|c| format!("{c}\n")).collect()
    }

    #[test]
    fn good_files_pass() {
        assert_eq!(complaints("a.rs", "fn f() {}\n"), "");
        assert_eq!(complaints("Makefile", "a:\n\tb\n"), "");
        assert_eq!(complaints("README.md", &format!("{}\n", "long ".repeat(30).trim_end())), "");
        assert_eq!(
            complaints("a.md", "https://www.apache.org/licenses/ and https://example.org/\n"),
            ""
        );
    }

    #[test]
    fn bad_files_do_not() {
        let long_function = format!("fn f() {{\n{}}}\n", "    g();\n".repeat(70));
        let long_line = format!("// {}\n", "字".repeat(123));
        let mark = format!("// {}: later\n", ["TO", "DO"].concat());
        let path = format!("let a = \"{}\";\n", ["/ho", "me/someone"].concat());
        let mirror = format!("pip install {} x\n", ["--index", "-url"].concat());
        let host = format!("see https://{}.example.net/simple\n", ["py", "pi"].concat());
        for (name, text, word) in [
            ("a.rs", "a\n".repeat(501).as_str(), "501 lines"),
            ("a.rs", long_function.as_str(), "`f` has 72 lines"),
            ("a.rs", long_line.as_str(), "126 characters"),
            ("a.md", "a \n", "a.md:1: blank at the end"),
            ("a.md", "a\tb\n", "a tab"),
            ("a.md", "a", "the end of the file"),
            ("a.md", "a\n\n", "the end of the file"),
            ("a.rs", mark.as_str(), "unfinished"),
            ("a.rs", path.as_str(), "a path of one machine"),
            ("a.sh", mirror.as_str(), "package mirror"),
            ("a.md", host.as_str(), "package registry"),
            ("a.bin", "a\n".repeat(200_001).as_str(), "400002 bytes"),
        ] {
            let found = complaints(name, text);
            assert!(found.contains(word), "{name}, {word}: {found}");
        }
    }
}
