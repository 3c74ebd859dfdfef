//! The workbench of the demo county looks like one that people have worked at for a year: findings at every
//! stage, clues in every state, something overdue of each kind, problems that came back, money recovered.

use std::collections::{BTreeMap, BTreeSet};

use domain::time::Day;
use registry::db::Db;
use registry::queries::supervision::funnel::{Cut, funnel};
use registry::queries::supervision::{Reader, clues, findings, months, overdue, rectifications};
use registry::{By, Registry};

use crate::site;

/// The division code of the demo county.
const COUNTY: &str = "990426";

#[test]
fn the_demo_county_shows_a_year_of_supervision() {
    let made = site::county();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("register.db");
    // What was written last may stand beside it still.
    for name in ["register.db", "register.db-wal"] {
        let from = made.join("data/register").join(name);
        if from.exists() {
            std::fs::copy(from, folder.path().join(name)).unwrap();
        }
    }
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(async {
        let registry = Registry::open(&path.display().to_string()).await.unwrap();
        let (db, by) = (&registry.db, By::system());
        let today = Day::parse(site::DAY).unwrap();
        let reader = Reader::new(db, &by, &[], today).await.unwrap();
        let mut states: BTreeMap<String, usize> = BTreeMap::new();
        for state in ["new", "assigned", "recorded", "checked"] {
            let count = findings::count(db, COUNTY, state).await.unwrap();
            states.insert(state.to_owned(), usize::try_from(count).unwrap());
        }
        assert!(states.values().all(|count| *count > 0), "findings at every stage: {states:?}");
        let ledger = clues::list(db, &reader, COUNTY, "").await.unwrap();
        let known: BTreeSet<&str> = ledger.iter().map(|clue| clue.state.as_str()).collect();
        for state in [
            "received",
            "registered",
            "proposed",
            "inquiry",
            "verification",
            "hold",
            "dismiss",
            "reported",
            "closed",
        ] {
            assert!(known.contains(state), "no clue is {state}: {known:?}");
        }
        let received: BTreeSet<&str> =
            ledger.iter().filter_map(|clue| clue.received_day.get(..7)).collect();
        assert!(received.len() >= 2, "clues came in over the year: {received:?}");
        let text = today.to_string();
        let late = overdue::checks(db, &reader, COUNTY, &text).await.unwrap();
        assert!(!late.is_empty(), "a check is overdue");
        let late = overdue::of_clues(db, &reader, COUNTY, &text).await.unwrap();
        assert!(!late.is_empty(), "a clue is overdue");
        let late = overdue::of_rectifications(db, &reader, COUNTY, &text).await.unwrap();
        assert!(!late.is_empty(), "a rectification is overdue");
        let fixes = rectifications::list(db, &by, COUNTY, "").await.unwrap();
        assert!(fixes.iter().any(|fix| fix.relapses > 0), "something came back");
        assert!(fixes.iter().any(|fix| fix.closed_day.is_some()), "something is struck off");
        narrowing(db).await;
    });
}

/// Each step of the funnel is narrower than the one before, and the heat map has months.
async fn narrowing(db: &Db) {
    let counts = funnel(db, &Cut::of(COUNTY)).await.unwrap();
    let all = counts.all;
    assert!(all.hits > all.checked && all.checked > all.problems, "{all:?}");
    assert!(all.problems > all.clues && all.clues > all.disposed && all.disposed > 0, "{all:?}");
    assert!(all.due_fen > all.recovered_fen && all.recovered_fen > 0, "{all:?}");
    let named: i64 =
        counts.programmes.iter().filter(|(name, _)| !name.is_empty()).map(|(_, c)| c.hits).sum();
    assert!(named * 2 > all.hits, "most findings name their programme: {named} of {}", all.hits);
    let cells = months::months(db, &Cut::of(COUNTY)).await.unwrap();
    let months: BTreeSet<i64> = cells.keys().map(|(_, period)| *period).collect();
    assert!(months.iter().filter(|month| **month > 9_999).count() >= 3, "{months:?}");
}
