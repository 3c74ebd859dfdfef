//! Cooperations and their ends, who is proposed to look, areas, campaigns.

use domain::access::{Act as May, Subject};
use registry::By;
use registry::access::at as thing;
use registry::queries::accounts;
use registry::queries::joint::{
    areas as read_areas, campaigns as read_campaigns, checkers, cooperations as read_cooperations,
};
use registry::queries::stepped::villages as read;

use super::*;
use crate::support::{at, block_on};

/// The helper as whoever reads with nothing but what he holds on a day.
async fn helper_on(world: &World, helper: &str, on: &str, role: &str) -> By {
    let asker = accounts::holder(&world.registry.db, helper, day(on)).await.unwrap();
    By::holder(&world.law.access, asker, role).unwrap()
}

#[test]
fn a_cooperation_opens_one_village_for_its_days_and_no_longer() {
    block_on(async {
        let dir = tempfile::tempdir().unwrap();
        let world = world(dir.path()).await;
        let helper = next_town(&world).await;
        listed(&world).await;
        let number = begun(&world).await;
        let db = &world.registry.db;
        let local = act(&world, ("CF", "style", "2026-03-10"), async |tx, rules| {
            let mut new = cooperation(&helper, None);
            new.people.push(world.id("second"));
            cooperations::ask(tx, rules, &new).await
        });
        assert_eq!(local.await, Err(vec!["cooperation-outside"]));
        let asked = act(&world, ("TDI", "first", "2026-03-10"), async |tx, rules| {
            let new = cooperation(&helper, Some(("stepped", &number)));
            cooperations::ask(tx, rules, &new).await
        });
        let asked = asked.await.unwrap();
        let sees = async |on: &str, role: &str| {
            let by = helper_on(&world, &helper, on, role).await;
            read::one(db, &by, &number).await.unwrap().is_some()
        };
        assert!(!sees("2026-03-13", "TDI").await, "nobody has approved it");
        let decided = act(&world, ("CL2", "deputy", "2026-03-11"), async |tx, rules| {
            Ok(((), cooperations::decide(tx, rules, &asked, true).await?))
        });
        decided.await.unwrap();
        for (on, expect) in [
            ("2026-03-11", false),
            ("2026-03-12", true),
            ("2026-04-11", true),
            ("2026-04-12", false),
            ("2027-03-12", false),
        ] {
            assert_eq!(sees(on, "TDI").await, expect, "{on}");
            let asker = accounts::holder(db, &helper, day(on)).await.unwrap();
            let held = asker.held.iter().any(|held| held.role == "AR" && held.place == PATH);
            assert_eq!((held, asker.kinds.contains("stepped")), (expect, expect), "{on}");
        }
        // It opens this village and nothing above it or beside it.
        let by = helper_on(&world, &helper, "2026-03-20", "AR").await;
        let id = read::one(db, &by, &number).await.unwrap().unwrap().line.id;
        let above = Subject { id, ..thing("stepped", "990001/990001101") };
        assert!(by.may(May::Read, &above).is_err());
        assert!(by.may(May::Read, &thing("stepped", PATH)).is_err(), "another thing of the place");
        checked_by_the_helper(&world, &helper, &number).await;
        let lines = read_cooperations::list(db, &By::system(), COUNTY).await.unwrap();
        assert!(lines[0].holds(day("2026-04-11")) && !lines[0].holds(day("2026-04-12")));
        let ended = act(&world, ("TDI", "first", "2026-04-13"), async |tx, rules| {
            Ok(((), cooperations::end(tx, rules, &asked, "查完两项").await?))
        });
        ended.await.unwrap();
    });
}

/// He checks while it lasts; what he has not done by its last day he does no more.
async fn checked_by_the_helper(world: &World, helper: &str, number: &str) {
    let second = world.id("second");
    for item in ["K08", "K09"] {
        assign(world, number, item, (helper, &second), "2026-03-12").await.unwrap();
    }
    let record = async |item: &str, on: &str| {
        let by = helper_on(world, helper, on, "AR").await;
        let mut tx = world.registry.begin(by, at(on), "").await.unwrap();
        let done =
            checks::record(&mut tx, world.law.stepped(), number, item, (false, "看过")).await;
        match done {
            Ok(entry) => {
                tx.commit(entry).await.unwrap();
                Ok(())
            }
            Err(Refusal::Rules(rules)) => Err(rules[0].rule),
            Err(Refusal::Other(other)) => panic!("{other:?}"),
        }
    };
    record("K08", "2026-04-11").await.unwrap();
    // The role itself is gone: it cannot be acted in.
    let asker = accounts::holder(&world.registry.db, helper, day("2026-04-12")).await.unwrap();
    assert!(By::holder(&world.law.access, asker, "AR").is_err());
    // And whoever writes down for him at the machine finds that the post is not held any more.
    let late = World::act(world, "AR", "", "2026-04-12", async |tx, _| {
        tx.by = By::operator(Some(helper), "AR");
        checks::record(tx, world.law.stepped(), number, "K09", (false, "看过")).await
    });
    assert_eq!(late.await, Err(vec!["post-not-held"]));
}

#[test]
fn checkers_are_proposed_with_reasons() {
    block_on(async {
        let dir = tempfile::tempdir().unwrap();
        let world = world(dir.path()).await;
        let helper = next_town(&world).await;
        let lines = checkers::of(
            &world.registry.db,
            &world.law.recusal,
            (VILLAGE, PATH),
            day("2026-03-10"),
        );
        let lines = lines.await.unwrap();
        let of = |id: &str| lines.iter().find(|line| line.proposed.person == id).unwrap();
        assert_eq!(lines[0].proposed.person, helper, "the next town of the area comes first");
        assert!(lines[0].needs_cooperation && lines[0].works_in == "邻镇");
        let brother = of(&world.id("brother"));
        assert_eq!(
            (brother.proposed.standing.code(), &*brother.proposed.grounds),
            ("out", &["kin"][..])
        );
        let first = of(&world.id("first"));
        assert!(first.proposed.acquainted && first.proposed.standing.code() == "rather");
        assert!(!of(&world.id("office")).needs_cooperation);
    });
}

#[test]
fn areas_and_campaigns_are_led_and_closed_by_rule() {
    block_on(async {
        let dir = tempfile::tempdir().unwrap();
        let world = world(dir.path()).await;
        walk(&world).await;
        let db = &world.registry.db;
        let areas = read_areas::all(db, &By::system(), (COUNTY, "2026-03-11")).await.unwrap();
        let east = areas.iter().find(|area| area.name == "东片区").unwrap();
        assert_eq!((east.office.as_deref(), east.townships.len(), east.pool), (Some("CJ"), 2, 5));
        let nobody = world.id("first");
        let led = act(&world, ("CL1", "head", "2026-03-11"), async |tx, rules| {
            Ok(((), areas::lead(tx, rules, "东片区", ("CJ", &nobody)).await?))
        });
        assert_eq!(led.await, Err(vec!["stepped-leader"]));
        let none = world.id("deputy");
        let led = act(&world, ("CL1", "head", "2026-03-11"), async |tx, rules| {
            Ok(((), areas::lead(tx, rules, "北片区", ("CJ", &none)).await?))
        });
        assert_eq!(led.await, Err(vec!["area-empty"]));
        let line = read_campaigns::list(db, &By::system(), COUNTY).await.unwrap().remove(0);
        let close = async |on: &str| {
            act(&world, ("CL2", "deputy", on), async |tx, rules| {
                Ok(((), campaigns::close(tx, rules, &line.number, "查出一件").await?))
            })
            .await
        };
        assert_eq!(close("2026-03-12").await, Err(vec!["campaign-open-points"]));
        let record = async |role: &str, name: &str| {
            act(&world, (role, name, "2026-03-12"), async |tx, rules| {
                let seen = (true, "一人死亡后仍领取");
                Ok(((), campaigns::record(tx, rules, (&line.number, 1), seen).await?))
            })
            .await
        };
        assert_eq!(record("CF", "style").await, Ok(()));
        assert_eq!(close("2026-03-13").await, Ok(()));
        // A colleague of the team sees it as long as it is open; whoever is not in it does not.
        let outside = world.reader("first", "TDI").await;
        assert!(read_campaigns::one(db, &outside, &line.number).await.unwrap().is_none());
        let page = read_campaigns::one(db, &By::system(), &line.number).await.unwrap().unwrap();
        assert_eq!((page.findings.len(), page.team.len(), page.line.problems), (1, 2, 1));
    });
}
