//! A year of supervision: findings of the screening at every stage of checking, clues in every state, some
//! past their day, what is put right and what came back.

use std::collections::BTreeMap;

use domain::finding::Finding;
use domain::problem::Failure;
use domain::procedure::Post;
use domain::supervision::check::{Outcome, Report};
use domain::supervision::clue::{Outcome as Came, Way};
use domain::supervision::dual::Verdict;
use domain::supervision::publish::Kind;
use domain::supervision::rectify::Act as Doing;
use domain::time::Day;
use registry::actions::supervision::cases::{self, NewCase, Of};
use registry::actions::supervision::clues::{self, NewClue, Step};
use registry::actions::supervision::models::NewModel;
use registry::actions::supervision::rectifications::{self, NewProblem};
use registry::actions::supervision::{checks, dual, findings as intake};
use registry::queries::standing;
use registry::queries::supervision::findings::{self, Filter, FindingLine};
use registry::queries::supervision::{Reader, clues as ledger};
use registry::{By, Law, Now, Registry, Tx};

use super::super::rng::Rng;
use super::{act_as, noon, officer};

/// Days before today of the two runs whose findings came into the register.
const RUNS: [i32; 2] = [330, 34];
/// Kinds of clues in the order in which they come: a small county too has one in every state.
const ORDER: [usize; 11] = [7, 4, 2, 10, 1, 5, 3, 8, 0, 6, 9];
/// Stream of random numbers.
const STREAM: u64 = 900_000;

/// What the screening found.
pub struct Screened<'a> {
    /// Number of the run.
    pub run: u32,
    /// Models with their questions.
    pub models: &'a [NewModel],
    /// Findings that are taken in.
    pub findings: &'a [Finding],
    /// Programmes that they are about, with the last month of their payments, by their keys.
    pub programmes: &'a BTreeMap<String, (String, i64)>,
    /// Decides everything else.
    pub seed: u64,
}

/// Fills the workbench.
///
/// # Errors
/// A failure when the register refuses what the demo does: a fault of ours.
pub async fn fill(
    registry: &Registry,
    law: &Law,
    screened: &Screened<'_>,
    now: Now,
) -> Result<usize, Failure> {
    let half = screened.findings.len() * 3 / 5;
    let (first, second) = screened.findings.split_at(half);
    let mut year = Year { law, today: now.day, rng: Rng::new(screened.seed, STREAM), cases: 0 };
    for (before, part) in RUNS.into_iter().zip([first, second]) {
        let start = Day(now.day.0 - before);
        let mut tx = registry.begin(By::system(), noon(start), "demo county").await?;
        let (run, models, programmes) = (screened.run, screened.models, screened.programmes);
        let found = intake::Found { run, models, findings: part, programmes };
        let (_, entry) = intake::take_in(&mut tx, &found).await?;
        tx.commit(entry).await?;
        let by = By::system();
        let reader = Reader::new(&registry.db, &by, &[], start).await?;
        let version = law.supervision.on(start)?;
        let filter = Filter { state: "new".to_owned(), ..Filter::default() };
        let county = super::super::county::DIVISION;
        let open = findings::list(&registry.db, &reader, county, &filter, version).await?;
        let fresh = before < RUNS[0];
        for (at, line) in open.iter().enumerate() {
            let mut tx = registry.begin(By::system(), noon(start), "demo county").await?;
            tx.names_confirmed = true;
            let steps = year.finding(&mut tx, (at, line), (start, fresh), screened).await?;
            act_as(&mut tx, By::system(), now.day);
            if steps > 0 {
                tx.commit(super::done(&line.number)).await?;
            }
        }
    }
    year.decide(registry).await?;
    Ok(screened.findings.len())
}

/// A year in the making.
struct Year<'a> {
    law: &'a Law,
    today: Day,
    rng: Rng,
    cases: usize,
}

/// Who acts about a finding.
struct People {
    posts: Vec<Post>,
}

impl People {
    fn of(&self, role: &str) -> String {
        let post = self.posts.iter().find(|post| post.role == role);
        post.map(|post| post.person.clone()).unwrap_or_default()
    }

    fn act(&self, tx: &mut Tx, role: &str, day: Day) {
        act_as(tx, officer(&self.of(role), role), day);
    }
}

impl Year<'_> {
    /// A day some days later, and never past yesterday.
    fn later(&mut self, day: Day, least: i32, most: i32) -> Day {
        Day((day.0 + self.rng.between(least, most)).min(self.today.0 - 1))
    }

    /// One finding on its way. Returns how many acts were done.
    async fn finding(
        &mut self,
        tx: &mut Tx,
        (at, line): (usize, &FindingLine),
        (start, fresh): (Day, bool),
        screened: &Screened<'_>,
    ) -> Result<usize, Failure> {
        let people = People { posts: standing::posts(tx, &line.path, start).await? };
        let in_village = line.path.matches('/').count() == 2;
        // Some wait; of the last run many are being checked.
        let stage = if fresh { at % 10 } else { at % 20 + 4 };
        if stage < 2 || !in_village || people.of("TDI").is_empty() {
            return Ok(0);
        }
        let bench = self.law.bench();
        let day = self.later(start, 1, 6);
        people.act(tx, "CF", day);
        let two = (people.of("TDI"), people.of("CJ"));
        let (_, entry) = checks::assign(tx, bench, &line.number, (&two.0, &two.1)).await?;
        tx.record(entry).await?;
        if stage == 4 || (fresh && stage < 5) {
            return Ok(1);
        }
        // Until there is a clue in every state, more findings become one than later.
        let outcome = match self.rng.below(20) {
            0..7 if self.cases < ORDER.len() => Outcome::Clue,
            0..9 => Outcome::Explained,
            9..13 => Outcome::DataError,
            13..16 => Outcome::Rectified,
            _ => Outcome::Clue,
        };
        let day = self.later(day, 4, 14);
        people.act(tx, "TDI", day);
        let questions =
            screened.models.iter().find(|m| m.id == line.model).map_or(0, |m| m.questions.len());
        let report = report(outcome, line, questions, day);
        let entry = checks::record(tx, bench, &line.number, &report).await?;
        tx.record(entry).await?;
        if fresh && stage == 5 {
            return Ok(2);
        }
        let day = self.later(day, 1, 4);
        people.act(tx, "CJ", day);
        let entry = checks::confirm(tx, bench, &line.number, true).await?;
        tx.record(entry).await?;
        if report.recover_fen > 0 && self.rng.below(3) > 0 {
            people.act(tx, "TDI", self.today);
            let part = ("recovered", report.recover_fen / (1 + i64::from(at.is_multiple_of(3))));
            let entry = checks::recover(tx, bench, &line.number, part, "退缴").await?;
            tx.record(entry).await?;
        }
        match outcome {
            Outcome::Clue => self.clue(tx, &people, line, day).await?,
            Outcome::Rectified => self.put_right(tx, &people, (line, None), day).await?,
            Outcome::Explained if at.is_multiple_of(23) => self.clear(tx, &people, line).await?,
            _ => {}
        }
        Ok(3)
    }

    /// A clue as far as it has come.
    async fn clue(
        &mut self,
        tx: &mut Tx,
        people: &People,
        line: &FindingLine,
        day: Day,
    ) -> Result<(), Failure> {
        let kind = ORDER.get(self.cases % ORDER.len()).copied().unwrap_or_default();
        self.cases += 1;
        let bench = self.law.bench();
        let new = NewClue {
            source: if kind == 3 { "visit" } else { "model_hit" }.to_owned(),
            place: line.place.clone(),
            office: "CJ".to_owned(),
            title: format!("{}：{}", line.place_name, line.title_zh),
            people: vec![("accused".to_owned(), people.of("VAC"))],
            findings: vec![line.number.clone()],
            words: "核查确认".to_owned(),
        };
        let day = self.later(day, 1, 5);
        people.act(tx, "TDI", day);
        let (number, entry) = clues::receive(tx, bench, &new).await?;
        tx.record(entry).await?;
        let way = [Way::Verification, Way::Inquiry, Way::Hold, Way::Dismiss];
        let way = way.get(kind % 4).copied().unwrap_or(Way::Verification);
        let way = match kind {
            7..=9 => Way::Verification,
            10 => Way::Dismiss,
            _ => way,
        };
        let mut day = day;
        for (role, step) in plan(kind, way) {
            day = self.later(day, 2, 9);
            people.act(tx, role, day);
            let came = if kind == 9 { Came::Transfer } else { Came::Measure };
            let came = if kind == 6 { Came::Unfounded } else { came };
            let step = Step {
                code: step.to_owned(),
                words: "见台账".to_owned(),
                way: step.ends_with("propose_disposition").then_some(way),
                outcome: (step == "report_result").then_some(came),
            };
            let (_, entry) = clues::step(tx, bench, &number, &step).await?;
            tx.record(entry).await?;
            if step.code == "approve_result" && kind != 6 {
                people.act(tx, "CJ", day);
                let on = Day(day.0 - 90);
                let asked = dual::open(tx, bench, &number, (on, "这一期间谁核对过名单？")).await?;
                tx.record(asked.1).await?;
            }
        }
        if (7..=9).contains(&kind) {
            self.put_right(tx, people, (line, Some(&number)), day).await?;
            self.publish(tx, people, &number, line).await?;
        }
        Ok(())
    }

    /// What made it possible is put right, as far as it has come.
    async fn put_right(
        &mut self,
        tx: &mut Tx,
        people: &People,
        (line, clue): (&FindingLine, Option<&String>),
        day: Day,
    ) -> Result<(), Failure> {
        let bench = self.law.bench();
        let kind = self.rng.below(7);
        let new = NewProblem {
            place: line.place.clone(),
            clue: clue.cloned(),
            finding: clue.is_none().then(|| line.number.clone()),
            problem: format!("{}：名单没有按月核对", line.title_zh),
        };
        let mut day = self.later(day, 1, 6);
        people.act(tx, "TDI", day);
        let (number, entry) = rectifications::issue(tx, bench, &new).await?;
        tx.record(entry).await?;
        let plan = |measure: &str| Doing::Plan {
            cause: "名单交接没有人负责".to_owned(),
            measure: measure.to_owned(),
            owner: people.of("VPS"),
        };
        let round = |measure: &str| {
            [
                ("VC", plan(measure)),
                ("TDI", Doing::Approve { agreed: true }),
                ("VC", Doing::Finish),
                ("VSC", Doing::Verify { agreed: true }),
            ]
        };
        let again = [("TDI", Doing::Reopen)];
        let all: Vec<(&str, Doing)> = round("每月与死亡登记比对")
            .into_iter()
            .chain(again)
            .chain(round("写进村级日历"))
            .collect();
        // Struck off, back again, or stuck on the way.
        let steps = match kind {
            0..4 => kind,
            4 => 5,
            5 => 9,
            _ => 4,
        };
        for (role, doing) in all.into_iter().take(steps) {
            day = self.later(day, 3, 12);
            let role = if role == "VC" && people.of("VC").is_empty() { "VPS" } else { role };
            people.act(tx, role, day);
            let done = rectifications::act(tx, bench, &number, (&doing, "见附件")).await?;
            tx.record(done.1).await?;
        }
        Ok(())
    }

    /// A typical case; every third waits for its approval.
    async fn publish(
        &mut self,
        tx: &mut Tx,
        people: &People,
        clue: &str,
        line: &FindingLine,
    ) -> Result<(), Failure> {
        let new = NewCase {
            kind: Kind::Case,
            of: Of::Clue(clue.to_owned()),
            title: format!("通报{}一起补贴管理问题", line.place_name),
            text: format!(
                "{}：{}，经核查属实，责任人已按规定处理，多发资金正在追缴。",
                line.place_name, line.title_zh
            ),
            names: false,
            wished: false,
            until: Day(self.today.0 + 120),
        };
        self.propose(tx, people, &new, !self.cases.is_multiple_of(3)).await
    }

    /// The clearing of a name.
    async fn clear(
        &mut self,
        tx: &mut Tx,
        people: &People,
        line: &FindingLine,
    ) -> Result<(), Failure> {
        let new = NewCase {
            kind: Kind::Clearing,
            of: Of::Finding(line.number.clone()),
            title: format!("为{}一名群众澄清", line.place_name),
            text: "经两人核查，所反映的问题有合理解释，其待遇发放无误。".to_owned(),
            names: false,
            wished: true,
            until: Day(self.today.0 + 90),
        };
        self.propose(tx, people, &new, true).await
    }

    async fn propose(
        &mut self,
        tx: &mut Tx,
        people: &People,
        new: &NewCase,
        approved: bool,
    ) -> Result<(), Failure> {
        let bench = self.law.bench();
        people.act(tx, "CF", Day(self.today.0 - 12));
        let (number, entry) = cases::propose(tx, bench, new).await?;
        tx.record(entry).await?;
        if approved {
            people.act(tx, "CL2", Day(self.today.0 - 9));
            let entry = cases::approve(tx, bench, &number).await?;
            tx.record(entry).await?;
        }
        Ok(())
    }

    /// Decisions about those who were asked, and the end of what is decided about.
    async fn decide(&mut self, registry: &Registry) -> Result<(), Failure> {
        let (db, by) = (&registry.db, By::system());
        let reader = Reader::new(db, &by, &[], self.today).await?;
        let county = super::super::county::DIVISION;
        let reported = ledger::list(db, &reader, county, "reported").await?;
        let bench = self.law.bench();
        for (at, line) in reported.iter().enumerate() {
            let Some(page) = ledger::one(db, &reader, &line.number).await? else { continue };
            let mut tx = registry.begin(By::system(), noon(self.today), "demo county").await?;
            let people = People { posts: standing::posts(&mut tx, &line.path, self.today).await? };
            let mut decided = 0;
            for dual in page.duals.iter().filter(|_| !at.is_multiple_of(3)) {
                let role = dual.role.clone();
                act_as(&mut tx, officer(&dual.person, &role), Day(self.today.0 - 5));
                let entry = registry::actions::supervision::dual::answer(
                    &mut tx,
                    &dual.id,
                    "按月看过合计，没有逐户核对。",
                );
                let entry = entry.await?;
                tx.record(entry).await?;
                people.act(&mut tx, "CL2", Day(self.today.0 - 3));
                let verdict =
                    if dual.duty == "main" { Verdict::Negligent } else { Verdict::Fulfilled };
                let said =
                    (verdict, if dual.duty == "main" { "谈话提醒" } else { "" }, "按职责认定");
                let entry = dual::decide(&mut tx, bench, &dual.id, said).await?;
                tx.record(entry).await?;
                decided += 1;
            }
            if decided > 0 && decided == page.duals.len() {
                let last =
                    page.events.iter().any(|event| event.outcome.as_deref() == Some("transfer"));
                let steps = [
                    if last { ("CA", "transfer_out") } else { ("CJ", "first_form_measure") },
                    ("CA", "close"),
                ];
                for (role, code) in steps {
                    people.act(&mut tx, role, Day(self.today.0 - 1));
                    let step =
                        Step {
                            code: code.to_owned(), words: "核销".to_owned(), ..Step::default()
                        };
                    let (_, entry) = clues::step(&mut tx, bench, &line.number, &step).await?;
                    tx.record(entry).await?;
                }
            }
            if decided > 0 {
                act_as(&mut tx, By::system(), self.today);
                tx.commit(super::done(&line.number)).await?;
            }
        }
        Ok(())
    }
}

/// Steps of a clue of a kind: stuck on its way, or to the approval of its result.
fn plan(kind: usize, way: Way) -> Vec<(&'static str, &'static str)> {
    let opened = [
        ("CA", "register"),
        ("CA", "screen"),
        ("CJ", "propose_disposition"),
        ("CL2", "approve_disposition"),
    ];
    let branch: &[(&str, &str)] = match way {
        Way::Verification => &[
            ("CL1", "verification_approve"),
            ("CJ", "verification"),
            ("CJ", "verification_report"),
        ],
        Way::Inquiry => &[("CJ", "inquiry"), ("CJ", "inquiry_reply"), ("CJ", "inquiry_report")],
        Way::Hold => &[("CL2", "hold")],
        Way::Dismiss => &[("CJ", "dismiss")],
    };
    let end = [("CJ", "report_result"), ("CL2", "approve_result")];
    match kind {
        0 => Vec::new(),
        1 => opened.into_iter().take(1).collect(),
        2 | 10 => opened.into_iter().chain(branch.iter().copied()).collect(),
        3 => opened.into_iter().take(3).collect(),
        4 | 5 => opened.into_iter().chain(branch.iter().copied().take(2)).collect(),
        6 => {
            let last = [("CJ", "close_unfounded")];
            let branch = branch.iter().copied();
            opened.into_iter().chain(branch).chain(hold_end(way)).chain(end).chain(last).collect()
        }
        _ => opened.into_iter().chain(branch.iter().copied()).chain(end).collect(),
    }
}

/// A held clue is looked at again before its result is reported.
fn hold_end(way: Way) -> Vec<(&'static str, &'static str)> {
    if way == Way::Hold { vec![("CJ", "hold_review")] } else { Vec::new() }
}

fn report(outcome: Outcome, line: &FindingLine, questions: usize, day: Day) -> Report {
    let reason = match outcome {
        Outcome::Explained => "本人到场说明，凭据相符",
        Outcome::DataError => "登记录入有误，已通知更正",
        Outcome::Rectified => "工作疏漏，已停发并更正名单",
        Outcome::Clue => "凭据不符，取款人不是本人",
    };
    let confirmed = outcome.confirms();
    Report {
        outcome,
        reason: reason.to_owned(),
        cause: confirmed
            .then(|| if outcome == Outcome::Clue { "fraud" } else { "negligence" }.to_owned()),
        answers: vec!["已核对，见附件".to_owned(); questions],
        recover_fen: if confirmed { line.amount_fen.unwrap_or(0).max(0) } else { 0 },
        holds_until: (outcome == Outcome::Explained).then(|| Day(day.0 + 300)),
    }
}
