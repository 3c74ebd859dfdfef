//! Villagers who look up their own payments, at a fixed rate whether those before are done or not.
//!
//! Each has opened the form beforehand, and his browser has done the work that the page demands: that
//! happens while he types. What counts is the time from the moment when he was to press the button until
//! he is recognised, and until he sees his payments. Each look-up has a connection of its own.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use sha2::{Digest, Sha256};

use crate::http::Client;
use crate::pages::encoded;
use crate::{Failed, share};

/// Look-ups under way at one time.
const HANDS: usize = 64;
/// One of so many states wrong digits.
const WRONG: usize = 10;

/// What somebody states, and the form that he has opened.
struct Asker {
    id_number: String,
    name: String,
    last_four: String,
    cookie: String,
    token: String,
    challenge: String,
    nonce: u64,
}

/// Of a hundred at most so many may be unknown: the files of agencies hold slips of the pen.
const SLIPS: usize = 2;

/// How long it took.
#[derive(Clone, Copy)]
struct Took {
    /// Until the answer.
    recognised: Duration,
    /// Until the payments; none for wrong digits.
    shown: Option<Duration>,
    /// The digits were right.
    right: bool,
}

/// Looks up so many a second.
pub fn run(address: &str, file: &str, rate: usize, seconds: usize) -> Result<(), Failed> {
    let text = std::fs::read_to_string(file)?;
    let lines: Vec<&str> = text.lines().take(rate * seconds).collect();
    if lines.len() < rate * seconds {
        return Err(format!("{} people are not enough: nobody asks twice", lines.len()).into());
    }
    let began = Instant::now();
    let askers: Vec<Asker> =
        shared(lines.len(), 4, |at| opened(address, lines.get(at).ok_or("no line")?))?;
    println!("{} forms opened and their work done in {:?}", askers.len(), began.elapsed());
    let start = Instant::now();
    let took: Vec<Took> = shared(askers.len(), HANDS, |at| {
        let due = start + Duration::from_micros((at * 1_000_000 / rate) as u64);
        std::thread::sleep(due.saturating_duration_since(Instant::now()));
        look_up(address, askers.get(at).ok_or("no asker")?, !at.is_multiple_of(WRONG), due)
    })?;
    let done = took.len() as u128 * 1000 / start.elapsed().as_millis().max(1);
    let unknown = took.iter().filter(|one| one.right && one.shown.is_none()).count();
    println!("{unknown} of them were not recognised, though what they said stands in a file");
    if unknown * 100 > took.len() * SLIPS {
        return Err("too many are not recognised: the figures would say nothing".into());
    }
    println!(
        "{:24}{:>10}{:>12}{:>12}{:>12}{:>12}",
        "", "a second", "median", "90th", "99th", "largest"
    );
    let row = |name: &str, mut times: Vec<Duration>, rate: u128| {
        times.sort_unstable();
        let [median, tenth, hundredth, largest] = [500, 900, 990, 1000].map(|of| share(&times, of));
        println!("{name:24}{rate:>10}{median:>12}{tenth:>12}{hundredth:>12}{largest:>12}");
    };
    row("recognised or not", took.iter().map(|one| one.recognised).collect(), done);
    let shown: Vec<Duration> = took.iter().filter_map(|one| one.shown).collect();
    row("payments are shown", shown, done * (WRONG as u128 - 1) / WRONG as u128);
    Ok(())
}

/// Opens the form and does its work.
fn opened(address: &str, line: &str) -> Result<Asker, Failed> {
    let mut cells = line.split(',').map(str::to_owned);
    let mut cell = || cells.next().ok_or("a line has three cells");
    let (id_number, name, last_four) = (cell()?, cell()?, cell()?);
    let answer = Client::new(address).get("/my", "connection: close\r\n")?;
    let cookie = answer.cookie().ok_or("the form sets no cookie")?.to_owned();
    let page = String::from_utf8_lossy(&answer.body).into_owned();
    let value = |mark: &str| -> Result<&str, Failed> {
        let rest = page.split_once(mark).ok_or_else(|| format!("the form has no {mark}"))?.1;
        Ok(rest.split('"').next().unwrap_or_default())
    };
    let (token, bits) = (value("name=\"token\" value=\"")?.to_owned(), value("data-work=\"")?);
    let challenge = value("name=\"challenge\" value=\"")?.to_owned();
    let nonce = work(&challenge, bits.parse()?).ok_or("no number does it")?;
    Ok(Asker { id_number, name, last_four, cookie, token, challenge, nonce })
}

/// The number that makes the digest begin with so many zero bits, as `work.ts` seeks it.
fn work(challenge: &str, bits: u32) -> Option<u64> {
    (0..u64::from(u32::MAX)).find(|nonce| {
        let digest = Sha256::digest(format!("{challenge} {nonce}"));
        let head = digest.iter().take(4).fold(0_u32, |sum, byte| (sum << 8) | u32::from(*byte));
        head.leading_zeros() >= bits
    })
}

fn look_up(address: &str, asker: &Asker, right: bool, due: Instant) -> Result<Took, Failed> {
    let last_four = if right { asker.last_four.as_str() } else { "0000" };
    let form = format!(
        "token={}&challenge={}&work={}&id_number={}&name={}&last_four={last_four}",
        asker.token,
        asker.challenge,
        asker.nonce,
        asker.id_number,
        encoded(&asker.name)
    );
    let mut client = Client::new(address);
    let answer = client.post("/my", &asker.cookie, &form)?;
    let recognised = due.elapsed();
    if answer.status == 200 {
        // The form again, with a sentence that says neither what was wrong nor whether he is known.
        return Ok(Took { recognised, shown: None, right });
    }
    let cookie = answer.cookie().filter(|_| answer.status == 303);
    let cookie = cookie.ok_or_else(|| format!("a look-up is answered {}", answer.status))?;
    let page = client.get("/my/benefits", &format!("cookie: {cookie}\r\nconnection: close\r\n"))?;
    let payments = page.body.windows(8).any(|part| part == b"<details");
    if page.status != 200 || !payments {
        return Err(format!("no payments: {}", page.status).into());
    }
    Ok(Took { recognised, shown: Some(due.elapsed()), right })
}

/// Does the work of so many hands at once. The first thing that goes wrong ends all.
fn shared<T: Send>(
    count: usize,
    hands: usize,
    work: impl Fn(usize) -> Result<T, Failed> + Sync,
) -> Result<Vec<T>, Failed> {
    let next = AtomicUsize::new(0);
    let parts: Vec<Result<Vec<(usize, T)>, Failed>> = std::thread::scope(|scope| {
        let hand = || {
            let mut done = Vec::new();
            loop {
                let at = next.fetch_add(1, Ordering::Relaxed);
                if at >= count {
                    return Ok(done);
                }
                match work(at) {
                    Ok(one) => done.push((at, one)),
                    Err(failed) => {
                        next.store(count, Ordering::Relaxed);
                        return Err(failed);
                    }
                }
            }
        };
        let running: Vec<_> = (0..hands).map(|_| scope.spawn(hand)).collect();
        let broken = || Err("a hand broke off".into());
        running.into_iter().map(|one| one.join().unwrap_or_else(|_| broken())).collect()
    });
    let mut all: Vec<(usize, T)> = Vec::with_capacity(count);
    for part in parts {
        all.extend(part?);
    }
    all.sort_by_key(|(at, _)| *at);
    Ok(all.into_iter().map(|(_, one)| one).collect())
}
