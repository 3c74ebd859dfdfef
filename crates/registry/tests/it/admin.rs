//! Administration on both engines: first sign-ins, rights that one gives and another holds, places that
//! close, people to be chosen, looks at the log of looks.

use std::path::Path;

use domain::catalogue::{Role, RoleLevel};
use domain::problem::Failure;
use domain::time::Day;
use registry::actions::{Refusal, accounts, looks, places, posts, starts};
use registry::queries::{accounts as held, admin, looks as seen, sessions as live};
use registry::{By, Now, Tx, audit};
use serde_json::{Value, json};

use crate::access::matrix;
use crate::suite::{VILLAGE, Village, village};
use crate::support::{alike, at, by};

const KEY: [u8; 32] = [7; 32];
const COUNTY: &str = "990001";
const DAY: &str = "2026-02-03";

#[test]
fn both_engines_are_administered_alike() {
    alike("admin", run);
}

async fn run(address: &str, _dir: &Path) -> Value {
    let village = village(address).await;
    for (login, role, place, person) in [
        ("sys", "SYS", COUNTY, None),
        ("sec", "SEC", COUNTY, None),
        ("aud", "AUD", COUNTY, None),
        ("town", "TG", "990001101", Some(&village.villager)),
        ("clerk", "VAC", VILLAGE, Some(&village.clerk)),
    ] {
        account(&village, login, role, place, person).await;
    }
    started(&village).await;
    rights_are_given_by_another(&village).await;
    closed(&village).await;
    chosen(&village).await;
    let looks = looked(&village).await;
    let db = &village.registry.db;
    assert_eq!(audit(db, &[]).await.unwrap(), []);
    json!({ "looks": looks, "places": admin::places(db).await.unwrap() })
}

/// The roles of the small catalogue, and the administrators.
fn roles(village: &Village) -> Vec<Role> {
    let mut roles: Vec<Role> = village.rules.catalogue.roles.values().cloned().collect();
    let model = roles.first().cloned().unwrap();
    for code in ["SYS", "SEC", "AUD"] {
        roles.retain(|role| role.code != code);
        let excludes = ["SYS", "SEC", "AUD"].iter().filter(|c| **c != code);
        roles.push(Role {
            code: code.to_owned(),
            level: RoleLevel::System,
            second_factor: true,
            body: false,
            excludes: excludes.map(|code| (*code).to_owned()).collect(),
            ..model.clone()
        });
    }
    roles
}

async fn account(village: &Village, login: &str, role: &str, place: &str, who: Option<&String>) {
    let day = Day::parse("2026-01-06").unwrap();
    let mut tx = begin(village, by("SYS"), "2026-01-06").await;
    let person = who.map(String::as_str);
    let (_, entry) = accounts::add(&mut tx, login, person, "ten letters").await.unwrap();
    tx.record(entry).await.unwrap();
    let roles = roles(village);
    let entry = accounts::grant(&mut tx, &roles, login, role, place, day).await.unwrap();
    tx.commit(entry).await.unwrap();
}

async fn begin(village: &Village, by: By, day: &str) -> Tx {
    village.registry.begin(by, at(day), "").await.unwrap()
}

async fn user(village: &Village, login: &str, role: &str) -> By {
    let (db, day) = (&village.registry.db, at(DAY).day);
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

fn rule(refusal: Refusal) -> &'static str {
    match refusal {
        Refusal::Rules(rules) => rules[0].rule,
        Refusal::Other(Failure::Rule(rule)) => rule.rule,
        Refusal::Other(other) => panic!("{other:?}"),
    }
}

/// Whoever was given a password does nothing with it but put his own in its place.
async fn started(village: &Village) {
    let (registry, now) = (&village.registry, at(DAY));
    let (db, roles) = (&registry.db, roles(village));
    let mut tx = begin(village, user(village, "sys", "SYS").await, DAY).await;
    let (account, entry) = accounts::add(&mut tx, "new", None, "first letters").await.unwrap();
    starts::give(&mut tx, &account).await.unwrap();
    tx.commit(entry).await.unwrap();
    let mut tx = begin(village, user(village, "sec", "SEC").await, DAY).await;
    let entry = accounts::grant(&mut tx, &roles, "new", "AUD", COUNTY, now.day).await.unwrap();
    tx.commit(entry).await.unwrap();
    let signed = registry.sign_in("new", "first letters", "", now).await.unwrap().unwrap();
    assert!(signed.needs_start && !signed.needs_second_factor);
    let session = live::session(db, &signed.token, now).await.unwrap().unwrap();
    assert!(!session.confirmed && session.has_factor, "it opens nothing");
    let token = signed.token.as_str();
    let start = registry.start(token, &roles, &KEY, now).await.unwrap().unwrap();
    let secret = start.secret.clone().expect("its role asks for a second factor");
    let again = registry.start(token, &roles, &KEY, now).await.unwrap();
    assert_eq!(again, Some(start), "the same secret while it is not taken up");
    let own = "letters of mine";
    assert!(registry.finish_start(token, ("short", ""), &roles, &KEY, now).await.is_err());
    let wrong = registry.finish_start(token, (own, "000000"), &roles, &KEY, now).await.unwrap();
    assert_eq!(wrong, None);
    let right = code(&secret, now);
    let renewed =
        registry.finish_start(token, (own, &right), &roles, &KEY, now).await.unwrap().unwrap();
    assert!(live::session(db, &renewed, now).await.unwrap().unwrap().confirmed);
    assert!(live::session(db, token, now).await.unwrap().is_none(), "no fixation");
    assert_eq!(registry.start(&renewed, &roles, &KEY, now).await.unwrap(), None);
    assert!(registry.sign_in("new", "first letters", "", now).await.unwrap().is_none());
    let later = Now { ms: now.ms + 60_000, ..now };
    let signed = registry.sign_in("new", own, "", later).await.unwrap().unwrap();
    assert!(signed.needs_second_factor && !signed.needs_start);
    let used = registry.confirm(&signed.token, &right, &KEY, later).await.unwrap();
    assert_eq!(used, None, "the code was used up");
    reset(village, (&secret, &roles)).await;
    // Where no role asks for one, a password is enough.
    let mut tx = begin(village, by("SYS"), DAY).await;
    let (account, entry) = accounts::add(&mut tx, "plain", None, "first letters").await.unwrap();
    starts::give(&mut tx, &account).await.unwrap();
    tx.commit(entry).await.unwrap();
    let signed = registry.sign_in("plain", "first letters", "", now).await.unwrap().unwrap();
    let start = registry.start(&signed.token, &roles, &KEY, now).await.unwrap().unwrap();
    assert_eq!((start.login.as_str(), start.secret), ("plain", None));
    assert!(
        registry.finish_start(&signed.token, (own, ""), &roles, &KEY, now).await.unwrap().is_some()
    );
}

/// A new first password opens nothing to whoever has no second factor.
async fn reset(village: &Village, (secret, roles): (&str, &[Role])) {
    let (registry, now) = (&village.registry, Now { ms: at(DAY).ms + 120_000, ..at(DAY) });
    let account = user(village, "new", "AUD").await.account.unwrap();
    let mut tx = begin(village, user(village, "sys", "SYS").await, DAY).await;
    let hash = accounts::hash("other letters").unwrap();
    let entry = accounts::reset_password(&mut tx, "new", hash).await.unwrap();
    starts::give(&mut tx, &account).await.unwrap();
    tx.commit(entry).await.unwrap();
    let signed = registry.sign_in("new", "other letters", "", now).await.unwrap().unwrap();
    assert!(signed.needs_second_factor && signed.needs_start);
    let early = registry.start(&signed.token, roles, &KEY, now).await.unwrap();
    assert_eq!(early, None, "first the second factor");
    let early =
        registry.finish_start(&signed.token, ("letters of sys", ""), roles, &KEY, now).await;
    assert_eq!(early.unwrap(), None);
    let given = code(secret, now);
    let token = registry.confirm(&signed.token, &given, &KEY, now).await.unwrap().unwrap();
    let session = live::session(&registry.db, &token, now).await.unwrap().unwrap();
    assert!(session.has_factor && !session.confirmed);
    let start = registry.start(&token, roles, &KEY, now).await.unwrap().unwrap();
    assert_eq!(start.secret, None, "it has one");
    let done =
        registry.finish_start(&token, ("mine once more", ""), roles, &KEY, now).await.unwrap();
    let session = live::session(&registry.db, &done.unwrap(), now).await.unwrap().unwrap();
    assert!(session.confirmed);
}

async fn rights_are_given_by_another(village: &Village) {
    let (day, roles) = (at(DAY).day, roles(village));
    let grant = async |by: By, login: &str, role: &str, place: &str| {
        let mut tx = begin(village, by, DAY).await;
        accounts::grant(&mut tx, &roles, login, role, place, day).await.map(|_| ()).map_err(rule)
    };
    let (sys, sec) = (user(village, "sys", "SYS").await, user(village, "sec", "SEC").await);
    assert_eq!(grant(sys, "clerk", "VCH", VILLAGE).await, Err("deny-no-right"));
    assert_eq!(grant(sec.clone(), "sec", "TG", VILLAGE).await, Err("own-rights"));
    for (login, role, place, no) in [
        ("sys", "AUD", COUNTY, "roles-exclude"),
        ("sys", "VCH", VILLAGE, "administrator-apart"),
        ("clerk", "SYS", COUNTY, "administrator-apart"),
    ] {
        assert_eq!(grant(sec.clone(), login, role, place).await, Err(no), "{login} {role}");
    }
    assert_eq!(grant(sec, "town", "TG", VILLAGE).await, Ok(()));
    // Another account of the same person is no other person.
    let mut tx = begin(village, by("SYS"), DAY).await;
    let (_, entry) =
        accounts::add(&mut tx, "second", Some(&village.clerk), "ten letters").await.unwrap();
    tx.commit(entry).await.unwrap();
    let operator = By::operator(Some(&village.clerk), "SEC");
    assert_eq!(grant(operator, "second", "VCH", VILLAGE).await, Err("own-rights"));
}

async fn closed(village: &Village) {
    let close = async |place: &str, until: &str| {
        let mut tx = begin(village, user(village, "sys", "SYS").await, "2026-03-10").await;
        let entry = places::close(&mut tx, place, Day::parse(until).unwrap()).await;
        match entry {
            Ok(entry) => {
                tx.commit(entry).await.unwrap();
                "closed"
            }
            Err(Failure::Problem(problem)) => problem.code,
            Err(other) => panic!("{other:?}"),
        }
    };
    let mut tx = begin(village, by("SYS"), "2026-01-06").await;
    let new = places::NewPlace {
        code: "990001101299".to_owned(),
        parent: Some("990001101".to_owned()),
        level: "village".to_owned(),
        name: "小村".to_owned(),
        area: None,
    };
    let entry = places::add(&mut tx, &new).await.unwrap();
    tx.record(entry).await.unwrap();
    let roles = roles(village);
    let from = Day::parse("2026-01-06").unwrap();
    let given = posts::give(&mut tx, &roles, &new.code, "VCH", &village.member, from).await;
    let (post, entry) = given.unwrap();
    tx.commit(entry).await.unwrap();
    assert_eq!(close(COUNTY, "2026-03-01").await, "place-not-closed");
    assert_eq!(close("990001101", "2026-03-01").await, "place-in-use");
    assert_eq!(close(&new.code, "2026-03-01").await, "place-in-use", "a post goes on");
    let mut tx = begin(village, by("SYS"), "2026-03-01").await;
    let entry = posts::end(&mut tx, &post, Day::parse("2026-03-01").unwrap()).await.unwrap();
    tx.commit(entry).await.unwrap();
    assert_eq!(close(&new.code, "2026-02-01").await, "place-in-use");
    assert_eq!(close(&new.code, "2026-03-11").await, "place-not-closed", "tomorrow");
    assert_eq!(close(&new.code, "2026-03-01").await, "closed");
}

/// The township sees its people, the system's administrator those with a post, the others nobody.
async fn chosen(village: &Village) {
    let (db, day) = (&village.registry.db, at(DAY).day);
    let find = async |by: By, name: &str| {
        let found = admin::people(db, &by, name, day).await.unwrap();
        found.into_iter().map(|person| (person.id, person.posts)).collect::<Vec<_>>()
    };
    let names: Vec<String> = {
        let posts = registry::queries::lists::posts(db, VILLAGE).await.unwrap();
        posts.into_iter().map(|post| post.name).collect()
    };
    let name = names.first().unwrap();
    let (town, sys) = (user(village, "town", "TG").await, user(village, "sys", "SYS").await);
    let found = find(town, name).await;
    assert!(!found.is_empty() && found.iter().any(|(_, posts)| !posts.is_empty()), "{found:?}");
    assert!(!find(sys.clone(), name).await.is_empty());
    for (login, role) in [("aud", "AUD"), ("sec", "SEC")] {
        assert_eq!(find(user(village, login, role).await, name).await, [], "{login}");
    }
    for nothing in ["", " ", "%", "_"] {
        assert_eq!(find(sys.clone(), nothing).await, [], "{nothing:?} is nobody");
    }
    let last = admin::last_sign_ins(db, &sys).await.unwrap();
    assert_eq!(last.len(), 2, "two accounts were signed in on");
    assert!(admin::names(db, &sys).await.unwrap().len() >= 2);
    assert!(admin::last_sign_ins(db, &user(village, "town", "TG").await).await.is_err());
    let both = admin::in_both(db, ["VCH", "VAC"], day).await.unwrap();
    assert!(both.is_empty() || both == [VILLAGE], "{both:?}");
}

async fn looked(village: &Village) -> Vec<seen::LookLine> {
    let db = &village.registry.db;
    for (one_person, one_account) in [(true, false), (false, true)] {
        let by = user(village, "aud", "AUD").await;
        let mut tx = village.registry.begin(by, at(DAY), "核查").await.unwrap();
        let entry = looks::read_log(&mut tx, one_person, one_account).await.unwrap();
        tx.commit(entry).await.unwrap();
    }
    let mut tx = begin(village, user(village, "sys", "SYS").await, DAY).await;
    assert!(looks::read_log(&mut tx, false, false).await.is_err(), "not for the system's");
    drop(tx);
    let aud = user(village, "aud", "AUD").await;
    let span = (at(DAY).ms, at(DAY).ms + 1);
    let all = seen::looks(db, &aud, span, "", 10).await.unwrap();
    assert!(all.len() == 2 && all.iter().all(|look| look.user == "aud" && look.reason == "核查"));
    assert_eq!(seen::looks(db, &aud, span, "sys", 10).await.unwrap(), []);
    assert_eq!(seen::looks(db, &aud, span, "aud", 1).await.unwrap().len(), 1);
    assert_eq!(seen::looks(db, &aud, (0, span.0), "", 10).await.unwrap(), []);
    assert!(seen::looks(db, &user(village, "clerk", "VAC").await, span, "", 1).await.is_err());
    all
}
