//! The callback of a WeChat official account, called by an implementation of the protocol in Python that
//! shares nothing with the site.

use std::io::Write;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use axum::body::Body;
use axum::http::Request;
use serde_json::{Value, json};

use crate::county::{Answer, County, block_on, now};
use crate::hall::{bytes_below, holds};
use crate::logs::logged;

const TOKEN: &str = "made-up-token-of-the-account";
const KEY: &str = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG";
const APP: &str = "wx0123456789abcdef";
const PLAIN: &str = "token = 'made-up-token-of-the-account'\napp_id = 'wx0123456789abcdef'\n";
/// The account of tests that only need one.
pub const SAFE: &str = "token = 'made-up-token-of-the-account'\napp_id = 'wx0123456789abcdef'\n\
                        aes_key = 'abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG'\n";
const OPENID: &str = "oMadeUpPersonOfNowhere";
const SAID: &str = "村会计多报了三亩地";
const ADDRESS: &str = "https://mb.test/report";

/// A folder with the setting of an account.
fn folder(setting: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join("keys")).unwrap();
    let path = folder.path().join("keys/wechat.toml");
    std::fs::write(&path, setting).unwrap();
    std::fs::set_permissions(&path, PermissionsExt::from_mode(0o600)).unwrap();
    folder
}

/// A county with an account.
pub async fn county(setting: &str) -> County {
    County::with(folder(setting), None, None).await
}

async fn reached(setting: &str) -> County {
    County::with(folder(setting), Some("https://mb.test"), None).await
}

/// A Python with the package. Without one the check is not made, so the test must fail.
pub fn python() -> PathBuf {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let told = std::env::var_os("MINGBAI_PYTHON").map(PathBuf::from);
    told.unwrap_or_else(|| root.join("target/tools/python/bin/python"))
}

/// What the platform makes of questions.
fn platform(asked: &[Value]) -> Vec<Value> {
    let program = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/wechat.py");
    let mut command = Command::new(python());
    command.arg("-B").arg(program).stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut child = command.spawn().expect("Python: run `scripts/setup.sh python`");
    let lines: String = asked.iter().map(|one| format!("{one}\n")).collect();
    child.stdin.take().unwrap().write_all(lines.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success(), "the platform does not accept this");
    let text = String::from_utf8(output.stdout).unwrap();
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// A call of the platform with a message, some seconds after noon.
fn asked(xml: &str, seconds: i64, key: Option<&str>, app_id: &str) -> Value {
    let time = (now().ms / 1000 + seconds).to_string();
    json!({ "do": "call", "token": TOKEN, "time": time, "nonce": "486452656", "xml": xml,
        "key": key, "app_id": app_id })
}

fn message(number: &str) -> String {
    format!(
        "<xml><ToUserName><![CDATA[gh_1]]></ToUserName>\
         <FromUserName><![CDATA[{OPENID}]]></FromUserName><CreateTime>1790000000</CreateTime>\
         <MsgType><![CDATA[text]]></MsgType><Content><![CDATA[{SAID}]]></Content>{number}</xml>"
    )
}

fn click(created: i64) -> String {
    format!(
        "<xml><ToUserName>gh_1</ToUserName><FromUserName>{OPENID}</FromUserName>\
         <CreateTime>{created}</CreateTime><MsgType>event</MsgType><Event>CLICK</Event>\
         <EventKey>我要举报</EventKey></xml>"
    )
}

/// Makes a call, with one value of its query changed.
async fn send(county: &County, call: &Value, change: Option<(&str, &str)>) -> Answer {
    let mut query = call["query"].as_object().unwrap().clone();
    query.insert("openid".to_owned(), OPENID.into());
    if let Some((name, value)) = change {
        query.insert(name.to_owned(), value.into());
    }
    let pairs: Vec<_> =
        query.iter().map(|(name, value)| format!("{name}={}", value.as_str().unwrap())).collect();
    let address = format!("/channels/wechat?{}", pairs.join("&"));
    let body = call["body"].as_str().unwrap().to_owned();
    let request = Request::post(address).header("content-type", "text/xml");
    county.send(request.body(Body::from(body)).unwrap()).await
}

/// What the platform reads out of an answer.
fn read(answer: &Answer, key: Option<&str>) -> Value {
    assert_eq!(answer.status.as_u16(), 200, "{}", answer.body);
    let one = json!({ "do": "opened", "token": TOKEN, "body": answer.body, "key": key,
        "app_id": APP });
    platform(&[one]).remove(0)
}

fn is_the_answer(read: &Value) {
    assert_eq!((&read["ToUserName"], &read["FromUserName"]), (&json!(OPENID), &json!("gh_1")));
    assert_eq!(read["MsgType"], "text");
    let words = read["Content"].as_str().unwrap();
    assert!(words.ends_with(ADDRESS) && !words.contains(SAID), "{words}");
}

#[test]
fn the_platform_finds_out_that_the_site_knows_the_token() {
    block_on(async {
        let county = reached(SAFE).await;
        let calls = platform(&[asked("", 0, None, ""), asked("", -301, None, "")]);
        let get = |call: &Value, signature: &str| {
            let of = |name: &str| call["query"][name].as_str().unwrap().to_owned();
            let (time, nonce) = (of("timestamp"), of("nonce"));
            format!(
                "/channels/wechat?signature={signature}&timestamp={time}&nonce={nonce}&echostr=77a"
            )
        };
        let signed = calls[0]["query"]["signature"].as_str().unwrap();
        let good = county.get(&get(&calls[0], signed), "").await;
        assert_eq!((good.status.as_u16(), good.body.as_str()), (200, "77a"));
        assert!(good.header("content-type").starts_with("text/plain"));
        let old = calls[1]["query"]["signature"].as_str().unwrap();
        let other = signed.replace(['0', '1'], "2");
        for path in [
            get(&calls[0], &other),
            get(&calls[0], ""),
            get(&calls[1], old),
            get(&calls[0], signed).replace("486452656", "486452657"),
            "/channels/wechat".to_owned(),
        ] {
            let refused = county.get(&path, "").await;
            assert_eq!(refused.status.as_u16(), 404, "{path}");
            assert!(!refused.body.contains("77a<"), "{path}");
        }
    });
}

#[test]
fn messages_and_clicks_are_answered_with_the_page_in_both_modes() {
    block_on(async {
        for (setting, key) in [(PLAIN, None), (SAFE, Some(KEY))] {
            let county = reached(setting).await;
            let numbered = message("<MsgId>1234567890123456</MsgId>");
            let asked = [&numbered, &numbered, &click(7), &click(7), &click(8)];
            let calls = platform(&asked.map(|xml| self::asked(xml, 0, key, APP)));
            let mut answers = Vec::new();
            for call in &calls {
                answers.push(send(&county, call, None).await);
            }
            for at in [0, 2, 4] {
                is_the_answer(&read(&answers[at], key));
            }
            for at in [1, 3] {
                assert_eq!(answers[at].body, "success", "the platform tries again");
            }
            // The very bytes of a call, caught and sent again.
            assert_eq!(send(&county, &calls[0], None).await.body, "success");
            county.pass_minutes(6);
            assert_eq!(send(&county, &calls[0], None).await.status.as_u16(), 404, "too old");
        }
    });
}

#[test]
fn what_the_platform_did_not_send_is_refused() {
    block_on(async {
        let county = reached(SAFE).await;
        let xml = message("<MsgId>1</MsgId>");
        let other = KEY.replace('a', "b");
        let calls = platform(&[
            asked(&xml, 0, Some(KEY), APP),
            asked(&xml, 0, Some(KEY), "wxanother"),
            asked(&xml, 0, Some(&other), APP),
            asked(&xml, 0, None, ""),
            asked(&xml, -301, Some(KEY), APP),
            asked(&xml, 301, Some(KEY), APP),
            asked("no message", 0, Some(KEY), APP),
        ]);
        let wrong = "0".repeat(40);
        for change in [("signature", &wrong), ("msg_signature", &wrong), ("nonce", &wrong)] {
            let change = Some((change.0, change.1.as_str()));
            assert_eq!(send(&county, &calls[0], change).await.status.as_u16(), 404, "{change:?}");
        }
        let raw = send(&county, &calls[0], Some(("encrypt_type", "raw"))).await;
        assert_eq!(raw.status.as_u16(), 404, "not without its key");
        let mut changed = calls[0].clone();
        let body = changed["body"].as_str().unwrap();
        let at = body.find("<Encrypt>").unwrap() + 30;
        let letter = if &body[at..=at] == "A" { "B" } else { "A" };
        changed["body"] = format!("{}{letter}{}", &body[..at], &body[at + 1..]).into();
        assert_eq!(send(&county, &changed, None).await.status.as_u16(), 404, "one letter");
        for (at, call) in calls.iter().enumerate().skip(1) {
            assert_eq!(send(&county, call, None).await.status.as_u16(), 404, "call {at}");
        }
        let mut large = calls[0].clone();
        large["body"] = "x".repeat(64 * 1024 + 1).into();
        assert_eq!(send(&county, &large, None).await.status.as_u16(), 413);
        // None of these was taken for the message.
        is_the_answer(&read(&send(&county, &calls[0], None).await, Some(KEY)));
    });
}

#[test]
fn nothing_of_a_chat_is_kept_or_logged() {
    for (setting, key) in [(PLAIN, None), (SAFE, Some(KEY))] {
        let mut files = Vec::new();
        let log = logged(async {
            let county = reached(setting).await;
            let xml = [message("<MsgId>1</MsgId>"), click(9), "no message".to_owned()];
            let calls = platform(&xml.map(|xml| asked(&xml, 0, key, APP)));
            for call in &calls {
                send(&county, call, None).await;
                send(&county, call, Some(("signature", "wrong"))).await;
            }
            is_the_answer(&read(
                &send(&county, &platform(&[asked(&click(10), 0, key, APP)])[0], None).await,
                key,
            ));
            county.app.forget();
            std::fs::remove_file(county.folder.path().join("keys/wechat.toml")).unwrap();
            files = bytes_below(county.folder.path());
            files.extend(county.app.metrics.text().into_bytes());
        });
        assert!(holds(&files, "试验县") && log.contains("/channels/wechat"), "the search finds");
        for secret in [OPENID, SAID, "我要举报", "gh_1", TOKEN, KEY, APP] {
            assert!(!holds(&files, secret), "{secret} in a file");
            assert!(!log.contains(secret), "{secret} in the log");
        }
    }
}

#[test]
fn the_callback_is_there_only_where_it_is_set_up() {
    block_on(async {
        let county = County::new(None).await;
        assert!(county.routes().iter().all(|route| !route.path.starts_with("/channels")));
        let call = platform(&[asked(&click(1), 0, None, "")]).remove(0);
        assert_eq!(send(&county, &call, None).await.status.as_u16(), 404);
    });
}

#[test]
fn a_wrong_setting_is_said_at_the_start() {
    for (setting, mode, code) in [
        (SAFE, 0o644, "keys-not-private"),
        ("token = ''\napp_id = 'wx1'\n", 0o600, "wechat-setting"),
        ("token = 'long enough'\napp_id = ''\n", 0o600, "wechat-setting"),
        ("token = 'long enough'\n", 0o600, "wechat-setting"),
        ("token = 'long enough'\napp_id = 'wx1'\naes_key = 'short'\n", 0o600, "wechat-setting"),
        ("token = 'long enough'\napp_id = 'wx1'\nsecret = ''\n", 0o600, "wechat-setting"),
    ] {
        let folder = folder(setting);
        let keys = folder.path().join("keys");
        std::fs::set_permissions(keys.join("wechat.toml"), PermissionsExt::from_mode(mode))
            .unwrap();
        let refused = web::Wechat::read(&keys).err().expect(setting);
        assert!(format!("{refused:?}").contains(code), "{refused:?}");
        assert!(!format!("{refused:?}").contains("long enough"), "{refused:?}");
    }
    let empty = tempfile::tempdir().unwrap();
    assert!(web::Wechat::read(empty.path()).unwrap().is_none());
}
