//! How quick the questions of the workbench are in a register with a county-year of findings.
//!
//! usage: workbench FOLDER [FINDINGS]
//!
//! Makes 17 townships with 297 villages, 26 models and 30,000 findings, some of them checked, when the folder
//! is empty, and asks each question some times.
#![allow(
    clippy::print_stdout,
    clippy::disallowed_methods,
    reason = "a benchmark prints, and reads the clock"
)]

use std::collections::BTreeMap;
use std::error::Error;
use std::path::Path;
use std::time::{Duration, Instant};

use domain::finding::{Evidence, Finding, Period};
use domain::model::{Basis, Bilingual, Grain, Level, Violation};
use domain::money::Fen;
use domain::supervision::rules::Version;
use domain::time::Day;
use registry::actions::places::{self, NewPlace};
use registry::actions::supervision::findings::{Found, take_in_all};
use registry::actions::supervision::models::NewModel;
use registry::queries::supervision::findings::Filter;
use registry::queries::supervision::funnel::{Cut, funnel};
use registry::queries::supervision::{Reader, clues, findings, months, overdue, pages, rates};
use registry::{By, Entry, Now, Registry};
use serde_json::json;

const COUNTY: &str = "990001";
const MODELS: usize = 26;
const TOWNS: usize = 17;
const VILLAGES: usize = 297;
const TIMES: usize = 7;

fn main() -> Result<(), Box<dyn Error>> {
    let args: Vec<String> = std::env::args().collect();
    let [_, folder, more @ ..] = args.as_slice() else {
        return Err("usage: workbench FOLDER [FINDINGS]".into());
    };
    let count = more.first().map_or(Ok(30_000), |number| number.parse())?;
    let dir = Path::new(folder);
    std::fs::create_dir_all(dir)?;
    let path = dir.join("register.db");
    let made = path.exists();
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(async {
        let registry = Registry::open(&path.display().to_string()).await?;
        if !made {
            fill(&registry, count).await?;
        }
        ask(&registry).await
    })
}

fn now() -> Now {
    Now { ms: 1_770_000_000_000, day: Day(20_486) }
}

fn both(text: String) -> Bilingual {
    Bilingual { en: text.clone(), zh: text }
}

async fn fill(registry: &Registry, count: usize) -> Result<(), Box<dyn Error>> {
    let start = Instant::now();
    let mut tx = registry.begin(By::system(), now(), "bench").await?;
    let place = |code: String, parent: Option<String>, level: &str, name: String| NewPlace {
        code,
        parent,
        level: level.to_owned(),
        name,
        area: None,
    };
    let mut all = vec![place(COUNTY.to_owned(), None, "county", "明水县".to_owned())];
    for town in 0..TOWNS {
        let code = format!("{COUNTY}{:03}", 101 + town);
        all.push(place(code, Some(COUNTY.to_owned()), "township", format!("镇{town}")));
    }
    for village in 0..VILLAGES {
        let town = format!("{COUNTY}{:03}", 101 + village % TOWNS);
        let code = village_code(village);
        all.push(place(code, Some(town), "village", format!("村{village}")));
    }
    for new in &all {
        let entry = places::add(&mut tx, new).await?;
        tx.record(entry).await?;
    }
    tx.commit(Entry::new("bench", COUNTY, json!({}))).await?;
    let models: Vec<NewModel> = (0..MODELS)
        .map(|at| NewModel {
            id: format!("model-{at:02}"),
            version: 1,
            violation: "false_claim".to_owned(),
            severity: "high".to_owned(),
            title: both(format!("model {at}")),
            questions: vec![both("who".to_owned())],
        })
        .collect();
    let found: Vec<Finding> = (0..count).map(finding).collect();
    let named = found.iter().enumerate().filter(|(at, _)| at % 5 > 0);
    let programmes: BTreeMap<String, (String, i64)> = named
        .map(|(at, f)| (f.key.clone(), (format!("S{:02}", at % 23 + 1), f.period.0.into())))
        .collect();
    let found = Found { run: 1, models: &models, findings: &found, programmes: &programmes };
    take_in_all(registry, (&By::system(), now()), &found, async |_| Ok(())).await?;
    println!("{count} findings taken in, in {} ms", start.elapsed().as_millis());
    Ok(())
}

fn village_code(village: usize) -> String {
    format!("{COUNTY}{:03}{:03}", 101 + village % TOWNS, 201 + village / TOWNS)
}

fn finding(at: usize) -> Finding {
    let person = 0x1000_0000_0000_0000 + at as u64 / 2;
    let month = i32::try_from(at % 24).unwrap_or(0);
    Finding {
        key: format!("bench{at:011}"),
        model: format!("model-{:02}", at % MODELS),
        version: 1,
        violation: Violation::FalseClaim,
        severity: Level::High,
        grain: Grain::Person,
        subject: format!("{person:016x}"),
        people: vec![person],
        village: village_code(at * 7 % VILLAGES),
        period: Period((2024 + month / 12) * 100 + month % 12 + 1),
        amount: Some(Fen(12_000 + at as i64)),
        reason: both("paid on".to_owned()),
        evidence: (0..12).map(|row| Evidence { batch: 1, row: row + at as u32 }).collect(),
        evidence_rows: 12,
        score: u8::try_from(30 + at % 60).unwrap_or(0),
    }
}

fn version() -> Version {
    Version {
        from: "2020-01-01".to_owned(),
        until: None,
        check_rule: String::new(),
        dual_rule: String::new(),
        alarm_days: 3,
        exclusion_months: 12,
        look_days: 7,
        retire_checks: 30,
        retire_below_bp: 500,
        prior_confirmed: 1,
        prior_checked: 10,
        publish_months: 12,
        basis: Vec::<Basis>::new(),
    }
}

async fn ask(registry: &Registry) -> Result<(), Box<dyn Error>> {
    let (db, by, version) = (&registry.db, By::system(), version());
    let reader = Reader::new(db, &by, &[], now().day).await?;
    let town = format!("{COUNTY}/{COUNTY}101");
    let narrow = Cut { programme: "S02".to_owned(), year: 2024, ..Cut::of(COUNTY) };
    let today = now().day.to_string();
    let one = Filter { model: "model-03".to_owned(), ..Filter::default() };
    timed("funnel of the county", async || funnel(db, &Cut::of(COUNTY)).await).await?;
    timed("funnel of a township", async || funnel(db, &Cut::of(&town)).await).await?;
    timed("funnel of a programme and year", async || funnel(db, &narrow).await).await?;
    timed("heat map", async || months::months(db, &Cut::of(COUNTY)).await).await?;
    timed("years and programmes", async || {
        months::years(db, COUNTY).await?;
        months::programmes(db, COUNTY).await
    })
    .await?;
    timed("first page of the list", async || {
        pages::page(db, &reader, COUNTY, &Filter::default(), (&version, 0)).await
    })
    .await?;
    timed("page 400 of the list", async || {
        pages::page(db, &reader, COUNTY, &Filter::default(), (&version, 400)).await
    })
    .await?;
    timed("one model's list", async || pages::page(db, &reader, COUNTY, &one, (&version, 3)).await)
        .await?;
    timed("one finding", async || findings::one(db, &reader, "F2026-000100").await).await?;
    timed("rates of models", async || rates::all(db).await).await?;
    timed("overdue checks", async || overdue::checks(db, &reader, COUNTY, &today).await).await?;
    timed("ledger of clues", async || clues::list(db, &reader, COUNTY, "").await).await?;
    timed("a reader with his conflicts", async || Reader::new(db, &by, &[], now().day).await)
        .await?;
    Ok(())
}

async fn timed<T, E: Error + 'static>(
    name: &str,
    ask: impl AsyncFn() -> Result<T, E>,
) -> Result<(), Box<dyn Error>> {
    let mut times: Vec<Duration> = Vec::new();
    for _ in 0..TIMES {
        let start = Instant::now();
        let _answer = ask().await?;
        times.push(start.elapsed());
    }
    times.sort_unstable();
    let ms = |at: usize| times.get(at).map_or(0, |time| time.as_micros()) / 100;
    let (median, most) = (ms(TIMES / 2), ms(TIMES - 1));
    println!(
        "{name:34}{:>6}.{} ms  at most {}.{} ms",
        median / 10,
        median % 10,
        most / 10,
        most % 10
    );
    Ok(())
}
