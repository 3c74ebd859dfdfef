//! Stepped-up supervision and joint work, by the shipped catalogue: what is written, what is refused, who
//! sees it, and rights that end by themselves. `walk` leaves a row in every table of migration 14.

mod joint;
mod villages;

use std::collections::BTreeMap;

use domain::supervision::stepped::village::Act;
use domain::time::Day;
use registry::actions::Refusal;
use registry::actions::joint::areas;
use registry::actions::joint::campaigns::{self, NewCampaign};
use registry::actions::joint::cooperations::{self, NewCooperation};
use registry::actions::places::{self, NewPlace};
use registry::actions::stepped::figures::{self, NewFigures};
use registry::actions::stepped::measures::{self, NewMeasure};
use registry::actions::stepped::villages::{self as under, NewVillage};
use registry::actions::stepped::{Stepped, checks, lists};
use registry::{Entry, Tx};

use crate::suite::{VILLAGE, village};
use crate::supervision::World;

const COUNTY: &str = "990001";
const TOWNSHIP: &str = "990001101";
const NEXT: &str = "990001107";
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
        under::propose(tx, rules, &new).await
    });
    let number = number.await.unwrap();
    let decided = act(world, ("CL2", "deputy", "2026-03-09"), async |tx, rules| {
        under::act(tx, rules, &number, (&Act::Decide { agreed: true }, "同意")).await
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
