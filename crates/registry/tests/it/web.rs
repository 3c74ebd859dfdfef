//! What people bring over the web, on both engines: sessions, drafts, questions about a notice,
//! photos, requests, imports that wait for a second person, orders.

use std::collections::BTreeMap;
use std::path::Path;

use domain::procedure::Actor;
use domain::time::Day;
use registry::actions::imports::{self, NewImport};
use registry::actions::orders::{self, NewOrder};
use registry::actions::own_codes::{self, NewCode};
use registry::actions::photos::{self, NewPhoto};
use registry::actions::questions::{self, About, NewQuestion};
use registry::actions::requests::{self, NewRequest};
use registry::actions::{Refusal, accounts, drafts, notices, posts, second_factor, sessions};
use registry::blobs::Blobs;
use registry::queries::{
    accounts as held, imports as one_import, office, own_codes as issued, sessions as live,
};
use registry::{By, Entry, Now, Tx, audit};
use serde_json::{Value, json};

use crate::access::{matrix, new_notice};
use crate::suite::{VILLAGE, Village, village};
use crate::support::{alike, at, by};

const KEY: [u8; 32] = [7; 32];
const COUNTY: &str = "990001";
const PASSWORD: &str = "ten letters";

#[test]
fn both_engines_keep_what_comes_over_the_web() {
    alike("web", run);
}

async fn run(address: &str, dir: &Path) -> Value {
    let village = village(address).await;
    for (login, role, place, person) in [
        ("clerk", "VAC", VILLAGE, &village.clerk),
        ("head", "VCH", VILLAGE, &village.head),
        ("town", "TG", "990001101", &village.villager),
        ("other", "VAC", VILLAGE, &village.member),
    ] {
        account(&village, login, role, place, person).await;
    }
    signed_in(&village).await;
    locked_by_wrong_codes(&village).await;
    drafts_are_ones_own(&village).await;
    asked_about_a_notice(&village).await;
    photographed(&village, dir).await;
    requested(&village).await;
    imported(&village).await;
    coded(&village).await;
    ordered(&village).await;
    closed(&village).await;
    let db = &village.registry.db;
    assert_eq!(audit(db, &[]).await.unwrap(), []);
    let questions = office::questions(db, &by("SYS"), COUNTY).await.unwrap();
    let orders = office::orders(db, &by("SYS"), COUNTY).await.unwrap();
    let dues = office::dues(db, &by("SYS"), COUNTY).await.unwrap();
    let dues: Vec<_> = dues.iter().map(|due| (&due.by_rule, &due.due_day)).collect();
    json!({ "questions": questions, "orders": orders, "dues": dues })
}

pub async fn account(village: &Village, login: &str, role: &str, place: &str, person: &str) {
    let roles: Vec<_> = village.rules.catalogue.roles.values().cloned().collect();
    let day = Day::parse("2026-01-06").unwrap();
    let mut tx = begin(village, by("SYS"), "2026-01-06").await;
    let (_, entry) = accounts::add(&mut tx, login, Some(person), PASSWORD).await.unwrap();
    tx.record(entry).await.unwrap();
    if role == "TG" {
        let (_, entry) = posts::give(&mut tx, &roles, place, role, person, day).await.unwrap();
        tx.record(entry).await.unwrap();
    }
    let entry = accounts::grant(&mut tx, &roles, login, role, place, day).await.unwrap();
    tx.commit(entry).await.unwrap();
}

pub async fn begin(village: &Village, by: By, day: &str) -> Tx {
    village.registry.begin(by, at(day), "").await.unwrap()
}

/// A signed-in user in his role.
pub async fn user(village: &Village, login: &str, role: &str) -> By {
    let db = &village.registry.db;
    let day = at("2026-02-03").day;
    let lines = held::list(db, &By::system(), day).await.unwrap();
    let line = lines.into_iter().find(|line| line.login == login).unwrap();
    let asker = held::asker(db, &line.account, day).await.unwrap();
    By::user(&matrix(), &line.account, asker, role).unwrap()
}

fn code(secret: &str, now: Now) -> String {
    let secret = totp_rs::Secret::Encoded(secret.to_owned()).to_bytes().unwrap();
    let app = totp_rs::TOTP::new(totp_rs::Algorithm::SHA1, 6, 0, 30, secret).unwrap();
    app.generate(u64::try_from(now.ms / 1000).unwrap())
}

async fn signed_in(village: &Village) {
    let (registry, now) = (&village.registry, at("2026-02-03"));
    let db = &registry.db;
    assert_eq!(registry.sign_in("nobody", PASSWORD, "", now).await.unwrap(), None);
    let plain = registry.sign_in("clerk", PASSWORD, "Phone\n", now).await.unwrap().unwrap();
    assert!(!plain.needs_second_factor);
    let session = live::session(db, &plain.token, now).await.unwrap().unwrap();
    assert_eq!((session.login.as_str(), session.agent.as_str()), ("clerk", "Phone"));
    assert!(session.confirmed && session.person_name.is_some() && session.id != plain.token);
    assert!(live::session(db, &session.id, now).await.unwrap().is_none(), "a key opens nothing");
    let late = Now { ms: session.until_ms, ..now };
    assert!(live::session(db, &plain.token, late).await.unwrap().is_none());
    assert_ne!(live::csrf(&plain.token), live::csrf(&session.id));
    // With a second factor the session waits, and goes on under another token.
    let mut tx = begin(village, user(village, "clerk", "VAC").await, "2026-02-03").await;
    let (secret, entry) = second_factor::enrol(&mut tx, "clerk", &KEY).await.unwrap();
    tx.commit(entry).await.unwrap();
    let waiting = registry.sign_in("clerk", PASSWORD, "Phone", now).await.unwrap().unwrap();
    assert!(waiting.needs_second_factor);
    assert!(!live::session(db, &waiting.token, now).await.unwrap().unwrap().confirmed);
    assert_eq!(registry.confirm(&waiting.token, "000000", &KEY, now).await.unwrap(), None);
    let given = code(&secret, now);
    let token = registry.confirm(&waiting.token, &given, &KEY, now).await.unwrap().unwrap();
    assert_ne!(token, waiting.token);
    assert!(live::session(db, &waiting.token, now).await.unwrap().is_none(), "no fixation");
    assert!(live::session(db, &token, now).await.unwrap().unwrap().confirmed);
    own_sessions(village, &token, now).await;
}

async fn own_sessions(village: &Village, token: &str, now: Now) {
    let (registry, me) = (&village.registry, user(village, "clerk", "VAC").await);
    let db = &registry.db;
    let (old, new) = (PASSWORD, "another password");
    let wrong = registry.change_password(me.clone(), token, ("wrong", new), now).await;
    assert!(!wrong.unwrap());
    assert!(registry.change_password(me.clone(), token, (old, "short"), now).await.is_err());
    assert!(registry.change_password(me.clone(), token, (old, new), now).await.unwrap());
    let kept = live::own_sessions(db, &me, now).await.unwrap();
    assert_eq!(kept.len(), 1, "the others have ended: {kept:?}");
    assert!(live::own_sessions(db, &By::public(&matrix()), now).await.is_err());
    let head = user(village, "head", "VCH").await;
    let mut tx = begin(village, head.clone(), "2026-02-03").await;
    assert!(sessions::end(&mut tx, &kept[0].id).await.is_err(), "another's session");
    assert!(sessions::end_all(&mut tx, me.account.as_deref().unwrap()).await.is_err());
    drop(tx);
    let mut tx = begin(village, me, "2026-02-03").await;
    let entry = sessions::sign_out(&mut tx, token).await.unwrap();
    tx.commit(entry).await.unwrap();
    assert!(live::session(db, token, now).await.unwrap().is_none());
}

/// Who knows the password cannot try codes without end by giving it again. One wrong try was made
/// before.
async fn locked_by_wrong_codes(village: &Village) {
    let (registry, now) = (&village.registry, at("2026-02-04"));
    for _ in 0..4 {
        let signed = registry.sign_in("clerk", "another password", "", now).await.unwrap();
        let token = signed.unwrap().token;
        assert_eq!(registry.confirm(&token, "000000", &KEY, now).await.unwrap(), None);
    }
    assert!(registry.sign_in("clerk", "another password", "", now).await.is_err());
    let mut tx = begin(village, by("SYS"), "2026-02-04").await;
    let entry = accounts::unlock(&mut tx, "clerk").await.unwrap();
    tx.commit(entry).await.unwrap();
    assert!(registry.sign_in("clerk", "another password", "", now).await.unwrap().is_some());
}

async fn drafts_are_ones_own(village: &Village) {
    let db = &village.registry.db;
    let clerk = user(village, "clerk", "VAC").await;
    for text in ["一", "二"] {
        let mut tx = begin(village, clerk.clone(), "2026-02-04").await;
        let fields = BTreeMap::from([("title".to_owned(), text.to_owned())]);
        let entry = drafts::save(&mut tx, "matter", &fields).await.unwrap();
        tx.commit(entry).await.unwrap();
    }
    let (fields, _) = drafts::load(db, &clerk, "matter").await.unwrap().unwrap();
    assert_eq!(fields["title"], "二");
    let head = user(village, "head", "VCH").await;
    assert_eq!(drafts::load(db, &head, "matter").await.unwrap(), None);
    let mut tx = begin(village, clerk.clone(), "2026-02-04").await;
    let entry = drafts::discard(&mut tx, "matter").await.unwrap();
    tx.commit(entry).await.unwrap();
    assert_eq!(drafts::load(db, &clerk, "matter").await.unwrap(), None);
}

async fn publish(village: &Village, period: &str, day: &str) -> String {
    let mut tx = begin(village, user(village, "clerk", "VAC").await, day).await;
    let mut new = new_notice(VILLAGE);
    new.period = period.to_owned();
    new.checked_by = Some(village.supervisor.clone());
    let (number, public) = notices::publish(&mut tx, village.rules.office(), &new).await.unwrap();
    tx.commit(Entry::new("notice-published", &number, json!({})).public(public)).await.unwrap();
    number
}

async fn asked_about_a_notice(village: &Village) {
    let notice = publish(village, "2026-01", "2026-02-04").await;
    let rules = village.rules.office();
    let new = NewQuestion {
        about: About::Notice(notice),
        asker_kind: "anonymous".to_owned(),
        text: "名单里为什么没有我家？".to_owned(),
        contact: Some(("写信到村口小店".to_owned(), KEY)),
    };
    let mut tx = begin(village, By::public(&matrix()), "2026-02-05").await;
    let (number, asked) = questions::ask(&mut tx, rules, &new).await.unwrap();
    tx.commit(asked.entry).await.unwrap();
    assert_eq!(asked.dues[0].1, Day::parse("2026-02-16").unwrap(), "a Monday");
    let clerk = user(village, "clerk", "VAC").await;
    let mut tx = begin(village, clerk, "2026-02-05").await;
    assert!(questions::contact(&mut tx, &number, &KEY).await.is_err(), "who answers alone");
    drop(tx);
    let head = user(village, "head", "VCH").await;
    let mut tx = begin(village, head.clone(), "2026-02-05").await;
    assert!(questions::contact(&mut tx, &number, &[1; 32]).await.is_err(), "another key");
    let (contact, entry) = questions::contact(&mut tx, &number, &KEY).await.unwrap();
    assert_eq!(contact.as_deref(), Some("写信到村口小店"));
    tx.commit(entry).await.unwrap();
    let actor = Actor { person: village.head.clone(), role: "VCH".to_owned() };
    for first in [true, false] {
        let mut tx = begin(village, head.clone(), "2026-02-06").await;
        let done = questions::answer(&mut tx, rules, &number, &actor, "已补上。").await;
        assert_eq!(done.is_ok(), first, "answered once");
        if let Ok(done) = done {
            tx.commit(done.entry).await.unwrap();
        }
    }
}

async fn photographed(village: &Village, dir: &Path) {
    let notice = publish(village, "2026-02", "2026-02-06").await;
    let blobs = Blobs::at(&dir.join("blobs"));
    let original = b"original with place and time";
    let new = NewPhoto {
        public_sha256: blobs.keep(b"public copy").unwrap(),
        sealed_sha256: blobs.keep_sealed(&KEY, original).unwrap(),
        taken: at("2026-02-06").day,
        caption: "公开栏".to_owned(),
    };
    assert_eq!(blobs.read_sealed(&KEY, &new.sealed_sha256).unwrap(), original);
    assert_ne!(blobs.read(&new.sealed_sha256).unwrap(), original);
    let mut tx = begin(village, user(village, "clerk", "VAC").await, "2026-02-06").await;
    let entry = photos::add(&mut tx, &notice, &new).await.unwrap();
    tx.commit(entry).await.unwrap();
    let photos = office::photos(&village.registry.db, &notice).await.unwrap();
    assert_eq!(photos[0].public_sha256, new.public_sha256);
}

async fn requested(village: &Village) {
    let (db, rules) = (&village.registry.db, village.rules.office());
    let new = NewRequest {
        kind: "not_received".to_owned(),
        place: VILLAGE.to_owned(),
        programme: Some("S11".to_owned()),
        period: Some("2026-01".to_owned()),
        amount_fen: Some(20_000),
        person_key: Some(-42),
        text: "没有收到".to_owned(),
    };
    let mut tx = begin(village, By::public(&matrix()), "2026-02-06").await;
    let (number, due, entry) = requests::open(&mut tx, rules, &new).await.unwrap();
    let committed = tx.commit(entry).await.unwrap();
    assert!(committed.public.is_some());
    assert_eq!(due, Day::parse("2026-02-23").unwrap(), "a Monday");
    assert_eq!(office::own_requests(db, -42).await.unwrap(), std::slice::from_ref(&number));
    let seen = |by: By| async move { office::requests(db, &by, COUNTY).await.unwrap().len() };
    assert_eq!(seen(user(village, "town", "TG").await).await, 1);
    assert_eq!(seen(By::public(&matrix())).await, 0);
    let head = Actor { person: village.head.clone(), role: "VCH".to_owned() };
    let town = Actor { person: village.villager.clone(), role: "TG".to_owned() };
    let mut tx = begin(village, user(village, "town", "TG").await, "2026-02-07").await;
    let foreign = requests::reply(&mut tx, rules, &number, &head, ("好", true)).await;
    assert!(matches!(foreign, Err(Refusal::Rules(_))), "in another's name");
    let accepted = requests::reply(&mut tx, rules, &number, &town, ("已受理", false)).await;
    let (until, entry) = accepted.unwrap();
    assert_eq!(until, Day::parse("2026-04-08"));
    tx.record(entry).await.unwrap();
    let done = requests::reply(&mut tx, rules, &number, &town, ("已补发", true)).await.unwrap();
    tx.commit(done.1).await.unwrap();
    let state = office::request(db, &number).await.unwrap().unwrap();
    assert_eq!((state.state.as_str(), state.replies.len()), ("answered", 2));
    assert_eq!(office::request(db, "RAAAAA-AAAAA").await.unwrap(), None);
    let mut tx = begin(village, user(village, "town", "TG").await, "2026-02-08").await;
    let entry = requests::close(&mut tx, &number).await.unwrap();
    assert!(requests::close(&mut tx, &number).await.is_err());
    tx.commit(entry).await.unwrap();
}

async fn imported(village: &Village) {
    let matrix = matrix();
    let limit = matrix.second_person[0].above_fen;
    for (batch, sum_fen, own) in [("000001", limit, true), ("000002", limit + 1, false)] {
        let new = NewImport {
            place: VILLAGE.to_owned(),
            batch: batch.to_owned(),
            sum_fen,
            rows_read: 3,
            rows_written: 2,
            rows_refused: 1,
            ..NewImport::default()
        };
        let clerk = user(village, "clerk", "VAC").await;
        let mut tx = begin(village, clerk.clone(), "2026-02-09").await;
        let (id, entry) = imports::record(&mut tx, &new).await.unwrap();
        tx.commit(entry).await.unwrap();
        for (login, role, allowed) in
            [("other", "VAC", false), ("clerk", "VAC", own), ("town", "TG", !own)]
        {
            let mut tx = begin(village, user(village, login, role).await, "2026-02-09").await;
            let done = imports::accept(&mut tx, &matrix, &id).await;
            assert_eq!(done.is_ok(), allowed, "{login} {batch} {done:?}");
            if let Ok(entry) = done {
                tx.commit(entry).await.unwrap();
            }
        }
        let mut tx = begin(village, clerk, "2026-02-10").await;
        assert!(imports::reject(&mut tx, &id, "晚了").await.is_err(), "it was decided");
    }
    let town = user(village, "town", "TG").await;
    let db = &village.registry.db;
    // One that was taken just before the program stopped is its uploader's all the same.
    let mut tx = begin(village, by("SYS"), "2026-02-11").await;
    let new =
        NewImport { place: VILLAGE.to_owned(), batch: "000003".to_owned(), ..NewImport::default() };
    let uploader = user(village, "clerk", "VAC").await.account;
    let (id, entry) = imports::record_of(&mut tx, &new, uploader).await.unwrap();
    tx.commit(entry).await.unwrap();
    let found = one_import::import(db, &town, &id).await.unwrap().unwrap();
    assert_eq!((found.uploader.as_deref(), found.decider), (Some("clerk"), None));
    let waiting = Some(("waiting".to_owned(), String::new()));
    assert_eq!(one_import::state(db, "000003").await.unwrap(), waiting);
    assert_eq!(one_import::state(db, "000009").await.unwrap(), None);
    let head = user(village, "head", "VCH").await;
    assert_eq!(one_import::import(db, &head, &id).await.unwrap(), None, "not for the head");
    let mut tx = begin(village, town.clone(), "2026-02-11").await;
    let entry = imports::reject(&mut tx, &id, "重复").await.unwrap();
    tx.commit(entry).await.unwrap();
    let found = one_import::import(db, &town, &id).await.unwrap().unwrap();
    assert_eq!((found.line.state.as_str(), found.decider.as_deref()), ("rejected", Some("town")));
    let lines = office::imports(db, &town, COUNTY).await.unwrap();
    let (rejected, lines): (Vec<_>, Vec<_>) =
        lines.into_iter().partition(|l| l.state == "rejected");
    assert_eq!(rejected.len(), 1);
    assert!(lines.iter().all(|line| line.state == "accepted") && lines.len() == 2, "{lines:?}");
}

/// Codes for the own benefits: the latest of a person alone, once, and for a day.
async fn coded(village: &Village) {
    let (registry, db) = (&village.registry, &village.registry.db);
    let clerk = user(village, "clerk", "VAC").await;
    let new = |hash: &str, person_key: i64| NewCode {
        place: VILLAGE.to_owned(),
        code_hash: hash.to_owned(),
        person_key,
        channel: "counter".to_owned(),
        purpose: "本人到场".to_owned(),
        lasts_ms: 1000,
    };
    let now = at("2026-02-12");
    for (after, (hash, person)) in (0..).zip([("first", 7), ("second", 7), ("other", 8)]) {
        let when = Now { ms: now.ms - 2 + after, ..now };
        let mut tx = registry.begin(clerk.clone(), when, "").await.unwrap();
        let (_, entry) = own_codes::issue(&mut tx, &new(hash, person)).await.unwrap();
        tx.commit(entry).await.unwrap();
    }
    for (login, role) in [("head", "VCH"), ("clerk", "PUB")] {
        let mut tx = begin(village, user(village, login, role).await, "2026-02-12").await;
        let elsewhere = NewCode { place: COUNTY.to_owned(), ..new("third", 9) };
        assert!(own_codes::issue(&mut tx, &elsewhere).await.is_err(), "{login}");
    }
    let by = || By::public(&matrix());
    let later = Now { ms: now.ms + 998, ..now };
    let late = Now { ms: now.ms + 1000, ..now };
    for (hash, when, opens) in [
        ("none", later, false),
        ("first", later, false),
        ("second", later, true),
        ("second", later, false),
        ("other", late, false),
    ] {
        assert_eq!(registry.redeem_code(by(), hash, when).await.unwrap(), opens, "{hash}");
    }
    let lines = issued::issued(db, &clerk, 2).await.unwrap();
    let used: Vec<_> = lines.iter().map(|line| line.used_ms.is_some()).collect();
    assert_eq!(used, [false, true], "{lines:?}");
    assert!(issued::issued(db, &user(village, "head", "VCH").await, 9).await.unwrap().is_empty());
}

async fn ordered(village: &Village) {
    let (db, rules) = (&village.registry.db, village.rules.office());
    let new = |due: &str| NewOrder {
        place: VILLAGE.to_owned(),
        duty: "V24".to_owned(),
        period: "2025-12".to_owned(),
        reason: "没有公开".to_owned(),
        due: Day::parse(due).unwrap(),
    };
    let mut tx = begin(village, user(village, "head", "VCH").await, "2026-02-10").await;
    assert!(orders::give(&mut tx, rules, &new("2026-02-20")).await.is_err());
    drop(tx);
    let mut tx = begin(village, user(village, "town", "TG").await, "2026-02-10").await;
    let (number, entry) = orders::give(&mut tx, rules, &new("2026-02-20")).await.unwrap();
    tx.commit(entry).await.unwrap();
    let mut tx = begin(village, user(village, "town", "TG").await, "2026-02-10").await;
    assert!(orders::give(&mut tx, rules, &new("2026-02-01")).await.is_err(), "has passed");
    drop(tx);
    publish(village, "2025-11", "2026-02-11").await;
    let met = |at: usize| async move {
        office::orders(db, &By::system(), COUNTY).await.unwrap()[at].met_notice.clone()
    };
    assert_eq!(met(0).await, None, "another period");
    let notice = publish(village, "2025-12", "2026-02-12").await;
    assert_eq!(met(0).await, Some(notice));
    assert!(number.starts_with('O'));
}

async fn closed(village: &Village) {
    let (registry, now) = (&village.registry, at("2026-02-12"));
    let signed = registry.sign_in("head", PASSWORD, "", now).await.unwrap().unwrap();
    let mut tx = begin(village, by("SYS"), "2026-02-12").await;
    let entry = accounts::close(&mut tx, "head").await.unwrap();
    tx.commit(entry).await.unwrap();
    assert!(live::session(&registry.db, &signed.token, now).await.unwrap().is_none());
    assert_eq!(registry.sign_in("head", PASSWORD, "", now).await.unwrap(), None);
    let head = held::list(&registry.db, &by("SYS"), now.day).await.unwrap();
    let head = head.iter().find(|line| line.login == "head").unwrap();
    assert!(held::asker(&registry.db, &head.account, now.day).await.unwrap().held.is_empty());
}
