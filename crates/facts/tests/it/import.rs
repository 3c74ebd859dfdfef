//! One file, one batch.

use std::fs;

use crate::given::{NOW, code, folder, id_number, import, payments, payments_csv};

#[test]
fn counts_and_money_reconcile() {
    let given = folder();
    let paid = payments(3, 1000);
    let mut text = payments_csv(&paid);
    text += &format!("欧阳甲,{},柳溪镇,青石村,慰问金,2024-01-05,abc,1\n", id_number(1));
    text += "欧阳乙,,柳溪镇,青石村,慰问金,2024-01-05,7.00,2\n";
    let imported = given.import("a.csv", "payments", &text);
    let [done] = imported.manifest.tables.as_slice() else { panic!("one table") };
    assert_eq!(done.tally.read, done.rows + done.tally.refused);
    assert_eq!(done.sum_fen, done.tally.kept_fen);
    let sum: i64 = paid.iter().map(|p| p.fen).sum();
    assert!(done.sum_fen == sum || done.sum_fen == sum + 700, "{} {sum}", done.sum_fen);
    assert_eq!(given.folder.batches().unwrap(), std::slice::from_ref(&imported.manifest));
    let problems = given.folder.problems(1).unwrap();
    assert_eq!(problems.len() as u64, imported.problems);
    assert!(problems.iter().any(|p| p.row == 1002 && p.refused), "{problems:?}");
    assert!(problems.is_sorted_by_key(|p| p.row));
}

#[test]
fn the_same_file_is_imported_once_unless_asked_for() {
    let given = folder();
    let text = payments_csv(&payments(3, 10));
    given.import("a.csv", "payments", &text);
    let path = given.file("b.csv", &text);
    let refused = import(&given.folder, &path, "payments", false).unwrap_err();
    assert_eq!(code(&refused), "already-imported");
    assert_eq!(import(&given.folder, &path, "payments", true).unwrap().manifest.batch, 2);
    given.folder.withdraw(1, "twice", NOW).unwrap();
    given.folder.withdraw(2, "twice", NOW).unwrap();
    assert_eq!(import(&given.folder, &path, "payments", false).unwrap().manifest.batch, 3);
}

#[test]
fn a_dry_run_leaves_nothing() {
    let given = folder();
    let path = given.file("a.csv", &payments_csv(&payments(3, 10)));
    let before = crate::given::files(&given.data());
    let source = exchange::source::Source::open(&path, Default::default()).unwrap();
    let plan = exchange::recognise::recognise(&source, 0, None, None).unwrap();
    let options = facts::ImportOptions { dry_run: true, ..crate::given::options(false) };
    let done = given.folder.import(&source, &[plan], &Default::default(), &options).unwrap();
    assert_eq!((done.dry_run, done.manifest.tables[0].rows), (true, 10));
    assert!(given.folder.batches().unwrap().is_empty());
    let after = crate::given::files(&given.data());
    assert_eq!(after, before);
}

#[test]
fn a_withdrawn_batch_leaves_its_trace_only() {
    let given = folder();
    given.import("a.csv", "payments", &payments_csv(&payments(3, 100)));
    let withdrawn = given.folder.withdraw(1, "not ours", 77).unwrap();
    let note = withdrawn.withdrawn.unwrap();
    assert_eq!((note.reason.as_str(), note.at_ms), ("not ours", 77));
    let left = fs::read_dir(given.data().join("batches/000001-payments")).unwrap();
    let mut left: Vec<_> = left.map(|e| e.unwrap().file_name().into_string().unwrap()).collect();
    left.sort();
    assert_eq!(left, ["manifest.json", "problems.csv", "withdrawn.json"]);
    assert!(given.folder.batches().unwrap()[0].withdrawn.is_some());
    let again = given.folder.withdraw(1, "not ours", 78).unwrap_err();
    assert_eq!(code(&again), "batch-already-withdrawn");
    assert_eq!(code(&given.folder.withdraw(9, "", 0).unwrap_err()), "batch-unknown");
}

#[test]
fn the_same_file_gives_the_same_facts() {
    let given = folder();
    let path = given.file("a.csv", &payments_csv(&payments(3, 3000)));
    let first = import(&given.folder, &path, "payments", false).unwrap().manifest;
    fs::remove_dir_all(given.data().join("batches")).unwrap();
    let second = import(&given.folder, &path, "payments", false).unwrap().manifest;
    assert_eq!(first.tables, second.tables);
    assert_eq!(first.new_villages, second.new_villages);
    assert_eq!(first.new_villages.len(), 3);
}
