//! Several worker processes on one PostgreSQL: every job is done once, and one that a killed worker
//! held is done by another.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};

use registry::{Entry, Now, Registry, audit};
use serde_json::json;

use crate::postgres::Postgres;
use crate::suite::village;
use crate::support::{at, block_on, by};

const ADDRESS: &str = "MINGBAI_TEST_WORKER";
const NAME: &str = "MINGBAI_TEST_WORKER_NAME";
const JOBS: usize = 200;

/// A worker: says which job it has claimed, and ends it; the one named `stuck` never does.
#[test]
fn worker() {
    let (Ok(address), Ok(name)) = (std::env::var(ADDRESS), std::env::var(NAME)) else { return };
    block_on(async {
        let registry = Registry::open(&address).await.unwrap();
        let now = at("2026-02-02");
        while let Some(job) = registry.claim(&name, now).await.unwrap() {
            println!("job {}", job.id);
            if name == "stuck" {
                std::thread::sleep(std::time::Duration::from_secs(600));
            }
            registry.finish(&job, Ok(()), now).await.unwrap();
        }
    });
}

fn start(address: &str, name: &str) -> Child {
    let mut program = Command::new(std::env::current_exe().unwrap());
    program.args(["--exact", "workers::worker", "--nocapture"]).env(ADDRESS, address);
    program.env(NAME, name).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap()
}

/// The jobs that a worker said it had claimed, until it ended.
fn jobs(worker: &mut Child) -> Vec<String> {
    let lines = BufReader::new(worker.stdout.take().unwrap()).lines().map_while(Result::ok);
    lines.filter_map(|line| Some(line.strip_prefix("job ")?.to_owned())).collect()
}

async fn enqueue(registry: &Registry, count: usize, now: Now) {
    let mut tx = registry.begin(by("SYS"), now, "").await.unwrap();
    for _ in 0..count {
        tx.enqueue("SendNotice", "{}", now.ms, None).await.unwrap();
    }
    tx.commit(Entry::new("jobs-queued", "jobs", json!({}))).await.unwrap();
}

#[test]
fn two_processes_do_every_job_once() {
    let server = Postgres::start();
    let address = server.database("workers");
    block_on(async {
        let registry = Registry::open(&address).await.unwrap();
        let now = at("2026-02-02");
        // Whoever is killed with a job in his hands gives it back after a while.
        enqueue(&registry, 1, now).await;
        let mut stuck = start(&address, "stuck");
        let mut line = String::new();
        let mut said = BufReader::new(stuck.stdout.take().unwrap());
        while !line.starts_with("job ") {
            line.clear();
            assert!(said.read_line(&mut line).unwrap() > 0, "it claims the job");
        }
        stuck.kill().unwrap();
        stuck.wait().unwrap();
        assert_eq!(registry.claim("other", now).await.unwrap(), None, "still its own");
        let later = Now { ms: now.ms + 3_600_000, ..now };
        let given_back = registry.claim("other", later).await.unwrap().unwrap();
        assert_eq!((line.trim(), given_back.attempt), (&*format!("job {}", given_back.id), 2));
        registry.finish(&given_back, Ok(()), later).await.unwrap();
        // Two at once: each job is claimed by one of them, and both had some.
        enqueue(&registry, JOBS, now).await;
        let mut workers = ["a", "b"].map(|name| (name, start(&address, name)));
        let mut done: BTreeMap<&str, Vec<String>> = BTreeMap::new();
        for (name, worker) in &mut workers {
            done.insert(name, jobs(worker));
            assert!(worker.wait().unwrap().success());
        }
        let all: Vec<&String> = done.values().flatten().collect();
        let once: BTreeSet<&&String> = all.iter().collect();
        assert_eq!((all.len(), once.len()), (JOBS, JOBS), "every job, and each once");
        assert!(done.values().all(|jobs| !jobs.is_empty()), "both worked: {done:?}");
    });
}

/// Two processes that raise at the same moment raise one level, and leave a clean audit.
#[test]
fn what_is_overdue_is_raised_once_a_day() {
    let (dir, server) = (tempfile::tempdir().unwrap(), Postgres::start());
    let sqlite = dir.path().join("register.db").display().to_string();
    for address in [sqlite, server.database("overdue")] {
        block_on(async {
            let village = village(&address).await;
            let number = village.open(&village.villager, "2026-02-02").await;
            let document = domain::procedure::Event::Document {
                code: "application".to_owned(),
                day: at("2026-02-02").day,
            };
            village.record(&number, &document).await.unwrap();
            let apply = crate::suite::step("apply", &village.head, "VCH", "2026-02-02");
            village.record(&number, &apply).await.unwrap();
            let other = Registry::open(&address).await.unwrap();
            let levels = async || {
                let db = &village.registry.db;
                let dues = registry::queries::office::dues(db, &by("SYS"), "990001").await;
                dues.unwrap().into_iter().map(|due| due.level).collect::<Vec<_>>()
            };
            assert_eq!(levels().await, ["village"]);
            for (day, level) in
                [("2026-06-01", "township"), ("2026-06-02", "county"), ("2026-06-03", "county")]
            {
                let beside = other.clone();
                let beside = tokio::spawn(async move { beside.raise_overdue(at(day)).await });
                village.registry.raise_overdue(at(day)).await.unwrap();
                beside.await.unwrap().unwrap();
                assert_eq!(village.registry.raise_overdue(at(day)).await.unwrap(), 0, "{day}");
                assert_eq!(levels().await, [level], "{day}");
            }
            assert_eq!(audit(&village.registry.db, &[]).await.unwrap(), []);
        });
    }
}
