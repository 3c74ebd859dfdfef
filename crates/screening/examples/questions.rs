//! Asks the questions of the benchmark (`bench/`) over a data folder and prints how long each took.
//!
//! usage: questions DATA QUESTIONS.json [--keep] [ANSWERS]
//!
//! With `--keep` answers are taken from what `mingbai screen` would keep, and kept for the next
//! time; without it everything is asked anew. With ANSWERS they are written there as CSV, keys
//! turned back into the raw values, to be compared with another program's.
#![allow(
    clippy::print_stdout,
    clippy::disallowed_methods,
    reason = "a benchmark prints, and reads the clock"
)]

use std::collections::BTreeMap;
use std::error::Error;
use std::fmt::Write as _;
use std::path::Path;
use std::time::Instant;

use arrow::array::{Array, ArrayRef, AsArray, RecordBatch};
use arrow::datatypes::{DataType, Date32Type, Int32Type, Int64Type, UInt64Type};
use domain::benefit::Benefits;
use domain::time::Day;
use facts::{Dictionaries, Folder, Vault};
use screening::session::Session;
use screening::shelf::Shelf;

fn main() -> Result<(), Box<dyn Error>> {
    let (flags, args): (Vec<String>, Vec<String>) =
        std::env::args().skip(1).partition(|arg| arg.starts_with("--"));
    let [data, questions, answers @ ..] = args.as_slice() else {
        return Err("usage: questions DATA QUESTIONS.json [--keep] [ANSWERS]".into());
    };
    let folder = Folder::open(Path::new(data), None)?;
    let dictionaries = folder.dictionaries()?;
    let texts: BTreeMap<String, String> = serde_json::from_slice(&std::fs::read(questions)?)?;
    let texts: BTreeMap<String, String> =
        texts.into_iter().map(|(name, sql)| (name, numbered(&sql, &dictionaries))).collect();
    let (start, benefits) = (Instant::now(), Benefits::default());
    let shelf = flags.contains(&"--keep".to_owned()).then_some(&folder as &dyn Shelf);
    let mut session = Session::new(&folder, &benefits, shelf)?;
    let open = start.elapsed().as_secs_f64();
    for (name, sql) in &texts {
        session.add_sql(name, sql)?;
    }
    let plan = start.elapsed().as_secs_f64() - open;
    session.load()?;
    let load = start.elapsed().as_secs_f64() - plan;
    let (mut seconds, mut rows, mut reuse) = (BTreeMap::new(), BTreeMap::new(), BTreeMap::new());
    let mut results = Vec::new();
    for name in texts.keys() {
        let start = Instant::now();
        let (batches, reused) = session.rows(name)?;
        seconds.insert(name, start.elapsed().as_secs_f64());
        rows.insert(name, batches.iter().map(RecordBatch::num_rows).sum::<usize>());
        reuse.insert(name, reused);
        results.push((name, batches));
    }
    let start = Instant::now();
    session.keep()?;
    let keep = start.elapsed().as_secs_f64();
    if let [answers] = answers {
        write(Path::new(answers), &folder, &dictionaries, &results)?;
    }
    let done = serde_json::json!({
        "load": load, "plan": plan, "questions": seconds, "keep": keep, "rows": rows,
        "reuse": reuse,
    });
    println!("{done}");
    Ok(())
}

/// `$p7` becomes the number under which the folder stores the programme named 7.
fn numbered(sql: &str, dictionaries: &Dictionaries) -> String {
    let mut sql = sql.to_owned();
    // Longer names first, so that $p12 is not read as $p1.
    let mut names: Vec<(&String, &i32)> =
        dictionaries.programmes.iter().map(|(number, name)| (name, number)).collect();
    names.sort_by_key(|(name, _)| std::cmp::Reverse(name.len()));
    for (name, number) in names {
        sql = sql.replace(&format!("$p{name}"), &number.to_string());
    }
    sql
}

fn write(
    to: &Path,
    folder: &Folder,
    dictionaries: &Dictionaries,
    results: &[(&String, Vec<RecordBatch>)],
) -> Result<(), Box<dyn Error>> {
    std::fs::create_dir_all(to)?;
    let vault = folder.vault()?;
    for (name, batches) in results {
        let mut csv = String::new();
        if let Some(first) = batches.first() {
            let schema = first.schema();
            let names: Vec<&str> = schema.fields().iter().map(|f| f.name().as_str()).collect();
            csv = names.join(",") + "\n";
        }
        for batch in batches {
            let columns: Vec<Vec<String>> = batch
                .schema()
                .fields()
                .iter()
                .zip(batch.columns())
                .map(|(field, column)| raw(field.name(), column, &vault, dictionaries))
                .collect::<Result<_, _>>()?;
            for row in 0..batch.num_rows() {
                let cells: Vec<&str> =
                    columns.iter().filter_map(|c| c.get(row)).map(String::as_str).collect();
                writeln!(csv, "{}", cells.join(","))?;
            }
        }
        std::fs::write(to.join(format!("{name}.csv")), csv)?;
    }
    Ok(())
}

/// A column as the raw tables have it.
fn raw(
    name: &str,
    column: &ArrayRef,
    vault: &Vault,
    dictionaries: &Dictionaries,
) -> Result<Vec<String>, Box<dyn Error>> {
    let money = matches!(name, "s" | "pr" | "amount_fen");
    Ok(match column.data_type() {
        DataType::UInt64 => keys(name, column.as_primitive::<UInt64Type>().values(), vault)?,
        DataType::Int32 => column
            .as_primitive::<Int32Type>()
            .iter()
            .map(|n| n.unwrap_or_default())
            .map(|number| match name {
                "village" => dictionaries.village_path(number),
                "programme" => dictionaries.programmes.get(&number).cloned().unwrap_or_default(),
                _ => number.to_string(),
            })
            .collect(),
        DataType::Int64 => column
            .as_primitive::<Int64Type>()
            .iter()
            .map(|n| n.unwrap_or_default() / if money { 100 } else { 1 })
            .map(|n| n.to_string())
            .collect(),
        DataType::Date32 => column
            .as_primitive::<Date32Type>()
            .iter()
            .map(|day| Day(day.unwrap_or_default()).to_string().replace('-', ""))
            .collect(),
        other => return Err(format!("no raw form of {other} ({} rows)", column.len()).into()),
    })
}

fn keys(name: &str, keys: &[u64], vault: &Vault) -> Result<Vec<String>, Box<dyn Error>> {
    if name == "household" {
        // The number of a household is not kept; the benchmark leaves this column out.
        return Ok(vec![String::new(); keys.len()]);
    }
    if name == "account" {
        let accounts: Result<Vec<_>, _> = keys.iter().map(|key| vault.account(*key)).collect();
        return Ok(accounts?.into_iter().map(Option::unwrap_or_default).collect());
    }
    let mut wanted = keys.to_vec();
    wanted.sort_unstable();
    wanted.dedup();
    let known: BTreeMap<u64, String> =
        vault.identities(&wanted)?.into_iter().map(|(key, who)| (key, who.id_number)).collect();
    Ok(keys.iter().map(|key| known.get(key).cloned().unwrap_or_default()).collect())
}
