//! A register with a row in every table of reports, made by the acts that make such rows.

use domain::report::Form;
use domain::report::handling::Outcome;
use registry::actions::reports::{acts, care, identity, reader};
use registry::actions::topics;
use registry::reports::texts::Words;

use super::world::{FAR, VILLAGE, World, commit, voice, who as named};
use crate::support::at;

/// Files, handles and asks about a report; plans a visit; proposes a topic; counts.
pub async fn every_table(world: &World) {
    let counter = world.counter();
    let form = Form { identity: Some(named()), ..voice(world) };
    let filed = world.file(form, "2026-03-03").await;
    let number = filed.number.as_str();
    let who = if filed.office.ends_with(FAR) { "d3" } else { "d2" };
    let words = Words { text: "已查".into(), facts: "事实".into(), basis: "依据".into() };
    let mut tx = world.begin(who, "TDI", "2026-03-05").await;
    let done = acts::accept(&mut tx, &counter, number, &words).await.unwrap();
    tx.record(done.entry).await.unwrap();
    let entry = acts::tag(&mut tx, &counter, number, ("repeated", true)).await.unwrap();
    tx.record(entry).await.unwrap();
    let (request, entry) = identity::ask(&mut tx, &counter, number, "核实").await.unwrap();
    commit(tx, entry).await;
    let head = world.unlock("cl1").await;
    let mut tx = world.begin("cl1", "CL1", "2026-03-05").await;
    let (_, entry) = identity::grant(&mut tx, &counter, &request, 3, &head).await.unwrap();
    commit(tx, entry).await;
    let unlocked = world.unlock(who).await;
    let mut tx = world.begin(who, "TDI", "2026-03-06").await;
    let (_, entry) = identity::read(&mut tx, &counter, &request, &unlocked).await.unwrap();
    tx.record(entry).await.unwrap();
    let reply = (Outcome::Support, &words);
    let done = acts::reply(&mut tx, &counter, number, reply).await.unwrap();
    commit(tx, done.entry).await;
    let leader = world.id("cl2");
    let mut tx = world.begin("cl2", "CL2", "2026-03-06").await;
    let (charge, entry) = care::take(&mut tx, &counter, (number, &leader)).await.unwrap();
    tx.record(entry).await.unwrap();
    let step = ("contact", true, "已联系。");
    let entry = care::follow_up(&mut tx, &counter, &charge, step).await.unwrap();
    tx.record(entry).await.unwrap();
    let day = world.day("2026-03-20");
    let (_, entry) = care::plan_visit(&mut tx, (VILLAGE, &leader), day).await.unwrap();
    tx.record(entry).await.unwrap();
    let (topic, entry) = topics::propose(&mut tx, VILLAGE, "水费怎么算").await.unwrap();
    tx.record(entry).await.unwrap();
    let entry = topics::support(&mut tx, &counter, &topic, "one").await.unwrap();
    commit(tx, entry).await;
    let mut tx = world.visitor("2026-03-07").await;
    let rated = reader::rate(&mut tx, &counter, &filed.receipt, (true, "")).await.unwrap();
    commit(tx, rated.entry).await;
    world.registry.count_reports(&counter, at("2026-03-07")).await.unwrap();
}
