//! Killed at any moment of a write: nothing confirmed is lost, nothing half-written is there, and
//! the log goes on.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use journal::note::SigningKey;
use registry::actions::people::{self, NewPerson};
use registry::log::Log;
use registry::queries::lists;
use registry::{Registry, audit};

use crate::support::{at, block_on, by};

/// How often it is killed.
const KILLS: u64 = 50;
const FOLDER: &str = "MINGBAI_TEST_KILL";
const SIGN: &str = "MINGBAI_TEST_SIGN";

fn secret() -> String {
    SigningKey::from_seed("log.test", &[5; 32]).unwrap().to_secret_text()
}

/// The victim: adds people one after another, says each confirmed leaf, signs each.
#[test]
fn victim() {
    let Ok(dir) = std::env::var(FOLDER) else { return };
    let dir = Path::new(&dir);
    block_on(async {
        let registry =
            Registry::open(&dir.join("register.db").display().to_string()).await.unwrap();
        let log = Log::at(dir, registry::tx::INTERNAL);
        loop {
            let now = at("2026-02-02");
            let mut tx = registry.begin(by("SYS"), now, "").await.unwrap();
            let new = NewPerson { name: "某".to_owned(), ..NewPerson::default() };
            let (_, entry) = people::add(&mut tx, &new).await.unwrap();
            let done = tx.commit(entry).await.unwrap();
            println!("leaf {}", done.internal);
            // Half of the time goes into the log's files: the kill falls into them as often.
            log.keep(&registry.db, &secret(), now).await.unwrap();
        }
    });
}

#[test]
fn killed_fifty_times_nothing_is_lost() {
    let dir = tempfile::tempdir().unwrap();
    let log = Log::at(dir.path(), registry::tx::INTERNAL);
    log.begin("log.test/internal", &secret()).unwrap();
    let mut confirmed = 0;
    for round in 0..KILLS {
        confirmed = confirmed.max(run_and_kill(dir.path(), round));
        nothing_is_lost(dir.path(), confirmed);
    }
    assert!(confirmed >= i64::try_from(KILLS).unwrap(), "it wrote something: {confirmed}");
}

/// The disk is full for the victim: it may write no file longer than some blocks.
#[test]
fn a_full_disk_loses_nothing_confirmed() {
    let dir = tempfile::tempdir().unwrap();
    Log::at(dir.path(), registry::tx::INTERNAL).begin("log.test/internal", &secret()).unwrap();
    let path = dir.path().join("register.db");
    block_on(async {
        let registry = Registry::open(&path.display().to_string()).await.unwrap();
        registry.db.close().await;
    });
    // Room for some acts, in blocks of 512 bytes: the more tables, the longer is an empty register.
    let blocks = std::fs::metadata(&path).unwrap().len() / 512 + 600;
    // Ignored, the signal for too long a file becomes an error of the write.
    let mut victim = Command::new("sh");
    victim.args(["-c", &format!("trap '' XFSZ; ulimit -f {blocks}; exec \"$0\" \"$@\"")]);
    victim.arg(std::env::current_exe().unwrap()).args(["--exact", "kill::victim", "--nocapture"]);
    let output = victim.env(FOLDER, dir.path()).output().unwrap();
    assert!(!output.status.success(), "the victim met the full disk");
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    let last = said.lines().filter_map(|l| l.strip_prefix("leaf ")?.parse::<i64>().ok()).max();
    nothing_is_lost(dir.path(), last.expect("it wrote something") + 1);
}

/// Signs what is in the register and not in its log.
#[test]
fn signer() {
    let Ok(dir) = std::env::var(SIGN) else { return };
    let dir = Path::new(&dir);
    block_on(async {
        let registry =
            Registry::open(&dir.join("register.db").display().to_string()).await.unwrap();
        let log = Log::at(dir, registry::tx::INTERNAL);
        log.keep(&registry.db, &secret(), at("2026-02-02")).await.unwrap();
    });
}

/// The disk is full for the log: entries that do not fit are not signed.
#[test]
fn a_full_disk_signs_nothing_half_written() {
    let dir = tempfile::tempdir().unwrap();
    let log = Log::at(dir.path(), registry::tx::INTERNAL);
    log.begin("log.test/internal", &secret()).unwrap();
    let before = log.checkpoint().unwrap();
    block_on(async {
        let path = dir.path().join("register.db").display().to_string();
        let registry = Registry::open(&path).await.unwrap();
        for _ in 0..40 {
            let mut tx = registry.begin(by("SYS"), at("2026-02-02"), "").await.unwrap();
            let new = NewPerson { name: "某".to_owned(), ..NewPerson::default() };
            let (_, entry) = people::add(&mut tx, &new).await.unwrap();
            tx.commit(entry).await.unwrap();
        }
        // The database stays open here, so that the signer need not make its files longer.
        let mut signer = Command::new("sh");
        signer.args(["-c", "trap '' XFSZ; ulimit -f 8; exec \"$0\" \"$@\""]);
        signer.arg(std::env::current_exe().unwrap());
        signer.args(["--exact", "kill::signer", "--nocapture"]).env(SIGN, dir.path());
        let output = signer.output().unwrap();
        let said = String::from_utf8_lossy(&output.stdout).into_owned();
        assert!(!output.status.success(), "the signer met the full disk: {said}");
        assert_eq!(log.checkpoint().unwrap(), before, "nothing was signed");
        registry.db.close().await;
    });
    nothing_is_lost(dir.path(), 40);
}

/// What was confirmed is there, nothing is half-written, and the log goes on.
fn nothing_is_lost(dir: &Path, confirmed: i64) {
    let log = Log::at(dir, registry::tx::INTERNAL);
    block_on(async {
        let registry =
            Registry::open(&dir.join("register.db").display().to_string()).await.unwrap();
        assert_eq!(audit(&registry.db, &[]).await.unwrap(), []);
        let sizes = lists::sizes(&registry.db).await.unwrap();
        let size = sizes.iter().find(|(name, _)| name == "internal").unwrap().1;
        assert!(size >= confirmed, "{confirmed} confirmed, {size} kept");
        log.keep(&registry.db, &secret(), at("2026-02-02")).await.unwrap();
        let (checkpoint, found) = log.audit(&mut |_, _| {}).unwrap();
        assert!(found.is_clean() && checkpoint.size == u64::try_from(size).unwrap());
        registry.db.close().await;
    });
}

/// Starts a victim, kills it after a while that differs from round to round, and returns how many
/// leaves it had confirmed.
fn run_and_kill(dir: &Path, round: u64) -> i64 {
    let mut victim = Command::new(std::env::current_exe().unwrap());
    victim.args(["--exact", "kill::victim", "--nocapture"]).env(FOLDER, dir);
    let mut victim = victim.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
    let mut lines = BufReader::new(victim.stdout.take().unwrap()).lines();
    let mut confirmed = 0;
    // From the first confirmed act on, so that every round writes.
    while let Some(Ok(line)) = lines.next() {
        if let Some(leaf) = line.strip_prefix("leaf ") {
            confirmed = leaf.parse::<i64>().unwrap() + 1;
            break;
        }
    }
    // Odd microseconds, so that the kill falls into every part of an act.
    std::thread::sleep(Duration::from_micros(round * 1_373 % 40_000));
    victim.kill().unwrap();
    victim.wait().unwrap();
    let rest = lines.map_while(Result::ok).filter_map(|l| l.strip_prefix("leaf ")?.parse().ok());
    rest.max().map_or(confirmed, |leaf: i64| leaf + 1)
}
