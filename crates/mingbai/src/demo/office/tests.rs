use std::collections::BTreeSet;

use domain::time::Day;
use journal::note::SigningKey;
use journal::{Hash, Leaf, Matter};
use registry::actions::accounts;
use registry::actions::matters::{self, NewMatter};
use registry::log::Log;
use registry::queries::preparations::prepared;
use registry::queries::{inquiries, lists, office};
use registry::tx::{INTERNAL, PUBLIC};
use registry::{By, Law, Now, Registry, audit};

use super::ledger;
use super::matters::{KINDS, STAGES, open};
use super::staff::{self, SignIns};
use super::walk::{self, Course, Reach};
use super::{Desk, Filled, Village, Wish, act_as, begin, fill, noon};
use crate::data;
use crate::demo::county;
use crate::demo::rng::Rng;

const VILLAGES: usize = 24;

fn law() -> Law {
    let (law, problems) = Law::new(&data::catalogues(None).unwrap(), None).unwrap();
    assert!(problems.is_empty(), "{problems:?}");
    law
}

fn today() -> Now {
    noon(Day::from_ymd(2026, 11, 24).unwrap())
}

fn block_on<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(future)
}

/// A county of a seed in an empty folder.
async fn filled(dir: &std::path::Path, law: &Law, seed: u64) -> (Registry, Filled) {
    let registry = Registry::open(&dir.join("register.db").display().to_string()).await.unwrap();
    let villages = county::places(VILLAGES, 3);
    let wish = Wish { villages: &villages, seed, now: today(), key: &[7; 32] };
    let filled = fill(&registry, law, &wish).await.unwrap();
    (registry, filled)
}

/// All that people read of it, in lines.
async fn read(registry: &Registry) -> Vec<String> {
    let (db, by) = (&registry.db, By::system());
    let mut read = Vec::new();
    for place in lists::places(db).await.unwrap() {
        read.push(format!("{place:?}"));
        for post in lists::posts(db, &place.place).await.unwrap() {
            read.push(format!("{} {} {}", place.place, post.role, post.name));
        }
        let notices = lists::notices(db, &place.place).await.unwrap();
        read.extend(notices.iter().map(|line| format!("{line:?}")));
    }
    let county = county::DIVISION;
    let matters = lists::matters(db, &by, county).await.unwrap();
    read.extend(matters.iter().map(|line| format!("{line:?}")));
    let questions = office::questions(db, &by, county).await.unwrap();
    read.extend(questions.iter().map(|line| format!("{line:?}")));
    read.sort();
    read
}

#[test]
fn the_same_seed_fills_the_same_register_and_every_state_occurs() {
    let law = law();
    block_on(async {
        let (one, two) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let (registry, summary) = filled(one.path(), &law, 7).await;
        let (again, other) = filled(two.path(), &law, 7).await;
        assert_eq!(read(&registry).await, read(&again).await);
        assert_eq!((summary.notices, summary.matters), (other.notices, other.matters));
        assert_eq!(summary.sign_ins, other.sign_ins);
        let documents = audited(one.path(), &registry).await;
        assert!(documents.len() > summary.notices);
        assert_eq!(documents, audited(two.path(), &again).await);
        states(&registry, &summary).await;
    });
}

/// Signs both logs and compares the register with them. Returns the digests of all notices in order.
async fn audited(dir: &std::path::Path, registry: &Registry) -> Vec<Hash> {
    let (mut signed, mut documents) = (Vec::new(), Vec::new());
    for name in [INTERNAL, PUBLIC] {
        let origin = format!("demo.test/{name}");
        let secret = SigningKey::from_seed(&origin, &[5; 32]).unwrap().to_secret_text();
        let log = Log::at(dir, name);
        log.begin(&origin, &secret).unwrap();
        log.keep(&registry.db, &secret, today()).await.unwrap();
        let mut each = |_, leaf: &[u8]| {
            if let Matter::Record(record) = Leaf::parse(leaf).unwrap().matter {
                documents.extend(record.document);
            }
        };
        let (checkpoint, _) = log.audit(&mut each).unwrap();
        assert!(checkpoint.size > 1_000, "{name}: {}", checkpoint.size);
        signed.push((name, checkpoint));
    }
    let differences = audit(&registry.db, &signed).await.unwrap();
    assert!(differences.is_empty(), "{differences:?}");
    documents
}

async fn states(registry: &Registry, summary: &Filled) {
    let (db, by, county) = (&registry.db, By::system(), county::DIVISION);
    assert_eq!(summary.villages, VILLAGES);
    let matters = lists::matters(db, &by, county).await.unwrap();
    let states: BTreeSet<&str> = matters.iter().map(|m| m.state.as_str()).collect();
    assert_eq!(states, BTreeSet::from(["archived", "open", "stopped"]));
    let opened = matters.iter().map(|m| m.opened.as_str());
    assert!(opened.clone().min().is_some_and(|day| day < "2025-03"), "they begin two years ago");
    let halves: BTreeSet<(&str, bool)> = opened.map(|day| (&day[..4], &day[5..7] > "06")).collect();
    assert!(halves.len() >= 3, "and go on all the time: {halves:?}");
    let today = today().day.to_string();
    let dues = office::dues(db, &by, county).await.unwrap();
    let of_step = |late: bool| {
        let steps = dues.iter().filter(|due| due.subject.contains("/step/"));
        steps.filter(|due| (due.due_day < today) == late).count()
    };
    assert!(of_step(true) >= 2 && of_step(false) >= 2, "{} {}", of_step(true), of_step(false));
    assert!(dues.iter().any(|due| due.subject.starts_with("order/")));
    let questions = office::questions(db, &by, county).await.unwrap();
    for about_matter in [true, false] {
        let of = || questions.iter().filter(|q| q.matter.is_some() == about_matter);
        assert!(of().any(|q| q.answer.is_some()), "answered, {about_matter}");
        assert!(of().any(|q| q.answer.is_none() && q.due_day >= today), "open, {about_matter}");
        assert!(of().any(|q| q.answer.is_none() && q.due_day < today), "overdue, {about_matter}");
    }
    // Something waits to be checked, to be published, to be mended, to be explained.
    let waiting = prepared(db, &by, county).await.unwrap();
    let states: BTreeSet<&str> = waiting.iter().map(|one| one.state.as_str()).collect();
    assert_eq!(states, BTreeSet::from(["agreed", "objected", "waiting"]));
    assert!(!inquiries::open(db, &by, county).await.unwrap().is_empty());
    let mut notices = Vec::new();
    for place in lists::places(db).await.unwrap() {
        notices.extend(lists::notices(db, &place.place).await.unwrap());
    }
    let states: BTreeSet<&str> = notices.iter().map(|n| n.state.as_str()).collect();
    assert_eq!(states, BTreeSet::from(["corrected", "published", "withdrawn"]));
    let late = |n: &&lists::NoticeLine| n.due.as_ref().is_some_and(|due| n.published > *due);
    let share = notices.iter().filter(late).count() * 100 / notices.len();
    assert!((3..=25).contains(&share), "{share} of a hundred late");
}

#[test]
fn every_role_has_somebody_who_signs_in_with_the_same_password() {
    let law = law();
    block_on(async {
        let dir = tempfile::tempdir().unwrap();
        let (registry, summary) = filled(dir.path(), &law, 7).await;
        let roles = law.catalogue.roles.values().filter(|role| !role.body);
        let wanted: BTreeSet<&str> = roles.map(|role| role.code.as_str()).collect();
        let had: BTreeSet<&str> = summary.sign_ins.iter().map(|s| s.role.as_str()).collect();
        assert_eq!(wanted, had);
        for login in ["cl1", "tg-101", "vps-101201", "vc2-103208", "sec"] {
            let signed = registry.sign_in(login, super::PASSWORD, "", today()).await.unwrap();
            let signed = signed.unwrap_or_else(|| panic!("{login} signs in"));
            assert_eq!(signed.needs_second_factor, login == "sec");
        }
    });
}

#[test]
fn officers_bring_every_power_item_of_the_catalogue_to_its_end() {
    let law = law();
    let hash = accounts::hash(super::PASSWORD).unwrap();
    let desk = Desk {
        law: &law,
        roles: law.catalogue.roles.values().cloned().collect(),
        hash,
        today: today().day,
    };
    block_on(async {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("register.db").display().to_string();
        let registry = Registry::open(&path).await.unwrap();
        let (mut tx, mut rng) = (begin(&registry, &desk).await.unwrap(), Rng::new(1, 1));
        let place = &county::places(VILLAGES, 3)[0];
        let mut seats = SignIns::default();
        let county = staff::county(&mut tx, &desk, &mut seats, &mut rng).await.unwrap();
        let town = staff::township(&mut tx, &desk, &mut seats, place, &mut rng).await.unwrap();
        let officers = staff::village(&mut tx, &desk, &mut seats, place, &mut rng).await.unwrap();
        let officers = officers.with(&town).with(&county);
        let mut stuck = Vec::new();
        for power in law.catalogue.powers.keys() {
            let start = Day::from_ymd(2026, 3, 2).unwrap();
            let steps = law.catalogue.steps_of(power, start).unwrap();
            let (amount_fen, reach) = (Some(3_000_000), Reach::Archived);
            let course = Course { steps, amount_fen, reach, asks: Some((1, Some(2))) };
            let deeds = walk::plan(&law, &officers, &course, start, &mut rng);
            act_as(&mut tx, By::system(), start);
            let (power, place) = (power.clone(), place.code.clone());
            let new = NewMatter {
                power: power.clone(),
                place,
                title: power.clone(),
                subject: None,
                amount_fen,
            };
            let (number, entry) = matters::open(&mut tx, law.rules(), &new).await.unwrap();
            tx.record(entry).await.unwrap();
            let mut asked = None;
            for deed in &deeds {
                let done =
                    super::matters::happen(&mut tx, &desk, (&KINDS[0], &number), deed, &mut asked);
                if let Err(failure) = done.await {
                    stuck.push(format!("{power} {deed:?}: {failure:?}"));
                    break;
                }
            }
            let text = format!("{power} ends");
            let (loaded, _) = matters::next(&mut tx, law.rules(), &number).await.unwrap();
            if loaded.state != "archived" {
                stuck.push(text);
            }
        }
        assert!(stuck.is_empty(), "{}", stuck.join("\n"));
    });
}

#[test]
fn accounts_add_up_from_month_to_month() {
    let labels: Vec<String> = (1..=24).map(|n| format!("m{n}")).collect();
    let fen =
        |value: Option<&serde_json::Value>| value.and_then(serde_json::Value::as_i64).unwrap();
    let mut carried = None;
    for month in ledger::months(&labels, &mut Rng::new(7, 3)) {
        let body = month.accounts();
        let sum = |part: &str| {
            let lines = body["lines"].as_array().unwrap().iter();
            lines.filter(|l| l["part"] == part).map(|l| fen(l.get("amount_fen"))).sum::<i64>()
        };
        let (opening, closing) = (fen(body.get("opening_fen")), fen(body.get("closing_fen")));
        assert_eq!(opening + sum("income") - sum("expense"), closing);
        assert_eq!(sum("income"), fen(month.received().get("total_fen")));
        assert!(closing >= 0 && carried.is_none_or(|carried| carried == opening));
        let wrong = ledger::mistaken(&body, &mut Rng::new(7, 4)).unwrap();
        assert_ne!(
            (wrong.get("closing_fen"), wrong.get("lines")),
            (body.get("closing_fen"), body.get("lines"))
        );
        carried = Some(closing);
    }
}

#[test]
fn every_kind_of_matter_stands_at_every_stage() {
    let law = law();
    let hash = accounts::hash(super::PASSWORD).unwrap();
    let roles = law.catalogue.roles.values().cloned().collect();
    let desk = Desk { law: &law, roles, hash, today: today().day };
    block_on(async {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("register.db").display().to_string();
        let registry = Registry::open(&path).await.unwrap();
        let (mut tx, mut rng) = (begin(&registry, &desk).await.unwrap(), Rng::new(1, 1));
        let place = &county::places(VILLAGES, 3)[0];
        let mut seats = SignIns::default();
        let county = staff::county(&mut tx, &desk, &mut seats, &mut rng).await.unwrap();
        let town = staff::township(&mut tx, &desk, &mut seats, place, &mut rng).await.unwrap();
        let officers = staff::village(&mut tx, &desk, &mut seats, place, &mut rng).await.unwrap();
        let village = Village { at: 0, place, officers: officers.with(&town).with(&county) };
        for kind in &KINDS {
            for stage in &STAGES {
                let opened = open(&mut tx, &desk, &village, (kind, stage), &mut rng).await;
                assert!(opened.as_ref().is_ok_and(|o| *o), "{} {stage:?}: {opened:?}", kind.power);
            }
        }
    });
}
