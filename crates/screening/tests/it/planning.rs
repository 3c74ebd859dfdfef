//! Plans: nothing but reading, values bound by name, no exchange of rows where none is needed.

use std::collections::BTreeMap;

use datafusion::common::ScalarValue;
use domain::benefit::Benefits;
use screening::engine::Engine;
use screening::session::Session;

use crate::support::MadeUp;

const FACTS: MadeUp = MadeUp { people: 3000, months: 14 };

/// The physical plan of a query, and the number of its rows.
fn asked(sql: &str) -> (String, usize) {
    let benefits = Benefits::default();
    let mut session = Session::new(&FACTS, &benefits, None).unwrap();
    session.add_sql("query", sql).unwrap();
    session.load().unwrap();
    let plan = session.explain("query").unwrap();
    let (rows, _) = session.rows("query").unwrap();
    (plan, rows.iter().map(|batch| batch.num_rows()).sum())
}

#[test]
fn grouping_by_person_exchanges_no_rows() {
    let sql = "select person, programme, period, count(*) from payments group by 1, 2, 3";
    let (plan, rows) = asked(sql);
    assert!(!plan.contains("RepartitionExec"), "{plan}");
    assert!(plan.contains("GroupedExec"), "{plan}");
    assert_eq!(rows, 3000 * 14);
}

#[test]
fn joining_by_person_exchanges_no_rows() {
    let sql = "select p.person, sum(p.amount_fen) from payments p join people q on p.person = q.person \
               where p.village = q.village group by p.person";
    let (plan, rows) = asked(sql);
    assert!(!plan.contains("RepartitionExec"), "{plan}");
    assert_eq!(rows, 3000);
}

#[test]
fn joins_with_rows_that_were_exchanged_lose_none() {
    // One side lies in ranges of `person`, the other must be brought there from ranges of another
    // table's key: cuts that were declared as hashes would lose matches here.
    let sql = "select a.person from (select person, amount_fen + period as n from payments) a \
               join (select person as other, amount_fen + period as n from payments) b \
               on a.n = b.n and a.person = b.other";
    assert_eq!(asked(sql).1, 3000 * 14);
    let sql = "select p.person from payments p \
               join (select cast(village as bigint unsigned) as v, max(person) as person \
               from payments group by 1) m on m.person = p.person";
    assert_eq!(asked(sql).1, 30 * 14);
}

#[test]
fn only_reading_is_planned() {
    let engine = Engine::new().unwrap();
    for sql in [
        "create table x (a int)",
        "create view x as select 1",
        "drop table payments",
        "insert into payments select * from payments",
        "delete from payments",
        "update payments set amount_fen = 0",
        "copy payments to 'x.csv'",
        "set datafusion.execution.batch_size = 1",
        "explain select 1",
        "explain analyze select 1",
        "describe payments",
        "show tables",
        "select 1; select 2",
        "select * from information_schema.tables",
        "create external table x stored as csv location '/etc/passwd'",
        "select * from '/etc/passwd'",
        "",
    ] {
        assert!(engine.plan(sql).is_err(), "{sql}");
    }
}

#[test]
fn values_are_bound_and_never_pasted() {
    let engine = Engine::new().unwrap();
    let plan = engine.plan("select '$limit' as a, $limit as b, $limit + 1 as c").unwrap();
    let bindings = BTreeMap::from([("limit".to_owned(), ScalarValue::Int64(Some(7)))]);
    let (_, batches) = engine.run(&engine.bind(plan, &bindings).unwrap()).unwrap();
    let shown = arrow::util::display::array_value_to_string;
    let batch = batches.first().unwrap();
    let row: Vec<String> = batch.columns().iter().map(|c| shown(c, 0).unwrap()).collect();
    assert_eq!(row, ["$limit", "7", "8"]);
}
