//! A screening over the site: started by a form, done by a process of its own, its findings in the register
//! as `checks take-in` leaves them; killed on its way it is marked, and may be started again.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use crate::support::{County, small_county};

const PAGE: &str = "/office/supervision/screening";
/// A debug build on a busy machine takes its time.
const PATIENCE: Duration = Duration::from_secs(240);

/// A running site, and somebody who has signed in.
struct Site {
    child: Child,
    address: String,
    cookie: String,
}

impl Drop for Site {
    fn drop(&mut self) {
        let _gone = self.child.kill();
        let _waited = self.child.wait();
    }
}

struct Answer {
    status: u16,
    head: String,
    body: String,
}

impl Site {
    fn open(county: &County, more: &[&str]) -> Self {
        let mut program = Command::new(env!("CARGO_BIN_EXE_mingbai"));
        program.args(more).args(["--lang", "en", "serve", "--listen", "127.0.0.1:0", "--dir"]);
        program.arg(county.data()).env_remove("MINGBAI_KEYS");
        let mut child = program.stderr(Stdio::piped()).spawn().expect("the site starts");
        let mut lines = BufReader::new(child.stderr.take().expect("its words")).lines();
        let address = loop {
            let line = lines.next().expect("it says where it is").expect("a line");
            if let Some(rest) = line.split("http://").nth(1) {
                break rest.split('/').next().expect("an address").to_owned();
            }
        };
        std::thread::spawn(move || lines.for_each(drop));
        let mut site = Self { child, address, cookie: String::new() };
        site.sign_in();
        site
    }

    fn ask(&self, method: &str, path: &str, form: &str) -> Answer {
        let (address, cookie) = (&self.address, &self.cookie);
        let mut stream = TcpStream::connect(address).expect("a connection");
        let request = format!(
            "{method} {path} HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\ncookie: {cookie}\r\n\
             sec-fetch-site: same-origin\r\naccept-language: en\r\n\
             content-type: application/x-www-form-urlencoded\r\ncontent-length: {}\r\n\r\n{form}",
            form.len()
        );
        stream.write_all(request.as_bytes()).expect("sent");
        let mut bytes = Vec::new();
        stream.read_to_end(&mut bytes).expect("an answer");
        let text = String::from_utf8_lossy(&bytes).into_owned();
        let (head, body) = text.split_once("\r\n\r\n").expect("a head");
        let status = head.split(' ').nth(1).and_then(|code| code.parse().ok()).expect("a status");
        Answer { status, head: head.to_owned(), body: body.to_owned() }
    }

    fn sign_in(&mut self) {
        let door = self.ask("GET", "/sign-in", "");
        self.cookie = cookie(&door);
        let form = format!("token={}&login=cf&password=a+long+password", token(&door));
        let inside = self.ask("POST", "/sign-in", &form);
        assert_eq!(inside.status, 303, "{}", inside.body);
        self.cookie = format!("{}; lang=en", cookie(&inside));
    }

    fn start(&self) -> Answer {
        let shown = self.ask("GET", PAGE, "");
        self.ask("POST", PAGE, &format!("token={}", token(&self.ask("GET", "/office/account", ""))))
            .with(&shown)
    }

    /// Looks at the page until it says something.
    fn until(&self, words: &str) -> String {
        let start = Instant::now();
        loop {
            let shown = self.ask("GET", PAGE, "").body;
            if shown.contains(words) {
                return shown;
            }
            assert!(start.elapsed() < PATIENCE, "no {words:?} in\n{shown}");
            std::thread::sleep(Duration::from_millis(150));
        }
    }

    /// The process that screens, once there is one.
    fn screener(&self) -> u32 {
        let start = Instant::now();
        loop {
            for entry in std::fs::read_dir("/proc").expect("processes").flatten() {
                let stat = std::fs::read_to_string(entry.path().join("stat")).unwrap_or_default();
                let Some((pid, rest)) = stat.split_once(" (mingbai) ") else { continue };
                let parent = rest.split(' ').nth(1).and_then(|parent| parent.parse().ok());
                if parent == Some(self.child.id()) {
                    return pid.parse().expect("a number");
                }
            }
            assert!(start.elapsed() < PATIENCE, "nobody screens");
            std::thread::sleep(Duration::from_millis(5));
        }
    }
}

impl Answer {
    /// The page before must have been there.
    fn with(self, before: &Answer) -> Self {
        assert_eq!(before.status, 200, "{}", before.body);
        self
    }
}

fn cookie(answer: &Answer) -> String {
    let line = answer.head.lines().find_map(|line| line.strip_prefix("set-cookie: "));
    line.expect("a cookie").split(';').next().expect("its value").to_owned()
}

fn token(answer: &Answer) -> String {
    let rest = answer.body.split("name=\"token\" value=\"").nth(1).expect("a token");
    rest.split('"').next().expect("its end").to_owned()
}

fn kill(pid: u32) {
    let killed = Command::new("kill").args(["-9", &pid.to_string()]).status().expect("kill");
    assert!(killed.success());
}

/// A small county with its places, and somebody who owns the models.
fn county() -> County {
    let county = small_county();
    let data = county.data().display().to_string();
    let run = |args: &[&str]| {
        let ran = crate::support::mingbai(&[args, &["--dir", &data]].concat());
        assert_eq!(ran.code, 0, "{args:?}: {}", ran.err);
        ran.out
    };
    run(&["place", "add", "990001", "明水县", "--level", "county"]);
    run(&["place", "add", "990001101", "柳溪镇", "--level", "township", "--parent", "990001"]);
    run(&["place", "add", "990001101201", "青石村", "--level", "village", "--parent", "990001101"]);
    let mut program = Command::new(env!("CARGO_BIN_EXE_mingbai"));
    program.args(["user", "add", "cf", "--dir", &data]).stdin(Stdio::piped());
    let mut child = program.stderr(Stdio::null()).spawn().expect("the program starts");
    let mut input = child.stdin.take().expect("input");
    input.write_all(b"a long password\n").expect("a password");
    drop(input);
    assert!(child.wait().expect("an end").success());
    run(&["user", "grant", "cf", "--role", "CF", "--place", "990001"]);
    county
}

/// Findings in the register, without what differs from one making to the next.
fn findings(county: &County) -> Vec<String> {
    let data = county.data().display().to_string();
    let funnel = ["checks", "funnel", "--dir", &data, "--place", "990001", "--json"];
    let ran = crate::support::mingbai(&funnel);
    assert_eq!(ran.code, 0, "{}", ran.err);
    ran.out.lines().map(str::to_owned).collect()
}

#[test]
fn what_the_site_screens_stands_in_the_register_as_the_command_line_leaves_it() {
    let county = county();
    let site = Site::open(&county, &[]);
    let started = site.start();
    assert_eq!(started.status, 303, "{}", started.body);
    let second = site.start();
    assert_eq!(second.status, 409, "one at a time: {}", second.body);
    assert!(second.body.contains("S20"), "{}", second.body);
    site.until(" / 26");
    let done = site.until("findings,");
    assert!(done.contains(">done<") && !done.contains("data-poll"), "{done}");
    let by_site = findings(&county);
    assert!(by_site.iter().any(|line| line.contains("\"S01\"")), "its programme: {by_site:?}");
    // The same run taken in by the command line finds nothing new: one way in.
    let data = county.data().display().to_string();
    let again = crate::support::mingbai(&["checks", "take-in", "--dir", &data, "--json"]);
    assert_eq!(again.code, 0, "{}", again.err);
    let again: serde_json::Value = serde_json::from_str(&again.out).expect("JSON");
    assert_eq!((&again["new"], again["again"].as_u64() > Some(0)), (&0.into(), true), "{again}");
    assert_eq!(findings(&county), by_site);
    drop(site);
    let audit = crate::support::mingbai(&["audit", "--dir", &data]);
    assert_eq!(audit.code, 0, "{}{}", audit.out, audit.err);
}

#[test]
fn a_killed_screening_is_marked_and_may_be_started_again() {
    let county = county();
    let site = Site::open(&county, &[]);
    assert_eq!(site.start().status, 303);
    site.until("under way");
    kill(site.screener());
    site.until("broke off");
    // The whole program is killed on the way: whoever comes next marks it.
    assert_eq!(site.start().status, 303);
    site.until("under way");
    let screener = site.screener();
    kill(site.child.id());
    kill(screener);
    drop(site);
    let site = Site::open(&county, &[]);
    let shown = site.until("Start a screening");
    assert_eq!(shown.matches("broke off").count(), 2, "{shown}");
    assert_eq!(site.start().status, 303);
    site.until("findings,");
}

#[test]
fn what_keeps_a_screening_from_its_end_is_said_in_a_sentence() {
    let county = county();
    let models = county.root.path().join("models");
    std::fs::create_dir_all(models.join("broken")).expect("folder");
    std::fs::write(models.join("broken/model.sql"), "-- this is no header\nselect 1\n")
        .expect("file");
    let site = Site::open(&county, &["--models", models.to_str().expect("path")]);
    assert_eq!(site.start().status, 303);
    let failed = site.until("not done");
    assert!(failed.contains("broken/model.sql"), "{failed}");
    assert!(failed.contains("Start a screening"), "it may be started again");
}
