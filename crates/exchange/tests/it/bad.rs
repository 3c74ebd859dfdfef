//! Input that is no table: each case one clear problem, and never much memory.

use std::io::{Cursor, Write};

use crate::given::{OK_ID, code, open, read_bytes};
use exchange::source::{Limits, Source};
use rust_xlsxwriter::Workbook;
use zip::write::SimpleFileOptions;

fn good_xlsx() -> Vec<u8> {
    let mut book = Workbook::new();
    let page = book.add_worksheet();
    for (column, text) in ["姓名", "身份证号", "所属期", "金额"].iter().enumerate() {
        page.write(0, column as u16, *text).unwrap();
    }
    for (column, text) in ["张三", OK_ID, "2024-03", "1"].iter().enumerate() {
        page.write(1, column as u16, *text).unwrap();
    }
    book.save_to_buffer().unwrap()
}

/// A good workbook in which one part is another.
fn with_part(name: &str, content: &[u8]) -> Vec<u8> {
    let mut old = zip::ZipArchive::new(Cursor::new(good_xlsx())).unwrap();
    let mut new = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for at in 0..old.len() {
        let part = old.by_index(at).unwrap();
        if part.name().unwrap() != name {
            new.raw_copy_file(part).unwrap();
        }
    }
    new.start_file(name, SimpleFileOptions::default()).unwrap();
    new.write_all(content).unwrap();
    new.finish().unwrap().into_inner()
}

/// The first sectors of a compound file with the given streams, all of no content.
fn compound(names: &[&str]) -> Vec<u8> {
    let mut file = vec![0_u8; 512 * 3];
    file[..8].copy_from_slice(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1");
    file[26] = 3;
    file[28..30].copy_from_slice(&[0xfe, 0xff]);
    file[30] = 9;
    file[32] = 6;
    file[44] = 1;
    file[48] = 1;
    file[60..64].copy_from_slice(&[0xfe, 0xff, 0xff, 0xff]);
    file[68..72].copy_from_slice(&[0xfe, 0xff, 0xff, 0xff]);
    file[76..512].fill(0xff);
    file[76..80].fill(0);
    file[512..1024].fill(0xff);
    file[512..520].copy_from_slice(&[0xfd, 0xff, 0xff, 0xff, 0xfe, 0xff, 0xff, 0xff]);
    for (at, name) in ["Root Entry"].iter().chain(names).enumerate() {
        let start = 1024 + 128 * at;
        let units: Vec<u8> = name.encode_utf16().flat_map(u16::to_le_bytes).collect();
        file[start..start + units.len()].copy_from_slice(&units);
        file[start + 64] = (units.len() + 2) as u8;
        file[start + 116..start + 120].copy_from_slice(&[0xfe, 0xff, 0xff, 0xff]);
    }
    file
}

#[test]
fn each_bad_file_has_its_own_code() {
    let xlsx = good_xlsx();
    let noise: Vec<u8> =
        (0..4096_u32).map(|i| (i.wrapping_mul(2_654_435_761) >> 13) as u8).collect();
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    zip.start_file("a.txt", SimpleFileOptions::default()).unwrap();
    let zip = zip.finish().unwrap().into_inner();
    let header = "姓名,身份证号,所属期,金额\n";
    let cases: Vec<(&str, Vec<u8>, &str)> = vec![
        ("empty", Vec::new(), "file-empty"),
        ("only a mark", b"\xef\xbb\xbf".to_vec(), "file-empty"),
        ("only blanks", b" \n\n \r\n".to_vec(), "file-empty"),
        ("noise", noise, "not-a-table"),
        ("zeros", vec![0; 5000], "not-a-table"),
        ("PDF", b"%PDF-1.7\n%\xe2\xe3".to_vec(), "not-a-table"),
        ("PNG", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".to_vec(), "not-a-table"),
        ("JPEG", b"\xff\xd8\xff\xe0\0\x10JFIF".to_vec(), "not-a-table"),
        ("web page", b"<html><table><tr><td>1</td></tr></table></html>".to_vec(), "not-a-table"),
        ("ZIP", zip, "not-a-table"),
        ("Word", compound(&["WordDocument"]), "not-a-table"),
        ("half a workbook", xlsx[..xlsx.len() / 2].to_vec(), "workbook-damaged"),
        ("a workbook's start", xlsx[..30].to_vec(), "workbook-damaged"),
        ("half an XLS", compound(&["Workbook"])[..700].to_vec(), "workbook-damaged"),
        ("encrypted", compound(&["EncryptionInfo", "EncryptedPackage"]), "workbook-encrypted"),
        ("encrypted XLS", xls_with_password(), "workbook-encrypted"),
        ("no header", format!("张三,{OK_ID},5\n李四,{OK_ID},6\n").into(), "no-header"),
        ("header only", header.into(), "header-only"),
        ("header and blanks", format!("{header},,,\n\n").into(), "header-only"),
        ("wrong delimiter", "姓名^身份证号^金额\n张三^1^5\n".into(), "wrong-delimiter"),
        ("open quote", format!("{header}\"张三,{OK_ID},2024-03,1\n").into(), "quote-not-closed"),
        (
            "no amount",
            "姓名,身份证号,补贴标准,银行账号\n张三,1,5,6\n".into(),
            "required-column-missing",
        ),
        ("anybody", format!("姓名,身份证号\n张三,{OK_ID}\n").into(), "dataset-not-recognised"),
    ];
    for (what, bytes, expect) in cases {
        assert_eq!(code(read_bytes("文件.dat", bytes)), expect, "{what}");
    }
}

fn xls_with_password() -> Vec<u8> {
    // A FILEPASS record (0x002f) right behind the first BOF record makes the rest unreadable.
    let mut bytes = include_bytes!("../fixtures/payments.xls").to_vec();
    let bof = bytes.windows(4).position(|w| w == [0x09, 0x08, 0x10, 0x00]).unwrap();
    let next = bof + 4 + 16;
    let length = u16::from_le_bytes([bytes[next + 2], bytes[next + 3]]);
    bytes[next..next + 2].copy_from_slice(&[0x2f, 0x00]);
    assert!(length >= 2);
    bytes[next + 4..next + 6].copy_from_slice(&[0x01, 0x00]);
    bytes
}

#[test]
fn a_problem_names_the_file_and_the_place() {
    let text = format!("姓名,身份证号,所属期,金额\n张三,{OK_ID},2024-03,1\n\"李四,1,1,1\n");
    let Err(domain::problem::Failure::Problem(problem)) = read_bytes("三月.csv", text) else {
        panic!()
    };
    assert_eq!(problem.place.file.as_deref(), Some("三月.csv"));
    assert_eq!(problem.place.row, Some(3));
}

#[test]
fn found_words_in_a_problem_are_masked() {
    let Err(domain::problem::Failure::Problem(problem)) =
        read_bytes("a.csv", format!("张三丰,{OK_ID},5\n"))
    else {
        panic!()
    };
    let shown = format!("{:?}", problem.args);
    assert!(!shown.contains(OK_ID) && !shown.contains("张三丰"), "{shown}");
}

#[test]
fn some_zero_bytes_do_not_spoil_a_table() {
    let text = format!("姓名,身份证号,所属期,金额\n张\0三,{OK_ID},2024-03,1\n").repeat(3);
    let seen = read_bytes("补贴发放.csv", text).unwrap();
    assert_eq!(seen.column("name"), ["张三"; 3]);
}

#[test]
fn bombs_are_refused_before_they_unpack() {
    let sheet = "xl/worksheets/sheet1.xml";
    let bombs = [
        ("ratio", with_part(sheet, &vec![b' '; 8 << 20]), Limits::default()),
        (
            "size",
            with_part(sheet, "<row/>".repeat(1 << 17).as_bytes()),
            Limits { max_unpacked_bytes: 1 << 19, ..Limits::default() },
        ),
        (
            "shared texts",
            with_part("xl/sharedStrings.xml", "<si><t>a</t></si>".repeat(1 << 15).as_bytes()),
            Limits { max_held_bytes: 1 << 18, ..Limits::default() },
        ),
        (
            "one long text",
            with_part(sheet, &vec![b'a'; 1 << 19]),
            Limits { max_line_bytes: 1 << 18, ..Limits::default() },
        ),
    ];
    for (what, bytes, limits) in bombs {
        assert_eq!(
            code(Source::from_bytes("b.xlsx", bytes, limits)),
            "workbook-too-large",
            "{what}"
        );
    }
    let claim = b"<?xml version=\"1.0\"?><sst uniqueCount=\"9999999999999\" count=\"1\"><si><t>a</t></si></sst>";
    let claiming = with_part("xl/sharedStrings.xml", claim);
    assert_eq!(code(open("b.xlsx", claiming)), "workbook-damaged");
    let small = Limits { max_xls_bytes: 1024, ..Limits::default() };
    let xls = include_bytes!("../fixtures/payments.xls").to_vec();
    assert_eq!(code(Source::from_bytes("b.xls", xls, small)), "workbook-too-large");
}

/// Found by the fuzzer: the reader library follows such a chain for ever, and keeps all of it.
#[test]
fn a_compound_file_whose_chains_never_end_is_refused() {
    let mut circle = compound(&["Workbook"]);
    circle[516..520].copy_from_slice(&[1, 0, 0, 0]);
    assert_eq!(code(open("a.xls", circle)), "workbook-damaged");
    let mut boundless = compound(&["Workbook"]);
    let size = 1024 + 128 + 120;
    boundless[size..size + 4].copy_from_slice(&[0xff; 4]);
    assert_eq!(code(open("a.xls", boundless)), "workbook-damaged");
}

#[test]
fn a_line_without_end_is_refused_with_bounded_memory() {
    let limits = Limits { max_line_bytes: 1 << 20, ..Limits::default() };
    let mut bytes = "姓名,身份证号,所属期,金额\n".as_bytes().to_vec();
    bytes.extend_from_slice(format!("张三,{OK_ID},2024-03,1\n").as_bytes());
    bytes.resize(20 << 20, b'9');
    let source = Source::from_bytes("a.csv", bytes, limits).unwrap();
    let plan = exchange::recognise::recognise(&source, 0, None, None).unwrap();
    let mut chunks = exchange::read::chunks(&source, &plan).unwrap();
    assert!(chunks.next().is_some_and(|c| c.is_ok()));
    assert_eq!(chunks.next().map(code), Some("line-too-long"));
    assert!(chunks.next().is_none());
}

#[test]
fn folders_and_missing_files_are_told() {
    let folder = tempfile::tempdir().unwrap();
    assert_eq!(code(Source::open(folder.path(), Limits::default())), "not-a-file");
    let missing = folder.path().join("nothing.csv");
    assert_eq!(code(Source::open(&missing, Limits::default())), "file-unreadable");
    let path = folder.path().join("三月.csv");
    std::fs::write(&path, format!("姓名,身份证号,所属期,金额\n张三,{OK_ID},2024-03,1\n")).unwrap();
    let source = Source::open(&path, Limits::default()).unwrap();
    assert_eq!((source.name(), source.path()), ("三月.csv", path.as_path()));
}
