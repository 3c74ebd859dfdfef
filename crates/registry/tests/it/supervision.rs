//! From a finding to what is published, by the shipped catalogue: what is written, what is refused, who
//! sees nothing of it. `walk` leaves a row in every table of supervision.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use domain::finding::{Evidence, Finding, Period};
use domain::model::{Bilingual, Grain, Level, Violation};
use domain::money::Fen;
use domain::recusal::{Relation, Tie};
use domain::supervision::check::{Outcome, Report};
use domain::supervision::clue::Way;
use domain::supervision::dual::Verdict;
use domain::supervision::publish::Kind;
use domain::supervision::rectify::Act as Doing;
use domain::time::Day;
use registry::actions::people::{self, NewPerson};
use registry::actions::supervision::cases::{self, NewCase, Of};
use registry::actions::supervision::clues::{self, NewClue, Step};
use registry::actions::supervision::findings::{self, Found, Taken};
use registry::actions::supervision::models::NewModel;
use registry::actions::supervision::rectifications::{self, NewProblem};
use registry::actions::supervision::{Bench, checks, dual, looks};
use registry::actions::{Refusal, posts};
use registry::queries::accounts;
use registry::queries::supervision::{Reader, clues as ledger, findings as lists, funnel, rates};
use registry::{By, Entry, Law, Registry, Tx};

use crate::suite::{VILLAGE, village};
use crate::support::{at, block_on, by};

const TOWNSHIP: &str = "990001101";
pub const COUNTY: &str = "990001";
/// Tables that acts of supervision may write: those of its migration, and nothing of anybody's benefits.
pub const OWN: [&str; 15] = [
    "finding_models",
    "findings",
    "finding_people",
    "finding_checks",
    "finding_exclusions",
    "recoveries",
    "finding_looks",
    "clues",
    "clue_people",
    "clue_events",
    "clue_findings",
    "supervision_dues",
    "dual_checks",
    "rectifications",
    "rectification_events",
];

pub fn law() -> Law {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../catalogues");
    let mut files = Vec::new();
    let mut open = vec![root.clone()];
    while let Some(folder) = open.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                open.push(path);
            } else if path.extension().is_some_and(|ending| ending == "toml") {
                let name = path.strip_prefix(&root).unwrap().display().to_string();
                files.push((name, std::fs::read_to_string(&path).unwrap()));
            }
        }
    }
    Law::new(&files, None).unwrap().0
}

fn model() -> NewModel {
    let both = |text: &str| Bilingual { zh: text.to_owned(), en: text.to_owned() };
    NewModel {
        id: "a-model".to_owned(),
        version: 1,
        violation: "false_claim".to_owned(),
        severity: "high".to_owned(),
        title: both("领取"),
        questions: vec![both("谁取的钱？")],
    }
}

fn finding(key: &str, person: u64) -> Finding {
    Finding {
        key: key.to_owned(),
        model: "a-model".to_owned(),
        version: 1,
        violation: Violation::FalseClaim,
        severity: Level::High,
        grain: Grain::Person,
        subject: format!("{person:016x}"),
        people: vec![person],
        village: VILLAGE.to_owned(),
        period: Period(2025),
        amount: Some(Fen(120_000)),
        reason: Bilingual { zh: "仍发放".to_owned(), en: "still paid".to_owned() },
        evidence: vec![Evidence { batch: 1, row: 2 }],
        evidence_rows: 1,
        score: 80,
    }
}

/// A village under supervision.
pub struct World {
    pub registry: Registry,
    pub law: Law,
    people: BTreeMap<&'static str, String>,
}

/// Findings as tests of the workbench need them.
pub fn found(key: &str, person: u64) -> Finding {
    finding(key, person)
}

impl World {
    /// Whoever supervises, in a register that has the village.
    pub async fn new(registry: Registry) -> Self {
        let mut world = Self { registry, law: law(), people: BTreeMap::new() };
        for (name, role, place, key) in [
            ("clerk", "VAC", VILLAGE, Some(7)),
            ("secretary", "VPS", VILLAGE, None),
            ("member", "VC", VILLAGE, None),
            ("brother", "TDI", TOWNSHIP, None),
            ("first", "TDI", TOWNSHIP, None),
            ("second", "TDI", TOWNSHIP, None),
            ("third", "TDI", TOWNSHIP, None),
            ("registrar", "CA", COUNTY, None),
            ("office", "CJ", COUNTY, None),
            ("deputy", "CL2", COUNTY, None),
            ("head", "CL1", COUNTY, None),
            ("style", "CF", COUNTY, None),
        ] {
            let id = world.hire(name, role, place, key).await;
            world.people.insert(name, id);
        }
        let (first, second) = (world.id("clerk"), world.id("brother"));
        world
            .act("SYS", "", "2025-12-01", async |tx, _| {
                Ok(people::relate(tx, &Relation { first, second, tie: Tie::Sibling }).await?)
            })
            .await
            .unwrap();
        world
    }

    pub async fn hire(&self, name: &str, role: &str, place: &str, key: Option<i64>) -> String {
        self.hired(name, (role, place), key, "2024-01-01").await
    }

    /// Somebody who takes a post over on a day.
    pub async fn hire_from(&self, name: &str, role: &str, place: &str, from: &str) -> String {
        self.hired(name, (role, place), None, from).await
    }

    async fn hired(
        &self,
        name: &str,
        (role, place): (&str, &str),
        key: Option<i64>,
        from: &str,
    ) -> String {
        let roles: Vec<_> = self.law.catalogue.roles.values().cloned().collect();
        let mut tx = self.registry.begin(by("SYS"), at(from), "").await.unwrap();
        let new = NewPerson {
            name: format!("{name}某"),
            person_key: key,
            household: Some((VILLAGE.to_owned(), name.to_owned())),
            ..NewPerson::default()
        };
        let (id, entry) = people::add(&mut tx, &new).await.unwrap();
        tx.record(entry).await.unwrap();
        let (_, entry) =
            posts::give(&mut tx, &roles, place, role, &id, at(from).day).await.unwrap();
        tx.commit(entry).await.unwrap();
        id
    }

    pub fn id(&self, name: &str) -> String {
        self.people.get(name).cloned().unwrap_or_default()
    }

    pub async fn act(
        &self,
        role: &str,
        name: &str,
        day: &str,
        act: impl AsyncFnOnce(&mut Tx, Bench<'_>) -> Result<Entry, Refusal>,
    ) -> Result<(), Vec<&'static str>> {
        let who = if name.is_empty() { by(role) } else { By::operator(Some(&self.id(name)), role) };
        let mut tx = self.registry.begin(who, at(day), "").await.unwrap();
        match act(&mut tx, self.law.bench()).await {
            Ok(entry) => {
                tx.commit(entry).await.unwrap();
                Ok(())
            }
            Err(Refusal::Rules(rules)) => Err(rules.into_iter().map(|rule| rule.rule).collect()),
            Err(Refusal::Other(other)) => panic!("{other:?}"),
        }
    }

    pub async fn take_in(&self, day: &str, found: &[Finding]) -> Taken {
        let mut taken = Taken::default();
        let out = &mut taken;
        self.act("SYS", "", day, async |tx, _| {
            let (models, programmes) = ([model()], BTreeMap::new());
            let found = Found { run: 1, models: &models, findings: found, programmes: &programmes };
            let (counts, entry) = findings::take_in(tx, &found).await?;
            *out = counts;
            Ok(entry)
        })
        .await
        .unwrap();
        taken
    }

    async fn check(&self, number: &str, report: Report) {
        let (first, second) = (self.id("first"), self.id("second"));
        let assign = self.act("CF", "style", "2026-03-02", async |tx, bench| {
            Ok(checks::assign(tx, bench, number, (&first, &second)).await?.1)
        });
        assign.await.unwrap();
        let record = self.act("TDI", "first", "2026-03-03", async |tx, bench| {
            checks::record(tx, bench, number, &report).await
        });
        record.await.unwrap();
        let confirm = self.act("TDI", "second", "2026-03-04", async |tx, bench| {
            checks::confirm(tx, bench, number, true).await
        });
        confirm.await.unwrap();
    }

    pub async fn step(
        &self,
        number: &str,
        (role, name, day): (&str, &str, &str),
        step: Step,
    ) -> Result<(), Vec<&'static str>> {
        self.act(role, name, day, async |tx, bench| {
            Ok(clues::step(tx, bench, number, &step).await?.1)
        })
        .await
    }

    /// Somebody who reads with nothing but his posts.
    pub async fn reader(&self, name: &str, role: &str) -> By {
        let id = self.id(name);
        let asker = accounts::holder(&self.registry.db, &id, at("2026-03-10").day);
        By::holder(&self.law.access, asker.await.unwrap(), role).unwrap()
    }
}

fn report(outcome: Outcome) -> Report {
    Report {
        outcome,
        reason: "核实".to_owned(),
        cause: outcome.confirms().then(|| "fraud".to_owned()),
        answers: vec!["本人".to_owned()],
        recover_fen: if outcome.confirms() { 120_000 } else { 0 },
        holds_until: (!outcome.confirms()).then(|| Day::parse("2026-06-30").unwrap()),
    }
}

fn step(code: &str) -> Step {
    Step { code: code.to_owned(), words: "说明".to_owned(), ..Step::default() }
}

/// Leaves a row in every table of supervision. Returns the number of the clue.
pub async fn walk(world: &World) -> String {
    world.take_in("2026-03-01", &[finding("k1", 7), finding("k2", 8)]).await;
    let (guilty, innocent) = ("F2026-000001", "F2026-000002");
    world.check(innocent, report(Outcome::Explained)).await;
    world.check(guilty, report(Outcome::Clue)).await;
    world
        .act("TDI", "first", "2026-03-04", async |tx, _| {
            Ok(looks::ask(tx, guilty, "核对").await?.1)
        })
        .await
        .unwrap();
    let number = "XS990001-2026-0001".to_owned();
    let new = NewClue {
        source: "model_hit".to_owned(),
        place: VILLAGE.to_owned(),
        office: "CJ".to_owned(),
        title: "冒领".to_owned(),
        people: vec![("accused".to_owned(), world.id("clerk"))],
        findings: vec![guilty.to_owned()],
        words: "核查确认".to_owned(),
    };
    let brother = world.act("TDI", "brother", "2026-03-05", async |tx, bench| {
        Ok(clues::receive(tx, bench, &new).await?.1)
    });
    assert_eq!(brother.await, Err(vec!["supervision-recused"]));
    let received = world.act("TDI", "first", "2026-03-05", async |tx, bench| {
        Ok(clues::receive(tx, bench, &new).await?.1)
    });
    received.await.unwrap();
    let way = Some(Way::Verification);
    for (role, name, step) in [
        ("CA", "registrar", step("register")),
        ("CA", "registrar", step("screen")),
        ("CJ", "office", Step { way, ..step("propose_disposition") }),
        ("CL2", "deputy", step("approve_disposition")),
        ("CL1", "head", step("verification_approve")),
    ] {
        world.step(&number, (role, name, "2026-03-05"), step).await.unwrap();
    }
    world
        .act("CJ", "office", "2026-03-05", async |tx, bench| {
            let on = Day::parse("2025-06-01").unwrap();
            Ok(dual::open(tx, bench, &number, (on, "谁核对过？")).await?.1)
        })
        .await
        .unwrap();
    put_right(world, &number).await;
    cleared(world, innocent).await;
    number
}

/// A problem is handed over and planned.
async fn put_right(world: &World, number: &str) {
    let problem = NewProblem {
        place: VILLAGE.to_owned(),
        clue: Some(number.to_owned()),
        finding: None,
        problem: "没有停发".to_owned(),
    };
    let plan = Doing::Plan {
        cause: "没有核对".to_owned(),
        measure: "每月比对".to_owned(),
        owner: world.id("secretary"),
    };
    world
        .act("TDI", "first", "2026-03-06", async |tx, bench| {
            Ok(rectifications::issue(tx, bench, &problem).await?.1)
        })
        .await
        .unwrap();
    let fix = "R990001101201-2026-00001-";
    let fix = fix_number(&world.registry, fix).await;
    world
        .act("VC", "member", "2026-03-06", async |tx, bench| {
            Ok(rectifications::act(tx, bench, &fix, (&plan, "")).await?.1)
        })
        .await
        .unwrap();
}

/// The clearing of a name is handed in.
async fn cleared(world: &World, innocent: &str) {
    let clearing = NewCase {
        kind: Kind::Clearing,
        of: Of::Finding(innocent.to_owned()),
        title: "澄清".to_owned(),
        text: "发放无误。".to_owned(),
        names: false,
        wished: true,
        until: Day::parse("2026-09-01").unwrap(),
    };
    world
        .act("TDI", "first", "2026-03-06", async |tx, bench| {
            Ok(cases::propose(tx, bench, &clearing).await?.1)
        })
        .await
        .unwrap();
}

async fn fix_number(registry: &Registry, start: &str) -> String {
    let by = By::system();
    let list = registry::queries::supervision::rectifications::list(
        &registry.db,
        &by,
        "990001/990001101/990001101201",
        "",
    );
    let found = list.await.unwrap().into_iter().map(|line| line.number);
    found.into_iter().find(|number| number.starts_with(start)).unwrap()
}

#[test]
fn a_finding_leads_to_work_for_people_and_touches_nothing_else() {
    block_on(async {
        let dir = tempfile::tempdir().unwrap();
        let address = dir.path().join("register.db").display().to_string();
        let world = World::new(village(&address).await.registry).await;
        let before = written_tables(&address).await;
        let number = walk(&world).await;
        let after = written_tables(&address).await;
        let mut own: BTreeSet<String> = OWN.iter().map(|table| (*table).to_owned()).collect();
        own.insert("case_notices".to_owned());
        let new: BTreeSet<String> = after.difference(&before).cloned().collect();
        assert_eq!(new, own, "acts of supervision write to tables of supervision alone");
        // The brother of the accused sees nothing of it, and the accused neither.
        let db = &world.registry.db;
        let day = at("2026-03-10").day;
        for (name, role, sees) in [
            ("registrar", "CA", 1),
            ("deputy", "CL2", 1),
            ("brother", "TDI", 0),
            ("clerk", "VAC", 0),
        ] {
            let by = world.reader(name, role).await;
            let reader = Reader::new(db, &by, &world.law.recusal, day).await.unwrap();
            let list = ledger::list(db, &reader, COUNTY, "").await.unwrap();
            assert_eq!(list.len(), sees, "{name}");
            assert_eq!(ledger::one(db, &reader, &number).await.unwrap().is_some(), sees > 0);
            let version = world.law.supervision.on(day).unwrap();
            let hits = lists::list(db, &reader, COUNTY, &lists::Filter::default(), version).await;
            let guilty = hits.unwrap().into_iter().any(|line| line.number == "F2026-000001");
            assert_eq!(guilty, name == "deputy", "{name} and the finding");
        }
        let registrar = world.reader("registrar", "CA").await;
        let reader = Reader::new(db, &registrar, &world.law.recusal, day).await.unwrap();
        let page = ledger::one(db, &reader, &number).await.unwrap().unwrap();
        assert!(
            page.line.title.is_empty() && page.people.is_empty(),
            "case management sees its outline"
        );
        let counts = funnel::funnel(db, &funnel::Cut::of(COUNTY)).await.unwrap().all;
        assert_eq!((counts.hits, counts.checked, counts.problems, counts.clues), (2, 2, 1, 1));
        assert_eq!((counts.disposed, counts.due_fen, counts.recovered_fen), (1, 120_000, 0));
        let rate = rates::all(db).await.unwrap().remove(0);
        assert_eq!((rate.checks.checked, rate.checks.confirmed), (2, 1));
    });
}

#[test]
fn an_explanation_is_remembered_until_its_end() {
    block_on(async {
        let dir = tempfile::tempdir().unwrap();
        let address = dir.path().join("register.db").display().to_string();
        let world = World::new(village(&address).await.registry).await;
        world.take_in("2026-03-01", &[finding("k1", 8)]).await;
        world.check("F2026-000001", report(Outcome::Explained)).await;
        // The same model asks about the same person for another time.
        let next = finding("k2", 8);
        let taken = world.take_in("2026-04-01", std::slice::from_ref(&next)).await;
        assert_eq!((taken.new, taken.excluded), (1, 1));
        let again = world.take_in("2026-06-30", std::slice::from_ref(&next)).await;
        assert_eq!((again.again, again.excluded), (1, 0));
        let style = world.id("style");
        let (first, second) = (world.id("first"), world.id("second"));
        let excluded = world.act("CF", "style", "2026-06-30", async |tx, bench| {
            Ok(checks::assign(tx, bench, "F2026-000002", (&first, &second)).await?.1)
        });
        assert_eq!(excluded.await, Err(vec!["finding-state"]));
        world.take_in("2026-07-01", &[next]).await;
        let open = world.act("CF", "style", "2026-07-01", async |tx, bench| {
            Ok(checks::assign(tx, bench, "F2026-000002", (&first, &second)).await?.1)
        });
        open.await.unwrap();
        assert!(!style.is_empty());
    });
}

/// Tables with a digest of a row in the log.
pub async fn written_tables(address: &str) -> BTreeSet<String> {
    use sqlx::Row;
    sqlx::any::install_default_drivers();
    let address = match address.starts_with("postgres") {
        true => address.to_owned(),
        false => format!("sqlite://{address}"),
    };
    let pool = sqlx::AnyPool::connect(&address).await.unwrap();
    let rows =
        sqlx::query("select distinct table_name from entry_rows").fetch_all(&pool).await.unwrap();
    let names = rows.iter().map(|row| row.get::<String, _>("table_name")).collect();
    pool.close().await;
    names
}

/// The decision about somebody who was asked needs no more than the walk: kept as an example of the verdict.
#[test]
fn whoever_opened_a_dual_check_does_not_decide() {
    block_on(async {
        let dir = tempfile::tempdir().unwrap();
        let address = dir.path().join("register.db").display().to_string();
        let world = World::new(village(&address).await.registry).await;
        let number = walk(&world).await;
        let by = world.reader("deputy", "CL2").await;
        let db = &world.registry.db;
        let reader = Reader::new(db, &by, &world.law.recusal, at("2026-03-10").day).await.unwrap();
        let page = ledger::one(db, &reader, &number).await.unwrap().unwrap();
        let asked = page.duals.iter().find(|dual| dual.role == "VPS").unwrap();
        let early = world.act("CL2", "deputy", "2026-03-06", async |tx, bench| {
            dual::decide(tx, bench, &asked.id, (Verdict::Negligent, "谈话提醒", "没有核对")).await
        });
        assert_eq!(early.await, Err(vec!["dual-unheard"]));
        let answer = world.act("VPS", "secretary", "2026-03-06", async |tx, _| {
            Ok(dual::answer(tx, &asked.id, "没有核对").await?)
        });
        answer.await.unwrap();
        let done = world.act("CL2", "deputy", "2026-03-07", async |tx, bench| {
            dual::decide(tx, bench, &asked.id, (Verdict::Negligent, "谈话提醒", "没有核对")).await
        });
        done.await.unwrap();
    });
}
