//! Public pages, each kind in a row of its own, as fast as answers come.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::http::Client;
use crate::{Failed, share};

/// How many addresses of a kind are gone round at most.
const MOST: usize = 2_000;
/// What the county's search is asked for besides words of titles.
const WORDS: [&str; 6] = ["低保", "公路", "村务", "2026", "no such thing", "财务"];

/// A kind of page with the addresses that a row goes round.
struct Kind {
    name: &'static str,
    paths: Vec<String>,
}

/// Asks for every kind.
pub fn run(address: &str, seconds: usize, connections: usize) -> Result<(), Failed> {
    let kinds = kinds(&mut Client::new(address))?;
    let mixed = mixed(&kinds);
    println!(
        "{:12}{:>10}{:>12}{:>12}{:>12}{:>10}{:>11}",
        "page", "a second", "median", "99th", "largest", "kB", "addresses"
    );
    for kind in kinds.iter().chain([&mixed]) {
        row(address, kind, Duration::from_secs(seconds as u64), connections)?;
    }
    Ok(())
}

fn row(address: &str, kind: &Kind, lasts: Duration, connections: usize) -> Result<(), Failed> {
    let (next, start) = (AtomicUsize::new(0), Instant::now());
    let parts: Vec<Result<(Vec<Duration>, usize), Failed>> = std::thread::scope(|scope| {
        let work = || ask(address, kind, &next, start + lasts);
        let running: Vec<_> = (0..connections).map(|_| scope.spawn(work)).collect();
        let broken = || Err("a connection broke off".into());
        running.into_iter().map(|one| one.join().unwrap_or_else(|_| broken())).collect()
    });
    let took = start.elapsed();
    let (mut times, mut bytes) = (Vec::new(), 0);
    for part in parts {
        let (part, length) = part?;
        times.extend(part);
        bytes += length;
    }
    times.sort_unstable();
    let rate = times.len() as u128 * 1000 / took.as_millis().max(1);
    let kilobytes = bytes / times.len().max(1) / 100;
    println!(
        "{:12}{rate:>10}{:>12}{:>12}{:>12}{:>8}.{}{:>11}",
        kind.name,
        share(&times, 500),
        share(&times, 990),
        share(&times, 1000),
        kilobytes / 10,
        kilobytes % 10,
        kind.paths.len()
    );
    Ok(())
}

/// Asks on one connection until the time is over.
fn ask(
    address: &str,
    kind: &Kind,
    next: &AtomicUsize,
    until: Instant,
) -> Result<(Vec<Duration>, usize), Failed> {
    let (mut client, mut times, mut bytes) = (Client::new(address), Vec::new(), 0);
    loop {
        let began = Instant::now();
        if began >= until {
            return Ok((times, bytes));
        }
        let at = next.fetch_add(1, Ordering::Relaxed) % kind.paths.len().max(1);
        let path = kind.paths.get(at).ok_or("there is no such page")?;
        let answer = client.get(path, "accept-encoding: gzip\r\n")?;
        if answer.status != 200 {
            return Err(format!("{path} answers {}", answer.status).into());
        }
        times.push(began.elapsed());
        bytes += answer.bytes;
    }
}

/// Every kind of page, with addresses from the open data of the site itself.
fn kinds(client: &mut Client) -> Result<Vec<Kind>, Failed> {
    let places = list(client, "places")?;
    let (matters, notices) = (list(client, "matters")?, list(client, "notices")?);
    let of = |level: &str| -> Vec<&str> {
        let places = places.iter().filter(|place| text(place, "level") == level);
        places.map(|place| text(place, "id")).collect()
    };
    let (towns, villages) = (of("township"), of("village"));
    let each = |rows: &[Value], before: &str, key: &str| -> Vec<String> {
        let mut paths: Vec<String> =
            rows.iter().map(|row| format!("{before}{}", text(row, key))).collect();
        paths.dedup();
        let step = (paths.len() / MOST).max(1);
        paths.into_iter().step_by(step).take(MOST).collect()
    };
    let paths = |before: &str, codes: &[&str], after: &str| -> Vec<String> {
        codes.iter().map(|code| format!("{before}{code}{after}")).collect()
    };
    let mut powers = each(&matters, "/powers/", "power");
    powers.sort_unstable();
    powers.dedup();
    let mut scoreboard = paths("/scoreboard?township=", &towns, "");
    scoreboard.push("/scoreboard".to_owned());
    Ok(vec![
        Kind { name: "home", paths: vec!["/".to_owned()] },
        Kind { name: "township", paths: paths("/townships/", &towns, "") },
        Kind { name: "village", paths: paths("/villages/", &villages, "") },
        Kind { name: "power item", paths: powers },
        Kind { name: "matter", paths: each(&matters, "/matters/", "number") },
        Kind { name: "notice", paths: each(&notices, "/notices/", "number") },
        Kind { name: "scoreboard", paths: scoreboard },
        Kind { name: "search", paths: searches(&notices, &villages) },
        Kind { name: "feed", paths: paths("/villages/", &villages, "/feed") },
    ])
}

/// Searches for words of titles, in the county and in one village.
fn searches(notices: &[Value], villages: &[&str]) -> Vec<String> {
    let step = (notices.len() / 500).max(1);
    let words = notices.iter().step_by(step).map(|notice| {
        let title: Vec<char> = text(notice, "title").chars().collect();
        title.get(title.len() / 2..(title.len() / 2 + 2).min(title.len())).map(String::from_iter)
    });
    let words = words.flatten().chain(WORDS.map(str::to_owned));
    let search = |(at, word): (usize, String)| {
        let word = encoded(&word);
        match villages.get(at % villages.len().max(1)).filter(|_| at % 4 == 0) {
            Some(village) => format!("/search?q={word}&village={village}"),
            None => format!("/search?q={word}"),
        }
    };
    words.enumerate().map(search).collect()
}

/// What a day of a county may look like: mostly villages and notices.
fn mixed(kinds: &[Kind]) -> Kind {
    let shares = [10, 5, 30, 5, 10, 30, 4, 4, 2];
    let mut paths = Vec::new();
    for round in 0..20 {
        for (kind, share) in kinds.iter().zip(shares) {
            let from = round * share;
            paths.extend(
                (from..from + share)
                    .filter_map(|at| kind.paths.get(at % kind.paths.len().max(1)).cloned()),
            );
        }
    }
    // A stride that is prime to the length mixes them.
    let length = paths.len();
    let paths = (0..length).filter_map(|at| paths.get(at * 1_009 % length).cloned()).collect();
    Kind { name: "mixed", paths }
}

/// A list of the open data, all its parts.
fn list(client: &mut Client, name: &str) -> Result<Vec<Value>, Failed> {
    let (mut rows, mut query) = (Vec::new(), String::new());
    loop {
        let answer = client.get(&format!("/api/v1/{name}.json?{query}"), "")?;
        let part: Value = serde_json::from_slice(&answer.body)?;
        rows.extend(part.get("rows").and_then(Value::as_array).into_iter().flatten().cloned());
        match part.get("next").and_then(Value::as_str) {
            Some(next) if rows.len() < 100_000 => query = next.to_owned(),
            _ => return Ok(rows),
        }
    }
}

fn text<'a>(row: &'a Value, key: &str) -> &'a str {
    row.get(key).and_then(Value::as_str).unwrap_or_default()
}

/// A text as a value in a query or form.
pub fn encoded(text: &str) -> String {
    text.bytes().map(|byte| format!("%{byte:02X}")).collect()
}
