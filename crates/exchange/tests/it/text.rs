//! Encodings, delimiters, line ends, quotes and row numbers of text files.

use crate::given::{OK_ID, OTHER_ID, read_bytes, read_text};
use encoding_rs::GB18030;

const TABLE: &str = "姓名,身份证号,项目名称,所属期,金额\n\
    张三,990001198501010031,农村低保,2024-03,350.5\n\
    李四,990001194910010042,农村低保,2024-03,1000\n";

fn utf16(text: &str, big: bool, bom: bool) -> Vec<u8> {
    let mut bytes: Vec<u8> = Vec::new();
    let units = bom.then_some(0xfeff).into_iter().chain(text.encode_utf16());
    for unit in units {
        bytes.extend(if big { unit.to_be_bytes() } else { unit.to_le_bytes() });
    }
    bytes
}

#[test]
fn every_encoding_and_delimiter_gives_the_same_rows() {
    let variants: Vec<(&str, Vec<u8>)> = vec![
        ("UTF-8", TABLE.into()),
        ("UTF-8 with mark", [b"\xef\xbb\xbf", TABLE.as_bytes()].concat()),
        ("GB18030", GB18030.encode(TABLE).0.into_owned()),
        ("GB18030 with bars", GB18030.encode(&TABLE.replace(',', "|")).0.into_owned()),
        ("UTF-16LE", utf16(TABLE, false, true)),
        ("UTF-16BE", utf16(TABLE, true, true)),
        ("UTF-16LE without mark", utf16(TABLE, false, false)),
        ("tabs", TABLE.replace(',', "\t").into()),
        ("semicolons", TABLE.replace(',', ";").into()),
        ("CRLF", TABLE.replace('\n', "\r\n").into()),
        ("CR", TABLE.replace('\n', "\r").into()),
        ("quotes", TABLE.replace("350.5", "\"350.5\"").into()),
        ("no end of line", TABLE.trim_end().into()),
    ];
    for (what, bytes) in variants {
        let seen = read_bytes("补贴发放.csv", bytes).unwrap();
        assert_eq!(seen.plan.table.name, "payments", "{what}");
        assert_eq!(seen.rows, [2, 3], "{what}");
        assert_eq!(seen.column("name"), ["张三", "李四"], "{what}");
        assert_eq!(seen.column("person"), [format!("{OK_ID} ok"), format!("{OTHER_ID} ok")]);
        assert_eq!(seen.column("amount_fen"), ["35050", "100000"], "{what}");
        assert_eq!(seen.tally.kept_fen, 135_050, "{what}");
        assert_eq!(seen.problems, [], "{what}");
    }
}

#[test]
fn row_numbers_count_blank_lines_and_quoted_line_ends_as_a_spreadsheet_does() {
    let seen = read_text(&format!(
        "\n姓名,身份证号,所属期,金额\n\n张三,{OK_ID},2024-03,1\r\n,,,\n\"李\n四\",{OTHER_ID},2024-03,2\n\n\n"
    ));
    assert_eq!(seen.rows, [4, 6]);
    assert_eq!(seen.column("name"), ["张三", "李四"]);
    assert_eq!(seen.tally.blank, 4);
    assert_eq!(seen.tally.read, 2);
}

#[test]
fn row_numbers_hold_across_chunks() {
    let mut text = String::from("姓名,身份证号,所属期,金额,备注\n");
    for row in 0..60_000 {
        let filler = "备".repeat(row % 40);
        text += &format!("张三,{OK_ID},2024-03,0.01,\"{filler}\n\"\"\"\n");
    }
    let seen = read_text(&text);
    assert_eq!(seen.rows, (2..60_002).collect::<Vec<u32>>());
    assert_eq!(seen.tally.kept_fen, 60_000);
}

#[test]
fn wrong_bytes_are_told_and_the_rest_is_kept() {
    let mut bytes = TABLE.repeat(50).into_bytes();
    let at = bytes.len() - 4;
    bytes[at - 70] = 0xff;
    let seen = read_bytes("补贴发放.csv", bytes).unwrap();
    assert_eq!(seen.codes(), ["bytes-not-readable"]);
    assert_eq!(seen.tally.refused, 0);
}

#[test]
fn gb18030_after_a_plain_head_is_read_too() {
    let mut bytes = b"name,id_number,period,amount\n".to_vec();
    while bytes.len() < 3 << 20 {
        bytes.extend(format!("Wang,{OK_ID},2024-03,1\n").bytes());
    }
    bytes.extend_from_slice(&GB18030.encode(&format!("王五,{OTHER_ID},2024-03,1\n")).0);
    let seen = read_bytes("payments.csv", bytes).unwrap();
    assert_eq!(seen.column("name").last().map(String::as_str), Some("王五"));
    assert_eq!(seen.codes(), [] as [&str; 0]);
}
