//! The shipped catalogue loads without a problem and knows programmes by the names counties write.

use std::path::Path;
use std::sync::LazyLock;

use domain::benefit::{Benefits, MatchKind};
use domain::catalogue::{Catalogue, Category, DutyClass, Power};
use domain::terms::Terms;
use proptest::prelude::*;

fn files() -> Vec<(String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../catalogues");
    let (mut files, mut open) = (Vec::new(), vec![root.clone()]);
    while let Some(folder) = open.pop() {
        for entry in std::fs::read_dir(folder).expect("folder") {
            let path = entry.expect("entry").path();
            if path.is_dir() {
                open.push(path);
            } else if path.extension().is_some_and(|e| e == "toml") {
                let inside =
                    path.strip_prefix(&root).expect("inside").to_string_lossy().into_owned();
                files.push((inside, std::fs::read_to_string(&path).expect("text")));
            }
        }
    }
    files
}

/// The catalogue that the program brings.
pub fn shipped() -> Catalogue {
    let (catalogue, problems) = Catalogue::load(&files());
    assert_eq!(problems, [], "the shipped catalogues have problems");
    catalogue
}

fn benefits() -> Benefits {
    let (benefits, problems) = Benefits::load(&files());
    assert_eq!(problems, [], "the shipped catalogue has problems");
    benefits
}

#[test]
fn the_catalogues_of_the_register_have_no_problems() {
    let catalogue = shipped();
    let count = |category: Category| {
        catalogue.powers.values().filter(|power| power.category == category).count()
    };
    use Category::{A, B, C, D, E, F, G, H};
    assert_eq!([A, B, C, D, E, F, G, H].map(count), [5, 5, 8, 6, 2, 8, 2, 4]);
    let core = |power: &&Power| power.profiles.iter().any(|profile| profile == "core27");
    assert_eq!(catalogue.powers.values().filter(core).count(), 27);
    let parts = catalogue.duties.values().filter(|duty| duty.part_of.is_some()).count();
    let classes = catalogue
        .duties
        .values()
        .filter(|duty| duty.class == DutyClass::Finance && duty.part_of.is_none());
    assert_eq!((parts, classes.count()), (44, 8));
    for code in ["six-step", "four-deliberations", "petition", "accusation", "clue"] {
        assert!(catalogue.procedures.contains_key(code), "{code}");
    }
    assert!([2024, 2025, 2026].iter().all(|year| catalogue.calendars.contains_key(year)));
}

#[test]
fn all_programmes_of_the_field_are_there() {
    let benefits = benefits();
    assert!(benefits.items.len() >= 60, "{}", benefits.items.len());
    assert!(benefits.pairs.len() >= 20, "{}", benefits.pairs.len());
    for (index, item) in benefits.items.iter().enumerate() {
        assert_eq!(item.number(), i32::try_from(index).expect("small") + 1, "{}", item.code);
        for name in [&item.code, &item.title.zh].into_iter().chain(&item.aliases) {
            let found = benefits.recognise(name).map(|(b, kind)| (b.code.as_str(), kind));
            assert_eq!(found, Some((item.code.as_str(), MatchKind::Exact)), "{name}");
        }
    }
}

/// Names as counties write them, and the programme that each means.
const NAMES: &[(&str, Option<&str>)] = &[
    ("农村低保金", Some("S01")),
    ("2024年3月柳溪镇农村低保资金发放表", Some("S01")),
    ("农村最低生活保障资金", Some("S01")),
    ("农村居民最低生活保障补助资金", Some("S01")),
    ("城市最低生活保障资金", Some("S02")),
    ("特困人员分散供养金", Some("S03")),
    ("特困人员集中供养金", Some("S04")),
    ("临时救助资金", Some("S06")),
    ("孤儿基本生活费补助", Some("S07")),
    ("事实无人抚养儿童基本生活补贴资金", Some("S08")),
    ("困难残疾人生活补贴（2025）", Some("S09")),
    ("重度残疾人护理补贴资金", Some("S10")),
    ("高龄津贴（80-89岁）", Some("S11")),
    ("80周岁以上高龄老人津贴", Some("S11")),
    ("城乡居民基本养老保险待遇", Some("S18")),
    ("计划生育家庭特别扶助", Some("S21")),
    ("部分农村籍退役士兵生活补助", Some("S23")),
    ("2025年耕地地力保护补贴资金", Some("S26")),
    ("耕地地力保护补贴（第一批）", Some("S26")),
    ("实际种粮农民一次性补贴资金", Some("S27")),
    ("玉米生产者补贴", Some("S28")),
    ("新一轮退耕还林补助资金", Some("S34")),
    ("森林生态效益补偿资金", Some("S35")),
    ("生态护林员劳务补助", Some("S36")),
    ("大中型水库移民后期扶持资金", Some("S39")),
    ("农村危房改造补助资金", Some("S40")),
    ("雨露计划职业教育补助", Some("S42")),
    ("乡村公益性岗位补贴", Some("S49")),
    ("s49", Some("S49")),
    ("农村户厕改造奖补资金", Some("S52")),
    ("离任村干部生活补贴", Some("S55")),
    ("城镇低保", Some("S02")),
    ("《农村低保》资金", Some("S01")),
    ("最低生活保障（农村）", Some("S01")),
    ("清源县民政局2024年第一季度城市低保金发放花名册", Some("S02")),
    ("S01", Some("S01")),
    ("低保", Some("S01")),
    ("特困人员救助供养资金", Some("S03")),
    ("特困供养（集中）", Some("S04")),
    ("第三批临时救助金", Some("S06")),
    ("高龄补贴资金发放表", Some("S11")),
    ("202403高龄老人津贴", Some("S11")),
    ("60年代精减退职老职工", Some("S15")),
    ("城乡居民养老金发放明细表", Some("S18")),
    ("地力补贴", Some("S26")),
    ("农机购置补贴资金", Some("S30")),
    ("中央财政农机报废更新补贴", Some("S31")),
    ("农村危房改造", Some("S40")),
    ("普通高中国家助学金（2024年春季学期）", Some("S44")),
    ("中职国家助学金", Some("S45")),
    ("在职村干部误工补贴", Some("S56")),
    // Near to a programme, and another thing.
    ("残疾人两项补贴", None),
    ("助学金", None),
    ("普通高校国家助学金", None),
    ("在任村干部生活补贴", None),
    ("企业职工基本养老金", None),
    ("城乡居民基本医疗保险", None),
    ("农村低保工作经费", None),
    ("低保户电费补贴", None),
    ("高龄老人丧葬补贴", None),
    ("农机购置贷款本金", None),
    ("小麦生产者补贴", None),
    ("困难职工生活补助", None),
    ("村级公路养护", None),
    ("电话费", None),
    ("2024年", None),
    ("一二三", None),
    ("办公费", None),
    ("白鹭计划奖补", None),
    ("村级组织运转经费", None),
    ("返乡创业一次性奖补", None),
    ("补贴", None),
    ("", None),
];

#[test]
fn names_as_counties_write_them() {
    let benefits = benefits();
    for (name, expect) in NAMES {
        let found = benefits.recognise(name).map(|(b, _)| b.code.as_str());
        assert_eq!(found, *expect, "{name}");
    }
}

#[test]
fn all_problems_come_at_once_with_their_places() {
    let mut files = files();
    files.push(("benefits/S61-odd.toml".into(), "code = \"S01\"\n".into()));
    files.push(("benefits/X.toml".into(), "code = 3\n".into()));
    let (_, problems) = Benefits::load(&files);
    assert_eq!(problems.len(), 2, "{problems:?}");
    assert!(problems.iter().all(|p| p.place.row.is_some() && p.place.file.is_some()));
}

#[test]
fn every_stored_code_has_a_label() {
    let (path, text) = files().into_iter().find(|(path, _)| path == "terms.toml").expect("terms");
    let terms = Terms::parse(&path, &text).expect("terms");
    let benefits = benefits();
    let mut codes: Vec<(&str, &str)> = Vec::new();
    for item in &benefits.items {
        codes.push(("department", &item.department));
        codes.push(("unit", &item.unit));
        codes.push(("frequency", &item.frequency));
    }
    codes.extend(benefits.pairs.iter().map(|pair| ("scope", pair.scope.as_str())));
    codes.extend(domain::facts::TABLES.iter().map(|table| ("table", table.name)));
    codes.extend(domain::ids::IdQuality::ALL.iter().map(|quality| ("id_quality", quality.code())));
    codes.extend(["person", "household", "account", "village"].map(|grain| ("grain", grain)));
    codes.extend(["high", "mid", "low"].map(|severity| ("severity", severity)));
    for (group, code) in codes {
        let known = terms.groups.get(group).is_some_and(|g| g.contains_key(code));
        assert!(known, "{group}.{code} has no label");
    }
}

/// Any text, and texts of the words that names are made of.
fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        any::<String>(),
        "[农村城市低保高龄补贴津贴金年月第一二季度0-9()（【县镇乡表发放]{0,30}",
    ]
}

proptest! {
    #[test]
    fn any_text_is_one_programme_or_none(name in text()) {
        static SHIPPED: LazyLock<Benefits> = LazyLock::new(benefits);
        let found = SHIPPED.recognise(&name).map(|(b, kind)| (b.number(), kind));
        prop_assert_eq!(found, SHIPPED.recognise(&name).map(|(b, kind)| (b.number(), kind)));
        if let Some((number, _)) = found {
            prop_assert!(SHIPPED.by_number(number).is_some());
        }
    }
}
