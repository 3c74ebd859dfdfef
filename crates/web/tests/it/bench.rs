//! The workbench on the site: a screening that is started once, counts by place and programme, files with a
//! purpose, and looks at one subject that only a task opens.

use std::collections::BTreeMap;

use axum::http::StatusCode;
use domain::finding::{Evidence, Finding, Period};
use domain::model::{Bilingual, Grain, Level, Violation};
use domain::money::Fen;
use domain::recusal::{Relation, Tie};
use registry::actions::people::{self, NewPerson};
use registry::actions::posts;
use registry::actions::supervision::checks;
use registry::actions::supervision::findings::{Found, take_in_all};
use registry::actions::supervision::models::NewModel;
use registry::queries::supervision::screenings;
use registry::{By, Tx};

use crate::county::{COUNTY, County, OTHER, TOWNSHIP, VILLAGE, block_on, now};

/// Keys of the people in findings: the village's accountant, and somebody else.
const CLERK: u64 = 0xabc1_2345_6789_0def;
const VILLAGER: u64 = 0x1234_5678_9abc_def0;
const NUMBER: &str = "F2026-000001";

fn finding(key: &str, person: u64, village: &str, programme: usize) -> Finding {
    Finding {
        key: key.to_owned(),
        model: "a-model".to_owned(),
        version: 1,
        violation: Violation::FalseClaim,
        severity: Level::High,
        grain: Grain::Person,
        subject: format!("{person:016x}"),
        people: vec![person],
        village: village.to_owned(),
        period: Period(202_603 + i32::try_from(programme).unwrap()),
        amount: Some(Fen(120_000)),
        reason: Bilingual { zh: "仍发放".to_owned(), en: "still paid".to_owned() },
        evidence: vec![Evidence { batch: 1, row: 2 }],
        evidence_rows: 1,
        score: 80,
    }
}

async fn commit(tx: Tx, entry: registry::Entry) {
    tx.commit(entry).await.unwrap();
}

/// A county with supervisors, whose accountant is in a finding and has a brother in the township.
struct World {
    county: County,
}

impl World {
    async fn new(findings: usize) -> Self {
        let county = County::with_facts().await;
        county.hire(&["CF", "CL2", "CJ", "TDI", "VC", "CA"]).await;
        county.hire_in("TDI", "brother", TOWNSHIP).await;
        county.hire_in("TDI", "second", TOWNSHIP).await;
        let mut tx = county.begin().await;
        let new = NewPerson {
            name: "钱会计".to_owned(),
            person_key: Some(CLERK.cast_signed()),
            ..NewPerson::default()
        };
        let (clerk, entry) = people::add(&mut tx, &new).await.unwrap();
        commit(tx, entry).await;
        let roles: Vec<_> = county.law().catalogue.roles.values().cloned().collect();
        let mut tx = county.begin().await;
        let day = now().day;
        let (_, entry) = posts::give(&mut tx, &roles, VILLAGE, "VAC", &clerk, day).await.unwrap();
        commit(tx, entry).await;
        let world = Self { county };
        let tie =
            Relation { first: clerk, second: world.person("brother").await, tie: Tie::Sibling };
        let mut tx = world.county.begin().await;
        let entry = people::relate(&mut tx, &tie).await.unwrap();
        commit(tx, entry).await;
        world.take_in(findings).await;
        world
    }

    /// The person behind an account.
    async fn person(&self, login: &str) -> String {
        let db = &self.county.app.setup.registry.db;
        let all = registry::queries::accounts::list(db, &By::system(), now().day).await;
        let found = all.unwrap().into_iter().find(|account| account.login == login).unwrap();
        found.person.unwrap()
    }

    async fn take_in(&self, count: usize) {
        let mut all = vec![finding("k0", CLERK, VILLAGE, 0), finding("k1", VILLAGER, VILLAGE, 1)];
        for n in 2..count {
            let village = if n % 2 == 0 { VILLAGE } else { OTHER };
            let key = VILLAGER + u64::try_from(n).unwrap();
            all.push(finding(&format!("k{n}"), key, village, n % 3));
        }
        let both = |text: &str| Bilingual { zh: text.to_owned(), en: text.to_owned() };
        let models = [NewModel {
            id: "a-model".to_owned(),
            version: 1,
            violation: "false_claim".to_owned(),
            severity: "high".to_owned(),
            title: both("去世后领取"),
            questions: vec![both("谁取的钱？")],
        }];
        let about = || ("S01".to_owned(), 0);
        let programmes: BTreeMap<String, (String, i64)> =
            all.iter().skip(1).map(|f| (f.key.clone(), about())).collect();
        let found = Found { run: 1, models: &models, findings: &all, programmes: &programmes };
        let registry = &self.county.app.setup.registry;
        let taken =
            take_in_all(registry, (&By::system(), now()), &found, async |_| Ok(())).await.unwrap();
        assert_eq!(taken.new, all.len());
    }

    /// Gives a finding to two checkers.
    async fn assign(&self, number: &str, first: &str, second: &str) {
        let pair = (self.person(first).await, self.person(second).await);
        let style = By::operator(Some(&self.person("cf").await), "CF");
        let registry = &self.county.app.setup.registry;
        let mut tx = registry.begin(style, now(), "").await.unwrap();
        let bench = self.county.law().bench();
        let (_, entry) = checks::assign(&mut tx, bench, number, (&pair.0, &pair.1)).await.unwrap();
        commit(tx, entry).await;
    }

    /// Begins a look; where it leads, or the status that refused it.
    async fn look(&self, cookie: &str, purpose: &str) -> Result<String, StatusCode> {
        let token = self.county.get("/office/account", cookie).await.token().to_owned();
        let form = format!("token={token}&finding={NUMBER}&choice=0&purpose={purpose}");
        let answer = self.county.post("/office/subjects", cookie, &form).await;
        match answer.status {
            StatusCode::SEE_OTHER => Ok(answer.header("location").to_owned()),
            status => Err(status),
        }
    }

    /// How many entries the internal log has.
    async fn entries(&self) -> i64 {
        let sizes = registry::queries::lists::sizes(&self.county.app.setup.registry.db).await;
        sizes.unwrap().into_iter().find(|(log, _)| log == "internal").unwrap().1
    }

    /// Opens a page: its status, and how many entries it left.
    async fn opened(&self, path: &str, cookie: &str) -> (StatusCode, i64) {
        let before = self.entries().await;
        let status = self.county.get(path, cookie).await.status;
        (status, self.entries().await - before)
    }
}

#[test]
fn a_screening_is_started_once_and_its_way_is_shown() {
    block_on(async {
        let world = World::new(2).await;
        let county = &world.county;
        let cookie = county.sign_in("cf").await;
        let page = "/office/supervision/screening";
        let shown = county.get(page, &cookie).await;
        assert_eq!(shown.status, StatusCode::OK);
        assert!(!shown.body.contains("http-equiv=\"refresh\""), "nothing to wait for");
        let form = format!("token={}", shown.token());
        let started = county.post(page, &cookie, &form).await;
        assert_eq!((started.status, started.header("location")), (StatusCode::SEE_OTHER, page));
        let shown = county.get(page, &cookie).await;
        assert!(shown.body.contains("http-equiv=\"refresh\"") && shown.body.contains("data-poll"));
        let again = county.post(page, &cookie, &form).await;
        assert_eq!(again.status, StatusCode::CONFLICT, "one at a time");
        assert!(again.body.contains("S2026-0001"), "{}", again.body);
        let registry = &county.app.setup.registry;
        let (id, _) = screenings::open(&registry.db).await.unwrap().remove(0);
        let half = registry::jobs::Progress {
            stage: "models",
            model: "a-model",
            done: 3,
            whole: 26,
            found: 9,
        };
        registry.screening_at(&id, &half, now()).await.unwrap();
        let shown = county.get(page, &cookie).await;
        assert!(
            shown.body.contains("3 / 26") && shown.body.contains("去世后领取"),
            "{}",
            shown.body
        );
        for other in ["tdi", "vc", "cl2"] {
            let cookie = county.sign_in(other).await;
            assert_eq!(county.get(page, &cookie).await.status, StatusCode::FORBIDDEN, "{other}");
        }
    });
}

#[test]
fn counts_are_cut_and_turn_over_pages() {
    block_on(async {
        let world = World::new(120).await;
        let county = &world.county;
        let cookie = county.sign_in("cf").await;
        let board = county.get("/office/supervision", &cookie).await;
        assert!(board.body.contains("120") && board.body.contains("试验镇"), "{}", board.body);
        let one = county.get(&format!("/office/supervision?place={OTHER}"), &cookie).await;
        assert!(one.body.contains(">59<"), "{}", one.body);
        let none = county.get("/office/supervision?year=2020", &cookie).await;
        assert!(none.body.contains("<b class=\"number\">0</b>"));
        let months = county.get("/office/supervision/months", &cookie).await;
        assert!(months.body.contains("试验村") && months.body.contains("class=\"n5\""));
        let list = county.get("/office/supervision/findings?programme=S01", &cookie).await;
        assert_eq!(list.body.matches("class=\"row\"").count(), 50);
        let next = county.get("/office/supervision/findings?programme=S01&state=&page=2", &cookie);
        assert_eq!(next.await.body.matches("class=\"row\"").count(), 19);
        for path in ["money", "overdue", "report"] {
            let page = county.get(&format!("/office/supervision/{path}"), &cookie).await;
            assert_eq!(page.status, StatusCode::OK, "{path}");
        }
        // A township sees its own, and no other place by its address.
        let town = county.sign_in("tdi").await;
        let path = format!("/office/supervision?place={COUNTY}");
        assert_eq!(county.get(&path, &town).await.status, StatusCode::NOT_FOUND);
    });
}

#[test]
fn a_file_leaves_with_a_purpose_and_names_nobody() {
    block_on(async {
        let world = World::new(60).await;
        let county = &world.county;
        let cookie = county.sign_in("cf").await;
        let token = county.get("/office/account", &cookie).await.token().to_owned();
        let send = async |list: &str, purpose: &str| {
            let form = format!("token={token}&list={list}&purpose={purpose}&names=1");
            county.post("/office/supervision/exports", &cookie, &form).await
        };
        assert_eq!(send("findings", "+").await.status, StatusCode::CONFLICT, "without a purpose");
        assert_eq!(send("everything", "季度汇总").await.status, StatusCode::NOT_FOUND);
        for list in ["funnel", "findings", "overdue"] {
            let before = world.entries().await;
            let file = send(list, "季度汇总").await;
            assert_eq!(world.entries().await, before + 1, "{list}");
            assert_eq!(file.status, StatusCode::OK, "{list}");
            assert_eq!(&file.bytes[..2], b"PK", "a workbook");
            assert!(
                file.header("content-disposition").contains(&format!("{list}-2026-11-24.xlsx"))
            );
        }
    });
}

#[test]
fn only_a_task_opens_a_subject_and_each_page_is_an_entry() {
    block_on(async {
        let world = World::new(4).await;
        world.assign(NUMBER, "tdi", "second").await;
        let county = &world.county;
        let checker = county.sign_in("tdi").await;
        assert_eq!(world.look(&checker, "+").await, Err(StatusCode::CONFLICT), "without a purpose");
        let page = world.look(&checker, "核对领取").await.unwrap();
        let shown = county.get(&page, &checker).await;
        assert_eq!(shown.status, StatusCode::OK, "{}", shown.body);
        assert!(shown.body.contains("核对领取") && shown.body.contains("去世后领取"));
        assert!(!shown.body.contains("钱会计"), "no name without a granted look");
        for key in [CLERK, VILLAGER] {
            let key = format!("{key:016x}");
            assert!(!shown.body.contains(&key) && !page.contains(&key), "no key leaves");
        }
        assert_eq!(world.opened(&page, &checker).await, (StatusCode::OK, 1), "each page is one");
        // He walks on: to the post, and from there to nobody else's look.
        let next = shown.body.split("href=\"/office/subjects/").nth(1).unwrap();
        let next = format!("/office/subjects/{}", next.split('"').next().unwrap());
        assert_eq!(world.opened(&next, &checker).await, (StatusCode::OK, 1));
        let log = std::fs::read_to_string(county.folder.path().join("data/access.log")).unwrap();
        assert!(log.contains("核对领取") && log.contains("\"act\":\"subject\""), "{log}");
        // Nobody else reaches it: not by the address, not in a conflict, not without a task.
        for (login, refused) in [
            ("second", StatusCode::NOT_FOUND),
            ("brother", StatusCode::NOT_FOUND),
            ("cl2", StatusCode::NOT_FOUND),
            ("vc", StatusCode::FORBIDDEN),
        ] {
            let cookie = county.sign_in(login).await;
            assert_eq!(world.opened(&page, &cookie).await, (refused, 0), "{login}");
        }
        for (login, refused) in [
            ("brother", StatusCode::NOT_FOUND),
            ("cj", StatusCode::FORBIDDEN),
            ("ca", StatusCode::NOT_FOUND),
            ("vc", StatusCode::FORBIDDEN),
        ] {
            let cookie = county.sign_in(login).await;
            assert_eq!(world.look(&cookie, "看看").await, Err(refused), "{login}");
        }
        let leader = county.sign_in("cl2").await;
        assert!(world.look(&leader, "审批").await.is_ok(), "whoever supervises, with a purpose");
        county.pass(60);
        let late = county.sign_in("tdi").await;
        let refused = (StatusCode::NOT_FOUND, 0);
        assert_eq!(world.opened(&page, &late).await, refused, "it has run out");
    });
}
