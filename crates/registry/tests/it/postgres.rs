//! A PostgreSQL of our own: made in a temporary folder, without network, gone with the test.
//! `TEST_DATABASE_URL` takes its place where somebody has a server to spare.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// A running server.
pub struct Postgres {
    dir: Option<tempfile::TempDir>,
    url: String,
}

/// The newest server binaries of the machine.
pub fn binaries() -> PathBuf {
    let mut found: Vec<(u32, PathBuf)> = std::fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten()
        .flatten()
        .filter_map(|e| Some((e.file_name().to_str()?.parse().ok()?, e.path().join("bin"))))
        .collect();
    found.sort();
    let (version, bin) = found.pop().expect(
        "no PostgreSQL server on this machine: run scripts/setup.sh test, or set TEST_DATABASE_URL",
    );
    assert!(version >= 15, "PostgreSQL 15 or later is needed, found {version}");
    bin
}

/// A command as a user that PostgreSQL accepts: it refuses to run as root.
fn command(program: &Path) -> Command {
    if is_root() {
        let mut command = Command::new("setpriv");
        command.args(["--reuid=postgres", "--regid=postgres", "--clear-groups", "--"]).arg(program);
        command
    } else {
        Command::new(program)
    }
}

fn is_root() -> bool {
    let id = Command::new("id").arg("-u").output().expect("id -u");
    id.stdout.starts_with(b"0")
}

fn run(mut command: Command) {
    let output = command.current_dir("/").stdin(Stdio::null()).output().expect("start a program");
    let words = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{command:?}: {words}");
}

impl Postgres {
    /// Starts a server, or takes the one of `TEST_DATABASE_URL`.
    pub fn start() -> Self {
        if let Ok(url) = std::env::var("TEST_DATABASE_URL") {
            return Self { dir: None, url };
        }
        let bin = binaries();
        let dir = tempfile::Builder::new().prefix("mbpg").tempdir_in("/tmp").expect("a folder");
        if is_root() {
            run({
                let mut chown = Command::new("chown");
                chown.arg("postgres:postgres").arg(dir.path());
                chown
            });
        }
        let data = dir.path().join("data");
        let mut initdb = command(&bin.join("initdb"));
        initdb.args([
            "--no-sync",
            "-A",
            "trust",
            "-U",
            "mingbai",
            "-E",
            "UTF8",
            "--locale=C",
            "-D",
        ]);
        initdb.arg(&data);
        run(initdb);
        let server = Self {
            url: format!("postgres://mingbai@localhost/postgres?host={}", dir.path().display()),
            dir: Some(dir),
        };
        server.control("start", &[]);
        server
    }

    /// Runs `pg_ctl` with a verb: `start`, `stop`, `restart`.
    pub fn control(&self, verb: &str, more: &[&str]) {
        let Some(dir) = &self.dir else { return };
        let mut control = command(&binaries().join("pg_ctl"));
        let options = format!("-k {} -c listen_addresses=''", dir.path().display());
        control.arg(verb).arg("-w").arg("-D").arg(dir.path().join("data")).args(more);
        control.arg("-o").arg(options).arg("-l").arg(dir.path().join("log"));
        run(control);
    }

    /// The address of a database of its own.
    pub fn database(&self, name: &str) -> String {
        let mut make = Command::new(binaries().join("psql"));
        make.args(["--quiet", "--no-psqlrc", "--dbname", &self.url, "--command"]);
        make.arg(format!("create database {name}"));
        run(make);
        self.url.replace("/postgres?", &format!("/{name}?"))
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        self.control("stop", &["-m", "immediate"]);
    }
}
