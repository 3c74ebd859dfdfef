//! The report in a real browser: nothing is clipped or runs over the edge on a phone or a screen.

use std::path::Path;
use std::process::Command;

use crate::support::small_county;

#[test]
fn the_report_fits_a_phone_and_a_screen() {
    let county = small_county();
    county.run("screen", &[]);
    let page = county.root.path().join("report.html");
    let ran = county.run("report", &["--lang", "zh-CN", "-o", page.to_str().expect("path")]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    let html = std::fs::read_to_string(&page).expect("page");
    assert!(!html.contains("<script") && !html.contains("http"), "the page stands alone");
    for width in [375, 1280] {
        let measured = measure(county.root.path(), &page, width);
        assert!(measured.contains(&format!("width={width} over=0")), "at {width}: {measured}");
    }
}

/// Opens the page in a frame of the given width and says how many pixels run over its edge.
fn measure(root: &Path, page: &Path, width: u32) -> String {
    let harness = root.join(format!("harness-{width}.html"));
    let script = "const d=f.contentDocument.documentElement;\
        r.textContent='width='+f.clientWidth+' over='+(d.scrollWidth-d.clientWidth);";
    let html = format!(
        "<!doctype html><body><iframe id=f style='border:0;width:{width}px;height:800px' \
         src='{}' onload=\"{script}\"></iframe><p id=r></p>",
        page.file_name().expect("name").to_string_lossy()
    );
    std::fs::write(&harness, html).expect("harness");
    let output = Command::new("chromium")
        .args([
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--no-first-run",
            "--disable-background-networking",
        ])
        .args([
            "--disable-component-update",
            "--disable-sync",
            "--allow-file-access-from-files",
            "--virtual-time-budget=4000",
        ])
        .arg(format!("--user-data-dir={}", root.join("profile").display()))
        .arg("--dump-dom")
        .arg(format!("file://{}", harness.display()))
        .output()
        .expect("chromium is installed by `make test`");
    let dom = String::from_utf8_lossy(&output.stdout).into_owned();
    dom.split("<p id=\"r\">").nth(1).and_then(|t| t.split('<').next()).unwrap_or(&dom).to_owned()
}
