//! What was imported comes back, sorted, from one batch or from many.

use std::path::Path;

use arrow::array::AsArray;
use arrow::datatypes::{Date32Type, Int32Type, Int64Type, UInt64Type};
use domain::facts::{split_ref, table};
use domain::time::Day;
use facts::Folder;

use crate::given::{Payment, folder, id_number, payments, payments_csv};

/// Rows as (key, day, ref, fen), in loaded order, with the order checked.
fn loaded(folder: &Folder) -> Vec<(u64, i32, i64, i64)> {
    let columns = ["amount_fen", "person", "ref", "paid_day"];
    let loaded = folder.load(table("payments").unwrap(), &columns).unwrap();
    let mut rows = Vec::new();
    for (range, batches) in loaded.ranges.iter().enumerate() {
        let mut last = (0, 0, i32::MIN, 0);
        for batch in batches {
            assert_eq!(batch.schema(), loaded.schema);
            let keys = batch.column(1).as_primitive::<UInt64Type>();
            let days = batch.column(3).as_primitive::<Date32Type>();
            for at in 0..batch.num_rows() {
                let fen = batch.column(0).as_primitive::<Int64Type>().value(at);
                let origin = batch.column(2).as_primitive::<Int64Type>().value(at);
                let (key, day) = (keys.value(at), days.value(at));
                assert_eq!((key >> 60) as usize, range);
                let (of, row) = split_ref(origin);
                assert!(last < (key, of, day, row), "{last:?} before {key} {day}");
                last = (key, of, day, row);
                rows.push((key, day, origin, fen));
            }
        }
    }
    rows
}

fn expected(folder: &Folder, payments: &[Payment]) -> Vec<(u64, i32, i64)> {
    let row =
        |p: &Payment| (folder.key_of_id(&id_number(p.who)), Day::parse(&p.day).unwrap().0, p.fen);
    let mut rows: Vec<_> = payments.iter().map(row).collect();
    rows.sort();
    rows
}

fn without_refs(rows: &[(u64, i32, i64, i64)]) -> Vec<(u64, i32, i64)> {
    let mut rows: Vec<_> = rows.iter().map(|(key, day, _, fen)| (*key, *day, *fen)).collect();
    rows.sort();
    rows
}

#[test]
fn one_batch_comes_back_in_order() {
    let given = folder();
    let paid = payments(1, 5000);
    given.import("a.csv", "payments", &payments_csv(&paid));
    let rows = loaded(&given.folder);
    assert_eq!(without_refs(&rows), expected(&given.folder, &paid));
    // Rows are numbered as the file has them: the header is row 1.
    let refs: std::collections::BTreeSet<i64> = rows.iter().map(|r| r.2).collect();
    assert_eq!(refs, (2..5002).map(|row| 1 << 32 | row).collect());
}

#[test]
fn many_batches_are_merged() {
    let given = folder();
    let mut all = Vec::new();
    for seed in 0..7 {
        let paid = payments(seed, 400 + seed * 50);
        given.import(&format!("{seed}.csv"), "payments", &payments_csv(&paid));
        all.extend(paid);
    }
    assert_eq!(without_refs(&loaded(&given.folder)), expected(&given.folder, &all));
    given.folder.withdraw(3, "wrong month", 5).unwrap();
    let kept: Vec<Payment> =
        (0..7).filter(|seed| *seed != 2).flat_map(|seed| payments(seed, 400 + seed * 50)).collect();
    assert_eq!(without_refs(&loaded(&given.folder)), expected(&given.folder, &kept));
}

#[test]
fn a_table_that_nobody_imported_is_empty_and_has_its_columns() {
    let given = folder();
    let spec = table("deaths").unwrap();
    let loaded = given.folder.load(spec, &["person", "ref"]).unwrap();
    assert_eq!((loaded.rows(), loaded.ranges.len()), (0, facts::RANGES));
    assert_eq!(loaded.schema.fields().len(), 2);
    assert!(given.folder.load(spec, &["no_such_column"]).is_err());
}

#[test]
fn what_files_leave_out_is_derived() {
    let given = folder();
    given.import("a.csv", "payments", &payments_csv(&payments(1, 50)));
    let text = format!("姓名,身份证号\n欧阳甲,{}\n欧阳乙,{}\n", id_number(5), id_number(6));
    given.import("b.csv", "people", &text);
    let spec = table("payments").unwrap();
    for batch in given.folder.load(spec, &["period", "paid_day"]).unwrap().ranges.concat() {
        let days = batch.column(1).as_primitive::<Date32Type>();
        for at in 0..batch.num_rows() {
            let month = batch.column(0).as_primitive::<Int32Type>().value(at);
            assert_eq!(month, Day(days.value(at)).month().0);
        }
    }
    let people = given.folder.load(table("people").unwrap(), &["birth_day"]).unwrap();
    let born: Vec<i32> = people
        .ranges
        .concat()
        .iter()
        .flat_map(|b| b.column(0).as_primitive::<Date32Type>().values().to_vec())
        .collect();
    let born: std::collections::BTreeSet<String> =
        born.iter().map(|d| Day(*d).to_string()).collect();
    assert_eq!(born.into_iter().collect::<Vec<_>>(), ["1945-01-06", "1946-01-07"]);
}

#[test]
fn a_programme_mapped_later_counts_from_then_on() {
    let given = folder();
    let imported = given.import("a.csv", "payments", &payments_csv(&payments(1, 50)));
    assert_eq!(imported.manifest.unmatched_programmes, ["慰问金"]);
    let programmes = || {
        let loaded = given.folder.load(table("payments").unwrap(), &["programme"]).unwrap();
        let batches = loaded.ranges.concat();
        let all = batches.iter().flat_map(|b| b.column(0).as_primitive::<Int32Type>().values());
        all.copied().collect::<std::collections::BTreeSet<i32>>()
    };
    assert_eq!(programmes(), [1000].into());
    let catalogue = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../catalogues/benefits");
    let orphans = std::fs::read_to_string(catalogue.join("S07-orphan-allowance.toml")).unwrap();
    let path = "benefits/S07-orphan-allowance.toml".to_owned();
    let (benefits, _) = domain::benefit::Benefits::load(&[(path, orphans)]);
    given.folder.map_programme("慰问金", "s07", &benefits).unwrap();
    assert_eq!(programmes(), [7].into());
    let refused = given.folder.map_programme("没有", "S07", &benefits).unwrap_err();
    assert_eq!(crate::given::code(&refused), "programme-name-unknown");
}
