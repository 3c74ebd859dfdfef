//! People see their own rows, nobody else's, and leave a trace; failing costs what success costs.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use domain::money::Fen;
use domain::time::Day;
use facts::AccessEntry;
use facts::own::{OwnReader, PersonKey, Work};

use crate::given::{
    Given, NOW, Payment, card, files, folder, id_number, name, payments, payments_csv,
};

/// Two files of payments, and all payments in them.
fn given() -> (Given, Vec<Payment>) {
    let given = folder();
    let (first, second) = (payments(1, 2000), payments(2, 300));
    given.import("a.csv", "payments", &payments_csv(&first));
    given.import("b.csv", "payments", &payments_csv(&second));
    (given, [first, second].concat())
}

fn last_four(n: usize) -> String {
    card(n)[card(n).len() - 4..].to_owned()
}

fn identified(reader: &OwnReader, n: usize) -> PersonKey {
    reader.identify(&id_number(n), &name(n), &last_four(n)).unwrap().unwrap()
}

#[test]
fn only_number_name_and_card_together_identify() {
    let (given, _) = given();
    let reader = OwnReader::open(&given.folder).unwrap();
    for n in [0, 5, 96] {
        assert_eq!(identified(&reader, n).number(), given.folder.key_of_id(&id_number(n)));
    }
    let spaced: String = name(5).chars().flat_map(|c| [c, '　']).collect();
    let lower = id_number(5).to_lowercase();
    assert!(reader.identify(&format!(" {lower} "), &spaced, "０００５").unwrap().is_some());
    let wrong_check =
        format!("{}{}", &id_number(5)[..17], if id_number(5).ends_with('0') { 1 } else { 0 });
    for (number, who, four) in [
        (id_number(6), name(5), last_four(5)),
        (id_number(5), name(6), last_four(5)),
        (id_number(5), name(5), last_four(6)),
        (id_number(500), name(5), last_four(5)),
        (id_number(5), String::new(), last_four(5)),
        (id_number(5), name(5), String::new()),
        (id_number(5), name(5), "005".to_owned()),
        (id_number(5), name(5), card(5)),
        (wrong_check, name(5), last_four(5)),
        (String::new(), String::new(), String::new()),
    ] {
        assert_eq!(reader.identify(&number, &who, &four).unwrap(), None, "{four}");
    }
}

#[test]
fn names_with_dots_and_other_cards_count() {
    let (given, _) = given();
    let row = |card: usize, name: &str| {
        let card = crate::given::card(card);
        format!("{name},{},柳溪镇,青石村,慰问金,2024-05-01,1.00,{card}\n", id_number(5))
    };
    let head = "姓名,身份证号,乡镇,村,项目名称,发放日期,金额,银行账号\n";
    given.import("c.csv", "payments", &format!("{head}{}", row(7005, "欧阳·戊")));
    let reader = OwnReader::open(&given.folder).unwrap();
    let fits = |name: &str, four: &str| reader.identify(&id_number(5), name, four).unwrap();
    assert!(fits("欧阳•戊", "7005").is_some() && fits("欧阳.戊", "0005").is_some());
    // Of more than eight cards the latest count.
    let many: String = (7010..7018).map(|card| row(card, "欧阳·戊")).collect();
    given.import("d.csv", "payments", &format!("{head}{many}"));
    assert!(reader.refresh().unwrap());
    let fits = |four: &str| reader.identify(&id_number(5), &name(5), four).unwrap();
    assert!(fits("7017").is_some() && fits("7010").is_some() && fits("7005").is_none());
}

/// What one attempt costs.
fn cost(reader: &OwnReader, attempt: (&str, &str, &str)) -> Work {
    let before = reader.work();
    reader.identify(attempt.0, attempt.1, attempt.2).unwrap();
    let after = reader.work();
    Work { reads: after.reads - before.reads, blocks: after.blocks - before.blocks }
}

#[test]
fn every_attempt_costs_the_same() {
    let (given, _) = given();
    let register = format!("姓名,身份证号\n{},{}\n", name(5), id_number(5));
    given.import("c.csv", "people", &register);
    let reader = OwnReader::open(&given.folder).unwrap();
    let right = cost(&reader, (&id_number(5), &name(5), &last_four(5)));
    // A piece of records in each of two batches; two blocks of names in each of three batches, and
    // two for each of eight cards.
    assert_eq!(right, Work { reads: 2, blocks: 3 * 2 + 8 * 2 });
    for n in 0..97 {
        assert_eq!(cost(&reader, (&id_number(n), &name(n), &last_four(n))), right, "right");
        assert_eq!(cost(&reader, (&id_number(n), &name(n + 1), &last_four(n))), right, "name");
        assert_eq!(cost(&reader, (&id_number(n), &name(n), "0000")), right, "card");
        assert_eq!(cost(&reader, (&id_number(n + 200), &name(n), &last_four(n))), right, "number");
    }
    assert_eq!(cost(&reader, ("", "", "")), right);
    assert_eq!(cost(&reader, ("1", "甲", "12345")), right);
}

#[test]
fn people_see_all_their_payments_and_no_other() {
    let (given, paid) = given();
    let reader = OwnReader::open(&given.folder).unwrap();
    for n in 0..97 {
        let shown = reader.payments(identified(&reader, n)).unwrap();
        let mut days: Vec<(String, i64)> =
            shown.iter().map(|p| (p.day.unwrap().to_string(), p.amount.0)).collect();
        assert!(days.is_sorted_by(|a, b| a.0 >= b.0), "the latest first");
        let mine = paid.iter().filter(|p| p.who == n);
        let mut expected: Vec<_> = mine.map(|p| (p.day.clone(), p.fen)).collect();
        days.sort();
        expected.sort();
        assert_eq!(days, expected);
    }
    let first = &reader.payments(identified(&reader, 5)).unwrap()[0];
    assert_eq!((first.programme.as_str(), first.account.as_str()), ("慰问金", "0005"));
    assert_eq!(first.village.as_ref().unwrap().path(), "柳溪镇上坪村");
    assert_eq!(first.period, first.day.map(Day::month));
    assert!(!first.returned && matches!(first.batch, 1 | 2) && first.row > 1);
    let stranger = PersonKey::from_number(12345);
    assert_eq!(reader.payments(stranger).unwrap(), []);
}

#[test]
fn more_rows_than_a_block_holds_are_all_shown() {
    let given = folder();
    let many: Vec<Payment> = (0..1000)
        .map(|n| Payment { who: n % 3, day: "2024-01-05".to_owned(), fen: n as i64 + 1 })
        .collect();
    given.import("a.csv", "payments", &payments_csv(&many));
    let reader = OwnReader::open(&given.folder).unwrap();
    let sums: i64 = (0..3)
        .flat_map(|n| reader.payments(identified(&reader, n)).unwrap())
        .map(|p| p.amount.0)
        .sum();
    assert_eq!(sums, 500_500);
}

#[test]
fn facts_come_from_registers_and_the_number_itself() {
    let (given, _) = given();
    let reader = OwnReader::open(&given.folder).unwrap();
    let five = identified(&reader, 5);
    let known = reader.facts(five).unwrap();
    assert_eq!((known.birth_day, known.village.is_none()), (Day::parse("1945-01-06"), true));
    let text = format!(
        "姓名,身份证号,乡镇,村,出生日期,迁出日期\n{},{},柳溪镇,青石村,1945-02-01,2024-03-01\n",
        name(5),
        id_number(5)
    );
    given.import("c.csv", "people", &text);
    let text = format!(
        "姓名,身份证号,残疾证号,有效期至\n{},{},{}42,2030-12-31\n",
        name(5),
        id_number(5),
        id_number(5)
    );
    given.import("d.csv", "disability_cards", &text);
    assert!(reader.refresh().unwrap() && !reader.refresh().unwrap());
    let known = reader.facts(five).unwrap();
    assert_eq!(known.birth_day, Day::parse("1945-02-01"));
    assert_eq!(known.moved_out_day, Day::parse("2024-03-01"));
    assert_eq!(known.village.unwrap().path(), "柳溪镇青石村");
    let disability = known.disability.unwrap();
    assert_eq!((disability.category, disability.grade), (Some(4), Some(2)));
    assert_eq!(disability.valid_until, Day::parse("2030-12-31"));
    assert_eq!(known.death_day, None);
    // The number of the disability card is no card that money went to.
    assert_eq!(reader.identify(&id_number(5), &name(5), "42").unwrap(), None);
}

#[test]
fn batches_that_come_and_go_are_noticed() {
    let (given, paid) = given();
    let reader = OwnReader::open(&given.folder).unwrap();
    let five = identified(&reader, 5);
    let count = |who: usize| paid.iter().filter(|p| p.who == who).count();
    assert_eq!(reader.payments(five).unwrap().len(), count(5));
    given.folder.withdraw(1, "wrong month", NOW).unwrap();
    let own = given.data().join("own");
    let of_batch = |batch: &str| {
        let named = |path: &Path| path.file_name().unwrap().to_string_lossy().starts_with(batch);
        files(&own).iter().filter(|path| named(path)).count()
    };
    assert_eq!((of_batch("000001"), of_batch("000002")), (0, 1));
    assert!(reader.refresh().unwrap());
    let kept = payments(2, 300).iter().filter(|p| p.who == 5).count();
    assert_eq!(reader.payments(five).unwrap().len(), kept);
    // Files that are damaged or gone are made again.
    let shown = reader.payments(five).unwrap();
    fs::write(own.join("000002-payments.rows"), "x").unwrap();
    let again = OwnReader::open(&given.folder).unwrap();
    assert_eq!(again.payments(five).unwrap(), shown);
}

#[test]
fn everybody_sees_who_looked_and_why() {
    let (given, _) = given();
    let reader = OwnReader::open(&given.folder).unwrap();
    let (five, six) = (identified(&reader, 5), identified(&reader, 6));
    let look = AccessEntry {
        at_ms: 10,
        user: "zhang".to_owned(),
        office: "柳溪镇纪委".to_owned(),
        act: "person".to_owned(),
        purpose: "核实补贴".to_owned(),
        people: 1,
        subject: Some(five.number()),
        subjects: Vec::new(),
    };
    given.folder.log_access(&look).unwrap();
    let many = AccessEntry {
        at_ms: 20,
        act: "report".to_owned(),
        people: 2,
        subject: None,
        subjects: vec![five.number(), six.number()],
        ..look.clone()
    };
    // A line that a loss of power cut off swallows nothing.
    let log = given.data().join("access.log");
    fs::write(&log, [fs::read(&log).unwrap(), b"{\"at_ms\":7".to_vec()].concat()).unwrap();
    given.folder.log_access(&many).unwrap();
    reader.log_own_look(five, 30).unwrap();
    let looks = reader.looks(five).unwrap();
    let told: Vec<_> =
        looks.iter().map(|l| (l.at_ms, l.own, l.act.as_str(), l.office.as_str())).collect();
    let office = "柳溪镇纪委";
    assert_eq!(
        told,
        [(30, true, "own", ""), (20, false, "report", office), (10, false, "person", office)]
    );
    assert_eq!(looks[1].purpose, "核实补贴");
    assert!(!format!("{looks:?}").contains("zhang"));
    assert_eq!(reader.looks(six).unwrap().len(), 1);
    assert_eq!(reader.looks(PersonKey::from_number(1)).unwrap(), []);
    let again = OwnReader::open(&given.folder).unwrap();
    assert_eq!(again.looks(five).unwrap(), looks);
}

#[test]
fn nothing_is_read_out_when_the_log_cannot_be_written() {
    let (given, _) = given();
    fs::create_dir(given.data().join("access.log")).unwrap();
    let entry = AccessEntry::default();
    let read = given.folder.log_while(&entry, || given.folder.person(&id_number(5)));
    assert_eq!(crate::given::code(&read.unwrap_err()), "write access log");
}

#[test]
fn many_look_at_once_while_batches_come() {
    let (given, _) = given();
    let reader = OwnReader::open(&given.folder).unwrap();
    std::thread::scope(|scope| {
        for thread in 0..8 {
            let reader = &reader;
            scope.spawn(move || {
                for n in (0..97).filter(|n| n % 8 == thread) {
                    let person = identified(reader, n);
                    reader.log_own_look(person, n as i64).unwrap();
                    assert!(!reader.payments(person).unwrap().is_empty());
                    assert_eq!(reader.looks(person).unwrap().len(), 1);
                    let wrong = reader.identify(&id_number(n), &name(n), "none").unwrap();
                    assert_eq!(wrong, None);
                }
            });
        }
        for seed in 3..6 {
            given.import(&format!("{seed}.csv"), "payments", &payments_csv(&payments(seed, 200)));
            reader.refresh().unwrap();
        }
    });
    let log = fs::read_to_string(given.data().join("access.log")).unwrap();
    let entries: Vec<AccessEntry> =
        log.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(entries.len(), 97);
    assert_eq!(entries.iter().filter_map(|e| e.subject).collect::<BTreeSet<_>>().len(), 97);
}

#[test]
fn nothing_that_is_kept_or_printed_names_anybody() {
    let (given, _) = given();
    let reader = OwnReader::open(&given.folder).unwrap();
    let mut printed = String::new();
    for n in 0..97 {
        let person = identified(&reader, n);
        reader.log_own_look(person, 1).unwrap();
        let (payments, known) = (reader.payments(person).unwrap(), reader.facts(person).unwrap());
        let looks = reader.looks(person).unwrap();
        printed += &format!("{reader:?} {person:?} {payments:?} {known:?} {looks:?}");
        assert!(payments.iter().all(|p| p.account.as_str() == last_four(n) && p.amount > Fen(0)));
        assert_eq!(format!("{:?} {person:?}", payments[0].account), "**** PersonKey");
    }
    let secrets: BTreeSet<String> =
        (0..97).flat_map(|n| [id_number(n), card(n), name(n)]).collect();
    let own = files(&given.data().join("own"));
    assert_eq!(own.len(), 3, "records of two batches, and the lock");
    for path in files(&given.data()) {
        let bytes = fs::read(&path).unwrap();
        for secret in &secrets {
            let found = bytes.windows(secret.len()).any(|w| w == secret.as_bytes());
            assert!(!found, "in {}", path.display());
        }
    }
    assert!(secrets.iter().all(|secret| !printed.contains(secret)));
}

#[test]
fn a_code_proves_its_person_and_costs_the_same_when_it_does_not() {
    let (given, _) = given();
    let reader = OwnReader::open(&given.folder).unwrap();
    let slip = reader.slip(&id_number(5), &name(5)).unwrap().unwrap();
    assert_eq!(slip.person, identified(&reader, 5));
    assert!(slip.code.len() == 8 && slip.code.bytes().all(|b| b.is_ascii_digit()));
    assert!(slip.hash.len() == 32 && !slip.hash.contains(&slip.code));
    assert_ne!(reader.slip(&id_number(5), &name(5)).unwrap().unwrap().hash, slip.hash);
    assert!(reader.slip(&id_number(5), &name(6)).unwrap().is_none());
    let spaced = format!(" {} {} ", &slip.code[..4], &slip.code[4..]);
    let claim = reader.claim(&id_number(5), &name(5), &spaced).unwrap();
    assert_eq!((claim.hash(), claim.proved(true)), (slip.hash.as_str(), Some(slip.person)));
    assert_eq!(claim.proved(false), None);
    let cost = |number: &str, who: &str, code: &str| {
        let before = reader.work();
        let claim = reader.claim(number, who, code).unwrap();
        let after = reader.work();
        let found = claim.hash() == slip.hash;
        (claim.proved(found), after.reads - before.reads, after.blocks - before.blocks)
    };
    let right = (Some(slip.person), 0, 2 * 2);
    assert_eq!(cost(&id_number(5), &name(5), &slip.code), right);
    for (number, who, code) in [
        (id_number(5), name(5), "00000000".to_owned()),
        (id_number(5), name(6), slip.code.clone()),
        (id_number(6), name(6), slip.code.clone()),
        (id_number(500), name(5), slip.code.clone()),
        (id_number(5), name(5), String::new()),
        (String::new(), String::new(), String::new()),
    ] {
        assert_eq!(cost(&number, &who, &code), (None, right.1, right.2), "{code}");
    }
    let nobody = reader.claim(&id_number(500), &name(5), &slip.code).unwrap();
    let stranger = reader.claim(&id_number(5), &name(6), &slip.code).unwrap();
    assert_eq!(nobody.hash(), stranger.hash(), "what is sought for nobody tells nothing");
    reader.log_code(slip.person, 7, ("clerk", "柳溪镇"), "本人到场").unwrap();
    let looks = reader.looks(slip.person).unwrap();
    assert_eq!((looks[0].act.as_str(), looks[0].purpose.as_str()), ("code", "本人到场"));
    assert!(!format!("{looks:?}").contains("clerk"));
}
