//! Stepped-up supervision and joint work, by the shipped catalogue: what is written, what is refused, who
//! sees it, and rights that end by themselves. `walk` leaves a row in every table of migration 14.

use std::collections::BTreeMap;

use domain::access::{Act as May, Subject};
use domain::supervision::stepped::village::Act;
use domain::time::Day;
use registry::access::at as thing;
use registry::actions::Refusal;
use registry::actions::joint::areas;
use registry::actions::joint::campaigns::{self, NewCampaign};
use registry::actions::joint::cooperations::{self, NewCooperation};
use registry::actions::places::{self, NewPlace};
use registry::actions::stepped::figures::{self, NewFigures};
use registry::actions::stepped::measures::{self, NewMeasure};
use registry::actions::stepped::villages::{self, NewVillage};
use registry::actions::stepped::{Stepped, checks, lists};
use registry::queries::joint::{
    areas as read_areas, campaigns as read_campaigns, checkers, cooperations as read_cooperations,
};
use registry::queries::stepped::{lists as read_lists, villages as read};
use registry::queries::supervision::rectifications::list as rectifications_of;
use registry::queries::{accounts, public_stepped};
use registry::{By, Entry, Tx};

use crate::suite::{VILLAGE, village};
use crate::supervision::World;
use crate::support::{at, block_on};

const COUNTY: &str = "990001";
const TOWNSHIP: &str = "990001101";
const NEXT: &str = "990001102";
const PATH: &str = "990001/990001101/990001101201";
const QUARTER: &str = "2026Q1";

fn day(text: &str) -> Day {
    Day::parse(text).unwrap()
}

/// Somebody's act by the rules of stepped-up supervision.
async fn act<T>(
    world: &World,
    (role, name, on): (&str, &str, &str),
    doing: impl AsyncFnOnce(&mut Tx, Stepped<'_>) -> Result<(T, Entry), Refusal>,
) -> Result<T, Vec<&'static str>> {
    let mut out = None;
    let kept = &mut out;
    let done = world.act(role, name, on, async |tx, _| {
        let (value, entry) = doing(tx, world.law.stepped()).await?;
        *kept = Some(value);
        Ok(entry)
    });
    done.await?;
    Ok(out.unwrap())
}

/// A town in the same area as the village's, and somebody there.
async fn next_town(world: &World) -> String {
    let add = world.act("SYS", "", "2024-01-01", async |tx, _| {
        let new = NewPlace {
            code: NEXT.to_owned(),
            parent: Some(COUNTY.to_owned()),
            level: "township".to_owned(),
            name: "邻镇".to_owned(),
            area: Some("东片区".to_owned()),
        };
        let entry = places::add(tx, &new).await?;
        tx.record(entry).await?;
        Ok(places::move_to_area(tx, TOWNSHIP, Some("东片区")).await?)
    });
    add.await.unwrap();
    world.hire("helper", "TDI", NEXT, None).await
}

/// The list of the quarter, approved.
async fn listed(world: &World) {
    let figures = [NewFigures {
        place: VILLAGE.to_owned(),
        year: 2025,
        income_fen: Some(60_000_000),
        funds_fen: Some(90_000_000),
        residents: Some(600),
        source: "农经年报".to_owned(),
    }];
    let style = ("CF", "style", "2026-03-06");
    act(world, style, async |tx, _| Ok(((), figures::enter(tx, &figures).await?))).await.unwrap();
    assert_eq!(act(world, style, lists::propose).await.unwrap(), QUARTER);
    let own = act(world, style, async |tx, rules| {
        Ok(((), lists::change(tx, rules, QUARTER, (VILLAGE, true), "来信集中").await?))
    });
    assert_eq!(own.await, Err(vec!["stepped-list-there"]), "its score put it there");
    let approved = act(world, ("CL2", "deputy", "2026-03-07"), async |tx, rules| {
        Ok(((), lists::approve(tx, rules, QUARTER).await?))
    });
    approved.await.unwrap();
}

fn wish(world: &World) -> NewVillage {
    let said = ["letter", "visit", "phone", "night"].map(|way| (way.to_owned(), "县城".to_owned()));
    NewVillage {
        place: VILLAGE.to_owned(),
        leader: world.id("deputy"),
        from: day("2026-03-09"),
        until: day("2026-09-08"),
        contacts: BTreeMap::from(said),
        reason: "集体收入大，信访集中".to_owned(),
    }
}

/// The village comes under supervision; its number.
async fn begun(world: &World) -> String {
    let new = wish(world);
    let number = act(world, ("CF", "style", "2026-03-09"), async |tx, rules| {
        villages::propose(tx, rules, &new).await
    });
    let number = number.await.unwrap();
    let decided = act(world, ("CL2", "deputy", "2026-03-09"), async |tx, rules| {
        villages::act(tx, rules, &number, (&Act::Decide { agreed: true }, "同意")).await
    });
    assert_eq!(decided.await.unwrap(), "active");
    number
}

async fn assign(
    world: &World,
    number: &str,
    item: &str,
    two: (&str, &str),
    on: &str,
) -> Result<Day, Vec<&'static str>> {
    act(world, ("CF", "style", on), async |tx, rules| {
        checks::assign(tx, rules, number, item, two).await
    })
    .await
}

/// Leaves a row in every table. Returns the number of the village's supervision.
pub async fn walk(world: &World) -> String {
    let helper = next_town(world).await;
    listed(world).await;
    let number = begun(world).await;
    let (first, second) = (world.id("first"), world.id("second"));
    let brother = world.id("brother");
    let kin = assign(world, &number, "K12", (&first, &brother), "2026-03-10").await;
    assert_eq!(kin, Err(vec!["supervision-recused"]), "his brother is the clerk");
    assign(world, &number, "K12", (&first, &second), "2026-03-10").await.unwrap();
    let new = NewMeasure {
        kind: "hear".to_owned(),
        words: "听取补贴发放情况".to_owned(),
        rectification: None,
    };
    let ordered = act(world, ("CJ", "office", "2026-03-10"), async |tx, rules| {
        measures::order(tx, rules, &number, &new).await
    });
    ordered.await.unwrap();
    let leader = world.id("deputy");
    let led = act(world, ("CL1", "head", "2026-03-10"), async |tx, rules| {
        Ok(((), areas::lead(tx, rules, "东片区", ("CJ", &leader)).await?))
    });
    led.await.unwrap();
    let asked = act(world, ("TDI", "first", "2026-03-10"), async |tx, rules| {
        cooperations::ask(tx, rules, &cooperation(&helper, None)).await
    });
    asked.await.unwrap();
    let team = vec![world.id("style"), world.id("office")];
    let plan = NewCampaign {
        kind: "special".to_owned(),
        title: "高龄津贴专项监督".to_owned(),
        place: COUNTY.to_owned(),
        purpose: "查死亡后继续领取".to_owned(),
        bureaus: Vec::new(),
        team,
        points: vec!["名单与死亡登记比对".to_owned()],
        from: day("2026-03-10"),
        until: day("2026-06-30"),
    };
    let campaign = act(world, ("CF", "style", "2026-03-10"), async |tx, rules| {
        campaigns::propose(tx, rules, &plan).await
    });
    let campaign = campaign.await.unwrap();
    let opened = act(world, ("CL2", "deputy", "2026-03-10"), async |tx, rules| {
        Ok(((), campaigns::decide(tx, rules, &campaign, true).await?))
    });
    opened.await.unwrap();
    let linked = act(world, ("CF", "style", "2026-03-11"), async |tx, rules| {
        Ok(((), campaigns::link(tx, rules, &campaign, "F2026-000001").await?))
    });
    linked.await.unwrap();
    number
}

fn cooperation(helper: &str, thing: Option<(&str, &str)>) -> NewCooperation {
    NewCooperation {
        kind: "cross".to_owned(),
        place: VILLAGE.to_owned(),
        thing: thing.map(|(kind, number)| (kind.to_owned(), number.to_owned())),
        people: vec![helper.to_owned()],
        from: day("2026-03-12"),
        until: day("2026-04-11"),
        reason: "本镇干部多为当地人".to_owned(),
    }
}

/// A world with what `supervision::walk` leaves, in a file.
async fn world(dir: &std::path::Path) -> World {
    let address = dir.join("register.db").display().to_string();
    let world = World::new(village(&address).await.registry).await;
    crate::supervision::walk(&world).await;
    world
}

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
            villages::propose(tx, rules, &wish(&world)).await
        });
        assert_eq!(unlisted.await, Err(vec!["stepped-not-listed"]));
        listed(&world).await;
        let telephone = NewVillage {
            contacts: BTreeMap::from([("phone".to_owned(), "13800138000".to_owned())]),
            ..wish(&world)
        };
        let mut tx = world.registry.begin(by_style(&world), at("2026-03-09"), "").await.unwrap();
        let refused = villages::propose(&mut tx, world.law.stepped(), &telephone).await;
        assert!(matches!(refused, Err(Refusal::Other(_))), "no mobile number leaves");
        drop(tx);
        assert!(public_stepped::list(db, "2026-03-09").await.unwrap().is_empty());
        let number = begun(&world).await;
        let shown = public_stepped::one(db, &number, "2026-03-09").await.unwrap().unwrap();
        assert_eq!((shown.state.as_str(), shown.leader_name.as_str()), ("active", "deputy某"));
        let twice = act(&world, ("CF", "style", "2026-03-10"), async |tx, rules| {
            villages::propose(tx, rules, &wish(&world)).await
        });
        assert_eq!(twice.await, Err(vec!["stepped-twice"]));
        let end = |on: &'static str| {
            let (world, number) = (&world, number.clone());
            async move {
                act(world, ("CF", "style", on), async |tx, rules| {
                    villages::act(tx, rules, &number, (&Act::End, "都已核查")).await
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
            villages::act(tx, rules, &number, (&Act::Decide { agreed: true }, "同意退出")).await
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
        Ok(checks::record(tx, world.law.stepped(), number, "K09", (false, "看过")).await?)
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
