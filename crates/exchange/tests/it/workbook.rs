//! Workbooks as offices make them.

use crate::given::{OK_ID, OTHER_ID, open, read_bytes, read_sheet};
use exchange::source::{SHEET_ROWS, locate};
use rust_xlsxwriter::{ExcelDateTime, Format, Formula, Workbook};

fn workbook(fill: impl FnOnce(&mut Workbook)) -> Vec<u8> {
    let mut book = Workbook::new();
    fill(&mut book);
    book.save_to_buffer().unwrap()
}

#[test]
fn titles_merged_headers_and_typed_cells_are_read() {
    let bytes = workbook(|book| {
        let plain = Format::new();
        let date = Format::new().set_num_format("yyyy-mm-dd");
        let page = book.add_worksheet();
        page.merge_range(0, 0, 0, 5, "2024年3月柳溪镇高龄津贴发放表", &plain).unwrap();
        page.merge_range(2, 0, 3, 0, "姓名", &plain).unwrap();
        page.merge_range(2, 1, 3, 1, "身份证号", &plain).unwrap();
        page.merge_range(2, 2, 3, 2, "村", &plain).unwrap();
        page.merge_range(2, 3, 2, 4, "发放", &plain).unwrap();
        page.write(3, 3, "金额(元)").unwrap();
        page.write(3, 4, "日期").unwrap();
        page.merge_range(4, 2, 5, 2, "青石村", &plain).unwrap();
        page.write(4, 0, "张三").unwrap();
        page.write(4, 1, OK_ID).unwrap();
        page.write(4, 3, 100.1 + 0.2).unwrap();
        let day = ExcelDateTime::from_ymd(2024, 3, 15).unwrap();
        page.write_with_format(4, 4, &day, &date).unwrap();
        page.write(5, 0, "李四").unwrap();
        page.write(5, 1, 990_001_194_910_010_042_f64).unwrap();
        page.write(5, 3, "１，０００").unwrap();
        page.write(5, 4, 45_366).unwrap();
        page.write(8, 0, "王五").unwrap();
        page.write(8, 1, OTHER_ID).unwrap();
        page.write(8, 3, Formula::new("=1/0").set_result("#DIV/0!")).unwrap();
        page.write(9, 0, "合计").unwrap();
        page.write(9, 3, 1100.3).unwrap();
    });
    let seen = read_bytes("发放.xlsx", bytes).unwrap();
    assert_eq!(seen.plan.header_row, 4);
    assert_eq!(seen.rows, [5, 6]);
    assert_eq!(seen.column("amount_fen"), ["10030", "100000"]);
    assert_eq!(seen.column("paid_day"), ["19797", "19797"]);
    assert_eq!(seen.column("village"), ["青石村", "青石村"]);
    assert_eq!(seen.column("programme"), ["高龄津贴", "高龄津贴"]);
    assert_eq!(seen.codes(), ["id-precision-lost", "cell-error"]);
    assert_eq!((seen.tally.blank, seen.tally.totals), (2, 1));
    assert_eq!(seen.tally.totals_fen, 110_030);
}

#[test]
fn rows_of_two_sheets_never_share_a_number() {
    let bytes = workbook(|book| {
        for name in ["一月", "二月"] {
            let page = book.add_worksheet();
            page.set_name(name).unwrap();
            for (column, text) in ["姓名", "身份证号", "所属期", "金额"].iter().enumerate()
            {
                page.write(0, column as u16, *text).unwrap();
            }
            for (column, text) in ["张三", OK_ID, "2024-01", "5"].iter().enumerate() {
                page.write(1, column as u16, *text).unwrap();
            }
        }
    });
    let source = open("两个月.xlsx", bytes).unwrap();
    let names: Vec<&str> = source.sheets().iter().map(|s| s.name.as_str()).collect();
    assert_eq!(names, ["一月", "二月"]);
    let rows: Vec<u32> =
        (0..2).flat_map(|sheet| read_sheet(&source, sheet, None).unwrap().rows).collect();
    assert_eq!(rows, [2, SHEET_ROWS + 2]);
    assert_eq!(locate(rows[1], true), (1, 2));
    assert_eq!(locate(SHEET_ROWS, true), (0, SHEET_ROWS));
    assert_eq!(locate(3_000_000, false), (0, 3_000_000));
}

#[test]
fn many_rows_come_in_order_and_an_early_end_stops_the_reader() {
    let bytes = workbook(|book| {
        let page = book.add_worksheet();
        for (column, text) in ["姓名", "身份证号", "所属期", "金额"].iter().enumerate() {
            page.write(0, column as u16, *text).unwrap();
        }
        for row in 1..=30_000 {
            page.write(row, 0, "张三").unwrap();
            page.write(row, 1, OK_ID).unwrap();
            page.write(row, 2, 202_403).unwrap();
            page.write(row, 3, 0.01).unwrap();
        }
    });
    let source = open("发放.xlsx", bytes).unwrap();
    let seen = read_sheet(&source, 0, None).unwrap();
    assert_eq!(seen.rows, (2..=30_001).collect::<Vec<u32>>());
    assert_eq!(seen.tally.kept_fen, 30_000);
    let mut chunks = exchange::read::chunks(&source, &seen.plan).unwrap();
    assert!(chunks.next().is_some_and(|c| c.is_ok()));
}

/// `fixtures/payments.xls` was made with xlwt 1.3.0 by `fixtures/make_xls.py`.
#[test]
fn xls_files_are_read() {
    let bytes = include_bytes!("../fixtures/payments.xls");
    let seen = read_bytes("payments.xls", *bytes).unwrap();
    assert_eq!(seen.plan.header_row, 2);
    assert_eq!(seen.column("name"), ["张三", "李四"]);
    assert_eq!(seen.column("person"), [format!("{OK_ID} ok"), format!("{OTHER_ID} ok")]);
    assert_eq!(seen.column("amount_fen"), ["35050", "100000"]);
    assert_eq!(seen.column("paid_day"), ["19797", "19797"]);
    assert_eq!(seen.column("village"), ["青石村", "青石村"]);
    assert_eq!(seen.tally.totals_fen, 135_050);
}
