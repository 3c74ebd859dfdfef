//! What waits on the desks of the office, on both engines: questions of the supervision committee, open
//! matters with their next steps, the figures of the board, drafts that outlive a session, papers.

use std::collections::BTreeMap;
use std::path::Path;

use domain::procedure::Event;
use domain::time::Day;
use registry::actions::documents::{self, NewDocument};
use registry::actions::drafts::{self, Fields};
use registry::actions::inquiries::{self, About};
use registry::actions::matters;
use registry::actions::orders::{self, NewOrder};
use registry::actions::preparations::{self, NewPreparation};
use registry::actions::{Refusal, notices, sessions};
use registry::blobs::Blobs;
use registry::queries::board::{Count, open_orders, overdue};
use registry::queries::documents::documents;
use registry::queries::inquiries::{of, open};
use registry::queries::{office, sessions as live, work};
use registry::{By, Entry, Now, audit};
use serde_json::{Map, Value, json};

use crate::access::{matrix, new_notice};
use crate::suite::{VILLAGE, Village, village};
use crate::support::{alike, at, by};
use crate::web::{account, begin, user};

const COUNTY: &str = "990001";
const TOWN: &str = "990001101";

#[test]
fn both_engines_show_the_same_desk() {
    alike("desk", run);
}

async fn run(address: &str, dir: &Path) -> Value {
    let village = village(address).await;
    for (login, role, place, person) in [
        ("clerk", "VAC", VILLAGE, &village.clerk),
        ("head", "VCH", VILLAGE, &village.head),
        ("watcher", "VSC", VILLAGE, &village.supervisor),
        ("town", "TG", TOWN, &village.villager),
    ] {
        account(&village, login, role, place, person).await;
    }
    asked_before_it_is_published(&village).await;
    let number = village.open(&village.villager, "2026-02-02").await;
    papers_are_looked_at(&village, &number, dir).await;
    asked_before_a_step(&village, &number).await;
    let steps = next_steps(&village, &number).await;
    let figures = figures(&village).await;
    drafts_outlive_a_session(&village).await;
    assert_eq!(audit(&village.registry.db, &[]).await.unwrap(), []);
    json!({ "steps": steps, "figures": figures })
}

fn rule(done: Result<impl Sized, Refusal>) -> Option<&'static str> {
    match done {
        Err(Refusal::Rules(rules)) => rules.first().map(|rule| rule.rule),
        _ => None,
    }
}

async fn prepare(village: &Village, period: &str) -> String {
    let mut tx = begin(village, user(village, "clerk", "VAC").await, "2026-02-03").await;
    let body = Map::from_iter([("text".to_owned(), json!("收入三笔"))]);
    let new = NewPreparation {
        place: VILLAGE.to_owned(),
        duty: "V24".to_owned(),
        period: period.to_owned(),
        title: "一月份公开".to_owned(),
        body,
        personal: Map::new(),
    };
    let (id, entry) = preparations::prepare(&mut tx, &new).await.unwrap();
    tx.commit(entry).await.unwrap();
    id
}

/// Whoever prepared a notice hears the question, and somebody who may change it may answer too.
async fn asked_before_it_is_published(village: &Village) {
    let (db, rules) = (&village.registry.db, village.rules.office());
    let id = prepare(village, "2026-01").await;
    let about = About::Preparation(id.clone());
    for (login, role, no) in [
        ("clerk", "VAC", Some("deny-no-right")),
        ("town", "TG", Some("deny-no-right")),
        ("watcher", "VSC", None),
    ] {
        let mut tx = begin(village, user(village, login, role).await, "2026-02-03").await;
        let asked = inquiries::ask(&mut tx, rules, &about, "第三笔是什么？").await;
        match no {
            Some(no) => assert_eq!(rule(asked), Some(no), "{login}"),
            None => drop(tx.commit(asked.unwrap().1).await.unwrap()),
        }
    }
    let clerk = user(village, "clerk", "VAC").await;
    let waiting = open(db, &clerk, COUNTY).await.unwrap();
    assert_eq!(waiting.len(), 1);
    assert_eq!(waiting[0].asked_of.as_ref(), Some(&village.clerk));
    assert_eq!((waiting[0].title.as_str(), waiting[0].asked_role.as_str()), ("一月份公开", "VSC"));
    let due = office::dues(db, &clerk, COUNTY).await.unwrap();
    assert_eq!((due[0].by_rule.as_str(), due[0].due_day.as_str()), ("DC-04b", "2026-02-09"));
    assert!(open(db, &By::public(&matrix()), COUNTY).await.unwrap().is_empty());
    let mut tx = begin(village, user(village, "town", "TG").await, "2026-02-04").await;
    assert!(inquiries::answer(&mut tx, &waiting[0].id, "卖树").await.is_err(), "not the township");
    drop(tx);
    for first in [true, false] {
        let mut tx = begin(village, clerk.clone(), "2026-02-04").await;
        let done = inquiries::answer(&mut tx, &waiting[0].id, "卖树的钱").await;
        assert_eq!(done.is_ok(), first, "answered once");
        if let Ok(entry) = done {
            tx.commit(entry).await.unwrap();
        }
    }
    let watcher = user(village, "watcher", "VSC").await;
    let told = of(db, &watcher, &id).await.unwrap();
    assert_eq!(told[0].answer.as_deref(), Some("卖树的钱"));
    assert!(open(db, &watcher, COUNTY).await.unwrap().is_empty());
    // Once the committee has spoken, nothing waits any more.
    let mut tx = begin(village, watcher.clone(), "2026-02-04").await;
    let (_, entry) = inquiries::ask(&mut tx, rules, &about, "还有呢？").await.unwrap();
    tx.record(entry).await.unwrap();
    let entry = preparations::check(&mut tx, &id, true, "").await.unwrap();
    tx.commit(entry).await.unwrap();
    assert!(open(db, &watcher, COUNTY).await.unwrap().is_empty());
    assert_eq!(of(db, &watcher, &id).await.unwrap().len(), 2);
}

async fn papers_are_looked_at(village: &Village, number: &str, dir: &Path) {
    let (db, rules) = (&village.registry.db, village.rules.office());
    let blob = Blobs::at(&dir.join("blobs")).keep(b"form").unwrap();
    let (code, name) = ("application".to_owned(), "form.pdf".to_owned());
    let new = NewDocument { code, name, blob: blob.clone(), bytes: 4 };
    let mut tx = begin(village, user(village, "clerk", "VAC").await, "2026-02-03").await;
    let recorded = documents::file(&mut tx, rules, number, &new).await.unwrap();
    tx.commit(recorded.entry).await.unwrap();
    let watcher = user(village, "watcher", "VSC").await;
    let papers = documents(db, &watcher, number).await.unwrap();
    assert_eq!((papers.len(), papers[0].name.as_str()), (1, "form.pdf"));
    assert!(documents(db, &By::public(&matrix()), number).await.unwrap().is_empty());
    let mut tx = begin(village, By::public(&matrix()), "2026-02-03").await;
    assert!(documents::look(&mut tx, number, &papers[0].id).await.is_err(), "not the public");
    drop(tx);
    let mut tx = begin(village, watcher, "2026-02-03").await;
    assert!(documents::look(&mut tx, number, "none").await.is_err());
    let (document, entry) = documents::look(&mut tx, number, &papers[0].id).await.unwrap();
    assert_eq!(document.blob, blob);
    tx.commit(entry).await.unwrap();
}

/// What is asked before a step of a matter goes to whoever did the last one.
async fn asked_before_a_step(village: &Village, number: &str) {
    let (db, rules) = (&village.registry.db, village.rules.office());
    let head = user(village, "head", "VCH").await;
    let mut tx = begin(village, head.clone(), "2026-02-03").await;
    let actor = domain::procedure::Actor { person: village.head.clone(), role: "VCH".to_owned() };
    let event = Event::Step {
        code: "apply".to_owned(),
        actor,
        day: tx.now.day,
        amount_fen: None,
        meeting: None,
    };
    let recorded = matters::record(&mut tx, rules, number, &event, "").await.unwrap();
    tx.commit(recorded.entry).await.unwrap();
    let watcher = user(village, "watcher", "VSC").await;
    let mut tx = begin(village, watcher.clone(), "2026-02-03").await;
    let none = About::Step(number.to_owned(), "none".to_owned());
    assert!(inquiries::ask(&mut tx, rules, &none, "谁批的？").await.is_err(), "no such step");
    let about = About::Step(number.to_owned(), "review".to_owned());
    let (_, entry) = inquiries::ask(&mut tx, rules, &about, "谁量的面积？").await.unwrap();
    tx.commit(entry).await.unwrap();
    let waiting = open(db, &head, COUNTY).await.unwrap();
    assert_eq!(waiting[0].asked_of.as_ref(), Some(&village.head));
    assert_eq!(
        (waiting[0].matter.as_deref(), waiting[0].step.as_deref()),
        (Some(number), Some("review"))
    );
}

async fn next_steps(village: &Village, number: &str) -> Value {
    let (db, rules) = (&village.registry.db, village.rules.office());
    let day = at("2026-02-03").day;
    let all = |by: By| async move { work::work(db, &by, rules, COUNTY, day).await.unwrap() };
    assert!(all(By::public(&matrix())).await.is_empty(), "the public sees no work");
    let works = all(user(village, "watcher", "VSC").await).await;
    assert_eq!((works.len(), works[0].number.as_str()), (1, number));
    assert_eq!(works[0].done, ["apply"]);
    assert_eq!(works[0].next[0].code, "review");
    assert!(works[0].next[0].barred.contains(&village.head));
    let codes: Vec<&str> = works[0].next.iter().map(|open| open.code.as_str()).collect();
    json!(codes)
}

async fn figures(village: &Village) -> Value {
    let (db, rules) = (&village.registry.db, village.rules.office());
    let new = |period: &str| NewOrder {
        place: VILLAGE.to_owned(),
        duty: "V24".to_owned(),
        period: period.to_owned(),
        reason: "没有公开".to_owned(),
        due: Day::parse("2026-02-20").unwrap(),
    };
    let mut tx = begin(village, by("SYS"), "2026-02-04").await;
    let notice = registry::actions::notices::NewNotice {
        checked_by: Some(village.supervisor.clone()),
        period: "2025-11".to_owned(),
        ..new_notice(VILLAGE)
    };
    let (published, public) = notices::publish(&mut tx, rules, &notice).await.unwrap();
    tx.commit(Entry::new("notice-published", &published, json!({})).public(public)).await.unwrap();
    for (period, no) in
        [("2025-11", Some("order-needless")), ("2025-12", None), ("2025-12", Some("order-twice"))]
    {
        let mut tx = begin(village, user(village, "town", "TG").await, "2026-02-10").await;
        let given = orders::give(&mut tx, rules, &new(period)).await;
        match no {
            Some(no) => assert_eq!(rule(given.map_err(Refusal::from)), Some(no), "{period}"),
            None => drop(tx.commit(given.unwrap().1).await.unwrap()),
        }
    }
    let town = user(village, "town", "TG").await;
    let counts = |day: &'static str| {
        let town = town.clone();
        async move { overdue(db, &town, COUNTY, day).await.unwrap() }
    };
    assert_eq!(counts("2026-02-09").await, [], "the last day counts in full");
    let late = counts("2026-02-21").await;
    let told: Vec<_> = late.iter().map(|one| (one.kind.as_str(), one.count)).collect();
    assert_eq!(told, [("inquiry", 1), ("matter", 1), ("order", 1)]);
    assert!(late.iter().all(|one| one.place == VILLAGE));
    assert_eq!(overdue(db, &By::public(&matrix()), COUNTY, "2026-02-21").await.unwrap(), []);
    let open = open_orders(db, &town, COUNTY).await.unwrap();
    let first_day = "2026-02-20".to_owned();
    let (place, kind) = (VILLAGE.to_owned(), "order".to_owned());
    assert_eq!(open, [Count { place, kind, count: 1, first_day }]);
    json!(late.iter().map(|one| (&one.kind, &one.first_day)).collect::<Vec<_>>())
}

async fn drafts_outlive_a_session(village: &Village) {
    let (registry, now) = (&village.registry, at("2026-02-03"));
    let db = &registry.db;
    let typed = |text: &str| -> Fields { BTreeMap::from([("text".to_owned(), text.to_owned())]) };
    let clerk = user(village, "clerk", "VAC").await;
    let signed = registry.sign_in("clerk", "ten letters", "", now).await.unwrap().unwrap();
    let until = live::session(db, &signed.token, now).await.unwrap().unwrap().until_ms;
    let keep = |token: String, form: &'static str, ms: i64| async move {
        let now = Now { ms, ..now };
        registry.keep_late_draft(&token, form, &typed(form), now).await
    };
    assert!(!keep(signed.token.clone(), "early", until - 1).await.unwrap(), "it is alive");
    assert!(keep(signed.token.clone(), "late", until + 1).await.unwrap());
    assert!(!keep(signed.token.clone(), "old", until + 73 * 3_600_000).await.unwrap());
    assert!(!keep("0".repeat(64), "unknown", until + 1).await.unwrap());
    let other = registry.sign_in("clerk", "ten letters", "", now).await.unwrap().unwrap();
    let mut tx = begin(village, clerk.clone(), "2026-02-03").await;
    let entry = sessions::sign_out(&mut tx, &other.token).await.unwrap();
    tx.commit(entry).await.unwrap();
    assert!(!keep(other.token, "ended", until + 1).await.unwrap(), "somebody ended it");
    let mut tx = begin(village, clerk.clone(), "2026-02-05").await;
    let entry = drafts::save(&mut tx, "second", &typed("二")).await.unwrap();
    assert!(drafts::save(&mut tx, "long", &typed(&"长".repeat(40_000))).await.is_err());
    tx.commit(entry).await.unwrap();
    let kept = drafts::all(db, &clerk).await.unwrap();
    let forms: Vec<&str> = kept.iter().map(|draft| draft.form.as_str()).collect();
    assert_eq!(forms, ["second", "late"]);
    assert!(drafts::all(db, &user(village, "head", "VCH").await).await.unwrap().is_empty());
    // What was done leaves no draft; what nobody came back to goes after a month.
    let mut tx = begin(village, clerk.clone(), "2026-03-10").await;
    drafts::settle(&mut tx, "second").await.unwrap();
    let entry = drafts::save(&mut tx, "third", &typed("三")).await.unwrap();
    tx.commit(entry).await.unwrap();
    let kept = drafts::all(db, &clerk).await.unwrap();
    assert_eq!(kept.iter().map(|draft| draft.form.as_str()).collect::<Vec<_>>(), ["third"]);
}
