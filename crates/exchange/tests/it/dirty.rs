//! Rows as clerks write them.

use crate::given::{OK_ID, OTHER_ID, read_bytes, read_text};

#[test]
fn titles_notes_totals_and_signatures_are_no_data() {
    let seen = read_text(&format!(
        "2024年3月柳溪镇农村低保金发放表,,,,\n单位：万元,,,,\n\n序号,姓 名,身份证号码,行政村,金额\n\
         1,张三,{OK_ID},青石村,0.0350\n2,李四,{OTHER_ID},青石村,0.1\n小计,,,,0.135\n\
         序号,姓 名,身份证号码,行政村,金额\n3,王五,{OK_ID},河口村,１\n合　计,,,,1.135\n制表人：赵六,,审核人：钱七,,\n"
    ));
    assert_eq!(seen.plan.header_row, 4);
    assert_eq!(seen.rows, [5, 6, 9]);
    assert_eq!(seen.column("amount_fen"), ["35000", "100000", "1000000"]);
    assert_eq!(seen.column("period"), ["202403"; 3]);
    assert_eq!(seen.column("programme"), ["农村低保金"; 3]);
    assert_eq!(seen.column("township"), ["柳溪镇"; 3]);
    assert_eq!((seen.tally.read, seen.tally.totals, seen.tally.blank), (3, 4, 0));
    assert_eq!(seen.tally.kept_fen, 1_135_000);
    assert_eq!(seen.tally.totals_fen, 135_000 + 1_135_000);
    assert_eq!(seen.codes(), [] as [&str; 0]);
}

#[test]
fn two_header_rows_are_one_header() {
    let seen = read_text(&format!(
        "2024年3月\n姓名,身份证号,补贴,,收款人,,发放\n,,面积(亩),标准(元/亩),姓名,身份证号,金额\n\
         张三,{OK_ID},3.5,100,李四,{OTHER_ID},350\n"
    ));
    assert_eq!(seen.column("name"), ["张三"]);
    assert_eq!(seen.column("payee_name"), ["李四"]);
    assert_eq!(seen.column("payee"), [format!("{OTHER_ID} ok")]);
    assert_eq!(seen.column("area_mu_e4"), ["35000"]);
    assert_eq!(seen.column("amount_fen"), ["35000"]);
}

#[test]
fn each_refused_row_has_its_reason_and_the_money_reconciles() {
    let rows = [
        (format!("张三,{OK_ID},2024-03,100"), None),
        (format!("张三,{OK_ID},2024-03,"), Some(("value-missing", true))),
        (format!("张三,{OK_ID},2024-03,一百"), Some(("amount-not-a-number", true))),
        (format!("张三,{OK_ID},2024-03,0.001"), Some(("amount-below-fen", true))),
        (format!("张三,{OK_ID},2024-03,99999999999999999999"), Some(("amount-too-large", true))),
        (format!("张三,{OK_ID},,10"), Some(("period-missing", true))),
        (format!("张三,{OK_ID},三月,20"), Some(("month-not-readable", false))),
        (",,2024-03,40".to_owned(), Some(("id-and-name-missing", true))),
        ("张三,,2024-03,80".to_owned(), Some(("id-missing", false))),
        ("张三,无,2024-03,160".to_owned(), Some(("id-missing", false))),
        ("张三,990001199001010032,2024-03,320".to_owned(), Some(("id-check-digit", false))),
        ("张三,990001199013010031,2024-03,640".to_owned(), Some(("id-date", false))),
        ("张三,12345,2024-03,1280".to_owned(), Some(("id-form", false))),
        (format!("张三,{OK_ID}"), Some(("too-few-columns", true))),
        (format!("张三,{OK_ID},2024-03,1,234.50"), Some(("too-many-columns", true))),
        (format!("张三,{OK_ID},2024-03,#N/A"), Some(("cell-error", true))),
        (format!("张三,{OK_ID},2024-03,\"(1,000.50)\""), None),
    ];
    for (row, expect) in &rows {
        let seen = read_text(&format!("姓名,身份证号,所属期,金额\n{row}\n"));
        let found = seen.problems.first().map(|p| (p.2, p.3));
        // A month that cannot be read leaves the row without any period.
        if *row == format!("张三,{OK_ID},三月,20") {
            assert_eq!(seen.codes(), ["month-not-readable", "period-missing"]);
            continue;
        }
        assert_eq!(found, *expect, "{row}");
        let refused = expect.is_some_and(|(_, refused)| refused);
        assert_eq!(seen.tally.refused, u64::from(refused), "{row}");
    }
    let body: String = rows.iter().map(|(row, _)| format!("{row}\n")).collect();
    let seen = read_text(&format!("姓名,身份证号,所属期,金额\n{body}"));
    assert_eq!(seen.tally.read, rows.len() as u64);
    assert_eq!(seen.rows.len() as u64 + seen.tally.refused, seen.tally.read);
    assert_eq!(seen.tally.kept_fen, (100 + 80 + 160 + 320 + 640 + 1280) * 100 - 100_050);
    assert_eq!(seen.tally.refused_fen, (10 + 20 + 40 + 1) * 100);
}

#[test]
fn optional_values_that_cannot_be_read_cost_only_themselves() {
    let seen = read_bytes(
        "死亡人员.csv",
        format!("姓名,身份证号,死亡日期,注销日期\n张三,{OK_ID},2024年1月5日,不详\n李四,{OTHER_ID},45296,20240106\n"),
    )
    .unwrap();
    assert_eq!(seen.plan.table.name, "deaths");
    assert_eq!(seen.column("death_day"), ["19727", "19727"]);
    assert_eq!(seen.column("reported_day"), ["", "19728"]);
    assert_eq!(seen.problems, [(2, "注销日期".to_owned(), "day-not-readable", false)]);
}

#[test]
fn the_better_of_two_columns_wins_and_the_other_is_named() {
    let seen =
        read_text(&format!("姓名,身份证号,所属期,本月实发金额,金额\n张三,{OK_ID},2024-03,7,5\n"));
    assert_eq!(seen.column("amount_fen"), ["500"]);
    let note = &seen.plan.notes[0];
    assert_eq!(note.code, "column-claimed-twice");
    assert_eq!(note.place.column.as_deref(), Some("本月实发金额"));
}

#[test]
fn values_of_people_never_stand_in_problems() {
    let plan_and_problems =
        read_text("姓名,身份证号,所属期,金额\n张三丰,990001199001010032,2024-03,1\n");
    let shown = format!("{:?}", plan_and_problems.problems);
    assert!(!shown.contains("990001199001010032"), "{shown}");
}

#[test]
fn every_table_is_recognised_by_its_official_headers() {
    for table in domain::facts::TABLES {
        let headers: Vec<&str> = table.columns.iter().map(|c| c.synonyms[0]).collect();
        let names: Vec<&str> = table.columns.iter().map(|c| c.name).collect();
        for header in [headers, names] {
            let text = format!("{}\n{}\n", header.join(","), vec!["1"; header.len()].join(","));
            let seen = read_bytes("数据.csv", text).unwrap();
            assert_eq!(seen.plan.table.name, table.name, "{header:?}");
            let targets: Vec<Option<usize>> = seen.plan.columns.iter().map(|c| c.target).collect();
            let all: Vec<Option<usize>> = (0..header.len()).map(Some).collect();
            assert_eq!(targets, all, "{header:?}");
        }
    }
}
