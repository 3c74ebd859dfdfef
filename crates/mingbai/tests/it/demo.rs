//! The demo county in small: every model finds its planted cases and leaves the look-alikes alone.

use crate::support::{files_below, mingbai};

/// Grain of models that judge a village, not a person: their figures are shown, not demanded.
const VILLAGE_MODELS: [&str; 4] =
    ["list-never-changes", "village-outlier", "round-amounts", "late-to-person"];

#[test]
fn a_small_county_goes_all_the_way() {
    let root = tempfile::tempdir().expect("folder");
    let dir = root.path().join("county");
    let path = dir.to_str().expect("path");
    let ran =
        mingbai(&["demo", "--dir", path, "--people", "6000", "--payments", "60000", "--no-serve"]);
    assert_eq!(ran.code, 0, "{}\n{}", ran.out, ran.err);
    assert!(dir.join("report.html").exists() && ran.out.contains("report.html"), "{}", ran.out);
    for login in ["vps-101201", "tg-101", "cl1"] {
        assert!(ran.out.contains(login), "{login} is in the table of accounts: {}", ran.out);
    }
    let data = dir.join("data");
    let truth = dir.join("truth.csv");
    let args = [
        "evaluate",
        "--json",
        "--dir",
        data.to_str().expect("path"),
        "--truth",
        truth.to_str().expect("path"),
    ];
    let scores: serde_json::Value = serde_json::from_str(&mingbai(&args).out).expect("scores");
    let scores = scores.as_array().expect("list");
    assert!(scores.len() >= 26, "{} models scored", scores.len());
    for score in scores {
        let model = score["model"].as_str().expect("model");
        let bp = |name: &str| score[name].as_u64().unwrap_or(0);
        assert!(score["cases"].as_u64().unwrap_or(0) >= 1, "{model} has no case");
        if !VILLAGE_MODELS.contains(&model) {
            assert!(bp("recall_bp") >= 9_900 && bp("precision_bp") >= 9_500, "{score}");
        }
    }
    nothing_of_the_input_is_in_clear(&dir);
}

/// Every ID number of the truth file, and the pieces of the input that look like cards or IDs.
fn nothing_of_the_input_is_in_clear(dir: &std::path::Path) {
    let truth = std::fs::read_to_string(dir.join("truth.csv")).expect("truth");
    let secrets: std::collections::HashSet<&str> = truth
        .lines()
        .filter_map(|line| line.split_once(','))
        .map(|(_, id)| id)
        .filter(|id| id.len() == 18)
        .collect();
    assert!(!secrets.is_empty());
    for (path, bytes) in files_below(&dir.join("data")) {
        let text = String::from_utf8_lossy(&bytes);
        for run in text.split(|c: char| !c.is_ascii_alphanumeric()).filter(|run| run.len() >= 18) {
            assert!(!secrets.contains(run), "an ID number stands in {}", path.display());
        }
    }
}
