//! What a person says about a file goes before what its header says.

use crate::given::{OK_ID, code, open, read_sheet};
use exchange::mapping::{Mapping, fingerprint};
use exchange::recognise::recognise;

const ODD: &str = "甲,乙,丙,丁\n张三,990001198501010031,202403,0.5\n";

#[test]
fn a_mapping_names_columns_units_and_defaults() {
    let source = open("x.csv", ODD).unwrap();
    assert_eq!(code(recognise(&source, 0, None, None)), "no-header");
    let text = "dataset = \"payments\"\nheader_row = 1\n[columns]\n\"甲\" = \"name\"\n\"乙\" = \"person\"\n\
        \"丙\" = \"-\"\n\"丁\" = \"amount_fen\"\n[units]\n\"丁\" = \"万元\"\n\
        [defaults]\nprogramme = \"农村低保\"\nperiod = \"2024-05\"\n";
    let mapping = Mapping::parse("m.toml", text).unwrap();
    let seen = read_sheet(&source, 0, Some(&mapping)).unwrap();
    assert_eq!(seen.column("person"), [format!("{OK_ID} ok")]);
    assert_eq!(seen.column("amount_fen"), ["500000"]);
    assert_eq!(seen.column("period"), ["202405"]);
    assert_eq!(seen.column("programme"), ["农村低保"]);
}

#[test]
fn what_was_recognised_comes_back_from_its_own_file() {
    let source = open(
        "发放.csv",
        "姓名,身份证号,金额(万元),所属期,备注\n张三,990001198501010031,1,2024-01,x\n",
    )
    .unwrap();
    let plan = recognise(&source, 0, None, None).unwrap();
    let mapping = Mapping::from_plan(&plan);
    let read = Mapping::parse("m.toml", &mapping.to_toml()).unwrap();
    let again = recognise(&source, 0, None, Some(&read)).unwrap();
    assert_eq!(again.columns, plan.columns);
    assert_eq!(read.to_toml(), mapping.to_toml());
}

#[test]
fn every_mistake_is_told_at_once() {
    let text = "dataset = \"payment\"\nheader_row = 0\n[units]\n\"丁\" = \"斤\"\n[defaults]\nperiod = \"x\"\nfoo = \"1\"\n";
    let problems = Mapping::parse("m.toml", text).unwrap_err();
    let found: Vec<(&str, &str)> =
        problems.iter().map(|p| (p.code, p.place.column.as_deref().unwrap_or(""))).collect();
    assert_eq!(
        found,
        [
            ("mapping-dataset-unknown", "dataset"),
            ("mapping-value-wrong", "header_row"),
            ("mapping-value-wrong", "units.丁"),
            ("mapping-value-wrong", "defaults.foo"),
            ("mapping-value-wrong", "defaults.period"),
        ]
    );
    let unknown = "dataset = \"payments\"\n[columns]\n\"甲\" = \"nmae\"\n";
    assert_eq!(Mapping::parse("m.toml", unknown).unwrap_err()[0].code, "mapping-column-unknown");
    assert_eq!(Mapping::parse("m.toml", "= 1").unwrap_err()[0].code, "mapping-not-toml");
}

#[test]
fn sources_are_told_apart_by_their_headers_alone() {
    let print = |text: &str| fingerprint(&open("a.csv", text).unwrap(), 0);
    let first = print("姓名,身份证号,金额\n张三,990001198501010031,1\n");
    assert_eq!(first, print("2024年四月\n姓名, 身份证号,金额\n李四,990001194910010042,2\n"));
    assert_ne!(first, print("姓名,身份证号,面积\n张三,990001198501010031,1\n"));
    assert_eq!(first.len(), 16);
}
