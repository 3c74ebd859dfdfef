//! Importing, taking back, importing again.

use crate::support::{County, payments, small_county};

#[test]
fn says_how_a_file_was_understood_and_that_the_sums_agree() {
    let county = County::new();
    let ran = county.import(&county.file("发放表.csv", payments()));
    assert!(ran.err.contains("understood as payments"), "{}", ran.err);
    assert!(ran.err.contains("身份证号 → person"), "{}", ran.err);
    assert!(
        ran.err.contains("18 rows read = 18 written + 0 refused; 7,560.00 yuan written"),
        "{}",
        ran.err
    );
}

#[test]
fn a_dry_run_leaves_nothing_behind() {
    let county = County::new();
    let before = crate::support::files_below(&county.data());
    let path = county.file("发放表.csv", payments());
    let ran = county.run("import", &["--dry-run", path.to_str().expect("path")]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    assert_eq!(crate::support::files_below(&county.data()), before);
}

#[test]
fn the_same_file_is_refused_unless_asked_for() {
    let county = County::new();
    let path = county.file("发放表.csv", payments());
    county.import(&path);
    let path = path.to_str().expect("path");
    let again = county.run("import", &[path]);
    assert_eq!(again.code, 2, "{}", again.err);
    assert!(again.err.contains("发放表.csv"), "{}", again.err);
    assert_eq!(county.run("import", &["--again", path]).code, 0);
}

#[test]
fn a_batch_taken_back_is_gone_from_results_and_kept_in_the_list() {
    let county = small_county();
    assert_eq!(county.run("screen", &["--model", "benefit-after-death"]).code, 0);
    let ran = county.run("withdraw", &["3", "--reason", "wrong month"]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    let list = county.run("batches", &[]);
    assert!(list.out.contains("withdrawn") && list.out.contains("低保发放表.csv"), "{}", list.out);
    county.run("screen", &["--model", "benefit-after-death"]);
    assert_eq!(county.run("findings", &["--format", "csv"]).out.lines().count(), 1);
    assert_eq!(county.run("withdraw", &["3"]).code, 2);
}

#[test]
fn refused_rows_stand_in_the_problems_with_place_and_hint() {
    let county = County::new();
    let mut csv = payments();
    csv.push_str("测丁四,990001198501010031,柳溪镇,青石村,农村低保,");
    csv.push_str("2025-07,2025-07-15,四百二十,6299000000000000033\n");
    let ran = county.import(&county.file("发放表.csv", csv));
    assert!(ran.err.contains("19 rows read = 18 written + 1 refused"), "{}", ran.err);
    let problems = county.run("problems", &["1"]);
    assert!(problems.out.contains("20") && problems.out.contains("金额"), "{}", problems.out);
    assert!(!problems.out.contains("四百二十"), "values are masked: {}", problems.out);
}

#[test]
fn a_mapping_file_overrides_and_is_remembered() {
    let county = County::new();
    let odd = "甲列,乙列,丙列,丁列\n990001194910010042,2025-01,35.5,农村低保\n";
    let mapping = county.root.path().join("map.toml");
    let toml = "dataset = 'payments'\n[columns]\n'甲列' = 'person'\n'乙列' = 'period'\n\
                '丙列' = 'amount_fen'\n'丁列' = 'programme'\n";
    std::fs::write(&mapping, toml).expect("mapping");
    let first = county.file("odd-1.csv", odd);
    let unknown = county.run("import", &[first.to_str().expect("path")]);
    assert_eq!(unknown.code, 2, "{}", unknown.err);
    let mapped = county
        .run("import", &["--map", mapping.to_str().expect("path"), first.to_str().expect("path")]);
    assert_eq!(mapped.code, 0, "{}", mapped.err);
    let second = county.file("odd-2.csv", odd.replace("2025-01", "2025-02"));
    let remembered = county.run("import", &[second.to_str().expect("path")]);
    assert_eq!(remembered.code, 0, "{}", remembered.err);
}

#[test]
fn an_unknown_programme_keeps_its_name_and_can_be_mapped_later() {
    let county = County::new();
    let ran =
        county.import(&county.file("发放表.csv", payments().replace("农村低保", "白鹭计划奖补")));
    assert!(ran.err.contains("白鹭计划奖补"), "{}", ran.err);
    let ran = county.run("programmes", &["--map", "白鹭计划奖补", "S01"]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    let list = county.run("programmes", &[]);
    assert!(list.out.contains("白鹭计划奖补") && list.out.contains("S01"), "{}", list.out);
    assert_eq!(county.run("programmes", &["--map", "白鹭计划奖补", "S99"]).code, 2);
}

#[test]
fn speaks_json_and_keeps_quiet() {
    let county = County::new();
    let path = county.file("发放表.csv", payments());
    let ran = county.run("import", &["--json", path.to_str().expect("path")]);
    assert!(ran.err.is_empty(), "{}", ran.err);
    assert!(ran.out.trim_start().starts_with('['), "{}", ran.out);
    let quiet = county.run("screen", &["--quiet"]);
    assert!(quiet.err.is_empty(), "{}", quiet.err);
}
