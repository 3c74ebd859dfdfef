//! Each bad input: one clear line with the file, exit code 2, no change on disk.

use crate::support::{County, files_below, mingbai, payments};

fn refused(name: &str, content: &[u8], says: &str) {
    let county = County::new();
    let path = county.file(name, content);
    let before = files_below(&county.data());
    let ran = county.run("import", &["--quiet", path.to_str().expect("path")]);
    assert_eq!(ran.code, 2, "{name}: {}", ran.err);
    assert_eq!(ran.err.trim().lines().count(), 1, "{name}: {}", ran.err);
    assert!(ran.err.contains(name) && !ran.err.contains("problem-"), "{name}: {}", ran.err);
    assert!(ran.err.contains(says), "{name}: {}", ran.err);
    assert_eq!(files_below(&county.data()), before, "{name}");
}

#[test]
fn empty_and_headless_files() {
    refused("empty.csv", b"", "empty");
    refused("header-only.csv", "姓名,身份证号,金额,所属期\n".as_bytes(), "no data");
    refused("no-header.csv", b"1,2,3\n4,5,6\n7,8,9\n", "header");
}

#[test]
fn files_that_are_no_tables() {
    refused("scan.pdf", b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<<>>\nendobj\n", "table");
    refused(
        "random.xlsx",
        &(0..4096_u32).map(|i| (i.wrapping_mul(2_654_435_761) >> 13) as u8).collect::<Vec<u8>>(),
        "",
    );
    refused("truncated.xlsx", b"PK\x03\x04\x14\x00\x00\x00\x08\x00", "");
}

#[test]
fn a_folder_imports_what_it_can_and_says_the_rest() {
    let county = County::new();
    county.file("a.csv", payments());
    county.file("b.csv", "");
    let folder = county.root.path().join("files");
    let ran = county.run("import", &[folder.to_str().expect("path")]);
    assert_eq!(ran.code, 2, "{}", ran.err);
    assert!(ran.err.contains("b.csv") && ran.err.contains("18 written"), "{}", ran.err);
}

#[test]
fn mistakes_on_the_command_line_are_explained_in_the_readers_language() {
    let english = mingbai(&["imprt"]);
    assert_eq!(english.code, 2);
    assert!(english.err.contains("not known") && english.err.contains("import"), "{}", english.err);
    let chinese = mingbai(&["--lang", "zh-CN", "screen", "--bogus"]);
    assert_eq!(chinese.code, 2);
    assert!(chinese.err.contains("不认识"), "{}", chinese.err);
    let nothing = mingbai(&["batches", "--dir", "/nonexistent"]);
    assert_eq!(nothing.code, 2, "{}", nothing.err);
}
