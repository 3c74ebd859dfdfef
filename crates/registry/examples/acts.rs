//! How many acts a second the register takes: each with its rows, its entry and its place in the
//! log, on disk before it is confirmed.
//!
//! usage: acts FOLDER [ACTS] [ACTS_IN_A_COMMIT]
#![allow(
    clippy::print_stdout,
    clippy::disallowed_methods,
    reason = "a benchmark prints, and reads the clock"
)]

use std::error::Error;
use std::path::Path;
use std::time::Instant;

use domain::time::Day;
use journal::note::SigningKey;
use registry::actions::people::{self, NewPerson};
use registry::log::Log;
use registry::{By, Entry, Now, Registry};

fn main() -> Result<(), Box<dyn Error>> {
    let args: Vec<String> = std::env::args().collect();
    let [_, folder, numbers @ ..] = args.as_slice() else {
        return Err("usage: acts FOLDER [ACTS] [ACTS_IN_A_COMMIT]".into());
    };
    let number = |at: usize, or: usize| numbers.get(at).map_or(Ok(or), |n| n.parse());
    let (acts, together) = (number(0, 20_000)?, number(1, 50)?);
    let dir = Path::new(folder);
    std::fs::create_dir_all(dir)?;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(run(dir, acts, together))
}

async fn run(dir: &Path, acts: usize, together: usize) -> Result<(), Box<dyn Error>> {
    let registry = Registry::open(&dir.join("register.db").display().to_string()).await?;
    let now = Now { ms: 1_770_000_000_000, day: Day(20_486) };
    let start = Instant::now();
    for _ in 0..acts / together {
        let mut tx = registry.begin(By::system(), now, "bench").await?;
        for _ in 0..together {
            let new = NewPerson { name: "某".to_owned(), ..NewPerson::default() };
            let (_, entry) = people::add(&mut tx, &new).await?;
            tx.record(entry).await?;
        }
        tx.commit(Entry::new("batch", "bench", serde_json::json!({}))).await?;
    }
    let seconds = start.elapsed().as_secs_f64();
    println!("{:.0} acts/s, {together} in a commit, fsync on", acts as f64 / seconds);
    let secret = SigningKey::from_seed("log.bench", &[1; 32])?.to_secret_text();
    let log = Log::at(dir, registry::tx::INTERNAL);
    log.begin("log.bench/internal", &secret)?;
    let start = Instant::now();
    let kept = log.keep(&registry.db, &secret, now).await?;
    println!("{} leaves signed in {:.2} s", kept.size, start.elapsed().as_secs_f64());
    let start = Instant::now();
    let (_, found) = log.audit(&mut |_, _| {})?;
    println!("{} leaves verified in {:.2} s", found.entries, start.elapsed().as_secs_f64());
    let start = Instant::now();
    let differences = registry::audit(&registry.db, &[]).await?;
    println!(
        "rows audited in {:.2} s, {} differences",
        start.elapsed().as_secs_f64(),
        differences.len()
    );
    Ok(())
}
