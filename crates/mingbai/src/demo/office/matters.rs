//! Matters of a village at every stage.

use domain::problem::Failure;
use domain::procedure::Event;
use domain::recusal::{Relation, Tie};
use domain::time::Day;
use registry::Tx;
use registry::actions::matters::{self, NewMatter};
use registry::actions::people::{self, NewPerson};
use registry::actions::questions::About;

use super::super::names::Name;
use super::super::rng::Rng;
use super::walk::{self, Course, Deed, Reach};
use super::{Desk, Village, act_as, begins, officer, questions};

/// Each so many villages have matters.
const EVERY: usize = 4;
/// Most matters of a village.
const MOST: usize = 4;
/// What is done was done within so many days: the two years of the demo, less what a matter takes.
const DONE_WITHIN: i32 = 600;

/// A kind of matter.
#[derive(Debug, Clone, Copy)]
pub struct Kind {
    /// Code of the power item.
    pub power: &'static str,
    /// Titles.
    titles: &'static [&'static str],
    /// Least and most in yuan.
    yuan: Option<(i32, i32)>,
    /// A household has applied.
    of_household: bool,
    question: &'static str,
    answer: &'static str,
}

/// Kinds of matters, in turn.
pub const KINDS: [Kind; 11] = [
    Kind {
        power: "B08",
        titles: &["三组到村部道路修复", "村东桥头路面硬化", "五组水渠改造"],
        yuan: Some((62_000, 148_000)),
        of_household: false,
        question: "这段路三年前修过一次，这次厚度是多少？谁来验收？",
        answer: "厚18厘米。由村民代表、监委会和乡镇一起丈量验收，欢迎到场看。",
    },
    Kind {
        power: "E26",
        titles: &["一户农村危房改造（D级，重建）", "一户农村危房改造（C级，修缮）"],
        yuan: Some((14_000, 35_000)),
        of_household: true,
        question: "他家不是还有一处老屋吗，也能享受？",
        answer: "老屋经鉴定为D级，没有其他安全住房，鉴定报告在村部可看。",
    },
    Kind {
        power: "D19",
        titles: &["村部门面房出租（三年）", "老村小闲置校舍出租"],
        yuan: Some((24_000, 96_000)),
        of_household: false,
        question: "底价是怎么定的？本村人能不能优先？",
        answer: "底价按评估报告定，公开竞价，同等条件下本村人优先。",
    },
    Kind {
        power: "F27",
        titles: &["一户最低生活保障申请"],
        yuan: Some((4_000, 12_000)),
        of_household: true,
        question: "公示的人数跟户口本对不上，请核一下。",
        answer: "共同生活的家庭成员按实际居住计算，入户调查表已核对。",
    },
    Kind {
        power: "G36",
        titles: &["开具集体土地权属说明用印", "村委会签订保洁合同用印"],
        yuan: None,
        of_household: false,
        question: "盖章登记本能不能给大家看看？",
        answer: "可以，登记本和留存影像在村部，监委会每季抽查。",
    },
    Kind {
        power: "H38",
        titles: &["人居环境整治：清理垃圾点、修排水沟", "户厕改造（第二批）"],
        yuan: Some((18_000, 90_000)),
        of_household: false,
        question: "排水沟会不会修到我家门口？",
        answer: "会，图纸贴在公开栏，二组沿路都在范围内。",
    },
    Kind {
        power: "B07",
        titles: &["村内路灯安装20盏", "三组入户路修补"],
        yuan: Some((11_000, 29_000)),
        of_household: false,
        question: "三家报价分别是多少？为什么没选最低的？",
        answer: "选的就是最低的一家，三份报价单都在公开栏。",
    },
    Kind {
        power: "D21",
        titles: &["机动地26亩发包（五年）", "四荒地40亩发包"],
        yuan: Some((30_000, 150_000)),
        of_household: false,
        question: "面积是谁量的？以前的合同写的亩数不一样。",
        answer: "乡镇农业办用测绘仪量的，图和四至随公告公开，旧合同到期作废。",
    },
    Kind {
        power: "E25",
        titles: &["一户宅基地申请"],
        yuan: None,
        of_household: true,
        question: "选的位置离我家水井太近，能不能挪一挪？",
        answer: "已请乡镇到现场看过，后移三米，新的图已换上。",
    },
    Kind {
        power: "C16",
        titles: &["渠道清淤临时用工", "防汛巡查临时用工"],
        yuan: Some((2_400, 9_000)),
        of_household: false,
        question: "用工的名单怎么没有我们组的人？",
        answer: "这次报名时没有人报，下次提前在组里通知。",
    },
    Kind {
        power: "A01",
        titles: &["建设村级养老服务点", "村级光伏收益使用方案"],
        yuan: Some((80_000, 190_000)),
        of_household: false,
        question: "养老点建好以后谁来管，收不收费？",
        answer: "由村集体管，助餐按成本收费，标准由村民代表会议定。",
    },
];

/// A stage at which matters stand today: how far, days since the last thing happened, and a question
/// with the days until its answer.
pub type Stage = (Reach, i32, Option<Option<i32>>);

/// Stages, in turn. Their number has no factor in common with that of the kinds.
pub const STAGES: [Stage; 14] = [
    (Reach::Archived, 40, None),
    (Reach::Proposed, 1, None),
    (Reach::Disclosed, 2, Some(None)),
    (Reach::Archived, 18, Some(Some(3))),
    (Reach::Decided, 1, None),
    (Reach::Proposed, 26, None),
    (Reach::UnderWay, 3, None),
    (Reach::Disclosed, 1, Some(Some(2))),
    (Reach::Archived, 75, None),
    (Reach::Stopped, 30, None),
    (Reach::Disclosed, 21, Some(None)),
    (Reach::Reviewed, 2, None),
    (Reach::Archived, 9, None),
    (Reach::Decided, 13, None),
];

/// The one matter of a village between those. They ended one after the other all through the two years,
/// the first of them first.
fn past(at: usize) -> Stage {
    let later = i32::try_from(at / 2 * 61).unwrap_or_default() % DONE_WITHIN;
    (Reach::Archived, DONE_WITHIN - later, Some(Some(4)))
}

/// What is done, or was given up, may have ended long ago.
fn ended((reach, ago, question): Stage, rng: &mut Rng) -> Stage {
    let over = matches!(reach, Reach::Archived | Reach::Stopped);
    (reach, if over { ago + rng.between(0, DONE_WITHIN) } else { ago }, question)
}

/// Opens the matters of a village, after those that the county has. Returns how many.
pub async fn open_all(
    tx: &mut Tx,
    desk: &Desk<'_>,
    village: &Village<'_>,
    before: usize,
    rng: &mut Rng,
) -> Result<usize, Failure> {
    if !village.at.is_multiple_of(2) {
        let kind = KINDS.get(village.at % KINDS.len()).unwrap_or(&KINDS[0]);
        return Ok(usize::from(open(tx, desk, village, (kind, &past(village.at)), rng).await?));
    }
    if !village.at.is_multiple_of(EVERY) {
        return Ok(0);
    }
    let count = if village.at == 0 { MOST } else { 1 + rng.below(MOST) };
    let mut opened = 0;
    for turn in before..before + count {
        let (kind, stage) = (KINDS.get(turn % KINDS.len()), STAGES.get(turn % STAGES.len()));
        if let (Some(kind), Some(stage)) = (kind, stage) {
            let stage = ended(*stage, rng);
            opened += usize::from(open(tx, desk, village, (kind, &stage), rng).await?);
        }
    }
    Ok(opened)
}

/// Opens a matter of a kind that stands at a stage today.
pub async fn open(
    tx: &mut Tx,
    desk: &Desk<'_>,
    village: &Village<'_>,
    (kind, stage): (&Kind, &Stage),
    rng: &mut Rng,
) -> Result<bool, Failure> {
    let (reach, ago, question) = *stage;
    let first = begins(desk.today);
    let steps = desk.law.catalogue.steps_of(kind.power, first)?;
    let amount = kind.yuan.map(|(least, most)| i64::from(rng.between(least, most) / 100) * 10_000);
    let asks = question.map(|answer| (2, answer));
    let course = Course { steps, amount_fen: amount, reach, asks };
    // Thought through twice: first to see how long it takes, then so that it ends in time.
    let ends = |deeds: &[Deed]| deeds.last().map_or(first, Deed::day);
    let draft = walk::plan(desk.law, &village.officers, &course, first, &mut rng.clone());
    let start = Day(desk.today.0 - ago - (ends(&draft).0 - first.0)).max(first);
    let course = Course { steps: desk.law.catalogue.steps_of(kind.power, start)?, ..course };
    let deeds = walk::plan(desk.law, &village.officers, &course, start, rng);
    act_as(tx, officer(&village.officers.one("VC", rng), "VC"), start);
    let subject = match kind.of_household {
        true => Some(applicant(tx, village, rng).await?),
        false => None,
    };
    let new = NewMatter {
        power: kind.power.to_owned(),
        place: village.place.code.clone(),
        title: rng.pick(kind.titles).copied().unwrap_or_default().to_owned(),
        subject,
        amount_fen: amount,
    };
    let (number, entry) = matters::open(tx, desk.law.rules(), &new).await?;
    tx.record(entry).await?;
    let mut asked = None;
    for deed in deeds.iter().take_while(|deed| deed.day() <= desk.today) {
        happen(tx, desk, (kind, &number), deed, &mut asked).await?;
    }
    Ok(true)
}

async fn applicant(tx: &mut Tx, village: &Village<'_>, rng: &mut Rng) -> Result<String, Failure> {
    let male = rng.per_mille(700);
    let name = Name::draw(rng, male, None).text();
    let household = Some((village.place.code.clone(), format!("{:04}", rng.between(1, 500))));
    let (person, entry) =
        people::add(tx, &NewPerson { name, household, ..NewPerson::default() }).await?;
    tx.record(entry).await?;
    // One of the supervisors is kin, and stays out.
    if let Some(second) = village.officers.of("VSC").last().cloned() {
        let relation = Relation { first: person.clone(), second, tie: Tie::Sibling };
        let entry = people::relate(tx, &relation).await?;
        tx.record(entry).await?;
    }
    Ok(person)
}

/// Lets something happen in a matter.
pub async fn happen(
    tx: &mut Tx,
    desk: &Desk<'_>,
    (kind, matter): (&Kind, &str),
    deed: &Deed,
    asked: &mut Option<String>,
) -> Result<(), Failure> {
    match deed {
        Deed::Event(event, note) => {
            let by = match event {
                Event::Step { actor, .. }
                | Event::Check { actor, .. }
                | Event::Sign { actor, .. }
                | Event::Withdraw { actor, .. } => officer(&actor.person, &actor.role),
                // Papers and minutes come in through whoever acted last.
                _ => tx.by.clone(),
            };
            act_as(tx, by, event.day());
            let recorded = matters::record(tx, desk.law.rules(), matter, event, note).await?;
            tx.record(recorded.entry).await?;
        }
        Deed::Ask(day) => {
            let about = About::Matter(matter.to_owned());
            *asked =
                Some(questions::put(tx, desk, (about, "villager", kind.question), *day).await?);
        }
        Deed::Answer(day, actor) => {
            if let Some(number) = asked.take() {
                questions::reply(tx, desk, &number, (actor, kind.answer), *day).await?;
            }
        }
    }
    Ok(())
}
