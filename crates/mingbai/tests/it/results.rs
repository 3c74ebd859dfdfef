//! Screening, findings and evaluation on a small county.

use crate::support::{PEOPLE, mingbai, payments, small_county};

const COLUMNS: &str = "finding,model,violation,severity,grain,subject,id_number,name,village,\
    period,amount_yuan,reason,score";

#[test]
fn the_dead_pensioner_is_found_and_explained() {
    let county = small_county();
    let ran = county.run("screen", &["--model", "benefit-after-death"]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    let list = county.run("findings", &["--format", "csv"]);
    let lines: Vec<&str> = list.out.trim_start_matches('\u{feff}').lines().collect();
    assert_eq!(lines[0], COLUMNS);
    assert_eq!(lines.len(), 2, "{}", list.out);
    // Died in January, grace of a month: March to June are left.
    assert!(lines[1].contains("1680.00") && lines[1].contains("2025-01-20"), "{}", list.out);
    assert!(!list.out.contains(PEOPLE[0].id) && !list.out.contains(PEOPLE[0].name), "{}", list.out);
}

#[test]
fn names_appear_only_with_a_purpose_that_is_logged() {
    let county = small_county();
    county.run("screen", &["--model", "benefit-after-death"]);
    let refused = county.run("findings", &["--format", "csv", "--reveal"]);
    assert_eq!(refused.code, 2, "{}", refused.err);
    let shown =
        county.run("findings", &["--format", "csv", "--reveal", "--purpose", "door-to-door check"]);
    assert!(
        shown.out.contains(PEOPLE[0].id) && shown.out.contains(PEOPLE[0].name),
        "{}",
        shown.out
    );
    assert!(!shown.out.contains(PEOPLE[1].id), "{}", shown.out);
    let log = std::fs::read_to_string(county.data().join("access.log")).expect("log");
    assert!(log.contains("door-to-door check"), "{log}");
}

#[test]
fn two_runs_give_the_same_bytes() {
    let county = small_county();
    county.run("screen", &[]);
    let first = county.run("findings", &["--format", "json"]).out;
    county.run("screen", &[]);
    assert_eq!(county.run("findings", &["--format", "json"]).out, first);
}

#[test]
fn one_more_month_is_asked_alone_and_found_as_in_a_full_run() {
    let county = small_county();
    county.run("screen", &[]);
    let again = county.run("screen", &[]);
    assert!(again.err.contains("benefit-after-death: 1 findings, as before"), "{}", again.err);
    assert!(again.out.contains("0 new") && again.out.contains("0 gone"), "{}", again.out);
    let more = payments().replace("2025-", "2026-");
    county.import(&county.file("下一年.csv", more));
    let new = county.run("screen", &[]);
    assert_eq!(new.code, 0, "{}", new.err);
    assert!(new.err.contains("only what is new was asked"), "{}", new.err);
    assert!(new.out.contains(" new, ") && !new.out.contains(": 0 new"), "{}", new.out);
    let found = county.run("findings", &["--format", "json"]).out;
    let full = county.run("screen", &["--full"]);
    assert!(!full.err.contains("only what is new"), "{}", full.err);
    assert_eq!(county.run("findings", &["--format", "json"]).out, found);
}

#[test]
fn a_model_that_fails_leaves_the_others_their_findings() {
    let county = small_county();
    let models = county.root.path().join("models");
    for id in ["good", "twice"] {
        let made = mingbai(&["model", "new", id, "--models", models.to_str().expect("path")]);
        assert_eq!(made.code, 0, "{}", made.err);
    }
    let path = models.join("twice/model.sql");
    let sql = std::fs::read_to_string(&path).expect("model");
    let broken = sql
        .replace("group by person, period / 100", "group by person, period")
        .replace("> $limit_fen", "> $limit_fen - 10000000");
    std::fs::write(&path, broken).expect("model");
    let folder = models.to_str().expect("path");
    let ran = county.run("screen", &["--models", folder]);
    assert_eq!(ran.code, 2, "{}", ran.err);
    assert!(
        ran.err.contains("gives two rows") && ran.out.contains("did not answer"),
        "{}",
        ran.err
    );
    let runs = std::fs::read_to_string(county.data().join("runs/000001/run.json")).expect("run");
    assert!(runs.contains("\"failed\": \"model-finding-twice\""), "{runs}");
}

#[test]
fn results_leave_as_workbook_and_in_chinese() {
    let county = small_county();
    county.run("screen", &[]);
    let file = county.root.path().join("findings.xlsx");
    let ran = county.run("findings", &["--format", "xlsx", "-o", file.to_str().expect("path")]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    assert!(std::fs::read(&file).expect("workbook").starts_with(b"PK"));
    let chinese = county.run("findings", &["--lang", "zh", "--format", "csv"]);
    assert!(chinese.out.contains("死亡"), "{}", chinese.out);
}

#[test]
fn evaluation_counts_found_and_missed() {
    let county = small_county();
    county.run("screen", &["--model", "benefit-after-death"]);
    let truth = county.root.path().join("truth.csv");
    let lines = format!(
        "category,id_number\nbenefit-after-death,{}\nbenefit-after-death,{}\n",
        PEOPLE[0].id, PEOPLE[1].id
    );
    std::fs::write(&truth, lines).expect("truth");
    let ran = county.run("evaluate", &["--truth", truth.to_str().expect("path")]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    assert!(ran.out.contains("100.0%") && ran.out.contains("50.0%"), "{}", ran.out);
}

#[test]
fn asking_before_screening_is_explained() {
    let county = small_county();
    for command in ["findings", "report"] {
        let args: &[&str] = if command == "report" { &["-o", "/dev/null"] } else { &[] };
        let ran = county.run(command, args);
        assert_eq!(ran.code, 2, "{}", ran.err);
        assert!(ran.err.contains("mingbai screen"), "{}", ran.err);
    }
}
