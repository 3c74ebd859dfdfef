//! Several people do the same thing at the same moment: one of them has done it, the others hear so.

use domain::procedure::Actor;
use registry::actions::Refusal;
use registry::actions::preparations::{self, NewPreparation};
use registry::actions::questions::{self, About, NewQuestion};
use registry::queries::lists;
use registry::{By, Registry};
use serde_json::{Map, json};

use crate::postgres::Postgres;
use crate::suite::{VILLAGE, Village, village};
use crate::support::{at, block_on, by};

/// How many try at once.
const HANDS: usize = 6;

#[test]
fn the_same_thing_is_done_once_on_both_engines() {
    block_on(async {
        let (dir, server) = (tempfile::tempdir().unwrap(), Postgres::start());
        let sqlite = dir.path().join("register.db").display().to_string();
        for address in [sqlite, server.database("races")] {
            let village = village(&address).await;
            // Each with a program of his own, as on several machines.
            let mut registries = Vec::new();
            for _ in 0..HANDS {
                registries.push(Registry::open(&address).await.unwrap());
            }
            published_once(&village, &registries).await;
            answered_once(&village, &registries).await;
        }
    });
}

async fn published_once(village: &Village, registries: &[Registry]) {
    let now = at("2026-02-02");
    let clerk = By::operator(Some(&village.clerk), "VAC");
    let mut tx = village.registry.begin(clerk, now, "").await.unwrap();
    let new = NewPreparation {
        place: VILLAGE.to_owned(),
        duty: "V24".to_owned(),
        period: "2026-01".to_owned(),
        title: "名单".to_owned(),
        body: Map::from_iter([("text".to_owned(), json!("内容"))]),
        personal: Map::new(),
    };
    let (id, entry) = preparations::prepare(&mut tx, &new).await.unwrap();
    tx.commit(entry).await.unwrap();
    let watcher = By::operator(Some(&village.villager), "VSC");
    let mut tx = village.registry.begin(watcher, now, "").await.unwrap();
    let entry = preparations::check(&mut tx, &id, true, "").await.unwrap();
    tx.commit(entry).await.unwrap();
    let publish = async |registry: &Registry| -> Result<(), Refusal> {
        let head = By::operator(Some(&village.head), "VCH");
        let mut tx = registry.begin(head, now, "").await?;
        let (_, entry) = preparations::publish(&mut tx, village.rules.office(), &id).await?;
        tx.commit(entry).await?;
        Ok(())
    };
    assert_eq!(done(registries.iter().map(publish)).await, 1);
    let notices = lists::notices(&village.registry.db, VILLAGE).await.unwrap();
    assert_eq!(notices.iter().filter(|notice| notice.period == "2026-01").count(), 1);
}

async fn answered_once(village: &Village, registries: &[Registry]) {
    let now = at("2026-02-03");
    let notices = lists::notices(&village.registry.db, VILLAGE).await.unwrap();
    let mut tx = village.registry.begin(by("PUB"), now, "").await.unwrap();
    let new = NewQuestion {
        about: About::Notice(notices[0].number.clone()),
        asker_kind: "anonymous".to_owned(),
        text: "why".to_owned(),
        contact: None,
    };
    let (number, asked) = questions::ask(&mut tx, village.rules.office(), &new).await.unwrap();
    tx.commit(asked.entry).await.unwrap();
    let actor = Actor { person: village.clerk.clone(), role: "VAC".to_owned() };
    let answer = async |registry: &Registry| -> Result<(), Refusal> {
        let clerk = By::operator(Some(&village.clerk), "VAC");
        let mut tx = registry.begin(clerk, now, "").await?;
        let office = village.rules.office();
        let recorded = questions::answer(&mut tx, office, &number, &actor, "because").await?;
        tx.commit(recorded.entry).await?;
        Ok(())
    };
    assert_eq!(done(registries.iter().map(answer)).await, 1);
}

/// How many of those who try at once have done it.
async fn done(tries: impl Iterator<Item = impl Future<Output = Result<(), Refusal>>>) -> usize {
    let mut tries: Vec<_> = tries.map(Box::pin).collect();
    let mut done = 0;
    std::future::poll_fn(|context| {
        tries.retain_mut(|one| match one.as_mut().poll(context) {
            std::task::Poll::Ready(ended) => {
                done += usize::from(ended.is_ok());
                false
            }
            std::task::Poll::Pending => true,
        });
        if tries.is_empty() { std::task::Poll::Ready(()) } else { std::task::Poll::Pending }
    })
    .await;
    done
}
