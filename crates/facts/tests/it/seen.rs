//! Those who watch over looks see who looked, when and why, and not at whom.

use facts::{AccessEntry, AccessLog, Asked};

use crate::given::{Given, folder, id_number};

fn look(given: &Given, at_ms: i64, user: &str, act: &str, people: &[usize]) {
    let keys: Vec<u64> = people.iter().map(|n| given.folder.key_of_id(&id_number(*n))).collect();
    let entry = AccessEntry {
        at_ms,
        user: user.to_owned(),
        office: "柳溪镇".to_owned(),
        act: act.to_owned(),
        purpose: "核实".to_owned(),
        people: keys.len() as u64,
        subject: keys.first().copied().filter(|_| keys.len() == 1),
        subjects: if keys.len() == 1 { Vec::new() } else { keys },
    };
    given.folder.log_access(&entry).unwrap();
}

#[test]
fn looks_are_found_by_person_account_and_day() {
    let given = folder();
    let log = AccessLog::new(given.folder.clone());
    let all = Asked { until_ms: 100, most: 10, ..Asked::default() };
    assert_eq!(log.read(&all).unwrap(), (Vec::new(), false), "no log yet");
    look(&given, 10, "zhang", "person", &[1]);
    look(&given, 20, "li", "findings", &[1, 2]);
    look(&given, 30, "", "own", &[2]);
    look(&given, 40, "zhang", "person", &[3]);
    let times = |asked: &Asked| {
        let (seen, more) = log.read(asked).unwrap();
        (seen.iter().map(|seen| seen.at_ms).collect::<Vec<_>>(), more)
    };
    assert_eq!(times(&all), (vec![40, 20, 10], false));
    for (asked, found, more) in [
        (Asked { own: true, ..all.clone() }, vec![40, 30, 20, 10], false),
        (Asked { user: "zhang".to_owned(), ..all.clone() }, vec![40, 10], false),
        (Asked { id_number: id_number(1), ..all.clone() }, vec![20, 10], false),
        (Asked { id_number: format!(" {} ", id_number(2)), ..all.clone() }, vec![20], false),
        (Asked { id_number: id_number(9), ..all.clone() }, vec![], false),
        (Asked { from_ms: 11, until_ms: 40, ..all.clone() }, vec![20], false),
        (Asked { most: 2, ..all.clone() }, vec![40, 20], true),
    ] {
        assert_eq!(times(&asked), (found, more), "{asked:?}");
    }
    let shown = serde_json::to_string(&log.read(&all).unwrap().0).unwrap();
    let key = given.folder.key_of_id(&id_number(1)).to_string();
    assert!(shown.contains("zhang") && !shown.contains(&key), "{shown}");
}
