//! The stories, walked as they stand in `stories/`, on both engines, with equal ends.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::postgres::{Postgres, binaries};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize().unwrap()
}

/// The Python with which the tests of the log were set up.
fn python() -> PathBuf {
    let own = std::env::var_os("MINGBAI_PYTHON").map(PathBuf::from);
    let python = own.unwrap_or_else(|| root().join("target/tools/python/bin/python"));
    assert!(python.exists(), "no {}: run scripts/setup.sh python", python.display());
    python
}

/// The commands of a story: its `sh` blocks, in order.
fn commands(story: &str) -> String {
    let mut inside = false;
    let mut commands = std::fs::read_to_string(root().join("scripts/meddle.sh")).unwrap();
    let text = std::fs::read_to_string(root().join("stories").join(story)).unwrap();
    for line in text.lines() {
        match line {
            "```sh" => inside = true,
            "```" => inside = false,
            line if inside => commands.push_str(&format!("{line}\n")),
            _ => {}
        }
    }
    commands
}

/// Walks a story in an empty folder and returns what it printed and the files that it left behind.
fn walk(story: &str, files: &[&str], database: Option<&str>) -> (String, Vec<String>) {
    let folder = tempfile::tempdir().unwrap();
    let program = Path::new(env!("CARGO_BIN_EXE_mingbai")).parent().unwrap();
    let path = format!("{}:{}", program.display(), std::env::var("PATH").unwrap());
    let mut shell = Command::new("sh");
    shell.args(["-eu", "-c", &commands(story)]).current_dir(folder.path());
    shell.env("PATH", path).env("PYTHON", python()).env("LANG", "zh_CN.UTF-8").env_remove("LC_ALL");
    shell.env("VERIFY", root().join("verify/mingbai_verify.py"));
    shell.env("PSQL", binaries().join("psql"));
    if let Some(database) = database {
        shell.env("MINGBAI_DATABASE", database);
    }
    let output = shell.output().unwrap();
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    let words = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success() && said.contains("end of the story"), "{said}\n{words}");
    let kept = |name: &&str| std::fs::read_to_string(folder.path().join(name)).unwrap();
    (said, files.iter().map(kept).collect())
}

#[test]
fn payments_lead_to_a_case_and_a_cleared_name_on_both_engines() {
    let story = "01-payments-to-publication.md";
    let files = ["rectified.json", "funnel.json", "published.txt"];
    let (said, on_sqlite) = walk(story, &files, None);
    for told in ["应当回避", "一案双查", "本人意愿", "周某", "只能延长"] {
        assert!(said.contains(told), "{told} is not in {said}");
    }
    let server = Postgres::start();
    let (_, on_postgres) = walk(story, &files, Some(&server.database("supervision")));
    assert_eq!(on_sqlite, on_postgres);
}

#[test]
fn a_matter_becomes_a_proof_on_both_engines() {
    let story = "02-matter-to-proof.md";
    let files = ["matters.json", "notices.json"];
    let (said, on_sqlite) = walk(story, &files, None);
    for refusal in ["应当回避", "一致", "Not proved", "不能证明"] {
        assert!(said.contains(refusal), "{refusal} is not in {said}");
    }
    let server = Postgres::start();
    let (_, on_postgres) = walk(story, &files, Some(&server.database("story")));
    assert_eq!(on_sqlite, on_postgres);
}

#[test]
fn a_report_is_answered_past_whoever_is_meant_on_both_engines() {
    let story = "03-report-to-reply.md";
    let files = ["answered.txt"];
    let (said, on_sqlite) = walk(story, &files, None);
    for told in ["没有登记的反映件", "口令不对", "复查", "证明有效", "获准查看您的身份"]
    {
        assert!(said.contains(told), "{told} is not in {said}");
    }
    let server = Postgres::start();
    let (_, on_postgres) = walk(story, &files, Some(&server.database("reports")));
    assert_eq!(on_sqlite, on_postgres);
}

#[test]
fn a_village_is_supervised_by_the_county_and_let_go_on_both_engines() {
    let story = "04-stepped-up-village.md";
    let files = ["scores.txt", "notice.txt", "owed.txt", "ended.txt", "owed-after.txt"];
    let (said, on_sqlite) = walk(story, &files, None);
    for told in ["一肩挑", "应当回避", "资源发包和租金", "另一名", "本乡镇以外"]
    {
        assert!(said.contains(told), "{told} is not in {said}");
    }
    let server = Postgres::start();
    let (_, on_postgres) = walk(story, &files, Some(&server.database("stepped")));
    assert_eq!(on_sqlite, on_postgres);
}
