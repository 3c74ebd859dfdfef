//! Files that come over the site wait until they are accepted, and leave nothing in clear behind.

use std::fs;

use domain::benefit::Benefits;
use domain::facts::table;
use domain::problem::Failure;
use facts::Imported;
use facts::intake::{Intake, Upload};
use facts::own::OwnReader;

use crate::given::{
    Given, NOW, card, code, files, folder, id_number, name, payments, payments_csv,
};

const CLERK: (&str, &str) = ("clerk", "990001101201");

fn hand_in(intake: &Intake, file: &str, text: &str) -> Upload {
    let mut receiving = intake.receive(CLERK, file, NOW).unwrap();
    for part in text.as_bytes().chunks(1000) {
        receiving.write(part).unwrap();
    }
    let (id, bytes) = receiving.finish().unwrap();
    assert_eq!(bytes, text.len() as u64);
    assert!(intake.upload(&id, "another").unwrap().is_none(), "an upload is its clerk's");
    intake.upload(&id, CLERK.0).unwrap().unwrap()
}

fn take(intake: &Intake, upload: &Upload) -> Result<Imported, Failure> {
    let taken = intake.take(upload, None, &Benefits::default(), NOW)?;
    intake.discard(upload)?;
    Ok(taken)
}

fn rows(given: &Given) -> usize {
    given.folder.load(table("payments").unwrap(), &["person"]).unwrap().rows()
}

#[test]
fn a_look_says_everything_and_keeps_nothing_but_the_problems() {
    let given = folder();
    let intake = Intake::new(given.folder.clone());
    let text = payments_csv(&payments(3, 10)) + "甲,,柳溪镇,青石村,慰问金,2024-01-05,abc,1\n";
    let upload = hand_in(&intake, "发放表.csv", &text);
    let look = intake.look(&upload, None, &Benefits::default(), NOW).unwrap();
    let [sheet] = look.sheets.as_slice() else { panic!("one sheet") };
    assert_eq!((sheet.table.name, sheet.columns.len(), sheet.rows.len()), ("payments", 8, 5));
    assert_eq!(look.imported.name, "000001-payments");
    let named: Vec<_> = look.imported.programmes.iter().map(|p| (&*p.name, &p.code)).collect();
    assert_eq!(named, [("慰问金", &None)]);
    assert_eq!(look.imported.manifest.tables[0].tally.refused, 1);
    assert!(intake.upload_problems(&upload).unwrap().iter().any(|p| p.row == 12 && p.refused));
    assert!(given.folder.batches().unwrap().is_empty());
    let shown = format!("{:?}", look.sheets);
    for who in 0..97 {
        for secret in [id_number(who), name(who), card(who)] {
            assert!(!shown.contains(&secret), "{secret}");
        }
    }
    intake.discard(&upload).unwrap();
    assert!(!files(&given.data()).iter().any(|path| path.starts_with(given.path("data/uploads"))));
}

#[test]
fn nobody_sees_a_batch_before_it_is_accepted() {
    let given = folder();
    let intake = Intake::new(given.folder.clone());
    let reader = OwnReader::open(&given.folder).unwrap();
    let text = payments_csv(&payments(3, 200));
    let upload = hand_in(&intake, "a.csv", &text);
    let taken = take(&intake, &upload).unwrap();
    let whose = taken.manifest.waiting.clone().unwrap();
    assert_eq!((whose.account.as_str(), whose.place.as_str()), CLERK);
    assert_eq!(intake.waiting().unwrap(), [(taken.name.clone(), taken.manifest.clone())]);
    let four = |n: usize| card(n)[card(n).len() - 4..].to_owned();
    let own = |n: usize| {
        reader.refresh().unwrap();
        reader.identify(&id_number(n), &name(n), &four(n)).unwrap()
    };
    assert_eq!((rows(&given), own(5)), (0, None));
    let again = take(&intake, &hand_in(&intake, "b.csv", &text)).unwrap_err();
    assert_eq!(code(&again), "upload-known");
    intake.accept(&taken.name, NOW).unwrap();
    intake.accept(&taken.name, NOW).unwrap();
    assert!(intake.waiting().unwrap().is_empty());
    assert_eq!(rows(&given), 200);
    assert!(own(5).is_some());
    assert!(intake.manifest(&taken.name).unwrap().waiting.is_none());
}

#[test]
fn a_rejected_batch_is_erased_and_its_file_may_come_again() {
    let given = folder();
    let intake = Intake::new(given.folder.clone());
    let text = payments_csv(&payments(3, 50));
    let taken = take(&intake, &hand_in(&intake, "a.csv", &text)).unwrap();
    intake.reject(&taken.name, "wrong month", NOW).unwrap();
    intake.reject(&taken.name, "wrong month", NOW).unwrap();
    let left: Vec<_> =
        fs::read_dir(given.data().join("batches/000001-payments")).unwrap().collect();
    assert_eq!(left.len(), 4, "manifest, problems, and the two notes");
    assert!(intake.waiting().unwrap().is_empty());
    assert_eq!(rows(&given), 0);
    assert_eq!(take(&intake, &hand_in(&intake, "a.csv", &text)).unwrap().name, "000002-payments");
    assert_eq!(code(&intake.accept("none", NOW).unwrap_err()), "batch-unknown");
}

#[test]
fn a_busy_folder_is_said_at_once() {
    let given = folder();
    let intake = Intake::new(given.folder.clone());
    let upload = hand_in(&intake, "a.csv", &payments_csv(&payments(3, 10)));
    let lock = fs::File::open(given.data().join("lock")).unwrap();
    lock.lock().unwrap();
    for busy in [
        intake.look(&upload, None, &Benefits::default(), NOW).unwrap_err(),
        intake.take(&upload, None, &Benefits::default(), NOW).unwrap_err(),
        intake.accept("000001-payments", NOW).unwrap_err(),
    ] {
        assert_eq!(code(&busy), "folder-busy");
    }
    drop(lock);
    assert!(intake.look(&upload, None, &Benefits::default(), NOW).is_ok());
}

#[test]
fn what_was_left_lying_is_swept_away() {
    let given = folder();
    let intake = Intake::new(given.folder.clone());
    drop(intake.receive(CLERK, "broken off.csv", NOW).unwrap());
    assert!(files(&given.data().join("uploads")).is_empty());
    hand_in(&intake, "a.csv", "姓名\n");
    intake.sweep(NOW + 7_200_000).unwrap();
    assert_eq!(files(&given.data().join("uploads")).len(), 2);
    intake.sweep(NOW + 7_200_001).unwrap();
    assert!(files(&given.data().join("uploads")).is_empty());
    for id in ["../batches", "", &"0".repeat(32), &"z".repeat(32)] {
        assert!(intake.upload(id, CLERK.0).unwrap().is_none(), "{id}");
    }
}
