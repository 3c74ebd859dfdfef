//! What the rules say, case by case.

use domain::catalogue::{Catalogue, Versioned};
use domain::disclosure::{Tightened, expected, expected_between, expected_tightened};
use domain::recusal::Verdict;
use domain::supervision::joint::checkers::{Candidate, From, Standing, proposed};
use domain::supervision::rate::Checks;
use domain::supervision::stepped::list;
use domain::supervision::stepped::score::{Figures, expected as worth, points};
use domain::supervision::stepped::village::{self, Act, Open, State, Wish};

use super::*;

/// Files of the shipped catalogues that a test needs.
fn files(folders: &[&str]) -> Vec<(String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../catalogues");
    let mut files = Vec::new();
    for folder in folders {
        for entry in std::fs::read_dir(root.join(folder)).expect("folder") {
            let path = entry.expect("entry").path();
            if path.extension().is_some_and(|ending| ending == "toml") {
                let name = path.strip_prefix(&root).expect("below").display().to_string();
                files.push((name, std::fs::read_to_string(&path).expect("text")));
            }
        }
    }
    files
}

#[test]
fn the_catalogue_has_fifteen_items_four_measures_and_five_ways() {
    let counts = (RULES.items.len(), RULES.measures.len(), RULES.ways.len());
    assert_eq!(counts, (15, 4, 5));
    assert_eq!(version().proposed, 20);
    let catalogue = Catalogue::load(&files(&["", "deadlines", "disclosure"])).0;
    assert_eq!(RULES.unknown(&catalogue), Vec::<String>::new());
    assert!(RULES.unknown(&Catalogue::default()).len() > 10, "an empty one knows nothing of it");
}

#[test]
fn a_score_is_told_part_by_part() {
    let figures = Figures {
        income_fen: Some(30_000_000),
        funds_fen: Some(30_000_000),
        residents: Some(200),
        projects: 3,
        complaints: 4,
        findings: 160,
        concurrent: true,
    };
    let score = figures.score(version());
    let parts: Vec<(&str, u32, String)> =
        score.parts.iter().map(|part| (part.code.as_str(), part.points, part.adds())).collect();
    assert_eq!(
        parts,
        [
            ("income", 70, "14.00".to_owned()),
            ("funds", 60, "9.00".to_owned()),
            ("projects", 45, "6.75".to_owned()),
            ("complaints", 60, "12.00".to_owned()),
            ("findings", 70, "14.00".to_owned()),
            ("concurrent", 100, "10.00".to_owned()),
        ]
    );
    assert_eq!(points(i64::from(score.total)), "65.75");
    // Of complaints only the band is told, and what nobody knows gives no points.
    let told: Vec<(&str, String)> = score
        .parts
        .iter()
        .zip(&RULES.factors)
        .map(|(part, factor)| part.told(&factor.unit))
        .collect();
    assert_eq!(told[3], ("at-least", "3".to_owned()));
    assert_eq!(told[4], ("expected", "1.60".to_owned()));
    let nothing = Figures::default().score(version());
    assert_eq!((nothing.total, nothing.parts[0].told("yuan").0), (0, "unknown"));
}

#[test]
fn a_finding_counts_for_what_its_model_is_worth() {
    let rules = &crate::supervision::WORLD.rules;
    let rules = rules.on(day("2026-03-02")).expect("in force");
    let of = |confirmed, checked| worth(Checks { checked, confirmed }, rules);
    assert_eq!(of(0, 0), 10, "a new model is credited with one of ten");
    assert!(of(40, 50) > 60 && of(0, 200) == 0);
}

#[test]
fn the_first_twenty_are_proposed_and_people_change_the_list() {
    let score = |projects| Figures { projects, ..Figures::default() }.score(version());
    let villages = (0..30).map(|n| (format!("v{n:02}"), score(if n < 25 { 7 - n / 5 } else { 0 })));
    let ranked = list::ranked(villages.collect());
    let known = list::proposed(version(), &ranked, "p1");
    assert_eq!(known.villages.len(), 20);
    assert!(known.villages.contains("v19") && !known.villages.contains("v20"));
    let act = |known: &_, act: &list::Act, who: &str, why: &str| {
        list::advance(version(), known, act, (who, why))
            .map_err(|no| no.into_iter().map(|no| no.rule).collect::<Vec<_>>())
    };
    let add = list::Act::Add("v29".to_owned());
    assert_eq!(act(&known, &add, "p2", " "), Err(vec!["stepped-reason"]));
    let known = act(&known, &add, "p2", "来信集中").expect("added");
    let known = act(&known, &list::Act::Remove("v00".to_owned()), "p2", "去年刚查过").expect("off");
    for who in ["p1", "p2"] {
        assert_eq!(act(&known, &list::Act::Approve, who, ""), Err(vec!["stepped-list-approver"]));
    }
    let known = act(&known, &list::Act::Approve, "p3", "").expect("approved");
    let late = act(&known, &list::Act::Remove("v29".to_owned()), "p2", "晚了");
    assert_eq!(late, Err(vec!["stepped-list-approved"]));
    assert_eq!(list::quarter(day("2026-12-31")), "2026Q4");
}

#[test]
fn an_end_says_what_is_missing_and_a_proposal_what_it_needs() {
    let free = conflict(Verdict::Allow);
    let leader = ["CL2".to_owned()];
    let wish = Wish {
        from: day("2026-03-02"),
        until: day("2026-09-01"),
        leader: &leader,
        listed: true,
        twice: false,
        silent: &[],
    };
    let silent = ["night".to_owned()];
    let bad = Wish {
        until: day("2028-01-01"),
        leader: &[],
        listed: false,
        twice: true,
        silent: &silent,
        ..wish.clone()
    };
    let no = village::propose(version(), &bad, ("p1", ""), &conflict(Verdict::Block));
    let no: Vec<&str> = no.expect_err("refused").into_iter().map(|no| no.rule).collect();
    let all = [
        "supervision-recused",
        "stepped-not-listed",
        "stepped-twice",
        "stepped-leader",
        "stepped-span",
        "stepped-ways",
        "stepped-reason",
    ];
    assert_eq!(no, all);
    let known = village::propose(version(), &wish, ("p1", "信访集中"), &free).expect("proposed");
    let act = |known: &_, act: &Act, who: &str, open: &Open| {
        village::advance(version(), known, act, (who, "说明"), (&free, open))
    };
    let nothing = Open::default();
    let own = act(&known, &Act::Decide { agreed: true }, "p1", &nothing);
    assert_eq!(own.expect_err("refused")[0].rule, "stepped-approver");
    let known = act(&known, &Act::Decide { agreed: true }, "p2", &nothing).expect("begun");
    let open = Open {
        items: vec!["K09".to_owned()],
        measures: vec!["remind".to_owned()],
        rectifications: vec!["R1".to_owned()],
    };
    let no = act(&known, &Act::End, "p1", &open).expect_err("refused");
    let told: Vec<(&str, &str)> = no.iter().map(|no| (no.rule, no.args[0].1.as_str())).collect();
    assert_eq!(
        told,
        [
            ("stepped-open-items", "K09"),
            ("stepped-open-measures", "remind"),
            ("stepped-open-rectifications", "R1"),
        ]
    );
    assert!(no.iter().all(|no| no.basis.contains("08-platforms")), "{no:?}");
    let until = day("2027-02-01");
    let longer = act(&known, &Act::Longer { until }, "p1", &open).expect("a longer time");
    let longer = act(&longer, &Act::Decide { agreed: true }, "p2", &open).expect("prolonged");
    assert_eq!((longer.state, longer.until, longer.prolonged), (State::Active, until, 1));
    let again = act(&longer, &Act::Longer { until: day("2027-06-01") }, "p1", &open);
    assert_eq!(again.expect_err("refused")[0].rule, "stepped-prolonged");
    let ending = act(&longer, &Act::End, "p1", &nothing).expect("its end is proposed");
    // Something came up in between.
    assert!(act(&ending, &Act::Decide { agreed: true }, "p2", &open).is_err());
    let over = act(&ending, &Act::Decide { agreed: true }, "p2", &nothing).expect("over");
    assert_eq!(over.state, State::Ended);
}

#[test]
fn a_village_owes_more_and_earlier_while_it_lasts_and_not_before_or_after() {
    let catalogue = Catalogue::load(&files(&["", "disclosure", "profiles"])).0;
    let tightened = [Tightened {
        from: day("2026-03-15"),
        until: day("2026-08-20"),
        duties: version().tightened.clone(),
    }];
    let month = |year_month: &str| {
        let first = day(&format!("{year_month}-01"));
        let all = expected_tightened(&catalogue, &tightened, first, first);
        let of = |code: &str| {
            all.iter()
                .filter(|one| one.duty == code)
                .map(|one| format!("{} {}", one.period, one.due))
                .collect::<Vec<_>>()
        };
        (of("F2"), of("F4"), of("F1"))
    };
    let plain = |year: i32, number: u32| expected(&catalogue, year, number);
    // Before it began nothing is other than elsewhere.
    let before = expected_tightened(&catalogue, &tightened, day("2026-03-01"), day("2026-03-31"));
    assert_eq!(before, plain(2026, 3));
    // Income by the 5th in the place of the 10th; assets every month in the place of every quarter.
    let (income, assets, plans) = month("2026-06");
    assert_eq!(income, ["2026-05 2026-06-05"]);
    assert_eq!(assets, ["2026-05 2026-06-10"]);
    assert!(plans.is_empty(), "what comes once a year stays as it is");
    let (_, assets, _) = month("2026-07");
    assert_eq!(assets, ["2026-06 2026-07-10"], "a month, no quarter beside it");
    let (income, assets, _) = month("2026-09");
    assert_eq!((income, assets), (vec!["2026-08 2026-09-10".to_owned()], Vec::new()));
    let (from, until) = (day("2025-01-01"), day("2025-12-31"));
    let other = expected_tightened(&catalogue, &tightened, from, until);
    assert_eq!(other, expected_between(&catalogue, from, until));
    let duty = &catalogue.duties["F4"];
    assert_eq!(
        duty.on(from).expect("in force").frequency,
        ["quarter"],
        "the catalogue is unchanged"
    );
}

#[test]
fn others_are_preferred_where_one_of_the_township_is_at_home() {
    let one = |person: &str, from, verdict| Candidate {
        person: person.to_owned(),
        from,
        conflict: conflict(verdict),
    };
    let order = |candidates: Vec<Candidate>| -> Vec<(String, Standing)> {
        proposed(candidates).into_iter().map(|one| (one.person, one.standing)).collect()
    };
    let named = |list: &[(&str, Standing)]| -> Vec<(String, Standing)> {
        list.iter().map(|(person, standing)| ((*person).to_owned(), *standing)).collect()
    };
    let found = order(vec![
        one("native", From::Township, Verdict::Warn),
        one("colleague", From::Township, Verdict::Allow),
        one("kin", From::Township, Verdict::Block),
        one("county", From::County, Verdict::Allow),
        one("next", From::Area, Verdict::Allow),
    ]);
    let expect = [
        ("next", Standing::Fit),
        ("county", Standing::Fit),
        ("colleague", Standing::Rather),
        ("native", Standing::Rather),
        ("kin", Standing::Out),
    ];
    assert_eq!(found, named(&expect));
    // Where nobody is at home, whoever is near may look as well.
    let found = order(vec![
        one("colleague", From::Township, Verdict::Allow),
        one("next", From::Area, Verdict::Allow),
    ]);
    assert_eq!(found, named(&[("next", Standing::Fit), ("colleague", Standing::Fit)]));
}
