//! How quickly people get to see their own payments: look-ups come at a fixed rate, whether those
//! before are done or not, and each proves who asks, writes the look down and reads everything.
//!
//! usage: own FOLDER PAYMENTS.csv [A_SECOND] [SECONDS] [THREADS]
//!
//! The file is one of those imported, with columns `id`, `name` and `account`.
#![allow(
    clippy::print_stdout,
    clippy::disallowed_methods,
    reason = "a benchmark prints, reads the clock and waits"
)]

use std::error::Error;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use facts::Folder;
use facts::own::OwnReader;

/// Every so many rows of the file give a person.
const STEP: usize = 97;
/// One of so many states a wrong card.
const WRONG: usize = 10;

struct Asker {
    id_number: String,
    name: String,
    last_four: String,
}

fn main() -> Result<(), Box<dyn Error>> {
    let args: Vec<String> = std::env::args().collect();
    let [_, folder, payments, numbers @ ..] = args.as_slice() else {
        return Err("usage: own FOLDER PAYMENTS.csv [A_SECOND] [SECONDS] [THREADS]".into());
    };
    let number = |at: usize, or: usize| numbers.get(at).map_or(Ok(or), |n| n.parse());
    let (rate, seconds, threads) = (number(0, 200)?, number(1, 30)?, number(2, 16)?);
    let askers = askers(payments)?;
    let folder = Folder::open(Path::new(folder), None)?;
    let start = Instant::now();
    let reader = OwnReader::open(&folder)?;
    println!("opened in {}", millis(start.elapsed()));
    let next = AtomicUsize::new(0);
    let start = Instant::now();
    let parts: Vec<Vec<Duration>> = std::thread::scope(|scope| {
        let work = || ask(&reader, &askers, &next, start, rate, rate * seconds);
        let running: Vec<_> = (0..threads).map(|_| scope.spawn(work)).collect();
        running.into_iter().map(|thread| thread.join().unwrap_or_default()).collect()
    });
    let took = start.elapsed();
    let mut all: Vec<Duration> = parts.concat();
    all.sort_unstable();
    let at = |share: usize| all.get(all.len() * share / 1000).copied().unwrap_or_default();
    println!("look-ups {} of {}, wanted {rate}/s", all.len(), rate * seconds);
    println!("throughput {}/s", all.len() as u128 * 1000 / took.as_millis().max(1));
    for (name, share) in [("p50", 500), ("p90", 900), ("p99", 990), ("p99.9", 999)] {
        println!("{name} {}", millis(at(share)));
    }
    println!("max {}", millis(all.last().copied().unwrap_or_default()));
    println!(
        "{}",
        std::fs::read_to_string("/proc/self/status")?
            .lines()
            .filter(|l| l.starts_with("VmHWM"))
            .collect::<String>()
    );
    Ok(())
}

fn askers(path: &str) -> Result<Vec<Asker>, Box<dyn Error>> {
    let mut reader = csv::Reader::from_path(path)?;
    let header = reader.headers()?.clone();
    let column = |name: &str| header.iter().position(|h| h == name).ok_or("a column is missing");
    let (id_number, name, account) = (column("id")?, column("name")?, column("account")?);
    let mut askers = Vec::new();
    for row in reader.records().step_by(STEP) {
        let row = row?;
        let cell = |at: usize| row.get(at).unwrap_or_default().to_owned();
        let account = cell(account);
        let last_four = account.get(account.len().saturating_sub(4)..).unwrap_or_default();
        let last_four = last_four.to_owned();
        askers.push(Asker { id_number: cell(id_number), name: cell(name), last_four });
    }
    Ok(askers)
}

/// Look-ups of one thread: how long after its time each was done. Ends early when one goes wrong.
fn ask(
    reader: &OwnReader,
    askers: &[Asker],
    next: &AtomicUsize,
    start: Instant,
    rate: usize,
    count: usize,
) -> Vec<Duration> {
    let mut took = Vec::new();
    loop {
        let at = next.fetch_add(1, Ordering::Relaxed);
        if at >= count {
            return took;
        }
        let due = start + Duration::from_micros((at * 1_000_000 / rate) as u64);
        std::thread::sleep(due.saturating_duration_since(Instant::now()));
        // A stride that meets everybody, far apart.
        let Some(asker) = askers.get(at * 7919 % askers.len()) else { return took };
        let right = !at.is_multiple_of(WRONG);
        match look(reader, asker, right) {
            Ok(shown) if shown == right => took.push(due.elapsed()),
            other => {
                println!("look-up {at} went wrong: {other:?}");
                return took;
            }
        }
    }
}

fn look(reader: &OwnReader, asker: &Asker, right: bool) -> Result<bool, Box<dyn Error>> {
    let last_four = if right { asker.last_four.as_str() } else { "none" };
    let Some(person) = reader.identify(&asker.id_number, &asker.name, last_four)? else {
        return Ok(false);
    };
    reader.log_own_look(person, 0)?;
    let payments = reader.payments(person)?;
    reader.facts(person)?;
    let looks = reader.looks(person)?;
    Ok(!payments.is_empty() && !looks.is_empty())
}

fn millis(time: Duration) -> String {
    format!("{}.{:02} ms", time.as_millis(), time.as_micros() % 1000 / 10)
}
