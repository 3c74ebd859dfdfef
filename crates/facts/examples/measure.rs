//! Measures an import.
#![allow(clippy::all, clippy::unwrap_used, clippy::print_stdout, clippy::disallowed_methods, clippy::indexing_slicing)]
use std::time::Instant;
use domain::benefit::Benefits;
use domain::facts::table;
use exchange::recognise::recognise;
use exchange::source::{Limits, Source};
use facts::{Folder, ImportOptions};
fn rss() -> String {
    let s = std::fs::read_to_string("/proc/self/status").unwrap();
    s.lines().filter(|l| l.starts_with("VmHWM") || l.starts_with("VmRSS")).collect::<Vec<_>>().join(" ")
}
fn main() {
    let args: Vec<String> = std::env::args().collect();
    let dir = std::path::Path::new(&args[1]);
    let folder = if dir.exists() { Folder::open(dir, None).unwrap() } else { Folder::init(dir, None, "x").unwrap() };
    for file in &args[2..] {
        let t = Instant::now();
        let (path, name) = file.split_once(':').unwrap();
        let source = Source::open(path.as_ref(), Limits::default()).unwrap();
        let plan = recognise(&source, 0, table(name), None).unwrap();
        let options = ImportOptions { again: true, dry_run: false, now_ms: 0, progress: &(), threads: 2 };
        let done = folder.import(&source, &[plan], &Benefits::default(), &options).unwrap();
        println!("import {} {:?} rows {} problems {} {}", path, t.elapsed(), done.manifest.tables[0].rows, done.problems, rss());
    }
    let t = Instant::now();
    let spec = table("payments").unwrap();
    let loaded = folder.load(spec, &["person", "paid_day", "programme", "village", "account", "amount_fen", "name"]).unwrap();
    println!("load {:?} rows {} {}", t.elapsed(), loaded.rows(), rss());
    let mut keys: Vec<u64> = Vec::new();
    for r in &loaded.ranges { for b in r.iter().take(1) {
        let k = b.column(0).as_any().downcast_ref::<arrow::array::UInt64Array>().unwrap();
        keys.extend(k.values().iter().step_by(2000));
    } }
    let vault = folder.vault().unwrap();
    let t = Instant::now();
    let ids = vault.identities(&keys).unwrap();
    println!("identities {} of {} in {:?}", ids.len(), keys.len(), t.elapsed());
    let mut times: Vec<_> = ids.iter().take(200).map(|(_, id)| { let t = Instant::now(); let r = folder.person(&id.id_number).unwrap(); assert!(!r.tables.is_empty()); t.elapsed() }).collect();
    times.sort();
    println!("person p50 {:?} p99 {:?} max {:?}", times[times.len()/2], times[times.len()*99/100], times.last().unwrap());
}
