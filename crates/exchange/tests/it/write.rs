//! Tables written for people.

use crate::given::{code, read_bytes};
use exchange::write::{Cell, csv_table, xlsx_table};
use std::io::Cursor;

#[test]
fn a_text_that_looks_like_a_formula_stays_a_text() {
    let mut csv = Vec::new();
    let row = vec![Cell::Text("=1+1".into()), Cell::Text("-5".into()), Cell::Empty];
    csv_table(&mut csv, &["值", "数", "空"], std::iter::once(row)).unwrap();
    assert_eq!(String::from_utf8(csv).unwrap(), "\u{feff}值,数,空\n'=1+1,-5,\n");
}

#[test]
fn tables_come_back_as_they_were_written() {
    let headers = ["姓名", "身份证号", "所属期", "金额"];
    let rows = || {
        [("张三", "990001198501010031", 123_456), ("李四", "990001194910010042", -5)].map(
            |(n, id, fen)| {
                vec![
                    Cell::Text(n.into()),
                    Cell::Text(id.into()),
                    Cell::Count(202_403),
                    Cell::Fen(fen),
                ]
            },
        )
    };
    let mut csv = Vec::new();
    csv_table(&mut csv, &headers, rows().into_iter()).unwrap();
    let mut xlsx = Cursor::new(Vec::new());
    xlsx_table(&mut xlsx, "结果", &headers, rows().into_iter()).unwrap();
    for (name, bytes) in [("a.csv", csv), ("a.xlsx", xlsx.into_inner())] {
        let seen = read_bytes(name, bytes).unwrap();
        assert_eq!(seen.column("amount_fen"), ["123456", "-5"], "{name}");
        assert_eq!(seen.column("period"), ["202403", "202403"], "{name}");
    }
    assert_eq!(code(xlsx_table(Cursor::new(Vec::new()), "a", &[], std::iter::empty())), "ok");
}
