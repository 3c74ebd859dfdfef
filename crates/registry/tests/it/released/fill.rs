//! A small register with a row in every table, made by the acts that make such rows.

use std::collections::BTreeMap;
use std::path::Path;

use domain::procedure::{Actor, Event};
use domain::recusal::{Ground, Override};
use journal::note::SigningKey;
use registry::actions::documents::{self, NewDocument};
use registry::actions::imports::{self, NewImport};
use registry::actions::inquiries;
use registry::actions::orders::{self, NewOrder};
use registry::actions::own_codes::{self, NewCode};
use registry::actions::photos::{self, NewPhoto};
use registry::actions::preparations::{self, NewPreparation};
use registry::actions::questions::{self, About, NewQuestion};
use registry::actions::requests::{self, NewRequest};
use registry::actions::{accounts, drafts, overrides, people, places, starts};
use registry::blobs::Blobs;
use registry::log::Log;
use registry::queries::{accounts as held, lists};
use registry::{By, Entry, Registry, Tx};
use serde_json::{Map, json};

use crate::access::matrix;
use crate::reports::full::every_table;
use crate::reports::world::World;
use crate::suite::{VILLAGE, Village, meeting, step, village_in};
use crate::support::{at, by};
use crate::{bench, following, stepped, supervision};

const KEY: [u8; 32] = [7; 32];

/// Fills an empty register whose tables are those of the migrations up to a number.
pub async fn fill(registry: Registry, dir: &Path, number: i64) {
    let village = village_in(registry).await;
    matter(&village).await;
    asked(&village).await;
    let preparation = seen_by_the_township(&village, dir).await;
    let clerk = signed_in(&village).await;
    if number >= 5 {
        let mut tx = begin(&village, "SYS", "2026-03-01").await;
        let entry = places::rename(&mut tx, VILLAGE, "青石新村").await.expect("renamed");
        tx.commit(entry).await.expect("committed");
    }
    if number >= 6 {
        coded(&village, clerk).await;
    }
    if number >= 7 {
        let who = By::operator(Some(&village.supervisor), "VSC");
        let mut tx = village.registry.begin(who, at("2026-03-01"), "").await.expect("begun");
        let about = inquiries::About::Preparation(preparation);
        let rules = village.rules.office();
        let asked = inquiries::ask(&mut tx, rules, &about, "谁评议的？").await.expect("asked");
        tx.commit(asked.1).await.expect("committed");
    }
    if number >= 9 {
        let world = World::over(village.registry.clone(), dir).await;
        every_table(&world).await;
    }
    if number >= 10 {
        let mut tx = begin(&village, "SYS", "2026-03-01").await;
        let added = accounts::add(&mut tx, "new", None, "ten letters").await;
        let (account, entry) = added.expect("added");
        starts::give(&mut tx, &account).await.expect("given");
        tx.commit(entry).await.expect("committed");
    }
    if number >= 11 {
        let world = supervision::World::new(village.registry.clone()).await;
        let clue = supervision::walk(&world).await;
        if number >= 16 {
            following::walk(&world, &clue).await;
        }
        if number >= 14 {
            stepped::walk(&world).await;
        }
        if number >= 15 {
            bench::rows(&world).await;
        }
    }
    kept(&village, dir).await;
}

/// A code for somebody's own benefits.
async fn coded(village: &Village, clerk: By) {
    let new = NewCode {
        place: VILLAGE.to_owned(),
        code_hash: "cd".repeat(16),
        person_key: -42,
        channel: "counter".to_owned(),
        purpose: "本人到场".to_owned(),
        lasts_ms: 86_400_000,
    };
    let mut tx = village.registry.begin(clerk, at("2026-03-01"), "").await.expect("begun");
    let (_, entry) = own_codes::issue(&mut tx, &new).await.expect("issued");
    tx.commit(entry).await.expect("committed");
}

async fn begin(village: &Village, role: &str, day: &str) -> Tx {
    village.registry.begin(by(role), at(day), "").await.expect("begun")
}

/// From the application to a notice, with a paper, a meeting, an override and a declaration.
async fn matter(village: &Village) {
    let number = village.open(&village.head, "2026-02-02").await;
    let blob = "ab".repeat(32);
    let new =
        NewDocument { code: "application".to_owned(), name: "甲.pdf".to_owned(), blob, bytes: 3 };
    let mut tx = begin(village, "VCH", "2026-02-02").await;
    let filed = documents::file(&mut tx, village.rules.office(), &number, &new).await;
    tx.commit(filed.expect("filed").entry).await.expect("committed");
    let member = &village.member;
    record(village, &number, &step("apply", member, "VCH", "2026-02-02")).await;
    let mut tx = begin(village, "TG", "2026-02-03").await;
    let given = Override {
        ground: Ground::Kin,
        approver: village.clerk.clone(),
        reason: "没有别人".to_owned(),
        day: at("2026-02-03").day,
    };
    let brother = &village.head_s_brother;
    let done = overrides::grant(&mut tx, village.rules.office(), &number, brother, &given).await;
    tx.commit(done.expect("granted")).await.expect("committed");
    let mut tx = begin(village, "VSC", "2026-02-03").await;
    let entry = people::declare(&mut tx, brother, &number, "弟弟").await.expect("declared");
    tx.commit(entry).await.expect("committed");
    record(village, &number, &step("review", brother, "VSC", "2026-02-03")).await;
    record(village, &number, &meeting(20, 15, "2026-02-12")).await;
    record(village, &number, &step("decide", member, "VCH", "2026-02-12")).await;
    record(village, &number, &step("disclose", member, "VCH", "2026-02-13")).await;
}

async fn record(village: &Village, number: &str, event: &Event) {
    village.record(number, event).await.unwrap_or_else(|no| panic!("{event:?}: {no:?}"));
}

/// A question with a way to answer, its answer, and what a person asks about money of his own.
async fn asked(village: &Village) {
    let notices = lists::notices(&village.registry.db, VILLAGE).await.expect("notices");
    let new = NewQuestion {
        about: About::Notice(notices[0].number.clone()),
        asker_kind: "anonymous".to_owned(),
        text: "钱怎么花？".to_owned(),
        contact: Some(("村口小店".to_owned(), KEY)),
    };
    let rules = village.rules.office();
    let mut tx = begin(village, "PUB", "2026-02-14").await;
    let (number, asked) = questions::ask(&mut tx, rules, &new).await.expect("asked");
    tx.commit(asked.entry).await.expect("committed");
    let actor = Actor { person: village.member.clone(), role: "VCH".to_owned() };
    let mut tx = begin(village, "VCH", "2026-02-15").await;
    let answered = questions::answer(&mut tx, rules, &number, &actor, "换瓦。").await;
    tx.commit(answered.expect("answered").entry).await.expect("committed");
    let new = NewRequest {
        kind: "not_received".to_owned(),
        place: VILLAGE.to_owned(),
        programme: Some("S11".to_owned()),
        period: Some("2026-01".to_owned()),
        amount_fen: Some(20_000),
        person_key: Some(-42),
        text: "没有收到".to_owned(),
    };
    let mut tx = begin(village, "PUB", "2026-02-16").await;
    let (number, _, entry) = requests::open(&mut tx, rules, &new).await.expect("opened");
    tx.commit(entry).await.expect("committed");
    let mut tx = begin(village, "VCH", "2026-02-17").await;
    let done = requests::reply(&mut tx, rules, &number, &actor, ("已补发", true)).await;
    tx.commit(done.expect("replied").1).await.expect("committed");
}

/// A photo of the board, an order, a batch, and a notice that waits.
async fn seen_by_the_township(village: &Village, dir: &Path) -> String {
    let blobs = Blobs::at(&dir.join("blobs"));
    let notices = lists::notices(&village.registry.db, VILLAGE).await.expect("notices");
    let new = NewPhoto {
        public_sha256: blobs.keep(b"public copy").expect("kept"),
        sealed_sha256: blobs.keep_sealed(&KEY, b"original").expect("sealed"),
        taken: at("2026-02-18").day,
        caption: "公开栏".to_owned(),
    };
    let mut tx = begin(village, "VAC", "2026-02-18").await;
    let entry = photos::add(&mut tx, &notices[0].number, &new).await.expect("added");
    tx.record(entry).await.expect("recorded");
    let new = NewImport {
        place: VILLAGE.to_owned(),
        batch: "000001".to_owned(),
        rows_read: 1,
        rows_written: 1,
        ..NewImport::default()
    };
    let (_, entry) = imports::record(&mut tx, &new).await.expect("recorded");
    tx.commit(entry).await.expect("committed");
    let mut tx = begin(village, "TG", "2026-02-19").await;
    let new = NewOrder {
        place: VILLAGE.to_owned(),
        duty: "V24".to_owned(),
        period: "2025-12".to_owned(),
        reason: "没有公开".to_owned(),
        due: at("2026-03-01").day,
    };
    let (_, entry) = orders::give(&mut tx, village.rules.office(), &new).await.expect("given");
    tx.commit(entry).await.expect("committed");
    let who = By::operator(Some(&village.clerk), "VAC");
    let mut tx = village.registry.begin(who, at("2026-02-20"), "").await.expect("begun");
    let new = NewPreparation {
        place: VILLAGE.to_owned(),
        duty: "V24".to_owned(),
        period: "2025-12".to_owned(),
        title: "危房改造名单".to_owned(),
        body: [("text".to_owned(), json!("名单"))].into_iter().collect(),
        personal: Map::new(),
    };
    let (id, entry) = preparations::prepare(&mut tx, &new).await.expect("prepared");
    tx.commit(entry).await.expect("committed");
    id
}

/// An account with a role, a session and a draft.
async fn signed_in(village: &Village) -> By {
    let now = at("2026-02-21");
    let roles: Vec<_> = village.rules.catalogue.roles.values().cloned().collect();
    let mut tx = begin(village, "SYS", "2026-02-21").await;
    let added = accounts::add(&mut tx, "clerk", Some(&village.clerk), "ten letters").await;
    let (account, entry) = added.expect("added");
    tx.record(entry).await.expect("recorded");
    let entry = accounts::grant(&mut tx, &roles, "clerk", "VAC", VILLAGE, now.day).await;
    tx.commit(entry.expect("granted")).await.expect("committed");
    let signed = village.registry.sign_in("clerk", "ten letters", "Phone", now).await;
    assert!(signed.expect("asked").is_some());
    let asker = held::asker(&village.registry.db, &account, now.day).await.expect("known");
    let me = By::user(&matrix(), &account, asker, "VAC").expect("in his role");
    let mut tx = village.registry.begin(me.clone(), now, "").await.expect("begun");
    let fields = BTreeMap::from([("title".to_owned(), "一".to_owned())]);
    let entry = drafts::save(&mut tx, "matter", &fields).await.expect("saved");
    tx.commit(entry).await.expect("committed");
    me
}

/// Manifests, a job that waits, and both logs signed.
async fn kept(village: &Village, dir: &Path) {
    let now = at("2026-03-02");
    village.registry.write_manifests(now).await.expect("written");
    let mut tx = begin(village, "SYS", "2026-03-02").await;
    tx.enqueue("RaiseOverdue", "{}", now.ms, None).await.expect("queued");
    tx.commit(Entry::new("jobs-queued", "jobs", json!({}))).await.expect("committed");
    let secret = SigningKey::from_seed("log.test", &[5; 32]).expect("a key").to_secret_text();
    for name in [registry::tx::INTERNAL, registry::tx::PUBLIC] {
        let log = Log::at(&dir.join("log"), name);
        log.begin(&format!("log.test/{name}"), &secret).expect("a log");
        log.keep(&village.registry.db, &secret, now).await.expect("kept");
    }
}
