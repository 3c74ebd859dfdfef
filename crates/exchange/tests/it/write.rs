//! Tables written for people.

use crate::given::{code, read_bytes, read_text};
use exchange::block::RowProblem;
use exchange::write::{Cell, ProblemsFile, csv_table, xlsx_table};
use std::io::Cursor;

#[test]
fn problems_are_a_file_that_spreadsheets_open() {
    let seen = read_text("姓名,身份证号,所属期,金额\n张三,990001198501010031,2024-03,\n");
    let headers = ["表", "行", "列", "值", "处理", "原因", "办法"];
    let mut file = ProblemsFile::new(Vec::new(), headers).unwrap();
    let problem = RowProblem {
        row: 2,
        column: "金额".into(),
        value: "=1+1".into(),
        code: "value-missing",
        refused: true,
    };
    file.add(&seen.plan, &problem, ("未入库", "没有金额", "补上金额")).unwrap();
    let text = String::from_utf8(file.finish().unwrap()).unwrap();
    assert_eq!(
        text,
        "\u{feff}表,行,列,值,处理,原因,办法\n,2,金额,'=1+1,未入库,没有金额,补上金额\n"
    );
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
