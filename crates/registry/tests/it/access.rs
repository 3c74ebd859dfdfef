//! Who may do what: accounts of many roles try every act, at home and in the next village. What the
//! register answers is what the matrix says, and a post reaches no farther than its place.

use std::sync::Arc;

use domain::access::{Act, Asker, Decision, Matrix};
use domain::problem::Failure;
use domain::procedure::{Actor, Event};
use domain::recusal::{Ground, Override};
use domain::time::Day;
use registry::access::at as thing;
use registry::actions::imports::{self, NewImport};
use registry::actions::matters::{self, NewMatter};
use registry::actions::notices::{self, NewNotice};
use registry::actions::orders::{self, NewOrder};
use registry::actions::people::{self, NewPerson};
use registry::actions::photos::{self, NewPhoto};
use registry::actions::places::{self, NewPlace};
use registry::actions::{Refusal, accounts, overrides, posts, questions};
use registry::queries::accounts::{asker, list};
use registry::queries::lists;
use registry::{By, Entry, Tx};
use serde_json::{Map, json};

use crate::suite::{VILLAGE, Village, about_matter, village};
use crate::support::{at, block_on, by};

const OTHER: &str = "990001101202";
const TOWN: &str = "990001101";
const COUNTY: &str = "990001";

/// Login, role and place of the accounts.
const ACCOUNTS: &[(&str, &str, &str)] = &[
    ("clerk", "VAC", VILLAGE),
    ("head", "VCH", VILLAGE),
    ("watcher", "VSC", VILLAGE),
    ("town", "TG", TOWN),
    ("system", "SYS", COUNTY),
    ("security", "SEC", COUNTY),
    ("auditor", "AUD", COUNTY),
];

/// The matrix of the product.
pub fn matrix() -> Arc<Matrix> {
    let text = include_str!("../../../../catalogues/access.toml");
    Arc::new(Matrix::parse("access.toml", text).unwrap())
}

/// What is tried, with the kind of thing and the acts of which one must be his.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Deed {
    Open,
    Document,
    Check,
    Meet,
    Body,
    Sign,
    Next,
    Override,
    Ask,
    Publish,
    Correct,
    Erase,
    Person,
    Place,
    Post,
    Photo,
    Import,
    Order,
    Account,
    Grant,
}

const DEEDS: &[(Deed, &str, &[Act])] = &[
    (Deed::Open, "matter", &[Act::Create]),
    (Deed::Document, "matter", &[Act::Update, Act::Sign, Act::Approve]),
    (Deed::Check, "matter", &[Act::Sign]),
    (Deed::Meet, "matter", &[Act::Update]),
    (Deed::Body, "matter", &[Act::Update]),
    (Deed::Sign, "matter", &[Act::Update, Act::Sign, Act::Approve]),
    (Deed::Next, "matter", &[Act::Read]),
    (Deed::Override, "matter", &[Act::Approve]),
    (Deed::Ask, "question", &[Act::Create]),
    (Deed::Publish, "disclosure_draft", &[Act::Update]),
    (Deed::Correct, "disclosure_draft", &[Act::Update]),
    (Deed::Erase, "disclosure", &[Act::Approve]),
    (Deed::Person, "person", &[Act::Create]),
    (Deed::Place, "place", &[Act::Create]),
    (Deed::Post, "post", &[Act::Create]),
    (Deed::Photo, "disclosure_draft", &[Act::Update]),
    (Deed::Import, "import", &[Act::Create]),
    (Deed::Order, "order", &[Act::Create]),
    (Deed::Account, "user", &[Act::Create]),
    (Deed::Grant, "user", &[Act::Approve]),
];

/// A village with a matter and a notice.
struct Site {
    place: &'static str,
    path: String,
    matter: String,
    notice: String,
}

#[test]
fn every_act_is_answered_as_the_matrix_says() {
    block_on(async {
        let dir = tempfile::tempdir().unwrap();
        let village = village(&dir.path().join("register.db").display().to_string()).await;
        let sites = prepare(&village).await;
        let mut compared = 0;
        for (login, role, _) in ACCOUNTS {
            let asker = asker_of(&village, login).await;
            assert_eq!(asker.held.len(), 1, "{login}");
            for site in &sites {
                for (deed, object, acts) in DEEDS {
                    let by = By::user(&matrix(), login, asker.clone(), role).unwrap();
                    let mut tx = village.registry.begin(by, at("2026-02-03"), "").await.unwrap();
                    let found = denied(attempt(&mut tx, &village, site, *deed).await);
                    let place = if *deed == Deed::Account { COUNTY } else { &site.path };
                    let decide = |act| matrix().decide(&asker, act, &thing(object, place));
                    let allowed = match deed {
                        Deed::Next => tx.by.sees(object, place),
                        _ => acts.iter().any(|act| matches!(decide(*act), Decision::Allow(_))),
                    };
                    assert_eq!(
                        found.is_none(),
                        allowed,
                        "{login} {deed:?} {}: {found:?}",
                        site.place
                    );
                    compared += 1;
                }
            }
        }
        assert_eq!(compared, ACCOUNTS.len() * 2 * DEEDS.len());
        the_next_village_is_closed(&village, &sites).await;
    });
}

/// A clerk of one village can do nothing in the other but what any visitor can.
async fn the_next_village_is_closed(village: &Village, sites: &[Site]) {
    for (login, role) in [("clerk", "VAC"), ("head", "VCH"), ("watcher", "VSC")] {
        let by = By::user(&matrix(), login, asker_of(village, login).await, role).unwrap();
        for (deed, _, _) in DEEDS.iter().filter(|(deed, ..)| *deed != Deed::Ask) {
            let now = at("2026-02-03");
            let mut tx = village.registry.begin(by.clone(), now, "").await.unwrap();
            let rule = denied(attempt(&mut tx, village, &sites[1], *deed).await);
            assert!(rule.is_some(), "{login} {deed:?}");
        }
        let db = &village.registry.db;
        let seen = lists::matters(db, &by, COUNTY).await.unwrap();
        assert!(!seen.is_empty() && seen.iter().all(|line| line.place == VILLAGE), "{seen:?}");
    }
}

#[test]
fn nobody_acts_in_anothers_name_or_in_a_role_that_he_does_not_hold() {
    block_on(async {
        let dir = tempfile::tempdir().unwrap();
        let village = village(&dir.path().join("register.db").display().to_string()).await;
        let sites = prepare(&village).await;
        let head = asker_of(&village, "head").await;
        assert!(By::user(&matrix(), "head", head.clone(), "VSC").is_err());
        let by = By::user(&matrix(), "head", head, "VCH").unwrap();
        let mut tx = village.registry.begin(by, at("2026-02-03"), "").await.unwrap();
        let actor = Actor { person: village.member.clone(), role: "VCH".to_owned() };
        let event = Event::Step {
            code: "apply".to_owned(),
            actor,
            day: tx.now.day,
            amount_fen: None,
            meeting: None,
        };
        let office = village.rules.office();
        let done = matters::record(&mut tx, office, &sites[0].matter, &event, "").await;
        assert_eq!(denied(done.map(drop)), Some("deny-another"));
        drop(tx);
        let none = asker(&village.registry.db, "nobody", at("2026-02-03").day).await.unwrap();
        assert_eq!(none, Asker::default());
        // A grant that has ended, or has not begun, gives nothing.
        let early = asker_on(&village, "head", "2026-01-01").await;
        assert!(early.held.is_empty() && early.person.is_some());
    });
}

async fn asker_of(village: &Village, login: &str) -> Asker {
    asker_on(village, login, "2026-02-03").await
}

async fn asker_on(village: &Village, login: &str, day: &str) -> Asker {
    let db = &village.registry.db;
    let lines = list(db, &By::system(), at(day).day).await.unwrap();
    let line = lines.into_iter().find(|line| line.login == login).unwrap();
    asker(db, &line.account, at(day).day).await.unwrap()
}

/// The rule that denied the right, if one did; other refusals come after it was granted.
fn denied(done: Result<(), Refusal>) -> Option<&'static str> {
    match done {
        Err(Refusal::Rules(rules)) => {
            rules.iter().map(|rule| rule.rule).find(|rule| rule.starts_with("deny-"))
        }
        Err(Refusal::Other(Failure::Fault(fault))) => panic!("{fault}"),
        _ => None,
    }
}

/// The event of a deed that is one in a matter.
fn event_of(deed: Deed, village: &Village, actor: &Actor, day: Day) -> Option<Event> {
    let actor = actor.clone();
    match deed {
        Deed::Document => Some(Event::Document { code: "application".to_owned(), day }),
        Deed::Check => Some(Event::Check { step: "disclose".to_owned(), actor, day, agreed: true }),
        Deed::Meet => Some(Event::TakenDown { step: "disclose".to_owned(), day }),
        Deed::Sign => Some(Event::Sign { step: "decide".to_owned(), actor, day }),
        // What a body did is written down by whoever keeps its minutes.
        Deed::Body => {
            let actor = Actor { person: village.member.clone(), role: "VRM".to_owned() };
            let (code, amount_fen, meeting) = ("decide".to_owned(), None, None);
            Some(Event::Step { code, actor, day, amount_fen, meeting })
        }
        _ => None,
    }
}

async fn attempt(tx: &mut Tx, village: &Village, site: &Site, deed: Deed) -> Result<(), Refusal> {
    let (office, day) = (village.rules.office(), tx.now.day);
    let roles: Vec<_> = village.rules.catalogue.roles.values().cloned().collect();
    let me = tx.by.person.clone().unwrap_or_default();
    let actor = Actor { person: me.clone(), role: tx.by.role.clone() };
    let event = event_of(deed, village, &actor, day);
    if let Some(event) = event {
        return matters::record(tx, office, &site.matter, &event, "").await.map(drop);
    }
    match deed {
        Deed::Open => matters::open(tx, office, &new_matter(site.place)).await.map(drop),
        Deed::Next => Ok(matters::next(tx, office, &site.matter).await.map(drop)?),
        Deed::Override => {
            let reason = "没有别人".to_owned();
            let given = Override { ground: Ground::Kin, approver: me, reason, day };
            let whom = &village.head_s_brother;
            overrides::grant(tx, office, &site.matter, whom, &given).await.map(drop)
        }
        Deed::Ask => questions::ask(tx, office, &about_matter(&site.matter)).await.map(drop),
        Deed::Publish => notices::publish(tx, office, &new_notice(site.place)).await.map(drop),
        Deed::Correct => {
            Ok(notices::replace(tx, &site.notice, "更正", Some(&notices::new_text("新的")))
                .await
                .map(drop)?)
        }
        Deed::Erase => Ok(notices::erase(tx, &site.notice, "本人要求").await.map(drop)?),
        Deed::Person => {
            let household = Some((site.place.to_owned(), "9".to_owned()));
            let new = NewPerson { name: "庚".to_owned(), household, ..NewPerson::default() };
            Ok(people::add(tx, &new).await.map(drop)?)
        }
        Deed::Place => {
            Ok(places::add(tx, &new_place(&format!("{}01", site.place), site.place, "group"))
                .await
                .map(drop)?)
        }
        Deed::Post => {
            posts::give(tx, &roles, site.place, "VAC", &village.villager, day).await.map(drop)
        }
        Deed::Photo => {
            let (open, sealed) = ("open".to_owned(), "sealed".to_owned());
            let caption = String::new();
            let new = NewPhoto { public_sha256: open, sealed_sha256: sealed, taken: day, caption };
            Ok(photos::add(tx, &site.notice, &new).await.map(drop)?)
        }
        Deed::Import => {
            let new = NewImport { place: site.place.to_owned(), ..NewImport::default() };
            Ok(imports::record(tx, &new).await.map(drop)?)
        }
        Deed::Order => {
            let (place, duty) = (site.place.to_owned(), "V24".to_owned());
            let (period, reason) = ("2026-01".to_owned(), String::new());
            let new = NewOrder { place, duty, period, reason, due: day };
            Ok(orders::give(tx, office, &new).await.map(drop)?)
        }
        Deed::Account => Ok(accounts::add(tx, "new", None, "ten letters").await.map(drop)?),
        _ => accounts::grant(tx, &roles, "auditor", "VAC", site.place, day).await.map(drop),
    }
}

fn new_place(code: &str, parent: &str, level: &str) -> NewPlace {
    NewPlace {
        code: code.to_owned(),
        parent: Some(parent.to_owned()),
        level: level.to_owned(),
        name: "白云".to_owned(),
        area: None,
    }
}

fn new_matter(place: &str) -> NewMatter {
    NewMatter {
        power: "E26".to_owned(),
        place: place.to_owned(),
        title: "危房改造".to_owned(),
        subject: None,
        amount_fen: None,
    }
}

/// A notice that was checked, without anything personal.
pub fn new_notice(place: &str) -> NewNotice {
    let mut body = Map::new();
    body.insert("text".to_owned(), json!("名单"));
    NewNotice {
        place: place.to_owned(),
        duty: "V24".to_owned(),
        from: None,
        period: "2026-01".to_owned(),
        title: "危房改造名单".to_owned(),
        body,
        personal: Vec::new(),
        prepared_by: None,
        checked_by: Some(String::new()),
        due: None,
    }
}

/// A second village, a matter and a notice in each, and the accounts.
async fn prepare(village: &Village) -> Vec<Site> {
    let roles: Vec<_> = village.rules.catalogue.roles.values().cloned().collect();
    let day = Day::parse("2026-01-06").unwrap();
    let mut tx = village.registry.begin(by("SYS"), at("2026-01-06"), "").await.unwrap();
    let entry = places::add(&mut tx, &new_place(OTHER, TOWN, "village")).await.unwrap();
    tx.record(entry).await.unwrap();
    let new = NewPerson { name: "审".to_owned(), ..NewPerson::default() };
    let (auditor, entry) = people::add(&mut tx, &new).await.unwrap();
    tx.record(entry).await.unwrap();
    for (login, role, place) in ACCOUNTS {
        let person = match *login {
            "head" => &village.head,
            "clerk" => &village.clerk,
            "watcher" => &village.supervisor,
            "town" => &village.villager,
            // The three administrators are three people, and hold nothing else.
            "auditor" => &auditor,
            "system" => &village.member,
            "security" => &village.head_s_brother,
            _ => &village.villager,
        };
        let (_, entry) = accounts::add(&mut tx, login, Some(person), "ten letters").await.unwrap();
        tx.record(entry).await.unwrap();
        let entry = accounts::grant(&mut tx, &roles, login, role, place, day).await.unwrap();
        tx.record(entry).await.unwrap();
    }
    let mut sites = Vec::new();
    for place in [VILLAGE, OTHER] {
        let office = village.rules.office();
        let (matter, entry) = matters::open(&mut tx, office, &new_matter(place)).await.unwrap();
        tx.record(entry).await.unwrap();
        let new = NewNotice { checked_by: Some(village.supervisor.clone()), ..new_notice(place) };
        let (notice, public) = notices::publish(&mut tx, office, &new).await.unwrap();
        let entry = Entry::new("notice-published", &notice, json!({})).public(public);
        tx.record(entry).await.unwrap();
        let path = places::path(&mut tx, place).await.unwrap();
        sites.push(Site { place, path, matter, notice });
    }
    tx.commit(Entry::new("prepared", "test", json!({}))).await.unwrap();
    sites
}
