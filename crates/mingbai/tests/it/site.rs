//! The site in a real browser, over a small demo county: the scripts of `crates/web/assets/tests`, one test
//! for each. The county is made once for all of them; each works on a copy of its own.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;

use domain::benefit::Benefits;
use domain::time::Day;
use registry::{Law, Now, Registry};
use serde_json::{Value, json};

use crate::support::{PEOPLE, mingbai};

/// The last day of the demo county's two years.
const DAY: &str = "2026-09-15";
/// A villager of the county, whose money every story about own benefits is about.
const VILLAGER: usize = 1;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn assets() -> PathBuf {
    root().join("crates/web/assets")
}

/// The county of this build of the program, made by whichever test comes first.
fn county() -> PathBuf {
    let program = fs::metadata(env!("CARGO_BIN_EXE_mingbai")).unwrap();
    let built = program.modified().unwrap().duration_since(std::time::UNIX_EPOCH).unwrap();
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("site");
    fs::create_dir_all(&folder).unwrap();
    let lock = File::create(folder.join("lock")).unwrap();
    lock.lock().unwrap();
    let made = folder.join(format!("{}-{}", built.as_millis(), program.len()));
    if !made.join("done").exists() {
        for old in fs::read_dir(&folder).unwrap().flatten().filter(|entry| entry.path().is_dir()) {
            fs::remove_dir_all(old.path()).unwrap();
        }
        make(&made);
        fs::write(made.join("done"), "").unwrap();
    }
    made
}

fn make(folder: &Path) {
    let path = folder.to_str().unwrap();
    let size = ["--people", "600", "--payments", "8000"];
    let run = |args: &[&str]| {
        let ran = mingbai(args);
        assert_eq!(ran.code, 0, "{args:?}: {}\n{}", ran.out, ran.err);
        ran.out
    };
    let said = run(&[&["demo", "--dir", path, "--day", DAY, "--no-serve"], &size[..]].concat());
    // The last word of its output is the secret of the account with a second factor.
    let secret = said.lines().find_map(|line| line.split("authenticator app: ").nth(1)).unwrap();
    fs::write(folder.join("secret"), secret.trim()).unwrap();
    let list = folder.join("低保发放表.csv");
    fs::write(&list, payments()).unwrap();
    let data = folder.join("data");
    let (data, list) = (data.to_str().unwrap(), list.to_str().unwrap());
    run(&["import", "--dir", data, list]);
    let purpose = "复核低保发放名单";
    run(&["person", "--dir", data, "--id", PEOPLE[VILLAGER].id, "--purpose", purpose]);
}

/// What the villager was paid: one month is too little.
fn payments() -> String {
    let mut csv =
        String::from("姓名,身份证号,乡镇,村,补贴项目,所属期,发放日期,金额(元),银行账号\n");
    let person = &PEOPLE[VILLAGER];
    for month in 1..=8 {
        let amount = if month == 7 { "240.00" } else { "420.00" };
        let month = format!("2026-{month:02}");
        csv.push_str(&format!(
            "{},{},柳溪镇,青石村,农村低保,{month},{month}-15,{amount},{}\n",
            person.name, person.id, person.card
        ));
    }
    csv
}

/// All routes of the site, as the router has them.
fn routes(folder: &Path) -> Vec<Value> {
    let files = catalogues();
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let address = folder.join("empty.db").display().to_string();
    let now = Now { ms: 0, day: Day::parse(DAY).unwrap() };
    let setup = web::Setup {
        registry: runtime.block_on(Registry::open(&address)).unwrap(),
        law: Law::new(&files, None).unwrap().0,
        benefits: Benefits::load(&files).0,
        own: None,
        access_log: None,
        intake: None,
        upload_mb: 1,
        unlock_minutes: 15,
        codes: None,
        clock: Arc::new(move || now),
        logs: folder.to_owned(),
        blobs: folder.to_owned(),
        keys: folder.to_owned(),
        public_url: None,
    };
    let (_, routes) = web::routes(&web::App::new(setup).unwrap());
    let told = |route: web::Route| json!({ "method": route.method.as_str(), "path": route.path });
    routes.into_iter().map(told).collect()
}

fn catalogues() -> Vec<(String, String)> {
    let root = root().join("catalogues");
    let files = crate::support::files_below(&root).into_iter();
    let toml = files.filter(|(path, _)| path.extension().is_some_and(|end| end == "toml"));
    let named = |(path, bytes): (PathBuf, Vec<u8>)| {
        let inside = path.strip_prefix(&root).unwrap().display().to_string();
        (inside, String::from_utf8(bytes).unwrap())
    };
    toml.map(named).collect()
}

/// The first account of each role: `user list` prints login, state, and role with place.
fn accounts(data: &str) -> Vec<Value> {
    let mut accounts: Vec<Value> = Vec::new();
    for line in mingbai(&["user", "list", "--dir", data]).out.lines() {
        let words: Vec<&str> = line.split_whitespace().collect();
        let [login, "open", role, ..] = words.as_slice() else { continue };
        if !accounts.iter().any(|known| known["role"] == *role) {
            accounts.push(json!({ "role": role, "login": login }));
        }
    }
    assert!(accounts.len() > 40, "{accounts:?}");
    accounts
}

/// Runs a script over a copy of the county. What it finds wrong, it says in lines of JSON.
fn browse(script: &str) {
    browse_into(script, Path::new(""));
}

/// The same, with a folder for what the script makes.
fn browse_into(script: &str, images: &Path) {
    let (made, own) = (county(), tempfile::tempdir().unwrap());
    for part in ["data", "data-keys"] {
        let copied = Command::new("cp").arg("-Rp").arg(made.join(part)).arg(own.path()).status();
        assert!(copied.unwrap().success());
    }
    let data = own.path().join("data").display().to_string();
    let person = &PEOPLE[VILLAGER];
    let settings = json!({
        "program": env!("CARGO_BIN_EXE_mingbai"),
        "data": data,
        "folder": own.path(),
        "day": DAY,
        "secret": fs::read_to_string(made.join("secret")).unwrap(),
        "accounts": accounts(&data),
        "routes": routes(own.path()),
        "villager": { "id": person.id, "name": person.name, "four": &person.card[person.card.len() - 4..] },
        "root": root(),
        "images": images,
    });
    let file = own.path().join("settings.json");
    fs::write(&file, settings.to_string()).unwrap();
    let mut node = Command::new("node");
    node.arg(assets().join("tests").join(script)).arg(&file);
    let output = node.output().expect("node is installed by `make test`");
    let (found, words) =
        (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "\n{found}\n{words}");
}

#[test]
fn every_page_is_accessible_and_fits_every_screen() {
    browse("walk.mjs");
}

#[test]
fn the_card_of_a_power_item_fits_one_sheet_of_paper() {
    browse("print.mjs");
}

#[test]
fn a_public_page_is_light() {
    browse("weight.mjs");
}

#[test]
fn the_main_paths_need_no_script() {
    browse("flows.mjs");
}

#[test]
fn a_late_disclosure_is_seen_asked_about_and_answered() {
    browse("late.mjs");
}

#[test]
fn a_voice_goes_past_the_cousin_is_answered_in_time_objected_to_and_reviewed() {
    browse("story.mjs");
}

#[test]
fn a_villager_reports_without_scripts_and_a_screen_keeps_nothing() {
    browse("report.mjs");
}

#[test]
fn a_wrong_amount_becomes_a_request_and_is_answered() {
    browse("own.mjs");
}

#[test]
fn a_matter_goes_from_proposal_to_proof() {
    browse("matter.mjs");
}

/// The pictures of the READMEs can be taken, and are those that lie there; `make docs` takes them anew.
#[test]
fn the_main_pages_are_pictured() {
    let (kept, taken) = (root().join("docs/images"), tempfile::tempdir().unwrap());
    let anew = std::env::var_os("UPDATE_DOCS").is_some();
    browse_into("pictures.mjs", if anew { &kept } else { taken.path() });
    let names = |folder: &Path| {
        let files = fs::read_dir(folder).unwrap().map(|file| file.unwrap().file_name());
        files.filter(|name| name != "report.png").collect::<BTreeSet<_>>()
    };
    let names_of_taken = names(if anew { &kept } else { taken.path() });
    assert_eq!(names_of_taken.len(), 10, "{names_of_taken:?}");
    assert_eq!(names_of_taken, names(&kept));
    let readmes = ["README.md", "README.zh-CN.md"].map(|name| root().join(name));
    for readme in readmes.map(|path| fs::read_to_string(path).unwrap()) {
        for name in &names_of_taken {
            let link = format!("docs/images/{}", name.display());
            assert!(readme.contains(&link), "no README shows {link}");
        }
    }
}
