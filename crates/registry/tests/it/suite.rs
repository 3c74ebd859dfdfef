//! What a register must do, whatever the engine.

use std::path::Path;

use domain::problem::Failure;
use domain::procedure::{Actor, Event, Meeting};
use domain::recusal::{Ground, Override, Relation, Tie};
use domain::time::Day;
use journal::note::SigningKey;
use registry::actions::matters::{self, NewMatter};
use registry::actions::people::{self, NewPerson};
use registry::actions::places::{self, NewPlace};
use registry::actions::questions::{About, NewQuestion};
use registry::actions::{Refusal, accounts, notices, overrides, posts, questions, second_factor};
use registry::log::Log;
use registry::queries::accounts::list;
use registry::queries::lists;
use registry::{Registry, audit};
use serde_json::{Value, json};

use crate::support::{Rules, at, by, meddle};

pub const VILLAGE: &str = "990001101201";

/// A village with its officers.
pub struct Village {
    pub registry: Registry,
    pub rules: Rules,
    pub head: String,
    pub member: String,
    pub head_s_brother: String,
    pub supervisor: String,
    pub clerk: String,
    pub villager: String,
}

pub async fn village(address: &str) -> Village {
    village_in(Registry::open(address).await.unwrap()).await
}

pub async fn village_in(registry: Registry) -> Village {
    let rules = Rules::new();
    let now = at("2026-01-05");
    let place = |code: &str, parent: Option<&str>, level: &str, name: &str| NewPlace {
        code: code.to_owned(),
        parent: parent.map(str::to_owned),
        level: level.to_owned(),
        name: name.to_owned(),
        area: None,
    };
    for new in [
        place("990001", None, "county", "明水县"),
        place("990001101", Some("990001"), "township", "柳溪镇"),
        place(VILLAGE, Some("990001101"), "village", "青石村"),
    ] {
        let mut tx = registry.begin(by("SYS"), now, "set up").await.unwrap();
        let entry = places::add(&mut tx, &new).await.unwrap();
        tx.commit(entry).await.unwrap();
    }
    let mut ids = Vec::new();
    for (name, household) in
        [("甲", "1"), ("己", "6"), ("乙", "2"), ("丙", "3"), ("丁", "4"), ("戊", "5")]
    {
        let mut tx = registry.begin(by("SYS"), now, "set up").await.unwrap();
        let new = NewPerson {
            name: name.to_owned(),
            household: Some((VILLAGE.to_owned(), household.to_owned())),
            ..NewPerson::default()
        };
        let (id, entry) = people::add(&mut tx, &new).await.unwrap();
        tx.commit(entry).await.unwrap();
        ids.push(id);
    }
    let [head, member, head_s_brother, supervisor, clerk, villager] =
        <[String; 6]>::try_from(ids).unwrap();
    let mut tx = registry.begin(by("SYS"), now, "set up").await.unwrap();
    let tie = Relation { first: head.clone(), second: head_s_brother.clone(), tie: Tie::Sibling };
    let entry = people::relate(&mut tx, &tie).await.unwrap();
    tx.commit(entry).await.unwrap();
    let roles: Vec<_> = rules.catalogue.roles.values().cloned().collect();
    for (role, person) in [
        ("VCH", &head),
        ("VCH", &member),
        ("VSC", &supervisor),
        ("VAC", &clerk),
        ("VSC", &head_s_brother),
    ] {
        let mut tx = registry.begin(by("SYS"), now, "set up").await.unwrap();
        let (_, entry) =
            posts::give(&mut tx, &roles, VILLAGE, role, person, now.day).await.unwrap();
        tx.commit(entry).await.unwrap();
    }
    // The head may not supervise himself.
    let mut tx = registry.begin(by("SYS"), now, "set up").await.unwrap();
    let twice = posts::give(&mut tx, &roles, VILLAGE, "VSC", &head, now.day).await;
    assert!(matches!(twice, Err(Refusal::Rules(_))), "{twice:?}");
    Village { registry, rules, head, member, head_s_brother, supervisor, clerk, villager }
}

impl Village {
    /// Records an event; the codes of the rules that say no.
    pub async fn record(&self, number: &str, event: &Event) -> Result<(), Vec<&'static str>> {
        let now = at(&event.day().to_string());
        let mut tx = self.registry.begin(by("VCH"), now, "").await.unwrap();
        match matters::record(&mut tx, self.rules.office(), number, event, "说明").await {
            Ok(recorded) => {
                tx.commit(recorded.entry).await.unwrap();
                Ok(())
            }
            Err(Refusal::Rules(rules)) => Err(rules.iter().map(|rule| rule.rule).collect()),
            Err(Refusal::Other(other)) => panic!("{other}"),
        }
    }

    pub async fn open(&self, subject: &str, day: &str) -> String {
        let mut tx = self.registry.begin(by("VCH"), at(day), "").await.unwrap();
        let new = NewMatter {
            power: "E26".to_owned(),
            place: VILLAGE.to_owned(),
            title: "东头危房改造".to_owned(),
            subject: Some(subject.to_owned()),
            amount_fen: Some(2_000_000),
        };
        let (number, entry) = matters::open(&mut tx, self.rules.office(), &new).await.unwrap();
        tx.commit(entry).await.unwrap();
        number
    }
}

/// A villager's question about a matter.
pub fn about_matter(number: &str) -> NewQuestion {
    NewQuestion {
        about: About::Matter(number.to_owned()),
        asker_kind: "villager".to_owned(),
        text: "钱怎么花？".to_owned(),
        contact: None,
    }
}

pub fn step(code: &str, person: &str, role: &str, day: &str) -> Event {
    Event::Step {
        code: code.to_owned(),
        actor: Actor { person: person.to_owned(), role: role.to_owned() },
        day: Day::parse(day).unwrap(),
        amount_fen: None,
        meeting: None,
    }
}

pub fn meeting(present: u32, votes_for: u32, day: &str) -> Event {
    let held_on = Day::parse(day).unwrap();
    let meeting = Meeting {
        body: "VRM".to_owned(),
        called_on: Some(held_on),
        held_on,
        should_attend: 30,
        present,
        households_total: None,
        households_present: None,
        votes_for,
        votes_against: present - votes_for,
        abstentions: 0,
        head_spoke_last: true,
        ballots_recorded: true,
        attendees: Vec::new(),
    };
    Event::Meeting { step: "decide".to_owned(), day: held_on, meeting: Box::new(meeting) }
}

/// A name of the village goes into a public text only when whoever writes means it, and the entry says so.
async fn named_on_purpose(village: &Village) {
    let mut tx = village.registry.begin(by("SYS"), at("2026-02-01"), "").await.unwrap();
    let new = NewPerson {
        name: "王上".to_owned(),
        household: Some((VILLAGE.to_owned(), "7".to_owned())),
        ..NewPerson::default()
    };
    let (_, entry) = people::add(&mut tx, &new).await.unwrap();
    tx.commit(entry).await.unwrap();
    let new = NewMatter {
        power: "E26".to_owned(),
        place: VILLAGE.to_owned(),
        title: "王 上家的危房改造".to_owned(),
        subject: None,
        amount_fen: None,
    };
    for (confirmed, expect) in [(false, Some("text-names-person")), (true, None)] {
        let mut tx = village.registry.begin(by("VCH"), at("2026-02-01"), "").await.unwrap();
        tx.names_confirmed = confirmed;
        match matters::open(&mut tx, village.rules.office(), &new).await {
            Ok((_, entry)) => drop(tx.commit(entry).await.unwrap()),
            Err(Refusal::Other(Failure::Problem(problem))) => {
                assert_eq!((Some(problem.code), problem.args[0].1.as_str()), (expect, "王*"));
            }
            Err(other) => panic!("{other:?}"),
        }
    }
    let log = Log::at(tempfile::tempdir().unwrap().path(), registry::tx::INTERNAL);
    let secret = SigningKey::from_seed("log.test", &[5; 32]).unwrap().to_secret_text();
    log.begin("log.test/internal", &secret).unwrap();
    log.keep(&village.registry.db, &secret, at("2026-02-01")).await.unwrap();
    let last = lists::sizes(&village.registry.db).await.unwrap();
    let last = last.iter().find(|(name, _)| name == "internal").unwrap().1 - 1;
    let bundle = log.bundle(&village.registry.db, u64::try_from(last).unwrap()).await.unwrap();
    let text = serde_json::to_string(&bundle).unwrap();
    assert!(text.contains("names_confirmed"), "{text}");
}

/// A matter from application to archive, with everything that must be refused on the way; then the
/// logs, the audit and a proof. Returns what both engines must agree on.
pub async fn run(address: &str, dir: &Path) -> Value {
    let village = village(address).await;
    let number = village.open(&village.villager, "2026-02-02").await;
    refused_on_the_way(&village, &number).await;
    archived(&village, &number).await;
    let proof = proved(&village, dir).await;
    assert_eq!(audit(&village.registry.db, &[]).await.unwrap(), []);
    accounts_lock(&village).await;
    named_on_purpose(&village).await;
    let jobs = jobs(&village).await;
    let notices = lists::notices(&village.registry.db, VILLAGE).await.unwrap();
    let matters = lists::matters(&village.registry.db, &by("SYS"), "990001").await.unwrap();
    assert_eq!(notices.len(), 3, "{notices:?}");
    altered(&village, address).await;
    json!({
        "notices": notices, "matters": matters, "proof": proof, "jobs": jobs,
        "logs": lists::sizes(&village.registry.db).await.unwrap(),
    })
}

async fn refused_on_the_way(village: &Village, number: &str) {
    let (head, supervisor) = (village.head.as_str(), village.supervisor.as_str());
    let missing = village.record(number, &step("apply", head, "VCH", "2026-02-02")).await;
    assert_eq!(missing, Err(vec!["gate-documents"]));
    let document = Event::Document { code: "application".to_owned(), day: at("2026-02-02").day };
    village.record(number, &document).await.unwrap();
    village.record(number, &step("apply", head, "VCH", "2026-02-02")).await.unwrap();
    let skipped = village.record(number, &step("disclose", head, "VCH", "2026-02-03")).await;
    assert_eq!(skipped, Err(vec!["step-after"]));
    let pretended = village.record(number, &step("review", head, "VSC", "2026-02-03")).await;
    assert!(pretended.unwrap_err().contains(&"post-not-held"));
    village.record(number, &step("review", supervisor, "VSC", "2026-02-04")).await.unwrap();
    village.record(number, &meeting(19, 19, "2026-02-10")).await.unwrap();
    let few = village.record(number, &step("decide", head, "VCH", "2026-02-10")).await;
    assert_eq!(few, Err(vec!["gate-meeting-quorum"]));
    village.record(number, &meeting(20, 10, "2026-02-11")).await.unwrap();
    let half = village.record(number, &step("decide", head, "VCH", "2026-02-11")).await;
    assert_eq!(half, Err(vec!["gate-meeting-majority"]));
    // A brother of the head supervises: he may not review the head's own matter.
    let own = village.open(&village.head, "2026-02-02").await;
    village.record(&own, &document).await.unwrap();
    let self_made = village.record(&own, &step("apply", head, "VCH", "2026-02-02")).await;
    assert_eq!(self_made, Err(vec!["recused"]));
    overridden(village).await;
}

/// The head's brother supervises: he may review the head's matter only when somebody who is not in
/// conflict himself takes it upon himself. Nobody lets a person review his own.
async fn overridden(village: &Village) {
    let number = village.open(&village.head, "2026-02-12").await;
    let document = Event::Document { code: "application".to_owned(), day: at("2026-02-12").day };
    village.record(&number, &document).await.unwrap();
    let member = step("apply", &village.member, "VCH", "2026-02-12");
    village.record(&number, &member).await.unwrap();
    let review = step("review", &village.head_s_brother, "VSC", "2026-02-12");
    assert_eq!(village.record(&number, &review).await, Err(vec!["recused"]));
    for (person, ground, approver, rule) in [
        (&village.head_s_brother, Ground::Kin, &village.head, Some("override-conflicted")),
        (&village.head, Ground::SamePerson, &village.clerk, Some("override-never")),
        (&village.head_s_brother, Ground::Kin, &village.clerk, None),
    ] {
        let mut tx = village.registry.begin(by("TG"), at("2026-02-12"), "").await.unwrap();
        let (approver, reason) = (approver.clone(), "没有别人".to_owned());
        let given = Override { ground, approver, reason, day: at("2026-02-12").day };
        let done = overrides::grant(&mut tx, village.rules.office(), &number, person, &given).await;
        match (done, rule) {
            (Ok(entry), None) => drop(tx.commit(entry).await.unwrap()),
            (Err(Refusal::Rules(rules)), Some(rule)) => assert_eq!(rules[0].rule, rule),
            (other, _) => panic!("{other:?}"),
        }
    }
    village.record(&number, &review).await.unwrap();
}

async fn archived(village: &Village, number: &str) {
    let (head, clerk) = (village.head.as_str(), village.clerk.as_str());
    village.record(number, &meeting(20, 15, "2026-02-12")).await.unwrap();
    village.record(number, &step("decide", head, "VCH", "2026-02-12")).await.unwrap();
    village.record(number, &step("disclose", head, "VCH", "2026-02-13")).await.unwrap();
    let early = village.record(number, &step("archive", clerk, "VAC", "2026-02-20")).await;
    assert_eq!(early, Err(vec!["gate-published-running"]));
    let mut tx = village.registry.begin(by("PUB"), at("2026-02-20"), "").await.unwrap();
    let (asked, recorded) =
        questions::ask(&mut tx, village.rules.office(), &about_matter(number)).await.unwrap();
    tx.commit(recorded.entry).await.unwrap();
    let open = village.record(number, &step("archive", clerk, "VAC", "2026-02-23")).await;
    assert!(open.unwrap_err().contains(&"gate-questions"));
    let mut tx = village.registry.begin(by("VCH"), at("2026-02-23"), "").await.unwrap();
    let actor = Actor { person: head.to_owned(), role: "VCH".to_owned() };
    let answered =
        questions::answer(&mut tx, village.rules.office(), &asked, &actor, "用于换瓦。").await;
    tx.commit(answered.unwrap().entry).await.unwrap();
    village.record(number, &step("archive", clerk, "VAC", "2026-02-24")).await.unwrap();
    let list = lists::notices(&village.registry.db, VILLAGE).await.unwrap();
    let notice = list[0].number.clone();
    for (text, reason) in [(Some("更正后的说明"), "更正金额"), (None, "privacy")] {
        let mut tx = village.registry.begin(by("TG"), at("2026-02-25"), reason).await.unwrap();
        let entry =
            notices::replace(&mut tx, &notice, reason, text.map(notices::new_text).as_ref())
                .await
                .unwrap();
        tx.commit(entry).await.unwrap();
    }
}

/// Tiles, checkpoints and a proof that verifies without us.
async fn proved(village: &Village, dir: &Path) -> Value {
    let db = &village.registry.db;
    let secret = SigningKey::from_seed("log.test", &[5; 32]).unwrap().to_secret_text();
    let log = Log::at(&dir.join("log"), registry::tx::PUBLIC);
    log.begin("log.test/public", &secret).unwrap();
    let kept = log.keep(db, &secret, at("2026-02-26")).await.unwrap();
    assert_eq!(log.keep(db, &secret, at("2026-02-26")).await.unwrap().new, 0);
    let notice = lists::notices(db, VILLAGE).await.unwrap()[0].number.clone();
    let leaf = lists::last_leaf(db, registry::tx::PUBLIC, &notice).await.unwrap().unwrap();
    let bundle = log.bundle(db, u64::try_from(leaf).unwrap()).await.unwrap();
    let ring = log.ring().unwrap();
    let verified = journal::verify::verify(&bundle, &ring).unwrap();
    assert_eq!(verified.leaf.subject, notice);
    let (_, found) = log.audit(&mut |_, _| {}).unwrap();
    assert!(found.is_clean());
    erased(village, &log, &notice).await;
    // Another key takes over; what the old one signed stays proved.
    let next = SigningKey::from_seed("log.test", &[6; 32]).unwrap().to_secret_text();
    log.rotate(&next).unwrap();
    let mut tx = village.registry.begin(by("SYS"), at("2026-02-27"), "").await.unwrap();
    let entry = people::declare(&mut tx, &village.head_s_brother, "x", "test").await.unwrap();
    tx.commit(entry.public(registry::PublicEntry {
        subject: "x".to_owned(),
        ..registry::PublicEntry::default()
    }))
    .await
    .unwrap();
    assert!(log.keep(db, &secret, at("2026-02-27")).await.is_err());
    assert_eq!(log.keep(db, &next, at("2026-02-27")).await.unwrap().new, 1);
    assert!(journal::verify::verify(&bundle, &log.ring().unwrap()).is_ok());
    json!({ "size": kept.size, "leaf": leaf })
}

/// Erased, a name is in no row any more; the entry still proves, and says that it was erased.
async fn erased(village: &Village, log: &Log, notice: &str) {
    let db = &village.registry.db;
    let mut tx = village.registry.begin(by("TG"), at("2026-02-26"), "").await.unwrap();
    let entry = notices::erase(&mut tx, notice, "本人要求").await.unwrap();
    tx.commit(entry).await.unwrap();
    assert_eq!(audit(db, &[]).await.unwrap(), []);
    let bundle = log.bundle(db, 1).await.unwrap();
    let verified = journal::verify::verify(&bundle, &log.ring().unwrap()).unwrap();
    let shown = |r: &journal::verify::Reading| matches!(r, journal::verify::Reading::Shown(_));
    assert!(!verified.fields.values().any(shown), "{:?}", verified.fields);
}

async fn accounts_lock(village: &Village) {
    let roles: Vec<_> = village.rules.catalogue.roles.values().cloned().collect();
    let now = at("2026-03-01");
    let mut tx = village.registry.begin(by("SYS"), now, "").await.unwrap();
    let (_, entry) =
        accounts::add(&mut tx, "head", Some(&village.head), "ten letters").await.unwrap();
    tx.commit(entry).await.unwrap();
    for (role, allowed) in [("SYS", true), ("AUD", false)] {
        let mut tx = village.registry.begin(by("SEC"), now, "").await.unwrap();
        let granted = accounts::grant(&mut tx, &roles, "head", role, "990001", now.day).await;
        assert_eq!(granted.is_ok(), allowed, "{role}");
        if let Ok(entry) = granted {
            tx.commit(entry).await.unwrap();
        }
    }
    second_factor(village, &roles).await;
    for (password, right) in [("ten letters", true), ("wrong", false)] {
        let signed_in = village.registry.sign_in("head", password, "", now).await.unwrap();
        assert_eq!(signed_in.is_some(), right);
    }
    for _ in 0..4 {
        assert_eq!(village.registry.sign_in("head", "wrong", "", now).await.unwrap(), None);
    }
    assert!(village.registry.sign_in("head", "ten letters", "", now).await.is_err(), "locked");
    let mut tx = village.registry.begin(by("SYS"), now, "").await.unwrap();
    let hash = accounts::hash("another ten letters").unwrap();
    let entry = accounts::reset_password(&mut tx, "head", hash).await.unwrap();
    tx.commit(entry).await.unwrap();
    let signed_in = village.registry.sign_in("head", "another ten letters", "", now).await;
    assert!(signed_in.unwrap().is_some(), "open again, with the new password");
    let old = village.registry.sign_in("head", "ten letters", "", now).await.unwrap();
    assert_eq!(old, None);
    let later = at("2026-03-02");
    for (times, found) in [(1, true), (2, false)] {
        let mut tx = village.registry.begin(by("SEC"), later, "").await.unwrap();
        let entry = accounts::revoke(&mut tx, "head", "SYS", "990001").await;
        assert_eq!(entry.is_ok(), found, "{times}");
        if let Ok(entry) = entry {
            tx.commit(entry).await.unwrap();
        }
    }
    let lines = list(&village.registry.db, &by("SYS"), later.day).await.unwrap();
    assert_eq!(lines[0].roles, [""; 0]);
}

/// A code is right once, within its time, and with the key that sealed the secret.
async fn second_factor(village: &Village, roles: &[domain::catalogue::Role]) {
    let now = at("2026-03-01");
    let key = [3; 32];
    let mut tx = village.registry.begin(by("SEC"), now, "").await.unwrap();
    let (secret, entry) = second_factor::enrol(&mut tx, "head", &key).await.unwrap();
    tx.commit(entry).await.unwrap();
    let lines = list(&village.registry.db, &by("SYS"), now.day).await.unwrap();
    let account = lines[0].account.clone();
    let secret = totp_rs::Secret::Encoded(secret).to_bytes().unwrap();
    let app = totp_rs::TOTP::new(totp_rs::Algorithm::SHA1, 6, 0, 30, secret).unwrap();
    let seconds = u64::try_from(now.ms / 1000).unwrap();
    let (code, late) = (app.generate(seconds), app.generate(seconds + 300));
    for (given, right) in [(&late, false), (&code, true), (&code, false)] {
        let mut tx = village.registry.begin(by("PUB"), now, "").await.unwrap();
        assert!(second_factor::is_needed(&mut tx, &account, roles).await.unwrap());
        let other = second_factor::check(&mut tx, &account, given, &[4; 32]).await;
        assert!(other.is_err(), "another key opens nothing");
        let (fits, entry) = second_factor::check(&mut tx, &account, given, &key).await.unwrap();
        assert_eq!(fits, right);
        tx.commit(entry).await.unwrap();
    }
}

async fn jobs(village: &Village) -> Value {
    let now = at("2026-03-02");
    let mut tx = village.registry.begin(by("SYS"), now, "").await.unwrap();
    for _ in 0..2 {
        tx.enqueue("SignCheckpoint", "{}", now.ms, Some("sign")).await.unwrap();
    }
    tx.enqueue("RaiseOverdue", "{}", now.ms, None).await.unwrap();
    let entry = registry::Entry::new("jobs-queued", "jobs", json!({}));
    tx.commit(entry).await.unwrap();
    let mut names = Vec::new();
    while let Some(job) = village.registry.claim("worker", now).await.unwrap() {
        village.registry.finish(&job, Ok(()), now).await.unwrap();
        names.push(job.name);
    }
    names.sort();
    let raised = village.registry.raise_overdue(at("2026-06-01")).await.unwrap();
    json!({ "done": names, "raised": raised })
}

/// One changed byte is found, and so is a row that nobody wrote.
async fn altered(village: &Village, address: &str) {
    let db = &village.registry.db;
    meddle(address, "update people set name = '假' where name = '戊'").await;
    let found = audit(db, &[]).await.unwrap();
    assert!(
        matches!(found.as_slice(), [registry::Difference::Changed { table: "people", .. }]),
        "{found:?}"
    );
    meddle(address, "update people set name = '戊' where name = '假'").await;
    assert_eq!(audit(db, &[]).await.unwrap(), []);
    // Whoever also mends the digest beside the row is told apart by the entry in the log.
    meddle(address, "update entry_rows set digest = 'x' where table_name = 'places'").await;
    let found = audit(db, &[]).await.unwrap();
    let entry = |d: &registry::Difference| matches!(d, registry::Difference::Entry { .. });
    assert!(found.iter().any(entry), "{found:?}");
    let kept = found.len();
    let root = journal::Hash::of(b"another");
    let origin = "log.test/public".to_owned();
    let signed = journal::checkpoint::Checkpoint { origin, size: 2, root, extensions: Vec::new() };
    let found = audit(db, &[("public", signed)]).await.unwrap();
    assert_eq!(found.len(), kept + 1, "the signed root is another: {found:?}");
    meddle(address, "update entries set payload = '{}' where log = 'public' and idx = 1").await;
    let found = audit(db, &[]).await.unwrap();
    let first = |d: &registry::Difference| matches!(d, registry::Difference::Entry { log, leaf: 1 } if log == "public");
    assert!(found.iter().any(first), "{found:?}");
}

/// A server that dies in mid-transaction: what was committed is there, what was not is gone.
pub async fn crash(address: &str, crash: impl FnOnce()) {
    let village = village(address).await;
    let mut tx = village.registry.begin(by("SYS"), at("2026-02-02"), "").await.unwrap();
    let new = NewPerson { name: "己".to_owned(), ..NewPerson::default() };
    let (_, entry) = people::add(&mut tx, &new).await.unwrap();
    crash();
    assert!(tx.commit(entry).await.is_err());
    let again = Registry::open(address).await.unwrap();
    assert_eq!(audit(&again.db, &[]).await.unwrap(), []);
    let sizes = lists::sizes(&again.db).await.unwrap();
    let internal = sizes.iter().find(|(name, _)| name == "internal").unwrap().1;
    assert_eq!(internal, 3 + 6 + 1 + 5);
    let mut tx = again.begin(by("SYS"), at("2026-02-03"), "").await.unwrap();
    let (_, entry) = people::add(&mut tx, &new).await.unwrap();
    assert_eq!(tx.commit(entry).await.unwrap().internal, 15);
}
