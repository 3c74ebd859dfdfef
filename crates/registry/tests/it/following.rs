//! What follows in other hands, on both engines: clues handed over, recommendations, responsibility lists,
//! rules of the office, a dual check beyond the day and none at all; who sees nothing of it, and how it
//! goes up when it is overdue. `walk` leaves a row in every table of its migration.

use std::collections::BTreeSet;
use std::sync::Mutex;

use domain::problem::Fault;
use domain::supervision::clue::{Outcome, Way};
use domain::supervision::duty::Act as Duty;
use domain::supervision::handover::Act as Handover;
use domain::supervision::letter::Act as Letter;
use domain::supervision::regulation::{Degree, Outcome as Follows, Review};
use domain::time::Day;
use registry::actions::outbox::{Channel, Notice, ON_DESK};
use registry::actions::supervision::clues::{self, NewClue, Step};
use registry::actions::supervision::handovers::{self, Incoming, NewHandover};
use registry::actions::supervision::letters::{self, NewLetter};
use registry::actions::supervision::post_duties::{self, Evidence};
use registry::actions::supervision::regulations::{self, NewRegulation};
use registry::actions::supervision::{dual, waivers};
use registry::queries::supervision::{
    Reader, clues as ledger, handovers as sent, letters as written, post_duties as owed,
    rectifications, regulations as rules,
};
use registry::{By, Registry, audit};
use serde_json::{Value, json};

use crate::suite::{VILLAGE, village};
use crate::supervision::{self, COUNTY, OWN, World, written_tables};
use crate::support::{alike, at};

/// Tables that these acts may write beside those of supervision.
pub const NEXT: [&str; 12] = [
    "follow_dues",
    "handovers",
    "letters",
    "letter_events",
    "dual_waivers",
    "clue_links",
    "post_duties",
    "post_duty_evidence",
    "regulations",
    "regulation_versions",
    "regulation_reviews",
    "regulation_links",
];

const PATH: &str = "990001/990001101/990001101201";

fn new(clue: &str) -> NewHandover {
    NewHandover {
        clue: clue.to_owned(),
        partner: "audit".to_owned(),
        organ: "县审计局".to_owned(),
        papers: vec!["note".to_owned(), "payment_list".to_owned()],
        words: "请核对三年账目".to_owned(),
    }
}

fn came(world: &World) -> Incoming {
    Incoming {
        partner: "police".to_owned(),
        organ: "柳溪派出所".to_owned(),
        their_number: "公2026-7".to_owned(),
        papers: vec!["note".to_owned()],
        clue: NewClue {
            place: VILLAGE.to_owned(),
            office: "CJ".to_owned(),
            title: "冒用他人存折".to_owned(),
            people: vec![("accused".to_owned(), world.id("clerk"))],
            words: "附移送函".to_owned(),
            ..NewClue::default()
        },
    }
}

/// The number of the rectification that the walk of supervision has left.
async fn fix(registry: &Registry) -> String {
    let list = rectifications::list(&registry.db, &By::system(), PATH, "").await.unwrap();
    list[0].number.clone()
}

/// Hands the clue to audit, and takes one from the police. Returns the number of the latter.
async fn handed(world: &World, clue: &str) -> String {
    let wrong = NewHandover { papers: vec!["talk_record".to_owned()], ..new(clue) };
    let no = world.act("CJ", "office", "2026-03-09", async |tx, bench| {
        Ok(handovers::propose(tx, bench, &wrong).await?.1)
    });
    assert_eq!(no.await, Err(vec!["handover-paper"]));
    let brother = world.act("TDI", "brother", "2026-03-09", async |tx, bench| {
        Ok(handovers::propose(tx, bench, &new(clue)).await?.1)
    });
    assert_eq!(brother.await, Err(vec!["supervision-recused"]));
    let propose = world.act("CJ", "office", "2026-03-09", async |tx, bench| {
        Ok(handovers::propose(tx, bench, &new(clue)).await?.1)
    });
    propose.await.unwrap();
    let number = "YS990001-2026-0001";
    let yes = Handover::Approve { agreed: true };
    for (role, name, no) in
        [("CJ", "office", "handover-proposer"), ("TDI", "brother", "supervision-recused")]
    {
        let done = world.act(role, name, "2026-03-09", async |tx, bench| {
            Ok(handovers::act(tx, bench, number, (&yes, "")).await?.1)
        });
        assert_eq!(done.await, Err(vec![no]));
    }
    let receipt = Handover::Receipt { number: "审2026-3", day: at("2026-03-11").day };
    for (role, name, day, act, words) in
        [("CL2", "deputy", "2026-03-10", &yes, ""), ("CA", "registrar", "2026-03-12", &receipt, "")]
    {
        let done = world.act(role, name, day, async |tx, bench| {
            Ok(handovers::act(tx, bench, number, (act, words)).await?.1)
        });
        done.await.unwrap();
    }
    let received = world.act("CA", "registrar", "2026-03-12", async |tx, bench| {
        Ok(handovers::receive(tx, bench, &came(world)).await?.1)
    });
    received.await.unwrap();
    "XS990001-2026-0002".to_owned()
}

/// A recommendation on the rectification, answered once in vain.
async fn recommended(world: &World) -> String {
    let letter = NewLetter {
        place: VILLAGE.to_owned(),
        addressee: "VPS".to_owned(),
        rectification: Some(fix(&world.registry).await),
        problem: "名单没有按月核对".to_owned(),
        demand: "建立核对制度，三十日内答复".to_owned(),
        ..NewLetter::default()
    };
    let groundless = NewLetter { rectification: None, ..letter.clone() };
    let no = world.act("TDI", "first", "2026-03-09", async |tx, bench| {
        Ok(letters::propose(tx, bench, &groundless).await?.1)
    });
    assert_eq!(no.await, Err(vec!["letter-ground"]));
    let done = world.act("TDI", "first", "2026-03-09", async |tx, bench| {
        Ok(letters::propose(tx, bench, &letter).await?.1)
    });
    done.await.unwrap();
    let by = By::system();
    let reader = Reader::new(&world.registry.db, &by, &[], at("2026-03-09").day).await.unwrap();
    let number = written::list(&world.registry.db, &reader, COUNTY, "").await.unwrap();
    let number = number[0].number.clone();
    let send = Letter::Approve { agreed: true };
    let back = Letter::Judge { accepted: false };
    for (role, name, act, words, expect) in [
        ("TDI", "first", send, "", Err(vec!["letter-proposer"])),
        ("TDI", "brother", send, "", Err(vec!["supervision-recused"])),
        ("CL2", "deputy", send, "", Ok(())),
        ("VC", "member", Letter::Reply, "已核对", Err(vec!["letter-addressee"])),
        ("VPS", "secretary", Letter::Reply, "已核对", Ok(())),
        ("TDI", "brother", back, "没有附表", Err(vec!["supervision-recused"])),
        ("TDI", "first", back, "没有附表", Ok(())),
    ] {
        let done = world.act(role, name, "2026-03-09", async |tx, bench| {
            Ok(letters::act(tx, bench, &number, (act, words)).await?.1)
        });
        assert_eq!(done.await, expect, "{name} {act:?}");
    }
    number
}

/// The list of the village for a year, one duty of it shown and judged.
async fn owed_and_shown(world: &World) -> String {
    for expect in [Ok(()), Err(vec!["duty-opened"])] {
        let done = world.act("CF", "style", "2026-03-09", async |tx, bench| {
            Ok(post_duties::open(tx, bench, (VILLAGE, 2026)).await?.1)
        });
        assert_eq!(done.await, expect);
    }
    let day = at("2026-03-09").day;
    let list = owed::list(&world.registry.db, &By::system(), COUNTY, ("", day)).await.unwrap();
    assert!(list.iter().all(|line| line.holder.is_some() && line.due_day.is_some()), "{list:?}");
    let number = list.iter().find(|line| line.role == "VPS").unwrap().number.clone();
    let evidence = [
        Evidence::Entry(fix(&world.registry).await),
        Evidence::File("a.pdf".to_owned(), "ab".repeat(32)),
    ];
    for one in &evidence {
        let done = world.act("VPS", "secretary", "2026-03-09", async |tx, bench| {
            post_duties::attach(tx, bench, &number, one).await
        });
        done.await.unwrap();
    }
    let content = Duty::Judge { content: true };
    for (role, name, act, expect) in [
        ("VC", "member", Duty::Show, Err(vec!["duty-holder"])),
        ("VPS", "secretary", Duty::Show, Ok(())),
        ("VPS", "secretary", content, Err(vec!["duty-oneself", "duty-level"])),
        ("TDI", "first", content, Ok(())),
    ] {
        let done = world.act(role, name, "2026-03-10", async |tx, bench| {
            Ok(post_duties::act(tx, bench, &number, (act, "三月开会")).await?.1)
        });
        assert_eq!(done.await, expect, "{name} {act:?}");
    }
    number
}

/// A rule, found not to work.
async fn ruled(world: &World) -> String {
    let rule = NewRegulation {
        place: VILLAGE.to_owned(),
        owner: "VPS".to_owned(),
        title: "名单核对办法".to_owned(),
        text: "每月五日前核对。".to_owned(),
        basis: "村规民约".to_owned(),
    };
    let done = world.act("VPS", "secretary", "2024-03-01", async |tx, bench| {
        Ok(regulations::enter(tx, bench, &rule).await?.1)
    });
    done.await.unwrap();
    let list = rules::list(&world.registry.db, &By::system(), COUNTY, "").await.unwrap();
    let number = list[0].number.clone();
    let decide = async |role: &str, name: &str, day: &str| {
        world
            .act(role, name, day, async |tx, bench| {
                Ok(regulations::decide(tx, bench, &number, true).await?.1)
            })
            .await
    };
    assert_eq!(decide("VPS", "secretary", "2024-03-02").await, Err(vec!["regulation-proposer"]));
    decide("CL2", "deputy", "2024-03-02").await.unwrap();
    assert_eq!(decide("CL2", "deputy", "2024-03-03").await, Err(vec!["regulation-nothing"]));
    let review = Review {
        used: Degree::Partly,
        works: Degree::No,
        outcome: Follows::Amend,
        words: "一年没有核对",
        shown_by: 0,
    };
    let reviewed = async || {
        world
            .act("CF", "style", "2026-03-09", async |tx, bench| {
                regulations::review(tx, bench, &number, &review).await
            })
            .await
    };
    assert_eq!(reviewed().await, Err(vec!["regulation-shown"]));
    for link in [("finding", "F2026-000001"), ("cause", "negligence")] {
        let done = world.act("CF", "style", "2026-03-09", async |tx, bench| {
            regulations::link(tx, bench, &number, link).await
        });
        done.await.unwrap();
    }
    reviewed().await.unwrap();
    assert_eq!(decide("CF", "style", "2026-03-09").await, Err(vec!["regulation-proposer"]));
    decide("CL2", "deputy", "2026-03-09").await.unwrap();
    number
}

/// That none applies to the clue that came: said by one, decided by another; the two clues are linked.
async fn waived(world: &World, first: &str, second: &str) {
    let propose = async |name: &str, role: &str, reason: &str| {
        world
            .act(role, name, "2026-03-12", async |tx, bench| {
                waivers::propose(tx, bench, second, reason).await
            })
            .await
    };
    assert_eq!(propose("office", "CJ", "").await, Err(vec!["dual-reason"]));
    assert_eq!(propose("brother", "TDI", "没有职责").await, Err(vec!["supervision-recused"]));
    propose("office", "CJ", "当事人不经办补贴").await.unwrap();
    assert_eq!(propose("office", "CJ", "再提").await, Err(vec!["dual-begun"]));
    for (role, name, expect) in
        [("CJ", "office", Err(vec!["dual-waiver-proposer"])), ("CL2", "deputy", Ok(()))]
    {
        let done = world.act(role, name, "2026-03-12", async |tx, bench| {
            waivers::decide(tx, bench, second, true).await
        });
        assert_eq!(done.await, expect);
    }
    let link = world.act("CA", "registrar", "2026-03-12", async |tx, bench| {
        clues::link(tx, bench, first, (second, "同一人")).await
    });
    link.await.unwrap();
}

/// Leaves a row in every table of the migration, after the walk of supervision. Returns the numbers of both
/// clues.
pub async fn walk(world: &World, clue: &str) -> [String; 2] {
    let second = handed(world, clue).await;
    recommended(world).await;
    owed_and_shown(world).await;
    ruled(world).await;
    waived(world, clue, &second).await;
    [clue.to_owned(), second]
}

async fn everything(address: &str) -> Value {
    let world = World::new(village(address).await.registry).await;
    let clue = supervision::walk(&world).await;
    let before = written_tables(address).await;
    let [first, second] = walk(&world, &clue).await;
    let after = written_tables(address).await;
    let wrote: BTreeSet<String> = after.difference(&before).cloned().collect();
    let may: BTreeSet<String> = NEXT.iter().map(|table| (*table).to_owned()).collect();
    assert_eq!(wrote, may, "what follows writes to its own tables alone");
    assert!(OWN.iter().all(|table| before.contains(*table)));
    assert_eq!(audit(&world.registry.db, &[]).await.unwrap(), []);
    seen(&world, [&first, &second]).await;
    closed_without_dual(&world, &second).await;
    raised(&world).await;
    let (db, by) = (&world.registry.db, By::system());
    let reader = Reader::new(db, &by, &[], at("2026-06-30").day).await.unwrap();
    let day = at("2026-06-30").day;
    json!({
        "handovers": sent::list(db, &reader, COUNTY, "").await.unwrap(),
        "letters": written::list(db, &reader, COUNTY, "").await.unwrap(),
        "duties": owed::list(db, &by, COUNTY, ("", day)).await.unwrap().len(),
        "regulations": rules::list(db, &by, COUNTY, "").await.unwrap(),
    })
}

/// Who is close to the accused sees nothing of a handover or a recommendation; whom one is for sees it.
async fn seen(world: &World, [first, second]: [&str; 2]) {
    let (db, day) = (&world.registry.db, at("2026-03-12").day);
    for (name, role, handovers, letters) in [
        ("deputy", "CL2", 2, 1),
        ("registrar", "CA", 2, 1),
        ("office", "CJ", 2, 1),
        ("brother", "TDI", 0, 0),
        ("secretary", "VPS", 0, 1),
        ("clerk", "VAC", 0, 0),
    ] {
        let by = world.reader(name, role).await;
        let reader = Reader::new(db, &by, &world.law.recusal, day).await.unwrap();
        let list = sent::list(db, &reader, COUNTY, "").await.unwrap();
        assert_eq!(list.len(), handovers, "{name} and handovers");
        let outline = list.iter().all(|line| line.title.is_empty() && line.words.is_empty());
        assert_eq!(outline, role == "CA" || list.is_empty(), "case management sees outlines");
        let list = written::list(db, &reader, COUNTY, "").await.unwrap();
        assert_eq!(list.len(), letters, "{name} and letters");
    }
    let by = world.reader("deputy", "CL2").await;
    let reader = Reader::new(db, &by, &world.law.recusal, day).await.unwrap();
    let page = ledger::one(db, &reader, first).await.unwrap().unwrap();
    assert_eq!(page.linked, [second]);
    let page = ledger::one(db, &reader, second).await.unwrap().unwrap();
    assert_eq!(page.line.source, "transfer_from_police");
    assert_eq!(page.waivers[0].agreed, Some(1));
}

/// The clue to which no dual check applies is written off without one.
async fn closed_without_dual(world: &World, number: &str) {
    let step =
        |code: &str| Step { code: code.to_owned(), words: "说明".to_owned(), ..Step::default() };
    let dismiss = Some(Way::Dismiss);
    let measure = Some(Outcome::Measure);
    for (role, name, step) in [
        ("CA", "registrar", step("register")),
        ("CA", "registrar", step("screen")),
        ("CJ", "office", Step { way: dismiss, ..step("propose_disposition") }),
        ("CL2", "deputy", step("approve_disposition")),
        ("CJ", "office", step("dismiss")),
        ("CJ", "office", Step { outcome: measure, ..step("report_result") }),
        ("CL2", "deputy", step("approve_result")),
        ("CJ", "office", step("first_form_measure")),
        ("CA", "registrar", step("close")),
    ] {
        let code = step.code.clone();
        world
            .step(number, (role, name, "2026-03-13"), step)
            .await
            .unwrap_or_else(|no| panic!("{code}: {no:?}"));
    }
    let gone = world.act("CJ", "office", "2026-03-13", async |tx, bench| {
        Ok(handovers::propose(tx, bench, &new(number)).await?.1)
    });
    assert_eq!(gone.await, Err(vec!["handover-gone"]));
}

/// What is overdue goes up one level, once, and the office there is told.
async fn raised(world: &World) {
    let (registry, day) = (&world.registry, "2026-06-30");
    assert_eq!(registry.raise_following(ON_DESK, at("2026-03-09")).await.unwrap(), 0);
    let count = registry.raise_following(ON_DESK, at(day)).await.unwrap();
    assert!(count > 3, "{count}");
    assert_eq!(registry.raise_following(ON_DESK, at(day)).await.unwrap(), 0);
    let by = By::system();
    let reader = Reader::new(&registry.db, &by, &[], at(day).day).await.unwrap();
    let letter = written::list(&registry.db, &reader, COUNTY, "").await.unwrap().remove(0);
    assert_eq!((letter.state.as_str(), letter.raised.as_deref()), ("returned", Some("township")));
    let heard = Heard::default();
    registry.deliver(&[&heard], at(day), 0).await.unwrap();
    let told = heard.0.into_inner().unwrap();
    assert!(told.contains("TDI@990001101") && told.contains("CL1@990001"), "{told:?}");
}

/// A channel that notes who is told.
#[derive(Default)]
struct Heard(Mutex<BTreeSet<String>>);

impl Channel for Heard {
    fn code(&self) -> &'static str {
        "desk"
    }

    fn deliver(&self, notices: &[Notice]) -> Result<(), Fault> {
        let late = notices.iter().filter(|notice| notice.sentence == "following-overdue");
        self.0.lock().unwrap().extend(late.map(|notice| notice.recipient.clone()));
        Ok(())
    }
}

#[test]
fn what_follows_is_handled_by_others_seen_by_few_and_goes_up_when_it_is_late() {
    alike("following", async |address, _| everything(address).await);
}

/// Those who took a post over are asked, too, each from the day on which he did.
#[test]
fn successors_in_a_post_are_asked_and_decided_about() {
    crate::support::block_on(async {
        let dir = tempfile::tempdir().unwrap();
        let address = dir.path().join("register.db").display().to_string();
        let world = World::new(village(&address).await.registry).await;
        let number = supervision::walk(&world).await;
        let trace = async || {
            world
                .act("CJ", "office", "2026-03-09", async |tx, bench| {
                    Ok(dual::trace(tx, bench, &number).await?.1)
                })
                .await
        };
        assert_eq!(trace().await, Err(vec!["dual-no-successor"]));
        world.hire_from("next", "VPS", VILLAGE, "2025-09-01").await;
        trace().await.unwrap();
        assert_eq!(trace().await, Err(vec!["dual-no-successor"]), "nobody is asked twice");
        let by = world.reader("deputy", "CL2").await;
        let day = at("2026-03-10").day;
        let db = &world.registry.db;
        let reader = Reader::new(db, &by, &world.law.recusal, day).await.unwrap();
        let page = ledger::one(db, &reader, &number).await.unwrap().unwrap();
        let later = page.duals.iter().find(|dual| dual.name == "next某").unwrap();
        assert_eq!(later.on_day, "2025-09-01");
        assert_eq!(later.successor_of.as_deref(), Some("secretary某"));
        assert!(later.due_day.as_deref().and_then(Day::parse).is_some());
    });
}

/// Whoever is led by the accused stays out; whoever is not, sees what is left.
#[test]
fn nobody_handles_a_clue_against_his_superior() {
    crate::support::block_on(async {
        let dir = tempfile::tempdir().unwrap();
        let address = dir.path().join("register.db").display().to_string();
        let world = World::new(village(&address).await.registry).await;
        let against = |who: &str| NewClue {
            source: "visit".to_owned(),
            place: VILLAGE.to_owned(),
            office: "CJ".to_owned(),
            title: "反映".to_owned(),
            people: vec![("accused".to_owned(), world.id(who))],
            words: "来访".to_owned(),
            ..NewClue::default()
        };
        for (accused, role, name, expect) in [
            ("deputy", "CJ", "office", Err(vec!["supervision-recused"])),
            ("office", "CJ", "office", Err(vec!["supervision-recused"])),
            ("clerk", "CJ", "office", Ok(())),
        ] {
            let new = against(accused);
            let done = world.act(role, name, "2026-03-05", async |tx, bench| {
                Ok(clues::receive(tx, bench, &new).await?.1)
            });
            assert_eq!(done.await, expect, "{accused}");
        }
        let above = against("deputy");
        let led = world.act("CA", "registrar", "2026-03-05", async |tx, bench| {
            Ok(clues::receive(tx, bench, &above).await?.1)
        });
        assert_eq!(led.await, Err(vec!["supervision-recused"]), "CL2 leads case management");
        let (db, day) = (&world.registry.db, at("2026-03-10").day);
        let by = world.reader("office", "CJ").await;
        let reader = Reader::new(db, &by, &world.law.recusal, day).await.unwrap();
        assert_eq!(ledger::list(db, &reader, COUNTY, "").await.unwrap().len(), 1);
    });
}
