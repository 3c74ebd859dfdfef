//! One person, names behind keys, runs, mappings, the access log.

use std::fs;

use facts::AccessEntry;

use crate::given::{card, folder, id_number, name, payments, payments_csv};

#[test]
fn all_rows_of_one_person_from_all_tables() {
    let given = folder();
    let paid = payments(1, 2000);
    given.import("a.csv", "payments", &payments_csv(&paid));
    given.import("b.csv", "payments", &payments_csv(&payments(2, 300)));
    let text = format!("姓名,身份证号,死亡日期\n欧阳午,{},2024-02-01\n", id_number(5));
    given.import("c.csv", "deaths", &text);
    let mut all = paid;
    all.extend(payments(2, 300));
    let mine: Vec<_> = all.iter().filter(|p| p.who == 5).collect();
    let found = given.folder.person(&id_number(5)).unwrap();
    let mut names = vec![name(5), "欧阳午".to_owned()];
    names.sort();
    assert_eq!(found.names, names);
    let tables: Vec<_> = found.tables.iter().map(|t| (t.table.as_str(), t.rows.len())).collect();
    assert_eq!(tables, [("payments", mine.len()), ("deaths", 1)]);
    let row = &found.tables[0].rows[0];
    assert!(row.contains(&id_number(5)) && row.contains(&card(5)) && row.contains(&name(5)));
    assert!(
        row.contains(&"慰问金".to_owned())
            && row.contains(&"柳溪镇河口村".to_owned()) == (5 % 3 == 1)
    );
    assert!(given.folder.person(&id_number(500)).unwrap().tables.is_empty());
}

#[test]
fn identities_of_many_people_at_once() {
    let given = folder();
    given.import("a.csv", "payments", &payments_csv(&payments(1, 2000)));
    given.import("b.csv", "payments", &payments_csv(&payments(2, 300)));
    let mut keys: Vec<u64> = (0..97).map(|n| given.folder.key_of_id(&id_number(n))).collect();
    keys.push(12345);
    let found = given.folder.vault().unwrap().identities(&keys).unwrap();
    assert_eq!(found.len(), 97);
    for n in 0..97 {
        let key = given.folder.key_of_id(&id_number(n));
        let (_, identity) = found.iter().find(|(k, _)| *k == key).unwrap();
        assert_eq!((&identity.id_number, &identity.name), (&id_number(n), &name(n)));
    }
}

#[test]
fn runs_are_numbered_and_whole() {
    let given = folder();
    assert_eq!(given.folder.latest_run().unwrap(), None);
    assert_eq!(given.folder.save_run(&[("a.json", b"1"), ("b.json", b"2")]).unwrap(), 1);
    assert_eq!(given.folder.save_run(&[("a.json", b"3")]).unwrap(), 2);
    let (number, dir) = given.folder.latest_run().unwrap().unwrap();
    assert_eq!((number, fs::read(dir.join("a.json")).unwrap()), (2, b"3".to_vec()));
}

#[test]
fn mappings_are_remembered_by_header() {
    let given = folder();
    let text = "dataset = \"payments\"\n[columns]\n\"人员\" = \"name\"\n";
    let mapping = exchange::mapping::Mapping::parse("m.toml", text).unwrap();
    assert_eq!(given.folder.mapping_for("0011").unwrap(), None);
    given.folder.remember_mapping("0011", &mapping).unwrap();
    assert_eq!(given.folder.mapping_for("0011").unwrap(), Some(mapping));
}

#[test]
fn every_look_is_one_line() {
    let given = folder();
    let entry = AccessEntry { at_ms: 5, act: "person".to_owned(), people: 1, ..Default::default() };
    given.folder.log_access(&entry).unwrap();
    given.folder.log_access(&entry).unwrap();
    let text = fs::read_to_string(given.data().join("access.log")).unwrap();
    assert_eq!(text.lines().count(), 2);
    assert_eq!(serde_json::from_str::<AccessEntry>(text.lines().next().unwrap()).unwrap(), entry);
}
