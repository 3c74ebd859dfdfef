//! Files from elsewhere with other header words import without a mapping file.

use crate::support::{County, PEOPLE};

#[test]
fn other_words_for_the_same_things() {
    let county = County::new();
    let (a, b) = (&PEOPLE[0], &PEOPLE[1]);
    let (ida, idb) = (a.id, b.id);
    county.file(
        "2025年3月高龄补贴打卡明细.csv",
        format!(
            "河口县高龄津贴资金发放花名册\n\
             单位：元,,,,\n\
             序号,领取人姓名,公民身份证号码,所属村（社区）,实发金额,社保卡号\n\
             1,{},{ida},白马乡河口村,\"1,100\",{}\n\
             2,{},{idb},白马乡河口村,100.00,{}\n\
             ,合计,,,1200,\n\
             制表人：甲,,审核人：乙,,,\n",
            a.name, a.card, b.name, b.card,
        ),
    );
    county.file(
        "火化名单.tsv",
        format!(
            "逝者姓名\t逝者身份证号\t去世日期\t火化日期\n{}\t{ida}\t2025.1.3\t2025/1/5\n",
            a.name
        ),
    );
    county.file(
        "车管所导出.csv",
        format!(
            "车主\t证件号码\t车型\t发票金额（万元）\t初次登记日期\n\
             {}\t{idb}\t小型轿车\t12.8\t20240105\n",
            b.name
        ),
    );
    county.file(
        "社保编制人员.csv",
        format!(
            "人员姓名,居民身份证号码,工作单位,编制性质,参加工作时间\n\
             {},{idb},某局,在编,2010年1月1日\n",
            b.name
        ),
    );
    county.file(
        "两委班子.csv",
        format!(
            "姓名,身份证号,所在乡镇,任职村,现任职务,任职日期\n\
             {},{ida},白马乡,河口村,主任,2021-03-01\n",
            a.name
        ),
    );
    county.file(
        "残联持证.csv",
        format!(
            "残疾人姓名,残疾人证号,身份证号,残疾类型,残疾等级,发证日期,有效期至\n\
             {},{idb}42,{idb},4,2,2020-01-01,2030-01-01\n",
            b.name
        ),
    );
    let folder = county.root.path().join("files");
    let ran = county.run("import", &[folder.to_str().expect("path")]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    for dataset in ["payments", "deaths", "vehicles", "payroll", "cadres", "disability_cards"] {
        assert!(ran.err.contains(&format!("understood as {dataset}")), "{dataset}: {}", ran.err);
    }
    assert!(ran.err.contains("1,200.00 yuan written"), "{}", ran.err);
    let programmes = county.run("programmes", &["--json"]);
    assert_eq!(programmes.code, 0, "{}", programmes.err);
}
