//! Group bots of WeCom, taken by an implementation of the protocol in Python that shares nothing with the site.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Child, Command, Stdio};

use domain::report::{Channel as Filed, Facts, Form};
use registry::actions::outbox::{Channel, undelivered};
use registry::actions::reports::file::{self as reports, Handed};
use registry::{By, Now};
use serde_json::Value;
use web::Bots;

use crate::county::{COUNTY, County, TOWNSHIP, block_on, now};
use crate::hall::{PATH, bytes_below, holds};
use crate::logs::logged;
use crate::speak::world::{self, Desk, TEXT};
use crate::wechat::python;

const KEY: &str = "693a91f6-7aec-4bc4-97a0-0ec2sifa5aaa";
const MINUTE: i64 = 60_000;

/// The platform, for as long as a test runs.
struct Platform {
    child: Child,
    port: u16,
}

impl Platform {
    fn start() -> Self {
        let program = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/wecom.py");
        let mut command = Command::new(python());
        command.arg("-B").arg(program).arg(KEY).stdout(Stdio::piped());
        let mut child = command.spawn().expect("Python: run `scripts/setup.sh python`");
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        Self { child, port: line.trim().parse().unwrap() }
    }

    /// Messages that it took.
    fn seen(&self) -> Vec<Value> {
        serde_json::from_str(&self.ask("/seen")).unwrap()
    }

    fn mode(&self, mode: &str) {
        self.ask(&format!("/mode?{mode}"));
    }

    fn ask(&self, path: &str) -> String {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).unwrap();
        write!(stream, "GET {path} HTTP/1.1\r\nHost: here\r\nConnection: close\r\n\r\n").unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        // Two pieces, each after its length.
        let body = answer.split("\r\n\r\n").nth(1).unwrap();
        body.split("\r\n").skip(1).step_by(2).collect()
    }

    fn setting(&self, name: &str, key: &str) -> String {
        format!(
            "[[bot]]\nname = '{name}'\nurl = 'http://127.0.0.1:{}/cgi-bin/webhook/send?key={key}'\n\
             offices = ['TDI@{TOWNSHIP}']\n",
            self.port
        )
    }
}

impl Drop for Platform {
    fn drop(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

fn folder(setting: &str, mode: u32) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join("keys")).unwrap();
    let path = folder.path().join("keys/wecom.toml");
    std::fs::write(&path, setting).unwrap();
    std::fs::set_permissions(&path, PermissionsExt::from_mode(mode)).unwrap();
    folder
}

/// A county with offices that have keys, and a bot.
async fn county(setting: &str) -> County {
    let county = County::with(folder(setting, 0o600), None, None).await;
    world::keyed(&county).await;
    county
}

/// Somebody reports something about the village.
async fn file(county: &County) {
    let facts = Facts {
        door: "accusation".to_owned(),
        place: PATH.to_owned(),
        topic: "collective".to_owned(),
        posts: ["village_cadre".to_owned()].into(),
        ..Facts::default()
    };
    let form = Form { facts, text: TEXT.to_owned(), ..Form::default() };
    let (desk, by) = (Desk::of(county), By::public(&county.law().access));
    let mut tx = county.app.setup.registry.begin(by, county.app.now(), "").await.unwrap();
    let (counter, handed) = (desk.counter(county), Handed::Clear(form));
    let filed = reports::file(&mut tx, &counter, Filed::Web, handed).await.unwrap();
    tx.commit(filed.1).await.unwrap();
}

/// Hands notices to the bots, some milliseconds after noon.
async fn deliver(county: &County, ms: i64) -> (usize, usize) {
    let bots = Bots::read(&county.app.setup.keys).unwrap();
    let channels: Vec<&dyn Channel> = bots.channels().collect();
    let at = Now { ms: now().ms + ms, ..now() };
    county.app.setup.registry.deliver(&channels, at, at.ms).await.unwrap()
}

#[test]
fn what_waits_goes_in_one_message_without_content_and_never_more_than_twenty_a_minute() {
    block_on(async {
        let platform = Platform::start();
        let county = county(&platform.setting("liuxi", KEY)).await;
        file(&county).await;
        assert_eq!(deliver(&county, 0).await, (1, 0), "county offices have no bot");
        file(&county).await;
        file(&county).await;
        assert_eq!(deliver(&county, 2_000).await, (0, 0), "two seconds later it still rests");
        assert_eq!(deliver(&county, 3_200).await, (2, 0));
        let seen = platform.seen();
        assert_eq!(seen.len(), 2, "{seen:?}");
        assert!(seen[0]["content"].as_str().unwrap().contains("有 1 件"), "{seen:?}");
        assert!(seen[1]["content"].as_str().unwrap().contains("有 2 件"), "{seen:?}");
        assert_eq!(seen[1]["host"], "qyapi.weixin.qq.com");
        for told in [TEXT, TOWNSHIP, COUNTY, "J2026", "检举"] {
            assert!(!seen.iter().any(|one| one.to_string().contains(told)), "{told} is told");
        }
        // A round of the worker every second, and always something new.
        let mut sent = 0;
        for second in 0..60 {
            file(&county).await;
            sent += usize::from(deliver(&county, 10_000 + second * 1_000).await.0 > 0);
        }
        assert!((15..=20).contains(&sent), "{sent} messages in a minute");
        assert_eq!(platform.seen().len(), 2 + sent, "the platform took all of them");
        let late = county.app.setup.registry.raise_reports(&county.app.ways, later(30)).await;
        assert_eq!(late.unwrap(), 63, "told to the county alone, which has no bot");
        assert_eq!(deliver(&county, 30 * 24 * 60 * MINUTE).await.1, 0);
    });
}

#[test]
fn what_is_late_is_told_as_a_count() {
    block_on(async {
        let platform = Platform::start();
        let setting = platform.setting("watch", KEY).replace("TDI@990001101", "CA@990001");
        let county = county(&setting).await;
        file(&county).await;
        let raised = county.app.setup.registry.raise_reports(&county.app.ways, later(30)).await;
        assert_eq!(raised.unwrap(), 1);
        assert_eq!(deliver(&county, 31 * 24 * 60 * MINUTE).await, (2, 0));
        let told = platform.seen()[0]["content"].as_str().unwrap().to_owned();
        assert!(told.contains("有 2 件") && told.contains("其中 1 件超期"), "{told}");
    });
}

fn later(days: i32) -> Now {
    let day = domain::time::Day(now().day.0 + days);
    Now { ms: now().ms + i64::from(days) * 24 * 60 * MINUTE, day }
}

#[test]
fn a_bot_that_fails_is_tried_again_and_shown_and_its_key_is_nowhere() {
    let mut files = Vec::new();
    let mut shown = String::new();
    let log = logged(async {
        let platform = Platform::start();
        let county = county(&platform.setting("liuxi", KEY)).await;
        county.hire(&["SYS"]).await;
        let cookie = county.sign_in("sys").await;
        file(&county).await;
        for (mode, words) in [("down", "转发程序"), ("odd", "看不懂")] {
            platform.mode(mode);
            let at = if mode == "down" { 0 } else { 5 * MINUTE };
            assert_eq!(deliver(&county, at).await, (0, 1), "{mode}");
            assert_eq!(deliver(&county, at + MINUTE).await, (0, 0), "left alone for five minutes");
            let page = county.get("/office/outbox", &cookie).await;
            assert!(page.body.contains(words) && page.body.contains("liuxi"), "{}", page.body);
            shown.push_str(&page.body);
        }
        platform.mode("up");
        file(&county).await;
        assert_eq!(deliver(&county, 16 * MINUTE).await, (2, 0), "with what came meanwhile");
        assert_eq!(platform.seen().len(), 1);
        let db = &county.app.setup.registry.db;
        assert_eq!(undelivered(db, &By::system()).await.unwrap(), []);
        std::fs::remove_file(county.folder.path().join("keys/wecom.toml")).unwrap();
        files = bytes_below(county.folder.path());
    });
    assert!(holds(&files, "wecom-liuxi") && log.contains("/office/outbox"), "the search finds");
    assert!(!holds(&files, KEY) && !log.contains(KEY) && !shown.contains(KEY));
}

#[test]
fn a_bot_that_is_none_says_so() {
    block_on(async {
        let platform = Platform::start();
        for (setting, code) in [
            (platform.setting("liuxi", "another"), "deliver: no-bot"),
            (platform.setting("liuxi", KEY).replace("/send", "/sent"), "deliver: no-bot"),
            (
                platform.setting("liuxi", KEY).replace(&platform.port.to_string(), "9"),
                "deliver: unreachable",
            ),
        ] {
            let county = county(&setting).await;
            file(&county).await;
            assert_eq!(deliver(&county, 0).await, (0, 1));
            let db = &county.app.setup.registry.db;
            let failed = undelivered(db, &By::system()).await.unwrap().remove(0);
            assert_eq!(
                (failed.channel.as_str(), failed.failed.as_deref()),
                ("wecom-liuxi", Some(code))
            );
        }
        assert!(platform.seen().is_empty());
    });
}

#[test]
fn a_wrong_setting_is_said_at_the_start_and_repeats_no_key() {
    let good = format!(
        "[[bot]]\nname = 'liuxi'\nurl = 'http://127.0.0.1:8443/cgi-bin/webhook/send?key={KEY}'\n\
         offices = ['TDI@990001101']\n"
    );
    let read = |setting: &str, mode: u32| {
        let folder = folder(setting, mode);
        Bots::read(&folder.path().join("keys")).map(|bots| bots.ways().len())
    };
    assert_eq!(read(&good, 0o600).unwrap(), 2, "the desk and a bot");
    assert_eq!(read(&format!("{good}{}", good.replace("liuxi", "two")), 0o600).unwrap(), 3);
    for (setting, mode) in [
        (good.clone(), 0o640),
        (format!("{good}{good}"), 0o600),
        (good.replace("http:", "https:"), 0o600),
        (good.replace("127.0.0.1:8443", "qyapi.weixin.qq.com"), 0o600),
        (good.replace("127.0.0.1", "192.168.1.7"), 0o600),
        (good.replace("liuxi", "Liu Xi"), 0o600),
        (good.replace("['TDI@990001101']", "[]"), 0o600),
        (good.replace("TDI@", ""), 0o600),
        (good.replace("name", "nane"), 0o600),
    ] {
        let refused = format!("{:?}", read(&setting, mode).unwrap_err());
        assert!(!refused.contains(KEY), "{refused}");
    }
}
