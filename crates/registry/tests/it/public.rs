//! What the public sees: only columns that may be public leave the database by the queries of public
//! pages (I4), and personal fields go when their time is over.

use std::collections::BTreeMap;

use domain::time::Day;
use registry::Registry;
use registry::queries::{public_matter, public_notice, public_search, public_village};

use crate::suite::{VILLAGE, run};
use crate::support::block_on;

/// The texts of all public queries.
const SOURCES: [&str; 8] = [
    include_str!("../../src/queries/public_cases.rs"),
    include_str!("../../src/queries/public_feed.rs"),
    include_str!("../../src/queries/public_matter.rs"),
    include_str!("../../src/queries/public_notice.rs"),
    include_str!("../../src/queries/public_reports.rs"),
    include_str!("../../src/queries/public_search.rs"),
    include_str!("../../src/queries/public_stepped.rs"),
    include_str!("../../src/queries/public_village.rs"),
];

/// Columns that are named to find rows and are not shown themselves.
const ONLY_CUT: [&str; 1] = ["d.subject"];

fn queries() -> Vec<String> {
    // A quote inside a text is kept apart while texts are cut at quotes.
    let sources = SOURCES.map(|source| source.replace("\\\"", "\u{1}"));
    let texts = sources.iter().flat_map(|source| source.split('"').skip(1).step_by(2));
    let whole = |text: &str| {
        let text = text.replace("\\\n", " ").replace('\u{1}', "\"");
        text.split_whitespace().collect::<Vec<_>>().join(" ")
    };
    texts.filter(|text| text.starts_with("select ")).map(whole).collect()
}

/// Table by alias: `from notices n join matters m`.
fn aliases(query: &str) -> BTreeMap<&str, &str> {
    let words: Vec<&str> = query.split([' ', '(', ')']).collect();
    let named = words.windows(3).filter(|w| matches!(w[0], "from" | "join"));
    named.map(|w| (w[2], w[1])).collect()
}

/// What is read whole on purpose, and rarely: all places, all titles, first days of the scoreboard, the
/// few figures of reports.
const WHOLE: [&str; 4] =
    ["from places p", "union all", "min(f.published_day)", "from report_totals t"];

/// A page must not read a table from end to end, whatever the planner has learnt about its size.
#[test]
fn public_queries_find_their_rows_by_an_index() {
    use sqlx::{AssertSqlSafe, Row};
    block_on(async {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("register.db").display().to_string();
        drop(Registry::open(&path).await.unwrap());
        let pool = sqlx::AnyPool::connect(&format!("sqlite://{path}")).await.unwrap();
        let (mut plans, mut whole) = (0, Vec::new());
        for query in queries() {
            if WHOLE.iter().any(|mark| query.contains(mark)) {
                continue;
            }
            let explained = AssertSqlSafe(format!("explain query plan {query}"));
            for row in sqlx::query(explained).fetch_all(&pool).await.unwrap() {
                let step: String = row.get("detail");
                // Reading in the order of an index, to a limit, is no search for a row.
                let ordered = step.contains("USING INDEX") && query.contains(" limit ");
                // An index that leads to a log leads to all of it.
                if step.ends_with("(log=?)") || (step.starts_with("SCAN") && !ordered) {
                    whole.push(format!("{step}: {query}"));
                }
            }
            plans += 1;
        }
        assert!(plans > 12, "{plans}");
        assert!(whole.is_empty(), "{whole:#?}");
    });
}

#[test]
fn public_queries_take_only_what_may_be_public() {
    let visibility: BTreeMap<String, BTreeMap<String, String>> =
        toml::from_str(include_str!("../../visibility.toml")).unwrap();
    let (mut seen, mut wrong) = (0, Vec::new());
    for query in queries() {
        let aliases = aliases(&query);
        for part in query.split("union all ") {
            let list = part.trim_start_matches("select ").split(" from ").next().unwrap();
            for word in list.split([' ', ',', '(', ')']).filter(|w| w.contains('.')) {
                let (alias, column) = word.split_once('.').unwrap();
                let class = &visibility[aliases[alias]][column];
                seen += 1;
                if !["public", "profile"].contains(&class.as_str()) && !ONLY_CUT.contains(&word) {
                    wrong.push(format!("{word} is {class}: {query}"));
                }
            }
        }
    }
    assert!(seen > 60, "{seen}");
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn a_village_is_read_and_names_go_when_their_time_is_over() {
    block_on(async {
        let dir = tempfile::tempdir().unwrap();
        let address = dir.path().join("register.db").display().to_string();
        run(&address, dir.path()).await;
        let db = &Registry::open(&address).await.unwrap().db;
        let notices = public_village::notices(db, VILLAGE, "2020-01-01").await.unwrap();
        let last = notices.first().expect("a notice");
        let day = |text: &str| Day::parse(text).unwrap();
        let read = |on: Day| public_notice::notice(db, &last.number, on);
        let early = read(day(&last.published_day)).await.unwrap().unwrap();
        let late = read(day("2036-01-01")).await.unwrap().unwrap();
        assert_eq!(early.versions.len(), 3, "published, corrected, withdrawn");
        assert!(early.versions.iter().all(|version| version.leaf.is_some()));
        assert!(early.versions[2].body.is_empty() && early.versions[2].reason.is_some());
        assert!(late.versions.iter().all(|version| version.personal.is_empty()));
        let number = early.matter.clone().expect("its matter");
        let matter = public_matter::matter(db, &number).await.unwrap().unwrap();
        assert!(matter.done.iter().any(|done| done.step == "decide"), "{:?}", matter.done);
        assert!(matter.questions.iter().all(|asked| asked.answer.is_some()));
        let titles = public_search::Titles::read(db).await.unwrap();
        let found = titles.find(&last.number, "", None);
        let same = found.iter().all(|one| one.number == last.number);
        assert!(same && found.iter().any(|one| one.kind == "notice"), "{found:?}");
        assert!(titles.find("%", "", None).is_empty());
        assert!(public_matter::matter(db, "nothing").await.unwrap().is_none());
    });
}
