//! The workbench: screenings one at a time, programmes of findings, counts by cuts, pages of the list, looks
//! at subjects, and that no page reads a large table from one end to the other.

use std::collections::BTreeMap;

use domain::finding::Finding;
use domain::finding::Period;
use registry::Registry;
use registry::actions::supervision::findings::{self, Found, Taken, fill_programmes};
use registry::actions::supervision::screenings::{self, End, JOB};
use registry::actions::supervision::subjects::{self as looks, Thing};
use registry::actions::supervision::{checks, exports};
use registry::queries::supervision::findings::Filter;
use registry::queries::supervision::funnel::{Cut, funnel};
use registry::queries::supervision::subjects::{Kind, Of, story};
use registry::queries::supervision::{Reader, months, pages, screenings as list, statements};
use sqlx::{AnyPool, Row};

use crate::suite::{VILLAGE, village};
use crate::supervision::{World, found, walk};
use crate::support::{alike, at, block_on, by};

const COUNTY: &str = "990001";

/// Asks for a screening, begins it, and leaves rows in the tables of the workbench.
pub async fn rows(world: &World) {
    let ask =
        world.act("CF", "style", "2026-03-02", async |tx, _| Ok(screenings::ask(tx).await?.1));
    ask.await.unwrap();
    let db = &world.registry.db;
    let id = list::open(db).await.unwrap()[0].0.clone();
    let at_model = registry::jobs::Progress { stage: "models", whole: 26, ..<_>::default() };
    world.registry.screening_at(&id, &at_model, at("2026-03-02")).await.unwrap();
    let look = world.act("TDI", "first", "2026-03-03", async |tx, bench| {
        Ok(looks::begin(tx, bench, Thing::Finding("F2026-000001"), "核对取款").await?.1)
    });
    look.await.unwrap();
}

#[test]
fn one_screening_at_a_time_and_a_killed_one_may_be_started_again() {
    alike("screenings", async |address, _| {
        let world = World::new(village(address).await.registry).await;
        let db = &world.registry.db;
        let ask = async |name: &str, role: &str| {
            world
                .act(role, name, "2026-03-02", async |tx, _| Ok(screenings::ask(tx).await?.1))
                .await
        };
        ask("style", "CF").await.unwrap();
        assert_eq!(ask("style", "CF").await, Err(vec!["screening-under-way"]));
        let (id, state) = list::open(db).await.unwrap().remove(0);
        assert_eq!(state, "asked");
        let job = world.registry.claim("w", at("2026-03-02")).await.unwrap().unwrap();
        assert_eq!((job.name.as_str(), job.payload.as_str()), (JOB, id.as_str()));
        let end =
            async |id: &str, end: End| {
                world
                    .act("SYS", "", "2026-03-02", async |tx, _| {
                        Ok(screenings::end(tx, id, &end).await?)
                    })
                    .await
                    .unwrap();
            };
        world
            .act("SYS", "", "2026-03-02", async |tx, _| Ok(screenings::begin(tx, &id).await?))
            .await
            .unwrap();
        let half = registry::jobs::Progress {
            stage: "models",
            model: "a-model",
            done: 3,
            whole: 26,
            found: 9,
        };
        world.registry.screening_at(&id, &half, at("2026-03-02")).await.unwrap();
        let line = list::latest(db).await.unwrap().remove(0);
        assert_eq!((line.done, line.whole, line.so_far), (Some(3), Some(26), Some(9)));
        assert_eq!(ask("style", "CF").await, Err(vec!["screening-under-way"]));
        end(&id, End::Stopped).await;
        ask("style", "CF").await.unwrap();
        let second = list::open(db).await.unwrap().remove(0).0;
        let taken = Taken { new: 4, again: 1, excluded: 0, unplaced: 0 };
        end(&second, End::Done { run: 2, models: 26, unanswered: 1, found: 5, taken }).await;
        let lines = list::latest(db).await.unwrap();
        let states: Vec<(String, Option<i64>)> =
            lines.into_iter().map(|line| (line.state, line.fresh)).collect();
        assert_eq!(states, [("done".to_owned(), Some(4)), ("stopped".to_owned(), None)]);
        assert!(list::open(db).await.unwrap().is_empty());
        states
    });
}

/// Findings of two programmes, models' scores and years.
fn many(count: u64) -> Vec<Finding> {
    (0..count)
        .map(|n| Finding {
            period: Period(if n % 3 == 0 {
                2025
            } else {
                202_500 + i32::try_from(n % 12).unwrap() + 1
            }),
            score: u8::try_from(40 + n % 50).unwrap(),
            ..found(&format!("key{n:05}"), 1_000 + n)
        })
        .collect()
}

async fn filled(registry: &Registry, count: u64) {
    let all = many(count);
    let models = [registry::actions::supervision::models::NewModel {
        id: "a-model".to_owned(),
        version: 1,
        violation: "false_claim".to_owned(),
        severity: "high".to_owned(),
        title: domain::model::Bilingual { zh: "领取".to_owned(), en: "paid".to_owned() },
        questions: Vec::new(),
    }];
    let last = |n: usize| if n.is_multiple_of(6) { 202_511 } else { 0 };
    let programmes: BTreeMap<String, (String, i64)> = all
        .iter()
        .enumerate()
        .filter(|(n, _)| n % 2 == 0)
        .map(|(n, f)| (f.key.clone(), (format!("S{:02}", n % 4 + 1), last(n))))
        .collect();
    let found = Found { run: 1, models: &models, findings: &all, programmes: &programmes };
    let mut told = Vec::new();
    let who = (&by("SYS"), at("2026-03-01"));
    let taken = findings::take_in_all(registry, who, &found, async |n| {
        told.push(n);
        Ok(())
    })
    .await
    .unwrap();
    assert_eq!(taken.new, all.len());
    assert!(told.is_sorted() && told.last() == Some(&all.len()), "{told:?}");
}

#[test]
fn counts_are_cut_by_place_model_programme_and_year() {
    alike("cuts", async |address, _| {
        let world = World::new(village(address).await.registry).await;
        filled(&world.registry, 600).await;
        let db = &world.registry.db;
        let whole = funnel(db, &Cut::of(COUNTY)).await.unwrap();
        assert_eq!(whole.all.hits, 600);
        assert_eq!(whole.programmes["S01"].hits + whole.programmes["S03"].hits, 300);
        assert_eq!(whole.programmes[""].hits, 300);
        assert_eq!(whole.places["990001/990001101"].hits, 600);
        assert_eq!(whole.all.asked_fen, 600 * 120_000);
        let one = Cut { programme: "S01".to_owned(), year: 2025, ..Cut::of(COUNTY) };
        assert_eq!(funnel(db, &one).await.unwrap().all.hits, 150);
        let none = Cut { year: 2024, ..Cut::of(COUNTY) };
        assert_eq!(funnel(db, &none).await.unwrap().all.hits, 0);
        let cells = months::months(db, &Cut::of(COUNTY)).await.unwrap();
        assert_eq!(cells.values().sum::<i64>(), 600);
        let path = format!("{COUNTY}/990001101/{VILLAGE}");
        assert_eq!(cells[&(path.clone(), 2025)], 100, "what is about a whole year");
        let november = cells[&(path, 202_511)];
        assert!(november >= 100, "with those whose last payment was in that month: {november}");
        assert_eq!(months::years(db, COUNTY).await.unwrap(), [(2025, 600)]);
        assert_eq!(months::programmes(db, COUNTY).await.unwrap(), ["S01", "S03"]);
        // What was taken in without a programme is filled in later, once.
        let without = months::without_programme(db, "", 1_000).await.unwrap();
        assert_eq!(without.len(), 300);
        let about = || ("S02".to_owned(), 202_512);
        let known: Vec<(String, (String, i64))> =
            without.into_iter().take(10).map(|(id, _)| (id, about())).collect();
        world
            .act("SYS", "", "2026-03-02", async |tx, _| Ok(fill_programmes(tx, &known).await?))
            .await
            .unwrap();
        assert_eq!(funnel(db, &Cut::of(COUNTY)).await.unwrap().programmes["S02"].hits, 10);
        whole
    });
}

#[test]
fn pages_of_the_list_hold_everything_once_in_the_order_of_work() {
    alike("pages", async |address, _| {
        let world = World::new(village(address).await.registry).await;
        filled(&world.registry, 230).await;
        let db = &world.registry.db;
        let by = world.reader("deputy", "CL2").await;
        let day = at("2026-03-10").day;
        let reader = Reader::new(db, &by, &world.law.recusal, day).await.unwrap();
        let version = world.law.supervision.on(day).unwrap();
        let (mut numbers, mut scores) = (Vec::new(), Vec::new());
        for at in 0..6 {
            let asked = (version, at);
            let page = pages::page(db, &reader, COUNTY, &Filter::default(), asked).await.unwrap();
            assert_eq!(page.count, 230);
            assert_eq!(page.lines.len(), [50, 50, 50, 50, 30, 0][usize::try_from(at).unwrap()]);
            scores.extend(page.lines.iter().map(|line| line.score));
            numbers.extend(page.lines.into_iter().map(|line| line.number));
        }
        assert!(scores.is_sorted_by(|a, b| a >= b), "{scores:?}");
        let mut once = numbers.clone();
        once.sort();
        once.dedup();
        assert_eq!(once.len(), 230);
        let filter = Filter { programme: "S01".to_owned(), ..Filter::default() };
        let page = pages::page(db, &reader, COUNTY, &filter, (version, 0)).await.unwrap();
        assert_eq!(page.count, 58);
        numbers
    });
}

#[test]
fn a_look_at_a_subject_needs_a_task_a_purpose_and_nobody_close() {
    block_on(async {
        let dir = tempfile::tempdir().unwrap();
        let address = dir.path().join("register.db").display().to_string();
        let world = World::new(village(&address).await.registry).await;
        walk(&world).await;
        let begin = async |name: &str, role: &str, number: &str, purpose: &str| {
            let by = world.reader(name, role).await;
            let mut tx = world.registry.begin(by, at("2026-03-10"), "").await.unwrap();
            let begun = looks::begin(&mut tx, world.law.bench(), Thing::Finding(number), purpose);
            match begun.await {
                Ok((id, entry)) => {
                    tx.commit(entry).await.unwrap();
                    Ok(id)
                }
                Err(registry::actions::Refusal::Rules(rules)) => Err(rules[0].rule),
                Err(other) => panic!("{other:?}"),
            }
        };
        // The finding is about the clerk: his brother stays out, as does whoever has nothing to do there.
        let guilty = "F2026-000001";
        assert_eq!(begin("first", "TDI", guilty, "").await, Err("purpose-needed"));
        assert_eq!(begin("brother", "TDI", guilty, "看看").await, Err("deny-subject-conflict"));
        assert_eq!(begin("registrar", "CA", guilty, "看看").await, Err("deny-subject-task"));
        assert!(begin("member", "VC", guilty, "看看").await.is_err());
        let look = begin("first", "TDI", guilty, "核对取款").await.unwrap();
        assert!(begin("office", "CJ", guilty, "办理线索").await.is_ok(), "the clue is his");
        assert!(begin("deputy", "CL2", guilty, "审批").await.is_ok());
        let see = async |name: &str, role: &str, people: &[u64], day: &str| {
            let by = world.reader(name, role).await;
            let mut tx = world.registry.begin(by, at(day), "").await.unwrap();
            match looks::see(&mut tx, world.law.bench(), &look, ("person", people, &[])).await {
                Ok((held, entry)) => {
                    tx.commit(entry).await.unwrap();
                    Ok(held.purpose)
                }
                Err(registry::actions::Refusal::Rules(rules)) => Err(rules[0].rule),
                Err(other) => panic!("{other:?}"),
            }
        };
        assert_eq!(see("first", "TDI", &[7], "2026-03-10").await, Ok("核对取款".to_owned()));
        assert_eq!(see("second", "TDI", &[7], "2026-03-10").await, Err("deny-approval"), "not his");
        assert_eq!(see("first", "TDI", &[7], "2026-06-10").await, Err("deny-approval"), "run out");
        let seen = entries(&address, "subject-seen").await;
        assert_eq!(seen, 1, "each page is an entry, and a refused one is no page");
        // What he reads: the finding, its check, the clue; and nobody's name.
        let by = world.reader("first", "TDI").await;
        let db = &world.registry.db;
        let day = at("2026-03-10").day;
        let reader = Reader::new(db, &by, &world.law.recusal, day).await.unwrap();
        let of = Of::new(Kind::Person, format!("{:016x}", 7));
        let told = story(db, &reader, &of).await.unwrap();
        let kinds: Vec<&str> = told.moments.iter().map(|at| at.kind.as_str()).collect();
        assert!(kinds.contains(&"asked") && kinds.contains(&"recorded"), "{kinds:?}");
        assert!(kinds.contains(&"post"), "{kinds:?}");
        let kin: Vec<&str> =
            told.ties.iter().filter(|t| t.relation == "kin").map(|t| t.more.as_str()).collect();
        assert_eq!(kin, ["sibling"]);
        let post = told.ties.iter().find(|tie| tie.relation == "post").unwrap();
        let held = story(db, &reader, &post.to).await.unwrap();
        assert!(held.ties.iter().any(|tie| tie.to == of), "{:?}", held.ties);
        let text = format!("{told:?}{held:?}");
        assert!(!text.contains("clerk某") && !text.contains("brother某"), "{text}");
    });
}

async fn entries(address: &str, kind: &'static str) -> i64 {
    let pool = AnyPool::connect(&format!("sqlite://{address}")).await.unwrap();
    let text = "select count(*) as n from entries where log = 'internal' and kind = $1";
    let row = sqlx::query(text).bind(kind).fetch_one(&pool).await.unwrap();
    pool.close().await;
    row.get("n")
}

#[test]
fn a_list_leaves_with_a_purpose_and_an_entry() {
    block_on(async {
        let dir = tempfile::tempdir().unwrap();
        let address = dir.path().join("register.db").display().to_string();
        let world = World::new(village(&address).await.registry).await;
        let export = async |name: &str, role: &str, purpose: &str| {
            let purpose = purpose.to_owned();
            let by = world.reader(name, role).await;
            let mut tx = world.registry.begin(by, at("2026-03-10"), "").await.unwrap();
            let new = exports::NewExport { list: "funnel".to_owned(), purpose, ..<_>::default() };
            match exports::export(&mut tx, COUNTY, &new).await {
                Ok(entry) => {
                    tx.commit(entry).await.unwrap();
                    true
                }
                Err(_) => false,
            }
        };
        assert!(!export("deputy", "CL2", " ").await, "without a purpose");
        assert!(!export("member", "VC", "看看").await, "without a right");
        assert!(export("deputy", "CL2", "季度汇总").await);
        assert_eq!(entries(&address, "list-exported").await, 1);
    });
}

/// Tables that grow with a county-year.
const LARGE: [&str; 7] =
    ["findings", "finding_people", "finding_checks", "entries", "entry_rows", "events", "dues"];

#[test]
fn no_page_of_the_workbench_reads_a_large_table_from_end_to_end() {
    block_on(async {
        let dir = tempfile::tempdir().unwrap();
        let address = dir.path().join("register.db").display().to_string();
        let world = World::new(village(&address).await.registry).await;
        filled(&world.registry, 300).await;
        let (first, second) = (world.id("first"), world.id("second"));
        let assign = world.act("CF", "style", "2026-03-02", async |tx, bench| {
            Ok(checks::assign(tx, bench, "F2026-000001", (&first, &second)).await?.1)
        });
        assign.await.unwrap();
        let pool = AnyPool::connect(&format!("sqlite://{address}")).await.unwrap();
        let all = statements();
        assert!(all.len() > 25, "{}", all.len());
        for text in all {
            let plan = sqlx::query(sqlx::AssertSqlSafe(format!("explain query plan {text}")));
            let plan = plan.fetch_all(&pool).await.unwrap();
            for row in plan {
                let line: String = row.get("detail");
                let Some(rest) = line.strip_prefix("SCAN ") else { continue };
                let scanned = rest.split(' ').next().unwrap();
                let large = LARGE.iter().find(|table| is_alias(text, table, scanned));
                assert!(large.is_none(), "{line} in\n{text}");
            }
        }
        pool.close().await;
    });
}

/// Whether a name in a plan is a table of a statement.
fn is_alias(text: &str, table: &str, name: &str) -> bool {
    name == table
        || [" ", ","].iter().any(|end| text.contains(&format!(" {table} {name}{end}")))
        || text.ends_with(&format!(" {table} {name}"))
}
