//! Stepped-up supervision of the demo county: areas with who leads them, the list of the last quarter and the
//! one that waits, villages at every stage, help from the next township, a campaign.

use domain::problem::Failure;
use domain::procedure::Post;
use domain::supervision::stepped::village::Act;
use domain::time::Day;
use registry::actions::joint::areas;
use registry::actions::joint::campaigns::{self, NewCampaign};
use registry::actions::joint::cooperations::{self, NewCooperation};
use registry::actions::stepped::figures::{self, NewFigures};
use registry::actions::stepped::measures::{self, NewMeasure};
use registry::actions::stepped::villages::{self, NewVillage};
use registry::actions::stepped::{checks, lists};
use registry::queries::joint::{areas as read_areas, checkers};
use registry::queries::standing;
use registry::queries::stepped::lists as read_lists;
use registry::queries::supervision::findings::{self, Filter};
use registry::queries::supervision::{Reader, rectifications};
use registry::{By, Law, Now, Registry, Tx};

use super::super::county::{DIVISION, Place};
use super::super::rng::Rng;
use super::{act_as, noon, officer};

/// Stream of random numbers.
const STREAM: u64 = 950_000;
/// Days before today on which the list of the quarter before was made.
const LISTED: i32 = 100;
/// Days before today on which villages came under supervision.
const BEGAN: i32 = 93;
/// Villages that go through it.
const VILLAGES: usize = 4;

/// A year of supervision in the making.
struct Desk<'a> {
    registry: &'a Registry,
    law: &'a Law,
    today: Day,
}

/// A village with whoever acts there.
struct Seat {
    code: String,
    name: String,
    path: String,
    posts: Vec<Post>,
}

impl Seat {
    fn of(&self, role: &str) -> String {
        let post = self.posts.iter().find(|post| post.role == role);
        post.map(|post| post.person.clone()).unwrap_or_default()
    }
}

/// Fills it in. Returns how many villages are or were under supervision.
///
/// # Errors
/// A failure when the register refuses what the demo does: a fault of ours.
pub async fn fill(
    registry: &Registry,
    law: &Law,
    (places, seed): (&[Place], u64),
    now: Now,
) -> Result<usize, Failure> {
    let desk = Desk { registry, law, today: now.day };
    let mut rng = Rng::new(seed, STREAM);
    desk.lead_areas().await?;
    desk.list(places, &mut rng).await?;
    let seats = desk.seats().await?;
    for (at, seat) in seats.iter().enumerate() {
        let mut tx = desk.begin().await?;
        let number = desk.begun(&mut tx, seat, at).await?;
        match at {
            0 => desk.ended(&mut tx, seat, &number).await?,
            1 => desk.under_way(&mut tx, seat, &number).await?,
            2 => desk.longer(&mut tx, seat, &number).await?,
            _ => {}
        }
        act_as(&mut tx, By::system(), desk.today);
        tx.commit(super::done(&seat.code)).await?;
    }
    if let Some(seat) = seats.first() {
        desk.campaign(seat).await?;
    }
    Ok(seats.len())
}

impl Desk<'_> {
    fn day(&self, before: i32) -> Day {
        Day(self.today.0 - before)
    }

    async fn begin(&self) -> Result<Tx, Failure> {
        self.registry.begin(By::system(), noon(self.day(LISTED)), "demo county").await
    }

    /// Whoever holds which post in the county.
    async fn county(&self, tx: &mut Tx) -> Result<Seat, Failure> {
        let posts = standing::posts(tx, DIVISION, self.today).await?;
        let (code, path) = (DIVISION.to_owned(), DIVISION.to_owned());
        Ok(Seat { code, name: String::new(), path, posts })
    }

    async fn lead_areas(&self) -> Result<(), Failure> {
        let (by, today) = (By::system(), self.today.to_string());
        let all = read_areas::all(&self.registry.db, &by, (DIVISION, &today)).await?;
        let mut tx = self.begin().await?;
        let county = self.county(&mut tx).await?;
        act_as(&mut tx, officer(&county.of("CL1"), "CL1"), self.day(LISTED));
        for area in all {
            let over = ("CJ", county.of("CL2"));
            let over = (over.0, over.1.as_str());
            let entry = areas::lead(&mut tx, self.law.stepped(), &area.name, over).await?;
            tx.record(entry).await?;
        }
        act_as(&mut tx, By::system(), self.today);
        tx.commit(super::done(DIVISION)).await?;
        Ok(())
    }

    /// Figures of all villages, the list of the quarter before, approved, and that of this one, which waits.
    async fn list(&self, places: &[Place], rng: &mut Rng) -> Result<(), Failure> {
        let mut tx = self.begin().await?;
        let county = self.county(&mut tx).await?;
        let (year, _, _) = self.today.ymd();
        let figures: Vec<NewFigures> = places
            .iter()
            .map(|place| {
                let residents = i64::from(rng.between(300, 1_900));
                NewFigures {
                    place: place.code.clone(),
                    year: i64::from(year - 1),
                    income_fen: Some(i64::from(rng.between(20, 900)) * 100_000),
                    funds_fen: Some(residents * i64::from(rng.between(300, 2_400)) * 100),
                    residents: Some(residents),
                    source: "年度农经报表".to_owned(),
                }
            })
            .collect();
        let style = officer(&county.of("CF"), "CF");
        act_as(&mut tx, style.clone(), self.day(LISTED));
        let entry = figures::enter(&mut tx, &figures).await?;
        tx.record(entry).await?;
        let (quarter, entry) = lists::propose(&mut tx, self.law.stepped()).await?;
        tx.record(entry).await?;
        act_as(&mut tx, officer(&county.of("CL2"), "CL2"), self.day(LISTED - 2));
        let entry = lists::approve(&mut tx, self.law.stepped(), &quarter).await?;
        tx.record(entry).await?;
        act_as(&mut tx, style, self.day(5));
        let (now, entry) = lists::propose(&mut tx, self.law.stepped()).await?;
        tx.record(entry).await?;
        if let Some(last) = places.last() {
            let why = "来信来访集中，群众点题";
            let rules = self.law.stepped();
            // It may be on the list by its score.
            if let Ok(entry) = lists::change(&mut tx, rules, &now, (&last.code, true), why).await {
                tx.record(entry).await?;
            }
        }
        act_as(&mut tx, By::system(), self.today);
        tx.commit(super::done(DIVISION)).await?;
        Ok(())
    }

    /// The first villages of the approved list in which nothing is left to be put right.
    async fn seats(&self) -> Result<Vec<Seat>, Failure> {
        let (db, by) = (&self.registry.db, By::system());
        let lists = read_lists::all(db, &by, DIVISION).await?;
        let approved = lists.iter().find(|list| list.approved_day.is_some());
        let Some(quarter) = approved.map(|list| list.quarter.clone()) else {
            return Ok(Vec::new());
        };
        let found = read_lists::one(db, &by, (DIVISION, &quarter)).await?;
        let lines = found.map(|(_, lines)| lines).unwrap_or_default();
        let mut seats = Vec::new();
        for line in lines.iter().filter(|line| line.listed) {
            if seats.len() == VILLAGES {
                break;
            }
            let mut tx = self.begin().await?;
            let path = registry::actions::places::path(&mut tx, &line.place).await?;
            let posts = standing::posts(&mut tx, &path, self.today).await?;
            drop(tx);
            let fixes = rectifications::list(db, &by, &path, "").await?;
            let seat =
                Seat { code: line.place.clone(), name: line.place_name.clone(), path, posts };
            let whole = !seat.of("TDI").is_empty() && !seat.of("VPS").is_empty();
            if whole && fixes.iter().all(|fix| fix.closed_day.is_some()) {
                seats.push(seat);
            }
        }
        Ok(seats)
    }

    /// Proposed, and decided about but for the last, which waits.
    async fn begun(&self, tx: &mut Tx, seat: &Seat, at: usize) -> Result<String, Failure> {
        let began = if at + 1 == VILLAGES { self.day(3) } else { self.day(BEGAN) };
        let said = [
            ("letter", "县城人民路1号信访室"),
            ("visit", "县群众接待中心，工作日8:30至17:30"),
            ("phone", "0990-12388"),
            ("night", "村口信箱每周一开箱，每周三晚在村委会夜访"),
        ];
        let new = NewVillage {
            place: seat.code.clone(),
            leader: if at == 1 { seat.of("CL1") } else { seat.of("CL2") },
            from: Day(began.0 + 2),
            until: Day(began.0 + if at == 2 { 100 } else { 180 }),
            contacts: said.map(|(way, text)| (way.to_owned(), text.to_owned())).into(),
            reason: format!("{}集体收入大、项目多，信访比较集中", seat.name),
        };
        act_as(tx, officer(&seat.of("CF"), "CF"), began);
        let (number, entry) = villages::propose(tx, self.law.stepped(), &new).await?;
        tx.record(entry).await?;
        if at + 1 < VILLAGES {
            self.decide(tx, seat, (&number, "同意"), Day(began.0 + 2)).await?;
        }
        Ok(number)
    }

    async fn decide(
        &self,
        tx: &mut Tx,
        seat: &Seat,
        (number, words): (&str, &str),
        on: Day,
    ) -> Result<(), Failure> {
        act_as(tx, officer(&seat.of("CL2"), "CL2"), on);
        let act = Act::Decide { agreed: true };
        let (_, entry) = villages::act(tx, self.law.stepped(), number, (&act, words)).await?;
        tx.record(entry).await?;
        Ok(())
    }

    /// An item looked at by two, from the township and the county; `wrong` when something is.
    async fn check(
        &self,
        tx: &mut Tx,
        seat: &Seat,
        (number, item): (&str, &str),
        (wrong, words): (bool, &str),
        on: Day,
    ) -> Result<(), Failure> {
        let (town, county) = (seat.of("TDI"), seat.of("CJ"));
        let rules = self.law.stepped();
        act_as(tx, officer(&seat.of("CF"), "CF"), on);
        let (_, entry) = checks::assign(tx, rules, number, item, (&town, &county)).await?;
        tx.record(entry).await?;
        act_as(tx, officer(&town, "TDI"), Day(on.0 + 4));
        let entry = checks::record(tx, rules, number, item, (wrong, words)).await?;
        tx.record(entry).await?;
        act_as(tx, officer(&county, "CJ"), Day(on.0 + 5));
        let entry = checks::confirm(tx, rules, number, item, true).await?;
        tx.record(entry).await?;
        Ok(())
    }

    async fn measure(
        &self,
        tx: &mut Tx,
        seat: &Seat,
        (number, kind, words): (&str, &str, &str),
        (on, result): (Day, Option<&str>),
    ) -> Result<(), Failure> {
        let (kind, words) = (kind.to_owned(), words.to_owned());
        let new = NewMeasure { kind, words, rectification: None };
        act_as(tx, officer(&seat.of("CJ"), "CJ"), on);
        let ((id, _), entry) = measures::order(tx, self.law.stepped(), number, &new).await?;
        tx.record(entry).await?;
        if let Some(result) = result {
            act_as(tx, officer(&seat.of("CJ"), "CJ"), Day(on.0 + 4));
            let entry = measures::record(tx, self.law.stepped(), &id, result).await?;
            tx.record(entry).await?;
        }
        Ok(())
    }

    /// Everything looked at, one thing put right on the way, and the end.
    async fn ended(&self, tx: &mut Tx, seat: &Seat, number: &str) -> Result<(), Failure> {
        let items: Vec<String> =
            self.law.stepped.items.iter().map(|item| item.code.clone()).collect();
        for (at, item) in (0_i32..).zip(&items) {
            let on = Day(self.day(BEGAN).0 + 5 + at * 2);
            if at == 7 {
                let wrong = (true, "一份鱼塘合同没有公开交易");
                self.check(tx, seat, (number, item), wrong, on).await?;
            }
            let fine = (false, "查看凭证和现场，没有发现问题");
            self.check(tx, seat, (number, item), fine, Day(on.0 + 6)).await?;
        }
        let talk = (number, "remind", "鱼塘合同没有公开交易");
        let on = self.day(BEGAN - 30);
        self.measure(tx, seat, talk, (on, Some("已约谈，合同已重新公开交易"))).await?;
        act_as(tx, officer(&seat.of("CF"), "CF"), self.day(20));
        let ending = (&Act::End, "15项全部核查，问题已整改");
        let (_, entry) = villages::act(tx, self.law.stepped(), number, ending).await?;
        tx.record(entry).await?;
        self.decide(tx, seat, (number, "同意退出"), self.day(14)).await
    }

    /// Some looked at, something wrong, a measure past its day, and help from another township.
    async fn under_way(&self, tx: &mut Tx, seat: &Seat, number: &str) -> Result<(), Failure> {
        let on = self.day(BEGAN - 10);
        for (item, seen) in [
            ("K01", (false, "会议记录、签字齐全")),
            ("K03", (false, "备用金账实相符")),
            ("K09", (true, "两处水渠变更没有重新验收")),
            ("K12", (false, "抽查二十户，名单与公示一致")),
        ] {
            self.check(tx, seat, (number, item), seen, on).await?;
        }
        let hear = (number, "hear", "半年财务和工程情况");
        self.measure(tx, seat, hear, (self.day(60), Some("已听取，存在变更手续不全"))).await?;
        let press = (number, "put_right", "补办水渠变更验收");
        self.measure(tx, seat, press, (self.day(55), None)).await?;
        let (place, path) = (seat.code.as_str(), seat.path.as_str());
        let staff = checkers::of(&self.registry.db, &self.law.recusal, (place, path), self.today);
        let staff = staff.await?;
        let helper = staff.iter().find(|one| one.needs_cooperation);
        let Some(helper) = helper.map(|one| one.proposed.person.clone()) else { return Ok(()) };
        let new = |from: i32, reason: &str| NewCooperation {
            kind: "cross".to_owned(),
            place: seat.code.clone(),
            thing: Some(("stepped".to_owned(), number.to_owned())),
            people: vec![helper.clone()],
            from: self.day(from),
            until: Day(self.day(from).0 + 60),
            reason: reason.to_owned(),
        };
        let rules = self.law.stepped();
        act_as(tx, officer(&seat.of("TDI"), "TDI"), self.day(32));
        let asked = new(30, "本镇人手少，且多为当地人，请求交叉检查");
        let (cooperation, entry) = cooperations::ask(tx, rules, &asked).await?;
        tx.record(entry).await?;
        act_as(tx, officer(&seat.of("CL2"), "CL2"), self.day(31));
        let entry = cooperations::decide(tx, rules, &cooperation, true).await?;
        tx.record(entry).await?;
        act_as(tx, officer(&seat.of("CF"), "CF"), self.day(12));
        let two = (helper.as_str(), seat.of("CJ"));
        let (_, entry) = checks::assign(tx, rules, number, "K08", (two.0, &two.1)).await?;
        tx.record(entry).await?;
        act_as(tx, officer(&seat.of("TDI"), "TDI"), self.day(2));
        let (_, entry) = cooperations::ask(tx, rules, &new(-31, "资产清查还需要一个月")).await?;
        tx.record(entry).await?;
        Ok(())
    }

    /// Nearly over, and not finished: a longer time is asked for.
    async fn longer(&self, tx: &mut Tx, seat: &Seat, number: &str) -> Result<(), Failure> {
        let seen = (false, "查看资料，没有发现问题");
        self.check(tx, seat, (number, "K02"), seen, self.day(40)).await?;
        act_as(tx, officer(&seat.of("CF"), "CF"), self.day(1));
        let act = Act::Longer { until: Day(self.today.0 + 95) };
        let words = "征地补偿一项涉及多户，需要延长";
        let (_, entry) = villages::act(tx, self.law.stepped(), number, (&act, words)).await?;
        tx.record(entry).await?;
        Ok(())
    }

    /// A joint inspection with two bureaus, half done, with findings that belong to it.
    async fn campaign(&self, seat: &Seat) -> Result<(), Failure> {
        let mut tx = self.begin().await?;
        let points = ["名单与死亡登记比对", "银行卡是否由本人持有", "停发手续是否及时"];
        let new = NewCampaign {
            kind: "joint".to_owned(),
            title: "惠民补贴发放联合检查".to_owned(),
            place: DIVISION.to_owned(),
            purpose: "查清死亡后继续发放、代领代持等问题".to_owned(),
            bureaus: vec!["CB-CA".to_owned(), "CB-FI".to_owned()],
            team: ["CF", "CJ", "CB-CA", "CB-FI"].map(|role| seat.of(role)).into(),
            points: points.map(str::to_owned).into(),
            from: self.day(40),
            until: Day(self.today.0 + 50),
        };
        let rules = self.law.stepped();
        act_as(&mut tx, officer(&seat.of("CF"), "CF"), self.day(44));
        let (number, entry) = campaigns::propose(&mut tx, rules, &new).await?;
        tx.record(entry).await?;
        act_as(&mut tx, officer(&seat.of("CL2"), "CL2"), self.day(41));
        let entry = campaigns::decide(&mut tx, rules, &number, true).await?;
        tx.record(entry).await?;
        for (point, role, problem, words) in [
            (1, "CF", true, "比对出三人死亡后仍在发放，已移交核查"),
            (2, "CB-CA", false, "入户抽查五十张卡，均由本人持有"),
        ] {
            act_as(&mut tx, officer(&seat.of(role), role), self.day(20));
            let entry =
                campaigns::record(&mut tx, rules, (&number, point), (problem, words)).await?;
            tx.record(entry).await?;
        }
        let by = By::system();
        let reader = Reader::new(&self.registry.db, &by, &[], self.today).await?;
        let version = self.law.supervision.on(self.today)?;
        let filter = Filter { state: "checked".to_owned(), ..Filter::default() };
        let checked =
            findings::list(&self.registry.db, &reader, DIVISION, &filter, version).await?;
        for line in checked.iter().take(3) {
            act_as(&mut tx, officer(&seat.of("CF"), "CF"), self.day(18));
            let entry = campaigns::link(&mut tx, rules, &number, &line.number).await?;
            tx.record(entry).await?;
        }
        act_as(&mut tx, By::system(), self.today);
        tx.commit(super::done(&number)).await?;
        Ok(())
    }
}
