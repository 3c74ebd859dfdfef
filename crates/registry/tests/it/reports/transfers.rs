//! The reporter reads in his receipt that his report was handed on, and objects; an office decides.

use domain::report::Form;
use registry::actions::reports::file::Filed;
use registry::actions::reports::{acts, objection, open, reader, transfer};
use registry::audit;
use registry::queries::report_desk::{Contested, contested};
use registry::reports::texts::Words;
use serde_json::{Value, json};
use sqlx::{AnyPool, Row};

use super::way::{decision, on_both};
use super::world::{COUNTY, TOWN, World, code, commit, facts, failed};
use crate::support::{at, block_on};

const WHY: &str = "水利局管不了这条路";

impl World {
    /// A request that the township hands to the bureau of agriculture on the 4th of March.
    async fn handed(&self) -> Filed {
        let facts = facts(self, "request", &[]);
        let filed =
            self.file(Form { facts, text: "路坏了".into(), ..Form::default() }, "2026-03-03");
        let filed = filed.await;
        let (clerk, to) = (self.unlock("clerk").await, format!("CB-AG@{COUNTY}"));
        let mut tx = self.begin("clerk", "TG", "2026-03-04").await;
        let to = (to.as_str(), &Words::of("属你局职责。"));
        let done = transfer::transfer(&mut tx, &self.counter(), &filed.number, to, &clerk).await;
        commit(tx, done.unwrap().entry).await;
        filed
    }

    async fn objects(&self, filed: &Filed, text: &str, day: &str) -> Result<Vec<String>, String> {
        let mut tx = self.visitor(day).await;
        let done = objection::object(&mut tx, &self.counter(), &filed.receipt, text).await;
        let done = done.map_err(|refusal| code(&refusal))?;
        commit(tx, done.entry).await;
        Ok(done.dues.iter().map(|(what, day)| format!("{} {day}", what.code())).collect())
    }

    async fn waits_for(&self, name: &str, role: &str, day: &str) -> Vec<Contested> {
        let by = self.by(name, role, day).await;
        contested(&self.registry.db, &self.counter(), &by, self.day(day)).await.unwrap()
    }

    async fn settles(
        &self,
        (name, role): (&str, &str),
        filed: &Filed,
        back: bool,
        day: &str,
    ) -> Result<(), String> {
        let mut tx = self.begin(name, role, day).await;
        let words = Words::of("看过您的意见。");
        let settled = (back, &words);
        let done = objection::settle(&mut tx, &self.counter(), &filed.number, settled).await;
        commit(tx, done.map_err(|refusal| code(&refusal))?.entry).await;
        Ok(())
    }
}

/// Offices that have the key of what was reported.
async fn having(database: &str, filed: &Filed) -> Vec<String> {
    let pool = AnyPool::connect(&format!("sqlite://{database}")).await.unwrap();
    let text = "select w.office from report_wraps w join report_keys k on k.id = w.report_key \
                join reports r on r.id = k.report where r.number = $1 and k.part = 'content' \
                and w.stage = 'first' and w.sealed is not null order by w.office";
    let rows = sqlx::query(text).bind(filed.number.clone()).fetch_all(&pool).await.unwrap();
    rows.iter().map(|row| row.get("office")).collect()
}

#[test]
fn a_reporter_objects_to_a_transfer_and_reads_the_decision_on_both_engines() {
    block_on(async {
        let (sqlite, postgres) = on_both("transfers", taken_back).await;
        assert_eq!(sqlite, postgres);
    });
}

async fn taken_back(world: World) -> Value {
    let filed = world.handed().await;
    let (counter, db) = (world.counter(), &world.registry.db);
    world.accept("farm", "CB-AG", &filed.number, "2026-03-05").await.unwrap();
    assert_eq!(world.objects(&filed, " ", "2026-03-06").await, Err("petition-empty".to_owned()));
    let dues = world.objects(&filed, WHY, "2026-03-06").await.unwrap();
    assert_eq!(dues, ["decide_transfer 2026-03-13"], "five working days (MB-46)");
    let standing = reader::look(db, &counter, &filed.receipt).await.unwrap();
    assert_eq!(standing.state, "contested");
    // While it waits nobody answers it, and it is not on the list of whoever has no say in it.
    let mut tx = world.begin("farm", "CB-AG", "2026-03-09").await;
    let reply = (domain::report::handling::Outcome::Support, &decision("修好了。"));
    let early = acts::reply(&mut tx, &counter, &filed.number, reply).await.unwrap_err();
    assert_eq!(code(&early), "petition-state");
    drop(tx);
    assert_eq!(world.waits_for("farm", "CB-AG", "2026-03-09").await, []);
    let waiting = world.waits_for("clerk", "TG", "2026-03-09").await;
    assert_eq!((waiting.len(), waiting[0].by_reporter), (1, true));
    let owes = &waiting[0].due.as_ref().unwrap().office;
    assert_eq!(*owes, format!("TG@{TOWN}"), "the sender owes the decision");
    reads_why(&world, &filed).await;
    assert_eq!(
        world.settles(("farm", "CB-AG"), &filed, true, "2026-03-09").await,
        Err("not-registered".to_owned())
    );
    world.settles(("clerk", "TG"), &filed, true, "2026-03-10").await.unwrap();
    assert_eq!(world.sees("farm", "CB-AG", "2026-03-10").await, []);
    let again = world.objects(&filed, WHY, "2026-03-10").await;
    assert_eq!(again, Err("petition-not-handed".to_owned()));
    // The sender had kept its key for this, and reads on.
    let clerk = world.unlock("clerk").await;
    let mut tx = world.begin("clerk", "TG", "2026-03-10").await;
    let read = open::open(&mut tx, &counter, &filed.number, "办理", &clerk).await.unwrap();
    assert_eq!(read.0.content.unwrap().text, "路坏了");
    commit(tx, read.1).await;
    world.accept("clerk", "TG", &filed.number, "2026-03-11").await.unwrap();
    reviewed(&world, &filed).await;
    let standing = reader::look(db, &counter, &filed.receipt).await.unwrap();
    assert_eq!(standing.office, Some(format!("CB-CA@{COUNTY}")));
    let told = standing.steps.iter().find(|step| step.kind == "taken_back").unwrap();
    assert_eq!(told.words.as_ref().unwrap().text, "看过您的意见。");
    let kinds: Vec<_> = standing.steps.iter().map(|s| (s.kind.clone(), s.day.clone())).collect();
    let due = |d: &registry::reports::dues::DueRow| (d.rule.clone(), d.day.to_string(), d.met);
    let mut dues: Vec<_> = standing.dues.iter().map(due).collect();
    dues.sort();
    assert_eq!(audit(db, &[]).await.unwrap(), []);
    json!({ "steps": kinds, "dues": dues })
}

/// Whoever reviews what the sender decides had kept the key for it over the transfer and back.
async fn reviewed(world: &World, filed: &Filed) {
    let (counter, number) = (world.counter(), filed.number.as_str());
    world.reply("clerk", "TG", number, "2026-03-12").await.unwrap();
    let mut tx = world.visitor("2026-03-13").await;
    let done = reader::ask_review(&mut tx, &counter, &filed.receipt, "没修好").await.unwrap();
    commit(tx, done.entry).await;
    let civil = world.unlock("civil").await;
    let mut tx = world.begin("civil", "CB-CA", "2026-03-14").await;
    let read = open::open(&mut tx, &counter, number, "复查", &civil).await.unwrap();
    assert_eq!(read.0.content.unwrap().text, "路坏了");
    commit(tx, read.1).await;
}

async fn reads_why(world: &World, filed: &Filed) {
    let (counter, number) = (world.counter(), filed.number.as_str());
    let clerk = world.unlock("clerk").await;
    let mut tx = world.begin("clerk", "TG", "2026-03-09").await;
    let (words, entry) = objection::reason(&mut tx, &counter, number, &clerk).await.unwrap();
    assert_eq!(words.unwrap().text, WHY);
    commit(tx, entry).await;
    // More than the reason the sender does not read any more.
    let mut tx = world.begin("clerk", "TG", "2026-03-09").await;
    let more = open::open(&mut tx, &counter, number, "看看", &clerk).await.unwrap_err();
    assert_eq!(failed(more), "not-registered");
    drop(tx);
    let farm = world.unlock("farm").await;
    let mut tx = world.begin("farm", "CB-AG", "2026-03-09").await;
    let not_his = objection::reason(&mut tx, &counter, number, &farm).await.unwrap_err();
    assert_eq!(failed(not_his), "not-registered");
}

#[test]
fn the_days_for_it_end_and_then_nobody_keeps_a_key_for_it() {
    block_on(async {
        let dir = tempfile::tempdir().unwrap();
        let database = dir.path().join("r.db").display().to_string();
        let world = World::new(&database, dir.path()).await;
        let counter = world.counter();
        let (first, second) = (world.handed().await, world.handed().await);
        world.accept("farm", "CB-AG", &first.number, "2026-03-05").await.unwrap();
        let (sender, next) = (format!("TG@{TOWN}"), format!("CB-AG@{COUNTY}"));
        assert_eq!(having(&database, &first).await, [next.clone(), sender], "it could go back");
        let late = world.objects(&first, WHY, "2026-03-12").await;
        assert_eq!(late, Err("petition-object-late".to_owned()));
        world.objects(&second, WHY, "2026-03-11").await.unwrap();
        assert_eq!(world.registry.end_objections(&counter, at("2026-03-11")).await.unwrap(), 0);
        assert_eq!(world.registry.end_objections(&counter, at("2026-03-12")).await.unwrap(), 1);
        assert_eq!(world.registry.end_objections(&counter, at("2026-03-13")).await.unwrap(), 0);
        assert_eq!(having(&database, &first).await, std::slice::from_ref(&next));
        // The second stays where it is; its bureau has its days anew.
        world.settles(("clerk", "TG"), &second, false, "2026-03-16").await.unwrap();
        let seen = world.sees("farm", "CB-AG", "2026-03-16").await;
        let due = seen.iter().find(|line| line.number == second.number).unwrap().next.clone();
        let due = due.map(|due| (due.what.clone(), due.day.to_string()));
        assert_eq!(due, Some(("accept".to_owned(), "2026-03-31".to_owned())), "15 days (XF-03)");
        world.accept("farm", "CB-AG", &second.number, "2026-03-17").await.unwrap();
        assert_eq!(having(&database, &second).await, [next]);
        // An objection that nobody decides goes up like everything that is late.
        let third = world.handed().await;
        world.objects(&third, WHY, "2026-03-05").await.unwrap();
        let raised = world.registry.raise_reports(counter.channels, at("2026-03-13")).await;
        assert_eq!(raised.unwrap(), 1);
        assert_eq!(audit(&world.registry.db, &[]).await.unwrap(), []);
    });
}

#[test]
fn what_left_an_office_because_of_somebody_in_it_never_goes_back_there() {
    block_on(async {
        let dir = tempfile::tempdir().unwrap();
        let world = World::new(&dir.path().join("r.db").display().to_string(), dir.path()).await;
        let counter = world.counter();
        world.post("helper", "TG", TOWN).await;
        let facts = facts(&world, "request", &[]);
        let form = Form { facts, text: "路坏了".into(), ..Form::default() };
        let filed = world.file(form, "2026-03-03").await;
        let (clerk, person) = (world.unlock("clerk").await, world.id("clerk"));
        let mut tx = world.begin("clerk", "TG", "2026-03-04").await;
        let named =
            transfer::name_person(&mut tx, &counter, &filed.number, &person, &clerk).await.unwrap();
        assert_eq!(named.0.as_deref(), Some(format!("CB-CA@{COUNTY}").as_str()));
        commit(tx, named.1).await;
        world.objects(&filed, WHY, "2026-03-05").await.unwrap();
        // Neither the named one nor whoever works beside him decides: it is whoever would review it.
        for name in ["clerk", "helper"] {
            assert_eq!(world.waits_for(name, "TG", "2026-03-06").await, [], "{name}");
            let settled = world.settles((name, "TG"), &filed, true, "2026-03-06").await;
            assert_eq!(settled, Err("not-registered".to_owned()), "{name}");
        }
        let waiting = world.waits_for("cx", "CX", "2026-03-06").await;
        assert_eq!(waiting[0].decides, format!("CX@{COUNTY}"));
        let cx = world.unlock("cx").await;
        let mut tx = world.begin("cx", "CX", "2026-03-06").await;
        let (words, entry) =
            objection::reason(&mut tx, &counter, &filed.number, &cx).await.unwrap();
        assert_eq!(words.unwrap().text, WHY);
        commit(tx, entry).await;
        let back = world.settles(("cx", "CX"), &filed, true, "2026-03-06").await;
        assert_eq!(back, Err("petition-office-not-free".to_owned()));
        world.settles(("cx", "CX"), &filed, false, "2026-03-06").await.unwrap();
        world.accept("civil", "CB-CA", &filed.number, "2026-03-09").await.unwrap();
        assert_eq!(audit(&world.registry.db, &[]).await.unwrap(), []);
    });
}
