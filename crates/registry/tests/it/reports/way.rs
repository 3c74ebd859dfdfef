//! The whole way of a report: filed, routed, opened, accepted, answered, objected to, reviewed. And what
//! must be refused on it.

use domain::access::View;
use domain::report::handling::Outcome;
use domain::report::{Channel, Form};
use registry::actions::Refusal;
use registry::actions::reports::file::{self, Handed};
use registry::actions::reports::{acts, identity, objection, open, reader, transfer};
use registry::audit;
use registry::queries::reports::Line;
use registry::queries::reports::{self as lists, Filter};
use registry::reports::texts::Words;
use serde_json::{Value, json};

use super::world::{
    COUNTY, FAR, START, TOWN, VILLAGE, VOICE, World, code, commit, facts, failed, voice, who,
};
use crate::postgres::Postgres;
use crate::support::{at, block_on};

pub fn decision(text: &str) -> Words {
    Words {
        text: text.to_owned(),
        facts: "核对了名单和会议记录。".to_owned(),
        basis: "《社会救助暂行办法》第十一条".to_owned(),
    }
}

impl World {
    /// What somebody sees in his list.
    pub async fn sees(&self, name: &str, role: &str, day: &str) -> Vec<Line> {
        let by = self.by(name, role, day).await;
        let (db, filter) = (&self.registry.db, Filter::default());
        lists::list(db, &self.counter(), &by, self.day(day), &filter).await.unwrap()
    }

    pub async fn accept(
        &self,
        name: &str,
        role: &str,
        number: &str,
        day: &str,
    ) -> Result<(), Refusal> {
        let mut tx = self.begin(name, role, day).await;
        let words = Words::of("已经受理。");
        let done = acts::accept(&mut tx, &self.counter(), number, &words).await?;
        commit(tx, done.entry).await;
        Ok(())
    }

    pub async fn reply(
        &self,
        name: &str,
        role: &str,
        number: &str,
        day: &str,
    ) -> Result<(), Refusal> {
        let mut tx = self.begin(name, role, day).await;
        let words = decision("已经查实并纠正。");
        let done =
            acts::reply(&mut tx, &self.counter(), number, (Outcome::Support, &words)).await?;
        commit(tx, done.entry).await;
        Ok(())
    }
}

/// A register of each engine.
pub async fn on_both<F, T>(name: &str, run: F) -> (T, T)
where
    F: AsyncFn(World) -> T,
{
    let dir = tempfile::tempdir().unwrap();
    let sqlite = dir.path().join("register.db").display().to_string();
    let one = run(World::new(&sqlite, dir.path()).await).await;
    let server = Postgres::start();
    let other = tempfile::tempdir().unwrap();
    let two = run(World::new(&server.database(name), other.path()).await).await;
    (one, two)
}

#[test]
fn a_report_goes_its_way_past_the_cousin_on_both_engines() {
    block_on(async {
        let (sqlite, postgres) = on_both("reports", past_the_cousin).await;
        assert_eq!(sqlite, postgres);
    });
}

async fn past_the_cousin(world: World) -> Value {
    let filed = world.file(voice(&world), "2026-03-03").await;
    assert_eq!(filed.office, format!("TDI@{FAR}"), "not to the cousin's township, to another area");
    let number = filed.number.as_str();
    let counter = world.counter();
    // Neither the named person, nor his cousin, nor whoever works beside the cousin finds it.
    for (name, role) in
        [("secretary", "VPS"), ("clerk", "TG"), ("d1", "TDI"), ("party", "TP"), ("d2", "TDI")]
    {
        assert_eq!(world.sees(name, role, "2026-03-04").await, [], "{name}");
        let mut tx = world.begin(name, role, "2026-03-04").await;
        let words = Words::of("x");
        let refused = acts::accept(&mut tx, &counter, number, &words).await.unwrap_err();
        assert_eq!(code(&refused), "not-registered", "{name} is told that there is none");
        let by = world.by(name, role, "2026-03-04").await;
        let day = world.day("2026-03-04");
        let read = lists::history(&world.registry.db, &counter, &by, day, number).await;
        assert_eq!(failed(read.unwrap_err()), "not-registered");
        let by = world.by(name, role, "2026-03-04").await;
        let found = lists::clusters(&world.registry.db, &counter, &by, day).await.unwrap();
        assert_eq!(found, []);
    }
    // Case supervision sees that there is one, and when; the office sees where and what about.
    let meta = world.sees("ca", "CA", "2026-03-04").await;
    assert_eq!((meta[0].view, meta[0].place.clone()), (View::Meta, None));
    let full = world.sees("d3", "TDI", "2026-03-04").await;
    assert_eq!(full[0].place, Some(format!("{COUNTY}/{TOWN}/{VILLAGE}")));
    assert_eq!(full[0].next.as_ref().unwrap().day.to_string(), "2026-03-10", "five working days");
    opened(&world, number).await;
    world.accept("d3", "TDI", number, "2026-03-06").await.unwrap();
    let late = world.reply("d3", "TDI", number, "2026-03-20").await;
    late.unwrap();
    answered_and_reviewed(&world, &filed.receipt, number).await
}

async fn opened(world: &World, number: &str) {
    let counter = world.counter();
    let unlocked = world.unlock("d3").await;
    let mut tx = world.begin("d3", "TDI", "2026-03-05").await;
    let nothing = open::open(&mut tx, &counter, number, " ", &unlocked).await.unwrap_err();
    assert_eq!(failed(nothing), "petition-no-purpose");
    let (opened, entry) = open::open(&mut tx, &counter, number, "初核", &unlocked).await.unwrap();
    let content = opened.content.unwrap();
    assert_eq!(content.text, "低保名额给了亲戚");
    assert_eq!(content.attachments[0].name, "录音.wav");
    tx.record(entry).await.unwrap();
    let part = opened.attachments[0].clone();
    let (sound, entry) =
        open::attachment(&mut tx, &counter, (number, &part), &unlocked).await.unwrap();
    assert_eq!(sound.expose(), VOICE);
    commit(tx, entry).await;
    // A browser gets the same, to open by itself; a reviewer's wrap is not given out before its time.
    let mut tx = world.begin("d3b", "TDI", "2026-03-05").await;
    let (envelope, entry) = open::envelope(&mut tx, &counter, number, "初核").await.unwrap();
    assert_eq!((envelope.ways.len(), envelope.parts.len()), (1, 2));
    commit(tx, entry).await;
    let reviewer = world.unlock("cx").await;
    let mut tx = world.begin("cx", "CX", "2026-03-05").await;
    let early = open::open(&mut tx, &counter, number, "看看", &reviewer).await.unwrap_err();
    assert_eq!(failed(early), "not-registered");
}

async fn answered_and_reviewed(
    world: &World,
    receipt: &domain::receipt::Receipt,
    number: &str,
) -> Value {
    let (counter, db) = (world.counter(), &world.registry.db);
    let standing = reader::look(db, &counter, receipt).await.unwrap();
    let last = standing.steps.last().unwrap();
    assert_eq!((last.kind.as_str(), last.outcome.as_deref()), ("replied", Some("support")));
    assert_eq!(last.words.as_ref().unwrap().text, "已经查实并纠正。");
    assert!(standing.steps.iter().all(|step| step.kind != "opened"));
    assert!(!standing.dues.iter().any(|due| due.is_late(world.day("2026-03-20"))));
    let explained = standing.dues[0].explain(&counter, world.day("2026-03-20")).unwrap();
    assert!(explained.explanation.len() > 5, "{explained:?}");
    // Not solved: it comes back once, and is answered again.
    let mut tx = world.visitor("2026-03-21").await;
    let done = reader::rate(&mut tx, &counter, receipt, (false, "还有一户")).await.unwrap();
    commit(tx, done.entry).await;
    world.reply("d3", "TDI", number, "2026-03-25").await.unwrap();
    let mut tx = world.visitor("2026-03-26").await;
    let again = reader::rate(&mut tx, &counter, receipt, (false, "")).await.unwrap_err();
    assert_eq!(code(&again), "petition-reopen-times");
    drop(tx);
    let mut tx = world.visitor("2026-03-26").await;
    let done = reader::ask_review(&mut tx, &counter, receipt, "处理不公").await.unwrap();
    assert_eq!(done.dues[0].1.to_string(), "2026-04-27", "thirty days, moved from a day off");
    commit(tx, done.entry).await;
    // Whoever decided finds it no more; the county reviews it, and reads with the wrap that waited.
    assert_eq!(world.sees("d3", "TDI", "2026-03-27").await, []);
    let unlocked = world.unlock("cx").await;
    let mut tx = world.begin("cx", "CX", "2026-03-27").await;
    let (opened, entry) = open::open(&mut tx, &counter, number, "复查", &unlocked).await.unwrap();
    let said: Vec<_> = opened.said.iter().map(|said| said.kind.as_str()).collect();
    assert!(said.contains(&"addition") && said.contains(&"notice"), "{said:?}");
    commit(tx, entry).await;
    world.reply("cx", "CX", number, "2026-04-10").await.unwrap();
    let standing = reader::look(db, &counter, receipt).await.unwrap();
    assert_eq!((standing.state.as_str(), standing.stage.as_str()), ("replied", "review"));
    let mut tx = world.visitor("2026-04-11").await;
    let done = reader::rate(&mut tx, &counter, receipt, (true, "")).await.unwrap();
    commit(tx, done.entry).await;
    let standing = reader::look(db, &counter, receipt).await.unwrap();
    assert_eq!(standing.state, "closed");
    assert_eq!(audit(db, &[]).await.unwrap(), []);
    let kinds: Vec<_> = standing.steps.iter().map(|s| (s.kind.clone(), s.day.clone())).collect();
    let dues: Vec<_> = standing.dues.iter().map(|d| (d.rule.clone(), d.day.to_string())).collect();
    json!({ "steps": kinds, "dues": dues })
}

#[test]
fn a_real_name_is_told_in_time_and_shown_to_nobody_alone() {
    block_on(async {
        let dir = tempfile::tempdir().unwrap();
        let world = World::new(&dir.path().join("r.db").display().to_string(), dir.path()).await;
        let form = Form { identity: Some(who()), ..voice(&world) };
        let filed = world.file(form, "2026-03-03").await;
        let (counter, number) = (world.counter(), filed.number.as_str());
        assert_eq!(filed.dues[0].1.to_string(), "2026-03-24", "fifteen working days (JJ-10)");
        world.accept("d3", "TDI", number, "2026-03-12").await.unwrap();
        let mut tx = world.begin("d3", "TDI", "2026-03-13").await;
        let (request, entry) = identity::ask(&mut tx, &counter, number, "当面核实").await.unwrap();
        commit(tx, entry).await;
        // Nobody grants his own request, and nobody reads before it is granted.
        let unlocked = world.unlock("d3").await;
        let mut tx = world.begin("d3", "TDI", "2026-03-13").await;
        let own = identity::grant(&mut tx, &counter, &request, 3, &unlocked).await.unwrap_err();
        assert_eq!(failed(own), "not-registered");
        let early = identity::read(&mut tx, &counter, &request, &unlocked).await.unwrap_err();
        assert_eq!(failed(early), "identity-not-granted");
        drop(tx);
        let head = world.unlock("cl1").await;
        let mut tx = world.begin("cl1", "CL1", "2026-03-13").await;
        let by = world.by("cl1", "CL1", "2026-03-13").await;
        let day = world.day("2026-03-13");
        let waiting = lists::asked(&world.registry.db, &counter, &by, day).await.unwrap();
        assert_eq!(waiting[0].purpose, "当面核实");
        let long = identity::grant(&mut tx, &counter, &request, 15, &head).await.unwrap_err();
        assert_eq!(failed(long), "identity-long");
        let (until, entry) = identity::grant(&mut tx, &counter, &request, 3, &head).await.unwrap();
        assert_eq!(until.to_string(), "2026-03-16");
        commit(tx, entry).await;
        let mut tx = world.begin("d3", "TDI", "2026-03-14").await;
        let (name, entry) = identity::read(&mut tx, &counter, &request, &unlocked).await.unwrap();
        assert_eq!(name, who());
        commit(tx, entry).await;
        // His colleague has not asked.
        let other = world.unlock("d3b").await;
        let mut tx = world.begin("d3b", "TDI", "2026-03-14").await;
        assert!(identity::read(&mut tx, &counter, &request, &other).await.is_err());
        drop(tx);
        assert_eq!(world.registry.end_looks(at("2026-03-16")).await.unwrap(), 0);
        assert_eq!(world.registry.end_looks(at("2026-03-17")).await.unwrap(), 1);
        let mut tx = world.begin("d3", "TDI", "2026-03-16").await;
        assert!(identity::read(&mut tx, &counter, &request, &unlocked).await.is_err());
        drop(tx);
        let standing = reader::look(&world.registry.db, &counter, &filed.receipt).await.unwrap();
        let look = &standing.looks[0];
        assert_eq!((look.role.as_str(), look.decided_role.as_deref()), ("TDI", Some("CL1")));
        assert_eq!((look.granted, look.read.as_slice()), (true, &["2026-03-14".to_owned()][..]));
        assert_eq!(audit(&world.registry.db, &[]).await.unwrap(), []);
    });
}

#[test]
fn transfers_go_on_come_back_and_never_to_whoever_is_meant() {
    block_on(async {
        let dir = tempfile::tempdir().unwrap();
        let world = World::new(&dir.path().join("r.db").display().to_string(), dir.path()).await;
        let form =
            Form {
                facts: facts(&world, "request", &[]), text: "路坏了".into(), ..Form::default()
            };
        let filed = world.file(form, "2026-03-03").await;
        let (counter, number) = (world.counter(), filed.number.as_str());
        assert_eq!(filed.office, format!("TG@{TOWN}"));
        let clerk = world.unlock("clerk").await;
        let words = Words::of("属你局职责。");
        let to = format!("CB-AG@{COUNTY}");
        let mut tx = world.begin("clerk", "TG", "2026-03-04").await;
        let done =
            transfer::transfer(&mut tx, &counter, number, (&to, &words), &clerk).await.unwrap();
        commit(tx, done.entry).await;
        let farm = world.unlock("farm").await;
        let mut tx = world.begin("farm", "CB-AG", "2026-03-05").await;
        let (opened, entry) = open::open(&mut tx, &counter, number, "办理", &farm).await.unwrap();
        assert_eq!(opened.content.unwrap().text, "路坏了");
        tx.record(entry).await.unwrap();
        let done =
            acts::contest(&mut tx, &counter, number, &Words::of("不是我局的。")).await.unwrap();
        commit(tx, done.entry).await;
        let mut tx = world.begin("clerk", "TG", "2026-03-06").await;
        let words = Words::of("同意退回。");
        let done = objection::settle(&mut tx, &counter, number, (true, &words)).await.unwrap();
        commit(tx, done.entry).await;
        // Back, and the other office reads no more.
        let mut tx = world.begin("farm", "CB-AG", "2026-03-06").await;
        assert!(open::open(&mut tx, &counter, number, "办理", &farm).await.is_err());
        drop(tx);
        world.accept("clerk", "TG", number, "2026-03-09").await.unwrap();
        let extended = {
            let mut tx = world.begin("clerk", "TG", "2026-04-01").await;
            acts::extend(&mut tx, &counter, number, &Words::of("情况复杂。")).await.unwrap_err()
        };
        assert_eq!(code(&extended), "deadline-extension-approver");
        let mut tx = world.begin("party", "TP", "2026-04-01").await;
        let done = acts::extend(&mut tx, &counter, number, &Words::of("情况复杂。")).await.unwrap();
        assert_eq!(done.dues[0].1.to_string(), "2026-06-08", "60 days and 30");
        commit(tx, done.entry).await;
        // While he works he finds that it is about the clerk himself: it leaves at once.
        let mut tx = world.begin("clerk", "TG", "2026-04-02").await;
        let person = world.id("clerk");
        let named =
            transfer::name_person(&mut tx, &counter, number, &person, &clerk).await.unwrap();
        assert_eq!(named.0.as_deref(), Some(format!("CB-CA@{COUNTY}").as_str()));
        commit(tx, named.1).await;
        assert_eq!(world.sees("clerk", "TG", "2026-04-03").await, []);
        let civil = world.unlock("civil").await;
        let mut tx = world.begin("civil", "CB-CA", "2026-04-03").await;
        let to = format!("TG@{TOWN}");
        let words = Words::default();
        let back =
            transfer::transfer(&mut tx, &counter, number, (&to, &words), &civil).await.unwrap_err();
        assert_eq!(code(&back), "petition-office-not-free");
        assert_eq!(audit(&world.registry.db, &[]).await.unwrap(), []);
    });
}

#[test]
fn the_sealed_queue_is_a_pointer_and_nothing_else() {
    block_on(async {
        let dir = tempfile::tempdir().unwrap();
        let world = World::new(&dir.path().join("r.db").display().to_string(), dir.path()).await;
        let counter = world.counter();
        let mut form = voice(&world);
        form.facts.named = [world.id("d1")].into();
        let filed = world.file(form, "2026-03-03").await;
        assert_eq!(filed.office, format!("CG@{COUNTY}"));
        let pointer = &world.sees("cx", "CX", "2026-03-04").await[0];
        let number_alone = (pointer.view, pointer.state.as_ref(), pointer.filed, &pointer.door);
        assert_eq!(number_alone, (View::RegisterNumber, None, None, &None));
        for (name, role) in [("ca", "CA"), ("cl1", "CL1"), ("d1", "TDI"), ("d3", "TDI")] {
            assert_eq!(world.sees(name, role, "2026-03-04").await, [], "{name}");
        }
        let unlocked = world.unlock("cg").await;
        let mut tx = world.begin("cg", "CG", "2026-03-04").await;
        let (opened, entry) =
            open::open(&mut tx, &counter, &filed.number, "办理", &unlocked).await.unwrap();
        assert!(opened.facts.named.contains(&world.id("d1")), "facts came with the content");
        commit(tx, entry).await;
        // About the head himself: nobody here, and as long as the next level up has no key, nothing is taken.
        let mut form = voice(&world);
        form.facts.named = [world.id("cl1")].into();
        let refused = world.try_file(form.clone(), "2026-03-03").await.unwrap_err();
        assert_eq!(code(&refused), "petition-no-recipient");
        let outside = registry::sealer::Sealer::new_key(&registry::sealer::Age::quick()).unwrap();
        let mut tx = world.registry.begin(crate::support::by("SEC"), at(START), "").await.unwrap();
        let (age, to) = (registry::sealer::Age::quick(), outside.recipient.as_str());
        let noted = registry::actions::office_keys::note_outside(&mut tx, &age, COUNTY, to).await;
        commit(tx, noted.unwrap()).await;
        let filed = world.file(form, "2026-03-03").await;
        assert!(filed.outside);
        let head = world.sees("cl1", "CL1", "2026-03-04").await;
        assert_eq!(head, [], "the head does not even see the number");
    });
}

#[test]
fn staff_writes_down_what_others_say_under_the_same_rules() {
    block_on(async {
        let dir = tempfile::tempdir().unwrap();
        let world = World::new(&dir.path().join("r.db").display().to_string(), dir.path()).await;
        let counter = world.counter();
        let mut tx = world.begin("cx", "CX", "2026-03-03").await;
        let form = Form { identity: Some(who()), visitors: 3, ..voice(&world) };
        let handed = Handed::Clear(form);
        let (filed, entry) = file::file(&mut tx, &counter, Channel::Visit, handed).await.unwrap();
        assert_eq!(filed.office, format!("TDI@{FAR}"));
        commit(tx, entry).await;
        let mut tx = world.begin("d1", "TDI", "2026-03-03").await;
        let handed = Handed::Clear(voice(&world));
        let no = file::file(&mut tx, &counter, Channel::Letter, handed).await;
        assert!(no.is_ok(), "whoever comes may file, also through somebody of the office");
        drop(tx);
        let mut tx = world.begin("cx", "CX", "2026-03-03").await;
        let many = Handed::Clear(Form { visitors: 6, ..voice(&world) });
        let no = file::file(&mut tx, &counter, Channel::Visit, many).await.unwrap_err();
        assert_eq!(code(&no), "petition-visitors-many");
    });
}
