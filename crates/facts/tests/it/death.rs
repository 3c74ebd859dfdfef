//! An import that is killed, or whose disk is full, leaves all of a batch or nothing.

use std::ffi::OsString;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::time::Duration;

use facts::Folder;

use crate::given::{Given, code, folder, import, payments, payments_csv};

/// Tells the test binary that it is the victim, and of what.
const VICTIM: &str = "FACTS_VICTIM";

/// Not a test by itself: imports `a.csv` of a folder when a test below starts it.
#[test]
fn victim() {
    let Some(root) = std::env::var_os(VICTIM).map(PathBuf::from) else { return };
    let folder = Folder::open(&root.join("data"), None).unwrap();
    let ended = import(&folder, &root.join("a.csv"), "payments", true);
    std::fs::write(root.join("ended"), ended.as_ref().map_or_else(code, |_| "done")).unwrap();
}

fn command(given: &Given, shell: Option<&str>) -> Command {
    let me = std::env::current_exe().unwrap();
    let arguments = ["--exact", "death::victim"].map(OsString::from);
    let mut command = match shell {
        None => Command::new(&me),
        Some(before) => {
            let mut sh = Command::new("sh");
            sh.arg("-c").arg(format!("{before}; exec \"$0\" \"$@\"")).arg(&me);
            sh
        }
    };
    command.args(arguments).env(VICTIM, given.path("")).stdout(Stdio::null()).stderr(Stdio::null());
    command
}

#[test]
fn a_killed_import_leaves_all_or_nothing() {
    let given = folder();
    let paid = payments(1, 6000);
    given.file("a.csv", &payments_csv(&paid));
    assert!(command(&given, None).status().unwrap().success());
    let mut whole = given.folder.batches().unwrap().len();
    assert_eq!(whole, 1);
    for round in 0..20_u64 {
        let mut child = command(&given, None).spawn().unwrap();
        std::thread::park_timeout(Duration::from_millis(round * round));
        let _gone_already = child.kill();
        child.wait().unwrap();
        let reopened = Folder::open(&given.data(), None).unwrap();
        let batches = reopened.batches().unwrap();
        assert!(batches.len() == whole || batches.len() == whole + 1, "{}", batches.len());
        whole = batches.len();
        let spec = domain::facts::table("payments").unwrap();
        assert_eq!(reopened.load(spec, &["ref"]).unwrap().rows(), whole * paid.len());
        reopened.vault().unwrap();
    }
    // The next writer sweeps what the dead left behind.
    given.import("b.csv", "payments", &payments_csv(&payments(2, 10)));
    let left = std::fs::read_dir(given.data().join("staging")).unwrap();
    assert_eq!(left.count(), 0);
}

#[test]
fn a_full_disk_is_said_and_changes_nothing() {
    let given = folder();
    given.file("a.csv", &payments_csv(&payments(1, 6000)));
    let mut refused = 0;
    for blocks in [1, 8, 20, 40, 80, 120] {
        let limit = format!("trap '' XFSZ; ulimit -f {blocks}");
        assert!(command(&given, Some(&limit)).status().unwrap().success());
        let ended = std::fs::read_to_string(given.path("ended")).unwrap();
        let batches = given.folder.batches().unwrap().len();
        if ended == "done" {
            break;
        }
        assert_eq!((ended.as_str(), batches), ("disk-full", 0), "{blocks} blocks");
        refused += 1;
    }
    assert!(refused >= 2);
    let path = given.path("a.csv");
    assert!(import(&given.folder, &path, "payments", true).is_ok());
}
