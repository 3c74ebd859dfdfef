//! Keys of offices: who opens what after somebody came, left or forgot.

use domain::report::Form;
use registry::actions::holder_keys;
use registry::actions::office_keys::{self, OfficeName};
use registry::actions::reports::open;
use registry::queries::reports as lists;
use registry::sealer::Age;

use super::world::{FAR, START, World, commit, failed, passphrase, voice};
use crate::support::{at, block_on, by};

fn office() -> OfficeName {
    OfficeName { role: "TDI".to_owned(), place: FAR.to_owned() }
}

async fn reads(world: &World, name: &str, number: &str) -> Result<String, String> {
    let unlocked = world.unlock(name).await;
    let mut tx = world.begin(name, "TDI", "2026-03-05").await;
    let opened = open::open(&mut tx, &world.counter(), number, "办理", &unlocked).await;
    opened.map(|(opened, _)| opened.content.unwrap().text).map_err(failed)
}

#[test]
fn who_leaves_hides_nothing_and_who_comes_opens_nothing_by_himself() {
    block_on(async {
        let dir = tempfile::tempdir().unwrap();
        let world = World::new(&dir.path().join("r.db").display().to_string(), dir.path()).await;
        let age = Age::quick();
        let old = world.file(voice(&world), "2026-03-03").await.number;
        assert!(
            reads(&world, "d3", &old).await.is_ok() && reads(&world, "d3b", &old).await.is_ok()
        );
        // Revoked: his copies are gone, those of the others stay, and what comes has another key.
        let mut tx = world.registry.begin(by("SEC"), at(START), "").await.unwrap();
        let gone = office_keys::revoke(&mut tx, &age, &office(), &world.id("d3b")).await.unwrap();
        commit(tx, gone).await;
        let later = world.file(voice(&world), "2026-03-04").await.number;
        for number in [&old, &later] {
            assert!(reads(&world, "d3", number).await.is_ok(), "history is not hidden");
            assert_eq!(reads(&world, "d3b", number).await.unwrap_err(), "sealed-for-others");
        }
        // New, without anybody who opens the old keys for him: he reads what comes.
        world.post("new", "TDI", FAR).await;
        let mut tx = world.registry.begin(by("SEC"), at(START), "").await.unwrap();
        let person = world.id("new");
        let added = office_keys::add(&mut tx, &age, &office(), &person, None).await.unwrap();
        commit(tx, added).await;
        let last = world.file(voice(&world), "2026-03-04").await.number;
        assert_eq!(reads(&world, "new", &old).await.unwrap_err(), "sealed-for-others");
        assert!(
            reads(&world, "new", &last).await.is_ok() && reads(&world, "d3", &last).await.is_ok()
        );
        // A holder opens them for him: an act of a person, with an entry.
        let opener = world.unlock("d3").await;
        let mut tx = world.begin("d3", "TDI", "2026-03-05").await;
        let shared = office_keys::add(&mut tx, &age, &office(), &person, Some(&opener)).await;
        commit(tx, shared.unwrap()).await;
        for number in [&old, &later, &last] {
            assert!(reads(&world, "new", number).await.is_ok());
        }
        // Nobody of another office lets somebody in.
        let stranger = world.unlock("d2").await;
        let mut tx = world.begin("d2", "TDI", "2026-03-05").await;
        let no = office_keys::add(&mut tx, &age, &office(), &person, Some(&stranger)).await;
        assert_eq!(failed(no.unwrap_err()), "deny-no-right");
    });
}

#[test]
fn two_recovery_holders_bring_a_key_back_and_one_cannot() {
    block_on(async {
        let dir = tempfile::tempdir().unwrap();
        let world = World::new(&dir.path().join("r.db").display().to_string(), dir.path()).await;
        let age = Age::quick();
        let number = world.file(voice(&world), "2026-03-03").await.number;
        // Both holders forget: they make new own keys, to which nothing was sealed.
        world.enrol("d3").await;
        world.enrol("d3b").await;
        assert_eq!(reads(&world, "d3", &number).await.unwrap_err(), "sealed-for-others");
        let (one, other) = (world.unlock("r1").await, world.unlock("r3").await);
        let mut tx = world.registry.begin(by("SEC"), at(START), "").await.unwrap();
        let person = world.id("d3");
        let alone = office_keys::recover(&mut tx, &age, &office(), (&one, &one), &person).await;
        assert_eq!(failed(alone.unwrap_err()), "halves-none");
        let holder = world.unlock("cx").await;
        let odd = office_keys::recover(&mut tx, &age, &office(), (&one, &holder), &person).await;
        assert_eq!(failed(odd.unwrap_err()), "halves-none");
        let both = office_keys::recover(&mut tx, &age, &office(), (&one, &other), &person).await;
        commit(tx, both.unwrap()).await;
        assert!(reads(&world, "d3", &number).await.is_ok());
        let mut tx = world.registry.begin(by("SEC"), at(START), "").await.unwrap();
        let one = ["r1"].map(|name| world.id(name));
        let few =
            office_keys::make(&mut tx, &age, &office(), std::slice::from_ref(&person), &one).await;
        assert_eq!(failed(few.unwrap_err()), "recovery-two");
        let two = ["r1", "d3"].map(|name| world.id(name));
        let inside = office_keys::make(&mut tx, &age, &office(), &[person], &two).await;
        assert_eq!(failed(inside.unwrap_err()), "recovery-outside");
    });
}

#[test]
fn a_passphrase_is_changed_without_touching_a_report() {
    block_on(async {
        let dir = tempfile::tempdir().unwrap();
        let world = World::new(&dir.path().join("r.db").display().to_string(), dir.path()).await;
        let age = Age::quick();
        let number = world.file(voice(&world), "2026-03-03").await.number;
        let (person, old) = (world.id("d3"), passphrase("d3"));
        let mut tx = world.begin("d3", "TDI", "2026-03-04").await;
        for (words, expect) in [
            ((old.as_str(), "short"), "passphrase-short"),
            (("wrong passphrase", "another passphrase"), "passphrase-wrong"),
        ] {
            let no = holder_keys::change_passphrase(&mut tx, &age, &person, words).await;
            assert_eq!(failed(no.unwrap_err()), expect);
        }
        let proposed = holder_keys::propose().unwrap();
        assert_eq!(proposed.split(' ').count(), 6);
        let words = (old.as_str(), proposed.as_str());
        let entry = holder_keys::change_passphrase(&mut tx, &age, &person, words).await.unwrap();
        commit(tx, entry).await;
        let stale = world.registry.unlock(&age, &person, &old).await.unwrap_err();
        assert_eq!(failed(stale), "passphrase-wrong");
        let unlocked = world.registry.unlock(&age, &person, &proposed).await.unwrap();
        let mut tx = world.begin("d3", "TDI", "2026-03-05").await;
        assert!(open::open(&mut tx, &world.counter(), &number, "办理", &unlocked).await.is_ok());
        drop(tx);
        // Nobody sets somebody else's.
        let mut tx = world.begin("d2", "TDI", "2026-03-05").await;
        let no = holder_keys::enrol(&mut tx, &age, &person, "a passphrase of mine").await;
        assert_eq!(failed(no.unwrap_err()), "deny-another");
        drop(tx);
        let offices =
            lists::offices(&world.registry.db, &by("SEC"), world.day(START)).await.unwrap();
        assert!(offices.iter().any(|o| o.office == "TP@990001101" && !o.keyed), "{offices:?}");
    });
}

/// What a browser sealed is taken as it came, if it was sealed for the right offices.
#[test]
fn a_browser_seals_for_the_offices_that_were_offered() {
    use domain::report::Channel;
    use domain::report::Content;
    use registry::actions::reports::file::{self, Handed, SealedForm, SealedPart};
    use registry::sealer::{Sealer, seal_value};
    block_on(async {
        let dir = tempfile::tempdir().unwrap();
        let world = World::new(&dir.path().join("r.db").display().to_string(), dir.path()).await;
        let (counter, age) = (world.counter(), Age::quick());
        let Form { facts, text, .. } = voice(&world);
        let day = world.day("2026-03-03");
        let offer = file::offer(&world.registry.db, &counter, &facts, day).await.unwrap();
        assert_eq!((offer.content.len(), offer.identity.len(), offer.outside), (2, 1, false));
        let key = age.new_key().unwrap();
        let content = Content { text, ..Content::default() };
        let sealed = seal_value(&age, &[&key.recipient], &content).unwrap();
        let wrap = |to: &String| (to.clone(), age.seal(&[to], key.secret.expose()).unwrap());
        let part = SealedPart {
            sealed,
            recipient: key.recipient.clone(),
            wraps: offer.content.iter().map(wrap).collect(),
        };
        let form = SealedForm { facts, content: part, ..SealedForm::default() };
        let mut wrong = form.clone();
        wrong.content.wraps.pop();
        for bad in [wrong, SealedForm { attachments: vec![b"RIFF".to_vec()], ..form.clone() }] {
            let mut tx = world.visitor("2026-03-03").await;
            let no = file::file(&mut tx, &counter, Channel::Web, Handed::Sealed(bad)).await;
            assert_eq!(super::world::code(&no.unwrap_err()), "petition-sealed-wrongly");
        }
        let mut tx = world.visitor("2026-03-03").await;
        let handed = Handed::Sealed(form);
        let (filed, entry) = file::file(&mut tx, &counter, Channel::Web, handed).await.unwrap();
        commit(tx, entry).await;
        assert_eq!(reads(&world, "d3", &filed.number).await.unwrap(), "低保名额给了亲戚");
    });
}

/// A browser does not know who is meant; in the sealed queue that goes with what it sealed, and nowhere else.
#[test]
fn a_browser_seals_for_the_sealed_queue_too() {
    use domain::report::{Channel, Content};
    use registry::actions::reports::file::{self, Handed, SealedForm, SealedPart};
    use registry::actions::reports::open;
    use registry::sealer::{Sealer, seal_value};
    block_on(async {
        let dir = tempfile::tempdir().unwrap();
        let world = World::new(&dir.path().join("r.db").display().to_string(), dir.path()).await;
        let (counter, age) = (world.counter(), Age::quick());
        let Form { mut facts, text, .. } = voice(&world);
        facts.named = [world.id("d1")].into();
        let day = world.day("2026-03-03");
        let offer = file::offer(&world.registry.db, &counter, &facts, day).await.unwrap();
        let key = age.new_key().unwrap();
        let content = Content { text: text.clone(), ..Content::default() };
        let wrap = |to: &String| (to.clone(), age.seal(&[to], key.secret.expose()).unwrap());
        let content = SealedPart {
            sealed: seal_value(&age, &[&key.recipient], &content).unwrap(),
            wraps: offer.content.iter().map(wrap).collect(),
            recipient: key.recipient.clone(),
        };
        let form = SealedForm { facts, content, ..SealedForm::default() };
        let mut tx = world.visitor("2026-03-03").await;
        let handed = Handed::Sealed(form);
        let (filed, entry) = file::file(&mut tx, &counter, Channel::Web, handed).await.unwrap();
        commit(tx, entry).await;
        let unlocked = world.unlock("cg").await;
        let mut tx = world.begin("cg", "CG", "2026-03-04").await;
        let opened = open::open(&mut tx, &counter, &filed.number, "办理", &unlocked).await;
        let (opened, entry) = opened.unwrap();
        assert_eq!(opened.content.unwrap().text, text);
        assert!(opened.facts.named.contains(&world.id("d1")), "facts came with the content");
        commit(tx, entry).await;
    });
}
