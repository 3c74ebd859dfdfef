use crate::catalogue::sample::{FILES, files, told};
use crate::catalogue::{Catalogue, Limit, Unit, Versioned};
use crate::time::Day;

const CODE: &str = "990001";

/// The sample with one of its files, changed, as the county's.
fn county(name: &str, changes: &[(&str, &str)]) -> (Catalogue, Vec<String>) {
    let (_, text) = FILES.iter().find(|(path, _)| *path == name).expect(name);
    let mut own = (*text).to_owned();
    for (from, to) in changes {
        assert!(own.contains(from), "{name} has no {from}");
        own = own.replacen(from, to, 1);
    }
    let mut all = files("", "");
    all.push((format!("counties/{CODE}/{name}"), own));
    let (catalogue, problems) = Catalogue::load_for(&all, CODE);
    (catalogue, told(&problems))
}

/// File, text, what takes its place, and what is told about it; nothing where it is allowed.
const CHANGES: &[(&str, &str, &str, &str)] = &[
    ("power/A01-matters.toml", "村级重大事项决策", "重大事项", ""),
    ("power/A01-matters.toml", "count = 30", "count = 20", ""),
    ("power/A01-matters.toml", "count = 30", "count = 31", "looser versions[0].service.promise"),
    ("power/A01-matters.toml", "permanent", "years_30", "fixed versions[0].retention"),
    ("power/A01-matters.toml", "[\"VPS\"]", "[\"VC\"]", "fixed owner[0]"),
    ("procedures/six-step.toml", "提出方案", "提方案", ""),
    ("procedures/six-step.toml", "optional = true\n", "", "fixed versions[0].steps[2].optional"),
    (
        "procedures/six-step.toml",
        "\"MB-02\" },",
        "\"MB-01\" },",
        "fixed versions[0].steps[5].gates[0].rule",
    ),
    (
        "bodies.toml",
        "numerator = 2",
        "numerator = 1",
        "fixed bodies[0].versions[0].quorum[0].numerator",
    ),
    ("roles.toml", "level = \"village\"", "level = \"county\"", "fixed roles[0].level"),
    ("roles.toml", "村党组织书记", "书记", ""),
    ("negative.toml", "不得", "可以", "fixed entries[0].text.zh"),
    ("instruments.toml", "2014", "2015", "fixed law.from"),
    ("calendars/2026.toml", "make_up = [\"2026-10-10\"]", "make_up = []", "fixed make_up"),
    ("terms.toml", "公开栏", "村口公开栏", ""),
    ("tiers.toml", "1000000", "500000", ""),
    ("tiers.toml", "2015-01-01", "2018-01-01", "gap sets"),
    ("deadlines/own.toml", "{ count = 5", "{ count = 3", ""),
    ("deadlines/own.toml", "{ count = 5", "{ count = 6", "looser rules[0].versions[0].limit"),
    ("deadlines/own.toml", "times = 1", "times = 2", "looser rules[0].versions[0].extension"),
    ("deadlines/own.toml", "[\"supplement\"]", "[]", ""),
    ("deadlines/own.toml", "at_most", "at_least", "fixed rules[0].versions[0].sense"),
    ("deadlines/own.toml", "count = 7", "count = 9", "fixed rules[1].versions[0].limit"),
    ("deadlines/own.toml", "2015-01-01", "2016-01-01", "gap rules[0].versions"),
    ("disclosure/village.toml", "count = 10", "count = 15", ""),
    (
        "disclosure/village.toml",
        "count = 10",
        "count = 9",
        "looser duties[0].versions[0].min_public",
    ),
    ("disclosure/village.toml", "count = 3", "count = 4", "looser duties[0].versions[0].due_after"),
    ("disclosure/village.toml", "due_day = 10", "due_day = 5", ""),
    (
        "disclosure/village.toml",
        "due_day = 10",
        "due_day = 11",
        "looser duties[0].versions[0].due_day",
    ),
    ("disclosure/village.toml", ", \"web\"]", "]", "looser duties[0].versions[0].channels"),
    ("disclosure/village.toml", "needs_check = false", "needs_check = true", ""),
    (
        "disclosure/village.toml",
        "needs_check = true",
        "needs_check = false",
        "looser duties[1].versions[0].needs_check",
    ),
    ("disclosure/village.toml", "\"month\", ", "", "looser duties[0].versions[0].frequency"),
    (
        "disclosure/village.toml",
        "\"month\", ",
        "\"quarter\", ",
        "looser duties[0].versions[0].frequency",
    ),
    ("disclosure/village.toml", ", \"event\"", "", "looser duties[0].versions[0].frequency"),
    ("profiles/decisions.toml", "\"show\"", "\"mask\"", ""),
    ("profiles/decisions.toml", "amount = \"show\"\n", "", ""),
    ("profiles/decisions.toml", "\"mask\"", "\"show\"", "wider versions[0].fields.name"),
    (
        "profiles/decisions.toml",
        "confidence = \"F\"",
        "confidence = \"D\"",
        "fixed versions[0].basis",
    ),
];

#[test]
fn a_county_may_only_tighten() {
    for &(name, from, to, expect) in CHANGES {
        let (_, found) = county(name, &[(from, to)]);
        let (code, key) = expect.split_once(' ').unwrap_or_default();
        let line = format!("catalogue-overlay-{code} counties/{CODE}/{name} {key}");
        let expect = if expect.is_empty() { Vec::new() } else { vec![line] };
        assert_eq!(found, expect, "{name}: {from} -> {to}");
    }
}

#[test]
fn what_a_county_may_not_change_stays() {
    let day = Day::parse("2024-05-01").expect("day");
    let limit = |catalogue: &Catalogue| catalogue.deadlines["MB-01"].on(day).map(|v| v.limit);
    let five = Limit { count: 5, unit: Unit::WorkingDay };
    let name = "deadlines/own.toml";
    assert_eq!(limit(&county(name, &[("{ count = 5", "{ count = 6")]).0), Some(five));
    let three = Limit { count: 3, ..five };
    assert_eq!(limit(&county(name, &[("{ count = 5", "{ count = 3")]).0), Some(three));
}

#[test]
fn a_stricter_rule_may_begin_on_a_day_of_the_countys_own() {
    let text = "from = \"2015-01-01\"\nlimit = { count = 5, unit = \"working_day\" }\n\
                sense = \"at_most\"\n";
    let version = |from: &str, count: u8| {
        format!(
            "from = \"{from}\"\nlimit = {{ count = {count}, unit = \"working_day\" }}\n\
             sense = \"at_most\"\nlocal = true\npauses = [\"supplement\"]\n\
             basis = [{{ instrument = \"law\", confidence = \"F\" }}]\n"
        )
    };
    let both = |count| {
        let old = version("2015-01-01", 5).replacen('\n', "\nuntil = \"2023-12-31\"\n", 1);
        format!(
            "{old}[[rules.versions]]\n{}\n[[rules]]\ncode = \"MB-03\"\n\
             title = {{ zh = \"甲\", en = \"A\" }}\ntrigger = {{ zh = \"乙\", en = \"B\" }}\n\
             [[rules.versions]]\n{text}",
            version("2024-01-01", count)
        )
    };
    let name = "deadlines/own.toml";
    let (catalogue, found) = county(name, &[(text, &both(3))]);
    assert_eq!(found, [""; 0]);
    assert_eq!(catalogue.deadlines["MB-01"].versions.len(), 2);
    assert!(catalogue.deadlines.contains_key("MB-03"), "a county may add rules");
    let (_, found) = county(name, &[(text, &both(6))]);
    assert_eq!(
        found,
        [format!("catalogue-overlay-looser counties/{CODE}/{name} rules[0].versions[1].limit")]
    );
}

#[test]
fn other_counties_are_not_read() {
    let mut all = files("", "");
    all.push(("counties/990002/roles.toml".to_owned(), "no TOML at all".to_owned()));
    let (catalogue, problems) = Catalogue::load_for(&all, CODE);
    assert_eq!(problems, []);
    assert_eq!(catalogue.canonical(), Catalogue::load(&all).0.canonical());
    let (_, problems) = Catalogue::load_for(&all, "990002");
    assert_eq!(told(&problems), ["catalogue-toml counties/990002/roles.toml "]);
}

#[test]
fn a_county_adds_days_off_on_a_basis_of_its_own() {
    let name = "calendars/2026.toml";
    let own =
        ("\"F\" }]", "\"F\" }, { instrument = \"law\", article = \"9\", confidence = \"D\" }]");
    let off = ("[\"2026-10-01\",", "[\"2026-05-27\", \"national\"], [\"2026-10-01\",");
    let worked = ("[\"2026-10-10\"]", "[\"2026-10-10\", \"2026-10-17\"]");
    let free = ("[\"2026-10-01\",", "[\"2026-10-10\", \"national\"], [\"2026-10-01\",");
    let gone = ("[\"2026-10-01\", \"national\"], ", "");
    let lower = ("version = 1", "version = 0");
    for (changes, expect) in [
        (vec![off, own], ""),
        (vec![worked, own], ""),
        (vec![off], "basis basis"),
        (vec![worked], "basis basis"),
        (vec![free, own], "fixed off"),
        (vec![gone, own], "fixed off"),
        (vec![lower, off, own], "fixed version"),
    ] {
        let (catalogue, found) = county(name, &changes);
        let line = expect
            .split_once(' ')
            .map(|(code, key)| format!("catalogue-overlay-{code} counties/{CODE}/{name} {key}"));
        assert_eq!(found, line.into_iter().collect::<Vec<_>>(), "{changes:?}");
        let calendar = crate::calendar::WorkCalendar::new(&catalogue.calendars);
        let works = |day| calendar.kind(Day::parse(day).expect(day)).works();
        let added = expect.is_empty() && changes.contains(&off);
        assert_eq!(works("2026-05-27"), !added, "{changes:?}");
    }
}

#[test]
fn a_duty_may_become_more_frequent() {
    let often = |given: &[&str], own: &[&str]| {
        let list = |codes: &[&str]| codes.iter().map(|code| (*code).to_owned()).collect::<Vec<_>>();
        super::as_often(&list(given), &list(own))
    };
    for (given, own, kept) in [
        (&["quarter"][..], &["month"][..], true),
        (&["year"], &["quarter"], true),
        (&["quarter"], &["quarter", "event"], true),
        (&["standing"], &["standing", "year"], true),
        (&["quarter"], &["year"], false),
        (&["month"], &["event"], false),
        (&["event"], &["month"], false),
        (&["standing"], &["event"], false),
    ] {
        assert_eq!(often(given, own), kept, "{given:?} {own:?}");
    }
}
