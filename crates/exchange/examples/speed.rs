//! Prints megabytes per second of cutting and of parsing a CSV file given by path; generates one
//! of so many rows first when it is missing: `speed FILE [ROWS]`.
#![allow(
    clippy::print_stdout,
    clippy::unwrap_used,
    clippy::disallowed_methods,
    reason = "a tool for measuring, not part of the product"
)]

use std::io::Write;
use std::time::Instant;

use exchange::block::Tally;
use exchange::read::{Chunk, chunks, parse};
use exchange::recognise::recognise;
use exchange::source::{Limits, Source};

fn main() {
    let mut args = std::env::args().skip(1);
    let path = std::path::PathBuf::from(args.next().unwrap());
    let rows: u32 = args.next().map_or(1_000_000, |r| r.parse().unwrap());
    if !path.exists() {
        generate(&path, rows);
    }
    let source = Source::open(&path, Limits::default()).unwrap();
    let plan = recognise(&source, 0, None, None).unwrap();
    let start = Instant::now();
    let pieces: Vec<Chunk> = chunks(&source, &plan).unwrap().map(Result::unwrap).collect();
    let cut = start.elapsed().as_secs_f64();
    let start = Instant::now();
    let mut tally = Tally::default();
    for piece in &pieces {
        tally.add(&parse(piece, &plan).tally);
    }
    let parsed = start.elapsed().as_secs_f64();
    let size = source.bytes() as f64 / 1e6;
    println!(
        "{size:.0} MB: cut {:.0} MB/s, parse {:.0} MB/s; {tally:?}",
        size / cut,
        size / parsed
    );
}

fn generate(path: &std::path::Path, rows: u32) {
    let mut out = std::io::BufWriter::new(std::fs::File::create(path).unwrap());
    writeln!(out, "姓名,身份证号,乡镇,村,项目名称,所属期,发放日期,金额,银行账号").unwrap();
    for row in 0..rows {
        let body = format!("990001{:04}0101{:03}", 1930 + row % 90, row % 1000);
        let check = domain::ids::check_character(body.as_bytes()).map_or('0', char::from);
        let (month, day) = (1 + row % 12, 1 + row % 28);
        writeln!(
            out,
            "张三丰,{body}{check},柳溪镇,青石村,农村低保,2024-{month:02},2024-{month:02}-{day:02},{}.{:02},62170000{row:011}",
            row % 3000,
            row % 100,
        )
        .unwrap();
    }
    out.flush().unwrap();
}
