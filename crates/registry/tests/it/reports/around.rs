//! What goes on around reports: what is overdue, figures, notices, repeats, leaders, topics.

use domain::problem::Fault;
use registry::actions::outbox::{self, Channel as Carrier, Notice};
use registry::actions::reports::{acts, care, reader};
use registry::actions::topics;
use registry::audit;
use registry::queries::public_reports;
use registry::queries::reports::{self as lists, Filter};
use registry::reports::texts::Words;
use serde_json::json;

use super::world::{COUNTY, TOWN, VILLAGE, World, commit, failed, voice};
use crate::support::{at, block_on};

/// A channel that does not work at first.
struct Broken(std::sync::Mutex<u32>);

impl Carrier for Broken {
    fn code(&self) -> &str {
        outbox::DESK
    }

    fn deliver(&self, notices: &[Notice]) -> Result<(), Fault> {
        assert!(notices.iter().all(|notice| !notice.sentence.is_empty()));
        let mut tries = self.0.lock().unwrap();
        *tries += 1;
        if *tries == 1 { Err(Fault::new("deliver", "no line")) } else { Ok(()) }
    }
}

#[test]
fn what_is_overdue_goes_up_and_figures_and_notices_tell_no_content() {
    block_on(async {
        let dir = tempfile::tempdir().unwrap();
        let world = World::new(&dir.path().join("r.db").display().to_string(), dir.path()).await;
        let (counter, registry) = (world.counter(), &world.registry);
        let mut receipts = Vec::new();
        for _ in 0..6 {
            receipts.push(world.file(voice(&world), "2026-03-03").await);
        }
        assert_eq!(registry.raise_reports(counter.channels, at("2026-03-10")).await.unwrap(), 0);
        assert_eq!(registry.raise_reports(counter.channels, at("2026-03-11")).await.unwrap(), 6);
        assert_eq!(registry.raise_reports(counter.channels, at("2026-03-12")).await.unwrap(), 0);
        let by = world.county().await;
        let late = Filter { late: true, ..Filter::default() };
        let day = world.day("2026-03-12");
        let lines = lists::list(&registry.db, &counter, &by, day, &late).await.unwrap();
        assert_eq!(lines.len(), 6);
        assert_eq!(lines[0].next.as_ref().unwrap().level, "county");
        let broken = Broken(std::sync::Mutex::new(0));
        let sent = registry.deliver(&[&broken], at("2026-03-12"), 0).await.unwrap();
        assert_eq!(sent, (0, 18), "arrived, registered, overdue");
        let shown = outbox::undelivered(&registry.db, &crate::support::by("SYS")).await.unwrap();
        assert_eq!((shown.len(), shown[0].failed.as_deref()), (18, Some("deliver: no line")));
        let forbidden = outbox::undelivered(&registry.db, &by).await.unwrap_err();
        assert_eq!(failed(forbidden), "deny-no-right");
        assert_eq!(registry.deliver(&[&broken], at("2026-03-13"), 0).await.unwrap(), (18, 0));
        // Six late ones are shown, one with a rating is not.
        world.accept("d3", "TDI", &receipts[0].number, "2026-03-12").await.unwrap();
        world.reply("d3", "TDI", &receipts[0].number, "2026-03-12").await.unwrap();
        let mut tx = world.visitor("2026-03-12").await;
        let done = reader::rate(&mut tx, &counter, &receipts[0].receipt, (true, "")).await.unwrap();
        commit(tx, done.entry).await;
        registry.count_reports(&counter, at("2026-03-12")).await.unwrap();
        let totals = public_reports::totals(&registry.db).await.unwrap();
        let row = &totals[0];
        assert_eq!((row.level.as_str(), row.quarter.as_str()), ("township", "2026Q1"));
        assert_eq!((row.received, row.overdue, row.satisfied), (Some(6), Some(6), None));
        assert_eq!(registry.count_reports(&counter, at("2026-03-12")).await.unwrap(), 0);
        let by = world.by("ca", "CA", "2026-03-12").await;
        let found = lists::clusters(&registry.db, &counter, &by, day).await.unwrap();
        assert_eq!(
            (found[0].reports, found[0].open, found[0].post.as_str()),
            (6, 5, "village_cadre")
        );
        assert_eq!(audit(&registry.db, &[]).await.unwrap(), []);
    });
}

#[test]
fn repeats_marks_charges_visits_and_topics() {
    block_on(async {
        let dir = tempfile::tempdir().unwrap();
        let world = World::new(&dir.path().join("r.db").display().to_string(), dir.path()).await;
        let counter = world.counter();
        let first = world.file(voice(&world), "2026-03-03").await;
        let second = world.file(voice(&world), "2026-03-03").await;
        let mut tx = world.begin("d3", "TDI", "2026-03-04").await;
        let pair = (second.number.as_str(), first.number.as_str());
        let done = acts::merge(&mut tx, &counter, pair, &Words::of("并案办理。")).await.unwrap();
        tx.record(done.entry).await.unwrap();
        let mark = ("three_many", true);
        let entry = acts::tag(&mut tx, &counter, &first.number, mark).await.unwrap();
        commit(tx, entry).await;
        world.accept("d3", "TDI", &first.number, "2026-03-05").await.unwrap();
        world.reply("d3", "TDI", &first.number, "2026-03-06").await.unwrap();
        let db = &world.registry.db;
        let standing = reader::look(db, &counter, &second.receipt).await.unwrap();
        assert_eq!(standing.state, "replied", "both receipts go on");
        let tagged = &world.sees("d3", "TDI", "2026-03-06").await;
        assert!(tagged.iter().any(|line| line.tags == ["three_many"]), "{tagged:?}");
        // The head of the township is led by nobody named, but the cousin works under him: he may; the
        // clerk may not.
        let leader = world.id("cl2");
        let mut tx = world.begin("cl2", "CL2", "2026-03-06").await;
        let kin = world.id("clerk");
        let no = care::take(&mut tx, &counter, (&first.number, &kin)).await.unwrap_err();
        assert_eq!(failed(no), "not-registered");
        let (charge, entry) =
            care::take(&mut tx, &counter, (&first.number, &leader)).await.unwrap();
        tx.record(entry).await.unwrap();
        let open = care::end(&mut tx, &counter, &charge).await.unwrap_err();
        assert_eq!(failed(open), "charge-open");
        for promise in ["contact", "investigation", "solution", "stability", "follow_up"] {
            let step = (promise, true, "已办。");
            let entry = care::follow_up(&mut tx, &counter, &charge, step).await.unwrap();
            tx.record(entry).await.unwrap();
        }
        let entry = care::end(&mut tx, &counter, &charge).await.unwrap();
        commit(tx, entry).await;
        visits_and_topics(&world).await;
        assert_eq!(audit(db, &[]).await.unwrap(), []);
    });
}

async fn visits_and_topics(world: &World) {
    let (counter, db) = (world.counter(), &world.registry.db);
    let leader = world.id("party");
    let mut tx = world.begin("party", "TP", "2026-03-06").await;
    let day = world.day("2026-03-12");
    let (visit, entry) = care::plan_visit(&mut tx, (VILLAGE, &leader), day).await.unwrap();
    tx.record(entry).await.unwrap();
    let entry = care::hold_visit(&mut tx, &visit, (7, "谈了水和路。")).await.unwrap();
    commit(tx, entry).await;
    let path = format!("{COUNTY}/{TOWN}");
    let visits = public_reports::visits(db, &path).await.unwrap();
    assert_eq!(visits[0].visitors, Some(7));
    let mut tx = world.visitor("2026-03-06").await;
    let number = topics::propose(&mut tx, VILLAGE, "请打13800138000").await.unwrap_err();
    assert_eq!(failed(number), "text-has-number");
    let (topic, entry) = topics::propose(&mut tx, VILLAGE, "水费怎么算的").await.unwrap();
    tx.record(entry).await.unwrap();
    for villager in ["one", "two"] {
        let entry = topics::support(&mut tx, &counter, &topic, villager).await.unwrap();
        tx.record(entry).await.unwrap();
    }
    commit(tx, registry::Entry::new("done", "test", json!({}))).await;
    let mut tx = world.visitor("2026-03-06").await;
    let twice = topics::support(&mut tx, &counter, &topic, "one").await.unwrap_err();
    assert_eq!(failed(twice), "already-there");
    drop(tx);
    let mut tx = world.begin("clerk", "TG", "2026-03-09").await;
    let (due, entry) = topics::choose(&mut tx, &counter, &topic).await.unwrap();
    assert!(due > world.day("2026-03-09"));
    tx.record(entry).await.unwrap();
    let actor = domain::procedure::Actor { person: world.id("clerk"), role: "TG".to_owned() };
    let entry = topics::answer(&mut tx, &topic, &actor, "按水表，每吨两元。").await.unwrap();
    commit(tx, entry).await;
    let list = public_reports::topics(db, VILLAGE).await.unwrap();
    assert_eq!((list[0].state.as_str(), list[0].supports), ("answered", 2));
}
