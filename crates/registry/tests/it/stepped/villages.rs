//! The score, and a village from the notice to its end.

use registry::By;
use registry::queries::public_stepped;
use registry::queries::stepped::{lists as read_lists, villages as read};
use registry::queries::supervision::rectifications::list as rectifications_of;

use super::*;
use crate::support::{at, block_on};

#[test]
fn a_score_is_made_of_what_the_register_knows() {
    block_on(async {
        let dir = tempfile::tempdir().unwrap();
        let world = world(dir.path()).await;
        listed(&world).await;
        let db = &world.registry.db;
        let style = world.reader("style", "CF").await;
        let (list, scores) = read_lists::one(db, &style, (COUNTY, QUARTER)).await.unwrap().unwrap();
        assert!(list.approved_day.is_some());
        let line = scores.iter().find(|line| line.place == VILLAGE).unwrap();
        let value =
            |code: &str| line.parts.iter().find(|part| part.code == code).unwrap().value.unwrap();
        assert_eq!((value("income"), value("funds")), (60_000_000, 150_000));
        assert_eq!(value("findings"), 100, "one that was confirmed, one that was explained");
        assert_eq!(value("complaints"), 0, "a model's clue is no complaint");
        assert_eq!(value("concurrent"), 0);
        assert_eq!(
            line.score,
            i64::from(line.parts.iter().map(|p| p.points * p.weight).sum::<u32>())
        );
        // Whoever makes no lists sees none.
        let first = world.reader("first", "TDI").await;
        assert!(read_lists::all(db, &first, COUNTY).await.unwrap().is_empty());
        let late = act(&world, ("CF", "style", "2026-03-08"), async |tx, rules| {
            Ok(((), lists::change(tx, rules, QUARTER, (VILLAGE, false), "晚了").await?))
        });
        assert_eq!(late.await, Err(vec!["stepped-list-approved"]));
    });
}

#[test]
fn a_village_goes_from_the_notice_to_its_end() {
    block_on(async {
        let dir = tempfile::tempdir().unwrap();
        let world = world(dir.path()).await;
        let db = &world.registry.db;
        let unlisted = act(&world, ("CF", "style", "2026-03-06"), async |tx, rules| {
            under::propose(tx, rules, &wish(&world)).await
        });
        assert_eq!(unlisted.await, Err(vec!["stepped-not-listed"]));
        listed(&world).await;
        let telephone = NewVillage {
            contacts: BTreeMap::from([("phone".to_owned(), "13800138000".to_owned())]),
            ..wish(&world)
        };
        let mut tx = world.registry.begin(by_style(&world), at("2026-03-09"), "").await.unwrap();
        let refused = under::propose(&mut tx, world.law.stepped(), &telephone).await;
        assert!(matches!(refused, Err(Refusal::Other(_))), "no mobile number leaves");
        drop(tx);
        assert!(public_stepped::list(db, "2026-03-09").await.unwrap().is_empty());
        let number = begun(&world).await;
        let shown = public_stepped::one(db, &number, "2026-03-09").await.unwrap().unwrap();
        assert_eq!((shown.state.as_str(), shown.leader_name.as_str()), ("active", "deputy某"));
        let twice = act(&world, ("CF", "style", "2026-03-10"), async |tx, rules| {
            under::propose(tx, rules, &wish(&world)).await
        });
        assert_eq!(twice.await, Err(vec!["stepped-twice"]));
        let end = |on: &'static str| {
            let (world, number) = (&world, number.clone());
            async move {
                act(world, ("CF", "style", on), async |tx, rules| {
                    under::act(tx, rules, &number, (&Act::End, "都已核查")).await
                })
                .await
            }
        };
        assert_eq!(
            end("2026-03-11").await,
            Err(vec!["stepped-open-items", "stepped-open-rectifications"])
        );
        check_all(&world, &number).await;
        assert_eq!(end("2026-03-20").await, Err(vec!["stepped-open-rectifications"]));
        close_rectifications(&world).await;
        assert_eq!(end("2026-06-21").await.unwrap(), "end_proposed");
        let over = act(&world, ("CL2", "deputy", "2026-06-22"), async |tx, rules| {
            under::act(tx, rules, &number, (&Act::Decide { agreed: true }, "同意退出")).await
        });
        assert_eq!(over.await.unwrap(), "ended");
        let shown = public_stepped::one(db, &number, "2026-06-23").await.unwrap().unwrap();
        assert_eq!(
            (shown.state.as_str(), shown.ended_day.as_deref()),
            ("ended", Some("2026-06-22"))
        );
        assert!(public_stepped::of_village(db, VILLAGE, "2026-06-23").await.unwrap().is_none());
        assert_eq!(registry::audit(db, &[]).await.unwrap(), []);
    });
}

fn by_style(world: &World) -> By {
    By::operator(Some(&world.id("style")), "CF")
}

/// Two look at all items; one is wrong at first, and looked at again.
async fn check_all(world: &World, number: &str) {
    let (first, second) = (world.id("first"), world.id("second"));
    let items: Vec<String> = world.law.stepped.items.iter().map(|item| item.code.clone()).collect();
    for (at, item) in items.iter().enumerate() {
        for wrong in if at == 8 { vec![true, false] } else { vec![false] } {
            assign(world, number, item, (&first, &second), "2026-03-12").await.unwrap();
            let third = act(world, ("TDI", "third", "2026-03-13"), async |tx, rules| {
                Ok(((), checks::record(tx, rules, number, item, (wrong, "看过")).await?))
            });
            assert_eq!(third.await, Err(vec!["stepped-not-checker"]));
            let record = act(world, ("TDI", "first", "2026-03-13"), async |tx, rules| {
                Ok(((), checks::record(tx, rules, number, item, (wrong, "看过")).await?))
            });
            record.await.unwrap();
            let own = act(world, ("TDI", "first", "2026-03-13"), async |tx, rules| {
                Ok(((), checks::confirm(tx, rules, number, item, true).await?))
            });
            assert_eq!(own.await, Err(vec!["stepped-second"]));
            let agreed = act(world, ("TDI", "second", "2026-03-13"), async |tx, rules| {
                Ok(((), checks::confirm(tx, rules, number, item, true).await?))
            });
            agreed.await.unwrap();
        }
    }
    let page = read::one(&world.registry.db, &By::system(), number).await.unwrap().unwrap();
    assert_eq!((page.line.fine, page.line.wrong), (15, 0));
    assert_eq!(page.checks.len(), 16);
}

/// What `supervision::walk` left open is put right.
async fn close_rectifications(world: &World) {
    use domain::supervision::rectify::Act as Doing;
    use registry::actions::supervision::rectifications;
    let by = By::system();
    let list = rectifications_of(&world.registry.db, &by, PATH, "");
    for line in list.await.unwrap() {
        for (role, name, doing) in [
            ("TDI", "first", Doing::Approve { agreed: true }),
            ("VC", "member", Doing::Finish),
            ("TDI", "second", Doing::Verify { agreed: true }),
        ] {
            let done = world.act(role, name, "2026-03-21", async |tx, bench| {
                Ok(rectifications::act(tx, bench, &line.number, (&doing, "已改")).await?.1)
            });
            done.await.unwrap();
        }
    }
}
