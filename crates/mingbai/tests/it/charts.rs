//! The flow charts of all power items in a real browser: no text runs over another or out of its
//! chart, in Chinese and in English.

use std::process::Command;

use crate::support::mingbai;

/// For each chart the texts that leave it, and pairs of texts that overlap.
const SCRIPT: &str = r"
const bad = [];
for (const svg of document.querySelectorAll('svg')) {
  const frame = svg.getBoundingClientRect();
  const texts = [...svg.querySelectorAll('text')].map(t => [t.textContent, t.getBoundingClientRect()]);
  texts.forEach(([text, box], at) => {
    const out = box.left < frame.left - 1 || box.right > frame.right + 1
      || box.top < frame.top - 1 || box.bottom > frame.bottom + 1;
    if (out) bad.push(svg.dataset.name + ' leaves: ' + text);
    for (const [other, that] of texts.slice(at + 1)) {
      const wide = Math.min(box.right, that.right) - Math.max(box.left, that.left);
      const high = Math.min(box.bottom, that.bottom) - Math.max(box.top, that.top);
      if (wide > 1 && high > 4) bad.push(svg.dataset.name + ' overlaps: ' + text + ' / ' + other);
    }
  });
}
const charts = document.querySelectorAll('svg').length;
document.getElementById('r').textContent = 'charts=' + charts + ' bad=' + bad.length + ' ' + bad.slice(0, 9).join('; ');
";

fn powers() -> Vec<String> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../catalogues/power");
    let mut codes: Vec<String> = std::fs::read_dir(folder)
        .unwrap()
        .flatten()
        .filter_map(|entry| Some(entry.file_name().to_str()?.split('-').next()?.to_owned()))
        .collect();
    codes.sort();
    codes
}

#[test]
fn every_chart_can_be_read() {
    let folder = tempfile::tempdir().unwrap();
    let mut page = String::from("<!doctype html><meta charset=utf-8><body>");
    let powers = powers();
    assert_eq!(powers.len(), 40);
    for code in &powers {
        for language in ["zh-CN", "en"] {
            let file = folder.path().join(format!("{code}-{language}.svg"));
            let path = file.to_str().unwrap();
            let ran = mingbai(&["--lang", language, "flowchart", code, "-o", path]);
            assert_eq!(ran.code, 0, "{}", ran.err);
            let svg = std::fs::read_to_string(&file).unwrap();
            page += &svg.replacen("<svg ", &format!("<svg data-name='{code}-{language}' "), 1);
        }
    }
    page += &format!("<p id=r></p><script>{SCRIPT}</script>");
    let html = folder.path().join("charts.html");
    std::fs::write(&html, page).unwrap();
    let output = Command::new("chromium")
        .args(["--headless", "--no-sandbox", "--disable-gpu", "--no-first-run"])
        .args(["--disable-background-networking", "--virtual-time-budget=8000", "--dump-dom"])
        .arg(format!("--user-data-dir={}", folder.path().join("profile").display()))
        .arg(format!("file://{}", html.display()))
        .output()
        .expect("chromium is installed by `make test`");
    let dom = String::from_utf8_lossy(&output.stdout).into_owned();
    let said = dom.split("<p id=\"r\">").nth(1).and_then(|t| t.split('<').next()).unwrap_or("");
    assert!(said.starts_with("charts=80 bad=0"), "{said}");
}
