//! What villagers ask about notices, in their own words, and what they are answered.

use domain::problem::Failure;
use domain::procedure::Actor;
use domain::time::Day;
use registry::Tx;
use registry::actions::questions::{self, About, NewQuestion};

use super::super::rng::Rng;
use super::notices::Known;
use super::{Desk, Village, act_as, officer};

/// Duty, question, answer.
const TALKS: [(&str, &str, &str); 14] = [
    (
        "F3",
        "路灯才修过，怎么这个月又报一笔维修费？能看看票吗？",
        "这次修的是村东头3盏，上次是村部门口。票据在村部，随时可以来看。",
    ),
    (
        "F3",
        "保洁员工资发到谁手里了？我家门口好久没人扫。",
        "按考勤打到3名保洁员本人卡上。您说的路段已划给固定的人，每周三、周六清扫。",
    ),
    (
        "F3",
        "办公用品花这么多，都买了啥？",
        "买了打印纸、硒鼓和档案盒，清单已贴在公开栏，附原始票据。",
    ),
    ("F2", "鱼塘的承包费今年收了没有？怎么没看到？", "合同约定下个季度交，到账当月公开。"),
    ("F2", "光伏发电的钱为啥比上个月少了？", "上个月阴雨天多，供电所的结算单已附在公开栏。"),
    (
        "F6",
        "门面房的欠租啥时候能收回来？",
        "已发催缴通知，承租户答应月底前交清，交不清的按合同解除。",
    ),
    (
        "V20",
        "名单里有一户儿子在城里买了房，还能吃低保吗？",
        "已请乡镇民政办复核，结果出来后在这里公开。",
    ),
    (
        "V20",
        "我家情况跟他家差不多，怎么申请？",
        "带身份证、户口本到村部或者乡镇民政办填申请，村里可以代办，不收费。",
    ),
    ("V22", "春节慰问是按什么排的户？", "按困难程度，由村民代表会议评议，记录在村部可查。"),
    (
        "V23",
        "我家的地亩数少了半亩，找谁改？",
        "请带承包合同来村部，会计当面核对，核实后报乡镇更正。",
    ),
    (
        "V25",
        "护林员能不能换人？听说有人没上山。",
        "已查巡护记录，缺勤的两天不发补贴。下次选聘时会先公开报名。",
    ),
    (
        "V29",
        "误工补贴80元一天是谁定的？",
        "村民代表会议定的标准，记录编号在公开栏，每季度公布天数。",
    ),
    ("V12", "会上说修渠，到现在没动静，到底修不修？", "等枯水期开工，计划下个月，工期20天。"),
    (
        "V15",
        "入户路还差我们这几家，什么时候轮到？",
        "第二批已报乡镇，资金到位后接着做，名单会先公开。",
    ),
];
const KINDS: [&str; 5] = ["villager", "villager", "anonymous", "representative", "committee"];
/// Least and most questions of a village about its notices.
const QUESTIONS: (i32, i32) = (2, 5);
/// Days within which a question is answered in time.
const ANSWERED_WITHIN: i32 = 4;
/// A question of so many days without an answer is overdue, and so old at most.
const OVERDUE: (i32, i32) = (14, 30);

/// Questions about the notices of a village: most answered, now and then one open or overdue.
pub async fn ask_all(
    tx: &mut Tx,
    desk: &Desk<'_>,
    village: &Village<'_>,
    known: &[Known],
    rng: &mut Rng,
) -> Result<(), Failure> {
    let talks = |notice: &&Known| TALKS.iter().any(|(duty, _, _)| *duty == notice.duty);
    let asked: Vec<&Known> = known.iter().filter(talks).collect();
    for _ in 0..rng.between(QUESTIONS.0, QUESTIONS.1) {
        let Some(notice) = rng.pick(&asked) else { continue };
        let day = Day(notice.day.0 + rng.between(1, 5));
        let answered = Day(day.0 + rng.between(1, ANSWERED_WITHIN));
        if answered <= desk.today {
            ask(tx, desk, village, (notice, day), Some(answered), rng).await?;
        }
    }
    let last = asked.last().filter(|notice| notice.day < desk.today);
    if let Some(notice) = last.filter(|_| village.at % 4 == 1) {
        let day = Day((notice.day.0 + 1).max(desk.today.0 - 2));
        ask(tx, desk, village, (notice, day), None, rng).await?;
    }
    let old = Day(desk.today.0 - rng.between(OVERDUE.0, OVERDUE.1));
    let before = asked.iter().rev().find(|notice| notice.day < old);
    if let Some(notice) = before.filter(|_| village.at % 8 == 3) {
        ask(tx, desk, village, (notice, old), None, rng).await?;
    }
    Ok(())
}

async fn ask(
    tx: &mut Tx,
    desk: &Desk<'_>,
    village: &Village<'_>,
    (notice, day): (&Known, Day),
    answered: Option<Day>,
    rng: &mut Rng,
) -> Result<(), Failure> {
    let fits: Vec<_> = TALKS.iter().filter(|(duty, _, _)| *duty == notice.duty).collect();
    let Some((_, question, answer)) = rng.pick(&fits) else { return Ok(()) };
    let kind = rng.pick(&KINDS).copied().unwrap_or_default();
    let about = About::Notice(notice.number.clone());
    let number = put(tx, desk, (about, kind, question), day).await?;
    let Some(answered) = answered else { return Ok(()) };
    let actor = Actor { person: village.officers.one("VC", rng), role: "VC".to_owned() };
    reply(tx, desk, &number, (&actor, answer), answered).await
}

/// Puts a question. Returns its number.
pub async fn put(
    tx: &mut Tx,
    desk: &Desk<'_>,
    (about, kind, text): (About, &str, &str),
    day: Day,
) -> Result<String, Failure> {
    act_as(tx, registry::By::operator(None, "PUB"), day);
    let (asker_kind, text) = (kind.to_owned(), text.to_owned());
    let new = NewQuestion { about, asker_kind, text, contact: None };
    let (number, recorded) = questions::ask(tx, desk.law.rules(), &new).await?;
    tx.record(recorded.entry).await?;
    Ok(number)
}

/// Answers a question.
pub async fn reply(
    tx: &mut Tx,
    desk: &Desk<'_>,
    number: &str,
    (actor, text): (&Actor, &str),
    day: Day,
) -> Result<(), Failure> {
    act_as(tx, officer(&actor.person, &actor.role), day);
    let recorded = questions::answer(tx, desk.law.rules(), number, actor, text).await?;
    tx.record(recorded.entry).await?;
    Ok(())
}
