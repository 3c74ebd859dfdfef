//! What follows a year of supervision in other hands: clues with audit and the police, recommendations at
//! every stage, responsibility lists of some villages and their township, rules of the office. Some are
//! past their day.

use domain::problem::Failure;
use domain::procedure::Post;
use domain::supervision::duty::Act as Duty;
use domain::supervision::handover::Act as Handover;
use domain::supervision::letter::Act as Letter;
use domain::supervision::regulation::{Degree, Outcome, Review};
use domain::time::Day;
use registry::actions::supervision::clues::NewClue;
use registry::actions::supervision::handovers::{self, Incoming, NewHandover};
use registry::actions::supervision::letters::{self, NewLetter};
use registry::actions::supervision::post_duties::{self, Evidence};
use registry::actions::supervision::regulations::{self, NewRegulation};
use registry::actions::supervision::{Bench, waivers};
use registry::queries::standing;
use registry::queries::supervision::clues::{self as ledger, ClueLine};
use registry::queries::supervision::rectifications::{self, RectificationLine};
use registry::queries::supervision::{Reader, post_duties as owed};
use registry::{By, Law, Registry, Tx};

use super::{act_as, noon, officer};

/// Recommendations, and villages with lists of duties.
const LETTERS: usize = 7;
const VILLAGES: usize = 4;
const PARTNERS: [(&str, &str); 4] = [
    ("audit", "明水县审计局"),
    ("police", "明水县公安局经侦大队"),
    ("petition_office", "明水县信访局"),
    ("court", "明水县人民法院"),
];

/// A county in the making.
struct Following<'a> {
    registry: &'a Registry,
    bench: Bench<'a>,
    today: Day,
}

/// Whoever acts in a place.
struct People(Vec<Post>);

impl People {
    fn act(&self, tx: &mut Tx, role: &str, day: Day) {
        let post = self.0.iter().find(|post| post.role == role);
        let person = post.map(|post| post.person.clone()).unwrap_or_default();
        act_as(tx, officer(&person, role), day);
    }

    fn has(&self, role: &str) -> bool {
        self.0.iter().any(|post| post.role == role)
    }
}

/// Fills what follows.
///
/// # Errors
/// A failure when the register refuses what the demo does: a fault of ours.
pub async fn fill(registry: &Registry, law: &Law, today: Day) -> Result<(), Failure> {
    let following = Following { registry, bench: law.bench(), today };
    let (by, county) = (By::system(), super::super::county::DIVISION);
    let reader = Reader::new(&registry.db, &by, &[], today).await?;
    let clues = ledger::list(&registry.db, &reader, county, "").await?;
    let open = clues
        .iter()
        .filter(|clue| !["closed", "merged", "received"].contains(&clue.state.as_str()));
    for (at, clue) in open.enumerate().take(PARTNERS.len()) {
        following.hand_over(at, clue).await?;
    }
    if let Some(clue) = clues.first() {
        following.take_over(clue).await?;
    }
    let reported = ledger::list(&registry.db, &reader, county, "registered").await?;
    if let Some(clue) = reported.first() {
        following.waive(clue).await?;
    }
    let fixes = rectifications::list(&registry.db, &by, county, "").await?;
    for (at, fix) in fixes.iter().enumerate().take(LETTERS) {
        following.recommend(at, fix).await?;
    }
    let mut places: Vec<&str> = fixes.iter().map(|fix| fix.path.as_str()).collect();
    places.sort_unstable();
    places.dedup();
    for (at, path) in places.iter().enumerate().take(VILLAGES) {
        following.owe(at, path, fixes.iter().find(|fix| fix.path == *path)).await?;
    }
    if let Some(town) = places.first().and_then(|path| path.rsplit_once('/')) {
        following.owe(1, town.0, None).await?;
    }
    following.rule(fixes.first()).await
}

impl Following<'_> {
    fn before(&self, days: i32) -> Day {
        Day(self.today.0 - days)
    }

    async fn begin(&self, path: &str, day: Day) -> Result<(Tx, People), Failure> {
        let mut tx = self.registry.begin(By::system(), noon(day), "demo county").await?;
        tx.names_confirmed = true;
        let posts = standing::posts(&mut tx, path, day).await?;
        Ok((tx, People(posts)))
    }

    async fn end(&self, mut tx: Tx, number: &str) -> Result<(), Failure> {
        act_as(&mut tx, By::system(), self.today);
        tx.commit(super::done(number)).await?;
        Ok(())
    }

    /// Waits for approval, for a receipt that is late, for an answer, or is answered.
    async fn hand_over(&self, at: usize, clue: &ClueLine) -> Result<(), Failure> {
        let (mut tx, people) = self.begin(&clue.path, self.before(60)).await?;
        let (partner, organ) = PARTNERS.get(at).copied().unwrap_or(PARTNERS[0]);
        let new = NewHandover {
            clue: clue.number.clone(),
            partner: partner.to_owned(),
            organ: organ.to_owned(),
            papers: vec!["note".to_owned(), "finding_sheet".to_owned()],
            words: "该线索涉及贵单位职责，请依法办理并反馈结果。".to_owned(),
        };
        let handler = clue.office.split_once('@').map_or("CJ", |(role, _)| role);
        people.act(&mut tx, handler, self.before(60));
        let (number, entry) = handovers::propose(&mut tx, self.bench, &new).await?;
        tx.record(entry).await?;
        let receipt = Handover::Receipt { number: "收〔2026〕12", day: self.before(50) };
        let steps = [
            ("CL2", Handover::Approve { agreed: true }, "", 58),
            ("CA", receipt, "", 49),
            ("CA", Handover::Answer, "已受理，经核实另案处理，结果见复函。", 12),
        ];
        for (role, act, words, before) in
            steps.iter().take([1, 3, 2, 0].get(at).copied().unwrap_or(0))
        {
            people.act(&mut tx, role, self.before(*before));
            let (_, entry) = handovers::act(&mut tx, self.bench, &number, (act, words)).await?;
            tx.record(entry).await?;
        }
        self.end(tx, &number).await
    }

    /// A clue that the police handed to us.
    async fn take_over(&self, like: &ClueLine) -> Result<(), Failure> {
        let (mut tx, people) = self.begin(&like.path, self.before(20)).await?;
        people.act(&mut tx, "CA", self.before(20));
        let new = Incoming {
            partner: "police".to_owned(),
            organ: "柳溪派出所".to_owned(),
            their_number: "明公移〔2026〕31号".to_owned(),
            papers: vec!["note".to_owned()],
            clue: NewClue {
                place: like.place.clone(),
                office: "CJ".to_owned(),
                title: format!("{}：办案中发现村干部代领补贴", like.place_name),
                words: "公安机关移送，附移送函。".to_owned(),
                ..NewClue::default()
            },
        };
        let ([number, _], entry) = handovers::receive(&mut tx, self.bench, &new).await?;
        tx.record(entry).await?;
        self.end(tx, &number).await
    }

    /// No dual check applies to it; that waits for its approval.
    async fn waive(&self, clue: &ClueLine) -> Result<(), Failure> {
        let (mut tx, people) = self.begin(&clue.path, self.before(3)).await?;
        people.act(&mut tx, "CJ", self.before(3));
        let why = "当事人不经办补贴，当时该职务空缺。";
        let entry = waivers::propose(&mut tx, self.bench, &clue.number, why).await?;
        tx.record(entry).await?;
        self.end(tx, &clue.number).await
    }

    /// A recommendation as far as it has come; the first ones are past their day.
    async fn recommend(&self, at: usize, fix: &RectificationLine) -> Result<(), Failure> {
        let start = if at < 2 { 75 } else { 45 };
        let (mut tx, people) = self.begin(&fix.path, self.before(start)).await?;
        let new = NewLetter {
            place: fix.place.clone(),
            addressee: "VPS".to_owned(),
            rectification: Some(fix.number.clone()),
            problem: fix.problem.clone(),
            demand: "建立按月核对和交接制度，明确责任人，并书面答复落实情况。".to_owned(),
            ..NewLetter::default()
        };
        people.act(&mut tx, "TDI", self.before(start));
        let (number, entry) = letters::propose(&mut tx, self.bench, &new).await?;
        tx.record(entry).await?;
        let steps = [
            ("CL2", Letter::Approve { agreed: true }, "", 2),
            ("VPS", Letter::Reply, "已召开会议，安排专人每月核对。", 20),
            ("TDI", Letter::Judge { accepted: at != 3 }, "已查看会议记录和核对表。", 24),
            ("TDI", Letter::Follow { works: true }, "到村查看，问了三户，按月核对。", 40),
        ];
        let stages = [1, 1, 4, 3, 2, 3, 0];
        for (role, act, words, later) in steps.iter().take(stages.get(at).copied().unwrap_or(0)) {
            people.act(&mut tx, role, Day(self.before(start).0 + later));
            let (_, entry) = letters::act(&mut tx, self.bench, &number, (*act, words)).await?;
            tx.record(entry).await?;
        }
        self.end(tx, &number).await
    }

    /// The lists of a place: some shown, some judged; those of the first are late.
    async fn owe(
        &self,
        at: usize,
        path: &str,
        fix: Option<&RectificationLine>,
    ) -> Result<(), Failure> {
        let opened = self.before(if at == 0 { 120 } else { 60 });
        let place = path.rsplit('/').next().unwrap_or_default();
        let (mut tx, people) = self.begin(path, opened).await?;
        let (year, _, _) = self.today.ymd();
        people.act(&mut tx, "CF", opened);
        let (_, entry) = post_duties::open(&mut tx, self.bench, (place, year)).await?;
        tx.record(entry).await?;
        self.end(tx, place).await?;
        let Some(fix) = fix else { return Ok(()) };
        let by = By::system();
        let lines = owed::list(&self.registry.db, &by, path, ("", self.today)).await?;
        let (mut tx, people) = self.begin(path, self.before(30)).await?;
        for (nth, line) in lines.iter().enumerate().filter(|(nth, _)| !(nth + at).is_multiple_of(3))
        {
            people.act(&mut tx, &line.role, self.before(30));
            let evidence = Evidence::Entry(fix.number.clone());
            let entry = post_duties::attach(&mut tx, self.bench, &line.number, &evidence).await?;
            tx.record(entry).await?;
            let words = "已召开专题会议，记录存档。";
            let shown = (Duty::Show, words);
            let (_, entry) = post_duties::act(&mut tx, self.bench, &line.number, shown).await?;
            tx.record(entry).await?;
            if nth.is_multiple_of(2) && people.has("TDI") {
                people.act(&mut tx, "TDI", self.before(25));
                let judged = (Duty::Judge { content: nth.is_multiple_of(4) }, "已查看记录。");
                let (_, entry) =
                    post_duties::act(&mut tx, self.bench, &line.number, judged).await?;
                tx.record(entry).await?;
            }
        }
        self.end(tx, place).await
    }

    /// Two rules: one in force for long and due to be evaluated, one found not to work.
    async fn rule(&self, fix: Option<&RectificationLine>) -> Result<(), Failure> {
        let county = super::super::county::DIVISION;
        for (title, text, begun) in [
            ("惠民补贴名单按月核对办法", "乡镇和村每月五日前核对领取名单与死亡登记。", 750),
            ("村级印章使用登记办法", "用印须两人登记，每季度公开一次。", 400),
        ] {
            let (mut tx, people) = self.begin(county, self.before(begun)).await?;
            people.act(&mut tx, "CF", self.before(begun));
            let new = NewRegulation {
                place: county.to_owned(),
                owner: "CF".to_owned(),
                title: title.to_owned(),
                text: text.to_owned(),
                basis: "村务公开和补贴发放的有关规定".to_owned(),
            };
            let (number, entry) = regulations::enter(&mut tx, self.bench, &new).await?;
            tx.record(entry).await?;
            people.act(&mut tx, "CL2", self.before(begun - 5));
            let (_, entry) = regulations::decide(&mut tx, self.bench, &number, true).await?;
            tx.record(entry).await?;
            if let Some(fix) = fix.filter(|_| begun < 500) {
                people.act(&mut tx, "CF", self.before(40));
                let link = ("rectification", fix.number.as_str());
                let entry = regulations::link(&mut tx, self.bench, &number, link).await?;
                tx.record(entry).await?;
                let review = Review {
                    used: Degree::Partly,
                    works: Degree::No,
                    outcome: Outcome::Amend,
                    words: "名单仍然没有人核对，须写明责任人。",
                    shown_by: 0,
                };
                let entry = regulations::review(&mut tx, self.bench, &number, &review).await?;
                tx.record(entry).await?;
            }
            self.end(tx, &number).await?;
        }
        Ok(())
    }
}
