//! Administration of the register from the command line: accounts, and keys that survive a kill.

use std::io::Write;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use crate::support::{County, Ran, mingbai};

/// How often a rotation is killed.
const ROTATIONS: u32 = 16;

fn run(county: &County, args: &[&str]) -> Ran {
    let data = county.data().display().to_string();
    mingbai(&[args, &["--dir", &data]].concat())
}

fn done(county: &County, args: &[&str]) -> String {
    let ran = run(county, args);
    assert_eq!(ran.code, 0, "{args:?}: {}", ran.err);
    ran.out
}

fn add_user(county: &County, login: &str) {
    assert!(with_password(county, &["user", "add", login], "a long password"));
}

/// Whether a command ended well that reads a password.
fn with_password(county: &County, args: &[&str], password: &str) -> bool {
    let mut program = Command::new(env!("CARGO_BIN_EXE_mingbai"));
    program.args(args).arg("--dir").arg(county.data()).stdin(Stdio::piped());
    let mut child = program.stderr(Stdio::null()).spawn().expect("the program starts");
    let mut input = child.stdin.take().expect("input");
    input.write_all(format!("{password}\n").as_bytes()).expect("a password");
    drop(input);
    child.wait().expect("an end").success()
}

#[test]
fn a_village_is_renamed_and_moved_and_its_history_stays() {
    let county = County::new();
    done(&county, &["place", "add", "990001", "明水县", "--level", "county"]);
    let under = ["--level", "township", "--parent", "990001", "--area", "北"];
    done(&county, &[&["place", "add", "990001101", "柳溪镇"][..], &under].concat());
    done(&county, &["place", "rename", "990001101", "柳溪街道", "--day", "2026-03-01"]);
    done(&county, &["place", "area", "990001101", "南", "--day", "2026-04-01"]);
    let listed = done(&county, &["place", "list"]);
    assert!(listed.contains("990001101  柳溪街道  南"), "{listed}");
    let history = done(&county, &["place", "history", "990001101", "--json"]);
    let history: serde_json::Value = serde_json::from_str(&history).expect("JSON");
    assert_eq!(
        history,
        serde_json::json!([
            { "name": "柳溪镇", "area": "北", "until": "2026-03-01" },
            { "name": "柳溪街道", "area": "北", "until": "2026-04-01" },
        ])
    );
    done(&county, &["audit"]);
    assert_eq!(run(&county, &["place", "rename", "990009", "无"]).code, 2);
    assert_eq!(run(&county, &["place", "history", "990009"]).code, 2);
}

#[test]
fn a_role_is_taken_back_and_a_password_replaced() {
    let county = County::new();
    done(&county, &["place", "add", "990001", "明水县", "--level", "county"]);
    add_user(&county, "town");
    let role = ["town", "--role", "TG", "--place", "990001"];
    done(&county, &[&["user", "grant"][..], &role, &["--day", "2026-01-05"]].concat());
    assert!(done(&county, &["user", "list"]).contains("TG 990001"));
    done(&county, &[&["user", "revoke"][..], &role].concat());
    assert!(!done(&county, &["user", "list"]).contains("TG 990001"));
    assert_eq!(run(&county, &[&["user", "revoke"][..], &role].concat()).code, 2, "only once");
    assert!(with_password(&county, &["user", "password", "town"], "another password"));
    assert!(!with_password(&county, &["user", "password", "town"], "short"));
    assert!(!with_password(&county, &["user", "password", "nobody"], "another password"));
    done(&county, &["audit"]);
}

#[test]
fn accounts_are_listed_closed_and_unlocked() {
    let county = County::new();
    done(&county, &["place", "add", "990001", "明水县", "--level", "county"]);
    add_user(&county, "town");
    done(&county, &["user", "grant", "town", "--role", "TG", "--place", "990001"]);
    let listed = done(&county, &["user", "list"]);
    assert!(listed.contains("town") && listed.contains("TG 990001"), "{listed}");
    assert!(listed.contains("open") && !listed.contains("argon2"), "{listed}");
    done(&county, &["user", "unlock", "town"]);
    done(&county, &["user", "close", "town"]);
    assert!(done(&county, &["user", "list"]).contains("closed"));
    assert_eq!(run(&county, &["user", "close", "nobody"]).code, 2);
}

/// Keys of the public log: the one in use, and the replaced one.
fn keys(county: &County) -> (PathBuf, Option<PathBuf>) {
    let folder = county.root.path().join("data-keys");
    let files = std::fs::read_dir(&folder).expect("keys").flatten().map(|entry| entry.path());
    let old = files.into_iter().find(|path| {
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        name.starts_with("log-public.key.")
    });
    (folder.join("log-public.key"), old)
}

#[test]
fn a_rotation_that_was_killed_is_finished() {
    let county = County::new();
    done(&county, &["log", "checkpoint"]);
    // Killed before the log knew of the new key: it is dropped.
    let (key, _) = keys(&county);
    let new = key.with_extension("key.new");
    std::fs::copy(key.with_file_name("log-internal.key"), &new).expect("another key");
    done(&county, &["log", "checkpoint"]);
    assert!(!new.exists() && keys(&county).1.is_none());
    // A key that was not written to its end is dropped too.
    std::fs::write(&new, "PRIVATE").expect("half a key");
    std::fs::set_permissions(&new, std::os::unix::fs::PermissionsExt::from_mode(0o600))
        .expect("mode");
    done(&county, &["log", "checkpoint"]);
    assert!(!new.exists());
    done(&county, &["log", "rotate"]);
    let (key, old) = keys(&county);
    let (old, replaced) = (old.expect("the old key"), std::fs::read(&key).expect("a key"));
    // Killed after it, before the files were moved; and between the two moves.
    for with_old in [true, false] {
        std::fs::rename(&key, &new).expect("back");
        if with_old {
            std::fs::copy(&old, &key).expect("back");
        }
        done(&county, &["log", "checkpoint"]);
        assert!(!new.exists());
        assert_eq!(std::fs::read(&key).expect("a key"), replaced, "the new one signs");
    }
    done(&county, &["place", "add", "990001", "明水县", "--level", "county"]);
    done(&county, &["log", "checkpoint"]);
    done(&county, &["log", "verify"]);
}

/// The second key has signed nothing when the third takes its place.
#[test]
fn keys_may_be_changed_twice_in_a_row() {
    let county = County::new();
    done(&county, &["place", "add", "990001", "明水县", "--level", "county"]);
    done(&county, &["log", "checkpoint"]);
    for name in ["甲县", "乙县"] {
        done(&county, &["log", "rotate"]);
        done(&county, &["log", "rotate"]);
        done(&county, &["place", "rename", "990001", name]);
        done(&county, &["log", "checkpoint"]);
        done(&county, &["log", "verify"]);
    }
}

#[test]
fn a_rotation_may_be_killed_at_any_moment() {
    let county = County::new();
    done(&county, &["place", "add", "990001", "明水县", "--level", "county"]);
    done(&county, &["log", "checkpoint"]);
    let rotate = || {
        let mut program = Command::new(env!("CARGO_BIN_EXE_mingbai"));
        program.args(["log", "rotate", "--dir"]).arg(county.data());
        program.stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("the program starts")
    };
    let begun = std::time::Instant::now();
    assert!(rotate().wait().expect("an end").success());
    let mut whole = begun.elapsed();
    let mut killed = 0;
    for round in 0..ROTATIONS {
        let mut program = rotate();
        // The end of its time is where the keys are written: from its middle to a little past it. How long
        // it takes differs with what else the machine does: who was too late comes sooner the next time.
        std::thread::sleep(whole / 2 + whole * (round % 5) / 8);
        program.kill().expect("killed");
        let early = !program.wait().expect("an end").success();
        killed += usize::from(early);
        whole = if early { whole * 9 / 8 } else { whole * 3 / 4 };
        done(&county, &["place", "rename", "990001", &format!("县{round}")]);
        done(&county, &["log", "checkpoint"]);
        done(&county, &["log", "verify"]);
        let (key, _) = keys(&county);
        assert!(key.exists() && !key.with_extension("key.new").exists(), "round {round}");
    }
    assert!(killed >= 3, "only {killed} of them were killed on their way");
}
