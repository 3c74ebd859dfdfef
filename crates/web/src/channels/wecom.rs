//! Group bots of WeCom (企业微信群机器人): a message without content tells the people of an office that
//! something waits. How much, and how much of it is late; never what, about whom, or which number.
//!
//! The address of a bot holds its key: it lies among the keys, and stands in no error and no log. Deliberately
//! absent: TLS. A forwarder on the same machine adds it, so that this program needs none.

use std::collections::BTreeSet;
use std::path::Path;
use std::time::Duration;

use axum::body::{Body, to_bytes};
use axum::http::header::{CONNECTION, CONTENT_TYPE, HOST};
use axum::http::{Request, StatusCode, Uri};
use domain::problem::{Failure, Fault, Place, Problem};
use hyper::client::conn::http1::handshake;
use hyper_util::rt::TokioIo;
use locale::{Language, Text};
use registry::actions::outbox::{Channel, Notice, ON_DESK, Way};
use registry::log::read_secret;
use serde::Deserialize;
use serde_json::json;
use tokio::net::TcpStream;
use tokio::time::timeout;

/// File among the keys that switches bots on.
const FILE: &str = "wecom.toml";
/// Who is spoken to behind the forwarder.
const PLATFORM: &str = "qyapi.weixin.qq.com";
/// One bot takes twenty messages a minute: with this between two of them never more fall into one.
const PACE_MS: i64 = 3_100;
/// How long a bot may take to answer.
const PATIENCE: Duration = Duration::from_secs(10);
/// Longest answer that is read, in bytes.
const LONGEST: usize = 64 * 1024;
/// What the platform answers when it took a message, when it got too many, and when it knows no such bot.
const TAKEN: i64 = 0;
const TOO_MANY: i64 = 45009;
const NO_BOT: i64 = 93000;
/// How the codes of notices end that say something is late, whatever it is.
const OVERDUE: &str = "-overdue";
/// Longest name of a bot.
const NAME: usize = 20;

/// What the operator writes down.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Setting {
    bot: Vec<Written>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    name: String,
    url: String,
    offices: BTreeSet<String>,
}

/// The bots of a county.
#[derive(Default)]
pub struct Bots(Vec<Bot>);

/// The bot of a group, in which the people of some offices are.
struct Bot {
    code: String,
    offices: BTreeSet<String>,
    host: String,
    port: u16,
    path: String,
}

impl Bots {
    /// The bots of a folder of keys; none where there is no such file.
    ///
    /// # Errors
    /// A problem when others can read the file, or it is no such setting.
    pub fn read(keys: &Path) -> Result<Self, Failure> {
        let path = keys.join(FILE);
        if !path.exists() {
            return Ok(Self::default());
        }
        let text = read_secret(&path)?;
        let wrong = || Problem::new("wecom-setting", Place::file(path.display().to_string()));
        let setting: Setting = toml::from_str(&text).map_err(|_| wrong())?;
        let bots: Option<Vec<Bot>> = setting.bot.into_iter().map(Bot::of).collect();
        let bots = bots.ok_or_else(wrong)?;
        let codes: BTreeSet<&str> = bots.iter().map(|bot| bot.code.as_str()).collect();
        if codes.len() < bots.len() {
            return Err(wrong().into());
        }
        Ok(Self(bots))
    }

    /// All channels that are on: the list that everybody sees at the desk, and the bots.
    #[must_use]
    pub fn ways(&self) -> Vec<Way> {
        let way =
            |bot: &Bot| Way { code: bot.code.clone().into(), offices: Some(bot.offices.clone()) };
        ON_DESK.iter().cloned().chain(self.0.iter().map(way)).collect()
    }

    /// What delivers for them.
    pub fn channels(&self) -> impl Iterator<Item = &dyn Channel> {
        self.0.iter().map(|bot| bot as &dyn Channel)
    }
}

impl Bot {
    fn of(written: Written) -> Option<Self> {
        let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        let named = (1..=NAME).contains(&written.name.len()) && written.name.chars().all(plain);
        let offices = !written.offices.is_empty()
            && written.offices.iter().all(|office| office.contains('@'));
        let uri: Uri = written.url.parse().ok().filter(|_| named && offices)?;
        // Without TLS the key must not leave the machine.
        let host = uri.host()?.trim_matches(['[', ']']).to_owned();
        let here = ["127.0.0.1", "::1", "localhost"].contains(&host.as_str());
        if uri.scheme_str() != Some("http") || !here {
            return None;
        }
        Some(Self {
            code: format!("wecom-{}", written.name),
            offices: written.offices,
            port: uri.port_u16().unwrap_or(80),
            path: uri.path_and_query()?.to_string(),
            host,
        })
    }

    /// Sends one message. What went wrong is told by a code that holds nothing of the address.
    async fn send(&self, message: String) -> Result<(), String> {
        let unreachable = || "unreachable".to_owned();
        let stream = TcpStream::connect((self.host.as_str(), self.port)).await;
        let stream = stream.map_err(|_| unreachable())?;
        let (mut sender, connection) =
            handshake(TokioIo::new(stream)).await.map_err(|_| unreachable())?;
        let request = Request::post(&self.path)
            .header(HOST, PLATFORM)
            .header(CONTENT_TYPE, "application/json")
            .header(CONNECTION, "close")
            .body(Body::from(message));
        let request = request.map_err(|_| unreachable())?;
        let driven = tokio::spawn(connection);
        let answer = sender.send_request(request).await.map_err(|_| "silent".to_owned())?;
        let status = answer.status();
        let body = to_bytes(Body::new(answer.into_body()), LONGEST).await;
        driven.abort();
        if status != StatusCode::OK {
            return Err("no-answer".to_owned());
        }
        let unreadable = || "unreadable".to_owned();
        let answer: Answer =
            serde_json::from_slice(&body.map_err(|_| unreadable())?).map_err(|_| unreadable())?;
        match answer.errcode {
            TAKEN => Ok(()),
            TOO_MANY => Err("too-many".to_owned()),
            NO_BOT => Err("no-bot".to_owned()),
            code => Err(format!("refused-{code}")),
        }
    }
}

/// What the platform says. Its words are not read: they may repeat the address.
#[derive(Deserialize)]
struct Answer {
    errcode: i64,
}

/// One message for all that waits.
fn message(notices: &[Notice]) -> String {
    let text = Text::load(Language::Chinese);
    let late = notices.iter().filter(|notice| notice.sentence.ends_with(OVERDUE)).count();
    let (all, late) = (notices.len().to_string(), late.to_string());
    let key = if late == "0" { "web-wecom-waits" } else { "web-wecom-late" };
    let content = text.with(key, &[("count", &all), ("late", &late)]);
    json!({ "msgtype": "text", "text": { "content": content } }).to_string()
}

impl Channel for Bot {
    fn code(&self) -> &str {
        &self.code
    }

    fn pace_ms(&self) -> i64 {
        PACE_MS
    }

    fn deliver(&self, notices: &[Notice]) -> Result<(), Fault> {
        let fault = |e: std::io::Error| Fault::new("deliver", e);
        let message = message(notices);
        // Whoever calls may wait in a runtime of his own.
        let sent = std::thread::scope(|scope| {
            let sending = scope.spawn(|| -> Result<(), Fault> {
                let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
                let sent = async { timeout(PATIENCE, self.send(message)).await };
                match runtime.map_err(fault)?.block_on(sent) {
                    Ok(sent) => sent.map_err(|code| Fault::new("deliver", code)),
                    Err(_) => Err(Fault::new("deliver", "silent")),
                }
            });
            sending.join()
        });
        sent.unwrap_or_else(|_| Err(Fault::new("deliver", "unreachable")))
    }
}

#[cfg(test)]
mod tests {
    use registry::actions::outbox::Notice;

    use super::message;

    #[test]
    fn what_is_late_is_counted_whatever_it_is() {
        let notice = |sentence: &str| Notice {
            channel: "wecom-town".to_owned(),
            recipient: "TDI@990001101".to_owned(),
            sentence: sentence.to_owned(),
        };
        let all = ["petition-came", "petition-overdue", "following-overdue"].map(notice);
        let said = message(&all);
        assert!(said.contains("3 件") && said.contains("2 件"), "{said}");
        let said = message(&all[..1]);
        assert!(said.contains("1 件") && !said.contains("超期"), "{said}");
    }
}
